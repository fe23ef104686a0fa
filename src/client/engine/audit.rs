//! Audit trail: an entry before each attempt, and one after it.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::StatusCode;

use super::outcome::{Effect, ErrorKind, Outcome};
use crate::codes::ErrorCode;
use crate::types::{AccountSid, BoxError, BoxFuture, Redacted};

/// Time limit of a sink for one entry. A slower sink counts as failed.
const SLOWEST: Duration = Duration::from_secs(5);

/// Destination of the audit trail, such as a database table, an append-only file or a queue.
///
/// Every attempt has one entry before it is sent ([`AuditEvent::Sending`]) and one after it ended.
/// A request that is refused before it is sent has the second entry only. A first entry without a
/// second means that the process ended or the sink failed: the outcome of the request is unknown.
///
/// An entry contains no phone number and no message text, only a hash of the text.
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
/// // In the handler of a staff member's request:
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
    /// Writes an entry. After 5 seconds the write counts as failed.
    ///
    /// A returned error becomes the source of an [`Error`](crate::client::Error) of kind
    /// [`Audit`](ErrorKind::Audit). Errors are logged: keep secrets and phone numbers out of it.
    fn record(&self, entry: AuditEntry) -> BoxFuture<'_, Result<(), BoxError>>;

    /// Receives the entry of an attempt whose future was dropped while it was under way, or whose
    /// first entry was not written in time. The entry states what is known at that moment.
    ///
    /// This method cannot wait: hand the entry to a task or a channel. The default does nothing,
    /// because a first entry without a second shows the same.
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

/// Treatment of a request if the entry before an attempt cannot be written.
///
/// A failure to write the entry after an attempt does not change the result of the request.
///
/// ```
/// use clinspark_twilio::client::{AuditEntry, AuditPolicy, AuditSink, Client};
/// use clinspark_twilio::types::{BoxError, BoxFuture};
/// # use clinspark_twilio::client::accounts::FetchBalance;
/// # use clinspark_twilio::client::{Credentials, Delivery, ErrorKind};
///
/// /// Database that is down.
/// struct Down;
///
/// impl AuditSink for Down {
///     fn record(&self, _: AuditEntry) -> BoxFuture<'_, Result<(), BoxError>> {
///         Box::pin(async { Err("connection refused".into()) })
///     }
/// }
///
/// # use clinspark_twilio::client::testing::{FakeTransport, Reply};
/// # use clinspark_twilio::types::{AccountSid, AuthToken};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
/// # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
/// # let transport = FakeTransport::new().reply(Reply::json(200, r#"{"balance": "8.50"}"#));
/// let builder = Client::builder(credentials, Delivery::Off).with_transport(transport);
///
/// let strict = builder.clone().audit(Down, AuditPolicy::FailClosed).build()?;
/// let error = strict.execute(FetchBalance::new()).await.unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Audit);
///
/// let lenient = builder.audit(Down, AuditPolicy::Continue).build()?;
/// assert!(lenient.execute(FetchBalance::new()).await.is_ok());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AuditPolicy {
    /// The request is not sent and ends with an error of kind [`Audit`](ErrorKind::Audit).
    FailClosed,
    /// The request is sent without an audit entry.
    Continue,
}

/// One entry of the audit trail.
///
/// ```
/// use std::sync::{Arc, Mutex};
/// use clinspark_twilio::client::{AuditEntry, AuditEvent, AuditPolicy, AuditSink, Client};
/// use clinspark_twilio::types::{BoxError, BoxFuture};
/// # use clinspark_twilio::client::messages::{SendMessage, Sender};
/// # use clinspark_twilio::client::{Credentials, Delivery};
///
/// /// Keeps the entries, for a test.
/// #[derive(Default)]
/// struct Entries(Mutex<Vec<AuditEntry>>);
///
/// impl AuditSink for Entries {
///     fn record(&self, entry: AuditEntry) -> BoxFuture<'_, Result<(), BoxError>> {
///         self.0.lock().unwrap().push(entry);
///         Box::pin(async { Ok(()) })
///     }
/// }
///
/// # use clinspark_twilio::phone::E164;
/// # use clinspark_twilio::client::testing::{FakeTransport, Reply};
/// # use clinspark_twilio::types::{AccountSid, AuthToken};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
/// # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
/// # let volunteer = E164::parse("+14155550123")?;
/// # let clinic = Sender::Number(E164::parse("+14155550100")?);
/// # let transport = FakeTransport::new()
/// #     .reply(Reply::json(201, r#"{"sid": "SM00000000000000000000000000000001"}"#));
/// let sink = Arc::new(Entries::default());
/// let client = Client::builder(credentials, Delivery::Live)
///     .with_transport(transport)
///     .audit(Arc::clone(&sink), AuditPolicy::FailClosed)
///     .build()?;
/// client.execute(SendMessage::new(volunteer, clinic, "See you at 9:00.")).await?;
///
/// let entries = sink.0.lock().unwrap();
/// assert_eq!(entries[0].event, AuditEvent::Sending);
/// assert_eq!(entries[1].event, AuditEvent::Done);
/// assert_eq!(entries[1].sid.as_deref(), Some("SM00000000000000000000000000000001"));
/// assert!(!format!("{entries:?}").contains("See you"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuditEntry {
    /// Random id that all entries of one request share.
    pub request: u64,
    /// Time of the entry, by the client's clock.
    pub time: SystemTime,
    /// State of the request at that time.
    pub event: AuditEvent,
    /// Person or system on whose behalf the request is made, from
    /// [`Client::on_behalf_of`](crate::client::Client::on_behalf_of).
    pub who: Option<Redacted<String>>,
    /// Purpose of the request, from
    /// [`Client::on_behalf_of`](crate::client::Client::on_behalf_of).
    pub purpose: Option<Redacted<String>>,
    /// The service's own ID of a text or call that a messenger sends
    /// (`messenger::MessageId`). `None` for any other request.
    pub message_id: Option<String>,
    /// Account that the request is made for.
    pub account_sid: AccountSid,
    /// Name of the request, such as `SendMessage`.
    pub operation: &'static str,
    /// Effect of the request at Twilio.
    pub effect: Effect,
    /// SID of the resource in the path, such as the message to delete. After a create, SID of the
    /// new resource.
    pub sid: Option<String>,
    /// Number of the attempt, from 1; 0 for a request that is refused before it is sent.
    pub attempt: u32,
    /// Kind of the error, if the attempt failed.
    pub kind: Option<ErrorKind>,
    /// HTTP status of the error.
    pub status: Option<StatusCode>,
    /// Twilio's code of the error.
    pub code: Option<ErrorCode>,
    /// SHA-256 hash, in hexadecimal digits, of the content for the person: message body, values
    /// of the template, or TwiML of the call. A short text can be guessed from its hash: protect
    /// the trail as you protect the texts.
    pub body_sha256: Option<String>,
}

/// State of a request in an audit entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AuditEvent {
    /// About to be sent.
    Sending,
    /// Carried out by Twilio.
    Done,
    /// Not sent.
    NotSent,
    /// Rejected by Twilio: not carried out.
    Rejected,
    /// Possibly carried out: no response shows whether it was.
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

/// The sink of a client, and its policy for a failing sink.
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

/// Person or system that causes the requests, and their purpose.
#[derive(Clone)]
pub(in crate::client) struct Initiator {
    pub(in crate::client) who: Redacted<String>,
    pub(in crate::client) purpose: Redacted<String>,
}
