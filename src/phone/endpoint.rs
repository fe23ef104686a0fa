//! What an address is made of besides telephone numbers.

use std::fmt;
use std::str::FromStr;

use super::error::{PhoneError, PhoneErrorKind};

/// The reason that a caller shows no number: a word, its letters on the keypad, or a SIP address.
///
/// `+266696687` is ANONYMOUS. Texting it would reach a stranger. The hosts below `.invalid`, as in
/// `sip:anonymous@anonymous.invalid`, stand for such callers in SIP and never exist.
///
/// Source: <https://www.twilio.com/docs/voice/twiml#request-parameters>,
/// <https://www.rfc-editor.org/rfc/rfc3323#section-4.1.1.3>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Withheld {
    /// The field was empty.
    Absent,
    /// ANONYMOUS.
    Anonymous,
    /// BLOCKED.
    Blocked,
    /// RESTRICTED.
    Restricted,
    /// UNKNOWN.
    Unknown,
    /// UNAVAILABLE.
    Unavailable,
}

impl Withheld {
    const ALL: [(Self, &'static str, &'static str); 6] = [
        (Self::Absent, "", ""),
        (Self::Anonymous, "anonymous", "+266696687"),
        (Self::Blocked, "blocked", "+2562533"),
        (Self::Restricted, "restricted", "+7378742833"),
        (Self::Unknown, "unknown", "+8656696"),
        (Self::Unavailable, "unavailable", "+86282452253"),
    ];

    /// Reads the word, its digits with or without `+`, or a SIP address of such a caller.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('+').unwrap_or(text);
        Self::from_word(text)
            .or_else(|| Self::from_digits(digits))
            .or_else(|| Self::from_sip(text))
    }

    /// Reads the digits, with `+`.
    pub(crate) fn from_keypad(text: &str) -> Option<Self> {
        Self::from_digits(text.strip_prefix('+')?)
    }

    fn from_word(text: &str) -> Option<Self> {
        Self::find(|word, _| text.eq_ignore_ascii_case(word))
    }

    /// Some carriers put the 1 of North America before the word. RESTRICTED then is a number that
    /// a person in Texas may have; the others are no numbers, 10 digits being needed after the 1.
    fn from_digits(digits: &str) -> Option<Self> {
        let after_code = digits.strip_prefix('1').filter(|rest| rest.len() != 10);
        let is_keypad = |keypad: &str| {
            let word = keypad.strip_prefix('+').filter(|word| !word.is_empty());
            word.is_some_and(|word| digits == word || after_code == Some(word))
        };
        Self::find(|_, keypad| is_keypad(keypad))
    }

    /// Reads `sip:anonymous@anonymous.invalid` and the like: in any case, with or without a
    /// scheme, a port and parameters.
    pub(crate) fn from_sip(text: &str) -> Option<Self> {
        let text = text.to_ascii_lowercase();
        let address = text
            .strip_prefix("sip:")
            .or_else(|| text.strip_prefix("sips:"));
        let (user, host) = address.unwrap_or(&text).split_once('@')?;
        let host = host.split([':', ';', '?']).next().unwrap_or_default();
        let host = host.strip_suffix('.').unwrap_or(host);
        let is_invalid = host == "invalid" || host.ends_with(".invalid");
        let user = user.split([':', ';']).next().unwrap_or_default();
        is_invalid.then(|| match Self::from_word(user) {
            Some(Self::Absent) | None => Self::Anonymous,
            Some(withheld) => withheld,
        })
    }

    fn find(matches: impl Fn(&str, &str) -> bool) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find_map(|(withheld, word, keypad)| matches(word, keypad).then_some(withheld))
    }

    /// The digits that spell the word, with `+`; empty for [`Absent`](Self::Absent).
    #[must_use]
    pub fn keypad(self) -> &'static str {
        Self::ALL
            .into_iter()
            .find_map(|(w, _, keypad)| (w == self).then_some(keypad))
            .unwrap_or("")
    }
}

