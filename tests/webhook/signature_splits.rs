//! Several readings of one signed text.
//!
//! The signed text has no separators between the URL, the names and the values. A sender with one
//! genuine request can therefore split the same text differently.

use clinspark_twilio::phone::Address;
use clinspark_twilio::types::{AuthToken, Method};
use clinspark_twilio::webhook::{
    Algorithm, InboundMessage, MessageStatusCallback, PublicOrigin, SIGNATURE_HEADER,
    SignatureErrorKind as Kind, Validator, Verified, body_sha256,
};
use http::{HeaderValue, Request};

const ORIGIN: &str = "https://acme.example.com";
const ACCOUNT: &str = "AC00000000000000000000000000000001";
const FORM: &str = "application/x-www-form-urlencoded";

const STATUS: &[(&str, &str)] = &[
    ("AccountSid", ACCOUNT),
    ("ApiVersion", "2010-04-01"),
    ("From", "+14155550199"),
    ("MessageSid", "SM00000000000000000000000000000001"),
    ("MessageStatus", "delivered"),
    ("To", "+14155550123"),
];

fn validator() -> Validator {
    let origin = PublicOrigin::parse(ORIGIN).unwrap();
    Validator::new(AuthToken::new("12345").unwrap(), origin)
}

/// Returns the text that Twilio signs for a form.
fn message(target: &str, form: &[(&str, &str)]) -> String {
    let mut sorted = form.to_vec();
    sorted.sort_unstable();
    let pairs = sorted.iter().map(|(name, value)| format!("{name}{value}"));
    format!("{ORIGIN}{target}{}", pairs.collect::<String>())
}

fn encode(form: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .finish()
}

/// Creates a request with a signature of this text.
fn post(target: &str, body: String, signed: &str) -> Option<Request<String>> {
    let mut request = Request::post(target)
        .header("content-type", FORM)
        .body(body)
        .ok()?;
    let signature = Algorithm::HmacSha1.sign(b"12345", signed.as_bytes());
    let signature = HeaderValue::from_str(&signature).unwrap();
    request.headers_mut().insert(SIGNATURE_HEADER, signature);
    Some(request)
}

/// Returns the forms that sign `text`: each split into a name and a value, and recursively the
/// rest.
///
/// Names are those that Twilio uses, or the end of one after a split inside it.
fn forms(text: &str, after: &str, names: &[&str]) -> Vec<Vec<(String, String)>> {
    let is_boundary = |at: &usize| text.is_char_boundary(*at);
    let mut found = vec![];
    for name_end in (1..=text.len()).filter(is_boundary) {
        let (name, rest) = text.split_at(name_end);
        if name <= after {
            continue;
        }
        // The next name begins at a known name, or nowhere.
        let ends = (0..=rest.len())
            .filter(|at| rest.is_char_boundary(*at))
            .filter(|at| {
                *at == rest.len() || names.iter().any(|known| rest[*at..].starts_with(known))
            });
        for value_end in ends {
            let (value, tail) = rest.split_at(value_end);
            let own = (name.to_owned(), value.to_owned());
            if tail.is_empty() {
                found.push(vec![own]);
                continue;
            }
            if found.len() > 4000 {
                return found;
            }
            for known in names
                .iter()
                .filter(|known| tail.starts_with(**known) && **known > name)
            {
                let Some(more) = whole(tail, known, names) else {
                    continue;
                };
                found.push([vec![own.clone()], more].concat());
            }
        }
    }
    found
}

/// Returns the only reading of the rest with the known names in order.
fn whole(text: &str, name: &str, names: &[&str]) -> Option<Vec<(String, String)>> {
    let rest = text.strip_prefix(name)?;
    let next = names
        .iter()
        .filter(|known| **known > name)
        .filter_map(|known| Some((rest.find(known)?, *known)))
        .min();
    let Some((at, next)) = next else {
        return Some(vec![(name.to_owned(), rest.to_owned())]);
    };
    let (value, tail) = rest.split_at(at);
    let own = (name.to_owned(), value.to_owned());
    Some([vec![own], whole(tail, next, names)?].concat())
}

fn is_ours<B: AsRef<[u8]>>(verified: &Verified<B>) -> bool {
    verified.parameter("AccountSid").as_deref() == Some(ACCOUNT)
}

