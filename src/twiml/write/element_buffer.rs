//! The only place that writes XML.
//!
//! An element is written as it is built, into one buffer: text, then attributes, then children,
//! each already escaped. That is the order in which they are usually given, so almost nothing
//! is ever moved, and appending an element to another copies a few runs of bytes.

use std::fmt;

use super::escape::{Context, escape, escape_attribute};

/// What both official libraries write, with no newline after it.
const DECLARATION: &str = r#"<?xml version="1.0" encoding="UTF-8"?>"#;

/// Bytes that most elements fit into.
const INITIAL_CAPACITY: usize = 480;

/// An element under construction: everything but its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::twiml) struct ElementBuffer {
    /// The text that the element was made with, its attributes, then `>` and its children.
    buffer: String,
    /// Where the attributes begin.
    text_end: usize,
    /// Where the attributes end.
    head_end: usize,
    /// A bit for each attribute of the row that was set.
    seen: u64,
}

/// An attribute that a row names.
#[derive(Clone, Copy)]
pub(in crate::twiml) struct Attribute {
    /// What is written before the value, such as ` timeout="`.
    pub(in crate::twiml) opening: &'static str,
    /// Its bit in [`ElementBuffer::seen`].
    pub(in crate::twiml) bit: u64,
}

/// What is written around an element.
#[derive(Clone, Copy)]
pub(in crate::twiml) struct Tag<'a> {
    /// `><Say>`: the `>` that ends its parent's attributes, its name, and the `>` that ends its
    /// own. Whichever is not needed is left out.
    pub(in crate::twiml) opening: &'a str,
    /// `</Say>`.
    pub(in crate::twiml) closing: &'a str,
}

impl<'a> Tag<'a> {
    /// `<Say`
    pub(in crate::twiml) fn name(self) -> &'a str {
        self.opening
            .get(1..self.opening.len() - 1)
            .unwrap_or_default()
    }

    /// `><Say`
    fn first(self) -> &'a str {
        self.opening
            .get(..self.opening.len() - 1)
            .unwrap_or_default()
    }
}

impl ElementBuffer {
    pub(super) const fn new() -> Self {
        Self {
            buffer: String::new(),
            text_end: 0,
            head_end: 0,
            seen: 0,
        }
    }

    /// One with room for a few attributes or children, so that it rarely grows.
    pub(super) fn with_capacity() -> Self {
        Self {
            buffer: String::with_capacity(INITIAL_CAPACITY),
            ..Self::new()
        }
    }

    /// Bytes that it has room for.
    pub(super) const fn capacity(&self) -> usize {
        self.buffer.capacity()
    }

    pub(super) fn clear(&mut self) {
        self.buffer.clear();
        self.text_end = 0;
        self.head_end = 0;
        self.seen = 0;
    }

    /// Begins with this text.
    pub(super) fn set_initial_text(&mut self, text: &str) {
        escape(&mut self.buffer, text, Context::Text);
        self.text_end = self.buffer.len();
        self.head_end = self.text_end;
    }

    /// Sets an attribute to what `write` appends, which must be escaped. Setting it again
    /// replaces its value.
    #[inline]
    pub(in crate::twiml) fn set(&mut self, attribute: Attribute, write: impl FnOnce(&mut String)) {
        if self.seen & attribute.bit != 0 || self.head_end != self.buffer.len() {
            let mut value = String::new();
            write(&mut value);
            return self.replace_attribute(attribute.opening, attribute.bit, &value);
        }
        self.seen |= attribute.bit;
        self.buffer.push_str(attribute.opening);
        write(&mut self.buffer);
        self.buffer.push('"');
        self.head_end = self.buffer.len();
    }

    /// Sets an attribute to this text.
    pub(in crate::twiml) fn set_text(&mut self, attribute: Attribute, text: &str) {
        self.set(attribute, |out| escape_attribute(out, text));
    }

