//! Responses about messages, calls, phone numbers and TwiML Apps, intact and damaged.

use std::fmt::Debug;

use clinspark_twilio::client::applications::{Application, FetchApplication};
use clinspark_twilio::client::calls::{Call, FetchCall};
use clinspark_twilio::client::messages::Message;
use clinspark_twilio::client::numbers::{FetchIncomingPhoneNumber, IncomingPhoneNumber};
use clinspark_twilio::client::{Delivery, Error, Request};
use clinspark_twilio::codes::ErrorCode;
use clinspark_twilio::phone::Address;
use clinspark_twilio::types::{
    AnsweredBy, ApplicationSid, CallDirection, CallSid, CallStatus, MessageDirection,
    MessageStatus, Method, PhoneNumberSid, Timestamp,
};
use serde_json::{Map, Value, json};

use crate::support::{ACCOUNT, FROM, MESSAGE, Recorder, TO, assert_debug_clean, fetch};

const CALL: &str = "CA00000000000000000000000000000001";
const NUMBER: &str = "PN00000000000000000000000000000001";
const APP: &str = "AP00000000000000000000000000000001";
const SERVICE: &str = "MG00000000000000000000000000000001";
const DATE: &str = "Thu, 24 Aug 2023 05:01:45 +0000";
const URL: &str = "https://user:PLANTED@clinic.example/sms?x=PLANTED";

async fn read<R: Request>(request: R, json: &Value) -> Result<R::Output, Error> {
    let recorder = Recorder::answering([json.to_string()]);
    recorder.client(Delivery::Off).execute(request).await
}

fn message() -> Value {
    json!({
        "sid": MESSAGE, "account_sid": ACCOUNT, "messaging_service_sid": SERVICE,
        "from": FROM, "to": TO, "body": "PLANTED biopsy", "status": "undelivered",
        "direction": "outbound-api", "error_code": 30003,
        "error_message": "PLANTED: +14155550123 is switched off", "num_segments": "2",
        "num_media": "0", "price": "-0.00790", "price_unit": "USD", "date_created": DATE,
        "date_sent": DATE, "date_updated": DATE, "api_version": "2010-04-01",
        "uri": "/2010-04-01/x.json", "subresource_uris": {"media": "/x"}, "new_field": [1]
    })
}

fn call() -> Value {
    json!({
        "sid": CALL, "account_sid": ACCOUNT, "parent_call_sid": CALL, "phone_number_sid": NUMBER,
        "from": FROM, "from_formatted": "(415) 555-0100 PLANTED", "to": TO,
        "to_formatted": "(415) 555-0123 PLANTED", "status": "completed",
        "direction": "outbound-api", "answered_by": "human", "forwarded_from": "+14155550123",
        "caller_name": "PLANTED", "duration": "15", "queue_time": "1000", "price": "-0.03000",
        "price_unit": "USD", "start_time": DATE, "end_time": DATE, "date_created": DATE,
        "date_updated": DATE, "group_sid": "GP1", "trunk_sid": "TK1",
        "api_version": "2010-04-01", "uri": "/x.json", "subresource_uris": {}
    })
}

fn incoming_number() -> Value {
    json!({
        "sid": NUMBER, "account_sid": ACCOUNT, "phone_number": TO,
        "friendly_name": "PLANTED (415) 555-0123",
        "capabilities": {"voice": true, "sms": "true", "mms": false, "fax": true, "rcs": true},
        "beta": false, "origin": "twilio", "status": "in-use", "type": "local",
        "voice_application_sid": APP, "voice_url": URL, "voice_method": "POST",
        "voice_fallback_url": URL, "voice_fallback_method": "GET",
        "voice_caller_id_lookup": false, "voice_receive_mode": "voice",
        "sms_application_sid": APP, "sms_url": URL, "sms_method": "POST",
        "sms_fallback_url": URL, "sms_fallback_method": "GET", "status_callback": URL,
        "status_callback_method": "POST", "trunk_sid": "TK1", "address_requirements": "none",
        "address_sid": "AD1", "identity_sid": "RI1", "bundle_sid": "BU1",
        "emergency_status": "Active", "emergency_address_sid": "AD1",
        "emergency_address_status": "registered", "date_created": DATE, "date_updated": DATE,
        "api_version": "2010-04-01", "uri": "/x.json"
    })
}

fn application() -> Value {
    json!({
        "sid": APP, "account_sid": ACCOUNT, "friendly_name": "PLANTED", "voice_url": URL,
        "voice_method": "POST", "voice_fallback_url": URL, "voice_fallback_method": "GET",
        "voice_caller_id_lookup": true, "status_callback": URL, "status_callback_method": "POST",
        "sms_url": URL, "sms_method": "POST", "sms_fallback_url": URL,
        "sms_fallback_method": "GET", "sms_status_callback": URL, "message_status_callback": URL,
        "public_application_connect_enabled": false, "date_created": DATE, "date_updated": DATE,
        "api_version": "2010-04-01", "uri": "/x.json"
    })
}

