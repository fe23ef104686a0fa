//! Messaging Services over the API: their settings, sender pools and registrations.

use clinspark_twilio::sandbox::Sandbox;
use serde_json::{Value, json};

use crate::api::account;
use crate::app::{Api, CLINIC, VOLUNTEER, e164};

const SECOND: &str = "+14155550101";

/// Sends a request that must succeed with this status.
async fn ask(api: &Api, method: &str, path: &str, form: Option<&str>, status: u16) -> Value {
    let (found, value) = api.send(method, path, form.map(str::to_owned)).await;
    assert_eq!(found, status, "{method} {path}: {value}");
    value
}

/// Returns the SIDs of the items of a list, and checks its `meta`.
async fn sids(api: &Api, path: &str, key: &str) -> Vec<String> {
    let list = ask(api, "GET", path, None, 200).await;
    assert_eq!(
        (&list["meta"]["key"], &list["meta"]["page_size"]),
        (&key.into(), &50.into())
    );
    let items = list[key].as_array().unwrap().iter();
    items
        .map(|item| item["sid"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_service_is_created_fetched_listed_updated_and_deleted() {
    let (sandbox, api) = account().await;
    let form = "FriendlyName=Clinic&InboundRequestUrl=https://clinic.example/sms\
                &InboundMethod=GET&StickySender=false&ValidityPeriod=600";
    let created = ask(&api, "POST", "/v1/Services", Some(form), 201).await;
    let sid = created["sid"].as_str().unwrap();
    assert!(sid.starts_with("MG") && sid.len() == 34);
    let path = format!("/v1/Services/{sid}");
    let url = format!("{}{path}", sandbox.base_url());
    let date = &created["date_created"];
    let expected = json!({
        "sid": sid, "account_sid": sandbox.account_sid(), "friendly_name": "Clinic",
        "date_created": date, "date_updated": date,
        "inbound_request_url": "https://clinic.example/sms", "inbound_method": "GET",
        "fallback_url": null, "fallback_method": "POST", "status_callback": null,
        "sticky_sender": false, "mms_converter": true, "smart_encoding": true,
        "scan_message_content": "inherit", "fallback_to_long_code": true,
        "area_code_geomatch": true, "validity_period": 600, "synchronous_validation": false,
        "usecase": "undeclared", "us_app_to_person_registered": false,
        "use_inbound_webhook_on_number": false,
        "links": {
            "phone_numbers": format!("{url}/PhoneNumbers"),
            "short_codes": format!("{url}/ShortCodes"),
            "alpha_senders": format!("{url}/AlphaSenders"),
            "messages": format!("{url}/Messages"),
            "us_app_to_person": format!("{url}/Compliance/Usa2p"),
            "us_app_to_person_usecases": format!("{url}/Compliance/Usa2p/Usecases"),
            "channel_senders": format!("{url}/ChannelSenders"),
            "destination_alpha_senders": format!("{url}/DestinationAlphaSenders"),
        },
        "url": url,
    });
    assert_eq!(created, expected);
    assert!(date.as_str().unwrap().ends_with('Z'));
    assert_eq!(ask(&api, "GET", &path, None, 200).await, expected);
    let second = ask(
        &api,
        "POST",
        "/v1/Services",
        Some("FriendlyName=Other"),
        201,
    )
    .await;
    let second = second["sid"].as_str().unwrap();
    assert_eq!(sids(&api, "/v1/Services", "services").await, [second, sid]);

    let form = "InboundRequestUrl=&FriendlyName=Ward";
    let changed = ask(&api, "POST", &path, Some(form), 200).await;
    let setting = |name: &str| &changed[name];
    assert_eq!(setting("friendly_name"), "Ward");
    assert!(setting("inbound_request_url").is_null());
    assert_eq!(setting("inbound_method"), "GET");
    assert_eq!(ask(&api, "GET", &path, None, 200).await, changed);

    assert!(ask(&api, "DELETE", &path, None, 204).await.is_null());
    assert_eq!(ask(&api, "GET", &path, None, 404).await["code"], 20404);
    assert_eq!(sids(&api, "/v1/Services", "services").await, [second]);
}

#[tokio::test]
async fn a_number_is_in_one_pool_until_it_is_removed() {
    let (sandbox, api) = account().await;
    let number = sandbox.numbers()[0].sid;
    let service = sandbox.add_service(&[("FriendlyName", "Clinic")]).unwrap();
    let other = sandbox.add_service(&[("FriendlyName", "Other")]).unwrap();
    let pool = format!("/v1/Services/{service}/PhoneNumbers");
    let form = format!("PhoneNumberSid={number}");
    let added = ask(&api, "POST", &pool, Some(&form), 201).await;
    let expected = json!({
        "sid": number, "account_sid": sandbox.account_sid(), "service_sid": service,
        "phone_number": CLINIC, "country_code": "US", "capabilities": ["VOICE", "SMS", "MMS"],
        "date_created": added["date_created"], "date_updated": added["date_created"],
        "url": format!("{}{pool}/{number}", sandbox.base_url()),
    });
    assert_eq!(added, expected);
    let one = format!("{pool}/{number}");
    assert_eq!(ask(&api, "GET", &one, None, 200).await, expected);
    assert_eq!(
        sids(&api, &pool, "phone_numbers").await,
        [number.to_string()]
    );

    let elsewhere = format!("/v1/Services/{other}/PhoneNumbers");
    for (path, code) in [(&pool, 21710), (&elsewhere, 21712)] {
        let refused = ask(&api, "POST", path, Some(&form), 409).await;
        assert_eq!(refused["code"], code, "{path}");
    }
    let second = sandbox.add_number(e164(SECOND));
    sandbox.add_number_to_service(service, second).unwrap();
    assert!(ask(&api, "DELETE", &one, None, 204).await.is_null());
    assert_eq!(ask(&api, "GET", &one, None, 404).await["code"], 20404);
    assert_eq!(
        sids(&api, &pool, "phone_numbers").await,
        [second.to_string()]
    );
    ask(&api, "POST", &elsewhere, Some(&form), 201).await;
}

#[tokio::test]
async fn an_empty_pool_sends_nothing() {
    let (sandbox, api) = account().await;
    let service = sandbox.add_service(&[("FriendlyName", "Clinic")]).unwrap();
    let fields = [
        ("To", VOLUNTEER),
        ("MessagingServiceSid", service.as_str()),
        ("Body", "x"),
    ];
    assert_eq!(api.refused("Messages.json", &fields).await, (400, 21703));
    assert!(sandbox.messages().is_empty());
}

#[tokio::test]
async fn short_codes_and_registrations_are_listed() {
    let (sandbox, api): (Sandbox, Api) = account().await;
    let number = sandbox.add_number(e164("+18005550199"));
    let service = sandbox.add_service(&[("FriendlyName", "Clinic")]).unwrap();
    let codes = format!("/v1/Services/{service}/ShortCodes");
    let campaigns = format!("/v1/Services/{service}/Compliance/Usa2p");
    let brands = "/v1/a2p/BrandRegistrations";
    let verifications = "/v1/Tollfree/Verifications";
    let lists = [
        (codes.as_str(), "short_codes"),
        (campaigns.as_str(), "compliance"),
        (brands, "data"),
        (verifications, "verifications"),
    ];
    for (path, key) in lists {
        assert!(sids(&api, path, key).await.is_empty(), "{path}");
    }
    let code = sandbox.add_short_code(service, "12345", &[]).unwrap();
    sandbox.set_brand_status("IN_REVIEW");
    sandbox.set_campaign_status(service, "IN_PROGRESS");
    sandbox.set_toll_free_verification_status(number, "TWILIO_REJECTED");
    for ((path, key), field, value) in [
        (lists[0], "short_code", "12345"),
        (lists[1], "campaign_status", "IN_PROGRESS"),
        (lists[2], "status", "IN_REVIEW"),
        (lists[3], "status", "TWILIO_REJECTED"),
    ] {
        let found = sids(&api, path, key).await;
        assert_eq!(found.len(), 1, "{path}");
        let one = ask(&api, "GET", &format!("{path}/{}", found[0]), None, 200).await;
        assert_eq!(one[field], value, "{path}");
        assert_eq!(ask(&api, "GET", path, None, 200).await[key][0], one);
    }
    assert_eq!(sids(&api, &codes, "short_codes").await, [code.to_string()]);
    for (query, count) in [
        (format!("TollfreePhoneNumberSid={number}"), 1),
        ("Status=TWILIO_REJECTED".to_owned(), 1),
        ("Status=IN_REVIEW".to_owned(), 0),
    ] {
        let path = format!("{verifications}?{query}");
        assert_eq!(sids(&api, &path, "verifications").await.len(), count);
    }
    let missing = format!("{brands}/BN00000000000000000000000000000000");
    assert_eq!(ask(&api, "GET", &missing, None, 404).await["code"], 20404);
}
