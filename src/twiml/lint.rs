//! What Twilio would refuse or warn about, found before it is sent.
//!
//! Types rule most of it out. What is left is what only the value shows, and what comes in by
//! `attribute(name, value)` and [`Custom`](super::Custom).

use std::fmt;

use super::inventory::ELEMENTS;
use super::read;
use super::rules::{self, Place};
use super::table::{ConstructorRow, ElementRow, Kind};
use super::tree::{Item, Node};
use crate::types::Method;

/// What Twilio takes: 64 KB.
const LONGEST: usize = 64 * 1024;

/// What SSML's `<break>` takes, in milliseconds.
const LONGEST_BREAK: u64 = 10_000;

/// Something in a document that Twilio would refuse or warn about.
///
/// It names elements and attributes, and quotes no value: a document says things about a person.
///
/// ```
/// use clinspark_twilio::twiml::{Dial, FindingKind, VoiceResponse};
///
/// let document = VoiceResponse::new()
///     .append(Dial::number("+14155550123").action("/after dial"));
/// let findings = document.lint();
/// assert_eq!(findings[0].kind(), FindingKind::Value);
/// assert_eq!(
///     findings[0].to_string(),
///     "Response > Dial: `action` holds a character that cannot stand in a URL",
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    kind: FindingKind,
    path: String,
    what: String,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FindingKind {
    /// An element that this version does not know.
    UnknownElement,
    /// An attribute that this version does not know on this element. Names are case-sensitive.
    UnknownAttribute,
    /// An element, or text, where Twilio does not take it.
    Misplaced,
    /// A value outside its range, of the wrong form, or none of the words that stand there.
    Value,
    /// A required attribute, or the text of an element, that is not there.
    Missing,
    /// A document above 64 KB.
    TooLong,
}

impl Finding {
    /// What is wrong, as something to match on.
    #[must_use]
    pub const fn kind(&self) -> FindingKind {
        self.kind
    }

    /// Where, such as `Response > Dial > Number`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.what)
    }
}

/// Everything wrong with a document of ours; `root` is the Rust name of its type.
pub(super) fn lint(xml: &str, root: &str) -> Vec<Finding> {
    let document = read(xml);
    let mut findings = Findings {
        found: Vec::new(),
        path: vec!["Response"],
    };
    if xml.len() > LONGEST {
        findings.add(FindingKind::TooLong, "the document is above 64 KB");
    }
    // What we write is well-formed; only length or depth can keep it from being read.
    match &document {
        Ok(node) => findings.children(node, Some(root)),
        Err(error) => findings.add(FindingKind::TooLong, error.reason()),
    }
    findings.found
}

struct Findings<'n> {
    found: Vec<Finding>,
    /// Names of the elements that are open, from the root.
    path: Vec<&'n str>,
}

impl<'n> Findings<'n> {
    fn add(&mut self, kind: FindingKind, what: impl Into<String>) {
        // Twilio's longest name has 24 letters; a longer one may not fill memory.
        let names = self
            .path
            .iter()
            .map(|name| match name.char_indices().nth(64) {
                Some((end, _)) => name.get(..end).unwrap_or_default(),
                None => name,
            });
        self.found.push(Finding {
            kind,
            path: names.collect::<Vec<_>>().join(" > "),
            what: what.into(),
        });
    }

    /// `parent` is the Rust name of the parent's type, if it has one.
    fn children(&mut self, node: &'n Node, parent: Option<&str>) {
        for (position, child) in node.children().enumerate() {
            self.path.push(child.name());
            let row = self.row(child, parent);
            if let Some(row) = row {
                self.element(child, row, &Place { parent, position });
            }
            self.children(child, row.map(|row| row.name));
            self.path.pop();
        }
    }

    /// The row of an element, found by its tag and its parent.
    fn row(&mut self, node: &Node, parent: Option<&str>) -> Option<&'static ElementRow> {
        let rows = || {
            ELEMENTS
                .iter()
                .copied()
                .filter(|row| row.tag == node.name())
        };
        let Some(any) = rows().next() else {
            let what = "this version knows no such element";
            self.add(FindingKind::UnknownElement, what);
            return None;
        };
        let Some(parent) = parent else {
            return Some(any);
        };
        let here = rows().find(|row| row.parents.contains(&parent));
        if here.is_none() {
            let what = format!("`<{}>` may not appear inside `<{parent}>`", any.name);
            self.add(FindingKind::Misplaced, what);
        }
        Some(here.unwrap_or(any))
    }

    fn element(&mut self, node: &Node, row: &ElementRow, place: &Place<'_>) {
        for (name, value) in node.attributes() {
            match row
                .attributes
                .iter()
                .find(|attribute| attribute.name == name)
            {
                Some(attribute) => {
                    if let Some(fault) = fault(attribute.kind, attribute.range, value) {
                        self.add(FindingKind::Value, format!("`{name}` {fault}"));
                    }
                }
                None => self.add(
                    FindingKind::UnknownAttribute,
                    format!("this version knows no attribute `{name}` here"),
                ),
            }
        }
        self.text(node, row);
        if !row
            .constructors
            .iter()
            .any(|constructor| fits(constructor, node))
        {
            self.add(FindingKind::Missing, missing(row));
        }
        for rule in rules::broken(row.name, node, place) {
            self.add(rule.kind, rule.message);
        }
    }

    fn text(&mut self, node: &Node, row: &ElementRow) {
        let text = node.text();
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        let kind = row
            .constructors
            .iter()
            .find_map(|constructor| constructor.text);
        match kind {
            Some(kind) => {
                if let Some(fault) = fault(kind, None, text) {
                    self.add(FindingKind::Value, format!("the text {fault}"));
                }
            }
            None if row.mixed => {}
            None => self.add(FindingKind::Misplaced, "text has no place here"),
        }
    }
}

