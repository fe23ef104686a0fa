//! `<Connect><ConversationRelay>`: the phone's speech as text, text as speech, and the `action`.

use std::time::Duration;

use clinspark_twilio::phone::ClientIdentity;
use clinspark_twilio::sandbox::{ClockMode, Fault, FaultRule, PhoneCall, Sandbox, WebhookKind};
use clinspark_twilio::types::CallStatus;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::app::{App, CLINIC, VOLUNTEER, codes, e164};
use crate::dial::call;
use crate::websocket_app::{AppSocket, SocketApp};

struct Clinic {
    sandbox: Sandbox,
    app: App,
    socket_app: SocketApp,
}

impl Clinic {
    /// Starts a clinic whose number answers with a `<ConversationRelay>` with these attributes and
    /// this content.
    async fn start(clock: ClockMode, attributes: &str, content: &str) -> Self {
        let sandbox = Sandbox::builder().clock(clock).start().await.unwrap();
        let number = sandbox.add_number(e164(CLINIC));
        let app = App::start(&sandbox).await;
        let socket_app = SocketApp::start(&sandbox).await;
        let url = socket_app.url();
        app.twiml(
            "/voice",
            &format!(
                "<Connect action=\"/after\"><ConversationRelay url=\"{url}?a=b\" {attributes}>\
                 {content}</ConversationRelay></Connect>"
            ),
        );
        app.twiml("/after", "<Say>Goodbye.</Say>");
        let url = app.url("/voice");
        sandbox
            .configure_number(number, &[("VoiceUrl", &url)])
            .unwrap();
        Self {
            sandbox,
            app,
            socket_app,
        }
    }

    /// Calls the clinic, and accepts the WebSocket. Returns the `setup` too.
    async fn connect(&self) -> (PhoneCall, AppSocket, Value) {
        let calling = call(&self.sandbox);
        let (call, mut socket) = tokio::join!(calling, self.socket_app.accept());
        let setup = socket.receive().await;
        (call, socket, setup)
    }

    fn codes(&self) -> Vec<u32> {
        codes(&self.sandbox)
    }
}

async fn clinic(attributes: &str) -> Clinic {
    Clinic::start(ClockMode::Instant, attributes, "").await
}

fn text(token: &str, is_last: bool) -> Value {
    json!({ "type": "text", "token": token, "last": is_last })
}

fn prompt(speech: &str, lang: &str) -> Value {
    json!({ "type": "prompt", "voicePrompt": speech, "lang": lang, "last": true })
}

#[tokio::test]
async fn a_session_begins_with_a_signed_handshake_and_a_setup() {
    let parameter = "<Parameter name=\"visit\" value=\"4711\"/>";
    let greeting = "welcomeGreeting=\"Welcome to the clinic.\"";
    let clinic = Clinic::start(ClockMode::Instant, greeting, parameter).await;
    let (call, socket, setup) = clinic.connect().await;
    assert_eq!(socket.path, "/socket?a=b");
    let session = setup["sessionId"].as_str().unwrap();
    assert!(session.starts_with("VX") && session.len() == 34);
    let expected = json!({
        "type": "setup", "sessionId": session, "accountSid": clinic.sandbox.account_sid(),
        "callSid": call.sid(), "parentCallSid": "", "from": VOLUNTEER, "to": CLINIC,
        "forwardedFrom": "", "callerName": "", "direction": "inbound", "callType": "PSTN",
        "callStatus": "IN_PROGRESS", "customParameters": { "visit": "4711" },
    });
    assert_eq!(setup, expected);
    assert_eq!(call.hear().await.unwrap(), "Welcome to the clinic.");
    assert!(clinic.codes().is_empty());
}

