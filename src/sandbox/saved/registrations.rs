//! Registrations in the saved state.

use serde::{Deserialize, Serialize};

use super::values::{SavedE164, SavedTime};
use crate::sandbox::state::{
    Brand, Campaign, Details, Registrations, TollFreeVerification, Vetting,
};
use crate::types::{
    BrandSid, CampaignSid, MessagingServiceSid, PhoneNumberSid, TollfreeVerificationSid, VettingSid,
};

#[derive(Deserialize, Serialize)]
pub(super) struct SavedRegistrations {
    /// Set if numbers of the USA need a registration to text.
    pub(super) required: bool,
    brands: Vec<SavedBrand>,
    vettings: Vec<SavedVetting>,
    campaigns: Vec<SavedCampaign>,
    toll_free: Vec<SavedTollFree>,
    /// Services whose campaign, and numbers whose verification was deleted.
    without_campaign: Vec<MessagingServiceSid>,
    without_verification: Vec<PhoneNumberSid>,
    deactivated: Vec<(SavedE164, SavedTime)>,
}

#[derive(Deserialize, Serialize)]
struct SavedBrand {
    sid: BrandSid,
    status: String,
    details: Details,
    date_created: SavedTime,
    date_updated: SavedTime,
}

#[derive(Deserialize, Serialize)]
struct SavedVetting {
    sid: VettingSid,
    brand: BrandSid,
    provider: String,
    provider_token: Option<String>,
    status: String,
    date_created: SavedTime,
    date_updated: SavedTime,
}

#[derive(Deserialize, Serialize)]
struct SavedCampaign {
    sid: CampaignSid,
    brand: BrandSid,
    service: MessagingServiceSid,
    status: String,
    details: Details,
    date_created: SavedTime,
    date_updated: SavedTime,
}

#[derive(Deserialize, Serialize)]
struct SavedTollFree {
    sid: TollfreeVerificationSid,
    number: PhoneNumberSid,
    status: String,
    details: Details,
    date_created: SavedTime,
    date_updated: SavedTime,
}

impl SavedRegistrations {
    pub(super) fn new(registrations: &Registrations, required: bool) -> Self {
        let (without_campaign, without_verification) = registrations.deleted();
        let deactivated = registrations.deactivated.iter();
        Self {
            required,
            brands: registrations.brands.iter().map(brand).collect(),
            vettings: registrations.vettings.iter().map(vetting).collect(),
            campaigns: registrations.campaigns.iter().map(campaign).collect(),
            toll_free: registrations.toll_free.iter().map(toll_free).collect(),
            without_campaign,
            without_verification,
            deactivated: deactivated
                .map(|(number, at)| (SavedE164(*number), SavedTime(*at)))
                .collect(),
        }
    }

    pub(super) fn into_registrations(self) -> Registrations {
        let deactivated = self.deactivated.into_iter();
        let mut registrations = Registrations::default();
        let brands = self.brands.into_iter();
        registrations.brands = brands.map(SavedBrand::stored).collect();
        let vettings = self.vettings.into_iter();
        registrations.vettings = vettings.map(SavedVetting::stored).collect();
        let campaigns = self.campaigns.into_iter();
        registrations.campaigns = campaigns.map(SavedCampaign::stored).collect();
        let toll_free = self.toll_free.into_iter();
        registrations.toll_free = toll_free.map(SavedTollFree::stored).collect();
        registrations.deactivated = deactivated.map(|(number, at)| (number.0, at.0)).collect();
        registrations.set_deleted(self.without_campaign, self.without_verification);
        registrations
    }
}

fn brand(brand: &Brand) -> SavedBrand {
    SavedBrand {
        sid: brand.sid,
        status: brand.status.clone(),
        details: brand.details.clone(),
        date_created: SavedTime(brand.date_created),
        date_updated: SavedTime(brand.date_updated),
    }
}

impl SavedBrand {
    fn stored(self) -> Brand {
        Brand {
            sid: self.sid,
            status: self.status,
            details: self.details,
            date_created: self.date_created.0,
            date_updated: self.date_updated.0,
        }
    }
}

fn vetting(vetting: &Vetting) -> SavedVetting {
    SavedVetting {
        sid: vetting.sid,
        brand: vetting.brand,
        provider: vetting.provider.clone(),
        provider_token: vetting.provider_token.clone(),
        status: vetting.status.clone(),
        date_created: SavedTime(vetting.date_created),
        date_updated: SavedTime(vetting.date_updated),
    }
}

impl SavedVetting {
    fn stored(self) -> Vetting {
        Vetting {
            sid: self.sid,
            brand: self.brand,
            provider: self.provider,
            provider_token: self.provider_token,
            status: self.status,
            date_created: self.date_created.0,
            date_updated: self.date_updated.0,
        }
    }
}

fn campaign(campaign: &Campaign) -> SavedCampaign {
    SavedCampaign {
        sid: campaign.sid,
        brand: campaign.brand,
        service: campaign.service,
        status: campaign.status.clone(),
        details: campaign.details.clone(),
        date_created: SavedTime(campaign.date_created),
        date_updated: SavedTime(campaign.date_updated),
    }
}

impl SavedCampaign {
    fn stored(self) -> Campaign {
        Campaign {
            sid: self.sid,
            brand: self.brand,
            service: self.service,
            status: self.status,
            details: self.details,
            date_created: self.date_created.0,
            date_updated: self.date_updated.0,
        }
    }
}

fn toll_free(verification: &TollFreeVerification) -> SavedTollFree {
    SavedTollFree {
        sid: verification.sid,
        number: verification.number,
        status: verification.status.clone(),
        details: verification.details.clone(),
        date_created: SavedTime(verification.date_created),
        date_updated: SavedTime(verification.date_updated),
    }
}

impl SavedTollFree {
    fn stored(self) -> TollFreeVerification {
        TollFreeVerification {
            sid: self.sid,
            number: self.number,
            status: self.status,
            details: self.details,
            date_created: self.date_created.0,
            date_updated: self.date_updated.0,
        }
    }
}
