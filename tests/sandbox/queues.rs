//! `<Enqueue>`, `<Leave>`, `<Dial><Queue>`, and `Queues` of the REST API.

use std::time::Duration;

use clinspark_twilio::sandbox::{ClockMode, Sandbox};
use clinspark_twilio::types::CallStatus;
use clinspark_twilio::webhook::{
    Dequeue, DialCallStatus, DialResult, EnqueueResult, QueueResult, QueueWait,
};
use serde_json::{Value, json};

use crate::app::{Api, App, CLINIC, VOLUNTEER, codes, e164};
use crate::conferences::{at_once, call_from, parsed};
use crate::dial::{DOCTOR, NURSE, clinic};

const WAIT: &str = "<Enqueue action=\"/left\" waitUrl=\"/music\">nurses</Enqueue><Say>next</Say>";
/// Number that the agents call.
const DESK: &str = "+14155550111";

/// A clinic with a queue, and a desk that runs other TwiML.
async fn with_desk(desk: &str) -> (Sandbox, App, Api) {
    let (sandbox, app, api) = clinic(WAIT).await;
    app.twiml("/music", "<Say>Please wait</Say>");
    app.twiml("/left", "<Say>Goodbye</Say>");
    app.twiml("/desk", desk);
    let number = sandbox.add_number(e164(DESK));
    let url = app.url("/desk");
    sandbox
        .configure_number(number, &[("VoiceUrl", &url)])
        .unwrap();
    (sandbox, app, api)
}

fn result(sandbox: &Sandbox, app: &App) -> EnqueueResult {
    let seen = app.seen("/left");
    assert_eq!(seen.len(), 1, "{seen:?}");
    parsed(sandbox, &seen[0])
}

async fn queue(api: &Api) -> Value {
    let (_, list) = api.get("Queues.json").await;
    list["queues"][0].clone()
}

#[tokio::test]
async fn music_tells_the_place_in_the_queue_and_repeats() {
    let (sandbox, app, api) = with_desk("").await;
    let first = call_from(&sandbox, VOLUNTEER).await;
    assert_eq!(first.hear().await.unwrap(), "Please wait");
    sandbox.advance(Duration::from_secs(30)).await.unwrap();
    let before = app.seen("/music").len();
    assert!(before > 5, "{before}");
    let second = call_from(&sandbox, NURSE).await;
    let seen = app.seen("/music");
    assert_eq!(seen.len(), before + 1);
    let wait: QueueWait = parsed(&sandbox, &seen[before]);
    assert_eq!(wait.queue_position, 2);
    assert_eq!(wait.queue_time, Some(Duration::ZERO));
    assert_eq!(wait.avg_queue_time, Some(Duration::from_secs(15)));
    assert_eq!(
        (wait.current_queue_size, wait.max_queue_size),
        (Some(2), Some(1000))
    );
    assert_eq!(wait.call.call_sid, second.sid());
    assert_eq!(
        wait.queue_sid.as_str(),
        queue(&api).await["sid"].as_str().unwrap()
    );
    let wait: QueueWait = parsed(&sandbox, &seen[before - 1]);
    assert_eq!((wait.queue_position, wait.current_queue_size), (1, Some(1)));
    assert!(wait.queue_time.unwrap() >= Duration::from_secs(28));

    assert_eq!(first.hang_up().await.unwrap(), CallStatus::Completed);
    let result = result(&sandbox, &app);
    assert_eq!(result.queue_result, QueueResult::Hangup);
    assert_eq!(result.queue_time, Some(Duration::from_secs(30)));
    assert_eq!(result.call.status, CallStatus::Completed);
    assert_eq!(queue(&api).await["current_size"], 1);
    assert_eq!((app.forged(), codes(&sandbox)), (0, vec![]));
}

#[tokio::test]
async fn a_caller_leaves_the_queue_with_a_key() {
    let (sandbox, app, api) = clinic(WAIT).await;
    app.twiml(
        "/music",
        "<Gather numDigits=\"1\" action=\"/pressed\"><Say>Press 1 to leave</Say></Gather>",
    );
    app.twiml("/pressed", "<Say>Leaving</Say><Leave/>");
    app.twiml("/left", "<Say>Goodbye</Say>");
    let call = call_from(&sandbox, VOLUNTEER).await;
    assert_eq!(call.hear().await.unwrap(), "Press 1 to leave");
    call.press("1").await.unwrap();
    assert_eq!(call.hear().await.unwrap(), "Leaving");
    assert_eq!(call.hear().await.unwrap(), "Goodbye");
    let result = result(&sandbox, &app);
    assert_eq!(result.queue_result, QueueResult::Leave);
    assert_eq!(queue(&api).await["current_size"], 0);
    assert_eq!(codes(&sandbox), Vec::<u32>::new());
}

