//! Checks of an instance's Twilio account: what is wrong, and who fixes it.
//!
//! It only reads: nothing is sent, bought, made or changed.
//!
//! ```no_run
//! use clinspark_twilio::clinspark::Settings;
//! use clinspark_twilio::clinspark::preflight::Preflight;
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let settings = Settings::from_env()?;
//! let messenger = settings.messenger()?;
//! let report = Preflight::new(&settings, messenger.client()).run().await;
//! println!("{report}");
//! for finding in &report.findings {
//!     println!("{} {}: {} fixes it", finding.severity, finding.check, finding.owner);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! | Item | What it is |
//! |---|---|
//! | [`Preflight::run`] | checks the account |
//! | [`Preflight::probe_webhooks`] | tries to forge webhooks of the instance |
//! | [`Report`], [`Finding`], [`Inconclusive`], [`Probe`] | what was found, what could not be looked at |
//! | [`Check`] | every check, by its id |
//! | [`Severity`], [`Owner`] | how grave it is, who fixes it |

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

/// Checks an instance's Twilio account.
///
/// ```no_run
/// use clinspark_twilio::clinspark::Settings;
/// use clinspark_twilio::clinspark::preflight::Preflight;
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let settings = Settings::from_env()?;
/// let messenger = settings.messenger()?;
/// let report = Preflight::new(&settings, messenger.client()).run().await;
/// if !report.passed() {
///     eprintln!("{report}");
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Preflight<'a> {
    settings: &'a Settings,
    client: &'a Client,
}

impl<'a> Preflight<'a> {
    /// Checks the account of these settings, through this client.
    #[must_use]
    pub const fn new(settings: &'a Settings, client: &'a Client) -> Self {
        Self { settings, client }
    }

    /// Looks at the account and says what is wrong with it, and who fixes it. Reads only.
    ///
    /// What the credentials may not see, such as those of a restricted API key, is
    /// [inconclusive](Report::inconclusive): it is never taken for right. The account itself is
    /// read with the auth token, which the settings hold for the webhooks anyway.
    ///
    /// It makes some fifteen requests, and one more for each Messaging Service of the account.
    pub async fn run(self) -> Report {
        check_all(self.settings, self.client).await
    }

    /// Sends a forged webhook to each of the instance's own URLs, and says whether it was refused
    /// and how fast. The paths are the settings', and where they have none, the TwiML App's.
    ///
    /// The signature is wrong on purpose, always: a right one would write a made-up reply into a
    /// clinical record. An instance that accepts the forgery may write it all the same, so the
    /// message says what it is, and comes from a number that belongs to no one.
    ///
    /// Ask for it when the instance may be asked: it is not part of [`run`](Self::run).
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
