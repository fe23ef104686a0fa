//! The consent gate is checked before each send, and consent events are reported to it.

use std::sync::{Arc, Mutex};

use clinspark_twilio::client::Outcome;
use clinspark_twilio::client::testing::{FakeTransport, Reply};
use clinspark_twilio::messenger::{
    Consent, ConsentGate, ContactAttempt, ContactChannel, ErrorKind, MemoryConsentGate, Messenger,
};
use clinspark_twilio::phone::E164;
use clinspark_twilio::sms::{OptOut, OptOutKeywords};
use clinspark_twilio::types::BoxFuture;
use clinspark_twilio::webhook::{
    ConsentError, ConsentEvent, ConsentSignal, InboundMessage, OptOutScope, RefusalKind,
};

use crate::{
    ACCOUNT, BODY, CALL_JSON, MESSAGE_JSON, NOON, SERVICE, TYPED, VOLUNTEER, at, builder, id,
    inbound_message, settings, signed, twiml,
};

/// Answers as scripted, and records contact attempts and events.
#[derive(Clone)]
pub(crate) struct ScriptedGate {
    answer: Result<Consent, &'static str>,
    recorded: Result<(), &'static str>,
    pub(crate) asked: Arc<Mutex<Vec<ContactAttempt>>>,
    events: Arc<Mutex<Vec<ConsentEvent>>>,
}

impl ScriptedGate {
    pub(crate) fn new(answer: Result<Consent, &'static str>) -> Self {
        Self {
            recorded: answer.map(|_| ()),
            answer,
            asked: Arc::default(),
            events: Arc::default(),
        }
    }

    pub(crate) fn failing_to_record(self) -> Self {
        Self {
            recorded: Err("no database"),
            ..self
        }
    }

    pub(crate) fn events(&self) -> Vec<ConsentEvent> {
        std::mem::take(&mut self.events.lock().unwrap())
    }
}

impl ConsentGate for ScriptedGate {
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
            self.recorded?;
            Ok(())
        })
    }
}

#[tokio::test]
async fn consent_is_checked_before_each_text_and_call() {
    let transport = FakeTransport::new()
        .reply(Reply::json(201, MESSAGE_JSON))
        .reply(Reply::json(201, CALL_JSON))
        .reply(Reply::json(201, MESSAGE_JSON));
    let gate = ScriptedGate::new(Ok(Consent::Given));
    let service = settings().messaging_service_sid(SERVICE);
    let clinic = builder(service, &transport)
        .consent_gate(gate.clone())
        .build()
        .unwrap();
    let later = at(NOON + 3_600);
    clinic.text(TYPED, BODY).id(id("a")).await.unwrap();
    clinic.call(TYPED, &twiml()).id(id("b")).await.unwrap();
    clinic
        .text_at(TYPED, BODY, later)
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
    let text = clinic.text(TYPED, BODY);
    let call = clinic.call(TYPED, &twiml());
    let shown = format!("{clinic:?} {:?} {text:?} {call:?}", gate.asked);
    for hidden in ["491570156", "491 570 156", "visit"] {
        assert!(!shown.contains(hidden), "{hidden} shows in {shown}");
    }
}

#[tokio::test]
async fn nothing_is_sent_if_consent_is_withheld_or_the_gate_fails() {
    for (answer, kind, message) in [
        (
            Ok(Consent::Withheld),
            ErrorKind::Consent,
            "the consent gate withholds consent to contact the person this way",
        ),
        (
            Err("no database"),
            ErrorKind::ConsentGate,
            "the consent gate failed to answer, so nothing was sent",
        ),
    ] {
        let transport = FakeTransport::new();
        let clinic = builder(settings(), &transport)
            .consent_gate(ScriptedGate::new(answer))
            .build()
            .unwrap();
        let texted = clinic.text(TYPED, BODY).await.unwrap_err();
        let called = clinic.call(TYPED, &twiml()).await.unwrap_err();
        for error in [texted, called] {
            assert_eq!((error.kind(), error.to_string().as_str()), (kind, message));
            assert_eq!(error.outcome(), &Outcome::NotSent);
            let source = std::error::Error::source(&error).map(ToString::to_string);
            assert_eq!(source, answer.err().map(str::to_owned));
        }
        assert!(transport.requests().is_empty());
    }
}

