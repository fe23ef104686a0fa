//! A document as a tree, and the only place that writes XML.

use std::fmt;

use super::escape::{Place, escape};
use super::text::Text;

/// An element of a document: its name, attributes and content.
///
/// Every typed element is a `Node` within, and [`read`](super::read()) gives one for a document
/// that came from elsewhere. It is for looking, in tests and tools; documents are built from
/// typed elements.
///
/// Two nodes are equal when a reader cannot tell their documents apart: the order of attributes
/// does not matter, and adjacent pieces of text are one.
///
/// `Debug` shows the structure without values and text: a document says things about a person.
///
/// ```
/// use clinspark_twilio::twiml;
///
/// let document = twiml::read("<Response><Say voice='man'>Hi <break/>there</Say></Response>")?;
/// let say = document.find("Say").unwrap();
/// assert_eq!(say.attribute("voice"), Some("man"));
/// assert_eq!(say.text(), "Hi there");
/// assert_eq!(format!("{say:?}"), "<Say voice=..>..<break/>..</Say>");
/// # Ok::<(), twiml::ReadError>(())
/// ```
#[derive(Clone)]
pub struct Node {
    name: Text,
    attributes: Vec<(Text, Text)>,
    content: Content,
}

/// Most elements hold nothing or one text: neither costs an allocation.
#[derive(Clone)]
enum Content {
    Empty,
    Text(Text),
    Pieces(Vec<Piece>),
}

/// A piece of an element's content: text, or a child.
#[derive(Clone)]
pub(super) enum Piece {
    Text(Text),
    Element(Node),
}

/// A piece of an element's content, in document order.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Item<'a> {
    /// Text between tags.
    Text(&'a str),
    /// A child element.
    Element(&'a Node),
}

impl Node {
    /// The element's name, such as `Say`.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name.as_str()
    }

    /// The value of an attribute, if it is set. An attribute set to `""` is set.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes()
            .find_map(|(known, value)| (known == name).then_some(value))
    }

    /// Names and values of the attributes, in the order in which they were set.
    pub fn attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.attributes
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Text and child elements, in order.
    pub fn items(&self) -> impl Iterator<Item = Item<'_>> {
        let (text, pieces) = match &self.content {
            Content::Empty => (None, &[][..]),
            Content::Text(text) => (Some(Item::Text(text.as_str())), &[][..]),
            Content::Pieces(pieces) => (None, pieces.as_slice()),
        };
        text.into_iter()
            .chain(pieces.iter().map(|piece| match piece {
                Piece::Text(text) => Item::Text(text.as_str()),
                Piece::Element(node) => Item::Element(node),
            }))
    }

    /// The child elements, in order.
    pub fn children(&self) -> impl Iterator<Item = &Self> {
        self.items().filter_map(|item| match item {
            Item::Element(node) => Some(node),
            Item::Text(_) => None,
        })
    }

    /// The element's own text, joined; that of its children is left out.
    #[must_use]
    pub fn text(&self) -> String {
        self.items()
            .filter_map(|item| match item {
                Item::Text(text) => Some(text),
                Item::Element(_) => None,
            })
            .collect()
    }

    /// The first element of this name below this one, in document order.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Self> {
        self.children().find_map(|child| {
            if child.name() == name {
                Some(child)
            } else {
                child.find(name)
            }
        })
    }

    /// The element as a document of its own, as [`VoiceResponse::to_xml`] writes it.
    ///
    /// [`VoiceResponse::to_xml`]: super::VoiceResponse::to_xml
    #[must_use]
    pub fn to_xml(&self) -> String {
        let mut xml = String::with_capacity(DECLARATION.len() + self.length());
        // Writing to a `String` cannot fail.
        let _ = self.write_document(&mut xml);
        xml
    }

    pub(super) const fn new(name: Text) -> Self {
        Self {
            name,
            attributes: Vec::new(),
            content: Content::Empty,
        }
    }

    pub(super) fn with_text(name: Text, text: Text) -> Self {
        Self {
            name,
            attributes: Vec::new(),
            content: Content::Text(text),
        }
    }

    /// Sets an attribute; setting it again replaces its value.
    pub(super) fn set(&mut self, name: Text, value: Text) {
        let known = self
            .attributes
            .iter_mut()
            .find(|(known, _)| known.as_str() == name.as_str());
        match known {
            Some((_, old)) => *old = value,
            None => self.attributes.push((name, value)),
        }
    }

    pub(super) fn push(&mut self, piece: Piece) {
        match (&mut self.content, piece) {
            (Content::Pieces(pieces), piece) => pieces.push(piece),
            (content @ Content::Empty, Piece::Text(text)) => *content = Content::Text(text),
            (content @ Content::Empty, piece) => *content = Content::Pieces(vec![piece]),
            (Content::Text(text), piece) => {
                let first = std::mem::replace(text, Text::word(""));
                self.content = Content::Pieces(vec![Piece::Text(first), piece]);
            }
        }
    }
}

