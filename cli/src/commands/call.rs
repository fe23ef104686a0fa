//! `call`: calls one person through the messenger, with every gate.

use clap::Args;
use clinspark_twilio::twiml::{Say, VoiceResponse};

use super::contact::{self, Contact};
use crate::failure::{Exit, Failure};
use crate::output::Output;
use crate::settings::{SettingsSource, read_text};

/// Calls one person and speaks a text, after a confirmation
#[derive(Args, Debug)]
#[command(after_help = "\
The settings' delivery and kinds of number apply. Before it asks, the program reads the person's texts
at Twilio. It refuses if the last STOP or START is a STOP, or if a later text may be an opt-out; no option
overrides this. It does not know the instance's own records of consent, nor texts that Twilio no longer
stores: check the records first. Quiet hours do not apply, because you choose the time: mind the person's
time zone. Without --say, the standard input is spoken, which needs --yes.

Exit code 0 if Twilio accepted the call, 1 if it was refused and not placed, 3 if Twilio or the network
failed. The output then says whether it may have been placed.

Example:
  clinspark-twilio call '0491 570 156' --say 'Please call the clinic.'")]
pub(crate) struct Options {
    #[command(flatten)]
    source: SettingsSource,
    /// Number of the person, as it is typed in the default country
    number: String,
    /// Text to speak
    #[arg(long, value_name = "TEXT")]
    say: Option<String>,
    #[command(flatten)]
    contact: contact::Options,
}

pub(crate) async fn run(options: Options, output: Output) -> Result<Exit, Failure> {
    let (settings, messenger) = options.source.connect()?;
    let contact = Contact::new(&settings, &options.number, settings.call_kinds());
    let contact = match contact {
        Ok(contact) => contact,
        Err(refusal) => return refusal.print(output),
    };
    let text = read_text(options.say.as_deref(), None)?;
    if text.trim().is_empty() {
        return Err(Failure::usage(
            "the text to speak is empty; write it after --say",
        ));
    }
    if let Err(refusal) = contact.check_consent(messenger.client()).await {
        return refusal.print(output);
    }
    if !contact.confirm("place a call", &options.contact)? {
        return Ok(Exit::No);
    }
    let twiml = VoiceResponse::new().append(Say::new(text));
    let mut placing = messenger.call(&options.number, &twiml);
    if let Some(id) = options.contact.id.clone() {
        placing = placing.id(id);
    }
    let placed = placing.await;
    let placed = placed.map(|call| (call.sid.to_string(), call.status.map(|it| it.to_string())));
    contact.report(placed, output)
}
