//! Configured paths, and prefixes that a proxy adds to the path or cuts from it.

use clinspark_twilio::webhook::{
    Receiver, SIGNATURE_HEADER, SignatureErrorKind, Validator, WebhookPaths,
};
use http::{Request, StatusCode};
use proptest::prelude::*;

use crate::support::{ACCOUNT, origin, token, validator};

fn post(path: &str, form: &str) -> Request<String> {
    let mut request = Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("{ACCOUNT}&{form}"))
        .unwrap();
    sign(&validator(), &mut request);
    request
}

fn sign(validator: &Validator, request: &mut Request<String>) {
    let signature = validator.sign(request).parse().unwrap();
    request.headers_mut().insert(SIGNATURE_HEADER, signature);
}

#[test]
fn prefixes_end_where_a_segment_ends() {
    let mapped = |public: &str, server: &str, seen: &str| {
        let mut origin = origin("https://acme.example.com");
        if !public.is_empty() {
            origin = origin.public_prefix(public).unwrap();
        }
        if !server.is_empty() {
            origin = origin.server_prefix(server).unwrap();
        }
        let mut request = post(seen, "Body=hi");
        let service = Validator::new(token("12345"), origin);
        sign(&service, &mut request);
        service.verify(request).unwrap().path().to_owned()
    };
    assert_eq!(mapped("/prod", "", "/sms?a=1"), "/prod/sms");
    assert_eq!(mapped("", "/api", "/api/sms"), "/sms");
    assert_eq!(mapped("", "/api", "/api"), "/");
    assert_eq!(mapped("/api", "/api", "/api/sms"), "/api/sms");
    assert_eq!(mapped("/twilio", "/api", "/api/sms"), "/twilio/sms");
    for wrong in [
        "", "/", "prod", "/prod/", "//prod", "/a?b", "/a#b", "/a b", "/é",
    ] {
        let origin = origin("https://acme.example.com");
        assert!(origin.public_prefix(wrong).is_err(), "{wrong}");
    }
}

/// `/sms` of the server is another endpoint than `/sms` of Twilio, which the proxy passes on as
/// `/api/sms`.
#[tokio::test]
async fn a_path_without_the_server_prefix_is_refused() {
    for public in ["", "/twilio", "/api"] {
        let mut origin = origin("https://acme.example.com")
            .server_prefix("/api")
            .unwrap();
        if !public.is_empty() {
            origin = origin.public_prefix(public).unwrap();
        }
        let service = Validator::new(token("12345"), origin);
        for seen in ["/sms", "/apiary", "/", "/API/sms"] {
            let mut request = post(seen, "Body=hi");
            sign(&service, &mut request);
            let error = service.verify(request.clone()).unwrap_err();
            assert_eq!(
                error.kind(),
                SignatureErrorKind::MissingServerPrefix,
                "{seen}"
            );
            let receiver = Receiver::calls_only(service.clone());
            let refusal = receiver.receive(request).await.unwrap_err();
            assert!(refusal.to_string().contains("server prefix"), "{refusal}");
            assert_eq!(refusal.status(), StatusCode::FORBIDDEN);
        }
    }
}

#[test]
fn malformed_paths_are_refused() {
    let refused = |paths| {
        let receiver = Receiver::calls_only(validator());
        receiver.paths(paths).unwrap_err().to_string()
    };
    let new = WebhookPaths::new;
    assert_eq!(
        refused(new().message("hooks/message")),
        "the message path cannot be used: begin the path with /"
    );
    for malformed in [
        "",
        "https://acme.example.com/a",
        "//a",
        "/a?b",
        "/a b",
        "/a#x=1",
    ] {
        let error = refused(new().voice("/voice").call_status(malformed));
        assert!(
            error.starts_with("the call status path cannot be used"),
            "{error}"
        );
    }
}

proptest! {
    /// Twilio signs the public URL, whatever prefix a gateway or a router cuts.
    #[test]
    fn a_cut_prefix_is_put_back(
        prefix in "(/[a-z0-9]{1,8}){1,3}",
        path in "(/[a-z0-9.]{1,8}){1,3}",
        query in "(\\?[a-z]=[a-z0-9]{0,5})?",
    ) {
        let target = format!("{path}{query}");
        let mut request = post(&format!("{prefix}{target}"), "Body=hi");
        *request.uri_mut() = target.parse().unwrap();
        let plain = Validator::new(token("12345"), origin("https://acme.example.com"));
        prop_assert!(plain.verify(request.clone()).is_err());
        let origin = origin("https://acme.example.com").public_prefix(&prefix).unwrap();
        let verified = Validator::new(token("12345"), origin).verify(request).unwrap();
        prop_assert_eq!(verified.path(), format!("{prefix}{path}"));
    }
}
