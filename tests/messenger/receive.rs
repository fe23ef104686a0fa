//! A webhook is believed when Twilio signed it, and it is about this instance.

use clinspark_twilio::client::{Body, Transport, TransportError};
use clinspark_twilio::clinspark::{Settings, SettingsBuilder};
use clinspark_twilio::messenger::{Messenger, WithoutConsentGate};
use clinspark_twilio::types::{AuthToken, BoxFuture};
use clinspark_twilio::webhook::{
    InboundMessage, PublicOrigin, RefusalKind, SIGNATURE_HEADER, SignatureErrorKind, Validator,
    body_sha256,
};

const ACCOUNT: &str = "AC00000000000000000000000000000001";
const OURS: &str = "%2B14155550123";
const VOLUNTEER: &str = "%2B14155550199";

/// Receiving sends no request.
struct UnusedTransport;

impl Transport for UnusedTransport {
    fn send(
        &self,
        _: http::Request<bytes::Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        Box::pin(async { Ok(http::Response::new(Body::empty())) })
    }
}

fn messenger_of(settings: SettingsBuilder) -> Messenger {
    let settings = settings.build().unwrap();
    let builder = settings
        .messenger_builder(WithoutConsentGate)
        .with_transport(UnusedTransport);
    builder.build().unwrap()
}

fn messenger(service: Option<&str>) -> Messenger {
    let mut settings = Settings::builder()
        .domain("acme.example.com")
        .account_sid(ACCOUNT)
        .auth_token("the-auth-token")
        .application_sid("AP00000000000000000000000000000002")
        .number("+14155550123")
        .delivery("off");
    if let Some(service) = service {
        settings = settings.messaging_service_sid(service);
    }
    messenger_of(settings)
}

/// A request that Twilio signed with this token.
fn signed(token: &str, method: &str, form: &str) -> http::Request<String> {
    let (uri, body) = match method {
        "GET" => (format!("/hooks/message?{form}"), String::new()),
        _ => ("/hooks/message".to_owned(), form.to_owned()),
    };
    let mut request = http::Request::builder()
        .method(method)
        .uri(uri)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body)
        .unwrap();
    let origin = PublicOrigin::parse("https://acme.example.com").unwrap();
    let signature = Validator::new(AuthToken::new(token).unwrap(), origin).sign(&request);
    request
        .headers_mut()
        .insert(SIGNATURE_HEADER, signature.parse().unwrap());
    request
}

fn form(account: &str, from: &str, to: &str, more: &str) -> String {
    format!(
        "MessageSid=SM00000000000000000000000000000003&AccountSid={account}&From={from}&To={to}\
         &Body=Yes&NumMedia=0&NumSegments=1{more}"
    )
}

fn call(from: &str, to: &str, more: &str) -> String {
    format!(
        "CallSid=CA00000000000000000000000000000006&AccountSid={ACCOUNT}&From={from}&To={to}\
         &CallStatus=ringing{more}"
    )
}

async fn refusal_kind(
    messenger: &Messenger,
    request: http::Request<String>,
) -> Option<RefusalKind> {
    messenger.receive(request).await.err().map(|refusal| {
        assert_eq!(refusal.status(), http::StatusCode::FORBIDDEN);
        refusal.kind()
    })
}

#[tokio::test]
async fn a_signed_message_is_admitted_and_parsed() {
    let request = signed(
        "the-auth-token",
        "POST",
        &form(ACCOUNT, VOLUNTEER, OURS, ""),
    );
    let verified = messenger(None).receive(request).await.unwrap();
    let reply: InboundMessage = verified.parse().unwrap();
    assert_eq!(reply.body.expose(), "Yes");
    assert_eq!(reply.from.phone().unwrap().as_str(), "+14155550199");
}

#[tokio::test]
async fn a_forged_request_is_refused_with_an_empty_body() {
    let request = signed("another-token", "POST", &form(ACCOUNT, VOLUNTEER, OURS, ""));
    let refusal = messenger(None).receive(request).await.unwrap_err();
    assert_eq!(refusal.kind(), RefusalKind::Signature);
    let signature = refusal.signature().unwrap();
    assert_eq!(signature.kind(), SignatureErrorKind::SignatureMismatch);
    let shown = format!("{refusal} {refusal:?}");
    assert!(!shown.contains("4155550"), "{shown}");
    let answer = refusal.into_response();
    assert_eq!(
        (answer.status().as_u16(), answer.body().as_str()),
        (403, "")
    );
}

#[tokio::test]
async fn a_post_replayed_as_get_is_refused() {
    let request = signed("the-auth-token", "GET", &form(ACCOUNT, VOLUNTEER, OURS, ""));
    assert_eq!(
        refusal_kind(&messenger(None), request).await,
        Some(RefusalKind::Method)
    );
}

