//! The API and media streams: the resource `Streams`, and calls that are changed while they stream.

use std::time::Duration;

use clinspark_twilio::sandbox::{ClockMode, Sandbox};
use clinspark_twilio::types::CallStatus;
use serde_json::json;

use crate::app::{Api, CLINIC, VOLUNTEER, codes, e164};
use crate::dial::call;
use crate::streams::{connect, events, media, started, streaming, text_of};
use crate::websocket_app::SocketApp;

#[tokio::test]
async fn the_api_starts_and_stops_streams() {
    let (sandbox, app, api, socket_app) = streaming("<Gather/>").await;
    let call = call(&sandbox).await;
    let list = format!("Calls/{}/Streams.json", call.sid());
    let (url, status_url) = (socket_app.url(), app.url("/status"));
    let fields = [
        ("Url", url.as_str()),
        ("Name", "ear"),
        ("StatusCallback", &status_url),
        ("Parameter1.Name", "visit"),
        ("Parameter1.Value", "4711"),
    ];
    let (created, mut socket) = tokio::join!(api.post(&list, &fields), socket_app.accept());
    let (status, created) = created;
    assert_eq!(status, 200);
    let sid = created["sid"].as_str().unwrap();
    let account = sandbox.account_sid();
    let expected = json!({
        "sid": sid, "account_sid": account, "call_sid": call.sid(), "name": "ear",
        "status": "in-progress", "date_updated": created["date_updated"],
        "uri": format!("/2010-04-01/Accounts/{account}/Calls/{}/Streams/{sid}.json", call.sid()),
    });
    assert_eq!(created, expected);
    assert!(created["date_updated"].as_str().unwrap().ends_with("+0000"));
    assert_eq!(socket.receive().await["event"], "connected");
    let start = socket.receive().await;
    assert_eq!(start["streamSid"], sid);
    assert_eq!(
        start["start"]["customParameters"],
        json!({ "visit": "4711" })
    );

    let one = |name: &str| format!("Calls/{}/Streams/{name}.json", call.sid());
    assert_eq!(
        api.refused(&one("ear"), &[("Status", "paused")]).await,
        (400, 20001)
    );
    let (status, stopped) = api.post(&one("ear"), &[("Status", "stopped")]).await;
    assert_eq!((status, &stopped["status"]), (200, &"stopped".into()));
    assert_eq!(
        (&stopped["sid"], &stopped["name"]),
        (&sid.into(), &"ear".into())
    );
    assert_eq!(socket.receive().await["event"], "stop");
    let gone = api.refused(&one(sid), &[("Status", "stopped")]).await;
    assert_eq!(gone, (404, 20404));
    assert_eq!(api.get(&list).await.0, 405);
    sandbox.wait_idle().await.unwrap();
    assert_eq!(events(&app), ["stream-started", "stream-stopped"]);
}

#[tokio::test]
async fn the_api_refuses_streams_that_cannot_start() {
    let (sandbox, _, api, socket_app) = streaming("<Gather/>").await;
    let call = call(&sandbox).await;
    let list = format!("Calls/{}/Streams.json", call.sid());
    let url = socket_app.url();
    for (fields, code) in [
        (vec![], 20001),
        (vec![("Url", "https://demo.example.com/")], 31922),
        (vec![("Url", "demo")], 31923),
        (vec![("Url", url.as_str()), ("Track", "all")], 31941),
        (vec![("Url", &url), ("StatusCallback", "x")], 21609),
        (vec![("Url", &url), ("Parameter100.Name", "x")], 20001),
    ] {
        assert_eq!(api.refused(&list, &fields).await, (400, code), "{fields:?}");
    }
    call.hang_up().await.unwrap();
    let ended = api.refused(&list, &[("Url", &url)]).await;
    assert_eq!(ended, (400, 21220));
}

#[tokio::test]
async fn the_api_redirects_and_ends_a_call_that_streams() {
    let twiml = "<Connect action=\"/after\"><Stream url=\"URL\"/></Connect>";
    let (sandbox, app, api, socket_app) = streaming(twiml).await;
    let (call, mut socket) = connect(&sandbox, &socket_app).await;
    let stream = started(&mut socket).await;
    socket.send(&media(&stream, b"Please wait.")).await;
    assert_eq!(call.hear().await.unwrap(), "Please wait.");
    let resource = format!("Calls/{}.json", call.sid());
    let again = twiml.replace("URL", &socket_app.url());
    let again = format!("<Response><Say>Again.</Say>{again}</Response>");
    let fields = [("Twiml", again.as_str())];
    let (changed, mut second) = tokio::join!(api.post(&resource, &fields), socket_app.accept());
    assert_eq!(changed.0, 200);
    assert_eq!(socket.receive().await["event"], "stop");
    assert_eq!(socket.closed().await.0, 1000);
    assert_eq!(call.hear().await.unwrap(), "Again.");
    assert_ne!(started(&mut second).await, stream);

    api.post(&resource, &[("Status", "completed")]).await;
    assert_eq!(second.receive().await["event"], "stop");
    assert_eq!(call.wait_ended().await.unwrap(), CallStatus::Completed);
    assert!(app.seen("/after").is_empty());
    assert!(codes(&sandbox).is_empty());
}

#[tokio::test]
async fn a_stream_hears_a_phone_that_no_verb_listens_to() {
    let sandbox = Sandbox::builder()
        .clock(ClockMode::Held)
        .start()
        .await
        .unwrap();
    sandbox.add_number(e164(CLINIC));
    let (api, socket_app) = (Api::new(&sandbox), SocketApp::start(&sandbox).await);
    let volunteer = sandbox.phone(e164(VOLUNTEER));
    let url = socket_app.url();
    let twiml = format!(
        "<Response><Start><Stream url=\"{url}\"/></Start><Pause length=\"60\"/></Response>"
    );
    let fields = [("To", VOLUNTEER), ("From", CLINIC), ("Twiml", &twiml)];
    api.create("Calls.json", &fields).await;
    let (call, mut socket) = tokio::join!(volunteer.answer(), socket_app.accept());
    let call = call.unwrap();
    started(&mut socket).await;
    sandbox.advance(Duration::from_secs(5)).await.unwrap();
    assert_eq!(text_of(&socket.receive_all(250).await), "");
    call.say("Hello").await.unwrap();
    sandbox.advance(Duration::from_secs(55)).await.unwrap();
    let frames = socket.receive_all(55 * 50).await;
    assert_eq!(text_of(&frames), "Hello");
    assert_eq!(frames[0]["media"]["timestamp"], "5000");
    assert_eq!(socket.receive().await["event"], "stop");
    assert_eq!(call.wait_ended().await.unwrap(), CallStatus::Completed);
    assert!(codes(&sandbox).is_empty());
}
