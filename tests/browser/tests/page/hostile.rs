//! Scripts in data that anyone can send are shown as text and never run.

use serde_json::json;

use crate::app::CLINIC;
use crate::browser::Browser;
use crate::clinic::{Clinic, RUTH, row};

const SCRIPT: &str = "<img src=x onerror=\"hacked=1\"><script>hacked=1</script>";

#[tokio::test]
async fn markup_in_any_field_is_text() {
    let clinic = Clinic::start().await;
    let escaped = SCRIPT
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;");
    clinic
        .app
        .twiml("/evil", &format!("<Message>{escaped}</Message>"));
    let evil = format!("<Gather hints=\"{escaped}\"><Say>{escaped}</Say></Gather>");
    clinic.app.twiml("/evil-voice", &evil);
    clinic.phone(RUTH, SCRIPT).await;
    let urls = json!({
        "sms_url": clinic.app.url("/evil?x=%3Cscript%3E"),
        "voice_url": clinic.app.url("/evil-voice"),
    });
    clinic
        .control("PATCH", &format!("/numbers/{CLINIC}"), Some(urls))
        .await;
    clinic.text(RUTH, SCRIPT).await;
    let Some(page) = Browser::open(&clinic.sandbox).await else {
        return;
    };
    // As a name, a text, a last line, a title, and the parameters of a request.
    page.click_css(&row(RUTH)).await;
    page.shows("phone", SCRIPT).await;
    page.shows("body", SCRIPT).await;
    page.type_into("composer", SCRIPT).await;
    page.enter().await;
    page.shows("message", "your app answered").await;
    page.click_css("[data-testid=\"event\"] > button").await;
    page.shows("parameters", SCRIPT).await;
    page.shows("response", "&lt;img src=x").await;
    page.screenshot("hostile-text").await;
    // As speech and TwiML of a call, and as speech of the person.
    page.click("tab-call").await;
    page.click("call-in").await;
    page.shows("transcript", SCRIPT).await;
    page.shows("twiml", "&lt;img src=x").await;
    page.type_into("speak", SCRIPT).await;
    page.enter().await;
    page.shows("transcript", &format!("“{SCRIPT}”")).await;
    page.screenshot("hostile-call").await;
    // As a search.
    page.type_into("search", "<script>zzz").await;
    page.shows("search-empty", "<script>zzz").await;

    let made = "return [window.hacked ?? null, document.querySelectorAll('main img, main script, dialog script').length];";
    assert_eq!(page.script(made, vec![]).await, json!([null, 0]));
    page.close().await;
}

#[tokio::test]
async fn the_policy_refuses_markup_from_text_and_scripts_in_the_document() {
    let clinic = Clinic::start().await;
    let Some(page) = Browser::open(&clinic.sandbox).await else {
        return;
    };
    for attempt in [
        "document.body.innerHTML = '<b>x</b>';",
        "document.body.insertAdjacentHTML('beforeend', '<b>x</b>');",
        "document.createElement('img').setAttribute('onerror', 'hacked = 1');",
        "document.createElement('script').text = 'hacked = 1';",
        "document.createElement('iframe').srcdoc = '<b>x</b>';",
        "trustedTypes.createPolicy('x', {});",
    ] {
        let script =
            format!("try {{ {attempt} return 'made'; }} catch (error) {{ return error.name; }}");
        assert_eq!(page.script(&script, vec![]).await, "TypeError", "{attempt}");
    }
    let elsewhere = "addEventListener('securitypolicyviolation', (event) => { window.violation = event.effectiveDirective; });
        const image = document.createElement('img');
        image.src = 'http://127.0.0.1:9/picture.png';
        document.body.append(image);";
    page.script(elsewhere, vec![]).await;
    let refused = "return window.violation === 'img-src';";
    page.until("a violation of the policy", refused, vec![])
        .await;
    page.close().await;
}

#[tokio::test]
async fn a_link_of_another_site_opens_the_page() {
    let clinic = Clinic::start().await;
    let Some(page) = Browser::open(&clinic.sandbox).await else {
        return;
    };
    page.follow_link_of_another_site().await;
    page.reload().await;
    page.close().await;
}

#[tokio::test]
async fn a_link_with_a_malformed_place_opens_the_page() {
    let clinic = Clinic::start().await;
    clinic.phone(RUTH, "Ruth Alvarez").await;
    for place in [
        "/#/phones/%zz",
        "/#%",
        "/#/numbers/%3Cscript%3E",
        "/#/events/x",
    ] {
        let Some(page) = Browser::open_at(&clinic.sandbox, place).await else {
            return;
        };
        page.click_css(&row(RUTH)).await;
        page.shows("composer", "").await;
        page.close().await;
    }
}