/// What both official libraries write, with no newline after it.
const DECLARATION: &str = r#"<?xml version="1.0" encoding="UTF-8"?>"#;

impl Node {
    pub(super) fn write_document<W: fmt::Write>(&self, out: &mut W) -> fmt::Result {
        out.write_str(DECLARATION)?;
        self.write(out)
    }

    fn write<W: fmt::Write>(&self, out: &mut W) -> fmt::Result {
        let name = self.name.as_str();
        out.write_char('<')?;
        out.write_str(name)?;
        for (name, value) in &self.attributes {
            out.write_char(' ')?;
            out.write_str(name.as_str())?;
            out.write_str("=\"")?;
            write_text(out, value, Place::Attribute)?;
            out.write_char('"')?;
        }
        match &self.content {
            Content::Empty => return out.write_str("/>"),
            Content::Text(text) => {
                out.write_char('>')?;
                write_text(out, text, Place::Text)?;
            }
            Content::Pieces(pieces) => {
                out.write_char('>')?;
                for piece in pieces {
                    match piece {
                        Piece::Text(text) => write_text(out, text, Place::Text)?,
                        Piece::Element(node) => node.write(out)?,
                    }
                }
            }
        }
        out.write_str("</")?;
        out.write_str(name)?;
        out.write_char('>')
    }

    /// Bytes that [`write`](Self::write) needs when nothing has to be escaped.
    fn length(&self) -> usize {
        let name = self.name.as_str().len();
        let attributes: usize = self.attributes.iter().map(attribute_length).sum();
        let content: usize = match &self.content {
            Content::Empty => 0,
            Content::Text(text) => text.as_str().len(),
            Content::Pieces(pieces) => pieces.iter().map(Piece::length).sum(),
        };
        2 * name + "<></>".len() + attributes + content
    }
}

impl Piece {
    fn length(&self) -> usize {
        match self {
            Self::Text(text) => text.as_str().len(),
            Self::Element(node) => node.length(),
        }
    }
}

fn attribute_length((name, value): &(Text, Text)) -> usize {
    name.as_str().len() + value.as_str().len() + " =\"\"".len()
}

fn write_text<W: fmt::Write>(out: &mut W, text: &Text, place: Place) -> fmt::Result {
    if text.is_word() {
        out.write_str(text.as_str())
    } else {
        escape(out, text.as_str(), place)
    }
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
            && self.attributes.len() == other.attributes.len()
            && self
                .attributes()
                .all(|(name, value)| other.attribute(name) == Some(value))
            && self.merged() == other.merged()
    }
}

impl Eq for Node {}

impl Node {
    /// Each child beside the text before it, then the text after the last.
    fn merged(&self) -> (Vec<(String, &Self)>, String) {
        let mut children = Vec::new();
        let mut text = String::new();
        for item in self.items() {
            match item {
                Item::Text(more) => text.push_str(more),
                Item::Element(node) => children.push((std::mem::take(&mut text), node)),
            }
        }
        (children, text)
    }
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}", self.name())?;
        for (name, _) in self.attributes() {
            write!(f, " {name}=..")?;
        }
        if matches!(self.content, Content::Empty) {
            return f.write_str("/>");
        }
        f.write_str(">")?;
        for item in self.items() {
            match item {
                Item::Text(_) => f.write_str("..")?,
                Item::Element(node) => fmt::Debug::fmt(node, f)?,
            }
        }
        write!(f, "</{}>", self.name())
    }
}

impl fmt::Debug for Item<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(_) => f.write_str(".."),
            Self::Element(node) => fmt::Debug::fmt(node, f),
        }
    }
}
