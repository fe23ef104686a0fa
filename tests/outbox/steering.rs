//! Pausing, resuming, canceling and stopping, also while claims are in progress; the report.

use std::time::Duration;

use clinspark_twilio::outbox::{
    BatchState, Decision, MessageState, NewMessage, Observed, Occurrence, OutboxStore, Reason,
    RecipientKey, StoreErrorKind, Undelivered,
};
use proptest::prelude::*;

use super::support::{Act, Bench, batch, messages, number, report, sid};

#[derive(Clone, Copy, Debug)]
enum Step {
    Pause,
    Resume,
    Cancel,
    Wait,
}

/// Whatever is steered during the sending, each text leaves once, and each message has an end.
async fn steer(steps: Vec<Step>) -> Result<(), TestCaseError> {
    let lost = [Act::LoseAnswer, Act::Send, Act::PanicAfter];
    let bench = Bench::new(60, lost).await;
    let id = batch().id().clone();
    let run = bench
        .outbox
        .run(tokio::time::sleep(Duration::from_secs(900)));
    let steering = async {
        for step in steps {
            match step {
                Step::Pause => bench.outbox.pause(&id).await,
                Step::Resume => bench.outbox.resume(&id).await,
                Step::Cancel => bench.outbox.cancel(&id).await,
                Step::Wait => Ok(0),
            }
            .unwrap();
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    };
    let (drained, ()) = tokio::join!(run, steering);
    drained.unwrap();
    let state = bench.outbox.progress(&id).await.unwrap().state;
    let sent = bench.twilio.sent();
    for (of, record) in (1..).zip(bench.records().await) {
        let texts = sent.iter().filter(|to| **to == number(of)).count();
        let waits = match state {
            BatchState::Paused => MessageState::Paused,
            BatchState::Cancelled => MessageState::Cancelled,
            BatchState::Open | BatchState::Stopped => MessageState::Sent,
        };
        let is_expected =
            record.state == MessageState::Sent && texts == 1 || record.state == waits && texts == 0;
        prop_assert!(
            is_expected,
            "{state:?}: {:?} with {texts} texts",
            record.state
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn steering_during_the_sending_sends_nothing_twice(
        steps in proptest::collection::vec(
            prop_oneof![
                4 => Just(Step::Pause),
                4 => Just(Step::Resume),
                1 => Just(Step::Cancel),
                4 => Just(Step::Wait),
            ],
            0..16,
        ),
    ) {
        let builder = &mut tokio::runtime::Builder::new_current_thread();
        let runtime = builder.enable_all().start_paused(true).build().unwrap();
        runtime.block_on(steer(steps))?;
    }
}

#[tokio::test(start_paused = true)]
async fn a_stopped_batch_keeps_its_messages_and_can_be_resumed() {
    let wrong = || Act::Answer(Undelivered::Configuration(Reason::new("wrong credentials")));
    let bench = Bench::new(30, std::iter::repeat_with(wrong).take(10)).await;
    let drained = bench.outbox.drain(1_000).await.unwrap();
    assert!((1..=10).contains(&drained.stopped), "{drained:?}");
    let progress = bench.outbox.progress(batch().id()).await.unwrap();
    assert_eq!(progress.state, BatchState::Stopped);
    assert_eq!(progress.reason, Some(Reason::new("wrong credentials")));
    assert_eq!(progress.counts.of(MessageState::Paused), 30);
    assert_eq!(bench.outbox.drain(1_000).await.unwrap().total(), 0);

    assert_eq!(bench.outbox.resume(batch().id()).await.unwrap(), 30);
    let progress = bench.outbox.progress(batch().id()).await.unwrap();
    assert_eq!((progress.state, progress.reason), (BatchState::Open, None));
    bench.live_for(60).await;
    assert_eq!(
        bench
            .store
            .counts(batch().id())
            .await
            .unwrap()
            .of(MessageState::Sent),
        30
    );
    assert_eq!(bench.twilio.sent().len(), 30);
}

#[tokio::test(start_paused = true)]
async fn a_canceled_batch_takes_no_messages_and_does_not_come_back() {
    let bench = Bench::new(2, []).await;
    assert_eq!(bench.outbox.cancel(batch().id()).await.unwrap(), 2);
    assert_eq!(bench.outbox.resume(batch().id()).await.unwrap(), 0);
    let error = bench
        .outbox
        .enqueue(batch().id(), &messages(3))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Conflict);
    bench.live_for(60).await;
    assert_eq!(bench.twilio.sent(), []);
}

#[tokio::test(start_paused = true)]
async fn a_person_decides_about_a_held_message() {
    let held = || Act::Answer(Undelivered::Held(Reason::new("quiet hours never end")));
    let bench = Bench::new(3, [held(), held(), held()]).await;
    bench.drain().await;
    let records = bench.records().await;
    let decide = async |at: usize, decision| {
        let id = &records[at].message_id;
        bench.outbox.decide(id, decision).await.unwrap()
    };
    assert!(decide(0, Decision::Sent(sid(77))).await);
    assert!(decide(1, Decision::SendAgain).await);
    assert!(decide(2, Decision::Refuse).await);
    assert!(
        !decide(2, Decision::SendAgain).await,
        "it is not held any more"
    );
    bench.live_for(60).await;
    let states: Vec<_> = bench.records().await.iter().map(|it| it.state).collect();
    let expected = [
        MessageState::Sent,
        MessageState::Sent,
        MessageState::Refused,
    ];
    assert_eq!(states, expected);
    assert_eq!(bench.twilio.sent(), [number(2)]);
    // A second SID of one message is told.
    let other = report(&records[0].message_id, sid(78));
    assert_eq!(
        bench.store.observe(&other).await.unwrap(),
        Observed::OtherSid
    );
}

#[tokio::test(start_paused = true)]
async fn the_report_is_csv_that_no_spreadsheet_runs() {
    let reason = "=1+1, \"quoted\"\nand more";
    let bench = Bench::new(0, [Act::Answer(Undelivered::Held(Reason::new(reason)))]).await;
    let message = NewMessage::new(RecipientKey::parse("-cmd-1").unwrap())
        .occurrence(Occurrence::parse("visit-3").unwrap());
    bench
        .outbox
        .enqueue(batch().id(), &[message])
        .await
        .unwrap();
    bench.drain().await;
    let id = bench.records().await[0].message_id.clone();
    let csv = bench.outbox.report(batch().id(), None).await.unwrap();
    let expected = format!(
        "recipient,occurrence,state,delivery,code,reason,segments,attempts,sid,message_id\n\
         '-cmd-1,visit-3,held,,,\"'=1+1, \"\"quoted\"\"\nand more\",1,1,,{}\n",
        id.as_str()
    );
    assert_eq!(csv, expected);
    let sent = bench
        .outbox
        .report(batch().id(), Some(MessageState::Sent))
        .await
        .unwrap();
    assert_eq!(sent.lines().count(), 1);
}

/// More lines than one statement reads, each once.
#[tokio::test(start_paused = true)]
async fn a_report_has_every_message_once() {
    let bench = Bench::new(2_500, []).await;
    let csv = bench.outbox.report(batch().id(), None).await.unwrap();
    let mut lines: Vec<_> = csv.lines().skip(1).collect();
    assert_eq!(lines.len(), 2_500);
    lines.sort_unstable();
    lines.dedup();
    assert_eq!(lines.len(), 2_500);
}

#[tokio::test(start_paused = true)]
async fn a_watch_shows_rate_and_time_left_and_ends() {
    let bench = Bench::new(100, []).await;
    let mut watch = bench
        .outbox
        .watch(batch().id().clone(), Duration::from_millis(500));
    let run = bench.outbox.run(tokio::time::sleep(Duration::from_secs(5)));
    let watching = async {
        let first = watch.next().await.unwrap().unwrap();
        assert_eq!((first.per_second, first.time_left), (None, None));
        let second = watch.next().await.unwrap().unwrap();
        assert!(second.per_second.unwrap() > 50.0, "{second:?}");
        assert!(
            second.time_left.unwrap() < Duration::from_secs(2),
            "{second:?}"
        );
        while let Some(progress) = watch.next().await {
            if progress.unwrap().is_finished() {
                break;
            }
        }
        assert!(watch.next().await.is_none());
    };
    let (drained, ()) = tokio::join!(run, watching);
    assert_eq!(drained.unwrap().sent, 100);
}
