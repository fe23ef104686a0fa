//! Responses about all resources, intact and damaged. `models.rs` has the four largest in detail.

use std::fmt::Debug;

use clinspark_twilio::client::a2p::{
    Brand, Campaign, CampaignStatus, FetchCampaign, RegistrationError,
};
use clinspark_twilio::client::accounts::{Account, Balance};
use clinspark_twilio::client::alerts::Alert;
use clinspark_twilio::client::applications::{Application, DeleteApplication};
use clinspark_twilio::client::calls::Call;
use clinspark_twilio::client::events::Event;
use clinspark_twilio::client::geo_permissions::{
    DialingPermissionsCountry, DialingPermissionsSettings, FetchMessagingGeoPermissions,
    MessagingGeoPermission, MessagingGeoPermissions,
};
use clinspark_twilio::client::lookups::{
    LineType, LineTypeIntelligence, LookupPhoneNumber, LookupResult, ValidationError,
};
use clinspark_twilio::client::messages::{Feedback, Message, MessageMedia};
use clinspark_twilio::client::numbers::{Capabilities, IncomingPhoneNumber};
use clinspark_twilio::client::recordings::{FetchRecording, Recording, RecordingStatus};
use clinspark_twilio::client::services::{
    AlphaSender, Service, ServicePhoneNumber, ServiceShortCode, Usecase, Usecases,
};
use clinspark_twilio::client::short_codes::ShortCode;
use clinspark_twilio::client::toll_free::TollfreeVerification;
use clinspark_twilio::client::{Delivery, Error, ErrorKind, Request};
use clinspark_twilio::codes::ErrorCode;
use clinspark_twilio::phone::Address;
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::operations::{self, Operation, Visit};
use crate::support::{Recorder, TO, assert_debug_clean, number};

const DIGITS: &str = "00000000000000000000000000000001";

async fn read<R: Request>(request: R, json: Value) -> Result<R::Output, Error> {
    let recorder = Recorder::answering([json.to_string()]);
    recorder.client(Delivery::Off).execute(request).await
}

fn damages() -> Vec<Value> {
    vec![
        json!(null),
        json!(""),
        json!("x"),
        json!(5),
        json!(-5.5),
        json!(1e300),
        json!(true),
        json!([]),
        json!([null, 1, "x", [[]], {"a": {}}]),
        json!({}),
        json!({"type": [], "error_code": {}, "errors": [[]]}),
        json!("\u{0}\u{fffd}\u{1f600}"),
        // `u64::MAX`, which fits no field.
        json!(18_446_744_073_709_551_615_u64),
    ]
}

/// Damages each field but the SID: the response is still read, whatever the field contains.
#[track_caller]
pub(crate) fn reads_damaged_fields<T: DeserializeOwned + Debug + PartialEq>(
    prefix: Option<&str>,
    fields: &[&str],
) {
    let sid = prefix.map(|prefix| format!("{prefix}{DIGITS}"));
    let bare = sid.map_or(json!({}), |sid| json!({ "sid": sid }));
    let empty: T = serde_json::from_value(bare.clone()).unwrap();
    for field in fields.iter().filter(|field| **field != "sid") {
        // `FIELDS` has the names as Rust writes them, such as `r#type`.
        let field = field.trim_start_matches("r#");
        for damage in damages() {
            let mut odd = bare.clone();
            odd[field] = damage.clone();
            let read = serde_json::from_value::<T>(odd);
            assert!(read.is_ok(), "{field} = {damage}: {read:?}");
            if damage.is_null() {
                assert_eq!(read.unwrap(), empty, "{field}");
            }
        }
        let mut filled = bare.clone();
        filled[field] = json!("PLANTED");
        // Only a model with a SID is unreadable without it.
        assert_eq!(
            fields.contains(&"sid"),
            serde_json::from_value::<T>(json!({})).is_err()
        );
        let _: T = serde_json::from_value(filled).unwrap();
    }
}

