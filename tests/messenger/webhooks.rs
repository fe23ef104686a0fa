//! The kind of a webhook is told by the path it came to, whatever its parameters say.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use clinspark_twilio::client::testing::FakeTransport;
use clinspark_twilio::clinspark::{Settings, SettingsBuilder};
use clinspark_twilio::messenger::{Consent, MessageId, Messenger};
use clinspark_twilio::sms::OptOut;
use clinspark_twilio::types::AuthToken;
use clinspark_twilio::webhook::{
    ConsentSignal, PathKind, PublicOrigin, Receiver, RefusalKind, Validator, WebhookPaths,
    body_sha256,
};

use crate::consent::ScriptedGate;
use crate::{ACCOUNT, builder, inbound_message, settings, signed};

const CALL: &str = "&CallSid=CA00000000000000000000000000000008&CallStatus=ringing";

/// A report that the volunteer has opted out.
fn opted_out(more: &str) -> String {
    format!(
        "MessageSid=SM00000000000000000000000000000006&MessageStatus=undelivered&ErrorCode=21610\
         &AccountSid={ACCOUNT}&From=%2B61255501234&To=%2B61491570156{more}"
    )
}

fn without_paths() -> SettingsBuilder {
    Settings::builder()
        .domain("demo")
        .account_sid(ACCOUNT)
        .auth_token("the-auth-token")
        .application_sid("AP00000000000000000000000000000002")
        .number("+61255501234")
        .delivery("off")
}

fn listening(settings: SettingsBuilder) -> (Messenger, ScriptedGate) {
    let gate = ScriptedGate::new(Ok(Consent::Given));
    let clinic = builder(settings, &FakeTransport::new())
        .consent_gate(gate.clone())
        .build()
        .unwrap();
    (clinic, gate)
}

#[tokio::test]
async fn a_voice_client_cannot_opt_a_volunteer_out() {
    let forged = [
        opted_out(CALL),
        opted_out(&format!("{CALL}&ParentCallSid=")),
        inbound_message("STOP", CALL),
        inbound_message("x", &format!("{CALL}&OptOutType=STOP")),
    ];
    for settings in [settings(), without_paths()] {
        let (clinic, gate) = listening(settings);
        for path in [
            "/hooks/voice",
            "/hooks/voice/menu",
            "/hooks/call-status",
            "/hooks/confirm",
            "/hooks/message",
            "/hooks/message-status",
        ] {
            for form in &forged {
                let refusal_kind = clinic.receive(signed(path, form)).await;
                assert!(gate.events().is_empty(), "{path}");
                let is_messages = path.contains("message");
                let is_configured = clinic.webhook_paths().message.is_some();
                assert_eq!(
                    refusal_kind.err().map(|refusal| refusal.kind()),
                    (is_messages && is_configured).then_some(RefusalKind::Path),
                    "{path}"
                );
            }
        }
    }
}

#[tokio::test]
async fn content_that_contradicts_its_path_is_refused() {
    let call = |more: &str| {
        format!("AccountSid={ACCOUNT}{CALL}&From=%2B61491570156&To=%2B61255501234{more}")
    };
    let nothing = format!("AccountSid={ACCOUNT}");
    let (clinic, gate) = listening(settings());
    for (path, form, checked) in [
        ("/hooks/message", opted_out(""), PathKind::Message),
        ("/hooks/message", call(""), PathKind::Message),
        ("/hooks/message", nothing.clone(), PathKind::Message),
        (
            "/hooks/message-status",
            inbound_message("STOP", ""),
            PathKind::MessageStatus,
        ),
        ("/hooks/message-status", call(""), PathKind::MessageStatus),
        ("/hooks/message-status", nothing, PathKind::MessageStatus),
        ("/hooks/voice", inbound_message("STOP", ""), PathKind::Voice),
        ("/hooks/voice/x", opted_out(""), PathKind::Voice),
        ("/hooks/call-status", opted_out(""), PathKind::CallStatus),
        (
            "/hooks/confirm",
            inbound_message("STOP", ""),
            PathKind::Message,
        ),
        (
            "/hooks/messages",
            inbound_message("STOP", ""),
            PathKind::Message,
        ),
        ("/", opted_out(""), PathKind::MessageStatus),
    ] {
        let refusal = clinic.receive(signed(path, &form)).await.unwrap_err();
        assert_eq!(refusal.kind(), RefusalKind::Path, "{path}");
        assert_eq!(refusal.path_kind(), Some(checked), "{path}");
        assert_eq!(refusal.status(), http::StatusCode::FORBIDDEN);
        assert_eq!(
            refusal.to_string(),
            format!("the content of the webhook does not belong at its path; check the {checked}")
        );
        assert!(gate.events().is_empty(), "{path}");
    }
}

