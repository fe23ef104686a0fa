//! The probe of webhooks: forged requests, and findings by the answer of the instance.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use clinspark_twilio::client::{Body, Phase, Transport, TransportError};
use clinspark_twilio::clinspark::Setting;
use clinspark_twilio::clinspark::preflight::{Check, Probe, Report};
use clinspark_twilio::types::BoxFuture;
use clinspark_twilio::webhook::{SIGNATURE_HEADER, SignatureErrorKind, Validator};

use super::clinic::{Clinic, Instance, found, inconclusive};

/// Answers every request with one status, and records the requests.
#[derive(Clone)]
struct AnsweringTransport {
    status: Option<u16>,
    asked: Arc<Mutex<Vec<http::Request<Bytes>>>>,
}

impl Transport for AnsweringTransport {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        self.asked.lock().unwrap().push(request);
        let answer = match self.status {
            Some(status) => {
                let mut answer = http::Response::new(Body::empty());
                *answer.status_mut() = http::StatusCode::from_u16(status).unwrap();
                Ok(answer)
            }
            None => Err(TransportError::possibly_sent(Phase::Answer, "gone")),
        };
        Box::pin(async move { answer })
    }
}

async fn probed(status: Option<u16>) -> (Report, Vec<http::Request<Bytes>>) {
    let clinic = Clinic::sound().await;
    let asked = Arc::default();
    let instance = AnsweringTransport {
        status,
        asked: Arc::clone(&asked),
    };
    let report = Instance::with(clinic.read(), |client| client.with_transport(instance))
        .probe_webhooks()
        .await;
    let asked = std::mem::take(&mut *asked.lock().unwrap());
    (report, asked)
}

#[tokio::test]
async fn refusals_of_forged_webhooks_make_no_finding() {
    for status in [400, 401, 403] {
        let (report, asked) = probed(Some(status)).await;
        assert!(report.passed(), "{report}");
        assert_eq!(asked.len(), 4);
        let paths: Vec<_> = report.probes.iter().map(|p| p.path.as_str()).collect();
        let expected = [
            "/hooks/voice",
            "/hooks/call",
            "/hooks/message",
            "/hooks/message-status",
        ];
        assert_eq!(paths, expected);
        assert!(report.probes.iter().all(Probe::was_refused));
        assert!(
            report
                .to_string()
                .contains(&format!("refused with {status} after "))
        );
    }
}

#[tokio::test]
async fn an_accepted_forgery_is_a_blocker() {
    for status in [200, 204] {
        let (report, _) = probed(Some(status)).await;
        assert_eq!(found(&report), vec![Check::WebhookAcceptsForgery; 4]);
        assert_eq!(report.probes[0].status, Some(status));
    }
}

#[tokio::test]
async fn unexpected_answers_are_reported() {
    for status in [301, 404, 405, 500, 502] {
        let (report, _) = probed(Some(status)).await;
        assert_eq!(found(&report), vec![Check::WebhookUnexpectedAnswer; 4]);
    }
    let (report, _) = probed(None).await;
    assert_eq!(found(&report), vec![Check::WebhookUnreachable; 4]);
    assert!(!report.passed());
}

/// Never a signature that is right, and nothing of the account's secrets.
#[tokio::test]
async fn the_request_is_forged() {
    let clinic = Clinic::sound().await;
    let (_, asked) = probed(Some(403)).await;
    let settings = clinic.read();
    for request in asked {
        assert_eq!(request.method(), "POST");
        assert_eq!(request.uri().host(), Some("acme.clinspark.com"));
        assert!(request.headers().get("authorization").is_none());
        assert!(request.headers().contains_key(SIGNATURE_HEADER));
        let form: Vec<(String, String)> = serde_urlencoded::from_bytes(request.body()).unwrap();
        let from = form.iter().find(|(name, _)| name == "From").unwrap();
        // Twilio's test number, which belongs to no one.
        assert_eq!(from.1, "+15005550006");
        let validator = Validator::new(settings.auth_token().clone(), settings.origin().clone());
        let (parts, body) = request.into_parts();
        let error = validator
            .verify(http::Request::from_parts(parts, body))
            .unwrap_err();
        assert_eq!(error.kind(), SignatureErrorKind::SignatureMismatch);
    }
}

