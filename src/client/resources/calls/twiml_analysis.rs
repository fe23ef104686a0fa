//! Analysis of inline TwiML: the telephone numbers that it reaches, and relative URLs.

use crate::phone::E164;
use crate::twiml::{self, Node};

/// Telephone numbers that a document dials or texts. `None` stands for each recipient without a
/// known telephone number.
///
/// An unreadable document may reach anyone. So may each element outside [`REACH_NO_ONE`]: a queue,
/// a conference, `<dial>`, `<x:Dial>`, an element newer than this crate.
pub(super) fn reached_numbers(xml: &str) -> Vec<Option<E164>> {
    let mut reached = Vec::new();
    match twiml::read(xml) {
        Ok(document) => visit(&document, &mut |node| add_reached(node, &mut reached)),
        // Unreadable to this crate, but perhaps not to Twilio.
        Err(_) => reached.push(None),
    }
    reached
}

/// Elements that reach no one but the callee: they speak, listen, record or end the call.
///
/// `<Stream>`, `<Siprec>` and `<Transcription>` carry the call's audio to programs. SSML elements
/// inside `<Say>` have lower-case names.
const REACH_NO_ONE: &[&str] = &[
    "Config",
    "Connect",
    "Gather",
    "Hangup",
    "Leave",
    "Parameter",
    "Pause",
    "Pay",
    "Play",
    "Prompt",
    "Record",
    "Recording",
    "Redirect",
    "Reject",
    "Response",
    "Say",
    "Siprec",
    "Start",
    "Stop",
    "Stream",
    "Transcription",
    "break",
    "emphasis",
    "lang",
    "p",
    "phoneme",
    "prosody",
    "s",
    "say-as",
    "sub",
    "w",
];

fn add_reached(node: &Node, reached: &mut Vec<Option<E164>>) {
    let text = node.text();
    let number = |text: &str| E164::parse(text.trim()).ok();
    match node.name() {
        // `<Dial>` contains a number, or nouns, which `visit` passes to this function themselves.
        "Dial" if text.trim().is_empty() => {}
        "Dial" | "Number" => reached.push(number(&text)),
        // Without `to`, the text goes to the other party: see `texts_other_party`.
        "Sms" => reached.extend(node.attribute("to").map(number)),
        name if REACH_NO_ONE.contains(&name) => {}
        _ => reached.push(None),
    }
}

/// Returns `true` if a document texts the other party of the call, whom it does not name.
pub(super) fn texts_other_party(xml: &str) -> bool {
    let mut found = false;
    if let Ok(document) = twiml::read(xml) {
        visit(&document, &mut |node| {
            found |= node.name() == "Sms" && node.attribute("to").is_none();
        });
    }
    found
}

/// Returns `true` if a document contains a URL without a host.
///
/// Twilio resolves a relative URL against the URL of the document. Inline TwiML has none, so Twilio
/// would end the call there.
pub(super) fn has_relative_url(xml: &str) -> bool {
    let mut found = false;
    if let Ok(document) = twiml::read(xml) {
        visit(&document, &mut |node| {
            let relative = |text: &str| !text.trim().is_empty() && !text.contains("://");
            found |= node
                .attributes()
                .any(|(name, value)| is_url(name) && relative(value));
            found |= matches!(node.name(), "Play" | "Redirect") && relative(&node.text());
        });
    }
    found
}

fn is_url(name: &str) -> bool {
    matches!(name, "action" | "url") || name.ends_with("Url") || name.ends_with("Callback")
}

fn visit(node: &Node, look: &mut impl FnMut(&Node)) {
    look(node);
    node.children().for_each(|child| visit(child, look));
}
