//! A2P 10DLC registration: brands and campaigns for texts from ten-digit numbers in the USA.
//!
//! Twilio blocks texts from a number without a verified campaign with error 30034.
//!
//! ```
//! use clinspark_twilio::client::a2p::{CampaignStatus, ListCampaigns};
//! # use clinspark_twilio::client::testing::{FakeTransport, Reply};
//! # use clinspark_twilio::client::{Client, Credentials, Delivery};
//! # use clinspark_twilio::types::{AccountSid, AuthToken, MessagingServiceSid};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
//! # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
//! # let service = MessagingServiceSid::parse("MG00000000000000000000000000000001")?;
//! # let transport = FakeTransport::new()
//! #     .reply(Reply::json(
//! #         200,
//! #         r#"{
//! #             "compliance": [{
//! #                 "sid": "QE00000000000000000000000000000001",
//! #                 "campaign_status": "VERIFIED"
//! #             }]
//! #         }"#,
//! #     ));
//! # let client = Client::builder(credentials, Delivery::Off)
//! #     .with_transport(transport.clone())
//! #     .build()?;
//!
//! let mut campaigns = client.list(ListCampaigns::new(service));
//! let campaign = campaigns.next().await.ok_or("the service has no campaign")??;
//! assert_eq!(campaign.campaign_status, Some(CampaignStatus::Verified));
//! # Ok(())
//! # }
//! ```
//!
//! | Item | Description |
//! |---|---|
//! | [`ListCampaigns`], [`FetchCampaign`] | fetch the campaigns of a Messaging Service |
//! | [`Campaign`], [`CampaignStatus`] | a campaign and its registration status |
//! | [`ListBrands`], [`FetchBrand`] | fetch the brands of the account |
//! | [`Brand`], [`BrandStatus`], [`IdentityStatus`] | a brand and its registration status |
//! | [`CreateCampaign`], [`UpdateCampaign`], [`DeleteCampaign`], [`CampaignBrand`], [`CampaignDetails`], [`CampaignContent`] | register, change and delete a campaign |
//! | [`FetchCampaignUsecases`], [`CampaignUsecases`], [`CampaignUsecase`] | use cases that a campaign can have |
//! | [`CreateBrand`], [`UpdateBrand`], [`BrandBundles`] | register a brand, or submit it again |
//! | [`SendBrandPasscode`], [`BrandPasscode`] | text a new passcode to a sole proprietor |
//! | [`CreateBrandVetting`], [`ListBrandVettings`], [`FetchBrandVetting`], [`BrandVetting`], [`VettingProvider`] | vettings of a brand |
//! | [`RegistrationError`] | the reason for a failed campaign registration |
//!
//! Source: <https://www.twilio.com/docs/messaging/compliance/a2p-10dlc>

mod registration;
mod vettings;

pub use registration::{
    BrandBundles, BrandPasscode, CampaignBrand, CampaignContent, CampaignDetails, CampaignUsecase,
    CampaignUsecases, CreateBrand, CreateCampaign, DeleteCampaign, FetchCampaignUsecases,
    SendBrandPasscode, UpdateBrand, UpdateCampaign,
};
pub use vettings::{
    BrandVetting, CreateBrandVetting, FetchBrandVetting, ListBrandVettings, VettingProvider,
};

use crate::client::engine::page::{Listed, Page};
use crate::client::engine::read::{model, part, vocabulary_fields};
use crate::client::engine::request::{Product, request};
use crate::codes::ErrorCode;
use crate::types::{
    AccountSid, BrandSid, CampaignSid, MessagingServiceSid, Redacted, Timestamp, open_enum,
};

