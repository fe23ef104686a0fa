//! Messaging Services: their pool, texts through them, and registrations.

use serde_json::json;

use super::perform;
use crate::app::CLINIC;

#[tokio::test]
async fn a_service_sends_and_receives_by_its_pool() {
    let expected = json!({
        "created": ["MG", "Clinic", true],
        "fetched": [true, true],
        "updated": ["Clinic 2", 600],
        "empty": [400, 21703],
        "added": [[CLINIC, "US"], ["+14155550101", "US"]],
        "refused_numbers": [21710, 21712],
        "in_pool": [true, true],
        "capabilities": ["mms", "sms", "voice"],
        "pool": [CLINIC, "+14155550101"],
        "sent": ["accepted", null, "0"],
        "arrived": ["delivered", true],
        "callbacks": [["sent", true], ["delivered", true]],
        "inbound": ["Yes", true],
        "refused_texts": [[400, 21610], [400, 21610]],
        "short_codes": 0,
        "removed": [true, 1],
        "listed": [2, 1],
        "deleted": [true, [404, 20404]],
    });
    perform("a_service_with_a_pool", &expected).await;
}

#[tokio::test]
async fn registrations_are_listed() {
    let expected = json!({ "brands": 0, "campaigns": 0, "toll_free": 0, "short_codes": 0 });
    perform("registrations", &expected).await;
}
