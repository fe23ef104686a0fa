//! XML writer. No other file writes XML.
//!
//! An element is written as it is built, into one buffer: text, attributes and children, each
//! already escaped. They are usually given in this order, so almost nothing is moved. Appending an
//! element to its parent copies a few runs of bytes.

use std::fmt;

use super::escape::{Context, escape, escape_attribute};

/// XML declaration as both official libraries write it, without a newline.
const DECLARATION: &str = r#"<?xml version="1.0" encoding="UTF-8"?>"#;

/// Capacity that is sufficient for most elements, in bytes.
const INITIAL_CAPACITY: usize = 480;

/// Element under construction, without its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::twiml) struct ElementBuffer {
    /// Text of the constructor, attributes and children.
    xml: String,
    /// Start of the attributes in `xml`.
    attributes_start: usize,
    /// End of the attributes in `xml`.
    attributes_end: usize,
    /// Bits of the attributes that are set.
    set_bits: u64,
}

/// Attribute of an element's schema.
#[derive(Clone, Copy)]
pub(in crate::twiml) struct Attribute {
    /// Text before the value, such as ` timeout="`.
    pub(in crate::twiml) opening: &'static str,
    /// Bit from [`ElementSchema::attribute_bit`](crate::twiml::ElementSchema::attribute_bit).
    pub(in crate::twiml) bit: u64,
}

/// Tags of an element, written around its content.
#[derive(Clone, Copy)]
pub(in crate::twiml) struct Tag<'a> {
    /// Start of the opening tag, such as `<Say`.
    pub(in crate::twiml) opening: &'a str,
    /// Closing tag, such as `</Say>`.
    pub(in crate::twiml) closing: &'a str,
}

/// Tag of an element whose name may be unknown to the crate.
#[derive(Clone, PartialEq, Eq)]
pub(in crate::twiml) struct OwnedTag {
    opening: String,
    closing: String,
}

impl OwnedTag {
    pub(in crate::twiml) fn new(name: &str) -> Self {
        Self {
            opening: format!("<{name}"),
            closing: format!("</{name}>"),
        }
    }

    pub(in crate::twiml) fn as_tag(&self) -> Tag<'_> {
        Tag {
            opening: &self.opening,
            closing: &self.closing,
        }
    }
}

impl ElementBuffer {
    pub(super) const fn new() -> Self {
        Self {
            xml: String::new(),
            attributes_start: 0,
            attributes_end: 0,
            set_bits: 0,
        }
    }

    /// Creates a buffer with capacity for a few attributes or children, so that it rarely grows.
    pub(super) fn with_initial_capacity() -> Self {
        Self {
            xml: String::with_capacity(INITIAL_CAPACITY),
            ..Self::new()
        }
    }

    pub(super) const fn capacity(&self) -> usize {
        self.xml.capacity()
    }

    /// Empties the buffer and keeps its capacity.
    pub(super) fn clear(&mut self) {
        self.xml.clear();
        self.attributes_start = 0;
        self.attributes_end = 0;
        self.set_bits = 0;
    }

    /// Writes the text of the constructor into an empty buffer.
    pub(super) fn set_initial_text(&mut self, text: &str) {
        escape(&mut self.xml, text, Context::Text);
        self.attributes_start = self.xml.len();
        self.attributes_end = self.xml.len();
    }

    /// Sets an attribute to the text that `write` appends, which must be escaped. Setting it again
    /// replaces its value.
    #[inline]
    pub(in crate::twiml) fn set(&mut self, attribute: Attribute, write: impl FnOnce(&mut String)) {
        if self.set_bits & attribute.bit != 0 || self.has_children() {
            let mut value = String::new();
            write(&mut value);
            return self.insert_or_replace(attribute.opening, attribute.bit, &value);
        }
        self.set_bits |= attribute.bit;
        self.xml.push_str(attribute.opening);
        write(&mut self.xml);
        self.xml.push('"');
        self.attributes_end = self.xml.len();
    }

