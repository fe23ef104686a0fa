//! Repeated webhooks: their keys, and the guard that handles each of them once.

use std::collections::HashSet;
use std::sync::Arc;

use bytes::Bytes;
use clinspark_twilio::webhook::{
    CallStatusCallback, ClaimToken, InboundMessage, Lookup, MemoryReplayGuard,
    MessageStatusCallback, RecordingStatusCallback, ReplayGuard, ReplayKey, StoredAnswer,
    conformance,
};

use crate::support::{MESSAGE, NUMBERS, verified};

const CALL: &str = "CallSid=CA00000000000000000000000000000001&CallStatus=completed\
    &Direction=inbound&From=%2B14155550123&To=%2B14155550199";

#[test]
fn keys_are_made_of_signed_fields() {
    let key = |parts: &[&str]| ReplayKey::of(&verified(parts)).map(|key| key.as_str().to_owned());
    let sms = "AC00000000000000000000000000000001-SM00000000000000000000000000000001";
    let call = "AC00000000000000000000000000000001-CA00000000000000000000000000000001";
    assert_eq!(key(&[MESSAGE, NUMBERS, "Body=hi"]).unwrap(), sms);
    assert_eq!(
        key(&[MESSAGE, "MessageStatus=sent"]).unwrap(),
        format!("{sms}-sent")
    );
    // The status callback of a call, whose kind only its path tells.
    let status = |parts: &[&str]| {
        let callback: CallStatusCallback = verified(parts).parse().unwrap();
        ReplayKey::from(&callback).as_str().to_owned()
    };
    assert_eq!(
        status(&[CALL, "CallbackSource=x&SequenceNumber=3"]),
        format!("{call}-completed-3")
    );
    assert_eq!(
        status(&[CALL, "CallDuration=9"]),
        format!("{call}-completed")
    );
    let recording = "RecordingSid=RE00000000000000000000000000000001&RecordingStatus=completed";
    assert_eq!(
        key(&[recording]).unwrap(),
        "AC00000000000000000000000000000001-RE00000000000000000000000000000001-completed"
    );

    // Requests for the TwiML of a call: the signature and the token, hashed.
    let ringing = CALL.replace("completed", "ringing");
    let requests = [
        key(&[CALL]),
        key(&[CALL, "Digits=1"]),
        key(&[CALL, "CallbackSource=x&SequenceNumber=3"]),
        key(&[CALL, "SequenceNumber=1&UnstableSpeechResult=x"]),
        key(&[CALL, "DialCallStatus=completed&CallDuration=5"]),
        key(&[CALL, "QueueResult=hangup&Duration=5"]),
        key(&[&ringing, "Duration=5"]),
    ];
    for (at, request) in requests.iter().enumerate() {
        let request = request.as_ref().unwrap();
        assert!(
            request.starts_with("request-") && request.len() == 72,
            "{request}"
        );
        assert!(
            requests
                .iter()
                .skip(at + 1)
                .all(|other| other.as_ref() != Some(request))
        );
    }
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

fn answer(n: usize) -> StoredAnswer {
    StoredAnswer::new(http::Response::new(Bytes::from(n.to_string())))
}

/// State of a key for another request, with the body of a stored answer.
async fn state(guard: &MemoryReplayGuard, key: &ReplayKey) -> String {
    state_for(guard, key, &ClaimToken::random()).await
}

/// State of a key for the request with this token.
async fn state_for(guard: &MemoryReplayGuard, key: &ReplayKey, token: &ClaimToken) -> String {
    match guard.begin(key, token).await.unwrap() {
        Lookup::Answered(answer) => {
            String::from_utf8(answer.into_response().into_body().to_vec()).unwrap()
        }
        other => format!("{other:?}"),
    }
}

#[tokio::test]
async fn the_guard_in_memory_conforms() {
    let make = || async { Arc::new(MemoryReplayGuard::new(10_000)) as Arc<dyn ReplayGuard> };
    conformance::run(make).await.unwrap();
}

#[tokio::test]
async fn a_retry_gets_the_first_answer() {
    let (guard, own) = (MemoryReplayGuard::new(10), ClaimToken::random());
    assert_eq!(state_for(&guard, &key(1), &own).await, "New");
    assert_eq!(state(&guard, &key(1)).await, "InProgress");
    guard.finish(&key(1), &own, &answer(1)).await.unwrap();
    assert_eq!(state(&guard, &key(1)).await, "1");
    assert_eq!(state(&guard, &key(2)).await, "New");
    // A handled key is neither released nor abandoned.
    guard.release(&key(1), &own).await.unwrap();
    guard.abandon(&key(1), &own);
    assert_eq!(state(&guard, &key(1)).await, "1");
}

#[tokio::test]
async fn a_key_is_released_when_its_handling_fails() {
    let (guard, own) = (MemoryReplayGuard::new(10), ClaimToken::random());
    for abandoned in [true, false] {
        assert_eq!(state_for(&guard, &key(1), &own).await, "New");
        if abandoned {
            guard.abandon(&key(1), &own);
        } else {
            guard.release(&key(1), &own).await.unwrap();
        }
        assert!(guard.is_empty());
    }
}

#[tokio::test]
async fn only_its_token_ends_a_claim() {
    let (guard, own) = (MemoryReplayGuard::new(10), ClaimToken::random());
    let other = ClaimToken::random();
    assert_eq!(state_for(&guard, &key(1), &own).await, "New");
    // The same request asks again, as a second layer around it does.
    assert_eq!(state_for(&guard, &key(1), &own).await, "New");
    let foreign = guard.finish(&key(1), &other, &answer(2)).await;
    assert!(foreign.is_err());
    guard.release(&key(1), &other).await.unwrap();
    guard.abandon(&key(1), &other);
    assert_eq!(state(&guard, &key(1)).await, "InProgress");
    for n in [1, 3] {
        guard.finish(&key(1), &own, &answer(n)).await.unwrap();
        assert_eq!(state(&guard, &key(1)).await, n.to_string());
    }
    let foreign = guard.finish(&key(1), &other, &answer(2)).await;
    assert!(foreign.is_err());
    assert_eq!(state(&guard, &key(1)).await, "3");
}

#[tokio::test]
async fn the_number_of_keys_is_bounded() {
    let guard = MemoryReplayGuard::new(3);
    for n in 0..100 {
        let own = ClaimToken::random();
        assert_eq!(state_for(&guard, &key(n), &own).await, "New");
        guard.finish(&key(n), &own, &answer(n)).await.unwrap();
        assert!(guard.len() <= 3);
    }
    assert_eq!(state(&guard, &key(99)).await, "99");
    assert_eq!(state(&guard, &key(97)).await, "97");
    assert_eq!(state(&guard, &key(96)).await, "New");
    assert_eq!(format!("{guard:?}"), "MemoryReplayGuard(3 of 3 keys)");
    assert_eq!(format!("{:?}", answer(7)), "StoredAnswer(200 OK)");
}

#[test]
fn tokens_differ() {
    let tokens: HashSet<_> = (0..10_000).map(|_| ClaimToken::random()).collect();
    assert_eq!(tokens.len(), 10_000);
    let is_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    assert!(
        tokens
            .iter()
            .all(|token| token.as_str().bytes().all(is_hex))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn only_one_of_many_tasks_claims_a_key() {
    let guard = Arc::new(MemoryReplayGuard::new(10));
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let guard = Arc::clone(&guard);
            tokio::spawn(async move { state(&guard, &key(1)).await == "New" })
        })
        .collect();
    let mut handled = 0;
    for task in tasks {
        handled += usize::from(task.await.unwrap());
    }
    assert_eq!(handled, 1);
}
