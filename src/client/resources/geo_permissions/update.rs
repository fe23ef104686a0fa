//! Changes of geo permissions.

use serde_json::json;

use super::{DialingPermissionsSettings, MessagingGeoPermissions};
use crate::client::engine::form::Form;
use crate::client::engine::read::part;
use crate::client::engine::request::{Argument, request};
use crate::phone::Region;

request! {
    /// Enables or disables countries for messages.
    ///
    /// A country can fail while the others succeed: see
    /// [`MessagingGeoPermission::error_code`](super::MessagingGeoPermission::error_code).
    ///
    /// Source: <https://www.twilio.com/docs/messaging/guides/sms-geo-permissions>
    UpdateMessagingGeoPermissions => MessagingGeoPermissions {
        PATCH Accounts "/Messaging/GeoPermissions" Update;
        needs {
            /// countries to enable or disable
            changes: MessagingGeoChanges,
        }
    }
}

/// Countries to enable or disable for messages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct MessagingGeoChanges(Vec<(Region, bool)>);

impl MessagingGeoChanges {
    /// Creates the argument without countries.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Enables a country.
    pub fn enable(mut self, country: Region) -> Self {
        self.0.push((country, true));
        self
    }

    /// Disables a country.
    pub fn disable(mut self, country: Region) -> Self {
        self.0.push((country, false));
        self
    }
}

impl Argument for MessagingGeoChanges {
    const NAMES: &'static [&'static str] = &["Permissions"];

    fn write(&self, form: &mut Form) {
        if self.0.is_empty() {
            form.fault("Permissions", "has no country");
        }
        for (country, enabled) in &self.0 {
            let item = json!({
                "country_code": country.as_str(),
                "type": "country",
                "enabled": enabled,
            });
            form.add("Permissions", item.to_string());
        }
    }
}

request! {
    /// Changes the dialing permissions of countries.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/dialingpermissions-bulkcountryupdate-resource>
    UpdateDialingPermissions => DialingPermissionsUpdate {
        POST Voice "/DialingPermissions/BulkCountryUpdates" Update;
        needs {
            /// permissions of each country
            changes: DialingChanges,
        }
    }
}

/// Dialing permissions of countries. An array or a `Vec` of [`DialingChange`] converts into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DialingChanges(Vec<DialingChange>);

impl<I: IntoIterator<Item = DialingChange>> From<I> for DialingChanges {
    fn from(changes: I) -> Self {
        Self(changes.into_iter().collect())
    }
}

impl Argument for DialingChanges {
    const NAMES: &'static [&'static str] = &["UpdateRequest"];

    fn write(&self, form: &mut Form) {
        if self.0.is_empty() {
            form.fault("UpdateRequest", "has no country");
        }
        let text = |yes: bool| if yes { "true" } else { "false" };
        let items: Vec<_> = self
            .0
            .iter()
            .map(|change| {
                // Twilio reads these booleans as text.
                json!({
                    "iso_code": change.country.as_str(),
                    "low_risk_numbers_enabled": text(change.low_risk),
                    "high_risk_special_numbers_enabled": text(change.high_risk_special),
                    "high_risk_tollfraud_numbers_enabled": text(change.high_risk_tollfraud),
                })
            })
            .collect();
        form.set("UpdateRequest", json!(items).to_string());
    }
}

/// Dialing permissions of one country.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct DialingChange {
    country: Region,
    low_risk: bool,
    high_risk_special: bool,
    high_risk_tollfraud: bool,
}

impl DialingChange {
    /// Disables all numbers of a country, except those that the other methods enable.
    pub const fn new(country: Region) -> Self {
        Self {
            country,
            low_risk: false,
            high_risk_special: false,
            high_risk_tollfraud: false,
        }
    }

    /// Permits low-risk (ordinary) numbers. Default `false`.
    pub const fn low_risk_numbers(mut self, enabled: bool) -> Self {
        self.low_risk = enabled;
        self
    }

    /// Permits high-risk special numbers. Default `false`.
    pub const fn high_risk_special_numbers(mut self, enabled: bool) -> Self {
        self.high_risk_special = enabled;
        self
    }

    /// Permits numbers known for toll fraud. Default `false`.
    pub const fn high_risk_tollfraud_numbers(mut self, enabled: bool) -> Self {
        self.high_risk_tollfraud = enabled;
        self
    }
}

part! {
    /// Result of a change of dialing permissions.
    DialingPermissionsUpdate {
        /// Number of countries that were changed.
        update_count: u32,
        /// Countries as requested, or Twilio's word for the result.
        update_request: String,
    }
}

request! {
    /// Sets whether sub-accounts inherit the dialing permissions of the main account.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/dialingpermissions-settings-resource>
    UpdateDialingPermissionsSettings => DialingPermissionsSettings {
        POST Voice "/Settings" Update;

        takes {
            /// Lets sub-accounts inherit the dialing permissions.
            dialing_permissions_inheritance = "DialingPermissionsInheritance": flag,
        }
    }
}
