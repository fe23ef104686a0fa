//! Conversion of decoded parameters to fields. Each field takes its own parameter, and the rest is
//! kept.
//!
//! Parameters are marked as taken and not removed. Each lookup is therefore one pass over the list
//! without moves, and [`Parameters::restart`] makes the whole webhook available to the next kind.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use super::super::error::PayloadError;
use super::super::error::PayloadErrorKind as Kind;
use super::super::json::parse_fraction;
use crate::phone::Address;
use crate::types::{Redacted, Timestamp};

/// Webhook that [`Verified::parse`](crate::webhook::Verified::parse) can read.
///
/// This trait is sealed: the kinds are defined by Twilio.
///
/// No payload is `Serialize`, so that a message body cannot reach a queue or a log by accident:
///
/// ```compile_fail
/// fn store<T: serde::Serialize>(_: T) {}
/// fn queue(message: clinspark_twilio::webhook::InboundMessage) {
///     store(message);
/// }
/// ```
pub trait Payload: Read {}

impl<P: Read> Payload for P {}

/// Required parameters, each with its alternatives.
pub(super) type Required = &'static [&'static [&'static str]];

/// Seals [`Payload`].
#[expect(unnameable_types, reason = "seals `Payload`")]
pub trait Read: Sized {
    /// Name of the payload in errors.
    const NAME: &'static str;

    /// Required parameters of its own.
    const REQUIRED: Required;

    /// Required parameters of a part that other payloads share.
    const REQUIRED_OF_PART: Required = &[];

    /// Reads the fields of the payload.
    fn read_fields(parameters: &mut Parameters<'_>) -> Result<Self, Kind>;

    /// Reads the payload, and refuses repeated parameters.
    fn read(parameters: &mut Parameters<'_>) -> Result<Self, PayloadError> {
        let read = Self::read_fields(parameters);
        match (parameters.repeated, read) {
            (Some(name), _) => Err(Kind::Repeated(name)),
            (None, read) => read,
        }
        .map_err(|kind| PayloadError::new(Self::NAME, kind))
    }
}

/// Parameters of a webhook that have no field, with names and values as Twilio sent them.
///
/// `Debug` prints only their number, because names and values may identify a person.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ExtraParameters(Vec<(String, Redacted<String>)>);

impl ExtraParameters {
    /// Returns the first value of a name. Here, an empty text counts as a value.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        self.iter()
            .find_map(|(key, value)| (key == name).then_some(value))
    }

    /// Returns all names and values, in the order of the request.
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

/// Parameters of one webhook while it is read.
#[expect(unnameable_types, reason = "only the sealed `Read` uses it")]
pub struct Parameters<'a> {
    list: Vec<Parameter<'a>>,
    /// First field whose parameter has several values.
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

    /// Makes every parameter available again.
    pub(crate) fn restart(&mut self) {
        self.repeated = None;
        for parameter in &mut self.list {
            parameter.is_taken = false;
        }
    }

    /// Returns `true` if the name has a value that is not empty.
    ///
    /// Every value is checked, because a client of the Voice SDK may add an empty one in front.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.values(name).any(|value| !value.is_empty())
    }

    /// Returns `true` if one of the names has a value that is not empty.
    pub(crate) fn has_any(&self, names: &[&str]) -> bool {
        self.list.iter().any(|parameter| {
            !parameter.is_taken && !parameter.value.is_empty() && names.contains(&&*parameter.name)
        })
    }

    pub(crate) fn peek(&self, name: &str) -> Option<&str> {
        self.values(name).next()
    }

    /// Returns every name and value, taken or not.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.list
            .iter()
            .map(|parameter| (&*parameter.name, &*parameter.value))
    }

    fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        self.list
            .iter()
            .filter(move |parameter| !parameter.is_taken && parameter.name == name)
            .map(|parameter| &*parameter.value)
    }

    /// Refuses a webhook that has a parameter which this kind never carries.
    pub(crate) fn without(&mut self, names: &[&'static str]) -> Result<&mut Self, Kind> {
        match names.iter().find(|name| self.has(name)) {
            Some(name) => Err(Kind::OtherKind(name)),
            None => Ok(self),
        }
    }

    /// Drops Twilio's older names of a value.
    pub(crate) fn aliased(&mut self, name: &'static str, aliases: &[&'static str]) -> &mut Self {
        let value = self.peek(name).map(str::to_owned);
        for alias in aliases {
            // An alias with another value is not Twilio's, so it stays among the extra parameters.
            if value.is_some() && self.peek(alias) == value.as_deref() {
                self.raw(alias);
            }
        }
        self
    }

    /// Takes a value, empty or not. Several different values are an error.
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

    /// Takes a text that is not empty.
    pub(crate) fn text(&mut self, name: &'static str) -> Option<String> {
        self.raw(name).filter(|text| !text.is_empty())
    }

    /// Takes a text that identifies a person.
    pub(crate) fn hidden(&mut self, name: &'static str) -> Option<Redacted<String>> {
        self.text(name).map(Redacted::new)
    }

    /// Takes an enum value. Unknown values are kept as text.
    pub(crate) fn enum_value<W: for<'t> From<&'t str>>(&mut self, name: &'static str) -> Option<W> {
        self.text(name).map(|text| W::from(&text))
    }

    /// Takes an enum value that Twilio always sends.
    pub(crate) fn required_enum_value<W: for<'t> From<&'t str>>(
        &mut self,
        name: &'static str,
    ) -> Result<W, Kind> {
        self.enum_value(name).ok_or(Kind::Missing(name))
    }

    /// Takes an integer or a SID. A value that cannot be parsed stays among the extra parameters.
    pub(crate) fn value<V: FromStr>(&mut self, name: &'static str) -> Option<V> {
        self.value_with(name, |text| text.parse().ok())
    }

    /// Takes a number from 0.0 to 1.0. Any other value stays among the extra parameters.
    pub(crate) fn fraction(&mut self, name: &'static str) -> Option<f64> {
        self.value_with(name, parse_fraction)
    }

    fn value_with<V>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Option<V>,
    ) -> Option<V> {
        let value = parse(self.peek(name)?);
        if value.is_some() || !self.has(name) {
            self.raw(name);
        }
        value
    }

    /// Takes a SID that Twilio always sends.
    pub(crate) fn required<V: FromStr>(&mut self, name: &'static str) -> Result<V, Kind> {
        let text = self.text(name).ok_or(Kind::Missing(name))?;
        text.parse().map_err(|_| Kind::Malformed(name))
    }

    /// Takes a text that identifies a person and that Twilio always sends.
    pub(crate) fn required_hidden(&mut self, name: &'static str) -> Result<Redacted<String>, Kind> {
        self.hidden(name).ok_or(Kind::Missing(name))
    }

    /// Takes `true` or `false`. Any other value stays among the extra parameters.
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

    /// Takes an address that Twilio always sends. An empty one means that the caller's number is
    /// withheld.
    pub(crate) fn required_address(&mut self, name: &'static str) -> Result<Address, Kind> {
        let text = self.raw(name).ok_or(Kind::Missing(name))?;
        Ok(Address::parse(&text))
    }

    /// Takes the parameters whose names begin with the prefix, such as the headers of a SIP call.
    /// The returned names have no prefix.
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

    /// Takes all parameters that no field has taken.
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
