//! Toll-free numbers: whether they are verified for texting in the USA and Canada.
//!
//! Texts from one that is not are blocked with 30032.
//!
//! ```no_run
//! use clinspark_twilio::client::toll_free::{ListTollfreeVerifications, TollfreeVerificationStatus};
//! # use clinspark_twilio::client::{Client, Error};
//! # use clinspark_twilio::types::PhoneNumberSid;
//! # async fn example(client: &Client, number: PhoneNumberSid) -> Result<(), Error> {
//! let mut found = client.list(ListTollfreeVerifications::new().tollfree_phone_number_sid(number));
//! while let Some(verification) = found.next().await {
//!     let verified = verification?.status == Some(TollfreeVerificationStatus::Approved);
//!     println!("{verified}");
//! }
//! # Ok(())
//! # }
//! ```
//!
//! | Item | What it is |
//! |---|---|
//! | [`ListTollfreeVerifications`], [`FetchTollfreeVerification`] | read many, or one |
//! | [`TollfreeVerification`], [`TollfreeVerificationStatus`] | a verification as Twilio has it |
//!
//! Source: <https://www.twilio.com/docs/messaging/api/tollfree-verification-resource>

use crate::client::engine::page::{Listed, Page};
use crate::client::engine::read::{model, vocabulary_fields};
use crate::client::engine::request::{Product, request};
use crate::phone::Address;
use crate::types::{
    AccountSid, PhoneNumberSid, Redacted, Timestamp, TollfreeVerificationSid, open_enum,
};

request! {
    /// Lists verifications.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/tollfree-verification-resource>
    ListTollfreeVerifications => Page<TollfreeVerification> {
        GET Messaging "/Tollfree/Verifications" Read;

        takes {
            /// Those of this number.
            tollfree_phone_number_sid = "TollfreePhoneNumberSid": sid(PhoneNumberSid),
            /// Those in this state.
            status = "Status": word(TollfreeVerificationStatus),
            /// Those with this id of our own.
            external_reference_id = "ExternalReferenceId": text,
            /// Whether those of sub-accounts are listed. Default `false`.
            include_sub_accounts = "IncludeSubAccounts": flag,
            /// Those of this trust product, once for each.
            trust_product_sid = "TrustProductSid": each_text,
            /// How many items a page holds, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

request! {
    /// Reads one verification.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/tollfree-verification-resource>
    FetchTollfreeVerification => TollfreeVerification {
        GET Messaging "/Tollfree/Verifications/{sid}" Read;
        path {
            /// the verification
            sid: TollfreeVerificationSid,
        }
    }
}

model! {
    /// A verification as Twilio has it. What it says about the people of the business is not
    /// read.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/tollfree-verification-resource>
    TollfreeVerification {
        /// Its SID.
        sid: TollfreeVerificationSid,
        /// The account that it belongs to.
        account_sid: AccountSid,
        /// The SID of the business's profile.
        customer_profile_sid: String,
        /// The SID of the trust product.
        trust_product_sid: String,
        /// The SID of the regulated item.
        regulated_item_sid: String,
        /// The business.
        business_name: Redacted<String>,
        /// Its website.
        business_website: Redacted<String>,
        /// The number's SID.
        tollfree_phone_number_sid: PhoneNumberSid,
        /// The number.
        tollfree_phone_number: Address,
        /// Where it is.
        status: TollfreeVerificationStatus,
        /// Why it was refused.
        rejection_reason: Redacted<String>,
        /// The code of that reason.
        error_code: u32,
        /// Until when it may be mended.
        edit_expiration: Timestamp,
        /// Whether it may be mended.
        edit_allowed: bool,
        /// What the number is for, in Twilio's words.
        use_case_categories: Vec<String>,
        /// How many messages a month, in Twilio's words.
        message_volume: String,
        /// An id of our own.
        external_reference_id: String,
        /// When it was made.
        date_created: Timestamp,
        /// When it last changed.
        date_updated: Timestamp,
        /// Its address at Twilio.
        url: String,
    }
}

impl Listed for TollfreeVerification {
    const KEY: &'static str = "verifications";
    const PRODUCT: Product = Product::Messaging;
}

open_enum! {
    /// Where a verification is.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/tollfree-verification-resource>
    pub enum TollfreeVerificationStatus {
        /// Nobody has looked yet.
        PendingReview = "PENDING_REVIEW",
        /// Somebody looks.
        InReview = "IN_REVIEW",
        /// Texts may be sent.
        Approved = "TWILIO_APPROVED",
        /// It was refused.
        Rejected = "TWILIO_REJECTED",
    }
}

vocabulary_fields!(TollfreeVerificationStatus);
