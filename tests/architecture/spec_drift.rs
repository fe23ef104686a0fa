//! Names of parameters and fields, compared with Twilio's `OpenAPI` documents
//! (`tests/data/spec_names.json`): a name that Twilio adds or removes fails a test.

use std::collections::{BTreeMap, BTreeSet};

use clinspark_twilio::client::Request;
use clinspark_twilio::client::a2p::{Brand, BrandPasscode, BrandVetting, CampaignUsecases};
use clinspark_twilio::client::accounts::{Account, Balance};
use clinspark_twilio::client::alerts::Alert;
use clinspark_twilio::client::applications::Application;
use clinspark_twilio::client::auth_tokens::{PromotedAuthToken, SecondaryAuthToken};
use clinspark_twilio::client::available_numbers::{AvailableCountries, AvailablePhoneNumber};
use clinspark_twilio::client::caller_ids::{CallerId, CallerIdVerification};
use clinspark_twilio::client::calls::{Call, CallEventRecord};
use clinspark_twilio::client::conferences::{Conference, Participant};
use clinspark_twilio::client::consents::UploadedConsents;
use clinspark_twilio::client::deactivations::Deactivations;
use clinspark_twilio::client::events::Event;
use clinspark_twilio::client::geo_permissions::{
    DialingPermissionsCountry, DialingPermissionsSettings, DialingPermissionsUpdate,
    MessagingGeoPermissions,
};
use clinspark_twilio::client::lookups::LookupResult;
use clinspark_twilio::client::messages::{Feedback, Message, MessageMedia};
use clinspark_twilio::client::numbers::IncomingPhoneNumber;
use clinspark_twilio::client::oauth::OauthToken;
use clinspark_twilio::client::queues::{Queue, QueueMember};
use clinspark_twilio::client::recordings::Recording;
use clinspark_twilio::client::safe_list::SafeListNumber;
use clinspark_twilio::client::services::{
    AlphaSender, Service, ServicePhoneNumber, ServiceShortCode, Usecases,
};
use clinspark_twilio::client::short_codes::ShortCode;
use clinspark_twilio::client::toll_free::TollfreeVerification;
use clinspark_twilio::client::transcriptions::Transcription;
use clinspark_twilio::client::usage::UsageRecord;
use serde_json::Value;

use crate::operations::{Operation, Visit};

/// Operations that the documents do not have.
const UNDOCUMENTED: &[&str] = &["GET /Accounts.json"];

/// Parameters that the crate leaves out on purpose.
const LEFT_OUT_PARAMETERS: &[(&str, &[&str])] = &[
    // There is one API version only. `AccountSid` moves a number to another account, which is not a
    // setting of the number.
    (
        "POST /IncomingPhoneNumbers/{}.json",
        &["AccountSid", "ApiVersion"],
    ),
    ("POST /IncomingPhoneNumbers.json", &["ApiVersion"]),
    ("POST /SMS/ShortCodes/{}.json", &["ApiVersion"]),
    ("POST /Applications.json", &["ApiVersion"]),
    ("POST /Applications/{}.json", &["ApiVersion"]),
    // The only parameter of a POST that belongs into the query. The grant names the app, whose
    // account it is.
    ("POST /v2/token", &["account_sid"]),
    // Other packages of a lookup need these data about a person.
    (
        "GET /PhoneNumbers/{}",
        &[
            "AddressCountryCode",
            "AddressLine1",
            "AddressLine2",
            "City",
            "CountryCode",
            "DateOfBirth",
            "FirstName",
            "LastName",
            "LastVerifiedDate",
            "NationalId",
            "PartnerSubId",
            "PostalCode",
            "State",
            "VerificationSid",
        ],
    ),
];

/// Fields that the crate leaves out on purpose, each with the reason.
const LEFT_OUT_FIELDS: &[(&str, &[&str])] = &[
    // Links to resources that have requests of their own.
    ("", &["subresource_uris", "links"]),
    // A secret that is not read cannot get into a log.
    ("GET /Accounts/{}.json", &["auth_token"]),
    // Key data for accounts that decrypt recordings themselves.
    ("GET /Recordings/{}.json", &["encryption_details"]),
    // The shape depends on the type of event.
    ("GET /Events/{}", &["event_data"]),
    // Results of packages that the crate does not offer.
    (
        "GET /PhoneNumbers/{}",
        &[
            "call_forwarding",
            "caller_name",
            "identity_match",
            "line_status",
            "phone_number_quality_score",
            "pre_fill",
            "reassigned_number",
            "sim_swap",
            "sms_pumping_risk",
        ],
    ),
    // A list of objects without a shape in the documents.
    ("GET /a2p/BrandRegistrations/{}", &["errors"]),
    // Personal data of people at the business, and the data of the submission.
    (
        "GET /Tollfree/Verifications/{}",
        &[
            "additional_information",
            "age_gated_content",
            "business_city",
            "business_contact_email",
            "business_contact_first_name",
            "business_contact_last_name",
            "business_contact_phone",
            "business_country",
            "business_postal_code",
            "business_registration_authority",
            "business_registration_country",
            "business_registration_number",
            "business_registration_phone_number",
            "business_state_province_region",
            "business_street_address",
            "business_street_address2",
            "business_type",
            "doing_business_as",
            "help_message_sample",
            "notification_email",
            "opt_in_confirmation_message",
            "opt_in_image_urls",
            "opt_in_keywords",
            "opt_in_type",
            "privacy_policy_url",
            "production_message_sample",
            "rejection_reasons",
            "resource_links",
            "terms_and_conditions_url",
            "use_case_summary",
            "vetting_id",
            "vetting_id_expiration",
            "vetting_provider",
        ],
    ),
];