#[tokio::test]
async fn without_an_action_the_next_verb_follows() {
    let (sandbox, app, _) =
        clinic("<Leave/><Enqueue waitUrl=\"/music\">nurses</Enqueue><Say>next</Say>").await;
    app.twiml("/music", "<Leave/>");
    let call = call_from(&sandbox, VOLUNTEER).await;
    assert_eq!(call.hear().await.unwrap(), "next");
    // Only the first one stands outside the queue.
    assert_eq!(codes(&sandbox), [12200]);
}

#[tokio::test]
async fn a_call_takes_the_first_out_of_a_queue() {
    let desk = "<Dial action=\"/served\"><Queue url=\"/greeting\">nurses</Queue></Dial>";
    let (sandbox, app, api) = with_desk(desk).await;
    app.twiml("/greeting", "<Say>You are connected</Say>");
    app.twiml("/served", "<Say>Well done</Say>");
    let patient = call_from(&sandbox, VOLUNTEER).await;
    let other = call_from(&sandbox, DOCTOR).await;
    sandbox.advance(Duration::from_secs(10)).await.unwrap();
    let nurse = sandbox.phone(e164(NURSE)).call(e164(DESK)).await.unwrap();
    sandbox.wait_idle().await.unwrap();
    let sid = queue(&api).await["sid"].as_str().unwrap().to_owned();
    let seen = app.seen("/greeting");
    let greeting: Dequeue = parsed(&sandbox, &seen[0]);
    assert_eq!(greeting.call.call_sid, patient.sid());
    assert_eq!(greeting.dequeuing_call_sid, nurse.sid());
    assert_eq!(greeting.queue_sid.unwrap().as_str(), sid);
    assert_eq!(greeting.queue_time, Some(Duration::from_secs(10)));
    assert_eq!(queue(&api).await["current_size"], 1);

    nurse.say("How can I help?").await.unwrap();
    let mut heard = patient.hear().await.unwrap();
    while heard == "Please wait" {
        heard = patient.hear().await.unwrap();
    }
    assert_eq!(heard, "You are connected");
    assert_eq!(patient.hear().await.unwrap(), "How can I help?");
    patient.say("I have a question").await.unwrap();
    assert_eq!(nurse.hear().await.unwrap(), "I have a question");
    sandbox.advance(Duration::from_secs(20)).await.unwrap();
    nurse.hang_up().await.unwrap();
    assert_eq!(patient.hear().await.unwrap(), "Goodbye");
    let result = result(&sandbox, &app);
    assert_eq!(result.queue_result, QueueResult::Bridged);
    assert_eq!(result.queue_time, Some(Duration::from_secs(10)));
    assert!(app.seen("/served").is_empty());
    assert_eq!(other.status(), CallStatus::InProgress);
    assert_eq!(codes(&sandbox), Vec::<u32>::new());
}

#[tokio::test]
async fn the_dial_of_a_queue_ends_with_the_member() {
    let desk = "<Dial action=\"/served\"><Queue>nurses</Queue></Dial>";
    let (sandbox, app, api) = with_desk(desk).await;
    app.twiml("/served", "<Say>Well done</Say>");
    let patient = call_from(&sandbox, VOLUNTEER).await;
    let nurse = sandbox.phone(e164(NURSE)).call(e164(DESK)).await.unwrap();
    sandbox.wait_idle().await.unwrap();
    sandbox.advance(Duration::from_secs(20)).await.unwrap();
    patient.hang_up().await.unwrap();
    assert_eq!(nurse.hear().await.unwrap(), "Well done");
    let served: DialResult = parsed(&sandbox, &app.seen("/served")[0]);
    assert_eq!(served.status, DialCallStatus::Completed);
    assert_eq!(served.dial_bridged, Some(true));
    assert_eq!(served.dial_call_sid, Some(patient.sid()));
    assert_eq!(served.dial_call_duration, Some(Duration::from_secs(20)));
    assert_eq!(served.dequeuing_call_sid, Some(nurse.sid()));
    assert_eq!(served.queue_time, Some(Duration::ZERO));
    let sid = queue(&api).await["sid"].as_str().unwrap().to_owned();
    assert_eq!(served.queue_sid.unwrap().as_str(), sid);
    assert_eq!(result(&sandbox, &app).queue_result, QueueResult::Bridged);
}

