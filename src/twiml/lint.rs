//! What Twilio would refuse or warn about, found before it is sent.
//!
//! Types rule most of it out. What is left is what only the value shows, and what comes in by
//! `attribute(name, value)` and [`Custom`](super::Custom).

use std::fmt;

use super::inventory::ELEMENTS;
use super::read;
use super::table::{AttributeRow, ConstructorRow, ElementRow, Kind};
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
    let mut findings = Findings::default();
    if xml.len() > LONGEST {
        findings.add(
            FindingKind::TooLong,
            "Response",
            "the document is above 64 KB",
        );
    }
    // What we write is well-formed; only length or depth can keep it from being read.
    match read(xml) {
        Ok(node) => findings.children(&node, Some(root), "Response"),
        Err(error) => findings.add(FindingKind::TooLong, "Response", error.reason()),
    }
    findings.0
}

#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, kind: FindingKind, path: &str, what: impl Into<String>) {
        self.0.push(Finding {
            kind,
            path: path.to_owned(),
            what: what.into(),
        });
    }

    /// `parent` is the Rust name of the parent's type, if it has one.
    fn children(&mut self, node: &Node, parent: Option<&str>, path: &str) {
        for child in node.children() {
            let path = format!("{path} > {}", child.name());
            let row = self.place(child, parent, &path);
            if let Some(row) = row {
                self.element(child, row, &path);
            }
            self.children(child, row.map(|row| row.name), &path);
        }
    }

    /// The row of an element, found by its tag and its parent.
    fn place(
        &mut self,
        node: &Node,
        parent: Option<&str>,
        path: &str,
    ) -> Option<&'static ElementRow> {
        let rows = || {
            ELEMENTS
                .iter()
                .copied()
                .filter(|row| row.tag == node.name())
        };
        let Some(any) = rows().next() else {
            let what = "this version knows no such element";
            self.add(FindingKind::UnknownElement, path, what);
            return None;
        };
        let Some(parent) = parent else {
            return Some(any);
        };
        let here = rows().find(|row| row.parents.contains(&parent));
        if here.is_none() {
            let what = format!("`<{}>` may not appear inside `<{parent}>`", any.name);
            self.add(FindingKind::Misplaced, path, what);
        }
        Some(here.unwrap_or(any))
    }

    fn element(&mut self, node: &Node, row: &ElementRow, path: &str) {
        for (name, value) in node.attributes() {
            match row
                .attributes
                .iter()
                .find(|attribute| attribute.name == name)
            {
                Some(attribute) => {
                    if let Some(fault) = fault(attribute, value) {
                        self.add(FindingKind::Value, path, format!("`{name}` {fault}"));
                    }
                }
                None => self.add(
                    FindingKind::UnknownAttribute,
                    path,
                    format!("this version knows no attribute `{name}` here"),
                ),
            }
        }
        let text = row
            .constructors
            .iter()
            .find_map(|constructor| constructor.text);
        if text == Some(Kind::Url) && !is_url(node.text().trim()) {
            let what = "the text holds a character that cannot stand in a URL";
            self.add(FindingKind::Value, path, what);
        }
        if text.is_none() && !row.mixed && !node.text().trim().is_empty() {
            self.add(FindingKind::Misplaced, path, "text has no place here");
        }
        if !row
            .constructors
            .iter()
            .any(|constructor| fits(constructor, node))
        {
            self.add(FindingKind::Missing, path, missing(row));
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
fn fault(row: &AttributeRow, value: &str) -> Option<String> {
    let wrong = match row.kind {
        Kind::Url if !is_url(value) => "holds a character that cannot stand in a URL",
        Kind::Method if value != Method::Get.as_str() && value != Method::Post.as_str() => {
            "is neither `GET` nor `POST`"
        }
        Kind::Boolean if !matches!(value, "true" | "false") => "is neither `true` nor `false`",
        Kind::Integer | Kind::Seconds | Kind::Milliseconds => return number(row, value),
        Kind::AutoOrSeconds if value != "auto" => return number(row, value),
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

fn number(row: &AttributeRow, value: &str) -> Option<String> {
    let Ok(number) = value.parse::<u32>() else {
        return Some("is no whole number, or too large a one".to_owned());
    };
    match row.range {
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

fn is_ssml_time(value: &str) -> bool {
    let (number, scale) = match value.strip_suffix("ms") {
        Some(number) => (number, 1),
        None => (value.strip_suffix('s').unwrap_or_default(), 1_000),
    };
    number
        .parse::<u64>()
        .is_ok_and(|number| number.saturating_mul(scale) <= LONGEST_BREAK)
}
