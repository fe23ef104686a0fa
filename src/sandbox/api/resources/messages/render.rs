//! JSON of a message.

use serde_json::{Value, json};

use crate::phone::Address;
use crate::sandbox::context::Context;
use crate::sandbox::state::{StoredMessage, rfc2822};

pub(super) fn render(context: &Context, message: &StoredMessage) -> Value {
    let account = context.account_sid.as_str();
    let sid = message.sid.as_str();
    let path = format!("/2010-04-01/Accounts/{account}/Messages/{sid}");
    json!({
        "account_sid": account,
        "api_version": "2010-04-01",
        "body": message.body.expose(),
        "date_created": rfc2822(message.date_created),
        "date_sent": message.date_sent.and_then(rfc2822),
        "date_updated": rfc2822(message.date_updated),
        "direction": message.direction.as_str(),
        "error_code": message.error_code,
        "error_message": message.error_code.map(|_| "DeliveryBehavior of the sandbox's phone"),
        "from": message.from.as_ref().map(Address::expose),
        "messaging_service_sid": message.messaging_service_sid,
        "num_media": message.media.len().to_string(),
        "num_segments": message.num_segments.to_string(),
        "price": message.price,
        "price_unit": "USD",
        "sid": sid,
        "status": message.status.as_str(),
        "subresource_uris": { "media": format!("{path}/Media.json") },
        "to": message.to.expose(),
        "uri": format!("{path}.json"),
    })
}
