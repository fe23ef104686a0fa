//! `Client::reconcile`: finds out whether a message or a call was sent.

use std::time::{Duration, SystemTime};

use clinspark_twilio::client::calls::{InlineTwiml, PlaceCall};
use clinspark_twilio::client::messages::{
    AddressRetention, AlphanumericSender, ChannelSender, ContentTemplate, Media, SendMessage,
    Sender,
};
use clinspark_twilio::client::testing::{self, FakeTransport, Reply};
use clinspark_twilio::client::{
    Client, ComparedBy, Delivery, Outcome, Reconcile, Reconciled, RetryPolicy, UnclearReason,
};
use clinspark_twilio::phone::{Address, Callee};
use clinspark_twilio::types::MessagingServiceSid;
use serde_json::{Value, json};

use crate::support::{BODY, FROM, TO, assert_debug_clean, credentials, number, send};

/// Thu, 24 Aug 2023 05:01:45 +0000
fn sent_at() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_692_853_305)
}

fn entry(n: usize, changes: Value) -> Value {
    let mut entry = json!({
        "sid": format!("SM{n:032}"), "to": TO, "from": FROM, "body": BODY, "status": "sent",
        "direction": "outbound-api", "date_created": "Thu, 24 Aug 2023 05:01:47 +0000"
    });
    let Value::Object(changes) = changes else {
        panic!("changes are an object");
    };
    for (name, value) in changes {
        entry[name] = value;
    }
    entry
}

async fn look<R: Reconcile>(request: &R, entries: Vec<Value>) -> Result<R::Entry, usize> {
    let (key, other) = ("messages", "calls");
    let page = json!({key: entries, other: entries, "next_page_uri": null});
    let nothing = json!({key: [], other: []});
    let transport = FakeTransport::new()
        .reply(Reply::json(200, page.to_string()))
        .reply(Reply::json(200, nothing.to_string()));
    let client = Client::builder(credentials(), Delivery::Off)
        .with_transport(transport.clone())
        .build()
        .unwrap();
    let known = |sid: &str| sid.ends_with('9');
    let error = testing::unknown();
    let found = client
        .reconcile(request, &error, sent_at(), known)
        .await
        .unwrap();
    let lists = transport.requests();
    assert!(lists.iter().all(|list| list.method() == "GET"));
    let to: Vec<_> = lists.iter().map(|list| list.parameter("To")).collect();
    // Messages that a service or an RCS agent may have sent by RCS are searched there, too.
    let rcs = format!("rcs:{TO}");
    assert_eq!(to.first().unwrap().as_deref(), Some(TO));
    assert!(to.iter().skip(1).all(|to| *to == Some(rcs.clone())));
    match found {
        Reconciled::Sent(entry) => Ok(*entry),
        Reconciled::NotFound => Err(0),
        Reconciled::Unclear {
            candidates,
            reasons,
            ..
        } => {
            assert!(!reasons.is_empty(), "it is unclear why");
            Err(candidates + 100)
        }
    }
}

async fn message(entries: Vec<Value>) -> Result<String, usize> {
    let found = look(&send(), entries).await;
    found.map(|message| {
        assert_debug_clean(&message);
        message.sid.to_string()
    })
}

#[tokio::test]
async fn a_message_is_identified_by_its_text() {
    let ours = entry(1, json!({}));
    assert_eq!(
        message(vec![ours.clone()]).await.unwrap(),
        format!("SM{:032}", 1)
    );
    let others = [
        entry(2, json!({"body": "another"})),
        entry(3, json!({"from": "+14155550199"})),
        entry(4, json!({"direction": "inbound"})),
        entry(5, json!({"direction": "outbound-reply"})),
        entry(
            6,
            json!({"date_created": "Thu, 24 Aug 2023 04:46:44 +0000"}),
        ),
        entry(
            7,
            json!({"date_created": "Thu, 24 Aug 2023 06:00:00 +0000"}),
        ),
        entry(9, json!({})),
    ];
    for other in &others {
        assert_eq!(
            message(vec![other.clone()]).await.unwrap_err(),
            0,
            "{other}"
        );
    }
    let all: Vec<Value> = others.into_iter().chain([ours]).collect();
    assert_eq!(message(all).await.unwrap(), format!("SM{:032}", 1));
    assert_eq!(message(vec![]).await.unwrap_err(), 0);
}

