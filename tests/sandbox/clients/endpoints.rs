//! Calls to clients of the Voice SDK and to SIP endpoints.

use serde_json::json;

use super::perform;
use crate::app::CLINIC;

#[tokio::test]
async fn clients_and_sip_endpoints_are_called_and_dialled() {
    let expected = json!({
        "called": ["Hello", "Hello"],
        "dialled": ["Good morning", "Good morning"],
        "results": ["completed", "completed"],
        "listed": [
            ["sip:desk@example.com", "outbound-dial"],
            [CLINIC, "inbound"],
            ["client:nurse", "outbound-dial"],
            [CLINIC, "inbound"],
            ["sip:desk@example.com", "outbound-api"],
            ["client:nurse", "outbound-api"],
        ],
        "by_client": 2,
    });
    perform("clients_and_sip", &expected).await;
}
