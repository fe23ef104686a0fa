//! The Calls resource: who may be called, answering machines, limits of time, updates, lists.

use std::time::Duration;

use clinspark_twilio::phone::{ClientIdentity, SipUri};
use clinspark_twilio::sandbox::{AnswerBehavior, ClockMode, Sandbox};
use clinspark_twilio::types::{AnsweredBy, CallDirection, CallStatus};

use crate::app::{Api, App, CLINIC, VOLUNTEER, codes, e164};

const SAY: &str = "<Response><Say>Hello</Say></Response>";
const WAIT: &str = "<Response><Gather action=\"http://127.0.0.1/\"/></Response>";

async fn clinic(mode: ClockMode) -> (Sandbox, App, Api) {
    let sandbox = Sandbox::builder().clock(mode).start().await.unwrap();
    sandbox.add_number(e164(CLINIC));
    let (app, api) = (App::start(&sandbox).await, Api::new(&sandbox));
    (sandbox, app, api)
}

fn call<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let own = [("To", VOLUNTEER), ("From", CLINIC)];
    let own = own
        .into_iter()
        .filter(|(name, _)| more.iter().all(|(given, _)| given != name));
    own.chain(more.iter().copied()).collect()
}

const fn machine(seconds: u64, beeps: bool) -> AnswerBehavior {
    AnswerBehavior::Machine {
        greeting: Duration::from_secs(seconds),
        beeps,
    }
}

#[tokio::test]
async fn the_request_for_instructions_says_who_answered() {
    // Behavior; parameters; result and its time in milliseconds.
    type Case = (
        AnswerBehavior,
        &'static [(&'static str, &'static str)],
        &'static str,
        &'static str,
    );
    const END: &[(&str, &str)] = &[("MachineDetection", "DetectMessageEnd")];
    const ENABLE: &[(&str, &str)] = &[("MachineDetection", "Enable")];
    let cases: &[Case] = &[
        (AnswerBehavior::Answer, ENABLE, "human", "2000"),
        (AnswerBehavior::Answer, END, "human", "2000"),
        (machine(6, true), ENABLE, "machine_start", "2400"),
        (machine(6, true), END, "machine_end_beep", "6500"),
        (machine(6, false), END, "machine_end_silence", "7200"),
        // A short greeting sounds like a person.
        (machine(2, true), ENABLE, "human", "3200"),
        (
            machine(2, true),
            &[
                ("MachineDetection", "Enable"),
                ("MachineDetectionSpeechThreshold", "1000"),
            ],
            "machine_start",
            "1000",
        ),
        (
            machine(20, true),
            &[
                ("MachineDetection", "DetectMessageEnd"),
                ("MachineDetectionTimeout", "10"),
            ],
            "unknown",
            "10000",
        ),
        (AnswerBehavior::Silence, ENABLE, "unknown", "5000"),
        (AnswerBehavior::Fax, ENABLE, "fax", "2000"),
    ];
    for (behavior, parameters, answered_by, after) in cases {
        let (sandbox, app, api) = clinic(ClockMode::Held).await;
        sandbox
            .phone(e164(VOLUNTEER))
            .set_answer_behavior(*behavior);
        app.twiml("/voice", "<Say>Your visit is tomorrow</Say>");
        let (url, end) = (app.url("/voice"), app.url("/end"));
        let mut fields = call(&[("Url", &url), ("StatusCallback", &end)]);
        fields.extend(*parameters);
        api.create("Calls.json", &fields).await;
        let millis: u64 = after.parse().unwrap();
        // The request waits for the result.
        sandbox
            .advance(Duration::from_millis(millis - 1))
            .await
            .unwrap();
        assert!(app.seen("/voice").is_empty(), "{behavior:?}");
        sandbox.advance(Duration::from_millis(1)).await.unwrap();
        let seen = &app.seen("/voice")[0];
        assert_eq!(
            (
                seen.field("AnsweredBy"),
                seen.field("MachineDetectionDuration")
            ),
            (*answered_by, *after)
        );
        sandbox.advance(Duration::from_secs(60)).await.unwrap();
        assert_eq!(app.seen("/end")[0].field("AnsweredBy"), *answered_by);
        let sid = sandbox.calls()[0].sid;
        let (_, fetched) = api.get(&format!("Calls/{sid}.json")).await;
        assert_eq!(fetched["answered_by"], *answered_by);
        assert_eq!(codes(&sandbox), [] as [u32; 0]);
    }
}

