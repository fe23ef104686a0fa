//! Products of Twilio: told apart by host or path; those that are not simulated are refused.

use clinspark_twilio::sandbox::Sandbox;
use serde_json::Value;

use crate::api::account;
use crate::app::{Api, CLINIC, VOLUNTEER};

/// Sends a request with a product's host. Returns the status and the message of the error.
async fn send_to(
    sandbox: &Sandbox,
    api: &Api,
    product: &str,
    method: &str,
    path: &str,
) -> (u16, String) {
    let port = sandbox.base_url().rsplit(':').next().unwrap();
    let response = api
        .http
        .request(
            method.parse().unwrap(),
            format!("{}{path}", sandbox.base_url()),
        )
        .header("host", format!("{product}.localhost:{port}"))
        .basic_auth(sandbox.account_sid(), Some(sandbox.auth_token().expose()))
        .send()
        .await
        .unwrap();
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    let found: Value = serde_json::from_str(&text).unwrap_or_default();
    (
        status,
        found["message"].as_str().unwrap_or_default().to_owned(),
    )
}

#[tokio::test]
async fn products_that_are_not_simulated_say_so() {
    let (_sandbox, api) = account().await;
    for (product, path) in [
        ("pricing", "/v1/Messaging/Countries/AU"),
        ("pricing", "/v1/PhoneNumbers/Countries/US"),
        ("content", "/v1/Content"),
        ("content", "/v1/ContentAndApprovals"),
        ("verify", "/v2/Services"),
        (
            "verify",
            "/v2/Services/VA00000000000000000000000000000000/Verifications",
        ),
        ("conversations", "/v1/Conversations"),
        ("studio", "/v2/Flows"),
        ("taskrouter", "/v1/Workspaces"),
        ("trusthub", "/v1/CustomerProfiles"),
        ("video", "/v1/Compositions"),
    ] {
        for method in ["GET", "POST", "DELETE"] {
            let (status, found) = api.send(method, path, None).await;
            assert_eq!((status, &found["code"]), (404, &20404.into()), "{path}");
            let expected = format!("The sandbox does not support the product {product}.twilio.com");
            assert_eq!(found["message"], expected, "{method} {path}");
        }
    }
    // Twilio may have other paths, so the error does not claim that there is no such resource.
    for path in ["/v1/Nothing", "/v2/Nothing/1", "/v3/OptOuts"] {
        let (status, found) = api.send("GET", path, None).await;
        let message = found["message"].as_str().unwrap();
        assert_eq!(status, 404);
        assert!(
            message.contains("does not support") && message.contains(path),
            "{message}"
        );
    }
}

#[tokio::test]
async fn content_templates_are_refused_with_the_reason() {
    let (sandbox, api) = account().await;
    let content = ("ContentSid", "HX00000000000000000000000000000000");
    let fields = [("To", VOLUNTEER), ("From", CLINIC), content];
    let (status, found) = api.post("Messages.json", &fields).await;
    assert_eq!((status, &found["code"]), (400, &21655.into()));
    let message = found["message"].as_str().unwrap();
    assert!(
        message.contains("sandbox does not support content templates"),
        "{message}"
    );
    assert!(sandbox.messages().is_empty());
}

#[tokio::test]
async fn hosts_tell_products_apart() {
    let (sandbox, api) = account().await;
    let send = async |product: &str, method: &str, path: &str| {
        send_to(&sandbox, &api, product, method, path).await
    };
    let messages = api.path("Messages.json");
    let keys = format!("/v1/Keys?AccountSid={}", sandbox.account_sid());
    for (product, path) in [
        ("api", messages.as_str()),
        ("messaging", "/v1/Services"),
        ("accounts", "/v1/Messaging/GeoPermissions"),
        ("monitor", "/v1/Alerts"),
        ("voice", "/v1/Settings"),
        ("lookups", "/v2/PhoneNumbers/+14155550123"),
        ("iam", keys.as_str()),
    ] {
        assert_eq!(send(product, "GET", path).await.0, 200, "{product} {path}");
    }
    // Several products have this path, and only one is simulated.
    for product in ["conversations", "sync", "notify", "proxy", "serverless"] {
        let (status, message) = send(product, "POST", "/v1/Services").await;
        let expected = format!("The sandbox does not support the product {product}.twilio.com");
        assert_eq!((status, message), (404, expected));
    }
    for (product, path) in [
        ("voice", "/v1/Services"),
        ("messaging", messages.as_str()),
        ("api", "/v1/Services"),
        ("voice", "/v1/ByocTrunks"),
    ] {
        let (status, message) = send(product, "GET", path).await;
        assert_eq!(status, 404, "{product} {path}");
        assert!(
            message.contains("does not support this path of"),
            "{message}"
        );
    }
    // A name that is no product is no host of the sandbox.
    assert_eq!(send("other", "GET", &messages).await.0, 421);
    assert!(sandbox.services().is_empty());
}
