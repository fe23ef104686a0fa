//! Parts of an address other than phone numbers: short codes, senders and identities.

use std::fmt;
use std::str::FromStr;

use super::error::{PhoneError, PhoneErrorKind};
use super::withheld::WithheldReason;

/// Short code: 3 to 8 digits that send and receive within one country.
///
/// ```
/// use clinspark_twilio::phone::ShortCode;
///
/// assert_eq!(ShortCode::parse("40404")?.as_str(), "40404");
/// assert!(ShortCode::parse("+40404").is_err());
/// # Ok::<(), clinspark_twilio::phone::PhoneError>(())
/// ```
///
/// Source: <https://www.twilio.com/docs/glossary/what-is-a-short-code>
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ShortCode(Box<str>);

impl ShortCode {
    /// Parses a short code.
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

    /// Returns the digits. A short code belongs to a company, not to a person, so it may be shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ShortCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// Maximum number of digits of most short codes. Persons have numbers of 7 or 8 digits, which
        /// some carriers report without a country code.
        const USUAL: usize = 6;
        let hidden = match self.0.len() {
            length if length > USUAL => length - 2,
            _ => 0,
        };
        let shown = self.0.get(hidden..).unwrap_or_default();
        write!(f, "ShortCode({}{shown})", "*".repeat(hidden))
    }
}

impl FromStr for ShortCode {
    type Err = PhoneError;
    fn from_str(text: &str) -> Result<Self, PhoneError> {
        Self::parse(text)
    }
}

/// Alphanumeric sender: a name that a message shows in place of a number, in countries that permit
/// such senders.
///
/// Recipients cannot reply to the name. The US and Canada do not accept it.
///
/// ```
/// use clinspark_twilio::phone::AlphanumericSender;
///
/// assert_eq!(AlphanumericSender::parse("Clinic 12")?.as_str(), "Clinic 12");
/// assert!(AlphanumericSender::parse("A name of more than 11").is_err());
/// # Ok::<(), clinspark_twilio::phone::AddressError>(())
/// ```
///
/// Source: <https://www.twilio.com/docs/glossary/what-alphanumeric-sender-id>
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct AlphanumericSender(Box<str>);

impl AlphanumericSender {
    /// Parses an alphanumeric sender and keeps the case of its letters.
    ///
    /// # Errors
    ///
    /// [`AddressError`] when the text is not 1 to 11 ASCII letters, digits, blanks and `+ - _ &`,
    /// or has no letter. Words that stand for a withheld caller are refused, too.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || b" +-_&".contains(&b);
        let named = text.bytes().any(|b| b.is_ascii_alphabetic());
        let fits = named && text.len() <= 11 && text.bytes().all(allowed);
        if fits && WithheldReason::parse(text).is_none() {
            Ok(Self(text.into()))
        } else {
            Err(AddressError(
                "an alphanumeric sender must be 1 to 11 letters, digits, blanks or + - _ &, with at \
                 least one letter",
            ))
        }
    }

    /// Returns the name, which may be shown, because it belongs to a company and not to a person.
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

/// Error for text that is not an address of the expected kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct AddressError(&'static str);

impl AddressError {
    pub(super) const fn new(message: &'static str) -> Self {
        Self(message)
    }
}

macro_rules! identities {
    ($( $(#[$doc:meta])* $name:ident, $example:literal, $check:expr, $error:literal; )+) => {$(
        $(#[$doc])*
        ///
        /// `Debug` hides the value, because it can name a person.
        ///
        /// ```
        #[doc = concat!("use clinspark_twilio::phone::", stringify!($name), ";")]
        ///
        #[doc = concat!("let value = ", stringify!($name), "::parse(", stringify!($example), ")?;")]
        #[doc = concat!("assert_eq!(value.expose(), ", stringify!($example), ");")]
        #[doc = concat!("assert_eq!(format!(\"{value:?}\"), \"", stringify!($name), "([redacted])\");")]
        #[doc = concat!("assert!(", stringify!($name), "::parse(\"two words\").is_err());")]
        /// # Ok::<(), clinspark_twilio::phone::AddressError>(())
        /// ```
        #[derive(Clone, PartialEq, Eq, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// Parses the text.
            ///
            /// # Errors
            ///
            /// [`AddressError`] when the text is empty or too long, or contains blanks, control
            /// characters or other forbidden ones.
            pub fn parse(text: &str) -> Result<Self, AddressError> {
                let is_plain = !text.is_empty()
                    && !text.chars().any(|c| c.is_whitespace() || c.is_control());
                let check: fn(&str) -> bool = $check;
                if is_plain && check(text) {
                    Ok(Self(text.into()))
                } else {
                    Err(AddressError($error))
                }
            }

            /// Returns the text as given.
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

/// Longest identifier that is not a client identity, in bytes.
const MAX_BYTES: usize = 255;

identities! {
    /// Identity of a user of the Voice SDK, without `client:`.
    ///
    /// An identity has 1 to 256 characters without blanks, control characters, `< > # % " { } | \ ^ [
    /// ]` and backquotes. It is the holder of a voice access token, the callee of
    /// `<Dial><Client>`, and the caller of the Voice SDK.
    ///
    /// The identity is part of Twilio's URLs and logs, and of the `From` of calls. Use an ID of your
    /// own, never a person's name or e-mail address. Twilio advises letters, digits and underscores
    /// only.
    ///
    /// Source: <https://www.twilio.com/docs/api/errors/31105>
    ClientIdentity, "site_12_nurse",
    |text| {
        text.chars().count() <= 256
            && !text.contains(|c| "<>#%\"{}|\\^[]`".contains(c))
            // Twilio would write the prefix a second time: `client:client:...`.
            && !text.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("client:"))
    },
    "a client identity must be 1 to 256 characters without blanks, control characters and \
     <>#%\"{}|\\^[]`, and without client: before it";
    /// Id of a page or person on Facebook Messenger, without `messenger:`.
    MessengerId, "1234567890", |text| text.len() <= MAX_BYTES, "a Messenger id must be 1 to 255 characters without blanks";
    /// Id of a company's RCS agent, without `rcs:`.
    RcsSender, "clinic_agent", |text| text.len() <= MAX_BYTES, "an RCS sender must be 1 to 255 characters without blanks";
    /// SIP address, with `sip:` or `sips:`.
    SipUri, "sip:ann@example.com",
    |text| {
        text.len() <= MAX_BYTES
            && text
                .strip_prefix("sip:")
                .or_else(|| text.strip_prefix("sips:"))
                .and_then(|rest| rest.split_once('@'))
                .is_some_and(|(user, host)| !user.is_empty() && !host.is_empty())
            // `.invalid` stands for a withheld caller: there is no one to call.
            && WithheldReason::from_sip(text).is_none()
    },
    "a SIP address must be sip:user@host, at most 255 characters without blanks, its host not .invalid";
}
