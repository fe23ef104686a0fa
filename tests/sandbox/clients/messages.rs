//! Texts: their life, conversations, lists, schedules and errors.

use serde_json::json;

use super::perform;
use crate::app::{CLINIC, VOLUNTEER};

#[tokio::test]
async fn a_text_is_sent_followed_redacted_and_deleted() {
    let expected = json!({
        "sent": ["SM", "queued", "outbound-api", "1", null],
        "inbox": [{ "body": "Your visit is tomorrow.", "media": [] }],
        "callbacks": [
            ["sent", null, CLINIC, VOLUNTEER],
            ["delivered", null, CLINIC, VOLUNTEER],
            ["sent", null, CLINIC, "+14155550145"],
            ["undelivered", "30003", CLINIC, "+14155550145"],
        ],
        "callbacks_name_the_text": true,
        "arrived": ["delivered", "Your visit is tomorrow.", CLINIC, VOLUNTEER, "0"],
        "dates": [true, true],
        "confirmed": ["confirmed", true],
        "redacted": "",
        "deleted": true,
        "fetched_again": [404, 20404],
        "undelivered": ["undelivered", 30003],
    });
    perform("life_of_a_text", &expected).await;
}

#[tokio::test]
async fn pictures_are_sent_listed_deleted_received_and_downloaded() {
    let links = [
        "https://clinic.example/map.png",
        "https://clinic.example/form.pdf",
    ];
    let expected = json!({
        "sent": ["MM", "2"],
        "inbox": [{ "body": "Map", "media": links }],
        "media": ["ME", "ME"],
        "fetched": [true, true],
        "deleted": [true, true],
        "inbound": ["1", "image/png", "MM"],
        "downloaded": "bytes of a picture",
    });
    perform("pictures", &expected).await;
}

#[tokio::test]
async fn twiml_of_the_official_builder_answers_a_text() {
    let directions = "12 Rue Häuser & Söhne <left>";
    let expected = json!({
        "replies": [
            [{ "body": "Thank you, Ana Überall.", "media": [] }],
            [
                { "body": directions, "media": ["https://clinic.example/map.png"] },
                { "body": "See you soon.", "media": [] },
            ],
        ],
        "inbound": [VOLUNTEER, CLINIC, "Ana Überall", "0", "1"],
        "listed": [
            ["outbound-reply", "delivered", "See you soon."],
            ["outbound-reply", "delivered", directions],
            ["inbound", "received", "directions"],
            ["outbound-reply", "delivered", "Thank you, Ana Überall."],
            ["inbound", "received", "Ana Überall"],
        ],
        "callbacks": ["sent", "delivered"],
    });
    perform("replies", &expected).await;
}

#[tokio::test]
async fn stop_refuses_texts_until_start() {
    let expected = json!({
        "refused": [400, 21610],
        "accepted": null,
        "asked": ["Stop", "START"],
        "opt_outs": [null, null],
        // Twilio's own replies to the two words, and the text.
        "inbox": 3,
    });
    perform("stop_and_start", &expected).await;
}

#[tokio::test]
async fn texts_are_listed_by_page_number_and_date() {
    let expected = json!({
        "listed": [25, "Text 24", "Text 0"],
        "limited": 10,
        "streamed": 25,
        "pages": [true, true, true, true],
        "to": [20, 5, 0],
        "from": [25, 0],
        "sent_on": [0, 25, 0],
        "sent_after": [25, 0],
        "sent_before": [0, 25],
    });
    perform("lists", &expected).await;
}

#[tokio::test]
async fn a_scheduled_text_leaves_in_time_or_is_canceled() {
    let expected = json!({
        "kept": ["scheduled", null, "delivered"],
        "canceled": ["canceled", "canceled"],
        "errors": [[400, 35114], [400, 35114], [400, 35118]],
        "inbox": [0, 1],
    });
    perform("schedule", &expected).await;
}

#[tokio::test]
async fn the_client_raises_the_error_of_each_refused_text() {
    let magic = [21211, 21612, 21408, 21610, 21614].map(|code| json!([400, code]));
    let expected = json!({
        "letters": [400, 21211],
        "impossible": [400, 21211],
        "no_body": [400, 21602],
        "too_long": [400, 21617],
        "too_many_media": [400, 21623],
        "foreign_sender": [400, 21606],
        "no_sender": [400, 21603],
        "to_itself": [400, 21266],
        "bad_callback": [400, 21609],
        "magic": magic,
        "unknown": [404, 20404],
        "message_names_the_number": true,
    });
    perform("errors_of_texts", &expected).await;
}
