//! Sends a webhook with a fault of the test.

use super::send::{Response, send};
use super::webhook::{SendError, Webhook};
use crate::sandbox::context::Context;
use crate::sandbox::faults::Fault;
use crate::sandbox::state::{AlertCause, FaultId};

/// Sends a webhook: lost, doubled or forged, if a fault says so.
pub(super) async fn send_with_fault(
    context: &Context,
    mut webhook: Webhook,
    fault: Option<(FaultId, Fault)>,
) -> Result<Response, SendError> {
    if let Some((id, _)) = fault {
        webhook.fault = Some(id);
    }
    match fault.map(|(_, fault)| fault) {
        Some(Fault::LoseWebhook) => {
            let message = "a fault that the test added lost the webhook";
            return Err(webhook.unsent(AlertCause::new(11205, message)));
        }
        Some(Fault::DoubleWebhook) => {
            // The second response counts, as after a response that was lost on its way.
            let _ = send(context, &webhook).await;
        }
        Some(Fault::ForgeSignature) => webhook.is_forged = true,
        _ => {}
    }
    send(context, &webhook).await
}
