//! The REST API: authentication, paths, malformed requests, lists.

use clinspark_twilio::sandbox::Sandbox;
use serde_json::Value;

use crate::app::{Api, CLINIC, VOLUNTEER, e164};

pub(crate) async fn account() -> (Sandbox, Api) {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.add_number(e164(CLINIC));
    let api = Api::new(&sandbox);
    (sandbox, api)
}

#[tokio::test]
async fn only_the_accounts_own_credentials_are_accepted() {
    let (sandbox, api) = account().await;
    let path = api.path("Messages.json");
    let (sid, token) = (
        sandbox.account_sid().to_string(),
        sandbox.auth_token().expose(),
    );
    for (user, password) in [(sid.as_str(), "wrong"), ("wrong", token), ("", "")] {
        let (status, value) = api.send_as(user, password, &path).await;
        assert_eq!((status, &value["code"]), (401, &20003.into()));
        assert_eq!(value["message"], "Authenticate");
    }
    let bare = api
        .http
        .get(format!("{}{path}", sandbox.base_url()))
        .send()
        .await
        .unwrap();
    assert_eq!(bare.status(), 401);
    assert_eq!(
        bare.headers()["www-authenticate"],
        "Basic realm=\"Twilio API\""
    );
    assert!(
        bare.headers()["twilio-request-id"]
            .to_str()
            .unwrap()
            .starts_with("RQ")
    );
    assert_eq!(api.send_as(&sid, token, &path).await.0, 200);

    let (key, secret) = sandbox.add_api_key();
    assert_eq!(
        api.send_as(key.as_str(), secret.expose(), &path).await.0,
        200
    );
    assert_eq!(api.send_as(key.as_str(), token, &path).await.0, 401);
    assert_eq!(api.send_as(&sid, secret.expose(), &path).await.0, 401);
}

#[tokio::test]
async fn an_unknown_path_is_not_found() {
    let (_sandbox, api) = account().await;
    let other = "/2010-04-01/Accounts/AC00000000000000000000000000000000/Messages.json";
    let mut paths = vec![
        other.to_owned(),
        "/2010-04-01".to_owned(),
        "/2011-01-01/Accounts.json".to_owned(),
    ];
    for resource in [
        "Nothing.json",
        "Messages/SM00000000000000000000000000000000.json",
        "Messages/CA00000000000000000000000000000000.json",
        "Calls/CA00000000000000000000000000000000.json",
        "Applications/AP00000000000000000000000000000000.json",
        "IncomingPhoneNumbers/PN00000000000000000000000000000000.json",
        "Messages//.json",
    ] {
        paths.push(api.path(resource));
    }
    for path in paths {
        let (status, value) = api.send("GET", &path, None).await;
        assert_eq!(
            (status, &value["code"], &value["status"]),
            (404, &20404.into(), &404.into())
        );
        let message = format!("The requested resource {path} was not found");
        assert_eq!(value["message"], message);
    }
    // Twilio answers these in XML.
    for resource in ["Messages", "Messages.xml", "Balance"] {
        let (status, value) = api.get(resource).await;
        assert_eq!((status, &value["code"]), (404, &20404.into()));
        let message = value["message"].as_str().unwrap();
        assert!(message.contains("JSON only"), "{message}");
    }
    for (method, resource) in [("DELETE", "Messages.json"), ("PUT", "Calls.json")] {
        let (status, value) = api.send(method, &api.path(resource), None).await;
        assert_eq!(
            (status, &value["code"]),
            (405, &20004.into()),
            "{method} {resource}"
        );
    }
}

#[tokio::test]
async fn malformed_requests_get_an_error_response() {
    let (sandbox, api) = account().await;
    let (account, token) = (sandbox.account_sid(), sandbox.auth_token().expose());
    for body in [
        &b"\xff\xfe=%zz&&&=&%"[..],
        b"To=%ff%fe&From=%00",
        b"To",
        b"=",
        b"To=%2B\0",
    ] {
        for resource in ["Messages.json", "Calls.json", "Applications.json"] {
            let url = format!("{}{}", sandbox.base_url(), api.path(resource));
            let request = api.http.post(url).basic_auth(account, Some(token));
            let request = request.header("content-type", "application/x-www-form-urlencoded");
            let status = request.body(body).send().await.unwrap().status();
            assert_eq!(status, 400, "{resource} {body:?}");
        }
    }
    for path in [
        "//",
        "/%zz",
        "/2010-04-01/Accounts//Messages.json",
        "/2010-04-01?%ff=%zz",
    ] {
        assert_eq!(api.send("GET", path, None).await.0, 404, "{path}");
    }
    let (status, value) = api.get("Messages.json?%ff=%zz").await;
    assert_eq!((status, &value["code"]), (400, &20001.into()));
}