#[tokio::test]
async fn entries_that_cannot_be_distinguished_are_unclear() {
    let same = entry(1, json!({}));
    assert_eq!(
        message(vec![same.clone(), entry(2, json!({}))])
            .await
            .unwrap_err(),
        102
    );
    for kept in [json!(""), json!(null)] {
        let redacted = entry(2, json!({ "body": kept }));
        assert_eq!(message(vec![redacted.clone()]).await.unwrap_err(), 101);
        assert_eq!(
            message(vec![same.clone(), redacted]).await.unwrap_err(),
            102
        );
    }
    assert_eq!(
        message(vec![entry(
            1,
            json!({"date_created": null, "direction": null})
        )])
        .await
        .unwrap_err(),
        101
    );
    // Either clock may be wrong by minutes, so `NotFound` would be a guess.
    for (created, found) in [
        ("04:46:44", Err(0)),
        ("04:46:45", Err(101)),
        ("05:00:44", Err(101)),
        ("05:00:45", Ok(())),
        ("05:04:15", Ok(())),
        ("05:04:16", Err(101)),
        ("05:18:15", Err(101)),
        ("05:18:16", Err(0)),
    ] {
        let created = json!({"date_created": format!("Thu, 24 Aug 2023 {created} +0000")});
        let other = message(vec![entry(1, created.clone())]).await.map(drop);
        assert_eq!(other, found, "{created}");
    }
}

/// Entries with one difference, which may have another reason.
#[tokio::test]
async fn another_sender_or_other_media_are_unclear() {
    let pictures = json!({"num_media": "2"});
    assert_eq!(message(vec![entry(1, pictures.clone())]).await, Err(101));
    let (from, service) = (number(FROM), "MG00000000000000000000000000000001");
    let service: MessagingServiceSid = service.parse().unwrap();
    let media =
        Media::new("https://clinic.example/a.png").add_media_url("https://clinic.example/b.png");
    let request = SendMessage::new(number(TO), Sender::Number(from), media.body(BODY));
    assert!(look(&request, vec![entry(1, pictures)]).await.is_ok());

    let number_in = Sender::NumberInService {
        service,
        number: from,
    };
    let name = AlphanumericSender::parse("Clinic").unwrap();
    let channel = ChannelSender::whatsapp(from);
    for sender in [
        number_in,
        Sender::Alphanumeric(name),
        Sender::Channel(channel),
    ] {
        let request = SendMessage::new(number(TO), sender, BODY);
        let other = entry(1, json!({"from": "+14155550199"}));
        assert_eq!(look(&request, vec![other]).await.unwrap_err(), 101);
    }
}

