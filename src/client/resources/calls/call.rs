//! Call resource: fetching, listing and deleting calls.

use crate::client::engine::page::{Listed, Page};
use crate::client::engine::read::model;
use crate::client::engine::request::{Product, request};
use crate::phone::Address;
use crate::types::{
    AccountSid, AnsweredBy, CallDirection, CallSid, CallStatus, PhoneNumberSid, Redacted, Timestamp,
};

request! {
    /// Reads one call.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/call-resource#fetch-a-call-resource>
    FetchCall => Call {
        GET Api "/Calls/{sid}.json" Read;
        path {
            /// the call
            sid: CallSid,
        }
    }
}

model! {
    /// A call as Twilio has it.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/call-resource#call-properties>
    Call {
        /// Its SID.
        sid: CallSid,
        /// The account that placed or received it.
        account_sid: AccountSid,
        /// The call that this one is a leg of.
        parent_call_sid: CallSid,
        /// The number of the account that it came through.
        phone_number_sid: PhoneNumberSid,
        /// Who calls.
        from: Address,
        /// The same, written for people.
        from_formatted: Redacted<String>,
        /// Who is called.
        to: Address,
        /// The same, written for people.
        to_formatted: Redacted<String>,
        /// Where it is.
        status: CallStatus,
        /// Which way it went.
        direction: CallDirection,
        /// What answered, when machine detection was on.
        answered_by: AnsweredBy,
        /// The number that forwarded the call to us, where the carrier says so.
        forwarded_from: Address,
        /// The caller's name, when looking it up is on.
        caller_name: Redacted<String>,
        /// How long it lasted, in seconds; missing until it ends.
        duration: u32,
        /// How long it waited in Twilio's queue, in milliseconds.
        queue_time: u32,
        /// What it cost, a decimal number in `price_unit`, negative; missing until billed.
        price: String,
        /// The currency of `price`, such as `USD`.
        price_unit: String,
        /// When it was answered, or when dialling began.
        start_time: Timestamp,
        /// When it ended.
        end_time: Timestamp,
        /// When it was placed.
        date_created: Timestamp,
        /// When it last changed.
        date_updated: Timestamp,
        /// The SID of the group that the call belongs to.
        group_sid: String,
        /// The SID of the trunk that it came through.
        trunk_sid: String,
        /// The version of the API that made it.
        api_version: String,
        /// Its path on Twilio's host.
        uri: String,
    }
}

impl Listed for Call {
    const KEY: &'static str = "calls";
    const PRODUCT: Product = Product::Api;
}

request! {
    /// Lists calls, the newest first.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/call-resource#read-multiple-call-resources>
    ListCalls => Page<Call> {
        GET Api "/Calls.json" Read;

        takes {
            /// Calls to this address.
            to = "To": address,
            /// Calls from this address.
            from = "From": address,
            /// The legs of this call.
            parent_call_sid = "ParentCallSid": sid(CallSid),
            /// Calls in this state.
            status = "Status": word(CallStatus),
            /// Calls that began on this day, in UTC.
            start_time = "StartTime": day,
            /// Calls that began at this time or before.
            start_time_before = "StartTime<": time,
            /// Calls that began at this time or after.
            start_time_after = "StartTime>": time,
            /// Calls that ended on this day, in UTC.
            end_time = "EndTime": day,
            /// Calls that ended at this time or before.
            end_time_before = "EndTime<": time,
            /// Calls that ended at this time or after.
            end_time_after = "EndTime>": time,
            /// How many items a page holds, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

request! {
    /// Deletes the record of a call that has ended. Its recordings stay.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/call-resource#delete-a-call-resource>
    DeleteCall => () {
        DELETE Api "/Calls/{sid}.json" Update;
        path {
            /// the call
            sid: CallSid,
        }
    }
}
