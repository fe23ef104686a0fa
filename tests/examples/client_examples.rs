//! The examples that use the client: lists, downloads, transports and scripted responses.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use clinspark_twilio::client::messages::{SendMessage, Sender};
use clinspark_twilio::client::recordings::DownloadRecording;
use clinspark_twilio::client::testing::{FakeTransport, Reply};
use clinspark_twilio::client::{
    Client, ClientBuilder, Credentials, Delivery, DownloadStream, Outcome, RetryPolicy,
};
use clinspark_twilio::phone::E164;
use clinspark_twilio::sandbox::Sandbox;
use clinspark_twilio::types::{AccountSid, AuthToken, RecordingSid};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;

#[path = "../../examples/download_recording.rs"]
#[expect(dead_code, reason = "its `main` needs an account")]
mod download_recording;
#[path = "../../examples/list_messages.rs"]
#[expect(dead_code, reason = "its `main` needs an account")]
mod list_messages;
#[path = "../../examples/own_transport.rs"]
mod own_transport;
#[path = "../../examples/scripted_tests.rs"]
mod scripted_tests;

const ACCOUNT: &str = "AC00000000000000000000000000000001";

fn client() -> ClientBuilder {
    let account = AccountSid::parse(ACCOUNT).unwrap();
    let credentials = Credentials::auth_token(account, AuthToken::new("token").unwrap());
    Client::builder(credentials, Delivery::Off).retry(RetryPolicy::none())
}

fn page(messages: &[(&str, &str)], next: &str) -> Reply {
    let item =
        |(sid, status): &(&str, &str)| format!(r#"{{"sid": "{sid}", "status": "{status}"}}"#);
    let items = messages.iter().map(item).collect::<Vec<_>>().join(",");
    Reply::json(
        200,
        format!(r#"{{"messages": [{items}], "next_page_uri": {next}}}"#),
    )
}

#[tokio::test]
async fn messages_of_all_pages_are_counted() {
    let next = format!("/2010-04-01/Accounts/{ACCOUNT}/Messages.json?Page=1&PageToken=PA1");
    let next = format!("{next:?}");
    let (one, two) = (
        "SM00000000000000000000000000000001",
        "SM00000000000000000000000000000002",
    );
    let first = || page(&[(one, "delivered"), ("no SID", "sent")], &next);
    let last = page(&[(two, "delivered"), (one, "failed")], "null");
    let yesterday = SystemTime::now() - Duration::from_secs(86_400);

    let transport = FakeTransport::new().reply(first()).reply(last);
    let client_of = |transport| client().with_transport(transport).build().unwrap();
    let counts = list_messages::count(&client_of(transport.clone()), yesterday).await;
    let counts: Vec<_> = counts.unwrap().into_iter().collect();
    let count = |status: &str, count| (status.to_owned(), count);
    assert_eq!(
        counts,
        [
            count("delivered", 2),
            count("failed", 1),
            count("unreadable", 1)
        ]
    );
    let requests = transport.requests();
    assert_eq!(requests[0].parameter("PageSize").as_deref(), Some("1000"));
    assert_eq!(requests[1].parameter("PageToken").as_deref(), Some("PA1"));

    let transport = FakeTransport::new()
        .reply(first())
        .reply(Reply::connection_lost());
    let counts = list_messages::count(&client_of(transport), yesterday).await;
    assert!(counts.is_err(), "the list is incomplete");
}

#[tokio::test]
async fn messages_of_an_account_are_counted() {
    let twilio = Sandbox::start().await.unwrap();
    let (clinic, volunteer) = ("+14155550100", "+14155550123");
    let [clinic, volunteer] = [clinic, volunteer].map(|number| E164::parse(number).unwrap());
    twilio.add_number(clinic);
    let credentials = Credentials::auth_token(twilio.account_sid(), twilio.auth_token().clone());
    let client = Client::builder(credentials, Delivery::only([volunteer]));
    let client = client.base_url(twilio.base_url()).build().unwrap();
    for body in ["one", "two"] {
        let text = SendMessage::new(volunteer, Sender::Number(clinic), body);
        client.execute(text).await.unwrap();
    }
    twilio.wait_idle().await.unwrap();
    let since = SystemTime::now() - Duration::from_secs(3_600);
    let counts = list_messages::count(&client, since).await.unwrap();
    assert_eq!(
        counts.into_iter().collect::<Vec<_>>(),
        [("delivered".to_owned(), 2)]
    );
}

async fn download(reply: Reply) -> DownloadStream {
    let transport = FakeTransport::new().reply(reply);
    let client = client().with_transport(transport).build().unwrap();
    let recording = RecordingSid::parse("RE00000000000000000000000000000001").unwrap();
    client
        .download(DownloadRecording::new(recording))
        .await
        .unwrap()
}

/// Returns the path of a file that does not exist, and that of its incomplete form.
fn new_paths(name: &str) -> (PathBuf, PathBuf) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let path = folder.join(format!("{name}-{}.mp3", std::process::id()));
    let partial = path.with_extension("part");
    let _ = std::fs::remove_file(&path);
    let _ = std::fs::remove_file(&partial);
    (path, partial)
}

#[tokio::test]
async fn a_recording_is_saved() {
    let (path, partial) = new_paths("saved");
    let audio = download(Reply::json(200, "12345")).await;
    download_recording::save(audio, &path, 5).await.unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), b"12345");
    assert!(!partial.exists());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "other users can read the recording");
    }
    std::fs::remove_file(&path).unwrap();
}

