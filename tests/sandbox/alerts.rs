//! Alerts of Twilio's debugger: their fields, their levels, and the warnings about TwiML.

use clinspark_twilio::sandbox::{PhoneCall, Sandbox};
use clinspark_twilio::types::Method;
use serde_json::Value;

use crate::api::account;
use crate::app::{Api, App, CLINIC, VOLUNTEER, codes, e164};

/// Starts a sandbox whose number asks an application about calls and texts.
async fn clinic() -> (Sandbox, App, Api) {
    let sandbox = Sandbox::start().await.unwrap();
    let number = sandbox.add_number(e164(CLINIC));
    let (app, api) = (App::start(&sandbox).await, Api::new(&sandbox));
    let (sms, voice) = (app.url("/sms?a=1"), app.url("/voice"));
    let settings = [("SmsUrl", &*sms), ("VoiceUrl", &voice)];
    sandbox.configure_number(number, &settings).unwrap();
    (sandbox, app, api)
}

async fn call(sandbox: &Sandbox) -> PhoneCall {
    sandbox
        .phone(e164(VOLUNTEER))
        .call(e164(CLINIC))
        .await
        .unwrap()
}

async fn listed(api: &Api, query: &str) -> Vec<Value> {
    let (status, page) = api.send("GET", &format!("/v1/Alerts{query}"), None).await;
    assert_eq!(status, 200, "{page}");
    page["alerts"].as_array().unwrap().clone()
}

#[tokio::test]
async fn an_alert_names_its_request_and_response() {
    let (sandbox, app, api) = clinic().await;
    app.reply("/sms", 500, "text/plain", "database down");
    let phone = sandbox.phone(e164(VOLUNTEER));
    phone.text(e164(CLINIC), "biopsy").await.unwrap();

    let [alert] = sandbox.alerts().try_into().unwrap();
    assert!(alert.sid.starts_with("NO") && alert.sid.len() == 34);
    assert_eq!((alert.code, &*alert.level), (11200, "error"));
    assert_eq!(alert.resource_sid, sandbox.messages()[0].sid.as_str());
    assert!(alert.date_generated <= sandbox.now());
    let text = "Msg=the+webhook+was+answered+with+an+error+status&httpResponse=500&ErrorCode=11200\
                &LogLevel=ERROR";
    assert_eq!(alert.text(), text);
    let request = alert.request.clone().unwrap();
    assert_eq!(
        (request.method, request.response_status),
        (Method::Post, Some(500))
    );
    assert_eq!(*request.url.expose(), app.url("/sms?a=1"));
    assert!(
        request
            .parameters
            .expose()
            .contains(&("Body".to_owned(), "biopsy".to_owned()))
    );
    assert_eq!(request.response_body.expose(), "database down");

    let [item] = listed(&api, "").await.try_into().unwrap();
    for (field, value) in [
        ("sid", &*alert.sid),
        ("error_code", "11200"),
        ("log_level", "error"),
        ("alert_text", text),
        ("request_method", "POST"),
        ("request_url", &app.url("/sms?a=1")),
        ("resource_sid", &alert.resource_sid),
        ("more_info", "https://www.twilio.com/docs/errors/11200"),
    ] {
        assert_eq!(item[field], value, "{field}");
    }
    assert!(item.get("response_body").is_none());

    let path = format!("/v1/Alerts/{}", alert.sid);
    assert!(item["url"].as_str().unwrap().ends_with(&path));
    let (status, fetched) = api.send("GET", &path, None).await;
    assert_eq!(
        (status, &fetched["response_body"]),
        (200, &"database down".into())
    );
    assert!(
        fetched["request_variables"]
            .as_str()
            .unwrap()
            .contains("Body=biopsy")
    );
    assert_eq!(fetched["alert_text"], text);
    let unknown = api
        .send("GET", "/v1/Alerts/NO00000000000000000000000000000000", None)
        .await;
    assert_eq!((unknown.0, &unknown.1["code"]), (404, &20404.into()));

    // The log of a test hides what the webhook contained.
    let shown = format!("{:?} {}", sandbox.alerts(), alert.text());
    for hidden in ["biopsy", "database", "5550123", "a=1"] {
        assert!(!shown.contains(hidden), "{hidden} in {shown}");
    }
}

#[tokio::test]
async fn a_webhook_that_was_not_sent_names_its_url() {
    let sandbox = Sandbox::start().await.unwrap();
    let number = sandbox.add_number(e164(CLINIC));
    let settings = [("SmsUrl", "https://example.com/sms"), ("SmsMethod", "GET")];
    sandbox.configure_number(number, &settings).unwrap();
    sandbox
        .phone(e164(VOLUNTEER))
        .text(e164(CLINIC), "hi")
        .await
        .unwrap();
    let alert = sandbox.alerts().remove(0);
    let request = alert.request.unwrap();
    assert_eq!(
        (alert.code, request.method, request.response_status),
        (11210, Method::Get, None)
    );
    assert!(request.url.expose().starts_with("https://example.com/sms"));
}

