//! Whether the account may text from ten-digit numbers in the USA (A2P 10DLC).
//!
//! Texts from a number without a verified campaign are blocked with 30034.
//!
//! ```no_run
//! use clinspark_twilio::client::a2p::{CampaignStatus, ListCampaigns};
//! # use clinspark_twilio::client::{Client, Error};
//! # use clinspark_twilio::types::MessagingServiceSid;
//! # async fn example(client: &Client, service: MessagingServiceSid) -> Result<(), Error> {
//! let mut campaigns = client.list(ListCampaigns::new(service));
//! while let Some(campaign) = campaigns.next().await {
//!     println!("{}", campaign?.campaign_status == Some(CampaignStatus::Verified));
//! }
//! # Ok(())
//! # }
//! ```
//!
//! | Item | What it is |
//! |---|---|
//! | [`ListCampaigns`], [`FetchCampaign`] | the campaigns of a Messaging Service |
//! | [`Campaign`], [`CampaignStatus`] | a campaign as Twilio has it |
//! | [`ListBrands`], [`FetchBrand`] | the brands of the account |
//! | [`Brand`], [`BrandStatus`], [`IdentityStatus`] | a brand as Twilio has it |
//! | [`RegistrationError`] | why a campaign was refused |
//!
//! Source: <https://www.twilio.com/docs/messaging/compliance/a2p-10dlc>

use crate::client::engine::page::{Listed, Page};
use crate::client::engine::read::{model, part, vocabulary_fields};
use crate::client::engine::request::{Product, request};
use crate::types::{
    AccountSid, BrandSid, CampaignSid, MessagingServiceSid, Redacted, Timestamp, open_enum,
};

