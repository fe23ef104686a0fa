//! A check that Twilio does not answer is inconclusive, and never counts as passed.

use clinspark_twilio::clinspark::Setting;
use clinspark_twilio::clinspark::preflight::{Check, Report};

use super::clinic::{Clinic, Instance, found, inconclusive};

/// Checks that send no request to Twilio.
const NOT_ASKED: [Check; 12] = [
    Check::CredentialsRefused,
    Check::NumberNotSet,
    Check::NumberRegion,
    Check::TwilioDisabled,
    Check::DeliveryGuarded,
    Check::DomainNotPublic,
    Check::DomainNotClinspark,
    Check::DefaultCountryNotSet,
    Check::WebhookAcceptsForgery,
    Check::WebhookUnreachable,
    Check::WebhookUnexpectedAnswer,
    Check::WebhookSlow,
];
/// Checks that need other settings: another number, a service or a second token.
const ASKED_OTHERWISE: [Check; 5] = [
    Check::ApplicationNotSet,
    Check::ServiceMissing,
    Check::ServiceWithoutNumber,
    Check::SecondaryTokenRefused,
    Check::TollFreeUnverified,
];

/// Every check that asks Twilio, under the settings of a sound clinic.
fn asked() -> Vec<Check> {
    let known = Check::KNOWN.iter();
    let asked = known.filter(|c| !NOT_ASKED.contains(c) && !ASKED_OTHERWISE.contains(c));
    asked.cloned().collect()
}

fn assert_not_passed(report: &Report) {
    assert!(!report.passed(), "{report}");
    assert!(!report.inconclusive.is_empty(), "{report}");
}

#[tokio::test]
async fn a_forbidden_resource_makes_its_checks_inconclusive() {
    let app = &[
        Check::ApplicationMissing,
        Check::ApplicationNotHttps,
        Check::ApplicationVoiceUrl,
        Check::ApplicationMessageUrl,
        Check::ApplicationCallStatusUrl,
        Check::ApplicationMessageStatusUrl,
        Check::ApplicationMethod,
        Check::ApplicationFallback,
        Check::WebhookRetries,
        Check::ApplicationPublic,
        Check::WebhookPathsNotSet,
    ];
    let campaign = &[
        Check::A2pNoCampaign,
        Check::A2pCampaignUnverified,
        Check::A2pBrandUnapproved,
    ];
    let service = &[
        Check::ServiceInboundUrl,
        Check::ServiceInboundMethod,
        Check::ServiceForeignUrl,
        Check::ShortCodeElsewhere,
    ];
    let number = &[
        Check::NumberNotOwned,
        Check::NumberCannotText,
        Check::NumberCannotCall,
        Check::NumberReceivesFaxes,
        Check::NumberTrunk,
        Check::NumberVoiceBinding,
        Check::NumberMessagingBinding,
        Check::NumberOwnUrls,
    ];
    let a2p = [&[Check::A2pNoService], &campaign[..]].concat();
    let cases: [(&str, Vec<Check>); 12] = [
        ("/Balance", vec![Check::BalanceLow]),
        ("/Events", vec![Check::SecondaryTokenPending]),
        (
            "/IncomingPhoneNumbers",
            [&number[..], &a2p, service].concat(),
        ),
        ("/Applications/AP", app.to_vec()),
        ("/Applications.json", vec![Check::ApplicationDuplicate]),
        ("/v1/Services", [&a2p[..], service].concat()),
        ("/PhoneNumbers/PN", [&a2p[..], service].concat()),
        ("/Compliance/Usa2p", campaign.to_vec()),
        ("/BrandRegistrations", vec![Check::A2pBrandUnapproved]),
        ("/GeoPermissions", vec![Check::GeoMessaging]),
        ("/DialingPermissions", vec![Check::GeoVoice]),
        ("/Alerts", vec![Check::RecentErrors, Check::RecentWarnings]),
    ];
    for (part, mut expected) in cases {
        // A key's refusal, and the words in which Twilio may put it otherwise.
        for (status, code) in [(403, 20003), (401, 20003), (404, 20003), (404, 0)] {
            let mut clinic = Clinic::sound().await;
            clinic.with_key();
            clinic.twilio.reject_path(part, status, code);
            let report = clinic.preflight().await;
            expected.sort();
            assert_eq!(inconclusive(&report), expected, "{part} {status}: {report}");
            assert_eq!(found(&report), [], "{part} {status}: {report}");
            assert_not_passed(&report);
        }
    }
}