#[tokio::test]
async fn an_unsupported_verb_is_a_warning_with_the_request_of_its_document() {
    let (sandbox, app, api) = clinic().await;
    app.twiml("/voice", "<Frobnicate/><Say>next</Say>");
    assert_eq!(call(&sandbox).await.hear().await.unwrap(), "next");
    let alert = sandbox.alerts().remove(0);
    assert_eq!((alert.code, &*alert.level), (12200, "warning"));
    let warnings = listed(&api, "?LogLevel=warning").await;
    assert_eq!(warnings.len(), 1);
    assert_eq!(warnings[0]["request_url"], app.url("/voice"));
    assert_eq!(listed(&api, "?LogLevel=error").await, [Value::Null; 0]);
}

#[tokio::test]
async fn alerts_are_listed_by_level() {
    let (sandbox, _, api) = clinic().await;
    for (code, level) in [
        (11200, "error"),
        (13520, "warning"),
        (11751, "notice"),
        (12300, "error"),
    ] {
        sandbox.add_alert(code, level);
    }
    for (level, expected) in [
        ("error", &["12300", "11200"][..]),
        ("warning", &["13520"]),
        ("notice", &["11751"]),
        ("debug", &[]),
    ] {
        let alerts = listed(&api, &format!("?LogLevel={level}")).await;
        let codes: Vec<_> = alerts
            .iter()
            .map(|alert| alert["error_code"].clone())
            .collect();
        assert_eq!(codes, *expected, "{level}");
    }
}

#[tokio::test]
async fn faults_of_voice_twiml_are_warnings_and_the_verbs_run() {
    let long = "a ".repeat(3000);
    let long = format!("<Say>{long}</Say>");
    let hints = format!("<Gather hints=\"{}\"/>", "a,".repeat(500));
    let cases: &[(&str, &[u32])] = &[
        ("<Say>fine</Say>", &[]),
        (
            "<Say voice=\"Polly.Joanna\" language=\"en-US\" loop=\"2\">fine</Say>",
            &[],
        ),
        ("<Say voice=\"alice\">fine</Say><Pause length=\"2\"/>", &[]),
        ("<Say/>", &[13520]),
        ("<Say>  </Say>", &[13520]),
        (&long, &[13521]),
        ("<Say voice=\"bogus\">x</Say>", &[13511]),
        ("<Say loop=\"many\">x</Say>", &[13510]),
        ("<Say volume=\"11\">x</Say>", &[12200]),
        ("<Play loop=\"-1\">/a.mp3</Play>", &[13410]),
        ("<Play digits=\"12x\"/>", &[13430]),
        ("<Pause length=\"long\"/>", &[13910]),
        ("<Reject reason=\"tired\"/>", &[13810]),
        ("<Gather input=\"smell\"/>", &[13326]),
        ("<Gather numDigits=\"none\"/>", &[13314]),
        ("<Gather timeout=\"x\"/>", &[13313]),
        ("<Gather method=\"PUT\"/>", &[13312]),
        ("<Gather finishOnKey=\"##\"/>", &[13310]),
        (&hints, &[13330]),
        ("<Gather speechTimeout=\"x\"/>", &[13327]),
        (
            "<Gather speechTimeout=\"auto\" speechModel=\"default\"/>",
            &[13335],
        ),
        ("<Gather bargeIn=\"maybe\"/>", &[13332]),
        ("<Gather actionOnEmptyResult=\"x\"/>", &[13338]),
        ("<Gather><Record/></Gather>", &[13320]),
        ("<Gather><Say/></Gather>", &[13520]),
        ("<Record maxLength=\"x\"/>", &[13612, 16101]),
        ("<Record playBeep=\"x\"/>", &[13616, 16101]),
        ("<Record timeout=\"x\" trim=\"x\"/>", &[13611, 13699, 16101]),
        ("<Dial timeout=\"x\">+14155550199</Dial>", &[13212]),
        ("<Dial timeLimit=\"x\">+14155550199</Dial>", &[13216]),
        ("<Dial hangupOnStar=\"x\">+14155550199</Dial>", &[13213]),
        ("<Dial record=\"x\">+14155550199</Dial>", &[13217]),
        ("<Dial method=\"x\">+14155550199</Dial>", &[13210]),
        (
            "<Dial><Number sendDigits=\"x\">+14155550199</Number></Dial>",
            &[13222],
        ),
        (
            "<Dial><Say>x</Say><Number>+14155550199</Number></Dial>",
            &[13215],
        ),
    ];
    for (twiml, expected) in cases {
        let (sandbox, app, _) = clinic().await;
        app.twiml("/voice", twiml)
            .reply("/a.mp3", 200, "audio/mpeg", "ID3");
        call(&sandbox).await.hang_up().await.unwrap();
        assert_eq!(codes(&sandbox), *expected, "{twiml}");
        for alert in sandbox.alerts() {
            assert_eq!(alert.resource_sid, sandbox.calls()[0].sid.as_str());
            assert_eq!(*alert.request.unwrap().url.expose(), app.url("/voice"));
        }
    }
}