    /// Sets an attribute whose name is known only now. `bit` is that of the row, or 0.
    pub(in crate::twiml) fn set_named(&mut self, name: &str, bit: u64, value: &str) {
        let mut escaped = String::with_capacity(value.len());
        escape_attribute(&mut escaped, value);
        self.replace_attribute(&format!(" {name}=\""), bit, &escaped);
    }

    /// Adds an attribute that the element does not have yet, ahead of any children.
    pub(in crate::twiml) fn add_named(&mut self, name: &str, value: &str) {
        for piece in [" ", name, "=\""] {
            self.buffer.push_str(piece);
        }
        escape_attribute(&mut self.buffer, value);
        self.buffer.push('"');
        self.head_end = self.buffer.len();
    }

    pub(in crate::twiml) fn push_text(&mut self, text: &str) {
        if !text.is_empty() {
            self.begin_children();
            escape(&mut self.buffer, text, Context::Text);
        }
    }

    pub(super) fn push_element(&mut self, tag: Tag<'_>, element: &Self) {
        self.buffer.reserve(element.length(tag));
        self.begin_children();
        // Writing to a `String` cannot fail.
        let _ = element.write(tag, &mut self.buffer);
    }

    /// Becomes the draft of its parent, whose first child it is, if all that is missing goes to
    /// the ends.
    pub(super) fn become_parent(&mut self, tag: Tag<'_>) -> bool {
        let has_children = self.head_end < self.buffer.len();
        let (opening, closing) = match (self.text_end, has_children) {
            (0, false) => (tag.first(), "/>"),
            (0, true) => (tag.first(), tag.closing),
            (end, false) if end == self.head_end => (tag.opening, tag.closing),
            _ => return false,
        };
        self.buffer.insert_str(0, opening);
        self.buffer.push_str(closing);
        self.text_end = 0;
        self.head_end = 0;
        self.seen = 0;
        true
    }

    /// The element as a document of its own.
    pub(in crate::twiml) fn document(&self, tag: Tag<'_>) -> String {
        let mut xml = String::with_capacity(DECLARATION.len() + self.length(tag));
        let _ = self.write_document(tag, &mut xml);
        xml
    }

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
        out.write_str(tag.name())?;
        if self.text_end == 0 {
            out.write_str(&self.buffer)?;
            let is_empty = self.head_end == self.buffer.len();
            return out.write_str(if is_empty { "/>" } else { tag.closing });
        }
        // Both ends were the buffer's length when they were taken, so no fallback is ever taken.
        let (head, children) = self
            .buffer
            .split_at_checked(self.head_end)
            .unwrap_or_default();
        let (text, attributes) = head.split_at_checked(self.text_end).unwrap_or_default();
        out.write_str(attributes)?;
        out.write_char('>')?;
        out.write_str(text)?;
        out.write_str(children.get(1..).unwrap_or_default())?;
        out.write_str(tag.closing)
    }

    fn begin_children(&mut self) {
        if self.buffer.len() == self.head_end {
            self.buffer.push('>');
        }
    }

    /// Bytes that [`write`](Self::write) needs.
    fn length(&self, tag: Tag<'_>) -> usize {
        tag.opening.len() + "/>".len() + self.buffer.len() + tag.closing.len()
    }

    /// The slow way: behind children, or where a value may have to go first.
    #[cold]
    fn replace_attribute(&mut self, opening: &str, bit: u64, value: &str) {
        self.remove_attribute(opening);
        self.seen |= bit;
        let before = self.buffer.len();
        for piece in ["\"", value, opening] {
            self.buffer.insert_str(self.head_end, piece);
        }
        self.head_end += self.buffer.len() - before;
    }

    fn remove_attribute(&mut self, opening: &str) {
        let attributes = self.buffer.get(self.text_end..self.head_end);
        // No value holds a raw quote, so what is found is the attribute itself.
        let Some(at) = attributes.and_then(|attributes| attributes.find(opening)) else {
            return;
        };
        let start = self.text_end + at;
        let value = self.buffer.get(start + opening.len()..).unwrap_or_default();
        let length = opening.len() + value.find('"').unwrap_or_default() + 1;
        self.buffer.replace_range(start..start + length, "");
        self.head_end -= length;
    }
}
