//! Numbers for sale, short codes, usage, auth tokens, consents, registrations and permissions.

use clinspark_twilio::client::a2p::{
    BrandBundles, CampaignBrand, CampaignContent, CampaignDetails, CreateBrand, CreateBrandVetting,
    CreateCampaign, DeleteCampaign, FetchBrandVetting, FetchCampaignUsecases, ListBrandVettings,
    SendBrandPasscode, UpdateBrand, UpdateCampaign, VettingProvider,
};
use clinspark_twilio::client::auth_tokens::{
    CreateSecondaryAuthToken, DeleteSecondaryAuthToken, PromoteAuthToken,
};
use clinspark_twilio::client::available_numbers::{
    ListAvailableCountries, ListAvailableLocalNumbers, ListAvailableTollFreeNumbers,
};
use clinspark_twilio::client::consents::{
    ConsentRecord, ConsentSender, ConsentSource, ConsentStatus, UploadConsents,
};
use clinspark_twilio::client::deactivations::FetchDeactivations;
use clinspark_twilio::client::events::FetchEvent;
use clinspark_twilio::client::geo_permissions::{
    DialingChange, MessagingGeoChanges, UpdateDialingPermissions, UpdateDialingPermissionsSettings,
    UpdateMessagingGeoPermissions,
};
use clinspark_twilio::client::numbers::{BuyPhoneNumber, NumberToBuy, ReleasePhoneNumber};
use clinspark_twilio::client::oauth::{CreateOauth2Token, CreateToken, Grant};
use clinspark_twilio::client::safe_list::{
    AddSafeListNumber, FetchSafeListNumber, RemoveSafeListNumber,
};
use clinspark_twilio::client::short_codes::UpdateShortCode;
use clinspark_twilio::client::usage::ListUsageRecords;
use clinspark_twilio::phone::Region;
use clinspark_twilio::types::{
    BrandSid, CampaignSid, ClientSecret, EventSid, MessagingServiceSid, Method, OauthAppSid,
    PhoneNumberSid, RefreshToken, ShortCodeSid, VettingSid,
};

use super::{FROM, Operation, TO, URL, Visit, number, sid, text_sid, time};

pub(super) async fn every(visit: &mut impl Visit) {
    numbers(visit).await;
    accounts(visit).await;
    permissions(visit).await;
    brands(visit).await;
    campaigns(visit).await;
}

async fn numbers(visit: &mut impl Visit) {
    let usa = Region::parse("US").unwrap();
    visit! { visit:
        "list countries with numbers" ListAvailableCountries ListAvailableCountries::new().page_size(10);
        "find local numbers" ListAvailableLocalNumbers ListAvailableLocalNumbers::new(usa)
            .area_code(415)
            .contains("555")
            .sms_enabled(true)
            .mms_enabled(true)
            .voice_enabled(true)
            .fax_enabled(false)
            .exclude_all_address_required(true)
            .exclude_local_address_required(true)
            .exclude_foreign_address_required(true)
            .beta(false)
            .near_number(number(FROM))
            .near_lat_long("37.7749,-122.4194")
            .distance(50)
            .in_postal_code("94105")
            .in_region("CA")
            .in_rate_center("SNFC CNTRL")
            .in_lata("722")
            .in_locality("San Francisco")
            .page_size(10);
        "find toll-free numbers" ListAvailableTollFreeNumbers ListAvailableTollFreeNumbers::new(usa)
            .contains("800");
        "buy number" BuyPhoneNumber BuyPhoneNumber::new(number(FROM))
            .friendly_name("Clinic")
            .voice_application_sid(sid::<clinspark_twilio::types::ApplicationSid>("AP"))
            .sms_application_sid(sid::<clinspark_twilio::types::ApplicationSid>("AP"))
            .voice_url(URL)
            .voice_method(Method::Post)
            .voice_fallback_url(URL)
            .voice_fallback_method(Method::Get)
            .voice_caller_id_lookup(true)
            .sms_url(URL)
            .sms_method(Method::Get)
            .sms_fallback_url(URL)
            .sms_fallback_method(Method::Post)
            .status_callback(URL)
            .status_callback_method(Method::Get)
            .trunk_sid(text_sid("TK"))
            .voice_receive_mode("voice")
            .emergency_status("Active")
            .emergency_address_sid(text_sid("AD"))
            .address_sid(text_sid("AD"))
            .identity_sid(text_sid("RI"))
            .bundle_sid(text_sid("BU"));
        "buy number of an area" BuyPhoneNumber BuyPhoneNumber::new(NumberToBuy::AreaCode(415));
        "release number" ReleasePhoneNumber ReleasePhoneNumber::new(sid::<PhoneNumberSid>("PN"));
        "update short code" UpdateShortCode UpdateShortCode::new(sid::<ShortCodeSid>("SC"))
            .friendly_name("Clinic")
            .sms_url(URL)
            .sms_method(Method::Post)
            .sms_fallback_url(URL)
            .sms_fallback_method(Method::Get);
    }
}

