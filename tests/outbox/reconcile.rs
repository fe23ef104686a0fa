//! What becomes of a message whose outcome is unknown.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use clinspark_twilio::outbox::{
    Claim, Doubt, LedgerEntry, MessageState, Outbox, OutboxBuilder, OutboxStore, Person, Proof,
    WorkerId, resolver_fn,
};
use clinspark_twilio::types::Redacted;

use super::support::{
    Act, Bench, Flaky, batch, data, everyone, fill, key, messages, number, person_of, report,
    sender, sid, template,
};

const BODY: &str = "Hi Ann, your visit is tomorrow.";

async fn doubtful(act: Act) -> Bench {
    let bench = Bench::new(1, [act]).await;
    bench.drain().await;
    assert_eq!(bench.only().await.0, MessageState::Sending);
    bench
}

#[tokio::test(start_paused = true)]
async fn a_status_callback_settles_it() {
    let bench = doubtful(Act::LoseAnswer).await;
    let id = bench.records().await[0].message_id.clone();
    bench.store.observe(&report(&id, sid(1))).await.unwrap();
    assert_eq!(bench.only().await.0, MessageState::Sent);
}

#[tokio::test(start_paused = true)]
async fn the_list_shows_it_by_its_proof() {
    let bench = doubtful(Act::LoseAnswer).await;
    bench.twilio.add(number(1), "Another text.");
    let report = bench.outbox.reconcile().await.unwrap();
    assert_eq!((report.sent, report.open), (1, 0));
    assert_eq!(bench.records().await[0].sid, Some(sid(1)));
}

#[tokio::test(start_paused = true)]
async fn a_smart_encoded_text_is_the_same() {
    let bench = Bench::with(
        1,
        [Act::LoseAnswer],
        resolver_fn(|_, _| async {
            let data = data().value("first_name", "Ann\u{2019}s");
            Ok(Some(Person::new(number(1).as_str(), data)))
        }),
        |builder| builder,
    )
    .await;
    bench.drain().await;
    bench.twilio.change(|(_, text)| {
        let encoded = text
            .body
            .as_ref()
            .unwrap()
            .expose()
            .replace('\u{2019}', "'");
        text.body = Some(Redacted::new(encoded));
    });
    assert_eq!(bench.outbox.reconcile().await.unwrap().sent, 1);
}

