//! A value on its way into a document: text, or something that is written as text.

use std::borrow::Cow;
use std::fmt;

use crate::phone::{Address, Callee, E164, PhoneNumber, Recipient};

/// What fits beside the length without an allocation: any `u32`, and most telephone numbers.
const SHORT: usize = 15;

/// Text for an attribute or between two tags.
///
/// You rarely name it: wherever it is asked for, a `&'static str`, a `String`, a
/// `Cow<'static, str>`, or one of this crate's telephone numbers and addresses will do. Any text
/// is safe; it is escaped when the document is written.
///
/// `Debug` prints only the length: a document says things about a person.
///
/// ```
/// use clinspark_twilio::twiml::Text;
///
/// let name = String::from("Ann");
/// assert_eq!(Text::from(format!("Hello {name}")), Text::from("Hello Ann"));
/// ```
#[derive(Clone)]
pub struct Text(Repr);

#[derive(Clone)]
enum Repr {
    /// A word of ours, known to hold nothing that needs escaping.
    Word(&'static str),
    Static(&'static str),
    Owned(String),
    Short {
        length: u8,
        bytes: [u8; SHORT],
    },
}

impl Text {
    /// A word of Twilio's vocabulary: written as it stands. Only for constants that hold no
    /// metacharacter.
    pub(super) const fn word(word: &'static str) -> Self {
        Self(Repr::Word(word))
    }

    /// Copies text, without an allocation if it is short.
    pub(super) fn copied(text: &str) -> Self {
        let mut bytes = [0; SHORT];
        match (bytes.get_mut(..text.len()), u8::try_from(text.len())) {
            (Some(to), Ok(length)) => {
                to.copy_from_slice(text.as_bytes());
                Self(Repr::Short { length, bytes })
            }
            _ => Self(Repr::Owned(text.to_owned())),
        }
    }

    /// A number in decimal digits.
    pub(super) fn integer(mut value: u64) -> Self {
        let mut digits = [b'0'; 20];
        let mut start = digits.len();
        for digit in digits.iter_mut().rev() {
            // The remainder is below 10.
            *digit = b'0' + u8::try_from(value % 10).unwrap_or_default();
            start -= 1;
            value /= 10;
            if value == 0 {
                break;
            }
        }
        let text = digits.get(start..).unwrap_or_default();
        Self::copied(std::str::from_utf8(text).unwrap_or_default())
    }

    /// The text itself. It may be about a person.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Repr::Word(text) | Repr::Static(text) => text,
            Repr::Owned(text) => text,
            // Made from a whole `str`, so the fallback is never taken.
            Repr::Short { length, bytes } => bytes
                .get(..usize::from(*length))
                .and_then(|b| std::str::from_utf8(b).ok())
                .unwrap_or_default(),
        }
    }

    /// Whether the text is known to need no escaping.
    pub(super) const fn is_word(&self) -> bool {
        matches!(self.0, Repr::Word(_))
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Text {}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text([redacted], {} bytes)", self.as_str().len())
    }
}

impl From<&'static str> for Text {
    fn from(text: &'static str) -> Self {
        Self(Repr::Static(text))
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(Repr::Owned(text))
    }
}

impl From<&String> for Text {
    fn from(text: &String) -> Self {
        Self::copied(text)
    }
}

impl From<Cow<'static, str>> for Text {
    fn from(text: Cow<'static, str>) -> Self {
        match text {
            Cow::Borrowed(text) => text.into(),
            Cow::Owned(text) => text.into(),
        }
    }
}

impl From<E164> for Text {
    fn from(number: E164) -> Self {
        Self::copied(number.as_str())
    }
}

impl From<PhoneNumber> for Text {
    fn from(number: PhoneNumber) -> Self {
        number.e164().into()
    }
}

macro_rules! from_addresses {
    ($($name:ident),+) => {$(
        impl From<&$name> for Text {
            fn from(address: &$name) -> Self {
                address.expose().into()
            }
        }

        impl From<$name> for Text {
            fn from(address: $name) -> Self {
                Self::from(&address)
            }
        }
    )+};
}

from_addresses!(Address, Callee, Recipient);
