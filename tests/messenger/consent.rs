//! The consent gate: asked before each send, told of what bears on it.

use std::sync::{Arc, Mutex};

use clinspark_twilio::client::Outcome;
use clinspark_twilio::client::testing::{FakeTransport, Reply};
use clinspark_twilio::messenger::{
    Consent, ConsentError, ConsentEvent, ConsentGate, ConsentSignal, ContactAttempt,
    ContactChannel, ErrorKind, RefusalKind,
};
use clinspark_twilio::phone::E164;
use clinspark_twilio::sms::{OptOut, OptOutKeywords};
use clinspark_twilio::types::BoxFuture;
use clinspark_twilio::webhook::OptOutScope;

use crate::{
    ACCOUNT, CALLED, NOON, SERVICE, TEXTED, TYPED, VOLUNTEER, WORDS, at, builder, id, inbound,
    says, settings, signed,
};

/// Says what it is told to say, and keeps what it hears.
#[derive(Clone)]
pub(crate) struct Gate {
    answer: Result<Consent, &'static str>,
    pub(crate) asked: Arc<Mutex<Vec<ContactAttempt>>>,
    events: Arc<Mutex<Vec<ConsentEvent>>>,
}

impl Gate {
    pub(crate) fn new(answer: Result<Consent, &'static str>) -> Self {
        Self {
            answer,
            asked: Arc::default(),
            events: Arc::default(),
        }
    }

    pub(crate) fn events(&self) -> Vec<ConsentEvent> {
        std::mem::take(&mut self.events.lock().unwrap())
    }
}

impl ConsentGate for Gate {
    fn check<'a>(
        &'a self,
        contact: &'a ContactAttempt,
    ) -> BoxFuture<'a, Result<Consent, ConsentError>> {
        Box::pin(async move {
            tokio::task::yield_now().await;
            self.asked.lock().unwrap().push(contact.clone());
            Ok(self.answer?)
        })
    }

    fn on_event<'a>(&'a self, event: &'a ConsentEvent) -> BoxFuture<'a, Result<(), ConsentError>> {
        Box::pin(async move {
            tokio::task::yield_now().await;
            self.events.lock().unwrap().push(event.clone());
            self.answer?;
            Ok(())
        })
    }
}

#[tokio::test]
async fn consent_is_asked_for_before_each_send() {
    let line = FakeTransport::new()
        .reply(Reply::json(201, TEXTED))
        .reply(Reply::json(201, CALLED))
        .reply(Reply::json(201, TEXTED));
    let gate = Gate::new(Ok(Consent::Given));
    let service = settings().messaging_service_sid(SERVICE);
    let clinic = builder(service, &line)
        .consent_gate(gate.clone())
        .build()
        .unwrap();
    let later = at(NOON + 3_600);
    clinic.text(TYPED, WORDS).id(id("a")).await.unwrap();
    clinic.call(TYPED, &says()).id(id("b")).await.unwrap();
    clinic
        .text_at(TYPED, WORDS, later)
        .id(id("c"))
        .await
        .unwrap();
    let asked: Vec<_> = gate
        .asked
        .lock()
        .unwrap()
        .iter()
        .map(|contact| (contact.to, contact.channel, contact.at, contact.id.clone()))
        .collect();
    let to = E164::parse(VOLUNTEER).unwrap();
    assert_eq!(
        asked,
        [
            (to, ContactChannel::Text, at(NOON), id("a")),
            (to, ContactChannel::Call, at(NOON), id("b")),
            (to, ContactChannel::Text, later, id("c")),
        ]
    );
    assert!(gate.events().is_empty());
    let text = clinic.text(TYPED, WORDS);
    let call = clinic.call(TYPED, &says());
    let shown = format!("{clinic:?} {:?} {text:?} {call:?}", gate.asked);
    for hidden in ["491570156", "491 570 156", "visit"] {
        assert!(!shown.contains(hidden), "{hidden} shows in {shown}");
    }
}

