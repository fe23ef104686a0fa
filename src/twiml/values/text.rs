//! Text of an attribute or element, or a value that converts to text.

use std::borrow::Cow;
use std::fmt;

use crate::phone::{Address, Callee, E164, PhoneNumber, Recipient};

/// Text of an attribute, or text between two tags.
///
/// Code rarely names this type. Setters accept a `&str`, a `String`, a `Cow<str>`, or one of this
/// crate's telephone numbers and addresses. Any text is safe, because it is escaped when it is
/// written into the document.
///
/// `Debug` prints only the length, because the text may be personal data.
///
/// ```
/// use clinspark_twilio::phone::E164;
/// use clinspark_twilio::twiml::{Dial, TextValue};
///
/// let nurse = E164::parse("+14155550123")?;
/// assert_eq!(Dial::number(nurse), Dial::number("+14155550123"));
/// assert_eq!(format!("{:?}", TextValue::from("hello")), "TextValue([redacted], 5 bytes)");
/// # Ok::<(), clinspark_twilio::phone::PhoneError>(())
/// ```
#[derive(Clone)]
pub struct TextValue<'a>(Repr<'a>);

#[derive(Clone)]
enum Repr<'a> {
    Text(Cow<'a, str>),
    // Stored inline, so that a number needs no allocation.
    Number(E164),
}

impl TextValue<'_> {
    /// Returns the text, which may be personal data.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Repr::Text(text) => text,
            Repr::Number(number) => number.as_str(),
        }
    }
}

impl PartialEq for TextValue<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for TextValue<'_> {}

impl fmt::Debug for TextValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TextValue([redacted], {} bytes)", self.as_str().len())
    }
}

impl<'a> From<&'a str> for TextValue<'a> {
    fn from(text: &'a str) -> Self {
        Self(Repr::Text(Cow::Borrowed(text)))
    }
}

impl<'a> From<&'a String> for TextValue<'a> {
    fn from(text: &'a String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<String> for TextValue<'_> {
    fn from(text: String) -> Self {
        Self(Repr::Text(Cow::Owned(text)))
    }
}

impl<'a> From<Cow<'a, str>> for TextValue<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        Self(Repr::Text(text))
    }
}

impl From<E164> for TextValue<'_> {
    fn from(number: E164) -> Self {
        Self(Repr::Number(number))
    }
}

impl From<PhoneNumber> for TextValue<'_> {
    fn from(number: PhoneNumber) -> Self {
        number.e164().into()
    }
}

macro_rules! from_addresses {
    ($($name:ident),+) => {$(
        impl From<&$name> for TextValue<'_> {
            fn from(address: &$name) -> Self {
                address.expose().into()
            }
        }

        impl From<$name> for TextValue<'_> {
            fn from(address: $name) -> Self {
                Self::from(&address)
            }
        }
    )+};
}

from_addresses!(Address, Callee, Recipient);
