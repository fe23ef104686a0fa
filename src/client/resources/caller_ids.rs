//! Verified caller IDs: numbers of yours outside of Twilio that calls can show.
//!
//! ```no_run
//! use clinspark_twilio::client::caller_ids::VerifyCallerId;
//! # use clinspark_twilio::client::{Client, Error};
//! # use clinspark_twilio::phone::E164;
//! # async fn example(client: &Client, reception: E164) -> Result<(), Error> {
//! // Twilio calls the reception, whose staff type in the code.
//! let started = client.execute(VerifyCallerId::new(reception).friendly_name("Reception")).await?;
//! if let Some(code) = started.validation_code {
//!     println!("{}", code.expose());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! | Item | What it is |
//! |---|---|
//! | [`VerifyCallerId`], [`CallerIdNumber`], [`CallerIdVerification`] | verify a number by a call |
//! | [`ListCallerIds`], [`FetchCallerId`] | list verified caller IDs, or fetch one |
//! | [`UpdateCallerId`], [`DeleteCallerId`] | rename or delete a verified caller ID |
//! | [`CallerId`] | a verified caller ID |
//!
//! Source: <https://www.twilio.com/docs/voice/api/outgoing-caller-ids>

use super::argument::value_arguments;
use crate::client::engine::guard::Reaches;
use crate::client::engine::page::{Listed, Page};
use crate::client::engine::read::{model, part};
use crate::client::engine::request::{Product, request};
use crate::phone::{Address, E164};
use crate::types::{AccountSid, CallSid, Method, PhoneNumberSid, Redacted, Timestamp};

request! {
    /// Verifies a number: Twilio calls it, and the callee types in the code of the response.
    ///
    /// The request places a call, so `Delivery` must permit the number. The client does not retry
    /// after a lost response: the phone would ring twice.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/outgoing-caller-ids#add-an-outgoing-caller-id>
    VerifyCallerId => CallerIdVerification {
        POST Api "/OutgoingCallerIds.json" Create;
        needs {
            /// number to verify
            phone_number: CallerIdNumber,
        }
        reaches(phone_number);

        takes {
            /// Friendly name, at most 64 characters. It must not contain a phone number.
            friendly_name = "FriendlyName": name,
            /// Delay of the call, up to 60 seconds. Default none.
            call_delay = "CallDelay": seconds(0..=60),
            /// Extension that Twilio dials after the answer: digits, `#`, `*` and `w`.
            extension = "Extension": text,
            /// URL that receives the result of the verification.
            status_callback = "StatusCallback": url,
            /// HTTP method for `status_callback`. Default `POST`.
            status_callback_method = "StatusCallbackMethod": word(Method),
        }
    }
}

value_arguments! {
    /// Number to verify as a caller ID. An [`E164`] converts into it.
    CallerIdNumber(E164) = "PhoneNumber";
}

impl Reaches for CallerIdNumber {
    fn people(&self) -> Vec<Option<E164>> {
        vec![Some(self.0)]
    }
}

part! {
    /// Verification of a caller ID that is under way.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/outgoing-caller-ids#add-an-outgoing-caller-id>
    CallerIdVerification {
        /// SID of the account.
        account_sid: AccountSid,
        /// SID of the verifying call.
        call_sid: CallSid,
        /// Friendly name of the caller ID.
        friendly_name: Redacted<String>,
        /// Number to verify.
        phone_number: Address,
        /// Code that the callee types in: six digits.
        validation_code: Redacted<String>,
    }
}

request! {
    /// Lists the verified caller IDs of the account.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/outgoing-caller-ids#read-multiple-outgoingcallerid-resources>
    ListCallerIds => Page<CallerId> {
        GET Api "/OutgoingCallerIds.json" Read;

        takes {
            /// Filters by this number.
            phone_number = "PhoneNumber": e164,
            /// Filters by exactly this friendly name.
            friendly_name = "FriendlyName": text,
            /// Number of items on a page, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

request! {
    /// Fetches one verified caller ID.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/outgoing-caller-ids#fetch-an-outgoingcallerid-resource>
    FetchCallerId => CallerId {
        GET Api "/OutgoingCallerIds/{sid}.json" Read;
        path {
            /// SID of the caller ID
            sid: PhoneNumberSid,
        }
    }
}

request! {
    /// Renames a verified caller ID.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/outgoing-caller-ids#update-an-outgoingcallerid-resource>
    UpdateCallerId => CallerId {
        POST Api "/OutgoingCallerIds/{sid}.json" Update;
        path {
            /// SID of the caller ID
            sid: PhoneNumberSid,
        }

        takes {
            /// Friendly name, at most 64 characters. It must not contain a phone number.
            friendly_name = "FriendlyName": name,
        }
    }
}

request! {
    /// Deletes a verified caller ID. Calls can no longer show the number.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/outgoing-caller-ids#delete-an-outgoingcallerid-resource>
    DeleteCallerId => () {
        DELETE Api "/OutgoingCallerIds/{sid}.json" Update;
        path {
            /// SID of the caller ID
            sid: PhoneNumberSid,
        }
    }
}

model! {
    /// Verified caller ID, as Twilio returns it.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/outgoing-caller-ids#outgoingcallerid-properties>
    CallerId {
        /// SID of the caller ID.
        sid: PhoneNumberSid,
        /// SID of the account that verified the number.
        account_sid: AccountSid,
        /// Friendly name of the caller ID.
        friendly_name: Redacted<String>,
        /// Number, in E.164 format.
        phone_number: Address,
        /// Time at which the caller ID was created.
        date_created: Timestamp,
        /// Time of the last update of the caller ID.
        date_updated: Timestamp,
        /// URI of this resource, relative to Twilio's host.
        uri: String,
    }
}

impl Listed for CallerId {
    const KEY: &'static str = "outgoing_caller_ids";
    const PRODUCT: Product = Product::Api;
}
