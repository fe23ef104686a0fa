//! Answers texts with hyper, without a framework.
//!
//! ```text
//! export CLINSPARK_DOMAIN=acme.example.com TWILIO_PHONE_NUMBER=+61255501234
//! export TWILIO_ACCOUNT_SID=AC... TWILIO_AUTH_TOKEN=... CLINSPARK_DELIVERY=off
//! export CLINSPARK_MESSAGE_PATH=/twilio/sms
//! cargo run --example webhook_hyper   # Twilio requests https://acme.example.com/twilio/sms
//! ```

use clinspark_twilio::clinspark::Settings;
use clinspark_twilio::messenger::Messenger;
use clinspark_twilio::sms::OptOut;
use clinspark_twilio::twiml::{Message, MessagingResponse};
use clinspark_twilio::types::BoxError;
use clinspark_twilio::webhook::InboundMessage;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;

type Answer = Response<String>;

/// Handles a text. After an error, hyper closes the connection.
async fn message(messenger: Messenger, request: Request<Incoming>) -> Result<Answer, BoxError> {
    let (head, body) = request.into_parts();
    let body = Limited::new(body, 64 * 1024).collect().await?.to_bytes();
    let verified = match messenger.receive(Request::from_parts(head, body)).await {
        Ok(verified) => verified,
        Err(refusal) => return Ok(refusal.into_response()),
    };
    let answer = match verified.parse::<InboundMessage>()?.opt_out() {
        Some(OptOut::Stop | OptOut::MaybeStop) => MessagingResponse::new(), // no reply
        _ => MessagingResponse::new().append(Message::text("A nurse will call you.")),
    };
    Ok(answer.into_response())
}

pub(crate) async fn serve(listener: TcpListener, messenger: Messenger) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            continue;
        };
        let messenger = messenger.clone();
        let service = service_fn(move |request| message(messenger.clone(), request));
        let mut server = http1::Builder::new();
        server.timer(TokioTimer::new()); // limits the time in which the headers arrive
        tokio::spawn(server.serve_connection(TokioIo::new(stream), service));
    }
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    let messenger = Settings::from_env()?.messenger()?;
    serve(TcpListener::bind("127.0.0.1:8080").await?, messenger).await;
    Ok(())
}
