//! Requests on the wire, compared with those of Twilio's Python library
//! (`tests/data/requests.json`, made by `tests/data/make_requests.py`), and requests that the
//! client refuses to send.

use std::time::{Duration, SystemTime};

use clinspark_twilio::client::calls::{
    CallEvent, InlineTwiml, MachineDetection, PlaceCall, RecordingChannels, RecordingEvent,
    RecordingTrack, Trim, TwimlUrl,
};
use clinspark_twilio::client::messages::{
    AddressRetention, AlphanumericSender, ChannelSender, Content, ContentRetention,
    ContentTemplate, Media, RiskCheck, SendMessage, Sender,
};
use clinspark_twilio::client::numbers::{ListIncomingPhoneNumbers, UpdateIncomingPhoneNumber};
use clinspark_twilio::client::{
    Client, Credentials, Delivery, ErrorKind, Outcome, Request, RetryPolicy,
};
use clinspark_twilio::phone::{
    Callee, ClientIdentity, MessengerId, RcsSender, Recipient, ShortCode, SipUri,
};
use clinspark_twilio::sms::MessageSize;
use clinspark_twilio::twiml::{Say, VoiceResponse};
use clinspark_twilio::types::{
    AccountSid, ApiKeySecret, ApiKeySid, ApplicationSid, AuthToken, ContentSid,
    MessagingServiceSid, Method, PhoneNumberSid,
};
use serde_json::Value;

use crate::operations::{Operation, Visit};
use crate::support::{ACCOUNT, FROM, FixedClock, Recorder, Seen, TO, assert_debug_clean, number};

const URL: &str = "https://clinic.example/twilio/status";
const DIGITS: &str = "00000000000000000000000000000001";

fn app() -> ApplicationSid {
    ApplicationSid::parse(&format!("AP{DIGITS}")).unwrap()
}

fn service() -> MessagingServiceSid {
    MessagingServiceSid::parse(&format!("MG{DIGITS}")).unwrap()
}

fn phone_number() -> PhoneNumberSid {
    PhoneNumberSid::parse(&format!("PN{DIGITS}")).unwrap()
}

fn from() -> Sender {
    Sender::Number(number(FROM))
}

fn text(content: impl Into<Content>) -> SendMessage {
    SendMessage::new(number(TO), from(), content)
}

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

fn millis(n: u64) -> Duration {
    Duration::from_millis(n)
}

/// Compares requests with the fixture, and removes each from it.
struct Oracle {
    requests: serde_json::Map<String, Value>,
    credentials: Credentials,
}

impl Oracle {
    fn new() -> Self {
        let fixture: Value = serde_json::from_str(include_str!("../data/requests.json")).unwrap();
        let account = AccountSid::parse(ACCOUNT).unwrap();
        Self {
            requests: fixture["requests"].as_object().unwrap().clone(),
            credentials: Credentials::auth_token(account, AuthToken::new("token").unwrap()),
        }
    }

    async fn check(&mut self, name: &str, request: impl Request) {
        let recorder = Recorder::refusing();
        let transport = std::sync::Arc::clone(&recorder);
        let client = Client::builder(self.credentials.clone(), Delivery::Live)
            .with_transport(transport)
            // The transport refuses every request, and a retry would record it twice.
            .retry(RetryPolicy::none())
            .clock(FixedClock::at(crate::operations::time() - seconds(3600)))
            .build()
            .unwrap();
        let error = client.execute(request).await.err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Connect, "{name}: {error}");
        let [seen] = recorder.take().try_into().ok().unwrap();
        let theirs = self.requests.remove(name).unwrap();
        assert_eq!(seen.method, theirs["method"], "{name}");
        assert_eq!(seen.path, theirs["path"], "{name}");
        assert_eq!(
            pairs(&seen.query),
            pairs(theirs["query"].as_str().unwrap()),
            "{name}"
        );
        assert_eq!(
            pairs(&seen.body),
            pairs(theirs["body"].as_str().unwrap()),
            "{name}"
        );
        let header = |name: &str| {
            seen.headers
                .get(name)
                .map(|v| v.to_str().unwrap().to_owned())
        };
        assert_eq!(
            header("authorization").as_deref(),
            theirs["authorization"].as_str(),
            "{name}"
        );
        if matches!(seen.method.as_str(), "POST" | "PATCH") {
            assert_eq!(
                header("content-type").as_deref(),
                theirs["content_type"].as_str()
            );
        }
    }
}

impl Visit for Oracle {
    async fn operation<R: Request>(&mut self, operation: Operation, request: R) {
        self.check(operation.case, request).await;
    }
}