#[tokio::test]
async fn a_client_of_the_voice_sdk_has_its_own_call_type() {
    let clinic = clinic("").await;
    let url = clinic.app.url("/voice");
    let app = clinic
        .sandbox
        .add_application(&[("VoiceUrl", &url)])
        .unwrap();
    let client = clinic.sandbox.client(ClientIdentity::parse("ana").unwrap());
    let (call, mut socket) = tokio::join!(client.call(app, &[]), clinic.socket_app.accept());
    let setup = socket.receive().await;
    assert_eq!(setup["callType"], "CLIENT");
    assert_eq!(setup["from"], "client:ana");
    call.unwrap().hang_up().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn speech_is_a_prompt_and_tokens_are_heard_with_the_last() {
    let clinic = clinic("dtmfDetection=\"true\" language=\"es-MX\"").await;
    let (call, mut socket, _) = clinic.connect().await;
    call.say("¿Cuándo es mi visita?").await.unwrap();
    let expected = prompt("¿Cuándo es mi visita?", "es-MX");
    assert_eq!(socket.receive().await, expected);
    call.press("7#").await.unwrap();
    assert_eq!(
        socket.receive().await,
        json!({ "type": "dtmf", "digit": "7" })
    );
    assert_eq!(socket.receive().await["digit"], "#");
    for (token, is_last) in [("A las ", false), ("nueve.", false), ("", true)] {
        socket.send(&text(token, is_last)).await;
    }
    assert_eq!(call.hear().await.unwrap(), "A las nueve.");
    let language = json!({ "type": "language", "transcriptionLanguage": "en-US" });
    socket.send(&language).await;
    let play = json!({ "type": "play", "source": "https://demo.example.com/a.mp3" });
    socket.send(&play).await;
    assert_eq!(call.hear().await.unwrap(), "https://demo.example.com/a.mp3");
    socket
        .send(&json!({ "type": "sendDigits", "digits": "1w2" }))
        .await;
    assert_eq!(call.hear().await.unwrap(), "keys 1w2");
    call.say("Yes").await.unwrap();
    assert_eq!(socket.receive().await, prompt("Yes", "en-US"));
    assert!(clinic.codes().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_application_ends_the_session_and_hands_data_over() {
    let clinic = clinic("").await;
    let (call, mut socket, setup) = clinic.connect().await;
    call.say("A question of just five words").await.unwrap();
    socket.receive().await;
    let data = "{\"reason\":\"nurse\"}";
    socket
        .send(&json!({ "type": "end", "handoffData": data }))
        .await;
    assert_eq!(
        socket.closed().await,
        (1000, "Closing websocket session".to_owned())
    );
    assert_eq!(call.hear().await.unwrap(), "Goodbye.");
    call.wait_ended().await.unwrap();
    let seen = &clinic.app.seen("/after")[0];
    assert_eq!(seen.field("SessionId"), setup["sessionId"]);
    assert_eq!(seen.field("SessionStatus"), "ended");
    assert_eq!(seen.field("SessionDuration"), "3");
    assert_eq!(seen.field("HandoffData"), data);
    assert_eq!(seen.field("CallStatus"), "in-progress");
    assert!(!seen.has("ErrorCode") && !seen.has("ErrorMessage"));
    assert!(clinic.codes().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hang_up_completes_the_session() {
    let clinic = clinic("").await;
    let (call, mut socket, _) = clinic.connect().await;
    let (status, closed) = tokio::join!(call.hang_up(), socket.closed());
    assert_eq!(status.unwrap(), CallStatus::Completed);
    assert_eq!(closed.0, 1000);
    let seen = &clinic.app.seen("/after")[0];
    assert_eq!(seen.field("SessionStatus"), "completed");
    assert_eq!(seen.field("CallStatus"), "completed");
    assert!(!seen.has("HandoffData"));
    assert!(clinic.codes().is_empty());
}

#[tokio::test]
async fn a_session_fails_without_its_websocket() {
    let clinic = clinic("").await;
    let lost = FaultRule::new(Fault::LoseWebhook).kind(WebhookKind::WebSocket);
    let fault = clinic.sandbox.add_fault(lost).unwrap();
    let refused = call(&clinic.sandbox).await;
    assert_eq!(refused.hear().await.unwrap(), "Goodbye.");
    refused.wait_ended().await.unwrap();
    clinic.sandbox.remove_fault(fault);
    let (call, mut socket, _) = clinic.connect().await;
    socket.close(1000).await;
    call.wait_ended().await.unwrap();
    let seen = clinic.app.seen("/after");
    let errors: Vec<_> = seen.iter().map(|seen| seen.field("ErrorCode")).collect();
    assert_eq!(errors, ["64102", "64105"]);
    for seen in &seen {
        assert_eq!(seen.field("SessionStatus"), "failed");
        assert_eq!(seen.field("CallStatus"), "in-progress");
        assert!(!seen.field("ErrorMessage").is_empty());
    }
    assert_eq!(clinic.codes(), [64102, 64105]);
}

#[tokio::test]
async fn ten_malformed_messages_in_a_row_close_the_session() {
    let clinic = clinic("").await;
    let (call, mut socket, _) = clinic.connect().await;
    let faulty = json!({ "type": "text" });
    for _ in 0..9 {
        socket.send(&faulty).await;
        assert_eq!(socket.receive().await["type"], "error");
    }
    // A good message begins the count again.
    socket.send(&text("Hello.", true)).await;
    assert_eq!(call.hear().await.unwrap(), "Hello.");
    for _ in 0..9 {
        socket.send_message(Message::text("no JSON")).await;
        let error = socket.receive().await;
        assert!(!error["description"].as_str().unwrap().is_empty());
    }
    socket.send_message(Message::binary(vec![1])).await;
    assert_eq!(socket.receive().await["type"], "error");
    let reason = "Too many consecutive malformed messages".to_owned();
    assert_eq!(socket.closed().await, (1007, reason));
    call.wait_ended().await.unwrap();
    let mut expected = vec![64107; 19];
    expected.push(64105);
    assert_eq!(clinic.codes(), expected);
}

#[tokio::test]
async fn speech_interrupts_the_application() {
    let attributes = "welcomeGreeting=\"One two three four five six\" dtmfDetection=\"true\"";
    let clinic = Clinic::start(ClockMode::Held, attributes, "").await;
    let (call, mut socket, _) = clinic.connect().await;
    assert_eq!(call.hear().await.unwrap(), "One two three four five six");
    socket.send(&text("Dropped.", true)).await;
    // The answer shows that the sandbox has read what came before.
    socket.send(&json!({ "type": "unknown" })).await;
    assert_eq!(socket.receive().await["type"], "error");
    // Two and a half words a second.
    clinic
        .sandbox
        .advance(Duration::from_millis(1200))
        .await
        .unwrap();
    call.say("Stop").await.unwrap();
    let interrupt = json!({
        "type": "interrupt", "utteranceUntilInterrupt": "One two three",
        "durationUntilInterruptMs": 1200,
    });
    assert_eq!(socket.receive().await, interrupt);
    assert_eq!(socket.receive().await, prompt("Stop", "en-US"));
    // A text that only ends by itself, and input that is not reported meanwhile.
    let mut firm = text("Please listen now.", true);
    firm["interruptible"] = false.into();
    socket.send(&firm).await;
    assert_eq!(call.hear().await.unwrap(), "Please listen now.");
    call.say("Lost").await.unwrap();
    clinic
        .sandbox
        .advance(Duration::from_secs(2))
        .await
        .unwrap();
    call.press("1").await.unwrap();
    assert_eq!(socket.receive().await["digit"], "1");
    call.hang_up().await.unwrap();
}

#[tokio::test]
async fn partial_prompts_hold_all_words_so_far() {
    let clinic = clinic("partialPrompts=\"true\"").await;
    let (call, mut socket, _) = clinic.connect().await;
    call.say("Is it tomorrow?").await.unwrap();
    for words in ["Is", "Is it", "Is it tomorrow?"] {
        let mut partial = prompt(words, "en-US");
        partial["last"] = false.into();
        assert_eq!(socket.receive().await, partial);
    }
    assert_eq!(socket.receive().await, prompt("Is it tomorrow?", "en-US"));
    // Of long speech there are ten parts.
    call.say("word ".repeat(95).trim()).await.unwrap();
    let parts = socket.receive_all(10).await;
    let finals = parts.iter().filter(|part| part["last"] == true).count();
    assert_eq!(finals, 1);
    assert!(clinic.codes().is_empty());
    call.hang_up().await.unwrap();
}

#[tokio::test]
async fn input_during_speech_is_reported_and_later_speech_replaces_it() {
    let attributes = "welcomeGreeting=\"One two three four five\" interruptible=\"none\" \
                      welcomeGreetingInterruptible=\"dtmf\" preemptible=\"true\" \
                      reportInputDuringAgentSpeech=\"speech\"";
    let clinic = Clinic::start(ClockMode::Held, attributes, "").await;
    let (call, mut socket, _) = clinic.connect().await;
    assert_eq!(call.hear().await.unwrap(), "One two three four five");
    call.say("Yes").await.unwrap();
    assert_eq!(socket.receive().await, prompt("Yes", "en-US"));
    call.press("1").await.unwrap();
    assert_eq!(socket.receive().await["type"], "interrupt");
    // Without detection, a key interrupts and is not reported.
    socket.send(&text("First.", true)).await;
    assert_eq!(call.hear().await.unwrap(), "First.");
    socket.send(&text("Second.", true)).await;
    assert_eq!(call.hear().await.unwrap(), "Second.");
    call.press("1").await.unwrap_err();
    call.hang_up().await.unwrap();
}

#[tokio::test]
async fn settings_that_the_sandbox_does_not_have_are_alerts() {
    let unsupported = "debug=\"debugging\" events=\"speaker-events\" \
                       applicationReconnect=\"true\" partialPromptOnHangup=\"false\"";
    let clinic = clinic(unsupported).await;
    let (call, mut socket, _) = clinic.connect().await;
    assert_eq!(clinic.codes(), [12200; 3]);
    // Dynamic configuration, whose form is not published.
    socket.send(&json!({ "type": "config" })).await;
    assert_eq!(socket.receive().await["type"], "error");
    call.hang_up().await.unwrap();

    let number = clinic.sandbox.numbers()[0].sid;
    let twiml = "<Connect><ConversationRelay/></Connect><Say>Unreached.</Say>";
    clinic.app.twiml("/without", twiml);
    let url = clinic.app.url("/without");
    clinic
        .sandbox
        .configure_number(number, &[("VoiceUrl", &url)])
        .unwrap();
    let failed = crate::dial::call(&clinic.sandbox).await;
    assert!(failed.hear().await.is_err());
    assert_eq!(clinic.codes()[3..], [64107, 64101]);
}