#[test]
fn every_model_is_read_with_damaged_fields() {
    reads_damaged_fields::<Account>(Some("AC"), Account::FIELDS);
    reads_damaged_fields::<Alert>(Some("NO"), Alert::FIELDS);
    reads_damaged_fields::<Event>(Some("AE"), Event::FIELDS);
    reads_damaged_fields::<ShortCode>(Some("SC"), ShortCode::FIELDS);
    reads_damaged_fields::<AlphaSender>(Some("AI"), AlphaSender::FIELDS);
    reads_damaged_fields::<Application>(Some("AP"), Application::FIELDS);
    reads_damaged_fields::<Brand>(Some("BN"), Brand::FIELDS);
    reads_damaged_fields::<Call>(Some("CA"), Call::FIELDS);
    reads_damaged_fields::<Campaign>(Some("QE"), Campaign::FIELDS);
    reads_damaged_fields::<IncomingPhoneNumber>(Some("PN"), IncomingPhoneNumber::FIELDS);
    reads_damaged_fields::<Message>(Some("SM"), Message::FIELDS);
    reads_damaged_fields::<MessageMedia>(Some("ME"), MessageMedia::FIELDS);
    reads_damaged_fields::<Recording>(Some("RE"), Recording::FIELDS);
    reads_damaged_fields::<Service>(Some("MG"), Service::FIELDS);
    reads_damaged_fields::<ServicePhoneNumber>(Some("PN"), ServicePhoneNumber::FIELDS);
    reads_damaged_fields::<ServiceShortCode>(Some("SC"), ServiceShortCode::FIELDS);
    reads_damaged_fields::<TollfreeVerification>(Some("HH"), TollfreeVerification::FIELDS);
    reads_damaged_fields::<Balance>(None, Balance::FIELDS);
    reads_damaged_fields::<Capabilities>(None, Capabilities::FIELDS);
    reads_damaged_fields::<DialingPermissionsCountry>(None, DialingPermissionsCountry::FIELDS);
    reads_damaged_fields::<DialingPermissionsSettings>(None, DialingPermissionsSettings::FIELDS);
    reads_damaged_fields::<Feedback>(None, Feedback::FIELDS);
    reads_damaged_fields::<LineTypeIntelligence>(None, LineTypeIntelligence::FIELDS);
    reads_damaged_fields::<LookupResult>(None, LookupResult::FIELDS);
    reads_damaged_fields::<MessagingGeoPermission>(None, MessagingGeoPermission::FIELDS);
    reads_damaged_fields::<MessagingGeoPermissions>(None, MessagingGeoPermissions::FIELDS);
    reads_damaged_fields::<RegistrationError>(None, RegistrationError::FIELDS);
    reads_damaged_fields::<Usecase>(None, Usecase::FIELDS);
    reads_damaged_fields::<Usecases>(None, Usecases::FIELDS);
}

/// Answers each operation with the same JSON. An error is accepted, a panic fails the test.
struct AnswerWith(Value);

impl Visit for AnswerWith {
    async fn operation<R: Request>(&mut self, operation: Operation, request: R) {
        if let Err(error) = read(request, self.0.clone()).await {
            let kind = error.kind();
            let fine = matches!(
                kind,
                ErrorKind::Decode | ErrorKind::Blocked | ErrorKind::Invalid
            );
            assert!(fine, "{}: {error}", operation.case);
        }
    }
}

