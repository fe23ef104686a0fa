//! `Debug` of all types that contain a phone number, a text or a secret.

use clinspark_twilio::client::calls::{InlineTwiml, Instructions, PlaceCall, TwimlUrl};
use clinspark_twilio::client::messages::{
    AlphanumericSender, ChannelSender, Content, ContentTemplate, Media, SendMessage, Sender,
};
use clinspark_twilio::client::numbers::{
    FetchIncomingPhoneNumber, ListIncomingPhoneNumbers, UpdateIncomingPhoneNumber,
};
use clinspark_twilio::client::{Body, Client, Credentials, Delivery, ReqwestTransport};
use clinspark_twilio::phone::MessengerId;
use clinspark_twilio::types::{
    AccountSid, ApiKeySecret, ApiKeySid, ContentSid, MessagingServiceSid, PhoneNumberSid,
};

use serde_json::json;

use crate::support::{
    ACCOUNT, BODY, FROM, Recorder, TO, assert_debug_clean, credentials, number, send,
};

#[test]
fn credentials_and_clients_print_no_secret() {
    assert_debug_clean(&credentials());
    let key = Credentials::api_key(
        AccountSid::parse(ACCOUNT).unwrap(),
        ApiKeySid::parse("SK00000000000000000000000000000001").unwrap(),
        ApiKeySecret::new("PLANTED").unwrap(),
    );
    assert_eq!(
        format!("{key:?}"),
        format!(
            "Credentials {{ account_sid: AccountSid({ACCOUNT}), api_key_sid: \
             ApiKeySid(SK00000000000000000000000000000001), api_key_secret: \
             ApiKeySecret([redacted]) }}"
        )
    );
    let only = Delivery::only([number(TO), number(FROM)]);
    assert_debug_clean(&only);
    assert_debug_clean(
        &Client::builder(key, only)
            .with_transport(Recorder::refusing())
            .build()
            .unwrap(),
    );
}

#[test]
fn requests_print_no_content() {
    let planted = "https://clinic.example/?x=PLANTED";
    assert_eq!(
        format!("{:?}", send().status_callback(planted)),
        "SendMessage { to: Phone(+*********23), sender: Number(+*********00), content: \
         Text([redacted]), options: {\"StatusCallback\"} }"
    );
    for instructions in [
        Instructions::from(InlineTwiml::from_xml("<Say>PLANTED</Say>").status_callback(planted)),
        Instructions::from(TwimlUrl::new(planted).fallback_url(planted)),
    ] {
        let call = PlaceCall::new(number(TO), number(FROM), instructions);
        assert_debug_clean(&call.send_digits("4155550123"));
    }
    assert_debug_clean(
        &ListIncomingPhoneNumbers::new()
            .phone_number(number(TO))
            .friendly_name(BODY),
    );
    let sid = PhoneNumberSid::parse("PN00000000000000000000000000000001").unwrap();
    assert_debug_clean(
        &UpdateIncomingPhoneNumber::new(sid)
            .friendly_name(BODY)
            .sms_url(planted),
    );
}

#[test]
fn senders_and_contents_print_no_content() {
    let service = MessagingServiceSid::parse("MG00000000000000000000000000000001").unwrap();
    assert_debug_clean(&Sender::NumberInService {
        service,
        number: number(TO),
    });
    assert_debug_clean(&Sender::from(ChannelSender::whatsapp(number(TO))));
    assert_debug_clean(&ChannelSender::messenger(
        &MessengerId::parse("PLANTED").unwrap(),
    ));
    let name = Sender::from(AlphanumericSender::parse("My Clinic").unwrap());
    assert_eq!(format!("{name:?}"), "AlphanumericSender(\"My Clinic\")");
    let media = Media::new("https://clinic.example/PLANTED").body(BODY);
    assert_debug_clean(&media);
    assert_debug_clean(&Content::from(media));
    let template = ContentSid::parse("HX00000000000000000000000000000001").unwrap();
    assert_debug_clean(&ContentTemplate::new(template).variable("1", BODY));
    let request = SendMessage::new(number(TO), service, BODY);
    assert_debug_clean(request.recipient());
    assert_debug_clean(&Body::from(BODY));
}

#[test]
fn parts_of_a_transport_print_no_content() {
    let proxy = reqwest::Proxy::all("http://PLANTED-user:PLANTED-word@proxy.example:3128").unwrap();
    let header = http::HeaderValue::from_static("PLANTED");
    let headers = [(http::HeaderName::from_static("x-mesh-token"), header)];
    let builder = reqwest::Client::builder()
        .proxy(proxy)
        .tls_certs_only([])
        .default_headers(headers.into_iter().collect());
    assert_debug_clean(&ReqwestTransport::from_builder(builder).unwrap());
}

/// A URL in the account was written by anyone with access to it. It must not forge a line of a log.
#[tokio::test]
async fn urls_of_the_account_print_on_one_line() {
    for c in [
        '\n', '\r', '\u{1b}', '\u{85}', '\u{9b}', '\u{2028}', '\u{202e}', '\u{200f}', '\u{ad}',
    ] {
        for url in [
            format!("https://clinic.example/sms{c}PLANTED"),
            format!("https://clinic.example{c}PLANTED/sms"),
            format!("https{c}PLANTED://clinic.example/sms"),
            format!("https://clinic.example/sms?x={c}PLANTED"),
            format!("{c}PLANTED"),
        ] {
            let sid = PhoneNumberSid::parse("PN00000000000000000000000000000001").unwrap();
            let body = json!({ "sid": sid.as_str(), "sms_url": url, "voice_url": url });
            let fetched = Recorder::answering([body.to_string()])
                .client(Delivery::Off)
                .execute(FetchIncomingPhoneNumber::new(sid))
                .await
                .unwrap();
            assert_debug_clean(&fetched);
            assert!(!format!("{fetched:?}").contains(c), "{fetched:?}");
        }
    }
    let url = "https://clinic.example/sms/\u{661}\u{664}\u{661}\u{665}\u{665}\u{665}\u{660}";
    let body = json!({ "sid": "PN00000000000000000000000000000001", "sms_url": url });
    let sid = PhoneNumberSid::parse("PN00000000000000000000000000000001").unwrap();
    let fetched = Recorder::answering([body.to_string()])
        .client(Delivery::Off)
        .execute(FetchIncomingPhoneNumber::new(sid))
        .await
        .unwrap();
    assert_eq!(
        format!("{:?}", fetched.sms_url.unwrap()),
        "WebhookUrl(https://clinic.example/sms/[redacted])"
    );
}