#[tokio::test]
async fn a_created_message_has_twilios_json() {
    let (sandbox, api) = account().await;
    let fields = [("To", VOLUNTEER), ("From", CLINIC), ("Body", "Visit at 9")];
    let message = api.create("Messages.json", &fields).await;
    let (account, sid) = (
        sandbox.account_sid(),
        message["sid"].as_str().unwrap().to_owned(),
    );
    let uri = format!("/2010-04-01/Accounts/{account}/Messages/{sid}");
    let date = &message["date_created"];
    let expected = serde_json::json!({
        "account_sid": account, "api_version": "2010-04-01", "body": "Visit at 9",
        "date_created": date, "date_sent": null, "date_updated": date,
        "direction": "outbound-api", "error_code": null, "error_message": null,
        "from": CLINIC, "messaging_service_sid": null, "num_media": "0", "num_segments": "1",
        "price": null, "price_unit": "USD", "sid": sid, "status": "queued",
        "subresource_uris": { "media": format!("{uri}/Media.json") },
        "to": VOLUNTEER, "uri": format!("{uri}.json"),
    });
    assert_eq!(message, expected);
    // RFC 2822 with a numeric zone: `Thu, 24 Aug 2023 05:01:45 +0000`.
    let date = date.as_str().unwrap();
    assert!(date.len() == 31 && date.ends_with(" +0000"), "{date}");
}

#[tokio::test]
async fn lists_are_paged_newest_first() {
    let (sandbox, api) = account().await;
    for number in 0..5 {
        let to = format!("+1415555020{}", number % 2);
        let body = number.to_string();
        let fields = [
            ("To", to.as_str()),
            ("From", CLINIC),
            ("Body", body.as_str()),
        ];
        api.create("Messages.json", &fields).await;
    }
    sandbox.wait_idle().await.unwrap();
    let bodies = |list: &Value| -> String {
        let items = list["messages"].as_array().unwrap();
        items
            .iter()
            .map(|item| item["body"].as_str().unwrap())
            .collect()
    };
    let (_, first) = api.get("Messages.json?PageSize=2").await;
    assert_eq!(bodies(&first), "43");
    assert_eq!(
        (&first["page"], &first["page_size"]),
        (&0.into(), &2.into())
    );
    assert_eq!((&first["start"], &first["end"]), (&0.into(), &1.into()));
    assert_eq!(first["previous_page_uri"], Value::Null);

    // A message that is created in between moves no other message onto a second page.
    api.create(
        "Messages.json",
        &[("To", VOLUNTEER), ("From", CLINIC), ("Body", "5")],
    )
    .await;
    let next = first["next_page_uri"].as_str().unwrap();
    assert!(
        next.starts_with(&api.path("Messages.json?PageSize=2&Page=1&PageToken=PASM")),
        "{next}"
    );
    let (_, second) = api.send("GET", next, None).await;
    assert_eq!(bodies(&second), "21");
    let back = second["previous_page_uri"].as_str().unwrap();
    // The newest message is on the first page now.
    assert_eq!(bodies(&api.send("GET", back, None).await.1), "54");
    let (_, third) = api
        .send("GET", second["next_page_uri"].as_str().unwrap(), None)
        .await;
    assert_eq!(
        (bodies(&third).as_str(), &third["next_page_uri"]),
        ("0", &Value::Null)
    );

    let (_, filtered) = api.get("Messages.json?To=%2B14155550201&PageSize=1").await;
    assert_eq!(bodies(&filtered), "3");
    let next = filtered["next_page_uri"].as_str().unwrap();
    assert!(next.contains("?To=%2B14155550201&"), "{next}");
    let (_, rest) = api.send("GET", next, None).await;
    assert_eq!(
        (bodies(&rest).as_str(), &rest["next_page_uri"]),
        ("1", &Value::Null)
    );

    for (query, code) in [
        ("PageSize=0", 20007),
        ("PageSize=1001", 20007),
        ("PageSize=x", 20007),
        ("PageToken=PAmadeup", 21481),
        ("Form=1", 20001),
        ("DateSent=yesterday", 20422),
    ] {
        let (status, value) = api.get(&format!("Messages.json?{query}")).await;
        assert_eq!((status, &value["code"]), (400, &code.into()), "{query}");
    }
    for (query, count) in [
        ("DateSent%3E=2020-01-01", 6),
        ("DateSent%3C=2020-01-01", 0),
        ("DateSent=2020-01-01", 0),
        ("DateSent%3E=2020-01-01T00:00:00Z&From=%2B14155550100", 6),
        ("DateSent%3E=2999-01-01T00:00:00Z", 0),
    ] {
        sandbox.wait_idle().await.unwrap();
        let (_, list) = api.get(&format!("Messages.json?{query}")).await;
        assert_eq!(bodies(&list).len(), count, "{query}");
    }
}

