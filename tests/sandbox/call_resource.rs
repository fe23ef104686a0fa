//! The Calls resource: who may be called, updates, lists.

use std::time::Duration;

use clinspark_twilio::phone::{ClientIdentity, SipUri};
use clinspark_twilio::sandbox::{AnswerBehavior, ClockMode, Sandbox};
use clinspark_twilio::types::{CallDirection, CallStatus};

use crate::app::{Api, App, CLINIC, VOLUNTEER, codes, e164};

pub(crate) const SAY: &str = "<Response><Say>Hello</Say></Response>";
pub(crate) const WAIT: &str = "<Response><Gather action=\"http://127.0.0.1/\"/></Response>";

pub(crate) async fn clinic(mode: ClockMode) -> (Sandbox, App, Api) {
    let sandbox = Sandbox::builder().clock(mode).start().await.unwrap();
    sandbox.add_number(e164(CLINIC));
    let (app, api) = (App::start(&sandbox).await, Api::new(&sandbox));
    (sandbox, app, api)
}

pub(crate) fn call<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let own = [("To", VOLUNTEER), ("From", CLINIC)];
    let own = own
        .into_iter()
        .filter(|(name, _)| more.iter().all(|(given, _)| given != name));
    own.chain(more.iter().copied()).collect()
}

#[tokio::test]
async fn the_api_calls_clients_and_sip_endpoints() {
    let (sandbox, app, api) = clinic(ClockMode::Instant).await;
    let nurse = sandbox.client(ClientIdentity::parse("nurse").unwrap());
    let desk = sandbox.sip_endpoint(SipUri::parse("sip:desk@example.com").unwrap());
    app.twiml("/voice", "<Say>Hello</Say>");
    let url = app.url("/voice");
    for (endpoint, to, from) in [
        (&nurse, "client:nurse", CLINIC),
        (&nurse, "client:nurse", "client:robot"),
        (&desk, "sip:desk@example.com", CLINIC),
        (&desk, "sip:desk@example.com", "Clinic_1"),
    ] {
        let fields = [("To", to), ("From", from), ("Url", url.as_str())];
        let created = api.create("Calls.json", &fields).await;
        assert_eq!(
            (&created["to"], &created["from"]),
            (&to.into(), &from.into())
        );
        let heard = endpoint.answer().await.unwrap();
        assert_eq!(heard.hear().await.unwrap(), "Hello");
        heard.wait_ended().await.unwrap();
    }
    assert_eq!(app.seen("/voice")[0].field("To"), "client:nurse");
    // A phone accepts no client as its caller, and a client no other text.
    for (to, from) in [(VOLUNTEER, "client:robot"), ("client:nurse", "Clinic_1")] {
        let fields = [("To", to), ("From", from), ("Twiml", SAY)];
        assert_eq!(api.refused("Calls.json", &fields).await, (400, 21212));
    }
}

#[tokio::test]
async fn calls_that_twilio_does_not_place_are_refused() {
    let (sandbox, _, api) = clinic(ClockMode::Instant).await;
    let other = sandbox.add_number(e164("+14155550101"));
    sandbox.remove_capability(other, "voice");
    sandbox.set_dialing_permission("DE".parse().unwrap(), false);
    for (to, from, code) in [
        ("+4930901820", CLINIC, 21215),
        (VOLUNTEER, "+14155550101", 21210),
        (VOLUNTEER, "+14155550102", 21210),
        ("+1555", CLINIC, 21211),
        ("+11111111111", CLINIC, 21211),
        ("+4400000000000", CLINIC, 21211),
        ("sip:desk", CLINIC, 21211),
        ("whatsapp:+14155550123", CLINIC, 21211),
    ] {
        let fields = [("To", to), ("From", from), ("Twiml", SAY)];
        assert_eq!(
            api.refused("Calls.json", &fields).await,
            (400, code),
            "{to}"
        );
    }
    assert!(sandbox.calls().is_empty());
    sandbox.set_dialing_permission("DE".parse().unwrap(), true);
    api.create(
        "Calls.json",
        &call(&[("To", "+4930901820"), ("Twiml", SAY)]),
    )
    .await;
    // A number of the USA needs no country code.
    let created = api
        .create(
            "Calls.json",
            &call(&[("To", "(415) 555-0123"), ("Twiml", SAY)]),
        )
        .await;
    assert_eq!(created["to"], VOLUNTEER);

    sandbox.set_account_status("suspended");
    let fields = call(&[("Twiml", SAY)]);
    assert_eq!(api.refused("Calls.json", &fields).await, (403, 20005));
    let inbound = sandbox.phone(e164(VOLUNTEER)).call(e164(CLINIC)).await;
    let inbound = inbound.unwrap();
    assert_eq!(inbound.wait_ended().await.unwrap(), CallStatus::Failed);
    assert_eq!(codes(&sandbox), [10003]);
}

