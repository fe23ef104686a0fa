//! Forwarded headers, of which the sender may have written a part.

use clinspark_twilio::webhook::{ForwardedHeaders, TrustedProxies};
use http::{HeaderValue, Request};

/// What a declared proxy forwards, where the sender may have written part of it.
fn forwarded(headers: ForwardedHeaders, fields: &[(&str, &[u8])]) -> Option<String> {
    let proxies = TrustedProxies::new(headers)
        .add_network("10.0.0.0/8".parse().unwrap())
        .add_network("2001:db8::/32".parse().unwrap());
    let mut request = Request::post("/p").header("host", "evil.example");
    for (name, value) in fields {
        request = request.header(*name, HeaderValue::from_bytes(value).unwrap());
    }
    let origin = proxies.origin("10.0.0.1".parse().unwrap(), &request.body("").unwrap());
    origin.map(|origin| origin.as_str().to_owned())
}

/// Each is what a sender writes; the proxy appends its own element to it.
#[test]
fn no_field_of_the_sender_swallows_the_element_of_the_proxy() {
    let senders: [&[u8]; 12] = [
        br#"proto=https;host=evil.example;for="x"#,
        br#"proto=https;host=evil.example;for="x\"#,
        br#"proto=https;host=evil.example;for="x\\"#,
        br#"proto=https;host=evil.example;for="x\""#,
        br#"proto=https;host=evil.example, for=""#,
        br#"proto=https;host=evil.example;x="a";y=""#,
        b"proto=https;host=evil.example;for=\xE9",
        b"proto=https;host=evil.example\xFF",
        b"proto=https;host=evil.example",
        b"proto=https;host=evil.example,",
        br#"proto=https;host=evil.example;for="[2001:db8::9]""#,
        b"",
    ];
    let appended: [&[u8]; 3] = [
        b"for=192.0.2.7;proto=https;host=a.example",
        br#"for="[2001:db9::1]:80";proto=https;host="a.example""#,
        br#"for="_x\"y";host=a.example;proto=https"#,
    ];
    for (sender, own) in senders
        .iter()
        .flat_map(|sender| appended.map(|own| (*sender, own)))
    {
        let joined = [sender, b", ", own].concat();
        let fields: [&[(&str, &[u8])]; 3] = [
            &[("forwarded", &joined)],
            &[
                ("forwarded", b"proto=https;host=evil.example"),
                ("forwarded", &joined),
            ],
            &[("forwarded", sender), ("forwarded", own)],
        ];
        for fields in fields {
            let origin = forwarded(ForwardedHeaders::Forwarded, fields);
            assert!(
                origin.is_none() || origin.as_deref() == Some("https://a.example"),
                "{origin:?} of {}",
                joined.escape_ascii()
            );
        }
    }
    let origin = |value: &[u8]| forwarded(ForwardedHeaders::Forwarded, &[("forwarded", value)]);
    let own = "https://a.example";
    for (value, right) in [
        (
            &br#"For="[2001:db9::1]:80" ; Proto=HTTPS;\tHost=a.example"#[..],
            None,
        ),
        (
            b"For=\"[2001:db9::1]:80\" ; Proto=HTTPS;\tHost=a.example",
            Some(own),
        ),
        (br#"proto=wss;host="a\.example""#, Some(own)),
        (b"proto=ws;host=a.example", Some("http://a.example")),
        (
            b"proto=https;host=a.example;secret=_1;by=10.0.0.1",
            Some(own),
        ),
        (b", ,proto=https;host=a.example;, ,", Some(own)),
        (
            b"proto=https;host=evil.example, for=unknown;proto=https;host=a.example",
            Some(own),
        ),
        (
            b"proto=https;host=evil.example, for=_gw;proto=https;host=a.example",
            Some(own),
        ),
        (b"proto=https", None),
        (b"host=a.example", None),
        (b"proto=https;host=a.example;host=b.example", None),
        (b"proto=https;host=\"a.example\"b", None),
        (b"proto=https;host=a.example/x", None),
        (b"proto=gopher;host=a.example", None),
        (b"proto=https;host", None),
        (b"", None),
    ] {
        assert_eq!(origin(value).as_deref(), right, "{}", value.escape_ascii());
    }
}

#[test]
fn x_forwarded_as_proxies_write_it() {
    let origin = |fields: &[(&str, &[u8])]| forwarded(ForwardedHeaders::XForwarded, fields);
    let host: (&str, &[u8]) = ("x-forwarded-host", b"a.example");
    for (proto, right) in [
        (&b"https"[..], Some("https://a.example")),
        (b"HTTPS", Some("https://a.example")),
        (b"wss", Some("https://a.example")),
        (b"Wss", Some("https://a.example")),
        (b"ws", Some("http://a.example")),
        (b"HTTP", Some("http://a.example")),
        (b" https\t", Some("https://a.example")),
        (b"http, https", Some("https://a.example")),
        (b", https,, ", Some("https://a.example")),
        (b"", None),
        (b",", None),
        (b"htt\xFFps", None),
        (b"\"https\"", None),
    ] {
        let told = origin(&[("x-forwarded-proto", proto), host]);
        assert_eq!(told.as_deref(), right, "{}", proto.escape_ascii());
    }
    let proto: (&str, &[u8]) = ("x-forwarded-proto", b"https");
    // The sender's own field stays when the field that the proxy appended to is no text.
    let unreadable: &[u8] = b"\xFF, a.example";
    let two = [
        proto,
        ("x-forwarded-host", b"evil.example"),
        ("x-forwarded-host", unreadable),
    ];
    assert_eq!(origin(&two), None);
    // An empty field tells nothing, and so the host of the request is left.
    let empty = origin(&[proto, ("x-forwarded-host", b" "), ("x-forwarded-port", b"")]);
    assert_eq!(empty.as_deref(), Some("https://evil.example"));
}
