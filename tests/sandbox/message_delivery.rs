//! Delivery of texts: outcome, options, media and feedback.

use std::time::Duration;

use clinspark_twilio::sandbox::{ClockMode, Sandbox};
use clinspark_twilio::types::MessageStatus;

use crate::app::{Api, App, CLINIC, VOLUNTEER, e164};

const LANDLINE: &str = "+61255501234";

async fn account(clock: ClockMode) -> (Sandbox, Api) {
    let sandbox = Sandbox::builder().clock(clock).start().await.unwrap();
    sandbox.add_number(e164(CLINIC));
    let api = Api::new(&sandbox);
    (sandbox, api)
}

fn text<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![("To", VOLUNTEER), ("From", CLINIC)];
    fields.extend(more);
    fields
}

/// Sends a text and returns its status and error code at the end.
async fn outcome(sandbox: &Sandbox, api: &Api, to: &str) -> (MessageStatus, Option<u32>) {
    let fields = [("To", to), ("From", CLINIC), ("Body", "x")];
    api.create("Messages.json", &fields).await;
    sandbox.wait_idle().await.unwrap();
    let last = sandbox.messages().pop().unwrap();
    (last.status, last.error_code)
}

#[tokio::test]
async fn an_unregistered_sender_does_not_reach_the_usa() {
    let (sandbox, api) = account(ClockMode::Instant).await;
    let delivered = (MessageStatus::Delivered, None);
    let undelivered = |code| (MessageStatus::Undelivered, Some(code));
    assert_eq!(outcome(&sandbox, &api, VOLUNTEER).await, delivered);
    sandbox.set_registration_required(true);
    assert_eq!(outcome(&sandbox, &api, VOLUNTEER).await, undelivered(30034));
    assert_eq!(outcome(&sandbox, &api, "+61491570156").await, delivered);
    let service = sandbox.add_service(&[("FriendlyName", "Clinic")]).unwrap();
    let number = sandbox.numbers()[0].sid;
    sandbox.add_number_to_service(service, number).unwrap();
    sandbox.set_campaign_status(service, "IN_PROGRESS");
    sandbox.set_registration_required(false);
    assert_eq!(outcome(&sandbox, &api, VOLUNTEER).await, undelivered(30034));
    sandbox.set_campaign_status(service, "VERIFIED");
    assert_eq!(outcome(&sandbox, &api, VOLUNTEER).await, delivered);
}

#[tokio::test]
async fn an_unverified_toll_free_number_does_not_reach_the_usa() {
    let (sandbox, api) = account(ClockMode::Instant).await;
    let toll_free = "+18005550199";
    let number = sandbox.add_number(e164(toll_free));
    for (status, expected) in [
        ("PENDING_REVIEW", Some(30032)),
        ("TWILIO_REJECTED", Some(30032)),
        ("TWILIO_APPROVED", None),
    ] {
        sandbox.set_toll_free_verification_status(number, status);
        let fields = [("To", VOLUNTEER), ("From", toll_free), ("Body", "x")];
        api.create("Messages.json", &fields).await;
        sandbox.wait_idle().await.unwrap();
        assert_eq!(
            sandbox.messages().pop().unwrap().error_code,
            expected,
            "{status}"
        );
    }
}

#[tokio::test]
async fn a_landline_receives_no_texts() {
    let (sandbox, api) = account(ClockMode::Instant).await;
    let undelivered = (MessageStatus::Undelivered, Some(30006));
    assert_eq!(outcome(&sandbox, &api, LANDLINE).await, undelivered);
}

#[tokio::test]
async fn a_text_that_waits_too_long_fails() {
    let (sandbox, api) = account(ClockMode::Held).await;
    sandbox.set_delivery_delay(Duration::from_secs(60));
    api.create(
        "Messages.json",
        &text(&[("Body", "x"), ("ValidityPeriod", "30")]),
    )
    .await;
    sandbox.advance(Duration::from_secs(30)).await.unwrap();
    let sent = sandbox.messages().pop().unwrap();
    assert_eq!(
        (sent.status, sent.error_code),
        (MessageStatus::Failed, Some(30036))
    );
}

