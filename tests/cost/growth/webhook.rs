//! Signatures, payloads, proxies.
//!
//! `diagnose` is not included: it has a fixed limit of work, which `webhook/diagnose_bounds.rs`
//! tests.

use std::fmt::Write as _;
use std::hint::black_box;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use clinspark_twilio::types::{self, AuthToken};
use clinspark_twilio::webhook::{
    ForwardedHeaders, InboundMessage, IntelligenceCallback, Keys, PublicOrigin,
    RealTimeTranscription, ReplayKey, SIGNATURE_HEADER, TrustedProxies, Validator, Verified,
    WebhookEvent, body_sha256,
};
use http::{HeaderValue, Method, Request, header};
use serde_json::json;

use super::{Parser, Run, assert_growth};

const ORIGIN: &str = "https://acme.example.com";
const SIGNATURE: HeaderValue = HeaderValue::from_static("AAAAAAAAAAAAAAAAAAAAAAAAAAA=");
const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");
const PEER: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1));

/// A body that is cheap to clone, so that a run measures only the crate.
type Body = Arc<[u8]>;

#[test]
fn signatures_grow_with_the_request() {
    assert_growth(&[
        Parser {
            name: "verify, values of one name",
            size: 8 << 10,
            prepare: |shape, size| verify(form(&values(&shape.pieces(size)))),
        },
        Parser {
            name: "verify, names",
            size: 8 << 10,
            prepare: |shape, size| verify(form(&names(&shape.pieces(size)))),
        },
        Parser {
            name: "verify, raw body",
            size: 8 << 10,
            prepare: |shape, size| verify(form(&shape.pieces(size).join("&"))),
        },
        Parser {
            name: "verify, query",
            size: 1 << 10,
            prepare: |shape, size| verify(get(&values(&shape.pieces(size)))),
        },
        Parser {
            name: "verify_websocket, query",
            size: 1 << 10,
            prepare: |shape, size| verify_websocket(get(&values(&shape.pieces(size)))),
        },
        Parser {
            name: "verify, JSON body",
            size: 16 << 10,
            prepare: |shape, size| verify(json(&shape.pieces(size).concat())),
        },
    ]);
}

#[test]
fn payloads_grow_with_the_form() {
    assert_growth(&[
        Parser {
            name: "WebhookEvent, names",
            size: 4 << 10,
            prepare: |shape, size| read_event(&names(&few(&shape.pieces(size)))),
        },
        Parser {
            name: "WebhookEvent, values of one name",
            size: 4 << 10,
            prepare: |shape, size| read_event(&values(&few(&shape.pieces(size)))),
        },
        Parser {
            name: "InboundMessage, media",
            size: 4 << 10,
            prepare: |shape, size| read_media(&few(&shape.pieces(size))),
        },
        Parser {
            name: "parameter, ReplayKey",
            size: 8 << 10,
            prepare: |shape, size| {
                let verified = signed(&names(&few(&shape.pieces(size))));
                Box::new(move || {
                    black_box(verified.parameter("Z"));
                    black_box(verified.parameters().count());
                    black_box(ReplayKey::of(&verified));
                })
            },
        },
    ]);
}

#[test]
fn transcripts_grow_with_the_body() {
    assert_growth(&[
        Parser {
            name: "RealTimeTranscription, TranscriptionData",
            size: 8 << 10,
            prepare: |shape, size| {
                let data = json!({ "transcript": shape.pieces(size).concat() });
                transcription(&data.to_string())
            },
        },
        Parser {
            name: "RealTimeTranscription, anything",
            size: 8 << 10,
            prepare: |shape, size| transcription(&shape.pieces(size).concat()),
        },
        Parser {
            name: "IntelligenceCallback, members",
            size: 4 << 10,
            prepare: |shape, size| intelligence(&members(&few(&shape.pieces(size)))),
        },
        Parser {
            name: "IntelligenceCallback, anything",
            size: 8 << 10,
            prepare: |shape, size| intelligence(&shape.pieces(size).concat()),
        },
    ]);
}

