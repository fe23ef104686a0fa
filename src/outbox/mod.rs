//! Batches: a template for thousands of people, each of whom is texted exactly once.
//!
//! A [`Batch`] and its messages stand in a database, the [`OutboxStore`]. A worker, [`Outbox::run`],
//! claims each message in one committed statement, asks the [`Resolver`] for number and values, passes
//! every gate of the [`Messenger`](crate::Messenger), commits the ledger entry, and sends. A crash at
//! any point leaves at most the messages in progress in doubt. A message in doubt is never sent again
//! by itself: the status callback, Twilio's list or a person settles it.
//!
//! The database holds references, never numbers or texts.
//!
//! ```
//! use clinspark_twilio::outbox::{
//!     Batch, BatchId, MemoryStore, MessageState, NewMessage, Outbox, Pace, Person, ProofKey,
//!     RecipientKey, SenderKey, resolver_fn,
//! };
//! use clinspark_twilio::template::{Catalogue, Locale, MergeData, Sensitivity, Tag, Template};
//! # use clinspark_twilio::Messenger;
//! # use clinspark_twilio::phone::E164;
//! # use clinspark_twilio::client::messages::Sender;
//! # use clinspark_twilio::messenger::MemoryConsentGate;
//! # use clinspark_twilio::client::testing::{FakeTransport, Reply};
//! # use clinspark_twilio::client::{Client, Credentials, Delivery};
//! # use clinspark_twilio::types::{AccountSid, AuthToken};
//! # use clinspark_twilio::webhook::PublicOrigin;
//! # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
//! # let token = AuthToken::new("the-auth-token")?;
//! # let client = Client::builder(Credentials::auth_token(account, token.clone()), Delivery::Live);
//! # let number = Sender::Number(E164::parse("+14155550100")?);
//! # let origin = PublicOrigin::parse("https://acme.example.com")?;
//! # let transport = FakeTransport::new()
//! #     .reply(Reply::json(201, r#"{"sid": "SM00000000000000000000000000000001", "status": "queued"}"#))
//! #     .reply(Reply::json(201, r#"{"sid": "SM00000000000000000000000000000002", "status": "queued"}"#));
//! # let messenger = Messenger::builder(client, number, origin, token, MemoryConsentGate::new())
//! #     .with_transport(transport.clone())
//! #     .build()?;
//! # let secret_from_the_vault = [7; 32];
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
//! # runtime.block_on(async {
//!
//! let catalogue = Catalogue::new([Tag::text("first_name", Sensitivity::Personal)?])?;
//! let reminder = Template::builder("visit-reminder", 1)
//!     .variant(Locale::parse("en")?, "Hi {{ first_name }}, your visit is tomorrow.")
//!     .build(&catalogue)?;
//!
//! // Asked for each person when their text is sent: read your database here.
//! let resolver = resolver_fn(|recipient, _occurrence| async move {
//!     let number = if recipient.as_str() == "volunteer-1" { "+14155550123" } else { "+14155550124" };
//!     Ok(Some(Person::new(number, MergeData::new().value("first_name", "Ann"))))
//! });
//!
//! let sender = SenderKey::parse("clinic-12")?;
//! let key = ProofKey::new(secret_from_the_vault); // 32 random bytes of your own
//! let outbox = Outbox::builder(MemoryStore::new(), sender.clone(), messenger, resolver, key)
//!     .template(reminder.clone())
//!     .build();
//! outbox.set_pace(Pace::per_second(12.0).ok_or("out of range")?).await?;
//!
//! let batch = Batch::new(BatchId::parse("reminders-2026-12-01")?, &reminder, sender, "visit reminder");
//! outbox.open(&batch).await?;
//! let people = [1, 2].map(|id| RecipientKey::numbered("volunteer", id).map(NewMessage::new));
//! let people: Vec<NewMessage> = people.into_iter().collect::<Result<_, _>>()?;
//! assert_eq!(outbox.enqueue(batch.id(), &people).await?, 2);
//! assert_eq!(outbox.enqueue(batch.id(), &people).await?, 0); // there already
//!
//! let drained = outbox.drain(100).await?; // or `run`, until a signal
//! assert_eq!(drained.sent, 2);
//! assert_eq!(outbox.progress(batch.id()).await?.counts.of(MessageState::Sent), 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | Item | Purpose |
//! |---|---|
//! | [`Outbox`], [`OutboxBuilder`] | worker of one sender: [`run`](Outbox::run), [`drain`](Outbox::drain), [`reconcile`](Outbox::reconcile), [`preview`](Outbox::preview), [`progress`](Outbox::progress), [`watch`](Outbox::watch), [`report`](Outbox::report) |
//! | [`Batch`], [`NewMessage`], [`MessageState`] | template and people of a batch, and the states of a message |
//! | [`OutboxStore`], [`MemoryStore`], [`conformance`] | the database; one in memory; the suite that every store passes |
//! | [`Deliver`], [`Resolver`] | sends texts through every gate; the service's own record of people |
//! | [`Pace`] | segments a second of a sender, for all machines |
//! | [`ProofKey`], [`Proof`] | recognizes a text in Twilio's list without storing it |

mod batch;
mod builder;
mod concurrency;
pub mod conformance;
mod deliver;
mod drain;
mod drained;
mod guarded;
mod keys;
mod memory;
mod message;
mod messenger;
mod pace;
mod preview;
mod process;
mod progress;
mod proof;
mod reconcile;
mod resolver;
mod steering;
mod store;
mod trace;

pub use self::batch::{Batch, BatchChange, BatchRecord, BatchState};
pub use self::builder::{Outbox, OutboxBuilder};
pub use self::deliver::{
    BatchText, Begin, CheckedBatchText, Deliver, ListedText, Listing, Undelivered,
};
pub use self::drained::Drained;
pub use self::keys::{BatchId, KeyError, Occurrence, RecipientKey, SenderKey, WorkerId};
pub use self::memory::MemoryStore;
pub use self::message::{
    Claim, Claimed, Decision, DeliveryReport, Doubt, Finish, LedgerEntry, MessageRecord,
    MessageState, NewMessage, Observed, Reason, Settlement,
};
pub use self::pace::Pace;
pub use self::preview::{CohortPreview, PersonPreview};
pub use self::progress::{BatchProgress, ProgressWatch};
pub use self::proof::{Proof, ProofKey};
pub use self::reconcile::ReconcileReport;
pub use self::resolver::{Person, Resolver, resolver_fn};
pub use self::store::{Counts, OutboxStore, StoreError, StoreErrorKind, StoreResult};
