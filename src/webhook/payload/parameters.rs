//! From decoded parameters to fields: each field takes its own parameter, the rest is kept.
//!
//! Parameters are marked as taken rather than removed. So each look-up is one pass over the list,
//! nothing is moved, and [`Parameters::restart`] gives the whole webhook to the next kind.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use super::super::error::PayloadError;
use super::super::error::PayloadErrorKind as Kind;
use crate::phone::Address;
use crate::types::{Redacted, Timestamp};

/// A webhook that [`Verified::parse`](crate::webhook::Verified::parse) can read. Sealed: the kinds
/// are Twilio's.
///
/// No payload is `Serialize`, so that a message body reaches a queue or a log only on purpose:
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
    /// Name of the payload in errors.
    const NAME: &'static str;

    /// Reads the fields.
    fn read_fields(parameters: &mut Parameters<'_>) -> Result<Self, Kind>;

    /// Reads the payload.
    fn read(parameters: &mut Parameters<'_>) -> Result<Self, PayloadError> {
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
/// `Debug` prints their number only: names and values may identify a person.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ExtraParameters(Vec<(String, Redacted<String>)>);

impl ExtraParameters {
    /// First value of a name. Empty text counts as a value here.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        self.iter()
            .find_map(|(key, value)| (key == name).then_some(value))
    }

    /// All names and values, in the order they came in.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.expose().as_str()))
    }
}

impl fmt::Debug for ExtraParameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ExtraParameters({} parameters)", self.0.len())
    }
}

/// The parameters of one webhook while it is read.
#[expect(unnameable_types, reason = "only the sealed `Read` speaks of it")]
pub struct Parameters<'a> {
    list: Vec<Parameter<'a>>,
    /// The first field whose parameter came with several values.
    repeated: Option<&'static str>,
}

struct Parameter<'a> {
    name: Cow<'a, str>,
    value: Cow<'a, str>,
    is_taken: bool,
}

impl fmt::Debug for Parameters<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Parameters({} parameters)", self.list.len())
    }
}

impl<'a> Parameters<'a> {
    pub(crate) fn of(list: impl Iterator<Item = (Cow<'a, str>, Cow<'a, str>)>) -> Self {
        let list = list.map(|(name, value)| Parameter {
            name,
            value,
            is_taken: false,
        });
        Self {
            list: list.collect(),
            repeated: None,
        }
    }

    /// Gives back every parameter that was taken.
    pub(crate) fn restart(&mut self) {
        self.repeated = None;
        for parameter in &mut self.list {
            parameter.is_taken = false;
        }
    }

    /// Tells whether a value of the name is not empty.
    ///
    /// It looks at every value: a client of the Voice SDK may add an empty one in front.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.values(name).any(|value| !value.is_empty())
    }

    /// Tells whether one of the names has a value that is not empty.
    pub(crate) fn has_any(&self, names: &[&str]) -> bool {
        self.list.iter().any(|parameter| {
            !parameter.is_taken && !parameter.value.is_empty() && names.contains(&&*parameter.name)
        })
    }

    pub(crate) fn peek(&self, name: &str) -> Option<&str> {
        self.values(name).next()
    }

    fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        self.list
            .iter()
            .filter(move |parameter| !parameter.is_taken && parameter.name == name)
            .map(|parameter| &*parameter.value)
    }

    /// Refuses a webhook of another kind, told by a parameter that this kind never carries.
    pub(crate) fn without(&mut self, names: &[&'static str]) -> Result<&mut Self, Kind> {
        match names.iter().find(|name| self.has(name)) {
            Some(name) => Err(Kind::OtherKind(name)),
            None => Ok(self),
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

    /// The value as it came, empty or not. Several different values are an error.
    pub(crate) fn raw(&mut self, name: &'static str) -> Option<String> {
        let mut found: Option<String> = None;
        for parameter in &mut self.list {
            if parameter.is_taken || parameter.name != name {
                continue;
            }
            parameter.is_taken = true;
            match &found {
                None => found = Some(parameter.value.as_ref().to_owned()),
                Some(first) if *first == parameter.value => {}
                Some(_) => self.repeated = self.repeated.or(Some(name)),
            }
        }
        found
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
    pub(crate) fn word<W: for<'t> From<&'t str>>(&mut self, name: &'static str) -> Option<W> {
        self.text(name).map(|text| W::from(&text))
    }

    /// A word that Twilio always sends.
    pub(crate) fn required_word<W: for<'t> From<&'t str>>(
        &mut self,
        name: &'static str,
    ) -> Result<W, Kind> {
        self.word(name).ok_or(Kind::Missing(name))
    }

    /// A number or a SID. A value that cannot be read stays among the extra parameters.
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

    /// An address that Twilio always sends. An empty one is a withheld caller.
    pub(crate) fn required_address(&mut self, name: &'static str) -> Result<Address, Kind> {
        let text = self.raw(name).ok_or(Kind::Missing(name))?;
        Ok(Address::parse(&text))
    }

    /// The parameters whose names begin with the prefix, such as the headers of a SIP call; the
    /// names come without it.
    pub(crate) fn with_prefix(&mut self, prefix: &str) -> Vec<(String, Redacted<String>)> {
        let mut found = Vec::new();
        for parameter in self.list.iter_mut().filter(|parameter| !parameter.is_taken) {
            if let Some(rest) = parameter.name.strip_prefix(prefix) {
                let value = parameter.value.as_ref().to_owned();
                found.push((rest.to_owned(), Redacted::new(value)));
                parameter.is_taken = true;
            }
        }
        found
    }

    /// The parameters that no field has taken.
    pub(crate) fn extra(&mut self) -> ExtraParameters {
        let left = self.list.iter_mut().filter(|parameter| !parameter.is_taken);
        let extra = left.map(|parameter| {
            parameter.is_taken = true;
            let value = parameter.value.as_ref().to_owned();
            (parameter.name.as_ref().to_owned(), Redacted::new(value))
        });
        ExtraParameters(extra.collect())
    }
}
