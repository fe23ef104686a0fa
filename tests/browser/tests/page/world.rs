//! The clock, faults, requests sent again, and reset.

use std::time::Duration;

use serde_json::json;

use crate::browser::Browser;
use crate::clinic::{Clinic, RUTH, row};

#[tokio::test]
async fn a_held_clock_keeps_a_text_until_the_person_advances_it() {
    let clinic = Clinic::start().await;
    clinic.sandbox.set_delivery_delay(Duration::from_secs(2));
    clinic.phone(RUTH, "Ruth Alvarez").await;
    let Some(page) = Browser::open(&clinic.sandbox).await else {
        return;
    };
    page.click_css(&row(RUTH)).await;
    page.click("clock-held").await;
    page.shows("advance-1", "+1 s").await;
    clinic
        .text(RUTH, "Directions: use the east entrance.")
        .await;
    page.shows("message", "held by the clock").await;
    page.screenshot("held").await;
    for _ in 0..5 {
        page.click("advance-60").await;
    }
    page.shows("message", "delivered").await;
    page.click("clock-instant").await;
    page.hides("advance-1").await;
    page.close().await;
}

#[tokio::test]
async fn a_fault_answers_429_and_marks_the_request() {
    let clinic = Clinic::start().await;
    clinic.phone(RUTH, "Ruth Alvarez").await;
    let Some(page) = Browser::open(&clinic.sandbox).await else {
        return;
    };
    page.click("fault-add").await;
    page.shows("dialog-fault", "Add a fault").await;
    page.choose("fault-where", "messages").await;
    page.screenshot("dialog-fault").await;
    page.click("fault-save").await;
    page.hides("dialog-fault").await;
    page.shows("fault", "429").await;

    let fields = [
        ("To", RUTH),
        ("From", crate::app::CLINIC),
        ("Body", "Hello"),
    ];
    let (status, _) = clinic.api.post("Messages.json", &fields).await;
    assert_eq!(status, 429);
    let marked = "return [...document.querySelectorAll('[data-testid=event]')].some((x) => x.textContent.includes('429') && x.querySelector('[aria-label=\"Touched by a fault\"]'));";
    page.until("the request that the fault touched", marked, vec![])
        .await;
    page.screenshot("fault").await;

    page.click("fault-remove").await;
    page.hides("fault").await;
    clinic.text(RUTH, "Hello").await;
    page.shows("message", "Hello").await;
    page.close().await;
}

#[tokio::test]
async fn every_third_request_fails() {
    let clinic = Clinic::start().await;
    clinic.phone(RUTH, "Ruth Alvarez").await;
    let Some(page) = Browser::open(&clinic.sandbox).await else {
        return;
    };
    page.click("fault-add").await;
    page.choose("fault-when", "every3").await;
    page.choose("fault-where", "messages").await;
    page.click("fault-save").await;
    page.shows("fault", "429 on POST /Messages (every 3rd)")
        .await;
    let fields = [
        ("To", RUTH),
        ("From", crate::app::CLINIC),
        ("Body", "Hello"),
    ];
    let mut statuses = Vec::new();
    for _ in 0..6 {
        statuses.push(clinic.api.post("Messages.json", &fields).await.0);
    }
    assert_eq!(statuses, [201, 201, 429, 201, 201, 429]);
    page.shows("fault", "× 2").await;
    page.close().await;
}

#[tokio::test]
async fn a_webhook_is_sent_again_and_forged() {
    let clinic = Clinic::start().await;
    clinic.phone(RUTH, "Ruth Alvarez").await;
    let Some(page) = Browser::open(&clinic.sandbox).await else {
        return;
    };
    page.click_css(&row(RUTH)).await;
    page.type_into("composer", "C").await;
    page.enter().await;
    page.shows("message", "your app answered").await;
    page.click_css("[data-testid=\"event\"] > button").await;
    page.shows("event-detail", "Parameters").await;
    page.shows("parameters", "MessageSid").await;
    page.screenshot("event").await;
    page.click("send-again").await;
    let twice = "return document.querySelectorAll('[data-testid=event]').length >= arguments[0];";
    page.until("the webhook sent again", twice, vec![json!(2)])
        .await;
    page.click("send-forged").await;
    page.shows("event", "403").await;
    clinic.sandbox.wait_idle().await.unwrap();
    assert_eq!((clinic.app.seen("/sms").len(), clinic.app.forged()), (2, 1));
    page.close().await;
}