#[test]
fn origins_grow_with_the_headers() {
    assert_growth(&[
        Parser {
            name: "X-Forwarded-*",
            size: 1 << 10,
            prepare: |shape, size| {
                let list = text(&shape.pieces(size), ", ");
                forwarded(
                    ForwardedHeaders::XForwarded,
                    &[
                        ("x-forwarded-for", &list),
                        ("x-forwarded-host", &list),
                        ("x-forwarded-port", &list),
                        ("x-forwarded-proto", &list),
                    ],
                )
            },
        },
        Parser {
            name: "X-Forwarded-For, trusted addresses",
            size: 1 << 10,
            prepare: |shape, size| {
                let hops = vec!["10.0.0.2"; shape.pieces(size).len()].join(",");
                let hosts = text(&shape.pieces(size), ",");
                forwarded(
                    ForwardedHeaders::XForwarded,
                    &[
                        ("x-forwarded-for", &hops),
                        ("x-forwarded-host", &hosts),
                        ("x-forwarded-proto", &hops.replace("10.0.0.2", "https")),
                    ],
                )
            },
        },
        Parser {
            name: "Forwarded",
            size: 1 << 10,
            prepare: |shape, size| {
                let pieces = shape.pieces(size);
                let elements = pieces.iter().map(|piece| {
                    let host = text(std::slice::from_ref(piece), "");
                    format!("for=10.0.0.2;proto=https;host=\"{host}\"")
                });
                let list = elements.collect::<Vec<_>>().join(", ");
                forwarded(ForwardedHeaders::Forwarded, &[("forwarded", &list)])
            },
        },
        Parser {
            name: "Forwarded, raw",
            size: 1 << 10,
            prepare: |shape, size| {
                let list = text(&shape.pieces(size), ";");
                forwarded(ForwardedHeaders::Forwarded, &[("forwarded", &list)])
            },
        },
        Parser {
            name: "PublicOrigin",
            size: 1 << 10,
            prepare: |shape, size| {
                let origin = format!("https://{}", shape.pieces(size).join("."));
                Box::new(move || {
                    let _ = black_box(PublicOrigin::parse(&origin));
                })
            },
        },
    ]);
}

/// Percent-encodes everything except letters and digits.
fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            out.push(byte.into());
        } else {
            write!(out, "%{byte:02X}").unwrap();
        }
    }
    out
}

fn values(pieces: &[String]) -> String {
    let pairs = pieces.iter().map(|piece| format!("a={}", encoded(piece)));
    pairs.collect::<Vec<_>>().join("&")
}

fn names(pieces: &[String]) -> String {
    let pairs = pieces.iter().map(|piece| encoded(piece) + "=1");
    pairs.collect::<Vec<_>>().join("&")
}

/// Joins pieces to text that is valid in a header.
fn text(pieces: &[String], separator: &str) -> String {
    let joined = pieces.join(separator);
    joined.replace(|c: char| !c.is_ascii_graphic() && c != ' ', "~")
}

fn request(method: Method, target: &str, body: &[u8]) -> Request<Body> {
    let request = Request::builder()
        .method(method)
        .uri(target)
        .header(SIGNATURE_HEADER, SIGNATURE);
    request.body(body.into()).unwrap()
}

fn form(body: &str) -> Request<Body> {
    let mut request = request(Method::POST, "/sms", body.as_bytes());
    request.headers_mut().insert(header::CONTENT_TYPE, FORM);
    request
}

fn get(query: &str) -> Request<Body> {
    let target = format!("/relay?{query}");
    let mut request = request(Method::GET, &target, &[]);
    // Without it, `verify_websocket` refuses the request before it reads the query.
    let upgrade = HeaderValue::from_static("websocket");
    request.headers_mut().insert(header::UPGRADE, upgrade);
    request
}

