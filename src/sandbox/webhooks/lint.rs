//! Warnings of Twilio's debugger about a document: each finding of `lint`, with Twilio's code.
//!
//! Source: <https://www.twilio.com/docs/api/errors>

use crate::sandbox::context::Context;
use crate::sandbox::state::{Document, WebhookKind};
use crate::twiml::{LintFinding, LintFindingKind, Node, lint_node};

/// Number of warnings about one document, so that a long document does not fill the debugger.
const MAX_WARNINGS: usize = 20;

/// Codes of invalid attributes, by element and attribute.
#[rustfmt::skip]
const ATTRIBUTES: &[(&str, &str, u32)] = &[
    ("Dial", "method", 13210),
    ("Dial", "timeout", 13212),
    ("Dial", "hangupOnStar", 13213),
    ("Dial", "timeLimit", 13216),
    ("Dial", "record", 13217),
    ("Dial", "sequential", 13218),
    ("Dial", "answerOnBridge", 13219),
    ("Dial", "ringTone", 13220),
    ("Dial", "recordingStatusCallback", 13256),
    ("Number", "method", 13221),
    ("Number", "sendDigits", 13222),
    ("Conference", "muted", 13230),
    ("Conference", "endConferenceOnExit", 13231),
    ("Conference", "startConferenceOnEnter", 13232),
    ("Conference", "waitUrl", 13233),
    ("Conference", "waitMethod", 13234),
    ("Conference", "beep", 13235),
    ("Conference", "trim", 13239),
    ("Conference", "coach", 13240),
    ("Conference", "recordingStatusCallback", 13256),
    ("Sip", "method", 13241),
    ("Sip", "sendDigits", 13242),
    ("Gather", "finishOnKey", 13310),
    ("Gather", "method", 13312),
    ("Gather", "timeout", 13313),
    ("Gather", "numDigits", 13314),
    ("Gather", "input", 13326),
    ("Gather", "speechTimeout", 13327),
    ("Gather", "maxSpeechTime", 13328),
    ("Gather", "partialResultCallbackMethod", 13329),
    ("Gather", "hints", 13330),
    ("Gather", "language", 13331),
    ("Gather", "bargeIn", 13332),
    ("Gather", "profanityFilter", 13333),
    ("Gather", "speechModel", 13334),
    ("Gather", "actionOnEmptyResult", 13338),
    ("Play", "loop", 13410),
    ("Play", "digits", 13430),
    ("Say", "loop", 13510),
    ("Say", "voice", 13511),
    ("Say", "language", 13512),
    ("Say", "rate", 13513),
    ("Record", "method", 13610),
    ("Record", "timeout", 13611),
    ("Record", "maxLength", 13612),
    ("Record", "finishOnKey", 13613),
    ("Record", "transcribe", 13614),
    ("Record", "playBeep", 13616),
    ("Record", "recordingStatusCallback", 13256),
    ("Record", "recordingStatusCallbackEvent", 13621),
    ("Record", "recordingTrack", 13622),
    ("Record", "transcribeCallback", 13257),
    ("Record", "trim", 13699),
    ("Redirect", "method", 13710),
    ("Reject", "reason", 13810),
    ("Pause", "length", 13910),
    ("Enqueue", "method", 14201),
    ("Enqueue", "waitUrl", 14202),
    ("Enqueue", "action", 14203),
    ("Enqueue", "waitUrlMethod", 14206),
    ("Queue", "method", 14210),
    ("Queue", "url", 14211),
    ("Message", "method", 14104),
    ("Message", "statusCallback", 14105),
    ("Sms", "method", 14104),
    ("Sms", "statusCallback", 14105),
];

/// Adds the warnings about a document to Twilio's debugger. The verbs run all the same.
///
/// Faults for which a verb adds an alert when it runs, such as an invalid number, are left to it.
pub(crate) fn warn(context: &Context, kind: WebhookKind, sid: &str, document: &Document) {
    let Document::Twiml { root, .. } = document else {
        return;
    };
    let response = match kind {
        WebhookKind::InboundMessage => "MessagingResponse",
        _ => "VoiceResponse",
    };
    let findings = lint_node(root, response);
    let codes = findings.iter().filter_map(code);
    for code in codes.chain(own_findings(root)).take(MAX_WARNINGS) {
        context.alert(code, message(code), sid);
    }
}

