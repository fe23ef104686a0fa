//! Every check makes its own finding in a faulty state, and none in a correct one.

use std::time::Duration;

use clinspark_twilio::clinspark::Setting;
use clinspark_twilio::clinspark::preflight::Check;
use clinspark_twilio::phone::Region;

use super::clinic::{Clinic, found, inconclusive};

pub(crate) const ELSEWHERE: &str = "https://old.example.com/hook?key=PLANTED";
pub(crate) const TOLL_FREE: &str = "+18885550123";

/// A check, the state in which it must find something, and one in which it must not.
macro_rules! checks {
    ($( $name:ident: $check:ident {
        broken: |$b:ident| $broken:block
        right: |$r:ident| $right:block
    } )+) => {
        const TESTED: &[Check] = &[$( Check::$check ),+];

        $(
            mod $name {
                use super::*;

                #[tokio::test]
                async fn broken() {
                    let mut clinic = Clinic::sound().await;
                    let $b = &mut clinic;
                    $broken
                    let report = clinic.preflight().await;
                    assert_eq!(found(&report), [Check::$check], "{report}");
                    let finding = &report.findings[0];
                    for text in [&finding.actual, &finding.expected, &finding.remedy] {
                        assert!(!text.is_empty() && !text.contains("PLANTED"), "{report}");
                    }
                    assert!(finding.source.starts_with("https://www.twilio.com/"), "{report}");
                }

                #[tokio::test]
                async fn right_and_silent() {
                    #[allow(unused_mut, reason = "not every state changes something")]
                    let mut clinic = Clinic::sound().await;
                    let $r = &mut clinic;
                    $right
                    let report = clinic.preflight().await;
                    assert_eq!((found(&report), inconclusive(&report)), (vec![], vec![]), "{report}");
                    assert!(report.passed());
                }
            }
        )+
    };
}

fn us() -> Region {
    Region::parse("US").unwrap()
}

