//! What is wrong with the account, in the clinic's words, and who mends it.
//!
//! It only reads: nothing is sent, bought, made or changed.
//!
//! ```no_run
//! use clinspark_twilio::clinspark::{Messenger, Settings};
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let clinspark = Messenger::new(Settings::from_env()?)?;
//! let report = clinspark.preflight().await;
//! println!("{report}");
//! for finding in &report.findings {
//!     println!("{} {}: {} mends it", finding.severity, finding.check, finding.mender);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! | Item | What it is |
//! |---|---|
//! | [`Messenger::preflight`] | looks at the account |
//! | [`Messenger::probe_webhooks`] | tries to forge webhooks of the instance |
//! | [`Report`], [`Finding`], [`NotKnown`], [`Probe`] | what was found, what could not be looked at |
//! | [`Check`] | every check, by its id |
//! | [`Severity`], [`Mender`] | how grave it is, who mends it |

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
mod token;

use super::messenger::Messenger;
use super::settings::Settings;
use crate::client::Client;

pub use check::Check;
pub use report::{Finding, Mender, NotKnown, Probe, Report, Severity};

use run::Run;

impl Messenger {
    /// Looks at the account and says what is wrong with it, and who mends it. Reads only.
    ///
    /// What the credentials may not see, such as those of a restricted API key, is
    /// [not known](Report::not_known): it is never taken for right. The account itself is read
    /// with the auth token, which the settings hold for the webhooks anyway.
    ///
    /// It makes some fifteen requests, and one more for each Messaging Service of the account.
    ///
    /// ```no_run
    /// # async fn run(clinspark: clinspark_twilio::Messenger) {
    /// let report = clinspark.preflight().await;
    /// if !report.is_sound() {
    ///     eprintln!("{report}");
    /// }
    /// # }
    /// ```
    pub async fn preflight(&self) -> Report {
        look(self.settings(), self.client()).await
    }

    /// Sends a forged webhook to each of the instance's own URLs, and says whether it was refused
    /// and how fast. The paths are the settings', and where they have none, the TwiML App's.
    ///
    /// The signature is wrong on purpose, always: a right one would write a reply that nobody
    /// gave into a clinical record. An instance that believes the forgery may write it all the
    /// same, so the message says what it is, and comes from a number that is nobody's.
    ///
    /// Ask for it when the instance may be asked: it is not part of
    /// [`preflight`](Self::preflight).
    pub async fn probe_webhooks(&self) -> Report {
        let mut run = Run::new(self.settings(), self.client());
        let adopted = application::paths(&mut run).await;
        probe::check(&mut run, &adopted).await;
        run.finish()
    }
}

pub(super) async fn look(settings: &Settings, client: &Client) -> Report {
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
