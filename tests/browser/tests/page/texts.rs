//! Texts: a volunteer writes, the application replies, and each bubble shows its state.

use clinspark_twilio::sms::{Encoding, MessageSize};
use serde_json::json;

use crate::app::CLINIC;
use crate::browser::Browser;
use crate::clinic::{Clinic, GRACE, RUTH, row};

#[tokio::test]
async fn a_first_run_becomes_a_thread_when_the_application_texts() {
    let clinic = Clinic::start().await;
    let Some(page) = Browser::open(&clinic.sandbox).await else {
        return;
    };
    page.shows("first-run", "Send your first text").await;
    for language in [
        "python", "node", "java", "go", "csharp", "ruby", "php", "curl",
    ] {
        page.click(&format!("lang-{language}")).await;
        page.shows("snippet", clinic.sandbox.auth_token().expose())
            .await;
    }
    page.click("lang-python").await;
    page.click("snippet-answer").await;
    page.shows("snippet", "serve_forever").await;
    page.screenshot("empty-answer").await;
    page.click("snippet-call").await;
    page.shows("snippet", "client.calls.create").await;
    // A language without this code shows how it sends a text.
    page.click("lang-java").await;
    page.shows("snippet", "Message.creator").await;
    page.screenshot("empty").await;

    clinic
        .text(RUTH, "Riverside Clinic: your visit is on Tuesday.")
        .await;
    page.shows("phone", "your visit is on Tuesday").await;
    page.shows("message", "delivered").await;
    page.hides("first-run").await;
    page.close().await;
}

#[tokio::test]
async fn after_the_first_text_the_page_says_what_is_next() {
    let clinic = Clinic::start().await;
    clinic.sms_url("").await;
    clinic.text(RUTH, "Your visit is tomorrow.").await;
    let place = format!("/#/phones/{RUTH}");
    let Some(page) = Browser::open_at(&clinic.sandbox, &place).await else {
        return;
    };
    page.shows("next-step", "let your app answer").await;
    page.screenshot("next-step").await;
    page.click("next-open").await;
    page.shows("snippet", "server.serve_forever()").await;
    page.click("dialog-close").await;
    clinic.sms_url(&clinic.app.url("/sms")).await;
    page.hides("next-step").await;
    page.close().await;
}

#[tokio::test]
async fn a_text_that_no_url_receives_leads_to_the_setting() {
    let clinic = Clinic::start().await;
    clinic.sms_url("").await;
    clinic.phone(RUTH, "Ruth Alvarez").await;
    let Some(page) = Browser::open(&clinic.sandbox).await else {
        return;
    };
    page.click_css(&row(RUTH)).await;
    page.type_into("composer", "Can I come at 9?").await;
    page.enter().await;
    page.shows("message", "no URL receives it").await;
    page.screenshot("thread-no-url").await;
    page.click("set-url").await;
    page.shows("preflight", "No URL answers texts").await;
    // A URL that is set later does not receive it any more.
    clinic.sms_url(&clinic.app.url("/sms")).await;
    page.click_css(&row(RUTH)).await;
    page.shows("message", "not sent to your app").await;
    page.close().await;
}

#[tokio::test]
async fn a_volunteer_writes_and_the_application_replies() {
    let clinic = Clinic::start().await;
    clinic.phone(RUTH, "Ruth Alvarez").await;
    let Some(page) = Browser::open(&clinic.sandbox).await else {
        return;
    };
    page.click_css(&row(RUTH)).await;
    page.type_into("composer", "Can I come at 9?").await;
    page.shows("segments", "GSM-7 · 16 / 160 · 1 segment").await;
    page.enter().await;
    page.shows("message", "your app answered").await;
    page.shows("message", "Thank you, see you at 9.").await;
    page.shows("group", "Text from Ruth Alvarez").await;
    page.screenshot("thread-light").await;

    let seen = clinic.app.seen("/sms");
    assert_eq!(seen.len(), 1);
    assert_eq!(
        (
            seen[0].field("From"),
            seen[0].field("To"),
            seen[0].field("Body")
        ),
        (RUTH, CLINIC, "Can I come at 9?")
    );
    page.close().await;
}

#[tokio::test]
async fn a_reaction_and_a_file_reach_the_application() {
    let clinic = Clinic::start().await;
    clinic.text(RUTH, "Please bring your form.").await;
    let Some(page) = Browser::open(&clinic.sandbox).await else {
        return;
    };
    page.shows("message", "Please bring your form.").await;
    page.click("react").await;
    page.click("reaction-choice").await;
    page.shows("reaction", "Liked").await;
    clinic.sandbox.wait_idle().await.unwrap();
    let seen = clinic.app.seen("/sms");
    assert_eq!(seen[0].field("Body"), "Liked “Please bring your form.”");

    // A picture of one pixel, as a file of the browser.
    let attach = "const bytes = Uint8Array.from(atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='), (c) => c.charCodeAt(0));
        const files = new DataTransfer();
        files.items.add(new File([bytes], 'form.png', { type: 'image/png' }));
        const input = document.getElementById('attach-file');
        input.files = files.files;
        input.dispatchEvent(new Event('change', { bubbles: true }));";
    page.script(attach, vec![]).await;
    page.shows("attachment", "form.png").await;
    page.shows("segments", "MMS").await;
    page.click("send").await;
    page.hides("attachment").await;
    let shown = "return [...document.querySelectorAll('.msg.mine img')].some((x) => x.complete && x.naturalWidth === 1);";
    page.until("the picture", shown, vec![]).await;
    clinic.sandbox.wait_idle().await.unwrap();
    let seen = clinic.app.seen("/sms");
    assert_eq!(
        (
            seen[1].field("NumMedia"),
            seen[1].field("MediaContentType0")
        ),
        ("1", "image/png")
    );
    page.close().await;
}

