//! What an address is made of besides telephone numbers.

use std::fmt;
use std::str::FromStr;

use super::error::{PhoneError, PhoneErrorKind};
use super::withheld::WithheldReason;

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
        if fits && WithheldReason::parse(text).is_none() {
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
            && WithheldReason::from_sip(text).is_none()
    },
    "a SIP address is sip:user@host, at most 255 characters without blanks, its host not .invalid";
}
