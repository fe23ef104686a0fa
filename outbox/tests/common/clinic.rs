//! A clinic: a sandbox that counts what each person got, a database, and a batch.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use clinspark_twilio::messenger::{MemoryConsentGate, Messenger};
use clinspark_twilio::outbox::{
    Batch, BatchId, Counts, MessageState, NewMessage, Outbox, OutboxBuilder, OutboxStore, Pace,
    Person, ProofKey, RecipientKey, SenderKey, resolver_fn,
};
use clinspark_twilio::sandbox::{Fault, FaultRule, Sandbox};
use clinspark_twilio::template::{Catalogue, Locale, MergeData, Sensitivity, Tag, Template};
use clinspark_twilio::types::MessageSid;
use clinspark_twilio::{E164, Settings};

use super::database::Database;
use super::probe::Probed;

/// Template of the tests, of one segment.
fn template() -> Template {
    let tag = Tag::text("first_name", Sensitivity::Personal).unwrap();
    Template::builder("visit-reminder", 1)
        .variant(
            Locale::parse("en").unwrap(),
            "Hi {{ first_name }}, your visit is tomorrow.",
        )
        .build(&Catalogue::new([tag]).unwrap())
        .unwrap()
}

/// Number of a person: an Australian mobile number.
fn number_of(key: &RecipientKey) -> E164 {
    let person: u64 = key
        .as_str()
        .strip_prefix("volunteer-")
        .unwrap()
        .parse()
        .unwrap();
    E164::parse(&format!("+614{:08}", 91_000_000 + person)).unwrap()
}

fn sender() -> SenderKey {
    SenderKey::parse("clinic-1").unwrap()
}

/// The highest pace.
pub(crate) fn fast() -> Pace {
    Pace::per_second(10_000.0).unwrap()
}

/// Outbox of the tests' sender.
pub(crate) fn outbox(store: impl OutboxStore, settings: &Settings) -> OutboxBuilder {
    let messenger: Messenger = settings.messenger(MemoryConsentGate::new()).unwrap();
    let resolver = resolver_fn(|recipient: RecipientKey, _| async move {
        let data = MergeData::new().value("first_name", "Ann");
        Ok(Some(Person::new(number_of(&recipient).as_str(), data)))
    });
    Outbox::builder(store, sender(), messenger, resolver, ProofKey::new([7; 32]))
        .template(template())
        .poll_interval(Duration::from_millis(50))
}

/// Rule that delays the answer to each text.
pub(crate) fn slow_answers(by: Duration) -> FaultRule {
    FaultRule::new(Fault::Slow(by))
        .method("POST")
        .path("/Messages.json")
}

pub(crate) struct Clinic {
    pub(crate) sandbox: Sandbox,
    pub(crate) number: E164,
    pub(crate) database: Database,
    pub(crate) store: Arc<dyn OutboxStore>,
    pub(crate) batch: BatchId,
    people: u64,
}

/// What became of a batch.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) sent: u64,
    pub(crate) held: u64,
}

impl Clinic {
    /// Opens a batch for some people.
    pub(crate) async fn open(database: Database, people: u64, pace: Pace) -> Self {
        let sandbox = Sandbox::start().await.unwrap();
        let number = E164::parse("+61491570006").unwrap();
        sandbox.add_number(number);
        let store = database.store().await;
        store.set_pace(&sender(), pace).await.unwrap();
        let batch = BatchId::parse("crash").unwrap();
        let definition = Batch::new(batch.clone(), &template(), sender(), "crash test");
        store.open_batch(&definition).await.unwrap();
        let messages: Vec<_> = (0..people)
            .map(|n| NewMessage::new(RecipientKey::numbered("volunteer", n).unwrap()))
            .collect();
        assert_eq!(store.enqueue(&batch, &messages).await.unwrap(), people);
        Self {
            sandbox,
            number,
            database,
            store,
            batch,
            people,
        }
    }

    /// Returns an outbox of this process with a store.
    pub(crate) fn outbox(&self, store: Probed) -> OutboxBuilder {
        outbox(store, &self.sandbox.settings().build().unwrap())
    }

    /// Returns an outbox of this process.
    pub(crate) fn plain_outbox(&self) -> Outbox {
        self.outbox(Probed::counting(Arc::clone(&self.store)))
            .build()
    }

    pub(crate) async fn counts(&self) -> Counts {
        self.store.counts(&self.batch).await.unwrap()
    }

    /// Returns the messages that are claimed and have not ended.
    pub(crate) async fn sending(&self) -> u64 {
        self.counts().await.of(MessageState::Sending)
    }

    /// Returns the number of texts that the sandbox has.
    pub(crate) fn texts(&self) -> u64 {
        self.sandbox.messages().len() as u64
    }

    /// Returns the SID of the text to a person, if the sandbox has one.
    pub(crate) fn sid_of(&self, person: &RecipientKey) -> Option<MessageSid> {
        let number = number_of(person);
        let messages = self.sandbox.messages();
        let found = messages
            .iter()
            .find(|message| message.to.phone() == Some(number));
        found.map(|message| message.sid)
    }

    /// Settles what is in doubt by two looks at Twilio's list, minutes later, and sends the rest.
    /// Returns the number of doubts that the list settled.
    pub(crate) async fn reconcile(&self) -> u64 {
        let outbox = self.plain_outbox();
        let mut listed = 0;
        for minutes in [6, 2, 2] {
            self.database.age(Duration::from_secs(minutes * 60)).await;
            listed += outbox.reconcile().await.unwrap().sent;
            // Claims without ledger entry were queued again.
            outbox.drain(u64::MAX).await.unwrap();
        }
        listed
    }

    /// Fails unless each person got at most one text, each message has ended, and the ledger agrees
    /// with the sandbox.
    pub(crate) async fn ended(&self) -> Ended {
        let mut texts: HashMap<E164, u32> = HashMap::new();
        for message in self.sandbox.messages() {
            *texts.entry(message.to.phone().unwrap()).or_default() += 1;
        }
        let twice = texts.values().filter(|count| **count > 1).count();
        assert_eq!(twice, 0, "people got a text twice");
        let counts = self.counts().await;
        let of = |state| counts.of(state);
        let (sent, held) = (of(MessageState::Sent), of(MessageState::Held));
        assert_eq!(counts.total(), self.people);
        assert_eq!(
            sent + held + of(MessageState::Refused),
            self.people,
            "{counts:?}"
        );
        // Each person whom the ledger calls texted was, and no one else.
        let records = self.store.records(&self.batch, None, i64::MIN, u32::MAX);
        for record in records.await.unwrap() {
            let is_texted = texts.contains_key(&number_of(&record.recipient));
            assert_eq!(
                is_texted,
                record.state == MessageState::Sent,
                "{}",
                record.recipient.as_str()
            );
        }
        Ended { sent, held }
    }
}
