//! `why`: the causes for which a person did not get a message or a call, or a number does not work.

mod alerts;
mod call;
mod investigation;
mod message;
mod number;
mod recent;
mod sender;

use clap::Args;
use clinspark_twilio::phone::Address;
use clinspark_twilio::types::{CallSid, MessageSid, PhoneNumberSid};

use crate::failure::{Exit, Failure};
use crate::output::Output;
use crate::settings::SettingsSource;
use investigation::Investigation;

/// Explains why a person did not get a message or a call, or why a number does not work
#[derive(Args, Debug)]
#[command(after_help = "\
Reads status, error code, registration of the sender, opt-out, Messaging Service and alerts. Message
bodies are read to find a STOP, and are not printed. With --to, the newest texts and calls to the
person are listed, and the newest of them is explained. Exit code 1 if a problem is found or the account
has no such resource.

Examples:
  clinspark-twilio why SM0123456789abcdef0123456789abcdef
  clinspark-twilio why CA0123456789abcdef0123456789abcdef
  clinspark-twilio why PN0123456789abcdef0123456789abcdef
  clinspark-twilio why --to '0491 570 156'")]
pub(crate) struct Options {
    #[command(flatten)]
    source: SettingsSource,
    /// SID of a message (SM, MM), a call (CA) or a number (PN)
    #[arg(value_parser = Subject::parse, required_unless_present = "to")]
    sid: Option<Subject>,
    /// Number of the person, as it was typed
    #[arg(long, value_name = "NUMBER", conflicts_with = "sid")]
    to: Option<String>,
}

/// Resource in question.
#[derive(Clone, Copy, Debug)]
enum Subject {
    Message(MessageSid),
    Call(CallSid),
    Number(PhoneNumberSid),
}

impl Subject {
    fn parse(text: &str) -> Result<Self, &'static str> {
        let message = MessageSid::parse(text).map(Self::Message);
        let call = || CallSid::parse(text).map(Self::Call);
        let number = || PhoneNumberSid::parse(text).map(Self::Number);
        message
            .or_else(|_| call())
            .or_else(|_| number())
            .map_err(|_| "write SM, MM, CA or PN and 32 hexadecimal digits")
    }
}

pub(crate) async fn run(options: Options, output: Output) -> Result<Exit, Failure> {
    let (settings, messenger) = options.source.connect()?;
    let mut run = Investigation::new(messenger.client());
    let subject = match (options.sid, options.to) {
        (Some(sid), _) => Some(sid),
        (None, Some(typed)) => {
            let number = settings.normalizer().normalize(&typed);
            let number = number.map_err(|error| Failure::of(Exit::Usage, &error))?;
            recent::newest(&mut run, &Address::Phone(number.e164())).await?
        }
        (None, None) => return Err(Failure::usage("write a SID, or --to and a number")),
    };
    match subject {
        Some(Subject::Message(sid)) => message::investigate(&mut run, sid).await?,
        Some(Subject::Call(sid)) => call::investigate(&mut run, sid).await?,
        Some(Subject::Number(sid)) => number::investigate(&mut run, sid).await?,
        None => run.problem(
            "history",
            "the account has no text and no call to this person",
            "check the number and the account; Twilio deletes old texts and calls after a time",
        ),
    }
    let answer = run.answer;
    output.print_coloured(&answer, &[("problem", 31), ("unknown", 35)])?;
    Ok(Exit::fine_if(!answer.has_problem()))
}
