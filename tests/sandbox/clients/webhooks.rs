//! Webhooks to unusual URLs.

use serde_json::json;

use super::perform;

#[tokio::test]
async fn the_official_validator_accepts_webhooks_to_unusual_urls() {
    let expected = json!({
        "failed": [],
        "requests": 13 * 5,
        "bodies": ["Ünïcode & +signs = 100%"],
    });
    perform("unusual_urls", &expected).await;
}
