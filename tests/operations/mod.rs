//! Catalogue of requests: one of every operation, with every parameter that other tests do not set.
//!
//! Tests compare it with the wire format, with Twilio's documents and with the list of names.

use std::time::{Duration, SystemTime};

use clinspark_twilio::client::Request;
use clinspark_twilio::client::a2p::{FetchBrand, FetchCampaign, ListBrands, ListCampaigns};
use clinspark_twilio::client::accounts::{AccountStatus, FetchAccount, FetchBalance, ListAccounts};
use clinspark_twilio::client::alerts::{FetchAlert, ListAlerts, LogLevel};
use clinspark_twilio::client::applications::{
    CreateApplication, DeleteApplication, FetchApplication, ListApplications, UpdateApplication,
};
use clinspark_twilio::client::calls::{
    CancelCall, DeleteCall, FetchCall, HangUpCall, InlineTwiml, ListCalls, PlaceCall,
    RecordingChannels, RecordingEvent, RecordingTrack, RedirectCall, SetCallTimeLimit, Trim,
    TwimlUrl,
};
use clinspark_twilio::client::events::ListEvents;
use clinspark_twilio::client::geo_permissions::{
    FetchDialingPermissionsCountry, FetchDialingPermissionsSettings, FetchMessagingGeoPermissions,
    ListDialingPermissionsCountries,
};
use clinspark_twilio::client::lookups::{LookupPackage, LookupPhoneNumber};
use clinspark_twilio::client::messages::{
    AlphanumericSender, CancelMessage, DeleteMedia, DeleteMessage, FeedbackOutcome, FetchMedia,
    FetchMessage, ListMedia, ListMessages, RedactMessage, SendFeedback, SendMessage, Sender,
    TrafficType,
};
use clinspark_twilio::client::numbers::{
    FetchIncomingPhoneNumber, ListIncomingPhoneNumbers, UpdateIncomingPhoneNumber,
};
use clinspark_twilio::client::recordings::{
    DeleteCallRecording, DeleteRecording, FetchCallRecording, FetchRecording, ListCallRecordings,
    ListRecordings, PauseBehavior, RecordingCommand, RecordingRef, StartCallRecording,
    UpdateCallRecording,
};
use clinspark_twilio::client::services::{
    AddAlphaSender, AddServicePhoneNumber, AddServiceShortCode, CreateService, DeleteService,
    FetchAlphaSender, FetchService, FetchServicePhoneNumber, FetchServiceShortCode, FetchUsecases,
    ListAlphaSenders, ListServicePhoneNumbers, ListServiceShortCodes, ListServices,
    RemoveAlphaSender, RemoveServicePhoneNumber, RemoveServiceShortCode, ScanMessageContent,
    UpdateService,
};
use clinspark_twilio::client::short_codes::{FetchShortCode, ListShortCodes};
use clinspark_twilio::client::toll_free::{
    FetchTollfreeVerification, ListTollfreeVerifications, TollfreeVerificationStatus,
};
use clinspark_twilio::phone::{Address, Callee, E164, Region, SipUri};
use clinspark_twilio::types::{
    AccountSid, AlertSid, AlphaSenderSid, ApplicationSid, BrandSid, CallSid, CallStatus,
    CampaignSid, ConferenceSid, MediaSid, MessageSid, MessagingServiceSid, Method, PhoneNumberSid,
    RecordingSid, ShortCodeSid, TollfreeVerificationSid,
};

const TO: &str = "+14155550123";
const FROM: &str = "+14155550100";
const URL: &str = "https://clinic.example/twilio/status";

/// Action of a test on each operation.
pub(crate) trait Visit {
    async fn operation<R: Request>(&mut self, operation: Operation, request: R);
}

/// Operation as the crate declares it.
#[derive(Clone, Copy, Debug)]
#[allow(dead_code, reason = "each test reads some of the fields")]
pub(crate) struct Operation {
    /// Name of the case in `tests/data/requests.json`.
    pub(crate) case: &'static str,
    pub(crate) name: &'static str,
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) parameters: &'static [&'static [&'static str]],
}

// A macro, because every request has a type of its own and so cannot be an item of a list.
macro_rules! visit {
    ($visit:ident: $( $case:literal $name:ident $request:expr; )+) => {$(
        let operation = Operation {
            case: $case,
            name: stringify!($name),
            method: $name::METHOD,
            path: $name::PATH,
            parameters: $name::PARAMETERS,
        };
        let request: $name = $request;
        $visit.operation(operation, request).await;
    )+};
}

mod account;
mod voice;

pub(crate) fn sid<T: std::str::FromStr>(prefix: &str) -> T
where
    T::Err: std::fmt::Debug,
{
    text_sid(prefix).parse().unwrap()
}