/// Consents to everything and fails to record events.
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
async fn error_21610_is_reported_to_the_gate() {
    let opted_out = || FakeTransport::new().reply(Reply::error(400, 21610));
    let gate = ScriptedGate::new(Ok(Consent::Given));
    let clinic = builder(settings(), &opted_out())
        .consent_gate(gate.clone())
        .build()
        .unwrap();
    let error = clinic.text(TYPED, BODY).await.unwrap_err();
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
    let transport = FakeTransport::new().reply(Reply::error(400, 21211));
    let clinic = builder(settings(), &transport)
        .consent_gate(gate.clone())
        .build()
        .unwrap();
    clinic.text(TYPED, BODY).await.unwrap_err();
    assert!(gate.events().is_empty());

    // A gate that fails to record it: neither failure is lost.
    let clinic = builder(settings(), &opted_out())
        .consent_gate(FailingGate)
        .build()
        .unwrap();
    let error = clinic.text(TYPED, BODY).await.unwrap_err();
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
async fn only_consent_events_are_reported_to_the_gate() {
    let gate = ScriptedGate::new(Ok(Consent::Given));
    let transport = FakeTransport::new();
    let clinic = builder(settings(), &transport)
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
            inbound_message("STOP", ""),
            Some((ConsentSignal::Replied(OptOut::Stop), OptOutScope::Sender)),
        ),
        (
            inbound_message("ARRET", &format!("&OptOutType=STOP{in_service}")),
            Some((
                ConsentSignal::Replied(OptOut::Stop),
                OptOutScope::Service(service),
            )),
        ),
        (
            inbound_message("Unstop", ""),
            Some((ConsentSignal::Replied(OptOut::Start), OptOutScope::Sender)),
        ),
        (
            inbound_message("Yes", "&OptOutType=START"),
            Some((
                ConsentSignal::Replied(OptOut::MaybeStart),
                OptOutScope::Sender,
            )),
        ),
        (
            inbound_message("please+stop+texting+me", ""),
            Some((
                ConsentSignal::Replied(OptOut::MaybeStop),
                OptOutScope::Sender,
            )),
        ),
        (
            inbound_message("HELP", ""),
            Some((ConsentSignal::Replied(OptOut::Help), OptOutScope::Sender)),
        ),
        (
            status("&ErrorCode=21610"),
            Some((ConsentSignal::OptedOut, OptOutScope::Sender)),
        ),
        (inbound_message("See+you+then", ""), None),
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
    // Without a number, the SID of the message still identifies the person.
    let volunteer = "&To=%2B61491570156";
    let form = status("&ErrorCode=21610");
    assert!(form.contains(volunteer), "{form}");
    for to in ["", "&To=", "&To=%2B6149157XXXX", "&To=redacted"] {
        let form = form.replace(volunteer, to);
        clinic
            .receive(signed("/hooks/message-status", &form))
            .await
            .unwrap();
        let [event] = gate.events().try_into().unwrap();
        assert_eq!(event.signal, ConsentSignal::OptedOut, "{form}");
        assert_eq!(event.person.phone(), None, "{form}");
        assert!(event.message_sid.is_some(), "{form}");
    }
    // A forged STOP is not reported.
    let mut forged = signed("/hooks/message", &inbound_message("Hello", ""));
    *forged.body_mut() = inbound_message("STOP", "");
    clinic.receive(forged).await.unwrap_err();
    assert!(gate.events().is_empty());
}

