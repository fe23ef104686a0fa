//! Registrations that carriers in the USA require: brand, campaign, toll-free verification.

use super::sandbox::Sandbox;
use crate::phone::E164;
use crate::sandbox::state::{Brand, Campaign, Details, TollFreeVerification};
use crate::types::{
    BrandSid, CampaignSid, MessagingServiceSid, PhoneNumberSid, TollfreeVerificationSid, VettingSid,
};

impl Sandbox {
    /// Sets whether a number of the USA needs a registration to text numbers there. Default `false`:
    /// numbers without a campaign or verification count as registered.
    ///
    /// With `true`, a text of a ten-digit number without a verified campaign fails with 30034, and
    /// one of an unverified toll-free number with 30032. A campaign or verification whose status is
    /// not the final one, or that was deleted through the API, fails them in any case.
    pub fn set_registration_required(&self, required: bool) {
        self.context
            .update(|state| state.requires_registration = required);
    }

    /// Sets whether a Messaging Service has Advanced Opt-Out: its webhooks then have the parameter
    /// `OptOutType` for STOP, START and HELP. Default `false`.
    pub fn set_advanced_opt_out(&self, service: MessagingServiceSid, enabled: bool) {
        self.context.update(|state| {
            if enabled {
                state.advanced_opt_out.insert(service);
            } else {
                state.advanced_opt_out.remove(&service);
            }
        });
    }

    /// Sets the status of the account's newest brand: `PENDING`, `APPROVED`, `FAILED`, `IN_REVIEW`,
    /// `SUSPENDED`, or a status that Twilio may add. Registers a brand if there is none.
    #[expect(
        clippy::must_use_candidate,
        reason = "most tests want the status, not the SID"
    )]
    pub fn set_brand_status(&self, status: &str) -> BrandSid {
        let (sid, now) = (self.context.ids.sid("BN"), self.context.now());
        self.context.update(|state| {
            if let Some(brand) = state.registrations.brands.last_mut() {
                status.clone_into(&mut brand.status);
                brand.date_updated = now;
                return brand.sid;
            }
            state.registrations.brands.push(Brand {
                sid,
                status: status.to_owned(),
                details: Details::new(),
                date_created: now,
                date_updated: now,
            });
            sid
        })
    }

    /// Sets the status of a brand's secondary vetting: `PENDING`, `IN_PROGRESS`, `SUCCESS`, `FAILED`.
    /// Has no effect if there is no such vetting.
    pub fn set_vetting_status(&self, vetting: VettingSid, status: &str) {
        let now = self.context.now();
        self.context.update(|state| {
            let mut stored = state.registrations.vettings.iter_mut();
            if let Some(vetting) = stored.find(|stored| stored.sid == vetting) {
                status.clone_into(&mut vetting.status);
                vetting.date_updated = now;
            }
        });
    }

    /// Sets the status of a Messaging Service's campaign: `PENDING`, `IN_PROGRESS`, `VERIFIED`,
    /// `FAILED`, `SUSPENDED`. Registers a campaign if the service has none.
    ///
    /// A new campaign belongs to the account's newest brand. If there is none, an approved brand is
    /// registered.
    #[expect(
        clippy::must_use_candidate,
        reason = "most tests want the status, not the SID"
    )]
    pub fn set_campaign_status(&self, service: MessagingServiceSid, status: &str) -> CampaignSid {
        let known = self
            .context
            .read(|state| state.registrations.brands.last().map(|brand| brand.sid));
        let brand = known.unwrap_or_else(|| self.set_brand_status("APPROVED"));
        let (sid, now) = (self.context.ids.sid("QE"), self.context.now());
        self.context.update(|state| {
            let campaigns = &mut state.registrations.campaigns;
            if let Some(campaign) = campaigns.iter_mut().find(|c| c.service == service) {
                status.clone_into(&mut campaign.status);
                campaign.date_updated = now;
                return campaign.sid;
            }
            campaigns.push(Campaign {
                sid,
                brand,
                service,
                status: status.to_owned(),
                details: Details::new(),
                date_created: now,
                date_updated: now,
            });
            sid
        })
    }

    /// Sets the status of a toll-free number's verification: `PENDING_REVIEW`, `IN_REVIEW`,
    /// `TWILIO_APPROVED`, `TWILIO_REJECTED`. Submits a verification if the number has none.
    #[expect(
        clippy::must_use_candidate,
        reason = "most tests want the status, not the SID"
    )]
    pub fn set_toll_free_verification_status(
        &self,
        number: PhoneNumberSid,
        status: &str,
    ) -> TollfreeVerificationSid {
        let (sid, now) = (self.context.ids.sid("HH"), self.context.now());
        self.context.update(|state| {
            let verifications = &mut state.registrations.toll_free;
            if let Some(verification) = verifications.iter_mut().find(|v| v.number == number) {
                status.clone_into(&mut verification.status);
                verification.date_updated = now;
                return verification.sid;
            }
            verifications.push(TollFreeVerification {
                sid,
                number,
                status: status.to_owned(),
                details: Details::new(),
                date_created: now,
                date_updated: now,
            });
            sid
        })
    }

    /// Reports a number as deactivated today: its owner in the USA gave it up. `v1/Deactivations`
    /// lists it for this day, by the sandbox's clock and in GMT. Texts to it are still delivered.
    /// The reports have no numbers of other countries.
    pub fn add_deactivated_number(&self, number: E164) {
        let now = self.context.now();
        self.context.update(|state| {
            state.registrations.deactivated.push((number, now));
        });
    }
}
