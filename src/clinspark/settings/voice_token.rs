//! Tokens for the Voice SDK, signed with the API key of the settings.

use std::fmt;
use std::time::Duration;

use super::setting::Setting;
use super::values::Settings;
use crate::phone::{AddressError, ClientIdentity};
use crate::voice_token::{TokenError, TokenSigner, VoiceGrant, VoiceToken};

/// Error of [`Settings::voice_token`]: a missing setting, an invalid identity or lifetime.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(transparent)]
pub struct VoiceTokenError(Cause);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum Cause {
    #[error("a voice token needs {}; set {}", List(.0), if .0.len() == 1 { "it" } else { "them" })]
    Missing(Vec<Setting>),
    #[error(transparent)]
    Identity(AddressError),
    #[error(transparent)]
    Lifetime(TokenError),
}

/// Names of settings in a sentence.
struct List<'a>(&'a [Setting]);

impl fmt::Display for List<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, setting) in self.0.iter().enumerate() {
            let separator = match index {
                0 => "",
                _ if index + 1 == self.0.len() => " and ",
                _ => ", ",
            };
            write!(f, "{separator}{setting}")?;
        }
        Ok(())
    }
}

impl VoiceTokenError {
    /// Returns the settings that are missing. Empty if the identity or the lifetime is invalid.
    #[must_use]
    pub fn missing(&self) -> &[Setting] {
        match &self.0 {
            Cause::Missing(settings) => settings,
            Cause::Identity(_) | Cause::Lifetime(_) => &[],
        }
    }
}

impl Settings {
    /// Signs a token with which a staff member calls and is called in the Voice SDK, from a browser
    /// or a phone.
    ///
    /// The token permits calls through the instance's `TwiML` App and calls to the identity. It is
    /// signed with the API key of the settings. For another grant, use
    /// [`TokenSigner`].
    ///
    /// - `identity`: name of the staff member for Twilio, such as `site_12_nurse`. It appears in
    ///   logs and URLs: never a person's name or e-mail address.
    /// - `lifetime`: 1 second to 24 hours. Twilio's libraries use 1 hour.
    ///
    /// ```
    /// use std::time::Duration;
    /// use clinspark_twilio::clinspark::{Setting, Settings};
    ///
    /// let settings = Settings::builder()
    ///     .domain("demo")
    ///     .account_sid("AC00000000000000000000000000000001")
    ///     .auth_token("the-auth-token")
    ///     .number("+14155550123")
    ///     .delivery("off");
    /// let hour = Duration::from_secs(3_600);
    ///
    /// let error = settings.clone().build()?.voice_token("site_12_nurse", hour).unwrap_err();
    /// assert_eq!(error.missing(), [Setting::ApiKeySid, Setting::ApiKeySecret, Setting::ApplicationSid]);
    ///
    /// let token = settings
    ///     .api_key_sid("SK00000000000000000000000000000001")
    ///     .api_key_secret("the-secret-that-Twilio-showed-once")
    ///     .application_sid("AP00000000000000000000000000000001")
    ///     .build()?
    ///     .voice_token("site_12_nurse", hour)?;
    /// assert_eq!(token.expose().split('.').count(), 3); // for the browser
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`VoiceTokenError`] if `api_key_sid`, `api_key_secret` or `application_sid` is not
    /// set, or if the identity or the lifetime is invalid.
    ///
    /// Source: <https://www.twilio.com/docs/iam/access-tokens>
    pub fn voice_token(
        &self,
        identity: &str,
        lifetime: Duration,
    ) -> Result<VoiceToken, VoiceTokenError> {
        let (Some((key, secret)), Some(application)) = (&self.api_key, self.application) else {
            let mut missing = Vec::new();
            if self.api_key.is_none() {
                missing.extend([Setting::ApiKeySid, Setting::ApiKeySecret]);
            }
            if self.application.is_none() {
                missing.push(Setting::ApplicationSid);
            }
            return Err(VoiceTokenError(Cause::Missing(missing)));
        };
        let identity = ClientIdentity::parse(identity).map_err(Cause::Identity)?;
        let grant = VoiceGrant::incoming_and_outgoing(identity, application);
        let mut signer = TokenSigner::new(self.account, *key, secret);
        if let Some(region) = &self.region {
            signer = signer.region(region.as_str());
        }
        Ok(signer.sign(&grant, lifetime).map_err(Cause::Lifetime)?)
    }
}

impl From<Cause> for VoiceTokenError {
    fn from(cause: Cause) -> Self {
        Self(cause)
    }
}
