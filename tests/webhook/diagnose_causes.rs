//! Causes that a diagnosis names if a proxy or a framework changed the URL.

use crate::diagnose_bounds::MAX_ATTEMPTS;
use clinspark_twilio::types::AuthToken;
use clinspark_twilio::webhook::{
    Algorithm, Cause, Diagnosis, Keys, RequestKind, SIGNATURE_HEADER, diagnose,
};
use http::{HeaderValue, Request};

/// Diagnoses a request that Twilio signed for one URL and the server saw under another.
fn diagnosed(signed: &str, seen: &str, headers: &[(&'static str, &str)]) -> Diagnosis {
    let message = format!("{signed}Bodyhi");
    let signature = Algorithm::HmacSha1.sign(b"12345", message.as_bytes());
    let mut request = Request::post("/")
        .header("content-type", "application/x-www-form-urlencoded")
        .header(SIGNATURE_HEADER, signature)
        .body("Body=hi")
        .unwrap();
    for (name, value) in headers {
        let value = HeaderValue::from_str(value).unwrap();
        request.headers_mut().append(*name, value);
    }
    let keys = Keys::new(AuthToken::new("12345").unwrap());
    let diagnosis = diagnose(&keys, RequestKind::Webhook, seen, &request).unwrap_err();
    assert!(diagnosis.attempts() <= MAX_ATTEMPTS);
    diagnosis
}

#[track_caller]
fn names(signed: &str, seen: &str, headers: &[(&'static str, &str)], causes: &[Cause]) {
    let diagnosis = diagnosed(signed, seen, headers);
    assert_eq!(diagnosis.causes(), causes, "{signed} as {seen} {headers:?}");
}

#[test]
fn a_prefix_removed_by_a_proxy_is_found() {
    let (signed, seen) = ("https://a.example/clinic/sms", "https://a.example/sms");
    for prefix in ["/clinic", "/clinic/", "clinic"] {
        let headers = [("x-forwarded-prefix", prefix)];
        names(signed, seen, &headers, &[Cause::Path]);
    }
    names(
        signed,
        seen,
        &[("x-script-name", "/clinic")],
        &[Cause::Path],
    );
    names(signed, seen, &[], &[Cause::OtherToken]);
    names(
        signed,
        seen,
        &[("x-forwarded-prefix", "/else")],
        &[Cause::OtherToken],
    );

    let two = [("x-forwarded-prefix", "/eu, /clinic")];
    names(
        "https://a.example/eu/clinic/sms",
        seen,
        &two,
        &[Cause::Path],
    );
    let headers = [("x-forwarded-prefix", "/clinic")];
    names(
        "https://a.example/clinic/sms?b=2&a=x%20y",
        "https://a.example/sms?b=2&a=x%20y",
        &headers,
        &[Cause::Path],
    );
    names(
        signed,
        "http://a.example/sms",
        &headers,
        &[Cause::Scheme, Cause::Path],
    );
    names(
        "https://a.example:8443/clinic/sms",
        "http://a.example/sms",
        &headers,
        &[Cause::Scheme, Cause::Port, Cause::Path],
    );
}

#[test]
fn a_url_rewritten_by_a_proxy_is_found() {
    for name in [
        "x-original-uri",
        "x-original-url",
        "x-rewrite-url",
        "x-envoy-original-path",
        "x-forwarded-uri",
        "x-forwarded-path",
        "x-replaced-path",
    ] {
        for (signed, seen, value) in [
            (
                "https://a.example/clinic/sms",
                "https://a.example/sms",
                "/clinic/sms",
            ),
            (
                "https://a.example/clinic/sms",
                "https://a.example/sms",
                "http://internal:8080/clinic/sms",
            ),
            (
                "https://a.example/c/sms?x=1",
                "https://a.example/sms?x=1",
                "/c/sms",
            ),
            (
                "https://a.example/c/sms?x=1",
                "https://a.example/sms?y=1",
                "/c/sms?x=1",
            ),
            (
                "https://a.example/c/sms",
                "https://a.example/sms?route=sms",
                "/c/sms",
            ),
        ] {
            names(signed, seen, &[(name, value)], &[Cause::Path]);
        }
    }
}

#[test]
fn a_rewritten_query_is_found() {
    use Cause::{QueryEncoding, QueryOrder};

    const SIGNED: &str = "b=x%20y&a=1%2F2%2c3&c=%C3%A9";
    for (query, causes) in [
        ("b=x+y&a=1%2F2%2c3&c=%C3%A9", &[QueryEncoding][..]),
        ("a=1%2F2%2c3&b=x%20y&c=%C3%A9", &[QueryOrder]),
        ("c=%C3%A9&b=x%20y&a=1%2F2%2c3", &[QueryOrder]),
    ] {
        let (signed, seen) = (
            format!("https://a.example/sms?{SIGNED}"),
            format!("https://a.example/sms?{query}"),
        );
        names(&signed, &seen, &[], causes);
    }
    // Signed in the encoding of one encoder, seen in that of another, in the same order or sorted.
    let spellings = |order: [usize; 3]| {
        let written = [
            ["b=x%20y%21", "a=1%2F2", "c=%C3%A9"],
            ["b=x+y%21", "a=1%2F2", "c=%C3%A9"],
            ["b=x+y!", "a=1%2F2", "c=%C3%A9"],
            ["b=x%20y!", "a=1%2F2", "c=%C3%A9"],
            ["b=x%20y%21", "a=1%2f2", "c=%c3%a9"],
            ["b=x+y%21", "a=1%2f2", "c=%c3%a9"],
            ["b=x%20y!", "a=1/2", "c=%C3%A9"],
        ];
        written.map(|pairs| {
            let [first, second, third] = order.map(|at| pairs.get(at).copied().unwrap());
            format!("https://a.example/sms?{first}&{second}&{third}")
        })
    };
    for signed in spellings([0, 1, 2]) {
        for seen in spellings([0, 1, 2]) {
            if seen != signed {
                names(&signed, &seen, &[], &[QueryEncoding]);
            }
        }
        for seen in spellings([1, 0, 2]) {
            let causes = diagnosed(&signed, &seen, &[]).causes().to_vec();
            let both = causes == [QueryOrder, QueryEncoding];
            assert!(
                both || causes == [QueryOrder],
                "{signed} as {seen}: {causes:?}"
            );
        }
    }
    // Together with another mistake.
    names(
        "https://a.example/sms?b=x%20y&a=1",
        "http://a.example/sms?a=1&b=x+y",
        &[],
        &[Cause::Scheme, QueryOrder, QueryEncoding],
    );
}

#[test]
fn headers_do_not_exceed_the_budget() {
    let long = "/x".repeat(4000);
    let many: Vec<(&'static str, &str)> = [
        "x-original-uri",
        "x-original-url",
        "x-rewrite-url",
        "x-envoy-original-path",
        "x-forwarded-uri",
        "x-forwarded-path",
        "x-replaced-path",
        "x-forwarded-prefix",
        "x-script-name",
        "x-forwarded-host",
        "x-original-host",
        "host",
    ]
    .map(|name| (name, "/other?b=%20&a='&d=+&c=1"))
    .to_vec();
    for headers in [&many, &vec![("x-forwarded-prefix", long.as_str())]] {
        let seen = "https://A.example:81/a%20//B?a='1'&b=%27&c=x+y&d=z%20&e=%2F:@";
        let diagnosis = diagnosed("https://b.example/", seen, headers);
        assert_eq!(diagnosis.causes(), [Cause::OtherToken]);
        // More spellings were left: the limit ended the search.
        let most = MAX_ATTEMPTS;
        assert!(
            diagnosis.attempts() > most * 4 / 5,
            "{}",
            diagnosis.attempts()
        );
    }
}

#[test]
fn an_invalid_target_in_a_header_is_skipped() {
    for value in [
        "",
        "/",
        "//",
        "*",
        "https://",
        "http://x",
        "a b",
        "?",
        "?a",
        "https://x?y",
    ] {
        for name in ["x-original-uri", "x-forwarded-prefix"] {
            names(
                "https://a.example/clinic/sms",
                "https://a.example/sms",
                &[(name, value)],
                &[Cause::OtherToken],
            );
        }
    }
}