fn fetch_call() -> FetchCall {
    FetchCall::new(CallSid::parse(CALL).unwrap())
}

fn fetch_number() -> FetchIncomingPhoneNumber {
    FetchIncomingPhoneNumber::new(PhoneNumberSid::parse(NUMBER).unwrap())
}

fn fetch_application() -> FetchApplication {
    FetchApplication::new(ApplicationSid::parse(APP).unwrap())
}

#[tokio::test]
async fn a_message_is_read() {
    let message: Message = read(fetch(), &message()).await.unwrap();
    assert_eq!(message.sid.as_str(), MESSAGE);
    assert_eq!(message.account_sid.unwrap().as_str(), ACCOUNT);
    assert_eq!(message.messaging_service_sid.unwrap().as_str(), SERVICE);
    assert_eq!(message.from, Some(Address::parse(FROM)));
    assert_eq!(message.to, Some(Address::parse(TO)));
    assert_eq!(message.body.as_ref().unwrap().expose(), "PLANTED biopsy");
    assert_eq!(message.status, Some(MessageStatus::Undelivered));
    assert_eq!(message.direction, Some(MessageDirection::OutboundApi));
    assert_eq!(message.error_code, Some(ErrorCode::UNREACHABLE));
    assert_eq!(
        (message.num_segments, message.num_media),
        (Some(2), Some(0))
    );
    assert_eq!(message.price.as_deref(), Some("-0.00790"));
    assert_eq!(message.price_unit.as_deref(), Some("USD"));
    for date in [
        &message.date_created,
        &message.date_sent,
        &message.date_updated,
    ] {
        assert_eq!(
            date.as_ref(),
            Some(&Timestamp::parse("Thu, 24 Aug 2023 05:01:45 +0000"))
        );
    }
    assert_debug_clean(&message);
}

#[tokio::test]
async fn a_call_is_read() {
    let call: Call = read(fetch_call(), &call()).await.unwrap();
    assert_eq!(call.sid.as_str(), CALL);
    assert_eq!(call.parent_call_sid.unwrap().as_str(), CALL);
    assert_eq!(call.phone_number_sid.unwrap().as_str(), NUMBER);
    assert_eq!(call.to, Some(Address::parse(TO)));
    assert_eq!(call.from, Some(Address::parse(FROM)));
    assert_eq!(call.status, Some(CallStatus::Completed));
    assert_eq!(call.direction, Some(CallDirection::OutboundApi));
    assert_eq!(call.answered_by, Some(AnsweredBy::Human));
    assert_eq!((call.duration, call.queue_time), (Some(15), Some(1000)));
    assert_eq!(call.caller_name.as_ref().unwrap().expose(), "PLANTED");
    assert_eq!(call.start_time, Some(Timestamp::parse(DATE)));
    assert_debug_clean(&call);
}

