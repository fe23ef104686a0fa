//! What a text and a call are given on their way, and what keeps them from leaving.
#![cfg(feature = "client")]
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clinspark_twilio::client::testing::{FakeTransport, Recorded, Reply};
use clinspark_twilio::client::{ErrorKind as ClientErrorKind, Outcome, Runtime, Sleeping};
use clinspark_twilio::clinspark::{
    Consent, ConsentGate, ConsentNews, Contact, ErrorKind, GateFuture, Heard, MessageId, Messenger,
    QuietHours, RefusalKind, Settings, SettingsBuilder, TimeOfDay, UnknownZone, Way, Zone,
};
use clinspark_twilio::phone::E164;
use clinspark_twilio::sms::OptOut;
use clinspark_twilio::twiml::{Say, VoiceResponse};
use clinspark_twilio::types::AuthToken;
use clinspark_twilio::webhook::{
    MessageStatusCallback, OptOutScope, PublicOrigin, SIGNATURE_HEADER, Validator,
};

const ACCOUNT: &str = "AC00000000000000000000000000000001";
const SERVICE: &str = "MG00000000000000000000000000000003";
const VOLUNTEER: &str = "+61491570156";
const TYPED: &str = "0491 570 156";
const WORDS: &str = "Your visit is tomorrow at 9:00.";
const TEXTED: &str = r#"{"sid": "SM00000000000000000000000000000004", "status": "queued"}"#;
const CALLED: &str = r#"{"sid": "CA00000000000000000000000000000005", "status": "queued"}"#;

/// Noon of 1 January 2026 in Sydney.
const NOON: u64 = 1_767_229_200;

fn settings() -> SettingsBuilder {
    Settings::builder()
        .domain("demo")
        .account_sid(ACCOUNT)
        .auth_token("the-auth-token")
        .application_sid("AP00000000000000000000000000000002")
        .number("+61255501234")
        .default_country_prefix("61")
        .voice_path("/hooks/voice")
        .call_status_path("/hooks/call-status")
        .message_path("/hooks/message")
        .message_status_path("/hooks/message-status")
        .delivery("live")
}

/// A clock that stands still.
struct Clock(SystemTime);

impl Runtime for Clock {
    fn now(&self) -> SystemTime {
        self.0
    }

    fn sleep(&self, _: Duration) -> Sleeping {
        Box::pin(std::future::ready(()))
    }
}

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

fn messenger(settings: SettingsBuilder, line: &FakeTransport) -> Messenger {
    Messenger::over(settings.build().unwrap(), line.clone()).runtime(Clock(at(NOON)))
}

fn line(reply: &str) -> FakeTransport {
    FakeTransport::new().reply(Reply::json(201, reply))
}

fn says() -> VoiceResponse {
    VoiceResponse::new().append(Say::new("Your visit is tomorrow."))
}

fn id(id: &str) -> MessageId {
    MessageId::parse(id).unwrap()
}

fn only(line: &FakeTransport) -> Recorded {
    let [sent] = line.requests().try_into().unwrap();
    sent
}

