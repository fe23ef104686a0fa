//! A reader of the feed, the groups of requests, and the documents of calls.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::collections::HashMap;
use std::fmt::Write as _;
use std::time::Duration;

use axum::Router;
use axum::routing::{any, post};
use http::header::CONTENT_TYPE;

use super::context::Context;
use super::state::{ChangedKey, EventId, State, WaitFor};
use super::{AnswerBehavior, ClockMode, DeliveryBehavior, Fault, FaultRule, Sandbox};
use crate::phone::{Address, E164};

const CLINIC: &str = "+14155550100";
const PHONES: [&str; 3] = ["+14155550123", "+14155550145", "+14155550167"];
const MENU: &str = "<Response><Gather numDigits=\"1\" action=\"/done\" hints=\"visit\">\
                    <Say>One</Say><Pause/></Gather><Say>Bye</Say></Response>";

fn e164(text: &str) -> E164 {
    E164::parse(text).unwrap()
}

/// Values of everything that the feed has keys for, as a page shows them.
fn values(context: &Context) -> HashMap<ChangedKey, String> {
    // What changes without the state, such as the next timer, is collected first.
    context.changes_after(context.read(State::cursor)).unwrap();
    context.read(|state| {
        let messages = state.messages.iter().map(|it| ChangedKey::Message(it.sid));
        let calls = state.calls.iter().map(|it| ChangedKey::Call(it.call.sid));
        let phones = state
            .phones
            .iter()
            .map(|(it, _)| ChangedKey::Phone(it.clone()));
        let groups = state.timeline.groups().map(|it| ChangedKey::Group(it.id));
        let alerts = state.alerts.iter().map(|(it, _)| ChangedKey::Alert(it));
        let others = [ChangedKey::Numbers, ChangedKey::World];
        let keys = messages
            .chain(calls)
            .chain(phones)
            .chain(groups)
            .chain(alerts);
        let keys = keys.chain(others);
        keys.filter_map(|key| Some((key.clone(), value(context, state, &key)?)))
            .collect()
    })
}

fn value(context: &Context, state: &State, key: &ChangedKey) -> Option<String> {
    Some(match key {
        ChangedKey::Message(sid) => {
            let message = state.message(*sid)?;
            format!("{message:?} {}", message.body.expose())
        }
        ChangedKey::Call(sid) => {
            let entry = state.call(*sid)?;
            let documents: Vec<_> = entry.documents.iter().collect();
            let transcript: Vec<_> = entry
                .transcript
                .iter()
                .map(|it| it.content.expose())
                .collect();
            format!(
                "{:?} {:?} {documents:?} {transcript:?}",
                entry.call, entry.wait
            )
        }
        ChangedKey::Phone(address) => {
            let phone = state.phones.get(address)?;
            let opt_outs = state.opt_outs.iter().filter(|(_, it)| it == address);
            let in_call = state
                .calls
                .iter()
                .rev()
                .find(|it| [&it.call.from, &it.call.to].contains(&address) && !it.has_ended());
            let last = phone
                .last_text
                .as_ref()
                .map(|(at, body)| (at, body.expose()));
            let (listed, unread, answer) = (phone.is_listed(), phone.unread, phone.answer);
            let in_call = in_call.map(|it| (it.call.sid, it.call.status.clone()));
            let opt_outs = opt_outs.count();
            format!("{listed} {unread} {answer:?} {last:?} {opt_outs} {in_call:?}")
        }
        ChangedKey::Group(id) => {
            let group = state.timeline.group(*id)?;
            let mut text = format!("{group:?} {}", group.title.expose());
            for event in &group.events {
                match event {
                    EventId::Request(id) => write!(text, "{:?}", state.timeline.request(*id)),
                    EventId::Webhook(id) => write!(text, "{:?}", state.webhooks.get(*id)),
                }
                .unwrap();
            }
            text
        }
        ChangedKey::Alert(serial) => format!("{:?}", state.alerts.get(*serial)?),
        ChangedKey::Numbers => {
            let numbers = state.numbers.iter();
            let routes = numbers.map(|it| (state.text_routes(it), state.call_routes(it)));
            format!("{:?}", routes.collect::<Vec<_>>())
        }
        ChangedKey::World => {
            let clock = &context.clock;
            let due = clock
                .next_due()
                .map(|(after, name)| (clock.passed() + after, name));
            let faults = context.faults(super::faults::Faults::list);
            format!("{:?} {:?} {due:?} {faults:?}", clock.mode(), clock.passed())
        }
    })
}

/// A page: it reads everything once, and then only what has changed.
struct Reader {
    cursor: u64,
    values: HashMap<ChangedKey, String>,
    /// Number of times that it read everything.
    restarts: usize,
}

