//! `Debug` output of values that contain a phone number, a message body or a secret hides them.

use std::fmt::Debug;

use clinspark_twilio::phone::{Address, Callee, E164, Normalizer, Recipient, Region};
use clinspark_twilio::twiml::{
    Dial, Gather, Message, MessagingResponse, Number, Say, VoiceResponse,
};
use clinspark_twilio::types::{ApiKeySecret, AuthToken, BearerToken, Redacted};
use clinspark_twilio::webhook::{
    CallStatusCallback, GatherResult, InboundCall, InboundMessage, MessageStatusCallback,
    PublicOrigin, SIGNATURE_HEADER, Validator, Verified,
};

/// Parts of the planted personal data and secrets. `Debug` output must not contain any.
const PLANTED: [&str; 7] = [
    "416555",
    "5550187",
    "biopsy",
    "hush-hush",
    "Ada",
    "Lovelace",
    "31415",
];

const NUMBER: &str = "+14165550187";

#[track_caller]
fn hides(value: &dyn Debug) {
    for shown in [format!("{value:?}"), format!("{value:#?}")] {
        for planted in PLANTED {
            assert!(!shown.contains(planted), "{shown} contains {planted}");
        }
    }
}

fn number() -> E164 {
    E164::parse(NUMBER).unwrap()
}

fn verified(form: &str) -> Verified<String> {
    let origin = PublicOrigin::parse("https://acme.example.com").unwrap();
    let validator = Validator::new(AuthToken::new("hush-hush").unwrap(), origin);
    let mut request = http::Request::post("/hooks?patient=Ada")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form.to_owned())
        .unwrap();
    let signature = validator.sign(&request);
    request
        .headers_mut()
        .insert(SIGNATURE_HEADER, signature.parse().unwrap());
    hides(&validator);
    validator.verify(request).unwrap()
}

#[test]
fn debug_hides_numbers_and_secrets() {
    hides(&number());
    hides(&number().masked());
    hides(&Recipient::from(number()));
    hides(&Callee::from(number()));
    for text in [
        NUMBER,
        "whatsapp:+14165550187",
        "rcs:+14165550187",
        "client:Ada",
        "sip:Ada@x.y",
        "messenger:31415926",
    ] {
        hides(&Address::parse(text));
    }
    let clinic = Normalizer::for_region(Region::parse("US").unwrap());
    hides(&clinic.normalize("(416) 555-0187").unwrap());
    hides(&clinic.normalize("416 555 Ada").unwrap_err());
    hides(&E164::parse("14165550187").unwrap_err());
    hides(&AuthToken::new("hush-hush").unwrap());
    hides(&AuthToken::new("hush-hush \n").unwrap_err());
    hides(&ApiKeySecret::new("hush-hush").unwrap());
    hides(&BearerToken::new("hush-hush").unwrap());
    hides(&Redacted::new("biopsy"));
}

#[test]
fn debug_hides_contents_of_twiml() {
    hides(&MessagingResponse::new().append(Message::text("biopsy").to(NUMBER)));
    hides(
        &VoiceResponse::new()
            .append(Gather::new().hints(&["biopsy"]).append(Say::new("biopsy")))
            .append(Dial::new().caller_id(NUMBER).append(Number::new(NUMBER))),
    );
    hides(
        &clinspark_twilio::twiml::read("<Response><Say voice='Ada'>biopsy</Say></Response>")
            .unwrap(),
    );
    hides(&clinspark_twilio::twiml::read("<Response><Say>biopsy</Ada></Response>").unwrap_err());
}

