//! JSON of a call.

use serde_json::{Value, json};

use crate::sandbox::context::Context;
use crate::sandbox::state::{StoredCall, formatted, rfc2822};
use crate::types::{AnsweredBy, CallDirection};

pub(super) fn render(context: &Context, call: &StoredCall) -> Value {
    let account = context.account_sid.as_str();
    let sid = call.sid.as_str();
    let path = format!("/2010-04-01/Accounts/{account}/Calls/{sid}");
    let ours = match call.direction {
        CallDirection::Inbound => &call.to,
        _ => &call.from,
    };
    let number_sid = context.read(|state| state.number_at(ours).map(|number| number.sid));
    json!({
        "account_sid": account,
        "answered_by": call.answered_by.as_ref().map(AnsweredBy::as_str),
        "api_version": "2010-04-01",
        "caller_name": null,
        "date_created": rfc2822(call.date_created),
        "date_updated": rfc2822(call.end_time.or(call.start_time).unwrap_or(call.date_created)),
        "direction": call.direction.as_str(),
        "duration": call.duration.map(|seconds| seconds.to_string()),
        "end_time": call.end_time.and_then(rfc2822),
        "forwarded_from": null,
        "from": call.from.expose(),
        "from_formatted": formatted(&call.from),
        "group_sid": null,
        "parent_call_sid": call.parent_call_sid,
        "phone_number_sid": number_sid,
        "price": null,
        "price_unit": "USD",
        "queue_time": "0",
        "sid": sid,
        "start_time": call.start_time.and_then(rfc2822),
        "status": call.status.as_str(),
        "subresource_uris": {
            "events": format!("{path}/Events.json"),
            "notifications": format!("{path}/Notifications.json"),
            "payments": format!("{path}/Payments.json"),
            "recordings": format!("{path}/Recordings.json"),
            "siprec": format!("{path}/Siprec.json"),
            "streams": format!("{path}/Streams.json"),
            "transcriptions": format!("{path}/Transcriptions.json"),
            "user_defined_message_subscriptions":
                format!("{path}/UserDefinedMessageSubscriptions.json"),
            "user_defined_messages": format!("{path}/UserDefinedMessages.json"),
        },
        "to": call.to.expose(),
        "to_formatted": formatted(&call.to),
        "trunk_sid": null,
        "uri": format!("{path}.json"),
    })
}