fn text_sid(prefix: &str) -> String {
    format!("{prefix}00000000000000000000000000000001")
}

fn number(text: &str) -> E164 {
    E164::parse(text).unwrap()
}

/// Returns 2026-11-30 20:36:27 UTC, with a fraction of a second, which requests do not contain.
pub(crate) fn time() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_millis(1_796_070_987_250)
}

/// Visits the request of every operation.
pub(crate) async fn every(visit: &mut impl Visit) {
    messages(visit).await;
    calls(visit).await;
    recordings(visit).await;
    numbers_and_applications(visit).await;
    accounts(visit).await;
    services(visit).await;
    senders(visit).await;
    registrations(visit).await;
    permissions(visit).await;
    account::every(visit).await;
    voice::every(visit).await;
}

async fn messages(visit: &mut impl Visit) {
    let message: MessageSid = sid("SM");
    let media: MediaSid = sid("ME");
    visit! { visit:
        "text, all of the rest" SendMessage SendMessage::new(number(TO), Sender::Number(number(FROM)), "Hello")
            .max_price("0.05")
            .force_delivery(true)
            .traffic_type(TrafficType::Free);
        "fetch message" FetchMessage FetchMessage::new(message);
        "list messages" ListMessages ListMessages::new()
            .to(number(TO))
            .from(Address::parse("whatsapp:+14155550100"))
            .date_sent(time())
            .date_sent_before(time())
            .date_sent_after(time())
            .page_size(10);
        "redact message" RedactMessage RedactMessage::new(message);
        "cancel message" CancelMessage CancelMessage::new(message);
        "delete message" DeleteMessage DeleteMessage::new(message);
        "list media" ListMedia ListMedia::new(message)
            .date_created(time())
            .date_created_before(time())
            .date_created_after(time())
            .page_size(10);
        "fetch media" FetchMedia FetchMedia::new(message, media);
        "delete media" DeleteMedia DeleteMedia::new(message, media);
        "feedback" SendFeedback SendFeedback::new(message, FeedbackOutcome::Confirmed);
    }
}

async fn calls(visit: &mut impl Visit) {
    let call: CallSid = sid("CA");
    // A SIP callee, because the SIP parameters have an effect with it only.
    let ann = Callee::Sip(SipUri::parse("sip:ann@clinic.example").unwrap());
    visit! { visit:
        "call, all of the rest" PlaceCall PlaceCall::new(ann, number(FROM), sid::<ApplicationSid>("AP"))
            .sip_auth_username("ann")
            .sip_auth_password("secret")
            .caller_id("Clinic")
            .call_token("token")
            .byoc(text_sid("BY"))
            .client_notification_url(URL);
        "fetch call" FetchCall FetchCall::new(call);
        "list calls" ListCalls ListCalls::new()
            .to(number(TO))
            .from(number(FROM))
            .parent_call_sid(call)
            .status(CallStatus::NoAnswer)
            .start_time(time())
            .start_time_before(time())
            .start_time_after(time())
            .end_time(time())
            .end_time_before(time())
            .end_time_after(time())
            .page_size(10);
        "hang up" HangUpCall HangUpCall::new(call);
        "cancel call" CancelCall CancelCall::new(call);
        "redirect call to TwiML" RedirectCall RedirectCall::new(call, InlineTwiml::from_xml("<Response/>"));
        "redirect call to a URL" RedirectCall RedirectCall::new(call, TwimlUrl::new(URL).method(Method::Get).fallback_url(URL).fallback_method(Method::Post).status_callback(URL).status_callback_method(Method::Get));
        "limit call" SetCallTimeLimit SetCallTimeLimit::new(call, Duration::from_secs(600));
        "delete call" DeleteCall DeleteCall::new(call);
    }
}

