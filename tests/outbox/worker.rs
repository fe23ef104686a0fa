//! The worker: each person once, whatever fails.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clinspark_twilio::outbox::{
    Drained, MemoryStore, MessageState, NewMessage, Outbox, OutboxStore, Pace, RecipientKey,
    StoreErrorKind, resolver_fn,
};
use proptest::prelude::*;

use super::support::{
    Act, Bench, Flaky, TestClock, Twilio, batch, everyone, fill, key, messages, number, person_of,
    reason_of, sender, template,
};

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => Just(Act::Send),
        1 => Just(Act::LoseAnswer),
        1 => Just(Act::LoseRequest),
        1 => Just(Act::PanicBefore),
        1 => Just(Act::PanicAfter),
        1 => Just(Act::HangBefore),
        1 => Just(Act::HangAfter),
    ]
}

/// Two workers, a store that fails at any statement before or after its commit, a Twilio that loses
/// requests and answers, and a delivery that panics and hangs.
async fn run(people: u64, acts: Vec<Act>, seed: u64, failures: u64) -> Result<(), TestCaseError> {
    let clock = TestClock::new();
    let memory = MemoryStore::with_clock(Arc::<TestClock>::clone(&clock));
    let store = Flaky::new(memory.clone(), seed, 0);
    let twilio = Twilio::new(&clock, acts);
    let outbox = || {
        let deliver = twilio.clone();
        let builder = Outbox::builder(store.clone(), sender(), deliver, everyone(), key());
        let clock = Arc::<TestClock>::clone(&clock);
        let builder = builder.poll_interval(Duration::from_secs(10));
        builder.template(template()).clock(clock).build()
    };
    let (one, two) = (outbox(), outbox());
    fill(&one, &messages(people)).await;
    store.failures.store(failures, Ordering::SeqCst);
    let shutdown = || tokio::time::sleep(Duration::from_secs(3_600));
    let ends = tokio::join!(one.run(shutdown()), two.run(shutdown()));
    prop_assert!(ends.0.is_ok() && ends.1.is_ok());
    store.failures.store(0, Ordering::SeqCst);
    let ends = tokio::join!(one.run(shutdown()), two.run(shutdown()));
    prop_assert!(ends.0.is_ok() && ends.1.is_ok());

    let sent = twilio.sent();
    let records = memory.records(batch().id(), None, 0, 1_000).await.unwrap();
    prop_assert_eq!(records.len() as u64, people);
    for (of, record) in (1..).zip(&records) {
        let texts = sent.iter().filter(|to| **to == number(of)).count();
        match record.state {
            MessageState::Sent => prop_assert_eq!((texts, record.sid.is_some()), (1, true)),
            MessageState::Held => {
                prop_assert!(texts <= 1);
                prop_assert_ne!(reason_of(record), "");
            }
            state => prop_assert!(false, "{state:?}: {}", reason_of(record)),
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_person_gets_one_text_at_most_and_each_message_an_end(
        people in 1_u64..12,
        acts in proptest::collection::vec(act(), 0..16),
        seed: u64,
        failures in 0_u64..60,
    ) {
        let builder = &mut tokio::runtime::Builder::new_current_thread();
        let runtime = builder.enable_all().start_paused(true).build().unwrap();
        runtime.block_on(run(people, acts, seed, failures))?;
    }
}

#[tokio::test(start_paused = true)]
async fn a_callback_before_the_answer_counts_once() {
    let clock = TestClock::new();
    let store = MemoryStore::with_clock(Arc::<TestClock>::clone(&clock));
    let twilio = Twilio::new(&clock, [Act::CallbackFirst(store.clone())]);
    let builder = Outbox::builder(store.clone(), sender(), twilio.clone(), everyone(), key());
    let outbox = builder.template(template()).clock(clock).build();
    fill(&outbox, &messages(1)).await;
    let drained = outbox.drain(10).await.unwrap();
    assert_eq!((drained.sent, drained.lost), (1, 0));
    assert_eq!(twilio.sent(), [number(1)]);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_drain_leaves_doubts_and_no_second_text() {
    let bench = Bench::new(20, []).await;
    let drain = bench.outbox.drain(1_000);
    assert!(
        tokio::time::timeout(Duration::from_millis(50), drain)
            .await
            .is_err()
    );
    assert_eq!(bench.twilio.sent().len(), 10);
    bench.live_for(900).await;
    let mut sent = bench.twilio.sent();
    sent.sort_unstable();
    assert_eq!(sent, (1..=20).map(number).collect::<Vec<_>>());
    let records = bench.records().await;
    assert!(
        records
            .iter()
            .all(|record| record.state == MessageState::Sent)
    );
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_that_is_ready_at_once_claims_nothing() {
    let bench = Bench::new(3, []).await;
    let drained = bench.outbox.run(std::future::ready(())).await.unwrap();
    assert_eq!(drained, Drained::default());
    assert_eq!(bench.twilio.sent(), []);
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_waits_for_the_texts_in_progress() {
    let bench = Bench::new(50, []).await;
    let shutdown = tokio::time::sleep(Duration::from_millis(150));
    let drained = bench.outbox.run(shutdown).await.unwrap();
    assert_eq!(drained.sent, 20);
    let counts = bench.store.counts(batch().id()).await.unwrap();
    let states = (
        counts.of(MessageState::Sending),
        counts.of(MessageState::Queued),
    );
    assert_eq!(states, (0, 30));
}

/// One text that takes minutes must not keep new ones waiting.
#[tokio::test(start_paused = true)]
async fn a_slow_text_does_not_stop_new_ones() {
    let bench = Bench::new(1, [Act::HangBefore]).await;
    let run = bench
        .outbox
        .run(tokio::time::sleep(Duration::from_secs(60)));
    let later = async {
        tokio::time::sleep(Duration::from_secs(5)).await;
        bench
            .outbox
            .enqueue(batch().id(), &messages(2))
            .await
            .unwrap();
        tokio::time::sleep(Duration::from_secs(5)).await;
        assert_eq!(bench.twilio.sent(), [number(2)]);
    };
    let (drained, ()) = tokio::join!(run, later);
    assert_eq!(drained.unwrap().sent, 1);
}

/// During a batch of hours, doubts are settled all the same.
#[tokio::test(start_paused = true)]
async fn reconciling_goes_on_during_a_long_batch() {
    let bench = Bench::new(300, [Act::LoseAnswer]).await;
    bench
        .outbox
        .set_pace(Pace::per_second(1.0).unwrap())
        .await
        .unwrap();
    let run = bench
        .outbox
        .run(tokio::time::sleep(Duration::from_secs(100)));
    run.await.unwrap();
    assert_eq!(bench.records().await[0].state, MessageState::Sent);
    assert!(bench.twilio.sent().len() < 120);
}

#[tokio::test(start_paused = true)]
async fn a_resolver_that_fails_panics_or_hangs_is_asked_again_and_then_held() {
    for (failure, reason) in [
        ("fails", "the resolver failed"),
        ("panics", "the resolver panicked"),
        ("hangs", "the resolver took too long"),
    ] {
        let is_broken = Arc::new(AtomicBool::new(true));
        let switch = Arc::clone(&is_broken);
        let resolver = resolver_fn(move |key: RecipientKey, _| {
            let broken = is_broken.load(Ordering::SeqCst) && key.as_str() == "volunteer-1";
            async move {
                match failure {
                    "fails" if broken => Err("+14152000001 is locked".into()),
                    "panics" if broken => panic!("broken"),
                    "hangs" if broken => std::future::pending().await,
                    _ => Ok(Some(person_of(&key))),
                }
            }
        });
        let bench = Bench::with(2, [], resolver, |builder| builder).await;
        bench.live_for(300).await;
        let record = &bench.records().await[0];
        assert_eq!(
            (record.state, reason_of(record)),
            (MessageState::Queued, reason.to_owned())
        );
        assert_eq!(
            bench.twilio.sent(),
            [number(2)],
            "the other person waits for nothing"
        );
        let is_short = failure == "fails";
        if is_short {
            switch.store(false, Ordering::SeqCst);
        }
        bench.live_for(7_200).await;
        let record = &bench.records().await[0];
        if is_short {
            assert_eq!(record.state, MessageState::Sent);
        } else {
            assert_eq!(
                (record.state, reason_of(record)),
                (MessageState::Held, reason.to_owned())
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_delivery_that_always_panics_is_held() {
    let bench = Bench::new(1, vec![Act::PanicBefore; 30]).await;
    bench.live_for(7_200).await;
    let held = (MessageState::Held, "the delivery panicked".to_owned());
    assert_eq!(bench.only().await, held);
}

#[tokio::test(start_paused = true)]
async fn slots_that_all_hang_come_free_again() {
    let bench = Bench::new(20, vec![Act::HangBefore; 10]).await;
    let run = bench
        .outbox
        .run(tokio::time::sleep(Duration::from_secs(1_200)));
    assert_eq!(run.await.unwrap().sent, 20);
}

/// A clock that jumps holds or frees messages, and sends none of them twice.
#[tokio::test(start_paused = true)]
async fn a_clock_that_jumps_sends_each_text_once() {
    for jump in [-86_400, -60, 60, 86_400] {
        let bench = Bench::new(60, vec![Act::Send; 15]).await;
        let run = bench
            .outbox
            .run(tokio::time::sleep(Duration::from_secs(900)));
        let jumps = async {
            tokio::time::sleep(Duration::from_millis(150)).await;
            bench.clock.jump(jump);
        };
        let (drained, ()) = tokio::join!(run, jumps);
        drained.unwrap();
        // What was added before a clock is put back waits until its time comes again.
        bench.clock.jump(-jump);
        let run = bench
            .outbox
            .run(tokio::time::sleep(Duration::from_secs(900)));
        run.await.unwrap();
        let mut sent = bench.twilio.sent();
        sent.sort_unstable();
        assert_eq!(sent, (1..=60).map(number).collect::<Vec<_>>(), "{jump}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_message_past_its_end_is_expired_and_a_sender_without_pace_is_told() {
    let bench = Bench::new(0, []).await;
    let end = bench.store.now().await.unwrap() + Duration::from_secs(60);
    let late = NewMessage::new(RecipientKey::parse("volunteer-1").unwrap()).not_after(end);
    bench.outbox.enqueue(batch().id(), &[late]).await.unwrap();
    tokio::time::sleep(Duration::from_secs(61)).await;
    let drained = bench.outbox.drain(10).await.unwrap();
    assert_eq!((drained.expired, drained.total()), (1, 1));
    assert_eq!(bench.twilio.sent(), []);

    let deliver = bench.twilio.clone();
    let other = Outbox::builder(MemoryStore::new(), sender(), deliver, everyone(), key()).build();
    let shutdown = tokio::time::sleep(Duration::from_secs(60));
    let error = other.run(shutdown).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Conflict);
}
