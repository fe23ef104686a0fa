//! `Debug` output of values that contain a phone number, a message body or a secret hides them.

use std::fmt::Debug;

use clinspark_twilio::phone::{Address, Callee, E164, Normalizer, Recipient, Region};
use clinspark_twilio::twiml::{
    Dial, Gather, Message, MessagingResponse, Number, Say, VoiceResponse,
};
use clinspark_twilio::types::{ApiKeySecret, AuthToken, BearerToken, Redacted};
use clinspark_twilio::webhook::websocket::relay::{
    Digits, EndSession, PlaySound, RelayCommand, RelayMessage, TextToken,
};
use clinspark_twilio::webhook::websocket::stream::{Audio, StreamCommand, StreamMessage};
use clinspark_twilio::webhook::websocket::{CustomParameters, RawMessage};
use clinspark_twilio::webhook::{
    CallStatusCallback, ConferenceStatusCallback, ConversationRelayResult, GatherPartial,
    GatherResult, InboundCall, InboundMessage, IntelligenceCallback, MessageStatusCallback,
    PayResult, PayStatusCallback, PublicOrigin, RealTimeTranscription, ReferRequest, ReferResult,
    SIGNATURE_HEADER, SiprecStatusCallback, StreamStatusCallback, Validator, Verified,
    VirtualAgentResult, WebhookEvent, body_sha256,
};
use serde_json::json;

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

/// Parameters of one leg, without those of every request about a call.
const LEG: &str = "AccountSid=AC00000000000000000000000000000001\
    &CallSid=CA00000000000000000000000000000001&Odd=biopsy";
/// Parameters of every request about a call.
const CALL: &str = "AccountSid=AC00000000000000000000000000000001\
    &CallSid=CA00000000000000000000000000000001&CallStatus=in-progress&Direction=inbound\
    &From=%2B14165550187&To=client%3AAda&Odd=biopsy";

const SIPREC: &str = "SiprecSid=SR00000000000000000000000000000001&SiprecEvent=siprec-error\
    &SiprecError=biopsy&SiprecName=Ada";

/// The form is read as a payload, and so that nothing stays hidden by accident, as an event.
macro_rules! hidden_payloads {
    ($( $payload:ident, $base:expr, $more:expr; )+) => {$(
        let form = verified(&format!("{}&{}", $base, $more));
        hides(&form);
        hides(&form.parse::<$payload>().unwrap());
        let event = form.parse::<WebhookEvent>().unwrap();
        assert!(matches!(event, WebhookEvent::$payload(_)), "{event:?}");
        hides(&event);
    )+};
}

#[test]
fn debug_hides_contents_of_callbacks_about_sessions() {
    let transcription = |event: &str| {
        format!("TranscriptionSid=GT00000000000000000000000000000001&TranscriptionEvent={event}")
    };
    let payment = "PaymentMethod=credit-card&PaymentCardNumber=xxxx31415&ExpirationDate=31415\
        &SecurityCode=31415&PaymentCardPostalCode=31415&BankAccountNumber=xx31415\
        &BankRoutingNumber=314159";
    hidden_payloads! {
        RealTimeTranscription, LEG, transcription(
            "transcription-started&Name=Ada&InboundTrackLabel=Ada&OutboundTrackLabel=Lovelace\
             &ProviderConfiguration=%7B%22hints%22%3A%22biopsy%22%7D");
        RealTimeTranscription, LEG, transcription(
            "transcription-content&TranscriptionData=%7B%22transcript%22%3A%22biopsy%22%7D\
             &TranscriptionProviderData=%7B%22words%22%3A%5B%22biopsy%22%5D%7D");
        RealTimeTranscription, LEG, transcription(
            "transcription-error&TranscriptionError=biopsy&TranscriptionErrorCode=32650");
        RealTimeTranscription, LEG, transcription("transcription-newer&Text=biopsy");
        StreamStatusCallback, LEG, "StreamSid=MZ00000000000000000000000000000001\
            &StreamEvent=stream-error&StreamError=biopsy";
        PayStatusCallback, LEG, format!("For=security-code&{payment}");
        PayResult, CALL, format!(
            "Result=success&PaymentToken=hush-hush&ProfileId=hush-hush\
             &PaymentConfirmationCode=31415&PaymentError=Lovelace&ConnectorError=Ada&{payment}");
        ConversationRelayResult, CALL, "SessionStatus=ended&HandoffData=biopsy&ErrorMessage=Ada";
        VirtualAgentResult, CALL, "VirtualAgentStatus=completed&VirtualAgentError=biopsy\
            &VirtualAgentProviderData=%7B%22EndUserId%22%3A%22Ada%22%7D";
        ReferRequest, CALL, "ReferTransferTarget=sip%3AAda%40lovelace.example";
        ReferResult, CALL, "ReferSipResponseCode=202";
        GatherPartial, CALL, "UnstableSpeechResult=biopsy&StableSpeechResult=biopsy";
        ConferenceStatusCallback, LEG, "ConferenceSid=CF00000000000000000000000000000001\
            &StatusCallbackEvent=participant-join&ParticipantLabel=Ada&FriendlyName=biopsy\
            &ParticipantLabelEndingConference=Lovelace&AnnounceUrl=https%3A%2F%2Fx.y%2Fbiopsy";
        Other, "Odd=biopsy", "Ada=Lovelace";
        Other, CALL, SIPREC;
    }
    let siprec = verified(&format!("{CALL}&{SIPREC}"));
    hides(&siprec.parse::<SiprecStatusCallback>().unwrap());
}

