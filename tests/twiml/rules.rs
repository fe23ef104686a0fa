//! Each rule in a setter's documentation is checked by `lint`, or listed here with the reason why a
//! document cannot show a violation.

mod sketch;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use clinspark_twilio::twiml::VoiceResponse;

use self::sketch::{custom, lint};

/// Words by which a sentence of the elements' documentation counts as a rule about the content.
const MARKS: &[&str] = &[
    "at most ",
    "up to ",
    "Up to ",
    "absolute",
    "Creates an empty ",
    "Only as ",
    "Only in ",
    "`0` to `9`",
    "from 1",
    "to 59",
    "to 600",
    "to 5,000",
    "to 6,000",
    "to 10,000",
    "to 250",
    "to 3,",
    "to 0.9",
    "14,400",
    "such as `sip:",
    "JSON object",
    "decimal number",
    "lower case,",
    "DetectMessageEnd",
    "] only `",
    "identified by",
    "set `",
    "Dials this telephone number",
];

/// A sentence, a document that violates it, and the finding. The document is a voice document, or a
/// messaging document if it begins with `Message`.
const HELD: &[(&str, &str, &str)] = &[
    (
        "of this text, at most 4,096 characters",
        "Say|*4097",
        "Say: the text is above 4,096 characters",
    ),
    (
        "Plays key tones: `0` to `9`",
        "Play digits=12xy",
        "Play: `digits` holds more than the keys `0` to `9`, `*`, `#`, `w` and `W`",
    ),
    (
        "Key tones to play: `0` to `9`",
        "Play digits=1,2",
        "Play: `digits` holds more than the keys `0` to `9`, `*`, `#`, `w` and `W`",
    ),
    (
        "Keys to press after the answer: `0` to `9`",
        "Dial/Number sendDigits=x|+14155550123",
        "Number: `sendDigits` holds more than the keys `0` to `9`, `*`, `#`, `w` and `W`",
    ),
    (
        "Length of the pause in seconds, from 1",
        "Pause length=0",
        "Pause: `length` is below 1",
    ),
    (
        "Seconds of silence after which Twilio stops listening, from 1",
        "Gather timeout=0",
        "Gather: `timeout` is below 1",
    ),
    (
        "Number of keys that ends the input, from 1",
        "Gather numDigits=0",
        "Gather: `numDigits` is below 1",
    ),
    (
        "Key that ends the input: `0` to `9`",
        "Gather finishOnKey=12",
        "Gather: `finishOnKey` is not one of the keys `0` to `9`, `*` and `#`",
    ),
    (
        "Keys that end the recording: any of `0` to `9`",
        "Record finishOnKey=x",
        "Record: `finishOnKey` holds more than the keys `0` to `9`, `*` and `#`",
    ),
    (
        "Expected words and phrases, up to 500",
        "Gather hints=,*499",
        "Gather: `hints` holds more than 500 phrases",
    ),
    (
        "Longest recording, in seconds. 1 to 14,400",
        "Record maxLength=0",
        "Record: `maxLength` is outside 1 to 14400",
    ),
    (
        "Only as the first verb",
        "Hangup;Reject",
        "Reject: Twilio accepts `<Reject>` only as the first verb",
    ),
    (
        "Append a [`ReferSip`]",
        "Refer",
        "Refer: requires an element inside",
    ),
    (
        "SIP address, such as `sip:ann@example.com`",
        "Refer/Sip|ann@example.com",
        "Sip: the text is not a `sip:` address",
    ),
    (
        "Append at least one party to dial",
        "Dial",
        "Dial: requires a number or another party to dial",
    ),
    (
        "Dials this telephone number",
        "Dial|call me",
        "Dial: the text is not a telephone number",
    ),
    (
        "Longest time to ring, in seconds. 5 to 600",
        "Dial timeout=4|+14155550123",
        "Dial: `timeout` is outside 5 to 600",
    ),
    (
        "Default 14,400, at most 86,400",
        "Dial timeLimit=86401|+14155550123",
        "Dial: `timeLimit` is outside 1 to 86400",
    ),
    (
        "Dials this telephone number.",
        "Dial/Number|call me",
        "Number: the text is not a telephone number",
    ),
    (
        "`Enable`, or `DetectMessageEnd`",
        "Dial/Number machineDetection=enabled|+14155550123",
        "Number: `machineDetection` is neither `Enable` nor `DetectMessageEnd`",
    ),
    (
        "3 to 59, default 30",
        "Dial/Number machineDetectionTimeout=60|+14155550123",
        "Number: `machineDetectionTimeout` is outside 3 to 59",
    ),
    (
        "1,000 to 6,000",
        "Dial/Number machineDetectionSpeechThreshold=1|+14155550123",
        "Number: `machineDetectionSpeechThreshold` is outside 1000 to 6000",
    ),
    (
        "500 to 5,000",
        "Dial/Number machineDetectionSpeechEndThreshold=1|+14155550123",
        "Number: `machineDetectionSpeechEndThreshold` is outside 500 to 5000",
    ),
    (
        "2,000 to 10,000",
        "Dial/Number machineDetectionSilenceTimeout=1|+14155550123",
        "Number: `machineDetectionSilenceTimeout` is outside 2000 to 10000",
    ),
    (
        "2 to 250",
        "Dial/Conference maxParticipants=1|room",
        "Conference: `maxParticipants` is outside 2 to 250",
    ),
    (
        "Append an [`Identity`]",
        "Dial/Client",
        "Client: requires an identity",
    ),
    (
        "Append [`UriElement`]s",
        "Dial/Sip",
        "Sip: requires a SIP address",
    ),
    (
        "Creates an empty `<Uri>`, which `lint` reports",
        "Dial/Sip/Uri",
        "Uri: requires a SIP address",
    ),
    (
        "Append [`Header`]s",
        "Dial/Sip/Headers",
        "Headers: requires an element inside",
    ),
    (
        "Dials this telephone number, given without `whatsapp:`",
        "Dial/WhatsApp|whatsapp:+14155550123",
        "WhatsApp: the text is not a telephone number",
    ),
    (
        "Append an [`ApplicationSidElement`]",
        "Dial/Application",
        "Application: requires the SID of an app",
    ),
    (
        "Append a [`Task`]",
        "Enqueue",
        "Enqueue: requires a queue's name or `workflowSid`",
    ),
    (
        "1 to 5,000",
        "Enqueue maxQueueSize=5001|visits",
        "Enqueue: `maxQueueSize` is outside 1 to 5000",
    ),
    (
        "as a JSON object",
        "Enqueue workflowSid=WW1/Task|[1]",
        "Task: the text is not a JSON object",
    ),
    (
        "1 to 3, default 1",
        "Pay maxAttempts=4",
        "Pay: `maxAttempts` is outside 1 to 3",
    ),
    (
        "as a decimal number",
        "Pay chargeAmount=$20",
        "Pay: `chargeAmount` is not a decimal number",
    ),
    (
        "ISO code in lower case",
        "Pay currency=USD",
        "Pay: `currency` is not a code of three lower-case letters",
    ),
    (
        "Append elements that speak or play",
        "Pay/Prompt",
        "Prompt: requires an element inside",
    ),
    (
        "Limits the prompt to these attempts, counted from 1",
        "Pay/Prompt attempt=0",
        "Prompt: `attempt` holds 0; attempts are counted from 1",
    ),
    (
        "Append the service to connect to",
        "Connect",
        "Connect: requires an element inside",
    ),
    (
        "Creates an empty `<ConversationRelay>`. Set `url`",
        "Connect/ConversationRelay",
        "ConversationRelay: requires `url`",
    ),
    (
        "WebSocket URL: absolute and `wss`",
        "Connect/ConversationRelay url=https://relay.example.com/",
        "ConversationRelay: `url` is not an absolute `wss` URL",
    ),
    (
        "0.3 to 0.9",
        "Connect/ConversationRelay url=wss://relay.example.com/ eagerEotThreshold=1",
        "ConversationRelay: `eagerEotThreshold` is outside 0.3 to 0.9",
    ),
    (
        "Creates an empty `<ConversationRelaySession>`. Set `connector`",
        "Connect/ConversationRelaySession",
        "ConversationRelaySession: requires `connector`",
    ),
    (
        "Set `ai_connector`",
        "Connect/AiSession",
        "AiSession: requires `aiConnector`",
    ),
    (
        "Creates an empty `<VirtualAgent>`. Set `connector_name`",
        "Connect/VirtualAgent",
        "VirtualAgent: requires `connectorName`",
    ),
    (
        "Creates an empty `<Siprec>`. Set `connector_name`",
        "Start/Siprec",
        "Siprec: requires `connectorName`",
    ),
    (
        "Append the element to start",
        "Start",
        "Start: requires an element inside",
    ),
    (
        "Append the element to stop",
        "Stop",
        "Stop: requires an element inside",
    ),
    (
        "identified by its `name`",
        "Stop/Stream url=wss://a.example/",
        "Stream: requires `name`",
    ),
    (
        "Set `url` or `connector_name`",
        "Connect/Stream",
        "Stream: requires `url` or `connectorName`",
    ),
    (
        "WebSocket URL: absolute, `wss`, without a query",
        "Connect/Stream url=ws://a.example/",
        "Stream: `url` is not an absolute `wss` URL",
    ),
    (
        "WebSocket URL: absolute, `wss`, without a query",
        "Connect/Stream url=wss://a.example/?key=1",
        "Stream: `url` has a query, which Twilio drops; append a `<Parameter>`",
    ),
    (
        "inside [`Connect`] only `Inbound`",
        "Connect/Stream url=wss://a.example/ track=both_tracks",
        "Stream: `track` must be `inbound_track` inside `<Connect>`",
    ),
    (
        "together at most 500 characters",
        "Hangup/Parameter name=k value=v*499",
        "Parameter: name and value together are above 500 characters",
    ),
    (
        "Append a [`Body`], [`Media`] or both",
        "Message",
        "Message: requires a body or media",
    ),
    (
        "Creates a message of a body alone, at most 1,600 characters",
        "Message|*1601",
        "Message: the body is above 1,600 characters",
    ),
    (
        "Creates a body of at most 1,600 characters",
        "Message/Body|*1601",
        "Body: the body is above 1,600 characters",
    ),
    (
        "Up to ten in one message",
        "Message/Media|/a;+;+;+;+;+;+;+;+;+;+",
        "Message: holds more than ten `<Media>` elements",
    ),
    (
        "Length of the pause, up to 10 seconds",
        "Say/break time=11s",
        "break: `time` is not a duration of at most ten seconds, such as `300ms`",
    ),
    (
        "set `ph` to its pronunciation",
        "Say/phoneme|tomato",
        "phoneme: requires `ph`",
    ),
    (
        "set `alias` to its spoken substitute",
        "Say/sub|Dr",
        "sub: requires `alias`",
    ),
];

