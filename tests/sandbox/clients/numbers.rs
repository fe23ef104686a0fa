//! Numbers: search, purchase, settings, applications, caller IDs.

use serde_json::json;

use super::perform;
use crate::app::VOLUNTEER;

#[tokio::test]
async fn a_number_is_found_bought_configured_called_and_released() {
    let expected = json!({
        "countries": true,
        "country": ["US", "United States", true],
        "local": [3, true],
        "capabilities": true,
        "pattern": ["+1510555"],
        "toll_free": 2,
        "mobile": ["GB", "GB"],
        "bought": ["PN", "Front desk", true],
        "by_area": "+1512",
        "free": true,
        "updated": [true, "GET"],
        "fetched": [true, true],
        "heard": "Hello from the app.",
        "refused": {
            "taken": [400, 21422],
            "unavailable": [400, 21422],
            "invalid": [400, 21421],
            "no_number": [400, 21452],
            "bad_url": [400, 21402],
            "unknown": [404, 20404],
        },
        "lists": [4, 2, 1, 3, 1, 0],
        "add_ons": 0,
        "deleted": [true, [404, 20404]],
        "left": 3,
    });
    perform("a_number_is_bought", &expected).await;
}

#[tokio::test]
async fn an_application_answers_calls_and_texts() {
    let expected = json!({
        "created": ["AP", "Clinic", true],
        "updated": ["Clinic 2", true],
        "fetched": [true, "POST"],
        "bound": [true],
        "heard": ["Hello from the app.", "Hello from the app."],
        "placed": "queued",
        "texts": ["Hello"],
        "ended": ["completed", "completed"],
        "listed": [0, 1],
        "deleted": [true, 0],
    });
    perform("an_application_answers", &expected).await;
}

#[tokio::test]
async fn a_caller_id_is_verified_by_a_call() {
    let expected = json!({
        "before": [400, 21210],
        "request": [VOLUNTEER, "Reception", true],
        "verified": ["success", true],
        "renamed": ["Desk", VOLUNTEER],
        "after": null,
        "deleted": [true, 0],
    });
    perform("a_caller_id_is_verified", &expected).await;
}
