//! Parser of documents into a tree, based on quick-xml.
//!
//! quick-xml splits a document into tags and text, but accepts some input that XML forbids. The
//! remaining checks are made here. No other file uses quick-xml.

use std::collections::HashSet;

use quick_xml::errors::{IllFormedError, SyntaxError};
use quick_xml::events::{BytesDecl, BytesStart, Event};
use quick_xml::{Error, Reader};

use super::node::Node;
use crate::twiml::write::is_forbidden;

/// Size limit in bytes, sixteen times that of Twilio.
const MAX_BYTES: usize = 1 << 20;

/// Depth limit. Documents that Twilio accepts have less than a tenth of it.
const MAX_DEPTH: usize = 100;

/// Parses a document into a tree.
///
/// Comments are skipped, CDATA is text, and whitespace is kept. The parser refuses documents above
/// 1 MiB or 100 levels, DTDs, processing instructions, and entities other than XML's own five.
/// TwiML needs none of them, and each has been used to attack parsers.
///
/// ```
/// use clinspark_twilio::twiml::{self, ReadErrorKind};
///
/// let document = twiml::read("<Response><Hangup/></Response>")?;
/// assert!(document.find("Hangup").is_some());
///
/// let error = twiml::read("<Response>\n  <Say>Hi</Response>").unwrap_err();
/// assert_eq!(error.kind(), ReadErrorKind::Malformed);
/// assert_eq!((error.line(), error.column()), (2, 10));
/// # Ok::<(), twiml::ReadError>(())
/// ```
///
/// # Errors
///
/// Returns [`ReadError`], with the position and the reason.
pub fn read(xml: &str) -> Result<Node, ReadError> {
    if xml.len() > MAX_BYTES {
        return Err(ReadError::at(0, xml, Problem::too_long()));
    }
    // One byte order mark is not part of the document. quick-xml would also drop a second one.
    let xml = xml.strip_prefix('\u{FEFF}').unwrap_or(xml);
    if xml.starts_with('\u{FEFF}') {
        return Err(ReadError::at(0, xml, Problem::malformed(OUTSIDE)));
    }
    if let Some((at, _)) = xml.char_indices().find(|(_, c)| is_forbidden(*c)) {
        return Err(ReadError::at(at, xml, Problem::malformed(FORBIDDEN)));
    }
    let mut tree = TreeBuilder::default();
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_comments = true;
    loop {
        let start = offset(reader.buffer_position());
        let event = match reader.read_event() {
            Ok(Event::Eof) => return tree.finish().map_err(|f| ReadError::at(start, xml, f)),
            Ok(event) => event,
            Err(error) => {
                let at = offset(reader.error_position());
                return Err(ReadError::at(at, xml, Problem::malformed(reason(&error))));
            }
        };
        tree.handle(&event, start)
            .map_err(|problem| ReadError::at(start, xml, problem))?;
    }
}

/// Error returned when a document cannot be parsed, with the position and the reason.
///
/// Neither `Display` nor `Debug` quotes the document.
///
/// ```
/// use clinspark_twilio::twiml::{self, ReadErrorKind};
///
/// let error = twiml::read("<Response>\n<Say></Response>").unwrap_err();
/// assert_eq!(error.kind(), ReadErrorKind::Malformed);
/// assert_eq!(error.line(), 2);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a TwiML document: line {line}, column {column}: {reason}")]
#[non_exhaustive]
pub struct ReadError {
    kind: ReadErrorKind,
    reason: &'static str,
    line: usize,
    column: usize,
}

impl ReadError {
    /// Returns the kind of the fault, for matching.
    #[must_use]
    pub const fn kind(&self) -> ReadErrorKind {
        self.kind
    }

    /// Returns the line, from 1.
    #[must_use]
    pub const fn line(&self) -> usize {
        self.line
    }

    /// Returns the column of the first text that was not parsed, in characters from 1.
    #[must_use]
    pub const fn column(&self) -> usize {
        self.column
    }

    /// Returns the reason, which quotes nothing of the document.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        self.reason
    }

    fn at(offset: usize, xml: &str, problem: Problem) -> Self {
        let before = xml.get(..offset).unwrap_or(xml);
        let line = before.rsplit('\n').next().unwrap_or_default();
        Self {
            kind: problem.kind,
            reason: problem.reason,
            line: before.matches('\n').count() + 1,
            column: line.chars().count() + 1,
        }
    }
}

/// Kind of fault in a document that cannot be parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ReadErrorKind {
    /// The document is not well-formed XML.
    Malformed,
    /// The document holds a DTD, a processing instruction, or an entity other than XML's own five.
    Refused,
    /// The document is above 1 MiB.
    TooLong,
    /// The document is deeper than 100 levels.
    TooDeep,
}

const FORBIDDEN: &str = "a character that XML forbids";
const OUTSIDE: &str = "text outside the root element";