/// Returns the raw pairs, sorted by name.
///
/// The order of parameters has a meaning only among those of one name, and the stable sort keeps
/// it.
fn pairs(form: &str) -> Vec<&str> {
    let mut pairs: Vec<&str> = form.split('&').collect();
    pairs.sort_by_key(|pair| pair.split('=').next());
    pairs
}

#[tokio::test]
async fn requests_match_those_of_twilios_python_library() {
    let mut oracle = Oracle::new();
    messages(&mut oracle).await;
    calls(&mut oracle).await;
    numbers(&mut oracle).await;
    crate::operations::every(&mut oracle).await;
    with_a_key(&mut oracle).await;
    assert!(
        oracle.requests.is_empty(),
        "not compared: {:?}",
        oracle.requests.keys()
    );
}

async fn messages(oracle: &mut Oracle) {
    let odd = "See you at 9:00 & bring \u{20ac}5 + caf\u{e9} \u{1f600} 100%=?";
    oracle.check("text", text(odd)).await;
    let many = text("line one\nline two")
        .status_callback(format!("{URL}?m=0"))
        .status_callback(format!("{URL}?m=1&n=2"))
        .validity_period(seconds(600))
        .provide_feedback(true)
        .attempt(2)
        .content_retention(ContentRetention::Discard)
        .address_retention(AddressRetention::Obfuscate)
        .smart_encoded(false)
        .send_as_mms(true)
        .risk_check(RiskCheck::Disable)
        .persistent_action("geo:1,2")
        .persistent_action("geo:3,4");
    oracle.check("text, many parameters", many).await;
    oracle
        .check("text through an app", text("Hello").application_sid(app()))
        .await;

    let to = number(TO);
    let code = ShortCode::parse("12345").unwrap();
    oracle
        .check(
            "text from a short code",
            SendMessage::new(to, code, "Hello"),
        )
        .await;
    let name = AlphanumericSender::parse("My Clinic").unwrap();
    oracle
        .check("text from a name", SendMessage::new(to, name, "Hello"))
        .await;
    let whatsapp = ChannelSender::whatsapp(number(FROM));
    let request = SendMessage::new(Recipient::WhatsApp(to), whatsapp, "Hello");
    oracle.check("text on WhatsApp", request).await;
    let scheduled = SendMessage::new(to, service(), "Hello")
        .shorten_urls(true)
        .fallback_from(number(FROM))
        .send_at(crate::operations::time());
    oracle.check("text, scheduled", scheduled).await;
    let in_service = Sender::NumberInService {
        service: service(),
        number: number(FROM),
    };
    let request = SendMessage::new(to, in_service, "Hello");
    oracle
        .check("text from a number in a service", request)
        .await;

    let media = Media::new("https://clinic.example/a.png?x=1,2")
        .add_media_url("https://clinic.example/b.png")
        .body("Map");
    oracle.check("media", text(media)).await;
    let template = ContentTemplate::new(ContentSid::parse(&format!("HX{DIGITS}")).unwrap())
        .variable("2", "9:00 \"sharp\"")
        .variable("1", "Ann");
    oracle
        .check("template", SendMessage::new(to, service(), template))
        .await;
}

async fn calls(oracle: &mut Oracle) {
    let (to, from) = (number(TO), number(FROM));
    let twiml = "<Response><Say>Hello &amp; goodbye</Say></Response>";
    let inline = InlineTwiml::from_xml(twiml)
        .status_callback(URL)
        .status_callback_method(Method::Get)
        .status_callback_event(CallEvent::Answered)
        .status_callback_event(CallEvent::Completed);
    oracle
        .check("call with TwiML", PlaceCall::new(to, from, inline))
        .await;
    let url = TwimlUrl::new("https://clinic.example/menu")
        .method(Method::Get)
        .fallback_url("https://clinic.example/down")
        .fallback_method(Method::Post)
        .status_callback(URL);
    let ann = Callee::Client(ClientIdentity::parse("ann").unwrap());
    let request = PlaceCall::new(ann, from, url)
        .timeout(seconds(30))
        .time_limit(seconds(600))
        .send_digits("ww1234#")
        .call_reason("Visit")
        .record(true)
        .recording_channels(RecordingChannels::Dual)
        .recording_track(RecordingTrack::Both)
        .trim(Trim::DoNotTrim)
        .recording_status_callback_event(RecordingEvent::InProgress)
        .recording_status_callback_event(RecordingEvent::Absent)
        .recording_status_callback(URL)
        .recording_status_callback_method(Method::Post)
        .machine_detection(MachineDetection::DetectMessageEnd)
        .machine_detection_timeout(seconds(20))
        .machine_detection_speech_threshold(millis(2000))
        .machine_detection_speech_end_threshold(millis(1000))
        .machine_detection_silence_timeout(millis(4000))
        .async_amd(true)
        .async_amd_status_callback(URL)
        .async_amd_status_callback_method(Method::Get);
    oracle.check("call with a URL", request).await;
    let sip = Callee::Sip(SipUri::parse("sip:ann@clinic.example").unwrap());
    oracle
        .check("call with an app", PlaceCall::new(sip, from, app()))
        .await;
}