    /// Sets an attribute to a text.
    pub(in crate::twiml) fn set_text(&mut self, attribute: Attribute, text: &str) {
        self.set(attribute, |out| escape_attribute(out, text));
    }

    /// Sets an attribute by its name. `bit` is that of the schema, or 0 if the schema has none.
    pub(in crate::twiml) fn set_named(&mut self, name: &str, bit: u64, value: &str) {
        let mut escaped = String::with_capacity(value.len());
        escape_attribute(&mut escaped, value);
        self.insert_or_replace(&format!(" {name}=\""), bit, &escaped);
    }

    /// Appends an attribute that the element does not have yet. The element must have no children.
    pub(in crate::twiml) fn push_attribute(&mut self, name: &str, value: &str) {
        for piece in [" ", name, "=\""] {
            self.xml.push_str(piece);
        }
        escape_attribute(&mut self.xml, value);
        self.xml.push('"');
        self.attributes_end = self.xml.len();
    }

    /// Appends text after the children.
    pub(in crate::twiml) fn push_text(&mut self, text: &str) {
        escape(&mut self.xml, text, Context::Text);
    }

    /// Appends an element after the children.
    pub(in crate::twiml) fn push_element(&mut self, tag: Tag<'_>, element: &Self) {
        self.xml.reserve(element.written_length(tag));
        // Writing to a `String` cannot fail.
        let _ = element.write(tag, &mut self.xml);
    }

    /// Returns the element as a separate document.
    pub(in crate::twiml) fn document(&self, tag: Tag<'_>) -> String {
        let mut xml = String::with_capacity(DECLARATION.len() + self.written_length(tag));
        // Writing to a `String` cannot fail.
        let _ = self.write_document(tag, &mut xml);
        xml
    }

    /// Writes the element as a separate document.
    pub(in crate::twiml) fn write_document(
        &self,
        tag: Tag<'_>,
        out: &mut impl fmt::Write,
    ) -> fmt::Result {
        out.write_str(DECLARATION)?;
        self.write(tag, out)
    }

    #[inline]
    fn write(&self, tag: Tag<'_>, out: &mut impl fmt::Write) -> fmt::Result {
        // Both positions were once the length of `xml`, so the default is never used.
        let (head, children) = self
            .xml
            .split_at_checked(self.attributes_end)
            .unwrap_or_default();
        let (text, attributes) = head
            .split_at_checked(self.attributes_start)
            .unwrap_or_default();
        out.write_str(tag.opening)?;
        out.write_str(attributes)?;
        if text.is_empty() && children.is_empty() {
            return out.write_str("/>");
        }
        out.write_char('>')?;
        out.write_str(text)?;
        out.write_str(children)?;
        out.write_str(tag.closing)
    }

    /// Returns the largest number of bytes that [`write`](Self::write) writes.
    const fn written_length(&self, tag: Tag<'_>) -> usize {
        tag.opening.len() + "/>".len() + self.xml.len() + tag.closing.len()
    }

    const fn has_children(&self) -> bool {
        self.attributes_end < self.xml.len()
    }

    /// Sets an attribute that may already be set, or that precedes existing children.
    #[cold]
    fn insert_or_replace(&mut self, opening: &str, bit: u64, value: &str) {
        self.remove(opening);
        self.set_bits |= bit;
        let attribute = [opening, value, "\""].concat();
        self.xml.insert_str(self.attributes_end, &attribute);
        self.attributes_end += attribute.len();
    }

    fn remove(&mut self, opening: &str) {
        let attributes = self.xml.get(self.attributes_start..self.attributes_end);
        // No value holds a raw quote, so a match is the attribute and not text inside a value.
        let Some(at) = attributes.and_then(|attributes| attributes.find(opening)) else {
            return;
        };
        let start = self.attributes_start + at;
        let value = self.xml.get(start + opening.len()..).unwrap_or_default();
        let length = opening.len() + value.find('"').unwrap_or_default() + 1;
        self.xml.replace_range(start..start + length, "");
        self.attributes_end -= length;
    }
}