/// Returns a request whose signed hash is that of another body.
fn json(body: &str) -> Request<Body> {
    let target = format!("/studio?bodySHA256={}", body_sha256(b"{}"));
    let mut request = request(Method::POST, &target, body.as_bytes());
    let signature = validator().sign(&request).parse().unwrap();
    request.headers_mut().insert(SIGNATURE_HEADER, signature);
    request
}

fn keys() -> Keys {
    Keys::new(AuthToken::new("12345").unwrap())
}

fn validator() -> Validator {
    let origin = PublicOrigin::parse(ORIGIN).unwrap();
    Validator::with_key_source(keys(), origin)
        .methods([types::Method::Post, types::Method::Get])
        // Above the largest body, which the default limit would refuse unread.
        .body_limit(1 << 20)
}

fn verify(request: Request<Body>) -> Run {
    let validator = validator();
    Box::new(move || {
        black_box(validator.verify(request.clone())).unwrap_err();
    })
}

fn verify_websocket(request: Request<Body>) -> Run {
    let validator = validator();
    Box::new(move || {
        black_box(validator.verify_websocket(request.clone())).unwrap_err();
    })
}

/// Joins pieces until there are at most 200: a form may have few parameters, and more are added.
fn few(pieces: &[String]) -> Vec<String> {
    let joined = pieces.len().div_ceil(200);
    pieces
        .chunks(joined.max(1))
        .map(<[String]>::concat)
        .collect()
}

fn signed(form: &str) -> Verified<Body> {
    let mut request = self::form(form);
    let signature = validator().sign(&request).parse().unwrap();
    request.headers_mut().insert(SIGNATURE_HEADER, signature);
    validator().verify(request).unwrap()
}

fn read_event(form: &str) -> Run {
    let verified = signed(form);
    Box::new(move || {
        let _ = black_box(verified.parse::<WebhookEvent>());
    })
}

fn transcription(data: &str) -> Run {
    let verified = signed(&format!(
        "AccountSid=AC00000000000000000000000000000001&CallSid=CA00000000000000000000000000000001\
         &TranscriptionSid=GT00000000000000000000000000000001\
         &TranscriptionEvent=transcription-content&TranscriptionData={}",
        encoded(data)
    ));
    Box::new(move || {
        let _ = black_box(verified.parse::<RealTimeTranscription>());
    })
}

/// Returns an object with a member for each piece.
fn members(pieces: &[String]) -> String {
    let members = pieces.iter().map(|piece| format!("{0}:{0}", json!(piece)));
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

fn intelligence(body: &str) -> Run {
    let target = format!("/studio?bodySHA256={}", body_sha256(body.as_bytes()));
    let mut request = request(Method::POST, &target, body.as_bytes());
    let signature = validator().sign(&request).parse().unwrap();
    request.headers_mut().insert(SIGNATURE_HEADER, signature);
    let verified = validator().verify(request).unwrap();
    Box::new(move || {
        let _ = black_box(IntelligenceCallback::from_verified(&verified));
    })
}

fn read_media(pieces: &[String]) -> Run {
    let mut form = format!(
        "AccountSid=AC00000000000000000000000000000001&MessageSid=SM00000000000000000000000000000001\
         &From=%2B14155550123&To=%2B14155550199&Body=&NumMedia={}",
        pieces.len()
    );
    for (index, piece) in pieces.iter().enumerate() {
        let piece = encoded(piece);
        write!(
            form,
            "&MediaUrl{index}={piece}&MediaContentType{index}=image"
        )
        .unwrap();
    }
    let verified = signed(&form);
    Box::new(move || {
        let _ = black_box(verified.parse::<InboundMessage>());
    })
}

fn forwarded(kind: ForwardedHeaders, headers: &[(&'static str, &str)]) -> Run {
    let proxies = TrustedProxies::new(kind).add_network("10.0.0.0/8".parse().unwrap());
    let mut request = request(Method::POST, "/sms", &[]);
    for (name, value) in headers {
        let value = HeaderValue::from_str(value).unwrap();
        request.headers_mut().insert(*name, value);
    }
    Box::new(move || {
        black_box(proxies.origin(PEER, &request));
    })
}
