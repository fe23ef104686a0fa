//! The REST API: authentication, validation with Twilio's error codes, lists.

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
        "/".to_owned(),
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
async fn invalid_messages_are_rejected_with_twilios_codes() {
    let (sandbox, api) = account().await;
    let long = "é".repeat(1601);
    let eleven = [("MediaUrl", "https://example.com/a.png"); 11];
    let cases: Vec<(u64, Vec<(&str, &str)>)> = vec![
        (21604, vec![("From", CLINIC), ("Body", "x")]),
        (21604, vec![("To", ""), ("From", CLINIC), ("Body", "x")]),
        (21603, vec![("To", VOLUNTEER), ("Body", "x")]),
        (21602, vec![("To", VOLUNTEER), ("From", CLINIC)]),
        (
            21602,
            vec![("To", VOLUNTEER), ("From", CLINIC), ("Body", "")],
        ),
        (
            21211,
            vec![("To", "415555012"), ("From", CLINIC), ("Body", "x")],
        ),
        (
            21211,
            vec![("To", "+1415555O123"), ("From", CLINIC), ("Body", "x")],
        ),
        (
            21211,
            vec![
                ("To", "+14155550123456789"),
                ("From", CLINIC),
                ("Body", "x"),
            ],
        ),
        (
            // North America takes no alphanumeric senders.
            21612,
            vec![("To", VOLUNTEER), ("From", "Clinic"), ("Body", "x")],
        ),
        (
            21606,
            vec![("To", VOLUNTEER), ("From", "+14155550101"), ("Body", "x")],
        ),
        (21266, vec![("To", CLINIC), ("From", CLINIC), ("Body", "x")]),
        (
            21617,
            vec![("To", VOLUNTEER), ("From", CLINIC), ("Body", &long)],
        ),
        (
            21623,
            [vec![("To", VOLUNTEER), ("From", CLINIC)], eleven.to_vec()].concat(),
        ),
        (
            21620,
            vec![("To", VOLUNTEER), ("From", CLINIC), ("MediaUrl", "a.png")],
        ),
        (
            20001,
            vec![("To", VOLUNTEER), ("From", CLINIC), ("Bdoy", "x")],
        ),
        (
            21705,
            vec![
                ("To", VOLUNTEER),
                ("MessagingServiceSid", "MG00000000000000000000000000000000"),
                ("Body", "x"),
            ],
        ),
        (
            35118,
            vec![
                ("To", VOLUNTEER),
                ("From", CLINIC),
                ("Body", "x"),
                ("ScheduleType", "fixed"),
            ],
        ),
        (
            21655,
            vec![("To", VOLUNTEER), ("From", CLINIC), ("ContentSid", "HX1")],
        ),
        (
            21211,
            vec![("To", "+15005550001"), ("From", CLINIC), ("Body", "x")],
        ),
        (
            21612,
            vec![("To", "+15005550002"), ("From", CLINIC), ("Body", "x")],
        ),
        (
            21408,
            vec![("To", "+15005550003"), ("From", CLINIC), ("Body", "x")],
        ),
        (
            21610,
            vec![("To", "+15005550004"), ("From", CLINIC), ("Body", "x")],
        ),
        (
            21614,
            vec![("To", "+15005550009"), ("From", CLINIC), ("Body", "x")],
        ),
        (
            21212,
            vec![("To", VOLUNTEER), ("From", "+15005550001"), ("Body", "x")],
        ),
    ];
    for (code, fields) in &cases {
        assert_eq!(
            api.refused("Messages.json", fields).await,
            (400, *code),
            "{fields:?}"
        );
    }
    for (name, value, code) in [
        ("StatusCallback", "not a url", 21609),
        ("StatusCallback", "/relative", 21609),
        ("StatusCallback", "https://under_score.example.com/", 21609),
        ("StatusCallback", "ftp://example.com/", 21609),
        (
            "ApplicationSid",
            "AP00000000000000000000000000000000",
            21420,
        ),
        ("ValidityPeriod", "36001", 21624),
        ("SmartEncoded", "yes", 20422),
    ] {
        let fields = [
            ("To", VOLUNTEER),
            ("From", CLINIC),
            ("Body", "x"),
            (name, value),
        ];
        assert_eq!(
            api.refused("Messages.json", &fields).await,
            (400, code),
            "{name}={value}"
        );
    }
    assert!(sandbox.messages().is_empty());

    // Twilio reads only forms and ignores the parameters of a JSON body.
    let json = api
        .http
        .post(format!(
            "{}{}",
            sandbox.base_url(),
            api.path("Messages.json")
        ))
        .basic_auth(sandbox.account_sid(), Some(sandbox.auth_token().expose()))
        .header("content-type", "application/json")
        .body(format!("{{\"To\":\"{VOLUNTEER}\"}}"));
    let answer: Value =
        serde_json::from_str(&json.send().await.unwrap().text().await.unwrap()).unwrap();
    assert_eq!(answer["code"], 21604);
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
        "/?%ff=%zz",
    ] {
        assert_eq!(api.send("GET", path, None).await.0, 404, "{path}");
    }
    let (status, value) = api.get("Messages.json?%ff=%zz").await;
    assert_eq!((status, &value["code"]), (400, &20001.into()));
}

