//! Every operation against a mock server made from Twilio's `OpenAPI` documents.
//!
//! The mock rejects requests that the documents do not allow, and answers with their examples.
//!
//! `TWILIO_MOCK_URL` is the URL of the mock; `tests/README.md` describes it. Without the variable
//! the tests print a notice and pass, unless `REQUIRE_CONTRACT=1`.

use std::collections::BTreeSet;
use std::time::Duration;

use clinspark_twilio::client::calls::{
    CallEvent, InlineTwiml, MachineDetection, PlaceCall, RecordingChannels, RecordingEvent,
    RecordingTrack, Trim, TwimlUrl,
};
use clinspark_twilio::client::messages::{
    AddressRetention, ContentRetention, ContentTemplate, Media, RiskCheck, SendMessage, Sender,
    TrafficType,
};
use clinspark_twilio::client::numbers::{ListIncomingPhoneNumbers, UpdateIncomingPhoneNumber};
use clinspark_twilio::client::{
    Body, Client, Credentials, Delivery, Error, ErrorKind, Request, ReqwestTransport, Transport,
    TransportError,
};
use clinspark_twilio::codes::ErrorCode;
use clinspark_twilio::phone::E164;
use clinspark_twilio::types::{
    AccountSid, ApplicationSid, AuthToken, BoxFuture, MessagingServiceSid, Method,
};

use crate::operations::{self, Operation, Visit};

const URL: &str = "https://clinic.example/twilio/status";

/// Operations that the documents do not have.
const UNDOCUMENTED: &[&str] = &["ListAccounts"];

/// Returns the URL of the mock, if it is set.
fn mock() -> Option<String> {
    let url = std::env::var("TWILIO_MOCK_URL").ok();
    let required = std::env::var("REQUIRE_CONTRACT").is_ok_and(|value| value == "1");
    assert!(
        url.is_some() || !required,
        "REQUIRE_CONTRACT=1, but TWILIO_MOCK_URL is not set"
    );
    if url.is_none() {
        println!(
            "skipped: TWILIO_MOCK_URL is not set, so no request was compared with the documents"
        );
    }
    url
}

fn client(url: &str) -> Client {
    let account = AccountSid::parse("AC00000000000000000000000000000001").unwrap();
    let credentials = Credentials::auth_token(account, AuthToken::new("token").unwrap());
    let transport = Reporting(ReqwestTransport::new().unwrap());
    let clock = Fixed;
    Client::builder(credentials, Delivery::Live)
        .with_transport(transport)
        .clock(clock)
        .base_url(url)
        .build()
        .unwrap()
}

/// Transport that fails the test on a violation of the documents.
///
/// The mock answers a violation with status 422 and the reasons in the body.
struct Reporting(ReqwestTransport);

impl Transport for Reporting {
    fn send(
        &self,
        request: http::Request<bytes::Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        let target = format!("{} {}", request.method(), request.uri().path());
        let answer = self.0.send(request);
        Box::pin(async move {
            let (head, body) = answer.await?.into_parts();
            let bytes = http_body_util::BodyExt::collect(body).await?.to_bytes();
            let violation = String::from_utf8_lossy(&bytes);
            assert_ne!(head.status, 422, "{target}: {violation}");
            Ok(http::Response::from_parts(head, Body::from(bytes)))
        })
    }
}

/// Clock one hour before the time of the scheduled messages in `operations`.
struct Fixed;

impl clinspark_twilio::client::Clock for Fixed {
    fn now(&self) -> std::time::SystemTime {
        operations::time() - Duration::from_secs(3600)
    }

    fn sleep(&self, time: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::time::sleep(time))
    }
}

struct Contract {
    client: Client,
    /// Method and path of every operation.
    seen: BTreeSet<String>,
}

impl Visit for Contract {
    async fn operation<R: Request>(&mut self, operation: Operation, request: R) {
        // The mock would reject a path that the documents do not have.
        if UNDOCUMENTED.contains(&operation.name) {
            return;
        }
        documented(operation.case, self.client.execute(request).await);
        let segments = operation.path.split('/').map(|segment| {
            let is_value = segment.starts_with('{');
            if is_value { "{}" } else { segment }
        });
        let path: Vec<_> = segments.collect();
        let path = path.join("/");
        self.seen.insert(format!("{} {path}", operation.method));
    }
}

/// Accepts a response, or the error that the response is about another resource.
///
/// The mock answers with examples, whose account, recipient and SID differ from the request's.
#[track_caller]
fn documented<T>(case: impl std::fmt::Display, answer: Result<T, Error>) {
    if let Err(error) = answer {
        let is_example =
            error.kind() == ErrorKind::Decode && error.to_string().contains("is about another");
        assert!(is_example, "{case}: {error}");
    }
}

#[tokio::test]
async fn every_operation_matches_twilios_documents() {
    let Some(url) = mock() else { return };
    let mut contract = Contract {
        client: client(&url),
        seen: BTreeSet::new(),
    };
    operations::every(&mut contract).await;
    // A fixed count, so that an operation cannot disappear from the test unnoticed.
    assert_eq!(contract.seen.len(), 122, "the catalogue has changed");
}

fn number(text: &str) -> E164 {
    E164::parse(text).unwrap()
}

