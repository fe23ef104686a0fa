//! JSON objects whose members are read one by one, so that an odd member costs that member only.
//!
//! The text is checked as a whole, and a value is read from its own part of the text when it is
//! requested. A value is therefore copied once at most.

use std::borrow::Cow;
use std::fmt::{self, Display, Write as _};
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use smallvec::SmallVec;

use crate::types::Redacted;

/// Parses a number from 0.0 to 1.0. Rust also parses `NaN` and `inf`, which are outside of the range.
pub(super) fn parse_fraction(text: &str) -> Option<f64> {
    let number = text.parse::<f64>().ok();
    number.filter(|number| (0.0..=1.0).contains(number))
}

/// Object that was read. Of a repeated name, the last value counts, as in JavaScript.
#[derive(Default)]
pub(super) struct Object<'a> {
    // Twilio's messages have four members; a larger object moves to the heap.
    members: SmallVec<[(Cow<'a, str>, &'a RawValue); 6]>,
}

impl<'a> Object<'a> {
    /// Parses a text. Returns `None` if it is not an object.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    fn raw(&self, name: &str) -> Option<&'a str> {
        // Of a name that occurs twice the last counts, as in most parsers of JSON.
        let member = self.members.iter().rfind(|(key, _)| key == name)?;
        Some(member.1.get())
    }

    /// Returns a text, also an empty one.
    pub(super) fn raw_text(&self, name: &str) -> Option<Cow<'a, str>> {
        unquoted(self.raw(name)?)
    }

    /// Returns a text that is not empty.
    pub(super) fn text(&self, name: &str) -> Option<Cow<'a, str>> {
        // Twilio writes an empty text where it knows no value.
        self.raw_text(name).filter(|text| !text.is_empty())
    }

    pub(super) fn string(&self, name: &str) -> Option<String> {
        self.text(name).map(Cow::into_owned)
    }

    /// Returns a text that is not empty and may identify a person.
    pub(super) fn hidden(&self, name: &str) -> Option<Redacted<String>> {
        self.string(name).map(Redacted::new)
    }

    /// Returns an enum value, or a SID.
    pub(super) fn value<V: FromStr>(&self, name: &str) -> Option<V> {
        self.text(name)?.parse().ok()
    }

    /// Returns a number from 0.0 to 1.0, written as a number or as a text.
    pub(super) fn fraction(&self, name: &str) -> Option<f64> {
        let raw = self.raw(name)?;
        parse_fraction(&unquoted(raw).unwrap_or(Cow::Borrowed(raw)))
    }

    /// Returns an integer, written as a number or as a text.
    pub(super) fn number<N: FromStr>(&self, name: &str) -> Option<N> {
        let raw = self.raw(name)?;
        let text = unquoted(raw).unwrap_or(Cow::Borrowed(raw));
        // Rust also parses `NaN`, `inf` and `+1`, which are not numbers in JSON.
        let is_number = text.starts_with(|c: char| c.is_ascii_digit() || c == '-');
        text.parse().ok().filter(|_| is_number)
    }

    /// Returns `true` or `false`, written as such or as a text.
    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        let raw = self.raw(name)?;
        unquoted(raw).unwrap_or(Cow::Borrowed(raw)).parse().ok()
    }

    /// Returns an object.
    pub(super) fn object(&self, name: &str) -> Option<Self> {
        Self::parse(self.raw(name)?)
    }

    /// Returns the texts of a list, without the items that are no text.
    pub(super) fn texts_of(&self, name: &str) -> Vec<Cow<'a, str>> {
        let items = self
            .raw(name)
            .and_then(|raw| serde_json::from_str(raw).ok());
        let items: Vec<&'a RawValue> = items.unwrap_or_default();
        items
            .iter()
            .filter_map(|item| unquoted(item.get()))
            .collect()
    }

    /// Returns all members in their order. A value that is no text is returned as JSON, and `null`
    /// is left out.
    pub(super) fn texts(&self) -> impl Iterator<Item = (&str, Cow<'a, str>)> {
        self.members.iter().filter_map(|(name, value)| {
            let raw = value.get();
            let text = unquoted(raw).unwrap_or(Cow::Borrowed(raw));
            // A custom parameter is a text by Twilio's documents. A number is kept as it is
            // written.
            (raw != "null").then_some((&**name, text))
        })
    }
}

