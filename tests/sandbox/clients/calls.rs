//! Calls: menus, callbacks, dialled phones, updates and errors.

use serde_json::json;

use super::perform;
use crate::app::{CLINIC, VOLUNTEER};

#[tokio::test]
async fn a_menu_of_the_official_builder_accepts_keys_and_speech() {
    let expected = json!({
        "heard": [
            "Press 1 to confirm & 2 to cancel.",
            "You chose 1.",
            "Press 1 to confirm & 2 to cancel.",
            "You chose cancel, please.",
        ],
        "ended": ["completed", "completed"],
        "first": [VOLUNTEER, CLINIC, "ringing", "inbound"],
        "chosen": [["1", null, false], [null, "cancel, please", true]],
        "callbacks": ["completed", "completed"],
        "call": [true, "completed", "inbound", VOLUNTEER, CLINIC],
        "dates": [true, true],
        "duration_matches": true,
    });
    perform("menu", &expected).await;
}

#[tokio::test]
async fn each_step_of_a_call_is_reported_and_listed() {
    let expected = json!({
        "created": ["CA", "queued", "outbound-api", null],
        "heard": "Your visit is tomorrow.",
        "answered": [
            ["initiated", null], ["ringing", null], ["in-progress", null], ["completed", "200"],
        ],
        "busy": [["initiated", null], ["busy", "486"]],
        "no_answer": [["initiated", null], ["ringing", null], ["no-answer", "480"]],
        "by_status": [1, 1, 0],
        "by_number": [1, 0],
        "by_start": [1, 0],
        "events": 4,
        "notifications": null,
        "deleted": [true, [404, 20404]],
    });
    perform("callbacks_of_a_call", &expected).await;
}

#[tokio::test]
async fn a_machine_is_detected_before_or_during_the_call() {
    let expected = json!({
        "heard": ["Please call us back.", "Please call us back."],
        "answered_by": ["machine_start", "machine_end_beep"],
        "asked": ["machine_start", "machine_end_beep", null],
        "reported": ["machine_start"],
    });
    perform("answering_machines", &expected).await;
}

#[tokio::test]
async fn two_dialled_phones_ring_and_one_answers() {
    let expected = json!({
        "heard": ["Is the doctor there?", "Goodbye."],
        "children": [
            ["+14155550145", "in-progress", "outbound-dial"],
            ["+14155550199", "busy", "outbound-dial"],
        ],
        "callbacks": ["initiated", "ringing", "in-progress", "completed"],
        "dialled": ["completed", true],
        "ended": "completed",
    });
    perform("two_phones_ring", &expected).await;
}

#[tokio::test]
async fn a_call_in_progress_gets_new_instructions_or_ends() {
    let expected = json!({
        "heard": ["Please hold.", "From the update.", "From the URL."],
        "updated": "in-progress",
        "ended": ["completed", "completed", "completed"],
        "canceled": ["ringing", "canceled"],
        "late": [400, 21220],
    });
    perform("updates_of_calls", &expected).await;
}

#[tokio::test]
async fn a_caller_leaves_a_message() {
    let expected = json!({
        "heard": ["Leave a message.", "Thank you."],
        "recorded": ["RE", true],
        "url_names_it": true,
    });
    perform("voicemail", &expected).await;
}

#[tokio::test]
async fn the_client_raises_the_error_of_each_refused_call() {
    let magic = [21217, 21214, 21215, 21216].map(|code| json!([400, code]));
    let expected = json!({
        "letters": [400, 21211],
        "foreign_caller": [400, 21210],
        "no_caller": [400, 21213],
        "nothing_to_say": [400, 21205],
        "magic": magic,
        "unknown": [404, 20404],
        "unknown_updated": [404, 20404],
    });
    perform("errors_of_calls", &expected).await;
}
