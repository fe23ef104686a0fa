//! Webhook paths that are not set: taken from the app, or reported.

use clinspark_twilio::clinspark::Setting;
use clinspark_twilio::clinspark::preflight::Check;

use super::clinic::{Clinic, found};

/// A setting holds a path alone, so one with a query is not taken over.
#[tokio::test]
async fn a_path_with_a_query_is_not_taken_from_the_app() {
    let mut clinic = Clinic::sound().await;
    clinic.unset(Setting::VoicePath);
    clinic.app_has("VoiceUrl", "https://acme.clinspark.com/hooks/voice?site=7");
    let report = clinic.preflight().await;
    assert_eq!(found(&report), [Check::ApplicationVoiceUrl]);
    assert_eq!(report.paths.voice, None);
}

/// Paths that are not set are the app's, where they are on the instance's own domain.
#[tokio::test]
async fn missing_paths_are_reported_with_the_apps_values() {
    let mut clinic = Clinic::sound().await;
    clinic.unset(Setting::VoicePath).unset(Setting::MessagePath);
    clinic.app_has("SmsUrl", "https://old.example.com/hook");
    let report = clinic.preflight().await;
    assert_eq!(
        found(&report),
        [Check::ApplicationMessageUrl, Check::WebhookPathsNotSet]
    );
    // The remedy states the value, for readers of the text.
    let how: Vec<&str> = report.findings.iter().map(|f| f.remedy.as_str()).collect();
    assert!(how[0].starts_with("set message_path, then run `clinspark-twilio apply`"));
    assert_eq!(how[1], "set voice_path to /hooks/voice");
    assert_eq!(report.paths.voice.as_deref(), Some("/hooks/voice"));
    assert_eq!(report.paths.message, None);
    assert_eq!(report.paths.call_status.as_deref(), Some("/hooks/call"));
}

/// set-up makes an app only once it is told the paths, so missing ones are found before it is run.
#[tokio::test]
async fn paths_missing_everywhere_are_reported() {
    let mut clinic = Clinic::sound().await;
    clinic
        .unset(Setting::VoicePath)
        .unset(Setting::ApplicationSid);
    let report = clinic.preflight().await;
    assert_eq!(
        found(&report),
        [Check::ApplicationNotSet, Check::WebhookPathsNotSet]
    );
    let actual = &report.findings[1].actual;
    assert_eq!(actual, "the settings do not have voice_path");
}

/// Twilio signs the URL as it is written, so the signature of another case does not match.
#[tokio::test]
async fn a_path_of_a_host_in_another_case_is_not_taken_from_the_app() {
    let mut clinic = Clinic::sound().await;
    clinic.unset(Setting::VoicePath);
    clinic.app_has("VoiceUrl", "https://ACME.clinspark.com/hooks/voice");
    let report = clinic.preflight().await;
    assert_eq!(found(&report), [Check::ApplicationVoiceUrl]);
    assert_eq!(report.paths.voice, None);
}
