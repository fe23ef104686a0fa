//! Failures that may be sent again, and failures that would be refused again.

use clinspark_twilio::client::testing::{FakeTransport, Reply};
use clinspark_twilio::client::{Outcome, RetryPolicy};
use clinspark_twilio::clinspark::SettingsBuilder;
use clinspark_twilio::messenger::{
    Consent, Error, ErrorKind, MessengerBuilder, QuietHours, TimeOfDay, UnknownTimeZone,
};

use crate::consent::ScriptedGate;
use crate::{BODY, TYPED, builder, settings, twiml};

/// Errors of a text and of a call, each sent once with this reply.
async fn failures(
    settings: impl Fn() -> SettingsBuilder,
    configure: impl FnOnce(MessengerBuilder) -> MessengerBuilder,
    typed: &str,
    reply: fn() -> Reply,
) -> [Error; 2] {
    let transport = FakeTransport::new().reply(reply()).reply(reply());
    let clinic = configure(builder(settings(), &transport))
        .client(|client| client.retry(RetryPolicy::none()))
        .build()
        .unwrap();
    [
        clinic.text(typed, BODY).await.unwrap_err(),
        clinic.call(typed, &twiml()).await.unwrap_err(),
    ]
}

/// A caller that sends again after each `NotSent` would ask a person without consent in a loop.
#[tokio::test]
async fn a_refusal_by_a_gate_is_not_sent_but_not_retryable() {
    let unsent = Reply::not_sent;
    let plain = |builder: MessengerBuilder| builder;
    let time = |text| TimeOfDay::parse(text).unwrap();
    let always_quiet = QuietHours::new(time("00:00"), time("00:00"), UnknownTimeZone::Refuse);
    let cases = [
        (
            ErrorKind::Disabled,
            failures(|| settings().enabled("false"), plain, TYPED, unsent).await,
        ),
        (
            ErrorKind::Number,
            failures(settings, plain, "0491", unsent).await,
        ),
        (
            ErrorKind::NumberKind,
            failures(
                || settings().text_kinds("pager").call_kinds("pager"),
                plain,
                TYPED,
                unsent,
            )
            .await,
        ),
        (
            ErrorKind::QuietHours,
            failures(
                settings,
                |builder| builder.quiet_hours(always_quiet),
                TYPED,
                unsent,
            )
            .await,
        ),
        (
            ErrorKind::Consent,
            failures(
                settings,
                |builder| builder.consent_gate(ScriptedGate::new(Ok(Consent::Withheld))),
                TYPED,
                unsent,
            )
            .await,
        ),
        (
            ErrorKind::Client,
            failures(|| settings().delivery("off"), plain, TYPED, unsent).await,
        ),
    ];
    for (kind, errors) in cases {
        for error in errors {
            assert_eq!(error.kind(), kind, "{error}");
            assert_eq!(*error.outcome(), Outcome::NotSent, "{error}");
            assert!(!error.is_retryable(), "{error}");
        }
    }
}

#[tokio::test]
async fn a_failure_that_passes_is_retryable_only_if_nothing_was_sent() {
    let plain = |builder: MessengerBuilder| builder;
    let cases: [(fn() -> Reply, bool); 6] = [
        (Reply::not_sent, true),
        (|| Reply::error(429, 20429), true),
        (|| Reply::error(400, 21211), false),
        (|| Reply::error(401, 20003), false),
        (|| Reply::error(503, 20500), false),
        (Reply::connection_lost, false),
    ];
    for (reply, expected) in cases {
        for error in failures(settings, plain, TYPED, reply).await {
            assert_eq!(error.kind(), ErrorKind::Client);
            assert_eq!(error.is_retryable(), expected, "{error}");
            let is_unknown = matches!(error.outcome(), Outcome::Unknown { .. });
            assert!(!(is_unknown && error.is_retryable()), "{error}");
        }
    }
}

#[tokio::test]
async fn a_gate_without_an_answer_is_asked_again_but_an_opt_out_stays() {
    let broken =
        |builder: MessengerBuilder| builder.consent_gate(ScriptedGate::new(Err("no database")));
    for error in failures(settings, broken, TYPED, Reply::not_sent).await {
        assert_eq!(error.kind(), ErrorKind::ConsentGate);
        assert!(error.is_retryable(), "{error}");
    }
    // The gate gives consent, and fails only to record the opt-out that Twilio reports.
    let forgetful = |builder: MessengerBuilder| {
        builder.consent_gate(ScriptedGate::new(Ok(Consent::Given)).failing_to_record())
    };
    let opted_out = || Reply::error(400, 21610);
    for error in failures(settings, forgetful, TYPED, opted_out).await {
        assert_eq!(error.kind(), ErrorKind::ConsentGate);
        assert_eq!(*error.outcome(), Outcome::Rejected);
        assert!(!error.is_retryable(), "{error}");
    }
}
