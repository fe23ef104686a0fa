//! Repeated webhooks: their keys, and the guard that handles each of them once.

use clinspark_twilio::webhook::{
    CallStatusCallback, InboundMessage, Lookup, MemoryReplayGuard, MessageStatusCallback,
    RecordingStatusCallback, ReplayGuard, ReplayKey,
};

use crate::support::{MESSAGE, NUMBERS, verified};

const CALL: &str = "CallSid=CA00000000000000000000000000000001&CallStatus=completed\
    &Direction=inbound&From=%2B14155550123&To=%2B14155550199";

#[test]
fn keys_are_made_of_signed_fields() {
    let key = |parts: &[&str]| ReplayKey::of(&verified(parts)).map(|key| key.as_str().to_owned());
    let sms = "SM00000000000000000000000000000001";
    let call = "CA00000000000000000000000000000001";
    assert_eq!(key(&[MESSAGE, NUMBERS, "Body=hi"]).unwrap(), sms);
    assert_eq!(
        key(&[MESSAGE, "MessageStatus=sent"]).unwrap(),
        format!("{sms}-sent")
    );
    assert_eq!(
        key(&[CALL, "CallbackSource=x&SequenceNumber=3"]).unwrap(),
        format!("{call}-completed-3")
    );
    assert_eq!(
        key(&[CALL, "CallDuration=9"]).unwrap(),
        format!("{call}-completed")
    );
    let recording = "RecordingSid=RE00000000000000000000000000000001&RecordingStatus=completed";
    assert_eq!(
        key(&[recording]).unwrap(),
        "RE00000000000000000000000000000001-completed"
    );

    // Requests for the TwiML of a call.
    assert_eq!(key(&[CALL]), None);
    assert_eq!(key(&[CALL, "Digits=1"]), None);
    assert_eq!(
        key(&[CALL, "SequenceNumber=1&UnstableSpeechResult=x"]),
        None
    );
    assert_eq!(
        key(&[CALL, "DialCallStatus=completed&CallDuration=5"]),
        None
    );
    assert_eq!(key(&[CALL, "QueueResult=hangup&Duration=5"]), None);
    let ringing = CALL.replace("completed", "ringing");
    assert_eq!(key(&[&ringing, "Duration=5"]), None);
    assert_eq!(key(&["Novelty=1"]), None);
}

#[test]
fn typed_payloads_have_the_same_keys() {
    let sms = verified(&[MESSAGE, NUMBERS, "Body="]);
    let message: InboundMessage = sms.parse().unwrap();
    assert_eq!(ReplayKey::of(&sms), Some(ReplayKey::from(&message)));
    let status = verified(&[MESSAGE, "MessageStatus=sent"]);
    let callback: MessageStatusCallback = status.parse().unwrap();
    assert_eq!(ReplayKey::of(&status), Some(ReplayKey::from(&callback)));
    for parts in [
        [CALL, "CallDuration=9"],
        [CALL, "CallbackSource=x&SequenceNumber=3"],
    ] {
        let status = verified(&parts);
        let callback: CallStatusCallback = status.parse().unwrap();
        assert_eq!(ReplayKey::of(&status), Some(ReplayKey::from(&callback)));
    }
    let recording = "RecordingSid=RE00000000000000000000000000000001&RecordingStatus=completed";
    let status = verified(&[recording]);
    let callback: RecordingStatusCallback = status.parse().unwrap();
    assert_eq!(ReplayKey::of(&status), Some(ReplayKey::from(&callback)));
    assert_eq!(sms.idempotency_hint(), Some("abc"));
}

fn key(n: usize) -> ReplayKey {
    let message = format!("MessageSid=SM{n:032}&Body=hi");
    ReplayKey::of(&verified(&[&message, NUMBERS])).unwrap()
}

#[test]
fn a_retry_gets_the_first_answer() {
    let guard = MemoryReplayGuard::new(10);
    let claim = guard.claim(key(1)).unwrap();
    assert_eq!(guard.begin(&key(1)), Lookup::InProgress);
    assert_eq!(claim.finish("<Response/>"), "<Response/>");
    assert_eq!(guard.begin(&key(1)), Lookup::Answered("<Response/>"));
    assert_eq!(guard.begin(&key(2)), Lookup::New);
}

#[test]
fn a_key_is_released_when_its_handling_fails() {
    let guard = MemoryReplayGuard::<String>::new(10);
    drop(guard.claim(key(1)).unwrap());
    assert!(guard.is_empty());
    assert!(guard.claim(key(1)).is_ok());
}

#[test]
fn the_number_of_keys_is_bounded() {
    let guard = MemoryReplayGuard::new(3);
    for n in 0..100 {
        guard.claim(key(n)).unwrap().finish(n);
        assert!(guard.len() <= 3);
    }
    assert_eq!(guard.begin(&key(99)), Lookup::Answered(99));
    assert_eq!(guard.begin(&key(97)), Lookup::Answered(97));
    assert_eq!(guard.begin(&key(96)), Lookup::New);
    assert_eq!(format!("{guard:?}"), "MemoryReplayGuard(3 of 3 keys)");
}

#[test]
fn only_one_of_many_tasks_claims_a_key() {
    let guard = MemoryReplayGuard::<u8>::new(10);
    let handled = std::thread::scope(|scope| {
        let tasks: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| guard.begin(&key(1)) == Lookup::New))
            .collect();
        tasks
            .into_iter()
            .map(|task| task.join().unwrap())
            .filter(|first| *first)
            .count()
    });
    assert_eq!(handled, 1);
}
