//! Settings and messenger on the embedded Twilio, for tests.

use super::settings::{Settings, SettingsBuilder};
use crate::phone::{E164, Normalizer};
use crate::sandbox::Sandbox;

/// Number of an account that has none: in the USA, and reserved for fiction.
const NUMBER: &str = "+14155550100";

impl Sandbox {
    /// Returns settings of an instance on this account, for a service that is tested with it.
    ///
    /// | Setting | Value |
    /// |---|---|
    /// | `account_sid`, `auth_token`, `base_url` | those of the sandbox |
    /// | `number` | first number of the account; `+14155550100`, which is added, if it has none |
    /// | `default_phone_region` | country of the number |
    /// | `domain` | `clinic.example.com`; see [`map_origin`](Self::map_origin) |
    /// | `delivery` | `live`: no one is texted |
    ///
    /// Every value can be replaced, and the paths of webhooks added.
    ///
    /// ```
    /// # #[cfg(not(feature = "rustls"))]
    /// # fn main() {}
    /// # #[cfg(feature = "rustls")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use clinspark_twilio::E164;
    /// use clinspark_twilio::messenger::MemoryConsentGate;
    /// use clinspark_twilio::sandbox::Sandbox;
    ///
    /// let sandbox = Sandbox::start().await?;
    /// sandbox.add_number(E164::parse("+61255501234")?);
    /// let messenger = sandbox.settings().build()?.messenger(MemoryConsentGate::new())?;
    ///
    /// messenger.text("0491 570 156", "See you at 9:00.").await?;
    /// let volunteer = sandbox.phone(E164::parse("+61491570156")?);
    /// assert_eq!(volunteer.next_text().await?.body.expose(), "See you at 9:00.");
    /// # Ok(())
    /// # }
    /// ```
    pub fn settings(&self) -> SettingsBuilder {
        let owned = self.numbers().into_iter().next();
        // The text is a number, so a default is never used.
        let number = owned.map(|owned| owned.number).or_else(|| {
            let number = E164::parse(NUMBER).ok()?;
            self.add_number(number);
            Some(number)
        });
        let mut settings = Settings::builder()
            .domain("clinic.example.com")
            .account_sid(self.account_sid().as_str())
            .auth_token(self.auth_token().expose())
            .base_url(self.base_url())
            .delivery("live");
        if let Some(number) = number {
            settings = settings.number(number.as_str());
            let country = Normalizer::international().normalize(number.as_str());
            if let Some(region) = country.ok().and_then(|number| number.region()) {
                settings = settings.default_phone_region(region.as_str());
            }
        }
        settings
    }
}

#[cfg(feature = "rustls")]
mod messenger {
    use super::{E164, Sandbox};
    use crate::messenger::{MemoryConsentGate, Messenger};
    use crate::sandbox::SandboxError;

    impl Messenger {
        /// Starts a sandbox with one number, and creates a messenger that sends from it.
        ///
        /// Its consent gate is a [`MemoryConsentGate`]. For another gate, quiet hours or webhooks,
        /// see [`Sandbox::settings`].
        ///
        /// ```
        /// # #[tokio::main(flavor = "current_thread")]
        /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
        /// use clinspark_twilio::{E164, Messenger};
        ///
        /// let (messenger, sandbox) = Messenger::in_sandbox(E164::parse("+61255501234")?).await?;
        ///
        /// messenger.text("0491 570 156", "See you at 9:00.").await?;
        /// assert_eq!(sandbox.messages().len(), 1);
        /// # Ok(())
        /// # }
        /// ```
        ///
        /// # Errors
        ///
        /// - [`SandboxErrorKind::Start`](crate::sandbox::SandboxErrorKind::Start) if the sandbox or
        ///   its messenger cannot be created, as by [`Sandbox::start`].
        /// - [`SandboxErrorKind::InvalidSetting`](crate::sandbox::SandboxErrorKind::InvalidSetting)
        ///   if the number cannot be that of an instance, such as the beginning of one.
        pub async fn in_sandbox(number: E164) -> Result<(Self, Sandbox), SandboxError> {
            let sandbox = Sandbox::start().await?;
            sandbox.add_number(number);
            let settings = sandbox.settings().build();
            let settings = settings.map_err(|error| {
                SandboxError::bad_setting("the number cannot be that of an instance", error)
            })?;
            let messenger = settings.messenger(MemoryConsentGate::new());
            let messenger = messenger
                .map_err(|error| SandboxError::start("its messenger cannot be created", error))?;
            Ok((messenger, sandbox))
        }
    }
}
