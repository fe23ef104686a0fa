//! Stores of [`clinspark_twilio::outbox`] in `SQLite` and `PostgreSQL`: batches of texts that reach
//! each person once.
//!
//! The database is the engine: one table is queue, send ledger and report. A claim and its ledger
//! entry are on the disk before a request leaves, whatever happens to the process afterwards.
//!
//! | Feature | Types | For |
//! |---|---|---|
//! | `sqlite` (default) | `SqliteStore`, `SqliteReplayGuard` | one machine, any number of its processes |
//! | `postgres` | `PostgresStore`, `PostgresReplayGuard` | many machines |
//!
//! # Example
//!
//! A worker claims a message, commits its ledger entry, sends, and records the answer. The library has
//! such a worker; this is what it does with a store.
//!
#![cfg_attr(feature = "sqlite", doc = "```")]
#![cfg_attr(not(feature = "sqlite"), doc = "```ignore")]
//! use clinspark_twilio::outbox::{
//!     Batch, BatchId, Claim, Finish, LedgerEntry, MessageState, NewMessage, OutboxStore as _, Pace,
//!     Proof, RecipientKey, SenderKey, WorkerId,
//! };
//! use clinspark_twilio::types::MessageSid;
//! use clinspark_twilio_outbox::SqliteStore;
//! # use clinspark_twilio::template::{Catalogue, Locale, Template};
//! # let reminder = Template::builder("visit-reminder", 1)
//! #     .variant(Locale::parse("en")?, "Your visit is tomorrow.")
//! #     .build(&Catalogue::new([])?)?;
//! # let folder = std::env::temp_dir().join(format!("outbox-front-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder)?;
//! # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
//! # runtime.block_on(async {
//!
//! let store = SqliteStore::open(folder.join("reminders.db")).await?;
//! let sender = SenderKey::parse("clinic-12")?;
//! store.set_pace(&sender, Pace::per_second(1.0).ok_or("pace out of range")?).await?;
//!
//! let id = BatchId::parse("reminders-2026-12-01")?;
//! let batch = Batch::new(id.clone(), &reminder, sender.clone(), "visit reminder");
//! store.open_batch(&batch).await?;
//! let people = [NewMessage::new(RecipientKey::numbered("volunteer", 4711)?)];
//! assert_eq!(store.enqueue(&id, &people).await?, 1);
//! assert_eq!(store.enqueue(&id, &people).await?, 0); // there already
//!
//! let worker = WorkerId::parse("host-1")?;
//! let Claim::Message(claimed) = store.claim(&sender, &worker).await? else {
//!     return Err("nothing is due".into());
//! };
//! # let bytes = [7; 32];
//! let proof = Proof::from_bytes(&bytes).ok_or("a proof has 32 bytes")?; // `ProofKey` makes it
//! assert!(store.begin(&claimed, &LedgerEntry { proof, segments: 1 }).await?);
//! // Twilio is asked here, and answers with a SID.
//! let sid = MessageSid::parse("SM00000000000000000000000000000001")?;
//! assert!(store.finish(&claimed, &Finish::Sent(sid)).await?);
//! assert_eq!(store.counts(&id).await?.of(MessageState::Sent), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]

#[cfg(feature = "postgres")]
mod postgres;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod replay;
#[cfg(feature = "sqlite")]
mod sqlite;

#[cfg(feature = "postgres")]
pub use self::postgres::{PostgresOptions, PostgresReplayGuard, PostgresStore};
#[cfg(feature = "sqlite")]
pub use self::sqlite::{SqliteReplayGuard, SqliteStore};

/// The examples of the README, which compile.
#[cfg(all(doctest, feature = "sqlite"))]
#[doc = include_str!("../README.md")]
struct Readme;