#[tokio::test]
async fn a_dial_waits_for_a_caller_until_its_timeout() {
    let desk = "<Dial action=\"/served\" timeout=\"20\"><Queue>nurses</Queue></Dial>";
    let (sandbox, app, api) = with_desk(desk).await;
    app.twiml("/served", "<Say>No one came</Say>");
    // A queue that does not exist is a failure.
    let nurse = sandbox.phone(e164(NURSE)).call(e164(DESK)).await.unwrap();
    assert_eq!(nurse.hear().await.unwrap(), "No one came");
    assert_eq!(app.seen("/served")[0].field("DialCallStatus"), "failed");

    api.create("Queues.json", &[("FriendlyName", "nurses")])
        .await;
    let nurse = sandbox.phone(e164(NURSE)).call(e164(DESK)).await.unwrap();
    sandbox.advance(Duration::from_secs(21)).await.unwrap();
    assert_eq!(nurse.hear().await.unwrap(), "No one came");
    assert_eq!(app.seen("/served")[1].field("DialCallStatus"), "no-answer");
    nurse.hang_up().await.unwrap();

    let nurse = sandbox.phone(e164(NURSE)).call(e164(DESK)).await.unwrap();
    sandbox.wait_idle().await.unwrap();
    let patient = call_from(&sandbox, VOLUNTEER).await;
    patient.say("Hello").await.unwrap();
    assert_eq!(nurse.hear().await.unwrap(), "Hello");
    // The call was connected before it could hear music.
    assert!(app.seen("/music").is_empty());
}

#[tokio::test]
async fn a_full_queue_and_invalid_names_are_results() {
    let (sandbox, app, api) = with_desk("").await;
    let fields = [("FriendlyName", "nurses"), ("MaxSize", "1")];
    api.create("Queues.json", &fields).await;
    call_from(&sandbox, VOLUNTEER).await;
    let second = call_from(&sandbox, NURSE).await;
    assert_eq!(second.hear().await.unwrap(), "Goodbye");
    let full = result(&sandbox, &app);
    assert_eq!(full.queue_result, QueueResult::QueueFull);
    assert_eq!((full.queue_sid, full.queue_time), (None, None));
    assert_eq!(codes(&sandbox), [14207]);

    for (attributes, name, code) in [
        ("", String::new(), 14204),
        ("", "x".repeat(65), 14205),
        (
            "workflowSid=\"WW00000000000000000000000000000000\"",
            String::new(),
            12200,
        ),
    ] {
        let twiml = format!("<Enqueue action=\"/left\" {attributes}>{name}</Enqueue>");
        let (sandbox, app, _) = clinic(&twiml).await;
        app.twiml("/left", "<Say>Goodbye</Say>");
        let call = call_from(&sandbox, VOLUNTEER).await;
        assert_eq!(call.hear().await.unwrap(), "Goodbye");
        let wrong = result(&sandbox, &app);
        assert_eq!(wrong.queue_result, QueueResult::Error);
        assert!(
            codes(&sandbox).contains(&code),
            "{code}: {:?}",
            codes(&sandbox)
        );
    }
    for (name, code) in [(String::new(), 14212), ("x".repeat(65), 14213)] {
        let twiml = format!("<Dial><Queue>{name}</Queue></Dial>");
        let (sandbox, _, _) = clinic(&twiml).await;
        call_from(&sandbox, VOLUNTEER).await;
        assert!(
            codes(&sandbox).contains(&code),
            "{code}: {:?}",
            codes(&sandbox)
        );
    }
}

#[tokio::test]
async fn unusable_music_ends_the_wait() {
    let (sandbox, app, _) = clinic(WAIT).await;
    app.reply("/music", 500, "text/plain", "broken");
    app.twiml("/left", "<Say>Goodbye</Say>");
    let call = call_from(&sandbox, VOLUNTEER).await;
    assert_eq!(call.hear().await.unwrap(), "Goodbye");
    assert_eq!(result(&sandbox, &app).queue_result, QueueResult::Error);
    assert_eq!(codes(&sandbox), [11200]);
}

