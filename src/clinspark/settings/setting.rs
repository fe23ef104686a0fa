//! Every setting: its name and its environment variable.

use std::fmt;

use crate::webhook::PathKind;

/// Hands the table of settings to a macro: docs, variant, name, environment variable.
macro_rules! for_each_setting {
    ($callback:ident) => {
        $callback! {
            /// Enables texts and calls: `true` (the default) or `false`.
            Enabled, enabled, "CLINSPARK_TWILIO_ENABLED";
            /// Domain of the instance: its name below `clinspark.com`, such as `demo`, or its full
            /// domain, such as `demo.clinspark.com`. The scheme is https. Only a loopback address
            /// may have `http://`.
            Domain, domain, "CLINSPARK_DOMAIN";
            /// SID of the account that owns the number: `AC` and 32 hexadecimal digits.
            AccountSid, account_sid, "TWILIO_ACCOUNT_SID";
            /// Primary auth token of the account. Always required, because it is the key of webhook
            /// signatures.
            AuthToken, auth_token, "TWILIO_AUTH_TOKEN";
            /// Secondary auth token of the account, during a rotation. Its signatures are accepted
            /// too. Twilio signs with it only after it is promoted.
            SecondaryAuthToken, secondary_auth_token, "TWILIO_SECONDARY_AUTH_TOKEN";
            /// SID of an API key that authenticates requests in place of the auth token: `SK` and 32
            /// hexadecimal digits.
            ApiKeySid, api_key_sid, "TWILIO_API_KEY_SID";
            /// Secret of the API key.
            ApiKeySecret, api_key_secret, "TWILIO_API_KEY_SECRET";
            /// ClinSpark's Application SID: `AP` and 32 hexadecimal digits. Absent until the app
            /// exists.
            ApplicationSid, application_sid, "TWILIO_APPLICATION_SID";
            /// Number of the instance in E.164 format, such as `+14155550123`.
            Number, number, "TWILIO_PHONE_NUMBER";
            /// Messaging Service that sends texts, in addition to the number or in place of it.
            MessagingServiceSid, messaging_service_sid, "TWILIO_MESSAGING_SERVICE_SID";
            /// Country calling code of numbers typed without one: `44`, `+44` or `0044`.
            DefaultCountryPrefix, default_country_prefix, "CLINSPARK_DEFAULT_COUNTRY_PREFIX";
            /// Region of numbers typed without a country code, such as `GB`.
            DefaultPhoneRegion, default_phone_region, "CLINSPARK_DEFAULT_PHONE_REGION";
            /// Path at which Twilio requests the `TwiML` for an incoming call, such as
            /// `/hooks/voice`. No default.
            ///
            /// This path and the other paths may end in Twilio's connection overrides, such as
            /// `/hooks/voice#rc=5&ct=2000`. Set-up adds those of `#rc=2&rp=5xx,ct,rt` that the path
            /// does not set. Twilio then retries twice, also after a 5xx answer or a read timeout.
            ///
            /// Source: <https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides>
            VoicePath, voice_path, "CLINSPARK_VOICE_PATH";
            /// Path to which Twilio sends status callbacks of calls. No default.
            CallStatusPath, call_status_path, "CLINSPARK_CALL_STATUS_PATH";
            /// Path at which Twilio requests the `TwiML` for an incoming message. No default.
            MessagePath, message_path, "CLINSPARK_MESSAGE_PATH";
            /// Path to which Twilio sends status callbacks of messages. No default.
            MessageStatusPath, message_status_path, "CLINSPARK_MESSAGE_STATUS_PATH";
            /// Retention of message bodies at Twilio: `retain` (Twilio's default) or `discard`.
            /// Requires Message Redaction on the account.
            ContentRetention, content_retention, "CLINSPARK_CONTENT_RETENTION";
            /// Retention of recipients' full numbers at Twilio: `retain` (Twilio's default) or
            /// `obfuscate`. Requires Message Redaction on the account.
            AddressRetention, address_retention, "CLINSPARK_ADDRESS_RETENTION";
            /// Kinds of number that may be texted: a comma-separated list of names of
            /// [`NumberKind`](crate::phone::NumberKind), such as `mobile`. `mobiles` means
            /// [`NumberKinds::MOBILE`](crate::phone::NumberKinds::MOBILE). Default
            /// [`NumberKinds::ORDINARY`](crate::phone::NumberKinds::ORDINARY).
            TextKinds, text_kinds, "CLINSPARK_TEXT_KINDS";
            /// Kinds of number that may be called, in the format of `text_kinds` and with the same
            /// default.
            CallKinds, call_kinds, "CLINSPARK_CALL_KINDS";
            /// Region that processes and stores the account's data, such as `ie1`. Default `us1`. The
            /// credentials must belong to the same region.
            ///
            /// Source: <https://www.twilio.com/docs/global-infrastructure/understanding-twilio-regions>
            Region, region, "TWILIO_REGION";
            /// Edge location in the names of Twilio's hosts, such as `dublin`. Default: the edge
            /// nearest to the region.
            ///
            /// Source: <https://www.twilio.com/docs/global-infrastructure/understanding-edge-locations>
            Edge, edge, "TWILIO_EDGE";
            /// URL of a server on this machine that replaces all of Twilio's hosts, such as the
            /// sandbox's `http://127.0.0.1:49152`. It precedes region and edge. Default: none.
            ///
            /// Only a loopback address is permitted, because the credentials are sent there. For
            /// another server, such as a gateway, see
            /// [`ClientBuilder::base_url`](crate::client::ClientBuilder::base_url).
            BaseUrl, base_url, "TWILIO_BASE_URL";
            /// Permitted recipients: `live`, `off`, or `only:` and a comma-separated list of numbers
            /// in E.164 format. Required, because a copy of production on a test server must not text
            /// people.
            Delivery, delivery, "CLINSPARK_DELIVERY";
        }
    };
}

macro_rules! define_setting {
    ($( $(#[$doc:meta])* $variant:ident, $name:ident, $variable:literal; )+) => {
        /// Setting of an instance.
        ///
        /// ```
        /// use clinspark_twilio::clinspark::Setting;
        ///
        /// assert_eq!(Setting::AuthToken.name(), "auth_token"); // in files
        /// assert_eq!(Setting::AuthToken.variable(), "TWILIO_AUTH_TOKEN"); // in the environment
        /// assert!(Setting::ALL.contains(&Setting::Delivery));
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Setting {
            $( $(#[$doc])* $variant, )+
        }

        impl Setting {
            /// All settings.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Returns the name, such as `auth_token`. The method of
            /// [`SettingsBuilder`](crate::clinspark::SettingsBuilder) has the same name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $( Self::$variant => stringify!($name), )+ }
            }

            /// Returns the environment variable, such as `TWILIO_AUTH_TOKEN`.
            #[must_use]
            pub const fn variable(self) -> &'static str {
                match self { $( Self::$variant => $variable, )+ }
            }
        }
    };
}

for_each_setting!(define_setting);

pub(super) use for_each_setting;

impl From<PathKind> for Setting {
    fn from(kind: PathKind) -> Self {
        match kind {
            PathKind::Voice => Self::VoicePath,
            PathKind::CallStatus => Self::CallStatusPath,
            PathKind::Message => Self::MessagePath,
            PathKind::MessageStatus => Self::MessageStatusPath,
        }
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.name(), self.variable())
    }
}
