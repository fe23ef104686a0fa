//! Requests that were made for a call: to the REST API, and to your webhooks.

use std::collections::BTreeMap;

use crate::client::engine::page::{Listed, Page};
use crate::client::engine::read::part;
use crate::client::engine::request::{Product, request};
use crate::types::{CallSid, Redacted, Timestamp};

request! {
    /// Lists the HTTP requests that were made for a call, and their responses.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/call-event-resource>
    ListCallEvents => Page<CallEventRecord> {
        GET Api "/Calls/{call_sid}/Events.json" Read;
        path {
            /// SID of the call
            call_sid: CallSid,
        }

        takes {
            /// Number of items on a page, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

part! {
    /// HTTP request that was made for a call, and its response.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/call-event-resource>
    CallEventRecord {
        /// Request.
        request: CallEventRequest,
        /// Response.
        response: CallEventResponse,
    }
}

impl Listed for CallEventRecord {
    const KEY: &'static str = "events";
    const PRODUCT: Product = Product::Api;
}

part! {
    /// HTTP request that was made for a call.
    CallEventRequest {
        /// HTTP method.
        method: String,
        /// URL, which can contain personal data.
        url: Redacted<String>,
        /// Parameters, by name. They contain phone numbers and TwiML.
        parameters: Redacted<BTreeMap<String, String>>,
    }
}

part! {
    /// Response to an HTTP request that was made for a call.
    CallEventResponse {
        /// HTTP status.
        response_code: u32,
        /// Time until the response, in milliseconds.
        request_duration: u32,
        /// Media type, such as `application/xml`.
        content_type: String,
        /// Body, such as TwiML.
        response_body: Redacted<String>,
        /// Time of the response.
        date_created: Timestamp,
    }
}
