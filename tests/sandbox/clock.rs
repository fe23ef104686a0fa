//! One clock for texts and calls: instant, held, in real time.

use std::time::{Duration, SystemTime};

use clinspark_twilio::sandbox::{AnswerBehavior, ClockMode, PhoneCall, Sandbox};
use clinspark_twilio::types::{CallStatus, MessageStatus};

use crate::app::{Api, App, CLINIC, VOLUNTEER, e164};

const SERVICE: [(&str, &str); 1] = [("FriendlyName", "Clinic")];

async fn start(mode: ClockMode) -> (Sandbox, Api) {
    let sandbox = Sandbox::builder().clock(mode).start().await.unwrap();
    sandbox.add_number(e164(CLINIC));
    let api = Api::new(&sandbox);
    (sandbox, api)
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn iso(time: SystemTime) -> String {
    jiff::Timestamp::try_from(time).unwrap().to_string()
}

#[tokio::test]
async fn a_scheduled_text_is_sent_at_its_time() {
    for mode in [ClockMode::Instant, ClockMode::Held, ClockMode::RealTime] {
        let (sandbox, api) = start(mode).await;
        let service = sandbox.add_service(&SERVICE).unwrap();
        let number = sandbox.numbers()[0].sid;
        sandbox.add_number_to_service(service, number).unwrap();
        let phone = sandbox.phone(e164(VOLUNTEER));
        let send_at = sandbox.now() + seconds(3600);
        let mut sids = Vec::new();
        for body in ["Visit at 9", "Canceled in time"] {
            let fields = [
                ("To", VOLUNTEER),
                ("MessagingServiceSid", service.as_str()),
                ("Body", body),
                ("ScheduleType", "fixed"),
                ("SendAt", &iso(send_at)),
            ];
            sids.push(api.create("Messages.json", &fields).await["sid"].clone());
        }
        let canceled = format!("Messages/{}.json", sids[1].as_str().unwrap());
        api.post(&canceled, &[("Status", "canceled")]).await;

        sandbox.advance(seconds(3590)).await.unwrap();
        assert!(phone.inbox().is_empty(), "{mode:?}");
        sandbox.advance(seconds(11)).await.unwrap();
        let inbox = phone.inbox();
        assert_eq!(inbox.len(), 1, "{mode:?}");
        assert_eq!(inbox[0].body.expose(), "Visit at 9");
        let [sent, canceled] = sandbox.messages().try_into().unwrap();
        assert_eq!(sent.status, MessageStatus::Delivered);
        assert_eq!(canceled.status, MessageStatus::Canceled);
    }
}

#[tokio::test]
async fn an_unanswered_call_ends_after_its_timeout() {
    for mode in [ClockMode::Instant, ClockMode::Held] {
        let (sandbox, api) = start(mode).await;
        let phone = sandbox.phone(e164(VOLUNTEER));
        phone.set_answer_behavior(AnswerBehavior::Ring);
        let fields = [
            ("To", VOLUNTEER),
            ("From", CLINIC),
            ("Twiml", "<Response/>"),
            ("Timeout", "20"),
        ];
        api.create("Calls.json", &fields).await;
        sandbox.advance(seconds(19)).await.unwrap();
        assert_eq!(sandbox.calls()[0].status, CallStatus::Ringing, "{mode:?}");
        sandbox.advance(seconds(1)).await.unwrap();
        assert_eq!(sandbox.calls()[0].status, CallStatus::NoAnswer, "{mode:?}");
    }
}

#[tokio::test]
async fn a_gather_ends_after_its_timeout_and_each_key_restarts_it() {
    let (sandbox, api) = start(ClockMode::Instant).await;
    let phone = sandbox.phone(e164(VOLUNTEER));
    phone.set_answer_behavior(AnswerBehavior::Ring);
    let twiml = "<Response><Gather timeout=\"4\" numDigits=\"2\"/><Say>Goodbye</Say></Response>";
    let fields = [("To", VOLUNTEER), ("From", CLINIC), ("Twiml", twiml)];
    api.create("Calls.json", &fields).await;
    let call = phone.answer().await.unwrap();
    sandbox.advance(seconds(3)).await.unwrap();
    assert_eq!(call.status(), CallStatus::InProgress);
    sandbox.advance(seconds(1)).await.unwrap();
    assert_eq!(call.hear().await.unwrap(), "Goodbye");
    assert_eq!(call.wait_ended().await.unwrap(), CallStatus::Completed);
    // Four seconds of silence, and one for the word.
    assert_eq!(sandbox.calls()[0].duration, Some(5));
}

#[tokio::test]
async fn a_held_call_speaks_and_pauses_only_as_the_clock_advances() {
    let (sandbox, api) = start(ClockMode::Held).await;
    let phone = sandbox.phone(e164(VOLUNTEER));
    phone.set_answer_behavior(AnswerBehavior::Ring);
    let twiml = "<Response><Say>One</Say><Pause length=\"10\"/><Say>Two</Say></Response>";
    let fields = [("To", VOLUNTEER), ("From", CLINIC), ("Twiml", twiml)];
    api.create("Calls.json", &fields).await;
    let call = phone.answer().await.unwrap();
    assert_eq!(call.hear().await.unwrap(), "One");
    sandbox.set_timeout(Duration::from_millis(50));
    sandbox.advance(seconds(10)).await.unwrap();
    assert!(call.hear().await.is_err());
    sandbox.advance(seconds(1)).await.unwrap();
    assert_eq!(call.hear().await.unwrap(), "Two");
    sandbox.advance(seconds(1)).await.unwrap();
    assert_eq!(call.wait_ended().await.unwrap(), CallStatus::Completed);
    assert_eq!(sandbox.calls()[0].duration, Some(12));
}

#[tokio::test]
async fn a_delivery_is_delayed_by_the_clock() {
    let (sandbox, api) = start(ClockMode::Held).await;
    sandbox.set_delivery_delay(seconds(2));
    let phone = sandbox.phone(e164(VOLUNTEER));
    let fields = [("To", VOLUNTEER), ("From", CLINIC), ("Body", "x")];
    api.create("Messages.json", &fields).await;
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(sandbox.messages()[0].status.clone());
        sandbox.advance(seconds(2)).await.unwrap();
    }
    let expected = [
        MessageStatus::Queued,
        MessageStatus::Sent,
        MessageStatus::Delivered,
    ];
    assert_eq!(statuses, expected);
    assert_eq!(phone.inbox().len(), 1);
    let sent = sandbox.messages()[0].clone();
    assert_eq!(sandbox.now(), sent.date_created + seconds(6));
}

