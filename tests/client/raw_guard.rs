//! `RawRequest` and `Delivery`: no spelling of a path reaches a person past the guard.

use clinspark_twilio::client::{Client, Delivery, ErrorKind, Host, RawRequest};
use proptest::prelude::*;
use serde_json::json;

use crate::support::{ACCOUNT, FROM, Recorder, TO, assert_debug_clean, number};

const STRANGER: &str = "+14155550199";
const ROOT: &str = "/2010-04-01/Accounts/AC00000000000000000000000000000001";
const CALL: &str = "CA00000000000000000000000000000001";
const CONFERENCE: &str = "CF00000000000000000000000000000001";

const HOSTS: &[Host] = &[
    Host::Api,
    Host::Accounts,
    Host::Assistants,
    Host::Bulkexports,
    Host::Content,
    Host::Conversations,
    Host::Events,
    Host::FlexApi,
    Host::Iam,
    Host::Insights,
    Host::Intelligence,
    Host::Lookups,
    Host::Messaging,
    Host::Monitor,
    Host::Notify,
    Host::Numbers,
    Host::Pricing,
    Host::Proxy,
    Host::Routes,
    Host::Serverless,
    Host::Studio,
    Host::Supersim,
    Host::Sync,
    Host::Taskrouter,
    Host::Trunking,
    Host::Trusthub,
    Host::Verify,
    Host::Video,
    Host::Voice,
    Host::Wireless,
];

/// Paths of `POST` requests that text, call or connect a person.
fn reaching() -> Vec<(Host, String)> {
    let of_account = [
        "Messages".to_owned(),
        "Calls".to_owned(),
        "SMS/Messages".to_owned(),
        format!("Conferences/{CONFERENCE}"),
        format!("Conferences/{CONFERENCE}/Participants"),
        format!("Conferences/{CONFERENCE}/Participants/{CALL}"),
        format!("Queues/QU00000000000000000000000000000001/Members/{CALL}"),
        "Queues/QU00000000000000000000000000000001/Members/Front".to_owned(),
        "OutgoingCallerIds".to_owned(),
        format!("Calls/{CALL}/Payments"),
        format!("Calls/{CALL}/UserDefinedMessages"),
        "Faxes".to_owned(),
    ];
    let brand = "BN00000000000000000000000000000001";
    let others = [
        (Host::Verify, "/v2/Services/VA00000000000000000000000000000001/Verifications".to_owned()),
        (Host::Conversations, "/v1/Conversations/CH00000000000000000000000000000001/Messages".to_owned()),
        (Host::Conversations, "/v1/Conversations/CH00000000000000000000000000000001/Participants".to_owned()),
        (Host::Conversations, "/v1/ConversationWithParticipants".to_owned()),
        (Host::FlexApi, "/v1/Interactions".to_owned()),
        (Host::FlexApi, "/v1/Channels".to_owned()),
        (Host::Studio, "/v1/Flows/FW00000000000000000000000000000001/Executions".to_owned()),
        (Host::Studio, "/v2/Flows/FW00000000000000000000000000000001/Executions".to_owned()),
        (Host::Notify, "/v1/Services/IS00000000000000000000000000000001/Notifications".to_owned()),
        (Host::Proxy, "/v1/Services/KS00000000000000000000000000000001/Sessions/KC00000000000000000000000000000001/Participants/KP00000000000000000000000000000001/MessageInteractions".to_owned()),
        (Host::Proxy, "/v1/Services/KS00000000000000000000000000000001/Sessions".to_owned()),
        (Host::Taskrouter, "/v1/Workspaces/WS00000000000000000000000000000001/Tasks/WT00000000000000000000000000000001/Reservations/WR00000000000000000000000000000001".to_owned()),
        (Host::Messaging, format!("/v1/a2p/BrandRegistrations/{brand}/SmsOtp")),
        (Host::Messaging, "/v1/a2p/BrandRegistrations".to_owned()),
        (Host::Messaging, "/v1/Services/MG00000000000000000000000000000001/Messages".to_owned()),
        (Host::Supersim, "/v1/SmsCommands".to_owned()),
        (Host::Wireless, "/v1/Commands".to_owned()),
    ];
    of_account
        .into_iter()
        .map(|path| (Host::Api, format!("{ROOT}/{path}.json")))
        .chain(others)
        .collect()
}

