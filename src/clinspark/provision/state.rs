//! State of an app, a number and a service: current and wanted.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::client::WebhookUrl;
use crate::client::applications::{Application, CreateApplication, UpdateApplication};
use crate::client::numbers::IncomingPhoneNumber;
use crate::client::services::Service;
use crate::messenger::connection_overrides;
use crate::types::{ApplicationSid, Method};
use crate::webhook::PublicOrigin;

/// Webhook settings of an app by Twilio's parameter names. An empty value means that the parameter is
/// not set.
///
/// Its serialised form contains the full URLs. Every other output leaves out user name, password and
/// query.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct AppState(BTreeMap<String, String>);

/// URLs of the instance's webhooks.
pub(super) struct Urls {
    pub(super) voice: String,
    pub(super) call_status: String,
    pub(super) message: String,
    pub(super) message_status: String,
}

impl AppState {
    /// Returns the settings that the instance needs. All webhooks are POST, because it refuses other
    /// methods.
    ///
    /// The fallback is the webhook itself, so that a STOP which failed during an outage arrives once
    /// more. The fallback of an earlier owner is replaced, because it would receive the volunteers'
    /// messages.
    pub(super) fn wanted(urls: &Urls) -> Self {
        Self::from_rows([
            ("VoiceUrl", urls.voice.clone()),
            ("VoiceMethod", Method::Post.to_string()),
            ("VoiceFallbackUrl", urls.voice.clone()),
            ("VoiceFallbackMethod", Method::Post.to_string()),
            ("StatusCallback", urls.call_status.clone()),
            ("StatusCallbackMethod", Method::Post.to_string()),
            ("SmsUrl", urls.message.clone()),
            ("SmsMethod", Method::Post.to_string()),
            ("SmsFallbackUrl", urls.message.clone()),
            ("SmsFallbackMethod", Method::Post.to_string()),
            ("SmsStatusCallback", String::new()),
            ("MessageStatusCallback", urls.message_status.clone()),
            ("PublicApplicationConnectEnabled", false.to_string()),
        ])
    }

    /// Keeps fallbacks of an app that are on the instance's own domain, and sufficient connection
    /// overrides of its webhooks.
    pub(super) fn keeping_instance_urls(mut self, current: &Self, origin: &PublicOrigin) -> Self {
        for (name, wanted) in &mut self.0 {
            let now = current.get(name);
            // A fallback or callback elsewhere on the instance was chosen by a person, and set-up
            // leaves it.
            let is_secondary = matches!(
                name.as_str(),
                "VoiceFallbackUrl" | "SmsFallbackUrl" | "SmsStatusCallback"
            );
            let is_another =
                connection_overrides::without(now) != connection_overrides::without(wanted);
            if connection_overrides::satisfies(now, wanted)
                || is_secondary && is_another && origin.path_of(now).is_some()
            {
                now.clone_into(wanted);
            }
        }
        self
    }

    /// Returns `true` if every setting is as wanted. A URL may have further connection overrides.
    pub(super) fn meets(&self, wanted: &Self) -> bool {
        NAMES.iter().all(|name| {
            let (now, wanted) = (self.get(name), wanted.get(name));
            now == wanted || connection_overrides::satisfies(now, wanted)
        })
    }

    /// Returns `true` if two apps send webhooks to the same URLs. They may differ in connection
    /// overrides, and this one may have no fallback.
    pub(super) fn has_same_webhooks(&self, other: &Self) -> bool {
        NAMES.iter().all(|name| {
            let (one, other) = (self.get(name), other.get(name));
            // An app without a fallback is still the app of this instance: set-up adds the
            // fallback.
            let is_fallback = name.contains("Fallback");
            connection_overrides::without(one) == connection_overrides::without(other)
                || is_fallback && (one.is_empty() || name.ends_with("Method"))
        })
    }

    pub(super) fn of(app: &Application) -> Self {
        let url = |url: &Option<WebhookUrl>| url.as_ref().map_or("", WebhookUrl::as_str).to_owned();
        let method = |method: Option<Method>| method.map_or("", Method::as_str).to_owned();
        // An app that anyone may connect to would let strangers call through the account.
        let is_public = app.public_application_connect_enabled.unwrap_or(false);
        Self::from_rows([
            ("VoiceUrl", url(&app.voice_url)),
            ("VoiceMethod", method(app.voice_method)),
            ("VoiceFallbackUrl", url(&app.voice_fallback_url)),
            ("VoiceFallbackMethod", method(app.voice_fallback_method)),
            ("StatusCallback", url(&app.status_callback)),
            ("StatusCallbackMethod", method(app.status_callback_method)),
            ("SmsUrl", url(&app.sms_url)),
            ("SmsMethod", method(app.sms_method)),
            ("SmsFallbackUrl", url(&app.sms_fallback_url)),
            ("SmsFallbackMethod", method(app.sms_fallback_method)),
            ("SmsStatusCallback", url(&app.sms_status_callback)),
            ("MessageStatusCallback", url(&app.message_status_callback)),
            ("PublicApplicationConnectEnabled", is_public.to_string()),
        ])
    }

    fn from_rows<const N: usize>(rows: [(&str, String); N]) -> Self {
        Self(rows.map(|(name, value)| (name.to_owned(), value)).into())
    }