#[tokio::test]
async fn a_phone_number_is_read() {
    let number: IncomingPhoneNumber = read(fetch_number(), &incoming_number()).await.unwrap();
    assert_eq!(number.phone_number, Some(Address::parse(TO)));
    assert_eq!(number.voice_application_sid.unwrap().as_str(), APP);
    assert_eq!(number.sms_application_sid.unwrap().as_str(), APP);
    assert_eq!(number.sms_url.as_ref().unwrap(), &URL);
    assert_eq!(number.voice_fallback_method, Some(Method::Get));
    let can = number.capabilities.unwrap();
    assert_eq!(
        (can.voice, can.sms, can.mms, can.fax),
        (Some(true), Some(true), Some(false), Some(true))
    );
    assert_eq!(number.r#type.as_deref(), Some("local"));
    assert_debug_clean(&number);
}

#[tokio::test]
async fn a_twiml_app_is_read() {
    let app: Application = read(fetch_application(), &application()).await.unwrap();
    assert_eq!(app.friendly_name.as_ref().unwrap().expose(), "PLANTED");
    assert_eq!(app.message_status_callback.as_ref().unwrap().as_str(), URL);
    assert_eq!(app.voice_method, Some(Method::Post));
    assert_eq!(
        format!("{:?}", app.sms_url.as_ref().unwrap()),
        "WebhookUrl(https://clinic.example/sms?[redacted])"
    );
    assert_debug_clean(&app);
}

/// Damages each field but the SID, one after the other and in every way.
///
/// The response is still read, and a missing field equals a `null`. A damaged SID is an error.
async fn reads_damaged_fields<R>(request: R, whole: Value)
where
    R: Request + Clone,
    R::Output: Debug,
{
    let whole: Map<String, Value> = whole.as_object().unwrap().clone();
    let intact = format!(
        "{:?}",
        read(request.clone(), &whole.clone().into()).await.unwrap()
    );
    // A field without a value in the sample would not be tested.
    assert!(
        !intact.contains("None"),
        "the sample leaves a field out: {intact}"
    );
    let damages = [
        json!(null),
        json!(""),
        json!("x"),
        json!(5),
        json!(-5),
        json!(5.5),
        json!(1e300),
        json!(true),
        json!([]),
        json!([1, {"a": []}]),
        json!({}),
        json!({"voice": [], "b": {}}),
        json!("\u{0}\u{fffd}\u{1f600}"),
        json!(18_446_744_073_709_551_615_u64),
    ];
    for field in whole.keys().filter(|field| *field != "sid") {
        for damage in &damages {
            let mut odd = whole.clone();
            odd.insert(field.clone(), damage.clone());
            let read = read(request.clone(), &odd.into()).await;
            assert!(read.is_ok(), "{field} = {damage}: {read:?}");
        }
        let mut without = whole.clone();
        without.remove(field);
        let missing = format!(
            "{:?}",
            read(request.clone(), &without.into()).await.unwrap()
        );
        let mut nulled = whole.clone();
        nulled.insert(field.clone(), Value::Null);
        let null = format!("{:?}", read(request.clone(), &nulled.into()).await.unwrap());
        // Twilio writes an unset field as `null` or leaves it out.
        assert_eq!(missing, null, "{field}");
    }
    let Some(sid) = whole.get("sid") else {
        panic!("no SID")
    };
    read(request.clone(), &json!({ "sid": sid })).await.unwrap();
    for damage in damages {
        let mut odd = whole.clone();
        odd.insert("sid".to_owned(), damage);
        read(request.clone(), &odd.into())
            .await
            .map(|_| ())
            .unwrap_err();
    }
}

#[tokio::test]
async fn damaged_fields_do_not_make_a_response_unreadable() {
    reads_damaged_fields(fetch(), message()).await;
    reads_damaged_fields(fetch_call(), call()).await;
    reads_damaged_fields(fetch_number(), incoming_number()).await;
    reads_damaged_fields(fetch_application(), application()).await;
}

#[tokio::test]
async fn empty_strings_are_read_as_missing() {
    let empty = json!({
        "sid": NUMBER, "voice_application_sid": "", "sms_application_sid": "", "voice_url": "",
        "status_callback": "", "phone_number": "", "date_created": ""
    });
    let bare = read(fetch_number(), &json!({ "sid": NUMBER }))
        .await
        .unwrap();
    assert_eq!(read(fetch_number(), &empty).await.unwrap(), bare);
}

#[tokio::test]
async fn numbers_are_read_from_text_and_text_from_numbers() {
    let odd = json!({
        "sid": MESSAGE, "error_code": "30003", "num_segments": 2, "num_media": null,
        "price": -0.5, "status": "teleported", "date_sent": "2023-08-24T05:01:45Z"
    });
    let message = read(fetch(), &odd).await.unwrap();
    assert_eq!(message.error_code, Some(ErrorCode::UNREACHABLE));
    assert_eq!(message.num_segments, Some(2));
    assert_eq!(message.price.as_deref(), Some("-0.5"));
    assert_eq!(message.status.unwrap().as_str(), "teleported");
    assert_eq!(
        message.date_sent.unwrap().time(),
        Timestamp::parse(DATE).time()
    );
}

#[tokio::test]
async fn debug_of_a_webhook_url_hides_phone_numbers() {
    for (url, shown) in [
        (
            "https://clinic.example/voice/+14155550123",
            "https://clinic.example/voice/[redacted]",
        ),
        (
            "https://clinic.example/4155550123/sms#rc=2",
            "https://clinic.example/[redacted]/sms?[redacted]",
        ),
        (
            "https://clinic.example/%2B1415/5550123?to=PLANTED",
            "https://clinic.example/[redacted]/[redacted]?[redacted]",
        ),
        (
            "https://user:PLANTED@clinic.example:8443",
            "https://clinic.example:8443",
        ),
        (
            "https://clinic.example/v2/2010-04-01/x/",
            "https://clinic.example/v2/2010-04-01/x/",
        ),
        (
            &format!("https://clinic.example/{APP}"),
            &format!("https://clinic.example/{APP}"),
        ),
        ("+14155550123", "[redacted]"),
    ] {
        let json = json!({"sid": APP, "voice_url": url});
        let app = read(fetch_application(), &json).await.unwrap();
        let voice_url = app.voice_url.as_ref().unwrap();
        assert_eq!(voice_url.as_str(), url);
        assert_eq!(format!("{voice_url:?}"), format!("WebhookUrl({shown})"));
        assert_debug_clean(&app);
    }
}

/// With its feature `arbitrary_precision`, which any crate can enable, `serde_json` passes numbers
/// as objects.
#[tokio::test]
async fn numbers_are_read_with_arbitrary_precision_of_serde_json() {
    let number = |digits: &str| json!({ "$serde_json::private::Number": digits });
    let odd = json!({
        "sid": MESSAGE, "error_code": number("30003"), "num_segments": number("1e999"),
        "price": number("-0.0079"), "num_media": {"$serde_json::private::Number": [1]}
    });
    let message = read(fetch(), &odd).await.unwrap();
    assert_eq!(
        (message.error_code, message.num_segments),
        (Some(ErrorCode::UNREACHABLE), None)
    );
    assert_eq!(
        (message.price.as_deref(), message.num_media),
        (Some("-0.0079"), None)
    );
}
