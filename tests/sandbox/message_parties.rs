//! Parties of texts: phones that no test holds, places, trial and inactive accounts, and the
//! options of replies.

use std::time::Duration;

use clinspark_twilio::sandbox::{DeliveryBehavior, Sandbox, TextMessage};
use clinspark_twilio::types::{MessageDirection, MessageStatus};

use crate::app::{Api, App, CLINIC, VOLUNTEER, codes, e164};

const LONDON: &str = "+442079460018";
const TOLL_FREE: &str = "+18005550199";

/// Starts an account whose number sends its texts to `/sms` of the application.
async fn clinic() -> (Sandbox, App, Api) {
    let sandbox = Sandbox::start().await.unwrap();
    let app = App::start(&sandbox).await;
    let number = sandbox.add_number(e164(CLINIC));
    let url = app.url("/sms");
    sandbox
        .configure_number(number, &[("SmsUrl", &url)])
        .unwrap();
    let api = Api::new(&sandbox);
    (sandbox, app, api)
}

fn text<'a>(to: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![("To", to), ("From", CLINIC), ("Body", "x")];
    fields.extend(more);
    fields
}

fn bodies(texts: &[TextMessage]) -> Vec<&str> {
    texts
        .iter()
        .map(|text| text.body.expose().as_str())
        .collect()
}

#[tokio::test]
async fn a_number_without_a_phone_receives_texts() {
    let (sandbox, app, api) = clinic().await;
    let url = app.url("/status");
    let callback = [("StatusCallback", url.as_str())];
    api.create("Messages.json", &text(VOLUNTEER, &callback))
        .await;
    sandbox.wait_idle().await.unwrap();
    let seen = app.seen("/status");
    let steps = seen.iter().map(|seen| seen.field("MessageStatus"));
    assert_eq!(steps.collect::<Vec<_>>(), ["sent", "delivered"]);
    let phone = sandbox.phone(e164(VOLUNTEER));
    assert_eq!(bodies(&phone.inbox()), ["x"]);
    // The carrier decides: the test decides for it.
    phone.set_delivery_behavior(DeliveryBehavior::Undelivered(30003));
    api.create("Messages.json", &text(VOLUNTEER, &callback))
        .await;
    sandbox.wait_idle().await.unwrap();
    let seen = app.seen("/status");
    assert_eq!(seen[3].field("MessageStatus"), "undelivered");
    assert_eq!(seen[3].field("ErrorCode"), "30003");
}

#[tokio::test]
async fn a_text_through_a_service_is_reported_as_queued() {
    let (sandbox, app, api) = clinic().await;
    let service = sandbox.add_service(&[("FriendlyName", "Clinic")]).unwrap();
    let number = sandbox.numbers()[0].sid;
    sandbox.add_number_to_service(service, number).unwrap();
    let (service, url) = (service.to_string(), app.url("/status"));
    let through = [
        ("MessagingServiceSid", service.as_str()),
        ("StatusCallback", &url),
    ];
    let fields = [&[("To", VOLUNTEER), ("Body", "x")][..], &through].concat();
    let sent = api.create("Messages.json", &fields).await;
    assert_eq!(sent["status"], "accepted");
    sandbox.wait_idle().await.unwrap();
    let seen = app.seen("/status");
    let steps = seen.iter().map(|seen| seen.field("MessageStatus"));
    assert_eq!(steps.collect::<Vec<_>>(), ["queued", "sent", "delivered"]);
    assert!(seen.iter().all(|seen| seen.field("From") == CLINIC));
    // With a sender of its own, the message is queued at once, which is not reported.
    let sent = api
        .create("Messages.json", &text(VOLUNTEER, &through))
        .await;
    assert_eq!(sent["status"], "queued");
    sandbox.wait_idle().await.unwrap();
    assert_eq!(app.seen("/status").len(), 5);
}

#[tokio::test]
async fn a_text_with_media_can_have_two_replies() {
    let (sandbox, app, _) = clinic().await;
    app.twiml(
        "/sms",
        "<Message>one</Message><Message><Body>two</Body><Media>/a.png</Media></Message>",
    );
    let phone = sandbox.phone(e164(VOLUNTEER));
    let media = ["https://files.example/rash.jpg"];
    let back = phone
        .text_with_media(e164(CLINIC), "See", &media)
        .await
        .unwrap();
    assert_eq!(bodies(&back), ["one", "two"]);
    assert!(back[0].media_urls.is_empty());
    assert_eq!(*back[1].media_urls[0].expose(), app.url("/a.png"));
    let stored = sandbox.messages();
    let with_media = stored.iter().map(|m| m.sid.as_str().starts_with("MM"));
    assert_eq!(with_media.collect::<Vec<_>>(), [true, false, true]);
    assert_eq!(stored[2].direction, MessageDirection::OutboundReply);
    assert_eq!(app.seen("/sms")[0].field("NumMedia"), "1");
    assert!(codes(&sandbox).is_empty());
}

