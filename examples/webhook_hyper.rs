//! Answers texts with hyper, without a framework.
//!
//! ```text
//! export CLINSPARK_DOMAIN=acme.example.com TWILIO_PHONE_NUMBER=+61255501234
//! export TWILIO_ACCOUNT_SID=AC... TWILIO_AUTH_TOKEN=... CLINSPARK_DELIVERY=off
//! export CLINSPARK_MESSAGE_PATH=/twilio/sms
//! cargo run --example webhook_hyper   # Twilio requests https://acme.example.com/twilio/sms
//! ```

use std::convert::Infallible;

use bytes::Bytes;
use clinspark_twilio::clinspark::Settings;
use clinspark_twilio::messenger::{MemoryConsentGate, Messenger};
use clinspark_twilio::sms::OptOut;
use clinspark_twilio::twiml::{Message, MessagingResponse};
use clinspark_twilio::types::BoxError;
use clinspark_twilio::webhook::{InboundMessage, Verified};
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;

/// Receives a request. An error would make hyper close the connection without an answer.
async fn receive(
    messenger: Messenger,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let response = match Limited::new(body, 64 * 1024).collect().await {
        Ok(body) => {
            let request = Request::from_parts(head, body.to_bytes());
            messenger.receiver().handle(request, message).await
        }
        Err(_) => empty(StatusCode::PAYLOAD_TOO_LARGE).map(Bytes::from),
    };
    Ok(response.map(Full::new))
}

/// Handles a text.
async fn message(verified: Verified<Bytes>) -> Response<String> {
    match verified
        .parse::<InboundMessage>()
        .map(|text| text.opt_out())
    {
        Ok(Some(OptOut::Stop | OptOut::MaybeStop)) => MessagingResponse::new().into_response(), // no reply
        Ok(_) => {
            let answer = Message::text("A nurse will call you.");
            MessagingResponse::new().append(answer).into_response()
        }
        Err(_) => empty(StatusCode::UNPROCESSABLE_ENTITY), // signed, and no text
    }
}

fn empty(status: StatusCode) -> Response<String> {
    let mut response = Response::new(String::new());
    *response.status_mut() = status;
    response
}

pub(crate) async fn serve(listener: TcpListener, messenger: Messenger) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            continue;
        };
        let messenger = messenger.clone();
        let service = service_fn(move |request| receive(messenger.clone(), request));
        let mut server = http1::Builder::new();
        server.timer(TokioTimer::new()); // limits the time in which the headers arrive
        tokio::spawn(server.serve_connection(TokioIo::new(stream), service));
    }
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    // Forgets every STOP at restart: pass a gate on your database (`consent_gate_fn`).
    let messenger = Settings::from_env()?.messenger(MemoryConsentGate::new())?;
    serve(TcpListener::bind("127.0.0.1:8080").await?, messenger).await;
    Ok(())
}
