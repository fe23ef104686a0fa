//! Paths of webhooks: those of the app, doubles, fragments.

use clinspark_twilio::client::applications::Application;
use clinspark_twilio::clinspark::Setting;
use clinspark_twilio::webhook::WebhookPaths;

use super::{exposed, refused, sound};

#[test]
fn missing_paths_are_taken_from_the_app() {
    let app = |origin: &str| -> Application {
        serde_json::from_value(serde_json::json!({
            "sid": "AP00000000000000000000000000000002",
            "voice_url": format!("{origin}/twilio/voice"),
            "status_callback": format!("{origin}/twilio/calls?x=1"),
            "sms_url": format!("{origin}/twilio/message"),
            "message_status_callback": format!("{origin}.evil.example/status"),
        }))
        .unwrap()
    };
    let settings = sound()
        .domain("demo")
        .voice_path("/hooks/voice")
        .build()
        .unwrap();
    let paths = app("https://demo.clinspark.com").webhook_paths(settings.origin());
    let mut told = WebhookPaths::default();
    told.voice = Some("/twilio/voice".to_owned());
    told.message = Some("/twilio/message".to_owned());
    assert_eq!(paths, told);
    let adopted = settings.clone().with_missing_paths(&paths);
    // What was set stays; a query, and another place, are not taken.
    let mut wanted = WebhookPaths::default();
    wanted.voice = Some("/hooks/voice".to_owned());
    wanted.message = Some("/twilio/message".to_owned());
    assert_eq!(*adopted.webhook_paths(), wanted);
    assert_eq!(exposed(&adopted)["message_path"], "/twilio/message");
    assert_eq!(exposed(&settings).get("message_path"), None);

    let mut odd = WebhookPaths::default();
    odd.message = Some("//elsewhere.example.com/".to_owned());
    odd.call_status = Some("/calls?x=1".to_owned());
    assert_eq!(
        exposed(&settings.clone().with_missing_paths(&odd)),
        exposed(&settings)
    );

    // Scheme and host are the same in any case (RFC 3986), and the path is not.
    let shouting = app("HTTPS://Demo.ClinSpark.com").webhook_paths(settings.origin());
    assert_eq!(shouting, paths);

    let made = app("https://demo.clinspark.com").sid;
    let known = settings.clone().with_application_sid(made);
    assert_eq!(known.application_sid(), Some(made));
    assert_eq!(exposed(&known)["application_sid"], made.as_str());

    let elsewhere = app("https://other.clinspark.com");
    let nothing = elsewhere.webhook_paths(settings.origin());
    assert_eq!(nothing, WebhookPaths::default());
}

/// Two kinds at one path would make a webhook of one kind count as the other.
#[test]
fn two_webhooks_at_one_path_are_refused() {
    refused(
        sound().voice_path("/twilio").message_path("/twilio"),
        "message_path (CLINSPARK_MESSAGE_PATH) is the same as voice_path (CLINSPARK_VOICE_PATH): \
         give each a path of its own, because the path tells the kind of a webhook",
    );
    for (status, message_status) in [("/s", "/s/"), ("/s#rc=5", "/s"), ("/s/#rc=1", "/s#rc=2")] {
        let builder = sound()
            .call_status_path(status)
            .message_status_path(message_status);
        let error = builder.build().unwrap_err();
        let [error] = error.errors() else {
            panic!("{error}")
        };
        assert_eq!(error.setting(), Setting::MessageStatusPath);
    }
    // A path below another one is another path.
    let nested = sound().voice_path("/hooks").message_path("/hooks/message");
    nested.build().unwrap();

    // An app that has one URL for everything: the first kind keeps it.
    let mut one = WebhookPaths::default();
    for path in [&mut one.voice, &mut one.call_status, &mut one.message] {
        *path = Some("/twilio".to_owned());
    }
    let adopted = sound().build().unwrap().with_missing_paths(&one);
    let mut wanted = WebhookPaths::default();
    wanted.voice = Some("/twilio".to_owned());
    assert_eq!(*adopted.webhook_paths(), wanted);
    assert_eq!(exposed(&adopted).get("message_path"), None);
    // A path that was set keeps its kind.
    let set = sound().message_path("/twilio").build().unwrap();
    let adopted = set.clone().with_missing_paths(&one);
    assert_eq!(exposed(&adopted), exposed(&set));
}

#[test]
fn paths_may_hold_connection_overrides_and_no_other_fragment() {
    for (fragment, is_taken) in [
        ("ct=2000&rc=2", true),
        ("rc=0", true),
        ("rp=4xx,5xx,ct,rt", true),
        ("rp=all&tt=15000&rt=100&sni=n", true),
        ("e=sydney-ix,dublin", true),
        ("rc=6", false),
        ("ct=99", false),
        ("ct=10001", false),
        ("rt=15001", false),
        ("rt=+200", false),
        ("rp=", false),
        ("rp=6xx", false),
        ("e=mars", false),
        ("sni=yes", false),
        ("rc=2&rc=3", false),
        ("rc=2&", false),
        ("", false),
        ("top", false),
    ] {
        let path = format!("/hooks/status#{fragment}");
        let settings = sound().message_status_path(&path).build();
        assert_eq!(settings.is_ok(), is_taken, "{path}");
        if let Ok(settings) = settings {
            assert_eq!(settings.webhook_paths().message_status, Some(path));
            let bare = settings.webhook_paths().without_overrides();
            assert_eq!(bare.message_status.as_deref(), Some("/hooks/status"));
        }
    }
}
