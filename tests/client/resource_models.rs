//! Responses about the resources of calls in groups, numbers for sale and registrations, damaged.

use clinspark_twilio::client::a2p::{
    BrandPasscode, BrandVetting, CampaignUsecase, CampaignUsecases,
};
use clinspark_twilio::client::auth_tokens::{PromotedAuthToken, SecondaryAuthToken};
use clinspark_twilio::client::available_numbers::{
    AvailableCountries, AvailableCountry, AvailablePhoneNumber, AvailablePhoneNumbers,
};
use clinspark_twilio::client::caller_ids::{CallerId, CallerIdVerification};
use clinspark_twilio::client::calls::{CallEventRecord, CallEventRequest, CallEventResponse};
use clinspark_twilio::client::conferences::{Conference, Participant};
use clinspark_twilio::client::consents::{UploadedConsent, UploadedConsents};
use clinspark_twilio::client::deactivations::Deactivations;
use clinspark_twilio::client::geo_permissions::DialingPermissionsUpdate;
use clinspark_twilio::client::oauth::OauthToken;
use clinspark_twilio::client::queues::{Queue, QueueMember};
use clinspark_twilio::client::safe_list::SafeListNumber;
use clinspark_twilio::client::transcriptions::Transcription;
use clinspark_twilio::client::usage::UsageRecord;

use clinspark_twilio::client::auth_tokens::CreateSecondaryAuthToken;
use clinspark_twilio::client::calls::ListCallEvents;
use clinspark_twilio::client::deactivations::FetchDeactivations;
use clinspark_twilio::client::testing::{FakeTransport, Reply};
use clinspark_twilio::client::{Client, Delivery, ErrorKind, RetryPolicy};
use serde_json::json;

use crate::resources::reads_damaged_fields;
use crate::support::{
    ACCOUNT, Recorder, TO, assert_clean, assert_debug_clean, credentials, printed,
};

#[test]
fn every_further_model_is_read_with_damaged_fields() {
    reads_damaged_fields::<BrandPasscode>(None, BrandPasscode::FIELDS);
    reads_damaged_fields::<CampaignUsecases>(None, CampaignUsecases::FIELDS);
    reads_damaged_fields::<CampaignUsecase>(None, CampaignUsecase::FIELDS);
    reads_damaged_fields::<BrandVetting>(None, BrandVetting::FIELDS);
    reads_damaged_fields::<SecondaryAuthToken>(None, SecondaryAuthToken::FIELDS);
    reads_damaged_fields::<PromotedAuthToken>(None, PromotedAuthToken::FIELDS);
    reads_damaged_fields::<OauthToken>(None, OauthToken::FIELDS);
    reads_damaged_fields::<AvailableCountries>(None, AvailableCountries::FIELDS);
    reads_damaged_fields::<AvailableCountry>(None, AvailableCountry::FIELDS);
    reads_damaged_fields::<AvailablePhoneNumbers>(None, AvailablePhoneNumbers::FIELDS);
    reads_damaged_fields::<AvailablePhoneNumber>(None, AvailablePhoneNumber::FIELDS);
    reads_damaged_fields::<CallerIdVerification>(None, CallerIdVerification::FIELDS);
    reads_damaged_fields::<CallerId>(Some("PN"), CallerId::FIELDS);
    reads_damaged_fields::<CallEventRecord>(None, CallEventRecord::FIELDS);
    reads_damaged_fields::<CallEventRequest>(None, CallEventRequest::FIELDS);
    reads_damaged_fields::<CallEventResponse>(None, CallEventResponse::FIELDS);
    reads_damaged_fields::<Conference>(Some("CF"), Conference::FIELDS);
    reads_damaged_fields::<Participant>(None, Participant::FIELDS);
    reads_damaged_fields::<UploadedConsents>(None, UploadedConsents::FIELDS);
    reads_damaged_fields::<UploadedConsent>(None, UploadedConsent::FIELDS);
    reads_damaged_fields::<DialingPermissionsUpdate>(None, DialingPermissionsUpdate::FIELDS);
    reads_damaged_fields::<Queue>(Some("QU"), Queue::FIELDS);
    reads_damaged_fields::<QueueMember>(None, QueueMember::FIELDS);
    reads_damaged_fields::<SafeListNumber>(Some("GN"), SafeListNumber::FIELDS);
    reads_damaged_fields::<Transcription>(Some("TR"), Transcription::FIELDS);
    reads_damaged_fields::<UsageRecord>(None, UsageRecord::FIELDS);
    reads_damaged_fields::<Deactivations>(None, Deactivations::FIELDS);
}

/// Twilio returns the address in a redirect, which carries no credentials of the account.
#[tokio::test]
async fn deactivations_are_read_from_a_redirect() {
    let list = "https://storage.example/PLANTED";
    let transport = FakeTransport::new()
        .reply(
            Reply::json(307, json!({ "redirect_to": list }).to_string()).header("location", list),
        )
        .reply(Reply::json(307, "<html>PLANTED</html>"))
        .reply(Reply::error(404, 20404));
    let client = Client::builder(credentials(), Delivery::Off)
        .with_transport(transport.clone())
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    let found = client.execute(FetchDeactivations::new()).await.unwrap();
    assert_debug_clean(&found);
    assert_eq!(found.redirect_to.unwrap().expose(), list);
    let error = client.execute(FetchDeactivations::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_clean(&printed(&error));
    let error = client.execute(FetchDeactivations::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Status);
    assert_eq!(transport.requests().len(), 3);
}

#[tokio::test]
async fn a_new_auth_token_is_read_and_never_shown() {
    let token = "PLANTED-5f2b8c1d9e3a7f60b4c2d8e1";
    let body = json!({ "account_sid": ACCOUNT, "secondary_auth_token": token });
    let recorder = Recorder::answering([body.to_string()]);
    let client = recorder.client(Delivery::Off);
    let created = client
        .execute(CreateSecondaryAuthToken::new())
        .await
        .unwrap();
    assert_debug_clean(&created);
    assert_eq!(created.secondary_auth_token.unwrap().expose(), token);
}

#[tokio::test]
async fn parameters_of_call_events_are_hidden() {
    let event = json!({
        "request": { "url": "https://x/?to=+14155550123", "parameters": { "to": TO, "n": [1] } },
        "response": { "response_code": 201, "response_body": "PLANTED" },
    });
    let page = json!({ "events": [event], "next_page_uri": null });
    let recorder = Recorder::answering([page.to_string()]);
    let client = recorder.client(Delivery::Off);
    let call = "CA00000000000000000000000000000001".parse().unwrap();
    let page = client.execute(ListCallEvents::new(call)).await.unwrap();
    assert_debug_clean(&page);
    let request = page.items[0].request.clone().unwrap();
    let parameters = request.parameters.unwrap();
    assert_eq!(parameters.expose()["to"], TO);
    assert!(!parameters.expose().contains_key("n"));
}
