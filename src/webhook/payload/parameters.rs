//! From decoded parameters to fields: each field takes its own, the rest is kept.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use super::super::error::PayloadError;
use super::super::error::PayloadErrorKind as Kind;
use crate::phone::Address;
use crate::types::{Redacted, Timestamp};

/// A webhook that [`Verified::parse`](crate::webhook::Verified::parse) can read. Sealed: Twilio
/// decides what there is.
///
/// None of them is `Serialize`, so that a person's words reach a queue or a log only on purpose:
///
/// ```compile_fail
/// fn store<T: serde::Serialize>(_: T) {}
/// fn queue(message: clinspark_twilio::webhook::InboundMessage) {
///     store(message);
/// }
/// ```
pub trait Payload: Read {}

impl<P: Read> Payload for P {}

/// Seals [`Payload`].
#[expect(unnameable_types, reason = "seals `Payload`")]
pub trait Read: Sized {
    /// What the payload is called in errors.
    const NAME: &'static str;

    /// Reads the fields.
    fn read_fields(parameters: &mut Parameters) -> Result<Self, Kind>;

    /// Reads the payload.
    fn read(parameters: &mut Parameters) -> Result<Self, PayloadError> {
        let read = Self::read_fields(parameters);
        match (parameters.repeated, read) {
            (Some(name), _) => Err(Kind::Repeated(name)),
            (None, read) => read,
        }
        .map_err(|kind| PayloadError::new(Self::NAME, kind))
    }
}

/// The parameters of a webhook that have no field, names and values as Twilio sent them.
///
/// `Debug` prints how many there are: both may name a person.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Extra(Vec<(String, Redacted<String>)>);

impl Extra {
    /// The first value of a name; empty text counts as a value here.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        self.iter()
            .find_map(|(key, value)| (key == name).then_some(value))
    }

    /// All of them, in the order they came in.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.expose().as_str()))
    }
}

impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Extra({} parameters)", self.0.len())
    }
}

/// Parameters that no field has taken yet.
#[expect(unnameable_types, reason = "only the sealed `Read` speaks of it")]
#[derive(Debug)]
pub struct Parameters {
    list: Vec<(String, Redacted<String>)>,
    /// The first field whose parameter came with several values.
    repeated: Option<&'static str>,
}

impl Parameters {
    pub(crate) fn of<'a>(list: impl Iterator<Item = (Cow<'a, str>, Cow<'a, str>)>) -> Self {
        let list = list.map(|(name, value)| (name.into_owned(), Redacted::new(value.into_owned())));
        Self {
            list: list.collect(),
            repeated: None,
        }
    }

    /// Whether the parameter came at all, and is not empty.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.peek(name).is_some_and(|value| !value.is_empty())
    }

    pub(crate) fn peek(&self, name: &str) -> Option<&str> {
        self.list
            .iter()
            .find_map(|(key, value)| (key == name).then_some(value.expose().as_str()))
    }

    /// Refuses a webhook of another kind, told by a parameter that only that kind carries.
    pub(crate) fn only_without(&mut self, name: &'static str) -> Result<&mut Self, Kind> {
        if self.has(name) {
            Err(Kind::OtherKind(name))
        } else {
            Ok(self)
        }
    }

    /// Drops Twilio's older names of the same value.
    pub(crate) fn aliased(&mut self, name: &'static str, aliases: &[&'static str]) -> &mut Self {
        let value = self.peek(name).map(str::to_owned);
        for alias in aliases {
            if value.is_some() && self.peek(alias) == value.as_deref() {
                self.raw(alias);
            }
        }
        self
    }

    /// The value as it came, empty or not.
    pub(crate) fn raw(&mut self, name: &'static str) -> Option<String> {
        let (first, _) = self
            .list
            .iter()
            .enumerate()
            .find(|(_, (key, _))| key == name)?;
        let (_, value) = self.list.remove(first);
        self.drop_repeats(name, &value);
        Some(value.into_inner())
    }

    /// Drops what came with the same name; several values are an error.
    fn drop_repeats(&mut self, name: &'static str, value: &Redacted<String>) {
        if self
            .list
            .iter()
            .any(|(key, other)| key == name && other != value)
        {
            self.repeated.get_or_insert(name);
        }
        self.list.retain(|(key, _)| key != name);
    }

    /// Text that is not empty.
    pub(crate) fn text(&mut self, name: &'static str) -> Option<String> {
        self.raw(name).filter(|text| !text.is_empty())
    }

    /// Text about a person.
    pub(crate) fn hidden(&mut self, name: &'static str) -> Option<Redacted<String>> {
        self.text(name).map(Redacted::new)
    }

    /// A word of an open vocabulary.
    pub(crate) fn word<W: for<'a> From<&'a str>>(&mut self, name: &'static str) -> Option<W> {
        self.text(name).map(|text| W::from(&text))
    }

    /// A word that Twilio always sends.
    pub(crate) fn required_word<W: for<'a> From<&'a str>>(
        &mut self,
        name: &'static str,
    ) -> Result<W, Kind> {
        self.word(name).ok_or(Kind::Missing(name))
    }

    /// A number or a SID. What cannot be read stays among the extra parameters.
    pub(crate) fn value<V: FromStr>(&mut self, name: &'static str) -> Option<V> {
        let value = self.peek(name)?.parse().ok();
        if value.is_some() || !self.has(name) {
            self.raw(name);
        }
        value
    }

    /// A SID that Twilio always sends.
    pub(crate) fn required<V: FromStr>(&mut self, name: &'static str) -> Result<V, Kind> {
        let text = self.text(name).ok_or(Kind::Missing(name))?;
        text.parse().map_err(|_| Kind::Malformed(name))
    }

    /// Text about a person that Twilio always sends.
    pub(crate) fn required_hidden(&mut self, name: &'static str) -> Result<Redacted<String>, Kind> {
        self.hidden(name).ok_or(Kind::Missing(name))
    }

    /// `true` or `false`; anything else stays among the extra parameters.
    pub(crate) fn flag(&mut self, name: &'static str) -> Option<bool> {
        self.value(name)
    }

    pub(crate) fn seconds(&mut self, name: &'static str) -> Option<Duration> {
        self.value(name).map(Duration::from_secs)
    }

    pub(crate) fn milliseconds(&mut self, name: &'static str) -> Option<Duration> {
        self.value(name).map(Duration::from_millis)
    }

    pub(crate) fn timestamp(&mut self, name: &'static str) -> Option<Timestamp> {
        self.text(name).map(|text| Timestamp::parse(&text))
    }

    pub(crate) fn address(&mut self, name: &'static str) -> Option<Address> {
        self.text(name).map(|text| Address::parse(&text))
    }

    /// An address that Twilio always sends, though perhaps empty: then the caller is withheld.
    pub(crate) fn required_address(&mut self, name: &'static str) -> Result<Address, Kind> {
        let text = self.raw(name).ok_or(Kind::Missing(name))?;
        Ok(Address::parse(&text))
    }

    /// The parameters whose names start so, such as the headers of a SIP call; names without it.
    pub(crate) fn with_prefix(&mut self, prefix: &str) -> Vec<(String, Redacted<String>)> {
        let mut found = Vec::new();
        self.list.retain_mut(|(name, value)| {
            let Some(rest) = name.strip_prefix(prefix) else {
                return true;
            };
            found.push((rest.to_owned(), std::mem::take(value)));
            false
        });
        found
    }

    /// What no field has taken.
    pub(crate) fn extra(&mut self) -> Extra {
        Extra(std::mem::take(&mut self.list))
    }
}