#[tokio::test]
async fn a_text_is_given_everything_from_the_settings() {
    let line = line(TEXTED);
    let clinic = messenger(
        settings()
            .messaging_service_sid(SERVICE)
            .content_retention("discard")
            .address_retention("obfuscate"),
        &line,
    );
    clinic.text(TYPED, WORDS).id(id("visit-1")).await.unwrap();
    assert_eq!(
        sorted(&only(&line)),
        [
            ("AddressRetention", "obfuscate"),
            ("Body", WORDS),
            ("ContentRetention", "discard"),
            ("From", "+61255501234"),
            ("MessagingServiceSid", SERVICE),
            (
                "StatusCallback",
                "https://demo.clinspark.com/hooks/message-status?message_id=visit-1"
            ),
            ("To", VOLUNTEER),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
}

fn sorted(sent: &Recorded) -> Vec<(String, String)> {
    let mut parameters = sent.parameters();
    parameters.sort();
    parameters
}

#[tokio::test]
async fn a_call_carries_its_id_and_never_an_application() {
    let line = line(CALLED);
    let clinic = messenger(settings(), &line);
    clinic.call(TYPED, &says()).id(id("call-1")).await.unwrap();
    let sent = only(&line);
    assert_eq!(
        sent.parameter("StatusCallback").unwrap(),
        "https://demo.clinspark.com/hooks/call-status?message_id=call-1"
    );
    assert_eq!(sent.parameter("ApplicationSid"), None);
    assert_eq!(sent.parameter("From").unwrap(), "+61255501234");
    assert_eq!(sent.parameter("To").unwrap(), VOLUNTEER);
    let events: Vec<String> = sent
        .parameters()
        .into_iter()
        .filter_map(|(name, value)| (name == "StatusCallbackEvent").then_some(value))
        .collect();
    assert_eq!(events, ["initiated", "ringing", "answered", "completed"]);
}

#[tokio::test]
async fn without_a_path_nothing_is_asked_to_be_reported() {
    let bare = || {
        Settings::builder()
            .domain("demo")
            .account_sid(ACCOUNT)
            .auth_token("the-auth-token")
            .number("+61255501234")
            .default_country_prefix("61")
            .delivery("live")
    };
    let texts = line(TEXTED);
    messenger(bare(), &texts).text(TYPED, WORDS).await.unwrap();
    let calls = line(CALLED);
    messenger(bare(), &calls)
        .call(TYPED, &says())
        .await
        .unwrap();
    for line in [texts, calls] {
        assert_eq!(only(&line).parameter("StatusCallback"), None);
    }
}

#[tokio::test]
async fn the_id_comes_back_where_the_answer_was_lost() {
    let line = FakeTransport::new().reply(Reply::lost());
    let clinic = messenger(settings(), &line);
    let error = clinic.text(TYPED, WORDS).await.unwrap_err();
    assert!(matches!(error.outcome(), Outcome::Unknown { .. }));
    let made_up = error.message_id().unwrap().clone();
    let callback = only(&line).parameter("StatusCallback").unwrap();
    let path = callback.strip_prefix("https://demo.clinspark.com").unwrap();
    assert_eq!(path, format!("/hooks/message-status?message_id={made_up}"));

    // Twilio reports on it after all: now it has a SID.
    let report = format!(
        "MessageSid=SM00000000000000000000000000000004&MessageStatus=sent&AccountSid={ACCOUNT}\
         &From=%2B61255501234&To=%2B61491570156"
    );
    let verified = clinic.receive(signed(path, &report)).await.unwrap();
    assert_eq!(MessageId::of(&verified), Some(made_up.clone()));
    let report: MessageStatusCallback = verified.parse().unwrap();
    assert_eq!(
        report.message_sid.as_str(),
        "SM00000000000000000000000000000004"
    );

    // Each has its own.
    let other = clinic.text(TYPED, WORDS).await.unwrap_err();
    assert_ne!(other.message_id(), Some(&made_up));
    assert!(!format!("{error:?} {error}").contains("491570156"));
}

#[test]
fn an_id_holds_nothing_that_could_be_a_number() {
    for sound in [
        "a",
        "4711",
        "reminder-4711",
        "0190b8d2-7d3f-7c1a-9f00-1234567890ab",
        "61491570156x",
    ] {
        assert_eq!(MessageId::parse(sound).unwrap().as_str(), sound);
    }
    for bad in [
        "",
        "a b",
        "a&b",
        "a%2B",
        "+61491570156",
        "é",
        &"a".repeat(65),
    ] {
        assert_eq!(
            MessageId::parse(bad).unwrap_err().to_string(),
            "an id is 1 to 64 ASCII letters, digits and - _ ."
        );
    }
    for number in [
        "61491570156",
        "0491570156",
        "0491-570-156",
        "4155550123",
        "555.0123",
    ] {
        assert_eq!(
            MessageId::parse(number).unwrap_err().to_string(),
            "an id of so many digits could be a telephone number; put a letter to it"
        );
    }
}

#[tokio::test]
async fn a_text_is_scheduled_by_the_service_within_twilios_window() {
    const MINUTE: u64 = 60;
    let tomorrow = at(NOON + 24 * 60 * MINUTE);
    let line = line(TEXTED);
    let clinic = messenger(settings().messaging_service_sid(SERVICE), &line);
    clinic.text_at(TYPED, WORDS, tomorrow).await.unwrap();
    let sent = only(&line);
    assert_eq!(sent.parameter("SendAt").unwrap(), "2026-01-02T01:00:00Z");
    assert_eq!(sent.parameter("ScheduleType").unwrap(), "fixed");
    assert_eq!(sent.parameter("MessagingServiceSid").unwrap(), SERVICE);

    for (ahead, fault) in [
        (5 * MINUTE, "SendAt must be more than 5 minutes ahead"),
        (
            35 * 24 * 60 * MINUTE + 1,
            "SendAt must be at most 35 days ahead",
        ),
    ] {
        let error = clinic
            .text_at(TYPED, WORDS, at(NOON + ahead))
            .await
            .unwrap_err();
        assert_eq!(error.client().unwrap().kind(), ClientErrorKind::Invalid);
        assert_eq!(
            error.to_string(),
            format!("SendMessage: {fault}; nothing was sent")
        );
    }
    let alone = messenger(settings(), &line);
    let error = alone.text_at(TYPED, WORDS, tomorrow).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Setting);
    assert_eq!(
        error.to_string(),
        "cannot go on without messaging_service_sid (TWILIO_MESSAGING_SERVICE_SID)"
    );
    assert_eq!(line.requests().len(), 1);
}

#[tokio::test]
async fn a_staging_server_reaches_its_testers_and_nobody_else() {
    let later = at(NOON + 3_600);
    for delivery in ["off", "only:+61491570157"] {
        let line = FakeTransport::new();
        let staging = settings().messaging_service_sid(SERVICE).delivery(delivery);
        let clinic = messenger(staging, &line);
        let texted = clinic.text(TYPED, WORDS).await.unwrap_err();
        let scheduled = clinic.text_at(TYPED, WORDS, later).await.unwrap_err();
        let called = clinic.call(TYPED, &says()).await.unwrap_err();
        for error in [texted, scheduled, called] {
            assert_eq!(error.client().unwrap().kind(), ClientErrorKind::Guarded);
            assert_eq!(error.outcome(), &Outcome::NotSent);
        }
        assert!(line.requests().is_empty());
    }
    let line = FakeTransport::new()
        .reply(Reply::json(201, TEXTED))
        .reply(Reply::json(201, TEXTED))
        .reply(Reply::json(201, CALLED));
    let staging = settings().messaging_service_sid(SERVICE);
    let clinic = messenger(staging.delivery("only:+61491570156"), &line);
    clinic.text(TYPED, WORDS).await.unwrap();
    clinic.text_at(TYPED, WORDS, later).await.unwrap();
    clinic.call(TYPED, &says()).await.unwrap();
    let reached: Vec<_> = line.requests().iter().map(|r| r.parameter("To")).collect();
    assert_eq!(reached, [VOLUNTEER; 3].map(|to| Some(to.to_owned())));
}

#[tokio::test]
async fn instances_in_one_process_keep_to_themselves() {
    let (ours, theirs) = (line(TEXTED), line(TEXTED));
    let demo = messenger(settings(), &ours);
    let acme = messenger(
        settings()
            .domain("acme")
            .account_sid("AC00000000000000000000000000000009")
            .auth_token("another-token")
            .number("+442079460018")
            .default_country_prefix("44"),
        &theirs,
    );
    demo.text(TYPED, WORDS).id(id("a")).await.unwrap();
    acme.text("07911 123456", WORDS).id(id("a")).await.unwrap();
    for (line, account, from, to, origin) in [
        (
            ours,
            ACCOUNT,
            "+61255501234",
            VOLUNTEER,
            "https://demo.clinspark.com",
        ),
        (
            theirs,
            "AC00000000000000000000000000000009",
            "+442079460018",
            "+447911123456",
            "https://acme.clinspark.com",
        ),
    ] {
        let sent = only(&line);
        assert!(sent.path().contains(account));
        assert_eq!(sent.parameter("From").unwrap(), from);
        assert_eq!(sent.parameter("To").unwrap(), to);
        assert!(
            sent.parameter("StatusCallback")
                .unwrap()
                .starts_with(origin)
        );
    }
    let webhook = || signed("/hooks/message", &inbound("Hello", ""));
    assert!(demo.receive(webhook()).await.is_ok());
    let refusal = acme.receive(webhook()).await.unwrap_err();
    assert_eq!(refusal.kind(), RefusalKind::Signature);
}

/// Says what it is told to say, and keeps what it hears.
#[derive(Clone)]
struct Gate {
    answer: Result<Consent, &'static str>,
    asked: Arc<Mutex<Vec<Contact>>>,
    heard: Arc<Mutex<Vec<ConsentNews>>>,
}

impl Gate {
    fn new(answer: Result<Consent, &'static str>) -> Self {
        Self {
            answer,
            asked: Arc::default(),
            heard: Arc::default(),
        }
    }

    fn heard(&self) -> Vec<ConsentNews> {
        std::mem::take(&mut self.heard.lock().unwrap())
    }
}

impl ConsentGate for Gate {
    fn ask<'a>(&'a self, contact: &'a Contact) -> GateFuture<'a, Consent> {
        Box::pin(async move {
            tokio::task::yield_now().await;
            self.asked.lock().unwrap().push(contact.clone());
            Ok(self.answer?)
        })
    }

    fn told<'a>(&'a self, news: &'a ConsentNews) -> GateFuture<'a, ()> {
        Box::pin(async move {
            tokio::task::yield_now().await;
            self.heard.lock().unwrap().push(news.clone());
            self.answer?;
            Ok(())
        })
    }
}

#[tokio::test]
async fn consent_is_asked_for_before_each_send() {
    let line = FakeTransport::new()
        .reply(Reply::json(201, TEXTED))
        .reply(Reply::json(201, CALLED))
        .reply(Reply::json(201, TEXTED));
    let gate = Gate::new(Ok(Consent::Given));
    let service = settings().messaging_service_sid(SERVICE);
    let clinic = messenger(service, &line).consent_gate(gate.clone());
    let later = at(NOON + 3_600);
    clinic.text(TYPED, WORDS).id(id("a")).await.unwrap();
    clinic.call(TYPED, &says()).id(id("b")).await.unwrap();
    clinic
        .text_at(TYPED, WORDS, later)
        .id(id("c"))
        .await
        .unwrap();
    let asked: Vec<_> = gate
        .asked
        .lock()
        .unwrap()
        .iter()
        .map(|contact| (contact.to, contact.way, contact.at, contact.id.clone()))
        .collect();
    let to = E164::parse(VOLUNTEER).unwrap();
    assert_eq!(
        asked,
        [
            (to, Way::Text, at(NOON), id("a")),
            (to, Way::Call, at(NOON), id("b")),
            (to, Way::Text, later, id("c")),
        ]
    );
    assert!(gate.heard().is_empty());
    assert!(!format!("{clinic:?}").contains("491570156"));
}

#[tokio::test]
async fn nothing_leaves_without_consent_or_while_the_gate_cannot_answer() {
    for (answer, kind, message) in [
        (
            Ok(Consent::Withheld),
            ErrorKind::Consent,
            "the person has not agreed to be reached so",
        ),
        (
            Err("no database"),
            ErrorKind::Gate,
            "the consent gate could not be asked",
        ),
    ] {
        let line = FakeTransport::new();
        let clinic = messenger(settings(), &line).consent_gate(Gate::new(answer));
        let texted = clinic.text(TYPED, WORDS).await.unwrap_err();
        let called = clinic.call(TYPED, &says()).await.unwrap_err();
        for error in [texted, called] {
            assert_eq!((error.kind(), error.to_string().as_str()), (kind, message));
            assert_eq!(error.outcome(), &Outcome::NotSent);
            let source = std::error::Error::source(&error).map(ToString::to_string);
            assert_eq!(source, answer.err().map(str::to_owned));
        }
        assert!(line.requests().is_empty());
    }
}

/// Says yes to everybody and listens to nobody.
struct Deaf;
impl ConsentGate for Deaf {
    fn ask<'a>(&'a self, _: &'a Contact) -> GateFuture<'a, Consent> {
        Box::pin(async { Ok(Consent::Given) })
    }
    fn told<'a>(&'a self, _: &'a ConsentNews) -> GateFuture<'a, ()> {
        Box::pin(async { Err("no database".into()) })
    }
}

#[tokio::test]
async fn the_gate_is_told_that_twilio_says_the_person_opted_out() {
    let opted_out = || FakeTransport::new().reply(Reply::error(400, 21610));
    let gate = Gate::new(Ok(Consent::Given));
    let clinic = messenger(settings(), &opted_out()).consent_gate(gate.clone());
    let error = clinic.text(TYPED, WORDS).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.outcome()),
        (ErrorKind::Client, &Outcome::Rejected)
    );
    let [news] = gate.heard().try_into().unwrap();
    assert_eq!(news.person.phone(), E164::parse(VOLUNTEER).ok());
    assert_eq!(
        (news.heard, news.scope),
        (Heard::Refused, OptOutScope::Sender)
    );
    assert_eq!(news.message_sid, None);

    // Other refusals say nothing about consent.
    let line = FakeTransport::new().reply(Reply::error(400, 21211));
    let clinic = messenger(settings(), &line).consent_gate(gate.clone());
    clinic.text(TYPED, WORDS).await.unwrap_err();
    assert!(gate.heard().is_empty());

    // A gate that hears it badly: neither failure is lost.
    let clinic = messenger(settings(), &opted_out()).consent_gate(Deaf);
    let error = clinic.text(TYPED, WORDS).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.outcome()),
        (ErrorKind::Gate, &Outcome::Rejected)
    );
    assert_eq!(error.client().unwrap().code().unwrap().get(), 21610);
    assert_eq!(
        error.to_string(),
        "the person has opted out, and the consent gate could not be told"
    );
}