/// Whether the document holds what a constructor would have asked for.
fn fits(constructor: &ConstructorRow, node: &Node) -> bool {
    let mut required = constructor.required.iter();
    let has_attributes = required.all(|attribute| node.attribute(attribute.name).is_some());
    let has_content = node.items().any(|item| match item {
        Item::Text(text) => !text.trim().is_empty(),
        Item::Element(_) => true,
    });
    has_attributes && (constructor.text.is_none() || has_content)
}

/// What the constructors ask for, in words.
fn missing(row: &ElementRow) -> String {
    let ways: Vec<_> = row
        .constructors
        .iter()
        .map(|constructor| {
            if constructor.text.is_some() {
                return "its text".to_owned();
            }
            let names = constructor.required.iter().map(|a| format!("`{}`", a.name));
            names.collect::<Vec<_>>().join(" and ")
        })
        .collect();
    format!("it needs {}", ways.join(" or "))
}

/// What is wrong with a value, if anything.
fn fault(kind: Kind, range: Option<(u32, u32)>, value: &str) -> Option<String> {
    let wrong = match kind {
        Kind::Url | Kind::WebSocketUrl | Kind::SipUrl if !is_url(value) => {
            "holds a character that cannot stand in a URL"
        }
        Kind::WebSocketUrl if !has_scheme(value, &["wss://"]) => "is no absolute `wss` URL",
        Kind::SipUrl if !has_scheme(value, &["sip:", "sips:"]) => "is no `sip:` address",
        Kind::Tones if !is_made_of(value, "0123456789*#wW") => {
            "holds more than the keys `0` to `9`, `*`, `#` and `w`"
        }
        Kind::Keys if !is_made_of(value, KEYS) => {
            "holds more than the keys `0` to `9`, `*` and `#`"
        }
        Kind::Key if !is_made_of(value, KEYS) || value.len() > 1 => {
            "is not one of the keys `0` to `9`, `*` and `#`"
        }
        Kind::Method if value != Method::Get.as_str() && value != Method::Post.as_str() => {
            "is neither `GET` nor `POST`"
        }
        Kind::Boolean if !matches!(value, "true" | "false") => "is neither `true` nor `false`",
        Kind::Integer | Kind::Seconds | Kind::Milliseconds => return number(range, value),
        Kind::AutoOrSeconds if value != "auto" => return number(range, value),
        Kind::Integers if value.split(' ').any(|n| n.parse::<u32>().is_err()) => {
            "is no list of whole numbers"
        }
        Kind::SsmlTime if !is_ssml_time(value) => "is no time of at most ten seconds",
        Kind::Word(words) if !words.contains(&value) => {
            return Some(format!("is none of {}", words.join(", ")));
        }
        Kind::Words(words) if value.split(' ').any(|word| !words.contains(&word)) => {
            return Some(format!("is no list of {}", words.join(", ")));
        }
        _ => return None,
    };
    Some(wrong.to_owned())
}

fn number(range: Option<(u32, u32)>, value: &str) -> Option<String> {
    let Ok(number) = value.parse::<u32>() else {
        return Some("is no whole number, or too large a one".to_owned());
    };
    match range {
        Some((low, u32::MAX)) if number < low => Some(format!("is below {low}")),
        Some((low, high)) if !(low..=high).contains(&number) => {
            Some(format!("is outside {low} to {high}"))
        }
        _ => None,
    }
}

/// Whether every character can stand in a URL, absolute or relative.
///
/// Source: <https://www.rfc-editor.org/rfc/rfc3986#appendix-A>
fn is_url(text: &str) -> bool {
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let fine = match byte {
            b'%' => {
                let mut digit = || rest.next().is_some_and(|b| b.is_ascii_hexdigit());
                digit() && digit()
            }
            byte => byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=".contains(&byte),
        };
        if !fine {
            return false;
        }
    }
    true
}

/// The URL begins with one of these schemes, in any case, and goes on.
fn has_scheme(url: &str, schemes: &[&str]) -> bool {
    schemes.iter().any(|scheme| {
        url.split_at_checked(scheme.len())
            .is_some_and(|(start, rest)| start.eq_ignore_ascii_case(scheme) && !rest.is_empty())
    })
}

const KEYS: &str = "0123456789*#";

fn is_made_of(value: &str, keys: &str) -> bool {
    value.chars().all(|key| keys.contains(key))
}

fn is_ssml_time(value: &str) -> bool {
    let (number, scale) = match value.strip_suffix("ms") {
        Some(number) => (number, 1),
        None => (value.strip_suffix('s').unwrap_or_default(), 1_000),
    };
    number
        .parse::<u64>()
        .is_ok_and(|number| number.saturating_mul(scale) <= LONGEST_BREAK)
}