impl Reader {
    fn follow(&mut self, context: &Context) {
        let Ok((keys, cursor)) = context.changes_after(self.cursor) else {
            self.cursor = context.read(State::cursor);
            self.values = values(context);
            self.restarts += 1;
            return;
        };
        self.cursor = cursor;
        context.read(|state| {
            for key in keys {
                match value(context, state, &key) {
                    Some(value) => self.values.insert(key, value),
                    None => self.values.remove(&key),
                };
            }
        });
    }
}

async fn start(mode: ClockMode, seed: u64) -> (Sandbox, String) {
    let sandbox = Sandbox::builder().clock(mode).seed(seed).history_limit(30);
    let sandbox = sandbox.start().await.unwrap();
    let xml = |body: &'static str| move || async move { ([(CONTENT_TYPE, "text/xml")], body) };
    let app = Router::new()
        .route(
            "/sms",
            post(xml("<Response><Message>Yes</Message></Response>")),
        )
        .route("/voice", post(xml(MENU)))
        .route("/done", post(xml("<Response><Say>Thanks</Say></Response>")))
        .route("/status", any(|| async { "" }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    let number = sandbox.add_number(e164(CLINIC));
    let (sms, voice) = (format!("{url}/sms"), format!("{url}/voice"));
    let settings = [("SmsUrl", &*sms), ("VoiceUrl", &*voice)];
    sandbox.configure_number(number, &settings).unwrap();
    (sandbox, url)
}

async fn request(sandbox: &Sandbox, method: &str, path: &str, fields: &[(&str, &str)]) -> u16 {
    let account = sandbox.account_sid();
    let url = format!(
        "{}/2010-04-01/Accounts/{account}/{path}",
        sandbox.base_url()
    );
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = client.request(method.parse().unwrap(), url);
    let request = request.basic_auth(account, Some(sandbox.auth_token().expose()));
    let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    let form = serde_urlencoded::to_string(fields).unwrap();
    request.body(form).send().await.unwrap().status().as_u16()
}

/// One thing that happens, chosen by a number.
async fn act(sandbox: &Sandbox, url: &str, choice: u64) {
    let phone = PHONES[usize::try_from(choice / 100 % 3).unwrap()];
    let handle = sandbox.phone(e164(phone));
    let status = format!("{url}/status");
    let text = [
        ("To", phone),
        ("From", CLINIC),
        ("Body", "Visit"),
        ("StatusCallback", &*status),
    ];
    match choice % 16 {
        0..=2 => drop(request(sandbox, "POST", "Messages.json", &text).await),
        3 => drop(handle.text(e164(CLINIC), "Hello").await),
        4 => drop(handle.text(e164(CLINIC), "STOP").await),
        5 => drop(handle.text(e164(CLINIC), "START").await),
        6 | 7 => drop(handle.call(e164(CLINIC)).await),
        8 => {
            let voice = format!("{url}/voice");
            let fields = [("To", phone), ("From", CLINIC), ("Url", &*voice)];
            request(sandbox, "POST", "Calls.json", &fields).await;
        }
        9 => {
            let calls = sandbox.calls();
            let live = calls.iter().find(|call| !call.status.is_final());
            if let Some(call) = live {
                let path = format!("Calls/{}.json", call.sid);
                request(sandbox, "POST", &path, &[("Status", "completed")]).await;
            }
        }
        10 => {
            if let Some(message) = sandbox.messages().first() {
                let path = format!("Messages/{}.json", message.sid);
                request(sandbox, "DELETE", &path, &[]).await;
            }
        }
        11 => drop(request(sandbox, "GET", "Messages.json", &[]).await),
        12 => {
            handle.set_answer_behavior(AnswerBehavior::Ring);
            handle.set_delivery_behavior(DeliveryBehavior::Failed(30003));
            sandbox.add_alert(11200, "error");
        }
        13 => {
            let rule = FaultRule::new(Fault::LoseWebhook).nth(1);
            sandbox.add_fault(rule).unwrap();
            let modes = [ClockMode::Instant, ClockMode::Held];
            sandbox.set_clock_mode(modes[usize::try_from(choice / 16 % 2).unwrap()]);
        }
        14 => drop(sandbox.advance_to_next().await),
        _ if choice.is_multiple_of(7) => sandbox.reset().await,
        _ => {
            let number = sandbox.numbers()[0].sid;
            let sms = format!("{url}/sms?{choice}");
            sandbox
                .configure_number(number, &[("SmsUrl", &*sms)])
                .unwrap();
        }
    }
}

#[tokio::test]
async fn a_reader_of_changes_ends_with_the_same_picture_as_a_new_one() {
    for seed in 0..3 {
        let (sandbox, url) = start(ClockMode::Instant, seed).await;
        sandbox.set_timeout(Duration::from_secs(60));
        let context = &sandbox.context_for_tests();
        let mut readers = [2, 11].map(|pace| {
            let reader = Reader {
                cursor: u64::MAX,
                values: HashMap::new(),
                restarts: 0,
            };
            (pace, reader)
        });
        let mut choice = seed + 1;
        for step in 0..120 {
            // Knuth's linear congruential generator.
            choice = choice
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            act(&sandbox, &url, choice >> 33).await;
            for (pace, reader) in &mut readers {
                if step % *pace == 0 {
                    reader.follow(context);
                }
            }
        }
        sandbox.wait_idle().await.unwrap();
        let expected = values(context);
        assert!(expected.len() > 10, "{}", expected.len());
        for (_, reader) in &mut readers {
            reader.follow(context);
            for (key, value) in &expected {
                assert_eq!(reader.values.get(key), Some(value), "{key:?}");
            }
            assert_eq!(reader.values.len(), expected.len());
            // It followed, in place of reading everything each time.
            assert!(reader.restarts < 8, "{}", reader.restarts);
        }
    }
}

#[tokio::test]
async fn webhooks_belong_to_their_cause() {
    let (sandbox, url) = start(ClockMode::Instant, 1).await;
    let status = format!("{url}/status");
    let fields = [
        ("To", PHONES[0]),
        ("From", CLINIC),
        ("Body", "Visit"),
        ("StatusCallback", &*status),
    ];
    assert_eq!(
        request(&sandbox, "POST", "Messages.json", &fields).await,
        201
    );
    sandbox.wait_idle().await.unwrap();
    let phone = sandbox.phone(e164(PHONES[0]));
    phone.text(e164(CLINIC), "Hello").await.unwrap();
    let call = phone.call(e164(CLINIC)).await.unwrap();
    call.press("1").await.unwrap();
    sandbox.wait_idle().await.unwrap();

    let context = sandbox.context_for_tests();
    context.read(|state| {
        let groups: Vec<_> = state.timeline.groups().collect();
        let titles: Vec<_> = groups
            .iter()
            .map(|group| group.title.expose().as_str())
            .collect();
        let [to, from, called] = [
            format!("Text to {}", PHONES[0]),
            format!("Text from {}", PHONES[0]),
            format!("Call from {}", PHONES[0]),
        ];
        assert_eq!(titles, [to, from, called]);
        let events: Vec<usize> = groups.iter().map(|group| group.events.len()).collect();
        // The request and its two callbacks; the webhook of the text; two documents of the call.
        assert_eq!(events, [3, 1, 2]);
        // The reply belongs to the text that it answers.
        let reply = state.messages.iter().next_back().unwrap();
        assert_eq!(reply.group, Some(groups[1].id));
        assert_eq!(groups[2].resource.as_deref(), Some(call.sid().as_str()));
        assert_eq!(groups[2].phone, Some(Address::Phone(e164(PHONES[0]))));
    });
}

#[tokio::test]
async fn a_call_shows_the_element_that_runs_and_what_it_waits_for() {
    let (sandbox, url) = start(ClockMode::Held, 1).await;
    let phone = sandbox.phone(e164(PHONES[0]));
    let call = phone.call(e164(CLINIC)).await.unwrap();
    let context = sandbox.context_for_tests();
    let shown = || {
        context.read(|state| {
            let entry = state.call(call.sid()).unwrap();
            let document = entry.documents.iter().next_back().unwrap().clone();
            (document, entry.wait.clone())
        })
    };
    let names = |document: &super::state::RunDocument, indices: &[usize]| -> Vec<String> {
        let element = |index: &usize| document.elements[*index].name.clone();
        indices.iter().map(element).collect()
    };
    // The prompt of the <Gather> is said, and keys would end it.
    let (document, wait) = shown();
    assert_eq!(names(&document, document.current.as_slice()), ["Say"]);
    let wait = wait.unwrap();
    assert_eq!((wait.input, wait.until), (WaitFor::Keys, None));

    while sandbox.advance_to_next().await.unwrap() {
        let (document, _) = shown();
        if names(&document, document.current.as_slice()) == ["Gather"] {
            break;
        }
    }
    let (document, wait) = shown();
    assert_eq!(names(&document, &document.done), ["Say", "Pause"]);
    let lines: Vec<&str> = document.xml.expose().lines().collect();
    let gather = &document.elements[document.current.unwrap()];
    assert!(
        lines[gather.first - 1].trim().starts_with("<Gather "),
        "{lines:?}"
    );
    assert_eq!(lines[gather.last - 1].trim(), "</Gather>");
    assert_eq!(document.url.unwrap().expose(), &format!("{url}/voice"));
    assert_eq!(document.event, Some(EventId::Webhook(0)));
    let wait = wait.unwrap();
    assert_eq!(wait.until, Some(sandbox.now() + Duration::from_secs(5)));
    assert_eq!(wait.hints.as_deref(), Some("visit"));

    call.press("1").await.unwrap();
    let (document, wait) = shown();
    assert_eq!(names(&document, document.current.as_slice()), ["Say"]);
    assert_eq!(wait.unwrap().input, WaitFor::Nothing);
    let count = context.read(|state| state.call(call.sid()).unwrap().documents.iter().count());
    assert_eq!(count, 2);
}