#[tokio::test]
async fn invalid_calls_are_rejected_with_twilios_codes() {
    let (sandbox, api) = account().await;
    let twiml = "<Response/>";
    let long = format!("<Response><Say>{}</Say></Response>", "a".repeat(4000));
    let to = ("To", VOLUNTEER);
    let from = ("From", CLINIC);
    let cases: Vec<(u64, Vec<(&str, &str)>)> = vec![
        (21201, vec![from, ("Twiml", twiml)]),
        (21213, vec![to, ("Twiml", twiml)]),
        (21205, vec![to, from]),
        (21205, vec![to, from, ("Url", "voice.xml")]),
        (21211, vec![("To", "555"), from, ("Twiml", twiml)]),
        (21210, vec![to, ("From", "+14155550101"), ("Twiml", twiml)]),
        (21212, vec![to, ("From", "client:nurse"), ("Twiml", twiml)]),
        (32018, vec![to, from, ("Twiml", &long)]),
        (12100, vec![to, from, ("Twiml", "<Response>")]),
        (12102, vec![to, from, ("Twiml", "<Say/>")]),
        (
            21609,
            vec![to, from, ("Twiml", twiml), ("StatusCallback", "x")],
        ),
        (
            21626,
            vec![
                to,
                from,
                ("Twiml", twiml),
                ("StatusCallbackEvent", "sneezed"),
            ],
        ),
        (
            21209,
            vec![to, from, ("Url", "http://127.0.0.1/"), ("Method", "PUT")],
        ),
        (21208, vec![to, from, ("Twiml", twiml), ("Timeout", "601")]),
        (
            21218,
            vec![
                to,
                from,
                ("ApplicationSid", "AP00000000000000000000000000000000"),
            ],
        ),
        (20001, vec![to, from, ("TwiML", twiml)]),
        (21217, vec![("To", "+15005550001"), from, ("Twiml", twiml)]),
        (21214, vec![("To", "+15005550002"), from, ("Twiml", twiml)]),
        (21215, vec![("To", "+15005550003"), from, ("Twiml", twiml)]),
        (21216, vec![("To", "+15005550004"), from, ("Twiml", twiml)]),
        (21212, vec![to, ("From", "+15005550001"), ("Twiml", twiml)]),
    ];
    for (code, fields) in &cases {
        assert_eq!(
            api.refused("Calls.json", fields).await,
            (400, *code),
            "{fields:?}"
        );
    }
    assert!(sandbox.calls().is_empty());
    let silent = api.create("Applications.json", &[]).await;
    let fields = [
        to,
        from,
        ("ApplicationSid", silent["sid"].as_str().unwrap()),
    ];
    assert_eq!(api.refused("Calls.json", &fields).await, (400, 21205));
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