#[tokio::test(start_paused = true)]
async fn a_changed_number_or_a_missing_person_is_held() {
    let is_missing = Arc::new(AtomicUsize::new(0));
    for (changed, reason) in [
        (1, "in doubt, and the person's number has changed since"),
        (2, "in doubt, and the resolver has no such person"),
    ] {
        is_missing.store(0, Ordering::SeqCst);
        let now = Arc::clone(&is_missing);
        let resolver = resolver_fn(move |key, _| {
            let now = now.load(Ordering::SeqCst);
            async move {
                Ok(match now {
                    0 => Some(person_of(&key)),
                    1 => Some(Person::new(number(99).as_str(), data())),
                    _ => None,
                })
            }
        });
        let bench = Bench::with(1, [Act::LoseAnswer], resolver, |builder| builder).await;
        bench.drain().await;
        is_missing.store(changed, Ordering::SeqCst);
        bench.outbox.reconcile().await.unwrap();
        assert_eq!(bench.only().await, (MessageState::Held, reason.to_owned()));
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_without_texts_or_numbers_settles_nothing() {
    // `discard`: the body is missing. `obfuscate`: the number is, so the list is empty.
    let discard = doubtful(Act::LoseAnswer).await;
    discard.twilio.change(|(_, text)| text.body = None);
    discard.outbox.reconcile().await.unwrap();
    let (state, reason) = discard.only().await;
    assert_eq!(state, MessageState::Held);
    assert!(reason.contains("keeps no text"), "{reason}");

    let obfuscate = doubtful(Act::LoseAnswer).await;
    obfuscate.twilio.change(|(to, _)| *to = number(98));
    obfuscate
        .twilio
        .set_incomplete("the address retention keeps numbers out");
    obfuscate.outbox.reconcile().await.unwrap();
    let (state, reason) = obfuscate.only().await;
    assert_eq!(state, MessageState::Held);
    assert_eq!(reason, "in doubt: the address retention keeps numbers out");
}

#[tokio::test(start_paused = true)]
async fn several_equal_texts_are_held() {
    let bench = doubtful(Act::LoseAnswer).await;
    bench.twilio.add(number(1), BODY);
    bench.outbox.reconcile().await.unwrap();
    let (state, reason) = bench.only().await;
    assert_eq!(state, MessageState::Held);
    assert!(reason.contains("several equal texts"), "{reason}");
}

#[tokio::test(start_paused = true)]
async fn two_looks_a_minute_apart_then_held_or_queued() {
    for resends in [false, true] {
        let bench = Bench::with(1, [Act::LoseRequest], everyone(), |builder| {
            let builder = builder.doubt_after(Duration::from_secs(90));
            if resends {
                builder.resend_after_two_looks()
            } else {
                builder
            }
        })
        .await;
        bench.drain().await;
        let look = async || bench.outbox.reconcile().await.unwrap();
        assert_eq!(look().await.open, 1);
        assert_eq!(look().await.open, 1, "a look too soon does not count");
        tokio::time::sleep(Duration::from_secs(61)).await;
        if resends {
            assert_eq!(look().await.open, 1, "a slow worker may still send it");
            tokio::time::sleep(Duration::from_secs(61)).await;
            assert_eq!(look().await.requeued, 1);
            bench.drain().await;
            assert_eq!(bench.twilio.sent(), [number(1)]);
            assert_eq!(bench.only().await.0, MessageState::Sent);
        } else {
            assert_eq!(look().await.held, 1);
            assert!(bench.only().await.1.contains("two looks"));
            bench.live_for(3_600).await;
            assert_eq!(bench.twilio.sent(), []);
        }
    }
}

/// The clock of the store is wrong by hours: an equal text must not be taken for another.
#[tokio::test(start_paused = true)]
async fn a_clock_that_jumps_sends_nothing_twice() {
    for jump in [-86_400, -7_200, -1_800, -300, 300, 1_800, 7_200, 86_400] {
        let bench = Bench::with(1, [Act::LoseAnswer], everyone(), |builder| {
            builder.resend_after_two_looks()
        })
        .await;
        bench.drain().await;
        // Twilio's time of the text, as the store's clock would have it.
        bench.twilio.change(|(_, text)| {
            let created = text.created.unwrap();
            let by = Duration::from_secs(i64::unsigned_abs(jump));
            text.created = Some(if jump < 0 { created - by } else { created + by });
        });
        bench.clock.jump(jump);
        bench.live_for(90_000).await;
        assert_eq!(bench.twilio.sent(), [number(1)], "{jump}");
        let (state, _) = bench.only().await;
        assert!(
            matches!(state, MessageState::Sent | MessageState::Held),
            "{jump}: {state:?}"
        );
    }
}

/// A worker is slow, and begins its claim at the moment at which it is put back.
#[tokio::test(start_paused = true)]
async fn a_claim_that_is_put_back_cannot_begin_any_more() {
    let bench = Bench::new(1, []).await;
    let worker = WorkerId::parse("slow").unwrap();
    let Claim::Message(slow) = bench.store.claim(&sender(), &worker).await.unwrap() else {
        panic!("a message is due")
    };
    tokio::time::sleep(Duration::from_secs(400)).await;
    let entry = LedgerEntry {
        proof: key().proof(number(1), BODY),
        segments: 1,
    };
    // Reconciling has read the doubt; then the worker begins; then reconciling goes on.
    let store = Flaky::new(bench.store.clone(), 1, 0);
    store.begin_after_doubts(*slow, entry.clone());
    let deliver = bench.twilio.clone();
    let builder = Outbox::builder(store.clone(), sender(), deliver, everyone(), key());
    let outbox = builder.template(template()).build();
    let report = outbox.reconcile().await.unwrap();
    assert!(store.has_begun());
    assert_eq!((report.requeued, report.open), (0, 1));
    assert_eq!(bench.only().await.0, MessageState::Sending);

    // The other order: it is put back, and the slow worker comes too late.
    let bench = Bench::new(1, []).await;
    let Claim::Message(slow) = bench.store.claim(&sender(), &worker).await.unwrap() else {
        panic!("a message is due")
    };
    tokio::time::sleep(Duration::from_secs(400)).await;
    assert_eq!(bench.outbox.reconcile().await.unwrap().requeued, 1);
    assert!(!bench.store.begin(&slow, &entry).await.unwrap());
}

/// A process died between the fence and the statement that puts the message back.
#[tokio::test(start_paused = true)]
async fn a_fenced_claim_is_put_back_later() {
    let bench = Bench::new(1, []).await;
    let worker = WorkerId::parse("dead").unwrap();
    let Claim::Message(dead) = bench.store.claim(&sender(), &worker).await.unwrap() else {
        panic!("a message is due")
    };
    tokio::time::sleep(Duration::from_secs(400)).await;
    let store = Flaky::new(bench.store.clone(), 1, 0);
    let now = store.now().await.unwrap();
    let doubts: Vec<Doubt> = store.doubts(&sender(), now, 10).await.unwrap();
    assert_eq!(doubts[0].claimed, *dead);
    let fence = LedgerEntry {
        proof: Proof::from_bytes(&[0; 32]).unwrap(),
        segments: 1,
    };
    assert!(store.begin(&dead, &fence).await.unwrap());
    assert_eq!(bench.outbox.reconcile().await.unwrap().requeued, 1);
    bench.drain().await;
    assert_eq!(bench.twilio.sent(), [number(1)]);
}

#[tokio::test(start_paused = true)]
async fn two_people_with_one_number_and_one_text_are_not_mixed_up() {
    let resolver = resolver_fn(|_, _| async { Ok(Some(Person::new(number(1).as_str(), data()))) });
    let bench = Bench::with(
        2,
        [Act::LoseAnswer, Act::LoseRequest],
        resolver,
        OutboxBuilder::resend_after_two_looks,
    )
    .await;
    bench.live_for(1_200).await;
    assert_eq!(bench.twilio.sent(), [number(1), number(1)]);
    let records = bench.records().await;
    assert!(
        records
            .iter()
            .all(|record| record.state == MessageState::Sent)
    );
    assert_ne!(records[0].sid, records[1].sid);
}

/// A resolver that panics or hangs costs its own message, and the other doubt is settled.
#[tokio::test(start_paused = true)]
async fn a_broken_resolver_does_not_stop_the_reconciling() {
    let is_broken = Arc::new(AtomicBool::new(false));
    let switch = Arc::clone(&is_broken);
    let resolver = resolver_fn(move |key, _| {
        let broken = is_broken.load(Ordering::SeqCst);
        async move {
            match key.as_str() {
                "volunteer-1" if broken => panic!("broken"),
                "volunteer-2" if broken => std::future::pending().await,
                _ => Ok(Some(person_of(&key))),
            }
        }
    });
    let lost = [Act::LoseAnswer, Act::LoseAnswer, Act::LoseAnswer];
    let bench = Bench::with(3, lost, resolver, |builder| builder).await;
    bench.drain().await;
    switch.store(true, Ordering::SeqCst);
    let report = bench.outbox.reconcile().await.unwrap();
    assert_eq!((report.sent, report.open), (1, 2));
    switch.store(false, Ordering::SeqCst);
    assert_eq!(bench.outbox.reconcile().await.unwrap().sent, 2);
    fill(&bench.outbox, &messages(3)).await;
    let counts = bench.store.counts(batch().id()).await.unwrap();
    assert_eq!(counts.of(MessageState::Sent), 3);
}
