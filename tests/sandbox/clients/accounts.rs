//! The account: its keys, tokens, usage, permissions and alerts.

use serde_json::json;

use super::perform;

#[tokio::test]
async fn the_account_its_subaccounts_and_its_usage_are_read() {
    let expected = json!({
        "fetched": [true, "active", "Full"],
        "dates": [true, true],
        "renamed": "Clinic",
        "child": ["AC", "active", true],
        "suspended": "suspended",
        "listed": ["Branch", "Clinic"],
        "balance": ["USD", true],
        "traversal": ["600", 4, true],
        "usage": [["sms-outbound", "1"], ["sms-outbound", "1"]],
        "empty": [0, 0, 0, 0, 0, 0, 0, 0],
    });
    perform("the_account", &expected).await;
}

#[tokio::test]
async fn keys_and_tokens_are_created_used_and_withdrawn() {
    let expected = json!({
        "created": ["SK", true, true],
        "read": 1,
        "refused": [401, 20003],
        "renamed": ["Server 2", "Server 2"],
        "signing": ["SK", 3, 3],
        "newer": ["New", true, 3],
        "deleted": [true, true, true],
        "after": [0, [401, 20003]],
        "secondary": 1,
        "signed": 1,
        "withdrawn": [true, [401, 20003]],
        "promoted": [true, true, 1, [401, 20003]],
    });
    perform("keys_and_tokens", &expected).await;
}

#[tokio::test]
async fn permissions_and_alerts_are_read() {
    let expected = json!({
        "countries": 1,
        "france": ["FR", true],
        "texts": 1,
        "alerts": [["12100", "error"], ["14110", "warning"]],
        "by_level": [1, 1, 0],
        "dates": [true, true],
        "one": [true, "POST", true],
        "events": 0,
        "unknown": [404, 20404],
    });
    perform("permissions_and_alerts", &expected).await;
}
