//! Every check makes its own finding in a faulty state, and none in a correct one.

use std::time::Duration;

use clinspark_twilio::clinspark::Setting;
use clinspark_twilio::clinspark::preflight::{Check, Owner, Severity};
use clinspark_twilio::phone::Region;

use super::clinic::{Clinic, found, inconclusive};

const ELSEWHERE: &str = "https://old.example.com/hook?key=PLANTED";
const TOLL_FREE: &str = "+18885550123";

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

/// Actual, expected and remedy of the finding in one state.
async fn finding_texts(broken: impl FnOnce(&mut Clinic)) -> String {
    let mut clinic = Clinic::sound().await;
    broken(&mut clinic);
    let report = clinic.preflight().await;
    assert_eq!(report.findings.len(), 1, "{report}");
    report.findings[0].actual.clone()
}

#[tokio::test]
async fn findings_name_the_actual_values() {
    for status in ["FAILED", "IN_PROGRESS", "SUSPENDED", "A_NEW_WORD"] {
        let found = finding_texts(|c| {
            c.twilio.set_campaign_status(c.service, status);
        });
        let found = found.await;
        assert!(found.contains(&format!(" is {status}")), "{found}");
    }
    for status in ["PENDING", "FAILED", "IN_REVIEW", "DELETION_PENDING"] {
        let found = finding_texts(|c| {
            c.twilio.set_brand_status(status);
        });
        let found = found.await;
        assert!(found.contains(&format!(" is {status}")), "{found}");
    }
    let found = finding_texts(|c| c.move_to(TOLL_FREE)).await;
    assert_eq!(
        found,
        "the number +*********23 is toll-free, and its verification was not requested: its \
         texts are blocked (30032)"
    );
    let found = finding_texts(|c| c.app_has("VoiceUrl", ELSEWHERE)).await;
    assert_eq!(
        found,
        "the voice URL is https://old.example.com/hook?[redacted]"
    );
    let found = finding_texts(|c| {
        c.number_has("SmsApplicationSid", "");
        c.number_has("SmsUrl", ELSEWHERE);
    });
    assert_eq!(
        found.await,
        "the messaging section has no TwiML App, and uses https://old.example.com/hook?[redacted]"
    );
    let found = finding_texts(|c| {
        c.service_has("UseInboundWebhookOnNumber", "false");
        c.service_has("InboundRequestUrl", ELSEWHERE);
    });
    assert!(
        found.await.ends_with(
            "sends the replies of volunteers to https://old.example.com/hook?[redacted]"
        ),
    );
    for url in [
        "http://acme.clinspark.com/hooks/voice",
        "https://ACME.clinspark.com/hooks/voice",
    ] {
        let found = finding_texts(|c| {
            c.twilio.add_application(&[("VoiceUrl", url)]).unwrap();
        });
        let found = found.await;
        assert!(
            found.ends_with(" also sends webhooks to the instance"),
            "{found}"
        );
    }
    let found = finding_texts(|c| c.twilio.set_clock_offset(300)).await;
    let seconds = found.strip_prefix("this machine's clock is ").unwrap();
    let seconds = seconds.strip_suffix(" seconds behind Twilio's").unwrap();
    assert!(
        (295..=301).contains(&seconds.parse::<u64>().unwrap()),
        "{found}"
    );
    let found = finding_texts(|c| {
        c.twilio.add_alert(11200, "error");
        c.twilio.add_alert(11200, "error");
    });
    assert!(found.await.starts_with("11200 2 times in 24 hours: "));
}

/// The alerts are grouped by code: what each means, whose it is, and its own page.
#[tokio::test]
async fn alerts_are_grouped_by_code() {
    let clinic = Clinic::sound().await;
    for (code, level) in [
        (30034, "error"),
        (11200, "error"),
        (30034, "error"),
        (12200, "warning"),
        (99_999, "error"),
        // A handset that was off, and a person who has opted out: nothing is to be fixed.
        (30003, "error"),
        (21610, "error"),
    ] {
        clinic.twilio.add_alert(code, level);
    }
    let report = clinic.preflight().await;
    let alerts: Vec<_> = report
        .findings
        .iter()
        .map(|f| {
            let code = f.source.rsplit('/').next().unwrap();
            let times = f.actual.split(" in 24 hours: ").next().unwrap();
            (code, times, f.severity, f.owner)
        })
        .collect();
    let (warning, note) = (Severity::Warning, Severity::Note);
    assert_eq!(
        alerts,
        [
            ("11200", "11200 once", warning, Owner::Support),
            ("30034", "30034 2 times", warning, Owner::Customer),
            ("99999", "99999 once", warning, Owner::Support),
            ("21610", "21610 once", note, Owner::Support),
            ("30003", "30003 once", note, Owner::Support),
            ("12200", "12200 once", note, Owner::Support),
        ]
    );
    let remedies: Vec<&str> = report.findings.iter().map(|f| f.remedy.as_str()).collect();
    assert_eq!(
        remedies[1],
        "add the number to the campaign's Messaging Service"
    );
    assert_eq!(remedies[2], "see Twilio's page about the code");
    assert_eq!(remedies[3], "nothing to fix: do not text these people");
}

