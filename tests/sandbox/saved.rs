//! Saved state: what one sandbox writes, another reads.

use std::time::Duration;

use clinspark_twilio::sandbox::{
    AnswerBehavior, ClockMode, DeliveryBehavior, Sandbox, SandboxErrorKind,
};
use clinspark_twilio::types::{CallStatus, MessageStatus, RecordingStatus};
use serde_json::{Value, json};

use crate::app::{Api, App, CLINIC, VOLUNTEER, codes, e164};

pub(crate) const NURSE: &str = "+14155550145";

/// A sandbox in which something of each kind has happened.
pub(crate) async fn lived_in(mode: ClockMode) -> (Sandbox, Api, App) {
    let sandbox = Sandbox::builder()
        .clock(mode)
        .seed(7)
        .start()
        .await
        .unwrap();
    let number = sandbox.add_number(e164(CLINIC));
    let app = App::start(&sandbox).await;
    app.twiml("/sms", "<Message>Thank you</Message>");
    app.twiml("/voice", "<Say>Press a key</Say><Gather numDigits=\"1\"/>");
    let (sms, voice) = (app.url("/sms"), app.url("/voice"));
    let settings = [("VoiceUrl", voice.as_str()), ("FriendlyName", "Menu")];
    let application = sandbox.add_application(&settings).unwrap();
    let settings = [
        ("SmsUrl", sms.as_str()),
        ("VoiceApplicationSid", application.as_str()),
    ];
    sandbox.configure_number(number, &settings).unwrap();
    sandbox.remove_capability(number, "mms");
    sandbox.add_service(&[("FriendlyName", "Clinic")]).unwrap();
    let phone = sandbox.phone(e164(VOLUNTEER));
    phone.set_delivery_behavior(DeliveryBehavior::Delivered);
    let greeting = Duration::from_millis(2500);
    let machine = AnswerBehavior::Machine {
        greeting,
        beeps: true,
    };
    sandbox.phone(e164(NURSE)).set_answer_behavior(machine);
    let files: [(&str, &[u8]); 1] = [("image/png", b"\x89PNG")];
    phone
        .text_with_files(e164(CLINIC), "Hello", &files)
        .await
        .unwrap();
    sandbox
        .phone(e164(NURSE))
        .text(e164(CLINIC), "STOP")
        .await
        .unwrap();
    let call = phone.call(e164(CLINIC)).await.unwrap();
    if mode == ClockMode::Held {
        sandbox.advance(Duration::from_secs(2)).await.unwrap();
    }
    call.press("1").await.unwrap();
    let api = Api::new(&sandbox);
    let recordings = format!("Calls/{}/Recordings.json", call.sid());
    api.create(&recordings, &[]).await;
    call.hang_up().await.unwrap();
    sandbox.add_alert(11200, "error");
    // Ahead of the clock of a sandbox that starts now.
    sandbox.advance(Duration::from_secs(3600)).await.unwrap();
    (sandbox, api, app)
}

#[tokio::test]
async fn a_saved_state_is_the_same_after_loading() {
    let (sandbox, _, _app) = lived_in(ClockMode::Held).await;
    let saved = sandbox.save_state();
    let later = Sandbox::builder().clock(ClockMode::Held).seed(7);
    let later = later.start().await.unwrap();
    later.load_state(&saved).await.unwrap();

    assert_eq!(later.save_state(), saved);
    assert_eq!(later.now(), sandbox.now());
    assert_eq!(later.numbers(), sandbox.numbers());
    assert_eq!(later.applications(), sandbox.applications());
    assert_eq!(later.services(), sandbox.services());
    assert_eq!(later.calls(), sandbox.calls());
    let call = later.calls()[0].sid;
    assert!(!later.transcript(call).is_empty());
    // The offset is kept in milliseconds.
    assert_eq!(later.transcript(call), sandbox.transcript(call));
    assert_eq!(codes(&later), codes(&sandbox));
    assert_eq!(later.recordings().len(), 1);
    assert_eq!(later.recordings(), sandbox.recordings());
    let sids = |sandbox: &Sandbox| -> Vec<_> {
        let messages = sandbox.messages().into_iter();
        messages.map(|it| (it.sid, it.status, it.body)).collect()
    };
    assert_eq!(sids(&later), sids(&sandbox));
    let inbox = later.phone(e164(VOLUNTEER)).inbox();
    assert_eq!(inbox, sandbox.phone(e164(VOLUNTEER)).inbox());
}

#[tokio::test]
async fn a_loaded_sandbox_works_on() {
    let (sandbox, _, app) = lived_in(ClockMode::Instant).await;
    let saved = sandbox.save_state();
    let later = Sandbox::builder().seed(7).start().await.unwrap();
    // A phone of the former world, and what had happened in it.
    let phone = later.phone(e164("+14155550189"));
    later.load_state(&saved).await.unwrap();
    let api = Api::new(&later);
    // The opt-out holds, and the same seed repeats no SID.
    let text = [("To", NURSE), ("From", CLINIC), ("Body", "Visit")];
    assert_eq!(api.refused("Messages.json", &text).await, (400, 21610));
    let fields = [("To", phone.number().as_str().to_owned())];
    let fields = fields.each_ref().map(|(name, to)| (*name, to.as_str()));
    let fields = [fields[0], ("From", CLINIC), ("Body", "Visit")];
    let created = api.create("Messages.json", &fields).await;
    let known = sandbox.messages();
    let mut known = known.iter().map(|message| message.sid.as_str());
    assert!(!known.any(|sid| created["sid"] == sid));
    assert_eq!(phone.next_text().await.unwrap().body.expose(), "Visit");
    // The number keeps its application, whose URL is that of the first sandbox's app.
    later
        .phone(e164(VOLUNTEER))
        .call(e164(CLINIC))
        .await
        .unwrap();
    assert!(
        later.webhooks()[0]
            .url
            .expose()
            .starts_with(&app.url("/voice"))
    );
}

