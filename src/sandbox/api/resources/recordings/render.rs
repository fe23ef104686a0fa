//! JSON of a recording.

use serde_json::{Value, json};

use crate::sandbox::context::Context;
use crate::sandbox::state::{StoredRecording, rfc2822};
use crate::types::ConferenceSid;

/// Returns the JSON of a recording of the account. `base_url` is that of its file.
pub(super) fn of_account(context: &Context, base_url: &str, recording: &StoredRecording) -> Value {
    let (account, sid) = (context.account_sid, recording.sid);
    let path = format!("/2010-04-01/Accounts/{account}/Recordings/{sid}");
    let more = json!({
        "media_url": format!("{base_url}{path}"),
        "subresource_uris": {
            "add_on_results": format!("{path}/AddOnResults.json"),
            "transcriptions": format!("{path}/Transcriptions.json"),
        },
        "uri": format!("{path}.json"),
    });
    with_common_fields(context, recording, more)
}

/// Returns the JSON of a recording of one call.
pub(super) fn of_call(context: &Context, recording: &StoredRecording) -> Value {
    let (account, sid) = (context.account_sid, recording.sid);
    let call = recording.call_sid.map(|sid| sid.to_string());
    let call = call.unwrap_or_default();
    let more = json!({
        "track": recording.track.as_str(),
        "uri": format!("/2010-04-01/Accounts/{account}/Calls/{call}/Recordings/{sid}.json"),
    });
    with_common_fields(context, recording, more)
}

/// Returns the JSON of a recording of one conference.
pub(super) fn of_conference(
    context: &Context,
    conference: ConferenceSid,
    recording: &StoredRecording,
) -> Value {
    let (account, sid) = (context.account_sid, recording.sid);
    let path = format!("/2010-04-01/Accounts/{account}/Conferences/{conference}");
    let more = json!({ "uri": format!("{path}/Recordings/{sid}.json") });
    with_common_fields(context, recording, more)
}

/// Adds the fields that all forms of a recording have.
fn with_common_fields(context: &Context, recording: &StoredRecording, more: Value) -> Value {
    let mut value = json!({
        "account_sid": context.account_sid,
        "api_version": "2010-04-01",
        "call_sid": recording.call_sid,
        "channels": recording.channels,
        "conference_sid": recording.conference_sid,
        "date_created": rfc2822(recording.date_created),
        "date_updated": rfc2822(recording.date_updated),
        "duration": recording.duration.map(|seconds| seconds.to_string()),
        "encryption_details": null,
        "error_code": recording.error_code,
        "price": null,
        "price_unit": "USD",
        "sid": recording.sid,
        "source": recording.source.as_str(),
        "start_time": rfc2822(recording.start_time),
        "status": recording.status.as_str(),
    });
    if let (Value::Object(fields), Value::Object(more)) = (&mut value, more) {
        fields.extend(more);
    }
    value
}