#[tokio::test]
async fn nothing_leaves_without_consent_or_while_the_gate_cannot_answer() {
    for (answer, kind, message) in [
        (
            Ok(Consent::Withheld),
            ErrorKind::Consent,
            "the consent gate withholds consent to contact the person this way",
        ),
        (
            Err("no database"),
            ErrorKind::ConsentGate,
            "the consent gate did not answer, so nothing was sent",
        ),
    ] {
        let line = FakeTransport::new();
        let clinic = builder(settings(), &line)
            .consent_gate(Gate::new(answer))
            .build()
            .unwrap();
        let texted = clinic.text(TYPED, WORDS).await.unwrap_err();
        let called = clinic.call(TYPED, &says()).await.unwrap_err();
        for error in [texted, called] {
            assert_eq!((error.kind(), error.to_string().as_str()), (kind, message));
            assert_eq!(error.outcome(), &Outcome::NotSent);
            let source = std::error::Error::source(&error).map(ToString::to_string);
            assert_eq!(source, answer.err().map(str::to_owned));
        }
        assert!(line.requests().is_empty());
    }
}

/// Says yes to everybody and listens to nobody.
struct FailingGate;
impl ConsentGate for FailingGate {
    fn check<'a>(&'a self, _: &'a ContactAttempt) -> BoxFuture<'a, Result<Consent, ConsentError>> {
        Box::pin(async { Ok(Consent::Given) })
    }
    fn on_event<'a>(&'a self, _: &'a ConsentEvent) -> BoxFuture<'a, Result<(), ConsentError>> {
        Box::pin(async { Err("no database".into()) })
    }
}

#[tokio::test]
async fn the_gate_is_told_that_twilio_says_the_person_opted_out() {
    let opted_out = || FakeTransport::new().reply(Reply::error(400, 21610));
    let gate = Gate::new(Ok(Consent::Given));
    let clinic = builder(settings(), &opted_out())
        .consent_gate(gate.clone())
        .build()
        .unwrap();
    let error = clinic.text(TYPED, WORDS).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.outcome()),
        (ErrorKind::Client, &Outcome::Rejected)
    );
    let [event] = gate.events().try_into().unwrap();
    assert_eq!(event.person.phone(), E164::parse(VOLUNTEER).ok());
    assert_eq!(
        (event.signal, event.scope),
        (ConsentSignal::OptedOut, OptOutScope::Sender)
    );
    assert_eq!(event.message_sid, None);

    // Other refusals say nothing about consent.
    let line = FakeTransport::new().reply(Reply::error(400, 21211));
    let clinic = builder(settings(), &line)
        .consent_gate(gate.clone())
        .build()
        .unwrap();
    clinic.text(TYPED, WORDS).await.unwrap_err();
    assert!(gate.events().is_empty());

    // A gate that hears it badly: neither failure is lost.
    let clinic = builder(settings(), &opted_out())
        .consent_gate(FailingGate)
        .build()
        .unwrap();
    let error = clinic.text(TYPED, WORDS).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.outcome()),
        (ErrorKind::ConsentGate, &Outcome::Rejected)
    );
    assert_eq!(error.client().unwrap().code().unwrap().get(), 21610);
    assert_eq!(
        error.to_string(),
        "the person has opted out, and the consent gate failed to record it"
    );
}

#[tokio::test]
async fn the_gate_is_told_of_what_people_say_and_of_nothing_else() {
    let gate = Gate::new(Ok(Consent::Given));
    let line = FakeTransport::new();
    let clinic = builder(settings(), &line)
        .consent_gate(gate.clone())
        .build()
        .unwrap();
    let service = SERVICE.parse().unwrap();
    let in_service = format!("&MessagingServiceSid={SERVICE}");
    let status = |code: &str| {
        format!(
            "MessageSid=SM00000000000000000000000000000006&MessageStatus=failed\
             &AccountSid={ACCOUNT}&From=%2B61255501234&To=%2B61491570156{code}"
        )
    };
    for (form, heard) in [
        (
            inbound("STOP", ""),
            Some((ConsentSignal::Replied(OptOut::Stop), OptOutScope::Sender)),
        ),
        (
            inbound("ARRET", &format!("&OptOutType=STOP{in_service}")),
            Some((
                ConsentSignal::Replied(OptOut::Stop),
                OptOutScope::Service(service),
            )),
        ),
        (
            inbound("Unstop", ""),
            Some((ConsentSignal::Replied(OptOut::Start), OptOutScope::Sender)),
        ),
        (
            inbound("please+stop+texting+me", ""),
            Some((
                ConsentSignal::Replied(OptOut::MaybeStop),
                OptOutScope::Sender,
            )),
        ),
        (
            inbound("HELP", ""),
            Some((ConsentSignal::Replied(OptOut::Help), OptOutScope::Sender)),
        ),
        (
            status("&ErrorCode=21610"),
            Some((ConsentSignal::OptedOut, OptOutScope::Sender)),
        ),
        (inbound("See+you+then", ""), None),
        (status("&ErrorCode=30003"), None),
        (status(""), None),
    ] {
        let path = if form.contains("MessageStatus") {
            "/hooks/message-status"
        } else {
            "/hooks/message"
        };
        clinic.receive(signed(path, &form)).await.unwrap();
        let told = gate.events();
        assert_eq!(
            told.first().map(|event| (event.signal, event.scope)),
            heard,
            "{form}"
        );
        if let Some(event) = told.first() {
            assert!(!format!("{event:?}").contains("491570156"));
            assert_eq!(event.person.phone(), E164::parse(VOLUNTEER).ok());
            let sid = event.message_sid.unwrap();
            assert_eq!(sid.as_str(), "SM00000000000000000000000000000006");
        }
    }
    // A forged STOP silences nobody.
    let mut forged = signed("/hooks/message", &inbound("Hello", ""));
    *forged.body_mut() = inbound("STOP", "");
    clinic.receive(forged).await.unwrap_err();
    assert!(gate.events().is_empty());
}

