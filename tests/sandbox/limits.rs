//! Limits of memory and time in a sandbox that runs for long.

use std::time::{Duration, Instant};

use clinspark_twilio::sandbox::Sandbox;

use crate::app::{Api, CLINIC, VOLUNTEER, e164};
use crate::server::{Server, response};

#[tokio::test]
async fn the_oldest_entries_are_removed_above_the_limit() {
    let sandbox = Sandbox::builder().history_limit(10).start().await.unwrap();
    let number = sandbox.add_number(e164(CLINIC));
    let server = Server::start(&sandbox, |_| response(500, &[], "")).await;
    sandbox
        .configure_number(number, &[("SmsUrl", &server.url("/sms"))])
        .unwrap();
    let phone = sandbox.phone(e164(VOLUNTEER));
    for serial in 0..30 {
        phone.text(e164(CLINIC), &serial.to_string()).await.unwrap();
    }
    let bodies: Vec<_> = sandbox
        .messages()
        .iter()
        .map(|text| text.body.expose().clone())
        .collect();
    assert_eq!(
        bodies,
        (20..30)
            .map(|serial| serial.to_string())
            .collect::<Vec<_>>()
    );
    assert_eq!((sandbox.webhooks().len(), sandbox.alerts().len()), (10, 10));
    assert_eq!(server.received().len(), 30);
}

/// Returns the shortest time of several requests for the first 50 messages.
async fn first_page(api: &Api) -> Duration {
    let mut shortest = Duration::MAX;
    for _ in 0..5 {
        let before = Instant::now();
        let (_, page) = api.get("Messages.json?PageSize=50").await;
        shortest = shortest.min(before.elapsed());
        assert_eq!(page["messages"].as_array().unwrap().len(), 50);
    }
    shortest
}

#[tokio::test]
async fn a_page_of_a_long_list_costs_what_one_of_a_short_list_costs() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.add_number(e164(CLINIC));
    let (api, phone) = (Api::new(&sandbox), sandbox.phone(e164(VOLUNTEER)));
    let mut times = Vec::new();
    for texts in [100, 4_900] {
        for _ in 0..texts {
            phone.text(e164(CLINIC), "x").await.unwrap();
        }
        times.push(first_page(&api).await);
    }
    // Rendering the whole list would take fifty times as long.
    assert!(times[1] < times[0] * 10, "{times:?}");
}