/// Splits the URL's end and the form at every place. With the account in the form, only the URL
/// that Twilio requested is accepted.
#[test]
fn a_form_of_an_account_belongs_to_one_url() {
    let names: Vec<_> = STATUS.iter().map(|(name, _)| *name).collect();
    let mut ambiguous = 0;
    for target in [
        "/status?message_id=reminder-4711",
        "/status",
        "/status/4711?a=1&b=2",
    ] {
        let signed = message(target, STATUS);
        let text = &signed[ORIGIN.len()..];
        // After a later split, the URL holds the account with its value.
        for cut in 1..target.len() + "AccountSid".len() + 8 {
            let (other, rest) = text.split_at(cut);
            for form in forms(rest, "", &names) {
                let pairs: Vec<_> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
                assert_eq!(message(other, &pairs), signed, "the oracle cuts rightly");
                let Some(request) = post(other, encode(&pairs), &signed) else {
                    continue;
                };
                match validator().verify(request) {
                    Ok(verified) if is_ours(&verified) => assert_eq!(other, target, "{pairs:?}"),
                    // A form without its account claims nothing about this account.
                    Ok(_) => {}
                    Err(error) => {
                        assert_eq!(error.kind(), Kind::AmbiguousForm, "{other} {pairs:?}");
                        ambiguous += 1;
                    }
                }
            }
        }
    }
    assert!(ambiguous > 100, "{ambiguous}");
}

/// Sample of the original fault: a report about one reminder was accepted for another.
#[test]
fn the_end_of_an_id_moved_into_the_form() {
    let signed = message("/status?message_id=reminder-4711", STATUS);
    let moved = [&[("11", "")], STATUS].concat();
    let request = post("/status?message_id=reminder-47", encode(&moved), &signed).unwrap();
    let error = validator().verify(request).unwrap_err();
    assert_eq!(error.kind(), Kind::AmbiguousForm);
    assert_eq!(error.status(), http::StatusCode::FORBIDDEN);
}

/// The whole form is moved into the URL: as a GET, as a POST without a body, and as a POST of JSON.
/// For JSON, a text message has brought the hash into the signed text.
#[test]
fn a_form_moved_into_the_url() {
    let hash = body_sha256(b"{}");
    let text = format!("&bodySHA256={hash}&");
    let brought = [STATUS, &[("Body", text.as_str())]].concat();
    let by_get = validator().methods([Method::Get, Method::Post]);
    for (method, body, form) in [
        ("GET", "", STATUS),
        ("POST", "", STATUS),
        ("POST", "{}", &brought),
    ] {
        let signed = message("/status?message_id=reminder-4711", form);
        for content_type in [FORM, "application/json"] {
            let mut request = post(&signed[ORIGIN.len()..], body.to_owned(), &signed).unwrap();
            *request.method_mut() = method.parse().unwrap();
            let value = HeaderValue::from_static(content_type);
            request.headers_mut().insert("content-type", value);
            let error = by_get.verify(request).unwrap_err();
            assert_eq!(
                error.kind(),
                Kind::AmbiguousForm,
                "{method} {body} {content_type}"
            );
        }
    }
}

/// A POST is sent as a GET: its query has separators that the signed text does not have.
#[test]
fn a_post_is_not_accepted_as_a_get() {
    let target = format!("/status?AccountSid={ACCOUNT}");
    let signed = format!("{ORIGIN}{target}");
    let mut request = post(&target, String::new(), &signed).unwrap();
    *request.method_mut() = http::Method::GET;
    let error = validator().verify(request.clone()).unwrap_err();
    assert_eq!(error.kind(), Kind::MethodNotAllowed);
    assert_eq!(error.status(), http::StatusCode::FORBIDDEN);
    assert!(
        validator()
            .methods([Method::Get])
            .verify(request.clone())
            .is_ok()
    );
    for method in [
        "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "CONNECT", "get", "X",
    ] {
        *request.method_mut() = method.parse().unwrap();
        let both = validator().methods([Method::Get, Method::Post]);
        let error = both.verify(request.clone()).unwrap_err();
        assert_eq!(error.kind(), Kind::MethodNotAllowed, "{method}");
    }
}

