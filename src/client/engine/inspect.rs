//! What the set-up of an account is checked with, beyond the requests: Twilio's clock, another
//! sign-in over the same way out, and that way itself.

use std::sync::Arc;
use std::time::SystemTime;

use http::header::{self, DATE};

use super::client::Client;
use super::credentials::Credentials;
use super::exchange::{self, OperationInfo};
use super::request::sealed::Operation;
use super::transport::Transport;
use crate::types::Timestamp;

impl Client {
    /// The same client, signed in otherwise.
    pub(crate) fn signed_in_with(&self, credentials: &Credentials) -> Self {
        let mut client = self.clone();
        let config = Arc::make_mut(&mut client.config);
        config.account_sid = credentials.account_sid();
        config.sign_in = credentials.sign_in();
        config.borrowed = false;
        client
    }

    /// The way out.
    pub(crate) fn transport(&self) -> &dyn Transport {
        &*self.transport
    }

    /// The hour by this client's clock.
    pub(crate) fn now(&self) -> SystemTime {
        self.clock.now()
    }

    /// The hour by Twilio's clock: the `Date` of whatever it answers to a request, a refusal
    /// included. `None` when nothing is answered, or without a date.
    pub(crate) async fn twilio_time(&self, read: &impl Operation) -> Option<SystemTime> {
        let info = OperationInfo {
            operation: "Date",
            effect: read.effect(),
            prefixes: &[],
            largest: exchange::LARGEST_ERROR,
        };
        exchange::require_runtime(info).ok()?;
        let mut request = self.prepare(read, info).ok()?;
        let timeout = self.config.attempt_timeout;
        let (authorization, _) = self.sign_in(info, timeout).await.ok()?;
        request
            .headers_mut()
            .insert(header::AUTHORIZATION, authorization);
        let answer = self.transport.send(request);
        let answer = tokio::time::timeout(timeout, answer).await.ok()?.ok()?;
        let date = answer.headers().get(DATE)?.to_str().ok()?;
        // HTTP writes GMT where RFC 2822 also takes an offset: one reader does for both.
        Timestamp::parse(date).time()
    }
}