/// Read for a webhook that has no payload of its own.
type Other = WebhookEvent;

#[test]
fn debug_hides_contents_of_json_webhooks() {
    let body = json!({
        "account_sid": "AC00000000000000000000000000000001", "customer_key": "Ada",
        "transcript_sid": "GT00000000000000000000000000000001", "odd": "biopsy",
    });
    let origin = PublicOrigin::parse("https://acme.example.com").unwrap();
    let validator = Validator::new(AuthToken::new("hush-hush").unwrap(), origin);
    let body = body.to_string();
    let target = format!(
        "/ready?patient=Ada&bodySHA256={}",
        body_sha256(body.as_bytes())
    );
    let mut request = http::Request::post(target).body(body).unwrap();
    let signature = validator.sign(&request).parse().unwrap();
    request.headers_mut().insert(SIGNATURE_HEADER, signature);
    let verified = validator.verify(request).unwrap();
    hides(&verified);
    hides(&IntelligenceCallback::from_verified(&verified).unwrap());
}

#[test]
fn debug_hides_contents_of_websocket_messages() {
    let stream = "MZ00000000000000000000000000000001";
    // Base64 of "biopsy", to find the audio also in that form.
    let audio = "YmlvcHN5";
    for message in [
        json!({"event": "start", "start": {"customParameters": {"Ada": "biopsy"}}}),
        json!({"event": "media", "streamSid": stream, "media": {"payload": audio}}),
        json!({"event": "dtmf", "dtmf": {"digit": "31415"}}),
        json!({"event": "mark", "mark": {"name": "biopsy"}}),
        json!({"event": "newer", "text": "biopsy"}),
    ] {
        let message = StreamMessage::parse(&message.to_string()).unwrap();
        hides(&message);
        assert!(!format!("{message:?}").contains(audio));
    }
    for message in [
        json!({"type": "setup", "from": NUMBER, "to": "client:Ada", "callerName": "Lovelace",
            "forwardedFrom": NUMBER, "customParameters": {"Ada": "biopsy"}}),
        json!({"type": "prompt", "voicePrompt": "biopsy"}),
        json!({"type": "dtmf", "digit": "31415"}),
        json!({"type": "interrupt", "utteranceUntilInterrupt": "biopsy"}),
        json!({"type": "error", "description": "biopsy"}),
        json!({"type": "info", "name": "tokensPlayed", "value": "biopsy"}),
        json!({"type": "Ada", "text": "biopsy"}),
    ] {
        hides(&RelayMessage::parse(&message.to_string()).unwrap());
    }
    let stream = stream.parse().unwrap();
    hides(&StreamCommand::media(
        stream,
        Audio::mulaw(b"biopsy".as_slice()),
    ));
    hides(&StreamCommand::mark(stream, "biopsy"));
    hides(&RelayCommand::Text(TextToken::new("biopsy")));
    hides(&RelayCommand::Play(PlaySound::new(
        "https://acme.example.com/?p=Ada",
    )));
    hides(&RelayCommand::SendDigits(Digits::parse("31415").unwrap()));
    hides(&Digits::parse("31415 Ada").unwrap_err());
    hides(&RelayCommand::End(EndSession::new().handoff_data("biopsy")));
    hides(&RawMessage::parse(r#"{"Ada":"biopsy"}"#).unwrap());
    hides(&CustomParameters::new([("Ada", "biopsy")]));
    let error = RelayMessage::parse("biopsy").unwrap_err();
    hides(&error);
    hides(&error.to_string());
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
        .messenger_builder(clinspark_twilio::messenger::WithoutConsentGate)
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
