//! Schema of a resource's settings: Twilio's parameters, their JSON fields and their types.

use serde_json::{Map, Value, json};

use super::error::ApiError;
use super::form::Form;
use crate::sandbox::context::Context;
use crate::sandbox::state::ResourceSettings;
use crate::sandbox::webhooks;
use crate::types::ApplicationSid;

/// Type of a setting, which determines its validation and its JSON value when it is not set.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum SettingType {
    /// A name of at most 64 characters.
    FriendlyName,
    Url,
    Method,
    /// A flag that is off by default.
    OffByDefault,
    /// A flag that is on by default.
    OnByDefault,
    ApplicationSid,
    /// Text, with its default.
    Text(&'static str),
    /// A whole number, with its default.
    Number(u32),
}

/// A setting: its parameter in requests, its JSON field in responses, and its type.
pub(super) struct SettingSchema(
    pub(super) &'static str,
    pub(super) &'static str,
    pub(super) SettingType,
);

/// All settings of a resource, in groups that several resources can share.
pub(super) struct ResourceSchema(pub(super) &'static [&'static [SettingSchema]]);

impl ResourceSchema {
    fn settings(&self) -> impl Iterator<Item = &'static SettingSchema> {
        self.0.iter().copied().flatten()
    }

    /// Rejects a form with an invalid setting, or with a parameter that is neither a setting nor in
    /// `more`.
    pub(super) fn check(
        &self,
        context: &Context,
        form: &Form,
        more: &[&str],
    ) -> Result<(), ApiError> {
        let mut known: Vec<&str> = self.settings().map(|setting| setting.0).collect();
        known.extend(more);
        form.allow_only(&known)?;
        for SettingSchema(parameter, _, setting_type) in self.settings() {
            let Some(value) = form.one(parameter) else {
                continue;
            };
            match setting_type {
                SettingType::FriendlyName if value.chars().count() > 64 => {
                    return Err(ApiError::bad_request(20002, "FriendlyName is invalid"));
                }
                SettingType::Url if webhooks::parse_url(value).is_none() => {
                    let message = format!("{parameter} is not a valid URL");
                    return Err(ApiError::bad_request(21402, message));
                }
                SettingType::Method if !matches!(value, "GET" | "POST") => {
                    let message = format!("{parameter} must be GET or POST");
                    return Err(ApiError::bad_request(21403, message));
                }
                SettingType::OffByDefault | SettingType::OnByDefault => {
                    form.check_flags(&[parameter])?;
                }
                SettingType::Number(_) => {
                    form.number(parameter, 1..=u64::from(u32::MAX), 20001)?;
                }
                SettingType::ApplicationSid if !is_owned(context, value) => {
                    let message = format!("{parameter} is not accessible");
                    return Err(ApiError::bad_request(21420, message));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Applies the parameters of a form. An absent parameter keeps its value, an empty one is
    /// cleared.
    pub(super) fn apply(&self, form: &Form, settings: &mut ResourceSettings) {
        for SettingSchema(parameter, _, setting_type) in self.settings() {
            let Some(value) = form.given(parameter) else {
                continue;
            };
            let is_flag = matches!(
                setting_type,
                SettingType::OffByDefault | SettingType::OnByDefault
            );
            match form.flag(parameter).filter(|_| is_flag) {
                Some(flag) => settings.set(parameter, if flag { "true" } else { "false" }),
                None => settings.set(parameter, value),
            }
        }
    }

    /// Returns the JSON of a resource: its settings and the fields of the object `more`.
    pub(super) fn to_json(&self, settings: &ResourceSettings, more: Value) -> Value {
        let mut map = Map::new();
        for SettingSchema(parameter, field, setting_type) in self.settings() {
            let value = match (settings.get(parameter), setting_type) {
                (text, SettingType::OffByDefault) => json!(text == Some("true")),
                (text, SettingType::OnByDefault) => json!(text != Some("false")),
                (text, SettingType::Method) => json!(text.unwrap_or("POST")),
                (text, SettingType::Number(default)) => {
                    json!(text.and_then(|text| text.parse().ok()).unwrap_or(*default))
                }
                (text, SettingType::Text(default)) => json!(text.unwrap_or(default)),
                (Some(text), _) => json!(text),
                // Twilio returns an unset TwiML App as an empty string, and an unset URL as null.
                (None, SettingType::ApplicationSid) => json!(""),
                (None, _) => Value::Null,
            };
            map.insert((*field).to_owned(), value);
        }
        if let Value::Object(more) = more {
            map.extend(more);
        }
        map.into()
    }
}

fn is_owned(context: &Context, application: &str) -> bool {
    let sid = ApplicationSid::parse(application).ok();
    sid.is_some_and(|sid| context.read(|state| state.application(sid).is_some()))
}
