//! Settings of numbers, TwiML Apps, services and short codes.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use crate::types::{ApplicationSid, Method, Redacted};

/// URL and HTTP method of a webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WebhookTarget {
    pub(crate) url: Redacted<String>,
    pub(crate) method: Method,
}

impl WebhookTarget {
    pub(crate) fn new(url: &str, method: Method) -> Self {
        Self {
            url: Redacted::new(url.to_owned()),
            method,
        }
    }
}

/// Settings of a resource, by Twilio's parameter names.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct ResourceSettings(BTreeMap<Cow<'static, str>, String>);

impl ResourceSettings {
    /// Sets a parameter; an empty value clears it.
    pub(crate) fn set(&mut self, parameter: &'static str, value: &str) {
        if value.is_empty() {
            self.0.remove(parameter);
        } else {
            self.0.insert(Cow::Borrowed(parameter), value.to_owned());
        }
    }

    /// Returns the settings by their names.
    pub(crate) fn to_map(&self) -> BTreeMap<String, String> {
        let settings = self.0.iter();
        let owned = settings.map(|(name, value)| (name.clone().into_owned(), value.clone()));
        owned.collect()
    }

    pub(crate) fn from_map(settings: BTreeMap<String, String>) -> Self {
        let settings = settings.into_iter();
        Self(
            settings
                .map(|(name, value)| (Cow::Owned(name), value))
                .collect(),
        )
    }

    pub(crate) fn get(&self, parameter: &str) -> Option<&str> {
        self.0.get(parameter).map(String::as_str)
    }

    pub(crate) fn webhook(&self, url: &str, method: &str) -> Option<WebhookTarget> {
        let method = match self.get(method) {
            Some("GET") => Method::Get,
            _ => Method::Post,
        };
        self.get(url).map(|url| WebhookTarget::new(url, method))
    }

    pub(crate) fn application(&self, parameter: &str) -> Option<ApplicationSid> {
        ApplicationSid::parse(self.get(parameter)?).ok()
    }
}

impl fmt::Debug for ResourceSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Names only: the query of a URL may contain personal data.
        f.debug_set().entries(self.0.keys()).finish()
    }
}
