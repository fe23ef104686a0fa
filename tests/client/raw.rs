//! `RawRequest` on the wire: path, parameters, JSON, effect, audit trail, response.

use std::sync::{Arc, Mutex};

use clinspark_twilio::client::conferences::{AddParticipant, ConferenceRef};
use clinspark_twilio::client::testing::{FakeTransport, Reply};
use clinspark_twilio::client::{
    AuditEntry, AuditPolicy, AuditSink, Client, Delivery, Effect, ErrorKind, Host, Outcome,
    ProcessingRegion, RawRequest, RetryPolicy,
};
use clinspark_twilio::types::{AccountSid, BoxError, BoxFuture};
use serde_json::{Value, json};

use crate::support::{
    ACCOUNT, BODY, FROM, FixedClock, Recorder, TO, assert_clean, assert_debug_clean, credentials,
    number, printed,
};

const OF_ACCOUNT: &str = "/2010-04-01/Accounts/{AccountSid}";
const OTHER: &str = "AC00000000000000000000000000000002";

fn text() -> RawRequest {
    RawRequest::post(Host::Api, format!("{OF_ACCOUNT}/Messages.json"))
        .param("To", TO)
        .param("From", FROM)
        .param("Body", BODY)
}

fn app() -> RawRequest {
    RawRequest::post(Host::Api, format!("{OF_ACCOUNT}/Applications.json"))
        .param("FriendlyName", "PLANTED")
}

#[tokio::test]
async fn each_method_sends_its_parameters_in_its_place() {
    let recorder = Recorder::answering(["{}", "{}", "", "{}"]);
    let client = recorder.client(Delivery::Live);
    let path = format!("{OF_ACCOUNT}/Usage/Records/Today.json");
    client
        .execute(RawRequest::get(Host::Api, path).param("Category", "sms & \u{20ac}"))
        .await
        .unwrap();
    client
        .execute(app().param("Tags", "1").param("Tags", "2"))
        .await
        .unwrap();
    client
        .execute(RawRequest::delete(Host::Verify, "/v2/Services/a b/\u{e9}").param("Hard", "true"))
        .await
        .unwrap();
    let content = json!({ "friendly_name": "PLANTED" });
    client
        .execute(
            RawRequest::post(Host::Content, "/v1/Content")
                .param("Dry", "1")
                .json(&content),
        )
        .await
        .unwrap();
    let [read, create, delete, json] = recorder.take().try_into().ok().unwrap();
    assert_eq!(read.method, "GET");
    assert_eq!(read.host, "api.twilio.com");
    assert_eq!(
        read.path,
        format!("/2010-04-01/Accounts/{ACCOUNT}/Usage/Records/Today.json")
    );
    assert_eq!(read.query, "Category=sms+%26+%E2%82%AC");
    assert!(read.body.is_empty() && !read.headers.contains_key("content-type"));
    assert_eq!(create.body, "FriendlyName=PLANTED&Tags=1&Tags=2");
    assert_eq!(
        create.headers["content-type"],
        "application/x-www-form-urlencoded"
    );
    assert!(create.query.is_empty());
    assert_eq!(
        (delete.method.as_str(), delete.host.as_str()),
        ("DELETE", "verify.twilio.com")
    );
    assert_eq!(delete.path, "/v2/Services/a%20b/%C3%A9");
    assert_eq!(delete.query, "Hard=true");
    assert_eq!(json.headers["content-type"], "application/json");
    assert_eq!(json.body, content.to_string());
    assert_eq!(json.query, "Dry=1");
    assert_eq!(json.headers["authorization"], read.headers["authorization"]);
}

#[tokio::test]
async fn a_region_and_a_base_url_apply_to_every_host() {
    let recorder = Recorder::answering(["{}", "{}"]);
    let request = RawRequest::get(Host::Taskrouter, "/v1/Workspaces");
    let ireland = recorder
        .builder(Delivery::Off)
        .region(ProcessingRegion::IE1);
    ireland.build().unwrap().execute(&request).await.unwrap();
    let gateway = recorder
        .builder(Delivery::Off)
        .host_base_url(Host::Taskrouter, "https://gateway.clinic.example");
    gateway.build().unwrap().execute(&request).await.unwrap();
    let hosts: Vec<_> = recorder.take().into_iter().map(|seen| seen.host).collect();
    assert_eq!(
        hosts,
        ["taskrouter.dublin.ie1.twilio.com", "gateway.clinic.example"]
    );
}

