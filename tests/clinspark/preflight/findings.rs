//! What findings tell: the actual values, alerts by code, and services and short codes beside the number.

use clinspark_twilio::clinspark::Setting;
use clinspark_twilio::clinspark::preflight::{Check, Owner, Severity};

use super::checks::{ELSEWHERE, TOLL_FREE};
use super::clinic::{Clinic, found};

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