async fn numbers(oracle: &mut Oracle) {
    oracle
        .check("list numbers", ListIncomingPhoneNumbers::new())
        .await;
    let filtered = ListIncomingPhoneNumbers::new()
        .phone_number(number(FROM))
        .friendly_name("Clinic & Co")
        .beta(false)
        .page_size(20);
    oracle.check("list numbers, filtered", filtered).await;
    let update = || UpdateIncomingPhoneNumber::new(phone_number());
    let bind = update()
        .voice_application_sid(app())
        .sms_application_sid(app());
    oracle.check("bind number", bind).await;
    let clear = update()
        .voice_application_sid(None)
        .sms_application_sid(None)
        .sms_url("");
    oracle.check("clear number", clear).await;
    let urls = update()
        .friendly_name("Clinic")
        .voice_url(URL)
        .voice_method(Method::Post)
        .voice_fallback_url(URL)
        .voice_fallback_method(Method::Get)
        .voice_caller_id_lookup(true)
        .sms_url(URL)
        .sms_method(Method::Get)
        .sms_fallback_url(URL)
        .sms_fallback_method(Method::Post)
        .status_callback(URL)
        .status_callback_method(Method::Get);
    oracle.check("number with URLs", urls).await;
}

async fn with_a_key(oracle: &mut Oracle) {
    oracle.credentials = Credentials::api_key(
        AccountSid::parse(ACCOUNT).unwrap(),
        ApiKeySid::parse(&format!("SK{DIGITS}")).unwrap(),
        ApiKeySecret::new("secret").unwrap(),
    );
    oracle.check("text with a key", text("Hello")).await;
}

