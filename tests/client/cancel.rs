//! The caller walks away.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use clinspark_twilio::client::{Client, Delivery, ReqwestTransport};

use crate::server::{Act, Server, answer};
use crate::support::{MESSAGE, credentials, fetch, send};

/// Answers three requests, each answer in two pieces.
fn patient() -> Vec<Act> {
    let whole = answer(201, "", format!(r#"{{"sid": "{MESSAGE}"}}"#));
    let (head, body) = whole.split_at(60);
    let once = [
        Act::Read,
        Act::Write(head.to_vec()),
        Act::Write(body.to_vec()),
    ];
    [once.clone(), once.clone(), once].concat()
}

/// Polls a send at most so many times, then drops it. Whether it finished.
async fn send_for(polls: usize, client: &Client) -> bool {
    let mut sending = pin!(client.execute(send()));
    for _ in 0..polls {
        let poll = sending
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()));
        match poll {
            Poll::Ready(result) => {
                result.unwrap();
                return true;
            }
            // Lets connection and server come one step further.
            Poll::Pending => tokio::task::yield_now().await,
        }
    }
    false
}

/// Drops the future after each number of polls until it finishes: nothing is sent twice, nothing
/// leaves afterwards, and the client works on.
#[tokio::test(flavor = "current_thread")]
async fn dropping_at_any_await_sends_at_most_once() {
    let transport = ReqwestTransport::new().unwrap();
    let mut sent = Vec::new();
    for polls in 0.. {
        let server = Server::start([patient(), patient(), patient()]).await;
        let client = Client::over(credentials(), Delivery::Live, transport.clone());
        let client = client.base_url(&server.url()).unwrap();
        let finished = send_for(polls, &client).await;
        let dropped_at = server.posts();
        client.execute(fetch()).await.unwrap();
        client.execute(fetch()).await.unwrap();
        assert_eq!(server.requests().len() - server.posts(), 2);
        assert!(
            server.posts() <= 1,
            "{polls} polls: {:?}",
            server.requests()
        );
        sent.push((dropped_at, server.posts()));
        if finished {
            break;
        }
    }
    // The cuts fell before the request left, and after.
    assert_eq!(sent.first(), Some(&(0, 0)));
    assert_eq!(sent.last(), Some(&(1, 1)));
    assert!(sent.len() > 3, "{sent:?}");
}