#[tokio::test]
async fn calls_are_listed_by_status_and_number() {
    let (sandbox, api) = account().await;
    let fields = [
        ("To", VOLUNTEER),
        ("From", CLINIC),
        ("Twiml", "<Response/>"),
    ];
    api.create("Calls.json", &fields).await;
    let _phone = sandbox.phone(e164(VOLUNTEER));
    sandbox.wait_idle().await.unwrap();
    api.create("Calls.json", &fields).await;
    sandbox.wait_idle().await.unwrap();
    for (query, count) in [
        ("", 2),
        ("Status=completed", 1),
        ("Status=no-answer", 1),
        ("Status=busy", 0),
        ("To=%2B14155550123", 2),
        ("StartTime%3E=2020-01-01", 1),
        ("EndTime%3E=2020-01-01", 2),
        ("ParentCallSid=CA00000000000000000000000000000000", 0),
    ] {
        let (_, list) = api.get(&format!("Calls.json?{query}")).await;
        assert_eq!(list["calls"].as_array().unwrap().len(), count, "{query}");
    }
}

#[tokio::test]
async fn a_finished_message_can_be_redacted_and_deleted() {
    let (sandbox, api) = account().await;
    let fields = [("To", VOLUNTEER), ("From", CLINIC), ("Body", "secret")];
    let message = api.create("Messages.json", &fields).await;
    sandbox.wait_idle().await.unwrap();
    let resource = format!("Messages/{}.json", message["sid"].as_str().unwrap());
    assert_eq!(
        api.refused(&resource, &[("Status", "canceled")]).await,
        (400, 30409)
    );
    assert_eq!(
        api.refused(&resource, &[("Body", "other")]).await,
        (400, 20422)
    );
    let (status, redacted) = api.post(&resource, &[("Body", "")]).await;
    assert_eq!(
        (status, &redacted["body"], &redacted["status"]),
        (200, &"".into(), &"delivered".into())
    );
    assert_eq!(
        api.send("DELETE", &api.path(&resource), None).await,
        (204, Value::Null)
    );
    assert_eq!(api.get(&resource).await.0, 404);
}

/// Older versions of the official client for Python write `True` and `False`.
#[tokio::test]
async fn a_flag_is_true_or_false_in_any_case() {
    let (_sandbox, api) = account().await;
    let create = async |sticky: &str, validated: &str| {
        let form =
            format!("FriendlyName=Clinic&StickySender={sticky}&SynchronousValidation={validated}");
        api.send("POST", "/v1/Services", Some(form)).await
    };
    for (sticky, validated) in [("false", "true"), ("False", "True"), ("FALSE", "TRUE")] {
        let (status, service) = create(sticky, validated).await;
        assert_eq!(status, 201, "{service}");
        assert_eq!(
            (
                &service["sticky_sender"],
                &service["synchronous_validation"]
            ),
            (&false.into(), &true.into())
        );
    }
    assert_eq!(create("", "").await.1["sticky_sender"], true);
    let (status, refused) = create("no", "true").await;
    assert_eq!((status, &refused["code"]), (400, &20422.into()));

    // Curly quotes are sent as plain ones, which fit into one segment.
    let body = "\u{201c}".repeat(80);
    for (flag, segments) in [("False", "2"), ("True", "1")] {
        let fields = [
            ("To", VOLUNTEER),
            ("From", CLINIC),
            ("Body", body.as_str()),
            ("SmartEncoded", flag),
        ];
        let text = api.create("Messages.json", &fields).await;
        assert_eq!(text["num_segments"], segments, "{flag}");
    }
    for (flag, count) in [("True", 1), ("False", 0)] {
        let query = format!("AvailablePhoneNumbers/US/Local.json?SmsEnabled={flag}&PageSize=1");
        let (_, list) = api.get(&query).await;
        let found = list["available_phone_numbers"].as_array().unwrap();
        assert_eq!(found.len(), count, "{flag}");
    }
}
