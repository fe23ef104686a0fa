//! Rules that a single attribute cannot express: lengths, counts, alternatives, order.

use super::finding::LintFindingKind::{self, InvalidValue, Misplaced, Missing};
use crate::sms::MessageSize;
use crate::twiml::read::Node;

/// Position of an element in its document.
pub(super) struct Position<'a> {
    /// Rust name of the parent's type, if it has one.
    pub(super) parent: Option<&'a str>,
    /// Number of elements before this one in the same parent.
    pub(super) index: usize,
}

/// Rule for one or more elements.
pub(super) struct Rule {
    /// Rust names of the types to which the rule applies.
    elements: &'static [&'static str],
    /// Returns `true` if an element violates the rule.
    is_violated: fn(&Node, &Position<'_>) -> bool,
    pub(super) kind: LintFindingKind,
    pub(super) message: &'static str,
}

/// Returns the rules that an element violates.
pub(super) fn violated<'a>(
    name: &'a str,
    node: &'a Node,
    position: &'a Position<'a>,
) -> impl Iterator<Item = &'static Rule> + 'a {
    let rules = RULES
        .iter()
        .filter(move |rule| rule.elements.contains(&name));
    rules.filter(move |rule| (rule.is_violated)(node, position))
}

/// Largest number of characters of one `<Say>`.
const MAX_SAY_CHARACTERS: usize = 4_096;

/// Largest number of phrases of one `hints`.
const MAX_HINTS: usize = 500;

/// Largest number of files of one message.
const MAX_MEDIA: usize = 10;

/// Largest number of characters of a `<Parameter>`, name and value together.
const MAX_PARAMETER_CHARACTERS: usize = 500;

const fn rule(
    kind: LintFindingKind,
    elements: &'static [&'static str],
    message: &'static str,
    is_violated: fn(&Node, &Position<'_>) -> bool,
) -> Rule {
    Rule {
        elements,
        is_violated,
        kind,
        message,
    }
}

