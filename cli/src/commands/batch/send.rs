//! `batch send`: texts each person of a file once, and continues what was interrupted.

use clap::Args;
use clinspark_twilio::client::ClientBuilder;
use clinspark_twilio::clinspark::Settings;
use clinspark_twilio::messenger::{QuietHours, TimeOfDay, UnknownTimeZone};
use clinspark_twilio::outbox::{Batch, BatchState, Outbox, Pace, StoreError, StoreErrorKind};

use super::database::{Database, KeyFile};
use super::gate::{Explained, Withheld, past_texts_gate};
use super::outbox::{pace_of, queue_of};
use super::people::{self, Cohort};
use super::preview::Answer;
use super::price::Price;
use super::progress::{self, Status};
use super::same_people;
use crate::failure::{Exit, Failure};
use crate::output::{Output, confirm, print_remark};
use crate::settings::SettingsSource;

/// Messages that one statement adds.
const CHUNK: usize = 1_000;

/// Options of a preview and of sending.
#[derive(Args, Debug)]
pub(super) struct Sending {
    #[command(flatten)]
    source: SettingsSource,
    /// Hours without texts, such as 20:00-09:00, in each person's time zone; a person without a time zone
    /// gets no text, and is held
    #[arg(long, value_name = "FROM-UNTIL", value_parser = parse_hours)]
    quiet_hours: Option<QuietHours>,
    /// Price of a segment, such as 0.0079, with the carriers' fees: the preview shows the cost at this
    /// price
    #[arg(long, value_name = "PRICE", value_parser = Price::parse)]
    pub(super) price: Option<Price>,
}

impl Sending {
    /// Builds the instance's messenger, which reads each person's texts at Twilio for an opt-out.
    pub(super) fn connect(&self) -> Result<(Settings, Explained), Failure> {
        let (settings, reader) = self.source.connect()?;
        let withheld = Withheld::default();
        let gate = past_texts_gate(reader.client().clone(), withheld.clone());
        let builder = settings
            .messenger_builder(gate)
            .client(ClientBuilder::proxies_from_env);
        let builder = match self.quiet_hours.clone() {
            Some(hours) => builder.quiet_hours(hours),
            None => builder,
        };
        let messenger = builder.build()?;
        Ok((
            settings,
            Explained {
                messenger,
                withheld,
            },
        ))
    }
}

/// Texts each person of a file once, after a confirmation
#[derive(Args, Debug)]
#[command(after_help = "\
Shows the preview, asks, and sends. For the preview, and again right before each text, the person's texts at
Twilio are read, as by `send`: a STOP refuses, and so do a text that may be one and a text without a stored
body, unless a START came later. That is three or six requests to Twilio each time.

The same command again continues the batch: no one who was texted is texted again. A person whose key is no
longer in the file is held, and gets no text. A changed template is refused, and so is a file that lacks
people of the batch and has others: with other keys the same people would be texted again. Interrupt and
SIGTERM let the texts in progress end. After a crash, texts in progress are in doubt; they are looked for in
Twilio's list after five minutes, and the program waits for it. `batch held` lists what a person must decide.
The pace applies to the number or Messaging Service, on all machines and for all of its batches in the
database. The last run sets it.

The key of proofs, by default reminders.db.key beside reminders.db, is the secret by which texts in doubt are
recognized. Without it a person decides about them. With a copy of both database and key, the numbers that were texted
can be guessed: keep the two apart in backups.

Exit code 0 if no one was refused, held or left, 1 otherwise, 3 if Twilio or the network stopped the batch.")]
pub(crate) struct Options {
    #[command(flatten)]
    people: people::PeopleOptions,
    #[command(flatten)]
    sending: Sending,
    #[command(flatten)]
    database: Database,
    #[command(flatten)]
    key: KeyFile,
    /// Segments a second of the number or Messaging Service
    #[arg(long, value_name = "NUMBER", default_value = "1", value_parser = parse_pace)]
    pace: Pace,
    /// Purpose of the texts, for the audit trail
    #[arg(long, value_name = "TEXT", default_value = "batch")]
    purpose: String,
    /// Does not show the preview, and does not ask for confirmation
    #[arg(long)]
    yes: bool,
}

