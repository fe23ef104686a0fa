//! Custom parameters of a stream or session.

use std::fmt;

use super::super::json::{Object, Writer};
use crate::types::Redacted;

/// Parameters that the `<Parameter>` elements of the `TwiML` name.
///
/// `Debug` prints only their number, because names and values may identify a person.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct CustomParameters(Vec<(String, Redacted<String>)>);

impl CustomParameters {
    /// Creates parameters, for a test that sends Twilio's messages.
    pub fn new<N: Into<String>, V: Into<String>>(
        parameters: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let parameters = parameters.into_iter();
        let parameters = parameters.map(|(name, value)| (name.into(), Redacted::new(value.into())));
        Self(parameters.collect())
    }

    /// Returns the value of a name. Of a repeated name, the last value counts.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        let mut values = self.iter().filter(|(key, _)| *key == name);
        values.next_back().map(|(_, value)| value)
    }

    /// Returns all names and values, in the order of the message.
    #[must_use = "iterators are lazy"]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&str, &str)> {
        let all = self.0.iter();
        all.map(|(name, value)| (name.as_str(), value.expose().as_str()))
    }

    /// Reads the member `customParameters`.
    pub(super) fn read(parent: &Object<'_>) -> Self {
        let object = parent.object("customParameters").unwrap_or_default();
        Self::new(object.texts())
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.texts("customParameters", self.iter());
    }
}

impl fmt::Debug for CustomParameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CustomParameters({} parameters)", self.0.len())
    }
}
