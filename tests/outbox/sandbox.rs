//! Five thousand people, two workers, and a network that loses answers.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use clinspark_twilio::client::Clock;
use std::sync::atomic::{AtomicU64, Ordering};

use clinspark_twilio::messenger::{Messenger, WithoutConsentGate};
use clinspark_twilio::outbox::{
    MemoryStore, MessageState, Observed, Outbox, OutboxStore, Person, resolver_fn,
};
use clinspark_twilio::sandbox::{Fault, FaultRule, Sandbox, SentWebhook};
use clinspark_twilio::types::BoxFuture;

use super::support::{batch, fill, key, messages, person_of, reason_of, sender, template};

const PEOPLE: u64 = 5_000;

/// The system's clock, some seconds ahead.
struct Ahead(AtomicU64);

impl Clock for Ahead {
    fn now(&self) -> SystemTime {
        SystemTime::now() + Duration::from_secs(self.0.load(Ordering::SeqCst))
    }

    fn sleep(&self, time: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::time::sleep(time))
    }
}

async fn account() -> Sandbox {
    let twilio = Sandbox::builder().seed(7).start().await.unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = listener.local_addr().unwrap();
    twilio
        .map_origin("https://acme.example.com", server)
        .unwrap();
    // The callbacks are delivered by the test, when it wants to.
    let router = axum::Router::new().fallback(async || http::StatusCode::NO_CONTENT);
    tokio::spawn(async move { axum::serve(listener, router).await });
    twilio
}

fn messenger(twilio: &Sandbox) -> Messenger {
    let settings = twilio.settings().domain("acme.example.com");
    let settings = settings
        .voice_path("/hooks/voice")
        .call_status_path("/hooks/call-status")
        .message_path("/hooks/message")
        .message_status_path("/hooks/message-status")
        .build()
        .unwrap();
    settings.messenger(WithoutConsentGate).unwrap()
}

fn request(webhook: &SentWebhook) -> http::Request<String> {
    let url: http::Uri = webhook.url.expose().parse().unwrap();
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(webhook.parameters.expose());
    http::Request::post(url.path_and_query().unwrap().as_str())
        .header("host", "acme.example.com")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("x-twilio-signature", webhook.signature.expose())
        .body(form.finish())
        .unwrap()
}

#[tokio::test]
async fn five_thousand_people_get_one_text_each() {
    let twilio = account().await;
    let lost = FaultRule::new(Fault::ResetAfter)
        .method("POST")
        .path("/Messages.json");
    twilio.add_fault(lost.share(0.025)).unwrap();
    let before = FaultRule::new(Fault::ResetBefore)
        .method("POST")
        .path("/Messages.json");
    twilio.add_fault(before.share(0.025)).unwrap();
    let clock = Arc::new(Ahead(AtomicU64::new(0)));
    let store = MemoryStore::with_clock(Arc::<Ahead>::clone(&clock));
    let outbox = || {
        // 1 in 100 has no number that can be texted.
        let resolver = resolver_fn(|key, _| {
            let mut person = person_of(&key);
            if key.as_str().ends_with("50") {
                person = Person::new("0000", person.data);
            }
            async move { Ok(Some(person)) }
        });
        let builder = Outbox::builder(store.clone(), sender(), messenger(&twilio), resolver, key());
        builder.template(template()).build()
    };
    let (one, two) = (outbox(), outbox());
    fill(&one, &messages(PEOPLE)).await;
    let (first, second) = tokio::join!(one.drain(PEOPLE), two.drain(PEOPLE));
    let (first, second) = (first.unwrap(), second.unwrap());
    assert_eq!(first.total() + second.total(), PEOPLE);
    assert!(first.sent > 0 && second.sent > 0);
    let doubts = first.doubts + second.doubts;
    assert!(
        (150..350).contains(&doubts),
        "{doubts} of 5,000 answers lost"
    );

    // Half of the callbacks arrive.
    twilio.wait_idle().await.unwrap();
    let receiver = messenger(&twilio);
    let mut settled = 0;
    for webhook in twilio.webhooks().iter().step_by(4) {
        let verified = receiver.receive(request(webhook)).await.unwrap();
        match one.observe(&verified).await.unwrap() {
            Observed::Settled => settled += 1,
            other => assert_eq!(other, Observed::Recorded),
        }
    }
    assert!(settled > 0);
    let (report, _) = tokio::join!(one.reconcile(), two.reconcile());
    let report = report.unwrap();
    assert!(report.sent > 0 && report.requeued == 0, "{report:?}");

    let mut texts: HashMap<String, usize> = HashMap::new();
    for message in twilio.messages() {
        let to = message.to.phone().unwrap();
        *texts.entry(to.as_str().to_owned()).or_default() += 1;
    }
    assert_eq!(texts.values().filter(|texts| **texts > 1).count(), 0);
    let counts = store.counts(batch().id()).await.unwrap();
    let sent = counts.of(MessageState::Sent);
    assert_eq!(sent, texts.len() as u64);
    assert_eq!(counts.of(MessageState::Refused), 50);
    // What did not arrive is not found, and waits for the second look.
    assert_eq!(counts.of(MessageState::Sending), PEOPLE - sent - 50);
    clock.0.store(61, Ordering::SeqCst);
    let report = two.reconcile().await.unwrap();
    assert_eq!((report.held, report.open), (PEOPLE - sent - 50, 0));
    let counts = store.counts(batch().id()).await.unwrap();
    let refused = counts.of(MessageState::Refused);
    assert_eq!(
        counts.of(MessageState::Sent) + refused + counts.of(MessageState::Held),
        PEOPLE
    );
    assert_eq!(twilio.messages().len() as u64, sent);
    for record in store
        .records(batch().id(), Some(MessageState::Held), 0, 5_000)
        .await
        .unwrap()
    {
        assert!(!reason_of(&record).is_empty());
    }
}
