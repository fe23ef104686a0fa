//! Saves the state of a sandbox, and loads it.

use tokio::sync::watch;

use super::sandbox::Sandbox;
use crate::sandbox::error::SandboxError;
use crate::sandbox::saved::SavedState;

impl Sandbox {
    /// Returns the state as JSON: numbers, TwiML Apps, Messaging Services, short codes, caller IDs,
    /// registrations, phones with their texts and behavior, opt-outs, messages, calls with their
    /// transcripts, recordings with their transcriptions, and alerts. The fields always have the same
    /// order.
    ///
    /// A call or recording in progress is stated as ended at this moment: an answered call as
    /// completed, another one as canceled. Its callbacks are not sent.
    ///
    /// Phone numbers and texts are in it. Not in it are credentials, subaccounts, settings of the
    /// account, conferences, queues, media streams, real-time transcriptions, faults, cookies, and the
    /// log of requests and webhooks.
    ///
    /// ```
    /// use clinspark_twilio::phone::E164;
    /// use clinspark_twilio::sandbox::Sandbox;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sandbox = Sandbox::start().await?;
    /// sandbox.add_number(E164::parse("+14155550100")?);
    /// let saved = sandbox.save_state();
    ///
    /// let later = Sandbox::start().await?;
    /// later.load_state(&saved).await?;
    /// assert_eq!(later.numbers(), sandbox.numbers());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn save_state(&self) -> String {
        self.context.save_state().write()
    }

    /// Notices each change of the state from now on, such as to save it.
    ///
    /// ```
    /// use clinspark_twilio::phone::E164;
    /// use clinspark_twilio::sandbox::Sandbox;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sandbox = Sandbox::start().await?;
    /// let mut changes = sandbox.changes();
    /// sandbox.add_number(E164::parse("+14155550100")?);
    /// changes.next().await;
    /// assert!(sandbox.save_state().contains("+14155550100"));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn changes(&self) -> Changes {
        Changes(self.context.subscribe())
    }

    /// Replaces the state by a saved one. What has happened is removed, as by
    /// [`reset`](Self::reset), and so are the resources of the account. Messages that were on their way
    /// are delivered. If the saved clock is ahead, this one moves forward to its time.
    ///
    /// # Errors
    ///
    /// Returns [`SandboxErrorKind::InvalidState`](crate::sandbox::SandboxErrorKind::InvalidState) if
    /// the text is no saved state, or a newer release has written it. The state is not changed then.
    pub async fn load_state(&self, saved: &str) -> Result<(), SandboxError> {
        let saved = SavedState::read(saved)?;
        self.context.load_state(saved).await;
        Ok(())
    }
}

/// Notices changes of a sandbox, as [`Sandbox::changes`] shows.
#[derive(Debug)]
pub struct Changes(watch::Receiver<()>);

impl Changes {
    /// Waits until something has changed since the last call, or at first since
    /// [`Sandbox::changes`]. Many changes at once count as one. A sandbox that is gone never changes.
    pub async fn next(&mut self) {
        if self.0.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
