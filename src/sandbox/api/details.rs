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
    /// Parameter that can be repeated.
    List,
}

/// A parameter: its name in requests, its JSON field, and its type.
pub(super) type DetailSchema = (&'static str, &'static str, DetailType);

/// Rejects a form without one of the parameters in `required`, with an invalid flag, or with a
/// parameter that is neither in the schema nor in `more`. `code` is Twilio's error for a missing
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
    match required.iter().find(|name| form.one(name).is_none()) {
        None => Ok(()),
        Some(name) => Err(ApiError::bad_request(code, format!("{name} is required"))),
    }
}

/// Stores the parameters of a form as JSON fields.
pub(super) fn apply(schema: &[DetailSchema], form: &Form, details: &mut Details) {
    for (parameter, field, detail_type) in schema {
        let Some(text) = form.given(parameter) else {
            continue;
        };
        let value = match detail_type {
            DetailType::Text => text.into(),
            DetailType::Flag => (text == "true").into(),
            DetailType::List => form.all(parameter).into(),
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
