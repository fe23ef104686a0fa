//! Registration of brands and campaigns.

use super::{Brand, Campaign};
use crate::client::engine::form::Form;
use crate::client::engine::guard::Reaches;
use crate::client::engine::read::part;
use crate::client::engine::request::{Argument, request};
use crate::phone::E164;
use crate::types::{AccountSid, BrandSid, BundleSid, CampaignSid, MessagingServiceSid, Redacted};

request! {
    /// Registers a brand. Twilio bills it.
    ///
    /// Twilio texts a passcode to the contact of a sole proprietor. `Delivery` other than `Live`
    /// refuses the request, because the client does not know that number.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/brand-registration-resource>
    CreateBrand => Brand {
        POST Messaging "/a2p/BrandRegistrations" Create;
        needs {
            /// the business's Customer Profile and A2P bundle
            bundles: BrandBundles,
        }
        reaches(bundles);

        takes {
            /// Brand type: `STANDARD` or `SOLE_PROPRIETOR`. Default `STANDARD`.
            brand_type = "BrandType": text,
            /// Registers a mock brand, which serves tests only. Default `false`.
            mock = "Mock": flag,
            /// Skips automatic secondary vetting. Default `false`.
            skip_automatic_sec_vet = "SkipAutomaticSecVet": flag,
        }
    }
}

/// Bundles by which a brand is registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BrandBundles {
    customer_profile: BundleSid,
    a2p_profile: BundleSid,
}

impl BrandBundles {
    /// Creates the argument from the SIDs of the Customer Profile bundle and of the A2P Profile
    /// bundle.
    #[must_use]
    pub const fn new(customer_profile: BundleSid, a2p_profile: BundleSid) -> Self {
        Self {
            customer_profile,
            a2p_profile,
        }
    }
}

impl Argument for BrandBundles {
    const NAMES: &'static [&'static str] = &["CustomerProfileBundleSid", "A2PProfileBundleSid"];

    fn write(&self, form: &mut Form) {
        form.set("CustomerProfileBundleSid", self.customer_profile.as_str());
        form.set("A2PProfileBundleSid", self.a2p_profile.as_str());
    }
}

/// The contact of the business, whose number the client does not know.
impl Reaches for BrandBundles {
    fn people(&self) -> Vec<Option<E164>> {
        vec![None]
    }
}

request! {
    /// Submits a brand again after its bundles were corrected.
    ///
    /// `Delivery` other than `Live` refuses the request, as it does [`CreateBrand`].
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/brand-registration-resource>
    UpdateBrand => Brand {
        // `Create`: a second submission could be billed.
        POST Messaging "/a2p/BrandRegistrations/{sid}" Create;
        path {
            /// SID of the brand
            sid: BrandSid,
        }
        reaches(sid);
    }
}

request! {
    /// Texts a new passcode to the contact of a sole proprietor.
    ///
    /// `Delivery` other than `Live` refuses the request, because the client does not know that
    /// number.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/brand-registration-otp-resource>
    SendBrandPasscode => BrandPasscode {
        POST Messaging "/a2p/BrandRegistrations/{brand_sid}/SmsOtp" Create;
        path {
            /// SID of the brand
            brand_sid: BrandSid,
        }
        reaches(brand_sid);
    }
}

/// The contact of the business, whose number the client does not know.
impl Reaches for BrandSid {
    fn people(&self) -> Vec<Option<E164>> {
        vec![None]
    }
}

part! {
    /// Passcode that was texted.
    BrandPasscode {
        /// SID of the account that owns the brand.
        account_sid: AccountSid,
        /// SID of the brand.
        brand_registration_sid: BrandSid,
    }
}

