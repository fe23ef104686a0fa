//! Adds, configures and removes numbers, TwiML Apps, Messaging Services and short codes.

use super::sandbox::Sandbox;
use crate::phone::E164;
use crate::sandbox::api::{
    ApiError, applications, incoming_phone_numbers, pooled_numbers, services, short_codes,
};
use crate::sandbox::error::{SandboxError, SandboxErrorKind};
use crate::sandbox::state::{StoredCallerId, StoredNumber, formatted};
use crate::types::{ApplicationSid, MessagingServiceSid, PhoneNumberSid, ShortCodeSid};

impl Sandbox {
    /// Adds a number that can text and call, without webhook URLs and without a TwiML App. A number
    /// that the account already owns is not changed.
    #[expect(
        clippy::must_use_candidate,
        reason = "most tests want the number, not its SID"
    )]
    pub fn add_number(&self, number: E164) -> PhoneNumberSid {
        let sid = self.context.ids.sid("PN");
        let now = self.context.now();
        self.context.update(|state| {
            if let Some(owned) = state.number(number) {
                return owned.sid;
            }
            state.numbers.push(StoredNumber::new(sid, number, now));
            sid
        })
    }

    /// Configures a number as an update through the API does. `settings` are Twilio's parameters
    /// and their values; an empty value clears a parameter.
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
    /// Returns [`SandboxErrorKind::InvalidSetting`] if the account does not own the number, or Twilio
    /// would reject the update.
    pub fn configure_number(
        &self,
        number: PhoneNumberSid,
        settings: &[(&str, &str)],
    ) -> Result<(), SandboxError> {
        let done = incoming_phone_numbers::configure(&self.context, number, settings);
        existed(done, "the account has no number with this SID")
    }

    /// Removes a number from the account and from its sender pool.
    pub fn remove_number(&self, number: PhoneNumberSid) {
        self.context.update(|state| state.remove_number(number));
    }

    /// Removes a capability from a number: `voice`, `sms` or `mms`.
    pub fn remove_capability(&self, number: PhoneNumberSid, capability: &str) {
        self.context.update(|state| {
            for owned in state.numbers.iter_mut().filter(|owned| owned.sid == number) {
                owned.missing_capabilities.push(capability.to_owned());
            }
        });
    }

    /// Verifies a number of someone else's as a caller ID, so that calls may show it. Returns the SID
    /// of the caller ID. The API verifies a number by a call, in which the person enters a code.
    #[expect(
        clippy::must_use_candidate,
        reason = "most tests want the caller ID, not its SID"
    )]
    pub fn add_caller_id(&self, number: E164) -> PhoneNumberSid {
        let context = &self.context;
        let name = formatted(&number.into());
        let caller = StoredCallerId::new(context.ids.sid("PN"), number, &name, context.now());
        context.update(|state| state.add_caller_id(caller))
    }

    /// Creates a TwiML App with Twilio's parameters, such as `VoiceUrl`.
    ///
    /// # Errors
    ///
    /// Returns [`SandboxErrorKind::InvalidSetting`] if Twilio would reject the parameters.
    pub fn add_application(
        &self,
        settings: &[(&str, &str)],
    ) -> Result<ApplicationSid, SandboxError> {
        applications::add(&self.context, settings).map_err(refused)
    }

    /// Configures a TwiML App. `settings` are Twilio's parameters and their values; an empty value
    /// clears a parameter.
    ///
    /// # Errors
    ///
    /// Returns [`SandboxErrorKind::InvalidSetting`] if the account has no such app, or Twilio would
    /// reject the update.
    pub fn configure_application(
        &self,
        application: ApplicationSid,
        settings: &[(&str, &str)],
    ) -> Result<(), SandboxError> {
        let done = applications::configure(&self.context, application, settings);
        existed(done, "the account has no TwiML App with this SID")
    }

    /// Deletes a TwiML App. Numbers keep its SID, so no webhook is sent for their texts and calls.
    pub fn remove_application(&self, application: ApplicationSid) {
        self.context
            .update(|state| state.applications.retain(|app| app.sid != application));
    }

    /// Creates a Messaging Service with Twilio's parameters. `FriendlyName` is required.
    ///
    /// # Errors
    ///
    /// Returns [`SandboxErrorKind::InvalidSetting`] if Twilio would reject the parameters.
    pub fn add_service(
        &self,
        settings: &[(&str, &str)],
    ) -> Result<MessagingServiceSid, SandboxError> {
        services::add(&self.context, settings).map_err(refused)
    }

    /// Configures a Messaging Service with Twilio's parameters, such as `UseInboundWebhookOnNumber`
    /// or `InboundRequestUrl`. An empty value clears a parameter.
    ///
    /// # Errors
    ///
    /// Returns [`SandboxErrorKind::InvalidSetting`] if the account has no such service, or Twilio would
    /// reject the update.
    pub fn configure_service(
        &self,
        service: MessagingServiceSid,
        settings: &[(&str, &str)],
    ) -> Result<(), SandboxError> {
        let done = services::configure(&self.context, service, settings);
        existed(done, "the account has no Messaging Service with this SID")
    }

    /// Deletes a Messaging Service and its campaign. Its numbers and short codes stay in the
    /// account.
    pub fn remove_service(&self, service: MessagingServiceSid) {
        self.context.update(|state| {
            state.services.retain(|stored| stored.sid != service);
            let campaigns = &mut state.registrations.campaigns;
            campaigns.retain(|campaign| campaign.service != service);
        });
    }

    /// Adds a number to the sender pool of a Messaging Service.
    ///
    /// # Errors
    ///
    /// Returns [`SandboxErrorKind::InvalidSetting`] if the account does not own the number, or the number
    /// is already in a pool.
    pub fn add_number_to_service(
        &self,
        service: MessagingServiceSid,
        number: PhoneNumberSid,
    ) -> Result<(), SandboxError> {
        pooled_numbers::add(&self.context, service, number).map_err(refused)
    }

    /// Adds a short code to the account and to the sender pool of a Messaging Service. `settings`
    /// are Twilio's parameters, such as `SmsUrl`, and their values.
    ///
    /// # Errors
    ///
    /// Returns [`SandboxErrorKind::InvalidSetting`] if the account has no such service, or Twilio would
    /// reject the settings.
    pub fn add_short_code(
        &self,
        service: MessagingServiceSid,
        code: &str,
        settings: &[(&str, &str)],
    ) -> Result<ShortCodeSid, SandboxError> {
        let sid = short_codes::add(&self.context, code, settings).map_err(refused)?;
        let pooled = self.context.update(|state| {
            state.service_mut(service)?.short_codes.push(sid);
            Some(())
        });
        existed(
            Ok(pooled.is_some()),
            "the account has no Messaging Service with this SID",
        )?;
        Ok(sid)
    }

    /// Configures a short code. `settings` are Twilio's parameters and their values; an empty value
    /// clears a parameter.
    ///
    /// # Errors
    ///
    /// Returns [`SandboxErrorKind::InvalidSetting`] if the account has no such short code, or Twilio
    /// would reject the settings.
    pub fn configure_short_code(
        &self,
        code: ShortCodeSid,
        settings: &[(&str, &str)],
    ) -> Result<(), SandboxError> {
        let done = short_codes::configure(&self.context, code, settings);
        existed(done, "the account has no short code with this SID")
    }
}

fn refused(error: ApiError) -> SandboxError {
    SandboxError::bad_setting("Twilio would reject the setting", error)
}

fn existed(done: Result<bool, ApiError>, missing: &'static str) -> Result<(), SandboxError> {
    if done.map_err(refused)? {
        return Ok(());
    }
    Err(SandboxError::new(SandboxErrorKind::InvalidSetting, missing))
}