#[tokio::test]
async fn a_call_in_real_time_takes_its_time() {
    let (sandbox, api) = start(ClockMode::RealTime).await;
    let phone = sandbox.phone(e164(VOLUNTEER));
    let twiml = "<Response><Pause length=\"1\"/></Response>";
    let fields = [("To", VOLUNTEER), ("From", CLINIC), ("Twiml", twiml)];
    let before = std::time::Instant::now();
    api.create("Calls.json", &fields).await;
    let call = phone.answer().await.unwrap();
    assert_eq!(call.wait_ended().await.unwrap(), CallStatus::Completed);
    assert!(before.elapsed() >= seconds(1));
}

/// A call that waits for keys, for five seconds.
async fn menu(sandbox: &Sandbox) -> (App, PhoneCall) {
    let app = App::start(sandbox).await;
    app.twiml("/voice", "<Gather/><Say>Goodbye</Say>");
    let number = sandbox.numbers()[0].sid;
    let url = app.url("/voice");
    let settings = [("VoiceUrl", url.as_str())];
    sandbox.configure_number(number, &settings).unwrap();
    let phone = sandbox.phone(e164(VOLUNTEER));
    let call = phone.call(e164(CLINIC)).await.unwrap();
    (app, call)
}

#[tokio::test]
async fn a_new_mode_neither_moves_the_clock_nor_loses_a_timeout() {
    let (sandbox, _) = start(ClockMode::RealTime).await;
    let (_app, call) = menu(&sandbox).await;
    let before = sandbox.now();
    sandbox.set_clock_mode(ClockMode::Held);
    assert_eq!(sandbox.clock_mode(), ClockMode::Held);
    let held = sandbox.now();
    assert!(held >= before && held < before + seconds(4));
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(sandbox.now(), held);
    for mode in [ClockMode::Instant, ClockMode::RealTime, ClockMode::Held] {
        let before = sandbox.now();
        sandbox.set_clock_mode(mode);
        assert!(sandbox.now() >= before && sandbox.now() < before + seconds(2));
    }
    assert_eq!(call.status(), CallStatus::InProgress);
    let before = sandbox.now();
    // The timeout of the <Gather>, of which the first mode has used a part.
    assert!(sandbox.advance_to_next().await.unwrap());
    let passed = sandbox.now().duration_since(before).unwrap();
    assert!(passed <= seconds(5) && passed > seconds(1), "{passed:?}");
    assert_eq!(call.hear().await.unwrap(), "Goodbye");
}

#[tokio::test]
async fn a_timeout_runs_out_in_the_mode_that_follows() {
    let (sandbox, _) = start(ClockMode::Instant).await;
    let (_app, call) = menu(&sandbox).await;
    sandbox.advance(seconds(4)).await.unwrap();
    sandbox.set_clock_mode(ClockMode::RealTime);
    let before = std::time::Instant::now();
    assert_eq!(call.hear().await.unwrap(), "Goodbye");
    assert!(before.elapsed() >= Duration::from_millis(900));
}

#[tokio::test]
async fn what_only_takes_time_ends_at_once_with_the_instant_mode() {
    let (sandbox, api) = start(ClockMode::RealTime).await;
    sandbox.set_delivery_delay(seconds(600));
    let phone = sandbox.phone(e164(VOLUNTEER));
    let text = [("To", VOLUNTEER), ("From", CLINIC), ("Body", "Visit")];
    api.create("Messages.json", &text).await;
    sandbox.wait_idle().await.unwrap();
    assert_eq!(phone.inbox(), []);
    sandbox.set_clock_mode(ClockMode::Instant);
    assert_eq!(phone.next_text().await.unwrap().body.expose(), "Visit");
    // Nothing is due any more.
    assert!(!sandbox.advance_to_next().await.unwrap());
}
