//! `batch report`: each message of a batch, as CSV.

use clap::Args;
use clinspark_twilio::codes::ErrorCode;
use clinspark_twilio::outbox::{BatchId, MessageRecord, MessageState, Outbox, Reason};
use clinspark_twilio::types::MessageStatus;
use serde::Serialize;

use super::database::Access;
use super::outbox::operator;
use super::steer::Target;
use crate::failure::{Exit, Failure};
use crate::output::{Output, print_json_rows, print_line};

/// Messages that one statement reads.
const PAGE: u32 = 1_000;

/// Prints each message of a batch as CSV, or with --json as a line of JSON, with keys and without numbers
#[derive(Args, Debug)]
pub(crate) struct Options {
    #[command(flatten)]
    target: Target,
    /// Only messages of this state, such as refused
    #[arg(long, value_name = "STATE", value_parser = parse_state)]
    state: Option<MessageState>,
}

/// Message of a batch. The fields are the columns of the CSV.
#[derive(Serialize)]
struct Row {
    recipient: String,
    occurrence: String,
    state: &'static str,
    delivery: Option<String>,
    code: Option<u32>,
    reason: Option<String>,
    segments: Option<u16>,
    attempts: u32,
    sid: Option<String>,
    message_id: String,
}

impl Row {
    fn of(record: &MessageRecord) -> Self {
        let delivery = record.delivery.as_ref().map(MessageStatus::as_str);
        Self {
            recipient: record.recipient.to_string(),
            occurrence: record.occurrence.as_str().to_owned(),
            state: record.state.as_str(),
            delivery: delivery.map(Into::into),
            code: record.code.map(ErrorCode::get),
            reason: record.reason.as_ref().map(Reason::as_str).map(Into::into),
            segments: record.segments,
            attempts: record.attempts,
            sid: record.sid.as_ref().map(|sid| sid.as_str().to_owned()),
            message_id: record.message_id.as_str().to_owned(),
        }
    }
}

pub(crate) async fn run(options: &Options, output: Output) -> Result<Exit, Failure> {
    let outbox = operator(&options.target.database, Access::Look).await?;
    let batch = &options.target.batch;
    // Fails if there is no such batch.
    outbox.progress(batch).await?;
    if output.is_json() {
        return print_json(&outbox, batch, options.state).await;
    }
    let report = outbox.report(batch, options.state).await?;
    print_line(report.trim_end())?;
    Ok(Exit::Fine)
}

async fn print_json(
    outbox: &Outbox,
    batch: &BatchId,
    state: Option<MessageState>,
) -> Result<Exit, Failure> {
    let mut after = i64::MIN;
    loop {
        let page = outbox.store().records(batch, state, after, PAGE).await?;
        print_json_rows(page.iter().map(Row::of))?;
        match page.last() {
            Some(last) if page.len() == PAGE as usize => after = last.row,
            _ => return Ok(Exit::Fine),
        }
    }
}

fn parse_state(text: &str) -> Result<MessageState, String> {
    MessageState::parse(text).ok_or_else(|| {
        let names = MessageState::ALL.map(MessageState::as_str).join(", ");
        format!("the state is none of {names}")
    })
}
