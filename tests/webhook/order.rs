//! Callbacks that repeat, overtake each other, or are replayed; and words that end texting.

use std::fmt::Debug;

use clinspark_twilio::sms::{OptOut, OptOutKeywords};
use clinspark_twilio::types::{AuthToken, CallStatus, MessageStatus};
use clinspark_twilio::webhook::{
    CallStatusCallback, InboundMessage, Lookup, MemoryReplayGuard, MessageStatusCallback,
    OptOutScope, PublicOrigin, Ranked, RecordingStatusCallback, ReplayGuard, ReplayKey,
    SIGNATURE_HEADER, StatusTracker, Validator, Verified,
};
use http::{HeaderValue, Request};

const ACCOUNT: &str = "AccountSid=AC00000000000000000000000000000001";
const MESSAGE: &str = "MessageSid=SM00000000000000000000000000000001";
const NUMBERS: &str = "From=%2B14155550123&To=%2B14155550199";
const CALL: &str = "CallSid=CA00000000000000000000000000000001&CallStatus=completed\
    &Direction=inbound&From=%2B14155550123&To=%2B14155550199";

fn verified(parts: &[&str]) -> Verified<String> {
    let origin = PublicOrigin::parse("https://acme.example.com").unwrap();
    let validator = Validator::new(AuthToken::new("12345").unwrap(), origin);
    let mut request = Request::post("/hook")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("i-twilio-idempotency-token", "abc")
        .body(format!("{ACCOUNT}&{}", parts.join("&")))
        .unwrap();
    let signature = HeaderValue::from_str(&validator.sign(&request)).unwrap();
    request.headers_mut().insert(SIGNATURE_HEADER, signature);
    validator.verify(request).unwrap()
}

/// Every order of the words; each must end at the same status.
fn permutations<T: Clone>(items: &[T]) -> Vec<Vec<T>> {
    let Some((first, rest)) = items.split_first() else {
        return vec![Vec::new()];
    };
    permutations(rest)
        .into_iter()
        .flat_map(|order| {
            (0..=order.len()).map(move |at| {
                let mut longer = order.clone();
                longer.insert(at, first.clone());
                longer
            })
        })
        .collect()
}

#[track_caller]
fn ends_at<S: Ranked + Clone + PartialEq + Debug>(statuses: &[S], end: &S) {
    for order in permutations(statuses) {
        let mut tracker = StatusTracker::new(order[0].clone());
        let moves = order[1..]
            .iter()
            .filter(|status| tracker.observe((*status).clone()))
            .count();
        assert_eq!(tracker.status(), end, "{order:?}");
        assert!(moves < order.len());
        // A repeat of everything changes nothing.
        assert!(order.iter().all(|status| !tracker.observe(status.clone())));
    }
}

#[test]
fn the_order_of_arrival_changes_nothing() {
    use MessageStatus::{
        Accepted, Canceled, Delivered, Failed, Queued, Read, Scheduled, Sending, Sent, Undelivered,
    };
    ends_at(&[Accepted, Queued, Sending, Sent, Delivered, Read], &Read);
    ends_at(&[Queued, Sending, Sent, Delivered], &Delivered);
    ends_at(&[Queued, Sent, Undelivered], &Undelivered);
    ends_at(&[Queued, Sent, Failed, Undelivered, Delivered], &Delivered);
    ends_at(&[Accepted, Scheduled, Canceled], &Canceled);
    ends_at(&[MessageStatus::from("teleported"), Queued, Sent], &Sent);
}

#[test]
fn nor_does_it_for_calls() {
    use CallStatus::{Completed, InProgress, Initiated, NoAnswer, Ringing};
    ends_at(
        &[
            CallStatus::Queued,
            Initiated,
            Ringing,
            InProgress,
            Completed,
        ],
        &Completed,
    );
    ends_at(&[Initiated, Ringing, NoAnswer], &NoAnswer);
}