fn unquoted(raw: &str) -> Option<Cow<'_, str>> {
    serde_json::from_str::<Text<'_>>(raw)
        .ok()
        .map(|text| text.0)
}

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut object = Object::default();
                while let Some((name, value)) = map.next_entry::<Text<'de>, _>()? {
                    object.members.push((name.0, value));
                }
                Ok(object)
            }
        }

        deserializer.deserialize_map(Members)
    }
}

/// Text that is borrowed unless it has escapes. `Cow` itself always copies.
struct Text<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Borrowed;

        impl<'de> Visitor<'de> for Borrowed {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }

            // Reached when the text has escapes: it cannot be borrowed then.
            fn visit_string<E>(self, text: String) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(text)))
            }
        }

        deserializer.deserialize_str(Borrowed)
    }
}

/// Object that is written member by member. Absent values are left out.
pub(super) struct Writer {
    json: String,
}

impl Writer {
    pub(super) fn new() -> Self {
        Self {
            json: "{".to_owned(),
        }
    }

    /// Writes a name, which holds letters only.
    fn name(&mut self, name: &str) {
        let comma = if self.json.ends_with('{') { "" } else { "," };
        // Writing to a `String` never fails.
        let _ = write!(self.json, "{comma}\"{name}\":");
    }

    fn quoted(&mut self, text: &str) {
        // A text always has a form in JSON, so the fallback is never taken.
        let quoted = serde_json::to_string(text).unwrap_or_default();
        self.json.push_str(&quoted);
    }

    pub(super) fn text(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.name(name);
            self.quoted(text);
        }
    }

    pub(super) fn hidden(&mut self, name: &str, text: Option<&Redacted<String>>) {
        self.text(name, text.map(|text| text.expose().as_str()));
    }

    /// Writes a number, or `true` or `false`.
    pub(super) fn plain(&mut self, name: &str, value: Option<impl Display>) {
        if let Some(value) = value {
            self.name(name);
            let _ = write!(self.json, "{value}");
        }
    }

    /// Writes a number as a text, or a SID.
    pub(super) fn digits(&mut self, name: &str, value: Option<impl Display>) {
        if let Some(value) = value {
            self.name(name);
            let _ = write!(self.json, "\"{value}\"");
        }
    }

    /// Writes bytes as base64.
    pub(super) fn base64(&mut self, name: &str, bytes: Option<&[u8]>) {
        if let Some(bytes) = bytes {
            // Four letters for three bytes, and two quotation marks.
            self.json.reserve(bytes.len() / 3 * 4 + name.len() + 16);
            self.name(name);
            self.json.push('"');
            STANDARD.encode_string(bytes, &mut self.json);
            self.json.push('"');
        }
    }

    pub(super) fn object(&mut self, name: &str, write: impl FnOnce(&mut Self)) {
        self.name(name);
        self.json.push('{');
        write(self);
        self.json.push('}');
    }

    /// Writes an object of texts with any names.
    pub(super) fn texts<'t>(
        &mut self,
        name: &str,
        texts: impl Iterator<Item = (&'t str, &'t str)>,
    ) {
        self.name(name);
        self.json.push('{');
        for (index, (key, text)) in texts.enumerate() {
            if index > 0 {
                self.json.push(',');
            }
            self.quoted(key);
            self.json.push(':');
            self.quoted(text);
        }
        self.json.push('}');
    }

    pub(super) fn list<'t>(&mut self, name: &str, items: impl Iterator<Item = &'t str>) {
        self.name(name);
        self.json.push('[');
        for (index, item) in items.enumerate() {
            if index > 0 {
                self.json.push(',');
            }
            self.quoted(item);
        }
        self.json.push(']');
    }

    pub(super) fn finish(mut self) -> String {
        self.json.push('}');
        self.json
    }
}