async fn accounts(visit: &mut impl Visit) {
    let service: MessagingServiceSid = sid("MG");
    let offline = ConsentRecord::new(
        number(TO),
        ConsentSender::Service(service),
        ConsentStatus::OptOut,
        ConsentSource::Offline,
    );
    let website = ConsentRecord::new(
        number(TO),
        ConsentSender::Number(number(FROM)),
        ConsentStatus::OptIn,
        ConsentSource::Website,
    );
    let website = website
        .correlation_id("ad388b5a46b33b874b0d41f7226db2ef")
        .date_of_consent(time());
    let app: OauthAppSid = sid("OQ");
    visit! { visit:
        "list usage" ListUsageRecords ListUsageRecords::new()
            .category("sms-outbound")
            .start_date(time())
            .end_date(time())
            .include_subaccounts(true)
            .page_size(10);
        "create second token" CreateSecondaryAuthToken CreateSecondaryAuthToken::new();
        "delete second token" DeleteSecondaryAuthToken DeleteSecondaryAuthToken::new();
        "promote token" PromoteAuthToken PromoteAuthToken::new();
        "fetch access token" CreateOauth2Token CreateOauth2Token::new(
                Grant::client_credentials(app, ClientSecret::new("secret").unwrap()),
            )
            .audience(URL)
            .scope("messages");
        "refresh access token" CreateOauth2Token CreateOauth2Token::new(
                Grant::refresh_token(app, RefreshToken::new("token").unwrap()),
            );
        "exchange authorization code" CreateToken CreateToken::new(
                Grant::authorization_code(app, "code", URL)
                    .client_secret(ClientSecret::new("secret").unwrap()),
            )
            .audience(URL)
            .scope("messages");
        "list number as safe" AddSafeListNumber AddSafeListNumber::new(number(TO));
        "fetch safe number" FetchSafeListNumber FetchSafeListNumber::new(number(TO));
        "remove safe number" RemoveSafeListNumber RemoveSafeListNumber::new(number(TO));
        "upload consents" UploadConsents UploadConsents::new([offline, website]);
        "deactivations" FetchDeactivations FetchDeactivations::new().date(time());
        "fetch event" FetchEvent FetchEvent::new(sid::<EventSid>("AE"));
    }
}

async fn permissions(visit: &mut impl Visit) {
    let australia = Region::parse("AU").unwrap();
    let russia = Region::parse("RU").unwrap();
    let changes = MessagingGeoChanges::new().enable(australia).disable(russia);
    let dialing = [
        DialingChange::new(australia).low_risk_numbers(true),
        DialingChange::new(russia)
            .high_risk_special_numbers(true)
            .high_risk_tollfraud_numbers(true),
    ];
    visit! { visit:
        "change messaging permissions" UpdateMessagingGeoPermissions UpdateMessagingGeoPermissions::new(changes);
        "change dialing permissions" UpdateDialingPermissions UpdateDialingPermissions::new(dialing);
        "change dialing settings" UpdateDialingPermissionsSettings UpdateDialingPermissionsSettings::new()
            .dialing_permissions_inheritance(true);
    }
}

async fn brands(visit: &mut impl Visit) {
    let brand: BrandSid = sid("BN");
    let bundles = BrandBundles::new(sid("BU"), sid("BU"));
    visit! { visit:
        "create brand" CreateBrand CreateBrand::new(bundles)
            .brand_type("STANDARD")
            .mock(true)
            .skip_automatic_sec_vet(true);
        "update brand" UpdateBrand UpdateBrand::new(brand);
        "text passcode" SendBrandPasscode SendBrandPasscode::new(brand);
        "create vetting" CreateBrandVetting CreateBrandVetting::new(brand, VettingProvider::CampaignVerify)
            .vetting_id("cv-1");
        "list vettings" ListBrandVettings ListBrandVettings::new(brand)
            .vetting_provider(VettingProvider::Aegis);
        "fetch vetting" FetchBrandVetting FetchBrandVetting::new(brand, sid::<VettingSid>("VT"));
    }
}

fn details() -> CampaignDetails {
    CampaignDetails::new(
        "Reminders of visits for people who take part in a study of a clinic.",
        "People agree on paper when they enrol, and can text STOP at any time.",
    )
    .message_sample("Your visit is tomorrow at 9:00. Reply STOP to opt out.")
    .message_sample("Your visit was moved to Friday. Reply STOP to opt out.")
    .has_embedded_links(true)
    .has_embedded_phone(false)
}

async fn campaigns(visit: &mut impl Visit) {
    let service: MessagingServiceSid = sid("MG");
    let campaign: CampaignSid = sid("QE");
    let usecase = CampaignBrand::new(sid("BN"), "ACCOUNT_NOTIFICATION");
    let content = CampaignContent::new().age_gated(true).direct_lending(false);
    visit! { visit:
        "create campaign" CreateCampaign CreateCampaign::new(service, usecase, details())
            .opt_in_message("You will receive reminders. Reply STOP to opt out.")
            .opt_out_message("You will receive no more reminders.")
            .help_message("Call the clinic. Reply STOP to opt out.")
            .opt_in_keywords("START")
            .opt_in_keywords("YES")
            .opt_out_keywords("STOP")
            .opt_out_keywords("END")
            .help_keywords("HELP")
            .help_keywords("INFO")
            .subscriber_opt_in(true)
            .age_gated(false)
            .direct_lending(false)
            .privacy_policy_url("https://clinic.example/privacy")
            .terms_and_conditions_url("https://clinic.example/terms");
        "update campaign" UpdateCampaign UpdateCampaign::new(service, campaign, details(), content)
            .privacy_policy_url("https://clinic.example/privacy")
            .terms_and_conditions_url("https://clinic.example/terms");
        "delete campaign" DeleteCampaign DeleteCampaign::new(service, campaign);
        "campaign use cases" FetchCampaignUsecases FetchCampaignUsecases::new(service)
            .brand_registration_sid(sid::<BrandSid>("BN"));
    }
}
