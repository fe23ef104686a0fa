//! Paces by a held clock, and clocks that jump.

use std::time::{Duration, SystemTime};

use clinspark_twilio::client::Clock as _;
use clinspark_twilio::outbox::{Claim, MessageState, OutboxStore as _, Pace};
use clinspark_twilio_outbox::SqliteStore;

use crate::support::{Folder, HeldClock, batch_id, claim, people, sender, store, worker};

#[tokio::test]
async fn three_stores_of_a_file_keep_the_pace_together() {
    for (per_second, messages) in [(1.0, 30), (12.0, 120), (100.0, 400), (225.0, 900)] {
        let folder = Folder::new();
        let clock = HeldClock::new();
        let mut stores = Vec::new();
        for _ in 0..3 {
            stores.push(store(&folder).await.with_clock(clock.shared()));
        }
        let pace = Pace::per_second(per_second).unwrap();
        let pace = pace.burst(Duration::ZERO);
        stores[0].set_pace(&sender(), pace).await.unwrap();
        let new = people(0..messages);
        stores[0].enqueue(&batch_id(), &new).await.unwrap();
        let (began, mut ended) = (clock.now(), clock.now());
        for claims in 0..messages {
            let store: &SqliteStore = &stores[usize::try_from(claims % 3).unwrap()];
            while let Claim::Wait(until) = store.claim(&sender(), &worker()).await.unwrap() {
                assert!(until > clock.now());
                clock.set(until);
            }
            ended = clock.now();
        }
        let took = ended.duration_since(began).unwrap().as_secs_f64();
        let intervals = messages - 1;
        let rate = f64::from(u32::try_from(intervals).unwrap()) / took;
        println!("asked {per_second} a second, got {rate:.3}");
        assert!((rate / per_second - 1.0).abs() < 0.001, "{rate}");
        let counts = stores[0].counts(&batch_id()).await.unwrap();
        assert_eq!(counts.of(MessageState::Sending), messages);
    }
}

#[tokio::test]
async fn a_clock_that_is_put_back_does_not_stop_the_sender() {
    let folder = Folder::new();
    let clock = HeldClock::new();
    let store = store(&folder).await.with_clock(clock.shared());
    let pace = Pace::per_second(1.0).unwrap();
    store.set_pace(&sender(), pace).await.unwrap();
    let past = SystemTime::UNIX_EPOCH + Duration::from_secs(1);
    let due = people(0..20).into_iter().map(|it| it.not_before(past));
    let due: Vec<_> = due.collect();
    store.enqueue(&batch_id(), &due).await.unwrap();
    claim(&store).await;
    clock.set(clock.now() - Duration::from_secs(3 * 60 * 60));
    claim(&store).await;
    // The pace goes on from the new time.
    let wait = loop {
        match store.claim(&sender(), &worker()).await.unwrap() {
            Claim::Message(_) => {}
            Claim::Wait(until) => break until,
            other => panic!("{other:?}"),
        }
    };
    assert!(wait <= clock.now() + pace.horizon());
    // Forward: the burst of one second is all that a pause gives.
    clock.advance(Duration::from_secs(24 * 60 * 60));
    claim(&store).await;
    claim(&store).await;
    let next = store.claim(&sender(), &worker()).await.unwrap();
    assert_eq!(next, Claim::Wait(clock.now() + Duration::from_secs(1)));
}

#[tokio::test]
async fn times_before_the_epoch_and_far_ahead_are_kept() {
    let folder = Folder::new();
    let clock = HeldClock::new();
    let store = store(&folder).await.with_clock(clock.shared());
    let before = SystemTime::UNIX_EPOCH - Duration::from_nanos(1_500);
    let ahead = SystemTime::UNIX_EPOCH + Duration::from_secs(1 << 42);
    let [one, two] = <[_; 2]>::try_from(people(0..2)).unwrap();
    let messages = [
        one.not_before(before).not_after(ahead),
        two.not_before(ahead),
    ];
    store.enqueue(&batch_id(), &messages).await.unwrap();
    let claimed = claim(&store).await;
    assert_eq!(claimed.not_after, Some(ahead));
    let wait = store.claim(&sender(), &worker()).await.unwrap();
    assert_eq!(wait, Claim::Wait(ahead));
}