#[tokio::test]
async fn the_places_of_both_numbers_are_reported() {
    let (sandbox, app, _) = clinic().await;
    for from in ["+12125550123", LONDON, "+14165550123"] {
        let phone = sandbox.phone(e164(from));
        phone.text(e164(CLINIC), "hi").await.unwrap();
    }
    let toll_free = sandbox.add_number(e164(TOLL_FREE));
    let url = app.url("/sms");
    sandbox
        .configure_number(toll_free, &[("SmsUrl", &url)])
        .unwrap();
    let phone = sandbox.phone(e164(VOLUNTEER));
    phone.text(e164(TOLL_FREE), "hi").await.unwrap();
    let seen = app.seen("/sms");
    let place = |index: usize, side: &str| {
        ["City", "State", "Zip", "Country"]
            .map(|name| seen[index].field(&format!("{side}{name}")).to_owned())
    };
    let here = ["SAN FRANCISCO", "CA", "94108", "US"];
    assert_eq!(place(0, "From"), ["NEW YORK", "NY", "10010", "US"]);
    assert_eq!(place(0, "To"), here);
    assert_eq!(place(1, "From"), ["", "", "", "GB"]);
    assert_eq!(place(2, "From"), ["TORONTO", "ON", "M5H", "CA"]);
    assert_eq!(place(3, "From"), here);
    assert_eq!(place(3, "To"), ["", "", "", "US"]);
}

#[tokio::test]
async fn the_action_of_a_reply_receives_its_statuses() {
    let (sandbox, app, _) = clinic().await;
    app.twiml(
        "/sms",
        "<Message action=\"/sent\" method=\"GET\">one</Message><Message>two</Message>",
    );
    let phone = sandbox.phone(e164(VOLUNTEER));
    let back = phone.text(e164(CLINIC), "hi").await.unwrap();
    assert_eq!(bodies(&back), ["one", "two"]);
    sandbox.wait_idle().await.unwrap();
    let seen = app.seen("/sent");
    let steps = seen.iter().map(|seen| seen.field("MessageStatus"));
    assert_eq!(steps.collect::<Vec<_>>(), ["sent", "delivered"]);
    assert!(seen.iter().all(|seen| seen.method == "GET"));
    assert_eq!(seen[0].field("MessageSid"), back[0].sid.as_str());
}

#[tokio::test]
async fn a_reply_that_is_too_long_is_an_alert() {
    for (length, replies, alerts) in [(1600, 1, vec![]), (1601, 0, vec![21617])] {
        let (sandbox, app, _) = clinic().await;
        let long = "a".repeat(length);
        app.twiml("/sms", &format!("<Message>{long}</Message>"));
        let phone = sandbox.phone(e164(VOLUNTEER));
        let back = phone.text(e164(CLINIC), "hi").await.unwrap();
        assert_eq!((back.len(), codes(&sandbox)), (replies, alerts), "{length}");
    }
}

#[tokio::test]
async fn a_reply_may_name_a_number_of_the_usa_without_its_country_code() {
    let (sandbox, app, _) = clinic().await;
    let nurse = sandbox.phone(e164("+14155550199"));
    app.twiml("/sms", "<Message to=\"(415) 555-0199\">forwarded</Message>");
    let phone = sandbox.phone(e164(VOLUNTEER));
    phone.text(e164(CLINIC), "hi").await.unwrap();
    assert_eq!(bodies(&nurse.inbox()), ["forwarded"]);
    assert!(codes(&sandbox).is_empty());
}

