//! What the customer registers before the USA may be texted: brand, campaign, toll-free number.

use std::time::SystemTime;

use super::Sandbox;
use crate::types::{
    BrandSid, CampaignSid, MessagingServiceSid, PhoneNumberSid, TollfreeVerificationSid,
};

/// The account's registrations. Their states are Twilio's words, kept as they were given.
#[derive(Default)]
pub(super) struct Registrations {
    pub(super) brands: Vec<Brand>,
    pub(super) campaigns: Vec<Campaign>,
    pub(super) toll_free: Vec<TollFree>,
}

#[derive(Clone)]
pub(super) struct Brand {
    pub(super) sid: BrandSid,
    pub(super) status: String,
    pub(super) date_created: SystemTime,
}

#[derive(Clone)]
pub(super) struct Campaign {
    pub(super) sid: CampaignSid,
    pub(super) brand: BrandSid,
    pub(super) service: MessagingServiceSid,
    pub(super) status: String,
    pub(super) date_created: SystemTime,
}

#[derive(Clone)]
pub(super) struct TollFree {
    pub(super) sid: TollfreeVerificationSid,
    pub(super) number: PhoneNumberSid,
    pub(super) status: String,
    pub(super) date_created: SystemTime,
}

impl Registrations {
    /// A service has one campaign at most.
    pub(super) fn campaign_of(&self, service: MessagingServiceSid) -> Option<&Campaign> {
        self.campaigns.iter().find(|c| c.service == service)
    }
}

impl Sandbox {
    /// Registers a brand, or changes the state of the one that there is: `PENDING`, `APPROVED`,
    /// `FAILED`, `IN_REVIEW`, `SUSPENDED`, or a word that Twilio adds tomorrow.
    #[expect(
        clippy::must_use_candidate,
        reason = "most tests want the state, not the SID"
    )]
    pub fn set_brand_status(&self, status: &str) -> BrandSid {
        let sid = self.world.sid("BN");
        self.world.update(|state| {
            if let Some(brand) = state.registrations.brands.first_mut() {
                status.clone_into(&mut brand.status);
                return brand.sid;
            }
            state.registrations.brands.push(Brand {
                sid,
                status: status.to_owned(),
                date_created: SystemTime::now(),
            });
            sid
        })
    }

    /// Registers a campaign for a Messaging Service, or changes the state of the one that it has:
    /// `PENDING`, `IN_PROGRESS`, `VERIFIED`, `FAILED`, `SUSPENDED`. It belongs to the account's
    /// brand, which is made and approved if there is none.
    #[expect(
        clippy::must_use_candidate,
        reason = "most tests want the state, not the SID"
    )]
    pub fn set_campaign_status(&self, service: MessagingServiceSid, status: &str) -> CampaignSid {
        let known = self
            .world
            .read(|state| state.registrations.brands.first().map(|brand| brand.sid));
        let brand = known.unwrap_or_else(|| self.set_brand_status("APPROVED"));
        let sid = self.world.sid("QE");
        self.world.update(|state| {
            let campaigns = &mut state.registrations.campaigns;
            if let Some(campaign) = campaigns.iter_mut().find(|c| c.service == service) {
                status.clone_into(&mut campaign.status);
                return campaign.sid;
            }
            campaigns.push(Campaign {
                sid,
                brand,
                service,
                status: status.to_owned(),
                date_created: SystemTime::now(),
            });
            sid
        })
    }

    /// Files a toll-free number for verification, or changes the state of its verification:
    /// `PENDING_REVIEW`, `IN_REVIEW`, `TWILIO_APPROVED`, `TWILIO_REJECTED`.
    #[expect(
        clippy::must_use_candidate,
        reason = "most tests want the state, not the SID"
    )]
    pub fn set_toll_free_verification_status(
        &self,
        number: PhoneNumberSid,
        status: &str,
    ) -> TollfreeVerificationSid {
        let sid = self.world.sid("HH");
        self.world.update(|state| {
            let filed = &mut state.registrations.toll_free;
            if let Some(verification) = filed.iter_mut().find(|v| v.number == number) {
                status.clone_into(&mut verification.status);
                return verification.sid;
            }
            filed.push(TollFree {
                sid,
                number,
                status: status.to_owned(),
                date_created: SystemTime::now(),
            });
            sid
        })
    }
}