fn messages_with_everything() -> [SendMessage; 3] {
    let to = number("+14155550123");
    let number = number("+14155550100");
    let service: MessagingServiceSid = operations::sid("MG");
    let pictures = Media::new("https://clinic.example/a.png?x=1,2")
        .add_media_url("https://clinic.example/b.png")
        .body("Caf\u{e9} & map: 100%");
    let template = ContentTemplate::new(operations::sid("HX")).variable("1", "Ann");
    let pool = Sender::NumberInService { service, number };
    [
        SendMessage::new(to, Sender::Number(number), pictures)
            .status_callback(URL)
            .validity_period(Duration::from_secs(600))
            .provide_feedback(true)
            .attempt(2)
            .content_retention(ContentRetention::Discard)
            .address_retention(AddressRetention::Obfuscate)
            .smart_encoded(true)
            .persistent_action("geo:1,2")
            .persistent_action("geo:3,4")
            .send_as_mms(true)
            .risk_check(RiskCheck::Disable)
            .max_price("0.05")
            .force_delivery(true)
            .traffic_type(TrafficType::Free),
        SendMessage::new(to, service, template)
            .application_sid(operations::sid("AP"))
            .send_at(operations::time()),
        SendMessage::new(to, pool, "Hello")
            .shorten_urls(true)
            .fallback_from(number)
            .retries(0),
    ]
}

fn calls_with_everything() -> [PlaceCall; 2] {
    let (to, from) = (number("+14155550123"), number("+14155550100"));
    let url = TwimlUrl::new(URL)
        .method(Method::Get)
        .fallback_url(URL)
        .fallback_method(Method::Post)
        .status_callback(URL)
        .status_callback_method(Method::Post)
        .status_callback_event(CallEvent::Initiated)
        .status_callback_event(CallEvent::Ringing);
    let twiml = InlineTwiml::from_xml("<Response><Say>Hello &amp; goodbye</Say></Response>")
        .status_callback(URL)
        .status_callback_event(CallEvent::Answered)
        .status_callback_event(CallEvent::Completed);
    [
        PlaceCall::new(to, from, url)
            .timeout(Duration::from_secs(30))
            .time_limit(Duration::from_secs(600))
            .send_digits("ww1234#")
            .call_reason("Visit")
            .record(true)
            .recording_channels(RecordingChannels::Dual)
            .recording_track(RecordingTrack::Both)
            .trim(Trim::DoNotTrim)
            .recording_status_callback(URL)
            .recording_status_callback_method(Method::Post)
            .recording_status_callback_event(RecordingEvent::InProgress)
            .recording_status_callback_event(RecordingEvent::Absent),
        PlaceCall::new(to, from, twiml)
            .machine_detection(MachineDetection::DetectMessageEnd)
            .machine_detection_timeout(Duration::from_secs(20))
            .machine_detection_speech_threshold(Duration::from_secs(2))
            .machine_detection_speech_end_threshold(Duration::from_secs(1))
            .machine_detection_silence_timeout(Duration::from_secs(4))
            .async_amd(true)
            .async_amd_status_callback(URL)
            .async_amd_status_callback_method(Method::Get)
            .client_notification_url(URL),
    ]
}

/// Tests the parameters that `operations` does not set: those of messages, calls and numbers.
#[tokio::test]
async fn every_parameter_matches_twilios_documents() {
    let Some(url) = mock() else { return };
    let client = client(&url);
    for message in messages_with_everything() {
        documented("message", client.execute(message).await);
    }
    for call in calls_with_everything() {
        documented("call", client.execute(call).await);
    }
    let app: ApplicationSid = operations::sid("AP");
    let update = || UpdateIncomingPhoneNumber::new(operations::sid("PN"));
    for number in [
        update().voice_application_sid(app).sms_application_sid(app),
        update()
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
            .status_callback_method(Method::Get),
        update()
            .voice_application_sid(None)
            .sms_application_sid(None)
            .sms_url(""),
    ] {
        documented("number", client.execute(number).await);
    }
    let ours = ListIncomingPhoneNumbers::new()
        .phone_number(number("+14155550100"))
        .friendly_name("Clinic")
        .beta(false)
        .page_size(20);
    documented("ours", client.execute(ours).await);
}

/// Tests that the mock rejects violations: otherwise the test above could not fail.
#[tokio::test]
#[should_panic(expected = "NoSuchParameter")]
async fn the_mock_rejects_a_violation() {
    let Some(url) = mock() else {
        panic!("skipped with the expected panic, which counts as passed: NoSuchParameter");
    };
    let list = clinspark_twilio::client::applications::ListApplications::new();
    let list = list.extra_param("NoSuchParameter", "x");
    let _ = client(&url).execute(list).await;
}

/// Transport that requests an error response of the mock.
struct Prefer(ReqwestTransport);
impl Transport for Prefer {
    fn send(
        &self,
        mut request: http::Request<bytes::Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        let wanted = http::HeaderValue::from_static("code=429");
        request.headers_mut().insert("prefer", wanted);
        self.0.send(request)
    }
}

/// Reads the error body of Twilio's documents.
#[tokio::test]
async fn twilios_error_body_is_read() {
    let Some(url) = mock() else { return };
    let account = AccountSid::parse("AC00000000000000000000000000000001").unwrap();
    let credentials = Credentials::auth_token(account, AuthToken::new("token").unwrap());
    let transport = Prefer(ReqwestTransport::new().unwrap());
    let client = Client::builder(credentials, Delivery::Live)
        .with_transport(transport)
        .base_url(url)
        .build()
        .unwrap();
    let list = clinspark_twilio::client::applications::ListApplications::new();
    let error = client.execute(list.retries(0)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Status);
    assert_eq!(
        error.api().unwrap().code,
        Some(ErrorCode::TOO_MANY_REQUESTS)
    );
}
