//! `probe`: sends forged webhooks to the instance, which must refuse them.

use clap::Args;
use clinspark_twilio::clinspark::preflight::Preflight;

use super::preflight;
use crate::failure::{Exit, Failure};
use crate::output::Output;
use crate::settings::SettingsSource;

/// Sends a forged webhook to each path of the instance, which must refuse it
#[derive(Args, Debug)]
#[command(after_help = "\
The signature is invalid on purpose, and the message body says that the request is forged. Paths that
the settings do not have are taken from the TwiML App. Exit code 1 unless each webhook refuses.

Example:
  clinspark-twilio probe")]
pub(crate) struct Options {
    #[command(flatten)]
    source: SettingsSource,
}

pub(crate) async fn run(options: Options, output: Output) -> Result<Exit, Failure> {
    let (settings, messenger) = options.source.connect()?;
    let checks = Preflight::new(&settings, messenger.client());
    let report = checks.probe_webhooks().await;
    preflight::print(&report, output)?;
    Ok(Exit::fine_if(report.passed()))
}