#[tokio::test]
async fn a_text_can_be_scheduled_within_twilios_window() {
    let (sandbox, api) = account(ClockMode::Held).await;
    let service = sandbox.add_service(&[("FriendlyName", "Clinic")]).unwrap();
    let number = sandbox.numbers()[0].sid;
    sandbox.add_number_to_service(service, number).unwrap();
    let day = 24 * 60 * 60;
    for (seconds, is_valid) in [
        (60, false),
        (300, false),
        (301, true),
        (35 * day, true),
        (35 * day + 1, false),
        (40 * day, false),
    ] {
        let at = sandbox.now() + Duration::from_secs(seconds);
        let at = jiff::Timestamp::try_from(at).unwrap().to_string();
        let fields = [
            ("To", VOLUNTEER),
            ("MessagingServiceSid", service.as_str()),
            ("Body", "x"),
            ("ScheduleType", "fixed"),
            ("SendAt", &at),
        ];
        if is_valid {
            api.create("Messages.json", &fields).await;
        } else {
            let refused = api.refused("Messages.json", &fields).await;
            assert_eq!(refused, (400, 35114), "{seconds}");
        }
    }
}

#[tokio::test]
async fn a_text_is_canceled_once() {
    let (sandbox, api) = account(ClockMode::Held).await;
    let service = sandbox.add_service(&[("FriendlyName", "Clinic")]).unwrap();
    let number = sandbox.numbers()[0].sid;
    sandbox.add_number_to_service(service, number).unwrap();
    let at = sandbox.now() + Duration::from_secs(3_600);
    let at = jiff::Timestamp::try_from(at).unwrap().to_string();
    let fields = [
        ("To", VOLUNTEER),
        ("MessagingServiceSid", service.as_str()),
        ("Body", "x"),
        ("ScheduleType", "fixed"),
        ("SendAt", &at),
    ];
    let planned = api.create("Messages.json", &fields).await;
    let path = format!("Messages/{}.json", planned["sid"].as_str().unwrap());
    let cancel = [("Status", "canceled")];
    let (status, canceled) = api.post(&path, &cancel).await;
    assert_eq!((status, &canceled["status"]), (200, &"canceled".into()));
    assert_eq!(api.refused(&path, &cancel).await, (400, 30409));
    assert_eq!(api.get(&path).await.1["status"], "canceled");
}

#[tokio::test]
async fn a_body_is_encoded_and_discarded_on_request() {
    let (sandbox, api) = account(ClockMode::Instant).await;
    let phone = sandbox.phone(e164(VOLUNTEER));
    let quoted = "\u{201c}quote\u{201d}";
    let fields = text(&[
        ("Body", quoted),
        ("SmartEncoded", "true"),
        ("ContentRetention", "discard"),
    ]);
    let sent = api.create("Messages.json", &fields).await;
    assert_eq!(sent["body"], "\"quote\"");
    sandbox.wait_idle().await.unwrap();
    assert_eq!(phone.inbox()[0].body.expose(), "\"quote\"");
    assert_eq!(sandbox.messages()[0].body.expose(), "");
    let sent = api
        .create("Messages.json", &text(&[("Body", quoted)]))
        .await;
    assert_eq!(sent["body"], quoted);
}

#[tokio::test]
async fn a_price_is_known_after_the_delivery() {
    let (sandbox, api) = account(ClockMode::Instant).await;
    let long = "x".repeat(161);
    let sent = api.create("Messages.json", &text(&[("Body", &long)])).await;
    assert!(sent["price"].is_null());
    assert_eq!(sent["num_segments"], "2");
    sandbox.wait_idle().await.unwrap();
    let path = format!("Messages/{}.json", sent["sid"].as_str().unwrap());
    assert_eq!(api.get(&path).await.1["price"], "-0.01580");
}

#[tokio::test]
async fn media_are_listed_fetched_and_deleted() {
    let (_sandbox, api) = account(ClockMode::Instant).await;
    let image = "https://clinic.example/map.png";
    let fields = text(&[
        ("MediaUrl", image),
        ("MediaUrl", "https://clinic.example/a.pdf"),
    ]);
    let sent = api.create("Messages.json", &fields).await;
    assert_eq!(sent["num_media"], "2");
    let path = format!("Messages/{}/Media", sent["sid"].as_str().unwrap());
    let (_, listed) = api.get(&format!("{path}.json")).await;
    let listed = listed["media_list"].as_array().unwrap();
    assert_eq!(listed.len(), 2);
    assert_eq!(listed[0]["content_type"], "image/png");
    let one = format!("{path}/{}", listed[0]["sid"].as_str().unwrap());
    assert_eq!(
        api.get(&format!("{one}.json")).await.1["sid"],
        listed[0]["sid"]
    );
    let deleted = api
        .send("DELETE", &api.path(&format!("{one}.json")), None)
        .await;
    assert_eq!(deleted.0, 204);
    assert_eq!(api.get(&format!("{one}.json")).await.0, 404);
}

