//! Responses of the sandbox have exactly the fields of Twilio's `OpenAPI` documents.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::api::account;
use crate::app::{CLINIC, e164};

/// Operation with fields about people of the business, which the sandbox omits.
const LEFT_OUT: &str = "GET messaging /Tollfree/Verifications";

fn documented(operation: &str) -> BTreeSet<String> {
    let text = include_str!("../data/spec_names.json");
    let whole: Value = serde_json::from_str(text).unwrap();
    let fields = whole["operations"][operation]["fields"].as_array();
    let fields = fields.unwrap_or_else(|| panic!("{operation} is in no document"));
    fields
        .iter()
        .map(|f| f.as_str().unwrap().to_owned())
        .collect()
}

fn answered(item: &Value) -> BTreeSet<String> {
    item.as_object().unwrap().keys().cloned().collect()
}

#[tokio::test]
async fn responses_have_the_documented_fields() {
    let (sandbox, api) = account().await;
    let number = sandbox.add_number(e164(CLINIC));
    let service = sandbox.add_service(&[("FriendlyName", "Clinic")]).unwrap();
    sandbox.add_number_to_service(service, number).unwrap();
    sandbox.add_short_code(service, "12345", &[]).unwrap();
    sandbox.set_brand_status("APPROVED");
    sandbox.set_toll_free_verification_status(number, "IN_REVIEW");
    sandbox.add_alert(11200, "error");
    let _ = sandbox.add_secondary_auth_token();
    let app = sandbox.add_application(&[("FriendlyName", "ClinSpark")]);
    let app = app.unwrap();

    let account = sandbox.account_sid();
    let of_account = |resource: &str| format!("/2010-04-01/Accounts/{account}/{resource}");
    let of_service = |resource: &str| format!("/v1/Services/{service}{resource}");
    let cases = [
        (
            "GET api /Accounts/{}.json",
            format!("/2010-04-01/Accounts/{account}.json"),
            "",
        ),
        ("GET api /Balance.json", of_account("Balance.json"), ""),
        (
            "GET api /IncomingPhoneNumbers/{}.json",
            of_account(&format!("IncomingPhoneNumbers/{number}.json")),
            "",
        ),
        (
            "GET api /Applications/{}.json",
            of_account(&format!("Applications/{app}.json")),
            "",
        ),
        (
            "GET api /SMS/ShortCodes.json",
            of_account("SMS/ShortCodes.json"),
            "/short_codes/0",
        ),
        ("GET messaging /Services/{}", of_service(""), ""),
        (
            "GET messaging /Services",
            "/v1/Services".to_owned(),
            "/services/0",
        ),
        (
            "GET messaging /Services/{}/PhoneNumbers",
            of_service("/PhoneNumbers"),
            "/phone_numbers/0",
        ),
        (
            "GET messaging /Services/{}/ShortCodes",
            of_service("/ShortCodes"),
            "/short_codes/0",
        ),
        (
            "GET messaging /a2p/BrandRegistrations",
            "/v1/a2p/BrandRegistrations".to_owned(),
            "/data/0",
        ),
        (
            LEFT_OUT,
            "/v1/Tollfree/Verifications".to_owned(),
            "/verifications/0",
        ),
        (
            "GET accounts /Messaging/GeoPermissions",
            "/v1/Messaging/GeoPermissions".to_owned(),
            "",
        ),
        (
            "GET voice /DialingPermissions/Countries/{}",
            "/v1/DialingPermissions/Countries/US".to_owned(),
            "",
        ),
        (
            "GET voice /DialingPermissions/Countries",
            "/v1/DialingPermissions/Countries".to_owned(),
            "/content/0",
        ),
        ("GET monitor /Alerts", "/v1/Alerts".to_owned(), "/alerts/0"),
        ("GET monitor /Events", "/v1/Events".to_owned(), "/events/0"),
    ];
    for (operation, path, item) in cases {
        let (status, answer) = api.send("GET", &path, None).await;
        assert_eq!(status, 200, "{path}: {answer}");
        let ours = answered(answer.pointer(item).unwrap());
        let theirs = documented(operation);
        let unknown: Vec<_> = ours.difference(&theirs).collect();
        assert!(unknown.is_empty(), "{operation}: Twilio has no {unknown:?}");
        if operation != LEFT_OUT {
            assert_eq!(ours, theirs, "{operation}");
        }
        if item.is_empty() {
            continue;
        }
        let envelope = answered(&answer);
        let paging = if path.starts_with("/v1/") {
            "meta"
        } else {
            "next_page_uri"
        };
        assert!(envelope.contains(paging), "{operation}: {envelope:?}");
    }
}