/// Sentences that cannot be checked in a document alone.
const NOT_TOLD: &[(&str, &str)] = &[
    (
        "Only in a document of `waitUrl`",
        "a document does not show which URL returned it",
    ),
    (
        "Longest time that the caller may speak, in seconds",
        "states what is set, not its range",
    ),
    (
        "recordings of 2 to 120 seconds",
        "Twilio accepts longer recordings, and does not transcribe them",
    ),
    (
        "Seconds of silence that end the recording, from 1; 0 for no limit",
        "every number is valid",
    ),
    (
        "Smallest number of digits of a postal code",
        "every number is valid",
    ),
    (
        "spell four attributes in lower case",
        "about the spelling of attributes",
    ),
];

#[test]
fn each_documented_rule_is_checked_or_listed() {
    let known: Vec<&str> = HELD
        .iter()
        .map(|(sentence, ..)| *sentence)
        .chain(NOT_TOLD.iter().map(|(sentence, _)| *sentence))
        .collect();
    let docs = sentences();
    let open: Vec<_> = docs
        .iter()
        .filter(|text| MARKS.iter().any(|mark| text.contains(mark)))
        .filter(|text| !known.iter().any(|sentence| text.contains(sentence)))
        .collect();
    assert!(open.is_empty(), "rules without a test: {open:#?}");
    let stale: Vec<_> = known
        .iter()
        .filter(|sentence| !docs.iter().any(|text| text.contains(**sentence)))
        .collect();
    assert!(stale.is_empty(), "the docs no longer say: {stale:#?}");
    let unused: Vec<_> = MARKS
        .iter()
        .filter(|mark| !docs.iter().any(|text| text.contains(**mark)))
        .collect();
    assert!(unused.is_empty(), "marks of no sentence: {unused:#?}");
}

