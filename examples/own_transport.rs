//! Sends requests through a transport of your own: hyper, over plain HTTP to a proxy on loopback
//! that encrypts them, such as the sidecar of a service mesh. Here the sandbox plays the proxy.
//!
//! ```text
//! cargo run --no-default-features --features client,sandbox --example own_transport
//! ```
#![allow(clippy::print_stdout, reason = "a program for people to read")]

use bytes::Bytes;
use clinspark_twilio::client::accounts::FetchBalance;
use clinspark_twilio::client::{Body, Client, Credentials, Delivery};
use clinspark_twilio::client::{Phase, Transport, TransportError};
use clinspark_twilio::sandbox::Sandbox;
use clinspark_twilio::types::{BoxError, BoxFuture};
use http::{Request, Response};
use http_body_util::Full;
use hyper_util::client::legacy::{Client as HyperClient, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;

pub(crate) struct Sidecar(HyperClient<HttpConnector, Full<Bytes>>);

impl Sidecar {
    pub(crate) fn new() -> Self {
        let mut builder = HyperClient::builder(TokioExecutor::new());
        // hyper would retry by itself. Only `Client` knows when a retry texts no one twice.
        Self(builder.retry_canceled_requests(false).build_http())
    }
}

type Answer = Result<Response<Body>, TransportError>;

impl Transport for Sidecar {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Answer> {
        let sent = self.0.request(request.map(Full::new));
        Box::pin(async move {
            match sent.await {
                Ok(response) => Ok(response.map(Body::new)),
                // Without a connection no byte was sent. After any other error, Twilio may have it.
                Err(error) if error.is_connect() => Err(TransportError::not_sent(error)),
                Err(error) => Err(TransportError::possibly_sent(Phase::Answer, error)),
            }
        })
    }
}

#[tokio::main]
pub(crate) async fn main() -> Result<(), BoxError> {
    let proxy = Sandbox::start().await?;
    let credentials = Credentials::auth_token(proxy.account_sid(), proxy.auth_token().clone());
    let client = Client::builder(credentials, Delivery::Off)
        .with_transport(Sidecar::new())
        .base_url(proxy.base_url())
        .build()?;
    let balance = client.execute(FetchBalance::new()).await?;
    println!("currency of the account: {:?}", balance.currency);
    Ok(())
}
