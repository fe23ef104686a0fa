//! Settings of the account that decide about texts and calls: permissions, consent, the safe list.

use clinspark_twilio::phone::Region;
use clinspark_twilio::sandbox::{DeliveryBehavior, Sandbox};
use clinspark_twilio::types::MessagingServiceSid;
use serde_json::{Value, json};

use crate::api::account;
use crate::app::{Api, CLINIC, VOLUNTEER, e164};

const AUSTRALIAN: &str = "+61491570156";
const ID: &str = "ad388b5a46b33b874b0d41f7226db2ef";

async fn send(api: &Api, method: &str, path: &str, fields: &[(&str, &str)]) -> (u16, Value) {
    let form = serde_urlencoded::to_string(fields).unwrap();
    api.send(method, path, Some(form)).await
}

#[tokio::test]
async fn messaging_permissions_decide_about_texts() {
    let (_sandbox, api) = account().await;
    let path = "/v1/Messaging/GeoPermissions";
    let permission = |country: &str, enabled: bool| {
        json!({ "country_code": country, "type": "country", "enabled": enabled }).to_string()
    };
    let (australia, usa) = (permission("AU", false), permission("US", true));
    let fields = [("Permissions", australia.as_str()), ("Permissions", &usa)];
    let (status, changed) = send(&api, "PATCH", path, &fields).await;
    let expected = json!({ "permissions": [
        { "country_code": "AU", "type": "country", "enabled": false,
          "error_code": 0, "error_messages": [] },
        { "country_code": "US", "type": "country", "enabled": true,
          "error_code": 0, "error_messages": [] },
    ]});
    assert_eq!((status, changed), (200, expected));
    let text = [("To", AUSTRALIAN), ("From", CLINIC), ("Body", "x")];
    assert_eq!(api.refused("Messages.json", &text).await, (400, 21408));
    let australia = permission("AU", true);
    let fields = [("Permissions", australia.as_str())];
    assert_eq!(send(&api, "PATCH", path, &fields).await.0, 200);
    api.create("Messages.json", &text).await;
    for invalid in ["", "x", "{}", &permission("XX", true)] {
        let (status, found) = send(&api, "PATCH", path, &[("Permissions", invalid)]).await;
        assert_eq!((status, &found["code"]), (400, &20001.into()), "{invalid}");
    }
}

#[tokio::test]
async fn dialing_permissions_decide_about_calls() {
    let (sandbox, api) = account().await;
    let path = "/v1/DialingPermissions/BulkCountryUpdates";
    // Twilio writes the flags as texts.
    let update = |low_risk: &str| {
        json!([{
            "iso_code": "AU", "low_risk_numbers_enabled": low_risk,
            "high_risk_special_numbers_enabled": "true",
            "high_risk_tollfraud_numbers_enabled": "false",
        }])
        .to_string()
    };
    let (status, changed) = send(&api, "POST", path, &[("UpdateRequest", &update("false"))]).await;
    assert_eq!((status, &changed["update_count"]), (201, &1.into()));
    let country = "/v1/DialingPermissions/Countries/AU";
    let (_, found) = api.send("GET", country, None).await;
    let kinds = ["low_risk", "high_risk_special", "high_risk_tollfraud"];
    let enabled = kinds.map(|kind| found[format!("{kind}_numbers_enabled")].clone());
    assert_eq!(enabled, [false, true, false]);
    let _phone = sandbox.phone(e164(AUSTRALIAN));
    let call = [
        ("To", AUSTRALIAN),
        ("From", CLINIC),
        ("Twiml", "<Response/>"),
    ];
    assert_eq!(api.refused("Calls.json", &call).await, (400, 21215));
    assert_eq!(
        send(&api, "POST", path, &[("UpdateRequest", &update("true"))])
            .await
            .0,
        201
    );
    api.create("Calls.json", &call).await;
    for invalid in [
        "",
        "x",
        "{}",
        "[{}]",
        r#"[{"iso_code":"AU","low_risk_numbers_enabled":"x"}]"#,
    ] {
        let (status, _) = send(&api, "POST", path, &[("UpdateRequest", invalid)]).await;
        assert_eq!(status, 400, "{invalid}");
    }

    let settings = |inherits: bool| {
        let url = format!("{}/v1/Settings", sandbox.base_url());
        json!({ "dialing_permissions_inheritance": inherits, "url": url })
    };
    let found = api.send("GET", "/v1/Settings", None).await;
    assert_eq!(found, (200, settings(false)));
    let fields = [("DialingPermissionsInheritance", "true")];
    let changed = send(&api, "POST", "/v1/Settings", &fields).await;
    assert_eq!(changed, (202, settings(true)));
    let found = api.send("GET", "/v1/Settings", None).await;
    assert_eq!(found, (200, settings(true)));
    // Older versions of the official client for Python write their own flags.
    for (flag, inherits) in [("False", false), ("True", true), ("false", false)] {
        let fields = [("DialingPermissionsInheritance", flag)];
        let changed = send(&api, "POST", "/v1/Settings", &fields).await;
        assert_eq!(changed, (202, settings(inherits)), "{flag}");
    }
    let fields = [("DialingPermissionsInheritance", "yes")];
    assert_eq!(send(&api, "POST", "/v1/Settings", &fields).await.0, 400);
}