#[tokio::test]
async fn a_phone_that_no_test_holds_rings_until_the_timeout() {
    let (sandbox, app, api) = clinic(ClockMode::Held).await;
    let url = app.url("/status");
    let fields = call(&[("Twiml", SAY), ("Timeout", "5"), ("StatusCallback", &url)]);
    let created = api.create("Calls.json", &fields).await;
    let path = format!("Calls/{}.json", created["sid"].as_str().unwrap());
    sandbox.advance(Duration::from_secs(4)).await.unwrap();
    assert_eq!(api.get(&path).await.1["status"], "ringing");
    assert!(app.seen("/status").is_empty());
    sandbox.advance(Duration::from_secs(1)).await.unwrap();
    let ended = api.get(&path).await.1;
    assert_eq!(
        (&ended["status"], &ended["duration"]),
        (&"no-answer".into(), &"0".into())
    );
    let end = &app.seen("/status")[0];
    assert_eq!(end.field("CallStatus"), "no-answer");
    assert_eq!(end.field("SipResponseCode"), "480");
}

#[tokio::test]
async fn a_call_to_a_number_of_the_account_is_an_inbound_call_too() {
    let (sandbox, app, api) = clinic(ClockMode::Instant).await;
    let other = sandbox.add_number(e164("+14155550101"));
    app.twiml("/voice", "<Gather/>");
    let url = app.url("/voice");
    sandbox
        .configure_number(other, &[("VoiceUrl", &url)])
        .unwrap();
    let fields = call(&[("To", "+14155550101"), ("Twiml", WAIT)]);
    let created = api.create("Calls.json", &fields).await;
    sandbox.wait_idle().await.unwrap();
    let calls = sandbox.calls();
    assert_eq!(
        (&calls[0].direction, &calls[1].direction),
        (&CallDirection::OutboundApi, &CallDirection::Inbound)
    );
    assert_eq!(app.seen("/voice")[0].field("From"), CLINIC);
    assert!(
        calls
            .iter()
            .all(|call| call.status == CallStatus::InProgress)
    );
    let resource = format!("Calls/{}.json", created["sid"].as_str().unwrap());
    api.post(&resource, &[("Status", "completed")]).await;
    sandbox.wait_idle().await.unwrap();
    let calls = sandbox.calls();
    assert!(
        calls
            .iter()
            .all(|call| call.status == CallStatus::Completed)
    );

    // A number that rejects its calls is busy.
    app.twiml("/reject", "<Reject/>");
    let url = app.url("/reject");
    sandbox
        .configure_number(other, &[("VoiceUrl", &url)])
        .unwrap();
    api.create("Calls.json", &fields).await;
    sandbox.wait_idle().await.unwrap();
    assert_eq!(sandbox.calls()[2].status, CallStatus::Busy);

    // A number that calls itself for ever ends.
    app.twiml("/loop", "<Dial>+14155550101</Dial>");
    let url = app.url("/loop");
    sandbox
        .configure_number(other, &[("VoiceUrl", &url)])
        .unwrap();
    api.create("Calls.json", &fields).await;
    sandbox.wait_idle().await.unwrap();
    let calls = sandbox.calls();
    assert!(calls.len() < 100 && calls.iter().any(|call| call.status == CallStatus::Busy));
}

