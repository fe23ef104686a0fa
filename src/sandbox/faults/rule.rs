//! [`FaultRule`]: a fault, and the requests or webhooks that it affects.

use std::time::Duration;

use crate::sandbox::state::WebhookKind;

/// Fault of a response of the API, or of a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The API responds with 429 (20429) and does nothing. `retry_after` is the value of
    /// `Retry-After` in seconds.
    TooManyRequests {
        /// Seconds in `Retry-After`; `None` leaves the header out.
        retry_after: Option<u32>,
    },
    /// The API responds with this HTTP status and Twilio error code, and does nothing.
    Error {
        /// HTTP status from 200 to 599, such as 503.
        status: u16,
        /// Twilio's error code, such as 20503.
        code: u32,
    },
    /// The API responds with this HTTP status and an HTML page, as a load balancer does, and does
    /// nothing.
    HtmlPage {
        /// HTTP status from 200 to 599, such as 502.
        status: u16,
    },
    /// The API does the work, and responds after this delay in real time, at most a day.
    Slow(Duration),
    /// The connection is reset before the API does the work.
    ResetBefore,
    /// The connection is reset after the API has done the work. The client cannot tell this from
    /// [`ResetBefore`](Self::ResetBefore), but the text is sent.
    ResetAfter,
    /// The API does the work, and the connection closes in the middle of the response.
    HalfResponse,
    /// The webhook is not sent. A webhook for instructions fails with 11205, so that the fallback
    /// is requested.
    LoseWebhook,
    /// The webhook is sent twice, with the same idempotency token. The second response counts.
    DoubleWebhook,
    /// The status callback is sent after this delay of the sandbox's clock, at most a day. Later
    /// callbacks overtake it.
    DelayWebhook(Duration),
    /// The status callback is sent after the next one of the same message or call. If there is
    /// none, it is sent after a minute of the sandbox's clock.
    SwapWebhook,
    /// The signature of the webhook is invalid: another key made it.
    ForgeSignature,
}

impl Fault {
    pub(crate) const fn is_of_webhook(self) -> bool {
        matches!(
            self,
            Self::LoseWebhook
                | Self::DoubleWebhook
                | Self::DelayWebhook(_)
                | Self::SwapWebhook
                | Self::ForgeSignature
        )
    }

    /// Reports whether the fault's status is one that ends a response.
    fn has_http_status(self) -> bool {
        match self {
            Self::Error { status, .. } | Self::HtmlPage { status } => (200..=599).contains(&status),
            _ => true,
        }
    }

    const fn delay(self) -> Option<Duration> {
        match self {
            Self::Slow(delay) | Self::DelayWebhook(delay) => Some(delay),
            _ => None,
        }
    }

    /// Reports whether the fault changes the order of webhooks. Only status callbacks have one.
    pub(crate) const fn changes_order(self) -> bool {
        matches!(self, Self::DelayWebhook(_) | Self::SwapWebhook)
    }
}

/// Longest delay of a fault: a day.
const LONGEST_DELAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A fault, and the requests or webhooks that it affects: by default every one.
///
/// ```
/// use clinspark_twilio::sandbox::{Fault, FaultRule, Sandbox};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let sandbox = Sandbox::start().await?;
/// let lost = FaultRule::new(Fault::ResetAfter).method("POST").path("/Messages.json").nth(2);
/// let id = sandbox.add_fault(lost)?;
///
/// // The second text is sent, but its response is lost.
/// assert_eq!(sandbox.faults()[0].applied, 0);
/// sandbox.remove_fault(id);
/// assert_eq!(sandbox.faults(), []);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use = "a rule has no effect until `Sandbox::add_fault`"]
pub struct FaultRule {
    fault: Fault,
    pub(crate) method: Option<String>,
    pub(crate) path: Option<String>,
    pub(crate) kind: Option<WebhookKind>,
    pub(crate) nth: Option<u64>,
    pub(crate) every: Option<u64>,
    pub(crate) times: Option<u64>,
    pub(crate) share: Option<f64>,
}

impl FaultRule {
    /// Creates a rule for every request of the API, or for every webhook, as the fault demands.
    pub const fn new(fault: Fault) -> Self {
        Self {
            fault,
            method: None,
            path: None,
            kind: None,
            nth: None,
            every: None,
            times: None,
            share: None,
        }
    }