#[tokio::test]
async fn countries_are_listed_by_continent_and_permission() {
    let (sandbox, api) = account().await;
    let australia = Region::parse("AU").unwrap();
    sandbox.set_dialing_permission(australia, false);
    for (query, expected) in [
        ("Continent=OCEANIA&LowRiskNumbersEnabled=false", vec!["AU"]),
        ("Continent=ATLANTIS", vec![]),
        ("CountryCode=%2B44", vec!["GB", "GG", "IM", "JE"]),
        ("CountryCode=%2B1", vec!["CA", "US"]),
        ("CountryCode=%2B1829", vec!["DO"]),
        ("LowRiskNumbersEnabled=false", vec!["AU"]),
        ("LowRiskNumbersEnabled=False", vec!["AU"]),
        (
            "Continent=SOUTH_AMERICA&LowRiskNumbersEnabled=true",
            vec![
                "AR", "BO", "BR", "CL", "CO", "EC", "FK", "GF", "GY", "PE", "PY", "SR", "UY", "VE",
            ],
        ),
        ("HighRiskSpecialNumbersEnabled=true", vec![]),
        ("IsoCode=FR", vec!["FR"]),
    ] {
        let path = format!("/v1/DialingPermissions/Countries?{query}");
        let (status, list) = api.send("GET", &path, None).await;
        assert_eq!(status, 200, "{query}: {list}");
        let found = list["content"].as_array().unwrap().iter();
        let codes: Vec<_> = found.map(|it| it["iso_code"].as_str().unwrap()).collect();
        assert_eq!(codes, expected, "{query}");
    }
    let (_, found) = api
        .send("GET", "/v1/DialingPermissions/Countries/AU", None)
        .await;
    assert_eq!(
        (&found["name"], &found["continent"]),
        (&"Australia".into(), &"OCEANIA".into())
    );
}

#[tokio::test]
async fn every_country_of_the_numbering_plan_is_listed_and_fetched() {
    let (sandbox, api) = account().await;
    let path = "/v1/DialingPermissions/Countries";
    let mut next = format!("{}{path}?PageSize=100", sandbox.base_url());
    let mut listed = Vec::new();
    loop {
        let relative = next.strip_prefix(sandbox.base_url()).unwrap();
        let (status, list) = api.send("GET", relative, None).await;
        assert_eq!(status, 200, "{list}");
        listed.extend(list["content"].as_array().unwrap().clone());
        match list["meta"]["next_page_url"].as_str() {
            Some(url) => url.clone_into(&mut next),
            None => break,
        }
    }
    let letters = ('A'..='Z').flat_map(|a| ('A'..='Z').map(move |b| format!("{a}{b}")));
    let regions: Vec<String> = letters.filter(|it| Region::parse(it).is_ok()).collect();
    let codes: Vec<_> = listed.iter().map(|it| it["iso_code"].clone()).collect();
    assert_eq!(codes, regions);
    for country in &listed {
        let code = country["iso_code"].as_str().unwrap();
        let fetched = api.send("GET", &format!("{path}/{code}"), None).await;
        assert_eq!(&fetched, &(200, country.clone()));
        assert_eq!(
            country["links"]["highrisk_special_prefixes"],
            format!(
                "{}{path}/{code}/HighRiskSpecialPrefixes",
                sandbox.base_url()
            )
        );
        let calling_code = format!("+{}", Region::parse(code).unwrap().calling_code());
        let country_codes = country["country_codes"].as_array().unwrap();
        assert!(!country_codes.is_empty(), "{country}");
        for country_code in country_codes {
            let country_code = country_code.as_str().unwrap();
            assert!(country_code.starts_with(&calling_code), "{country}");
        }
        assert!(country["name"].as_str().unwrap().len() > 2, "{country}");
    }
    let (_, usa) = api.send("GET", &format!("{path}/us"), None).await;
    assert_eq!(
        [&usa["iso_code"], &usa["name"], &usa["continent"]],
        ["US", "United States/Canada", "NORTH_AMERICA"]
    );
    let (_, list) = api.send("GET", "/v1/Messaging/GeoPermissions", None).await;
    let permissions = list["permissions"].as_array().unwrap();
    let codes: Vec<_> = permissions
        .iter()
        .map(|it| it["country_code"].clone())
        .collect();
    assert_eq!(codes, regions);
}

