//! Registrations that carriers in the USA require before they deliver an account's texts.

use std::time::SystemTime;

use serde_json::{Map, Value};

use crate::phone::E164;
use crate::types::{
    BrandSid, CampaignSid, MessagingServiceSid, PhoneNumberSid, TollfreeVerificationSid, VettingSid,
};

/// Registrations of the account. Statuses are Twilio's own words, stored as a test set them.
#[derive(Default)]
pub(crate) struct Registrations {
    pub(crate) brands: Vec<Brand>,
    pub(crate) vettings: Vec<Vetting>,
    pub(crate) campaigns: Vec<Campaign>,
    pub(crate) toll_free: Vec<TollFreeVerification>,
    /// Numbers that their owners gave up, each with the time.
    pub(crate) deactivated: Vec<(E164, SystemTime)>,
}

/// Fields of a registration, as the API returns them. A registration that a test adds has none.
pub(crate) type Details = Map<String, Value>;

#[derive(Clone)]
pub(crate) struct Brand {
    pub(crate) sid: BrandSid,
    pub(crate) status: String,
    pub(crate) details: Details,
    pub(crate) date_created: SystemTime,
    pub(crate) date_updated: SystemTime,
}

/// A secondary vetting of a brand.
#[derive(Clone)]
pub(crate) struct Vetting {
    pub(crate) sid: VettingSid,
    pub(crate) brand: BrandSid,
    /// `campaign-verify` or `aegis`.
    pub(crate) provider: String,
    /// Token of the provider, `VettingId`.
    pub(crate) provider_token: Option<String>,
    pub(crate) date_created: SystemTime,
}

#[derive(Clone)]
pub(crate) struct Campaign {
    pub(crate) sid: CampaignSid,
    pub(crate) brand: BrandSid,
    pub(crate) service: MessagingServiceSid,
    pub(crate) status: String,
    pub(crate) details: Details,
    pub(crate) date_created: SystemTime,
    pub(crate) date_updated: SystemTime,
}

#[derive(Clone)]
pub(crate) struct TollFreeVerification {
    pub(crate) sid: TollfreeVerificationSid,
    pub(crate) number: PhoneNumberSid,
    pub(crate) status: String,
    pub(crate) details: Details,
    pub(crate) date_created: SystemTime,
    pub(crate) date_updated: SystemTime,
}

impl Registrations {
    /// Returns the campaign of a service. A service has at most one.
    pub(crate) fn campaign_of(&self, service: MessagingServiceSid) -> Option<&Campaign> {
        self.campaigns.iter().find(|c| c.service == service)
    }

    pub(crate) fn brand(&self, sid: &str) -> Option<&Brand> {
        self.brands.iter().find(|brand| brand.sid.as_str() == sid)
    }
}
