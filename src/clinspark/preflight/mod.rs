//! Checks of an instance's Twilio account: each fault, and who fixes it.
//!
//! The checks only read. They send, buy, create and change nothing in the account.
//!
//! ```no_run
//! use clinspark_twilio::clinspark::Settings;
//! use clinspark_twilio::clinspark::preflight::Preflight;
//! use clinspark_twilio::messenger::WithoutConsentGate;
//!
//! # #[cfg(feature = "rustls")]
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let settings = Settings::from_env()?;
//! let messenger = settings.messenger(WithoutConsentGate)?; // texts and calls no one
//! let report = Preflight::new(&settings, messenger.client()).run().await;
//! println!("{report}");
//! for finding in &report.findings {
//!     println!("{} {}: {} fixes it", finding.severity, finding.check, finding.owner);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! | Item | Description |
//! |---|---|
//! | [`Preflight::run`] | checks the account |
//! | [`Preflight::probe_webhooks`] | sends forged webhooks to the instance, which must refuse them |
//! | [`Report`], [`Finding`], [`Inconclusive`], [`Probe`] | faults found, checks that could not be made, answers to forged webhooks |
//! | [`Check`] | every check, by its ID |
//! | [`Severity`], [`Owner`] | severity of a finding, and the party that fixes it |

mod a2p;
mod account;
mod alerts;
mod application;
mod check;
mod clock;
mod instance;
mod number;
mod permissions;
mod probe;
mod report;
mod run;
mod service;
mod severity;
mod token;

use super::settings::Settings;
use crate::client::Client;

pub use check::Check;
pub use report::{Finding, Inconclusive, Probe, Report};
pub use severity::{Owner, Severity};

use run::Run;

/// Checks of an instance's Twilio account.
///
/// A check that cannot be made is [inconclusive](Report::inconclusive), and the account does not
/// pass:
///
/// ```
/// use clinspark_twilio::clinspark::Settings;
/// use clinspark_twilio::clinspark::preflight::{Check, Preflight};
/// # use clinspark_twilio::client::testing::FakeTransport;
/// # let settings = Settings::builder()
/// #     .domain("demo")
/// #     .account_sid("AC00000000000000000000000000000001")
/// #     .auth_token("the-auth-token")
/// #     .number("+14155550100")
/// #     .delivery("live")
/// #     .build()?;
/// # use clinspark_twilio::messenger::WithoutConsentGate;
/// # let messenger = settings.messenger_builder(WithoutConsentGate).with_transport(FakeTransport::new()).build()?;
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
/// # runtime.block_on(async {
///
/// // Twilio cannot be reached.
/// let report = Preflight::new(&settings, messenger.client()).run().await;
/// assert!(!report.passed());
/// eprintln!("{report}"); // a table, without secrets and with masked numbers
///
/// assert!(report.inconclusive.iter().any(|it| it.check == Check::NumberNotOwned));
/// // The instance's own settings are checked all the same.
/// assert!(report.findings_of(&Check::DefaultCountryNotSet).next().is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Preflight<'a> {
    settings: &'a Settings,
    client: &'a Client,
}

impl<'a> Preflight<'a> {
    /// Creates the checks for the account of these settings. Requests are made through this client.
    #[must_use]
    pub const fn new(settings: &'a Settings, client: &'a Client) -> Self {
        Self { settings, client }
    }

    /// Checks the account, and reports each fault and who fixes it. Only reads.
    ///
    /// If the credentials lack the permission for a request, as a restricted API key may, the check
    /// is [inconclusive](Report::inconclusive). It never counts as passed. The account itself is
    /// read with the auth token, which the settings contain for the webhooks.
    ///
    /// Makes about fifteen requests, and one more for each Messaging Service of the account.
    pub async fn run(self) -> Report {
        check_all(self.settings, self.client).await
    }

    /// Sends a forged webhook to each URL of the instance, and reports whether it was refused and
    /// how fast. Paths that the settings do not have are taken from the TwiML App.
    ///
    /// The signature is always invalid on purpose. A valid one would write an invented reply into a
    /// clinical record. An instance that accepts the forgery may write it anyway. The message body
    /// therefore states that it is forged, and the sender is a number that belongs to no one.
    ///
    /// [`run`](Self::run) does not include this probe. Use it only if test requests to the instance
    /// are permitted.
    pub async fn probe_webhooks(self) -> Report {
        let mut run = Run::new(self.settings, self.client);
        let paths = application::webhook_paths(&mut run).await;
        probe::check(&mut run, &paths).await;
        run.finish()
    }
}

pub(super) async fn check_all(settings: &Settings, client: &Client) -> Report {
    let mut run = Run::new(settings, client);
    instance::check(&mut run);
    account::check(&mut run).await;
    token::check(&mut run).await;
    let owned = number::check(&mut run).await;
    application::check(&mut run).await;
    let membership = service::check(&mut run, owned).await;
    a2p::check(&mut run, owned, membership).await;
    permissions::check(&mut run).await;
    alerts::check(&mut run).await;
    clock::check(&mut run).await;
    account::check_credentials(&mut run);
    run.finish()
}
