//! Senders of Messaging Services that are no numbers: short codes, alphanumeric senders, channels.

use clinspark_twilio::sandbox::Sandbox;
use clinspark_twilio::types::MessagingServiceSid;
use serde_json::{Value, json};

use crate::api::account;
use crate::app::{Api, CLINIC, VOLUNTEER};

const AUSTRALIAN: &str = "+61491570156";

fn add_service(sandbox: &Sandbox) -> MessagingServiceSid {
    sandbox.add_service(&[("FriendlyName", "Clinic")]).unwrap()
}

async fn post(api: &Api, path: &str, fields: &[(&str, &str)]) -> (u16, Value) {
    let form = serde_urlencoded::to_string(fields).unwrap();
    api.send("POST", path, Some(form)).await
}

/// Sends a text through a service and returns its sender.
async fn sender_of_text(
    sandbox: &Sandbox,
    api: &Api,
    service: MessagingServiceSid,
    to: &str,
) -> Value {
    let through = ("MessagingServiceSid", service.as_str());
    let fields = [("To", to), through, ("Body", "x")];
    let sent = api.create("Messages.json", &fields).await;
    sandbox.wait_idle().await.unwrap();
    let path = format!("Messages/{}.json", sent["sid"].as_str().unwrap());
    let (_, later) = api.get(&path).await;
    json!([later["status"], later["from"], later["error_code"]])
}

#[tokio::test]
async fn a_service_texts_from_the_short_code_in_its_pool() {
    let (sandbox, api) = account().await;
    let (service, other) = (add_service(&sandbox), add_service(&sandbox));
    let code = sandbox.add_short_code(other, "12345", &[]).unwrap();
    let path = format!("/v1/Services/{service}/ShortCodes");
    let fields = [("ShortCodeSid", code.as_str())];
    let refused = |found: (u16, Value)| (found.0, found.1["code"].clone());
    let in_other = post(&api, &path, &fields).await;
    assert_eq!(refused(in_other), (400, 21712.into()));
    let removed = format!("/v1/Services/{other}/ShortCodes/{code}");
    assert_eq!(api.send("DELETE", &removed, None).await.0, 204);
    assert_eq!(api.send("GET", &removed, None).await.0, 404);

    let (status, added) = post(&api, &path, &fields).await;
    assert_eq!((status, &added["short_code"]), (201, &"12345".into()));
    assert_eq!(added["service_sid"], service.as_str());
    let again = post(&api, &path, &fields).await;
    assert_eq!(refused(again), (400, 21710.into()));
    let unknown = [("ShortCodeSid", "SC00000000000000000000000000000000")];
    assert_eq!(refused(post(&api, &path, &unknown).await).0, 400);
    let sent = sender_of_text(&sandbox, &api, service, VOLUNTEER).await;
    assert_eq!(sent, json!(["delivered", "12345", null]));

    let one = format!("{path}/{code}");
    assert_eq!(api.send("DELETE", &one, None).await.0, 204);
    let through = ("MessagingServiceSid", service.as_str());
    let fields = [("To", VOLUNTEER), through, ("Body", "x")];
    assert_eq!(api.refused("Messages.json", &fields).await, (400, 21703));
}

#[tokio::test]
async fn a_service_prefers_its_alphanumeric_sender_outside_north_america() {
    let (sandbox, api) = account().await;
    let service = add_service(&sandbox);
    let number = sandbox.numbers()[0].sid;
    sandbox.add_number_to_service(service, number).unwrap();
    let path = format!("/v1/Services/{service}/AlphaSenders");
    let (status, added) = post(&api, &path, &[("AlphaSender", "My Clinic")]).await;
    assert_eq!((status, &added["alpha_sender"]), (201, &"My Clinic".into()));
    assert_eq!(added["capabilities"], json!(["SMS"]));
    let sid = added["sid"].as_str().unwrap();
    assert!(sid.starts_with("AI"));
    let one = format!("{path}/{sid}");
    let expected = json!({
        "sid": sid, "account_sid": sandbox.account_sid(), "service_sid": service,
        "alpha_sender": "My Clinic", "capabilities": ["SMS"],
        "date_created": added["date_created"], "date_updated": added["date_created"],
        "url": format!("{}{one}", sandbox.base_url()),
    });
    assert_eq!(added, expected);
    assert_eq!(api.send("GET", &one, None).await, (200, added.clone()));

    let abroad = sender_of_text(&sandbox, &api, service, AUSTRALIAN).await;
    assert_eq!(abroad, json!(["delivered", "My Clinic", null]));
    let at_home = sender_of_text(&sandbox, &api, service, VOLUNTEER).await;
    assert_eq!(at_home, json!(["delivered", CLINIC, null]));

    assert_eq!(api.send("DELETE", &one, None).await.0, 204);
    assert_eq!(api.send("GET", &one, None).await.0, 404);
    let later = sender_of_text(&sandbox, &api, service, AUSTRALIAN).await;
    assert_eq!(later, json!(["delivered", CLINIC, null]));
}