#[tokio::test]
async fn a_call_that_has_ended_can_be_deleted() {
    let (sandbox, _, api) = clinic(ClockMode::Instant).await;
    let phone = sandbox.phone(e164(VOLUNTEER));
    api.create("Calls.json", &call(&[("Twiml", WAIT)])).await;
    let heard = phone.answer().await.unwrap();
    let path = api.path(&format!("Calls/{}.json", heard.sid()));
    let (status, refused) = api.send("DELETE", &path, None).await;
    assert_eq!((status, &refused["code"]), (409, &20009.into()));
    heard.hang_up().await.unwrap();
    assert_eq!(api.send("DELETE", &path, None).await.0, 204);
    assert_eq!(api.send("GET", &path, None).await.0, 404);
    assert!(sandbox.calls().is_empty());
}

#[tokio::test]
async fn a_call_lists_its_webhooks_and_its_alerts() {
    let (sandbox, app, api) = clinic(ClockMode::Instant).await;
    let phone = sandbox.phone(e164(VOLUNTEER));
    app.twiml("/voice", "<Redirect/><Say>never</Say>");
    app.twiml("/voice", "<Nonsense/>");
    let (url, end) = (app.url("/voice"), app.url("/end"));
    let fields = call(&[("Url", &url), ("StatusCallback", &end)]);
    api.create("Calls.json", &fields).await;
    let heard = phone.answer().await.unwrap();
    heard.wait_ended().await.unwrap();
    let resource = format!("Calls/{}", heard.sid());
    let (_, events) = api.get(&format!("{resource}/Events.json?PageSize=2")).await;
    let listed = events["events"].as_array().unwrap();
    assert_eq!(listed.len(), 2);
    assert_eq!(listed[0]["request"]["url"], url);
    assert_eq!(listed[0]["request"]["method"], "POST");
    assert_eq!(
        listed[0]["request"]["parameters"]["CallSid"],
        heard.sid().as_str()
    );
    assert_eq!(listed[0]["response"]["response_code"], 200);
    let next = events["next_page_uri"].as_str().unwrap();
    let (_, rest) = api.send("GET", next, None).await;
    assert_eq!(rest["events"][0]["request"]["url"], end);
    assert!(rest["next_page_uri"].is_null());

    let list = format!("{resource}/Notifications.json");
    let (_, found) = api.get(&list).await;
    let alert = &found["notifications"][0];
    assert_eq!(
        (&alert["error_code"], &alert["log"]),
        (&"12200".into(), &"1".into())
    );
    assert_eq!(alert["call_sid"], heard.sid().as_str());
    let (_, found) = api.get(&format!("{list}?Log=0")).await;
    assert_eq!(found["notifications"].as_array().unwrap().len(), 0);
    assert_eq!(api.post(&list, &[]).await.0, 405);
    assert_eq!(api.get(&format!("{resource}/Other.json")).await.0, 404);
}

#[tokio::test]
async fn a_status_callback_changes_only_with_new_instructions() {
    let (sandbox, app, api) = clinic(ClockMode::Instant).await;
    let phone = sandbox.phone(e164(VOLUNTEER));
    let (first, second) = (app.url("/first"), app.url("/second"));
    let fields = call(&[("Twiml", WAIT), ("StatusCallback", &first)]);
    for (update, path) in [
        (vec![("StatusCallback", second.as_str())], "/first"),
        (
            vec![("StatusCallback", second.as_str()), ("Twiml", SAY)],
            "/second",
        ),
    ] {
        api.create("Calls.json", &fields).await;
        let heard = phone.answer().await.unwrap();
        sandbox.wait_idle().await.unwrap();
        let resource = format!("Calls/{}.json", heard.sid());
        assert_eq!(api.post(&resource, &update).await.0, 200);
        if update.len() == 1 {
            assert_eq!(heard.status(), CallStatus::InProgress);
            heard.hang_up().await.unwrap();
        }
        heard.wait_ended().await.unwrap();
        let seen = app.seen(path);
        assert_eq!(seen[0].field("CallSid"), heard.sid().as_str());
    }
    assert_eq!(
        (app.seen("/first").len(), app.seen("/second").len()),
        (1, 1)
    );
}