/// Returns the operations of the documents, by method and path.
fn documents() -> BTreeMap<String, Value> {
    let text = include_str!("../data/spec_names.json");
    let whole: Value = serde_json::from_str(text).unwrap();
    let operations = whole["operations"].as_object().unwrap();
    operations
        .iter()
        .map(|(key, names)| {
            let [method, _, path] = key.split(' ').collect::<Vec<_>>().try_into().unwrap();
            (format!("{method} {path}"), names.clone())
        })
        .collect()
}

fn names(value: &Value) -> BTreeSet<&str> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|v| v.as_str().unwrap())
        .collect()
}

fn left_out(table: &[(&str, &[&'static str])], key: &str) -> BTreeSet<&'static str> {
    table
        .iter()
        .filter(|(of, _)| of.is_empty() || *of == key)
        .flat_map(|(_, names)| names.iter().copied())
        .collect()
}

/// Parameters of every request, by method and path.
#[derive(Default)]
struct Parameters(BTreeMap<String, BTreeSet<&'static str>>);

impl Visit for Parameters {
    async fn operation<R: Request>(&mut self, operation: Operation, _: R) {
        let mut path = String::new();
        for (n, part) in operation.path.split('{').enumerate() {
            let part = if n == 0 {
                part
            } else {
                part.split_once('}').unwrap().1
            };
            path.push_str(if n == 0 { "" } else { "{}" });
            path.push_str(part);
        }
        let known = self
            .0
            .entry(format!("{} {path}", operation.method))
            .or_default();
        known.extend(operation.parameters.iter().flat_map(|group| group.iter()));
    }
}

#[tokio::test]
async fn parameters_have_twilios_names() {
    let mut ours = Parameters::default();
    crate::operations::every(&mut ours).await;
    let documents = documents();
    for (key, mut ours) in ours.0 {
        if UNDOCUMENTED.contains(&key.as_str()) {
            continue;
        }
        let Some(document) = documents.get(&key) else {
            panic!("the documents do not have {key}");
        };
        let theirs = names(&document["parameters"]);
        // `SendMessage` sends it with `SendAt`; it has no setter.
        if key == "POST /Messages.json" {
            ours.insert("ScheduleType");
        }
        let unknown: Vec<_> = ours.difference(&theirs).collect();
        assert!(unknown.is_empty(), "{key}: Twilio has no {unknown:?}");
        let missing: BTreeSet<_> = theirs.difference(&ours).copied().collect();
        assert_eq!(
            missing,
            left_out(LEFT_OUT_PARAMETERS, &key),
            "{key}: left out"
        );
    }
}

/// Tests that messages have all 25 of Twilio's parameters, and calls all 36.
#[test]
fn messages_and_calls_are_complete() {
    let documents = documents();
    assert_eq!(
        names(&documents["POST /Messages.json"]["parameters"]).len(),
        25
    );
    assert_eq!(
        names(&documents["POST /Calls.json"]["parameters"]).len(),
        36
    );
    for complete in ["POST /Messages.json", "POST /Calls.json"] {
        assert!(left_out(LEFT_OUT_PARAMETERS, complete).is_empty());
    }
}

#[test]
fn fields_have_twilios_names() {
    let documents = documents();
    for (key, fields) in [
        ("GET /Accounts/{}.json", Account::FIELDS),
        ("GET /Alerts/{}", Alert::FIELDS),
        ("GET /Services/{}/AlphaSenders/{}", AlphaSender::FIELDS),
        ("GET /Applications/{}.json", Application::FIELDS),
        ("GET /Balance.json", Balance::FIELDS),
        ("GET /a2p/BrandRegistrations/{}", Brand::FIELDS),
        ("GET /Calls/{}.json", Call::FIELDS),
        (
            "GET /DialingPermissions/Countries/{}",
            DialingPermissionsCountry::FIELDS,
        ),
        ("GET /Settings", DialingPermissionsSettings::FIELDS),
        ("POST /Messages/{}/Feedback.json", Feedback::FIELDS),
        (
            "GET /IncomingPhoneNumbers/{}.json",
            IncomingPhoneNumber::FIELDS,
        ),
        ("GET /Events/{}", Event::FIELDS),
        ("GET /SMS/ShortCodes/{}.json", ShortCode::FIELDS),
        ("GET /PhoneNumbers/{}", LookupResult::FIELDS),
        ("GET /Messages/{}.json", Message::FIELDS),
        ("GET /Messages/{}/Media/{}.json", MessageMedia::FIELDS),
        (
            "GET /Messaging/GeoPermissions",
            MessagingGeoPermissions::FIELDS,
        ),
        ("GET /Services/{}", Service::FIELDS),
        ("GET /Services/Usecases", Usecases::FIELDS),
        (
            "GET /Services/{}/PhoneNumbers/{}",
            ServicePhoneNumber::FIELDS,
        ),
        ("GET /Services/{}/ShortCodes/{}", ServiceShortCode::FIELDS),
        (
            "GET /Tollfree/Verifications/{}",
            TollfreeVerification::FIELDS,
        ),
        ("GET /Conferences/{}.json", Conference::FIELDS),
        (
            "GET /Conferences/{}/Participants/{}.json",
            Participant::FIELDS,
        ),
        ("GET /Queues/{}.json", Queue::FIELDS),
        ("GET /Queues/{}/Members/{}.json", QueueMember::FIELDS),
        (
            "GET /Recordings/{}/Transcriptions/{}.json",
            Transcription::FIELDS,
        ),
        ("GET /Usage/Records.json", UsageRecord::FIELDS),
        ("GET /Calls/{}/Events.json", CallEventRecord::FIELDS),
        (
            "GET /AvailablePhoneNumbers.json",
            AvailableCountries::FIELDS,
        ),
        (
            "GET /AvailablePhoneNumbers/{}/Local.json",
            AvailablePhoneNumber::FIELDS,
        ),
        (
            "GET /AvailablePhoneNumbers/{}/TollFree.json",
            AvailablePhoneNumber::FIELDS,
        ),
        ("GET /OutgoingCallerIds/{}.json", CallerId::FIELDS),
        ("POST /OutgoingCallerIds.json", CallerIdVerification::FIELDS),
        ("GET /Deactivations", Deactivations::FIELDS),
        ("POST /AuthTokens/Secondary", SecondaryAuthToken::FIELDS),
        ("POST /AuthTokens/Promote", PromotedAuthToken::FIELDS),
        ("GET /SafeList/Numbers", SafeListNumber::FIELDS),
        ("POST /v1/token", OauthToken::FIELDS),
        ("POST /v2/token", OauthToken::FIELDS),
        ("POST /Consents/Bulk", UploadedConsents::FIELDS),
        (
            "GET /Services/{}/Compliance/Usa2p/Usecases",
            CampaignUsecases::FIELDS,
        ),
        (
            "POST /a2p/BrandRegistrations/{}/SmsOtp",
            BrandPasscode::FIELDS,
        ),
        (
            "GET /a2p/BrandRegistrations/{}/Vettings/{}",
            BrandVetting::FIELDS,
        ),
        (
            "POST /DialingPermissions/BulkCountryUpdates",
            DialingPermissionsUpdate::FIELDS,
        ),
    ] {
        let ours: BTreeSet<&str> = fields.iter().map(|f| f.trim_start_matches("r#")).collect();
        compare(key, &ours, &names(&documents[key]["fields"]));
    }
    // `Recording` is the model of two resources, so it has the fields of both.
    let mut theirs = names(&documents["GET /Recordings/{}.json"]["fields"]);
    theirs.extend(names(
        &documents["GET /Calls/{}/Recordings/{}.json"]["fields"],
    ));
    let ours: BTreeSet<&str> = Recording::FIELDS.iter().copied().collect();
    compare("GET /Recordings/{}.json", &ours, &theirs);
}

#[track_caller]
fn compare(key: &str, ours: &BTreeSet<&str>, theirs: &BTreeSet<&str>) {
    let unknown: Vec<_> = ours.difference(theirs).collect();
    assert!(unknown.is_empty(), "{key}: Twilio has no {unknown:?}");
    let left_out = left_out(LEFT_OUT_FIELDS, key);
    let missing: Vec<_> = theirs
        .difference(ours)
        .filter(|f| !left_out.contains(*f))
        .collect();
    assert!(
        missing.is_empty(),
        "{key}: the model does not read {missing:?}"
    );
}
