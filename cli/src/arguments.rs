//! The command line as a whole.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Parser, Subcommand};

#[cfg(feature = "batch")]
use crate::commands::batch;
use crate::commands::{
    alerts, apply, call, campaigns, completions, demo, error, explain_signature, number, plan,
    preflight, probe, sandbox, segments, send, settings, short_codes, undo, why,
};

const EXIT_CODES: &str = "\
Exit codes:
  0  everything is fine
  1  the answer is no: findings, a refusal, nothing sent
  2  the arguments, the input or the settings are invalid
  3  Twilio or the network failed

Answers are printed to the standard output; errors and questions to the standard error, as text.
Settings are read from environment variables, or from a JSON file by --settings. Numbers are printed
with their last two digits only, except by `number` and `sandbox`, whose numbers and token are invented;
message bodies and secrets are never printed.

Example:
  clinspark-twilio demo";

/// Checks, sets up and tries an instance's Twilio account
#[derive(Debug, Parser)]
#[command(name = "clinspark-twilio", version, after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    /// Prints JSON for scripts instead of text for people
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Command of the program.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Demo(demo::Options),
    Sandbox(Box<sandbox::Options>),
    #[command(subcommand, after_help = "Example:\n  clinspark-twilio settings check")]
    Settings(settings::Command),
    Preflight(preflight::Options),
    Plan(plan::Options),
    Apply(apply::Options),
    Undo(undo::Options),
    Probe(probe::Options),
    Number(number::Options),
    Segments(segments::Options),
    Error(error::Options),
    ExplainSignature(explain_signature::Options),
    Why(why::Options),
    Alerts(alerts::Options),
    Campaigns(campaigns::Options),
    ShortCodes(short_codes::Options),
    Send(send::Options),
    #[cfg(feature = "batch")]
    #[command(subcommand)]
    Batch(Box<batch::Command>),
    Call(call::Options),
    Completions(completions::Options),
}

/// Stands for what was typed: a number, a text or a secret may have been pasted in the wrong place.
const NOT_SHOWN: &str = "(not shown)";

impl Arguments {
    /// Parses the command line, or ends the program with the error or the requested help.
    pub(crate) fn from_command_line() -> Self {
        Self::try_parse().unwrap_or_else(|error| without_values(error).exit())
    }
}

/// Removes what was typed from an error, except names of options and commands.
fn without_values(mut error: clap::Error) -> clap::Error {
    let hidden = || ContextValue::String(NOT_SHOWN.to_owned());
    if error.get(ContextKind::InvalidValue).is_some() {
        error.insert(ContextKind::InvalidValue, hidden());
        error.remove(ContextKind::SuggestedValue);
    }
    let typed = match error.kind() {
        ErrorKind::UnknownArgument => ContextKind::InvalidArg,
        ErrorKind::InvalidSubcommand => ContextKind::InvalidSubcommand,
        _ => return error,
    };
    let is_name = match error.get(typed) {
        Some(ContextValue::String(word)) => {
            word.len() <= 24
                && word
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte == b'-')
        }
        _ => false,
    };
    if !is_name {
        error.insert(typed, hidden());
        // The tips repeat what was typed.
        error.remove(ContextKind::Suggested);
    }
    error
}