#[tokio::test]
async fn another_account_or_number_is_refused() {
    let receive = async |form: &str| {
        refusal_kind(&messenger(None), signed("the-auth-token", "POST", form)).await
    };
    let stranger = "AC00000000000000000000000000000009";
    assert_eq!(
        receive(&form(stranger, VOLUNTEER, OURS, "")).await,
        Some(RefusalKind::Account)
    );
    assert_eq!(
        receive("From=%2B14155550199&To=%2B14155550123").await,
        Some(RefusalKind::Account)
    );
    let other = form(ACCOUNT, VOLUNTEER, "%2B14155550777", "");
    assert_eq!(receive(&other).await, Some(RefusalKind::Number));
    // A number hidden behind a channel is still the number.
    let whatsapp = form(
        ACCOUNT,
        "whatsapp%3A%2B14155550199",
        "whatsapp%3A%2B14155550123",
        "",
    );
    assert_eq!(receive(&whatsapp).await, None);
    // Status callbacks come with our number as sender.
    assert_eq!(
        receive(&form(ACCOUNT, OURS, VOLUNTEER, "&MessageStatus=sent")).await,
        None
    );
    // The app's calls, the second leg of a call, and what names no number at all.
    let app = "&ApplicationSid=AP00000000000000000000000000000002";
    assert_eq!(receive(&call("client%3Anurse", "", app)).await, None);
    let leg = "&ParentCallSid=CA00000000000000000000000000000004";
    assert_eq!(receive(&call(VOLUNTEER, "%2B14155550777", leg)).await, None);
    assert_eq!(
        receive(&format!("AccountSid={ACCOUNT}&RecordingStatus=completed")).await,
        None
    );
}

#[tokio::test]
async fn a_request_for_another_number_or_app_is_refused() {
    let receive = async |form: &str| {
        refusal_kind(&messenger(None), signed("the-auth-token", "POST", form)).await
    };
    assert_eq!(
        receive(&format!("AccountSid={ACCOUNT}&From={VOLUNTEER}")).await,
        Some(RefusalKind::Number)
    );
    let app = "&ApplicationSid=AP00000000000000000000000000000009";
    assert_eq!(
        receive(&call("client%3Anurse", "", app)).await,
        Some(RefusalKind::Number)
    );
    // A text is the app's only by its number.
    let app = "&ApplicationSid=AP00000000000000000000000000000002";
    assert_eq!(
        receive(&form(ACCOUNT, VOLUNTEER, "%2B14155550777", app)).await,
        Some(RefusalKind::Number)
    );
}

#[tokio::test]
async fn a_json_body_with_a_signed_hash_is_admitted() {
    let body = r#"{"specversion":"1.0"}"#;
    let mut request = http::Request::post(format!(
        "/hooks?bodySHA256={}",
        body_sha256(body.as_bytes())
    ))
    .header("content-type", "application/json")
    .body(body.to_owned())
    .unwrap();
    let origin = PublicOrigin::parse("https://acme.example.com").unwrap();
    let validator = Validator::new(AuthToken::new("the-auth-token").unwrap(), origin);
    let signature = validator.sign(&request);
    request
        .headers_mut()
        .insert(SIGNATURE_HEADER, signature.parse().unwrap());
    assert_eq!(refusal_kind(&messenger(None), request.clone()).await, None);
    *request.body_mut() = body.replace('1', "2");
    assert_eq!(
        refusal_kind(&messenger(None), request).await,
        Some(RefusalKind::Signature)
    );
}

#[tokio::test]
async fn both_auth_tokens_are_accepted_during_a_rotation() {
    let settings = Settings::builder()
        .domain("acme.example.com")
        .account_sid(ACCOUNT)
        .auth_token("the-auth-token")
        .secondary_auth_token("the-next-token")
        .number("+14155550123")
        .delivery("off");
    let clinic = messenger_of(settings);
    let form = form(ACCOUNT, VOLUNTEER, OURS, "");
    for token in ["the-auth-token", "the-next-token"] {
        assert_eq!(
            refusal_kind(&clinic, signed(token, "POST", &form)).await,
            None
        );
    }
    let other = signed("another-token", "POST", &form);
    assert_eq!(
        refusal_kind(&clinic, other).await,
        Some(RefusalKind::Signature)
    );
}

#[tokio::test]
async fn a_message_to_the_messaging_service_is_admitted() {
    let service = "MG00000000000000000000000000000005";
    let inbound = form(
        ACCOUNT,
        VOLUNTEER,
        "%2B14155550777",
        &format!("&MessagingServiceSid={service}"),
    );
    let receive = async |service| {
        let request = signed("the-auth-token", "POST", &inbound);
        refusal_kind(&messenger(service), request).await
    };
    assert_eq!(receive(Some(service)).await, None);
    assert_eq!(receive(None).await, Some(RefusalKind::Number));
}
