//! `preflight`: checks an account for faults, and names who can fix each.

mod demo;

use clap::{Args, ValueEnum};
use clinspark_twilio::clinspark::preflight::{Preflight, Report, Severity};

use crate::failure::{Exit, Failure};
use crate::output::Output;
use crate::settings::SettingsSource;

use demo::Demo;

/// Checks the account for faults, and names who can fix each; only reads
#[derive(Args, Debug)]
#[command(after_help = "\
Exit code 1 with a blocker, a warning or an inconclusive check. Notes alone are fine.

Examples:
  clinspark-twilio preflight
  clinspark-twilio preflight --demo
  clinspark-twilio preflight --demo sound")]
pub(crate) struct Options {
    #[command(flatten)]
    source: SettingsSource,
    /// Checks a sandbox account instead: a faulty one, or a sound one
    #[arg(long, value_name = "ACCOUNT", num_args = 0..=1, default_missing_value = "faulty")]
    demo: Option<DemoAccount>,
}

/// Sandbox account to check.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum DemoAccount {
    /// Account with the most frequent faults
    Faulty,
    /// Account that is set up correctly
    Sound,
}

pub(crate) async fn run(options: Options, output: Output) -> Result<Exit, Failure> {
    let report = if let Some(account) = options.demo {
        let report = check_demo(account).await;
        report.map_err(|error| Failure::of(Exit::Twilio, &*error))?
    } else {
        let (settings, messenger) = options.source.connect()?;
        Preflight::new(&settings, messenger.client()).run().await
    };
    print(&report, output)?;
    Ok(Exit::fine_if(report.passed()))
}

async fn check_demo(
    account: DemoAccount,
) -> Result<Report, Box<dyn std::error::Error + Send + Sync>> {
    let demo = match account {
        DemoAccount::Faulty => Demo::faulty().await?,
        DemoAccount::Sound => Demo::sound().await?,
    };
    demo.preflight().await
}

/// Prints a report, with the severities in colour for a terminal.
pub(crate) fn print(report: &Report, output: Output) -> Result<(), Failure> {
    let colours = [
        (Severity::Blocker.as_str(), 31),
        (Severity::Warning.as_str(), 33),
        (Severity::Note.as_str(), 36),
        ("inconclusive", 35),
    ];
    output.print_coloured(report, &colours)
}
