//! States of the account that a test sets, as the API returns them.

use std::time::Duration;

use clinspark_twilio::phone::Region;
use clinspark_twilio::sandbox::{Sandbox, SandboxErrorKind, WebhookKind};
use clinspark_twilio::types::Timestamp;
use serde_json::{Value, json};

use crate::api::account;
use crate::app::{Api, App, CLINIC, VOLUNTEER, e164};

async fn get(api: &Api, path: &str) -> Value {
    let (status, value) = api.send("GET", path, None).await;
    assert_eq!(status, 200, "{path}: {value}");
    value
}

#[tokio::test]
async fn the_account_has_the_state_that_a_test_sets() {
    let (sandbox, api) = account().await;
    let path = format!("/2010-04-01/Accounts/{}.json", sandbox.account_sid());
    let state = |value: &Value| [value["status"].clone(), value["type"].clone()];
    assert_eq!(state(&get(&api, &path).await), ["active", "Full"]);
    sandbox.set_account_status("suspended");
    sandbox.set_account_type("Trial");
    assert_eq!(state(&get(&api, &path).await), ["suspended", "Trial"]);
    let listed = get(&api, "/2010-04-01/Accounts.json").await;
    assert_eq!(state(&listed["accounts"][0]), ["suspended", "Trial"]);

    sandbox.set_balance("-0.5", "AUD");
    let expected = json!({
        "account_sid": sandbox.account_sid(), "balance": "-0.5", "currency": "AUD",
    });
    assert_eq!(api.get("Balance.json").await, (200, expected));
}

#[tokio::test]
async fn api_keys_have_limited_permissions() {
    let (sandbox, api) = account().await;
    let (root, balance) = (
        format!("/2010-04-01/Accounts/{}.json", sandbox.account_sid()),
        api.path("Balance.json"),
    );
    let (key, secret) = sandbox.add_api_key();
    let (restricted, its_secret) = sandbox.add_restricted_key(&["/Balance"]);
    let asks = async |sid: &str, secret: &str, path: &str| {
        let (status, value) = api.send_as(sid, secret, path).await;
        (status, value["code"].clone())
    };
    let none = Value::Null;
    let (key, secret) = (key.as_str(), secret.expose());
    assert_eq!(asks(key, secret, &root).await, (401, 20003.into()));
    assert_eq!(asks(key, secret, &balance).await, (200, none.clone()));
    let (key, secret) = (restricted.as_str(), its_secret.expose());
    assert_eq!(asks(key, secret, &balance).await, (403, 20003.into()));
    assert_eq!(asks(key, secret, "/v1/Alerts").await, (200, none));

    sandbox.reject_path("/Alerts", 404, 20404);
    let (status, value) = api.send("GET", "/v1/Alerts", None).await;
    assert_eq!((status, &value["code"]), (404, &20404.into()));
}

#[tokio::test]
async fn a_secondary_token_authenticates_and_signs_after_promotion() {
    let (sandbox, api) = account().await;
    let account = sandbox.account_sid().to_string();
    let path = api.path("Balance.json");
    let first = sandbox.auth_token().clone();
    let second = sandbox.add_secondary_auth_token();
    for token in [&first, &second] {
        let (status, _) = api.send_as(&account, token.expose(), &path).await;
        assert_eq!(status, 200);
    }
    assert_eq!(sandbox.auth_token(), &first);
    sandbox.promote_auth_token();
    assert_eq!(sandbox.auth_token(), &second);
    let (status, _) = api.send_as(&account, first.expose(), &path).await;
    assert_eq!(status, 401);

    let (_, events) = api.send_as(&account, second.expose(), "/v1/Events").await;
    let events = events["events"].as_array().unwrap().iter();
    let kinds: Vec<_> = events.map(|event| event["event_type"].clone()).collect();
    assert_eq!(
        kinds,
        [
            "account-auth-token.promoted",
            "account-auth-token.secondary-created"
        ]
    );
}

#[tokio::test]
async fn permissions_alerts_and_the_clock_offset() {
    let (sandbox, api) = account().await;
    let us = Region::parse("US").unwrap();
    sandbox.set_messaging_permission(us, false);
    sandbox.set_dialing_permission(us, false);
    let texts = get(&api, "/v1/Messaging/GeoPermissions?CountryCode=US").await;
    let expected = json!({ "permissions": [{
        "country_code": "US", "type": "country", "prefix": "+1", "enabled": false, "message": "",
    }]});
    assert_eq!(texts, expected);
    let calls = |country: &str| format!("/v1/DialingPermissions/Countries/{country}");
    let calls_us = get(&api, &calls("US")).await;
    assert_eq!(calls_us["low_risk_numbers_enabled"], false);
    let calls_gb = get(&api, &calls("GB")).await;
    assert_eq!(calls_gb["low_risk_numbers_enabled"], true);

    sandbox.add_alert(11200, "error");
    sandbox.add_alert_with_age(12100, "warning", Duration::from_secs(90_000));
    let alerts = get(&api, "/v1/Alerts?LogLevel=error").await;
    assert_eq!(alerts["alerts"][0]["error_code"], "11200");
    assert_eq!(alerts["alerts"].as_array().unwrap().len(), 1);
    assert_eq!(alerts["meta"]["key"], "alerts");
    let all = get(&api, "/v1/Alerts").await;
    assert_eq!(all["alerts"].as_array().unwrap().len(), 2);

    let before = clock(&api, &sandbox).await;
    sandbox.set_clock_offset(-600);
    let after = clock(&api, &sandbox).await;
    assert!((595..=605).contains(&(before - after)));
}