#[tokio::test]
async fn an_update_while_the_phone_rings_is_refused() {
    let (sandbox, app, api) = clinic(ClockMode::Instant).await;
    let phone = sandbox.phone(e164(VOLUNTEER));
    phone.set_answer_behavior(AnswerBehavior::Ring);
    let created = api.create("Calls.json", &call(&[("Twiml", SAY)])).await;
    sandbox.wait_idle().await.unwrap();
    let resource = format!("Calls/{}.json", created["sid"].as_str().unwrap());
    let url = app.url("/voice");
    let update = [("Url", url.as_str())];
    assert_eq!(api.refused(&resource, &update).await, (400, 21220));
    let (_, listed) = api.get("Calls.json?Status=in-progress").await;
    assert_eq!(listed["calls"].as_array().unwrap().len(), 0);
    phone.answer().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    assert_eq!(api.refused(&resource, &update).await, (400, 21220));
}

#[tokio::test]
async fn calls_are_listed_by_status_recipient_and_time() {
    let (sandbox, _, api) = clinic(ClockMode::Instant).await;
    let phone = sandbox.phone(e164(VOLUNTEER));
    api.create("Calls.json", &call(&[("Twiml", SAY)])).await;
    api.create(
        "Calls.json",
        &call(&[("To", "+14155550124"), ("Twiml", SAY)]),
    )
    .await;
    sandbox.wait_idle().await.unwrap();
    api.create("Calls.json", &call(&[("Twiml", WAIT)])).await;
    phone.answer().await.unwrap();
    phone.answer().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    let yesterday = sandbox.now() - Duration::from_secs(86_400);
    let yesterday = jiff::Timestamp::try_from(yesterday).unwrap().strftime("%F");
    for (query, count) in [
        ("Status=in-progress".to_owned(), 1),
        ("Status=no-answer".to_owned(), 1),
        ("To=%2B14155550123".to_owned(), 2),
        (format!("To=%2B14155550123&StartTime%3E={yesterday}"), 2),
        (format!("StartTime%3C={yesterday}"), 0),
    ] {
        let (_, listed) = api.get(&format!("Calls.json?{query}")).await;
        let calls = listed["calls"].as_array().unwrap();
        assert_eq!(calls.len(), count, "{query}");
    }
}

#[tokio::test]
async fn a_call_needs_instructions_that_can_be_read() {
    let (_sandbox, _, api) = clinic(ClockMode::Instant).await;
    let refused = api.refused("Calls.json", &call(&[])).await;
    assert_eq!(refused, (400, 21205));
    let broken = call(&[("Twiml", "<Response><Say>")]);
    assert_eq!(api.refused("Calls.json", &broken).await, (400, 12100));
}