#[tokio::test]
async fn an_asynchronous_detection_has_a_callback_of_its_own() {
    let (sandbox, app, api) = clinic(ClockMode::Held).await;
    let phone = sandbox.phone(e164(VOLUNTEER));
    phone.set_answer_behavior(machine(6, true));
    app.twiml("/voice", "<Pause length=\"20\"/>");
    let (url, amd) = (app.url("/voice"), app.url("/amd"));
    let fields = [
        ("Url", url.as_str()),
        ("MachineDetection", "Enable"),
        ("AsyncAmd", "true"),
        ("AsyncAmdStatusCallback", &amd),
    ];
    api.create("Calls.json", &call(&fields)).await;
    sandbox.wait_idle().await.unwrap();
    let seen = &app.seen("/voice")[0];
    assert!(!seen.has("AnsweredBy") && app.seen("/amd").is_empty());
    sandbox.advance(Duration::from_millis(2400)).await.unwrap();
    let seen = &app.seen("/amd")[0];
    assert_eq!(seen.field("AnsweredBy"), "machine_start");
    assert_eq!(seen.field("MachineDetectionDuration"), "2400");
    assert_eq!(seen.field("CallSid"), sandbox.calls()[0].sid.as_str());
    assert_eq!((seen.method.as_str(), seen.fields.len()), ("POST", 4));
    assert_eq!(
        sandbox.calls()[0].answered_by,
        Some(AnsweredBy::MachineStart)
    );

    // A call that ends before has no result.
    phone.answer().await.unwrap().hang_up().await.unwrap();
    api.create("Calls.json", &call(&fields)).await;
    phone.answer().await.unwrap().hang_up().await.unwrap();
    sandbox.advance(Duration::from_secs(60)).await.unwrap();
    assert_eq!(app.seen("/amd").len(), 1);
    assert_eq!(sandbox.calls()[1].answered_by, None);
    assert_eq!(codes(&sandbox), [] as [u32; 0]);

    // Invalid settings are warnings, and have their defaults.
    let (sandbox, _, api) = clinic(ClockMode::Instant).await;
    let _phone = sandbox.phone(e164(VOLUNTEER));
    let fields = [
        ("Twiml", SAY),
        ("MachineDetection", "Enable"),
        ("MachineDetectionSilenceTimeout", "1"),
        ("AsyncAmd", "true"),
    ];
    api.create("Calls.json", &call(&fields)).await;
    sandbox.wait_idle().await.unwrap();
    assert_eq!(codes(&sandbox), [21263, 21262]);
    assert_eq!(sandbox.calls()[0].answered_by, Some(AnsweredBy::Human));
}

#[tokio::test]
async fn digits_are_played_when_the_phone_answers_and_replace_the_detection() {
    let (sandbox, _, api) = clinic(ClockMode::Instant).await;
    let phone = sandbox.phone(e164(VOLUNTEER));
    let fields = [
        ("Twiml", SAY),
        ("SendDigits", "ww12#"),
        ("MachineDetection", "Enable"),
    ];
    api.create("Calls.json", &call(&fields)).await;
    let heard = phone.answer().await.unwrap();
    assert_eq!(heard.hear().await.unwrap(), "keys ww12#");
    assert_eq!(heard.hear().await.unwrap(), "Hello");
    heard.wait_ended().await.unwrap();
    assert_eq!(sandbox.calls()[0].answered_by, None);
    for digits in ["12x", "123456789012345678901234567890123"] {
        let fields = call(&[("Twiml", SAY), ("SendDigits", digits)]);
        assert_eq!(api.refused("Calls.json", &fields).await.0, 400);
    }
}