#[tokio::test]
async fn an_invalid_input_of_a_gather_counts_as_keys() {
    let (sandbox, app, _) = clinic().await;
    app.twiml(
        "/voice",
        "<Gather input=\"smell\" numDigits=\"1\" action=\"/pressed\"/>",
    );
    call(&sandbox).await.press("1").await.unwrap();
    assert_eq!(app.seen("/pressed")[0].field("Digits"), "1");
    assert_eq!(sandbox.alerts()[0].code, 13326);
}

#[tokio::test]
async fn faults_of_messaging_twiml_are_warnings() {
    let cases: &[(&str, &[u32])] = &[
        ("<Message>fine</Message>", &[]),
        ("<Message method=\"PUT\">x</Message>", &[14104]),
        ("<Message colour=\"red\">x</Message>", &[12200]),
        ("<Message><Bold>x</Bold><Body>x</Body></Message>", &[12200]),
    ];
    for (twiml, expected) in cases {
        let (sandbox, app, _) = clinic().await;
        app.twiml("/sms", twiml);
        let phone = sandbox.phone(e164(VOLUNTEER));
        assert_eq!(
            phone.text(e164(CLINIC), "hi").await.unwrap().len(),
            1,
            "{twiml}"
        );
        assert_eq!(codes(&sandbox), *expected, "{twiml}");
        assert!(
            sandbox
                .alerts()
                .iter()
                .all(|alert| alert.level == "warning")
        );
    }
}

#[tokio::test]
async fn twiml_of_an_api_request_is_checked_too() {
    let (sandbox, _, api) = clinic().await;
    let phone = sandbox.phone(e164(VOLUNTEER));
    let twiml = "<Response><Say/><Say shade=\"1\">x</Say></Response>";
    let fields = [("To", VOLUNTEER), ("From", CLINIC), ("Twiml", twiml)];
    api.create("Calls.json", &fields).await;
    phone.answer().await.unwrap().wait_ended().await.unwrap();
    assert_eq!(codes(&sandbox), [13520, 12200]);
    assert_eq!(sandbox.alerts()[0].request, None);
}

#[tokio::test]
async fn the_warnings_about_one_document_are_limited() {
    let (sandbox, app, _) = clinic().await;
    app.twiml("/voice", &"<Say/>".repeat(200));
    call(&sandbox).await.wait_ended().await.unwrap();
    assert_eq!(sandbox.alerts().len(), 20);
}

#[tokio::test]
async fn alerts_and_events_are_filtered_by_day_and_time() {
    let (sandbox, api) = account().await;
    let day = |time| {
        let time = jiff::Timestamp::try_from(time).unwrap();
        time.to_zoned_datetime(jiff::tz::TimeZone::UTC).date()
    };
    sandbox.add_alert(11200, "error");
    let _token = sandbox.add_secondary_auth_token();
    let today = day(sandbox.now());
    let (yesterday, tomorrow) = (today.yesterday().unwrap(), today.tomorrow().unwrap());
    for (list, name) in [("Alerts", "alerts"), ("Events", "events")] {
        for (query, count) in [
            (format!("StartDate={today}"), 1),
            (format!("EndDate={today}"), 1),
            (format!("StartDate={today}&EndDate={today}"), 1),
            (format!("StartDate={tomorrow}"), 0),
            (format!("EndDate={yesterday}"), 0),
            (format!("StartDate={yesterday}T00:00:00Z"), 1),
            (format!("StartDate={tomorrow}T23:59:59Z"), 0),
            (format!("EndDate={yesterday}T00:00:00%2B00:00"), 0),
        ] {
            let (status, found) = api.send("GET", &format!("/v1/{list}?{query}"), None).await;
            assert_eq!(status, 200, "{query}: {found}");
            assert_eq!(
                found[name].as_array().unwrap().len(),
                count,
                "{list} {query}"
            );
        }
    }
    // An invalid date is rejected even if there is nothing to filter.
    let (_empty, api) = account().await;
    for list in ["Alerts", "Events"] {
        for date in [
            "x",
            "20260101",
            "2026-02-30",
            "2026-01-01T00:00:00",
            "+999999-01-01",
        ] {
            let (status, found) = api
                .send("GET", &format!("/v1/{list}?StartDate={date}"), None)
                .await;
            assert_eq!(
                (status, &found["code"]),
                (400, &20001.into()),
                "{list} {date}"
            );
        }
    }
}