/// Explains why a batch is not continued: another one would text those again who were texted.
fn differing(error: StoreError) -> Failure {
    if error.kind() != StoreErrorKind::Conflict {
        return error.into();
    }
    Failure::new(
        Exit::No,
        "nothing was sent: a batch with this ID has other texts, or another purpose; continue it with those \
         of its first run. A new ID (--batch) texts everyone of the file, also those whom the earlier \
         batch has texted",
    )
}

pub(crate) async fn run(options: Options, output: Output) -> Result<Exit, Failure> {
    let (settings, messenger) = options.sending.connect()?;
    let cohort = options.people.load(settings.normalizer())?;
    let (store, key) = options.database.open_with_key(&options.key).await?;
    let sender = queue_of(&cohort.batch)?;
    let (resolver, shared) = (cohort.resolver(), pace_of(&settings, &key)?);
    let outbox = Outbox::builder(store, sender.clone(), messenger, resolver, key)
        .template(cohort.template.clone())
        .shared_pace(shared)
        .build();
    // Before the pace, which runs of other batches share.
    same_people::check(&outbox, &cohort).await?;
    if !options.yes && !is_confirmed(&outbox, &cohort, options.sending.price).await? {
        print_remark("nothing was sent");
        return Ok(Exit::No);
    }
    outbox.set_pace(options.pace).await?;
    let batch = Batch::new(
        cohort.batch.clone(),
        &cohort.template,
        sender,
        options.purpose,
    );
    outbox.open(&batch).await.map_err(differing)?;
    let mut added = 0;
    for messages in cohort.messages().chunks(CHUNK) {
        added += outbox.enqueue(&cohort.batch, messages).await?;
    }
    if added > 0 {
        same_people::check_again(&outbox, &cohort).await?;
    }
    print_remark(&format!("batch {}: {added} people added", cohort.batch));
    let now = outbox.progress(&cohort.batch).await?;
    if matches!(now.state, BatchState::Paused | BatchState::Stopped) {
        let status = Status::new(&cohort.batch, &now);
        output.print(&status)?;
        print_remark("the batch is not open; continue it with `batch resume`");
        return Ok(Exit::No);
    }
    let ended = outbox
        .run(progress::until_ended(&outbox, &cohort.batch))
        .await;
    let sent_twice = ended?.sent_twice;
    if sent_twice > 0 {
        print_remark(&format!(
            "{sent_twice} people may have got their text twice: a run was suspended while it sent, and went on later; \
             look for them in Twilio's log"
        ));
    }
    let last = outbox.progress(&cohort.batch).await?;
    let status = Status::new(&cohort.batch, &last);
    output.print(&status)?;
    Ok(if sent_twice > 0 {
        Exit::No
    } else {
        status.exit()
    })
}

async fn is_confirmed(
    outbox: &Outbox,
    cohort: &Cohort,
    price: Option<Price>,
) -> Result<bool, Failure> {
    let preview = Answer::of(outbox, cohort, price).await;
    print_remark(&preview.to_string());
    let texts = preview.texts();
    confirm(&format!(
        "send batch {} to the {texts} people who can be texted, unless it has texted them already?",
        cohort.batch
    ))
}

fn parse_pace(text: &str) -> Result<Pace, String> {
    let segments = text.parse().ok().and_then(Pace::per_second);
    segments.ok_or_else(|| "the pace is not a number from 0.001 to 10000".to_owned())
}

fn parse_hours(text: &str) -> Result<QuietHours, String> {
    let (from, until) = text
        .split_once('-')
        .ok_or("quiet hours look like 20:00-09:00")?;
    let time = |text| TimeOfDay::parse(text).map_err(|error| error.to_string());
    Ok(QuietHours::new(
        time(from)?,
        time(until)?,
        UnknownTimeZone::Refuse,
    ))
}
