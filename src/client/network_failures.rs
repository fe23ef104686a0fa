//! What happens when the network fails.
//!
//! Twilio has no idempotency key for messages and calls: whoever repeats one after a lost answer
//! may text or ring a person twice. This page says what the client does, and what is left to you.
//!
//! # What the client does
//!
//! | What happened | a message, a call, another create | a read | an update to a fixed state, a deletion |
//! |---|---|---|---|
//! | no such host, connection refused, handshake cut or too slow | sent again | sent again | sent again |
//! | a certificate that is not trusted | ends | ends | ends |
//! | 429: Twilio did not look at it | sent again, after `Retry-After` | the same | the same |
//! | too little of the operation timeout is left for an answer | ends: not sent | uses what is left | uses what is left |
//! | the answer never came, or was cut off | **ends**: unknown | sent again | sent again |
//! | 408, 500, 502, 503, 504 | **ends**: unknown | sent again | sent again |
//! | success, but it cannot be read | **ends**: unknown, with the SID if it was there | ends | ends |
//! | success, but about another account, person or SID | **ends**: unknown | ends | ends |
//! | after a lost answer: 404 to a deletion, "has ended" to a hang-up | | | done, if the state shows it |
//! | a redirect | ends: unknown, never followed | ends | ends |
//! | 401 to a bearer token | sent again once, with another token | the same | the same |
//! | another 4xx | ends: rejected | ends | ends |
//! | checks, or [`Delivery`](super::Delivery), said no; no bearer token; no audit trail; no Tokio runtime | ends: not sent | ends | ends |
//!
//! New instructions for a running call count as a create: spoken twice they are heard twice.
//!
//! Between attempts it waits at random up to 100 ms, 200 ms, 400 ms and 800 ms, and at least as
//! long as `Retry-After` asks. It returns the last error after five failed attempts, once the
//! [budget](super::RetryBudget) of all clones is empty, and at once where a wait would end after
//! the 90 seconds of the operation.
//!
//! 429 with code 20429, or without a code, is no failure. The request is sent again until its 90 seconds are over, and the client
//! lowers the number of requests in flight until Twilio takes them.
//!
//! Connecting may take 5 seconds, an attempt 35, and an answer may pause for 20 and be 4 MiB long,
//! a page of a list 24 MiB. At most 20 requests are in flight at once; the others wait for a
//! permit, first come, first served. A create begins only while the 35 seconds of an attempt are
//! left: one that the client itself cut short would have an unknown outcome.
//!
//! These numbers can be set by [`Client`](super::Client) and
//! [`RetryPolicy`](super::RetryPolicy), and the attempts by `retries` of each request. The table
//! cannot be changed.
//!
//! # What is left to you
//!
//! [`Error::outcome`](super::Error::outcome) says what is known about all attempts together.
//!
//! | Outcome | What it means | What to do |
//! |---|---|---|
//! | [`NotSent`](super::Outcome::NotSent) | it provably never reached Twilio | fix it where [`kind`](super::Error::kind) is `Invalid` or `Blocked`; otherwise try again when you like |
//! | [`Rejected`](super::Outcome::Rejected) | Twilio answered that it did not do it | [`kind`](super::Error::kind) and [`api`](super::Error::api) say why; do not repeat it unchanged, unless it was too much at once (429) |
//! | [`Unknown`](super::Outcome::Unknown) with a SID | it was done; only the answer is damaged | keep the SID |
//! | [`Unknown`](super::Outcome::Unknown) without | it may have been done, or not | look for it before sending again |
//!
//! Two things make looking easy: an id of your own in the query of `status_callback`, which
//! Twilio then calls with the SID even if the answer was lost, and a note of the time before
//! sending. With that [`Client::reconcile`](super::Client::reconcile) looks by itself; it never
//! sends.
//!
//! ```no_run
//! use std::time::{Duration, SystemTime};
//! use clinspark_twilio::client::messages::SendMessage;
//! use clinspark_twilio::client::{Client, Error, Outcome, Reconciled};
//!
//! # struct Record;
//! # impl Record {
//! #     fn sent(&self, _: &str) {}
//! #     fn try_later(&self) {}
//! #     fn refused(&self, _: &Error) {}
//! #     fn for_a_person(&self) {}
//! #     fn owns(&self, _: &str) -> bool { false }
//! # }
//! # async fn remind(client: &Client, request: SendMessage, record: &Record) -> Result<(), Error> {
//! let sent_at = SystemTime::now();
//! let error = match client.execute(&request).await {
//!     Ok(message) => return Ok(record.sent(message.sid.as_str())),
//!     Err(error) => error,
//! };
//! match error.outcome() {
//!     // No connection, or 429: never after it may have been done.
//!     _ if error.is_retryable() => record.try_later(),
//!     Outcome::NotSent | Outcome::Rejected => record.refused(&error),
//!     Outcome::Unknown { .. } => {
//!         // Twilio lists what it took within seconds.
//!         tokio::time::sleep(Duration::from_secs(60)).await;
//!         let known = |sid: &str| record.owns(sid);
//!         match client.reconcile(&request, &error, sent_at, known).await? {
//!             Reconciled::Sent(message) => record.sent(message.sid.as_str()),
//!             Reconciled::NotFound => record.try_later(),
//!             Reconciled::Unclear { .. } => record.for_a_person(),
//!         }
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! A future that is dropped (a timeout around it, a lost `select!`) stops the request, and nothing
//! of it leaves afterwards. Whether it had left before, nobody can say any more: treat it as
//! unknown. So is a request of a process that ended: write down that you are about to send, in
//! your own table or by an [`AuditSink`](super::AuditSink), before you send.
