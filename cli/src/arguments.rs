//! The command line as a whole.

use clap::{Parser, Subcommand};

use crate::commands::{
    apply, completions, demo, error, explain_signature, number, plan, preflight, probe, segments,
    settings, undo,
};

const EXIT_CODES: &str = "\
Exit codes:
  0  everything is fine
  1  the answer is no: findings, a refusal, nothing sent
  2  the arguments, the input or the settings are invalid
  3  Twilio or the network failed

Settings are read from environment variables, or from a JSON file by --settings. Numbers are printed
with their last two digits only, message bodies and secrets never.

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
    Completions(completions::Options),
}
