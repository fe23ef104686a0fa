//! Entries of one request in the audit trail.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::audit::{AuditEntry, AuditEvent, AuditPolicy, Trail};
use super::client::Client;
use super::error::Error;
use super::exchange::OperationInfo;
use super::form::Form;
use super::outcome::{ErrorKind, Outcome};
use super::trace;
use super::transport::Progress;

/// Entries of one request; `None` without a sink.
///
/// The data is boxed, so that the future of a request without a sink stays small.
pub(in crate::client) struct Entries<'a>(Option<Box<Record<'a>>>);

struct Record<'a> {
    client: &'a Client,
    trail: &'a Trail,
    entry: AuditEntry,
    info: OperationInfo,
}

impl<'a> Entries<'a> {
    pub(in crate::client) fn of(
        client: &'a Client,
        info: OperationInfo,
        sid: Option<&str>,
        form: impl FnOnce() -> Form,
    ) -> Self {
        let Some(trail) = client.trail.as_deref() else {
            return Self(None);
        };
        let initiator = client.initiator.as_deref();
        let entry = AuditEntry {
            request: client.clock.random(),
            time: client.clock.now(),
            event: AuditEvent::Sending,
            who: initiator.map(|initiator| initiator.who.clone()),
            purpose: initiator.map(|initiator| initiator.purpose.clone()),
            message_id: client.message_id.as_deref().map(str::to_owned),
            account_sid: client.config.account_sid,
            operation: info.operation,
            effect: info.effect,
            sid: sid.map(str::to_owned),
            attempt: 0,
            kind: None,
            status: None,
            code: None,
            body_sha256: body_hash(&form()),
        };
        Self(Some(Box::new(Record {
            client,
            trail,
            entry,
            info,
        })))
    }

    /// Writes the entry of a request that is refused before it is sent.
    pub(in crate::client) async fn refused(&self, error: &Error) {
        if let Some(record) = &self.0 {
            let entry = failed(record.now(&record.entry), error);
            record.last(entry).await;
        }
    }

    /// Writes the entry before an attempt. Returns an error if the request must not be sent.
    pub(in crate::client) async fn sending(
        &self,
        attempt: u32,
        progress: &Progress,
    ) -> Result<Open<'_>, Error> {
        match &self.0 {
            Some(record) => Box::pin(record.sending(attempt, progress)).await,
            None => Ok(Open(None)),
        }
    }
}

impl Record<'_> {
    async fn sending(&self, attempt: u32, progress: &Progress) -> Result<Open<'_>, Error> {
        let entry = AuditEntry {
            attempt,
            ..self.now(&self.entry)
        };
        // Until the entry is written, nothing is sent. If the future is dropped meanwhile, `Drop`
        // reports `NotSent`.
        let mut open = OpenEntry {
            record: self,
            entry: AuditEntry {
                event: AuditEvent::NotSent,
                ..entry.clone()
            },
            progress: progress.clone(),
            is_closed: false,
        };
        if let Err(cause) = self.trail.record(entry.clone()).await {
            if self.trail.policy == AuditPolicy::FailClosed {
                let (operation, effect) = (self.info.operation, self.info.effect);
                let error = Error::new(operation, effect, ErrorKind::Audit)
                    .with_message("the audit trail could not be written")
                    .with_source(Some(cause));
                open.entry = failed(open.entry.clone(), &error);
                return Err(error);
            }
            trace::audit_failed(self.info.operation);
        }
        open.entry = entry;
        Ok(Open(Some(Box::new(open))))
    }

    /// Writes the last entry. A failure no longer affects the request, so it is only logged.
    async fn last(&self, entry: AuditEntry) {
        if Box::pin(self.trail.record(entry)).await.is_err() {
            trace::audit_failed(self.info.operation);
        }
    }

    fn now(&self, entry: &AuditEntry) -> AuditEntry {
        AuditEntry {
            time: self.client.clock.now(),
            ..entry.clone()
        }
    }
}

/// Entry of an attempt that is under way; `None` without a sink.
pub(in crate::client) struct Open<'a>(Option<Box<OpenEntry<'a>>>);

struct OpenEntry<'a> {
    record: &'a Record<'a>,
    entry: AuditEntry,
    progress: Progress,
    /// `true` once the entry after the attempt was handed to the sink.
    is_closed: bool,
}

impl Open<'_> {
    /// Writes the entry after an attempt, with the SID of the created resource.
    pub(in crate::client) async fn ended(self, ended: Result<Option<&str>, &Error>) {
        let Some(mut open) = self.0 else { return };
        let entry = open.record.now(&open.entry);
        open.entry = match ended {
            Ok(sid) => AuditEntry {
                event: AuditEvent::Done,
                sid: sid.map(str::to_owned).or(entry.sid),
                ..entry
            },
            Err(error) => failed(entry, error),
        };
        open.record.last(open.entry.clone()).await;
        open.is_closed = true;
    }
}

impl Drop for OpenEntry<'_> {
    fn drop(&mut self) {
        // A sink that panicked is not called again: a second panic would abort the process.
        if self.is_closed || std::thread::panicking() {
            return;
        }
        let mut entry = self.record.now(&self.entry);
        if entry.event == AuditEvent::Sending {
            entry.event = if self.progress.give_up() {
                AuditEvent::NotSent
            } else {
                AuditEvent::Unknown
            };
        }
        self.record.trail.sink.abandoned(entry);
    }
}

fn failed(entry: AuditEntry, error: &Error) -> AuditEntry {
    let made = match error.outcome() {
        Outcome::Unknown { sid } => sid.clone(),
        _ => None,
    };
    AuditEntry {
        event: AuditEvent::of(error.outcome()),
        sid: made.or(entry.sid),
        kind: Some(error.kind()),
        status: error.status(),
        code: error.code(),
        ..entry
    }
}

/// Returns the hash of the content for the person.
fn body_hash(form: &Form) -> Option<String> {
    let text = ["Body", "Twiml", "ContentVariables"]
        .into_iter()
        .find_map(|name| form.value(name).filter(|text| !text.is_empty()))
        .or_else(|| form.json())?;
    let mut digits = String::with_capacity(64);
    for byte in Sha256::digest(text) {
        // Writing to a `String` cannot fail.
        let _ = write!(digits, "{byte:02x}");
    }
    Some(digits)
}
