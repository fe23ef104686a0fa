//! Faults over real sockets, with the client as patient as it is by default: a create never
//! reaches the server twice, a read gets through, and the pool is healthy afterwards.

use clinspark_twilio::client::Outcome;

use crate::server::{Act, Server, answer};
use crate::support::{MESSAGE, assert_clean, fetch, patient, printed, send};

fn good() -> Vec<Act> {
    let message = format!(r#"{{"sid": "{MESSAGE}"}}"#);
    let ok = || Act::Write(answer(200, "", &message));
    vec![Act::Read, ok(), Act::Read, ok()]
}

/// What a server may do to a request that it has read, or begun to read.
fn faults() -> Vec<(&'static str, Vec<Act>)> {
    let half = "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"sid\": \"PLANTED";
    let chunk = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n{}\r\nno chunk";
    let wrote = |bytes: Vec<u8>| vec![Act::Read, Act::Write(bytes)];
    vec![
        ("reset after the head", vec![Act::ReadHead, Act::Reset]),
        ("reset after the body", vec![Act::Read, Act::Reset]),
        ("closed without an answer", vec![Act::Read]),
        ("no HTTP", wrote(b"PLANTED".to_vec())),
        ("cut in the answer", wrote(half.into())),
        ("a broken chunk", wrote(chunk.into())),
        (
            "500",
            wrote(answer(500, "", r#"{"code": 20500, "message": "PLANTED"}"#)),
        ),
        ("502", wrote(answer(502, "", "<html>PLANTED</html>"))),
        ("503", wrote(answer(503, "Retry-After: 0\r\n", ""))),
        ("504", wrote(answer(504, "", ""))),
        ("408", wrote(answer(408, "", ""))),
    ]
}

#[tokio::test]
async fn a_create_reaches_the_server_once() {
    for (name, fault) in faults() {
        let server = Server::start([fault, good()]).await;
        let client = patient(&server.url());
        let error = client.execute(send()).await.unwrap_err();
        assert_clean(&printed(&error));
        assert!(
            matches!(error.outcome(), Outcome::Unknown { .. }),
            "{name}: {error:?}"
        );
        assert_eq!((error.attempts(), server.connections()), (1, 1), "{name}");
        // The pool is healthy: the next requests go through, on one connection.
        client.execute(fetch()).await.unwrap();
        client.execute(fetch()).await.unwrap();
        assert_eq!(server.connections(), 2, "{name}");
    }
}

#[tokio::test]
async fn a_read_gets_through() {
    for (name, fault) in faults() {
        let server = Server::start([fault.clone(), fault, good()]).await;
        let client = patient(&server.url());
        client.execute(fetch()).await.unwrap();
        client.execute(fetch()).await.unwrap();
        assert_eq!((server.posts(), server.connections()), (0, 3), "{name}");
    }
}

#[tokio::test]
async fn what_twilio_did_not_look_at_is_sent_again() {
    let busy = vec![Act::Read, Act::Write(answer(429, "", r#"{"code": 20429}"#))];
    let server = Server::start([busy.clone(), busy, good()]).await;
    let message = patient(&server.url()).execute(send()).await.unwrap();
    assert_eq!(message.sid.as_str(), MESSAGE);
    assert_eq!(server.posts(), 3);
}
