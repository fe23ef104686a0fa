//! `batch`: texts each person of a CSV file once, over a database.

mod database;
mod gate;
mod held;
mod outbox;
mod people;
mod preview;
mod price;
mod progress;
mod report;
mod same_people;
mod send;
mod steer;
mod tls;

use clap::Subcommand;
use clinspark_twilio::outbox::{BatchId, StoreError, StoreErrorKind};

use crate::failure::{Exit, Failure};
use crate::output::Output;

const ABOUT: &str = "\
The file's first row names its columns. The columns are the merge tags of the template, such as
{{ first_name }}. The database holds keys, never numbers or texts: to continue, give the same file again.
A person whose key is no longer in the file is held, and gets no text.

A database is sqlite://FILE for one machine, or postgres://USER@HOST/NAME for many. A PostgreSQL server on
another machine is reached by TLS only. Its certificate must be for the host of the URL, and of a CA of the
system, or of the CA in --database-ca: sslrootcert and sslmode=verify-full are no parts of the URL here. Put
the URL with a password into the variable CLINSPARK_OUTBOX_DATABASE, because everyone on the machine sees
arguments.

Examples:
  clinspark-twilio batch preview --people people.csv --key id --template reminder.txt
  clinspark-twilio batch send --people people.csv --key id --template reminder.txt
  clinspark-twilio batch status reminder-0123abcd";

/// Texts each person of a CSV file once: preview, send, pause, report
#[derive(Debug, Subcommand)]
#[command(after_help = ABOUT)]
pub(crate) enum Command {
    Preview(preview::Options),
    Send(send::Options),
    Status(steer::Status),
    Pause(steer::Pause),
    Resume(steer::Resume),
    Cancel(steer::Cancel),
    #[command(subcommand)]
    Held(held::Command),
    Report(report::Options),
}

/// Runs a command.
pub(crate) async fn run(command: Command, output: Output) -> Result<Exit, Failure> {
    match command {
        Command::Preview(options) => preview::run(options, output).await,
        Command::Send(options) => send::run(options, output).await,
        Command::Status(options) => steer::status(&options, output).await,
        Command::Pause(options) => steer::pause(&options, output).await,
        Command::Resume(options) => steer::resume(&options, output).await,
        Command::Cancel(options) => steer::cancel(&options, output).await,
        Command::Held(command) => held::run(command, output).await,
        Command::Report(options) => report::run(&options, output).await,
    }
}

fn parse_batch(text: &str) -> Result<BatchId, String> {
    BatchId::parse(text).map_err(|error| error.to_string())
}

/// A contradiction is a mistake of the caller; every other error is one of the database.
impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let exit = match error.kind() {
            StoreErrorKind::Conflict => Exit::No,
            _ => Exit::Usage,
        };
        Self::of(exit, &error)
    }
}