const RULES: &[Rule] = &[
    // Required content: a party, an address, a body or an element.
    rule(
        Missing,
        &["Dial"],
        "requires a number or another party to dial",
        |n, _| is_empty(n),
    ),
    rule(Missing, &["Client"], "requires an identity", |n, _| {
        is_empty(n)
    }),
    rule(Missing, &["Sip"], "requires a SIP address", |n, _| {
        is_empty(n)
    }),
    rule(
        Missing,
        &["UriElement"],
        "requires a SIP address",
        |n, _| is_empty(n),
    ),
    rule(
        Missing,
        &["Application"],
        "requires the SID of an app",
        |n, _| is_empty(n),
    ),
    rule(Missing, &["Message"], "requires a body or media", |n, _| {
        is_empty(n)
    }),
    rule(
        Missing,
        &["Connect", "Start", "Stop", "Refer", "Headers", "Prompt"],
        "requires an element inside",
        |n, _| n.children().next().is_none(),
    ),
    rule(
        Missing,
        &["Enqueue"],
        "requires a queue's name or `workflowSid`",
        |n, _| has_no(n, "workflowSid") && n.text().trim().is_empty(),
    ),
    rule(
        Missing,
        &["Stream"],
        "requires `url` or `connectorName`",
        |n, position| !position.is_in_stop() && has_no(n, "url") && has_no(n, "connectorName"),
    ),
    rule(
        Missing,
        &["Siprec"],
        "requires `connectorName`",
        |n, position| !position.is_in_stop() && has_no(n, "connectorName"),
    ),
    rule(
        Missing,
        &["Stream", "Siprec", "Transcription"],
        "requires `name`",
        |n, position| position.is_in_stop() && has_no(n, "name"),
    ),
    rule(
        Missing,
        &["VirtualAgent"],
        "requires `connectorName`",
        |n, _| has_no(n, "connectorName"),
    ),
    rule(Missing, &["ConversationRelay"], "requires `url`", |n, _| {
        has_no(n, "url")
    }),
    rule(
        Missing,
        &["ConversationRelaySession"],
        "requires `connector`",
        |n, _| has_no(n, "connector"),
    ),
    rule(Missing, &["AiSession"], "requires `aiConnector`", |n, _| {
        has_no(n, "aiConnector")
    }),
    rule(Missing, &["Phoneme"], "requires `ph`", |n, _| {
        has_no(n, "ph")
    }),
    rule(Missing, &["Sub"], "requires `alias`", |n, _| {
        has_no(n, "alias")
    }),
    // Limits of lengths and counts.
    rule(
        InvalidValue,
        &["Say"],
        "the text is above 4,096 characters",
        |n, _| characters(n) > MAX_SAY_CHARACTERS,
    ),
    rule(
        InvalidValue,
        &["Gather"],
        "`hints` holds more than 500 phrases",
        |n, _| {
            n.attribute("hints")
                .is_some_and(|hints| hints.split(',').count() > MAX_HINTS)
        },
    ),
    rule(
        InvalidValue,
        &["Message", "Body", "Sms"],
        "the body is above 1,600 characters",
        |n, _| !n.text().is_empty() && MessageSize::of(&n.text()).check().is_err(),
    ),
    rule(
        InvalidValue,
        &["Message"],
        "holds more than ten `<Media>` elements",
        |n, _| n.children().filter(|child| child.name() == "Media").count() > MAX_MEDIA,
    ),
    rule(
        InvalidValue,
        &["Parameter"],
        "name and value together are above 500 characters",
        |n, _| {
            let length = |name| n.attribute(name).map_or(0, |value| value.chars().count());
            length("name") + length("value") > MAX_PARAMETER_CHARACTERS
        },
    ),
    // Formats of values.
    rule(
        InvalidValue,
        &["Dial", "Number", "WhatsApp"],
        "the text is not a telephone number",
        |n, _| {
            let text = n.text();
            !text.trim().is_empty() && !is_spelled_as_number(&text)
        },
    ),
    rule(
        InvalidValue,
        &["Stream"],
        "`url` has a query, which Twilio drops; append a `<Parameter>`",
        |n, _| n.attribute("url").is_some_and(|url| url.contains('?')),
    ),
    rule(
        InvalidValue,
        &["Stream"],
        "`track` must be `inbound_track` inside `<Connect>`",
        |n, position| {
            position.parent == Some("Connect")
                && n.attribute("track")
                    .is_some_and(|track| track != "inbound_track")
        },
    ),
    rule(
        InvalidValue,
        &["Number", "Sip"],
        "`machineDetection` is neither `Enable` nor `DetectMessageEnd`",
        |n, _| {
            let known = ["Enable", "DetectMessageEnd"];
            n.attribute("machineDetection")
                .is_some_and(|value| !known.contains(&value))
        },
    ),
    rule(
        InvalidValue,
        &["ConversationRelay"],
        "`eagerEotThreshold` is outside 0.3 to 0.9",
        |n, _| {
            let is_inside = |value: &str| {
                value
                    .parse()
                    .is_ok_and(|value: f32| (0.3..=0.9).contains(&value))
            };
            n.attribute("eagerEotThreshold")
                .is_some_and(|value| !is_inside(value))
        },
    ),
    rule(
        InvalidValue,
        &["Enqueue"],
        "a `<Task>` requires `workflowSid` on `<Enqueue>`",
        |n, _| has_no(n, "workflowSid") && n.children().any(|child| child.name() == "Task"),
    ),
    rule(
        InvalidValue,
        &["Task"],
        "the text is not a JSON object",
        |n, _| serde_json::from_str::<serde_json::Map<_, _>>(&n.text()).is_err(),
    ),
    rule(
        InvalidValue,
        &["Pay"],
        "`chargeAmount` is not a decimal number",
        |n, _| {
            n.attribute("chargeAmount")
                .is_some_and(|amount| !is_decimal(amount))
        },
    ),
    rule(
        InvalidValue,
        &["Pay"],
        "`currency` is not a code of three lower-case letters",
        |n, _| {
            let is_code =
                |code: &str| code.len() == 3 && code.bytes().all(|b| b.is_ascii_lowercase());
            n.attribute("currency").is_some_and(|code| !is_code(code))
        },
    ),
    rule(
        InvalidValue,
        &["Prompt"],
        "`attempt` holds 0; attempts are counted from 1",
        |n, _| {
            n.attribute("attempt")
                .is_some_and(|list| list.split(' ').any(|number| number == "0"))
        },
    ),
    // Order of verbs.
    rule(
        Misplaced,
        &["Reject"],
        "Twilio accepts `<Reject>` only as the first verb",
        |_, position| position.index > 0,
    ),
];

impl Position<'_> {
    fn is_in_stop(&self) -> bool {
        self.parent == Some("Stop")
    }
}

fn has_no(node: &Node, attribute: &str) -> bool {
    node.attribute(attribute).is_none_or(str::is_empty)
}

/// Returns `true` if the element holds neither text nor an element.
fn is_empty(node: &Node) -> bool {
    node.children().next().is_none() && node.text().trim().is_empty()
}

/// Counts the characters of the text, including that of the children.
fn characters(node: &Node) -> usize {
    let own = node.text().chars().count();
    own + node.children().map(characters).sum::<usize>()
}

/// Returns `true` if the text has only characters of telephone numbers, in national format too.
fn is_spelled_as_number(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_digit())
        && text
            .chars()
            .all(|c| c.is_whitespace() || "+0123456789-.()".contains(c))
}

fn is_decimal(text: &str) -> bool {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits(whole) && digits(part)
}
