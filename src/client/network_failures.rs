//! Network failures: the client's retry rules, and the cases that the caller must handle.
//!
//! Twilio has no idempotency key for messages and calls. A retry after a lost response may text or
//! call a person twice.
//!
//! # Retry rules of the client
//!
//! | Failure | message, call, other create | read | update to a fixed state, deletion |
//! |---|---|---|---|
//! | no such host, connection refused, handshake cut or too slow | retried | retried | retried |
//! | untrusted certificate | ends: not sent | ends | ends |
//! | 429: Twilio did not process the request | retried, after `Retry-After` | the same | the same |
//! | too little of the operation timeout left for a response | ends: not sent | uses the remaining time | uses the remaining time |
//! | response lost or cut off | **ends**: unknown | retried | retried |
//! | 408, 500, 502, 503, 504 | **ends**: unknown | retried | retried |
//! | success with an unreadable response | **ends**: unknown, with the SID if it was found | ends | ends |
//! | success, but about another account, person or SID | **ends**: unknown | ends | ends |
//! | after a lost response: 404 to a deletion, "has ended" to a hang-up | | | succeeds, if the state shows it |
//! | redirect | ends: unknown, never followed | ends | ends |
//! | 401 to a bearer token | retried once, with another token | the same | the same |
//! | other 4xx | ends: rejected | ends | ends |
//! | refused by a check or by [`Delivery`](super::Delivery); no bearer token; no audit trail; no Tokio runtime | ends: not sent | ends | ends |
//!
//! New instructions for a running call count as a create: sent twice, they are spoken twice.
//!
//! Waits between attempts are random, up to 100 ms, 200 ms, 400 ms and 800 ms, and at least as long
//! as `Retry-After`. The client returns the last error in three cases:
//!
//! - after five failed attempts;
//! - if the [budget](super::RetryBudget) of all clones is empty;
//! - if a wait would end after the 90 seconds of the operation.
//!
//! A 429 with code 20429, or without a code, does not count as a failure. The request is retried
//! until its 90 seconds are over. Meanwhile the client lowers the number of requests in flight until
//! Twilio accepts them.
//!
//! | Limit | Default |
//! |---|---|
//! | operation with all of its attempts | 90 seconds |
//! | one attempt | 35 seconds |
//! | connecting | 5 seconds |
//! | pause within a response | 20 seconds |
//! | size of a response | 4 MiB, of a page of a list 24 MiB |
//! | requests in flight at once | 20; others wait for a permit, first come, first served |
//!
//! A create begins only while the 35 seconds of an attempt are left. If the client itself cut its
//! response short, its outcome would be unknown.
//!
//! [`ClientBuilder`](super::ClientBuilder) and [`RetryPolicy`](super::RetryPolicy) set the limits of
//! time, attempts and requests in flight. `retries` of a request lowers its attempts. Size limits,
//! the limit for connecting and the retry rules are fixed.
//!
//! # Cases for the caller
//!
//! [`Error::outcome`](super::Error::outcome) states what is known about all attempts together.
//!
//! | Outcome | Meaning | Action |
//! |---|---|---|
//! | [`NotSent`](super::Outcome::NotSent) | the request provably never reached Twilio | if [`kind`](super::Error::kind) is `Invalid` or `Blocked`, fix the request; otherwise try again at any time |
//! | [`Rejected`](super::Outcome::Rejected) | Twilio refused the request and did not carry it out | see [`kind`](super::Error::kind) and [`api`](super::Error::api) for the reason; do not send it again unchanged, unless it was 429 |
//! | [`Unknown`](super::Outcome::Unknown) with a SID | the request was carried out, but its response is damaged | store the SID |
//! | [`Unknown`](super::Outcome::Unknown) without a SID | the request may have been carried out | check before sending it again |
//!
//! Two preparations make this check possible. Put an id of your own into the query of
//! `status_callback`: Twilio calls this URL with the SID even if the response was lost. And note the
//! time before sending: with it, [`Client::reconcile`](super::Client::reconcile) performs the check.
//! It never sends.
//!
//! ```
//! use std::time::{Duration, SystemTime};
//! use clinspark_twilio::client::messages::SendMessage;
//! use clinspark_twilio::client::{Client, Error, Outcome, Reconciled};
//!
//! # use clinspark_twilio::client::messages::Sender;
//! # use clinspark_twilio::client::testing::{FakeTransport, Reply};
//! # use clinspark_twilio::client::{Credentials, Delivery};
//! # use clinspark_twilio::phone::E164;
//! # use clinspark_twilio::types::{AccountSid, AuthToken};
//! # #[derive(Default)]
//! # struct Record(std::sync::Mutex<String>);
//! # impl Record {
//! #     fn set(&self, state: &str) { *self.0.lock().unwrap() = state.to_owned(); }
//! #     fn sent(&self, sid: &str) { self.set(sid); }
//! #     fn try_later(&self) { self.set("try later"); }
//! #     fn refused(&self, _: &Error) { self.set("refused"); }
//! #     fn needs_review(&self) { self.set("needs review"); }
//! #     fn owns(&self, _: &str) -> bool { false }
//! # }
//! # async fn remind(client: &Client, request: SendMessage, record: &Record) -> Result<(), Error> {
//! let sent_at = SystemTime::now();
//! let error = match client.execute(&request).await {
//!     Ok(message) => return Ok(record.sent(message.sid.as_str())),
//!     Err(error) => error,
//! };
//! match error.outcome() {
//!     // No connection, or 429: certainly not carried out.
//!     _ if error.is_retryable() => record.try_later(),
//!     Outcome::NotSent | Outcome::Rejected => record.refused(&error),
//!     Outcome::Unknown { .. } => {
//!         // Twilio lists an accepted message within seconds.
//!         tokio::time::sleep(Duration::from_secs(60)).await;
//!         let known = |sid: &str| record.owns(sid);
//!         match client.reconcile(&request, &error, sent_at, known).await? {
//!             Reconciled::Sent(message) => record.sent(message.sid.as_str()),
//!             Reconciled::NotFound => record.try_later(),
//!             Reconciled::Unclear { .. } => record.needs_review(),
//!         }
//!     }
//! }
//! # Ok(())
//! # }
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
//! # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
//! # let volunteer = E164::parse("+14155550123")?;
//! # let clinic = Sender::Number(E164::parse("+14155550100")?);
//! # let message = r#"{"sid": "SM00000000000000000000000000000001"}"#;
//! # let transport = FakeTransport::new()
//! #     .reply(Reply::json(201, message.trim_end_matches('}')))
//! #     .reply(Reply::json(200, format!(r#"{{"messages": [{message}]}}"#)))
//! #     .reply(Reply::connection_lost())
//! #     .reply(Reply::json(200, r#"{"messages": []}"#))
//! #     .reply(Reply::error(400, 21610));
//! # let client = Client::builder(credentials, Delivery::Live).with_transport(transport).build()?;
//! # for state in ["SM00000000000000000000000000000001", "try later", "refused"] {
//! #     let record = Record::default();
//! #     let request = SendMessage::new(volunteer, clinic.clone(), "See you at 9:00.");
//! #     remind(&client, request, &record).await?;
//! #     assert_eq!(*record.0.lock().unwrap(), state);
//! # }
//! # Ok(())
//! # }
//! ```
//!
//! Dropping the future of a request, such as by a timeout or `select!` around it, stops the request:
//! nothing is sent afterwards. It may have been sent before, so treat its outcome as unknown. The
//! same applies if the process ends during a request. Record each request before you send it, in
//! your own table or by an [`AuditSink`](super::AuditSink).