    pub(super) fn create(&self, name: &str) -> CreateApplication {
        let get = |parameter| self.get(parameter);
        CreateApplication::new()
            .friendly_name(name)
            .voice_url(get("VoiceUrl"))
            .voice_method(Method::Post)
            .voice_fallback_url(get("VoiceFallbackUrl"))
            .voice_fallback_method(Method::Post)
            .status_callback(get("StatusCallback"))
            .status_callback_method(Method::Post)
            .sms_url(get("SmsUrl"))
            .sms_method(Method::Post)
            .sms_fallback_url(get("SmsFallbackUrl"))
            .sms_fallback_method(Method::Post)
            .message_status_callback(get("MessageStatusCallback"))
    }

    /// Creates a request that writes every setting, even if it is already correct. The app then has
    /// the stated settings, whatever changed it since the plan.
    pub(super) fn update(&self, sid: ApplicationSid) -> UpdateApplication {
        let get = |parameter| self.get(parameter);
        let mut update = UpdateApplication::new(sid)
            .voice_url(get("VoiceUrl"))
            .voice_fallback_url(get("VoiceFallbackUrl"))
            .status_callback(get("StatusCallback"))
            .sms_url(get("SmsUrl"))
            .sms_fallback_url(get("SmsFallbackUrl"))
            .sms_status_callback(get("SmsStatusCallback"))
            .message_status_callback(get("MessageStatusCallback"))
            .public_application_connect_enabled(get("PublicApplicationConnectEnabled") == "true");
        if let Some(method) = method(get("VoiceMethod")) {
            update = update.voice_method(method);
        }
        if let Some(method) = method(get("VoiceFallbackMethod")) {
            update = update.voice_fallback_method(method);
        }
        if let Some(method) = method(get("SmsFallbackMethod")) {
            update = update.sms_fallback_method(method);
        }
        if let Some(method) = method(get("StatusCallbackMethod")) {
            update = update.status_callback_method(method);
        }
        if let Some(method) = method(get("SmsMethod")) {
            update = update.sms_method(method);
        }
        update
    }

    fn get(&self, parameter: &str) -> &str {
        self.0.get(parameter).map_or("", String::as_str)
    }

    /// Returns the settings in which another state differs: name, value here, value there, redacted
    /// for display.
    pub(super) fn changes<'s>(
        &'s self,
        to: &'s Self,
    ) -> impl Iterator<Item = (&'s str, String, String)> {
        let differs = |name: &&&str| self.get(name) != to.get(name);
        let names = NAMES.iter().filter(differs);
        names.map(|name| (*name, printed(self.get(name)), printed(to.get(name))))
    }

    /// Returns `true` if the app sends calls or messages to this origin.
    pub(super) fn points_at(&self, origin: &PublicOrigin) -> bool {
        let mut urls = ["VoiceUrl", "SmsUrl"].into_iter();
        urls.any(|parameter| origin.path_of(self.get(parameter)).is_some())
    }
}

/// Parameters in the order of Twilio's console.
const NAMES: [&str; 13] = [
    "VoiceUrl",
    "VoiceMethod",
    "VoiceFallbackUrl",
    "VoiceFallbackMethod",
    "StatusCallback",
    "StatusCallbackMethod",
    "SmsUrl",
    "SmsMethod",
    "SmsFallbackUrl",
    "SmsFallbackMethod",
    "SmsStatusCallback",
    "MessageStatusCallback",
    "PublicApplicationConnectEnabled",
];

fn method(text: &str) -> Option<Method> {
    [Method::Get, Method::Post]
        .into_iter()
        .find(|method| method.as_str() == text)
}

/// Formats a setting for display: a URL without its secrets, or a plain value.
pub(super) fn printed(value: &str) -> String {
    if value.is_empty() {
        "nothing".to_owned()
    } else if value.bytes().all(|b| b.is_ascii_alphabetic()) {
        value.to_owned()
    } else {
        connection_overrides::redacted(value)
    }
}

impl fmt::Debug for AppState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let row = |(name, value): (_, &String)| (name, printed(value));
        f.debug_map().entries(self.0.iter().map(row)).finish()
    }
}

/// Apps that are bound to a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Binding {
    pub(super) voice: Option<ApplicationSid>,
    pub(super) messaging: Option<ApplicationSid>,
}

impl Binding {
    pub(super) const fn to(application: ApplicationSid) -> Self {
        Self {
            voice: Some(application),
            messaging: Some(application),
        }
    }

    pub(super) const fn of(number: &IncomingPhoneNumber) -> Self {
        Self {
            voice: number.voice_application_sid,
            messaging: number.sms_application_sid,
        }
    }
}

impl fmt::Display for Binding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named =
            |app: Option<ApplicationSid>| app.map_or("no app".to_owned(), |a| a.to_string());
        write!(
            f,
            "voice by {}, messaging by {}",
            named(self.voice),
            named(self.messaging)
        )
    }
}

/// Returns `true` if a service defers to the sender's webhook.
pub(super) fn defers(service: &Service) -> bool {
    service.use_inbound_webhook_on_number.unwrap_or(false)
}

/// Returns `true` if the service's own URL sends replies to the instance.
pub(super) fn receives_replies_at(service: &Service, url: &str) -> bool {
    let is_ours = service.inbound_request_url.as_ref().is_some_and(|u| {
        connection_overrides::without(u.as_str()) == connection_overrides::without(url)
    });
    is_ours && service.inbound_method != Some(Method::Get)
}
