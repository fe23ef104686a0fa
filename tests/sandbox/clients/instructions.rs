//! Instructions for calls and texts: verbs, fallbacks, redirects.

use serde_json::json;

use super::perform;

#[tokio::test]
async fn the_verbs_of_the_official_builder_run_in_order() {
    let expected = json!({
        "heard": ["Your visit is tomorrow", "https://clinic.example/jingle.mp3", "Good & bye."],
        "ended": ["completed", "busy"],
        "asked": ["é"],
        "listed": ["busy", "completed"],
    });
    perform("verbs", &expected).await;
}

#[tokio::test]
async fn fallback_urls_answer_for_broken_ones() {
    let expected = json!({
        "heard": "Please call later.",
        "replies": [{ "body": "Please call us.", "media": [] }],
        "errors": ["11200", "12100"],
        "urls": [true, true],
        "alerts": ["11200", "12100"],
    });
    perform("fallbacks", &expected).await;
}

#[tokio::test]
async fn the_validator_accepts_webhooks_after_a_redirect() {
    let expected = json!({ "replies": vec!["From the new place."; 5], "asked": 5 });
    perform("redirects_of_http", &expected).await;
}
