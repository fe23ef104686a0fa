//! `batch preview`: every text of a file, made and checked, but not sent.

use std::fmt;

use clap::Args;
use clinspark_twilio::outbox::{CohortPreview, MemoryStore, Outbox, PersonPreview, ProofKey};
use serde::Serialize;

use super::outbox::queue_of;
use super::people::{self, Cohort};
use super::price::Price;
use super::send::Sending;
use crate::failure::{Exit, Failure};
use crate::output::{Output, Table};

/// Refusals that are listed for people. JSON lists all.
const MOST_SHOWN: usize = 20;

/// Makes every text of a file, passes every gate, and sends nothing
#[derive(Args, Debug)]
#[command(after_help = "\
Lists who would get no text, with the reason, and who would wait for the end of quiet hours. Counts the
texts of each encoding: one character outside GSM-7 makes a text UCS-2, of 70 instead of 160 characters to a
single segment. --price is one price for all: a cohort of several countries has several.

Exit code 1 if anyone would get no text. No database is needed. Texts and numbers are not printed.")]
pub(crate) struct Options {
    #[command(flatten)]
    people: people::PeopleOptions,
    #[command(flatten)]
    sending: Sending,
}

/// Preview of a batch.
#[derive(Serialize)]
pub(super) struct Answer {
    batch: String,
    texts: usize,
    /// Texts in the encoding GSM-7, with 160 characters in a single segment.
    gsm7: u64,
    /// Texts in the encoding UCS-2, with 70 characters in a single segment.
    ucs2: u64,
    segments: u64,
    longest_characters: Option<usize>,
    longest_segments: Option<u64>,
    /// Text with the most segments.
    most_costly: Option<Costly>,
    /// Cost of all texts. `None` without a price.
    cost: Option<String>,
    #[serde(skip)]
    price: Option<Price>,
    /// People in quiet hours, whose texts are sent afterwards. They are among the texts.
    waiting: Vec<Waiting>,
    refused: Vec<Refused>,
    /// Pairs of keys with one number.
    same_number: Vec<[String; 2]>,
}

#[derive(Serialize)]
struct Costly {
    recipient: String,
    segments: u64,
    cost: Option<String>,
}

#[derive(Serialize)]
struct Waiting {
    recipient: String,
    /// Time of day in the person's zone, such as 09:00.
    until: String,
    time_zone: String,
}

impl Waiting {
    fn of(person: &PersonPreview) -> Option<Self> {
        let (at, zone) = (person.waits_until?, person.time_zone.as_ref()?);
        Some(Self {
            recipient: person.recipient.to_string(),
            until: zone.time_of_day(at)?.to_string(),
            time_zone: zone.name().to_owned(),
        })
    }
}

#[derive(Serialize)]
struct Refused {
    recipient: String,
    reason: String,
}

impl Answer {
    pub(super) async fn of(outbox: &Outbox, cohort: &Cohort, price: Option<Price>) -> Self {
        let people = cohort.keys.iter().cloned();
        // Without a price, the segments are the cost.
        let each = price.map_or(1, |Price(price)| price);
        let preview = outbox.preview(&cohort.template, people, |_number| each);
        Self::new(cohort, &preview.await, price)
    }

    fn new(cohort: &Cohort, preview: &CohortPreview, price: Option<Price>) -> Self {
        let shown = |cost| price.map(|_| Price(cost).to_string());
        let refused = preview.refused.iter().map(|(recipient, reason)| Refused {
            recipient: recipient.to_string(),
            reason: reason.as_str().to_owned(),
        });
        let pairs = preview.same_number.iter();
        Self {
            batch: cohort.batch.to_string(),
            texts: preview.people.len(),
            gsm7: preview.texts.messages - preview.texts.ucs2_messages,
            ucs2: preview.texts.ucs2_messages,
            segments: preview.texts.segments,
            longest_characters: preview.longest().map(|person| person.characters),
            longest_segments: preview.longest().map(|person| person.segments),
            most_costly: preview.most_expensive().map(|person| Costly {
                recipient: person.recipient.to_string(),
                segments: person.segments,
                cost: shown(person.cost),
            }),
            cost: shown(preview.cost),
            price,
            waiting: preview.waiting().filter_map(Waiting::of).collect(),
            refused: refused.collect(),
            same_number: pairs.map(|(a, b)| [a.to_string(), b.to_string()]).collect(),
        }
    }

    pub(super) const fn texts(&self) -> usize {
        self.texts
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::of_pairs();
        table.row([&"batch", &self.batch]);
        table.row([&"texts", &self.texts]);
        table.row([&"GSM-7", &self.gsm7]);
        table.row([&"UCS-2", &self.ucs2]);
        table.row([&"segments", &self.segments]);
        if let (Some(characters), Some(segments)) = (self.longest_characters, self.longest_segments)
        {
            let longest = format!("{characters} characters in {}", in_segments(segments));
            table.row([&"longest", &longest]);
        }
        if let Some(costly) = &self.most_costly {
            let segments = in_segments(costly.segments);
            let cost = costly.cost.as_ref().map(|cost| format!(", {cost}"));
            let cost = cost.unwrap_or_default();
            table.row([
                &"most costly",
                &format!("{}: {segments}{cost}", costly.recipient),
            ]);
        }
        if let (Some(cost), Some(price)) = (&self.cost, self.price) {
            table.row([&"cost", &format!("{cost} at {price} a segment")]);
        }
        table.row([&"waiting", &self.waiting.len()]);
        for waiting in self.waiting.iter().take(MOST_SHOWN) {
            let until = format!("waits until {} {}", waiting.until, waiting.time_zone);
            table.row([&format!("  {}", waiting.recipient), &until]);
        }
        table.row([&"refused", &self.refused.len()]);
        for Refused { recipient, reason } in self.refused.iter().take(MOST_SHOWN) {
            table.row([&format!("  {recipient}"), reason]);
        }
        table.row([&"same number", &self.same_number.len()]);
        for [a, b] in self.same_number.iter().take(MOST_SHOWN) {
            table.row([&format!("  {a}"), b]);
        }
        write!(f, "{table}")
    }
}

fn in_segments(count: u64) -> String {
    match count {
        1 => "1 segment".to_owned(),
        _ => format!("{count} segments"),
    }
}

pub(crate) async fn run(options: Options, output: Output) -> Result<Exit, Failure> {
    let (settings, messenger) = options.sending.connect()?;
    let cohort = options.people.load(settings.normalizer())?;
    let sender = queue_of(&cohort.batch)?;
    // Nothing is stored, so no proof is made.
    let (store, key) = (MemoryStore::new(), ProofKey::new([0; 32]));
    let outbox = Outbox::builder(store, sender, messenger, cohort.resolver(), key);
    let answer = Answer::of(&outbox.build(), &cohort, options.sending.price).await;
    output.print(&answer)?;
    Ok(Exit::fine_if(answer.refused.is_empty()))
}