#[tokio::test]
async fn a_copied_command_has_a_valid_signature() {
    let clinic = Clinic::start().await;
    clinic.phone(RUTH, "Ruth Alvarez").await;
    let Some(page) = Browser::open(&clinic.sandbox).await else {
        return;
    };
    page.click_css(&row(RUTH)).await;
    page.type_into("composer", "It's Ruth & Grace, at 9?").await;
    page.enter().await;
    page.shows("message", "your app answered").await;
    let copied = "return Promise.all([import('/_sandbox/page/js/curl.js'), import('/_sandbox/page/js/store.js')])
        .then(([{ curl }, { data }]) => curl([...data.groups.values()][0].events[0]));";
    let command = page.script(copied, vec![]).await;
    let command = command.as_str().unwrap();
    assert!(
        command.starts_with("curl -X POST 'http://127.0.0.1:"),
        "{command}"
    );
    assert!(
        command.contains(r"--data-urlencode 'Body=It'\''s Ruth & Grace, at 9?'"),
        "{command}"
    );
    let start = "X-Twilio-Signature: ";
    let signature = command.split_once(start).unwrap().1;
    let signature = signature.split_once('\'').unwrap().0;
    let sent = &clinic.app.seen("/sms")[0];
    let form = serde_urlencoded::to_string(&sent.fields).unwrap();
    let request = clinic.api.http.post(clinic.app.url("/sms"));
    let request = request
        .header("x-twilio-signature", signature)
        .header("i-twilio-idempotency-token", "of-the-test")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form);
    assert_eq!(request.send().await.unwrap().status(), 200);
    assert_eq!((clinic.app.seen("/sms").len(), clinic.app.forged()), (2, 0));
    page.close().await;
}

#[tokio::test]
async fn reset_removes_what_happened_and_keeps_the_numbers() {
    let clinic = Clinic::start().await;
    clinic.text(RUTH, "Before the reset").await;
    let Some(page) = Browser::open(&clinic.sandbox).await else {
        return;
    };
    page.shows("message", "Before the reset").await;
    page.click("reset").await;
    page.shows("dialog-reset", "Reset the sandbox?").await;
    page.screenshot("dialog-reset").await;
    page.click("reset-confirm").await;
    page.shows("toast", "Reset").await;
    page.hides("message").await;
    page.hides("group").await;
    page.shows("number-row", "+1 415 555 0100").await;
    page.shows("first-run", "Send your first text").await;
    // The page goes on with what happens next.
    clinic.text(RUTH, "After the reset").await;
    page.shows("message", "After the reset").await;
    page.close().await;
}

#[tokio::test]
async fn undo_brings_back_what_a_reset_removed() {
    let clinic = Clinic::start().await;
    clinic.text(RUTH, "Before the reset").await;
    let Some(page) = Browser::open(&clinic.sandbox).await else {
        return;
    };
    page.shows("message", "Before the reset").await;
    page.click("reset").await;
    page.click("reset-confirm").await;
    page.hides("message").await;
    page.click_css("[data-testid=\"toast\"] button").await;
    page.shows("message", "Before the reset").await;
    page.close().await;
}

#[tokio::test]
async fn a_sandbox_that_ends_leaves_what_was_known_to_read() {
    let clinic = Clinic::start().await;
    clinic.text(RUTH, "Still to read").await;
    let Some(page) = Browser::open(&clinic.sandbox).await else {
        return;
    };
    page.shows("message", "Still to read").await;
    drop(clinic);
    page.shows("connection", "Disconnected").await;
    page.shows("reconnect", "Try now").await;
    page.shows("message", "Still to read").await;
    let closed = "return document.getElementById('composer-text').disabled && document.getElementById('world').inert;";
    page.until("no way to write", closed, vec![]).await;
    page.screenshot("disconnected").await;
    page.close().await;
}
