//! Registrations that carriers in the USA require before they deliver an account's texts.

use std::collections::HashSet;
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
    /// Services whose campaign was deleted.
    without_campaign: HashSet<MessagingServiceSid>,
    /// Toll-free numbers whose verification was deleted.
    without_verification: HashSet<PhoneNumberSid>,
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
    pub(crate) status: String,
    pub(crate) date_created: SystemTime,
    pub(crate) date_updated: SystemTime,
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

    /// Deletes a campaign. Texts from the numbers of its service are then blocked.
    pub(crate) fn remove_campaign(&mut self, campaign: &Campaign) {
        self.campaigns.retain(|stored| stored.sid != campaign.sid);
        self.without_campaign.insert(campaign.service);
    }

    /// Deletes a verification. Texts from its number are then blocked.
    pub(crate) fn remove_verification(&mut self, verification: &TollFreeVerification) {
        self.toll_free
            .retain(|stored| stored.sid != verification.sid);
        self.without_verification.insert(verification.number);
    }

    /// Reports whether the campaign of a service permits texts within the USA. Without a campaign,
    /// `default` decides, unless it was deleted.
    pub(crate) fn has_campaign(&self, service: MessagingServiceSid, default: bool) -> bool {
        self.campaign_of(service).map_or(
            default && !self.without_campaign.contains(&service),
            |campaign| campaign.status == "VERIFIED",
        )
    }

    /// Reports whether a toll-free number is verified. Without a verification, `default` decides,
    /// unless it was deleted.
    pub(crate) fn is_verified(&self, number: PhoneNumberSid, default: bool) -> bool {
        let mut verifications = self.toll_free.iter();
        verifications.find(|stored| stored.number == number).map_or(
            default && !self.without_verification.contains(&number),
            |verification| verification.status == "TWILIO_APPROVED",
        )
    }

    /// Returns the services whose campaign, and the numbers whose verification was deleted, in order.
    pub(crate) fn deleted(&self) -> (Vec<MessagingServiceSid>, Vec<PhoneNumberSid>) {
        let mut services: Vec<_> = self.without_campaign.iter().copied().collect();
        services.sort_unstable_by_key(MessagingServiceSid::to_string);
        let mut numbers: Vec<_> = self.without_verification.iter().copied().collect();
        numbers.sort_unstable_by_key(PhoneNumberSid::to_string);
        (services, numbers)
    }

    /// Sets the services whose campaign, and the numbers whose verification was deleted.
    pub(crate) fn set_deleted(
        &mut self,
        services: Vec<MessagingServiceSid>,
        numbers: Vec<PhoneNumberSid>,
    ) {
        self.without_campaign = services.into_iter().collect();
        self.without_verification = numbers.into_iter().collect();
    }

    pub(crate) fn brand(&self, sid: &str) -> Option<&Brand> {
        self.brands.iter().find(|brand| brand.sid.as_str() == sid)
    }
}
