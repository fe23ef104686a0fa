//! Call resource: fetching, listing and deleting calls.

use crate::client::engine::page::{Listed, Page};
use crate::client::engine::read::model;
use crate::client::engine::request::{Product, request};
use crate::phone::Address;
use crate::types::{
    AccountSid, AnsweredBy, CallDirection, CallSid, CallStatus, PhoneNumberSid, Redacted, Timestamp,
};

request! {
    /// Fetches one call.
    ///
    /// ```
    /// use clinspark_twilio::client::calls::FetchCall;
    /// use clinspark_twilio::types::CallStatus;
    /// # use clinspark_twilio::client::testing::{FakeTransport, Reply};
    /// # use clinspark_twilio::client::{Client, Credentials, Delivery};
    /// # use clinspark_twilio::types::{AccountSid, AuthToken, CallSid};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
    /// # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
    /// # let sid = CallSid::parse("CA00000000000000000000000000000001")?;
    /// # let transport = FakeTransport::new()
    /// #     .reply(Reply::json(
    /// #         200,
    /// #         r#"{"sid": "CA00000000000000000000000000000001", "status": "busy"}"#,
    /// #     ));
    /// # let client = Client::builder(credentials, Delivery::Off)
    /// #     .with_transport(transport.clone())
    /// #     .build()?;
    ///
    /// let call = client.execute(FetchCall::new(sid)).await?;
    /// assert_eq!(call.status, Some(CallStatus::Busy));
    /// assert!(call.status.is_some_and(|status| status.is_final()));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/call-resource#fetch-a-call-resource>
    FetchCall => Call {
        GET Api "/Calls/{sid}.json" Read;
        path {
            /// SID of the call
            sid: CallSid,
        }
    }
}

model! {
    /// Call, as Twilio returns it.
    ///
    /// ```
    /// use clinspark_twilio::client::calls::Call;
    /// use clinspark_twilio::types::{AnsweredBy, CallStatus};
    ///
    /// /// Returns `true` if a person answered the call. Requires machine detection.
    /// fn reached_a_person(call: &Call) -> bool {
    ///     let answered = call.status == Some(CallStatus::Completed);
    ///     answered && call.answered_by == Some(AnsweredBy::Human)
    /// }
    ///
    /// let call: Call = serde_json::from_str(
    ///     r#"{
    ///         "sid": "CA00000000000000000000000000000001",
    ///         "to": "+14155550123",
    ///         "status": "completed",
    ///         "answered_by": "human",
    ///         "duration": "42"
    ///     }"#,
    /// )?;
    /// assert!(reached_a_person(&call));
    /// assert_eq!(call.duration, Some(42));
    /// assert!(!format!("{call:?}").contains("+14155550123"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/call-resource#call-properties>
    Call {
        /// SID of the call.
        sid: CallSid,
        /// SID of the account that placed or received the call.
        account_sid: AccountSid,
        /// SID of the parent call, of which this call is a leg.
        parent_call_sid: CallSid,
        /// SID of the account's phone number that made or received the call.
        phone_number_sid: PhoneNumberSid,
        /// Caller.
        from: Address,
        /// Caller, formatted for display.
        from_formatted: Redacted<String>,
        /// Callee.
        to: Address,
        /// Callee, formatted for display.
        to_formatted: Redacted<String>,
        /// Status of the call.
        status: CallStatus,
        /// Direction of the call.
        direction: CallDirection,
        /// Result of machine detection, if it was enabled.
        answered_by: AnsweredBy,
        /// Number that forwarded the call to the account, if the carrier reports it.
        forwarded_from: Address,
        /// Caller's name, if name lookup was enabled.
        caller_name: Redacted<String>,
        // Twilio sends numbers as text; `u32` reads both.
        /// Length, in seconds. Missing until the call ends.
        duration: u32,
        /// Time in Twilio's queue before dialing, in milliseconds.
        queue_time: u32,
        // Text, because a floating-point number would round the amount.
        /// Cost in `price_unit`, a negative decimal number. Missing until billed.
        price: String,
        /// Currency of `price`, such as `USD`.
        price_unit: String,
        /// Time at which the call was answered, or at which dialing began.
        start_time: Timestamp,
        /// Time at which the call ended.
        end_time: Timestamp,
        /// Time at which the call was created.
        date_created: Timestamp,
        /// Time of the last update of the call.
        date_updated: Timestamp,
        /// SID of the group that the call belongs to.
        group_sid: String,
        /// SID of the trunk that carried the call.
        trunk_sid: String,
        /// Version of the API that created the call.
        api_version: String,
        /// URI of this resource, relative to Twilio's host.
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
    /// ```
    /// use clinspark_twilio::client::calls::ListCalls;
    /// use clinspark_twilio::types::CallStatus;
    /// # use clinspark_twilio::phone::E164;
    /// # use clinspark_twilio::client::testing::{FakeTransport, Reply};
    /// # use clinspark_twilio::client::{Client, Credentials, Delivery};
    /// # use clinspark_twilio::types::{AccountSid, AuthToken};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
    /// # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
    /// # let volunteer = E164::parse("+14155550123")?;
    /// # let transport = FakeTransport::new()
    /// #     .reply(Reply::json(
    /// #         200,
    /// #         r#"{"calls": [{"sid": "CA00000000000000000000000000000001"}]}"#,
    /// #     ));
    /// # let client = Client::builder(credentials, Delivery::Off)
    /// #     .with_transport(transport.clone())
    /// #     .build()?;
    ///
    /// let missed = ListCalls::new().to(volunteer).status(CallStatus::NoAnswer);
    /// let mut calls = client.list(missed);
    /// let newest = calls.next().await.ok_or("no missed call")??;
    /// assert_eq!(newest.sid.as_str(), "CA00000000000000000000000000000001");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/call-resource#read-multiple-call-resources>
    ListCalls => Page<Call> {
        GET Api "/Calls.json" Read;

        takes {
            /// Filters by callee.
            to = "To": address,
            /// Filters by caller.
            from = "From": address,
            /// Filters by parent call, to list its legs.
            parent_call_sid = "ParentCallSid": sid(CallSid),
            /// Filters by status.
            status = "Status": word(CallStatus),
            /// Filters by start date, in UTC.
            start_time = "StartTime": day,
            /// Filters by start time: this time or earlier.
            start_time_before = "StartTime<": time,
            /// Filters by start time: this time or later.
            start_time_after = "StartTime>": time,
            /// Filters by end date, in UTC.
            end_time = "EndTime": day,
            /// Filters by end time: this time or earlier.
            end_time_before = "EndTime<": time,
            /// Filters by end time: this time or later.
            end_time_after = "EndTime>": time,
            /// Number of items on a page, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

request! {
    /// Deletes the record of a call that has ended. Its recordings are kept.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/call-resource#delete-a-call-resource>
    DeleteCall => () {
        DELETE Api "/Calls/{sid}.json" Update;
        path {
            /// SID of the call
            sid: CallSid,
        }
    }
}