#[derive(Clone, Copy)]
struct Problem {
    kind: ReadErrorKind,
    reason: &'static str,
}

impl Problem {
    const fn malformed(reason: &'static str) -> Self {
        Self {
            kind: ReadErrorKind::Malformed,
            reason,
        }
    }

    const fn refused(reason: &'static str) -> Self {
        Self {
            kind: ReadErrorKind::Refused,
            reason,
        }
    }

    const fn too_long() -> Self {
        Self {
            kind: ReadErrorKind::TooLong,
            reason: "the document is above 1 MiB",
        }
    }

    const fn too_deep() -> Self {
        Self {
            kind: ReadErrorKind::TooDeep,
            reason: "the document is deeper than 100 levels",
        }
    }
}

/// Open elements, and the root after it is closed.
#[derive(Default)]
struct TreeBuilder {
    open: Vec<Node>,
    root: Option<Node>,
}

impl TreeBuilder {
    fn handle(&mut self, event: &Event<'_>, start: usize) -> Result<(), Problem> {
        match event {
            Event::Start(tag) => {
                // Nodes are visited and dropped recursively, so unlimited depth would overflow the stack.
                if self.open.len() == MAX_DEPTH {
                    return Err(Problem::too_deep());
                }
                self.open.push(element(tag)?);
                Ok(())
            }
            Event::Empty(tag) => self.close(element(tag)?),
            // quick-xml has already compared the name with that of the start tag.
            Event::End(_) => match self.open.pop() {
                Some(node) => self.close(node),
                None => Err(Problem::malformed("an end tag without a start tag")),
            },
            Event::Text(text) => {
                let text = text.xml10_content();
                // XML forbids this in text, but quick-xml accepts it.
                if text.contains("]]>") {
                    return Err(Problem::malformed("`]]>` in text"));
                }
                self.text(&text)
            }
            Event::CData(text) if self.open.is_empty() => {
                let _ = text;
                Err(Problem::malformed(OUTSIDE))
            }
            Event::CData(text) => self.text(&text.xml10_content()),
            Event::GeneralRef(reference) if self.open.is_empty() => {
                let _ = reference;
                Err(Problem::malformed(OUTSIDE))
            }
            Event::GeneralRef(reference) => {
                let mut buffer = [0; 4];
                self.text(resolve(&reference.xml10_content())?.encode_utf8(&mut buffer))
            }
            Event::Decl(declaration) => check_declaration(declaration, start),
            Event::Comment(_) | Event::Eof => Ok(()),
            Event::PI(_) => Err(Problem::refused("a processing instruction")),
            Event::DocType(_) => Err(Problem::refused("a document type definition")),
        }
    }