/// Returns other spellings of a path, some of which a server might read as the same path.
fn spellings(path: &str) -> Vec<String> {
    let bare = path.trim_end_matches(".json");
    let last = bare.rsplit('/').next().unwrap();
    let above = bare.strip_suffix(last).unwrap();
    let (first, rest) = last.split_at(1);
    let hex = format!("%{:02X}", first.as_bytes()[0]);
    let mut all = vec![
        path.to_owned(),
        bare.to_owned(),
        format!("{bare}.xml"),
        format!("{bare}.JSON"),
        format!("{bare}.json.json"),
        format!("{bare}.csv"),
        format!("{path}/"),
        format!("{path}//"),
        format!("/{path}"),
        format!("{path}?To={STRANGER}"),
        format!("{path}?"),
        format!("{path}#"),
        format!("{path}#/Applications.json"),
        format!("{path};x=1"),
        format!("{path} "),
        format!("{path}\t"),
        format!("{path}\r\nX: y"),
        format!("{path}%00"),
        format!("{path}\0"),
        format!("{path}%20"),
        format!("{path}%2F"),
        format!("{path}%3F"),
        path.to_lowercase(),
        path.to_uppercase(),
        path.replace("/2010-04-01", "/2010-04-01/."),
        path.replace("/2010-04-01", "/2010-04-01/x/.."),
        path.replace("/2010-04-01", "/2010-04-01/x/%2e%2e"),
        path.replace("/2010-04-01", "/2010-04-01/x/..;"),
        path.replace("/2010-04-01", "/2008-08-01"),
        path.replace('/', "\\"),
        path.replace('/', "//"),
        path.replace('/', "%2F"),
        path.replace('/', "\u{2215}"),
        path.replace(".json", "%2Ejson"),
        path.replace(ACCOUNT, "{AccountSid}"),
        path.replace(ACCOUNT, "AC00000000000000000000000000000002"),
        path.replace(ACCOUNT, &ACCOUNT.to_lowercase()),
        path.replacen("AC0", "%41C0", 1),
        format!("{above}{hex}{}", rest),
        format!("{above}{hex}{}.json", rest),
        format!("{above}{}{}.json", first.to_lowercase(), rest),
        format!("{above}./{last}.json"),
        format!("{above}x/../{last}.json"),
        format!("{above}{last}.json/../{last}.json"),
        format!("{above}Applications.json/../{last}.json"),
        format!("https://api.twilio.com{path}"),
        format!("//api.twilio.com{path}"),
        format!("@api.twilio.com{path}"),
        path.trim_start_matches('/').to_owned(),
        format!("{above}\u{200b}{last}.json"),
        format!("{above}{last}\u{200b}.json"),
    ];
    // Letters that a server might fold to ASCII.
    all.push(path.replace('s', "\u{17f}"));
    all.push(path.replace('a', "\u{ff41}"));
    all
}

/// Returns every way of naming a person in a request.
fn with_recipient(request: &RawRequest, to: &str) -> Vec<RawRequest> {
    let text = |request: RawRequest| request.param("From", FROM).param("Body", "PLANTED");
    vec![
        request.clone(),
        text(request.clone().param("To", to)),
        text(request.clone().param("to", to)),
        text(request.clone().param("TO", to)),
        text(request.clone().param("To", TO).param("To", to)),
        text(request.clone().param("To", TO).param("to", to)),
        text(request.clone().param("To", format!("{TO},{to}"))),
        text(request.clone().param("To", format!("{TO}\n{to}"))),
        text(request.clone().param("To", TO).param("Recipients", to)),
        text(request.clone().param("To", format!(" {to}"))),
        text(request.clone().param("To", to.trim_start_matches('+'))),
        text(request.clone().param("To", format!("whatsapp:{to}"))),
        text(
            request
                .clone()
                .param("To", format!("sip:{to}@clinic.example")),
        ),
        text(request.clone().param("To", "client:ann")),
        text(request.clone().param("To", "messenger:1")),
        request.clone().json(&json!({ "To": to, "to": to })),
        request.clone().json(&json!({ "To": TO })).param("To", TO),
        request
            .clone()
            .effect(clinspark_twilio::client::Effect::Read),
        request
            .clone()
            .param("To", TO)
            .param("Twiml", format!("<Response><Dial>{to}</Dial></Response>")),
        request
            .clone()
            .param("To", TO)
            .param("Twiml", "<Response/>")
            .param("Twiml", format!("<Response><Dial>{to}</Dial></Response>")),
    ]
}

/// Sends a request, and returns `true` if it reached the transport.
async fn is_sent(delivery: Delivery, request: RawRequest) -> bool {
    let recorder = Recorder::refusing();
    let client = recorder.client(delivery);
    is_sent_by(&client, &recorder, &request).await
}

async fn is_sent_by(client: &Client, recorder: &Recorder, request: &RawRequest) -> bool {
    assert_debug_clean(request);
    let error = client.execute(request).await.unwrap_err();
    assert_debug_clean(&error);
    let sent = !recorder.take().is_empty();
    assert_eq!(
        !sent,
        matches!(error.kind(), ErrorKind::Blocked | ErrorKind::Invalid),
        "{error}"
    );
    sent
}

