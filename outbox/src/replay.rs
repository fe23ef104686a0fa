//! What the replay guards of both databases share.

use std::time::Duration;

use clinspark_twilio::types::BoxError;
use clinspark_twilio::webhook::{ClaimToken, ReplayGuard, ReplayKey};

/// Default time after which a claim expires.
pub(crate) const CLAIM_TIME: Duration = Duration::from_secs(5 * 60);

/// Default time for which a handled webhook is remembered.
pub(crate) const RETENTION: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Returns the result of a `finish`, which ends nothing if the claim was lost.
pub(crate) fn finished(is_held: bool) -> Result<(), BoxError> {
    if is_held {
        return Ok(());
    }
    Err("the claim of the webhook has expired, and another worker may handle it again".into())
}

/// Releases a claim on another task. If that fails, or the runtime ends, the claim expires.
pub(crate) fn abandon<G>(guard: &G, key: &ReplayKey, token: &ClaimToken)
where
    G: ReplayGuard + Clone,
{
    let Ok(runtime) = tokio::runtime::Handle::try_current() else {
        return;
    };
    let (guard, key, token) = (guard.clone(), key.clone(), token.clone());
    runtime.spawn(async move {
        let _ = guard.release(&key, &token).await;
    });
}
