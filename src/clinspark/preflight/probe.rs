//! Probe: sends forged webhooks to the instance and times its answers.

use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http_body_util::{BodyExt, Limited};

use super::check::Check;
use super::report::Probe;
use super::run::Run;
use crate::client::in_tokio_runtime;
use crate::clinspark::settings::Setting;
use crate::webhook::SIGNATURE_HEADER;
use crate::webhook::WebhookPaths;

/// Twilio waits 15 seconds for an answer.
const WEBHOOK_TIMEOUT: Duration = Duration::from_secs(15);

/// Size limit of an answer. Real answers are far smaller.
const MAX_ANSWER_BYTES: usize = 1024 * 1024;

/// Slower answers may exceed Twilio's timeout under load.
const SLOW_ANSWER: Duration = Duration::from_secs(2);

/// 20 zero bytes in base64 in place of a signature. It is practically impossible that a key produces
/// it.
const FORGED_SIGNATURE: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAA=";

/// One of Twilio's test numbers, which belongs to no one.
const TEST_NUMBER: &str = "+15005550006";

pub(super) async fn check(run: &mut Run<'_>, paths: &WebhookPaths) {
    let webhooks = [
        (&paths.voice, WebhookKind::Call, Setting::VoicePath),
        (
            &paths.call_status,
            WebhookKind::Call,
            Setting::CallStatusPath,
        ),
        (&paths.message, WebhookKind::Message, Setting::MessagePath),
        (
            &paths.message_status,
            WebhookKind::Message,
            Setting::MessageStatusPath,
        ),
    ];
    let mut unknown_paths = Vec::new();
    for (path, kind, setting) in webhooks {
        match path {
            Some(path) => probe(run, path, kind).await,
            None => unknown_paths.push(setting.name()),
        }
    }
    if !unknown_paths.is_empty() {
        let why = format!(
            "not probed: neither the settings nor the TwiML App has {}",
            unknown_paths.join(", ")
        );
        let checks = [
            Check::WebhookAcceptsForgery,
            Check::WebhookUnreachable,
            Check::WebhookUnexpectedAnswer,
            Check::WebhookSlow,
        ];
        run.inconclusive(&checks, &why);
    }
}

#[derive(Clone, Copy)]
enum WebhookKind {
    Call,
    Message,
}

async fn probe(run: &mut Run<'_>, path: &str, kind: WebhookKind) {
    let Some(request) = forged_request(run, path, kind) else {
        let why = "the path of the webhook is not part of a valid URL";
        return run.inconclusive(&[Check::WebhookAcceptsForgery], why);
    };
    if !in_tokio_runtime() {
        let why = "no Tokio runtime is running";
        return run.inconclusive(&[Check::WebhookAcceptsForgery], why);
    }
    let start = tokio::time::Instant::now();
    let answer = tokio::time::timeout(WEBHOOK_TIMEOUT, async {
        let answer = run.client.transport().send(request).await.ok()?;
        let status = answer.status();
        // Reads to the last byte, because Twilio needs the whole answer.
        let mut body = Limited::new(answer.into_body(), MAX_ANSWER_BYTES);
        while let Some(frame) = body.frame().await {
            frame.ok()?;
        }
        Some(status.as_u16())
    });
    let status = answer.await.ok().flatten();
    let probe = Probe {
        // The query of a path may hold a secret, and the fragment is not sent.
        path: path.split(['?', '#']).next().unwrap_or_default().to_owned(),
        status,
        elapsed: start.elapsed(),
    };
    check_answer(run, &probe);
    run.report.probes.push(probe);
}

/// Builds a webhook whose signature is wrong and whose body says that it is forged.
fn forged_request(run: &Run<'_>, path: &str, kind: WebhookKind) -> Option<http::Request<Bytes>> {
    let account = run.settings.account_sid();
    let to = run.settings.number();
    let to = to.as_ref().map_or(TEST_NUMBER, |number| number.as_str());
    let mut form = vec![
        ("AccountSid", account.as_str()),
        ("From", TEST_NUMBER),
        ("To", to),
        ("ApiVersion", "2010-04-01"),
    ];
    match kind {
        WebhookKind::Call => form.extend([
            ("CallSid", "CA00000000000000000000000000000000"),
            ("CallStatus", "canceled"),
            ("Direction", "inbound"),
        ]),
        WebhookKind::Message => form.extend([
            ("MessageSid", "SM00000000000000000000000000000000"),
            ("MessageStatus", "failed"),
            ("NumMedia", "0"),
            ("Body", "A forged request, sent to see that it is refused."),
        ]),
    }
    let body = serde_urlencoded::to_string(form).ok()?;
    http::Request::post(run.settings.origin().url(path))
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(SIGNATURE_HEADER, FORGED_SIGNATURE)
        .body(Bytes::from(body))
        .ok()
}

fn check_answer(run: &mut Run<'_>, probe: &Probe) {
    let path = &probe.path;
    match probe.status {
        None => run.add(
            Check::WebhookUnreachable,
            format!(
                "{path} did not answer within {} seconds",
                WEBHOOK_TIMEOUT.as_secs()
            ),
            "an answer to Twilio's requests",
            "make the instance reachable from the internet at this path",
        ),
        Some(200..=299) => run.add(
            Check::WebhookAcceptsForgery,
            format!("{path} accepted a forged request"),
            "HTTP 403 for every request that Twilio did not sign",
            "verify the signature before anything else, such as by `Messenger::receive`",
        ),
        Some(_) if probe.was_refused() => {}
        Some(status) => run.add(
            Check::WebhookUnexpectedAnswer,
            format!("{path} answered HTTP {status}"),
            "HTTP 403 for every request that Twilio did not sign",
            "check whether the instance handles webhooks at this path",
        ),
    }
    if probe.status.is_some() && probe.elapsed > SLOW_ANSWER {
        run.add(
            Check::WebhookSlow,
            format!("{path} answered after {} ms", probe.elapsed.as_millis()),
            "an answer within 1 second; Twilio stops waiting after 15",
            "send the answer first, and do the work afterwards",
        );
    }
}