pub(crate) fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,40}".prop_map(Value::from),
        // SIDs and the keys below lead the parser to its deeper paths.
        "(AC|SM|CA|RE|PN|MG)[0-9a-f]{32}".prop_map(Value::from),
    ];
    let key = prop_oneof![
        Just("sid".to_owned()),
        Just("meta".to_owned()),
        Just("next_page_uri".to_owned()),
        Just("status".to_owned()),
        Just("permissions".to_owned()),
        Just("messages".to_owned()),
        Just("errors".to_owned()),
        Just("line_type_intelligence".to_owned()),
        ".{0,8}",
    ];
    leaf.prop_recursive(3, 24, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(key.clone(), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_json_is_read_or_returned_as_an_error(json in any_json()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(operations::every(&mut AnswerWith(json)));
    }
}

#[tokio::test]
async fn a_deletion_expects_an_empty_body() {
    let delete = || DeleteApplication::new(format!("AP{DIGITS}").parse().unwrap());
    for (body, deleted) in [
        ("", true),
        (" \r\n", true),
        ("{}", false),
        // A gateway's error page must not count as a deletion.
        ("<html>", false),
    ] {
        let recorder = Recorder::answering([body]);
        let result = recorder.client(Delivery::Off).execute(delete()).await;
        assert_eq!(result.is_ok(), deleted, "{body}");
        assert!(result.is_ok() || result.unwrap_err().kind() == ErrorKind::Decode);
        assert_eq!(recorder.take()[0].method, "DELETE");
    }
}

#[tokio::test]
async fn a_lookup_result_is_read() {
    let json = json!({
        "calling_country_code": "1", "country_code": "US", "phone_number": TO,
        "national_format": "(415) 555-0123 PLANTED", "valid": false,
        "validation_errors": ["TOO_SHORT", "NEWER", 5, null, []],
        "line_type_intelligence": {
            "mobile_country_code": "310", "mobile_network_code": 456, "carrier_name": "Carrier",
            "type": "fixedVoip", "error_code": null, "newer": {}
        },
        "sim_swap": {"x": 1}, "url": "https://lookups.twilio.com/v2/PhoneNumbers/+14155550123"
    });
    let found = read(LookupPhoneNumber::new(number(TO)), json)
        .await
        .unwrap();
    assert_eq!(found.phone_number, Some(Address::parse(TO)));
    assert_eq!(found.valid, Some(false));
    let errors = found.validation_errors.clone().unwrap();
    assert_eq!(errors[0], ValidationError::TooShort);
    let errors: Vec<&str> = errors.iter().map(ValidationError::as_str).collect();
    assert_eq!(errors, ["TOO_SHORT", "NEWER", "5"]);
    let line = found.line_type_intelligence.clone().unwrap();
    assert_eq!(line.r#type, Some(LineType::FixedVoip));
    assert_eq!(line.mobile_network_code.as_deref(), Some("456"));
    assert_eq!(line.error_code, None);
    assert_debug_clean(&found);
}

#[tokio::test]
async fn a_campaign_is_read() {
    let json = json!({
        "sid": format!("QE{DIGITS}"), "brand_registration_sid": format!("BN{DIGITS}"),
        "message_samples": ["PLANTED one", "PLANTED two"], "campaign_status": "VERIFIED",
        "message_flow": "PLANTED", "opt_in_keywords": ["START"], "rate_limits": {"att": {}},
        "errors": [{"error_code": 30893, "description": "PLANTED", "fields": ["MESSAGE_FLOW"]}]
    });
    let service = format!("MG{DIGITS}").parse().unwrap();
    let request = FetchCampaign::new(service, format!("QE{DIGITS}").parse().unwrap());
    let campaign = read(request, json).await.unwrap();
    assert_eq!(campaign.campaign_status, Some(CampaignStatus::Verified));
    assert_eq!(campaign.message_samples.as_ref().unwrap().expose().len(), 2);
    let errors = campaign.errors.as_deref().unwrap();
    assert_eq!(errors[0].error_code, Some(ErrorCode::from(30893)));
    assert_eq!(errors[0].fields.as_deref().unwrap(), ["MESSAGE_FLOW"]);
    assert_debug_clean(&campaign);
}

#[tokio::test]
async fn a_recording_and_geo_permissions_are_read() {
    let json = json!({
        "sid": format!("RE{DIGITS}"), "call_sid": format!("CA{DIGITS}"), "duration": "4",
        "channels": 2, "status": "completed", "price": -0.0025, "error_code": null,
        "media_url": "https://api.twilio.com/PLANTED"
    });
    let request = FetchRecording::new(format!("RE{DIGITS}").parse().unwrap());
    let recording = read(request, json).await.unwrap();
    assert_eq!((recording.duration, recording.channels), (Some(4), Some(2)));
    assert_eq!(recording.status, Some(RecordingStatus::Completed));
    assert_eq!(recording.price.as_deref(), Some("-0.0025"));
    assert_debug_clean(&recording);

    let json = json!({"permissions": [{"country_code": "AU", "enabled": true, "prefix": "+61"}]});
    let found = read(FetchMessagingGeoPermissions::new(), json)
        .await
        .unwrap();
    let [australia] = found.permissions.unwrap().try_into().unwrap();
    assert_eq!(australia.country_code.as_deref(), Some("AU"));
    assert_eq!(australia.enabled, Some(true));
}
