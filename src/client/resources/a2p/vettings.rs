//! Vettings of a brand by a third party, which raise its trust score.

use crate::client::engine::form::Form;
use crate::client::engine::page::{Listed, Page};
use crate::client::engine::read::{part, vocabulary_fields};
use crate::client::engine::request::{Argument, Product, request};
use crate::types::{AccountSid, BrandSid, Redacted, Timestamp, VettingSid, open_enum};

request! {
    /// Submits a brand to a vetting, or imports one that was made elsewhere. Twilio bills it.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/brand-vetting-resource>
    CreateBrandVetting => BrandVetting {
        POST Messaging "/a2p/BrandRegistrations/{brand_sid}/Vettings" Create;
        path {
            /// SID of the brand
            brand_sid: BrandSid,
        }
        needs {
            /// provider of the vetting
            provider: VettingProvider,
        }

        takes {
            /// ID of a vetting that the provider has made before.
            vetting_id = "VettingId": text,
        }
    }
}

impl Argument for VettingProvider {
    const NAMES: &'static [&'static str] = &["VettingProvider"];

    fn write(&self, form: &mut Form) {
        form.set("VettingProvider", self.as_str());
    }
}

request! {
    /// Lists the vettings of a brand.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/brand-vetting-resource>
    ListBrandVettings => Page<BrandVetting> {
        GET Messaging "/a2p/BrandRegistrations/{brand_sid}/Vettings" Read;
        path {
            /// SID of the brand
            brand_sid: BrandSid,
        }

        takes {
            /// Filters by provider.
            vetting_provider = "VettingProvider": word(VettingProvider),
        }
    }
}

request! {
    /// Fetches one vetting of a brand.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/brand-vetting-resource>
    FetchBrandVetting => BrandVetting {
        GET Messaging "/a2p/BrandRegistrations/{brand_sid}/Vettings/{sid}" Read;
        path {
            /// SID of the brand
            brand_sid: BrandSid,
            /// SID of the vetting
            sid: VettingSid,
        }
    }
}

part! {
    /// Vetting of a brand, as Twilio returns it.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/brand-vetting-resource>
    BrandVetting {
        /// SID of the account that owns the brand.
        account_sid: AccountSid,
        /// SID of the brand.
        brand_sid: BrandSid,
        // Text, because Twilio also writes shorter SIDs.
        /// SID of the vetting.
        brand_vetting_sid: String,
        /// Provider of the vetting.
        vetting_provider: VettingProvider,
        /// ID of the vetting at its provider, which can be a secret token.
        vetting_id: Redacted<String>,
        /// Class of the vetting, such as `POLITICAL`.
        vetting_class: String,
        /// Status of the vetting, such as `IN_PROGRESS`.
        vetting_status: String,
        /// Time at which the vetting was created.
        date_created: Timestamp,
        /// Time of the last update of the vetting.
        date_updated: Timestamp,
        /// URL of this resource.
        url: String,
    }
}

impl Listed for BrandVetting {
    // Twilio's page gives the list of vettings this general name.
    const KEY: &'static str = "data";
    const PRODUCT: Product = Product::Messaging;
}

open_enum! {
    /// Provider of a vetting.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/brand-vetting-resource>
    pub enum VettingProvider {
        /// Campaign Verify, for political campaigns in the USA.
        CampaignVerify = "campaign-verify",
        /// Aegis, for all other businesses.
        Aegis = "aegis",
    }
}

vocabulary_fields!(VettingProvider);