request! {
    /// Lists the campaigns of a Messaging Service: none, or one.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/usapptoperson-resource>
    ListCampaigns => Page<Campaign> {
        GET Messaging "/Services/{messaging_service_sid}/Compliance/Usa2p" Read;
        path {
            /// the service
            messaging_service_sid: MessagingServiceSid,
        }

        takes {
            /// How many items a page holds, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

request! {
    /// Reads one campaign.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/usapptoperson-resource>
    FetchCampaign => Campaign {
        GET Messaging "/Services/{messaging_service_sid}/Compliance/Usa2p/{sid}" Read;
        path {
            /// the service
            messaging_service_sid: MessagingServiceSid,
            /// the campaign
            sid: CampaignSid,
        }
    }
}

model! {
    /// A campaign as Twilio has it.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/usapptoperson-resource>
    Campaign {
        /// Its SID.
        sid: CampaignSid,
        /// The account that it belongs to.
        account_sid: AccountSid,
        /// The brand that it belongs to.
        brand_registration_sid: BrandSid,
        /// The service whose numbers it covers.
        messaging_service_sid: MessagingServiceSid,
        /// What it is for, in our words.
        description: Redacted<String>,
        /// Texts as they will be sent.
        message_samples: Redacted<Vec<String>>,
        /// What it is for, in Twilio's words.
        us_app_to_person_usecase: String,
        /// Whether its texts hold links.
        has_embedded_links: bool,
        /// Whether its texts hold phone numbers.
        has_embedded_phone: bool,
        /// Whether people ask to be texted.
        subscriber_opt_in: bool,
        /// Whether it is for adults only.
        age_gated: bool,
        /// Whether it is about loans.
        direct_lending: bool,
        /// Where it is.
        campaign_status: CampaignStatus,
        /// Its id in the campaign registry.
        campaign_id: String,
        /// Whether it was registered elsewhere.
        is_externally_registered: bool,
        /// How people come to be texted.
        message_flow: Redacted<String>,
        /// What people get when they join.
        opt_in_message: Redacted<String>,
        /// What people get when they leave.
        opt_out_message: Redacted<String>,
        /// What people get when they ask for help.
        help_message: Redacted<String>,
        /// The words that join.
        opt_in_keywords: Vec<String>,
        /// The words that leave.
        opt_out_keywords: Vec<String>,
        /// The words that ask for help.
        help_keywords: Vec<String>,
        /// Why it was refused.
        errors: Vec<RegistrationError>,
        /// Whether it is a trial run.
        mock: bool,
        /// When it was made.
        date_created: Timestamp,
        /// When it last changed.
        date_updated: Timestamp,
        /// Its address at Twilio.
        url: String,
    }
}

impl Listed for Campaign {
    const KEY: &'static str = "compliance";
    const PRODUCT: Product = Product::Messaging;
}

part! {
    /// Why a campaign was refused.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/compliance/a2p-10dlc/troubleshooting-a2p-brands>
    RegistrationError {
        /// Twilio's error code, such as 30893.
        error_code: u32,
        /// Twilio's sentence.
        description: Redacted<String>,
        /// The page about the code.
        url: String,
        /// The parameters at fault.
        fields: Vec<String>,
    }
}

request! {
    /// Lists the account's brands.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/brand-registration-resource>
    ListBrands => Page<Brand> {
        GET Messaging "/a2p/BrandRegistrations" Read;

        takes {
            /// How many items a page holds, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

request! {
    /// Reads one brand.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/brand-registration-resource>
    FetchBrand => Brand {
        GET Messaging "/a2p/BrandRegistrations/{sid}" Read;
        path {
            /// the brand
            sid: BrandSid,
        }
    }
}

model! {
    /// A brand as Twilio has it.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/brand-registration-resource>
    Brand {
        /// Its SID.
        sid: BrandSid,
        /// The account that it belongs to.
        account_sid: AccountSid,
        /// The SID of the business's profile.
        customer_profile_bundle_sid: String,
        /// The SID of the registration's bundle.
        a2p_profile_bundle_sid: String,
        /// What kind it is, such as `STANDARD`.
        brand_type: String,
        /// Where it is.
        status: BrandStatus,
        /// Its id in the campaign registry.
        tcr_id: String,
        /// Why it was refused.
        failure_reason: Redacted<String>,
        /// How far it is trusted, 1 to 100: more texts a second.
        brand_score: u32,
        /// What could not be confirmed.
        brand_feedback: Vec<String>,
        /// How far the business is confirmed.
        identity_status: IdentityStatus,
        /// Whether it is one of the 3,000 largest companies of the USA.
        russell_3000: bool,
        /// Whether it is a public body.
        government_entity: bool,
        /// Under which paragraph it pays no taxes.
        tax_exempt_status: String,
        /// Whether the second confirmation is left out.
        skip_automatic_sec_vet: bool,
        /// Whether it is a trial run.
        mock: bool,
        /// When it was made.
        date_created: Timestamp,
        /// When it last changed.
        date_updated: Timestamp,
        /// Its address at Twilio.
        url: String,
    }
}

impl Listed for Brand {
    const KEY: &'static str = "data";
    const PRODUCT: Product = Product::Messaging;
}

open_enum! {
    /// Where a campaign is.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/usapptoperson-resource>
    pub enum CampaignStatus {
        /// Nobody has looked yet.
        Pending = "PENDING",
        /// Somebody looks.
        InProgress = "IN_PROGRESS",
        /// Texts may be sent.
        Verified = "VERIFIED",
        /// It was refused.
        Failed = "FAILED",
        /// It was stopped.
        Suspended = "SUSPENDED",
    }
}

open_enum! {
    /// Where a brand is.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/brand-registration-resource>
    pub enum BrandStatus {
        /// Nobody has looked yet.
        Pending = "PENDING",
        /// Campaigns may be registered.
        Approved = "APPROVED",
        /// It was refused.
        Failed = "FAILED",
        /// Somebody looks.
        InReview = "IN_REVIEW",
        /// It is being deleted.
        DeletionPending = "DELETION_PENDING",
        /// It could not be deleted.
        DeletionFailed = "DELETION_FAILED",
        /// It was stopped.
        Suspended = "SUSPENDED",
    }
}

open_enum! {
    /// How far the business behind a brand is confirmed.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/brand-registration-resource>
    pub enum IdentityStatus {
        /// It says so itself.
        SelfDeclared = "SELF_DECLARED",
        /// It could not be confirmed.
        Unverified = "UNVERIFIED",
        /// It was confirmed.
        Verified = "VERIFIED",
        /// It was confirmed by others.
        VettedVerified = "VETTED_VERIFIED",
    }
}

vocabulary_fields!(CampaignStatus, BrandStatus, IdentityStatus);