/// Over real sockets, with the check that an instance makes.
#[tokio::test]
async fn an_instance_that_verifies_signatures_passes() {
    let (mut clinic, listener) = (Clinic::sound().await, listener().await);
    clinic.domain(&format!("http://{}", listener.local_addr().unwrap()));
    let messenger = clinic.instance();
    let settings = &messenger.settings;
    let validator = Validator::new(settings.auth_token().clone(), settings.origin().clone());
    let app = axum::Router::new().fallback(async move |request: axum::extract::Request| {
        let (parts, body) = request.into_parts();
        let body = axum::body::to_bytes(body, 65_536).await.unwrap();
        match validator.verify(http::Request::from_parts(parts, body)) {
            Ok(_) => http::StatusCode::NO_CONTENT,
            Err(refusal) => refusal.status(),
        }
    });
    tokio::spawn(async move { axum::serve(listener, app).await });
    let report = messenger.probe_webhooks().await;
    assert!(report.passed(), "{report}");
    let statuses: Vec<_> = report.probes.iter().map(|probe| probe.status).collect();
    assert_eq!(statuses, [Some(403); 4]);
    assert!(clinic.twilio.webhooks().is_empty());
}

#[tokio::test]
async fn a_slow_instance_is_reported() {
    let (mut clinic, listener) = (Clinic::sound().await, listener().await);
    clinic.domain(&format!("http://{}", listener.local_addr().unwrap()));
    // One webhook of four dawdles.
    let app = axum::Router::new().fallback(async |request: axum::extract::Request| {
        if request.uri().path() == "/hooks/message" {
            tokio::time::sleep(Duration::from_millis(2_100)).await;
        }
        http::StatusCode::FORBIDDEN
    });
    tokio::spawn(async move { axum::serve(listener, app).await });
    let report = clinic.instance().probe_webhooks().await;
    assert_eq!(found(&report), [Check::WebhookSlow]);
    assert!(
        report.findings[0]
            .actual
            .starts_with("/hooks/message answered after ")
    );
    assert!(report.probes[2].elapsed >= Duration::from_secs(2));
}

/// Paths that the settings lack are the app's; without either there is nothing to ask.
#[tokio::test]
async fn the_apps_paths_are_probed() {
    let (mut clinic, listener) = (Clinic::sound().await, listener().await);
    clinic.domain(&format!("http://{}", listener.local_addr().unwrap()));
    for setting in [
        Setting::VoicePath,
        Setting::CallStatusPath,
        Setting::MessagePath,
        Setting::MessageStatusPath,
    ] {
        clinic.unset(setting);
    }
    let app = axum::Router::new().fallback(async || http::StatusCode::FORBIDDEN);
    tokio::spawn(async move { axum::serve(listener, app).await });
    let report = clinic.instance().probe_webhooks().await;
    assert_eq!(report.probes.len(), 4, "{report}");
    // Another's domain is never asked.
    clinic.app_has("VoiceUrl", "https://old.example.com/voice");
    let report = clinic.instance().probe_webhooks().await;
    assert_eq!(report.probes.len(), 3, "{report}");
    assert!(!report.passed(), "{report}");
    let why = "not probed: neither the settings nor the TwiML App has voice_path";
    assert!(report.inconclusive.iter().all(|check| check.reason == why));
    assert_eq!(report.inconclusive.len(), 4);

    clinic.unset(Setting::ApplicationSid);
    let report = clinic.instance().probe_webhooks().await;
    assert!(report.probes.is_empty());
    assert_eq!(
        inconclusive(&report),
        [
            Check::WebhookAcceptsForgery,
            Check::WebhookUnreachable,
            Check::WebhookUnexpectedAnswer,
            Check::WebhookSlow
        ]
    );
}

async fn listener() -> tokio::net::TcpListener {
    tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap()
}
