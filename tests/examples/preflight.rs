//! The two sandbox accounts of the preflight example, and its table.

use clinspark_twilio::clinspark::preflight::Severity;

#[path = "../../examples/preflight/main.rs"]
#[expect(dead_code, reason = "its `main` is not called here")]
mod example;

fn arguments(line: &str) -> Vec<String> {
    line.split_whitespace().map(str::to_owned).collect()
}

#[tokio::test]
async fn the_demo_reports_every_fault() {
    let report = example::run(&arguments("--demo")).await.unwrap();
    let table = example::format_report(&report, false);
    let ids: Vec<&str> = report.findings.iter().map(|f| f.check.as_str()).collect();
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
    for finding in &report.findings {
        let line = format!(
            "{:<14}{:<32}{}",
            finding.severity, finding.check, finding.actual
        );
        assert!(table.lines().any(|shown| shown == line), "{line}\n{table}");
    }
    assert!(table.lines().any(|line| line.trim() == "geo-messaging"));
    assert!(!report.passed());
    assert_eq!(report.highest_severity(), Some(Severity::Blocker));
}

#[tokio::test]
async fn the_sound_demo_has_no_findings() {
    let report = example::run(&arguments("--demo sound")).await.unwrap();
    assert!(report.passed(), "{report}");
    assert_eq!(report.findings, []);
}

#[tokio::test]
async fn colour_adds_only_escape_codes() {
    let report = example::run(&arguments("--demo --json")).await.unwrap();
    let (plain, coloured) = (
        example::format_report(&report, false),
        example::format_report(&report, true),
    );
    assert!(!plain.contains('\u{1b}'));
    assert!(coloured.contains("\u{1b}[31mblocker\u{1b}[0m   "));
    let mut stripped = coloured;
    for code in ["31", "33", "35", "36", "0"] {
        stripped = stripped.replace(&format!("\u{1b}[{code}m"), "");
    }
    assert_eq!(stripped, plain);
}

#[tokio::test]
async fn other_arguments_are_refused() {
    let error = example::run(&arguments("--demo broken")).await.unwrap_err();
    assert!(error.to_string().starts_with("usage: preflight"));
}
