//! Senders of texts: spellings, pools of Messaging Services, short codes, opt-outs of a pool.

use clinspark_twilio::sandbox::Sandbox;
use clinspark_twilio::types::MessagingServiceSid;

use crate::app::{Api, App, CLINIC, VOLUNTEER, e164};

const SECOND: &str = "+14155550101";
const AUSTRALIAN: &str = "+61491570156";

async fn account() -> (Sandbox, Api) {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.add_number(e164(CLINIC));
    let api = Api::new(&sandbox);
    (sandbox, api)
}

/// Adds a service whose pool contains both numbers.
fn pool(sandbox: &Sandbox) -> MessagingServiceSid {
    let service = sandbox.add_service(&[("FriendlyName", "Clinic")]).unwrap();
    for number in [CLINIC, SECOND] {
        let number = sandbox.add_number(e164(number));
        sandbox.add_number_to_service(service, number).unwrap();
    }
    service
}

fn text<'a>(to: &'a str, sender: (&'a str, &'a str)) -> [(&'a str, &'a str); 3] {
    [("To", to), sender, ("Body", "x")]
}

#[tokio::test]
async fn a_service_accepts_a_text_before_it_chooses_the_sender() {
    let (sandbox, api) = account().await;
    let service = pool(&sandbox);
    let through = ("MessagingServiceSid", service.as_str());
    let sent = api.create("Messages.json", &text(VOLUNTEER, through)).await;
    assert_eq!(sent["status"], "accepted");
    assert!(sent["from"].is_null());
    assert_eq!(sent["num_segments"], "0");
    sandbox.wait_idle().await.unwrap();
    let (_, later) = api
        .get(&format!("Messages/{}.json", sent["sid"].as_str().unwrap()))
        .await;
    assert_eq!(later["status"], "delivered");
    assert_eq!(later["num_segments"], "1");
    assert!([CLINIC, SECOND].contains(&later["from"].as_str().unwrap()));
}

#[tokio::test]
async fn a_pool_is_spread_and_each_recipient_keeps_the_sender() {
    let (sandbox, api) = account().await;
    let service = pool(&sandbox);
    let through = ("MessagingServiceSid", service.as_str());
    let other = "+14155550124";
    for to in [VOLUNTEER, other, VOLUNTEER, other] {
        api.create("Messages.json", &text(to, through)).await;
        sandbox.wait_idle().await.unwrap();
    }
    let senders: Vec<_> = sandbox.messages().into_iter().map(|m| m.from).collect();
    assert_ne!(senders[0], senders[1]);
    assert_eq!((&senders[0], &senders[1]), (&senders[2], &senders[3]));
}

#[tokio::test]
async fn a_stop_to_one_number_covers_the_whole_service() {
    let (sandbox, api) = account().await;
    let service = pool(&sandbox);
    let phone = sandbox.phone(e164(VOLUNTEER));
    phone.text(e164(CLINIC), "STOP").await.unwrap();
    let through = ("MessagingServiceSid", service.as_str());
    for sender in [("From", CLINIC), ("From", SECOND), through] {
        let refused = api.refused("Messages.json", &text(VOLUNTEER, sender)).await;
        assert_eq!(refused, (400, 21610), "{sender:?}");
    }
    // START to the other number lifts it.
    phone.text(e164(SECOND), "START").await.unwrap();
    api.create("Messages.json", &text(VOLUNTEER, ("From", CLINIC)))
        .await;
}

#[tokio::test]
async fn a_stop_outside_a_service_covers_one_number() {
    let (sandbox, api) = account().await;
    sandbox.add_number(e164(SECOND));
    let phone = sandbox.phone(e164(VOLUNTEER));
    phone.text(e164(CLINIC), "STOP").await.unwrap();
    let service = sandbox.add_service(&[("FriendlyName", "Other")]).unwrap();
    let second = sandbox.numbers()[1].sid;
    sandbox.add_number_to_service(service, second).unwrap();
    let through = ("MessagingServiceSid", service.as_str());
    api.create("Messages.json", &text(VOLUNTEER, through)).await;
    let refused = api
        .refused("Messages.json", &text(VOLUNTEER, ("From", CLINIC)))
        .await;
    assert_eq!(refused.1, 21610);
}

#[tokio::test]
async fn advanced_opt_out_reports_the_keyword() {
    let (sandbox, _) = account().await;
    let app = App::start(&sandbox).await;
    let service = pool(&sandbox);
    sandbox
        .configure_service(service, &[("InboundRequestUrl", &app.url("/sms"))])
        .unwrap();
    let phone = sandbox.phone(e164(VOLUNTEER));
    phone.text(e164(CLINIC), "HELP").await.unwrap();
    sandbox.set_advanced_opt_out(service, true);
    for word in ["STOP", "START", "HELP", "Hello"] {
        phone.text(e164(CLINIC), word).await.unwrap();
    }
    let seen = app.seen("/sms");
    let types: Vec<_> = seen
        .iter()
        .map(|seen| seen.has("OptOutType").then(|| seen.field("OptOutType")))
        .collect();
    assert_eq!(
        types,
        [None, Some("STOP"), Some("START"), Some("HELP"), None]
    );
}

#[tokio::test]
async fn numbers_of_the_usa_need_no_country_code() {
    let (sandbox, api) = account().await;
    for (to, from) in [
        ("415-555-0123", CLINIC),
        ("(415) 555-0123", "4155550100"),
        ("14155550123", "1 415 555 0100"),
    ] {
        let sent = api.create("Messages.json", &text(to, ("From", from))).await;
        assert_eq!(
            (&sent["to"], &sent["from"]),
            (&VOLUNTEER.into(), &CLINIC.into())
        );
    }
    sandbox.wait_idle().await.unwrap();
}

