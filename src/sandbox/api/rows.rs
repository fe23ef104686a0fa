//! Settings as rows: Twilio's parameter, its field in the answer, how it is written.

use serde_json::{Map, Value, json};

use super::{ApiError, Form};
use crate::sandbox::records::Settings;
use crate::sandbox::store::World;
use crate::sandbox::webhooks;
use crate::types::ApplicationSid;

/// How a setting is written, and what it is when it is not set.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A name: at most 64 characters.
    Text,
    Url,
    Method,
    Flag,
    /// A flag that is on until it is switched off.
    On,
    Application,
    /// One word, and what stands there when it is not set.
    Word(&'static str),
    /// A whole number, and what stands there when it is not set.
    Number(u32),
}

/// A setting: Twilio's parameter, its field in the answer, its shape.
pub(super) type Row = (&'static str, &'static str, Shape);

/// Refuses what Twilio would refuse.
pub(super) fn validate<'r>(
    world: &World,
    form: &Form,
    rows: impl Iterator<Item = &'r Row>,
) -> Result<(), ApiError> {
    for (parameter, _, shape) in rows {
        let Some(value) = form.one(parameter) else {
            continue;
        };
        match shape {
            Shape::Text if value.chars().count() > 64 => {
                return Err(ApiError::refused(20002, "FriendlyName is invalid"));
            }
            Shape::Url if webhooks::parse(value).is_none() => {
                let message = format!("{parameter} is not a valid URL");
                return Err(ApiError::refused(21402, message));
            }
            Shape::Method if !matches!(value, "GET" | "POST") => {
                let message = format!("{parameter} is not GET or POST");
                return Err(ApiError::refused(21403, message));
            }
            Shape::Flag | Shape::On => form.flags(&[parameter])?,
            Shape::Number(_) => {
                form.number(parameter, 1..=u64::from(u32::MAX), 20001)?;
            }
            Shape::Application if !is_ours(world, value) => {
                let message = format!("{parameter} is not accessible");
                return Err(ApiError::refused(21420, message));
            }
            _ => {}
        }
    }
    Ok(())
}

fn is_ours(world: &World, application: &str) -> bool {
    let sid = ApplicationSid::parse(application).ok();
    sid.is_some_and(|sid| world.read(|state| state.application(sid).is_some()))
}

/// Sets what the form holds: a parameter that is absent stays as it was, an empty one clears.
pub(super) fn apply<'r>(form: &Form, rows: impl Iterator<Item = &'r Row>, settings: &mut Settings) {
    for (parameter, _, _) in rows {
        if let Some(value) = form.given(parameter) {
            settings.set(parameter, value);
        }
    }
}

/// The settings as fields of the answer.
pub(super) fn fields<'r>(
    settings: &Settings,
    rows: impl Iterator<Item = &'r Row>,
) -> Map<String, Value> {
    let mut map = Map::new();
    for (parameter, field, shape) in rows {
        let value = match (settings.text(parameter), shape) {
            (text, Shape::Flag) => json!(text == Some("true")),
            (text, Shape::On) => json!(text != Some("false")),
            (text, Shape::Method) => json!(text.unwrap_or("POST")),
            (text, Shape::Number(unset)) => {
                json!(text.and_then(|text| text.parse().ok()).unwrap_or(*unset))
            }
            (text, Shape::Word(unset)) => json!(text.unwrap_or(unset)),
            (Some(text), _) => json!(text),
            // Twilio writes an unset binding of a number as empty text, and an unset URL as null.
            (None, Shape::Application) => json!(""),
            (None, _) => Value::Null,
        };
        map.insert((*field).to_owned(), value);
    }
    map
}

/// Adds the fields of an object.
pub(super) fn merge(map: &mut Map<String, Value>, more: Value) {
    if let Value::Object(more) = more {
        map.extend(more);
    }
}
