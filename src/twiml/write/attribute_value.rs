//! Serialisation of attribute values: numbers, durations, lists.

use std::fmt::Write as _;
use std::time::Duration;

use super::escape::escape_attribute;
use crate::twiml::schema::ValueType;
use crate::types::{Method, RecordingChannels, RecordingTrack};

/// Value of an attribute. `write` appends it, escaped.
pub(in crate::twiml) trait AttributeValue {
    const VALUE_TYPE: ValueType;

    fn write(self, out: &mut String);
}

/// Value that may be an item of a list.
pub(in crate::twiml) trait ListItem: AttributeValue + Copy {
    const LIST_VALUE_TYPE: ValueType;
}

impl AttributeValue for bool {
    const VALUE_TYPE: ValueType = ValueType::Boolean;

    #[inline]
    fn write(self, out: &mut String) {
        out.push_str(if self { "true" } else { "false" });
    }
}

impl AttributeValue for u32 {
    const VALUE_TYPE: ValueType = ValueType::Integer;

    #[inline]
    fn write(self, out: &mut String) {
        write_integer(out, self.into());
    }
}

impl ListItem for u32 {
    const LIST_VALUE_TYPE: ValueType = ValueType::IntegerList;
}

impl AttributeValue for Method {
    const VALUE_TYPE: ValueType = ValueType::Method;

    #[inline]
    fn write(self, out: &mut String) {
        out.push_str(self.as_str());
    }
}

impl AttributeValue for RecordingTrack {
    const VALUE_TYPE: ValueType = ValueType::Enum(&["both", "inbound", "outbound"]);

    #[inline]
    fn write(self, out: &mut String) {
        escape_attribute(out, self.as_str());
    }
}

impl AttributeValue for RecordingChannels {
    const VALUE_TYPE: ValueType = ValueType::Enum(&["mono", "dual"]);

    #[inline]
    fn write(self, out: &mut String) {
        escape_attribute(out, self.as_str());
    }
}

/// Writes whole seconds, rounded up so that a short wait never becomes 0.
pub(in crate::twiml) fn write_seconds(out: &mut String, length: Duration) {
    let part = u64::from(length.subsec_nanos() > 0);
    write_integer(out, length.as_secs().saturating_add(part));
}

/// Writes whole milliseconds, rounded up.
pub(in crate::twiml) fn write_milliseconds(out: &mut String, length: Duration) {
    write_integer(out, whole_milliseconds(length));
}

/// Writes whole seconds as `2s`, and any other duration in milliseconds as `300ms`.
pub(in crate::twiml) fn write_ssml_duration(out: &mut String, length: Duration) {
    let milliseconds = whole_milliseconds(length);
    if milliseconds.is_multiple_of(1000) {
        write_integer(out, milliseconds / 1000);
        out.push('s');
    } else {
        write_integer(out, milliseconds);
        out.push_str("ms");
    }
}

/// Writes items separated by blanks.
pub(in crate::twiml) fn write_list<I: ListItem>(out: &mut String, items: &[I]) {
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            out.push(' ');
        }
        item.write(out);
    }
}

/// Writes phrases separated by commas.
pub(in crate::twiml) fn write_phrases(out: &mut String, phrases: &[impl AsRef<str>]) {
    for (i, phrase) in phrases.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        escape_attribute(out, phrase.as_ref());
    }
}

fn whole_milliseconds(length: Duration) -> u64 {
    let part = u128::from(!length.subsec_nanos().is_multiple_of(1_000_000));
    u64::try_from(length.as_millis() + part).unwrap_or(u64::MAX)
}

/// Writes a number in decimal digits.
fn write_integer(out: &mut String, value: u64) {
    // Most numbers are a single digit, which needs no formatting code.
    match u32::try_from(value)
        .ok()
        .and_then(|value| char::from_digit(value, 10))
    {
        Some(digit) => out.push(digit),
        // Writing to a `String` cannot fail.
        None => drop(write!(out, "{value}")),
    }
}
