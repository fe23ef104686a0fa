//! Toll-free verifications: the approval to text from toll-free numbers in the USA and Canada.
//!
//! Twilio blocks texts from a toll-free number that is not verified with error 30032.
//!
//! ```
//! use clinspark_twilio::client::toll_free::{
//!     ListTollfreeVerifications, TollfreeVerificationStatus,
//! };
//! # use clinspark_twilio::client::testing::{FakeTransport, Reply};
//! # use clinspark_twilio::client::{Client, Credentials, Delivery};
//! # use clinspark_twilio::types::{AccountSid, AuthToken, PhoneNumberSid};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
//! # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
//! # let number = PhoneNumberSid::parse("PN00000000000000000000000000000001")?;
//! # let transport = FakeTransport::new()
//! #     .reply(Reply::json(
//! #         200,
//! #         r#"{
//! #             "verifications": [{
//! #                 "sid": "HH00000000000000000000000000000001",
//! #                 "status": "TWILIO_APPROVED"
//! #             }]
//! #         }"#,
//! #     ));
//! # let client = Client::builder(credentials, Delivery::Off)
//! #     .with_transport(transport.clone())
//! #     .build()?;
//!
//! let mut found = client.list(ListTollfreeVerifications::new().tollfree_phone_number_sid(number));
//! let verification = found.next().await.ok_or("the number was never submitted")??;
//! assert_eq!(verification.status, Some(TollfreeVerificationStatus::Approved));
//! # Ok(())
//! # }
//! ```
//!
//! | Item | Description |
//! |---|---|
//! | [`ListTollfreeVerifications`], [`FetchTollfreeVerification`] | list verifications, or fetch one |
//! | [`TollfreeVerification`], [`TollfreeVerificationStatus`] | a verification and its status |
//!
//! Source: <https://www.twilio.com/docs/messaging/api/tollfree-verification-resource>

use crate::client::engine::page::{Listed, Page};
use crate::client::engine::read::{model, vocabulary_fields};
use crate::client::engine::request::{Product, request};
use crate::codes::ErrorCode;
use crate::phone::Address;
use crate::types::{
    AccountSid, PhoneNumberSid, Redacted, Timestamp, TollfreeVerificationSid, open_enum,
};

request! {
    /// Lists toll-free verifications.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/tollfree-verification-resource>
    ListTollfreeVerifications => Page<TollfreeVerification> {
        GET Messaging "/Tollfree/Verifications" Read;

        takes {
            /// Filters by phone number.
            tollfree_phone_number_sid = "TollfreePhoneNumberSid": sid(PhoneNumberSid),
            /// Filters by status.
            status = "Status": word(TollfreeVerificationStatus),
            /// Filters by an ID that you chose at submission.
            external_reference_id = "ExternalReferenceId": text,
            /// Includes verifications of sub-accounts. Default `false`.
            include_sub_accounts = "IncludeSubAccounts": flag,
            /// Filters by Trust Product. Call once for each Trust Product.
            trust_product_sid = "TrustProductSid": each_text,
            /// Number of items on a page, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

request! {
    /// Fetches one toll-free verification.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/tollfree-verification-resource>
    FetchTollfreeVerification => TollfreeVerification {
        GET Messaging "/Tollfree/Verifications/{sid}" Read;
        path {
            /// SID of the verification
            sid: TollfreeVerificationSid,
        }
    }
}

model! {
    /// Toll-free verification, as Twilio returns it.
    ///
    /// Fields about people at the business are not read.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/tollfree-verification-resource>
    TollfreeVerification {
        /// SID of the verification.
        sid: TollfreeVerificationSid,
        /// SID of the account that owns the verification.
        account_sid: AccountSid,
        /// SID of the business's Customer Profile.
        customer_profile_sid: String,
        /// SID of the Trust Product.
        trust_product_sid: String,
        /// SID of the Regulated Item.
        regulated_item_sid: String,
        /// Name of the business.
        business_name: Redacted<String>,
        /// Website of the business.
        business_website: Redacted<String>,
        /// SID of the phone number.
        tollfree_phone_number_sid: PhoneNumberSid,
        /// Phone number.
        tollfree_phone_number: Address,
        /// Status of the verification.
        status: TollfreeVerificationStatus,
        /// Reason for a rejection.
        rejection_reason: Redacted<String>,
        /// Twilio's error code for the rejection.
        error_code: ErrorCode,
        /// Time until which a rejected verification can be edited.
        edit_expiration: Timestamp,
        /// `true` if the rejected verification can be edited.
        edit_allowed: bool,
        /// Use cases, as Twilio names them.
        use_case_categories: Vec<String>,
        /// Estimated messages a month, as Twilio names the range.
        message_volume: String,
        /// ID that you chose at submission.
        external_reference_id: String,
        /// Time at which the verification was created.
        date_created: Timestamp,
        /// Time of the last update of the verification.
        date_updated: Timestamp,
        /// URL of this resource.
        url: String,
    }
}

impl Listed for TollfreeVerification {
    const KEY: &'static str = "verifications";
    const PRODUCT: Product = Product::Messaging;
}

open_enum! {
    /// Status of a toll-free verification.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/tollfree-verification-resource>
    pub enum TollfreeVerificationStatus {
        /// Waiting for review.
        PendingReview = "PENDING_REVIEW",
        /// Under review.
        InReview = "IN_REVIEW",
        /// Approved. Messages may be sent.
        Approved = "TWILIO_APPROVED",
        /// Rejected.
        Rejected = "TWILIO_REJECTED",
    }
}

vocabulary_fields!(TollfreeVerificationStatus);
