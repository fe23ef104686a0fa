//! Checks an account for faults, and names who can fix each.
//!
//!     cargo run --example preflight --features sandbox -- --demo cargo run --example preflight
//!     --features sandbox -- --demo sound cargo run --example preflight --features sandbox
//!     (the account of the environment) cargo run --example preflight --features sandbox -- --probe
//!     (also sends forged webhooks, which must be refused) cargo run --example preflight --features
//!     sandbox -- --json    (the report as data)
//!
//! A live account is only read, never changed. `Settings::from_env` documents the variables. Each
//! finding is a line that begins with its severity.
//!
//! Exit code: 0 without blockers, warnings and inconclusive checks (notes may remain), 1 with any
//! of them, 2 if the arguments or the settings are invalid.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for people to read"
)]

mod demo;

use std::error::Error;
use std::io::{IsTerminal as _, stdout};
use std::process::ExitCode;

use clinspark_twilio::clinspark::Settings;
use clinspark_twilio::clinspark::preflight::Preflight;
use clinspark_twilio::clinspark::preflight::{Report, Severity};

use demo::Demo;

const USAGE: &str = "usage: preflight [--demo [sound] | --probe] [--json]";

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let report = match run(&arguments).await {
        Ok(report) => report,
        Err(error) => {
            eprintln!("preflight: {error}");
            return ExitCode::from(2);
        }
    };
    if arguments.iter().any(|argument| argument == "--json") {
        match serde_json::to_string_pretty(&report) {
            Ok(json) => println!("{json}"),
            Err(error) => eprintln!("preflight: {error}"),
        }
    } else {
        println!("{}", format_report(&report, stdout().is_terminal()));
    }
    if report.passed() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Checks the account that the arguments name.
pub(crate) async fn run(arguments: &[String]) -> Result<Report, Box<dyn Error + Send + Sync>> {
    let words = arguments.iter().map(String::as_str);
    let words: Vec<&str> = words.filter(|word| *word != "--json").collect();
    match words.as_slice() {
        ["--demo"] => Ok(Demo::faulty().await?.preflight().await?),
        ["--demo", "sound"] => Ok(Demo::sound().await?.preflight().await?),
        [] | ["--probe"] => {
            let settings = Settings::from_env()?;
            let messenger = settings.messenger()?;
            let preflight = Preflight::new(&settings, messenger.client());
            let mut report = preflight.run().await;
            if words.is_empty() {
                return Ok(report);
            }
            let probed = preflight.probe_webhooks().await;
            // One report, sorted as if a single run had made it.
            report.findings.extend(probed.findings);
            report
                .findings
                .sort_by_key(|finding| (finding.severity, finding.check.clone()));
            report.inconclusive.extend(probed.inconclusive);
            report.probes = probed.probes;
            Ok(report)
        }
        _ => Err(USAGE.into()),
    }
}

/// Returns the report as a table, with the severities in colour for a terminal.
pub(crate) fn format_report(report: &Report, colour: bool) -> String {
    let table = report.to_string();
    if !colour {
        return table;
    }
    let coloured = table.lines().map(|line| {
        let (word, colour) = match line.split(' ').next() {
            Some(word) if word == Severity::Blocker.as_str() => (word, 31),
            Some(word) if word == Severity::Warning.as_str() => (word, 33),
            Some(word) if word == Severity::Note.as_str() => (word, 36),
            Some(word @ "inconclusive") => (word, 35),
            _ => return line.to_owned(),
        };
        let rest = line.strip_prefix(word).unwrap_or_default();
        format!("\u{1b}[{colour}m{word}\u{1b}[0m{rest}")
    });
    coloured.collect::<Vec<_>>().join("\n")
}
