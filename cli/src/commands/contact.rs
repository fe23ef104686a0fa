//! Shared parts of `send` and `call`: the recipient, the confirmation, and the outcome.

use std::fmt;

use clap::Args;
use clinspark_twilio::Settings;
use clinspark_twilio::client::{Client, ErrorKind as ClientErrorKind, Outcome};
use clinspark_twilio::messenger::{Error, ErrorKind, MessageId};
use clinspark_twilio::phone::{Address, NumberKinds, PhoneNumber};
use clinspark_twilio::sms::OptOut;
use http::StatusCode;
use serde::Serialize;

use super::consent::PastTexts;
use super::settings::describe_delivery;
use crate::failure::{Exit, Failure};
use crate::output::{Output, confirm, print_remark};

/// Options of `send` and `call`.
#[derive(Args, Debug)]
#[group(id = "contact")]
pub(crate) struct Options {
    /// Own ID of the text or call, which status callbacks return
    #[arg(long, value_name = "ID", value_parser = super::send::parse_id)]
    pub(crate) id: Option<MessageId>,
    /// Does not ask for confirmation
    #[arg(long)]
    yes: bool,
}

/// Recipient whose number was read.
pub(crate) struct Contact {
    number: PhoneNumber,
    delivery: String,
}

/// Result of a text or a call.
#[derive(Serialize)]
pub(crate) struct Report {
    /// `accepted`, `not-sent`, `rejected`, or `unknown` if it may have been sent.
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_id: Option<String>,
    #[serde(skip)]
    exit: Exit,
}

impl Contact {
    /// Reads the typed number. The messenger reads it again, in the same way.
    pub(crate) fn new(
        settings: &Settings,
        typed: &str,
        kinds: NumberKinds,
    ) -> Result<Self, Box<Report>> {
        let read = settings.normalizer().kinds(kinds).normalize(typed);
        let number = read.map_err(|error| Box::new(Report::not_sent(error.to_string())))?;
        Ok(Self {
            number,
            delivery: describe_delivery(settings.delivery()),
        })
    }

    /// Checks the person's texts at Twilio for an opt-out, which no option overrides.
    pub(crate) async fn check_consent(&self, client: &Client) -> Result<(), Box<Report>> {
        let person = Address::Phone(self.number.e164());
        let texts = PastTexts::read(client, &person).await.map_err(|error| {
            let failure = Failure::from(error);
            Report {
                exit: failure.exit(),
                ..self.refusal(format!(
                    "an opt-out of the person cannot be ruled out, because their texts cannot be \
                     read\n  because: {failure}"
                ))
            }
        })?;
        match texts.consent() {
            Some(text) if text.reply == OptOut::Stop => {
                let place = text.place();
                return Err(Box::new(self.refusal(format!(
                    "the person texted STOP {place}; do not contact them until they text START"
                ))));
            }
            Some(text) if text.reply == OptOut::MaybeStop => {
                let (sid, place) = (text.sid, text.place());
                return Err(Box::new(self.refusal(format!(
                    "{sid} of the person, {place}, may be an opt-out; read it in Twilio's console, \
                     and contact them through the instance if it is none"
                ))));
            }
            _ => {}
        }
        if let Some(remark) = texts.remark() {
            print_remark(&remark);
        }
        Ok(())
    }

    fn refusal(&self, error: String) -> Report {
        Report {
            to: Some(self.number.e164().masked().to_string()),
            ..Report::not_sent(error)
        }
    }

    /// Asks for confirmation, with all that identifies the recipient without telling the number.
    pub(crate) fn confirm(&self, what: &str, options: &Options) -> Result<bool, Failure> {
        if options.yes {
            return Ok(true);
        }
        let region = self.number.region().map(|region| region.to_string());
        let confirmed = confirm(&format!(
            "{what} to {} ({}, {}; delivery {})?",
            self.number.e164().masked(),
            region.as_deref().unwrap_or("no country"),
            self.number.kind(),
            self.delivery
        ))?;
        if !confirmed {
            print_remark("nothing was sent");
        }
        Ok(confirmed)
    }

    /// Prints the result.
    pub(crate) fn report(
        &self,
        done: Result<(String, Option<String>), Error>,
        output: Output,
    ) -> Result<Exit, Failure> {
        let mut report = match done {
            Ok((sid, status)) => Report {
                outcome: "accepted",
                sid: Some(sid),
                status,
                ..Report::empty()
            },
            Err(error) => Report::of(&error),
        };
        report.to = Some(self.number.e164().masked().to_string());
        report.print(output)
    }
}

impl Report {
    const fn empty() -> Self {
        Self {
            outcome: "",
            to: None,
            sid: None,
            status: None,
            error: None,
            code: None,
            message_id: None,
            exit: Exit::Fine,
        }
    }

    fn not_sent(error: String) -> Self {
        Self {
            outcome: "not-sent",
            error: Some(error),
            exit: Exit::No,
            ..Self::empty()
        }
    }

    fn of(error: &Error) -> Self {
        let code = error
            .client()
            .and_then(clinspark_twilio::client::Error::code);
        let (outcome, sid) = match error.outcome() {
            Outcome::NotSent => ("not-sent", None),
            Outcome::Rejected => ("rejected", None),
            Outcome::Unknown { sid, .. } => ("unknown", sid.clone()),
        };
        Self {
            outcome,
            sid,
            error: Some(Failure::of(Exit::No, error).to_string()),
            code: code.map(clinspark_twilio::codes::ErrorCode::get),
            message_id: error.message_id().map(|id| id.as_str().to_owned()),
            exit: exit_of(error),
            ..Self::empty()
        }
    }

    pub(crate) fn print(&self, output: Output) -> Result<Exit, Failure> {
        output.print(self)?;
        Ok(self.exit)
    }
}

/// Returns 1 if a gate or Twilio refused it, 3 if Twilio or the network failed.
fn exit_of(error: &Error) -> Exit {
    let Some(client) = error.client() else {
        return match error.kind() {
            ErrorKind::Configuration => Exit::Usage,
            _ => Exit::No,
        };
    };
    let refused = match client.kind() {
        ClientErrorKind::Blocked | ClientErrorKind::Invalid => true,
        // 401, 403 and 429 are about the account, not about this text or call.
        ClientErrorKind::Status => {
            *client.outcome() == Outcome::Rejected
                && matches!(
                    client.status(),
                    Some(StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND)
                )
        }
        _ => false,
    };
    if refused { Exit::No } else { Exit::Twilio }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let to = self.to.as_deref().map(|to| format!(" to {to}"));
        let to = to.unwrap_or_default();
        let sid = self.sid.as_deref().unwrap_or_default();
        let error = self.error.as_deref().unwrap_or_default();
        match self.outcome {
            "accepted" => {
                let status = self.status.as_deref().unwrap_or("without a status");
                write!(
                    f,
                    "accepted{to}: {sid} is {status}\n`clinspark-twilio why {sid}` shows its delivery"
                )
            }
            "not-sent" => write!(f, "not sent{to}: {error}"),
            "rejected" => write!(f, "refused by Twilio{to}: {error}"),
            _ => {
                write!(
                    f,
                    "it may have been sent{to}; do not send it again before you have checked: {error}"
                )?;
                if !sid.is_empty() {
                    write!(f, "\nTwilio's response names {sid}")?;
                }
                match &self.message_id {
                    Some(id) => write!(
                        f,
                        "\na status callback with the ID {id} shows that it was sent"
                    ),
                    None => Ok(()),
                }
            }
        }
    }
}
