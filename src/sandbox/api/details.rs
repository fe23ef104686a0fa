//! Parameters of registrations, and the JSON fields that return them.

use serde_json::Value;

use super::error::ApiError;
use super::form::Form;
use crate::sandbox::state::Details;

/// Type of a parameter.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum DetailType {
    Text,
    /// `true` or `false`.
    Flag,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// Parameter that can be repeated.
    List,
    /// Parameter that can be repeated, each time with one of these words.
    ListOf(&'static [&'static str]),
}

impl DetailType {
    /// Reports whether the parameter can be repeated.
    pub(super) const fn is_list(self) -> bool {
        matches!(self, Self::List | Self::ListOf(_))
    }

    /// Returns the values that the parameter can have, unless it is free text.
    const fn words(self) -> Option<&'static [&'static str]> {
        match self {
            Self::OneOf(words) | Self::ListOf(words) => Some(words),
            Self::Text | Self::Flag | Self::List => None,
        }
    }
}

/// A parameter: its name in requests, its JSON field, and its type.
pub(super) type DetailSchema = (&'static str, &'static str, DetailType);

/// Rejects a form without one of the parameters in `required`, with an invalid flag or word, or with
/// a parameter that is neither in the schema nor in `more`. `code` is Twilio's error for a missing
/// parameter.
pub(super) fn check(
    schema: &[DetailSchema],
    form: &Form,
    required: &[&str],
    more: &[&str],
    code: u32,
) -> Result<(), ApiError> {
    let mut known: Vec<&str> = schema.iter().map(|detail| detail.0).collect();
    known.extend(more);
    form.allow_only(&known)?;
    let flags = schema.iter().filter(|detail| detail.2 == DetailType::Flag);
    form.check_flags(&flags.map(|detail| detail.0).collect::<Vec<_>>())?;
    if let Some(name) = required.iter().find(|name| form.one(name).is_none()) {
        return Err(ApiError::bad_request(code, format!("{name} is required")));
    }
    for (name, _, detail_type) in schema {
        let Some(words) = detail_type.words() else {
            continue;
        };
        // An empty value clears a parameter.
        let mut values = form.all(name).into_iter().filter(|value| !value.is_empty());
        if values.any(|value| !words.contains(&value)) {
            let message = format!("{name} must be one of {}", words.join(", "));
            return Err(ApiError::bad_request(20422, message));
        }
    }
    Ok(())
}

/// Stores the parameters of a form as JSON fields.
pub(super) fn apply(schema: &[DetailSchema], form: &Form, details: &mut Details) {
    for (parameter, field, detail_type) in schema {
        let Some(text) = form.given(parameter) else {
            continue;
        };
        let value = match detail_type {
            DetailType::Text | DetailType::OneOf(_) => text.into(),
            DetailType::Flag => form.flag(parameter).unwrap_or_default().into(),
            DetailType::List | DetailType::ListOf(_) => form.all(parameter).into(),
        };
        details.insert((*field).to_owned(), value);
    }
}

/// Replaces the fields of a rendered resource that a registration has.
pub(super) fn render(mut base: Value, details: &Details) -> Value {
    if let Value::Object(fields) = &mut base {
        fields.extend(details.clone());
    }
    base
}