#[tokio::test]
async fn a_message_on_its_way_is_delivered_after_loading() {
    let (sandbox, api, _app) = lived_in(ClockMode::Held).await;
    sandbox.set_delivery_delay(Duration::from_secs(60));
    let text = [("To", VOLUNTEER), ("From", CLINIC), ("Body", "Visit")];
    let sid = api.create("Messages.json", &text).await["sid"].clone();
    let later = Sandbox::start().await.unwrap();
    later.load_state(&sandbox.save_state()).await.unwrap();
    later.wait_idle().await.unwrap();
    let messages = later.messages();
    let message = messages.iter().find(|it| sid == it.sid.as_str()).unwrap();
    assert_eq!(message.status, MessageStatus::Delivered);
}

#[tokio::test]
async fn calls_and_recordings_in_progress_are_saved_as_ended() {
    let (sandbox, api, _app) = lived_in(ClockMode::Held).await;
    let talking = sandbox.phone(e164(VOLUNTEER));
    let talking = talking.call(e164(CLINIC)).await.unwrap();
    let recordings = format!("Calls/{}/Recordings.json", talking.sid());
    let recording = api.create(&recordings, &[]).await["sid"].clone();
    sandbox
        .phone(e164(NURSE))
        .set_answer_behavior(AnswerBehavior::Ring);
    let twiml = ("Twiml", "<Response/>");
    let ringing = [("To", NURSE), ("From", CLINIC), twiml];
    let ringing = api.create("Calls.json", &ringing).await["sid"].clone();
    sandbox.advance(Duration::from_secs(3)).await.unwrap();
    let now = sandbox.now();

    let later = Sandbox::start().await.unwrap();
    later.load_state(&sandbox.save_state()).await.unwrap();
    let calls = later.calls();
    let find = |sid: &str| calls.iter().find(|call| call.sid.as_str() == sid).unwrap();
    let talked = find(talking.sid().as_str());
    assert_eq!(
        (&talked.status, talked.duration, talked.end_time),
        (&CallStatus::Completed, Some(3), Some(now))
    );
    let unanswered = find(ringing.as_str().unwrap());
    assert_eq!(
        (&unanswered.status, unanswered.duration, unanswered.end_time),
        (&CallStatus::Canceled, Some(0), Some(now))
    );
    let kept = later.recordings();
    let kept = kept.iter().find(|it| recording == it.sid.as_str()).unwrap();
    assert_eq!(
        (&kept.status, kept.duration),
        (&RecordingStatus::Completed, Some(3))
    );
    // Both have a file, and no call is open to hang up.
    let api = Api::new(&later);
    let path = format!("Recordings/{}.json", kept.sid);
    assert_eq!(api.get(&path).await.1["duration"], "3");
    assert!(sandbox.calls().iter().any(|call| !call.status.is_final()));
}

#[tokio::test]
async fn changes_are_noticed_until_now_and_not_before() {
    let (sandbox, api, _app) = lived_in(ClockMode::Held).await;
    sandbox.wait_idle().await.unwrap();
    let mut changes = sandbox.changes();
    let no_change = tokio::time::timeout(Duration::from_millis(50), changes.next()).await;
    assert!(no_change.is_err(), "a change was noticed before any");
    let text = [("To", VOLUNTEER), ("From", CLINIC), ("Body", "Visit")];
    api.create("Messages.json", &text).await;
    changes.next().await;
    assert!(sandbox.save_state().contains("Visit"));
}

#[tokio::test]
async fn a_state_that_is_not_valid_changes_nothing() {
    let (sandbox, _, _app) = lived_in(ClockMode::Held).await;
    let saved = sandbox.save_state();
    let edit = |change: fn(&mut Value)| {
        let mut value: Value = serde_json::from_str(&saved).unwrap();
        change(&mut value);
        value.to_string()
    };
    let cases = [
        (String::new(), "no JSON object with a `version`"),
        ("[]".to_owned(), "no JSON object with a `version`"),
        (json!({"version": 2}).to_string(), "newer version"),
        (edit(|it| it["version"] = json!(2)), "newer version"),
        (edit(|it| it["numbers"][0]["sid"] = json!("XX")), "a field"),
        (edit(|it| it["messages"][0]["to"] = json!(5)), "a field"),
        (edit(|it| it["now"] = json!("yesterday")), "a field"),
        (saved[..saved.len() - 2].to_owned(), "no JSON object"),
    ];
    for (state, expected) in cases {
        let error = sandbox.load_state(&state).await.unwrap_err();
        assert_eq!(error.kind(), SandboxErrorKind::InvalidState);
        let text = format!("{error} {error:?}");
        assert!(text.contains(expected), "{text}");
        assert!(!text.contains(VOLUNTEER), "{text}");
        assert_eq!(sandbox.save_state(), saved);
    }
}

#[tokio::test]
async fn the_fields_are_in_the_order_of_the_format() {
    let sandbox = Sandbox::start().await.unwrap();
    let saved = sandbox.save_state();
    let names = [
        "version",
        "now",
        "ids_used",
        "numbers",
        "applications",
        "services",
        "short_codes",
        "caller_ids",
        "registrations",
        "phones",
        "opt_outs",
        "messages",
        "calls",
        "recordings",
        "alerts",
    ];
    let at = names.map(|name| saved.find(&format!("\n  \"{name}\"")).unwrap());
    assert!(at.is_sorted(), "{saved}");
    assert!(!saved.contains(sandbox.auth_token().expose()));
}