#[tokio::test]
async fn no_spelling_of_a_path_reaches_a_stranger() {
    let recorder = Recorder::refusing();
    let clients = [Delivery::Off, Delivery::only([number(TO)])].map(|d| recorder.client(d));
    let mut tried = 0;
    for (host, path) in reaching() {
        for path in spellings(&path) {
            let post = RawRequest::post(host, &path);
            for request in with_recipient(&post, STRANGER) {
                for client in &clients {
                    let sent = is_sent_by(client, &recorder, &request).await;
                    assert!(!sent, "{path}");
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 50_000, "{tried}");
}

/// A path on the host of another product is another path.
#[tokio::test]
async fn no_host_reaches_a_stranger() {
    for (_, path) in reaching() {
        for host in HOSTS {
            let post = RawRequest::post(*host, &path).param("To", STRANGER);
            assert!(!is_sent(Delivery::Off, post).await, "{path}");
        }
    }
}

/// The guard decides first, so a blocked request is reported as blocked even if it is invalid.
#[tokio::test]
async fn an_invalid_path_is_blocked_first() {
    for path in ["", "/", "x", "/..", "/%2e%2e/Messages.json"] {
        let recorder = Recorder::refusing();
        let post = RawRequest::post(Host::Api, path);
        let error = recorder.client(Delivery::Off).execute(post).await;
        assert_eq!(error.unwrap_err().kind(), ErrorKind::Blocked, "{path}");
    }
}

#[tokio::test]
async fn messages_and_calls_are_judged_by_their_recipients() {
    let only = || Delivery::only([number(TO)]);
    let text = |to: &str| {
        RawRequest::post(Host::Api, format!("{ROOT}/Messages.json"))
            .param("To", to)
            .param("From", FROM)
            .param("Body", "PLANTED")
    };
    let call = |to: &str, twiml: &str| {
        RawRequest::post(Host::Api, "/2010-04-01/Accounts/{AccountSid}/Calls.json")
            .param("To", to)
            .param("From", FROM)
            .param("Twiml", format!("<Response>{twiml}</Response>"))
    };
    let update = |twiml: &str| {
        RawRequest::post(Host::Api, format!("{ROOT}/Calls/{CALL}.json"))
            .param("Twiml", format!("<Response>{twiml}</Response>"))
    };
    for (request, expected) in [
        (text(TO), true),
        (text(&format!("whatsapp:{TO}")), true),
        (text(&format!("rcs:{TO}")), true),
        (text(STRANGER), false),
        (text(&format!("whatsapp:{STRANGER}")), false),
        (text("messenger:1"), false),
        (call(TO, "<Say>Hello</Say>"), true),
        (call(TO, &format!("<Dial>{TO}</Dial>")), true),
        (call(TO, &format!("<Dial>{STRANGER}</Dial>")), false),
        (call(TO, "<Dial><Conference>x</Conference></Dial>"), false),
        (call(STRANGER, "<Say>Hello</Say>"), false),
        (call("client:ann", "<Say>Hello</Say>"), false),
        (update("<Say>Hello</Say>"), true),
        (update(&format!("<Dial>{TO}</Dial>")), true),
        (update(&format!("<Dial>{STRANGER}</Dial>")), false),
        (update("<Enqueue>x</Enqueue>"), false),
        (update("<Sms>Hello</Sms>"), false),
        (update(&format!("<Sms to=\"{TO}\">Hello</Sms>")), true),
        (call(TO, "<Sms>Hello</Sms>"), true),
    ] {
        assert_eq!(is_sent(only(), request.clone()).await, expected);
        assert!(is_sent(Delivery::Live, request).await);
    }
    assert!(!is_sent(Delivery::Off, text(TO)).await);
    assert!(!is_sent(Delivery::Off, call(TO, "")).await);
    assert!(is_sent(Delivery::Off, update("<Say>Hello</Say>")).await);
    let hang_up = RawRequest::post(Host::Api, format!("{ROOT}/Calls/{CALL}.json"));
    assert!(is_sent(Delivery::Off, hang_up.param("Status", "completed")).await);
}

#[tokio::test]
async fn paths_that_reach_no_one_pass() {
    for (host, path) in [
        (Host::Api, "Applications.json"),
        (
            Host::Api,
            "Applications/AP00000000000000000000000000000001.json",
        ),
        (
            Host::Api,
            "IncomingPhoneNumbers/PN00000000000000000000000000000001.json",
        ),
        (
            Host::Api,
            "Messages/SM00000000000000000000000000000001.json",
        ),
        (
            Host::Api,
            "Messages/MM00000000000000000000000000000001/Feedback.json",
        ),
        (
            Host::Api,
            "Calls/CA00000000000000000000000000000001/Recordings/Twilio.CURRENT.json",
        ),
        (Host::Messaging, "/v1/Services"),
        (
            Host::Messaging,
            "/v1/Services/MG00000000000000000000000000000001/PhoneNumbers",
        ),
        (Host::Voice, "/v1/Settings"),
        (Host::Content, "/v1/Content"),
    ] {
        let path = match host {
            Host::Api => format!("{ROOT}/{path}"),
            _ => path.to_owned(),
        };
        let post = RawRequest::post(host, &path).param("FriendlyName", "x");
        assert!(is_sent(Delivery::Off, post).await, "{path}");
        // The wrong kind of SID is another path.
        let other = path
            .replace("AP0", "CA0")
            .replace("PN0", "CA0")
            .replace("MG0", "IS0");
        let other = other.replace("SM0", "CF0").replace("MM0", "CF0");
        if other != path {
            assert!(
                !is_sent(Delivery::Off, RawRequest::post(host, &other)).await,
                "{other}"
            );
        }
    }
    for request in [
        RawRequest::get(Host::Api, format!("{ROOT}/Messages.json")),
        RawRequest::delete(
            Host::Api,
            format!("{ROOT}/Messages/SM00000000000000000000000000000001.json"),
        ),
        RawRequest::get(Host::Verify, "/v2/Services"),
    ] {
        assert!(is_sent(Delivery::Off, request).await);
    }
}

/// Returns the path as the most lenient server might read it.
fn lenient(path: &str) -> String {
    let mut decoded = path.to_ascii_lowercase();
    for (escape, c) in [
        ("%2e", "."),
        ("%2f", "/"),
        ("%6d", "m"),
        ("%63", "c"),
        ("%5c", "/"),
    ] {
        decoded = decoded.replace(escape, c);
    }
    let decoded = decoded.replace('\\', "/");
    let path = decoded.split(['?', '#', ';']).next().unwrap_or_default();
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment.trim() {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            segment => segments.push(segment.split('.').next().unwrap_or_default()),
        }
    }
    segments.join("/")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Whatever is sent with `Delivery::Off` is no collection of messages or calls, even if read
    /// leniently.
    #[test]
    fn no_generated_path_reaches_anyone(
        parts in prop::collection::vec(prop::sample::select(vec![
            "/", "//", "/2010-04-01", "/Accounts", "/AC00000000000000000000000000000001",
            "/{AccountSid}", "/Messages", "/messages", "/%6Dessages", "/Calls", "/calls", ".json",
            "/..", "/.", "%2F", "%2e%2e", ";", "?", "#", "\\", "/Applications",
            "/SM00000000000000000000000000000001", "/CA00000000000000000000000000000001",
            "/Participants", "/Feedback", " ", "/Recordings", "/Twilio.CURRENT",
        ]), 0..9),
        host in prop::sample::select(HOSTS.to_vec()),
        is_rooted in any::<bool>(),
    ) {
        let root = if is_rooted { ROOT } else { "" };
        let path = format!("{root}{}", parts.concat());
        let post = RawRequest::post(host, &path).param("To", STRANGER);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let sent = runtime.block_on(is_sent(Delivery::Off, post));
        let read = lenient(&path);
        let last = read.rsplit('/').next().unwrap_or_default();
        let reaches = matches!(last, "messages" | "calls" | "participants");
        prop_assert!(!(sent && reaches), "{path}");
    }
}

/// The reason tells what the guard does not know, not that someone was unlisted.
#[tokio::test]
async fn a_blocked_request_says_what_the_guard_does_not_know() {
    let messages = "/2010-04-01/Accounts/{AccountSid}/Messages.json";
    let unknown = RawRequest::post(Host::Api, "/2010-04-01/Accounts/{AccountSid}/Payments.json");
    let further = RawRequest::post(Host::Api, messages)
        .param("To", TO)
        .param("Odd", "1");
    let known = RawRequest::post(Host::Api, messages).param("To", TO);
    let tester = number("+14155550199");
    for (delivery, unlisted) in [
        (
            Delivery::Off,
            "are disabled for this client (Delivery::Off)",
        ),
        (Delivery::only([tester]), "is not listed in Delivery::Only"),
    ] {
        let client = Recorder::refusing().client(delivery);
        for (request, reason) in [
            (
                &unknown,
                "this path is not known to reach no one: only Delivery::Live permits it",
            ),
            (
                &further,
                "a parameter that the crate does not know, may name a further person",
            ),
            (&known, unlisted),
        ] {
            let named = request.clone().name("OurRequest");
            let error = client.execute(named).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Blocked);
            let text = error.to_string();
            assert!(
                text.starts_with("OurRequest: ") && text.contains(reason),
                "{text}"
            );
        }
    }
}
