//! Element with any name, for elements that are newer than this crate.

use std::fmt;

use super::element::{AppendTo, ChildOf, Element, fmt_structure};
use super::name::{NameError, check_name};
use super::values::TextValue;
use super::write::{OwnedTag, PooledBuffer};

/// Element with any name, for elements that are newer than this crate.
///
/// The element may appear anywhere and hold anything, because the crate has no schema for it.
/// Values are escaped like those of typed elements.
///
/// ```
/// use clinspark_twilio::twiml::{CustomElement, Say, VoiceResponse};
///
/// let document = VoiceResponse::new().append(
///     CustomElement::new("Brand-New")?
///         .attribute("level", "7")?
///         .append(Say::new("Hello")),
/// );
/// assert!(document.to_xml().contains(r#"<Brand-New level="7"><Say>Hello</Say></Brand-New>"#));
/// assert!(CustomElement::new("Say><Hangup/").is_err());
/// # Ok::<(), clinspark_twilio::twiml::NameError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
#[must_use = "an element has no effect until it is appended"]
pub struct CustomElement {
    tag: OwnedTag,
    buffer: PooledBuffer,
}

impl CustomElement {
    /// Creates an empty element with this name.
    ///
    /// # Errors
    ///
    /// Returns [`NameError`] if the name is not valid in a document.
    pub fn new(tag: &str) -> Result<Self, NameError> {
        check_name(tag)?;
        Ok(Self {
            tag: OwnedTag::new(tag),
            buffer: PooledBuffer::new(),
        })
    }

    /// Sets an attribute. Setting it again replaces its value.
    ///
    /// # Errors
    ///
    /// Returns [`NameError`] if the name is not valid in a document.
    pub fn attribute<'a>(
        mut self,
        name: &str,
        value: impl Into<TextValue<'a>>,
    ) -> Result<Self, NameError> {
        check_name(name)?;
        // Bit 0: without a schema, a repeated attribute is found by its name alone.
        self.buffer.set_named(name, 0, value.into().as_str());
        Ok(self)
    }

    /// Appends any element, or text.
    pub fn append(mut self, child: impl ChildOf<Self>) -> Self {
        child.append_to(&mut self.buffer);
        self
    }
}

impl AppendTo for CustomElement {
    fn append_to(self, parent: &mut PooledBuffer) {
        parent.push_element(self.tag.as_tag(), &self.buffer);
    }
}

impl fmt::Debug for CustomElement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt_structure(&self.buffer, self.tag.as_tag(), f)
    }
}

impl<Parent> ChildOf<Parent> for CustomElement {}
impl<Child: Element> ChildOf<CustomElement> for Child {}
impl ChildOf<CustomElement> for &str {}
impl ChildOf<CustomElement> for String {}
impl ChildOf<CustomElement> for TextValue<'_> {}
