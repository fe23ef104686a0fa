//! Analysis of TwiML that is sent along with a call: numbers that it reaches, and relative URLs.

use crate::phone::E164;
use crate::twiml::{self, Node};

/// Whom a document dials or texts; `None` for each who is not told by a telephone number.
///
/// A document that cannot be read may reach anyone, and so may an element that is not known to
/// reach no one: a queue, a conference, `<dial>`, `<x:Dial>`, an element newer than this crate.
pub(super) fn reached_numbers(xml: &str) -> Vec<Option<E164>> {
    let mut reached = Vec::new();
    match twiml::read(xml) {
        Ok(document) => visit(&document, &mut |node| add_reached(node, &mut reached)),
        Err(_) => reached.push(None),
    }
    reached
}

/// Elements that reach no one else: they speak to the callee, listen, record or end the call.
/// `<Stream>`, `<Siprec>` and `<Transcription>` carry its audio to programs. What is spoken inside
/// `<Say>` is written in small letters.
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
        // `<Dial>` holds a number, or nouns that are looked at themselves.
        "Dial" if text.trim().is_empty() => {}
        "Dial" | "Number" => reached.push(number(&text)),
        // Without `to` it goes to the callee.
        "Sms" => reached.extend(node.attribute("to").map(number)),
        name if REACH_NO_ONE.contains(&name) => {}
        _ => reached.push(None),
    }
}

/// Whether a document asks at an address without a host. It is not fetched from anywhere, so
/// Twilio could not tell which host is meant, and the call would end there.
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
