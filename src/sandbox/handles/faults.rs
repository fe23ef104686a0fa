//! Faults of the API and of webhooks.

use super::sandbox::Sandbox;
use crate::sandbox::error::{SandboxError, SandboxErrorKind};
use crate::sandbox::faults::{ActiveFault, FaultRule, Faults};
use crate::sandbox::state::FaultId;

impl Sandbox {
    /// Adds a fault. If several rules match a request, the first one that was added applies.
    ///
    /// Faults affect only requests with valid credentials.
    ///
    /// ```
    /// use clinspark_twilio::phone::E164;
    /// use clinspark_twilio::sandbox::{Fault, FaultRule, Sandbox};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sandbox = Sandbox::start().await?;
    /// sandbox.add_fault(FaultRule::new(Fault::TooManyRequests { retry_after: Some(1) }).times(1))?;
    ///
    /// let url = format!("{}/2010-04-01/Accounts.json", sandbox.base_url());
    /// let client = reqwest::Client::builder().no_proxy().build()?;
    /// let request = client
    ///     .get(url)
    ///     .basic_auth(sandbox.account_sid(), Some(sandbox.auth_token().expose()));
    /// let again = request.try_clone().ok_or("a request without a body")?;
    /// assert_eq!(request.send().await?.status(), 429);
    /// assert_eq!(again.send().await?.status(), 200);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`SandboxErrorKind::InvalidSetting`] if the rule contradicts itself, such as a fault of
    /// webhooks with a path, or a value is out of range.
    pub fn add_fault(&self, rule: FaultRule) -> Result<FaultId, SandboxError> {
        match rule.problem() {
            Some(problem) => Err(SandboxError::new(SandboxErrorKind::InvalidSetting, problem)),
            None => Ok(self.context.change_faults(|faults| faults.add(rule))),
        }
    }

    /// Removes a fault. Has no effect if it was removed before.
    pub fn remove_fault(&self, id: FaultId) {
        self.context.change_faults(|faults| faults.remove(id));
    }

    /// Returns the faults in effect, in the order in which they were added, with their counts.
    #[must_use]
    pub fn faults(&self) -> Vec<ActiveFault> {
        self.context.faults(Faults::list)
    }
}
