//! [`Outbox::preview`]: a whole cohort before its batch starts.

use std::collections::HashMap;
use std::time::SystemTime;

use super::builder::Outbox;
use super::deliver::{BatchText, CheckedBatchText, Undelivered};
use super::keys::{Occurrence, RecipientKey};
use super::message::Reason;
use crate::messenger::{MessageId, TimeZone};
use crate::phone::{E164, UniquenessKey};
use crate::sms::{BatchPreview, Encoding, MessageSize};
use crate::template::Template;
use crate::types::{BoxFuture, all_of};

/// Preview of a batch. It contains references, never numbers or texts.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct CohortPreview {
    /// Segments and encodings of all texts that can be sent.
    pub texts: BatchPreview,
    /// Each text that can be sent, now or after quiet hours, in the order of the cohort.
    pub people: Vec<PersonPreview>,
    /// People who cannot be texted, with the reason: a missing value or requirement, no consent, an
    /// invalid number.
    pub refused: Vec<(RecipientKey, Reason)>,
    /// Pairs of people who have the same number. Both get a text.
    pub same_number: Vec<(RecipientKey, RecipientKey)>,
    /// Cost of all texts, in the unit of the price.
    pub cost: u64,
}

/// Text that passed every gate, and the zone of its person.
struct Checked {
    text: CheckedBatchText,
    time_zone: Option<TimeZone>,
}

/// Text of one person in a preview.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PersonPreview {
    /// Reference to the person.
    pub recipient: RecipientKey,
    /// Occasion.
    pub occurrence: Occurrence,
    /// Encoding of the text.
    pub encoding: Encoding,
    /// Segments of the text.
    pub segments: u64,
    /// Length of the text in characters.
    pub characters: usize,
    /// Cost of the text, in the unit of the price.
    pub cost: u64,
    /// End of the person's quiet hours. `None` if the text can be sent now.
    pub waits_until: Option<SystemTime>,
    /// Time zone of the person.
    pub time_zone: Option<TimeZone>,
}

impl CohortPreview {
    /// Returns the texts that wait for the end of quiet hours.
    pub fn waiting(&self) -> impl Iterator<Item = &PersonPreview> {
        self.people.iter().filter(|it| it.waits_until.is_some())
    }

    fn add(
        &mut self,
        recipient: RecipientKey,
        occurrence: Occurrence,
        Checked { text, time_zone }: Checked,
        price: impl Fn(E164) -> u64,
        numbers: &mut HashMap<UniquenessKey, RecipientKey>,
    ) {
        let body = text.body.expose();
        let size = MessageSize::of(body);
        let segments = size.segments() as u64;
        let cost = segments.saturating_mul(price(text.to));
        self.texts.add(body);
        self.cost = self.cost.saturating_add(cost);
        let key = text.to.uniqueness_key();
        let other = numbers.entry(key).or_insert_with(|| recipient.clone());
        if *other != recipient {
            self.same_number.push((other.clone(), recipient.clone()));
        }
        self.people.push(PersonPreview {
            recipient,
            occurrence,
            encoding: size.encoding(),
            segments,
            characters: body.chars().count(),
            cost,
            waits_until: text.waits_until,
            time_zone,
        });
    }

    /// Returns the text with the most characters.
    #[must_use]
    pub fn longest(&self) -> Option<&PersonPreview> {
        self.people.iter().max_by_key(|person| person.characters)
    }

    /// Returns the text with the highest cost.
    #[must_use]
    pub fn most_expensive(&self) -> Option<&PersonPreview> {
        self.people.iter().max_by_key(|person| person.cost)
    }
}

impl Outbox {
    /// Makes every text of a cohort, passes every gate, and sends nothing.
    ///
    /// `price` returns the price of a segment to a number, in any unit, such as millionths of a dollar.
    /// Resolver and consent gate are asked for each person, for as many at once as the outbox texts at
    /// once. A person in quiet hours counts as one who can be texted; see
    /// [`waits_until`](PersonPreview::waits_until).
    ///
    /// ```no_run
    /// # use clinspark_twilio::outbox::{Outbox, Occurrence, RecipientKey};
    /// # use clinspark_twilio::template::Template;
    /// # async fn example(outbox: &Outbox, template: &Template, people: Vec<RecipientKey>) {
    /// let cohort = people.into_iter().map(|person| (person, Occurrence::default()));
    /// let preview = outbox.preview(template, cohort, |_number| 7_900).await;
    /// println!("{} segments, {} refused", preview.texts.segments, preview.refused.len());
    /// for (person, reason) in &preview.refused {
    ///     println!("{person}: {}", reason.as_str());
    /// }
    /// # }
    /// ```
    pub async fn preview(
        &self,
        template: &Template,
        cohort: impl IntoIterator<Item = (RecipientKey, Occurrence)>,
        price: impl Fn(E164) -> u64,
    ) -> CohortPreview {
        let mut preview = CohortPreview::default();
        let mut numbers: HashMap<UniquenessKey, RecipientKey> = HashMap::new();
        let id = MessageId::random(&*self.config.clock);
        let mut cohort = cohort.into_iter();
        loop {
            let at_once = self.config.concurrency.limit();
            let some: Vec<_> = cohort.by_ref().take(at_once).collect();
            if some.is_empty() {
                return preview;
            }
            let checks = some.iter().map(|(recipient, occurrence)| {
                let check = self.check(template, &id, recipient, occurrence);
                Box::pin(check) as BoxFuture<'_, _>
            });
            let checked = all_of(checks).await;
            for ((recipient, occurrence), checked) in some.into_iter().zip(checked) {
                match checked {
                    Ok(checked) => {
                        preview.add(recipient, occurrence, checked, &price, &mut numbers);
                    }
                    Err(reason) => preview.refused.push((recipient, reason)),
                }
            }
        }
    }

    /// Makes the text of one person, and passes every gate.
    async fn check(
        &self,
        template: &Template,
        id: &MessageId,
        recipient: &RecipientKey,
        occurrence: &Occurrence,
    ) -> Result<Checked, Reason> {
        let person = self.resolve(recipient, occurrence).await;
        let person = person
            .map_err(Reason::new)?
            .ok_or_else(|| Reason::new("the resolver has no such person"))?;
        let text = BatchText {
            message_id: id,
            number: &person.number,
            template,
            data: &person.data,
            time_zone: person.time_zone.as_ref(),
            purpose: "preview",
            not_after: None,
        };
        // The call itself may panic, too.
        let check = async { self.config.deliver.check(text).await };
        let checked = self.guarded(check).await.map_err(Reason::new)?;
        let text = checked.map_err(reason_of)?;
        let time_zone = person.time_zone;
        Ok(Checked { text, time_zone })
    }
}

fn reason_of(error: Undelivered) -> Reason {
    match error {
        Undelivered::Refused { reason, .. }
        | Undelivered::Later { reason, .. }
        | Undelivered::Throttled { reason, .. }
        | Undelivered::Configuration(reason)
        | Undelivered::Held(reason)
        | Undelivered::Unknown { reason, .. } => reason,
        Undelivered::Expired => Reason::new("the validity has ended"),
        Undelivered::NotBegun => Reason::new("the store failed"),
    }
}
