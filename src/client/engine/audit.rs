//! A trail of who did what to whom: told before each attempt, and after it.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::StatusCode;

use super::outcome::{Effect, ErrorKind, Outcome};
use crate::client::codes::ErrorCode;
use crate::types::{AccountSid, BoxError, BoxFuture, Redacted};

/// A sink that takes longer has failed.
const SLOWEST: Duration = Duration::from_secs(5);

/// Where the client writes down what it does: a table, a file that only grows, a queue.
///
/// Every attempt has an entry before it is sent ([`AuditEvent::Sending`]) and one after it ended;
/// what is refused before it is sent has the second alone. A first without a second is of a
/// process that ended, or of a sink that failed: whether the request was carried out is unknown.
///
/// An entry holds no number and no word of a text, only its hash.
///
/// ```
/// use clinspark_twilio::client::{AuditEntry, AuditPolicy, AuditSink, Client};
/// use clinspark_twilio::types::{BoxError, BoxFuture};
/// # use clinspark_twilio::client::{Credentials, Delivery, Outcome};
/// # use clinspark_twilio::client::messages::{SendMessage, Sender};
/// # use clinspark_twilio::client::testing::FakeTransport;
/// # use clinspark_twilio::phone::E164;
/// # use clinspark_twilio::types::{AccountSid, AuthToken};
///
/// struct Table(/* a pool of database connections */);
///
/// impl AuditSink for Table {
///     fn record(&self, entry: AuditEntry) -> BoxFuture<'_, Result<(), BoxError>> {
///         Box::pin(async move { self.insert(entry).await })
///     }
/// }
///
/// # impl Table {
/// #     async fn insert(&self, entry: AuditEntry) -> Result<(), BoxError> { Err("the database is down".into()) }
/// # }
/// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
/// # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
/// # let transport = FakeTransport::new();
/// # let builder = Client::builder(credentials, Delivery::Live).with_transport(transport.clone());
/// # let (volunteer, clinic) = (E164::parse("+14155550123")?, E164::parse("+14155550100")?);
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
/// # runtime.block_on(async {
/// let client = builder.audit(Table(), AuditPolicy::FailClosed).build()?;
///
/// // In the handler of a request that staff makes:
/// let client = client.on_behalf_of("staff-17", "visit reminder");
/// let request = SendMessage::new(volunteer, Sender::Number(clinic), "See you at 9:00.");
/// let error = client.execute(request).await.unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "SendMessage: the audit trail could not be written; nothing was sent"
/// );
/// # assert!(transport.requests().is_empty());
/// # Ok::<(), BoxError>(())
/// # })?;
/// # Ok::<(), BoxError>(())
/// ```
pub trait AuditSink: Send + Sync + 'static {
    /// Writes an entry down. After 5 seconds it counts as failed.
    ///
    /// Its error becomes the source of one of kind [`Audit`](ErrorKind::Audit), which is logged.
    fn record(&self, entry: AuditEntry) -> BoxFuture<'_, Result<(), BoxError>>;

    /// The future of a request was dropped while an attempt was under way, or the entry before it
    /// was not written in time: this one says what is known at that moment. It cannot wait, so
    /// hand the entry to a task or a channel.
    ///
    /// By default it does nothing: the first entry without a second says the same.
    fn abandoned(&self, entry: AuditEntry) {
        let _ = entry;
    }
}

impl<T: AuditSink + ?Sized> AuditSink for Arc<T> {
    fn record(&self, entry: AuditEntry) -> BoxFuture<'_, Result<(), BoxError>> {
        (**self).record(entry)
    }

    fn abandoned(&self, entry: AuditEntry) {
        (**self).abandoned(entry);
    }
}

/// What becomes of a request when the entry before it cannot be written.
///
/// The entry after it changes nothing any more: what was done was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AuditPolicy {
    /// It does not go out: an error of kind [`Audit`](ErrorKind::Audit).
    FailClosed,
    /// It goes out all the same.
    Continue,
}

/// One line of the trail.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuditEntry {
    /// The same in every entry of one request, and in no other's.
    pub request: u64,
    /// When, by the client's clock.
    pub time: SystemTime,
    /// What happened.
    pub event: AuditEvent,
    /// On whose behalf, if the client was told.
    pub who: Option<Redacted<String>>,
    /// What for, if the client was told.
    pub purpose: Option<Redacted<String>>,
    /// The account that the request is made for.
    pub account_sid: AccountSid,
    /// The request's name, such as `SendMessage`.
    pub operation: &'static str,
    /// What it changes.
    pub effect: Effect,
    /// What it is about, such as the message that is deleted; once it is done, what it made.
    pub sid: Option<String>,
    /// Which attempt, counted from 1; 0 for a request that is refused before it is sent.
    pub attempt: u32,
    /// Why it failed.
    pub kind: Option<ErrorKind>,
    /// The HTTP status of an error.
    pub status: Option<StatusCode>,
    /// Twilio's code of an error.
    pub code: Option<ErrorCode>,
    /// The SHA-256 hash, in hexadecimal digits, of what the person is to read or hear: the text of
    /// a message, the values of its template, the TwiML of a call. A short text can be guessed
    /// from its hash: keep the trail as safe as the texts.
    pub body_sha256: Option<String>,
}

/// What happened to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AuditEvent {
    /// It is about to be sent.
    Sending,
    /// Twilio did it.
    Done,
    /// It did not leave.
    NotSent,
    /// Twilio did not do it.
    Rejected,
    /// It may have been done, or not.
    Unknown,
}

impl AuditEvent {
    pub(in crate::client) const fn of(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::NotSent => Self::NotSent,
            Outcome::Rejected => Self::Rejected,
            Outcome::Unknown { .. } => Self::Unknown,
        }
    }
}

/// The sink, and what follows when it fails.
#[derive(Clone)]
pub(in crate::client) struct Trail {
    pub(in crate::client) sink: Arc<dyn AuditSink>,
    pub(in crate::client) policy: AuditPolicy,
}

impl Trail {
    pub(in crate::client) fn new(sink: impl AuditSink, policy: AuditPolicy) -> Self {
        let sink = Arc::new(sink);
        Self { sink, policy }
    }

    pub(in crate::client) async fn record(&self, entry: AuditEntry) -> Result<(), BoxError> {
        match tokio::time::timeout(SLOWEST, self.sink.record(entry)).await {
            Ok(recorded) => recorded,
            Err(elapsed) => Err(elapsed.into()),
        }
    }
}

/// On whose behalf, and what for.
#[derive(Clone)]
pub(in crate::client) struct Initiator {
    pub(in crate::client) who: Redacted<String>,
    pub(in crate::client) purpose: Redacted<String>,
}
