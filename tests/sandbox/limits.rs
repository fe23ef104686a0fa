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

#[tokio::test]
async fn a_phone_keeps_the_texts_whose_messages_the_history_has() {
    let sandbox = Sandbox::builder().history_limit(10).start().await.unwrap();
    sandbox.add_number(e164(CLINIC));
    let api = Api::new(&sandbox);
    let phone = sandbox.phone(e164(VOLUNTEER));
    let mut next = 0..30;
    let mut send = async |count: usize| {
        for serial in next.by_ref().take(count) {
            let body = serial.to_string();
            let fields = [("To", VOLUNTEER), ("From", CLINIC), ("Body", body.as_str())];
            api.create("Messages.json", &fields).await;
            sandbox.wait_idle().await.unwrap();
        }
    };
    let bodies = || {
        let texts = phone.inbox().into_iter();
        texts.map(|text| text.body.into_inner()).collect::<Vec<_>>()
    };
    send(8).await;
    for read in ["0", "1"] {
        assert_eq!(phone.next_text().await.unwrap().body.expose(), read);
    }
    // The text after those that were read is the oldest that is left.
    send(4).await;
    assert_eq!(phone.next_text().await.unwrap().body.expose(), "2");
    assert_eq!(bodies().first().map(String::as_str), Some("2"));
    send(18).await;
    assert_eq!(phone.next_text().await.unwrap().body.expose(), "20");
    let newest: Vec<_> = (20..30).map(|serial| serial.to_string()).collect();
    assert_eq!(bodies(), newest);
}

#[tokio::test]
async fn of_phones_that_were_not_added_a_thousand_are_kept() {
    let sandbox = Sandbox::builder().history_limit(10).start().await.unwrap();
    sandbox.add_number(e164(CLINIC));
    let added = sandbox.phone(e164(VOLUNTEER));
    let api = Api::new(&sandbox);
    let text = async |to: &str| {
        let fields = [("To", to), ("From", CLINIC), ("Body", "Visit")];
        api.create("Messages.json", &fields).await;
    };
    text(VOLUNTEER).await;
    for serial in 0..1_100 {
        text(&format!("+1415666{serial:04}")).await;
    }
    sandbox.wait_idle().await.unwrap();
    let state: serde_json::Value = serde_json::from_str(&sandbox.save_state()).unwrap();
    let phones = state["phones"].as_array().unwrap();
    assert_eq!(phones.len(), 1_000);
    let has = |number: &str| phones.iter().any(|phone| phone["address"] == number);
    assert!(has(VOLUNTEER) && has("+14156661099") && !has("+14156660000"));
    assert_eq!(added.inbox(), []);
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
async fn the_oldest_events_of_the_audit_log_are_removed_above_the_limit() {
    let sandbox = Sandbox::builder().history_limit(10).start().await.unwrap();
    let api = Api::new(&sandbox);
    for _ in 0..15 {
        let _token = sandbox.add_secondary_auth_token();
        sandbox.remove_secondary_auth_token();
    }
    let (_, list) = api.send("GET", "/v1/Events", None).await;
    let events = list["events"].as_array().unwrap();
    assert_eq!(events.len(), 10);
    // The newest of thirty events, and the one that is the oldest now.
    for (event, serial) in [(&events[0], 29), (&events[9], 20)] {
        assert_eq!(event["sid"], format!("AE{serial:032x}"));
        let path = format!("/v1/Events/{}", event["sid"].as_str().unwrap());
        assert_eq!(api.send("GET", &path, None).await, (200, event.clone()));
    }
    let removed = format!("/v1/Events/AE{:032x}", 19);
    assert_eq!(api.send("GET", &removed, None).await.0, 404);
}

#[tokio::test]
async fn an_account_has_at_most_ten_thousand_services() {
    let sandbox = Sandbox::start().await.unwrap();
    let api = Api::new(&sandbox);
    let name = [("FriendlyName", "Clinic")];
    for _ in 0..10_000 {
        sandbox.add_service(&name).unwrap();
    }
    let form = Some("FriendlyName=Clinic".to_owned());
    let (status, refused) = api.send("POST", "/v1/Services", form).await;
    assert_eq!((status, &refused["code"]), (404, &20404.into()));
    assert!(sandbox.add_service(&name).is_err());
    let mut listed = std::collections::BTreeSet::new();
    let mut path = "/v1/Services?PageSize=1000".to_owned();
    loop {
        let (_, list) = api.send("GET", &path, None).await;
        let page = list["services"].as_array().unwrap();
        listed.extend(page.iter().map(|service| service["sid"].to_string()));
        let Some(next) = list["meta"]["next_page_url"].as_str() else {
            break;
        };
        next.strip_prefix(sandbox.base_url())
            .unwrap()
            .clone_into(&mut path);
    }
    assert_eq!(listed.len(), 10_000);
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