#[tokio::test]
async fn messages_that_a_service_sent_by_rcs_are_found() {
    let service: MessagingServiceSid = "MG00000000000000000000000000000001".parse().unwrap();
    let request = SendMessage::new(number(TO), service, BODY);
    let ours = entry(1, json!({"to": format!("rcs:{TO}"), "from": "rcs:agent"}));
    let transport = FakeTransport::new()
        .reply(Reply::json(200, r#"{"messages": []}"#))
        .reply(Reply::json(200, json!({ "messages": [ours] }).to_string()));
    let client = Client::builder(credentials(), Delivery::Off)
        .with_transport(transport.clone())
        .build()
        .unwrap();
    let error = testing::unknown();
    let found = client.reconcile(&request, &error, sent_at(), |_| false);
    assert!(matches!(found.await.unwrap(), Reconciled::Sent(_)));
    assert_eq!(transport.replies_left(), 0);
}

#[tokio::test]
async fn a_text_matches_in_twilios_stored_form() {
    let from = || Sender::Number(number(FROM));
    for (sent, kept) in [
        ("See you\r\nat 9 ", "See you\nat 9"),
        ("\u{201c}nine\u{201d} o\u{2019}clock", "\"nine\" o'clock"),
        ("Hi", "Sent from your Twilio trial account - Hi"),
    ] {
        let request = SendMessage::new(number(TO), from(), sent);
        let found = look(&request, vec![entry(1, json!({ "body": kept }))]).await;
        assert!(found.is_ok(), "{kept}");
    }
    let shortened = SendMessage::new(number(TO), from(), "https://a.example").shorten_urls(true);
    let found = look(
        &shortened,
        vec![entry(1, json!({"body": "https://b.example"}))],
    )
    .await;
    assert_eq!(found.unwrap_err(), 101);
    let template = ContentTemplate::new("HX00000000000000000000000000000001".parse().unwrap());
    let request = SendMessage::new(number(TO), from(), template);
    assert_eq!(
        look(&request, vec![entry(1, json!({}))]).await.unwrap_err(),
        101
    );
    let media = Media::new("https://clinic.example/a.png").body(BODY);
    let request = SendMessage::new(number(TO), from(), media);
    assert!(look(&request, vec![entry(1, json!({}))]).await.is_ok());
}

#[tokio::test]
async fn any_sender_of_the_service_matches() {
    let service: MessagingServiceSid = "MG00000000000000000000000000000001".parse().unwrap();
    let request = SendMessage::new(number(TO), service, BODY);
    let of = |sid: &str| entry(1, json!({"messaging_service_sid": sid, "from": null}));
    assert!(look(&request, vec![of(service.as_str())]).await.is_ok());
    let other = of("MG00000000000000000000000000000002");
    assert_eq!(look(&request, vec![other]).await.unwrap_err(), 0);
}

#[tokio::test]
async fn without_stored_numbers_the_result_is_unclear() {
    let request = send().address_retention(AddressRetention::Obfuscate);
    assert_eq!(look(&request, vec![]).await.unwrap_err(), 100);
}

#[tokio::test]
async fn calls_are_always_unclear() {
    let call = PlaceCall::new(
        number(TO),
        number(FROM),
        InlineTwiml::from_xml("<Response/>"),
    );
    let sid = |n: usize| json!({"sid": format!("CA{n:032}")});
    assert_eq!(look(&call, vec![]).await.unwrap_err(), 0);
    assert_eq!(look(&call, vec![entry(1, sid(1))]).await.unwrap_err(), 101);
    assert_eq!(look(&call, vec![entry(9, sid(9))]).await.unwrap_err(), 0);
}

#[tokio::test]
async fn addresses_with_other_spellings_are_never_not_found() {
    let twiml = InlineTwiml::from_xml("<Response/>");
    for callee in ["client:nurse", "sip:ward@clinic.example;transport=tls"] {
        let callee = Callee::try_from(Address::parse(callee)).unwrap();
        let call = PlaceCall::new(callee, number(FROM), twiml.clone());
        let transport = FakeTransport::new().reply(Reply::json(200, r#"{"calls": []}"#));
        let client = Client::builder(credentials(), Delivery::Off)
            .with_transport(transport)
            .build()
            .unwrap();
        let error = testing::unknown();
        let found = client.reconcile(&call, &error, sent_at(), |_| false).await;
        let found = found.unwrap();
        assert!(matches!(found, Reconciled::Unclear { candidates: 0, .. }));
    }
}

#[tokio::test]
async fn the_sid_of_an_unreadable_response_is_found() {
    let ours = entry(2, json!({"body": "", "date_created": null}));
    let page = json!({"messages": [entry(1, json!({})), ours], "next_page_uri": null});
    for (page, found) in [(page, true), (json!({"messages": []}), false)] {
        let damaged = format!(r#"{{"sid": "SM{:032}", "to"#, 2);
        let transport = FakeTransport::new()
            .reply(Reply::json(201, damaged))
            .reply(Reply::json(200, page.to_string()));
        let client = Client::builder(credentials(), Delivery::Live)
            .with_transport(transport.clone())
            .build()
            .unwrap();
        let request = send();
        let error = client.execute(&request).await.unwrap_err();
        let known = |_: &str| false;
        let outcome = client
            .reconcile(&request, &error, sent_at(), known)
            .await
            .unwrap();
        match outcome {
            Reconciled::Sent(message) => {
                assert!(found);
                assert_eq!(message.sid.as_str(), format!("SM{:032}", 2));
            }
            // It was created, so it is never `NotFound`.
            other => assert!(!found && other != Reconciled::NotFound, "{other:?}"),
        }
        let posts = transport
            .requests()
            .iter()
            .filter(|r| r.method() == "POST")
            .count();
        assert_eq!(posts, 1);
    }
}

#[tokio::test]
async fn a_certain_outcome_needs_no_request() {
    let transport = FakeTransport::new();
    let client = Client::builder(credentials(), Delivery::Live)
        .with_transport(transport.clone())
        .build()
        .unwrap();
    for error in [testing::not_sent(), testing::rejected(400, 21610)] {
        let found = client
            .reconcile(&send(), &error, sent_at(), |_| false)
            .await
            .unwrap();
        assert_eq!(found, Reconciled::NotFound);
    }
    assert!(transport.requests().is_empty());
}

#[tokio::test]
async fn a_failed_lookup_is_an_error() {
    let transport = FakeTransport::new().reply(Reply::error(401, 20003));
    let page = json!({ "messages": [entry(1, json!({}))] });
    let transport = transport.reply(Reply::json(200, page.to_string()));
    let client = Client::builder(credentials(), Delivery::Live)
        .with_transport(transport)
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    let error = testing::unknown();
    let failed = client
        .reconcile(&send(), &error, sent_at(), |_| false)
        .await;
    let error = failed.unwrap_err();
    assert_eq!(error.operation(), "ListMessages");
    // A caller that passes this error to `reconcile` does not get `NotFound`.
    assert_eq!(*error.outcome(), Outcome::Rejected);
    let again = client
        .reconcile(&send(), &error, sent_at(), |_| false)
        .await;
    assert!(matches!(again.unwrap(), Reconciled::Sent(_)));
}

#[tokio::test]
async fn too_many_entries_are_unclear() {
    let many: Vec<Value> = (0..1_200)
        .map(|n| entry(n, json!({"body": "another"})))
        .collect();
    assert!(message(many).await.unwrap_err() > 1_000);
}

/// An older text of the same list contains half an emoji.
#[tokio::test]
async fn an_unreadable_entry_does_not_hide_the_message() {
    let ours = entry(1, json!({})).to_string();
    let odd = |changes: Value| entry(2, changes).to_string();
    let half = odd(json!({"body": "see you @"})).replace('@', "\\ud83d");
    let doubled = odd(json!({"body": "another", "direction": "inbound"})).replacen(
        '{',
        "{\"x\": 1, \"x\": 2, ",
        1,
    );
    let number = odd(json!({"body": "another", "num_media": "@"})).replace("\"@\"", "1e999");
    let no_sid = odd(json!({"sid": null}));
    for neighbour in [
        half,
        doubled,
        number,
        no_sid.clone(),
        "null".to_owned(),
        "5".to_owned(),
    ] {
        let page = format!(r#"{{"messages": [{neighbour}, {ours}], "next_page_uri": null}}"#);
        assert_eq!(
            settle(page).await,
            Ok(format!("SM{:032}", 1)),
            "{neighbour}"
        );
    }
    // An unreadable entry may be the message, so it is not reported as missing.
    let page = format!(r#"{{"messages": [{no_sid}], "next_page_uri": null}}"#);
    assert_eq!(settle(page).await, Err(101));
    let known = odd(json!({"sid": format!("XX{:032}", 9)}));
    let page = format!(r#"{{"messages": [{known}], "next_page_uri": null}}"#);
    assert_eq!(settle(page).await, Err(0));
}

async fn settle(page: String) -> Result<String, usize> {
    let transport = FakeTransport::new().reply(Reply::json(200, page));
    let client = Client::builder(credentials(), Delivery::Off)
        .with_transport(transport)
        .build()
        .unwrap();
    let known = |sid: &str| sid.ends_with('9');
    let found = client
        .reconcile(&send(), &testing::unknown(), sent_at(), known)
        .await;
    match found.unwrap() {
        Reconciled::Sent(entry) => Ok(entry.sid.to_string()),
        Reconciled::NotFound => Err(0),
        Reconciled::Unclear { candidates, .. } => Err(candidates + 100),
    }
}

/// Looks for a request without an error, as after a crash.
async fn look_for<R: Reconcile>(request: &R, entries: Vec<Value>) -> Reconciled<R::Entry> {
    let page = json!({"messages": entries, "calls": entries, "next_page_uri": null});
    let transport = FakeTransport::new()
        .reply(Reply::json(200, page.to_string()))
        .reply(Reply::json(200, r#"{"messages": [], "calls": []}"#));
    let client = Client::builder(credentials(), Delivery::Off)
        .with_transport(transport.clone())
        .build()
        .unwrap();
    let known = |sid: &str| sid.ends_with('9');
    let found = client.look_for(request, sent_at(), known).await.unwrap();
    let lists = transport.requests();
    assert!(lists.iter().all(|list| list.method() == "GET"));
    found
}

#[tokio::test]
async fn a_request_is_found_without_an_error() {
    let found = look_for(&send(), vec![entry(9, json!({})), entry(1, json!({}))]).await;
    let Reconciled::Sent(message) = found else {
        panic!("one message is equal, and not known");
    };
    assert_eq!(message.sid.as_str(), format!("SM{:032}", 1));
    let other = entry(1, json!({"body": "Another text"}));
    for entries in [vec![], vec![other], vec![entry(9, json!({}))]] {
        let found = look_for(&send(), entries).await;
        assert!(matches!(found, Reconciled::NotFound));
    }
}

#[tokio::test]
async fn each_reason_of_an_unclear_result_is_named() {
    let minutes_off = json!({"date_created": "Thu, 24 Aug 2023 05:07:47 +0000"});
    let unreadable = json!({"sid": 17});
    let twins = vec![entry(1, json!({})), entry(2, json!({}))];
    for (request, entries, candidates, reason) in [
        (send(), twins, 2, UnclearReason::SeveralMatches),
        (
            send(),
            vec![entry(1, json!({"body": ""}))],
            1,
            UnclearReason::NoText,
        ),
        (
            send().shorten_urls(true),
            vec![entry(1, json!({"body": "Another text"}))],
            1,
            UnclearReason::RewrittenText,
        ),
        (
            send(),
            vec![entry(1, json!({"num_media": "1"}))],
            1,
            UnclearReason::OtherMediaCount,
        ),
        (send(), vec![entry(1, minutes_off)], 1, UnclearReason::Time),
        (
            send().address_retention(AddressRetention::Obfuscate),
            vec![],
            0,
            UnclearReason::NotListed,
        ),
        (send(), vec![unreadable], 1, UnclearReason::UnreadableEntry),
    ] {
        let found = look_for(&request, entries).await;
        let Reconciled::Unclear {
            candidates: counted,
            compared_by,
            reasons,
            ..
        } = found
        else {
            panic!("{reason:?}: {found:?}");
        };
        assert_eq!(reasons, [reason]);
        assert_eq!((counted, compared_by), (candidates, ComparedBy::Text));
    }

    let call = PlaceCall::new(
        number(TO),
        number(FROM),
        InlineTwiml::from_xml("<Response/>"),
    );
    let placed = entry(1, json!({"sid": format!("CA{:032}", 1)}));
    let found = look_for(&call, vec![placed]).await;
    let Reconciled::Unclear {
        compared_by,
        reasons,
        ..
    } = found
    else {
        panic!("{found:?}");
    };
    assert_eq!(compared_by, ComparedBy::Time);
    assert_eq!(reasons, [UnclearReason::NoContentOfCall]);
}
