//! `batch held`: messages that a person must decide.

use std::fmt;

use clap::{Args, Subcommand};
use clinspark_twilio::messenger::MessageId;
use clinspark_twilio::outbox::{Decision, MessageRecord, MessageState, Reason};
use clinspark_twilio::types::MessageSid;
use serde::Serialize;

use super::database::{Access, Database};
use super::outbox::{operator, parse_message};
use super::steer::Target;
use crate::failure::{Exit, Failure};
use crate::output::{Output, confirm, one_line, print_remark};

/// Messages that one statement reads.
const PAGE: u32 = 1_000;

/// Lists messages that a person must decide, and decides them
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Lists the held messages of a batch, with the reason
    List(List),
    /// Records that a message was sent, with the SID that Twilio shows
    Sent(Sent),
    /// Sends a message again, after a confirmation: the person may get it twice
    SendAgain(Decide),
    /// Records that a message is not to be sent
    Refuse(Decide),
}

/// Options of `list`.
#[derive(Args, Debug)]
pub(crate) struct List {
    #[command(flatten)]
    target: Target,
}

/// Options of `send-again` and `refuse`.
#[derive(Args, Debug)]
pub(crate) struct Decide {
    /// ID of the message, which `list` shows
    #[arg(value_name = "MESSAGE", value_parser = parse_message)]
    message: MessageId,
    /// Does not ask for confirmation
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    database: Database,
}

/// Options of `sent`.
#[derive(Args, Debug)]
pub(crate) struct Sent {
    /// ID of the message, which `list` shows
    #[arg(value_name = "MESSAGE", value_parser = parse_message)]
    message: MessageId,
    /// SID of the text
    #[arg(value_name = "SID", value_parser = parse_sid)]
    sid: MessageSid,
    #[command(flatten)]
    database: Database,
}

/// Held message.
#[derive(Serialize)]
struct Row {
    message_id: String,
    recipient: String,
    occurrence: String,
    reason: String,
}

impl Row {
    fn of(record: &MessageRecord) -> Self {
        Self {
            message_id: record.message_id.as_str().to_owned(),
            recipient: record.recipient.to_string(),
            occurrence: record.occurrence.as_str().to_owned(),
            reason: record.reason.as_ref().map_or("", Reason::as_str).to_owned(),
        }
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}  {}", self.message_id, self.recipient)?;
        if !self.occurrence.is_empty() {
            write!(f, " ({})", self.occurrence)?;
        }
        write!(f, "  {}", one_line(&self.reason))
    }
}

pub(crate) async fn run(command: Command, output: Output) -> Result<Exit, Failure> {
    match command {
        Command::List(options) => list(&options.target, output).await,
        Command::Sent(options) => {
            let decision = Decision::Sent(options.sid);
            decide(&options.database, &options.message, decision).await
        }
        Command::SendAgain(options) => {
            let question = "send the message again? The person may get it twice";
            if !options.yes && !confirm(question)? {
                print_remark("nothing was changed");
                return Ok(Exit::No);
            }
            decide(&options.database, &options.message, Decision::SendAgain).await
        }
        Command::Refuse(options) => {
            if !options.yes && !confirm("never send the message?")? {
                print_remark("nothing was changed");
                return Ok(Exit::No);
            }
            decide(&options.database, &options.message, Decision::Refuse).await
        }
    }
}

async fn list(target: &Target, output: Output) -> Result<Exit, Failure> {
    let outbox = operator(&target.database, Access::Look).await?;
    // Fails if there is no such batch.
    outbox.progress(&target.batch).await?;
    let (mut after, mut rows) = (i64::MIN, Vec::new());
    loop {
        let held = Some(MessageState::Held);
        let page = outbox
            .store()
            .records(&target.batch, held, after, PAGE)
            .await?;
        rows.extend(page.iter().map(Row::of));
        match page.last() {
            Some(last) if page.len() == PAGE as usize => after = last.row,
            _ => break,
        }
    }
    let is_empty = rows.is_empty();
    output.print_rows(rows.into_iter().map(Ok))?;
    if is_empty {
        output.progress("nothing is held")?;
    }
    Ok(Exit::fine_if(is_empty))
}

async fn decide(
    database: &Database,
    message: &MessageId,
    decision: Decision,
) -> Result<Exit, Failure> {
    let outbox = operator(database, Access::Change).await?;
    if outbox.decide(message, decision).await? {
        print_remark("decided");
        return Ok(Exit::Fine);
    }
    Err(Failure::new(
        Exit::No,
        "the message is not held, or another message has the SID",
    ))
}

fn parse_sid(text: &str) -> Result<MessageSid, String> {
    MessageSid::parse(text).map_err(|error| error.to_string())
}
