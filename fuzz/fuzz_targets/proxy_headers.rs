//! Headers of proxies: only the proxy's own values count, whatever the sender wrote.
//!
//! Input: `F` (Forwarded) or `X` (X-Forwarded-*) and networks on the first line. After it come the
//! headers before the proxy added its own part, one line for each field.
#![no_main]

use std::net::IpAddr;

use clinspark_twilio::webhook::{ForwardedHeaders, PublicOrigin, TrustedProxies};
use http::{HeaderMap, HeaderName, HeaderValue, Request};
use libfuzzer_sys::fuzz_target;

const PEER: &str = "10.0.0.1";
const STRANGER: &str = "192.0.2.7";
const TRUE_ORIGIN: &str = "https://acme.example.com";

fuzz_target!(|data: &str| {
    let (head, sent) = data.split_once('\n').unwrap_or((data, ""));
    let (kind, networks) = head.split_at_checked(1).unwrap_or((head, ""));
    let kind = match kind {
        "F" => ForwardedHeaders::Forwarded,
        "X" => ForwardedHeaders::XForwarded,
        _ => return,
    };
    // Networks of any format are parsed or refused.
    let others: Vec<_> = networks
        .split(' ')
        .filter_map(|text| text.parse().ok())
        .collect();
    let any = others
        .into_iter()
        .fold(TrustedProxies::new(kind), TrustedProxies::add_network);
    let one = TrustedProxies::new(kind).add_network(PEER.parse().unwrap());
    let (peer, stranger): (IpAddr, IpAddr) = (PEER.parse().unwrap(), STRANGER.parse().unwrap());

    let raw = request(&fields(kind, sent));
    assert!(
        one.origin(stranger, &raw).is_none(),
        "an untrusted peer is trusted"
    );
    for origin in [any.origin(stranger, &raw), one.origin(peer, &raw)]
        .into_iter()
        .flatten()
    {
        let again = PublicOrigin::parse(origin.as_str()).unwrap();
        assert_eq!(again.as_str(), origin.as_str());
    }

    // The proxy adds its own field, or appends to the last one.
    for joint in [true, false] {
        let mut headers = fields(kind, sent);
        for (name, value) in proxys_own(kind) {
            let name = HeaderName::from_static(name);
            let last = headers.get_all(&name).iter().next_back().cloned();
            match last.filter(|_| joint) {
                Some(last) => append_to_last(&mut headers, &name, &last, value),
                None => {
                    headers.append(name, HeaderValue::from_static(value));
                }
            }
        }
        if let Some(origin) = one.origin(peer, &request(&headers)) {
            assert_eq!(
                origin.as_str(),
                TRUE_ORIGIN,
                "the sender determines the origin"
            );
        }
    }
});

fn proxys_own(kind: ForwardedHeaders) -> &'static [(&'static str, &'static str)] {
    match kind {
        ForwardedHeaders::Forwarded => &[(
            "forwarded",
            "for=192.0.2.7;proto=https;host=acme.example.com",
        )],
        _ => &[
            ("x-forwarded-for", "192.0.2.7"),
            ("x-forwarded-host", "acme.example.com"),
            ("x-forwarded-port", "443"),
            ("x-forwarded-proto", "https"),
        ],
    }
}

/// Adds the lines as fields of the headers of this kind, in turn.
fn fields(kind: ForwardedHeaders, sent: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let names = proxys_own(kind).iter().map(|(name, _)| *name).cycle();
    for (name, line) in names.zip(sent.split('\n')) {
        if let Ok(value) = HeaderValue::from_str(line)
            && !line.is_empty()
        {
            headers.append(name, value);
        }
    }
    headers
}

fn append_to_last(headers: &mut HeaderMap, name: &HeaderName, last: &HeaderValue, value: &str) {
    let mut all: Vec<_> = headers.get_all(name).iter().cloned().collect();
    all.pop();
    let joined = [last.as_bytes(), b", ", value.as_bytes()].concat();
    all.push(HeaderValue::from_bytes(&joined).unwrap());
    headers.remove(name);
    for value in all {
        headers.append(name, value);
    }
}

fn request(headers: &HeaderMap) -> Request<()> {
    let mut request = Request::new(());
    *request.headers_mut() = headers.clone();
    let host = HeaderValue::from_static("internal:8080");
    request.headers_mut().insert("host", host);
    request
}