request! {
    /// Registers a campaign for the numbers of a Messaging Service. Twilio bills it.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/usapptoperson-resource>
    CreateCampaign => Campaign {
        POST Messaging "/Services/{messaging_service_sid}/Compliance/Usa2p" Create;
        path {
            /// SID of the Messaging Service
            messaging_service_sid: MessagingServiceSid,
        }
        needs {
            /// brand and use case
            usecase: CampaignBrand,
            /// description, opt-in and sample messages
            details: CampaignDetails,
        }

        takes {
            /// Reply to a recipient who opts in, 20 to 320 characters.
            opt_in_message = "OptInMessage": text,
            /// Reply to a recipient who opts out, 20 to 320 characters.
            opt_out_message = "OptOutMessage": text,
            /// Reply to a recipient who requests help, 20 to 320 characters.
            help_message = "HelpMessage": text,
            /// Keyword by which a recipient opts in. Call once for each keyword.
            opt_in_keywords = "OptInKeywords": each_text,
            /// Keyword by which a recipient opts out. Call once for each keyword.
            opt_out_keywords = "OptOutKeywords": each_text,
            /// Keyword by which a recipient requests help. Call once for each keyword.
            help_keywords = "HelpKeywords": each_text,
            /// States that recipients opt in to the messages.
            subscriber_opt_in = "SubscriberOptIn": flag,
            /// States that the content is for adults only.
            age_gated = "AgeGated": flag,
            /// States that the content is about loans.
            direct_lending = "DirectLending": flag,
            /// URL of the privacy policy.
            privacy_policy_url = "PrivacyPolicyUrl": url,
            /// URL of the terms and conditions.
            terms_and_conditions_url = "TermsAndConditionsUrl": url,
        }
    }
}

request! {
    /// Updates a campaign, which is then reviewed again.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/usapptoperson-resource>
    UpdateCampaign => Campaign {
        POST Messaging "/Services/{messaging_service_sid}/Compliance/Usa2p/{sid}" Update;
        path {
            /// SID of the Messaging Service
            messaging_service_sid: MessagingServiceSid,
            /// SID of the campaign
            sid: CampaignSid,
        }
        needs {
            /// description, opt-in and sample messages
            details: CampaignDetails,
            /// statements about the content
            content: CampaignContent,
        }

        takes {
            /// URL of the privacy policy.
            privacy_policy_url = "PrivacyPolicyUrl": url,
            /// URL of the terms and conditions.
            terms_and_conditions_url = "TermsAndConditionsUrl": url,
        }
    }
}

request! {
    /// Deletes a campaign. Twilio then blocks texts from the numbers of the Messaging Service.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/usapptoperson-resource>
    DeleteCampaign => () {
        DELETE Messaging "/Services/{messaging_service_sid}/Compliance/Usa2p/{sid}" Update;
        path {
            /// SID of the Messaging Service
            messaging_service_sid: MessagingServiceSid,
            /// SID of the campaign
            sid: CampaignSid,
        }
    }
}

request! {
    /// Fetches the use cases that a campaign of a brand can have.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/usapptoperson-resource>
    FetchCampaignUsecases => CampaignUsecases {
        GET Messaging "/Services/{messaging_service_sid}/Compliance/Usa2p/Usecases" Read;
        path {
            /// SID of the Messaging Service
            messaging_service_sid: MessagingServiceSid,
        }

        takes {
            /// SID of the brand.
            brand_registration_sid = "BrandRegistrationSid": sid(BrandSid),
        }
    }
}

part! {
    /// Use cases that a campaign can have.
    CampaignUsecases {
        /// One item for each use case.
        us_app_to_person_usecases: Vec<CampaignUsecase>,
    }
}

part! {
    /// Use case of a campaign.
    CampaignUsecase {
        /// Twilio's name, such as `MARKETING`, for [`CampaignBrand::new`].
        code: String,
        /// Name for display.
        name: String,
        /// Description.
        description: String,
        /// `true` if the carriers approve each campaign of the use case.
        post_approval_required: bool,
    }
}

/// Brand and use case of a campaign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CampaignBrand {
    brand: BrandSid,
    usecase: String,
}