fn inbound(body: &str, more: &str) -> String {
    format!(
        "MessageSid=SM00000000000000000000000000000006&AccountSid={ACCOUNT}\
         &From=%2B61491570156&To=%2B61255501234&Body={body}&NumMedia=0&NumSegments=1{more}"
    )
}

fn signed(path: &str, form: &str) -> http::Request<String> {
    let mut request = http::Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form.to_owned())
        .unwrap();
    let origin = PublicOrigin::parse("https://demo.clinspark.com").unwrap();
    let token = AuthToken::new("the-auth-token").unwrap();
    let signature = Validator::new(token, origin).sign(&request);
    request
        .headers_mut()
        .insert(SIGNATURE_HEADER, signature.parse().unwrap());
    request
}

#[tokio::test]
async fn the_gate_is_told_of_what_people_say_and_of_nothing_else() {
    let gate = Gate::new(Ok(Consent::Given));
    let line = FakeTransport::new();
    let clinic = messenger(settings(), &line).consent_gate(gate.clone());
    let service = SERVICE.parse().unwrap();
    let in_service = format!("&MessagingServiceSid={SERVICE}");
    let status = |code: &str| {
        format!(
            "MessageSid=SM00000000000000000000000000000006&MessageStatus=failed\
             &AccountSid={ACCOUNT}&From=%2B61255501234&To=%2B61491570156{code}"
        )
    };
    for (form, heard) in [
        (
            inbound("STOP", ""),
            Some((Heard::Said(OptOut::Stop), OptOutScope::Sender)),
        ),
        (
            inbound("ARRET", &format!("&OptOutType=STOP{in_service}")),
            Some((Heard::Said(OptOut::Stop), OptOutScope::Service(service))),
        ),
        (
            inbound("Unstop", ""),
            Some((Heard::Said(OptOut::Start), OptOutScope::Sender)),
        ),
        (
            inbound("please+stop+texting+me", ""),
            Some((Heard::Said(OptOut::MaybeStop), OptOutScope::Sender)),
        ),
        (
            inbound("HELP", ""),
            Some((Heard::Said(OptOut::Help), OptOutScope::Sender)),
        ),
        (
            status("&ErrorCode=21610"),
            Some((Heard::Refused, OptOutScope::Sender)),
        ),
        (inbound("See+you+then", ""), None),
        (status("&ErrorCode=30003"), None),
        (status(""), None),
    ] {
        clinic
            .receive(signed("/hooks/message", &form))
            .await
            .unwrap();
        let told = gate.heard();
        assert_eq!(
            told.first().map(|news| (news.heard, news.scope)),
            heard,
            "{form}"
        );
        if let Some(news) = told.first() {
            assert_eq!(news.person.phone(), E164::parse(VOLUNTEER).ok());
            let sid = news.message_sid.unwrap();
            assert_eq!(sid.as_str(), "SM00000000000000000000000000000006");
        }
    }
    // A forged STOP silences nobody.
    let mut forged = signed("/hooks/message", &inbound("Hello", ""));
    *forged.body_mut() = inbound("STOP", "");
    clinic.receive(forged).await.unwrap_err();
    assert!(gate.heard().is_empty());
}

