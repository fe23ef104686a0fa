//! Check of the account that a program supplies.

use clinspark_twilio::sandbox::{AccountFinding, CheckedAccount, FindingSeverity, Sandbox};
use serde_json::json;

use super::client::{Stage, error};
use crate::app::CLINIC;

/// Reports what it was given, and refuses one domain.
async fn check(account: CheckedAccount) -> Result<Vec<AccountFinding>, String> {
    if account.domain == "localhost" {
        return Err("the domain is not a public one".to_owned());
    }
    let application = account.application_sid.map(|sid| sid.to_string());
    let service = account.messaging_service_sid.map(|sid| sid.to_string());
    let token = account.auth_token.expose();
    let actual = format!(
        "{} {token} {}",
        account.account_sid,
        account.number.as_str()
    );
    let finding = AccountFinding::new(FindingSeverity::Warning, account.domain, actual)
        .expected(account.base_url)
        .remedy(application.unwrap_or_default(), service.unwrap_or_default());
    Ok(vec![finding])
}

#[tokio::test]
async fn the_check_gets_the_account_of_the_number() {
    let stage = Stage::with(Sandbox::builder().account_check(check)).await;
    let (sandbox, control) = (&stage.sandbox, stage.control.clone());
    let number = sandbox.numbers()[0].sid;
    let application = sandbox.add_application(&[]).unwrap();
    let bound = [("SmsApplicationSid", application.as_str())];
    sandbox.configure_number(number, &bound).unwrap();
    let service = sandbox.add_service(&[("FriendlyName", "Clinic")]).unwrap();
    sandbox.add_number_to_service(service, number).unwrap();

    let asked = json!({"number": CLINIC, "domain": "clinic.example.com"});
    let (status, answer) = control.post("/account-check", &asked).await;
    assert_eq!(status, 200, "{answer}");
    let (sid, token) = (sandbox.account_sid(), sandbox.auth_token().expose());
    let expected = json!({"findings": [{
        "severity": "warning",
        "check": "clinic.example.com",
        "actual": format!("{sid} {token} {CLINIC}"),
        "expected": sandbox.base_url(),
        "owner": application.as_str(),
        "remedy": service.as_str(),
    }]});
    assert_eq!(answer, expected);
    let connect = &control.read("/snapshot").await["connect"];
    assert_eq!(connect["has_account_check"], true);
}

#[tokio::test]
async fn what_cannot_be_checked_is_refused_with_its_reason() {
    let stage = Stage::with(Sandbox::builder().account_check(check)).await;
    let control = stage.control.clone();
    let asked = json!({"number": CLINIC, "domain": "localhost"});
    let refused = control.post("/account-check", &asked).await;
    assert_eq!(
        refused.1["error"]["message"],
        "the domain is not a public one"
    );
    assert_eq!(error(refused), (422, "not_checked".to_owned()));
    let foreign = json!({"number": "+14155550199", "domain": "clinic.example.com"});
    let foreign = control.post("/account-check", &foreign).await;
    assert_eq!(error(foreign), (404, "unknown_number".to_owned()));
    let long = json!({"number": CLINIC, "domain": "a".repeat(256)});
    let long = control.post("/account-check", &long).await;
    assert_eq!(error(long), (422, "too_long".to_owned()));

    let without = Stage::start().await;
    let refused = without.control.post("/account-check", &asked).await;
    assert_eq!(error(refused), (409, "no_account_check".to_owned()));
    let connect = &without.control.read("/snapshot").await["connect"];
    assert_eq!(connect["has_account_check"], false);
}

#[tokio::test]
async fn a_check_that_panics_ends_its_request_only() {
    let builder = Sandbox::builder().account_check(|account: CheckedAccount| async move {
        assert_ne!(account.domain, "clinic.example.com");
        Ok(Vec::new())
    });
    let stage = Stage::with(builder).await;
    let control = stage.control.clone();
    let asked = json!({"number": CLINIC, "domain": "clinic.example.com"});
    let failed = control.post("/account-check", &asked).await;
    assert_eq!(error(failed), (422, "not_checked".to_owned()));
    let other = json!({"number": CLINIC, "domain": "other.example.com"});
    let (status, answer) = control.post("/account-check", &other).await;
    assert_eq!((status, answer), (200, json!({"findings": []})));
}