#[test]
fn debug_hides_contents_of_webhooks() {
    let message = "MessageSid=SM00000000000000000000000000000001&From=%2B14165550187&Body=biopsy\
         &AccountSid=AC00000000000000000000000000000001&To=whatsapp%3A%2B14165550187&NumMedia=1\
         &MediaUrl0=https%3A%2F%2Fapi.twilio.com%2Fbiopsy&ProfileName=Ada%20Lovelace&WaId=14165550187\
         &NumSegments=1&Odd=biopsy&FromCity=Ada";
    hides(&verified(message));
    hides(&verified(message).parse::<InboundMessage>().unwrap());
    let status = format!("{message}&MessageStatus=undelivered&ChannelToAddress=Ada");
    hides(&verified(&status).parse::<MessageStatusCallback>().unwrap());
    hides(
        &verified("Body=biopsy&From=Ada")
            .parse::<InboundMessage>()
            .unwrap_err(),
    );

    let call = "CallSid=CA00000000000000000000000000000001&From=%2B14165550187&Caller=%2B14165550187\
         &AccountSid=AC00000000000000000000000000000001&To=client%3AAda&CallStatus=in-progress\
         &Direction=inbound&CallerName=Lovelace&Digits=31415&SpeechResult=biopsy&Confidence=0.9\
         &RecordingUrl=https%3A%2F%2Fapi.twilio.com%2Fbiopsy&FromCity=Ada&Odd=biopsy\
         &SipHeader_X-Name=Ada&CallToken=hush-hush&StirPassportToken=hush-hush&ForwardedFrom=%2B14165550187";
    hides(&verified(call).parse::<InboundCall>().unwrap());
    hides(&verified(call).parse::<GatherResult>().unwrap());
    hides(&verified(call).parse::<CallStatusCallback>().unwrap());

    let origin = PublicOrigin::parse("https://acme.example.com").unwrap();
    let validator = Validator::new(AuthToken::new("hush-hush").unwrap(), origin);
    let request = http::Request::post("/hooks?patient=Ada")
        .header(SIGNATURE_HEADER, "AAAAAAAAAAAAAAAAAAAAAAAAAAA=")
        .header("content-type", "application/x-www-form-urlencoded")
        .body("Body=biopsy")
        .unwrap();
    let refusal = validator.verify(request).unwrap_err();
    hides(&refusal);
    hides(&refusal.to_string());
}

#[cfg(feature = "client")]
#[test]
fn debug_hides_contents_of_client_and_settings() {
    use clinspark_twilio::client::calls::{InlineTwiml, PlaceCall};
    use clinspark_twilio::client::messages::{Media, SendMessage, Sender};
    use clinspark_twilio::client::numbers::ListIncomingPhoneNumbers;
    use clinspark_twilio::client::{
        Body, Client, Credentials, Delivery, Transport, TransportError,
    };
    use clinspark_twilio::clinspark::Settings;
    use clinspark_twilio::types::{AccountSid, BoxFuture};

    struct RefusingTransport;
    impl Transport for RefusingTransport {
        fn send(
            &self,
            _: http::Request<bytes::Bytes>,
        ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
            Box::pin(async { Err(TransportError::not_sent("refused")) })
        }
    }

    let account = AccountSid::parse("AC00000000000000000000000000000001").unwrap();
    let credentials = Credentials::auth_token(account, AuthToken::new("hush-hush").unwrap());
    hides(&credentials);
    hides(&Delivery::only([number()]));
    hides(
        &Client::builder(credentials, Delivery::only([number()]))
            .with_transport(RefusingTransport)
            .build()
            .unwrap(),
    );
    let sender = Sender::Number(number());
    hides(&sender);
    hides(&SendMessage::new(number(), sender.clone(), "biopsy"));
    let media = Media::new("https://acme.example.com/biopsy.png").body("biopsy");
    hides(&SendMessage::new(number(), sender, media).status_callback("https://x.y/?p=Ada"));
    let says = VoiceResponse::new().append(Say::new("biopsy"));
    let says = InlineTwiml::new(&says).status_callback("https://x.y/?p=Ada");
    hides(&PlaceCall::new(number(), number(), says));
    hides(&ListIncomingPhoneNumbers::new().phone_number(number()));
    hides(&Body::from("biopsy"));

    let settings = Settings::builder()
        .domain("acme.example.com")
        .account_sid(account.as_str())
        .auth_token("hush-hush")
        .number(NUMBER)
        .delivery("live");
    hides(&settings);
    hides(
        &settings
            .clone()
            .number("Ada")
            .account_sid(NUMBER)
            .build()
            .unwrap_err(),
    );
    let settings = settings.build().unwrap();
    hides(&settings);
    let builder = settings
        .messenger_builder()
        .with_transport(RefusingTransport);
    hides(&builder);
    hides(&builder.build().unwrap());
}

#[cfg(feature = "rustls")]
#[tokio::test]
async fn an_error_hides_the_number_in_the_url_of_its_request() {
    use std::error::Error;

    use clinspark_twilio::client::numbers::ListIncomingPhoneNumbers;
    use clinspark_twilio::client::{Client, Credentials, Delivery};
    use clinspark_twilio::types::AccountSid;

    // The listener is dropped, so that the connection is refused.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let gone = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let account = AccountSid::parse("AC00000000000000000000000000000001").unwrap();
    let credentials = Credentials::auth_token(account, AuthToken::new("hush-hush").unwrap());
    let client = Client::builder(credentials, Delivery::Off)
        .base_url(gone)
        .build()
        .unwrap();
    let request = ListIncomingPhoneNumbers::new().phone_number(number());
    let error = client.execute(request).await.unwrap_err();
    let mut cause: Option<&dyn Error> = Some(&error);
    while let Some(error) = cause {
        hides(&error);
        hides(&error.to_string());
        cause = error.source();
    }
}
