//! Calls: a phone rings, a person answers, presses, speaks, waits, hangs up.

use crate::browser::Browser;
use crate::clinic::{Clinic, GRACE, RUTH, row};

#[tokio::test]
async fn a_person_answers_presses_a_key_and_hears_the_rest() {
    let clinic = Clinic::start().await;
    clinic.phone(RUTH, "Ruth Alvarez").await;
    let Some(page) = Browser::open(&clinic.sandbox).await else {
        return;
    };
    page.click_css(&row(RUTH)).await;
    clinic.call(RUTH, "30").await;
    page.click("tab-call").await;
    page.shows("ringing", "is ringing").await;
    page.screenshot("ringing").await;
    page.click("answer").await;
    page.shows("transcript", "Press 1 to confirm.").await;
    let running =
        "return document.querySelector('[aria-current=step]')?.textContent.includes('<Gather');";
    page.until("the running verb", running, vec![]).await;
    page.screenshot("in-call").await;

    page.click("key-1").await;
    page.shows("transcript", "You pressed").await;
    page.shows("transcript", "Confirmed.").await;
    let seen = clinic.app.seen("/voice/menu");
    assert_eq!(seen[0].field("Digits"), "1");
    page.screenshot("after-a-key").await;
    page.close().await;
}

#[tokio::test]
async fn a_person_speaks_and_hangs_up() {
    let clinic = Clinic::start().await;
    clinic.app.twiml(
        "/talk",
        "<Gather input=\"speech\" action=\"/heard\"><Say>How are you?</Say></Gather>",
    );
    clinic.app.twiml(
        "/heard",
        "<Gather input=\"speech\" action=\"/heard\"><Say>Thank you.</Say></Gather>",
    );
    clinic.phone(RUTH, "Ruth Alvarez").await;
    let Some(page) = Browser::open(&clinic.sandbox).await else {
        return;
    };
    page.click_css(&row(RUTH)).await;
    let url = clinic.app.url("/talk");
    let fields = [
        ("To", RUTH),
        ("From", crate::app::CLINIC),
        ("Url", url.as_str()),
    ];
    clinic.api.create("Calls.json", &fields).await;
    page.click("tab-call").await;
    page.click("answer").await;
    page.shows("transcript", "How are you?").await;
    page.type_into("speak", "Very well").await;
    page.enter().await;
    page.shows("transcript", "Thank you.").await;
    assert_eq!(
        clinic.app.seen("/heard")[0].field("SpeechResult"),
        "Very well"
    );
    page.click("hang-up").await;
    page.shows("call-state", "Ended").await;
    page.shows("call-again", "Call in again").await;
    page.close().await;
}

#[tokio::test]
async fn a_call_to_another_phone_shows_in_a_bar_and_can_be_declined() {
    let clinic = Clinic::start().await;
    clinic.phone(RUTH, "Ruth Alvarez").await;
    clinic.phone(GRACE, "Grace Okafor").await;
    let Some(page) = Browser::open(&clinic.sandbox).await else {
        return;
    };
    page.click_css(&row(RUTH)).await;
    let call = clinic.call(GRACE, "60").await;
    page.shows("phone", "Rings").await;
    page.screenshot("rings-elsewhere").await;
    page.click("bar-decline").await;
    page.hides("bar-decline").await;
    clinic.sandbox.wait_idle().await.unwrap();
    let sid = call["sid"].as_str().unwrap();
    let (_, fetched) = clinic.api.get(&format!("Calls/{sid}.json")).await;
    assert_eq!(fetched["status"], "busy");
    page.close().await;
}

#[tokio::test]
async fn a_person_calls_in() {
    let clinic = Clinic::start().await;
    clinic.phone(RUTH, "Ruth Alvarez").await;
    let Some(page) = Browser::open_at(&clinic.sandbox, &format!("/#/phones/{RUTH}/call")).await
    else {
        return;
    };
    page.click("call-in").await;
    page.shows("transcript", "Press 1 to confirm.").await;
    page.click("key-2").await;
    page.shows("transcript", "Confirmed.").await;
    page.shows("call-state", "Ended").await;
    assert_eq!(clinic.app.seen("/voice/menu")[0].field("Digits"), "2");
    page.close().await;
}

#[tokio::test]
async fn a_phone_that_no_one_has_added_rings_in_sight() {
    let clinic = Clinic::start().await;
    let Some(page) = Browser::open(&clinic.sandbox).await else {
        return;
    };
    clinic.call(RUTH, "30").await;
    page.shows("phone", "Rings").await;
    page.click_css(&row(RUTH)).await;
    page.shows("ringing", "is ringing").await;
    page.click("answer").await;
    page.shows("transcript", "Press 1 to confirm.").await;
    page.close().await;
}
