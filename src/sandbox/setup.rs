//! What answers on the account's numbers: TwiML Apps, Messaging Services, short codes.

use super::Sandbox;
use super::api::{self, ApiError, Kind};
use super::error::{SandboxError, SandboxErrorKind};
use super::records::{StoredService, StoredShortCode};
use crate::types::{ApplicationSid, MessagingServiceSid, PhoneNumberSid, ShortCodeSid};

impl Sandbox {
    /// Configures a number as an update through the API would: Twilio's parameters, empty text to
    /// clear one.
    ///
    /// ```
    /// # use clinspark_twilio::{phone::E164, sandbox::Sandbox};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sandbox = Sandbox::start().await?;
    /// let number = sandbox.add_number(E164::parse("+14155550100")?);
    /// let my_service = "http://127.0.0.1:8080";
    /// sandbox.configure_number(number, &[("SmsUrl", &format!("{my_service}/sms"))])?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`SandboxErrorKind::InvalidSetting`] when the account does not own the number, or the API
    /// would refuse the update.
    pub fn configure_number(
        &self,
        number: PhoneNumberSid,
        settings: &[(&str, &str)],
    ) -> Result<(), SandboxError> {
        let done = api::configure(&self.world, Kind::Number, number.as_str(), settings);
        existed(done, "the account owns no such number")
    }

    /// Takes a number away from the account, and out of its pool.
    pub fn remove_number(&self, number: PhoneNumberSid) {
        self.world.update(|state| {
            state.numbers.retain(|owned| owned.sid != number);
            for service in &mut state.services {
                service.numbers.retain(|pooled| *pooled != number);
            }
        });
    }

    /// Takes a capability away from a number: `voice`, `sms` or `mms`.
    pub fn remove_capability(&self, number: PhoneNumberSid, capability: &str) {
        self.world.update(|state| {
            for owned in state.numbers.iter_mut().filter(|owned| owned.sid == number) {
                owned.lacks.push(capability.to_owned());
            }
        });
    }

    /// Makes a TwiML App with Twilio's parameters, such as `VoiceUrl`.
    ///
    /// # Errors
    ///
    /// [`SandboxErrorKind::InvalidSetting`] when the API would refuse it.
    pub fn add_application(
        &self,
        settings: &[(&str, &str)],
    ) -> Result<ApplicationSid, SandboxError> {
        api::add_application(&self.world, settings).map_err(refused)
    }

    /// Configures a TwiML App: Twilio's parameters, empty text to clear one.
    ///
    /// # Errors
    ///
    /// [`SandboxErrorKind::InvalidSetting`] when there is no such app, or the API would refuse the
    /// update.
    pub fn configure_application(
        &self,
        application: ApplicationSid,
        settings: &[(&str, &str)],
    ) -> Result<(), SandboxError> {
        let sid = application.as_str();
        let done = api::configure(&self.world, Kind::Application, sid, settings);
        existed(done, "the account has no such app")
    }

    /// Deletes a TwiML App. Numbers stay bound to it and answer nothing.
    pub fn remove_application(&self, application: ApplicationSid) {
        self.world
            .update(|state| state.applications.retain(|app| app.sid != application));
    }

    /// Makes a Messaging Service with Twilio's parameters, of which `FriendlyName` is needed.
    ///
    /// # Errors
    ///
    /// [`SandboxErrorKind::InvalidSetting`] when the API would refuse it.
    pub fn add_service(
        &self,
        settings: &[(&str, &str)],
    ) -> Result<MessagingServiceSid, SandboxError> {
        api::add_service(&self.world, settings).map_err(refused)
    }

    /// Configures a Messaging Service, such as its `UseInboundWebhookOnNumber` or its
    /// `InboundRequestUrl`; empty text clears a parameter.
    ///
    /// # Errors
    ///
    /// [`SandboxErrorKind::InvalidSetting`] when there is no such service, or the API would refuse
    /// the update.
    pub fn configure_service(
        &self,
        service: MessagingServiceSid,
        settings: &[(&str, &str)],
    ) -> Result<(), SandboxError> {
        let done = api::configure_service(&self.world, service, settings);
        existed(done, "the account has no such service")
    }

    /// Deletes a Messaging Service and its campaign. Its senders stay in the account.
    pub fn remove_service(&self, service: MessagingServiceSid) {
        self.world.update(|state| {
            state.services.retain(|stored| stored.sid != service);
            let campaigns = &mut state.registrations.campaigns;
            campaigns.retain(|campaign| campaign.service != service);
        });
    }

    /// Puts a number into the pool of a Messaging Service.
    ///
    /// # Errors
    ///
    /// [`SandboxErrorKind::InvalidSetting`] when the account does not own the number, or it is in a
    /// pool already.
    pub fn add_number_to_service(
        &self,
        service: MessagingServiceSid,
        number: PhoneNumberSid,
    ) -> Result<(), SandboxError> {
        api::add_number(&self.world, service, number).map_err(refused)
    }

    /// Gives the account a short code in the pool of a Messaging Service, with Twilio's
    /// parameters, such as `SmsUrl`.
    ///
    /// # Errors
    ///
    /// [`SandboxErrorKind::InvalidSetting`] when there is no such service, or the API would refuse
    /// the settings.
    pub fn add_short_code(
        &self,
        service: MessagingServiceSid,
        code: &str,
        settings: &[(&str, &str)],
    ) -> Result<ShortCodeSid, SandboxError> {
        let sid = api::add_short_code(&self.world, code, settings).map_err(refused)?;
        let pooled = self.world.update(|state| {
            state.service_mut(service)?.short_codes.push(sid);
            Some(())
        });
        existed(Ok(pooled.is_some()), "the account has no such service")?;
        Ok(sid)
    }

    /// Configures a short code: Twilio's parameters, empty text to clear one. One that the
    /// account does not have stays unknown.
    ///
    /// # Errors
    ///
    /// [`SandboxErrorKind::InvalidSetting`] when the API would refuse the settings.
    pub fn configure_short_code(
        &self,
        code: ShortCodeSid,
        settings: &[(&str, &str)],
    ) -> Result<(), SandboxError> {
        let done = api::configure_short_code(&self.world, code, settings);
        existed(done, "the account has no such short code")
    }

    /// Every Messaging Service, in the order of creation.
    #[must_use]
    pub fn services(&self) -> Vec<StoredService> {
        self.world.read(|state| state.services.clone())
    }

    /// Every short code, in the order of creation.
    #[must_use]
    pub fn short_codes(&self) -> Vec<StoredShortCode> {
        self.world.read(|state| state.short_codes.clone())
    }
}

fn refused(error: ApiError) -> SandboxError {
    SandboxError::bad_setting("the setting is refused", error)
}

fn existed(done: Result<bool, ApiError>, missing: &'static str) -> Result<(), SandboxError> {
    if done.map_err(refused)? {
        return Ok(());
    }
    Err(SandboxError::new(SandboxErrorKind::InvalidSetting, missing))
}
