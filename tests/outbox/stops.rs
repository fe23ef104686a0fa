//! Errors that every text of a batch would meet: the batch stops once, and goes on when it is resumed.

use std::time::Duration;

use clinspark_twilio::codes::ErrorCode;
use clinspark_twilio::outbox::{
    BatchState, DeliveryReport, MessageState, Observed, OutboxStore, Reason, Undelivered,
    resolver_fn,
};
use clinspark_twilio::types::MessageStatus;

use super::support::{Act, Bench, batch, messages, number, person_of, sid};

fn wrong() -> Act {
    Act::Answer(Undelivered::Configuration(Reason::new("wrong credentials")))
}

async fn state(bench: &Bench) -> (BatchState, Option<String>) {
    let record = bench.store.batch(batch().id()).await.unwrap().unwrap();
    let reason = record.reason.map(|reason| reason.as_str().to_owned());
    (record.state, reason)
}

/// Failed delivery of the first message, as a callback reports it.
async fn failure(bench: &Bench, code: u32) -> DeliveryReport {
    let record = &bench.records().await[0];
    DeliveryReport {
        message_id: record.message_id.clone(),
        sid: record.sid.unwrap(),
        status: MessageStatus::Undelivered,
        code: Some(ErrorCode::from(code)),
    }
}

#[tokio::test(start_paused = true)]
async fn ten_texts_in_progress_stop_the_batch_once() {
    let bench = Bench::new(30, vec![wrong(); 10]).await;
    let drained = bench.outbox.drain(1_000).await.unwrap();
    assert!(drained.stopped >= 1, "{drained:?}");
    assert_eq!((drained.stops, drained.refused, drained.sent), (1, 0, 0));
    let counts = bench.store.counts(batch().id()).await.unwrap();
    assert_eq!(counts.of(MessageState::Paused), 30);
}

