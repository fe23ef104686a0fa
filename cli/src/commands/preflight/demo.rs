//! Two sandbox accounts: one that is set up correctly, and one with the most frequent faults.

use std::error::Error;

use clinspark_twilio::clinspark::preflight::{Preflight, Report};
use clinspark_twilio::messenger::WithoutConsentGate;
use clinspark_twilio::phone::{E164, Region};
use clinspark_twilio::sandbox::Sandbox;
use clinspark_twilio::types::{ApplicationSid, MessagingServiceSid, PhoneNumberSid};

const NUMBER: &str = "+14155550100";

pub(crate) struct Demo {
    twilio: Sandbox,
    number: PhoneNumberSid,
    app: ApplicationSid,
    service: MessagingServiceSid,
}

impl Demo {
    pub(crate) async fn sound() -> Result<Self, Box<dyn Error + Send + Sync>> {
        let twilio = Sandbox::start().await?;
        let app = twilio.add_application(&[
            ("FriendlyName", "ClinSpark demo"),
            (
                "VoiceUrl",
                "https://demo.clinspark.com/hooks/voice#rc=2&rp=5xx,ct,rt",
            ),
            (
                "VoiceFallbackUrl",
                "https://demo.clinspark.com/hooks/voice#rc=2&rp=5xx,ct,rt",
            ),
            (
                "StatusCallback",
                "https://demo.clinspark.com/hooks/call-status#rc=2&rp=5xx,ct,rt",
            ),
            (
                "SmsUrl",
                "https://demo.clinspark.com/hooks/message#rc=2&rp=5xx,ct,rt",
            ),
            (
                "SmsFallbackUrl",
                "https://demo.clinspark.com/hooks/message#rc=2&rp=5xx,ct,rt",
            ),
            (
                "MessageStatusCallback",
                "https://demo.clinspark.com/hooks/message-status#rc=2&rp=5xx,ct,rt",
            ),
        ])?;
        let number = twilio.add_number(E164::parse(NUMBER)?);
        twilio.configure_number(
            number,
            &[
                ("VoiceApplicationSid", app.as_str()),
                ("SmsApplicationSid", app.as_str()),
            ],
        )?;
        let service = twilio.add_service(&[
            ("FriendlyName", "ClinSpark demo"),
            ("UseInboundWebhookOnNumber", "true"),
        ])?;
        twilio.add_number_to_service(service, number)?;
        twilio.set_campaign_status(service, "VERIFIED");
        Ok(Self {
            twilio,
            number,
            app,
            service,
        })
    }

    pub(crate) async fn faulty() -> Result<Self, Box<dyn Error + Send + Sync>> {
        let demo = Self::sound().await?;
        let Self {
            twilio,
            number,
            app,
            service,
        } = &demo;
        // Bound to the app for voice, but not for messaging.
        twilio.configure_number(*number, &[("SmsApplicationSid", "")])?;
        // The URL of an instance that used the app before.
        let old = "https://old.example.com/hooks/voice";
        twilio.configure_application(*app, &[("VoiceUrl", old)])?;
        // The service has no inbound URL of its own, so replies are dropped.
        twilio.configure_service(*service, &[("UseInboundWebhookOnNumber", "false")])?;
        twilio.set_campaign_status(*service, "IN_PROGRESS");
        twilio.set_dialing_permission(Region::parse("US")?, false);
        twilio.set_balance("3.20", "USD");
        twilio.set_clock_offset(-420);
        let _token = twilio.add_secondary_auth_token();
        for _ in 0..3 {
            twilio.add_alert(11200, "error");
        }
        // A key without permission for this path: the check is inconclusive.
        twilio.reject_path("/GeoPermissions", 403, 20003);
        Ok(demo)
    }

    pub(crate) async fn preflight(&self) -> Result<Report, Box<dyn Error + Send + Sync>> {
        let settings = self
            .twilio
            .settings()
            .domain("demo.clinspark.com")
            .application_sid(self.app.as_str())
            .messaging_service_sid(self.service.as_str())
            .voice_path("/hooks/voice")
            .call_status_path("/hooks/call-status")
            .message_path("/hooks/message")
            .message_status_path("/hooks/message-status")
            .build()?;
        // Texts and calls no one.
        let messenger = settings.messenger(WithoutConsentGate)?;
        Ok(Preflight::new(&settings, messenger.client()).run().await)
    }
}