/// Returns the `Date` header of a response, in seconds.
async fn clock(api: &Api, sandbox: &Sandbox) -> i64 {
    let url = format!("{}/health", sandbox.base_url());
    let answer = api.http.get(url).send().await.unwrap();
    let date = Timestamp::parse(answer.headers()["date"].to_str().unwrap());
    let time = date.time().unwrap();
    let since = time.duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(since.as_secs()).unwrap()
}

#[tokio::test]
async fn services_have_pools_and_campaigns() {
    let (sandbox, api) = account().await;
    let number = sandbox.add_number(e164(CLINIC));
    let form = "FriendlyName=Clinic&UseInboundWebhookOnNumber=true".to_owned();
    let (status, made) = api.send("POST", "/v1/Services", Some(form)).await;
    assert_eq!(
        (status, &made["use_inbound_webhook_on_number"]),
        (201, &true.into())
    );
    let service = sandbox.services()[0].sid;
    assert_eq!(made["sid"], service.as_str());

    let pool = format!("/v1/Services/{service}/PhoneNumbers");
    let form = || Some(format!("PhoneNumberSid={number}"));
    let (status, pooled) = api.send("POST", &pool, form()).await;
    assert_eq!((status, &pooled["phone_number"]), (201, &CLINIC.into()));
    let (status, refused) = api.send("POST", &pool, form()).await;
    assert_eq!((status, &refused["code"]), (409, &21710.into()));
    let other = sandbox.add_service(&[("FriendlyName", "Other")]).unwrap();
    let error = sandbox.add_number_to_service(other, number).unwrap_err();
    assert_eq!(error.kind(), SandboxErrorKind::InvalidSetting);

    let form = Some("UseInboundWebhookOnNumber=false".to_owned());
    let (_, changed) = api
        .send("POST", &format!("/v1/Services/{service}"), form)
        .await;
    assert_eq!(changed["use_inbound_webhook_on_number"], false);
    assert_eq!(changed["friendly_name"], "Clinic");
    assert_eq!(changed["us_app_to_person_registered"], false);

    sandbox.set_campaign_status(service, "PENDING");
    sandbox.set_campaign_status(service, "VERIFIED");
    let campaigns = get(&api, &format!("/v1/Services/{service}/Compliance/Usa2p")).await;
    let campaign = &campaigns["compliance"][0];
    assert_eq!(campaign["campaign_status"], "VERIFIED");
    let brand = get(&api, "/v1/a2p/BrandRegistrations").await["data"][0].clone();
    assert_eq!(campaign["brand_registration_sid"], brand["sid"]);
    assert_eq!(brand["status"], "APPROVED");

    sandbox.set_toll_free_verification_status(number, "IN_REVIEW");
    let query = format!("/v1/Tollfree/Verifications?TollfreePhoneNumberSid={number}");
    let verification = get(&api, &query).await["verifications"][0].clone();
    assert_eq!(verification["status"], "IN_REVIEW");

    let code = [("SmsUrl", "https://demo.example.com/sms")];
    let code = sandbox.add_short_code(service, "12345", &code).unwrap();
    let (_, read) = api.get(&format!("SMS/ShortCodes/{code}.json")).await;
    assert_eq!(
        (&read["short_code"], &read["sms_method"]),
        (&"12345".into(), &"POST".into())
    );
    let codes = get(&api, &format!("/v1/Services/{service}/ShortCodes")).await;
    assert_eq!(codes["short_codes"][0]["sid"], code.as_str());
}

#[tokio::test]
async fn a_service_without_an_inbound_url_drops_replies() {
    let sandbox = Sandbox::start().await.unwrap();
    let app = App::start(&sandbox).await;
    let number = sandbox.add_number(e164(CLINIC));
    sandbox
        .configure_number(number, &[("SmsUrl", &app.url("/sms"))])
        .unwrap();
    let service = sandbox.add_service(&[("FriendlyName", "Clinic")]).unwrap();
    sandbox.add_number_to_service(service, number).unwrap();
    let phone = sandbox.phone(e164(VOLUNTEER));
    let webhooks = || sandbox.webhooks().into_iter();

    phone.text(e164(CLINIC), "YES").await.unwrap();
    assert_eq!(webhooks().count(), 0);

    let inbound = app.url("/service");
    sandbox
        .configure_service(service, &[("InboundRequestUrl", &inbound)])
        .unwrap();
    phone.text(e164(CLINIC), "YES").await.unwrap();
    sandbox
        .configure_service(service, &[("UseInboundWebhookOnNumber", "true")])
        .unwrap();
    phone.text(e164(CLINIC), "YES").await.unwrap();
    let urls: Vec<_> = webhooks()
        .filter(|webhook| webhook.kind == WebhookKind::InboundMessage)
        .map(|webhook| webhook.url.into_inner())
        .collect();
    assert_eq!(urls, [inbound, app.url("/sms")]);
}

