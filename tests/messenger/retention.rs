//! Old texts of this messenger, and of no other number, are removed from Twilio.

use clinspark_twilio::client::RetryPolicy;
use clinspark_twilio::client::testing::{FakeTransport, Reply};
use clinspark_twilio::clinspark::SettingsBuilder;
use clinspark_twilio::messenger::{ErrorKind, Messenger};
use clinspark_twilio::types::MessageSid;
use serde_json::{Value, json};

use crate::{NOON, SERVICE, VOLUNTEER, at, builder, settings};

const OURS: &str = "+61255501234";
const OTHER: &str = "+61255501299";
const BEFORE: &str = "Wed, 31 Dec 2025 01:00:00 +0000";
const AFTER: &str = "Fri, 02 Jan 2026 01:00:00 +0000";

fn sid(n: u8) -> String {
    format!("SM{n:032}")
}

fn message(n: u8, from: &str, to: &str, date: &str) -> Value {
    json!({"sid": sid(n), "from": from, "to": to, "body": "See you", "date_sent": date})
}

fn page(messages: &[Value]) -> Reply {
    Reply::json(200, json!({"messages": messages}).to_string())
}

fn redacted(n: u8) -> Reply {
    Reply::json(200, format!(r#"{{"sid": "{}", "body": ""}}"#, sid(n)))
}

fn deleted() -> Reply {
    Reply::json(204, "")
}

fn clinic(settings: SettingsBuilder, transport: &FakeTransport) -> Messenger {
    let builder = builder(settings, transport);
    let builder = builder.client(|client| client.retry(RetryPolicy::none()));
    builder.build().unwrap()
}

/// SIDs of the messages that were changed, with the method.
fn changes(transport: &FakeTransport) -> Vec<(String, String)> {
    let requests = transport.requests();
    let changes = requests.iter().filter(|sent| sent.method() != "GET");
    changes
        .map(|sent| {
            let path = sent.path();
            let sid = path.rsplit('/').next().unwrap().trim_end_matches(".json");
            (sent.method().to_string(), sid.to_owned())
        })
        .collect()
}

#[tokio::test]
async fn one_message_is_redacted_or_deleted() {
    let transport = FakeTransport::new().reply(redacted(1)).reply(deleted());
    let clinic = clinic(settings(), &transport);
    let one: MessageSid = sid(1).parse().unwrap();
    clinic.redact(one).await.unwrap();
    clinic.delete(one).await.unwrap();
    let [redaction, deletion] = &transport.requests()[..] else {
        panic!("two requests")
    };
    assert_eq!(redaction.parameter("Body").as_deref(), Some(""));
    assert_eq!(deletion.method(), "DELETE");
}

/// In and out, old ones only; a body that is empty already costs no request.
#[tokio::test]
async fn a_sweep_changes_old_messages_of_the_number() {
    let out = [
        message(1, OURS, VOLUNTEER, BEFORE),
        message(2, OURS, VOLUNTEER, AFTER),
        json!({"sid": sid(3), "from": OURS, "to": VOLUNTEER, "body": "", "date_sent": BEFORE}),
        // Never sent: the date of creation counts.
        json!({"sid": sid(4), "from": OURS, "body": "x", "date_sent": null, "date_created": BEFORE}),
        // Without any date, it is left alone. So is what another number sent.
        json!({"sid": sid(5), "from": OURS, "to": VOLUNTEER, "body": "x"}),
        message(6, OTHER, VOLUNTEER, BEFORE),
    ];
    let inbound = [message(7, VOLUNTEER, OURS, BEFORE)];
    let transport = FakeTransport::new()
        .reply(page(&out))
        .reply(page(&inbound))
        .reply(redacted(1))
        .reply(redacted(4))
        .reply(redacted(7));
    let sweep = clinic(settings(), &transport).redact_before(at(NOON)).await;
    let sweep = sweep.unwrap();
    assert_eq!(sweep.changed, 3);
    assert!(sweep.is_complete() && sweep.error.is_none());
    let expected = [1, 4, 7].map(|n| ("POST".to_owned(), sid(n)));
    assert_eq!(changes(&transport), expected);
    let lists = transport.requests();
    assert_eq!(lists[0].parameter("From").as_deref(), Some(OURS));
    assert_eq!(lists[1].parameter("To").as_deref(), Some(OURS));
}

#[tokio::test]
async fn a_service_sweeps_its_own_messages() {
    let of = |n, service: &str| {
        let mut message = message(n, OTHER, VOLUNTEER, BEFORE);
        message["messaging_service_sid"] = json!(service);
        message
    };
    let listed = [
        of(1, SERVICE),
        of(2, "MG00000000000000000000000000000009"),
        message(3, VOLUNTEER, OURS, BEFORE),
        message(4, VOLUNTEER, OTHER, BEFORE),
    ];
    let transport = FakeTransport::new()
        .reply(page(&listed))
        .reply(deleted())
        .reply(deleted());
    let clinic = clinic(settings().messaging_service_sid(SERVICE), &transport);
    let sweep = clinic.delete_before(at(NOON)).await.unwrap();
    assert_eq!((sweep.changed, sweep.is_complete()), (2, true));
    let expected = [1, 3].map(|n| ("DELETE".to_owned(), sid(n)));
    assert_eq!(changes(&transport), expected);
}

#[tokio::test]
async fn a_sweep_goes_on_past_a_refusal_and_stops_at_an_outage() {
    let listed: Vec<Value> = (1..=5)
        .map(|n| message(n, OURS, VOLUNTEER, BEFORE))
        .chain([json!({"sid": 17})])
        .collect();
    let transport = FakeTransport::new()
        .reply(page(&listed))
        .reply(page(&[]))
        .reply(Reply::error(409, 20009))
        .reply(Reply::error(400, 20001))
        .reply(redacted(3))
        .reply(Reply::connection_lost());
    let sweep = clinic(settings(), &transport).redact_before(at(NOON)).await;
    let sweep = sweep.unwrap();
    assert_eq!((sweep.changed, sweep.in_progress, sweep.refused), (1, 1, 1));
    assert_eq!((sweep.remaining, sweep.unreadable), (2, 1));
    assert!(!sweep.is_complete());
    let first = sweep.error.unwrap();
    assert_eq!(first.client().unwrap().code().unwrap().get(), 20001);
    assert_eq!(changes(&transport).len(), 4);
}

#[tokio::test]
async fn nothing_is_changed_if_the_list_cannot_be_read() {
    let transport = FakeTransport::new()
        .reply(page(&[message(1, OURS, VOLUNTEER, BEFORE)]))
        .reply(Reply::error(400, 20001));
    let sweep = clinic(settings(), &transport).delete_before(at(NOON)).await;
    assert_eq!(sweep.unwrap_err().kind(), ErrorKind::Client);
    assert!(changes(&transport).is_empty());
}
