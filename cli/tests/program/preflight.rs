//! `preflight` and `probe`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use axum::http::StatusCode;
use tokio::net::TcpListener;

use crate::support::{Account, Program};

#[tokio::test(flavor = "multi_thread")]
async fn the_demonstration_reports_every_fault() {
    let ran = Program::new(&["preflight", "--demo"]).run().await.expect(1);
    let report = Program::new(&["preflight", "--demo", "--json"]).run().await;
    let report = report.expect(1).json();
    let findings = report["findings"].as_array().unwrap();
    let ids: Vec<&str> = findings
        .iter()
        .map(|it| it["check"].as_str().unwrap())
        .collect();
    assert_eq!(
        ids,
        [
            "a2p-campaign-unverified",
            "application-voice-url",
            "number-messaging-binding",
            "service-inbound-url",
            "geo-voice",
            "balance-low",
            "secondary-token-pending",
            "recent-errors",
            "clock-skew",
        ]
    );
    for finding in findings {
        let text = |name: &str| finding[name].as_str().unwrap().to_owned();
        let start = format!("{:<14}{:<32}", text("severity"), text("check"));
        assert!(
            ran.out.lines().any(|line| line.starts_with(&start)),
            "{start}\n{}",
            ran.out
        );
    }
    assert!(ran.out.lines().any(|line| line.trim() == "geo-messaging"));
    // Not a terminal: no colour.
    assert!(!ran.out.contains('\u{1b}'));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sound_demonstration_has_no_findings() {
    let sound = Program::new(&["preflight", "--demo", "sound", "--json"]);
    let report = sound.run().await.expect(0).json();
    assert_eq!(report["findings"].as_array().unwrap().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_environments_account_is_checked() {
    let account = Account::start().await;
    let ran = account.run(&["preflight"]).await.expect(1);
    ran.shows(&["application-", "number-voice-binding", "blocker"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_instance_must_refuse_forged_webhooks() {
    let status = Arc::new(AtomicU16::new(403));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut account = Account::start().await;
    account.domain = format!("http://{}", listener.local_addr().unwrap());
    let answer = Arc::clone(&status);
    let router = axum::Router::new()
        .fallback(async move || StatusCode::from_u16(answer.load(Ordering::SeqCst)).unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });

    let ran = account.run(&["probe"]).await.expect(0);
    ran.shows(&["probe", "/hooks/message-status", "refused with 403"]);
    status.store(200, Ordering::SeqCst);
    let ran = account.run(&["probe"]).await.expect(1);
    ran.shows(&["/hooks/voice accepted a forged request"]);
    let report = account.run(&["probe", "--json"]).await.expect(1).json();
    assert_eq!(report["probes"].as_array().unwrap().len(), 4);
}
