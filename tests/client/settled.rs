//! Retries of a request that a lost attempt has carried out.

use clinspark_twilio::client::calls::{CancelCall, HangUpCall};
use clinspark_twilio::client::messages::{CancelMessage, DeleteMedia, DeleteMessage};
use clinspark_twilio::client::recordings::{
    DeleteRecording, RecordingCommand, RecordingRef, RecordingStatus, UpdateCallRecording,
};
use clinspark_twilio::client::testing::{FakeTransport, Reply};
use clinspark_twilio::client::{Client, Delivery, Error, Outcome, Request};
use clinspark_twilio::types::{CallStatus, MessageStatus, RecordingSid};

use crate::support::{FixedClock, MESSAGE, credentials, send};

const CALL: &str = "CA00000000000000000000000000000001";
const RECORDING: &str = "RE00000000000000000000000000000001";

/// Returns the result, and the methods of the requests sent.
async fn run<R: Request>(
    request: R,
    replies: impl IntoIterator<Item = Reply>,
) -> (Result<R::Output, Error>, Vec<String>) {
    let mut transport = FakeTransport::new();
    for reply in replies {
        transport = transport.reply(reply);
    }
    let client = Client::builder(credentials(), Delivery::Live)
        .with_transport(transport.clone())
        .clock(FixedClock::at(std::time::SystemTime::UNIX_EPOCH))
        .build()
        .unwrap();
    let result = client.execute(request).await;
    let sent = transport.requests();
    (
        result,
        sent.iter().map(|sent| sent.method().to_string()).collect(),
    )
}

fn gone() -> Reply {
    Reply::error(404, 20404)
}

fn call(status: &str) -> Reply {
    Reply::json(200, format!(r#"{{"sid": "{CALL}", "status": "{status}"}}"#))
}

#[tokio::test]
async fn a_retried_deletion_that_finds_nothing_succeeds() {
    let message = || DeleteMessage::new(MESSAGE.parse().unwrap());
    for first in [
        Reply::connection_lost(),
        Reply::json(502, "<html>"),
        Reply::json(408, ""),
    ] {
        let (result, sent) = run(message(), [first, gone()]).await;
        assert_eq!((result.is_ok(), sent.len()), (true, 2));
    }
    let media = "ME00000000000000000000000000000001".parse().unwrap();
    let media = DeleteMedia::new(MESSAGE.parse().unwrap(), media);
    assert!(
        run(media, [Reply::connection_lost(), gone()])
            .await
            .0
            .is_ok()
    );
    let recording = DeleteRecording::new(RECORDING.parse().unwrap());
    assert!(
        run(
            recording,
            [Reply::connection_lost(), Reply::connection_lost(), gone()]
        )
        .await
        .0
        .is_ok()
    );

    // Without a lost attempt before, the message never existed.
    for first in [
        vec![],
        vec![Reply::not_sent()],
        vec![Reply::error(429, 20429)],
    ] {
        let (result, _) = run(message(), first.into_iter().chain([gone()])).await;
        assert_eq!(*result.unwrap_err().outcome(), Outcome::Rejected);
    }
    // The page of a gateway proves nothing about the message.
    let (result, _) = run(
        message(),
        [Reply::connection_lost(), Reply::json(404, "<html>")],
    )
    .await;
    assert!(matches!(
        result.unwrap_err().outcome(),
        Outcome::Unknown { .. }
    ));
}

#[tokio::test]
async fn a_retried_hang_up_of_an_ended_call_succeeds() {
    let hang_up = || HangUpCall::new(CALL.parse().unwrap());
    let over = || Reply::error(400, 21220);
    let (result, sent) = run(
        hang_up(),
        [Reply::connection_lost(), over(), call("completed")],
    )
    .await;
    assert_eq!(result.unwrap().status, Some(CallStatus::Completed));
    assert_eq!(sent, ["POST", "POST", "GET"]);
    for (replies, requests) in [
        // The call had ended before.
        (vec![over()], 1),
        // The call continues, is unknown, or is another call.
        (
            vec![Reply::connection_lost(), over(), call("in-progress")],
            3,
        ),
        (
            vec![Reply::connection_lost(), over(), call("teleported")],
            3,
        ),
        (vec![Reply::connection_lost(), over(), gone()], 3),
        (
            vec![Reply::connection_lost(), over(), Reply::connection_lost()],
            3,
        ),
        // A refusal with another code.
        (vec![Reply::connection_lost(), Reply::error(400, 20001)], 2),
    ] {
        let (result, sent) = run(hang_up(), replies).await;
        let error = result.unwrap_err();
        assert_eq!(error.operation(), "HangUpCall");
        assert_eq!(sent.len(), requests);
        let certain = matches!(error.outcome(), Outcome::Rejected);
        assert_eq!(certain, requests == 1);
    }
    // Canceled in time, or answered meanwhile.
    let cancel = || CancelCall::new(CALL.parse().unwrap());
    for (status, done) in [
        ("canceled", true),
        ("in-progress", false),
        ("completed", false),
    ] {
        let (result, _) = run(cancel(), [Reply::connection_lost(), over(), call(status)]).await;
        assert_eq!(result.is_ok(), done, "{status}");
    }
}

#[tokio::test]
async fn other_updates_are_settled_alike() {
    let message = |status: &str| {
        Reply::json(
            200,
            format!(r#"{{"sid": "{MESSAGE}", "status": "{status}"}}"#),
        )
    };
    let late = || Reply::error(409, 30409);
    let cancel = || CancelMessage::new(MESSAGE.parse().unwrap());
    let (result, _) = run(
        cancel(),
        [Reply::connection_lost(), late(), message("canceled")],
    )
    .await;
    assert_eq!(result.unwrap().status, Some(MessageStatus::Canceled));
    let (result, _) = run(
        cancel(),
        [Reply::connection_lost(), late(), message("sent")],
    )
    .await;
    result.unwrap_err();

    let recording: RecordingSid = RECORDING.parse().unwrap();
    let stop = |command| {
        UpdateCallRecording::new(CALL.parse().unwrap(), RecordingRef::Sid(recording), command)
    };
    let found = || {
        let json = format!(r#"{{"sid": "{RECORDING}", "status": "processing"}}"#);
        [
            Reply::connection_lost(),
            Reply::error(400, 21220),
            Reply::json(200, json),
        ]
    };
    let (result, _) = run(stop(RecordingCommand::Stop), found()).await;
    assert_eq!(result.unwrap().status, Some(RecordingStatus::Processing));
    let (result, _) = run(stop(RecordingCommand::Pause), found()).await;
    result.unwrap_err();
}

#[tokio::test]
async fn a_create_is_never_settled_by_a_refusal() {
    let (result, sent) = run(send(), [Reply::connection_lost(), gone()]).await;
    assert!(matches!(
        result.unwrap_err().outcome(),
        Outcome::Unknown { .. }
    ));
    assert_eq!(sent.len(), 1);
}