#[tokio::test]
async fn a_restricted_api_key_makes_its_checks_inconclusive() {
    let mut clinic = Clinic::sound().await;
    let (key, secret) = clinic
        .twilio
        .add_restricted_key(&["/Balance", "/v1/Alerts"]);
    clinic
        .set(Setting::ApiKeySid, key.as_str())
        .set(Setting::ApiKeySecret, secret.expose());
    let report = clinic.preflight().await;
    let expected = [
        Check::BalanceLow,
        Check::RecentErrors,
        Check::RecentWarnings,
    ];
    assert_eq!(
        (found(&report), inconclusive(&report)),
        (vec![], expected.to_vec())
    );
    assert_eq!(
        report.inconclusive[0].reason,
        "Twilio refused these credentials (HTTP 403, code 20003): FetchBalance needs more \
         permissions"
    );
}

#[tokio::test]
async fn short_codes_and_toll_free_numbers() {
    let clinic = Clinic::sound().await;
    clinic
        .twilio
        .add_short_code(clinic.service, "12345", &[])
        .unwrap();
    clinic.twilio.reject_path("/SMS/ShortCodes", 403, 20003);
    let report = clinic.preflight().await;
    assert_eq!(inconclusive(&report), [Check::ShortCodeElsewhere]);

    let mut clinic = Clinic::sound().await;
    clinic.move_to("+18885550123");
    clinic.twilio.reject_path("/Tollfree", 403, 20003);
    let report = clinic.preflight().await;
    assert_eq!(inconclusive(&report), [Check::TollFreeUnverified]);
    clinic
        .twilio
        .reject_path("/IncomingPhoneNumbers", 403, 20003);
    let report = clinic.preflight().await;
    assert!(inconclusive(&report).contains(&Check::TollFreeUnverified));

    let mut clinic = Clinic::sound().await;
    let service = clinic.service;
    clinic.set(Setting::MessagingServiceSid, service.as_str());
    let second = clinic.twilio.add_secondary_auth_token();
    clinic.set(Setting::SecondaryAuthToken, second.expose());
    clinic.twilio.reject_path("/v1/Services", 403, 20003);
    clinic
        .twilio
        .reject_path("/2010-04-01/Accounts/AC", 403, 20003);
    let report = clinic.preflight().await;
    for check in [
        Check::ServiceMissing,
        Check::ServiceWithoutNumber,
        Check::SecondaryTokenRefused,
        Check::AuthTokenRefused,
    ] {
        assert!(inconclusive(&report).contains(&check), "{check}: {report}");
    }
}

/// The settings name no app, whatever apps the account has.
#[tokio::test]
async fn a_missing_application_sid_is_found_even_if_apps_cannot_be_listed() {
    let mut clinic = Clinic::sound().await;
    clinic.unset(Setting::ApplicationSid);
    clinic.twilio.reject_path("/Applications", 403, 20003);
    let report = clinic.preflight().await;
    assert_eq!(found(&report), [Check::ApplicationNotSet]);
}

/// One credential for everything, and it is wrong.
#[tokio::test]
async fn wrong_credentials_make_every_check_inconclusive() {
    let mut clinic = Clinic::sound().await;
    clinic.set(Setting::AuthToken, "not-the-token");
    let report = clinic.preflight().await;
    assert_eq!(found(&report), [Check::CredentialsRefused]);
    // The answer that refuses has a date all the same.
    let expected: Vec<Check> = asked();
    let expected = expected.iter().filter(|c| **c != Check::ClockSkew).cloned();
    let mut expected: Vec<Check> = expected.collect();
    expected.sort();
    assert_eq!(inconclusive(&report), expected, "{report}");
}