request! {
    /// Lists the campaigns of a Messaging Service. There is one at most.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/usapptoperson-resource>
    ListCampaigns => Page<Campaign> {
        GET Messaging "/Services/{messaging_service_sid}/Compliance/Usa2p" Read;
        path {
            /// SID of the Messaging Service
            messaging_service_sid: MessagingServiceSid,
        }

        takes {
            /// Number of items on a page, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

request! {
    /// Fetches one campaign.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/usapptoperson-resource>
    FetchCampaign => Campaign {
        GET Messaging "/Services/{messaging_service_sid}/Compliance/Usa2p/{sid}" Read;
        path {
            /// SID of the Messaging Service
            messaging_service_sid: MessagingServiceSid,
            /// SID of the campaign
            sid: CampaignSid,
        }
    }
}

model! {
    /// Campaign (A2P 10DLC), as Twilio returns it.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/usapptoperson-resource>
    Campaign {
        /// SID of the campaign.
        sid: CampaignSid,
        /// SID of the account that owns the campaign.
        account_sid: AccountSid,
        /// SID of the brand that the campaign belongs to.
        brand_registration_sid: BrandSid,
        /// SID of the Messaging Service whose numbers the campaign covers.
        messaging_service_sid: MessagingServiceSid,
        /// Description of the campaign, as submitted at registration.
        description: Redacted<String>,
        /// Sample messages, as submitted at registration.
        message_samples: Redacted<Vec<String>>,
        /// Use case, as Twilio names it, such as `MARKETING`.
        us_app_to_person_usecase: String,
        /// `true` if messages contain links.
        has_embedded_links: bool,
        /// `true` if messages contain phone numbers.
        has_embedded_phone: bool,
        /// `true` if recipients opt in to the messages.
        subscriber_opt_in: bool,
        /// `true` if the content is for adults only.
        age_gated: bool,
        /// `true` if the content is about loans.
        direct_lending: bool,
        /// Registration status of the campaign.
        // Free text in Twilio's specification; `CampaignStatus` has the values of Twilio's guides.
        campaign_status: CampaignStatus,
        /// Campaign ID at The Campaign Registry (TCR).
        campaign_id: String,
        /// `true` if the campaign was registered outside of Twilio.
        is_externally_registered: bool,
        /// Description of how recipients opt in.
        message_flow: Redacted<String>,
        /// Reply to a recipient who opts in.
        opt_in_message: Redacted<String>,
        /// Reply to a recipient who opts out.
        opt_out_message: Redacted<String>,
        /// Reply to a recipient who requests help.
        help_message: Redacted<String>,
        /// Keywords by which a recipient opts in.
        opt_in_keywords: Vec<String>,
        /// Keywords by which a recipient opts out.
        opt_out_keywords: Vec<String>,
        /// Keywords by which a recipient requests help.
        help_keywords: Vec<String>,
        /// Reasons for a failed registration.
        errors: Vec<RegistrationError>,
        /// `true` for a mock campaign, which serves tests only.
        mock: bool,
        /// Time at which the campaign was created.
        date_created: Timestamp,
        /// Time of the last update of the campaign.
        date_updated: Timestamp,
        /// URL of this resource.
        url: String,
    }
}

impl Listed for Campaign {
    // Twilio's page names the list of campaigns so.
    const KEY: &'static str = "compliance";
    const PRODUCT: Product = Product::Messaging;
}

part! {
    /// Reason for a failed campaign registration.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/compliance/a2p-10dlc/troubleshooting-a2p-brands>
    RegistrationError {
        /// Twilio's error code, such as 30893.
        error_code: ErrorCode,
        /// Twilio's description of the error.
        description: Redacted<String>,
        /// URL of Twilio's page about the code.
        url: String,
        /// Names of the parameters at fault.
        fields: Vec<String>,
    }
}

request! {
    /// Lists the brands of the account.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/brand-registration-resource>
    ListBrands => Page<Brand> {
        GET Messaging "/a2p/BrandRegistrations" Read;

        takes {
            /// Number of items on a page, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

request! {
    /// Fetches one brand.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/brand-registration-resource>
    FetchBrand => Brand {
        GET Messaging "/a2p/BrandRegistrations/{sid}" Read;
        path {
            /// SID of the brand
            sid: BrandSid,
        }
    }
}

model! {
    /// Brand (A2P 10DLC), as Twilio returns it.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/brand-registration-resource>
    Brand {
        /// SID of the brand.
        sid: BrandSid,
        /// SID of the account that owns the brand.
        account_sid: AccountSid,
        // No request takes the SIDs of these bundles, so they have no types of their own.
        /// SID of the business's Customer Profile bundle.
        customer_profile_bundle_sid: String,
        /// SID of the bundle that was submitted for the A2P registration.
        a2p_profile_bundle_sid: String,
        /// Brand type, such as `STANDARD`.
        brand_type: String,
        /// Registration status of the brand.
        status: BrandStatus,
        /// Brand ID at The Campaign Registry (TCR).
        tcr_id: String,
        /// Reason for a failed registration.
        failure_reason: Redacted<String>,
        /// Trust score, 1 to 100. A higher score permits more messages a second.
        brand_score: u32,
        /// Data that could not be verified, such as `TAX_ID`.
        brand_feedback: Vec<String>,
        /// Verification status of the business's identity.
        identity_status: IdentityStatus,
        /// `true` if the business is in the Russell 3000, the 3,000 largest companies of the USA.
        russell_3000: bool,
        /// `true` if the business is a government entity.
        government_entity: bool,
        /// IRS section under which the business is tax-exempt, such as `501c3`.
        tax_exempt_status: String,
        /// Skips automatic secondary vetting.
        skip_automatic_sec_vet: bool,
        /// `true` for a mock brand, which serves tests only.
        mock: bool,
        /// Time at which the brand was created.
        date_created: Timestamp,
        /// Time of the last update of the brand.
        date_updated: Timestamp,
        /// URL of this resource.
        url: String,
    }
}

impl Listed for Brand {
    // Twilio's page gives the list of brands this general name.
    const KEY: &'static str = "data";
    const PRODUCT: Product = Product::Messaging;
}

open_enum! {
    /// Registration status of a campaign.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/usapptoperson-resource>
    pub enum CampaignStatus {
        /// Waiting for review.
        Pending = "PENDING",
        /// Under review.
        InProgress = "IN_PROGRESS",
        /// Approved. Messages may be sent.
        Verified = "VERIFIED",
        /// Registration failed.
        Failed = "FAILED",
        /// Suspended. Messages fail with error 30033.
        Suspended = "SUSPENDED",
    }
}

open_enum! {
    /// Registration status of a brand.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/brand-registration-resource>
    pub enum BrandStatus {
        /// Waiting for review.
        Pending = "PENDING",
        /// Approved. Campaigns may be registered.
        Approved = "APPROVED",
        /// Registration failed.
        Failed = "FAILED",
        /// Under review.
        InReview = "IN_REVIEW",
        /// Deletion in progress.
        DeletionPending = "DELETION_PENDING",
        /// Deletion failed.
        DeletionFailed = "DELETION_FAILED",
        /// Suspended.
        Suspended = "SUSPENDED",
    }
}

open_enum! {
    /// Verification status of the business behind a brand.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/brand-registration-resource>
    pub enum IdentityStatus {
        /// Declared by the business, not verified.
        SelfDeclared = "SELF_DECLARED",
        /// Verification failed.
        Unverified = "UNVERIFIED",
        /// Verified.
        Verified = "VERIFIED",
        /// Verified by a third party.
        VettedVerified = "VETTED_VERIFIED",
    }
}

vocabulary_fields!(CampaignStatus, BrandStatus, IdentityStatus);
