//! Commands of the program, one a file.

pub(crate) mod alerts;
pub(crate) mod apply;
#[cfg(feature = "batch")]
pub(crate) mod batch;
pub(crate) mod call;
pub(crate) mod campaigns;
pub(crate) mod completions;
mod consent;
mod contact;
pub(crate) mod demo;
pub(crate) mod error;
pub(crate) mod explain_signature;
pub(crate) mod number;
pub(crate) mod plan;
pub(crate) mod preflight;
pub(crate) mod probe;
pub(crate) mod sandbox;
pub(crate) mod segments;
pub(crate) mod send;
pub(crate) mod settings;
pub(crate) mod short_codes;
pub(crate) mod undo;
pub(crate) mod why;

use crate::arguments::Command;
use crate::failure::{Exit, Failure};
use crate::output::Output;

/// Runs a command.
pub(crate) async fn run(command: Command, output: Output) -> Result<Exit, Failure> {
    match command {
        Command::Demo(options) => demo::run(options, output).await,
        Command::Sandbox(options) => sandbox::run(*options, output).await,
        Command::Settings(command) => settings::run(command, output),
        Command::Preflight(options) => preflight::run(options, output).await,
        Command::Plan(options) => plan::run(options, output).await,
        Command::Apply(options) => apply::run(options, output).await,
        Command::Undo(options) => undo::run(options, output).await,
        Command::Probe(options) => probe::run(options, output).await,
        Command::Number(options) => number::run(options, output),
        Command::Segments(options) => segments::run(&options, output),
        Command::Error(options) => error::run(&options, output),
        Command::ExplainSignature(options) => explain_signature::run(&options, output),
        Command::Why(options) => why::run(options, output).await,
        Command::Alerts(options) => alerts::run(options, output).await,
        Command::Campaigns(options) => campaigns::run(options, output).await,
        Command::ShortCodes(options) => short_codes::run(options, output).await,
        Command::Send(options) => send::run(options, output).await,
        #[cfg(feature = "batch")]
        Command::Batch(command) => batch::run(*command, output).await,
        Command::Call(options) => call::run(options, output).await,
        Command::Completions(options) => completions::run(&options),
    }
}