#[tokio::test]
async fn a_service_sends_from_its_pool_and_schedules() {
    let (sandbox, api) = account().await;
    let number = sandbox.add_number(e164(CLINIC));
    let service = sandbox.add_service(&[("FriendlyName", "Clinic")]).unwrap();
    let through = ("MessagingServiceSid", service.as_str());
    let to = ("To", VOLUNTEER);
    let empty = api
        .refused("Messages.json", &[to, through, ("Body", "x")])
        .await;
    assert_eq!(empty.1, 21703);
    sandbox.add_number_to_service(service, number).unwrap();
    let sent = api
        .create("Messages.json", &[to, through, ("Body", "x")])
        .await;
    assert_eq!(
        (
            &sent["from"],
            &sent["messaging_service_sid"],
            &sent["status"]
        ),
        (&Value::Null, &service.as_str().into(), &"accepted".into())
    );
    let tomorrow = sandbox.now() + Duration::from_secs(86_400);
    let tomorrow = jiff::Timestamp::try_from(tomorrow).unwrap().to_string();
    let at = [("ScheduleType", "fixed"), ("SendAt", &tomorrow)];
    let fields = [&[to, through, ("Body", "x")][..], &at[..]].concat();
    let planned = api.create("Messages.json", &fields).await;
    assert_eq!(planned["status"], "scheduled");
    let resource = format!("Messages/{}.json", planned["sid"].as_str().unwrap());
    let (_, canceled) = api.post(&resource, &[("Status", "canceled")]).await;
    assert_eq!(canceled["status"], "canceled");
    sandbox.wait_idle().await.unwrap();
    let phone = sandbox.phone(e164(VOLUNTEER));
    assert_eq!(phone.inbox().len(), 1);
}

#[tokio::test]
async fn removed_resources_and_capabilities_are_gone() {
    let (sandbox, api) = account().await;
    let number = sandbox.add_number(e164(CLINIC));
    sandbox.remove_capability(number, "sms");
    sandbox
        .configure_number(
            number,
            &[("TrunkSid", "TK00000000000000000000000000000000")],
        )
        .unwrap();
    let (_, read) = api
        .get(&format!("IncomingPhoneNumbers/{number}.json"))
        .await;
    assert_eq!(
        read["capabilities"],
        json!({"voice": true, "sms": false, "mms": true, "fax": false})
    );
    assert_eq!(read["trunk_sid"], "TK00000000000000000000000000000000");
    let app = sandbox
        .add_application(&[("FriendlyName", "ClinSpark")])
        .unwrap();
    sandbox
        .configure_number(number, &[("VoiceApplicationSid", app.as_str())])
        .unwrap();
    sandbox.remove_application(app);
    let error = sandbox.configure_application(app, &[]).unwrap_err();
    assert_eq!(error.kind(), SandboxErrorKind::InvalidSetting);
    let bound = sandbox.number(number).unwrap().voice_application_sid();
    assert_eq!(bound, Some(app));
    sandbox.remove_number(number);
    assert!(sandbox.numbers().is_empty());
}

#[tokio::test]
async fn countries_can_be_called_until_a_test_forbids_it() {
    let (sandbox, api) = account().await;
    let path = "/v1/DialingPermissions/Countries";
    let australia = format!("{path}/AU");
    let fetched = get(&api, &australia).await;
    assert_eq!(fetched["iso_code"], "AU");
    assert_eq!(fetched["country_codes"], json!(["+61"]));
    assert_eq!(fetched["low_risk_numbers_enabled"], true);
    assert_eq!(fetched["high_risk_special_numbers_enabled"], false);
    assert_eq!(fetched["url"], format!("{}{australia}", sandbox.base_url()));
    let (status, _) = api.send("GET", &format!("{path}/XX"), None).await;
    assert_eq!(status, 404);

    sandbox.set_dialing_permission("AU".parse().unwrap(), false);
    let listed = get(&api, path).await;
    assert_eq!(listed["meta"]["key"], "content");
    let countries = listed["content"].as_array().unwrap().iter();
    let disabled = countries.filter(|country| country["low_risk_numbers_enabled"] == false);
    let disabled: Vec<_> = disabled
        .map(|country| country["iso_code"].clone())
        .collect();
    assert_eq!(disabled, ["AU"]);
    let filtered = get(&api, &format!("{path}?IsoCode=GB")).await;
    assert_eq!(filtered["content"][0]["iso_code"], "GB");
    assert_eq!(filtered["content"].as_array().unwrap().len(), 1);
}
