//! Faults of the API and of webhooks, and many requests at once.

use serde_json::json;

use super::perform;

#[tokio::test]
async fn the_client_reports_each_fault_of_the_api() {
    let expected = json!({
        // The error, and the number of texts that were sent.
        "throttled": [[429, 20429], 0],
        "unavailable": [[503, 20503], 0],
        "html": [[502], 0],
        "lost": ["connection reset", 1],
        // Two requests, and the texts that they name.
        "doubled": [2, 1],
    });
    perform("faults", &expected).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_texts_and_calls_at_once_stay_apart() {
    let expected = json!({
        "texts": [60, 60],
        "inboxes": [5],
        "callbacks": [60, true],
        "calls": [true, ["completed"]],
        "listed": 12,
    });
    perform("many_at_once", &expected).await;
}
