//! `send`: texts one person through the messenger, with every gate.

use std::path::PathBuf;

use clap::Args;
use clinspark_twilio::messenger::MessageId;
use clinspark_twilio::sms::MessageSize;

use super::contact::{self, Contact};
use crate::failure::{Exit, Failure};
use crate::output::Output;
use crate::settings::{SettingsSource, read_text};

/// Texts one person, after a confirmation
#[derive(Args, Debug)]
#[command(after_help = "\
The settings' delivery and kinds of number apply. Before it asks, the program reads the person's texts
at Twilio. It refuses if the last STOP or START is a STOP, or if a later text may be an opt-out; no option
overrides this. It does not know the instance's own records of consent, nor texts that Twilio no longer
stores: check the records first. Quiet hours do not apply, because you choose the time: mind the person's
time zone. Without a text, the standard input is sent, which needs --yes.

Exit code 0 if Twilio accepted the text, 1 if it was refused and not sent, 3 if Twilio or the network
failed. The output then says whether it may have been sent.

Example:
  clinspark-twilio send '0491 570 156' 'Your visit is tomorrow at 9:00.'")]
pub(crate) struct Options {
    #[command(flatten)]
    source: SettingsSource,
    /// Number of the person, as it is typed in the default country
    number: String,
    /// Text to send
    text: Option<String>,
    /// Reads the text from a file
    #[arg(long, value_name = "FILE", conflicts_with = "text")]
    file: Option<PathBuf>,
    #[command(flatten)]
    contact: contact::Options,
}

pub(crate) async fn run(options: Options, output: Output) -> Result<Exit, Failure> {
    let (settings, messenger) = options.source.connect()?;
    let contact = Contact::new(&settings, &options.number, settings.text_kinds());
    let contact = match contact {
        Ok(contact) => contact,
        Err(refusal) => return refusal.print(output),
    };
    let text = read_text(options.text.as_deref(), options.file.as_deref())?;
    let segments = MessageSize::of(&text).segments();
    let plural = if segments == 1 { "" } else { "s" };
    let what = format!("send a text of {segments} segment{plural}");
    if let Err(refusal) = contact.check_consent(messenger.client()).await {
        return refusal.print(output);
    }
    if !contact.confirm(&what, &options.contact)? {
        return Ok(Exit::No);
    }
    let mut sending = messenger.text(&options.number, text);
    if let Some(id) = options.contact.id.clone() {
        sending = sending.id(id);
    }
    let sent = sending.await;
    let sent = sent.map(|message| {
        (
            message.sid.to_string(),
            message.status.map(|it| it.to_string()),
        )
    });
    contact.report(sent, output)
}

/// Parses the service's own ID of a text or a call.
pub(crate) fn parse_id(text: &str) -> Result<MessageId, String> {
    MessageId::parse(text).map_err(|error| error.to_string())
}
