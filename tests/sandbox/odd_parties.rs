//! Odd TwiML of conferences and queues: each call goes on or ends, whatever an attribute holds.

use clinspark_twilio::sandbox::Sandbox;

use crate::app::{App, CLINIC, VOLUNTEER, e164};

const VALUES: &[&str] = &[
    "",
    " ",
    "-1",
    "0",
    "1",
    "true",
    "99999999999999999999999",
    "a/b c",
    "ÅÄÖ 😀 &lt;x&gt;",
    "http://[",
    "/music",
    "CA00000000000000000000000000000000",
];

const CONFERENCE: &[&str] = &[
    "muted",
    "beep",
    "startConferenceOnEnter",
    "endConferenceOnExit",
    "participantLabel",
    "jitterBufferSize",
    "waitUrl",
    "waitMethod",
    "maxParticipants",
    "record",
    "region",
    "trim",
    "coach",
    "statusCallback",
    "statusCallbackEvent",
    "statusCallbackMethod",
    "recordingStatusCallback",
    "recordingStatusCallbackEvent",
    "recordingConfigurationId",
    "eventCallbackUrl",
    "invented",
];
const ENQUEUE: &[&str] = &[
    "action",
    "method",
    "waitUrl",
    "waitUrlMethod",
    "workflowSid",
    "maxQueueSize",
];
const QUEUE: &[&str] = &["url", "method", "reservationSid", "postWorkActivitySid"];
const DIAL: &[&str] = &[
    "action",
    "method",
    "timeout",
    "hangupOnStar",
    "timeLimit",
    "callerId",
    "record",
    "recordingTrack",
    "answerOnBridge",
    "sequential",
    "referUrl",
    "ringTone",
];

/// Returns TwiML with each value of each attribute, and odd nestings.
fn documents() -> Vec<String> {
    let mut documents: Vec<String> = [
        "<Dial><Conference>a</Conference><Conference>b</Conference></Dial>",
        "<Dial><Conference><Queue>a</Queue></Conference></Dial>",
        "<Dial><Queue>a</Queue><Conference>b</Conference></Dial>",
        "<Dial>+14155550199<Conference>a</Conference></Dial>",
        "<Dial><Queue/></Dial>",
        "<Dial><Conference/></Dial>",
        "<Enqueue/>",
        "<Enqueue><Task>{}</Task></Enqueue>",
        "<Enqueue waitUrl=\"/nested\">a</Enqueue>",
        "<Dial><Conference waitUrl=\"/nested\">a</Conference></Dial>",
        "<Enqueue waitUrl=\"/self\">a</Enqueue>",
        "<Leave/><Queue>a</Queue><Conference>a</Conference>",
    ]
    .map(str::to_owned)
    .to_vec();
    for value in VALUES {
        for name in CONFERENCE {
            documents.push(format!(
                "<Dial><Conference {name}=\"{value}\">odd</Conference></Dial>"
            ));
        }
        for name in ENQUEUE {
            documents.push(format!("<Enqueue {name}=\"{value}\">odd</Enqueue>"));
        }
        for name in QUEUE {
            documents.push(format!(
                "<Dial><Queue {name}=\"{value}\">odd</Queue></Dial>"
            ));
        }
        for name in DIAL {
            let noun = "<Conference>odd</Conference>";
            documents.push(format!("<Dial {name}=\"{value}\">{noun}</Dial>"));
            documents.push(format!(
                "<Dial {name}=\"{value}\"><Queue>odd</Queue></Dial>"
            ));
        }
        documents.push(format!("<Enqueue>{value}</Enqueue>"));
        documents.push(format!("<Dial><Conference>{value}</Conference></Dial>"));
        documents.push(format!("<Dial><Queue>{value}</Queue></Dial>"));
    }
    documents
}

#[tokio::test]
async fn no_attribute_or_nesting_makes_a_call_hang() {
    let sandbox = Sandbox::start().await.unwrap();
    let number = sandbox.add_number(e164(CLINIC));
    let app = App::start(&sandbox).await;
    let url = app.url("/voice");
    let settings = [("VoiceUrl", url.as_str())];
    sandbox.configure_number(number, &settings).unwrap();
    app.twiml("/music", "<Say>Please wait</Say>");
    app.twiml(
        "/nested",
        "<Enqueue>b</Enqueue><Dial><Conference>c</Conference></Dial><Leave/><Record/>",
    );
    app.twiml("/self", "<Gather/><Redirect>/self</Redirect>");
    let phone = sandbox.phone(e164(VOLUNTEER));
    let documents = documents();
    assert!(documents.len() > 500);
    for document in documents {
        app.twiml("/voice", &document);
        let call = phone.call(e164(CLINIC)).await.unwrap();
        let ended = call.hang_up().await;
        let status = call.status();
        assert!(status.is_final(), "{document}: {status:?} {ended:?}");
        sandbox.wait_idle().await.unwrap();
    }
}