#[tokio::test]
async fn the_api_takes_callers_out_of_a_queue() {
    let (sandbox, app, api) = with_desk("").await;
    app.twiml("/moved", "<Say>Moved</Say>");
    let first = call_from(&sandbox, VOLUNTEER).await;
    let second = call_from(&sandbox, NURSE).await;
    first.hear().await.unwrap();
    second.hear().await.unwrap();
    let members = format!(
        "Queues/{}/Members",
        queue(&api).await["sid"].as_str().unwrap()
    );
    let url = app.url("/moved");
    assert_eq!(
        api.refused(&format!("{members}/Front.json"), &[]).await,
        (400, 21205)
    );
    let (status, moved) = api
        .post(&format!("{members}/Front.json"), &[("Url", &url)])
        .await;
    assert_eq!(
        (status, &moved["call_sid"]),
        (200, &first.sid().as_str().into())
    );
    assert_eq!(first.hear().await.unwrap(), "Moved");
    // The action is requested first, and its TwiML is dropped.
    assert_eq!(result(&sandbox, &app).queue_result, QueueResult::Redirected);
    let member = format!("{members}/{}.json", second.sid());
    assert_eq!(api.get(&member).await.1["position"], 1);
    let (status, _) = api.post(&member, &[("Url", &url), ("Method", "GET")]).await;
    assert_eq!(status, 200);
    assert_eq!(second.hear().await.unwrap(), "Moved");
    assert_eq!(app.seen("/moved")[1].method, "GET");
    assert_eq!(api.post(&member, &[("Url", &url)]).await.0, 404);
    assert_eq!(api.get(&format!("{members}/Front.json")).await.0, 404);
}

#[tokio::test]
async fn a_redirect_ends_a_connection_with_the_queue() {
    let desk = "<Dial><Queue>nurses</Queue></Dial><Say>next</Say>";
    let (sandbox, app, api) = with_desk(desk).await;
    let patient = call_from(&sandbox, VOLUNTEER).await;
    patient.hear().await.unwrap();
    let nurse = sandbox.phone(e164(NURSE)).call(e164(DESK)).await.unwrap();
    sandbox.wait_idle().await.unwrap();
    let twiml = [("Twiml", "<Response><Say>Moved</Say></Response>")];
    api.post(&format!("Calls/{}.json", patient.sid()), &twiml)
        .await;
    assert_eq!(patient.hear().await.unwrap(), "Moved");
    assert_eq!(nurse.hear().await.unwrap(), "next");
    assert_eq!(
        result(&sandbox, &app).queue_result,
        QueueResult::RedirectedFromBridged
    );
}

#[tokio::test]
async fn queues_are_created_listed_updated_and_deleted() {
    let (sandbox, api) = crate::api::account().await;
    let created = api
        .create(
            "Queues.json",
            &[("FriendlyName", "nurses"), ("MaxSize", "5")],
        )
        .await;
    let sid = created["sid"].as_str().unwrap();
    let resource = format!("Queues/{sid}.json");
    let expected = json!({
        "account_sid": sandbox.account_sid(), "average_wait_time": 0, "current_size": 0,
        "date_created": created["date_created"], "date_updated": created["date_updated"],
        "friendly_name": "nurses", "max_size": 5, "sid": sid, "uri": api.path(&resource),
    });
    assert_eq!(created, expected);
    assert_eq!(api.get(&resource).await, (200, expected));
    api.create("Queues.json", &[("FriendlyName", "doctors")])
        .await;
    let (_, list) = api.get("Queues.json").await;
    assert_eq!(list["queues"].as_array().unwrap().len(), 2);
    let (status, updated) = api.post(&resource, &[("MaxSize", "10")]).await;
    assert_eq!((status, &updated["max_size"]), (200, &10.into()));
    assert_eq!(updated["friendly_name"], "nurses");
    for (fields, code) in [
        (vec![("MaxSize", "5001")], 20422),
        (vec![("MaxSize", "0")], 20422),
        (vec![("FriendlyName", "doctors")], 20422),
        (vec![("Name", "x")], 20001),
    ] {
        assert_eq!(
            api.refused(&resource, &fields).await,
            (400, code),
            "{fields:?}"
        );
    }
    assert_eq!(
        api.refused("Queues.json", &[("MaxSize", "5")]).await,
        (400, 20001)
    );
    assert_eq!(api.send("DELETE", &api.path(&resource), None).await.0, 204);
    assert_eq!(api.get(&resource).await.0, 404);
}