/// Returns Twilio's code for a finding, or `None` if running the document adds the alert.
fn code(finding: &LintFinding) -> Option<u32> {
    let mut path = finding.path().rsplit(" > ");
    let element = path.next().unwrap_or_default();
    let parent = path.next().unwrap_or_default();
    match (finding.kind(), finding.attribute()) {
        (LintFindingKind::InvalidValue, Some("callerId" | "to" | "from")) => None,
        // The verbs themselves have errors for these. On this machine, `ws` is valid.
        (LintFindingKind::InvalidValue, Some("url" | "track"))
            if matches!(element, "Stream" | "ConversationRelay") =>
        {
            None
        }
        // The detection itself warns of its parameters.
        (LintFindingKind::InvalidValue, Some(attribute))
            if attribute.starts_with("machineDetection") =>
        {
            None
        }
        (LintFindingKind::InvalidValue, Some(attribute)) => {
            let mut rows = ATTRIBUTES.iter();
            let found = rows.find(|(row, name, _)| *row == element && *name == attribute);
            Some(found.map_or(12200, |(.., code)| *code))
        }
        (LintFindingKind::InvalidValue, None) => match element {
            "Say" => Some(13521),
            "Gather" => Some(13330),
            _ => None,
        },
        // A recording has a name, by which a `<Stop>` ends it.
        (LintFindingKind::UnknownAttribute, Some("name")) if element == "Recording" => None,
        (LintFindingKind::UnknownAttribute, _) => Some(12200),
        (LintFindingKind::Missing, _) => match element {
            "Say" => Some(13520),
            "ConversationRelay" | "Message" | "Sms" | "Play" | "Redirect" | "Number" => None,
            _ => Some(12200),
        },
        (LintFindingKind::UnknownElement | LintFindingKind::Misplaced, _) => match parent {
            "Gather" => Some(13320),
            "Dial" => Some(13215),
            // The verb is skipped with an alert when its turn comes.
            "Response" => None,
            "Stop" if element == "Recording" => None,
            _ => Some(12200),
        },
        // The reader has refused such a document.
        _ => None,
    }
}

/// Returns the codes of faults that `lint` does not find, because Twilio may know more values than
/// it: voices, rates of SSML, and `speechTimeout="auto"` with the default speech model.
fn own_findings(node: &Node) -> Vec<u32> {
    let mut codes = Vec::new();
    if node.name() == "Say" && node.attribute("voice").is_some_and(is_unknown_voice) {
        codes.push(13511);
    }
    if node.name() == "Say" && has_invalid_rate(node, has_basic_voice(node)) {
        codes.push(13513);
    }
    if node.name() == "Gather"
        && node.attribute("speechTimeout") == Some("auto")
        && node.attribute("speechModel") == Some("default")
    {
        codes.push(13335);
    }
    codes.extend(node.children().flat_map(own_findings));
    codes
}

/// Reports whether the voice of a `<Say>` is a basic one, which speaks no SSML.
fn has_basic_voice(say: &Node) -> bool {
    matches!(say.attribute("voice"), Some("man" | "woman"))
}

/// Reports whether a `<prosody>` inside an element has a rate that its voice does not speak.
///
/// Source: <https://www.twilio.com/docs/api/errors/13513>
fn has_invalid_rate(element: &Node, is_basic: bool) -> bool {
    element.children().any(|child| {
        let rate = child
            .attribute("rate")
            .filter(|_| child.name() == "prosody");
        rate.is_some_and(|rate| is_basic || !is_rate(rate)) || has_invalid_rate(child, is_basic)
    })
}

fn is_rate(rate: &str) -> bool {
    let is_number = |number: &str| number.parse::<u32>().is_ok();
    match rate {
        "x-slow" | "slow" | "medium" | "fast" | "x-fast" | "default" => true,
        // Providers also accept a change, such as `+10%`.
        _ => rate
            .strip_suffix('%')
            .map(|percent| percent.trim_start_matches(['+', '-']))
            .is_some_and(is_number),
    }
}

/// Reports whether a voice is none of Twilio's: neither a basic voice nor one of a provider, such as
/// `Polly.Joanna`.
fn is_unknown_voice(voice: &str) -> bool {
    match voice.split_once('.') {
        Some((provider, _)) => !["Polly", "Google", "Azure", "ElevenLabs"].contains(&provider),
        None => !["", "man", "woman", "alice"].contains(&voice),
    }
}

const fn message(code: u32) -> &'static str {
    match code {
        13215 => "this element is not valid inside <Dial>",
        13320 => "this verb is not valid inside <Gather>",
        13520 => "the <Say> contains no text",
        13521 => "the text of the <Say> is too long",
        12200 => "the TwiML contains an element, attribute or value that Twilio does not know",
        _ => "an attribute of the TwiML has an invalid value",
    }
}