#[tokio::test]
async fn a_stop_that_the_gate_fails_to_record_is_answered_with_503() {
    let gate = ScriptedGate::new(Err("no database"));
    let clinic = builder(settings(), &FakeTransport::new())
        .consent_gate(gate)
        .build()
        .unwrap();
    let refusal = clinic
        .receive(signed("/hooks/message", &inbound_message("STOP", "")))
        .await;
    let refusal = refusal.unwrap_err();
    assert_eq!(refusal.kind(), RefusalKind::Consent);
    let cause = std::error::Error::source(&refusal).unwrap();
    assert_eq!(
        format!("{refusal}: {cause}"),
        "the consent event of the webhook could not be recorded: no database"
    );
    let answer = refusal.into_response();
    assert_eq!(
        (answer.status().as_u16(), answer.body().as_str()),
        (503, "")
    );
    // A message that is no consent event is admitted.
    let hello = signed("/hooks/message", &inbound_message("Hello", ""));
    assert!(clinic.receive(hello).await.is_ok());
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
        let transport = FakeTransport::new().reply(Reply::json(201, MESSAGE_JSON));
        let clinic = builder(settings(), &transport)
            .consent_gate(MemoryConsentGate::new())
            .opt_out_keywords(OptOutKeywords::default().stop("lopeta"))
            .build()
            .unwrap();
        let webhook = signed("/hooks/message", &inbound_message(body, ""));
        clinic.receive(webhook).await.unwrap();
        let next = clinic.text(TYPED, BODY).await;
        let refused = next.err().map(|error| error.kind());
        assert_eq!(refused, (!is_sent).then_some(ErrorKind::Consent), "{body}");
        assert_eq!(transport.requests().len(), usize::from(is_sent), "{body}");
    }
}

/// A TwiML reply is a text that passes no request.
#[tokio::test]
async fn a_reply_is_permitted_by_the_same_gates() {
    let reply_to = |clinic: &Messenger, form: String| {
        let request = signed("/hooks/message", &form);
        let verified = clinic.receiver().validator().verify(request).unwrap();
        let message: InboundMessage = verified.parse().unwrap();
        let clinic = clinic.clone();
        async move { clinic.may_answer(&message).await }
    };
    let with_gate = |settings, gate: ScriptedGate| {
        let builder = builder(settings, &FakeTransport::new());
        builder.consent_gate(gate).build().unwrap()
    };
    let given = ScriptedGate::new(Ok(Consent::Given));
    let clinic = with_gate(settings(), given.clone());
    let thanks = || inbound_message("Thanks", "");
    assert!(reply_to(&clinic, thanks()).await.unwrap());
    let asked = std::mem::take(&mut *given.asked.lock().unwrap());
    let [attempt] = &asked[..] else {
        panic!("{asked:?}")
    };
    assert_eq!(attempt.to.as_str(), VOLUNTEER);
    assert_eq!(attempt.channel, ContactChannel::Text);
    assert_eq!(attempt.id.as_str(), "SM00000000000000000000000000000006");

    // Refused before the gate is asked.
    let from_client = thanks().replace("From=%2B61491570156", "From=client%3Anurse");
    for (settings, form) in [
        (settings(), inbound_message("STOP", "")),
        (settings(), inbound_message("please+stop+texting+me", "")),
        (settings(), from_client),
        (settings().enabled("false"), thanks()),
        (settings().delivery("off"), thanks()),
        (settings().delivery("only:+61491570157"), thanks()),
        (settings().text_kinds("pager"), thanks()),
    ] {
        let clinic = with_gate(settings, given.clone());
        assert!(!reply_to(&clinic, form.clone()).await.unwrap(), "{form}");
        assert!(given.asked.lock().unwrap().is_empty(), "{form}");
    }
    let only = settings().delivery(format!("only:{VOLUNTEER}"));
    assert!(reply_to(&with_gate(only, given), thanks()).await.unwrap());

    let withheld = with_gate(settings(), ScriptedGate::new(Ok(Consent::Withheld)));
    assert!(!reply_to(&withheld, thanks()).await.unwrap());
    let broken = with_gate(settings(), ScriptedGate::new(Err("no database")));
    let error = reply_to(&broken, thanks()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConsentGate);
    assert_eq!(*error.outcome(), Outcome::NotSent);
}