#[tokio::test]
async fn calls_to_premium_numbers_require_their_permission() {
    let (sandbox, api) = account().await;
    // Premium-rate and shared-cost numbers of the United Kingdom.
    for to in ["+449098790000", "+448448712345"] {
        let _phone = sandbox.phone(e164(to));
        let call = [("To", to), ("From", CLINIC), ("Twiml", "<Response/>")];
        let permit = async |enabled: &str| {
            let update = json!([{
                "iso_code": "GB", "high_risk_special_numbers_enabled": enabled,
            }]);
            let path = "/v1/DialingPermissions/BulkCountryUpdates";
            let fields = [("UpdateRequest", update.to_string())];
            let fields = fields
                .each_ref()
                .map(|(name, value)| (*name, value.as_str()));
            assert_eq!(send(&api, "POST", path, &fields).await.0, 201);
        };
        assert_eq!(api.refused("Calls.json", &call).await, (400, 21215), "{to}");
        permit("true").await;
        api.create("Calls.json", &call).await;
        permit("false").await;
        assert_eq!(api.refused("Calls.json", &call).await, (400, 21215), "{to}");
    }
}

#[tokio::test]
async fn a_number_on_the_safe_list_is_not_blocked_as_fraud() {
    let (sandbox, api) = account().await;
    let phone = sandbox.phone(e164(VOLUNTEER));
    let text = async || {
        let fields = [("To", VOLUNTEER), ("From", CLINIC), ("Body", "x")];
        api.create("Messages.json", &fields).await;
        sandbox.wait_idle().await.unwrap();
        sandbox.messages().last().unwrap().error_code
    };
    let list = "/v1/SafeList/Numbers";
    let one = "/v1/SafeList/Numbers?PhoneNumber=%2B14155550123";
    for blocked in [
        DeliveryBehavior::Failed(30450),
        DeliveryBehavior::Undelivered(30450),
    ] {
        phone.set_delivery_behavior(blocked);
        assert_eq!(text().await, Some(30450));
        let (status, _) = send(&api, "POST", list, &[("PhoneNumber", VOLUNTEER)]).await;
        assert_eq!(status, 201);
        assert_eq!(text().await, None);
        assert_eq!(api.send("DELETE", one, None).await.0, 204);
        assert_eq!(text().await, Some(30450));
    }
    // The safe list changes nothing but the protection against fraud.
    assert_eq!(
        send(&api, "POST", list, &[("PhoneNumber", VOLUNTEER)])
            .await
            .0,
        201
    );
    phone.set_delivery_behavior(DeliveryBehavior::Undelivered(30003));
    assert_eq!(text().await, Some(30003));
}

#[tokio::test]
async fn the_safe_list_remembers_numbers() {
    let (sandbox, api) = account().await;
    let path = "/v1/SafeList/Numbers";
    let one = "/v1/SafeList/Numbers?PhoneNumber=%2B14155550123";
    assert_eq!(api.send("GET", one, None).await.0, 404);
    let (status, added) = send(&api, "POST", path, &[("PhoneNumber", VOLUNTEER)]).await;
    assert_eq!((status, &added["phone_number"]), (201, &VOLUNTEER.into()));
    assert!(added["sid"].as_str().unwrap().starts_with("GN"));
    assert_eq!(added.as_object().unwrap().len(), 2);
    assert_eq!(api.send("GET", one, None).await, (200, added.clone()));
    // A number is on the list once.
    let again = send(&api, "POST", path, &[("PhoneNumber", VOLUNTEER)]).await;
    assert_eq!(again, (201, added));
    assert_eq!(api.send("DELETE", one, None).await.0, 204);
    assert_eq!(api.send("GET", one, None).await.0, 404);
    assert_eq!(api.send("DELETE", one, None).await.0, 404);
    for invalid in ["", "415", "clinic", "+1415555012x"] {
        let (status, found) = send(&api, "POST", path, &[("PhoneNumber", invalid)]).await;
        assert_eq!((status, &found["code"]), (400, &20422.into()), "{invalid}");
    }
    assert!(sandbox.messages().is_empty());
}