#[test]
fn a_document_that_violates_a_rule_is_found() {
    let mut wrong = Vec::new();
    for (sentence, sketch, expected) in HELD {
        let found: Vec<_> = lint(sketch).iter().map(ToString::to_string).collect();
        if !found
            .iter()
            .any(|text| text.ends_with(&format!("> {expected}")))
        {
            wrong.push(format!("{sentence}: {sketch}: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_value_at_its_limit_is_not_found() {
    for sketch in [
        "Say|*4096",
        "Play digits=0123456789*#wW",
        "Gather finishOnKey=#",
        "Gather finishOnKey=",
        "Record finishOnKey=0123456789*#",
        "Gather hints=,*498",
        "Reject",
        "Refer/Sip|sips:a@b.example",
        "Dial|(415) 555-0123",
        "Dial|+14155550123",
        "Dial/Number machineDetection=Enable|4155550123",
        "Dial/WhatsApp|+14155550123",
        "Enqueue|visits",
        "Enqueue workflowSid=WW1/Task|{}",
        "Pay chargeAmount=20.45 currency=usd",
        "Pay chargeAmount=0",
        "Stop/Stream name=a",
        "Stop/Siprec name=a",
        "Stop/Transcription name=a",
        "Connect/Stream connectorName=a",
        "Connect/Stream url=WSS://a.example/s track=inbound_track",
        "Start/Stream url=wss://a.example/s track=both_tracks",
        "Connect/ConversationRelay url=wss://a.example/?x=1 eagerEotThreshold=0.3",
        "Connect/VirtualAgent connectorName=a",
        "Hangup/Parameter name=k value=v*498",
        "Message|*1600",
        "Message/Media|/a;+;+;+;+;+;+;+;+;+",
        "Say/break time=10s",
    ] {
        let found: Vec<_> = lint(sketch).iter().map(ToString::to_string).collect();
        assert!(found.is_empty(), "{sketch}: {found:?}");
    }
}

#[test]
fn a_long_name_is_cut_in_the_path_of_a_finding() {
    let deep = (0..90).fold(custom(&"n".repeat(300)), |inner, _| {
        custom(&"n".repeat(300)).append(inner)
    });
    let found = VoiceResponse::new().append(deep).lint();
    assert_eq!(found.len(), 91);
    assert!(found.iter().all(|finding| finding.path().len() < 91 * 70));
}

/// Documentation of the elements, one text for each item.
fn sentences() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/twiml/elements");
    let mut found = BTreeSet::new();
    for file in fs::read_dir(folder).unwrap() {
        let source = fs::read_to_string(file.unwrap().path()).unwrap();
        let mut text = String::new();
        for line in source.lines().map(str::trim) {
            if let Some(more) = line.strip_prefix("///") {
                text.push_str(more);
            } else {
                found.insert(std::mem::take(&mut text).trim().to_owned());
            }
        }
    }
    found
}
