//! A Twilio of your own on this machine: no account, no network, no one is texted.
//!
//! It is a real HTTP server on 127.0.0.1 that behaves as Twilio's REST API does, sends signed
//! webhooks to the URLs that are really configured, runs the TwiML that comes back, and plays the
//! phones of volunteers. It is for examples and for the tests of an application; no service is
//! compiled with it.
//!
//! ```
//! use clinspark_twilio::phone::E164;
//! use clinspark_twilio::sandbox::Sandbox;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let sandbox = Sandbox::start().await?;
//! sandbox.add_number(E164::parse("+14155550100")?);
//! let volunteer = sandbox.phone(E164::parse("+14155550123")?);
//!
//! // Any client of Twilio's API does, pointed at `base_url`. Here it is plain HTTP.
//! let account = sandbox.account_sid();
//! let url = format!("{}/2010-04-01/Accounts/{account}/Calls.json", sandbox.base_url());
//! let answer = reqwest::Client::builder()
//!     .no_proxy()
//!     .build()?
//!     .post(url)
//!     .basic_auth(account, Some(sandbox.auth_token().expose()))
//!     .header("content-type", "application/x-www-form-urlencoded")
//!     .body(
//!         "To=%2B14155550123&From=%2B14155550100\
//!          &Twiml=<Response><Say>Your visit is tomorrow.</Say></Response>",
//!     )
//!     .send()
//!     .await?;
//! assert_eq!(answer.status(), 201);
//!
//! let call = volunteer.answer().await?;
//! assert_eq!(call.hear().await?, "Your visit is tomorrow.");
//! sandbox.wait_idle().await?;
//! assert!(sandbox.alerts().is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! | Type | Purpose |
//! |---|---|
//! | [`Sandbox`] | an account: its server, its numbers, and what a test reads of it |
//! | [`Phone`] | a volunteer's phone: `text`, `call`, `answer`, `inbox` |
//! | [`PhoneCall`] | a call that it is in: `hear`, `press`, `say`, `stay_silent`, `hang_up` |
//! | [`DeliveryBehavior`], [`AnswerBehavior`] | final status of a text to the phone; what the phone does when it is called |
//! | [`StoredMessage`], [`StoredCall`], [`StoredNumber`], [`StoredApplication`], [`StoredService`], [`StoredShortCode`] | resources of the account |
//! | [`TextMessage`] | a text in a phone's inbox |
//! | [`Webhook`], [`Alert`] | a request to the application; an entry of Twilio's debugger |
//! | [`SandboxError`] | error of the sandbox or of a phone |
//!
//! # States of the account
//!
//! Each is one line of a test; words are Twilio's own.
//!
//! | State | How |
//! |---|---|
//! | suspended, closed, a trial | [`set_account_status`](Sandbox::set_account_status), [`set_account_type`](Sandbox::set_account_type) |
//! | short of money | [`set_balance`](Sandbox::set_balance) |
//! | several numbers, apps, services, short codes | [`add_number`](Sandbox::add_number), [`add_application`](Sandbox::add_application), [`add_service`](Sandbox::add_service), [`add_short_code`](Sandbox::add_short_code) |
//! | otherwise configured | [`configure_number`](Sandbox::configure_number), [`configure_application`](Sandbox::configure_application), [`configure_service`](Sandbox::configure_service), [`configure_short_code`](Sandbox::configure_short_code) |
//! | gone meanwhile | [`remove_number`](Sandbox::remove_number), [`remove_application`](Sandbox::remove_application), [`remove_service`](Sandbox::remove_service) |
//! | a number that cannot text, in a pool | [`remove_capability`](Sandbox::remove_capability), [`add_number_to_service`](Sandbox::add_number_to_service) |
//! | not registered yet | [`set_brand_status`](Sandbox::set_brand_status), [`set_campaign_status`](Sandbox::set_campaign_status), [`set_toll_free_verification_status`](Sandbox::set_toll_free_verification_status) |
//! | a country that is not enabled | [`set_messaging_permission`](Sandbox::set_messaging_permission), [`set_dialing_permission`](Sandbox::set_dialing_permission) |
//! | trouble in the debugger | [`add_alert`](Sandbox::add_alert), [`add_alert_with_age`](Sandbox::add_alert_with_age) |
//! | keys that may not do everything | [`add_api_key`](Sandbox::add_api_key), [`add_restricted_key`](Sandbox::add_restricted_key), [`reject_path`](Sandbox::reject_path) |
//! | a token that is rotated | [`add_secondary_auth_token`](Sandbox::add_secondary_auth_token), [`promote_auth_token`](Sandbox::promote_auth_token), [`remove_secondary_auth_token`](Sandbox::remove_secondary_auth_token) |
//! | another hour | [`set_clock_offset`](Sandbox::set_clock_offset) |
//!
//! # Supported
//!
//! The resources `Messages`, `Calls`, `IncomingPhoneNumbers`, `Applications` and `SMS/ShortCodes`
//! of the 2010 API and the Messaging Services with their pools, with Twilio's parameters, JSON,
//! paging, error codes and magic numbers; to be read, the account, its balance, its permissions,
//! its registrations, its debugger and what its audit log says of auth tokens. Messages go from
//! `queued` to `sent` to `delivered`, calls from `queued` to `ringing` to `in-progress` to
//! `completed`, and each step is reported to the status callback. It acts on
//! Twilio's own opt-out keywords and on no others. Answers to texts: `<Message>` with `<Body>` and `<Media>`, `<Redirect>`. Answers to
//! calls: `<Say>`, `<Play>`, `<Pause>`, `<Gather>`, `<Record>`, `<Dial>` with `<Number>`,
//! `<Redirect>`, `<Reject>`, `<Hangup>`.
//!
//! # Differences from Twilio
//!
//! - **Nothing leaves this machine.** Webhooks go to `localhost`, `127.0.0.1` and `[::1]`, and to
//!   public origins that [`Sandbox::map_origin`] places there. Any other is an alert 11210.
//! - **Only programs on this machine are answered.** A request needs a `Host` of 127.0.0.1,
//!   `localhost` or `[::1]` with the sandbox's own port: any other is answered 421. A request that
//!   a web page of another origin makes is answered 403, as its `Origin` or `Sec-Fetch-Site` shows.
//!   The sandbox is not for use behind a proxy or tunnel. A tunnel to the application's own
//!   webhooks is fine: SID and token are random, so no one else can sign for them.
//! - **Nothing is waited for.** Pauses and timeouts are counted into the call's duration; a person
//!   who does nothing says so with [`PhoneCall::stay_silent`].
//! - **Unknown parameters are refused** (20001), where Twilio passes many over: a test should hear
//!   of a misspelt one. Parameters of what the sandbox does not have yet are taken without
//!   effect: recording of whole calls, answering-machine detection, content retention, risk
//!   checks. The account has no content templates, and says so. A scheduled message stays
//!   scheduled until it is canceled.
//! - **Verbs run in outline**: `loop`, `timeLimit`, `record` and other attributes of sound and
//!   time are passed over, as are verbs that the list above lacks (an alert 12200 says which call
//!   met one). A `<Record>` tells of a recording, and there is no sound behind its address.
//! - **Webhooks are sent once**, and no redirect of HTTP is followed.
//! - Twilio's own words (its answer to STOP, its error messages) are paraphrased.

// From the ground up, each importing only those before it: `error`, `ids`, `state` (what is held),
// `context` (the state behind its lock, and the background tasks), `webhooks` (signed and sent),
// `messages` and `calls` (delivery and TwiML), `api` (REST over HTTP), `handles` (for tests).
mod api;
mod calls;
mod context;
mod error;
mod handles;
mod ids;
mod messages;
mod state;
mod webhooks;

pub use error::{SandboxError, SandboxErrorKind};
pub use handles::{Phone, PhoneCall, Sandbox};
pub use state::{
    Alert, AnswerBehavior, DeliveryBehavior, StoredApplication, StoredCall, StoredMessage,
    StoredNumber, StoredService, StoredShortCode, TextMessage, Webhook, WebhookKind,
};