/// A number that the numbering plan does not have (yet) may be any country's, and American.
#[tokio::test]
async fn a_number_in_no_plan() {
    let mut clinic = Clinic::sound().await;
    clinic.move_to("+19995550100");
    let report = clinic.preflight().await;
    assert_eq!(found(&report), [], "{report}");
    let expected = [
        Check::NumberRegion,
        Check::A2pNoService,
        Check::A2pNoCampaign,
        Check::A2pCampaignUnverified,
        Check::A2pBrandUnapproved,
        Check::TollFreeUnverified,
    ];
    assert_eq!(inconclusive(&report), expected, "{report}");
    assert!(!report.passed());
}

/// A suspended account may refuse to tell even its state: that is said, and no credential is blamed.
#[tokio::test]
async fn an_account_that_is_not_active() {
    for status in [401, 403] {
        let clinic = Clinic::sound().await;
        clinic.twilio.reject_path("/", status, 20005);
        let report = clinic.preflight().await;
        assert_eq!(found(&report), [Check::AccountSuspended], "{report}");
        let known = [
            Check::AccountTrial,
            Check::NumberNotOwned,
            Check::BalanceLow,
        ];
        assert!(
            known
                .iter()
                .all(|check| inconclusive(&report).contains(check))
        );
        let mut reasons = report.inconclusive.iter().map(|check| &check.reason);
        assert!(reasons.all(|why| !why.contains("permission")), "{report}");
        assert_not_passed(&report);
    }
}

#[tokio::test]
async fn an_unreachable_twilio_makes_every_check_inconclusive() {
    let clinic = Clinic::sound().await;
    // A port without a listener.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let unreachable = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let report = Instance::new(clinic.read(), &unreachable).preflight().await;
    let mut expected = asked();
    expected.sort();
    assert_eq!(found(&report), []);
    assert_eq!(inconclusive(&report), expected, "{report}");
    assert_not_passed(&report);
}

/// A 403 in the middle, an app deleted meanwhile, a number of another account.
#[tokio::test]
async fn several_faults_are_all_reported() {
    let mut clinic = Clinic::sound().await;
    clinic.with_key();
    clinic.twilio.remove_application(clinic.app);
    clinic.twilio.remove_number(clinic.number);
    clinic.twilio.set_account_type("Trial");
    clinic.twilio.reject_path("/v1/Alerts", 403, 20003);
    let report = clinic.preflight().await;
    assert_eq!(
        found(&report),
        [
            Check::AccountTrial,
            Check::NumberNotOwned,
            Check::ApplicationMissing
        ]
    );
    assert_eq!(
        inconclusive(&report),
        [Check::RecentErrors, Check::RecentWarnings]
    );
}

/// A state that Twilio invents tomorrow is not taken for a good one.
#[tokio::test]
async fn an_unknown_status_is_inconclusive() {
    let clinic = Clinic::sound().await;
    clinic.twilio.set_account_status("napping");
    clinic.twilio.set_account_type("Loan");
    clinic.twilio.set_balance("a lot", "USD");
    let report = clinic.preflight().await;
    assert_eq!(
        inconclusive(&report),
        [
            Check::AccountSuspended,
            Check::AccountClosed,
            Check::AccountTrial,
            Check::BalanceLow
        ]
    );
}

/// Preflight reads: whatever it finds, the account is as it was, and no one was texted.
#[tokio::test]
async fn nothing_is_changed() {
    let clinic = Clinic::sound().await;
    clinic.app_has("VoiceUrl", "https://old.example.com/voice");
    clinic.number_has("SmsApplicationSid", "");
    clinic.service_has("UseInboundWebhookOnNumber", "false");
    let twilio = &clinic.twilio;
    let state = || (twilio.applications(), twilio.numbers(), twilio.services());
    let before = state();
    let report = clinic.preflight().await;
    assert_eq!(report.findings.len(), 3, "{report}");
    assert_eq!(state(), before);
    assert!(twilio.messages().is_empty() && twilio.calls().is_empty());
    assert!(twilio.webhooks().is_empty());
}