#[tokio::test]
async fn invalid_paths_and_parameters_are_refused() {
    let long = "has a character that no path of Twilio's has";
    let slash = "must begin with one slash, and have no empty segment or slash at its end";
    for (path, fault) in [
        ("", slash),
        ("/", slash),
        ("v1/Services", slash),
        ("//evil.example/v1", slash),
        ("/v1/Services/", slash),
        ("/v1//Services", slash),
        ("https://evil.example/v1", slash),
        ("/v1/../v2/Services", "must not have a segment of dots only"),
        ("/v1/./Services", "must not have a segment of dots only"),
        ("/v1/.../Services", "must not have a segment of dots only"),
        (
            "/v1/Services?Page=1",
            "must not have a query or fragment: use `param`",
        ),
        (
            "/v1/Services#x",
            "must not have a query or fragment: use `param`",
        ),
        (
            "/v1/%2e%2e/Services",
            "must not be percent-encoded: the client encodes it",
        ),
        (
            "/v1/a%2Fb",
            "must not be percent-encoded: the client encodes it",
        ),
        ("/v1\\Services", long),
        ("/v1/..;/Services", long),
        ("/v1/Services\r\nHost: evil.example", long),
        ("/v1/Services\0", long),
        ("/v1/{ServiceSid}", long),
        ("/v1/x{AccountSid}", long),
    ] {
        let recorder = Recorder::refusing();
        let request = RawRequest::get(Host::Verify, path);
        let error = recorder
            .client(Delivery::Live)
            .execute(request)
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{path}");
        let expected = format!("RawRequest::get: path {fault}; nothing was sent");
        assert_eq!(error.to_string(), expected, "{path}");
        assert!(recorder.take().is_empty());
    }
    let recorder = Recorder::refusing();
    let client = recorder.client(Delivery::Live);
    for (request, fault) in [
        (
            RawRequest::post(Host::Api, format!("{OF_ACCOUNT}/Messages")),
            "path must end in .json on this host",
        ),
        (
            text().param("a b", "x"),
            "param has an invalid name: Twilio's names consist of letters and digits",
        ),
        (
            text().param("_method", "x"),
            "param has an invalid name: Twilio's names consist of letters and digits",
        ),
        (
            text().param("to", "x"),
            "param names a parameter that the request already has: use its setter",
        ),
        (
            text().param("StatusCallback", "https://clinic.example/?n=%2B14155550123"),
            "StatusCallback must not contain a phone number: use an id of your own",
        ),
        (
            text().param("StatusCallback", "https://clinic.example/?n=4155550123"),
            "StatusCallback must not contain the recipient's number: use an id of your own",
        ),
        (
            text().param("StatusCallback", "clinic.example"),
            "StatusCallback must be an absolute http or https URL",
        ),
        (
            text().json(&std::collections::HashMap::from([(vec![1], 1)])),
            "json cannot be written as JSON",
        ),
    ] {
        let error = client.execute(request).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("RawRequest::post: {fault}; nothing was sent")
        );
        assert_debug_clean(&error);
    }
    let get = RawRequest::get(Host::Verify, "/v2/Services").json(&1);
    assert_eq!(
        client.execute(get).await.unwrap_err().to_string(),
        "RawRequest::get: json needs a POST; nothing was sent"
    );
    assert!(recorder.take().is_empty());
}

/// Twilio does not document which of two recipients counts.
#[tokio::test]
async fn a_parameter_is_not_given_twice_in_two_ways() {
    let recorder = Recorder::refusing();
    let client = recorder.client(Delivery::Live);
    for (request, fault) in [
        (
            text().param("To", TO),
            "To is given twice: a request has one recipient",
        ),
        (
            text().param("Recipients", "x").param("recipients", "y"),
            "param names a parameter twice, in different case",
        ),
    ] {
        let error = client.execute(request).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("RawRequest::post: {fault}; nothing was sent")
        );
    }
    assert!(recorder.take().is_empty());
    // A list parameter has one name.
    let list = text().param("MediaUrl", "https://clinic.example/1.png");
    let list = list.param("MediaUrl", "https://clinic.example/2.png");
    let error = client.execute(list).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
}

