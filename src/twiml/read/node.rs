//! Document as a tree, for inspection in tests and tools.

use std::fmt;

use crate::twiml::write::{OwnedTag, PooledBuffer};

/// Element of a parsed document: its name, attributes and content.
///
/// Two nodes are equal if a parser cannot distinguish their documents: the order of attributes does
/// not matter, and adjacent pieces of text are one.
///
/// `Debug` prints the structure without values and text, because a document may hold personal data.
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
    name: String,
    attributes: Vec<(String, String)>,
    content: Vec<Piece>,
}

#[derive(Clone)]
enum Piece {
    Text(String),
    Element(Node),
}

/// Item of an element's content, in document order.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChildNode<'a> {
    /// Text between two tags.
    Text(&'a str),
    /// A child element.
    Element(&'a Node),
}

impl Node {
    /// Returns the element's name, such as `Say`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the value of an attribute, if it is set. An attribute set to `""` is set.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes()
            .find_map(|(known, value)| (known == name).then_some(value))
    }

    /// Returns names and values of the attributes, in document order.
    pub fn attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.attributes
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Returns text and child elements, in order.
    pub fn child_nodes(&self) -> impl Iterator<Item = ChildNode<'_>> {
        self.content.iter().map(|piece| match piece {
            Piece::Text(text) => ChildNode::Text(text),
            Piece::Element(node) => ChildNode::Element(node),
        })
    }

    /// Returns the child elements, in order.
    pub fn children(&self) -> impl Iterator<Item = &Self> {
        self.child_nodes().filter_map(|item| match item {
            ChildNode::Element(node) => Some(node),
            ChildNode::Text(_) => None,
        })
    }

    /// Returns the element's own text, joined. The text of its children is excluded.
    #[must_use]
    pub fn text(&self) -> String {
        self.child_nodes()
            .filter_map(|item| match item {
                ChildNode::Text(text) => Some(text),
                ChildNode::Element(_) => None,
            })
            .collect()
    }

    /// Returns the first descendant with this name, in document order.
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

    /// Returns the element as a separate document.
    #[must_use]
    pub fn to_xml(&self) -> String {
        self.buffer().document(OwnedTag::new(&self.name).as_tag())
    }

    pub(super) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            attributes: Vec::new(),
            content: Vec::new(),
        }
    }

    pub(super) fn set(&mut self, name: &str, value: String) {
        self.attributes.push((name.to_owned(), value));
    }

    pub(super) fn push(&mut self, node: Self) {
        self.content.push(Piece::Element(node));
    }

    /// Appends text. Adjacent text becomes one piece, and empty text is dropped.
    pub(super) fn push_text(&mut self, text: &str) {
        match self.content.last_mut() {
            Some(Piece::Text(before)) => before.push_str(text),
            _ if text.is_empty() => {}
            _ => self.content.push(Piece::Text(text.to_owned())),
        }
    }

    /// Returns the attributes sorted by name, because their order has no meaning in XML.
    fn sorted_attributes(&self) -> Vec<(&str, &str)> {
        let mut attributes: Vec<_> = self.attributes().collect();
        attributes.sort_unstable();
        attributes
    }

    fn buffer(&self) -> PooledBuffer {
        let mut buffer = PooledBuffer::new();
        for (name, value) in self.attributes() {
            buffer.push_attribute(name, value);
        }
        for item in self.child_nodes() {
            match item {
                ChildNode::Text(text) => buffer.push_text(text),
                ChildNode::Element(node) => {
                    let tag = OwnedTag::new(&node.name);
                    buffer.push_element(tag.as_tag(), &node.buffer());
                }
            }
        }
        buffer
    }
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        // The reader joins adjacent text and refuses an attribute that is set twice, so both sides
        // have one form.
        self.name == other.name
            && self.sorted_attributes() == other.sorted_attributes()
            && self.child_nodes().eq(other.child_nodes())
    }
}

impl Eq for Node {}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}", self.name)?;
        for (name, _) in self.attributes() {
            write!(f, " {name}=..")?;
        }
        if self.content.is_empty() {
            return f.write_str("/>");
        }
        f.write_str(">")?;
        for item in self.child_nodes() {
            fmt::Debug::fmt(&item, f)?;
        }
        write!(f, "</{}>", self.name)
    }
}

impl fmt::Debug for ChildNode<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(_) => f.write_str(".."),
            Self::Element(node) => fmt::Debug::fmt(node, f),
        }
    }
}
