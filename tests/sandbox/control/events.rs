//! Stream of events: from a cursor, after a reconnect, at its limits.

use std::time::Duration;

use reqwest::Response;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpSocket;
use tokio::time::timeout;

use super::client::{Control, Stage, error};
use crate::app::{CLINIC, VOLUNTEER};

/// An event of the stream.
#[derive(Debug)]
struct Event {
    id: String,
    kind: String,
    data: Value,
}

struct Stream {
    response: Response,
    text: String,
}

impl Stream {
    async fn open(control: &Control, query: &str, last: Option<&str>) -> Self {
        let mut request = control.http.get(format!("{}/events{query}", control.url));
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let text = String::new();
        Self { response, text }
    }

    /// Returns the next event.
    async fn next(&mut self) -> Event {
        loop {
            while let Some((block, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| {
                    let mut lines = block.lines();
                    lines
                        .find_map(|line| line.strip_prefix(name))
                        .map(str::to_owned)
                };
                let event = field("event: ").map(|kind| Event {
                    id: field("id: ").unwrap(),
                    kind,
                    data: serde_json::from_str(&field("data: ").unwrap()).unwrap(),
                });
                let rest = rest.to_owned();
                self.text = rest;
                if let Some(event) = event {
                    return event;
                }
            }
            let chunk = timeout(Duration::from_secs(10), self.response.chunk()).await;
            let chunk = chunk
                .expect("an event within ten seconds")
                .unwrap()
                .expect("the stream goes on");
            self.text.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    /// Returns the events until one that `is_last` accepts.
    async fn until(&mut self, is_last: impl Fn(&Event) -> bool) -> Vec<Event> {
        let mut events = Vec::new();
        loop {
            let event = self.next().await;
            let done = is_last(&event);
            events.push(event);
            if done {
                return events;
            }
        }
    }
}

async fn text(control: &Control, body: &str) -> Value {
    let path = format!("/phones/{VOLUNTEER}/messages?wait=5");
    let sent = control
        .act(&path, &json!({"to": CLINIC, "body": body}))
        .await;
    sent["message"].clone()
}

#[tokio::test]
async fn a_change_comes_with_the_newest_value_of_each_entity() {
    let stage = Stage::start().await;
    let (app, control) = (&stage.app, stage.control.clone());
    app.twiml("/sms", "<Message>Thanks</Message>");
    let snapshot = control.read("/snapshot").await;
    let after = format!("?after={}", snapshot["cursor"].as_str().unwrap());
    let mut stream = Stream::open(&control, &after, None).await;
    let sent = text(&control, "Yes").await;
    let is_reply = |event: &Event| {
        event.kind == "message"
            && event.data["body"] == "Thanks"
            && event.data["status"] == "delivered"
    };
    let events = stream.until(is_reply).await;
    let of = |kind: &str| {
        events
            .iter()
            .rev()
            .find(|event| event.kind == kind)
            .unwrap()
    };
    assert!(events.iter().any(|event| event.data["sid"] == sent["sid"]));
    assert_eq!(of("group").data["id"], sent["group"]);
    assert_eq!(of("phone").data["number"], VOLUNTEER);
    let cursors: Vec<u64> = events
        .iter()
        .map(|event| event.id.parse().unwrap())
        .collect();
    assert!(cursors.is_sorted(), "{cursors:?}");

    control
        .act("/faults", &json!({"fault": "lose_webhook"}))
        .await;
    let world = stream
        .until(|event| event.kind == "world")
        .await
        .pop()
        .unwrap();
    assert_eq!(world.data["faults"][0]["title"], "webhook lost");
    control
        .patch(
            &format!("/numbers/{CLINIC}"),
            &json!({"friendly_name": "Clinic"}),
        )
        .await;
    let number = stream
        .until(|event| event.kind == "number")
        .await
        .pop()
        .unwrap();
    assert_eq!(number.data["name"], "Clinic");
    text(&control, "Lost").await;
    let alert = stream
        .until(|event| event.kind == "alert")
        .await
        .pop()
        .unwrap();
    assert_eq!(alert.data["code"], 11205);
}

#[tokio::test]
async fn a_reconnect_loses_nothing() {
    let stage = Stage::start().await;
    let control = stage.control.clone();
    let mut stream = Stream::open(&control, "", None).await;
    let first = text(&control, "One").await;
    let is_first = |event: &Event| event.kind == "message" && event.data["sid"] == first["sid"];
    let last = stream.until(is_first).await.pop().unwrap().id;
    drop(stream);
    let second = text(&control, "Two").await;
    // The header wins over the query, which a browser repeats.
    let mut stream = Stream::open(&control, "?after=0", Some(&last)).await;
    let is_second = |event: &Event| event.kind == "message" && event.data["sid"] == second["sid"];
    stream.until(is_second).await;
}

#[tokio::test]
async fn an_unknown_cursor_begins_with_a_reset() {
    let stage = Stage::start().await;
    let control = stage.control.clone();
    let mut stream = Stream::open(&control, "?after=999999", None).await;
    let event = stream.next().await;
    assert_eq!((event.kind.as_str(), &event.data), ("reset", &json!({})));
    text(&control, "Yes").await;
    stream.until(|event| event.kind == "message").await;
    for query in ["?after=x", "?after=-1", "?before=1"] {
        let refused = control.get(&format!("/events{query}")).await;
        assert_eq!(error(refused), (400, "invalid_query".to_owned()));
    }
    let request = control.http.get(format!("{}/events", control.url));
    let refused = request.header("last-event-id", "x").send().await.unwrap();
    assert_eq!(refused.status(), 400);
}

#[tokio::test]
async fn a_burst_is_sent_as_few_events() {
    let stage = Stage::start().await;
    let control = stage.control.clone();
    let mut stream = Stream::open(&control, "", None).await;
    let path = format!("/numbers/{CLINIC}");
    for count in 0..100 {
        let name = json!({"friendly_name": format!("Clinic {count}")});
        control.patch(&path, &name).await;
    }
    let is_last = |event: &Event| event.data["name"] == "Clinic 99";
    let events = stream.until(is_last).await;
    let numbers = events.iter().filter(|event| event.kind == "number").count();
    assert!(numbers < 100, "{numbers} events");
}

#[tokio::test]
async fn at_most_64_streams_are_open() {
    let stage = Stage::start().await;
    let control = stage.control.clone();
    let mut streams = Vec::new();
    for _ in 0..64 {
        streams.push(Stream::open(&control, "", None).await);
    }
    let refused = control.get("/events").await;
    assert_eq!(error(refused), (503, "busy".to_owned()));
    // Other requests work, and a closed stream makes room.
    assert_eq!(control.read("/health").await["status"], "ok");
    streams.pop();
    let mut tries = 0;
    while control.send("GET", "/events", None).await.status() != 200 {
        tries += 1;
        assert!(tries < 1_000, "the closed stream still counts");
        tokio::task::yield_now().await;
    }
}

/// Its connection stays open, and its buffers full.
#[tokio::test]
async fn the_place_of_a_reader_that_never_reads_is_freed() {
    let stage = Stage::start().await;
    let control = stage.control.clone();
    let address = stage.sandbox.base_url().strip_prefix("http://").unwrap();
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut stalled = socket.connect(address.parse().unwrap()).await.unwrap();
    let request = format!("GET /_sandbox/events HTTP/1.1\r\nHost: {address}\r\n\r\n");
    stalled.write_all(request.as_bytes()).await.unwrap();
    stalled.readable().await.unwrap();
    // More than the server's socket and queue hold: 6 MB.
    let long = "\u{1f4e9}".repeat(1_600);
    for _ in 0..1_000 {
        let path = format!("/phones/{VOLUNTEER}/messages");
        control
            .act(&path, &json!({"to": CLINIC, "body": long}))
            .await;
    }
    let mut streams = Vec::new();
    for _ in 0..63 {
        streams.push(Stream::open(&control, "", None).await);
    }
    let refused = control.get("/events").await;
    assert_eq!(error(refused), (503, "busy".to_owned()));

    let mut tries = 0;
    while control.send("GET", "/events", None).await.status() != 200 {
        tries += 1;
        assert!(tries < 100, "the stalled stream still counts");
        // The time in which a client must read passes at once.
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(31)).await;
        tokio::time::resume();
    }
    drop(stalled);
}

#[tokio::test]
async fn a_stream_ends_with_its_sandbox_and_is_no_work() {
    let Stage {
        sandbox,
        app: _app,
        control,
    } = Stage::start().await;
    let mut stream = Stream::open(&control, "", None).await;
    sandbox.wait_idle().await.unwrap();
    drop(sandbox);
    let end = async { while let Ok(Some(_)) = stream.response.chunk().await {} };
    timeout(Duration::from_secs(10), end)
        .await
        .expect("the stream ends");
}

#[tokio::test]
async fn a_reset_is_an_event_after_which_the_stream_goes_on() {
    let stage = Stage::start().await;
    let control = stage.control.clone();
    let mut stream = Stream::open(&control, "", None).await;
    text(&control, "Before").await;
    control.act("/reset", &json!({})).await;
    stream.until(|event| event.kind == "reset").await;
    let sent = text(&control, "After").await;
    let is_sent = |event: &Event| event.kind == "message" && event.data["sid"] == sent["sid"];
    stream.until(is_sent).await;
}