#[tokio::test]
async fn a_path_names_the_clients_own_account() {
    let recorder = Recorder::answering(["{}", "{}", "{}"]);
    let client = recorder.client(Delivery::Live);
    for request in [
        RawRequest::get(
            Host::Api,
            format!("/2010-04-01/Accounts/{OTHER}/Messages.json"),
        ),
        RawRequest::post(
            Host::Api,
            format!("/2010-04-01/Accounts/{OTHER}/Messages.json"),
        ),
        RawRequest::post(Host::Api, format!("/2010-04-01/Accounts/{OTHER}.json")),
        RawRequest::delete(Host::Iam, format!("/v1/{OTHER}")),
    ] {
        let error = client.execute(request).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
        assert!(
            error.to_string().contains("use `Client::for_account`"),
            "{error}"
        );
    }
    assert!(recorder.take().is_empty());
    let sub_account = format!("/2010-04-01/Accounts/{OTHER}.json");
    client
        .execute(RawRequest::get(Host::Api, sub_account))
        .await
        .unwrap();
    let of_other = client.for_account(AccountSid::parse(OTHER).unwrap());
    of_other.execute(app()).await.unwrap();
    let [_, created] = recorder.take().try_into().ok().unwrap();
    assert_eq!(
        created.path,
        format!("/2010-04-01/Accounts/{OTHER}/Applications.json")
    );
    // With the parent's credentials, such a path would be the parent's.
    let services = RawRequest::get(Host::Verify, "/v2/Services");
    let error = of_other.execute(services).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
}

/// Returns the number of attempts, against a server that loses every response.
async fn attempts(request: RawRequest, reply: fn() -> Reply) -> usize {
    let transport = (0..9).fold(FakeTransport::new(), |transport, _| {
        transport.reply(reply())
    });
    let client = Client::builder(credentials(), Delivery::Live)
        .with_transport(transport.clone())
        .clock(FixedClock::at(std::time::SystemTime::now()))
        .retry(RetryPolicy::new().attempts(3))
        .build()
        .unwrap();
    client.execute(request).await.unwrap_err();
    transport.requests().len()
}

#[tokio::test]
async fn a_post_is_never_sent_twice_unless_it_says_so_and_reaches_no_one() {
    let get = || RawRequest::get(Host::Verify, "/v2/Services");
    let delete = || RawRequest::delete(Host::Verify, "/v2/Services/x");
    let verify = || RawRequest::post(Host::Verify, "/v2/Services/x/Verifications");
    for reply in [Reply::connection_lost as fn() -> Reply, || {
        Reply::error(503, 20503)
    }] {
        assert_eq!(attempts(get(), reply).await, 3);
        assert_eq!(attempts(get().effect(Effect::Create), reply).await, 1);
        assert_eq!(attempts(get().retries(1), reply).await, 2);
        assert_eq!(attempts(delete(), reply).await, 3);
        assert_eq!(attempts(app(), reply).await, 1);
        assert_eq!(attempts(app().effect(Effect::Update), reply).await, 3);
        for effect in [Effect::Read, Effect::Update, Effect::Create] {
            assert_eq!(attempts(text().effect(effect), reply).await, 1);
            assert_eq!(attempts(verify().effect(effect), reply).await, 1);
        }
    }
    assert_eq!(attempts(text(), Reply::not_sent).await, 3);
    assert_eq!(attempts(text().retries(0), Reply::not_sent).await, 1);
    // Status 429 costs no retry of the limit.
    let busy = || Reply::error(429, 20429);
    assert!(attempts(text(), busy).await > 3);
    assert_eq!(attempts(text().retries(0), busy).await, 1);
}

#[tokio::test]
async fn responses_are_read_into_any_type() {
    #[derive(serde::Deserialize)]
    struct App {
        friendly_name: String,
    }
    let example = r#"{"sid": "AP00000000000000000000000000000001", "friendly_name": "PLANTED"}"#;
    let recorder = Recorder::answering([example, "[1, 2]", "", " \n"]);
    let client = recorder.client(Delivery::Live);
    let created = client.execute(app()).await.unwrap();
    assert_debug_clean(&created);
    assert_eq!(created.sid(), Some("AP00000000000000000000000000000001"));
    assert_eq!(created.read::<App>().unwrap().friendly_name, "PLANTED");
    assert_eq!(
        created.read_at::<String>("/friendly_name").unwrap(),
        "PLANTED"
    );
    assert_eq!(created.read_at::<Option<u8>>("/missing").unwrap(), None);
    let raw: Value = serde_json::from_str(&created.to_json()).unwrap();
    assert_eq!(raw, serde_json::from_str::<Value>(example).unwrap());
    let unfit = created.read::<Vec<u8>>().unwrap_err();
    assert_clean(&format!("{unfit} {unfit:?}"));
    assert_eq!(unfit.to_string(), "the response does not fit the type");
    assert_eq!(unfit.missing_field(), None);
    // A value in the place of another type would stand in the message of serde.
    let unfit = created.read_at::<u8>("/friendly_name").unwrap_err();
    assert_eq!(unfit.to_string(), "the response does not fit the type");
    let list = client.execute(app()).await.unwrap();
    assert_eq!(list.read::<Vec<u8>>().unwrap(), [1, 2]);
    for _ in 0..2 {
        client.execute(app()).await.unwrap().read::<()>().unwrap();
    }
}