#[tokio::test]
async fn numbers_that_cannot_exist_are_refused() {
    let (_sandbox, api) = account().await;
    for to in [
        "+1555",
        "+11111111111",
        "+999999999999",
        "+4400000000000",
        "letters",
    ] {
        let refused = api
            .refused("Messages.json", &text(to, ("From", CLINIC)))
            .await;
        assert_eq!(refused, (400, 21211), "{to}");
    }
}

#[tokio::test]
async fn short_codes_and_names_are_senders_where_carriers_take_them() {
    let (sandbox, api) = account().await;
    let phone = sandbox.phone(e164(AUSTRALIAN));
    let refused = api
        .refused("Messages.json", &text(VOLUNTEER, ("From", "12345")))
        .await;
    assert_eq!(refused.1, 21606);
    let service = sandbox.add_service(&[("FriendlyName", "Codes")]).unwrap();
    sandbox.add_short_code(service, "12345", &[]).unwrap();
    api.create("Messages.json", &text(VOLUNTEER, ("From", "12345")))
        .await;
    api.create("Messages.json", &text(AUSTRALIAN, ("From", "CLINIC")))
        .await;
    assert_eq!(phone.next_text().await.unwrap().from.expose(), "CLINIC");
    let refused = api
        .refused("Messages.json", &text(VOLUNTEER, ("From", "CLINIC")))
        .await;
    assert_eq!(refused.1, 21612);
    let channel = text("whatsapp:+14155550123", ("From", "whatsapp:+14155550100"));
    assert_eq!(api.refused("Messages.json", &channel).await.1, 63007);
}

#[tokio::test]
async fn magic_senders_answer_as_twilios_test_credentials() {
    let (_sandbox, api) = account().await;
    for (from, code) in [
        ("+15005550001", 21212),
        ("+15005550007", 21606),
        ("+15005550008", 21611),
    ] {
        let refused = api
            .refused("Messages.json", &text(VOLUNTEER, ("From", from)))
            .await;
        assert_eq!(refused, (400, code), "{from}");
    }
    api.create("Messages.json", &text(VOLUNTEER, ("From", "+15005550006")))
        .await;
}

#[tokio::test]
async fn a_number_that_cannot_text_is_no_sender() {
    let (sandbox, api) = account().await;
    let number = sandbox.numbers()[0].sid;
    sandbox.remove_capability(number, "sms");
    let refused = api
        .refused("Messages.json", &text(VOLUNTEER, ("From", CLINIC)))
        .await;
    assert_eq!(refused, (400, 21606));
}

#[tokio::test]
async fn the_account_and_its_permissions_are_checked() {
    let (sandbox, api) = account().await;
    let australia = clinspark_twilio::phone::Region::parse("AU").unwrap();
    sandbox.set_messaging_permission(australia, false);
    let refused = api
        .refused("Messages.json", &text(AUSTRALIAN, ("From", CLINIC)))
        .await;
    assert_eq!(refused, (400, 21408));
    sandbox.set_account_status("suspended");
    let refused = api
        .refused("Messages.json", &text(VOLUNTEER, ("From", CLINIC)))
        .await;
    assert_eq!(refused, (403, 20005));
}

#[tokio::test]
async fn a_text_to_another_number_of_the_account_is_received_there() {
    let (sandbox, api) = account().await;
    let app = App::start(&sandbox).await;
    let second = sandbox.add_number(e164(SECOND));
    sandbox
        .configure_number(second, &[("SmsUrl", &app.url("/sms"))])
        .unwrap();
    app.twiml("/sms", "<Message>Thanks</Message>");
    api.create("Messages.json", &text(SECOND, ("From", CLINIC)))
        .await;
    sandbox.wait_idle().await.unwrap();
    let seen = app.seen("/sms");
    assert_eq!(seen.len(), 1);
    assert_eq!(
        (seen[0].field("From"), seen[0].field("To")),
        (CLINIC, SECOND)
    );
}

#[tokio::test]
async fn two_numbers_that_reply_to_each_other_end() {
    let (sandbox, api) = account().await;
    let app = App::start(&sandbox).await;
    sandbox.add_number(e164(SECOND));
    for number in sandbox.numbers() {
        sandbox
            .configure_number(number.sid, &[("SmsUrl", &app.url("/sms"))])
            .unwrap();
    }
    app.twiml("/sms", "<Message>Again</Message>");
    api.create("Messages.json", &text(SECOND, ("From", CLINIC)))
        .await;
    sandbox.wait_idle().await.unwrap();
    assert_eq!(crate::app::codes(&sandbox), [30039]);
    assert_eq!(app.seen("/sms").len(), 10);
}

#[tokio::test]
async fn a_second_stop_has_no_reply_and_yes_lifts_the_first() {
    let (sandbox, api) = account().await;
    let phone = sandbox.phone(e164(VOLUNTEER));
    for (word, replies) in [
        ("STOP", 1),
        ("STOP", 0),
        ("YES", 1),
        ("YES", 0),
        ("HELP", 1),
    ] {
        let received = phone.text(e164(CLINIC), word).await.unwrap();
        assert_eq!(received.len(), replies, "{word}");
    }
    api.create("Messages.json", &text(VOLUNTEER, ("From", CLINIC)))
        .await;
}
