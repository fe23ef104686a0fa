//! Parts of a client that other modules of the crate use: the check of a request that is not sent
//! yet, Twilio's clock, other credentials on the same transport, and the transport itself.

use std::sync::Arc;
use std::time::SystemTime;

use http::header::{self, DATE};

use super::client::Client;
use super::credentials::Credentials;
use super::error::Error;
use super::exchange::{self, OperationInfo};
use super::request::sealed::Operation;
use super::transport::Transport;
use crate::types::Timestamp;

impl Client {
    /// Returns a client with these credentials on the same transport.
    pub(crate) fn signed_in_with(&self, credentials: &Credentials) -> Self {
        let mut client = self.clone();
        let config = Arc::make_mut(&mut client.config);
        config.account_sid = credentials.account_sid();
        config.sign_in = credentials.sign_in();
        config.borrowed = false;
        client
    }

    /// Checks a request as `execute` does before it sends: `Delivery`, parameters and schedule.
    pub(crate) fn check(&self, request: &impl Operation) -> Result<(), Error> {
        let info = OperationInfo {
            operation: request.name(),
            effect: request.effect(),
            prefixes: &[],
            largest: exchange::LARGEST_ERROR,
            is_redirect: false,
        };
        self.prepare(request, info).map(drop)
    }

    /// Returns the transport.
    pub(crate) fn transport(&self) -> &dyn Transport {
        &*self.transport
    }

    /// Returns the time by this client's clock.
    pub(crate) fn now(&self) -> SystemTime {
        self.clock.now()
    }

    /// Returns the time by Twilio's clock: the `Date` of its response to a request, even of an
    /// error response. `None` without a response, or without a date in it.
    pub(crate) async fn twilio_time(&self, read: &impl Operation) -> Option<SystemTime> {
        let info = OperationInfo {
            operation: "Date",
            effect: read.effect(),
            prefixes: &[],
            largest: exchange::LARGEST_ERROR,
            is_redirect: false,
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
        // An HTTP date is an RFC 2822 date in GMT, so the same parser reads it.
        Timestamp::parse(date).time()
    }
}
