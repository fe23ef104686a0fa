//! A reset: what has happened is gone, the configuration stays, and nothing late appears.

use std::time::Duration;

use clinspark_twilio::sandbox::{
    AnswerBehavior, ClockMode, DeliveryBehavior, Fault, FaultRule, Sandbox,
};
use clinspark_twilio::types::{CallStatus, MessageStatus};

use crate::app::{Api, App, CLINIC, VOLUNTEER, e164};

const NURSE: &str = "+14155550145";

async fn start(mode: ClockMode) -> (Sandbox, Api, App) {
    let sandbox = Sandbox::builder().clock(mode).start().await.unwrap();
    let number = sandbox.add_number(e164(CLINIC));
    let app = App::start(&sandbox).await;
    let settings = [("SmsUrl", app.url("/sms")), ("VoiceUrl", app.url("/voice"))];
    let settings = settings.each_ref().map(|(name, url)| (*name, url.as_str()));
    sandbox.configure_number(number, &settings).unwrap();
    let api = Api::new(&sandbox);
    (sandbox, api, app)
}

fn assert_empty(sandbox: &Sandbox) {
    assert_eq!(sandbox.messages(), []);
    assert_eq!(sandbox.calls(), []);
    assert_eq!(sandbox.recordings(), []);
    assert_eq!(sandbox.webhooks(), []);
    assert_eq!(sandbox.requests(), []);
    assert_eq!(sandbox.alerts(), []);
    assert_eq!(sandbox.faults(), []);
}

#[tokio::test]
async fn what_has_happened_is_gone_and_the_configuration_stays() {
    let (sandbox, api, app) = start(ClockMode::Instant).await;
    let phone = sandbox.phone(e164(VOLUNTEER));
    phone.set_answer_behavior(AnswerBehavior::Busy);
    phone.set_delivery_behavior(DeliveryBehavior::Undelivered(30003));
    phone.text(e164(CLINIC), "STOP").await.unwrap();
    let text = [("To", VOLUNTEER), ("From", CLINIC), ("Body", "Visit at 9")];
    let (status, _) = api.post("Messages.json", &text).await;
    assert_eq!(status, 400);
    let rule = FaultRule::new(Fault::HtmlPage { status: 502 });
    sandbox.add_fault(rule.path("/Calls")).unwrap();
    let numbers = sandbox.numbers();

    sandbox.reset().await;
    assert_empty(&sandbox);
    assert_eq!(phone.inbox(), []);
    assert_eq!(sandbox.numbers(), numbers);
    // The opt-out, the behavior of the phone and the fault are gone, and the phone is still there.
    api.create("Messages.json", &text).await;
    assert_eq!(phone.next_text().await.unwrap().body.expose(), "Visit at 9");
    app.twiml("/voice", "<Say>Hello</Say>");
    let url = app.url("/voice");
    let call = [("To", VOLUNTEER), ("From", CLINIC), ("Url", url.as_str())];
    api.create("Calls.json", &call).await;
    let call = phone.answer().await.unwrap();
    assert_eq!(call.hear().await.unwrap(), "Hello");
}

#[tokio::test]
async fn calls_and_deliveries_in_progress_write_nothing_afterwards() {
    for mode in [ClockMode::Instant, ClockMode::RealTime, ClockMode::Held] {
        let (sandbox, api, app) = start(mode).await;
        sandbox.set_delivery_delay(Duration::from_millis(30));
        app.twiml("/voice", "<Gather><Say>Press a key</Say></Gather>");
        let nurse = sandbox.phone(e164(NURSE));
        nurse.set_answer_behavior(AnswerBehavior::Ring);
        let phone = sandbox.phone(e164(VOLUNTEER));
        let call = phone.call(e164(CLINIC)).await.unwrap();
        let url = app.url("/voice");
        let status = app.url("/status");
        let fields = [("To", NURSE), ("From", CLINIC), ("Url", url.as_str())];
        api.create("Calls.json", &fields).await;
        for _ in 0..20 {
            let fields = [
                ("To", NURSE),
                ("From", CLINIC),
                ("Body", "Visit"),
                ("StatusCallback", status.as_str()),
            ];
            api.create("Messages.json", &fields).await;
        }

        sandbox.reset().await;
        assert_empty(&sandbox);
        let seen = app.seen("/status").len();
        sandbox.wait_idle().await.unwrap();
        sandbox.advance(Duration::from_secs(60)).await.unwrap();
        // Longer than the delay of both steps of a delivery.
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_empty(&sandbox);
        assert_eq!(app.seen("/status").len(), seen, "{mode:?}");
        assert_eq!(nurse.inbox(), []);
        // A call of the former world is over for its phone.
        assert_eq!(call.status(), CallStatus::Failed);
    }
}

#[tokio::test]
async fn resets_amid_requests_leave_no_halves() {
    let (sandbox, api, _) = start(ClockMode::Instant).await;
    let text = [("To", VOLUNTEER), ("From", CLINIC), ("Body", "Visit")];
    let send = async {
        for _ in 0..40 {
            api.create("Messages.json", &text).await;
        }
    };
    let reset = async {
        for _ in 0..20 {
            sandbox.reset().await;
            tokio::task::yield_now().await;
        }
    };
    tokio::join!(send, reset);
    sandbox.wait_idle().await.unwrap();
    let (messages, requests) = (sandbox.messages(), sandbox.requests());
    // What was created after the last reset was also delivered.
    assert_eq!(messages.len(), requests.len());
    let mut statuses = messages.iter().map(|message| &message.status);
    assert!(statuses.all(|status| *status == MessageStatus::Delivered));
    let inbox = sandbox.phone(e164(VOLUNTEER)).inbox();
    assert_eq!(inbox.len(), messages.len());
}