/// Within the form, a value can move into the name that follows. A handler must therefore require
/// its fields and check their format. The remaining readings are listed here; none is a message
/// from another person.
#[test]
fn splits_that_remain_possible() {
    let genuine = [
        ("AccountSid", ACCOUNT),
        ("Body", "Can we move it"),
        ("From", "+14155550123"),
        ("MessageSid", "SM00000000000000000000000000000001"),
        ("To", "+14155550199"),
    ];
    let target = "/sms";
    let signed = message(target, &genuine);
    let names: Vec<_> = genuine.iter().map(|(name, _)| *name).collect();
    let (mut emptied, mut read) = (0, 0);
    for form in forms(&signed[ORIGIN.len() + target.len()..], "", &names) {
        let pairs: Vec<_> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let request = post(target, encode(&pairs), &signed).unwrap();
        let verified = validator().verify(request).unwrap();
        if !is_ours(&verified) {
            continue;
        }
        let Ok(message) = verified.parse::<InboundMessage>() else {
            continue;
        };
        read += 1;
        assert_eq!(message.from, Address::parse("+14155550123"));
        assert_eq!(
            message.message_sid.as_str(),
            "SM00000000000000000000000000000001"
        );
        assert!(genuine[1].1.starts_with(message.body.expose().as_str()));
        emptied += usize::from(message.body.expose().is_empty());
        assert!(verified.parse::<MessageStatusCallback>().is_err());
    }
    assert!(read > 0, "the genuine reading is among them");
    // The body became part of a name. A handler that requires a body refuses it.
    assert!(emptied <= 1, "{emptied}");
}

/// A body whose hash is signed is not read as a form, whatever its unsigned `Content-Type` is.
#[test]
fn json_is_not_a_form() {
    let body = format!("{{\"text\":\"&AccountSid={ACCOUNT}&Body=STOP&From=%2B14155550123\"}}");
    let target = format!("/studio?bodySHA256={}", body_sha256(body.as_bytes()));
    let request = post(&target, body, &format!("{ORIGIN}{target}")).unwrap();
    let verified = validator().verify(request).unwrap();
    assert!(!verified.is_form());
    assert_eq!(verified.parameters().count(), 0);
    assert_eq!(verified.parameter("Body"), None);
}

/// A body without a parameter is covered only by its hash, whatever its `Content-Type` is.
#[test]
fn an_empty_form_does_not_cover_json() {
    let target = format!("/studio?bodySHA256={}", body_sha256(b"{}"));
    for body in ["&", "&&", ""] {
        let request = post(&target, body.to_owned(), &format!("{ORIGIN}{target}")).unwrap();
        let error = validator().verify(request).unwrap_err();
        assert_eq!(error.kind(), Kind::BodyHashMismatch, "{body}");
    }
}

#[test]
fn a_form_without_parameters_is_a_form() {
    for (body, is_form) in [("", true), ("&", true), ("a=1", true)] {
        let form = if body == "a=1" {
            &[("a", "1")][..]
        } else {
            &[]
        };
        let request = post("/sms", body.to_owned(), &message("/sms", form)).unwrap();
        assert_eq!(
            validator().verify(request).unwrap().is_form(),
            is_form,
            "{body}"
        );
    }
}

/// A handshake's query may be signed like a form, so the same applies to its first name.
#[test]
fn a_handshake_has_one_split() {
    let opens = |target: &str, signed: &str| {
        let mut request = post(target, String::new(), signed).unwrap();
        *request.method_mut() = http::Method::GET;
        request.headers_mut().remove("content-type");
        let upgrade = HeaderValue::from_static("websocket");
        request.headers_mut().insert("upgrade", upgrade);
        validator().verify_websocket(request).is_ok()
    };
    let origin = "wss://acme.example.com";
    let genuine = [
        "/media?visit=4711",
        "/media/?visit=4711",
        "/media/4711",
        "/media-4711",
        "/media.4711?a=1",
        "/media%20x",
    ];
    for target in genuine {
        assert!(opens(target, &format!("{origin}{target}")));
        for cut in 1..target.len() {
            let (path, rest) = target.split_at(cut);
            let Some(first) = rest.bytes().next() else {
                continue;
            };
            let escaped = rest.bytes().map(|byte| format!("%{byte:02X}"));
            let escaped = escaped.collect::<Vec<_>>().concat();
            let moved = opens(&format!("{path}?{escaped}"), &format!("{origin}{target}"));
            let is_word = first.is_ascii_alphanumeric();
            // A path that is the start of another one, up to a letter, cannot be detected here.
            assert!(!moved || (is_word && !path.contains('?')), "{path} {rest}");
        }
    }
    assert!(!opens(
        "/media?%3Fvisit%3D4711",
        "wss://acme.example.com/media?visit=4711"
    ));
    assert!(opens(
        "/relay?b=2&a=x%20y",
        "wss://acme.example.com/relayax yb2"
    ));
}