#[tokio::test]
async fn an_incomplete_recording_is_removed() {
    let (path, partial) = new_paths("removed");
    let too_large = Reply::json(200, "123456");
    let cut = Reply::json(200, "1234").cut();
    for reply in [too_large, cut] {
        let audio = download(reply).await;
        assert!(download_recording::save(audio, &path, 5).await.is_err());
        assert!(!path.exists() && !partial.exists());
    }
}

#[tokio::test]
async fn a_download_in_progress_is_not_overwritten() {
    let (path, partial) = new_paths("twice");
    std::fs::write(&partial, "of another process").unwrap();
    let audio = download(Reply::json(200, "12345")).await;
    assert!(download_recording::save(audio, &path, 5).await.is_err());
    assert_eq!(std::fs::read(&partial).unwrap(), b"of another process");
    std::fs::remove_file(&partial).unwrap();
}

#[test]
fn the_sandbox_answers_the_transport() {
    own_transport::main().unwrap();
}

async fn send_through_sidecar(base_url: &str) -> Outcome {
    let (to, from) = ("+14155550123", "+14155550100");
    let [to, from] = [to, from].map(|number| E164::parse(number).unwrap());
    let account = AccountSid::parse(ACCOUNT).unwrap();
    let credentials = Credentials::auth_token(account, AuthToken::new("token").unwrap());
    let client = Client::builder(credentials, Delivery::only([to]))
        .with_transport(own_transport::Sidecar::new())
        .retry(RetryPolicy::none())
        .base_url(base_url)
        .build()
        .unwrap();
    let text = SendMessage::new(to, Sender::Number(from), "Hello");
    client.execute(text).await.unwrap_err().outcome().clone()
}

#[tokio::test]
async fn a_refused_connection_is_reported_as_not_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    assert_eq!(send_through_sidecar(&url).await, Outcome::NotSent);
}

#[tokio::test]
async fn a_lost_response_is_reported_as_unknown_and_not_retried() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"Body=Hello") {
            request.push(connection.read_u8().await.unwrap());
        }
        drop(connection);
        listener
    });
    assert!(matches!(
        send_through_sidecar(&url).await,
        Outcome::Unknown { .. }
    ));
    // tokio's listeners do not block: without a second connection, `accept` fails at once.
    let listener = server.await.unwrap().into_std().unwrap();
    let second = listener.accept().unwrap_err();
    assert_eq!(second.kind(), std::io::ErrorKind::WouldBlock, "sent twice");
}

#[tokio::test]
async fn an_unreadable_response_is_for_a_person_to_judge() {
    let carried_out = Reply::json(201, "{");
    assert_eq!(
        scripted_tests::next_step(carried_out).await.unwrap(),
        "ask a person"
    );
}

#[test]
fn the_scripted_tests_pass() {
    scripted_tests::main().unwrap();
}