#[test]
fn every_known_word_has_a_rank_of_its_own() {
    for ranks in [
        MessageStatus::KNOWN
            .iter()
            .map(MessageStatus::rank)
            .collect::<Vec<_>>(),
        CallStatus::KNOWN.iter().map(CallStatus::rank).collect(),
    ] {
        let mut sorted = ranks.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), ranks.len());
        assert!(sorted[0] > 0);
    }
    assert_eq!(MessageStatus::from("new").rank(), 0);
    assert_eq!(CallStatus::from("new").rank(), 0);
}

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

    // Requests that ask for the TwiML of a call.
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
fn a_repeat_gets_the_first_answer() {
    let guard = MemoryReplayGuard::new(10);
    let claim = guard.claim(key(1)).unwrap();
    assert_eq!(guard.begin(&key(1)), Lookup::InProgress);
    assert_eq!(claim.finish("<Response/>"), "<Response/>");
    assert_eq!(guard.begin(&key(1)), Lookup::Answered("<Response/>"));
    assert_eq!(guard.begin(&key(2)), Lookup::New);
}

#[test]
fn a_failure_is_handled_again() {
    let guard = MemoryReplayGuard::<String>::new(10);
    drop(guard.claim(key(1)).unwrap());
    assert!(guard.is_empty());
    assert!(guard.claim(key(1)).is_ok());
}

#[test]
fn the_room_is_bounded() {
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
fn only_one_of_many_handles_it() {
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

#[test]
fn twilios_words_alone() {
    for (texts, meaning) in [
        (
            &[
                "STOP",
                "stop",
                " Stop\n",
                "STOPALL",
                "unsubscribe",
                "CANCEL",
                "end",
                "Quit",
                "REVOKE",
                "OPTOUT",
            ][..],
            OptOut::Stop,
        ),
        (&["START", "yes", "UNSTOP"][..], OptOut::Start),
        (&["HELP", "info"][..], OptOut::Help),
        (
            &[
                "STOP PLEASE",
                "stop.",
                "Please stop texting me",
                "Opt out",
                "opt-out",
                "don't text me",
                "DON\u{2019}T TEXT ME",
                "no more texts!",
                "remove me from this",
                "STOP 12345",
                "ARRÊT",
            ][..],
            OptOut::MaybeStop,
        ),
    ] {
        for text in texts {
            assert_eq!(OptOut::classify(text), Some(meaning), "{text:?}");
        }
    }
    for text in [
        "",
        "ok",
        "I must cancel my visit",
        "the end",
        "yes please",
        "help me",
        "stopwatch",
        "unstoppable",
        "Infos",
    ] {
        assert_eq!(OptOut::classify(text), None, "{text:?}");
    }
    assert!(OptOut::Stop.forbids_texting() && OptOut::MaybeStop.forbids_texting());
    assert!(!OptOut::Start.forbids_texting() && !OptOut::Help.forbids_texting());
}

#[test]
fn twilios_own_reading_comes_first() {
    let read = |more: &str| {
        let form = [MESSAGE, NUMBERS, more];
        verified(&form).parse::<InboundMessage>().unwrap()
    };
    assert_eq!(
        read("Body=BASTA&OptOutType=STOP").opt_out(),
        Some(OptOut::Stop)
    );
    assert_eq!(
        read("Body=STOP&OptOutType=HELP").opt_out(),
        Some(OptOut::Help)
    );
    assert_eq!(
        read("Body=STOP&OptOutType=NEW").opt_out(),
        Some(OptOut::Stop)
    );
    let keywords = OptOutKeywords::default().stop("lopeta");
    assert_eq!(
        read("Body=Lopeta%21").opt_out_with(&keywords),
        Some(OptOut::MaybeStop)
    );
    assert_eq!(read("Body=Lopeta%21").opt_out(), None);
    assert_eq!(
        read("Body=lopeta&OptOutType=START").opt_out_with(&keywords),
        Some(OptOut::Start)
    );
    assert_eq!(read("Body=STOP").opt_out_scope(), OptOutScope::Sender);
    let service = read("Body=STOP&MessagingServiceSid=MG00000000000000000000000000000001");
    let OptOutScope::Service(sid) = service.opt_out_scope() else {
        unreachable!()
    };
    assert_eq!(sid.as_str(), "MG00000000000000000000000000000001");
}
