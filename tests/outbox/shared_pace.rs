//! Two queues that send from one number: one pace, and one wait after a 429.

use std::sync::Arc;
use std::time::Duration;

use clinspark_twilio::client::Clock as _;
use clinspark_twilio::outbox::{
    Batch, BatchId, MemoryStore, Outbox, Pace, Reason, SenderKey, Undelivered,
};
use tokio::time::Instant;

use super::support::{Act, TestClock, Twilio, everyone, key, messages, template_with};

const PEOPLE: u64 = 30;

/// Two outboxes with queues of their own, each with a batch, at two segments a second.
struct Queues {
    clock: Arc<TestClock>,
    outboxes: Vec<Outbox>,
}

/// Key whose pace each queue shares.
#[derive(Clone, Copy)]
enum Shares {
    Nothing,
    /// That of their number.
    Number,
    /// Its own.
    Own,
}

impl Queues {
    async fn new(acts: Vec<Act>, text: &str, shares: Shares) -> Self {
        let clock = TestClock::new();
        let store = MemoryStore::with_clock(Arc::<TestClock>::clone(&clock));
        let twilio = Twilio::new(&clock, acts);
        let template = template_with(text);
        let mut outboxes = Vec::new();
        for name in ["first", "second"] {
            let sender = SenderKey::parse(name).unwrap();
            let mut builder = Outbox::builder(
                store.clone(),
                sender.clone(),
                twilio.clone(),
                everyone(),
                key(),
            )
            .template(template.clone())
            .clock(Arc::<TestClock>::clone(&clock));
            builder = match shares {
                Shares::Nothing => builder,
                Shares::Number => builder.shared_pace(SenderKey::parse("number-1").unwrap()),
                Shares::Own => builder.shared_pace(sender.clone()),
            };
            let outbox = builder.build();
            let pace = Pace::per_second(2.0).unwrap().burst(Duration::ZERO);
            outbox.set_pace(pace).await.unwrap();
            let batch = BatchId::parse(name).unwrap();
            let opened = Batch::new(batch.clone(), &template, sender, "visit reminder");
            outbox.open(&opened).await.unwrap();
            outbox.enqueue(&batch, &messages(PEOPLE)).await.unwrap();
            outboxes.push(outbox);
        }
        Self { clock, outboxes }
    }

    /// Sends everything. Returns the seconds that it took.
    async fn send(&self) -> f64 {
        let started = Instant::now();
        let all = self.outboxes.iter().map(async |outbox| {
            let mut sent = 0;
            while sent < PEOPLE {
                sent += outbox.drain(PEOPLE).await.unwrap().sent;
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        });
        let mut all: Vec<_> = all.map(Box::pin).collect();
        let (first, second) = all.split_at_mut(1);
        tokio::join!(&mut first[0], &mut second[0]);
        let _ = &self.clock;
        started.elapsed().as_secs_f64()
    }
}

#[tokio::test(start_paused = true)]
async fn two_queues_that_share_a_pace_take_twice_the_time() {
    let apart = Queues::new(vec![], "Your visit.", Shares::Nothing)
        .await
        .send()
        .await;
    let together = Queues::new(vec![], "Your visit.", Shares::Number)
        .await
        .send()
        .await;
    assert!((14.0..16.0).contains(&apart), "{apart}");
    // 60 segments at 2 a second, the first at once.
    assert!((29.0..31.0).contains(&together), "{together}");
    // Its own key is what a queue has anyway.
    let own = Queues::new(vec![], "Your visit.", Shares::Own)
        .await
        .send()
        .await;
    assert!((14.0..16.0).contains(&own), "{own}");
}

#[tokio::test(start_paused = true)]
async fn further_segments_are_charged_to_the_shared_pace() {
    let text = "Your visit is at the clinic. ".repeat(15); // 435 characters: 3 segments
    let took = Queues::new(vec![], &text, Shares::Number)
        .await
        .send()
        .await;
    assert!((86.0..92.0).contains(&took), "{took}");
}

#[tokio::test(start_paused = true)]
async fn a_429_to_one_queue_holds_both() {
    let throttled = Undelivered::Throttled {
        wait: Some(Duration::from_secs(100)),
        reason: Reason::new("Twilio answered 429"),
    };
    let queues = Queues::new(vec![Act::Answer(throttled)], "Your visit.", Shares::Number).await;
    let took = queues.send().await;
    assert!((128.0..132.0).contains(&took), "{took}");
}

#[tokio::test(start_paused = true)]
async fn an_empty_queue_is_not_charged() {
    let queues = Queues::new(vec![], "Your visit.", Shares::Number).await;
    let [empty, full] = queues.outboxes.as_slice() else {
        panic!("two queues");
    };
    let mut sent = 0;
    while sent < PEOPLE {
        sent += empty.drain(PEOPLE).await.unwrap().sent;
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    let look = async || {
        for _ in 0..10 {
            assert_eq!(empty.drain(1).await.unwrap().total(), 0);
        }
        let shared = SenderKey::parse("number-1").unwrap();
        let until = empty.store().charge(&shared, 0).await.unwrap();
        assert_eq!(until, None, "the pace was charged");
    };
    look().await;
    // Neither is one whose next message is due tomorrow.
    let batch = BatchId::parse("first").unwrap();
    let tomorrow = queues.clock.now() + Duration::from_secs(86_400);
    let later = messages(PEOPLE + 1).pop().unwrap().not_before(tomorrow);
    assert_eq!(empty.enqueue(&batch, &[later]).await.unwrap(), 1);
    look().await;
    let started = Instant::now();
    assert_eq!(full.drain(1).await.unwrap().sent, 1);
    // Without the wait of half a second for the pace.
    assert!(started.elapsed() < Duration::from_millis(500));
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_put_back_does_not_stop_the_number() {
    let queues = Queues::new(vec![], "Your visit.", Shares::Number).await;
    let (store, shared) = (
        queues.outboxes[0].store(),
        SenderKey::parse("number-1").unwrap(),
    );
    let ahead = async |segments| {
        let until = store.charge(&shared, segments).await.unwrap();
        until.map(|until| until.duration_since(queues.clock.now()).unwrap())
    };
    assert_eq!(ahead(100).await, Some(Duration::from_secs(50)));
    queues.clock.jump(-3_600);
    assert_eq!(ahead(0).await, None);
    assert_eq!(ahead(1).await, Some(Duration::from_millis(500)));
}
