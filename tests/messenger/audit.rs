//! The audit trail hears of what the messenger asks of Twilio, and on whose behalf.

use std::sync::{Arc, Mutex};

use clinspark_twilio::client::{
    AuditEntry, AuditEvent, AuditPolicy, AuditSink, Outcome, testing::FakeTransport,
};
use clinspark_twilio::messenger::ErrorKind;
use clinspark_twilio::types::{BoxError, BoxFuture};

use super::{CALLED, TEXTED, TYPED, VOLUNTEER, WORDS, line, says, settings};
use crate::builder;

/// A trail in memory, which may be out of order.
#[derive(Default)]
struct Book {
    entries: Mutex<Vec<AuditEntry>>,
    is_down: bool,
}

impl AuditSink for Book {
    fn record(&self, entry: AuditEntry) -> BoxFuture<'_, Result<(), BoxError>> {
        self.entries.lock().unwrap().push(entry);
        let answer = if self.is_down {
            Err("down".into())
        } else {
            Ok(())
        };
        Box::pin(std::future::ready(answer))
    }
}

#[tokio::test]
async fn texts_and_calls_are_recorded_on_somebodys_behalf() {
    for (reply, operation) in [(TEXTED, "SendMessage"), (CALLED, "PlaceCall")] {
        let (line, book) = (line(reply), Arc::new(Book::default()));
        let messenger = builder(settings(), &line)
            .client(|client| client.audit(Arc::clone(&book), AuditPolicy::FailClosed))
            .build()
            .unwrap();
        let staff = messenger.on_behalf_of("staff-17", "visit reminder");
        if reply == TEXTED {
            staff.text(TYPED, WORDS).await.unwrap();
        } else {
            staff.call(TYPED, &says()).await.unwrap();
        }
        let entries = book.entries.lock().unwrap();
        let events: Vec<_> = entries.iter().map(|e| (e.operation, e.event)).collect();
        let (sending, done) = (AuditEvent::Sending, AuditEvent::Done);
        assert_eq!(events, [(operation, sending), (operation, done)]);
        for entry in &*entries {
            assert_eq!(entry.who.as_ref().unwrap().expose(), "staff-17");
            assert_eq!(entry.purpose.as_ref().unwrap().expose(), "visit reminder");
        }
        let shown = format!("{entries:?} {staff:?}");
        for private in [VOLUNTEER, WORDS, "staff-17", "the-auth-token"] {
            assert!(!shown.contains(private), "{shown}");
        }
    }
}

#[tokio::test]
async fn nothing_leaves_that_cannot_be_recorded() {
    let book = Book {
        is_down: true,
        ..Book::default()
    };
    let line = FakeTransport::new();
    let messenger = builder(settings(), &line)
        .client(|client| client.audit(book, AuditPolicy::FailClosed))
        .build()
        .unwrap();
    let error = messenger.text(TYPED, WORDS).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Client);
    assert!(matches!(error.outcome(), Outcome::NotSent));
    assert!(line.requests().is_empty());
}