#[tokio::test]
async fn a_pool_with_only_an_alphanumeric_sender_cannot_text_north_america() {
    let (sandbox, api) = account().await;
    let service = add_service(&sandbox);
    let path = format!("/v1/Services/{service}/AlphaSenders");
    assert_eq!(post(&api, &path, &[("AlphaSender", "Clinic")]).await.0, 201);
    let sent = sender_of_text(&sandbox, &api, service, VOLUNTEER).await;
    assert_eq!(sent, json!(["failed", null, 21703]));
    let sent = sender_of_text(&sandbox, &api, service, AUSTRALIAN).await;
    assert_eq!(sent, json!(["delivered", "Clinic", null]));
    let through = ("MessagingServiceSid", service.as_str());
    let named = |from| [("To", AUSTRALIAN), ("From", from), through, ("Body", "x")];
    api.create("Messages.json", &named("Clinic")).await;
    let refused = api.refused("Messages.json", &named("Other")).await;
    assert_eq!(refused, (400, 21711));
}

#[tokio::test]
async fn a_service_has_at_most_one_alphanumeric_sender() {
    let (sandbox, api) = account().await;
    let service = add_service(&sandbox);
    let path = format!("/v1/Services/{service}/AlphaSenders");
    for (name, expected) in [
        ("", (400, 21708)),
        ("123456", (400, 21709)),
        ("A name of more than 11", (400, 21709)),
        ("Clinic", (201, 0)),
        ("Second", (400, 21714)),
    ] {
        let (status, found) = post(&api, &path, &[("AlphaSender", name)]).await;
        let code = found["code"].as_u64().unwrap_or_default();
        assert_eq!((status, code), expected, "{name}");
    }
    let (_, list) = api.send("GET", &path, None).await;
    let names = list["alpha_senders"].as_array().unwrap();
    assert_eq!(names.len(), 1);
    assert_eq!(names[0]["alpha_sender"], "Clinic");
    sandbox.set_account_type("Trial");
    let trial = add_service(&sandbox);
    let path = format!("/v1/Services/{trial}/AlphaSenders");
    let (status, found) = post(&api, &path, &[("AlphaSender", "Clinic")]).await;
    assert_eq!((status, &found["code"]), (400, &21709.into()));
}

#[tokio::test]
async fn a_service_has_no_senders_of_channels() {
    let (sandbox, api) = account().await;
    let service = add_service(&sandbox);
    let path = format!("/v1/Services/{service}/ChannelSenders");
    let (status, list) = api.send("GET", &path, None).await;
    assert_eq!((status, &list["senders"]), (200, &json!([])));
    assert_eq!(list["meta"]["key"], "senders");
    let sid = [("Sid", "XE00000000000000000000000000000000")];
    let (status, refused) = post(&api, &path, &sid).await;
    assert_eq!(status, 404);
    let message = refused["message"].as_str().unwrap();
    assert!(message.contains("does not support"), "{message}");
}

#[tokio::test]
async fn the_use_cases_of_services_are_listed() {
    let (_sandbox, api) = account().await;
    let (status, found) = api.send("GET", "/v1/Services/Usecases", None).await;
    assert_eq!(status, 200);
    assert_eq!(found.as_object().unwrap().len(), 1);
    let found = found["usecases"].as_array().unwrap();
    let names: Vec<_> = found.iter().map(|found| found["usecase"].clone()).collect();
    let expected = [
        "notifications",
        "marketing",
        "verification",
        "discussion",
        "poll",
        "undeclared",
    ];
    assert_eq!(names, expected);
    for use_case in found {
        assert_eq!(use_case.as_object().unwrap().len(), 3);
        assert!(use_case["purpose"].is_string() && use_case["description"].is_string());
        assert_ne!(use_case["purpose"], use_case["description"]);
    }
    for (method, path) in [
        ("POST", "/v1/Services/Usecases"),
        ("DELETE", "/v1/Services/Usecases"),
    ] {
        assert_eq!(api.send(method, path, None).await.0, 405);
    }
}