/// An entry without a code links to the list of all codes.
#[tokio::test]
async fn alerts_without_a_code_are_reported() {
    let clinic = Clinic::sound().await;
    clinic.twilio.add_alert(0, "error");
    let report = clinic.preflight().await;
    let finding = &report.findings[0];
    assert_eq!(finding.actual, "an entry without a code once in 24 hours");
    assert_eq!(finding.source, "https://www.twilio.com/docs/api/errors");
}

/// Replies reach the instance through a short code that is its own and asks by POST only.
#[tokio::test]
async fn a_short_code_by_get_or_without_url() {
    let ours = "https://acme.clinspark.com/hooks/message";
    let found = finding_texts(|c| {
        let by_get = [("SmsUrl", ours), ("SmsMethod", "GET")];
        c.twilio
            .add_short_code(c.service, "12345", &by_get)
            .unwrap();
    });
    assert!(
        found
            .await
            .ends_with("are sent by GET, which the instance refuses")
    );
    let found = finding_texts(|c| {
        c.twilio.add_short_code(c.service, "12345", &[]).unwrap();
    });
    assert!(found.await.ends_with("are dropped"));
}

/// A Messaging Service or a short code that asks the instance without retries loses a STOP.
/// Provisioning leaves their URLs alone.
#[tokio::test]
async fn replies_without_retries_by_service_and_short_code() {
    let ours = "https://acme.clinspark.com/hooks/message";
    let by_code = Clinic::sound().await;
    by_code
        .twilio
        .add_short_code(by_code.service, "12345", &[("SmsUrl", ours)])
        .unwrap();
    let by_service = Clinic::sound().await;
    by_service.service_has("UseInboundWebhookOnNumber", "false");
    by_service.service_has("InboundRequestUrl", ours);
    for clinic in [by_code, by_service] {
        let report = clinic.preflight().await;
        assert_eq!(found(&report), [Check::WebhookRetries], "{report}");
        let finding = &report.findings[0];
        assert_eq!(finding.severity, Severity::Warning);
        assert_eq!(finding.owner, Owner::Support);
        assert!(
            finding
                .actual
                .ends_with("a STOP that arrives during an outage is lost")
        );
        assert!(clinic.instance().setup().plan().await.unwrap().is_empty());
    }
}

/// An app without retries, or without a fallback, is provisioned again once and then passes.
#[tokio::test]
async fn an_app_without_retries_or_fallback_is_warned_of_and_provision_adds_them() {
    let bare = "https://acme.clinspark.com/hooks/message";
    for (parameter, url) in [
        ("SmsUrl", bare),
        ("SmsFallbackUrl", bare),
        ("SmsFallbackUrl", ""),
        ("VoiceFallbackUrl", ""),
        (
            "SmsUrl",
            "https://acme.clinspark.com/hooks/message#rc=0&rp=5xx,ct,rt",
        ),
        (
            "MessageStatusCallback",
            "https://acme.clinspark.com/hooks/message-status#rp=ct",
        ),
    ] {
        let clinic = Clinic::sound().await;
        clinic.app_has(parameter, url);
        let report = clinic.preflight().await;
        assert_eq!(found(&report), [Check::WebhookRetries], "{report}");
        assert_eq!(report.findings[0].owner, Owner::Program);
        clinic.instance().setup().provision().await.unwrap();
        assert_eq!(found(&clinic.preflight().await), [], "{parameter} {url}");
        assert!(clinic.instance().setup().plan().await.unwrap().is_empty());
    }
}

/// The fallback is refused by the instance if it comes by GET.
#[tokio::test]
async fn a_fallback_by_get_is_found() {
    let clinic = Clinic::sound().await;
    clinic.app_has("SmsFallbackMethod", "GET");
    let report = clinic.preflight().await;
    assert_eq!(found(&report), [Check::ApplicationMethod], "{report}");
    clinic.instance().setup().provision().await.unwrap();
    assert_eq!(found(&clinic.preflight().await), []);
}

/// Without a number of its own, the service of the settings is looked at.
#[tokio::test]
async fn a_service_instead_of_a_number() {
    let mut clinic = Clinic::sound().await;
    let service = clinic.service;
    clinic
        .unset(Setting::Number)
        .set(Setting::MessagingServiceSid, service.as_str());
    clinic.twilio.remove_number(clinic.number);
    clinic.service_has("UseInboundWebhookOnNumber", "false");
    let report = clinic.preflight().await;
    assert_eq!(
        found(&report),
        [
            Check::NumberNotSet,
            Check::ServiceWithoutNumber,
            Check::ServiceInboundUrl
        ]
    );
}
