//! Checks an account for faults, and names who can fix each.
//!
//! ```text
//! cargo run --example preflight --features sandbox -- --demo          # a faulty sandbox account
//! cargo run --example preflight --features sandbox -- --demo sound    # a sound sandbox account
//! cargo run --example preflight --features sandbox                    # the environment's account
//! cargo run --example preflight --features sandbox -- --probe         # and sends forged webhooks
//! cargo run --example preflight --features sandbox -- --json          # prints the report as data
//! ```
//!
//! The service must refuse the forged webhooks of `--probe`.
//!
//! A live account is only read, never changed. `clinspark::Setting` documents the variables. Each
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
    let options = arguments.iter().map(String::as_str);
    let options: Vec<&str> = options.filter(|option| *option != "--json").collect();
    match options.as_slice() {
        ["--demo"] => Ok(Demo::faulty().await?.preflight().await?),
        ["--demo", "sound"] => Ok(Demo::sound().await?.preflight().await?),
        [] | ["--probe"] => {
            let settings = Settings::from_env()?;
            let messenger = settings.messenger()?;
            let preflight = Preflight::new(&settings, messenger.client());
            let mut report = preflight.run().await;
            if options.is_empty() {
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
        let (severity, colour) = match line.split(' ').next() {
            Some(severity) if severity == Severity::Blocker.as_str() => (severity, 31),
            Some(severity) if severity == Severity::Warning.as_str() => (severity, 33),
            Some(severity) if severity == Severity::Note.as_str() => (severity, 36),
            Some(severity @ "inconclusive") => (severity, 35),
            _ => return line.to_owned(),
        };
        let rest = line.strip_prefix(severity).unwrap_or_default();
        format!("\u{1b}[{colour}m{severity}\u{1b}[0m{rest}")
    });
    coloured.collect::<Vec<_>>().join("\n")
}
