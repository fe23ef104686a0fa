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
async fn content_templates_are_none_and_cannot_be_used() {
    let (sandbox, api) = account().await;
    let (status, list) = api.send("GET", "/v1/Content?PageSize=20", None).await;
    assert_eq!((status, &list["contents"]), (200, &Value::Array(vec![])));
    let meta = &list["meta"];
    assert_eq!(
        [&meta["key"], &meta["page_size"]],
        [&"contents".into(), &Value::from(20)]
    );
    assert_eq!(meta["next_page_url"], Value::Null);
    for (method, path) in [
        ("POST", "/v1/Content"),
        ("GET", "/v1/Content/HX00000000000000000000000000000000"),
        ("GET", "/v1/ContentAndApprovals"),
    ] {
        let (status, found) = api.send(method, path, None).await;
        assert_eq!((status, &found["code"]), (404, &20404.into()), "{path}");
    }
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
async fn each_path_belongs_to_the_host_of_one_product() {
    let (sandbox, api) = account().await;
    let service = sandbox.add_service(&[("FriendlyName", "Clinic")]).unwrap();
    let owned = [
        ("accounts", "/v1/Messaging/GeoPermissions".to_owned()),
        ("accounts", "/v1/AuthTokens/Promote".to_owned()),
        ("accounts", "/v1/SafeList/Numbers".to_owned()),
        ("accounts", "/v1/Consents/Bulk".to_owned()),
        ("api", api.path("Calls.json")),
        ("api", "/2010-04-01/Accounts.json".to_owned()),
        ("content", "/v1/Content".to_owned()),
        ("iam", "/v1/Keys".to_owned()),
        ("lookups", "/v1/PhoneNumbers/+14155550123".to_owned()),
        ("lookups", "/v2/PhoneNumbers/+14155550123".to_owned()),
        ("messaging", "/v1/Services".to_owned()),
        ("messaging", format!("/v1/Services/{service}/PhoneNumbers")),
        ("messaging", "/v1/a2p/BrandRegistrations".to_owned()),
        ("messaging", "/v1/Tollfree/Verifications".to_owned()),
        ("messaging", "/v1/Deactivations".to_owned()),
        ("monitor", "/v1/Alerts".to_owned()),
        ("monitor", "/v1/Events".to_owned()),
        ("oauth", "/v1/token".to_owned()),
        ("oauth", "/v2/token".to_owned()),
        ("voice", "/v1/Settings".to_owned()),
        ("voice", "/v1/DialingPermissions/Countries".to_owned()),
    ];
    let products = [
        "accounts",
        "api",
        "content",
        "iam",
        "lookups",
        "messaging",
        "monitor",
        "oauth",
        "voice",
    ];
    for (owner, path) in &owned {
        for product in products {
            let (status, message) = send_to(&sandbox, &api, product, "GET", path).await;
            let elsewhere = message.contains("does not support this path of");
            assert_eq!(elsewhere, product != *owner, "{product} {path}: {message}");
            if elsewhere {
                assert_eq!(status, 404, "{product} {path}");
            }
        }
    }
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
    assert_eq!(send("other", "GET", &messages).await.0, 403);
    assert!(sandbox.services().is_empty());
}

#[tokio::test]
async fn the_start_of_a_path_can_name_the_product() {
    let (sandbox, api) = account().await;
    let service = sandbox.add_service(&[("FriendlyName", "Clinic")]).unwrap();
    let messages = api.path("Messages.json");
    for (product, path) in [
        ("api", messages.as_str()),
        ("messaging", "/v1/Services"),
        ("accounts", "/v1/Messaging/GeoPermissions"),
        ("lookups", "/v2/PhoneNumbers/+14155550123"),
        ("voice", "/v1/Settings"),
    ] {
        for prefix in [
            format!("/{product}"),
            format!("/{product}.twilio.com"),
            format!("/{product}.dublin.ie1.twilio.com"),
        ] {
            let (status, found) = api.send("GET", &format!("{prefix}{path}"), None).await;
            assert_eq!(status, 200, "{prefix}{path}: {found}");
        }
    }
    // Links lead to the same product through the same base URL.
    let (_, found) = api.send("GET", "/messaging/v1/Services", None).await;
    let base = format!("{}/messaging/v1/Services", sandbox.base_url());
    assert_eq!(found["services"][0]["url"], format!("{base}/{service}"));
    let first = found["meta"]["first_page_url"].as_str().unwrap();
    assert!(first.starts_with(&base), "{first}");
    // The start of the path outranks the host.
    let path = "/messaging/v1/Services";
    assert_eq!(send_to(&sandbox, &api, "voice", "GET", path).await.0, 200);

    for (path, problem) in [
        (
            "/conversations/v1/Services",
            "the product conversations.twilio.com",
        ),
        (
            "/verify.twilio.com/v2/Services",
            "the product verify.twilio.com",
        ),
        ("/voice/v1/Services", "this path of voice.twilio.com"),
        // A path of `preview`, although `marketplace` is a product too.
        (
            "/marketplace/AvailableAddOns",
            "the product preview.twilio.com",
        ),
    ] {
        let (status, found) = api.send("GET", path, None).await;
        let expected = format!("The sandbox does not support {problem}");
        assert_eq!((status, &found["message"]), (404, &expected.into()));
    }
    for path in ["/other/v1/Services", "/messaging", "/messaging/"] {
        assert_eq!(api.send("GET", path, None).await.0, 404, "{path}");
    }
    // A product in the path permits nothing: credentials are checked as for the path alone.
    let url = format!("{}/api/2010-04-01/Accounts.json", sandbox.base_url());
    assert_eq!(api.http.get(url).send().await.unwrap().status(), 401);
}
