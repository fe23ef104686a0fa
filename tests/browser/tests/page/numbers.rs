//! Numbers: the URL that really answers, and links to places of the page.

use crate::app::CLINIC;
use crate::browser::Browser;
use crate::clinic::{Clinic, RUTH};

#[tokio::test]
async fn a_number_shows_the_url_that_answers_and_takes_another() {
    let clinic = Clinic::start().await;
    let place = format!("/#/numbers/{CLINIC}");
    let Some(page) = Browser::open_at(&clinic.sandbox, &place).await else {
        return;
    };
    page.shows("route-sms", &clinic.app.url("/sms")).await;
    page.shows("route-voice", &clinic.app.url("/voice")).await;
    page.shows(
        "preflight-command",
        &format!("TWILIO_PHONE_NUMBER='{CLINIC}'"),
    )
    .await;
    page.screenshot("numbers").await;

    page.script(
        "document.querySelector('[data-testid=set-sms-url]').select()",
        vec![],
    )
    .await;
    page.type_into("set-sms-url", &clinic.app.url("/other"))
        .await;
    page.click("number-save").await;
    page.shows("route-sms", &clinic.app.url("/other")).await;
    page.close().await;
}

#[tokio::test]
async fn the_back_button_returns_to_the_phone() {
    let clinic = Clinic::start().await;
    clinic.text(RUTH, "Hello").await;
    let Some(page) = Browser::open_at(&clinic.sandbox, &format!("/#/phones/{RUTH}")).await else {
        return;
    };
    page.shows("message", "Hello").await;
    page.click("number-row").await;
    page.shows("routes", "Calls").await;
    page.back().await;
    page.shows("message", "Hello").await;
    page.close().await;
}
