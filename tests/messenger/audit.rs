//! The audit trail hears of what the messenger asks of Twilio, and on whose behalf.

use std::sync::{Arc, Mutex};

use clinspark_twilio::client::{
    AuditEntry, AuditEvent, AuditPolicy, AuditSink, Outcome, testing::FakeTransport,
};
use clinspark_twilio::messenger::ErrorKind;
use clinspark_twilio::types::{BoxError, BoxFuture};

use super::{BODY, CALL_JSON, MESSAGE_JSON, TYPED, VOLUNTEER, settings, transport_replying, twiml};
use crate::{builder, id};

/// An audit sink in memory, which can be made to fail.
#[derive(Default)]
struct MemorySink {
    entries: Mutex<Vec<AuditEntry>>,
    is_down: bool,
}

impl AuditSink for MemorySink {
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
async fn the_audit_trail_records_who_acts_and_why() {
    for (reply, operation) in [(MESSAGE_JSON, "SendMessage"), (CALL_JSON, "PlaceCall")] {
        let (transport, sink) = (transport_replying(reply), Arc::new(MemorySink::default()));
        let messenger = builder(settings(), &transport)
            .client(|client| client.audit(Arc::clone(&sink), AuditPolicy::FailClosed))
            .build()
            .unwrap();
        let staff = messenger.on_behalf_of("staff-17", "visit reminder");
        if reply == MESSAGE_JSON {
            staff.text(TYPED, BODY).id(id("visit-1")).await.unwrap();
        } else {
            staff.call(TYPED, &twiml()).id(id("visit-1")).await.unwrap();
        }
        let entries = sink.entries.lock().unwrap();
        let events: Vec<_> = entries.iter().map(|e| (e.operation, e.event)).collect();
        let (sending, done) = (AuditEvent::Sending, AuditEvent::Done);
        assert_eq!(events, [(operation, sending), (operation, done)]);
        for entry in &*entries {
            assert_eq!(entry.message_id.as_deref(), Some("visit-1"));
            assert_eq!(entry.who.as_ref().unwrap().expose(), "staff-17");
            assert_eq!(entry.purpose.as_ref().unwrap().expose(), "visit reminder");
        }
        let shown = format!("{entries:?} {staff:?}");
        for private in [VOLUNTEER, BODY, "staff-17", "the-auth-token"] {
            assert!(!shown.contains(private), "{shown}");
        }
    }
}

#[tokio::test]
async fn nothing_is_sent_if_the_audit_sink_fails() {
    let sink = MemorySink {
        is_down: true,
        ..MemorySink::default()
    };
    let transport = FakeTransport::new();
    let messenger = builder(settings(), &transport)
        .client(|client| client.audit(sink, AuditPolicy::FailClosed))
        .build()
        .unwrap();
    let error = messenger.text(TYPED, BODY).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Client);
    assert!(matches!(error.outcome(), Outcome::NotSent));
    assert!(transport.requests().is_empty());
}
