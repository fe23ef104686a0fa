//! Forwarded headers of which the sender may have written a part, and networks of proxies.

use std::net::IpAddr;

use clinspark_twilio::webhook::{
    ForwardedHeaders, Network, SignatureErrorKind as Kind, TrustedProxies,
};
use http::{HeaderValue, Request};

use crate::support::{signed, validator};

/// Returns the origin that a trusted proxy forwards, if the sender may have written a part of it.
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

/// Each case is a field written by the sender, to which the proxy appends its own element.
#[test]
fn a_sender_field_cannot_hide_the_element_of_the_proxy() {
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
    // The sender's own field stays if the field to which the proxy appended is not text.
    let unreadable: &[u8] = b"\xFF, a.example";
    let two = [
        proto,
        ("x-forwarded-host", b"evil.example"),
        ("x-forwarded-host", unreadable),
    ];
    assert_eq!(origin(&two), None);
    // An empty field names no host, so the host of the request is used.
    let empty = origin(&[proto, ("x-forwarded-host", b" "), ("x-forwarded-port", b"")]);
    assert_eq!(empty.as_deref(), Some("https://evil.example"));
}

#[test]
fn the_origin_is_that_of_the_farthest_trusted_proxy() {
    let peer: IpAddr = "10.0.0.1".parse().unwrap();
    let proxies = |headers| {
        TrustedProxies::new(headers)
            .add_network("10.0.0.0/8".parse().unwrap())
            .add_network("2001:db8::/32".parse().unwrap())
    };
    let told = |kind, peer: IpAddr, headers: &[(&str, &str)]| {
        let mut request = Request::post("/p").header("host", "app:8080");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body("").unwrap();
        proxies(kind)
            .origin(peer, &request)
            .map(|origin| origin.as_str().to_owned())
    };
    let x = |headers: &[(&str, &str)]| told(ForwardedHeaders::XForwarded, peer, headers);
    let proto = ("x-forwarded-proto", "https");
    assert_eq!(
        x(&[proto, ("x-forwarded-host", "a.example")]).unwrap(),
        "https://a.example"
    );
    assert_eq!(
        x(&[proto]).unwrap(),
        "https://app:8080",
        "the proxy did not change Host"
    );
    let port = |port| {
        x(&[
            proto,
            ("x-forwarded-host", "a.example"),
            ("x-forwarded-port", port),
        ])
    };
    assert_eq!(port("8443").unwrap(), "https://a.example:8443");
    assert_eq!(port("443").unwrap(), "https://a.example");
    assert_eq!(port("no").unwrap(), "https://a.example");
    assert_eq!(
        x(&[("x-forwarded-host", "a.example")]),
        None,
        "an origin requires a scheme"
    );
    assert_eq!(x(&[("x-forwarded-proto", "gopher")]), None);
    assert_eq!(x(&[("forwarded", "proto=https;host=evil.example")]), None);

    // The sender wrote the left part; the nearest proxy appended the right one.
    let forged = [
        ("x-forwarded-proto", "http, https"),
        ("x-forwarded-host", "evil.example, a.example"),
    ];
    assert_eq!(x(&forged).unwrap(), "https://a.example");
    // Two trusted proxies in a row: the outer one received these values.
    let chain = [
        ("x-forwarded-for", "192.0.2.7, 10.0.0.9"),
        ("x-forwarded-proto", "ftp, https, http"),
        ("x-forwarded-host", "evil.example, a.example, inner:80"),
    ];
    assert_eq!(x(&chain).unwrap(), "https://a.example");

    let f = |value| told(ForwardedHeaders::Forwarded, peer, &[("forwarded", value)]);
    assert_eq!(
        f("proto=https;host=a.example").unwrap(),
        "https://a.example"
    );
    assert_eq!(
        f("for=192.0.2.7;Proto=https;Host=\"a.example:8443\"").unwrap(),
        "https://a.example:8443"
    );
    assert_eq!(
        f("host=evil.example;proto=http, for=192.0.2.7;host=a.example;proto=https").unwrap(),
        "https://a.example"
    );
    assert_eq!(
        f("for=192.0.2.7;host=a.example;proto=https, for=\"[2001:db8::5]:80\";host=inner;proto=http").unwrap(),
        "https://a.example"
    );
    assert_eq!(f("for=10.0.0.5"), None);
    // The proxy quotes the sender's values, so separators inside them do not separate.
    let asked = r#"for=192.0.2.7;proto=https;host="a\",host=evil.example;proto=https;x=""#;
    assert_eq!(f(asked), None);
    let asked = r#"for="x,y;host=evil.example";proto=https;host=a.example"#;
    assert_eq!(f(asked).unwrap(), "https://a.example");

    let stranger: IpAddr = "192.0.2.1".parse().unwrap();
    assert_eq!(told(ForwardedHeaders::XForwarded, stranger, &[proto]), None);
    let mapped: IpAddr = "::ffff:10.9.9.9".parse().unwrap();
    assert!(told(ForwardedHeaders::XForwarded, mapped, &[proto]).is_some());
}

#[test]
fn a_request_is_verified_via_trusted_proxies_only() {
    let proxies =
        TrustedProxies::new(ForwardedHeaders::XForwarded).add_network("10.0.0.1".parse().unwrap());
    let request = || {
        let request = Request::post("/p?a=1")
            .header("x-forwarded-proto", "https")
            .header("x-forwarded-host", "other.example")
            .body("")
            .unwrap();
        signed(request, "https://other.example/p?a=1")
    };
    let verify =
        |peer: &str| validator().verify_via_proxy(&proxies, peer.parse().unwrap(), request());
    assert!(verify("10.0.0.1").is_ok());
    assert_eq!(
        verify("10.0.0.2").unwrap_err().kind(),
        Kind::SignatureMismatch
    );
}

#[test]
fn networks_contain_their_addresses() {
    for (network, inside, outside) in [
        ("10.0.0.0/8", "10.255.0.1", "11.0.0.0"),
        ("192.0.2.7", "192.0.2.7", "192.0.2.6"),
        ("192.0.2.128/25", "192.0.2.255", "192.0.2.127"),
        ("fd00::/8", "fdff::1", "fe00::1"),
        ("::1", "::1", "::2"),
        ("0.0.0.0/0", "203.0.113.9", "::1"),
        ("::/0", "2001:db8::1", "203.0.113.9"),
    ] {
        let network: Network = network.parse().unwrap();
        assert!(network.contains(inside.parse().unwrap()), "{network}");
        assert!(!network.contains(outside.parse().unwrap()), "{network}");
    }
    for wrong in [
        "",
        "10.0.0.0/33",
        "::/129",
        "10.0.0",
        "10.0.0.0/",
        "10.0.0.0/-1",
        "a/8",
    ] {
        assert!(wrong.parse::<Network>().is_err(), "{wrong}");
    }
}
