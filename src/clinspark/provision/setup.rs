//! Set-up of the account: planned first, then done, then undone if need be.

use super::apply::{self, Provisioned};
use super::error::SetupError;
use super::plan::{self, Plan};
use super::record::Undo;
use super::target::Target;
use super::undo;
use crate::client::Client;
use crate::clinspark::settings::Settings;

/// Sets the account up for an instance.
///
/// Review the plan, then apply it:
///
/// ```no_run
/// use clinspark_twilio::clinspark::{Settings, Setup};
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let settings = Settings::from_env()?;
/// let messenger = settings.messenger()?;
/// let setup = Setup::new(&settings, messenger.client());
/// let plan = setup.plan().await?; // reads, and changes nothing
/// println!("{plan}");
/// let done = setup.apply(&plan).await?;
/// println!("Application SID for ClinSpark's settings: {}", done.application);
///
/// // Second thoughts: as it was before.
/// setup.undo(&done.undo).await?;
/// # Ok(())
/// # }
/// ```
///
/// Each webhook URL is written with connection overrides: those of the settings' path, and those of
/// `#rc=2&rp=5xx,ct,rt` that the path does not set. By default Twilio retries once, and only after
/// a TCP or TLS failure. With these it retries up to twice, also after a 5xx answer or a read
/// timeout, all within 15 seconds. A call or a message is then sent to the fallback URL, which is
/// the webhook itself with the same overrides. So a webhook may arrive several times.
///
/// Overrides that an app has already are kept where they ask for as much. Comparisons between the
/// account and the settings ignore them in all other respects.
///
/// Source: <https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides>
#[derive(Clone, Copy, Debug)]
pub struct Setup<'a> {
    target: Target<'a>,
}

impl<'a> Setup<'a> {
    /// Sets up this instance's account, through this client.
    #[must_use]
    pub const fn new(settings: &'a Settings, client: &'a Client) -> Self {
        Self {
            target: Target { settings, client },
        }
    }

    /// Reads the account, and says what has to change: the `TwiML` App that the settings name (or
    /// that is the instance's already, or a new one) points at the instance, the number is bound
    /// to it for voice **and** messaging, and the Messaging Service that the settings name defers
    /// to the sender's webhook.
    ///
    /// The plan names that app, that number and that service, and nothing else. Nothing is ever
    /// bought.
    ///
    /// # Errors
    ///
    /// `Setting` when a webhook path or the number is not set: paths differ between instances and
    /// are never guessed. `Account` when the account does not own the number, holds several apps
    /// that could be the instance's, or the app to be changed answers other numbers. `Client` for
    /// the rest: credentials, a right that they lack, an app or a service that the account does
    /// not have.
    pub async fn plan(&self) -> Result<Plan, SetupError> {
        plan::make(&self.target, None).await
    }

    /// Applies a plan, step by step.
    ///
    /// The account is read again before the first step: steps that are done already are passed
    /// over, and if anything else is not as it was planned, nothing is changed. It is read again
    /// after the last step, too. So it may be interrupted anywhere and be run again, with the same
    /// plan or with a new one; both end the same. If creating an app was interrupted, only the same
    /// plan identifies the app as its own and adds it to the record for undoing.
    ///
    /// # Errors
    ///
    /// As [`plan`](Self::plan); and `Account` when the plan is for another instance, or the
    /// account has changed since. After the first change, [`SetupError::undo`] says how to put back
    /// what was done.
    pub async fn apply(&self, plan: &Plan) -> Result<Provisioned, SetupError> {
        apply::apply(&self.target, plan).await
    }

    /// Plans and applies at once.
    ///
    /// # Errors
    ///
    /// As [`plan`](Self::plan) and [`apply`](Self::apply).
    pub async fn provision(&self) -> Result<Provisioned, SetupError> {
        self.apply(&self.plan().await?).await
    }

    /// Puts back what was changed, the last change first. What is as it was already, or gone
    /// altogether, is passed over, so this may be interrupted and be run again, too.
    ///
    /// An app that was created is deleted, unless a number is bound to it by then.
    ///
    /// # Errors
    ///
    /// `Account` when the record is another account's, or another user changed something since: that
    /// is left as it is. `Client` for the rest.
    pub async fn undo(&self, undo: &Undo) -> Result<(), SetupError> {
        undo::undo(&self.target, undo).await
    }
}