#[tokio::test]
async fn a_stop_that_cannot_be_written_down_is_not_taken_for_heard() {
    let gate = Gate::new(Err("no database"));
    let clinic = messenger(settings(), &FakeTransport::new()).consent_gate(gate);
    let refusal = clinic
        .receive(signed("/hooks/message", &inbound("STOP", "")))
        .await;
    let refusal = refusal.unwrap_err();
    assert_eq!(refusal.kind(), RefusalKind::Gate);
    let cause = std::error::Error::source(&refusal).unwrap();
    assert_eq!(
        format!("{refusal}: {cause}"),
        "the consent gate could not be told what the webhook says: no database"
    );
    let answer = refusal.into_response();
    assert_eq!(
        (answer.status().as_u16(), answer.body().as_str()),
        (503, "")
    );
    // What bears on nobody's consent comes through.
    let hello = signed("/hooks/message", &inbound("Hello", ""));
    assert!(clinic.receive(hello).await.is_ok());
}

fn nights(unknown: UnknownZone) -> QuietHours {
    let time = |text| TimeOfDay::parse(text).unwrap();
    QuietHours::new(time("21:00"), time("08:00"), unknown)
}

#[tokio::test]
async fn nobody_is_disturbed_at_night() {
    let line = FakeTransport::new()
        .reply(Reply::json(201, TEXTED))
        .reply(Reply::json(201, TEXTED))
        .reply(Reply::json(201, CALLED));
    let gate = Gate::new(Ok(Consent::Given));
    let clinic = messenger(settings().messaging_service_sid(SERVICE), &line)
        .quiet_hours(nights(UnknownZone::Refuse))
        .consent_gate(gate.clone());
    let zone = |name: &str| Zone::parse(name).unwrap();
    // Noon in Sydney is one at night in London.
    let london = clinic
        .text(TYPED, WORDS)
        .zone(zone("Europe/London"))
        .await
        .unwrap_err();
    let called = clinic
        .call(TYPED, &says())
        .zone(zone("Europe/London"))
        .await
        .unwrap_err();
    for error in [london, called] {
        assert_eq!(
            (error.kind(), error.outcome()),
            (ErrorKind::Quiet, &Outcome::NotSent)
        );
        assert_eq!(error.to_string(), "it is a quiet hour where the person is");
        // Eight in the morning of 1 January in London.
        assert_eq!(error.quiet_until(), Some(at(1_767_254_400)));
    }
    let unknown = clinic.text(TYPED, WORDS).await.unwrap_err();
    assert_eq!(
        (unknown.kind(), unknown.quiet_until()),
        (ErrorKind::Quiet, None)
    );
    assert_eq!(
        unknown.to_string(),
        "the person's time zone is not known, and quiet hours refuse to guess it"
    );
    // A scheduled text is judged by the hour at which it arrives.
    let night = at(NOON + 10 * 3_600);
    let sydney = || zone("Australia/Sydney");
    let error = clinic
        .text_at(TYPED, WORDS, night)
        .zone(sydney())
        .await
        .unwrap_err();
    assert_eq!(error.quiet_until(), Some(at(NOON + 20 * 3_600)));
    assert!(line.requests().is_empty());
    assert!(gate.asked.lock().unwrap().is_empty());

    clinic.text(TYPED, WORDS).zone(sydney()).await.unwrap();
    let morning = at(NOON + 20 * 3_600);
    clinic
        .text_at(TYPED, WORDS, morning)
        .zone(sydney())
        .await
        .unwrap();
    clinic.call(TYPED, &says()).zone(sydney()).await.unwrap();
    // Nine hours are left until the evening; after eight in the morning there are more than
    // Twilio holds a message for.
    let validity: Vec<_> = line
        .requests()
        .iter()
        .map(|sent| sent.parameter("ValidityPeriod"))
        .collect();
    assert_eq!(validity, [Some("32400".to_owned()), None, None]);
}

#[tokio::test]
async fn an_unknown_zone_follows_the_policy() {
    let sydney = || Zone::parse("Australia/Sydney").unwrap();
    let london = || Zone::parse("Europe/London").unwrap();
    for (policy, sent) in [
        (UnknownZone::Refuse, false),
        (UnknownZone::Send, true),
        (UnknownZone::OpenIn(vec![sydney()]), true),
        (UnknownZone::OpenIn(vec![sydney(), london()]), false),
        (UnknownZone::OpenIn(Vec::new()), false),
    ] {
        let line = line(TEXTED);
        let clinic = messenger(settings(), &line).quiet_hours(nights(policy.clone()));
        let zone = Zone::parse("Nowhere/Nothing").ok();
        let result = clinic.text(TYPED, WORDS).zone(zone).await;
        assert_eq!(result.is_ok(), sent, "{policy:?}");
        assert_eq!(line.requests().len(), usize::from(sent));
    }
}