async fn recordings(visit: &mut impl Visit) {
    let call: CallSid = sid("CA");
    let recording: RecordingSid = sid("RE");
    visit! { visit:
        "record call" StartCallRecording StartCallRecording::new(call)
            .recording_status_callback_event(RecordingEvent::InProgress)
            .recording_status_callback_event(RecordingEvent::Completed)
            .recording_status_callback(URL)
            .recording_status_callback_method(Method::Get)
            .trim(Trim::TrimSilence)
            .recording_channels(RecordingChannels::Dual)
            .recording_track(RecordingTrack::Inbound);
        "pause recording" UpdateCallRecording UpdateCallRecording::new(call, RecordingRef::Current, RecordingCommand::Pause)
            .pause_behavior(PauseBehavior::Skip);
        "stop recording" UpdateCallRecording UpdateCallRecording::new(call, recording.into(), RecordingCommand::Stop);
        "list call recordings" ListCallRecordings ListCallRecordings::new(call)
            .date_created(time())
            .date_created_before(time())
            .date_created_after(time())
            .page_size(10);
        "fetch call recording" FetchCallRecording FetchCallRecording::new(call, recording);
        "delete call recording" DeleteCallRecording DeleteCallRecording::new(call, recording);
        "list recordings" ListRecordings ListRecordings::new()
            .call_sid(call)
            .conference_sid(sid::<ConferenceSid>("CF"))
            .date_created(time())
            .date_created_before(time())
            .date_created_after(time())
            .include_soft_deleted(true)
            .page_size(10);
        "fetch recording" FetchRecording FetchRecording::new(recording)
            .include_soft_deleted(true);
        "delete recording" DeleteRecording DeleteRecording::new(recording);
    }
}

async fn numbers_and_applications(visit: &mut impl Visit) {
    let ours: PhoneNumberSid = sid("PN");
    let app: ApplicationSid = sid("AP");
    visit! { visit:
        "list numbers by origin" ListIncomingPhoneNumbers ListIncomingPhoneNumbers::new().origin("twilio");
        "fetch number" FetchIncomingPhoneNumber FetchIncomingPhoneNumber::new(ours);
        "number, all of the rest" UpdateIncomingPhoneNumber UpdateIncomingPhoneNumber::new(ours)
            .trunk_sid(text_sid("TK"))
            .voice_receive_mode("voice")
            .emergency_status("Active")
            .emergency_address_sid(text_sid("AD"))
            .address_sid(text_sid("AD"))
            .identity_sid(text_sid("RI"))
            .bundle_sid(text_sid("BU"));
        "create app" CreateApplication CreateApplication::new()
            .friendly_name("ClinSpark")
            .voice_url(URL)
            .voice_method(Method::Post)
            .voice_fallback_url(URL)
            .voice_fallback_method(Method::Get)
            .voice_caller_id_lookup(false)
            .status_callback(URL)
            .status_callback_method(Method::Post)
            .sms_url(URL)
            .sms_method(Method::Post)
            .sms_fallback_url(URL)
            .sms_fallback_method(Method::Get)
            .sms_status_callback(URL)
            .message_status_callback(URL)
            .public_application_connect_enabled(true);
        "update app" UpdateApplication UpdateApplication::new(app)
            .friendly_name("New")
            // An empty string clears the URL.
            .sms_url("");
        "fetch app" FetchApplication FetchApplication::new(app);
        "list apps" ListApplications ListApplications::new()
            .friendly_name("ClinSpark")
            // The largest page that Twilio allows.
            .page_size(1000);
        "delete app" DeleteApplication DeleteApplication::new(app);
    }
}

async fn accounts(visit: &mut impl Visit) {
    visit! { visit:
        "fetch account" FetchAccount FetchAccount::new(sid::<AccountSid>("AC"));
        "list accounts" ListAccounts ListAccounts::new()
            .friendly_name("Site 1")
            .status(AccountStatus::Active)
            .page_size(10);
        "fetch balance" FetchBalance FetchBalance::new();
        "list alerts" ListAlerts ListAlerts::new()
            .log_level(LogLevel::Error)
            .start_date(time())
            .end_date(time())
            .page_size(10);
        "fetch alert" FetchAlert FetchAlert::new(sid::<AlertSid>("NO"));
        "list events" ListEvents ListEvents::new()
            .actor_sid("US00000000000000000000000000000001")
            .event_type("application.updated")
            .resource_sid("AP00000000000000000000000000000001")
            .source_ip_address("192.0.2.1")
            .start_date(time())
            .end_date(time())
            .page_size(5);
        "list short codes" ListShortCodes ListShortCodes::new()
            .friendly_name("Clinic")
            .short_code("12345")
            .page_size(5);
        "fetch short code" FetchShortCode FetchShortCode::new(sid::<ShortCodeSid>("SC"));
    }
}