/// A short code: 3 to 8 digits that send and receive within one country.
///
/// Source: <https://www.twilio.com/docs/glossary/what-is-a-short-code>
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ShortCode(Box<str>);

impl ShortCode {
    /// Reads a short code.
    ///
    /// # Errors
    ///
    /// [`PhoneErrorKind::NotANumber`] when it is not 3 to 8 ASCII digits.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        if (3..=8).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(text.into()))
        } else {
            Err(PhoneErrorKind::NotANumber.into())
        }
    }

    /// The digits. A short code belongs to a company, not to a person: it may be shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ShortCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ShortCode({})", self.0)
    }
}

impl FromStr for ShortCode {
    type Err = PhoneError;
    fn from_str(text: &str) -> Result<Self, PhoneError> {
        Self::parse(text)
    }
}

/// A sender's name: what a message shows in place of a number, where the country allows it.
///
/// It sends and cannot be answered. The US and Canada do not take it.
///
/// Source: <https://www.twilio.com/docs/glossary/what-alphanumeric-sender-id>
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct AlphanumericSender(Box<str>);

impl AlphanumericSender {
    /// Reads a sender's name. Its case is kept.
    ///
    /// # Errors
    ///
    /// [`AddressError`] when it is not 1 to 11 of ASCII letters, digits, blanks and `+ - _ &`
    /// with a letter among them, or when it is a word that stands for a withheld caller.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || b" +-_&".contains(&b);
        let named = text.bytes().any(|b| b.is_ascii_alphabetic());
        let fits = named && text.len() <= 11 && text.bytes().all(allowed);
        if fits && Withheld::parse(text).is_none() {
            Ok(Self(text.into()))
        } else {
            Err(AddressError(
                "an alphanumeric sender is 1 to 11 letters, digits, blanks or + - _ &, one a letter",
            ))
        }
    }

    /// The name. It belongs to a company, not to a person: it may be shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AlphanumericSender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AlphanumericSender({:?})", self.0)
    }
}

/// The text is no address of the wanted kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct AddressError(&'static str);

impl AddressError {
    pub(super) const fn new(message: &'static str) -> Self {
        Self(message)
    }
}

macro_rules! identities {
    ($( $(#[$doc:meta])* $name:ident, $check:expr, $error:literal; )+) => {$(
        $(#[$doc])*
        ///
        /// `Debug` hides it: it names a person.
        #[derive(Clone, PartialEq, Eq, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// Reads it.
            ///
            /// # Errors
            ///
            /// [`AddressError`] when it is empty, over 255 bytes, or holds blanks or control
            /// characters.
            pub fn parse(text: &str) -> Result<Self, AddressError> {
                let plain = !text.is_empty()
                    && text.len() <= 255
                    && !text.chars().any(|c| c.is_whitespace() || c.is_control());
                let check: fn(&str) -> bool = $check;
                if plain && check(text) {
                    Ok(Self(text.into()))
                } else {
                    Err(AddressError($error))
                }
            }

            /// The text as given.
            #[must_use]
            pub fn expose(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "([redacted])"))
            }
        }
    )+};
}

identities! {
    /// The identity of a user of the Voice SDK, without `client:`.
    ClientIdentity, |_| true, "a client identity is 1 to 255 characters without blanks";
    /// The id of a page or person on Facebook Messenger, without `messenger:`.
    MessengerId, |_| true, "a Messenger id is 1 to 255 characters without blanks";
    /// The id of a company's agent on RCS, without `rcs:`.
    RcsSender, |_| true, "an RCS sender is 1 to 255 characters without blanks";
    /// A SIP address, with `sip:` or `sips:`.
    SipUri,
    |text| {
        text.strip_prefix("sip:")
            .or_else(|| text.strip_prefix("sips:"))
            .and_then(|rest| rest.split_once('@'))
            .is_some_and(|(user, host)| !user.is_empty() && !host.is_empty())
            && Withheld::from_sip(text).is_none()
    },
    "a SIP address is sip:user@host, at most 255 characters without blanks, its host not .invalid";
}