/// A text that hangs while a person resumes the batch, and meets the old error afterwards.
#[tokio::test(start_paused = true)]
async fn a_straggler_does_not_stop_what_a_person_has_resumed() {
    let late = Act::AnswerLate(
        Duration::from_secs(30),
        Undelivered::Configuration(Reason::new("wrong credentials")),
    );
    let bench = Bench::new(4, [late, wrong()]).await;
    let run = bench
        .outbox
        .run(tokio::time::sleep(Duration::from_secs(120)));
    let person = async {
        tokio::time::sleep(Duration::from_secs(10)).await;
        assert_eq!(state(&bench).await.0, BatchState::Stopped);
        bench.outbox.resume(batch().id()).await.unwrap();
        assert_eq!(bench.outbox.resume(batch().id()).await.unwrap(), 0);
    };
    let (drained, ()) = tokio::join!(run, person);
    let drained = drained.unwrap();
    assert_eq!((drained.sent, drained.stops), (4, 1), "{drained:?}");
    assert_eq!(state(&bench).await, (BatchState::Open, None));
    let mut sent = bench.twilio.sent();
    sent.sort_unstable();
    assert_eq!(sent, (1..=4).map(number).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn an_unregistered_sender_that_only_a_callback_tells_stops_the_batch() {
    for code in [30_002, 30_032, 30_033, 30_034, 30_037] {
        let bench = Bench::new(1, []).await;
        bench.drain().await;
        bench
            .outbox
            .enqueue(batch().id(), &messages(20))
            .await
            .unwrap();
        let report = failure(&bench, code).await;
        let observed = bench.outbox.record(&report).await.unwrap();
        assert_eq!(observed, Observed::Recorded);
        let (now, reason) = state(&bench).await;
        assert_eq!(now, BatchState::Stopped, "{code}");
        assert!(reason.unwrap().contains(&code.to_string()));
        assert_eq!(bench.outbox.drain(100).await.unwrap().total(), 0);
        assert_eq!(bench.twilio.sent().len(), 1);
        // The same callback again, after a person has resumed the batch.
        bench.outbox.resume(batch().id()).await.unwrap();
        bench.outbox.record(&report).await.unwrap();
        assert_eq!(state(&bench).await, (BatchState::Open, None));
        assert_eq!(bench.outbox.drain(100).await.unwrap().sent, 19);
        // The error stands for all texts since: another message of the second run.
        let last = bench.records().await.pop().unwrap();
        let again = DeliveryReport {
            message_id: last.message_id,
            sid: last.sid.unwrap(),
            ..report
        };
        bench.outbox.record(&again).await.unwrap();
        assert_eq!(state(&bench).await.0, BatchState::Stopped);
    }
}

#[tokio::test(start_paused = true)]
async fn a_delivery_that_fails_for_one_person_stops_nothing() {
    let codes = [
        30_003, 30_005, 30_006, 30_007, 30_024, 30_036, 30_040, 21_610,
    ];
    for code in codes {
        let bench = Bench::new(2, []).await;
        bench.outbox.drain(1).await.unwrap();
        let report = failure(&bench, code).await;
        bench.outbox.record(&report).await.unwrap();
        assert_eq!(state(&bench).await, (BatchState::Open, None), "{code}");
    }
    // A report of another text, or of an unknown one, is no witness.
    let bench = Bench::new(2, []).await;
    bench.outbox.drain(1).await.unwrap();
    let mut report = failure(&bench, 30_034).await;
    report.sid = sid(99);
    assert_eq!(
        bench.outbox.record(&report).await.unwrap(),
        Observed::OtherSid
    );
    report.message_id = "m-unknown".parse().unwrap();
    assert_eq!(
        bench.outbox.record(&report).await.unwrap(),
        Observed::Unknown
    );
    assert_eq!(state(&bench).await, (BatchState::Open, None));
}

/// Thirty nights of quiet hours are no failures: the resolver has its ten tries afterwards.
#[tokio::test(start_paused = true)]
async fn quiet_hours_do_not_count_as_failures() {
    let quiet = || {
        Act::Answer(Undelivered::Later {
            at: None,
            reason: Reason::new("quiet hours"),
        })
    };
    let is_broken = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let switch = std::sync::Arc::clone(&is_broken);
    let resolver = resolver_fn(move |key, _| {
        let broken = is_broken.load(std::sync::atomic::Ordering::SeqCst);
        async move {
            if broken {
                return Err("the record is locked".into());
            }
            Ok(Some(person_of(&key)))
        }
    });
    let script = std::iter::repeat_with(quiet).take(30);
    let bench = Bench::with(1, script, resolver, |builder| builder).await;
    while bench.records().await[0].attempts < 25 {
        bench.live_for(900).await;
    }
    switch.store(true, std::sync::atomic::Ordering::SeqCst);
    let before = bench.records().await[0].attempts;
    let mut failed = 0;
    while bench.only().await.0 != MessageState::Held {
        bench.live_for(60).await;
        failed = bench.records().await[0].attempts - before;
        assert!(failed <= 10, "held after {failed} failures");
    }
    assert_eq!(failed, 10);
    // A person sends it again, once the record is there: one failure more does not hold it.
    let id = bench.records().await[0].message_id.clone();
    let again = clinspark_twilio::outbox::Decision::SendAgain;
    assert!(bench.outbox.decide(&id, again).await.unwrap());
    bench.drain().await;
    assert_eq!(bench.only().await.0, MessageState::Queued);
    assert_eq!(bench.twilio.sent(), []);
}

/// Two workers of one sender, and a Twilio that is too busy for both: no one is lost or texted twice.
#[tokio::test(start_paused = true)]
async fn two_workers_share_a_hold_of_their_sender() {
    let busy = || {
        Act::Answer(Undelivered::Throttled {
            wait: Some(Duration::from_secs(20)),
            reason: Reason::new("429"),
        })
    };
    let bench = Bench::new(40, vec![busy(); 20]).await;
    let other = bench.another();
    let began = bench.clock_now();
    let shutdown = || tokio::time::sleep(Duration::from_secs(300));
    let (one, two) = tokio::join!(bench.outbox.run(shutdown()), other.run(shutdown()));
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_eq!(one.sent + two.sent, 40);
    assert_eq!(one.requeued + two.requeued, 20, "{one:?} {two:?}");
    let mut sent = bench.twilio.sent();
    sent.sort_unstable();
    assert_eq!(sent, (1..=40).map(number).collect::<Vec<_>>());
    // Neither worker sends before the hold has ended.
    let first = bench.twilio.first_sent().unwrap();
    let held = first.duration_since(began).unwrap();
    assert!(held >= Duration::from_secs(20), "{held:?}");
}

/// Texts in flight when their batch is canceled end as they did; those that wait are never sent.
#[tokio::test(start_paused = true)]
async fn a_batch_that_is_canceled_in_flight_ends_each_message_once() {
    let script = [
        Act::Send,
        Act::LoseAnswer,
        Act::AnswerLate(
            Duration::from_secs(1),
            Undelivered::Configuration(Reason::new("wrong credentials")),
        ),
        Act::PanicBefore,
        Act::HangBefore,
    ];
    let bench = Bench::new(20, script).await;
    let run = bench
        .outbox
        .run(tokio::time::sleep(Duration::from_secs(900)));
    let person = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        bench.outbox.cancel(batch().id()).await.unwrap();
        assert_eq!(bench.outbox.resume(batch().id()).await.unwrap(), 0);
    };
    let (drained, ()) = tokio::join!(run, person);
    assert_eq!(drained.unwrap().stops, 0);
    assert_eq!(state(&bench).await, (BatchState::Cancelled, None));
    let sent = bench.twilio.sent();
    for (of, record) in (1..).zip(bench.records().await) {
        let texts = sent.iter().filter(|to| **to == number(of)).count();
        let expected = match record.state {
            MessageState::Sent => 1,
            MessageState::Cancelled => 0,
            state => panic!("{state:?}"),
        };
        assert_eq!(texts, expected, "{of}");
    }
}

#[tokio::test(start_paused = true)]
async fn no_messages_and_ten_megabytes_of_keys_are_added() {
    use clinspark_twilio::outbox::{NewMessage, Occurrence, RecipientKey};

    let bench = Bench::new(0, []).await;
    assert_eq!(bench.outbox.enqueue(batch().id(), &[]).await.unwrap(), 0);
    assert_eq!(bench.outbox.drain(0).await.unwrap().total(), 0);
    // 64 bytes each, recipient and occurrence.
    let long = |of: u64| {
        let key = |word: &str| format!("{word}{of:0>width$}", width = 64 - word.len());
        NewMessage::new(RecipientKey::parse(&key("volunteer-")).unwrap())
            .occurrence(Occurrence::parse(&key("visit-")).unwrap())
    };
    let many: Vec<_> = (0..82_000).map(long).collect();
    let bytes: usize = many
        .iter()
        .map(|it| it.recipient.as_str().len() + it.occurrence.as_str().len())
        .sum();
    assert!(bytes > 10 * 1_000 * 1_000);
    let new = bench.outbox.enqueue(batch().id(), &many).await.unwrap();
    assert_eq!(new, 82_000);
    let again = bench.outbox.enqueue(batch().id(), &many).await.unwrap();
    assert_eq!(again, 0);
    let odd = [
        "vol\u{fc}nteer",
        "a\u{301}",
        "\u{202e}abc",
        "a\0b",
        "a b",
        "\u{ff41}",
        "",
        "\u{1f600}",
    ];
    for key in odd {
        assert!(RecipientKey::parse(key).is_err(), "{key:?}");
    }
}
