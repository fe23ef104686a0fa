//! The examples that text and call one person.

use clinspark_twilio::client::testing::{FakeTransport, Reply};
use clinspark_twilio::client::{Outcome, RetryPolicy};
use clinspark_twilio::clinspark::{Settings, SettingsBuilder};
use clinspark_twilio::messenger::{MessageId, Messenger, WithoutConsentGate};
use clinspark_twilio::phone::E164;
use clinspark_twilio::sandbox::Sandbox;
use clinspark_twilio::types::CallStatus;

#[path = "../../examples/place_call.rs"]
#[expect(dead_code, reason = "its `main` needs an account")]
mod place_call;
#[path = "../../examples/send_text.rs"]
#[expect(dead_code, reason = "its `main` needs an account")]
mod send_text;

const CLINIC: &str = "+61255501234";
const VOLUNTEER: &str = "+61491570156";
const TYPED: &str = "0491 570 156";
const REMINDER: &str = "Your visit is tomorrow at 9:00.";

fn settings() -> SettingsBuilder {
    Settings::builder()
        .domain("demo")
        .account_sid("AC00000000000000000000000000000001")
        .auth_token("12345")
        .number(CLINIC)
        .default_country_prefix("61")
        .delivery(format!("only:{VOLUNTEER}"))
}

async fn sandbox() -> (Sandbox, Messenger) {
    let twilio = Sandbox::start().await.unwrap();
    twilio.add_number(E164::parse(CLINIC).unwrap());
    let settings = twilio.settings().delivery(format!("only:{VOLUNTEER}"));
    let messenger = settings
        .build()
        .unwrap()
        .messenger(WithoutConsentGate)
        .unwrap();
    (twilio, messenger)
}

fn visit() -> MessageId {
    MessageId::numbered("visit", 4711).unwrap()
}

#[tokio::test]
async fn a_text_is_sent_once() {
    let (twilio, messenger) = sandbox().await;
    let volunteer = twilio.phone(E164::parse(VOLUNTEER).unwrap());
    let result = send_text::remind(&messenger, TYPED, visit()).await;
    twilio.wait_idle().await.unwrap();
    let [sent] = twilio.messages().try_into().unwrap();
    assert_eq!(result, format!("accepted by Twilio as {}", sent.sid));
    let [received] = volunteer.inbox().try_into().unwrap();
    assert_eq!(received.body.expose(), REMINDER);
}

#[tokio::test]
async fn each_outcome_has_its_own_result() {
    for (reply, expected) in [
        (Reply::not_sent(), "not sent, safe to try again: "),
        (Reply::error(429, 20429), "not sent, safe to try again: "),
        (Reply::error(400, 21211), "refused by Twilio, not sent: "),
        (
            Reply::connection_lost(),
            "visit-4711 may have been sent, do not send again: ",
        ),
    ] {
        let transport = FakeTransport::new().reply(reply);
        let messenger = settings()
            .build()
            .unwrap()
            .messenger_builder(WithoutConsentGate);
        let messenger = messenger
            .with_transport(transport.clone())
            .client(|client| client.retry(RetryPolicy::none()))
            .build()
            .unwrap();
        let result = send_text::remind(&messenger, TYPED, visit()).await;
        assert!(result.starts_with(expected), "{result}");
        assert!(!result.contains("491"), "the result contains the number");
        assert!(!result.contains("tomorrow"), "the result contains the body");
        assert_eq!(transport.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_number_that_is_not_one_is_not_texted() {
    let (twilio, messenger) = sandbox().await;
    let result = send_text::remind(&messenger, "0491 570", visit()).await;
    assert!(result.starts_with("not sent, "), "{result}");
    assert!(twilio.messages().is_empty());
}

#[tokio::test]
async fn a_call_plays_the_reminder() {
    let (twilio, messenger) = sandbox().await;
    let volunteer = twilio.phone(E164::parse(VOLUNTEER).unwrap());
    let call = place_call::remind(&messenger, TYPED).await.unwrap();
    let answered = volunteer.answer().await.unwrap();
    assert_eq!(answered.sid(), call.sid);
    let first = answered.hear().await.unwrap();
    assert_eq!(first, "Your visit is tomorrow at nine.");
    let second = answered.hear().await.unwrap();
    assert_eq!(second, "To change it, please call us. Goodbye.");
    assert_eq!(answered.wait_ended().await.unwrap(), CallStatus::Completed);
}

#[tokio::test]
async fn no_one_else_is_called() {
    let (twilio, messenger) = sandbox().await;
    let error = place_call::remind(&messenger, "0491 570 157").await;
    assert_eq!(*error.unwrap_err().outcome(), Outcome::NotSent);
    assert!(twilio.calls().is_empty());
}
