//! Requests of the crate's own client about settings and registrations, answered by the sandbox.

use clinspark_twilio::client::a2p::{BrandBundles, CreateBrand, ListBrandVettings};
use clinspark_twilio::client::a2p::{CreateBrandVetting, VettingProvider};
use clinspark_twilio::client::consents::{
    ConsentRecord, ConsentSender, ConsentSource, ConsentStatus, UploadConsents,
};
use clinspark_twilio::client::deactivations::FetchDeactivations;
use clinspark_twilio::client::geo_permissions::{
    DialingChange, FetchDialingPermissionsCountry, UpdateDialingPermissions,
};
use clinspark_twilio::client::lookups::{LineType, LookupPackage, LookupPhoneNumber};
use clinspark_twilio::client::oauth::{CreateOauth2Token, Grant};
use clinspark_twilio::client::safe_list::{AddSafeListNumber, FetchSafeListNumber};
use clinspark_twilio::client::services::{AddAlphaSender, FetchAlphaSender};
use clinspark_twilio::client::{Client, Credentials, Delivery, TokenSource};
use clinspark_twilio::phone::{AlphanumericSender, Region};
use clinspark_twilio::sandbox::Sandbox;
use clinspark_twilio::types::{BearerToken, BoxError, BoxFuture, BundleSid};

use crate::app::{CLINIC, VOLUNTEER, e164};

/// Source of one token.
struct Granted(BearerToken);

impl TokenSource for Granted {
    fn token(&self) -> BoxFuture<'_, Result<BearerToken, BoxError>> {
        Box::pin(async { Ok(self.0.clone()) })
    }
}

fn client(sandbox: &Sandbox, credentials: Credentials) -> Client {
    Client::builder(credentials, Delivery::Live)
        .base_url(sandbox.base_url())
        .build()
        .unwrap()
}

async fn clinic() -> (Sandbox, Client) {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.add_number(e164(CLINIC));
    let token = sandbox.auth_token().clone();
    let credentials = Credentials::auth_token(sandbox.account_sid(), token);
    let client = client(&sandbox, credentials);
    (sandbox, client)
}

#[tokio::test]
async fn settings_and_lookups_are_read_as_at_twilio() {
    let (_sandbox, client) = clinic().await;
    let volunteer = e164(VOLUNTEER);
    let lookup = LookupPhoneNumber::new(volunteer).fields(LookupPackage::LineTypeIntelligence);
    let found = client.execute(lookup).await.unwrap();
    assert_eq!(found.valid, Some(true));
    let line = found.line_type_intelligence.unwrap();
    assert_eq!(line.r#type, Some(LineType::Mobile));

    let withdrawn = ConsentRecord::new(
        volunteer,
        ConsentSender::Number(e164(CLINIC)),
        ConsentStatus::OptOut,
        ConsentSource::Offline,
    );
    let withdrawn = withdrawn.correlation_id("ad388b5a46b33b874b0d41f7226db2ef");
    let uploaded = client
        .execute(UploadConsents::new([withdrawn]))
        .await
        .unwrap();
    assert_eq!(uploaded.items.unwrap().len(), 1);

    let australia = Region::parse("AU").unwrap();
    let change = DialingChange::new(australia).high_risk_special_numbers(true);
    let update = UpdateDialingPermissions::new([change]);
    let changed = client.execute(update).await.unwrap();
    assert_eq!(changed.update_count, Some(1));
    let country = FetchDialingPermissionsCountry::new(australia);
    let country = client.execute(country).await.unwrap();
    assert_eq!(country.low_risk_numbers_enabled, Some(false));
    assert_eq!(country.high_risk_special_numbers_enabled, Some(true));

    let added = client
        .execute(AddSafeListNumber::new(volunteer))
        .await
        .unwrap();
    let found = client
        .execute(FetchSafeListNumber::new(volunteer))
        .await
        .unwrap();
    assert_eq!(added.sid, found.sid);
}

#[tokio::test]
async fn senders_and_registrations_are_read_as_at_twilio() {
    let (sandbox, client) = clinic().await;
    let service = sandbox.add_service(&[("FriendlyName", "Clinic")]).unwrap();
    let name = AlphanumericSender::parse("Clinic").unwrap();
    let added = AddAlphaSender::new(service, name);
    let added = client.execute(added).await.unwrap();
    let fetch = FetchAlphaSender::new(service, added.sid);
    assert_eq!(client.execute(fetch).await.unwrap(), added);

    let bundle = BundleSid::parse("BU00000000000000000000000000000001").unwrap();
    let brand = CreateBrand::new(BrandBundles::new(bundle, bundle));
    let brand = client.execute(brand).await.unwrap().sid;
    let vetting = CreateBrandVetting::new(brand, VettingProvider::Aegis);
    let vetting = client.execute(vetting).await.unwrap();
    let vettings = client.execute(ListBrandVettings::new(brand)).await.unwrap();
    assert_eq!(vettings.items, [vetting]);

    let day = sandbox.now();
    let report = FetchDeactivations::new().date(day);
    let report = client.execute(report).await.unwrap();
    assert!(
        report
            .redirect_to
            .unwrap()
            .expose()
            .starts_with(sandbox.base_url())
    );
}

#[tokio::test]
async fn an_oauth_app_signs_in_to_the_api() {
    let (sandbox, _) = clinic().await;
    let (app, secret) = sandbox.add_oauth_app();
    let without = client(&sandbox, Credentials::none(sandbox.account_sid()));
    let grant = Grant::client_credentials(app, secret);
    let granted = without
        .execute(CreateOauth2Token::new(grant))
        .await
        .unwrap();
    assert_eq!(granted.lifetime().unwrap().as_secs(), 3600);
    let token = granted.access_token.unwrap();
    let bearer = Credentials::bearer(sandbox.account_sid(), Granted(token));
    let signed_in = client(&sandbox, bearer);
    let found = signed_in
        .execute(LookupPhoneNumber::new(e164(VOLUNTEER)))
        .await;
    assert_eq!(found.unwrap().valid, Some(true));
}