#[tokio::test]
async fn content_at_its_own_path_is_admitted_and_reported_to_the_gate() {
    let (clinic, gate) = listening(settings());
    for (path, form, kind, heard) in [
        (
            "/hooks/message",
            inbound_message("STOP", ""),
            Some(PathKind::Message),
            Some(ConsentSignal::Replied(OptOut::Stop)),
        ),
        (
            "/hooks/message/fallback",
            inbound_message(
                "STOP",
                "&ErrorCode=11200&ErrorUrl=https%3A%2F%2Fdemo.clinspark.com",
            ),
            Some(PathKind::Message),
            Some(ConsentSignal::Replied(OptOut::Stop)),
        ),
        (
            "/hooks/message-status?message_id=visit-1.",
            opted_out(""),
            Some(PathKind::MessageStatus),
            Some(ConsentSignal::OptedOut),
        ),
        (
            "/hooks/voice/menu",
            format!("AccountSid={ACCOUNT}{CALL}&From=%2B61491570156&To=%2B61255501234"),
            Some(PathKind::Voice),
            None,
        ),
        (
            "/hooks/recording",
            format!("AccountSid={ACCOUNT}{CALL}&RecordingStatus=completed"),
            None,
            None,
        ),
    ] {
        let verified = clinic.receive(signed(path, &form)).await.unwrap();
        assert_eq!(verified.path_kind(), kind, "{path}");
        let told: Vec<_> = gate.events().iter().map(|event| event.signal).collect();
        assert_eq!(told, heard.into_iter().collect::<Vec<_>>(), "{path}");
    }

    // Without paths in the settings, the content tells.
    let (clinic, gate) = listening(without_paths());
    for form in [inbound_message("STOP", ""), opted_out("")] {
        let verified = clinic.receive(signed("/any", &form)).await.unwrap();
        assert_eq!(verified.path_kind(), None);
        assert_eq!(gate.events().len(), 1);
    }
}

#[tokio::test]
async fn the_deepest_configured_path_tells_the_kind() {
    let nested = without_paths()
        .voice_path("/twilio/")
        .call_status_path("/twilio/voice-status")
        .message_path("/twilio/sms")
        .message_status_path("/twilio/sms/status");
    let (clinic, gate) = listening(nested);
    for (path, form, kind) in [
        (
            "/twilio/sms",
            inbound_message("STOP", ""),
            PathKind::Message,
        ),
        (
            "/twilio/sms/",
            inbound_message("STOP", ""),
            PathKind::Message,
        ),
        ("/twilio/sms/status", opted_out(""), PathKind::MessageStatus),
        (
            "/twilio/sms/status/x",
            opted_out(""),
            PathKind::MessageStatus,
        ),
    ] {
        let verified = clinic.receive(signed(path, &form)).await.unwrap();
        assert_eq!(verified.path_kind(), Some(kind), "{path}");
        assert_eq!(gate.events().len(), 1, "{path}");
    }
    let refusal = clinic
        .receive(signed("/twilio/smsx", &inbound_message("STOP", "")))
        .await;
    assert_eq!(refusal.unwrap_err().path_kind(), Some(PathKind::Voice));
}

/// A messenger needs a path for each kind. A receiver alone may have one path for everything: the
/// content tells among the kinds configured there.
#[tokio::test]
async fn one_path_for_everything_is_for_a_receiver_alone() {
    let shared = without_paths()
        .voice_path("/twilio")
        .call_status_path("/twilio")
        .message_path("/twilio")
        .message_status_path("/twilio");
    assert_eq!(shared.build().unwrap_err().errors().len(), 3);

    let events = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&events);
    let origin = PublicOrigin::parse("https://demo.clinspark.com").unwrap();
    let validator = Validator::new(AuthToken::new("the-auth-token").unwrap(), origin);
    let receiver = Receiver::new(validator, move |_| {
        count.fetch_add(1, Ordering::SeqCst);
        async { Ok(()) }
    })
    .account_sid(ACCOUNT.parse().unwrap())
    .paths(
        WebhookPaths::new()
            .voice("/twilio")
            .call_status("/twilio")
            .message("/twilio")
            .message_status("/twilio"),
    )
    .unwrap();
    for (form, news) in [
        (inbound_message("STOP", ""), 1),
        (opted_out(""), 1),
        (inbound_message("STOP", CALL), 0),
        (opted_out(CALL), 0),
    ] {
        receiver.receive(signed("/twilio", &form)).await.unwrap();
        assert_eq!(events.swap(0, Ordering::SeqCst), news);
    }
}