    fn close(&mut self, node: Node) -> Result<(), Problem> {
        if let Some(parent) = self.open.last_mut() {
            parent.push(node);
        } else if self.root.is_some() {
            return Err(Problem::malformed("a second root element"));
        } else {
            self.root = Some(node);
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), Problem> {
        match self.open.last_mut() {
            Some(parent) => {
                parent.push_text(text);
                Ok(())
            }
            None if text.bytes().all(is_blank) => Ok(()),
            None => Err(Problem::malformed(OUTSIDE)),
        }
    }

    fn finish(self) -> Result<Node, Problem> {
        match self.root {
            _ if !self.open.is_empty() => {
                Err(Problem::malformed("an element that is never closed"))
            }
            None => Err(Problem::malformed("no root element")),
            Some(root) => Ok(root),
        }
    }
}

fn element(tag: &BytesStart<'_>) -> Result<Node, Problem> {
    let name = tag.name().into_inner();
    if !is_name(name) {
        return Err(Problem::malformed("a tag with an invalid name"));
    }
    let mut node = Node::new(name);
    // A set, because a search in a list would make many attributes quadratically slow.
    let mut names = HashSet::new();
    for (name, value) in attributes(tag.attributes_raw())? {
        if !names.insert(name) {
            return Err(Problem::malformed("an attribute that is set twice"));
        }
        node.set(name, value);
    }
    Ok(node)
}

fn attributes(text: &str) -> Result<Vec<(&str, String)>, Problem> {
    let mut attributes = Vec::new();
    let mut rest = text;
    loop {
        let after = rest.trim_start_matches(|c: char| c.is_ascii() && is_blank(c as u8));
        if after.is_empty() {
            return Ok(attributes);
        }
        if after.len() == rest.len() {
            return Err(Problem::malformed("no blank before an attribute"));
        }
        let (name, value, remaining) = attribute(after)?;
        attributes.push((name, unescape(value)?));
        rest = remaining;
    }
}

/// Splits `name = "value"` off the front.
fn attribute(text: &str) -> Result<(&str, &str, &str), Problem> {
    let blank = |c: char| c.is_ascii() && is_blank(c as u8);
    let (name, rest) = text
        .split_once('=')
        .ok_or(Problem::malformed("an attribute without a value"))?;
    let name = name.trim_end_matches(blank);
    if !is_name(name) {
        return Err(Problem::malformed("an attribute with an invalid name"));
    }
    let rest = rest.trim_start_matches(blank);
    let cut = |quote| rest.strip_prefix(quote)?.split_once(quote);
    let (value, rest) = cut('"')
        .or_else(|| cut('\''))
        .ok_or(Problem::malformed("an attribute value without quotes"))?;
    if value.contains('<') {
        return Err(Problem::malformed("`<` in an attribute value"));
    }
    Ok((name, value, rest))
}

/// Resolves references. As XML requires, each raw line end and TAB becomes a blank.
fn unescape(value: &str) -> Result<String, Problem> {
    let mut text = String::with_capacity(value.len());
    let mut rest = value;
    while let Some((plain, special)) = rest
        .find(['&', '\r', '\n', '\t'])
        .and_then(|at| rest.split_at_checked(at))
    {
        text.push_str(plain);
        if let Some(reference) = special.strip_prefix('&') {
            let (name, after) = reference
                .split_once(';')
                .ok_or(Problem::malformed("`&` that does not begin a reference"))?;
            text.push(resolve(name)?);
            rest = after;
        } else {
            text.push(' ');
            // CRLF is one line end, so it becomes one blank.
            let after = special.strip_prefix("\r\n");
            rest = after.unwrap_or_else(|| special.get(1..).unwrap_or_default());
        }
    }
    text.push_str(rest);
    Ok(text)
}

/// Returns the character of a reference `&name;`.
fn resolve(name: &str) -> Result<char, Problem> {
    let number = match name {
        "amp" => return Ok('&'),
        "lt" => return Ok('<'),
        "gt" => return Ok('>'),
        "quot" => return Ok('"'),
        "apos" => return Ok('\''),
        _ => name.strip_prefix('#'),
    };
    let number = number.ok_or(Problem::refused("an entity other than XML's own five"))?;
    let (digits, radix) = match number.strip_prefix('x') {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    // `from_str_radix` accepts a sign, but XML does not.
    let signed = digits.starts_with(['+', '-']);
    let code = u32::from_str_radix(digits, radix).ok().filter(|_| !signed);
    code.and_then(char::from_u32)
        .filter(|c| !is_forbidden(*c))
        .ok_or(Problem::malformed(
            "a character reference to an invalid character",
        ))
}

fn check_declaration(declaration: &BytesDecl<'_>, start: usize) -> Result<(), Problem> {
    if start > 0 {
        return Err(Problem::malformed(
            "an XML declaration that is not at the start",
        ));
    }
    let attributes = attributes(declaration.get(3..).unwrap_or_default())?;
    let mut rest = attributes
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .peekable();
    if rest.next() != Some(("version", "1.0")) {
        return Err(Problem::malformed("an XML version other than 1.0"));
    }
    if let Some((_, encoding)) = rest.next_if(|(name, _)| *name == "encoding")
        && !encoding.eq_ignore_ascii_case("utf-8")
    {
        return Err(Problem::malformed("an encoding other than UTF-8"));
    }
    match (rest.next(), rest.next()) {
        (None | Some(("standalone", "yes" | "no")), None) => Ok(()),
        _ => Err(Problem::malformed("an ill-formed declaration")),
    }
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// Returns `true` if the text is a valid XML name.
///
/// Source: <https://www.w3.org/TR/xml/#NT-Name>
fn is_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(starts_name) && chars.all(|c| starts_name(c) || continues_name(c))
}

const fn starts_name(c: char) -> bool {
    matches!(c, ':' | '_' | 'A'..='Z' | 'a'..='z'
        | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}'
        | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}'
        | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

const fn continues_name(c: char) -> bool {
    matches!(c, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

/// Returns quick-xml's reason in a text that does not quote the document.
const fn reason(error: &Error) -> &'static str {
    match error {
        Error::IllFormed(IllFormedError::MismatchedEndTag { .. }) => {
            "an end tag that does not match the open element"
        }
        Error::IllFormed(IllFormedError::UnmatchedEndTag(_)) => "an end tag without a start tag",
        Error::IllFormed(IllFormedError::DoubleHyphenInComment) => "`--` in a comment",
        Error::IllFormed(IllFormedError::UnclosedReference) => {
            "`&` that does not begin a reference"
        }
        Error::IllFormed(_) => "an ill-formed declaration",
        Error::Syntax(SyntaxError::UnclosedTag) => "a tag that is never closed",
        Error::Syntax(SyntaxError::UnclosedComment) => "a comment that is never closed",
        Error::Syntax(SyntaxError::UnclosedCData) => "a CDATA section that is never closed",
        Error::Syntax(SyntaxError::InvalidBangMarkup) => "invalid markup after `<!`",
        Error::Syntax(_) => "markup that is never closed",
        _ => "markup that is not XML",
    }
}

/// Converts a position. It always fits, because documents are at most 1 MiB.
fn offset(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}