/// Uploads one record, and returns its error code and messages.
async fn upload(api: &Api, changes: &[(&str, &str)]) -> Value {
    let mut record = json!({
        "contact_id": VOLUNTEER, "correlation_id": ID, "source": "offline",
        "date_of_consent": "2026-11-01T09:00:00Z",
    });
    for (name, value) in changes {
        record[*name] = (*value).into();
    }
    let record = record.to_string();
    let (status, found) = send(api, "POST", "/v1/Consents/Bulk", &[("Items", &record)]).await;
    assert_eq!(status, 201, "{found}");
    let item = &found["items"][0];
    assert_eq!(item["correlation_id"], record_id(changes));
    json!([item["error_code"], item["error_messages"]])
}

fn record_id<'a>(changes: &[(&str, &'a str)]) -> &'a str {
    let id = changes.iter().find(|(name, _)| *name == "correlation_id");
    id.map_or(ID, |(_, id)| id)
}

fn pool(sandbox: &Sandbox) -> MessagingServiceSid {
    let service = sandbox.add_service(&[("FriendlyName", "Clinic")]).unwrap();
    let number = sandbox.numbers()[0].sid;
    sandbox.add_number_to_service(service, number).unwrap();
    service
}

#[tokio::test]
async fn uploaded_consent_blocks_and_permits_texts() {
    let (sandbox, api) = account().await;
    let text = [("To", VOLUNTEER), ("From", CLINIC), ("Body", "x")];
    let stored = json!([0, []]);
    let out = [("sender_id", CLINIC), ("status", "opt-out")];
    assert_eq!(upload(&api, &out).await, stored);
    assert_eq!(api.refused("Messages.json", &text).await, (400, 21610));
    let again = [("sender_id", CLINIC), ("status", "opt-in")];
    assert_eq!(upload(&api, &again).await, stored);
    api.create("Messages.json", &text).await;

    // Consent to a service covers its senders, and lifts a STOP.
    let service = pool(&sandbox);
    let of_service = |status| [("sender_id", service.as_str()), ("status", status)];
    assert_eq!(upload(&api, &of_service("opt-out")).await, stored);
    assert_eq!(api.refused("Messages.json", &text).await, (400, 21610));
    assert_eq!(upload(&api, &of_service("opt-in")).await, stored);
    let phone = sandbox.phone(e164(VOLUNTEER));
    phone.text(e164(CLINIC), "STOP").await.unwrap();
    assert_eq!(api.refused("Messages.json", &text).await, (400, 21610));
    assert_eq!(upload(&api, &of_service("opt-in")).await, stored);
    api.create("Messages.json", &text).await;
}

#[tokio::test]
async fn invalid_consent_is_reported_for_each_record() {
    let (_sandbox, api) = account().await;
    for (name, value, error) in [
        ("correlation_id", "1", "INVALID_CORRELATION_ID"),
        ("sender_id", "+14155550199", "INVALID_SENDER_ID"),
        ("contact_id", "415", "INVALID_CONTACT_ID"),
        ("status", "perhaps", "INVALID_STATUS"),
        ("source", "rumor", "INVALID_SOURCE"),
        ("date_of_consent", "today", "INVALID_DATE_OF_CONSENT"),
    ] {
        let changes = [("sender_id", CLINIC), ("status", "opt-out"), (name, value)];
        assert_eq!(
            upload(&api, &changes).await,
            json!([30646, [error]]),
            "{name}"
        );
    }
    // None of them was stored.
    let text = [("To", VOLUNTEER), ("From", CLINIC), ("Body", "x")];
    api.create("Messages.json", &text).await;
    for items in [vec![], vec![("Items", "x")], vec![("Items", "{}"); 26]] {
        let (status, found) = send(&api, "POST", "/v1/Consents/Bulk", &items).await;
        assert_eq!((status, &found["code"]), (400, &20001.into()));
    }
}

#[tokio::test]
async fn an_event_of_the_audit_log_is_fetched() {
    let (sandbox, api) = account().await;
    let _ = sandbox.add_secondary_auth_token();
    sandbox.remove_secondary_auth_token();
    let (_, list) = api.send("GET", "/v1/Events", None).await;
    let events = list["events"].as_array().unwrap();
    assert_eq!(events.len(), 2);
    for event in events {
        let path = format!("/v1/Events/{}", event["sid"].as_str().unwrap());
        assert_eq!(api.send("GET", &path, None).await, (200, event.clone()));
    }
    let unknown = "/v1/Events/AE000000000000000000000000000000ff";
    assert_eq!(api.send("GET", unknown, None).await.0, 404);
}