#[tokio::test]
async fn a_second_leg_needs_the_sid_of_its_parent() {
    let (clinic, _) = listening(settings());
    let leg =
        |more: &str| format!("AccountSid={ACCOUNT}&From=%2B61491570156&To=%2B61491570157{more}");
    let parent = "&ParentCallSid=CA00000000000000000000000000000009";
    for (path, form, refused) in [
        ("/hooks/call-status", leg(&format!("{CALL}{parent}")), None),
        ("/hooks/confirm", leg(&format!("{CALL}{parent}")), None),
        (
            "/hooks/call-status",
            leg(&format!("{CALL}&ParentCallSid=")),
            Some(RefusalKind::Number),
        ),
        (
            "/hooks/call-status",
            leg(&format!("{CALL}&ParentCallSid=1")),
            Some(RefusalKind::Number),
        ),
        (
            "/hooks/call-status",
            leg(&format!("&CallSid=1{parent}")),
            Some(RefusalKind::Number),
        ),
        ("/hooks/call-status", leg(parent), Some(RefusalKind::Number)),
        (
            "/hooks/message",
            inbound_message("STOP", parent).replace("61255501234", "61255501299"),
            Some(RefusalKind::Number),
        ),
        (
            "/hooks/message-status",
            opted_out("&ApplicationSid=AP00000000000000000000000000000002")
                .replace("61255501234", "61255501299"),
            Some(RefusalKind::Number),
        ),
    ] {
        let refusal_kind = clinic.receive(signed(path, &form)).await;
        assert_eq!(
            refusal_kind.err().map(|r| r.kind()),
            refused,
            "{path} {form}"
        );
    }
}

#[tokio::test]
async fn a_form_without_parameters_is_no_json() {
    let (clinic, _) = listening(without_paths());
    for body in ["&", "&&", ""] {
        let refusal = clinic.receive(signed("/any", body)).await.unwrap_err();
        assert_eq!(refusal.kind(), RefusalKind::Account, "{body:?}");
    }
}

#[tokio::test]
async fn an_unreadable_message_is_reported_as_unreadable() {
    let (clinic, gate) = listening(settings());
    let ours = format!("AccountSid={ACCOUNT}&From=%2B61491570156&To=%2B61255501234");
    for (path, more) in [
        ("/hooks/message", "&Body=STOP"),
        ("/hooks/message", "&Body=STOP&MessageSid=XX1"),
        (
            "/hooks/message-status",
            "&MessageStatus=undelivered&ErrorCode=21610",
        ),
    ] {
        let refusal = clinic.receive(signed(path, &format!("{ours}{more}"))).await;
        assert_eq!(
            refusal.unwrap_err().kind(),
            RefusalKind::Unreadable,
            "{more}"
        );
    }
    assert!(gate.events().is_empty());
}

#[tokio::test]
async fn json_is_admitted_outside_message_paths() {
    let (clinic, gate) = listening(settings());
    let body = r#"{"MessageSid": "SM00000000000000000000000000000006"}"#;
    for (path, refused) in [
        ("/hooks/events", None),
        ("/hooks/message", Some(RefusalKind::Path)),
        ("/hooks/message-status", Some(RefusalKind::Path)),
    ] {
        let url = format!("{path}?bodySHA256={}", body_sha256(body.as_bytes()));
        let request = crate::signed_as("application/json", &url, body);
        let refusal_kind = clinic.receive(request).await;
        assert_eq!(refusal_kind.err().map(|r| r.kind()), refused, "{path}");
    }
    assert!(gate.events().is_empty());
}

#[tokio::test]
async fn a_truncated_url_yields_no_other_id() {
    let (clinic, _) = listening(settings());
    let whole = "/hooks/message-status?message_id=reminder-4711.";
    let verified = clinic.receive(signed(whole, &opted_out(""))).await.unwrap();
    assert_eq!(
        MessageId::from_callback(&verified).unwrap().as_str(),
        "reminder-4711"
    );
    // Whoever has seen that request moves the end of its URL into the form, or the form's first
    // name into the URL: the signature is the same.
    let cuts = (1..whole.len()).map(|at| whole[..at].to_owned());
    for url in cuts.chain([format!("{whole}AccountSid"), format!("{whole}.")]) {
        // Signed as it stands, so that nothing but the id's own end is tested.
        if let Ok(verified) = clinic.receive(signed(&url, &opted_out(""))).await {
            assert_eq!(MessageId::from_callback(&verified), None, "{url}");
        }
    }
}