#[tokio::test]
async fn a_stop_that_cannot_be_written_down_is_not_taken_for_heard() {
    let gate = Gate::new(Err("no database"));
    let clinic = builder(settings(), &FakeTransport::new())
        .consent_gate(gate)
        .build()
        .unwrap();
    let refusal = clinic
        .receive(signed("/hooks/message", &inbound("STOP", "")))
        .await;
    let refusal = refusal.unwrap_err();
    assert_eq!(refusal.kind(), RefusalKind::ConsentGate);
    let cause = std::error::Error::source(&refusal).unwrap();
    assert_eq!(
        format!("{refusal}: {cause}"),
        "the consent gate failed to record what the webhook says: no database"
    );
    let answer = refusal.into_response();
    assert_eq!(
        (answer.status().as_u16(), answer.body().as_str()),
        (503, "")
    );
    // What bears on nobody's consent comes through.
    let hello = signed("/hooks/message", &inbound("Hello", ""));
    assert!(clinic.receive(hello).await.is_ok());
}

/// A record that forgets no opt-out.
#[derive(Clone, Default)]
struct Revoked(Arc<Mutex<Vec<E164>>>);

impl ConsentGate for Revoked {
    fn check<'a>(
        &'a self,
        contact: &'a ContactAttempt,
    ) -> BoxFuture<'a, Result<Consent, ConsentError>> {
        let is_revoked = self.0.lock().unwrap().contains(&contact.to);
        Box::pin(async move {
            Ok(if is_revoked {
                Consent::Withheld
            } else {
                Consent::Given
            })
        })
    }

    fn on_event<'a>(&'a self, event: &'a ConsentEvent) -> BoxFuture<'a, Result<(), ConsentError>> {
        if let (
            ConsentSignal::OptedOut | ConsentSignal::Replied(OptOut::Stop | OptOut::MaybeStop),
            Some(person),
        ) = (event.signal, event.person.phone())
        {
            self.0.lock().unwrap().push(person);
        }
        Box::pin(async { Ok(()) })
    }
}

#[tokio::test]
async fn an_opt_out_by_webhook_stops_the_next_text() {
    // In the encoding of a form; the third is a reaction, which quotes our own words.
    for (body, is_sent) in [
        ("STOP", false),
        ("Cancel.", false),
        (
            "Loved+%E2%80%9CVisit+tomorrow+9%3A00.+Reply+STOP+to+opt+out%E2%80%9D",
            true,
        ),
        ("REMOVE", false),
        ("LOPETA%21", false),
        ("See+you+then", true),
    ] {
        let line = FakeTransport::new().reply(Reply::json(201, TEXTED));
        let clinic = builder(settings(), &line)
            .consent_gate(Revoked::default())
            .opt_out_keywords(OptOutKeywords::default().stop("lopeta"))
            .build()
            .unwrap();
        let webhook = signed("/hooks/message", &inbound(body, ""));
        clinic.receive(webhook).await.unwrap();
        let next = clinic.text(TYPED, WORDS).await;
        let refused = next.err().map(|error| error.kind());
        assert_eq!(refused, (!is_sent).then_some(ErrorKind::Consent), "{body}");
        assert_eq!(line.requests().len(), usize::from(is_sent), "{body}");
    }
}