#[tokio::test]
async fn unreadable_responses_and_those_about_others_have_an_unknown_outcome() {
    for (body, what) in [
        ("<html>PLANTED</html>", "not the expected resource"),
        ("{\"body\": \"PLANTED", "cut off"),
        ("\"PLANTED\"", "not the expected resource"),
        (r#"{"to": "+14155550199"}"#, "about another person"),
        (
            r#"{"account_sid": "AC00000000000000000000000000000002"}"#,
            "about another account",
        ),
    ] {
        let recorder = Recorder::answering([body]);
        let error = recorder
            .client(Delivery::Live)
            .execute(text())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{body}");
        assert!(matches!(error.outcome(), Outcome::Unknown { .. }), "{body}");
        assert!(error.to_string().contains(what), "{error}");
        assert_clean(&printed(&error));
    }
    let recorder = Recorder::answering([r#"{"sid": "AP00000000000000000000000000000002"}"#]);
    let path = format!("{OF_ACCOUNT}/Applications/AP00000000000000000000000000000001.json");
    let fetch = RawRequest::get(Host::Api, path);
    let error = recorder
        .client(Delivery::Live)
        .execute(fetch)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("about another SID"), "{error}");
}

#[derive(Default)]
struct Book(Mutex<Vec<AuditEntry>>);

impl AuditSink for Book {
    fn record(&self, entry: AuditEntry) -> BoxFuture<'_, Result<(), BoxError>> {
        assert_debug_clean(&entry);
        self.0.lock().unwrap().push(entry);
        Box::pin(async { Ok(()) })
    }
}

#[tokio::test]
async fn every_raw_request_is_in_the_audit_trail() {
    let book = Arc::new(Book::default());
    let recorder = Recorder::answering([r#"{"sid": "SM00000000000000000000000000000001"}"#, "{}"]);
    let builder = recorder
        .builder(Delivery::Live)
        .audit(Arc::clone(&book), AuditPolicy::FailClosed);
    let client = builder.build().unwrap();
    client.execute(text()).await.unwrap();
    let json = RawRequest::post(Host::Content, "/v1/Content").json(&json!({ "x": "PLANTED" }));
    client.execute(json.effect(Effect::Update)).await.unwrap();
    let blocked = recorder
        .builder(Delivery::Off)
        .audit(Arc::clone(&book), AuditPolicy::FailClosed);
    blocked.build().unwrap().execute(text()).await.unwrap_err();
    let entries = book.0.lock().unwrap().clone();
    let lines: Vec<_> = entries
        .iter()
        .map(|entry| {
            (
                entry.operation,
                entry.effect,
                entry.sid.as_deref(),
                entry.kind,
            )
        })
        .collect();
    let sid = Some("SM00000000000000000000000000000001");
    assert_eq!(
        lines,
        [
            ("RawRequest::post", Effect::Create, None, None),
            ("RawRequest::post", Effect::Create, sid, None),
            ("RawRequest::post", Effect::Update, None, None),
            ("RawRequest::post", Effect::Update, None, None),
            (
                "RawRequest::post",
                Effect::Create,
                None,
                Some(ErrorKind::Blocked)
            ),
        ]
    );
    assert!(entries.iter().all(|entry| entry.body_sha256.is_some()));
    assert_ne!(entries[0].body_sha256, entries[2].body_sha256);
}

/// A lost SID of a call could not be looked up again.
#[tokio::test]
async fn the_audit_trail_names_the_call_of_a_new_participant() {
    let book = Arc::new(Book::default());
    let call = "CA00000000000000000000000000000001";
    let recorder = Recorder::answering([json!({ "call_sid": call }).to_string()]);
    let builder = recorder
        .builder(Delivery::Live)
        .audit(Arc::clone(&book), AuditPolicy::FailClosed);
    let add = AddParticipant::new(ConferenceRef::name("visit"), number(TO), number(FROM));
    builder.build().unwrap().execute(add).await.unwrap();
    let last = book.0.lock().unwrap().pop().unwrap();
    assert_eq!(last.sid.as_deref(), Some(call));
}

#[test]
fn debug_shows_no_path_and_no_parameter() {
    let request = RawRequest::get(Host::Lookups, format!("/v2/PhoneNumbers/{TO}"))
        .param("PLANTED", "PLANTED")
        .json(&"PLANTED");
    assert_debug_clean(&request);
    assert_eq!(
        format!("{request:?}"),
        "RawRequest { name: \"RawRequest::get\", method: GET, host: Lookups, effect: Read, .. }"
    );
}
