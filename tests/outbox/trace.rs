//! Events of the worker: counts and batches, never a number, a message body or the key of a person.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use clinspark_twilio::codes::ErrorCode;
use clinspark_twilio::outbox::{
    DeliveryReport, NewMessage, Occurrence, Pace, Reason, RecipientKey, Undelivered,
};
use clinspark_twilio::types::{MessageSid, MessageStatus};
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Metadata, Subscriber, span};

use super::support::{Act, Bench, batch, messages};

type Fields = BTreeMap<String, String>;

/// Every event of a test, with its level.
#[derive(Clone, Default)]
struct Capture(Arc<Mutex<Vec<(Level, Fields)>>>);

struct Reader<'f>(&'f mut Fields);

impl Visit for Reader<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}"));
    }
}

impl Subscriber for Capture {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::new();
        event.record(&mut Reader(&mut fields));
        let level = *event.metadata().level();
        self.0.lock().unwrap().push((level, fields));
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

impl Capture {
    /// Receives the events of this thread.
    fn install(&self) -> tracing::subscriber::DefaultGuard {
        // Stays: an event that another test meets first, without a subscriber, is else switched off for a
        // moment in all threads.
        static ALWAYS: std::sync::Once = std::sync::Once::new();
        ALWAYS.call_once(|| {
            let _ = tracing::subscriber::set_global_default(Self::default());
        });
        tracing::subscriber::set_default(self.clone())
    }

    /// Returns the events whose message begins so, and forgets all.
    fn take(&self, message: &str) -> Vec<(Level, Fields)> {
        let events = std::mem::take(&mut *self.0.lock().unwrap());
        for (_, fields) in &events {
            let line = format!("{fields:?}");
            for private in ["volunteer", "+1415", "2000001", "visit is", "Ann"] {
                assert!(!line.contains(private), "{private} in {line}");
            }
        }
        let is_meant = |(_, fields): &(Level, Fields)| fields["message"].starts_with(message);
        events.into_iter().filter(is_meant).collect()
    }

