//! Set-up of the account: plan, apply, and revert if necessary.

use super::apply::{self, Provisioned};
use super::error::SetupError;
use super::plan::{self, Plan};
use super::record::Undo;
use super::target::Target;
use super::undo;
use crate::client::Client;
use crate::clinspark::settings::Settings;

/// Set-up of a Twilio account for an instance.
///
/// Review the plan, then apply it:
///
/// ```
/// # #[cfg(not(all(feature = "sandbox", feature = "rustls")))]
/// # fn main() {}
/// # #[cfg(all(feature = "sandbox", feature = "rustls"))]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use clinspark_twilio::clinspark::{Setup, Undo};
/// use clinspark_twilio::sandbox::Sandbox;
///
/// let twilio = Sandbox::start().await?;
/// let settings = twilio
///     .settings() // in a service: `Settings::from_env`
///     .voice_path("/hooks/voice")
///     .call_status_path("/hooks/call-status")
///     .message_path("/hooks/message")
///     .message_status_path("/hooks/message-status")
///     .build()?;
/// # use clinspark_twilio::messenger::WithoutConsentGate;
/// # let messenger = settings.messenger(WithoutConsentGate)?;
/// let setup = Setup::new(&settings, messenger.client());
/// let plan = setup.plan().await?; // reads, and changes nothing
/// println!("{plan}");
/// let done = setup.apply(&plan).await?;
/// println!("Application SID for ClinSpark's settings: {}", done.application);
/// assert!(done.created && setup.plan().await?.is_empty());
///
/// // The record reverts all changes. Store it like the settings: it may contain passwords.
/// let stored = serde_json::to_string(&done.undo)?;
/// let undo: Undo = serde_json::from_str(&stored)?;
/// setup.undo(&undo).await?;
/// assert!(!setup.plan().await?.is_empty());
/// # Ok(())
/// # }
/// ```
///
/// Set-up writes each webhook URL with connection overrides: those of the settings' path, and those
/// of `#rc=2&rp=5xx,ct,rt` that the path does not set. By default Twilio retries once, and only after
/// a TCP or TLS failure. With these overrides it retries up to twice, also after a 5xx answer or a
/// read timeout, all within 15 seconds. Afterwards it requests the fallback URL for a call or a
/// message. That is the same webhook with the same overrides, so a webhook may arrive several times.
///
/// Overrides that an app already has are kept if they request at least these retries. Otherwise,
/// comparisons between the account and the settings ignore overrides.
///
/// Source: <https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides>
#[derive(Clone, Copy, Debug)]
pub struct Setup<'a> {
    target: Target<'a>,
}

impl<'a> Setup<'a> {
    /// Creates a set-up of this instance's account. Requests are made through this client.
    #[must_use]
    pub const fn new(settings: &'a Settings, client: &'a Client) -> Self {
        Self {
            target: Target { settings, client },
        }
    }

    /// Reads the account, and returns the changes that it needs:
    ///
    /// - The URLs of the `TwiML` App are the instance's. The app is the one in the settings, one
    ///   that is already the instance's, or a new one.
    /// - The number is bound to the app for voice **and** messaging.
    /// - The Messaging Service in the settings defers to the sender's webhook.
    ///
    /// The plan changes this app, this number and this service, and nothing else. Set-up never buys
    /// anything.
    ///
    /// # Errors
    ///
    /// - `Setting`: a webhook path or the number is not set. Paths differ between instances and are
    ///   never guessed.
    /// - `Account`: the account does not own the number or has several apps that could be the
    ///   instance's. Or other numbers use the app to be changed.
    /// - `Client`: any other failure, such as invalid credentials, a missing permission, or an app
    ///   or service that the account does not have.
    pub async fn plan(&self) -> Result<Plan, SetupError> {
        plan::make(&self.target, None).await
    }

    /// Applies a plan, step by step.
    ///
    /// The account is read again before the first step and after the last. Steps that are already
    /// done are skipped. If anything else differs from the plan, nothing is changed.
    ///
    /// An interrupted run can be repeated, with the same plan or with a new one, and has the same
    /// result. If the creation of an app was interrupted, repeat it with the same plan. Only this
    /// plan recognizes the app as its own and adds it to the record for reverting.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`plan`](Self::plan). Also returns `Account` if the plan is for another
    /// instance, or if the account has changed since. After the first change,
    /// [`SetupError::undo`] returns the record for reverting.
    pub async fn apply(&self, plan: &Plan) -> Result<Provisioned, SetupError> {
        apply::apply(&self.target, plan).await
    }

    /// Makes a plan and applies it without a review.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`plan`](Self::plan) and [`apply`](Self::apply).
    pub async fn provision(&self) -> Result<Provisioned, SetupError> {
        self.apply(&self.plan().await?).await
    }

    /// Reverts the recorded changes, the last one first.
    ///
    /// Changes that are already reverted, and resources that no longer exist, are skipped. An
    /// interrupted run can therefore be repeated. An app that set-up created is deleted, unless a
    /// number has been bound to it since.
    ///
    /// # Errors
    ///
    /// - `Account`: the record is of another account, or another user has changed a resource since.
    ///   That resource is not reverted.
    /// - `Client`: any other failure.
    pub async fn undo(&self, undo: &Undo) -> Result<(), SetupError> {
        undo::undo(&self.target, undo).await
    }
}