impl CampaignBrand {
    /// Creates the argument from the brand and a use case, as Twilio names it, such as
    /// `ACCOUNT_NOTIFICATION`.
    #[must_use]
    pub fn new(brand: BrandSid, usecase: impl Into<String>) -> Self {
        Self {
            brand,
            usecase: usecase.into(),
        }
    }
}

impl Argument for CampaignBrand {
    const NAMES: &'static [&'static str] = &["BrandRegistrationSid", "UsAppToPersonUsecase"];

    fn write(&self, form: &mut Form) {
        form.set("BrandRegistrationSid", self.brand.as_str());
        form.set("UsAppToPersonUsecase", self.usecase.as_str());
    }
}

/// Description of a campaign for its review.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct CampaignDetails {
    description: Redacted<String>,
    message_flow: Redacted<String>,
    samples: Redacted<Vec<String>>,
    has_embedded_links: bool,
    has_embedded_phone: bool,
}

impl CampaignDetails {
    /// Creates the argument from a description of the campaign (40 to 4,096 characters) and of how
    /// recipients opt in (40 to 2,048 characters).
    pub fn new(description: impl Into<String>, message_flow: impl Into<String>) -> Self {
        Self {
            description: Redacted::new(description.into()),
            message_flow: Redacted::new(message_flow.into()),
            samples: Redacted::new(Vec::new()),
            has_embedded_links: false,
            has_embedded_phone: false,
        }
    }

    /// Adds a sample message, 20 to 1,024 characters. A campaign has 2 to 5.
    pub fn message_sample(mut self, sample: impl Into<String>) -> Self {
        let mut samples = self.samples.expose().clone();
        samples.push(sample.into());
        self.samples = Redacted::new(samples);
        self
    }

    /// States that messages contain links. Default `false`.
    pub const fn has_embedded_links(mut self, yes: bool) -> Self {
        self.has_embedded_links = yes;
        self
    }

    /// States that messages contain phone numbers. Default `false`.
    pub const fn has_embedded_phone(mut self, yes: bool) -> Self {
        self.has_embedded_phone = yes;
        self
    }
}

impl Argument for CampaignDetails {
    const NAMES: &'static [&'static str] = &[
        "Description",
        "MessageFlow",
        "MessageSamples",
        "HasEmbeddedLinks",
        "HasEmbeddedPhone",
    ];

    fn write(&self, form: &mut Form) {
        form.set("Description", self.description.expose().as_str());
        form.set("MessageFlow", self.message_flow.expose().as_str());
        for sample in self.samples.expose() {
            form.add("MessageSamples", sample.as_str());
        }
        if !(2..=5).contains(&self.samples.expose().len()) {
            form.fault("MessageSamples", "must be 2 to 5 messages");
        }
        form.set("HasEmbeddedLinks", text(self.has_embedded_links));
        form.set("HasEmbeddedPhone", text(self.has_embedded_phone));
    }
}

/// Statements about the content of a campaign.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct CampaignContent {
    age_gated: bool,
    direct_lending: bool,
}

impl CampaignContent {
    /// Creates the argument: neither for adults only, nor about loans.
    pub const fn new() -> Self {
        Self {
            age_gated: false,
            direct_lending: false,
        }
    }

    /// States that the content is for adults only. Default `false`.
    pub const fn age_gated(mut self, yes: bool) -> Self {
        self.age_gated = yes;
        self
    }

    /// States that the content is about loans. Default `false`.
    pub const fn direct_lending(mut self, yes: bool) -> Self {
        self.direct_lending = yes;
        self
    }
}

impl Argument for CampaignContent {
    const NAMES: &'static [&'static str] = &["AgeGated", "DirectLending"];

    fn write(&self, form: &mut Form) {
        form.set("AgeGated", text(self.age_gated));
        form.set("DirectLending", text(self.direct_lending));
    }
}

const fn text(yes: bool) -> &'static str {
    if yes { "true" } else { "false" }
}
