//! Registrations that carriers in the USA require before they deliver an account's texts.

use std::time::SystemTime;

use crate::types::{
    BrandSid, CampaignSid, MessagingServiceSid, PhoneNumberSid, TollfreeVerificationSid,
};

/// Registrations of the account. Statuses are Twilio's own words, stored as a test set them.
#[derive(Default)]
pub(crate) struct Registrations {
    pub(crate) brands: Vec<Brand>,
    pub(crate) campaigns: Vec<Campaign>,
    pub(crate) toll_free: Vec<TollFreeVerification>,
}

#[derive(Clone)]
pub(crate) struct Brand {
    pub(crate) sid: BrandSid,
    pub(crate) status: String,
    pub(crate) date_created: SystemTime,
}

#[derive(Clone)]
pub(crate) struct Campaign {
    pub(crate) sid: CampaignSid,
    pub(crate) brand: BrandSid,
    pub(crate) service: MessagingServiceSid,
    pub(crate) status: String,
    pub(crate) date_created: SystemTime,
}

#[derive(Clone)]
pub(crate) struct TollFreeVerification {
    pub(crate) sid: TollfreeVerificationSid,
    pub(crate) number: PhoneNumberSid,
    pub(crate) status: String,
    pub(crate) date_created: SystemTime,
}

impl Registrations {
    /// Returns the campaign of a service. A service has at most one.
    pub(crate) fn campaign_of(&self, service: MessagingServiceSid) -> Option<&Campaign> {
        self.campaigns.iter().find(|c| c.service == service)
    }
}