#[tokio::test]
async fn files_of_a_phone_are_served_by_the_api() {
    let (sandbox, api) = account(ClockMode::Instant).await;
    let app = App::start(&sandbox).await;
    let number = sandbox.numbers()[0].sid;
    sandbox
        .configure_number(number, &[("SmsUrl", &app.url("/sms"))])
        .unwrap();
    let phone = sandbox.phone(e164(VOLUNTEER));
    let files: [(&str, &[u8]); 1] = [("image/png", b"\x89PNG")];
    phone
        .text_with_files(e164(CLINIC), "A rash", &files)
        .await
        .unwrap();
    phone
        .text_with_media(e164(CLINIC), "", &["https://files.example/x.jpg"])
        .await
        .unwrap();
    let seen = app.seen("/sms");
    assert_eq!(seen[0].field("MediaContentType0"), "image/png");
    let response = api
        .http
        .get(seen[0].field("MediaUrl0"))
        .send()
        .await
        .unwrap();
    assert_eq!(response.headers()["content-type"], "image/png");
    assert_eq!(&response.bytes().await.unwrap()[..], b"\x89PNG");
    let http = reqwest::Client::builder().no_proxy();
    let http = http
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let redirect = http.get(seen[1].field("MediaUrl0")).send().await.unwrap();
    assert_eq!(redirect.status(), 307);
    assert_eq!(
        redirect.headers()["location"],
        "https://files.example/x.jpg"
    );
}

#[tokio::test]
async fn feedback_is_recorded() {
    let (_sandbox, api) = account(ClockMode::Instant).await;
    let sent = api.create("Messages.json", &text(&[("Body", "x")])).await;
    let path = format!("Messages/{}/Feedback.json", sent["sid"].as_str().unwrap());
    let (status, feedback) = api.post(&path, &[("Outcome", "confirmed")]).await;
    assert_eq!((status, &feedback["outcome"]), (200, &"confirmed".into()));
    assert_eq!(api.refused(&path, &[("Outcome", "perhaps")]).await.0, 400);
}

#[tokio::test]
async fn lists_are_filtered_by_party_and_day() {
    let (sandbox, api) = account(ClockMode::Held).await;
    for number in 0..60 {
        let to = format!("+1415555020{}", number % 2);
        let fields = [("To", to.as_str()), ("From", CLINIC), ("Body", "x")];
        api.create("Messages.json", &fields).await;
    }
    sandbox.wait_idle().await.unwrap();
    let now = jiff::Timestamp::try_from(sandbox.now()).unwrap();
    let today = now.to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
    let yesterday = today.yesterday().unwrap();
    for (query, count) in [
        (String::new(), 60),
        ("&To=%2B14155550201".to_owned(), 30),
        ("&From=%2B14155550100".to_owned(), 60),
        (format!("&DateSent={today}"), 60),
        // Both official clients write a date as its midnight.
        (format!("&DateSent={today}T00:00:00Z"), 60),
        (format!("&DateSent={yesterday}T00:00:00Z"), 0),
        (format!("&DateSent%3E={today}"), 60),
        (format!("&DateSent%3C={yesterday}"), 0),
    ] {
        let (_, listed) = api.get(&format!("Messages.json?PageSize=100{query}")).await;
        assert_eq!(
            listed["messages"].as_array().unwrap().len(),
            count,
            "{query}"
        );
    }
}

/// Five thousand texts with two callbacks each, and a list of all of them. The bounds are generous in
/// a debug build; `cargo test --release` prints the figures.
#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::print_stdout, reason = "the figures are the point")]
async fn speed_of_texts_and_lists() {
    let (sandbox, api) = account(ClockMode::Instant).await;
    sandbox.set_timeout(Duration::from_secs(60));
    let app = App::start(&sandbox).await;
    let callback = app.url("/status");
    let fields = text(&[("Body", "x"), ("StatusCallback", &callback)]);
    let (count, factor) = if cfg!(debug_assertions) {
        (500, 5)
    } else {
        (5_000, 1)
    };
    let started = std::time::Instant::now();
    for _ in 0..count {
        api.create("Messages.json", &fields).await;
    }
    sandbox.wait_idle().await.unwrap();
    let sent = started.elapsed();
    assert_eq!(app.seen("/status").len(), 2 * count);
    let started = std::time::Instant::now();
    let mut next = Some(api.path("Messages.json?PageSize=50"));
    let mut listed = 0;
    while let Some(page) = next {
        let (_, page) = api.send("GET", &page, None).await;
        listed += page["messages"].as_array().unwrap().len();
        next = page["next_page_uri"].as_str().map(str::to_owned);
    }
    let read = started.elapsed();
    println!("{count} texts with callbacks: {sent:?}; listed by 50: {read:?}");
    assert_eq!(listed, count);
    assert!(sent < factor * Duration::from_secs(10), "{sent:?}");
    assert!(read < factor * Duration::from_secs(2), "{read:?}");
}