#[tokio::test]
async fn members_are_listed_and_keep_their_queue() {
    let (sandbox, _, api) = with_desk("").await;
    let calls = [
        call_from(&sandbox, VOLUNTEER).await,
        call_from(&sandbox, NURSE).await,
    ];
    sandbox.advance(Duration::from_secs(60)).await.unwrap();
    let queue = queue(&api).await;
    assert_eq!(
        (&queue["current_size"], &queue["average_wait_time"]),
        (&2.into(), &60.into())
    );
    let sid = queue["sid"].as_str().unwrap();
    let (_, list) = api.get(&format!("Queues/{sid}/Members.json")).await;
    let members = list["queue_members"].as_array().unwrap();
    assert_eq!(members.len(), 2);
    for ((member, call), position) in members.iter().zip(&calls).zip(1..) {
        let resource = format!("Queues/{sid}/Members/{}.json", call.sid());
        let expected = json!({
            "call_sid": call.sid(), "date_enqueued": member["date_enqueued"],
            "position": position, "queue_sid": sid, "uri": api.path(&resource), "wait_time": 60,
        });
        assert_eq!(*member, expected);
        assert_eq!(api.get(&resource).await, (200, expected));
    }
    let path = api.path(&format!("Queues/{sid}.json"));
    assert_eq!(api.send("DELETE", &path, None).await.0, 409);
}

#[tokio::test]
async fn a_queue_at_the_top_level_is_skipped_with_an_alert() {
    let (sandbox, _, _) = clinic("<Queue>nurses</Queue><Say>next</Say>").await;
    let call = call_from(&sandbox, VOLUNTEER).await;
    assert_eq!(call.hear().await.unwrap(), "next");
    assert_eq!(codes(&sandbox), [12200]);
    // Twilio warns of an element that its schema does not know at that place.
    assert_eq!(sandbox.alerts()[0].level, "warning");
}

#[tokio::test]
async fn an_agent_ends_the_music_at_once() {
    let sandbox = Sandbox::builder()
        .clock(ClockMode::Held)
        .start()
        .await
        .unwrap();
    let app = App::start(&sandbox).await;
    app.twiml("/voice", WAIT);
    app.twiml("/music", "<Say>One two three four five</Say><Say>Six</Say>");
    app.twiml("/desk", "<Dial><Queue>nurses</Queue></Dial>");
    for (number, path) in [(CLINIC, "/voice"), (DESK, "/desk")] {
        let number = sandbox.add_number(e164(number));
        let url = app.url(path);
        sandbox
            .configure_number(number, &[("VoiceUrl", &url)])
            .unwrap();
    }
    let patient = call_from(&sandbox, VOLUNTEER).await;
    assert_eq!(patient.hear().await.unwrap(), "One two three four five");
    let nurse = sandbox.phone(e164(NURSE)).call(e164(DESK)).await.unwrap();
    sandbox.wait_idle().await.unwrap();
    nurse.say("Good morning").await.unwrap();
    assert_eq!(patient.hear().await.unwrap(), "Good morning");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn each_caller_is_served_once() {
    let desk = "<Dial action=\"/served\"><Queue>nurses</Queue></Dial>";
    for _ in 0..10 {
        let (sandbox, app, api) = with_desk(desk).await;
        api.create("Queues.json", &[("FriendlyName", "nurses")])
            .await;
        // Callers and nurses call at the same time.
        let numbers: Vec<_> = (0..8)
            .map(|n| (sandbox.phone(e164(&format!("+1415555017{n}"))), n % 2))
            .collect();
        let calls = numbers.into_iter().map(|(phone, kind)| async move {
            let to = if kind == 0 { CLINIC } else { DESK };
            phone.call(e164(to)).await.unwrap()
        });
        let calls = at_once(calls).await;
        sandbox.wait_idle().await.unwrap();
        assert_eq!(queue(&api).await["current_size"], 0);
        let nurses = calls.iter().skip(1).step_by(2).cloned();
        let ended = nurses.map(|call| async move { call.hang_up().await.unwrap() });
        let statuses = at_once(ended).await;
        assert!(
            statuses
                .iter()
                .all(|status| *status == CallStatus::Completed)
        );
        sandbox.wait_idle().await.unwrap();
        let results = app.seen("/left");
        assert_eq!(results.len(), 4);
        for seen in &results {
            let result: EnqueueResult = parsed(&sandbox, seen);
            assert_eq!(result.queue_result, QueueResult::Bridged);
        }
        assert_eq!(codes(&sandbox), Vec::<u32>::new());
    }
}
