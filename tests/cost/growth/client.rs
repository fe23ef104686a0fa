//! Settings, and responses of the REST API.

use std::hint::black_box;

use clinspark_twilio::client::messages::{FetchMessage, ListMessages};
use clinspark_twilio::client::testing::{FakeTransport, Reply};
use clinspark_twilio::client::{Client, Credentials, Delivery, RetryPolicy};
use clinspark_twilio::clinspark::Settings;
use clinspark_twilio::messenger::{MessageId, TimeOfDay, TimeZone};
use clinspark_twilio::types::{AccountSid, AuthToken, MessageSid};
use serde_json::{Value, json};

use super::{Parser, Run, assert_growth};

const ACCOUNT: &str = "AC00000000000000000000000000000001";
const MESSAGE: &str = "SM00000000000000000000000000000001";

#[test]
fn settings_grow_with_their_text() {
    assert_growth(&[
        Parser {
            name: "settings, every variable",
            size: 2 << 10,
            prepare: |shape, size| {
                let text = shape.pieces(size).join(",");
                Box::new(move || {
                    let _ = black_box(Settings::from_vars(|_| Some(text.clone())));
                })
            },
        },
        Parser {
            name: "settings, recipients",
            size: 4 << 10,
            prepare: |shape, size| {
                let pieces = shape.pieces(size);
                let number = |index| format!("+1415{:07}", index % 10_000_000);
                let numbers: Vec<_> = (0..pieces.len()).map(number).collect();
                let delivery = format!("only:{}", numbers.join(","));
                Box::new(move || {
                    let _ = black_box(Settings::from_vars(|name| match name {
                        "CLINSPARK_DELIVERY" => Some(delivery.clone()),
                        _ => None,
                    }));
                })
            },
        },
        Parser {
            name: "settings, file",
            size: 4 << 10,
            prepare: |shape, size| {
                let file = json!({ "domain": shape.pieces(size).concat(), "delivery": "off" });
                let file = file.to_string();
                Box::new(move || {
                    let _ = black_box(serde_json::from_str::<Settings>(&file));
                })
            },
        },
        Parser {
            name: "MessageId, Zone, TimeOfDay",
            size: 8 << 10,
            prepare: |shape, size| {
                let text = shape.pieces(size).join("/");
                Box::new(move || {
                    let _ = black_box(MessageId::parse(&text));
                    let _ = black_box(TimeZone::parse(&text));
                    let _ = black_box(TimeOfDay::parse(&text));
                })
            },
        },
    ]);
}

#[test]
fn responses_grow_with_their_body() {
    assert_growth(&[
        Parser {
            name: "page, items",
            size: 4 << 10,
            prepare: |shape, size| {
                let items: Vec<_> = shape
                    .pieces(size)
                    .iter()
                    .map(|piece| message(piece))
                    .collect();
                list(json!({ "messages": items, "next_page_uri": null }).to_string())
            },
        },
        Parser {
            name: "page, unknown fields",
            size: 8 << 10,
            prepare: |shape, size| {
                let pieces = shape.pieces(size);
                let fields = pieces.iter().map(|piece| (piece.clone(), json!(piece)));
                let mut page = json!({ "messages": [], "next_page_uri": null });
                page.as_object_mut().unwrap().extend(fields);
                list(page.to_string())
            },
        },
        Parser {
            name: "item, unknown fields",
            size: 8 << 10,
            prepare: |shape, size| {
                let pieces = shape.pieces(size);
                let fields = pieces.iter().map(|piece| (piece.clone(), json!(piece)));
                let mut item = message("");
                item.as_object_mut().unwrap().extend(fields);
                fetch(200, item.to_string())
            },
        },
        Parser {
            name: "item, repeated fields",
            size: 8 << 10,
            prepare: |shape, size| {
                let pieces = shape.pieces(size);
                let fields = pieces
                    .iter()
                    .map(|piece| format!("\"body\": {}", json!(piece)));
                let fields = fields.collect::<Vec<_>>().join(",");
                fetch(200, format!(r#"{{"sid": "{MESSAGE}", {fields}}}"#))
            },
        },
        Parser {
            name: "item, half an emoji after another",
            size: 8 << 10,
            prepare: |shape, size| {
                let pieces = shape.pieces(size);
                let texts = pieces.iter().map(|piece| json!(piece).to_string());
                let text = texts.map(|text| text.replace('"', "")).collect::<Vec<_>>();
                let text = text.join(r"\ud83d");
                fetch(200, format!(r#"{{"sid": "{MESSAGE}", "body": "{text}"}}"#))
            },
        },
        Parser {
            name: "item, anything",
            size: 16 << 10,
            prepare: |shape, size| fetch(200, shape.pieces(size).concat()),
        },
        Parser {
            name: "error, JSON",
            size: 16 << 10,
            prepare: |shape, size| {
                let text = shape.pieces(size).concat();
                let error = json!({ "code": 20404, "message": text, "more_info": text });
                fetch(404, error.to_string())
            },
        },
        Parser {
            name: "error, XML",
            size: 16 << 10,
            prepare: |shape, size| {
                let text = shape.pieces(size).concat().replace(['<', '&'], "x");
                let error = format!(
                    "<TwilioResponse><RestException><Message>{text}</Message><Code>20404</Code>\
                     </RestException></TwilioResponse>"
                );
                fetch(404, error)
            },
        },
        Parser {
            name: "error, anything",
            size: 16 << 10,
            prepare: |shape, size| fetch(404, shape.pieces(size).concat()),
        },
        Parser {
            name: "next page",
            size: 2 << 10,
            prepare: |shape, size| {
                let query = shape.pieces(size).join("&");
                let link = format!("/2010-04-01/Accounts/{ACCOUNT}/Messages.json?{query}");
                list(json!({ "messages": [], "next_page_uri": link }).to_string())
            },
        },
    ]);
}

fn message(body: &str) -> Value {
    json!({ "sid": MESSAGE, "account_sid": ACCOUNT, "status": "sent", "body": body })
}

fn client(transport: &FakeTransport) -> Client {
    let account = AccountSid::parse(ACCOUNT).unwrap();
    let credentials = Credentials::auth_token(account, AuthToken::new("12345").unwrap());
    Client::builder(credentials, Delivery::Off)
        .with_transport(transport.clone())
        // A retry would parse the same response twice.
        .retry(RetryPolicy::none())
        .build()
        .unwrap()
}

fn runtime() -> tokio::runtime::Runtime {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build();
    runtime.unwrap()
}

fn list(page: String) -> Run {
    let runtime = runtime();
    Box::new(move || {
        // A new transport and client for each run, because a fake reply is used once.
        let transport = FakeTransport::new().reply(Reply::json(200, page.as_str()));
        let mut list = client(&transport).list(ListMessages::new());
        runtime.block_on(async { while black_box(list.next().await).is_some() {} });
    })
}

fn fetch(status: u16, body: String) -> Run {
    let runtime = runtime();
    let request = FetchMessage::new(MessageSid::parse(MESSAGE).unwrap());
    Box::new(move || {
        let transport = FakeTransport::new().reply(Reply::json(status, body.as_str()));
        let client = client(&transport);
        let _ = black_box(runtime.block_on(client.execute(request.clone())));
    })
}