    /// Sum of a count over all events.
    fn sum(events: &[(Level, Fields)], count: &str) -> u64 {
        let counts = events.iter().map(|(_, fields)| &fields[count]);
        counts.map(|it| it.parse::<u64>().unwrap()).sum()
    }
}

fn answer(undelivered: Undelivered) -> Act {
    Act::Answer(undelivered)
}

fn script() -> Vec<Act> {
    let reason = || Reason::new("told");
    let (at, code, wait) = (None, None, None);
    vec![
        Act::Send,
        answer(Undelivered::Refused {
            code,
            reason: reason(),
        }),
        answer(Undelivered::Later {
            at,
            reason: reason(),
        }),
        answer(Undelivered::Held(reason())),
        answer(Undelivered::Expired),
        Act::LoseAnswer,
        answer(Undelivered::Throttled {
            wait,
            reason: reason(),
        }),
    ]
}

#[tokio::test(start_paused = true)]
async fn a_drain_tells_what_became_of_its_claims() {
    let capture = Capture::default();
    let _guard = capture.install();
    let bench = Bench::new(7, script()).await;
    bench.outbox.drain(7).await.unwrap();
    let ended = {
        let all = capture.0.lock().unwrap().clone();
        let outcome = |(_, fields): &(Level, Fields)| fields.get("outcome").cloned();
        let mut outcomes: Vec<_> = all.iter().filter_map(outcome).collect();
        outcomes.sort();
        outcomes
    };
    let expected = [
        "doubt", "expired", "held", "refused", "requeued", "requeued", "sent",
    ];
    assert_eq!(ended, expected.map(|it| format!("{it:?}")));
    let counts = capture.take("outbox: counts");
    let [(level, fields)] = counts.as_slice() else {
        panic!("{counts:?}")
    };
    assert_eq!(*level, Level::INFO);
    for (name, count) in [
        ("claimed", 7),
        ("sent", 1),
        ("refused", 1),
        ("requeued", 2),
        ("expired", 1),
        ("held", 1),
        ("doubts", 1),
        ("stopped", 0),
        ("stops", 0),
        ("lost", 0),
        ("pace_waits", 0),
    ] {
        assert_eq!(fields[name], count.to_string(), "{name}");
    }
    // Nothing is told of a look that finds nothing.
    bench.outbox.drain(0).await.unwrap();
    assert_eq!(capture.take("outbox").len(), 0);
    bench.outbox.reconcile().await.unwrap();
    let settled = capture.take("outbox: doubt settled");
    assert_eq!(settled[0].1["state"], "\"sent\"");
    assert_eq!(settled[0].1["batch"], "\"reminders\"");
}

#[tokio::test(start_paused = true)]
async fn a_stop_is_told_once_with_its_reason() {
    let capture = Capture::default();
    let _guard = capture.install();
    let wrong = || answer(Undelivered::Configuration(Reason::new("wrong credentials")));
    let bench = Bench::new(30, vec![wrong(); 10]).await;
    bench.drain().await;
    let stops = capture.take("outbox: batch stopped");
    let [(level, fields)] = stops.as_slice() else {
        panic!("{stops:?}")
    };
    assert_eq!(*level, Level::WARN);
    assert_eq!(fields["batch"], "\"reminders\"");
    assert_eq!(fields["reason"], "\"wrong credentials\"");

    bench.outbox.resume(batch().id()).await.unwrap();
    bench.live_for(60).await;
    capture.take("outbox");
    let record = &bench.records().await[29];
    let report = DeliveryReport {
        message_id: record.message_id.clone(),
        sid: record.sid.unwrap(),
        status: MessageStatus::Undelivered,
        code: Some(ErrorCode::from(30_034)),
    };
    for _ in 0..2 {
        bench.outbox.record(&report).await.unwrap();
    }
    let stops = capture.take("outbox: batch stopped");
    assert_eq!(stops.len(), 1);
    assert!(stops[0].1["reason"].contains("30034"));
}

#[tokio::test(start_paused = true)]
async fn a_second_sid_of_a_message_is_told() {
    let capture = Capture::default();
    let _guard = capture.install();
    let bench = Bench::new(1, vec![]).await;
    bench.drain().await;
    let record = &bench.records().await[0];
    let report = |sid| DeliveryReport {
        message_id: record.message_id.clone(),
        sid,
        status: MessageStatus::Delivered,
        code: None,
    };
    let own = report(record.sid.unwrap());
    bench.outbox.record(&own).await.unwrap();
    assert_eq!(capture.take("outbox: a report names another SID").len(), 0);
    let other = MessageSid::parse("SM00000000000000000000000000000099").unwrap();
    bench.outbox.record(&report(other)).await.unwrap();
    let told = capture.take("outbox: a report names another SID");
    let [(level, fields)] = told.as_slice() else {
        panic!("{told:?}")
    };
    assert_eq!(*level, Level::WARN);
    let id = format!("{:?}", record.message_id.as_str());
    assert_eq!(fields["message_id"], id);
}

/// A long batch tells its counts while it runs, and each message once.
#[tokio::test(start_paused = true)]
async fn a_run_tells_its_counts_as_it_goes() {
    let capture = Capture::default();
    let _guard = capture.install();
    let bench = Bench::new(0, []).await;
    bench
        .outbox
        .set_pace(Pace::per_second(2.0).unwrap())
        .await
        .unwrap();
    bench
        .outbox
        .enqueue(batch().id(), &messages(100))
        .await
        .unwrap();
    let run = bench
        .outbox
        .run(tokio::time::sleep(Duration::from_secs(90)));
    let drained = run.await.unwrap();
    let counts = capture.take("outbox: counts");
    assert!(counts.len() >= 4, "{counts:?}");
    assert_eq!(Capture::sum(&counts, "sent"), 100);
    assert_eq!(Capture::sum(&counts, "claimed"), drained.total());
    assert_eq!(Capture::sum(&counts, "pace_waits"), drained.pace_waits);
    assert!(drained.pace_waits >= 90, "{drained:?}");
    let key = RecipientKey::parse("volunteer-1").unwrap();
    let end = bench.clock_now() + Duration::from_secs(1);
    let other = NewMessage::new(key).occurrence(Occurrence::parse("visit-2").unwrap());
    let late = other.not_after(end);
    bench.outbox.enqueue(batch().id(), &[late]).await.unwrap();
    tokio::time::sleep(Duration::from_secs(2)).await;
    bench.drain().await;
    let counts = capture.take("outbox: counts");
    assert_eq!(Capture::sum(&counts, "expired"), 1);
}