#[tokio::test]
async fn an_account_without_money_sends_and_receives_nothing() {
    for balance in ["0", "-0.50"] {
        let (sandbox, app, api) = clinic().await;
        let phone = sandbox.phone(e164(VOLUNTEER));
        sandbox.set_balance("0.01", "USD");
        api.create("Messages.json", &text(VOLUNTEER, &[])).await;
        sandbox.wait_idle().await.unwrap();
        sandbox.set_balance(balance, "USD");
        let refused = api.refused("Messages.json", &text(VOLUNTEER, &[])).await;
        assert_eq!(refused, (403, 20005));
        let call = [
            ("To", VOLUNTEER),
            ("From", CLINIC),
            ("Twiml", "<Response/>"),
        ];
        assert_eq!(api.refused("Calls.json", &call).await, (403, 20005));
        assert!(phone.text(e164(CLINIC), "hi").await.unwrap().is_empty());
        assert_eq!(phone.inbox().len(), 1);
        assert!(app.seen("/sms").is_empty());
        assert_eq!(codes(&sandbox), [20005]);
    }
}

#[tokio::test]
async fn a_trial_account_reaches_only_verified_numbers() {
    let (sandbox, app, api) = clinic().await;
    app.twiml("/sms", "<Message>Thanks</Message>");
    let phone = sandbox.phone(e164(VOLUNTEER));
    sandbox.set_account_type("Trial");
    let call = [
        ("To", VOLUNTEER),
        ("From", CLINIC),
        ("Twiml", "<Response/>"),
    ];
    let refused = api.refused("Messages.json", &text(VOLUNTEER, &[])).await;
    assert_eq!(refused, (400, 21608));
    assert_eq!(api.refused("Calls.json", &call).await, (400, 21219));
    assert!(phone.text(e164(CLINIC), "hi").await.unwrap().is_empty());
    assert_eq!(codes(&sandbox), [14111]);

    let named = [("To", "+61491570156"), ("From", "CLINIC"), ("Body", "x")];
    sandbox.add_caller_id(e164("+61491570156"));
    let refused = api.refused("Messages.json", &named).await;
    assert_eq!(refused, (400, 21267));

    sandbox.add_caller_id(e164(VOLUNTEER));
    api.create("Messages.json", &text(VOLUNTEER, &[])).await;
    api.create("Calls.json", &call).await;
    assert_eq!(phone.text(e164(CLINIC), "hi").await.unwrap().len(), 1);
}

#[tokio::test]
async fn options_that_change_no_delivery_are_accepted() {
    let (sandbox, _, api) = clinic().await;
    let options = [
        ("PersistentAction", "geo:37.7,-122.4"),
        ("ProvideFeedback", "true"),
        ("ValidityPeriod", "1"),
        ("MaxPrice", "0.01"),
        ("Attempt", "2"),
        ("RiskCheck", "disable"),
    ];
    let sent = api
        .create("Messages.json", &text(VOLUNTEER, &options))
        .await;
    assert_eq!(sent["status"], "queued");
    sandbox.wait_idle().await.unwrap();
    assert_eq!(sandbox.messages()[0].status, MessageStatus::Delivered);
    for validity in ["0", "36001", "x"] {
        let fields = text(VOLUNTEER, &[("ValidityPeriod", validity)]);
        assert_eq!(api.refused("Messages.json", &fields).await.1, 21624);
    }
}

#[tokio::test]
async fn a_long_text_can_be_sent_as_one_mms() {
    let (sandbox, _, api) = clinic().await;
    let long = "x".repeat(400);
    let fields = [
        ("To", VOLUNTEER),
        ("From", CLINIC),
        ("Body", &long),
        ("SendAsMms", "true"),
    ];
    let sent = api.create("Messages.json", &fields).await;
    assert!(sent["sid"].as_str().unwrap().starts_with("MM"));
    assert_eq!(sent["num_segments"], "1");
    assert_eq!(sent["num_media"], "0");
    sandbox.wait_idle().await.unwrap();
    let path = format!("Messages/{}.json", sent["sid"].as_str().unwrap());
    assert_eq!(api.get(&path).await.1["price"], "-0.02000");
    let with_media = [
        ("To", VOLUNTEER),
        ("From", CLINIC),
        ("Body", &long),
        ("MediaUrl", "https://files.example/a.png"),
    ];
    let sent = api.create("Messages.json", &with_media).await;
    assert_eq!(sent["num_segments"], "1");
}

