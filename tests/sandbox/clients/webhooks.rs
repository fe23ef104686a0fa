//! Webhooks to unusual URLs.

use serde_json::json;

use super::perform;

#[tokio::test]
async fn the_official_validator_accepts_webhooks_to_unusual_urls() {
    let expected = json!({
        "failed": [],
        "requests": 14 * 6 * 3,
        "bodies": ["Ünïcode & +signs = 100%"],
    });
    perform("unusual_urls", &expected).await;
}

#[tokio::test]
async fn the_official_validator_rejects_a_forged_webhook() {
    let expected = json!({ "forged": [0, 1], "genuine": [1, 0] });
    perform("a_forged_webhook", &expected).await;
}