checks! {
    credentials_refused: CredentialsRefused {
        broken: |c| { c.with_key().set(Setting::ApiKeySecret, "not-the-secret"); }
        right: |c| { c.with_key(); }
    }
    account_suspended: AccountSuspended {
        broken: |c| { c.twilio.set_account_status("suspended"); }
        right: |c| { c.twilio.set_account_status("active"); }
    }
    account_closed: AccountClosed {
        broken: |c| { c.twilio.set_account_status("closed"); }
        right: |c| { c.twilio.set_account_status("active"); }
    }
    account_trial: AccountTrial {
        broken: |c| { c.twilio.set_account_type("Trial"); }
        right: |c| { c.twilio.set_account_type("Full"); }
    }
    balance_low: BalanceLow {
        broken: |c| { c.twilio.set_balance("9.99", "USD"); }
        right: |c| { c.twilio.set_balance("10.00", "AUD"); }
    }
    auth_token_refused: AuthTokenRefused {
        broken: |c| { c.with_key().set(Setting::AuthToken, "an-older-token"); }
        right: |c| {
            let token = c.twilio.add_secondary_auth_token();
            c.twilio.promote_auth_token();
            c.with_key().set(Setting::AuthToken, token.expose());
        }
    }
    secondary_token_pending: SecondaryTokenPending {
        broken: |c| { let _ = c.twilio.add_secondary_auth_token(); }
        right: |c| {
            let _ = c.twilio.add_secondary_auth_token();
            c.twilio.remove_secondary_auth_token();
        }
    }
    secondary_token_refused: SecondaryTokenRefused {
        broken: |c| { c.set(Setting::SecondaryAuthToken, "nobodys-token"); }
        right: |c| {
            let token = c.twilio.add_secondary_auth_token();
            c.set(Setting::SecondaryAuthToken, token.expose());
        }
    }
    number_not_set: NumberNotSet {
        broken: |c| {
            let service = c.service;
            c.unset(Setting::Number).set(Setting::MessagingServiceSid, service.as_str());
        }
        right: |c| {
            let service = c.service;
            c.set(Setting::MessagingServiceSid, service.as_str());
        }
    }
    number_not_owned: NumberNotOwned {
        broken: |c| { c.twilio.remove_number(c.number); }
        right: |c| { c.move_to("+14155550101"); }
    }
    number_cannot_text: NumberCannotText {
        broken: |c| { c.twilio.remove_capability(c.number, "sms"); }
        right: |c| { c.twilio.remove_capability(c.number, "mms"); }
    }
    number_cannot_call: NumberCannotCall {
        broken: |c| { c.twilio.remove_capability(c.number, "voice"); }
        right: |c| { c.twilio.remove_capability(c.number, "mms"); }
    }
    number_takes_faxes: NumberReceivesFaxes {
        broken: |c| { c.number_has("VoiceReceiveMode", "fax"); }
        right: |c| { c.number_has("VoiceReceiveMode", "voice"); }
    }
    number_region: NumberRegion {
        broken: |c| { c.set(Setting::DefaultCountryPrefix, "44"); }
        right: |c| { c.set(Setting::DefaultPhoneRegion, "CA"); }
    }
    a2p_no_service: A2pNoService {
        broken: |c| { c.twilio.remove_service(c.service); }
        right: |c| {
            // A number of another country needs none.
            c.move_to("+61255501234");
            c.twilio.remove_service(c.service);
            c.set(Setting::DefaultCountryPrefix, "61");
        }
    }
    a2p_no_campaign: A2pNoCampaign {
        broken: |c| { c.move_to_another_service(); }
        right: |c| {
            let service = c.move_to_another_service();
            c.twilio.set_campaign_status(service, "VERIFIED");
        }
    }
    a2p_campaign_unverified: A2pCampaignUnverified {
        broken: |c| { c.twilio.set_campaign_status(c.service, "PENDING"); }
        right: |c| {
            c.twilio.set_campaign_status(c.service, "IN_PROGRESS");
            c.twilio.set_campaign_status(c.service, "VERIFIED");
        }
    }
    a2p_brand_unapproved: A2pBrandUnapproved {
        broken: |c| { c.twilio.set_brand_status("SUSPENDED"); }
        right: |c| { c.twilio.set_brand_status("APPROVED"); }
    }
    toll_free_unverified: TollFreeUnverified {
        broken: |c| {
            c.move_to(TOLL_FREE);
            c.twilio.set_toll_free_verification_status(c.number, "IN_REVIEW");
        }
        right: |c| {
            c.move_to(TOLL_FREE);
            // It needs no campaign.
            c.twilio.remove_service(c.service);
            c.twilio.set_toll_free_verification_status(c.number, "TWILIO_APPROVED");
        }
    }
    application_not_set: ApplicationNotSet {
        broken: |c| { c.unset(Setting::ApplicationSid); }
        right: |c| {
            let app = c.app;
            c.set(Setting::ApplicationSid, app.as_str());
        }
    }
    application_missing: ApplicationMissing {
        broken: |c| { c.twilio.remove_application(c.app); }
        right: |c| {
            let other = c.twilio.add_application(&[("FriendlyName", "Another")]).unwrap();
            c.twilio.remove_application(other);
        }
    }
    application_not_https: ApplicationNotHttps {
        broken: |c| { c.app_has("SmsUrl", "http://acme.clinspark.com/hooks/message"); }
        right: |c| { c.app_has("SmsUrl", "https://acme.clinspark.com/hooks/message#rp=all&rc=3"); }
    }
    application_voice_url: ApplicationVoiceUrl {
        broken: |c| { c.app_has("VoiceUrl", ELSEWHERE); }
        right: |c| { c.app_has("VoiceUrl", "https://acme.clinspark.com/hooks/voice#rp=all&rc=3"); }
    }
    application_message_url: ApplicationMessageUrl {
        broken: |c| { c.app_has("SmsUrl", ""); }
        right: |c| { c.app_has("SmsUrl", "https://acme.clinspark.com/hooks/message#rp=all&rc=3"); }
    }
    application_call_status_url: ApplicationCallStatusUrl {
        broken: |c| { c.app_has("StatusCallback", "https://acme.clinspark.com.evil.example/hooks/call"); }
        right: |c| { c.app_has("StatusCallback", "https://acme.clinspark.com/hooks/call#rp=all&rc=3"); }
    }
    application_message_status_url: ApplicationMessageStatusUrl {
        broken: |c| { c.app_has("MessageStatusCallback", "https://acme.clinspark.com/hooks/other"); }
        right: |c| { c.app_has("MessageStatusCallback", "https://acme.clinspark.com/hooks/message-status#rp=all&rc=3"); }
    }
    application_method: ApplicationMethod {
        broken: |c| { c.app_has("VoiceMethod", "GET"); }
        right: |c| { c.app_has("VoiceMethod", "POST"); }
    }
    application_fallback: ApplicationFallback {
        broken: |c| { c.app_has("SmsFallbackUrl", ELSEWHERE); }
        right: |c| { c.app_has("SmsFallbackUrl", "https://acme.clinspark.com/down"); }
    }
    webhook_retries: WebhookRetries {
        broken: |c| { c.app_has("SmsUrl", "https://acme.clinspark.com/hooks/message"); }
        right: |c| {
            let ours = "https://acme.clinspark.com/hooks/message#ct=2000&rc=0&rp=ct";
            c.set(Setting::MessagePath, "/hooks/message#ct=2000&rc=0&rp=ct");
            c.app_has("SmsUrl", ours);
            c.app_has("SmsFallbackUrl", ours);
        }
    }
    application_public: ApplicationPublic {
        broken: |c| { c.app_has("PublicApplicationConnectEnabled", "true"); }
        right: |c| { c.app_has("PublicApplicationConnectEnabled", "false"); }
    }
    application_duplicate: ApplicationDuplicate {
        broken: |c| {
            let ours = [("SmsUrl", "https://acme.clinspark.com/hooks/message")];
            c.twilio.add_application(&ours).unwrap();
        }
        right: |c| {
            let theirs = [("SmsUrl", "https://acme.clinspark.com.evil.example/hooks/message")];
            c.twilio.add_application(&theirs).unwrap();
        }
    }
    number_trunk: NumberTrunk {
        broken: |c| { c.number_has("TrunkSid", "TK00000000000000000000000000000000"); }
        right: |c| { c.number_has("TrunkSid", ""); }
    }
    number_voice_binding: NumberVoiceBinding {
        broken: |c| { c.number_has("VoiceApplicationSid", ""); }
        right: |c| { c.number_has("VoiceApplicationSid", c.app.as_str()); }
    }
    number_messaging_binding: NumberMessagingBinding {
        broken: |c| {
            let other = c.twilio.add_application(&[("FriendlyName", "Another")]).unwrap();
            c.number_has("SmsApplicationSid", other.as_str());
        }
        right: |c| { c.number_has("SmsApplicationSid", c.app.as_str()); }
    }
    number_own_urls: NumberOwnUrls {
        broken: |c| { c.number_has("SmsUrl", ELSEWHERE); }
        // Twilio's greeting, which every new number has.
        right: |c| { c.number_has("SmsUrl", "https://demo.twilio.com/welcome/sms/reply"); }
    }
    service_missing: ServiceMissing {
        broken: |c| {
            c.set(Setting::MessagingServiceSid, "MG00000000000000000000000000000000");
        }
        right: |c| {
            let service = c.service;
            c.set(Setting::MessagingServiceSid, service.as_str());
        }
    }
    service_without_number: ServiceWithoutNumber {
        broken: |c| {
            let other = c.add_service_that_defers();
            c.set(Setting::MessagingServiceSid, other.as_str());
        }
        right: |c| {
            let service = c.service;
            c.add_service_that_defers();
            c.set(Setting::MessagingServiceSid, service.as_str());
        }
    }
    service_swallows_replies: ServiceInboundUrl {
        broken: |c| { c.service_has("UseInboundWebhookOnNumber", "false"); }
        right: |c| {
            c.service_has("UseInboundWebhookOnNumber", "false");
            c.service_has("InboundRequestUrl", "https://acme.clinspark.com/hooks/message#rc=2&rp=5xx,ct,rt");
        }
    }
    service_inbound_method: ServiceInboundMethod {
        broken: |c| {
            c.service_has("UseInboundWebhookOnNumber", "false");
            c.service_has("InboundRequestUrl", "https://acme.clinspark.com/hooks/message");
            c.service_has("InboundMethod", "GET");
        }
        // While it defers, its own method is not used.
        right: |c| { c.service_has("InboundMethod", "GET"); }
    }
    service_foreign_url: ServiceForeignUrl {
        broken: |c| { c.service_has("StatusCallback", ELSEWHERE); }
        right: |c| { c.service_has("StatusCallback", "https://acme.clinspark.com/hooks/message-status"); }
    }
    short_code_elsewhere: ShortCodeElsewhere {
        broken: |c| {
            c.twilio.add_short_code(c.service, "12345", &[("SmsUrl", ELSEWHERE)]).unwrap();
        }
        right: |c| {
            let ours = [("SmsUrl", "https://acme.clinspark.com/hooks/message#rc=2&rp=5xx,ct,rt")];
            c.twilio.add_short_code(c.service, "12345", &ours).unwrap();
        }
    }
    twilio_disabled: TwilioDisabled {
        broken: |c| { c.set(Setting::Enabled, "false"); }
        right: |c| { c.set(Setting::Enabled, "true"); }
    }
    delivery_guarded: DeliveryGuarded {
        broken: |c| { c.set(Setting::Delivery, "only:+14155550123"); }
        right: |c| { c.set(Setting::Delivery, "live"); }
    }
    domain_not_public: DomainNotPublic {
        broken: |c| { c.domain("http://127.0.0.1:8080"); }
        right: |c| { c.domain("https://demo.clinspark.com"); }
    }
    domain_not_clinspark: DomainNotClinspark {
        broken: |c| { c.domain("https://acme-clinspark.com"); }
        right: |c| { c.domain("https://a.b.clinspark.com"); }
    }
    default_country_not_set: DefaultCountryNotSet {
        broken: |c| { c.unset(Setting::DefaultCountryPrefix); }
        right: |c| { c.unset(Setting::DefaultCountryPrefix).set(Setting::DefaultPhoneRegion, "US"); }
    }
    webhook_paths_not_set: WebhookPathsNotSet {
        broken: |c| { c.unset(Setting::VoicePath).unset(Setting::MessagePath); }
        right: |c| { c.set(Setting::VoicePath, "/hooks/voice"); }
    }
    geo_messaging: GeoMessaging {
        broken: |c| { c.twilio.set_messaging_permission(us(), false); }
        right: |c| { c.twilio.set_messaging_permission(Region::parse("GB").unwrap(), false); }
    }
    geo_voice: GeoVoice {
        broken: |c| { c.twilio.set_dialing_permission(us(), false); }
        right: |c| { c.twilio.set_dialing_permission(Region::parse("GB").unwrap(), false); }
    }
    recent_errors: RecentErrors {
        broken: |c| { c.twilio.add_alert(11200, "error"); c.twilio.add_alert(11200, "error"); }
        right: |c| {
            c.twilio.add_alert_with_age(11200, "error", Duration::from_secs(25 * 60 * 60));
            c.twilio.add_alert(11200, "debug");
        }
    }
    recent_warnings: RecentWarnings {
        broken: |c| { c.twilio.add_alert(12200, "warning"); }
        right: |c| { c.twilio.add_alert(12200, "notice"); }
    }
    clock_skew: ClockSkew {
        broken: |c| { c.twilio.set_clock_offset(-300); }
        right: |c| { c.twilio.set_clock_offset(30); }
    }
}

/// A check without its two tests does not exist.
#[test]
fn every_check_is_tested() {
    let probed = [
        Check::WebhookAcceptsForgery,
        Check::WebhookUnreachable,
        Check::WebhookUnexpectedAnswer,
        Check::WebhookSlow,
    ];
    for check in Check::KNOWN {
        let tested = TESTED.contains(check) || probed.contains(check);
        assert!(tested, "{check}");
    }
}
