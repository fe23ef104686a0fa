//! Every setting: its name, and the variable that holds it.

use std::fmt;

use crate::messenger::PathKind;

/// Hands the table of settings to a macro: docs, variant, name, environment variable.
macro_rules! for_each_setting {
    ($callback:ident) => {
        $callback! {
            /// Switch for texts and calls: `true` (the default) or `false`.
            Enabled, enabled, "CLINSPARK_TWILIO_ENABLED";
            /// The instance: its name below `clinspark.com`, such as `demo`, or its full domain, such as
            /// `demo.clinspark.com`. It is reached by https; only a loopback address may be written with
            /// `http://`.
            Domain, domain, "CLINSPARK_DOMAIN";
            /// The account that owns the number: `AC` and 32 digits.
            AccountSid, account_sid, "TWILIO_ACCOUNT_SID";
            /// The account's primary auth token. Always needed: it is the key of webhook signatures.
            AuthToken, auth_token, "TWILIO_AUTH_TOKEN";
            /// The account's other auth token, during a rotation: its signatures are accepted too. Twilio
            /// signs with it only once it is promoted.
            SecondaryAuthToken, secondary_auth_token, "TWILIO_SECONDARY_AUTH_TOKEN";
            /// An API key to sign in with instead of the auth token: `SK` and 32 digits.
            ApiKeySid, api_key_sid, "TWILIO_API_KEY_SID";
            /// The secret of the API key.
            ApiKeySecret, api_key_secret, "TWILIO_API_KEY_SECRET";
            /// ClinSpark's Application SID: `AP` and 32 digits. Absent until the app exists.
            ApplicationSid, application_sid, "TWILIO_APPLICATION_SID";
            /// The instance's number in E.164 form, such as `+14155550123`.
            Number, number, "TWILIO_PHONE_NUMBER";
            /// The Messaging Service to send through, beside the number or instead of it.
            MessagingServiceSid, messaging_service_sid, "TWILIO_MESSAGING_SERVICE_SID";
            /// The country calling code of numbers typed without one: `44`, `+44` or `0044`.
            DefaultCountryPrefix, default_country_prefix, "CLINSPARK_DEFAULT_COUNTRY_PREFIX";
            /// The region of numbers typed without a country code, such as `GB`.
            DefaultPhoneRegion, default_phone_region, "CLINSPARK_DEFAULT_PHONE_REGION";
            /// The path where an incoming call asks for `TwiML`, such as `/hooks/voice`. No default.
            ///
            /// It may end in Twilio's connection overrides, such as `/hooks/voice#rc=5&ct=2000`, as may
            /// the other paths. Provisioning adds those of `#rc=2&rp=5xx,ct,rt` that the path does not
            /// set: Twilio then retries twice, also after a 5xx answer or a read timeout.
            ///
            /// Source: <https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides>
            VoicePath, voice_path, "CLINSPARK_VOICE_PATH";
            /// The path where a call's progress is reported. No default.
            CallStatusPath, call_status_path, "CLINSPARK_CALL_STATUS_PATH";
            /// The path where an incoming message asks for `TwiML`. No default.
            MessagePath, message_path, "CLINSPARK_MESSAGE_PATH";
            /// The path where a message's progress is reported. No default.
            MessageStatusPath, message_status_path, "CLINSPARK_MESSAGE_STATUS_PATH";
            /// Retention of message bodies at Twilio: `retain` (its default) or `discard`. Needs Message
            /// Redaction on the account.
            ContentRetention, content_retention, "CLINSPARK_CONTENT_RETENTION";
            /// Retention of full recipients' numbers at Twilio: `retain` (its default) or `obfuscate`.
            /// Needs Message Redaction on the account.
            AddressRetention, address_retention, "CLINSPARK_ADDRESS_RETENTION";
            /// Kinds of number that are texted: names of [`NumberKind`](crate::phone::NumberKind) such as
            /// `mobile`, comma between them; or `mobiles`, which stands for
            /// [`NumberKinds::MOBILE`](crate::phone::NumberKinds::MOBILE). Default
            /// [`NumberKinds::ORDINARY`](crate::phone::NumberKinds::ORDINARY).
            TextKinds, text_kinds, "CLINSPARK_TEXT_KINDS";
            /// Kinds of number that are called, written as those of `text_kinds`. The same default.
            CallKinds, call_kinds, "CLINSPARK_CALL_KINDS";
            /// Recipients that may be reached: `live`, `off`, or `only:` and numbers in E.164 form, comma
            /// between them. Must be named: a copy of production on a test server must not text people.
            Delivery, delivery, "CLINSPARK_DELIVERY";
        }
    };
}

macro_rules! define_setting {
    ($( $(#[$doc:meta])* $variant:ident, $name:ident, $variable:literal; )+) => {
        /// A setting, by name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Setting {
            $( $(#[$doc])* $variant, )+
        }

        impl Setting {
            /// Every setting.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Name of the setting, as the method of
            /// [`SettingsBuilder`](crate::clinspark::SettingsBuilder) that sets it: `auth_token`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $( Self::$variant => stringify!($name), )+ }
            }

            /// Environment variable that holds it, such as `TWILIO_AUTH_TOKEN`.
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