#[tokio::test]
async fn a_phone_that_no_one_answers_rings_for_the_timeout() {
    for (parameters, seconds) in [(vec![("Timeout", "5")], 5), (vec![], 60)] {
        let (sandbox, app, api) = clinic(ClockMode::Instant).await;
        let phone = sandbox.phone(e164(VOLUNTEER));
        phone.set_answer_behavior(AnswerBehavior::Ring);
        let end = app.url("/end");
        let mut fields = call(&[("Twiml", SAY), ("StatusCallback", &end)]);
        fields.extend(parameters);
        api.create("Calls.json", &fields).await;
        let almost = Duration::from_millis(seconds * 1000 - 1);
        sandbox.advance(almost).await.unwrap();
        assert_eq!(sandbox.calls()[0].status, CallStatus::Ringing);
        sandbox.advance(Duration::from_millis(1)).await.unwrap();
        assert_eq!(sandbox.calls()[0].status, CallStatus::NoAnswer);
        assert_eq!(app.seen("/end")[0].field("CallStatus"), "no-answer");
    }
}

#[tokio::test]
async fn a_phone_declines_a_ringing_call() {
    let (sandbox, app, api) = clinic(ClockMode::Instant).await;
    let phone = sandbox.phone(e164(VOLUNTEER));
    phone.set_answer_behavior(AnswerBehavior::Ring);
    let end = app.url("/end");
    let fields = call(&[("Twiml", SAY), ("StatusCallback", &end)]);
    api.create("Calls.json", &fields).await;
    phone.decline().await.unwrap();
    assert_eq!(sandbox.calls()[0].status, CallStatus::Busy);
    let seen = &app.seen("/end")[0];
    assert_eq!(
        (seen.field("CallStatus"), seen.field("SipResponseCode")),
        ("busy", "486")
    );
}

#[tokio::test]
async fn the_time_limit_ends_a_call() {
    let (sandbox, _, api) = clinic(ClockMode::Instant).await;
    let phone = sandbox.phone(e164(VOLUNTEER));
    let fields = call(&[("Twiml", WAIT), ("TimeLimit", "4")]);
    api.create("Calls.json", &fields).await;
    let heard = phone.answer().await.unwrap();
    sandbox.advance(Duration::from_secs(3)).await.unwrap();
    assert_eq!(heard.status(), CallStatus::InProgress);
    sandbox.advance(Duration::from_secs(1)).await.unwrap();
    assert_eq!(heard.wait_ended().await.unwrap(), CallStatus::Completed);
    assert_eq!(sandbox.calls()[0].duration, Some(4));

    // Time that passes at once counts too.
    let long = "<Response><Pause length=\"90\"/><Say>never</Say></Response>";
    let fields = call(&[("Twiml", long), ("TimeLimit", "30")]);
    api.create("Calls.json", &fields).await;
    let heard = phone.answer().await.unwrap();
    assert_eq!(heard.wait_ended().await.unwrap(), CallStatus::Completed);
    assert_eq!(sandbox.calls()[1].duration, Some(30));
    assert!(heard.hear().await.is_err());

    // The limit of a live call can be changed.
    api.create("Calls.json", &call(&[("Twiml", WAIT)])).await;
    let heard = phone.answer().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    let resource = format!("Calls/{}.json", heard.sid());
    assert_eq!(api.post(&resource, &[("TimeLimit", "2")]).await.0, 200);
    sandbox.advance(Duration::from_secs(2)).await.unwrap();
    assert_eq!(heard.wait_ended().await.unwrap(), CallStatus::Completed);
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
    assert_eq!(codes(&sandbox), [20005]);
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
        for place in ["City", "State", "Zip", "Country"] {
            assert!(seen.has(&format!("{side}{place}")));
        }
    }
    assert!(!seen.has("ParentCallSid") && !seen.has("AnsweredBy"));
}
