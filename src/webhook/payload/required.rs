//! Test of the required parameters, which the documentation of each payload lists.

use super::super::error::PayloadErrorKind as Kind;
use super::parameters::{Parameters, Read};
use super::*;

/// Returns a value that each required parameter may have.
fn sample(name: &str) -> String {
    let sid = |prefix: &str| format!("{prefix}{:032}", 1);
    match name {
        "AccountSid" | "account_sid" => sid("AC"),
        "CallSid" | "DequeingCallSid" => sid("CA"),
        "ConferenceSid" => sid("CF"),
        "MessageSid" => sid("SM"),
        "PaymentSid" => sid("PK"),
        "QueueSid" => sid("QU"),
        "RecordingSid" => sid("RE"),
        "Sid" => sid("NO"),
        "SiprecSid" => sid("SR"),
        "StreamSid" => sid("MZ"),
        "transcript_sid" => sid("GT"),
        "QueuePosition" | "ReferSipResponseCode" => "1".to_owned(),
        "ErrorUrl" | "RecordingUrl" => "https://acme.example.com/voice".to_owned(),
        "From" | "To" => "+14155550123".to_owned(),
        _ => "sent".to_owned(),
    }
}

/// Reads a form of these parameters. Two products share the name `TranscriptionSid`.
fn read<P: Read>(names: &[&str]) -> Result<P, Kind> {
    let prefix = if names.contains(&"TranscriptionEvent") {
        "GT"
    } else {
        "TR"
    };
    let pairs = names.iter().map(|name| {
        let value = match *name {
            "TranscriptionSid" => format!("{prefix}{:032}", 1),
            name => sample(name),
        };
        ((*name).into(), value.into())
    });
    P::read(&mut Parameters::of(pairs)).map_err(|error| error.kind().clone())
}

/// Checks that a payload needs its required parameters and no others.
#[track_caller]
fn check<P: Read>() {
    let groups: Vec<_> = [P::REQUIRED, P::REQUIRED_OF_PART].concat();
    let all: Vec<&str> = groups
        .iter()
        .filter_map(|group| group.first().copied())
        .collect();
    assert!(!all.is_empty(), "{}", P::NAME);
    let complete = read::<P>(&all).err();
    assert_eq!(complete, None, "{} of {all:?}", P::NAME);
    for group in groups {
        let without = |name: &&&str| !group.contains(*name);
        let rest: Vec<&str> = all.iter().filter(without).copied().collect();
        let missing = read::<P>(&rest).err();
        let is_named = matches!(&missing, Some(Kind::Missing(name)) if group.contains(name));
        assert!(is_named, "{} without {group:?}: {missing:?}", P::NAME);
        for alternative in group {
            let other = read::<P>(&[&rest[..], &[alternative]].concat()).err();
            assert_eq!(other, None, "{} with {alternative}", P::NAME);
        }
    }
}

#[test]
fn the_documented_parameters_are_required_and_no_others() {
    macro_rules! check_all {
        ($($payload:ident)+) => { $( check::<$payload>(); )+ };
    }
    check_all!(
        AmdStatusCallback CallStatusCallback ConferenceStatusCallback ConversationRelayResult
        DebuggerEvent Dequeue DialResult EnqueueResult GatherPartial GatherResult InboundCall
        InboundMessage IntelligenceCallback MessageFallback MessageStatusCallback PayResult
        PayStatusCallback QueueWait RealTimeTranscription RecordResult RecordingStatusCallback
        ReferRequest ReferResult SiprecStatusCallback StreamStatusCallback TranscriptionCallback
        VirtualAgentResult VoiceFallback
    );
}
