//! Messages and calls that the REST API refuses, with Twilio's error codes.

use serde_json::Value;

use crate::api::account;
use crate::app::{CLINIC, VOLUNTEER};

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