#[tokio::test]
async fn invalid_options_are_refused() {
    let (sandbox, _, api) = clinic().await;
    let service = sandbox.add_service(&[("FriendlyName", "Clinic")]).unwrap();
    let second = sandbox.add_number(e164("+14155550101"));
    sandbox.add_number_to_service(service, second).unwrap();
    let service = service.to_string();
    let fallback = ("FallbackFrom", "+14155550101");
    for (fields, code) in [
        (vec![("ContentRetention", "erase")], 30029),
        (vec![("AddressRetention", "erase")], 30030),
        (vec![("RiskCheck", "x")], 20422),
        (vec![fallback], 21664),
        // The sender is in no pool.
        (vec![("MessagingServiceSid", service.as_str())], 21711),
    ] {
        let refused = api
            .refused("Messages.json", &text(VOLUNTEER, &fields))
            .await;
        assert_eq!(refused, (400, code), "{fields:?}");
    }
    let to = [("To", VOLUNTEER), ("Body", "x"), fallback];
    assert_eq!(api.refused("Messages.json", &to).await.1, 21666);
    let number = sandbox.numbers()[0].sid;
    sandbox.remove_capability(number, "mms");
    for option in [
        ("MediaUrl", "https://files.example/a.png"),
        ("SendAsMms", "true"),
    ] {
        let fields = text(VOLUNTEER, &[option]);
        assert_eq!(api.refused("Messages.json", &fields).await.1, 21621);
    }
    // Without a name in the documents, but Twilio takes it.
    let tags = text(VOLUNTEER, &[("Tags", "{\"study\":\"7\"}")]);
    let sent = api.create("Messages.json", &tags).await;
    sandbox.wait_idle().await.unwrap();
    let path = format!("Messages/{}.json", sent["sid"].as_str().unwrap());
    let both = [("Body", ""), ("Status", "canceled")];
    assert_eq!(api.refused(&path, &both).await, (400, 30400));
}

#[tokio::test]
async fn a_scheduled_text_fails_if_its_recipient_has_opted_out_since() {
    let (sandbox, _, api) = clinic().await;
    let service = sandbox.add_service(&[("FriendlyName", "Clinic")]).unwrap();
    let number = sandbox.numbers()[0].sid;
    sandbox.add_number_to_service(service, number).unwrap();
    let hour = Duration::from_secs(3_600);
    let at = jiff::Timestamp::try_from(sandbox.now() + hour).unwrap();
    let at = at.to_string();
    let fields = [
        ("To", VOLUNTEER),
        ("MessagingServiceSid", service.as_str()),
        ("Body", "x"),
        ("ScheduleType", "fixed"),
        ("SendAt", &at),
    ];
    api.create("Messages.json", &fields).await;
    let phone = sandbox.phone(e164(VOLUNTEER));
    assert_eq!(phone.text(e164(CLINIC), "STOP").await.unwrap().len(), 1);
    sandbox.advance(hour).await.unwrap();
    let planned = &sandbox.messages()[0];
    assert_eq!(
        (&planned.status, planned.error_code),
        (&MessageStatus::Failed, Some(21610))
    );
    assert_eq!(phone.inbox().len(), 1);
}

#[tokio::test]
async fn replies_are_checked_like_other_texts() {
    let (sandbox, app, _) = clinic().await;
    let phone = sandbox.phone(e164("+61491570156"));
    app.twiml("/sms", "<Message>Thanks</Message>");
    sandbox.set_messaging_permission("AU".parse().unwrap(), false);
    assert!(phone.text(e164(CLINIC), "hi").await.unwrap().is_empty());
    sandbox.set_messaging_permission("AU".parse().unwrap(), true);
    assert_eq!(phone.text(e164(CLINIC), "hi").await.unwrap().len(), 1);
    sandbox.remove_capability(sandbox.numbers()[0].sid, "sms");
    assert!(phone.text(e164(CLINIC), "hi").await.unwrap().is_empty());
    assert_eq!(codes(&sandbox), [21408, 14108]);
}

#[tokio::test]
async fn media_reach_another_number_of_the_account() {
    let (sandbox, app, api) = clinic().await;
    sandbox.add_number(e164("+14155550101"));
    let fields = [
        ("To", CLINIC),
        ("From", "+14155550101"),
        ("MediaUrl", "https://files.example/a.png"),
    ];
    api.create("Messages.json", &fields).await;
    sandbox.wait_idle().await.unwrap();
    let seen = &app.seen("/sms")[0];
    assert_eq!(seen.field("NumMedia"), "1");
    assert_eq!(seen.field("MediaContentType0"), "image/png");
    assert!(seen.field("MessageSid").starts_with("MM"));
}