async fn services(visit: &mut impl Visit) {
    let service: MessagingServiceSid = sid("MG");
    visit! { visit:
        "create service" CreateService CreateService::new("Study 1")
            .inbound_request_url(URL)
            .inbound_method(Method::Post)
            .fallback_url(URL)
            .fallback_method(Method::Get)
            .status_callback(URL)
            .sticky_sender(true)
            .mms_converter(false)
            .smart_encoding(true)
            .scan_message_content(ScanMessageContent::Inherit)
            .fallback_to_long_code(false)
            .area_code_geomatch(true)
            .validity_period(Duration::from_secs(600))
            .synchronous_validation(false)
            .usecase("notifications")
            .use_inbound_webhook_on_number(true);
        "update service" UpdateService UpdateService::new(service)
            .friendly_name("Study 2")
            .inbound_request_url(URL)
            .inbound_method(Method::Post)
            .fallback_url(URL)
            .fallback_method(Method::Get)
            .status_callback(URL)
            .sticky_sender(true)
            .mms_converter(false)
            .smart_encoding(true)
            .scan_message_content(ScanMessageContent::Inherit)
            .fallback_to_long_code(false)
            .area_code_geomatch(true)
            .validity_period(Duration::from_secs(600))
            .synchronous_validation(false)
            .usecase("notifications")
            .use_inbound_webhook_on_number(true);
        "fetch service" FetchService FetchService::new(service);
        "list services" ListServices ListServices::new().page_size(10);
        "fetch usecases" FetchUsecases FetchUsecases::new();
        "delete service" DeleteService DeleteService::new(service);
    }
}

async fn senders(visit: &mut impl Visit) {
    let service: MessagingServiceSid = sid("MG");
    let ours: PhoneNumberSid = sid("PN");
    let code: ShortCodeSid = sid("SC");
    visit! { visit:
        "add number" AddServicePhoneNumber AddServicePhoneNumber::new(service, ours);
        "list service numbers" ListServicePhoneNumbers ListServicePhoneNumbers::new(service)
            .page_size(10);
        "fetch service number" FetchServicePhoneNumber FetchServicePhoneNumber::new(service, ours);
        "remove number" RemoveServicePhoneNumber RemoveServicePhoneNumber::new(service, ours);
        "add short code" AddServiceShortCode AddServiceShortCode::new(service, code);
        "list service short codes" ListServiceShortCodes ListServiceShortCodes::new(service)
            .page_size(10);
        "fetch service short code" FetchServiceShortCode FetchServiceShortCode::new(service, code);
        "remove short code" RemoveServiceShortCode RemoveServiceShortCode::new(service, code);
        "add name" AddAlphaSender AddAlphaSender::new(service, AlphanumericSender::parse("My Clinic").unwrap());
        "list names" ListAlphaSenders ListAlphaSenders::new(service).page_size(10);
        "fetch name" FetchAlphaSender FetchAlphaSender::new(service, sid::<AlphaSenderSid>("AI"));
        "remove name" RemoveAlphaSender RemoveAlphaSender::new(service, sid::<AlphaSenderSid>("AI"));
    }
}

async fn registrations(visit: &mut impl Visit) {
    let service: MessagingServiceSid = sid("MG");
    visit! { visit:
        "list campaigns" ListCampaigns ListCampaigns::new(service).page_size(10);
        "fetch campaign" FetchCampaign FetchCampaign::new(service, sid::<CampaignSid>("QE"));
        "list brands" ListBrands ListBrands::new().page_size(10);
        "fetch brand" FetchBrand FetchBrand::new(sid::<BrandSid>("BN"));
        "list toll-free" ListTollfreeVerifications ListTollfreeVerifications::new()
            .tollfree_phone_number_sid(sid("PN"))
            .status(TollfreeVerificationStatus::Approved)
            .external_reference_id("site-1")
            .include_sub_accounts(true)
            // Twice, because Twilio takes a list as a repeated parameter.
            .trust_product_sid(text_sid("BU"))
            .trust_product_sid(text_sid("BU"))
            .page_size(10);
        "fetch toll-free" FetchTollfreeVerification FetchTollfreeVerification::new(sid::<TollfreeVerificationSid>("HH"));
    }
}

async fn permissions(visit: &mut impl Visit) {
    let australia = Region::parse("AU").unwrap();
    visit! { visit:
        "look up" LookupPhoneNumber LookupPhoneNumber::new(number(TO));
        "look up the line" LookupPhoneNumber LookupPhoneNumber::new(number(TO))
            .fields(LookupPackage::Validation)
            .fields(LookupPackage::LineTypeIntelligence);
        "messaging permissions" FetchMessagingGeoPermissions FetchMessagingGeoPermissions::new()
            .country_code(australia);
        "list dialing permissions" ListDialingPermissionsCountries ListDialingPermissionsCountries::new()
            .iso_code(australia)
            .continent("OCEANIA")
            .country_code("61")
            .low_risk_numbers_enabled(true)
            .high_risk_special_numbers_enabled(false)
            .high_risk_tollfraud_numbers_enabled(false)
            .page_size(10);
        "fetch dialing permission" FetchDialingPermissionsCountry FetchDialingPermissionsCountry::new(australia);
        "dialing settings" FetchDialingPermissionsSettings FetchDialingPermissionsSettings::new();
    }
}