#[tokio::test]
async fn stop_refuses_later_texts_and_start_lifts_it() {
    let clinic = Clinic::start().await;
    clinic.phone(RUTH, "Ruth Alvarez").await;
    let Some(page) = Browser::open(&clinic.sandbox).await else {
        return;
    };
    page.click_css(&row(RUTH)).await;
    page.click("quick-stop").await;
    page.shows("phone", "STOP").await;
    page.shows("thread", "refused with 21610").await;

    let fields = [("To", RUTH), ("From", CLINIC), ("Body", "Reminder")];
    let refused = clinic.api.refused("Messages.json", &fields).await;
    assert_eq!(refused, (400, 21610));
    page.shows("message", "refused 21610").await;
    page.screenshot("opted-out").await;

    page.click("quick-start").await;
    let gone = "return !document.querySelector('.mid-head').textContent.includes('Opted out');";
    page.until("no opt-out", gone, vec![]).await;
    clinic.text(RUTH, "Welcome back").await;
    page.shows("message", "Welcome back").await;
    page.close().await;
}

#[tokio::test]
async fn a_phone_that_is_out_of_service_shows_the_code() {
    let clinic = Clinic::start().await;
    clinic.phone(RUTH, "Ruth Alvarez").await;
    let Some(page) = Browser::open(&clinic.sandbox).await else {
        return;
    };
    page.click_css(&row(RUTH)).await;
    page.choose("behaviour-text", "{\"undelivered\":30005}")
        .await;
    page.shows("phone", "30005").await;
    clinic.text(RUTH, "Your results are ready.").await;
    page.shows("message", "undelivered 30005: the number is not in service")
        .await;
    page.click("to-event").await;
    page.shows("event", "undelivered").await;
    page.screenshot("undelivered").await;
    page.close().await;
}

#[tokio::test]
async fn an_application_that_fails_becomes_an_alert_with_advice() {
    let clinic = Clinic::start().await;
    clinic
        .app
        .reply("/broken", 500, "text/plain", "Internal Server Error");
    clinic.sms_url(&clinic.app.url("/broken")).await;
    clinic.phone(RUTH, "Ruth Alvarez").await;
    let Some(page) = Browser::open(&clinic.sandbox).await else {
        return;
    };
    page.click_css(&row(RUTH)).await;
    page.type_into("composer", "C").await;
    page.enter().await;
    page.shows("message", "500,").await;
    page.click("tab-alerts").await;
    page.shows("alert", "11200").await;
    page.shows("alert", "To do: ").await;
    page.screenshot("alerts").await;
    page.click("alert-request").await;
    page.shows("response", "Internal Server Error").await;
    page.close().await;
}

#[tokio::test]
async fn unread_texts_are_counted_until_the_phone_is_opened() {
    let clinic = Clinic::start().await;
    clinic.phone(RUTH, "Ruth Alvarez").await;
    clinic.phone(GRACE, "Grace Okafor").await;
    let Some(page) = Browser::open(&clinic.sandbox).await else {
        return;
    };
    page.click_css(&row(RUTH)).await;
    clinic.text(GRACE, "One").await;
    clinic.text(GRACE, "Two").await;
    let count = format!(
        "return document.querySelector('{} .badge')?.textContent === '2';",
        row(GRACE).replace('\'', "")
    );
    page.until("two unread texts", &count, vec![]).await;
    page.click_css(&row(GRACE)).await;
    let read = "return fetch('/_sandbox/phones').then((x) => x.json()).then((x) => x.every((phone) => phone.unread === 0));";
    page.until("no unread text", read, vec![]).await;

    page.type_into("search", "one").await;
    let only = "return [...document.querySelectorAll('[data-testid=phone]')].map((x) => x.dataset.number).join() === arguments[0];";
    page.until("the phone with this text", only, vec![json!(GRACE)])
        .await;
    page.close().await;
}

#[tokio::test]
async fn segments_are_counted_as_the_library_counts_them() {
    let clinic = Clinic::start().await;
    let Some(page) = Browser::open(&clinic.sandbox).await else {
        return;
    };
    let mut texts: Vec<String> = [
        "Hi", "€", "`", "ç", "Ç", "É", "Ω", "Δ", "α", "’", "…", "\r\n", "\u{C}", "\t",
    ]
    .map(str::to_owned)
    .to_vec();
    for length in [159, 160, 161, 306, 307, 459, 460] {
        texts.push("x".repeat(length));
        texts.push(format!("{}€", "x".repeat(length - 1)));
        texts.push(format!("{}\r\n{}", "x".repeat(152), "y".repeat(length)));
    }
    for length in [69, 70, 71, 133, 134, 135, 201] {
        texts.push("я".repeat(length));
        texts.push(format!("{}👩‍👩‍👧‍👦{}", "я".repeat(length - 4), "é".repeat(60)));
        texts.push(format!("{}🇺🇸🇦🇺", "я".repeat(length)));
    }
    let count = "const [texts] = arguments;
        return import('/_sandbox/page/js/segments.js').then(({ segments }) => texts.map((text) => {
            const { encoding, units, count, used, limit } = segments(text);
            return [encoding, units, count, limit - used];
        }));";
    let counted = page.script(count, vec![json!(texts)]).await;
    for (text, counted) in texts.iter().zip(counted.as_array().unwrap()) {
        let size = MessageSize::of(text);
        let encoding: Encoding = size.encoding();
        let expected = json!([
            encoding.as_str(),
            size.units(),
            size.segments(),
            size.units_left()
        ]);
        assert_eq!(counted, &expected, "{text:?}");
    }
    page.close().await;
}