#[tokio::test]
async fn a_hundred_calls_by_twenty_five_at_a_time_mix_nothing_up() {
    let (sandbox, app, _) = clinic(ClockMode::Instant).await;
    let menu = "<Gather numDigits=\"1\" action=\"/pressed\"><Say>Press a key</Say></Gather>";
    app.twiml("/voice", menu);
    app.twiml("/pressed", "<Say>Thank you</Say>");
    let (number, url) = (sandbox.add_number(e164(CLINIC)), app.url("/voice"));
    sandbox
        .configure_number(number, &[("VoiceUrl", &url)])
        .unwrap();
    for round in 0..4 {
        let mut tasks = tokio::task::JoinSet::new();
        for index in 0..25 {
            let phone = sandbox.phone(e164(&format!("+1415555{:04}", 200 + round * 25 + index)));
            tasks.spawn(async move {
                let made = phone.call(e164(CLINIC)).await.unwrap();
                assert_eq!(made.hear().await.unwrap(), "Press a key");
                made.press(&(index % 10).to_string()).await.unwrap();
                assert_eq!(made.hear().await.unwrap(), "Thank you");
                let status = made.wait_ended().await.unwrap();
                (phone.number(), index % 10, status)
            });
        }
        while let Some(result) = tasks.join_next().await {
            let (number, key, status) = result.unwrap();
            assert_eq!(status, CallStatus::Completed);
            let seen = app.seen("/pressed");
            let own = seen
                .iter()
                .find(|seen| seen.field("From") == number.as_str());
            assert_eq!(own.unwrap().field("Digits"), key.to_string());
        }
    }
    assert_eq!((app.seen("/pressed").len(), app.forged()), (100, 0));
}

#[tokio::test]
async fn a_request_for_instructions_has_the_standard_fields() {
    let (sandbox, app, _) = clinic(ClockMode::Instant).await;
    let (number, url) = (sandbox.numbers()[0].sid, app.url("/voice"));
    app.twiml("/voice", "<Hangup/>");
    sandbox
        .configure_number(number, &[("VoiceUrl", &url)])
        .unwrap();
    let made = sandbox.phone(e164(VOLUNTEER)).call(e164(CLINIC)).await;
    made.unwrap().wait_ended().await.unwrap();
    let seen = &app.seen("/voice")[0];
    for (name, value) in [
        ("AccountSid", sandbox.account_sid().as_str()),
        ("ApiVersion", "2010-04-01"),
        ("From", VOLUNTEER),
        ("Caller", VOLUNTEER),
        ("To", CLINIC),
        ("Called", CLINIC),
        ("CallStatus", "ringing"),
        ("Direction", "inbound"),
    ] {
        assert_eq!(seen.field(name), value);
    }
    for side in ["From", "To", "Caller", "Called"] {
        for (name, value) in [
            ("City", "SAN FRANCISCO"),
            ("State", "CA"),
            ("Zip", "94108"),
            ("Country", "US"),
        ] {
            assert_eq!(seen.field(&format!("{side}{name}")), value);
        }
    }
    assert_eq!(seen.field("StirVerstat"), "TN-Validation-Passed-A");
    let token: serde_json::Value = serde_json::from_str(seen.field("CallToken")).unwrap();
    assert!(token["parentCallInfoToken"].is_string());
    assert!(!seen.has("ParentCallSid") && !seen.has("AnsweredBy"));
}

#[tokio::test]
async fn a_call_token_permits_the_caller_of_its_call() {
    let (sandbox, app, api) = clinic(ClockMode::Instant).await;
    let (number, url) = (sandbox.numbers()[0].sid, app.url("/voice"));
    app.twiml("/voice", "<Hangup/>");
    sandbox
        .configure_number(number, &[("VoiceUrl", &url)])
        .unwrap();
    let made = sandbox.phone(e164(VOLUNTEER)).call(e164(CLINIC)).await;
    made.unwrap().wait_ended().await.unwrap();
    let token = app.seen("/voice")[0].field("CallToken").to_owned();
    let call = |from, token| {
        [
            ("To", "+14155550188"),
            ("From", from),
            ("Twiml", "<Response/>"),
            ("CallToken", token),
        ]
    };
    for (from, token) in [
        (VOLUNTEER, ""),
        (VOLUNTEER, "made-up"),
        ("+14155550199", token.as_str()),
    ] {
        let refused = api.refused("Calls.json", &call(from, token)).await;
        assert_eq!(refused, (400, 21210), "{from} {token}");
    }
    let created = api.create("Calls.json", &call(VOLUNTEER, &token)).await;
    assert_eq!(created["from"], VOLUNTEER);
}
