//! Numbers: the URL that really answers, and links to places of the page.

use clinspark_twilio::sandbox::{AccountFinding, CheckedAccount, FindingSeverity, Sandbox};

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

/// Finds nothing for one domain, and two faults for any other.
async fn check(account: CheckedAccount) -> Result<Vec<AccountFinding>, String> {
    let check = "number-messaging-binding";
    let unbound = "the messaging section of the number has no TwiML App";
    let remedy = "choose \"TwiML App\" in both sections of the number's configuration";
    Ok(match account.domain.as_str() {
        "sound.example.com" => Vec::new(),
        "" => return Err("write the domain of the instance".to_owned()),
        domain => vec![
            AccountFinding::new(FindingSeverity::Blocker, check, unbound)
                .expected("TwiML App <b>AP1</b>")
                .remedy("support", remedy),
            AccountFinding::new(FindingSeverity::Note, check, domain),
        ],
    })
}

#[tokio::test]
async fn the_findings_of_a_check_are_shown() {
    let clinic = Clinic::with(Sandbox::builder().account_check(check)).await;
    let place = format!("/#/numbers/{CLINIC}");
    let Some(page) = Browser::open_at(&clinic.sandbox, &place).await else {
        return;
    };
    page.click("check-account").await;
    page.shows("account-finding", "has no TwiML App").await;
    page.shows("account-finding", "TwiML App <b>AP1</b>").await;
    page.shows("account-finding", "clinic.example.com").await;
    page.shows("preflight-run", "1 blocker").await;
    page.screenshot("account-check").await;

    let clear = "const field = document.querySelector('[data-testid=check-domain]');
        field.value = ''; field.dispatchEvent(new Event('input', { bubbles: true }));";
    page.script(clear, vec![]).await;
    page.click("check-account").await;
    page.shows("toast", "write the domain of the instance")
        .await;
    page.shows("account-finding", "has no TwiML App").await;
    page.type_into("check-domain", "sound.example.com").await;
    page.click("check-account").await;
    page.shows("check-findings", "Nothing to correct").await;
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