    /// Limits the rule to API requests with an HTTP method, such as `POST`.
    pub fn method(mut self, method: &str) -> Self {
        self.method = Some(method.to_owned());
        self
    }

    /// Limits the rule to API requests whose path contains `part`, such as `/Messages`.
    pub fn path(mut self, part: &str) -> Self {
        self.path = Some(part.to_owned());
        self
    }

    /// Limits the rule to webhooks of a kind.
    pub const fn kind(mut self, kind: WebhookKind) -> Self {
        self.kind = Some(kind);
        self
    }

    /// Limits the rule to one request: the `n`th that matches, from 1.
    pub const fn nth(mut self, n: u64) -> Self {
        self.nth = Some(n);
        self
    }

    /// Limits the rule to every `n`th request that matches: the `n`th, the `2n`th and so on. Each rule
    /// counts its own requests.
    ///
    /// ```
    /// use clinspark_twilio::sandbox::{Fault, FaultRule};
    ///
    /// // Requests 3, 6, 9 ... lose their response.
    /// let rule = FaultRule::new(Fault::ResetAfter).path("/Messages").every(3);
    /// # let _ = rule;
    /// ```
    pub const fn every(mut self, n: u64) -> Self {
        self.every = Some(n);
        self
    }

    /// Limits the number of times that the rule applies.
    pub const fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// Limits the rule to a random share of the requests that match, from 0 to 1. The choice
    /// depends on [`SandboxBuilder::seed`](crate::sandbox::SandboxBuilder::seed).
    pub const fn share(mut self, share: f64) -> Self {
        self.share = Some(share);
        self
    }

    /// Returns the fault.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        self.fault
    }

    /// Describes what is wrong with the rule, if anything is.
    pub(crate) fn problem(&self) -> Option<&'static str> {
        let is_of_webhook = self.fault.is_of_webhook();
        let is_status_only = self.fault.changes_order();
        if is_of_webhook && (self.method.is_some() || self.path.is_some()) {
            Some("a fault of webhooks has no method and no path; use `kind`")
        } else if !is_of_webhook && self.kind.is_some() {
            Some("a fault of the API has no `kind`; use `method` and `path`")
        } else if is_status_only && !self.kind.is_none_or(WebhookKind::is_status) {
            Some("only status callbacks can be late or out of order")
        } else if !self.fault.has_http_status() {
            Some("the HTTP status is outside 200 to 599")
        } else if self
            .fault
            .delay()
            .is_some_and(|delay| delay > LONGEST_DELAY)
        {
            Some("the delay is longer than a day, 86400 seconds")
        } else if self.nth == Some(0) {
            Some("`nth` counts from 1")
        } else if self.every == Some(0) {
            Some("`every` counts from 1")
        } else if self.nth.is_some() && self.every.is_some() {
            Some("`nth` is one request and `every` is many; use one of them")
        } else if self
            .share
            .is_some_and(|share| !(0.0..=1.0).contains(&share))
        {
            Some("`share` is outside 0 to 1")
        } else {
            None
        }
    }

    /// Reports whether the rule is for API requests with this method and path.
    pub(super) fn is_for_request(&self, method: &str, path: &str) -> bool {
        !self.fault.is_of_webhook()
            && self
                .method
                .as_deref()
                .is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && self.path.as_deref().is_none_or(|part| path.contains(part))
    }

    /// Reports whether the rule is for webhooks of this kind.
    pub(super) fn is_for_webhook(&self, kind: WebhookKind) -> bool {
        self.fault.is_of_webhook()
            && self.kind.is_none_or(|wanted| wanted == kind)
            && (kind.is_status() || !self.fault.changes_order())
    }

    /// Reports whether the rule applies to a request that matches. `matched` counts it already.
    pub(super) fn applies(
        &self,
        matched: u64,
        applied: u64,
        chance: impl FnOnce(f64) -> bool,
    ) -> bool {
        self.nth.is_none_or(|nth| matched == nth)
            && self.every.is_none_or(|n| matched.is_multiple_of(n))
            && self.times.is_none_or(|times| applied < times)
            && self.share.is_none_or(chance)
    }

    /// Returns the part of the path of a rule that rejects requests.
    pub(super) fn rejected_path(&self) -> Option<&str> {
        matches!(self.fault, Fault::Error { .. }).then_some(self.path.as_deref()?)
    }
}
