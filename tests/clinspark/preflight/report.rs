//! The report as data and as a table.

use clinspark_twilio::clinspark::Setting;
use clinspark_twilio::clinspark::preflight::{Check, Owner, Report, Severity};

use super::clinic::{Clinic, NUMBER};

#[tokio::test]
async fn it_is_data() {
    let clinic = Clinic::sound().await;
    clinic.twilio.set_account_type("Trial");
    clinic.twilio.set_balance("1", "USD");
    clinic.twilio.reject_path("/v1/Alerts", 403, 20003);
    let report = clinic.preflight().await;
    let json = serde_json::to_string(&report).unwrap();
    let back: Report = serde_json::from_str(&json).unwrap();
    assert_eq!(back, report);
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        value["findings"][0],
        serde_json::json!({
            "check": "account-trial",
            "severity": "blocker",
            "actual": "the account is a trial: it reaches only verified numbers",
            "expected": "a paid account",
            "owner": "customer",
            "remedy": "upgrade the account in Twilio's console",
            "source":
                "https://www.twilio.com/docs/usage/tutorials/how-to-use-your-free-trial-account",
        })
    );
    assert_eq!(value["inconclusive"][0]["check"], "recent-errors");
    assert_eq!(report.highest_severity(), Some(Severity::Blocker));
    let low = report.findings_of(&Check::BalanceLow).next().unwrap();
    assert_eq!(low.owner, Owner::Customer);

    // A check of a newer version is kept.
    let newer = json.replace("account-trial", "moon-phase");
    let newer: Report = serde_json::from_str(&newer).unwrap();
    assert_eq!(newer.findings[0].check.as_str(), "moon-phase");
}

#[tokio::test]
async fn it_is_a_table() {
    let clinic = Clinic::sound().await;
    clinic.twilio.set_account_type("Trial");
    clinic.number_has("SmsUrl", "https://old.example.com/sms");
    clinic.twilio.reject_path("/Balance", 401, 20003);
    let report = clinic.preflight().await;
    let account = clinic.twilio.account_sid();
    let expected = format!(
        "\
instance acme.clinspark.com, account {account}
blocker       account-trial                   the account is a trial: it reaches only verified numbers
                                              expected: a paid account
                                              fix: customer: upgrade the account in Twilio's console
                                              see: https://www.twilio.com/docs/usage/tutorials/how-to-use-your-free-trial-account
note          number-own-urls                 in addition to the app, the messaging section has https://old.example.com/sms: Twilio uses these URLs as soon as the app is unbound
                                              expected: no URL of the number's own, or a URL on the instance's domain
                                              fix: support: clear the number's own URLs in Twilio's console
                                              see: https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource
inconclusive  Twilio refused these credentials (HTTP 401, code 20003): FetchBalance needs more permissions
              balance-low
1 blocker, 0 warnings, 1 note, 1 inconclusive"
    );
    assert_eq!(report.to_string(), expected);
}

/// The gravest first, then in the order of the guide.
#[tokio::test]
async fn findings_are_sorted_by_severity_then_check() {
    let mut clinic = Clinic::sound().await;
    clinic.set(Setting::Delivery, "off");
    clinic.twilio.set_clock_offset(900);
    clinic.twilio.set_brand_status("FAILED");
    clinic.twilio.set_balance("0", "USD");
    clinic.twilio.set_account_status("suspended");
    let report = clinic.preflight().await;
    let severities: Vec<_> = report.findings.iter().map(|f| f.severity).collect();
    assert!(severities.is_sorted());
    let ids: Vec<_> = report.findings.iter().map(|f| f.check.as_str()).collect();
    assert_eq!(
        ids,
        [
            "account-suspended",
            "a2p-brand-unapproved",
            "balance-low",
            "clock-skew",
            "delivery-guarded"
        ]
    );
}

/// Whatever is wrong, neither the number nor a secret shows.
#[tokio::test]
async fn a_report_contains_no_number_and_no_secret() {
    let mut clinic = Clinic::sound().await;
    let (key, secret) = clinic.twilio.add_restricted_key(&["/Balance"]);
    clinic
        .set(Setting::ApiKeySid, key.as_str())
        .set(Setting::ApiKeySecret, secret.expose())
        .set(Setting::SecondaryAuthToken, "a-second-secret")
        .set(Setting::DefaultCountryPrefix, "44")
        .set(
            Setting::MessagingServiceSid,
            "MG00000000000000000000000000000000",
        );
    clinic.app_has(
        "VoiceUrl",
        "https://user:PLANTED@old.example.com/v?t=PLANTED",
    );
    clinic.number_has(
        "SmsUrl",
        "https://old.example.com/s/%2B14155550100/PN1?t=PLANTED",
    );
    clinic.twilio.remove_service(clinic.service);
    let first = clinic.preflight().await;
    clinic.twilio.remove_number(clinic.number);
    let second = clinic.preflight().await;
    let token = clinic.twilio.auth_token().expose();
    for report in [first, second] {
        assert!(report.findings.len() > 4, "{report}");
        let json = serde_json::to_string(&report).unwrap();
        for shown in [report.to_string(), format!("{report:?}"), json] {
            for hidden in [
                NUMBER,
                "55501",
                "PLANTED",
                token,
                secret.expose(),
                "a-second-secret",
            ] {
                assert!(!shown.contains(hidden), "{hidden} shows in {shown}");
            }
        }
    }
}