#[tokio::test]
async fn a_voice_response_is_sent_unchanged() {
    let recorder = Recorder::refusing();
    let response = VoiceResponse::new().append(Say::new("Hello"));
    let request = PlaceCall::new(number(TO), number(FROM), response.clone());
    recorder
        .client(Delivery::Live)
        .execute(request)
        .await
        .unwrap_err();
    let [Seen { body, .. }] = recorder.take().try_into().ok().unwrap();
    let form: Vec<(String, String)> = serde_urlencoded::from_str(&body).unwrap();
    let expected = [("To", TO), ("From", FROM), ("Twiml", &response.to_xml())];
    assert_eq!(
        form,
        expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
}

/// Returns the error message of a request that the client refuses to send.
async fn refusal(request: impl Request + std::fmt::Debug) -> String {
    assert_debug_clean(&request);
    let recorder = Recorder::refusing();
    let error = recorder
        .client(Delivery::Live)
        .execute(request)
        .await
        .err()
        .unwrap();
    assert_eq!(
        (error.kind(), error.outcome()),
        (ErrorKind::Invalid, &Outcome::NotSent)
    );
    assert!(!error.is_retryable());
    assert_debug_clean(&error);
    assert!(recorder.take().is_empty());
    let text = error.to_string();
    text.strip_suffix("; nothing was sent").unwrap().to_owned()
}

#[tokio::test]
async fn invalid_message_contents_are_refused() {
    let long = "x".repeat(1602);
    let empty = "SendMessage: Body is empty";
    let over = "SendMessage: the body has 1602 characters; at most 1600 can be sent";
    assert_eq!(refusal(text("")).await, empty);
    assert_eq!(refusal(text(" \n")).await, empty);
    assert_eq!(refusal(text(long.as_str())).await, over);
    // An emoji counts as two characters, as in `sms::body_length`.
    let emoji = "\u{1f600}".repeat(801);
    assert!(MessageSize::of(&emoji).check().is_err());
    assert_eq!(refusal(text(emoji)).await, over);
    let media = Media::new("https://clinic.example/a.png");
    assert_eq!(refusal(text(media.clone().body(long))).await, over);
    // One URL from `new`, ten more: one over the limit.
    let eleven = (0..10).fold(media, |media, _| {
        media.add_media_url("https://clinic.example/b.png")
    });
    assert_eq!(
        refusal(text(eleven)).await,
        "SendMessage: MediaUrl has more than 10 URLs, Twilio's limit"
    );
    assert_eq!(
        refusal(text(Media::new("a.png"))).await,
        "SendMessage: MediaUrl must be an absolute http or https URL"
    );
}

#[tokio::test]
async fn message_contents_at_the_limits_are_sent() {
    let recorder = Recorder::refusing();
    let client = recorder.client(Delivery::Live);
    let ten = (1..10).fold(Media::new(URL), |media, _| media.add_media_url(URL));
    let twiml = InlineTwiml::from_xml("x".repeat(4000));
    client
        .execute(text("\u{1f600}".repeat(800)))
        .await
        .unwrap_err();
    client.execute(text(ten)).await.unwrap_err();
    client
        .execute(PlaceCall::new(number(TO), number(FROM), twiml))
        .await
        .unwrap_err();
    assert_eq!(recorder.take().len(), 3);
}

#[tokio::test]
async fn invalid_messages_are_refused() {
    let soon = SystemTime::UNIX_EPOCH;
    let service_only = "needs a Messaging Service as the sender";
    for (request, what) in [
        (text("Hi").send_at(soon), format!("SendAt {service_only}")),
        (
            text("Hi").shorten_urls(true),
            format!("ShortenUrls {service_only}"),
        ),
        (
            text("Hi").fallback_from(number(FROM)),
            format!("FallbackFrom {service_only}"),
        ),
        (
            text("Hi").status_callback(URL).application_sid(app()),
            "ApplicationSid has no effect together with StatusCallback: set only one of them"
                .to_owned(),
        ),
        (
            SendMessage::new(number(FROM), from(), "Hi"),
            "To is the sender's own number".to_owned(),
        ),
        (
            text("Hi").status_callback("/status"),
            "StatusCallback must be an absolute http or https URL".to_owned(),
        ),
        (
            text("Hi").status_callback("https://my_clinic.example/"),
            "StatusCallback must not have an underscore in its host name: Twilio rejects it"
                .to_owned(),
        ),
        (
            text("Hi").status_callback("https://clinic.example/caf\u{e9}"),
            "StatusCallback must be a valid URL in ASCII: percent-encode other characters"
                .to_owned(),
        ),
        (
            text("Hi").validity_period(seconds(0)),
            "ValidityPeriod must be 1 to 36000 whole seconds".to_owned(),
        ),
        (
            text("Hi").validity_period(seconds(36_001)),
            "ValidityPeriod must be 1 to 36000 whole seconds".to_owned(),
        ),
        (
            text("Hi").validity_period(millis(1_500)),
            "ValidityPeriod must be 1 to 36000 whole seconds".to_owned(),
        ),
        (
            text("Hi").attempt(0),
            "Attempt must be 1 to 4294967295".to_owned(),
        ),
    ] {
        assert_eq!(refusal(request).await, format!("SendMessage: {what}"));
    }
}

#[tokio::test]
async fn invalid_calls_are_refused() {
    let place =
        |twiml: &str| PlaceCall::new(number(TO), number(FROM), InlineTwiml::from_xml(twiml));
    let own = PlaceCall::new(number(FROM), number(FROM), app());
    let relative = PlaceCall::new(number(TO), number(FROM), TwimlUrl::new("menu"));
    let timeout = Duration::from_secs(601);
    for (request, what) in [
        (place(""), "Twiml is empty"),
        (
            place(&"x".repeat(4001)),
            "Twiml is over 4000 characters: serve it from a URL",
        ),
        (own, "To is the caller's own number"),
        (relative, "Url must be an absolute http or https URL"),
        (
            place("x").timeout(timeout),
            "Timeout must be 1 to 600 whole seconds",
        ),
        (
            place("x").machine_detection_timeout(seconds(2)),
            "MachineDetectionTimeout must be 3 to 59 whole seconds",
        ),
        (
            place("x").machine_detection_speech_threshold(seconds(7)),
            "MachineDetectionSpeechThreshold must be 1000 to 6000 milliseconds",
        ),
    ] {
        assert_eq!(refusal(request).await, format!("PlaceCall: {what}"));
    }
}

#[tokio::test]
async fn setting_a_parameter_again_replaces_its_error() {
    let recorder = Recorder::refusing();
    let request = text("Hi").status_callback("nowhere").status_callback(URL);
    recorder
        .client(Delivery::Live)
        .execute(request)
        .await
        .unwrap_err();
    let [seen] = recorder.take().try_into().ok().unwrap();
    assert_eq!(seen.body.matches("StatusCallback").count(), 1);
}

#[test]
fn senders_of_channels() {
    let agent = RcsSender::parse("clinic_agent").unwrap();
    let page = MessengerId::parse("1234").unwrap();
    let senders = [
        ChannelSender::whatsapp(number(FROM)),
        ChannelSender::rcs(&agent),
        ChannelSender::messenger(&page),
    ];
    let written = senders.each_ref().map(ChannelSender::expose);
    let whatsapp = format!("whatsapp:{FROM}");
    assert_eq!(written, [&whatsapp, "rcs:clinic_agent", "messenger:1234"]);
}
