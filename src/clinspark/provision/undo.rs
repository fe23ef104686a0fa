//! Reverts the changes of a set-up, and no others.

use crate::client::Client;
use crate::client::applications::DeleteApplication;
use crate::client::numbers::{FetchIncomingPhoneNumber, UpdateIncomingPhoneNumber};
use crate::client::services::UpdateService;
use crate::types::ApplicationSid;

use super::error::{Cause, SetupError};
use super::read;
use super::record::{AppliedChange, Undo};
use super::state::{self, AppState, Binding};
use super::target::Target;

pub(super) async fn undo(target: &Target<'_>, undo: &Undo) -> Result<(), SetupError> {
    let accounts = [target.settings.account_sid(), target.client.account_sid()];
    if accounts != [undo.account; 2] {
        return Err(Cause::Account(
            "the record is of another account; use the settings and the client of that account",
        )
        .into());
    }
    for change in undo.changes.iter().rev() {
        revert(target.client, change).await?;
    }
    Ok(())
}

async fn revert(client: &Client, change: &AppliedChange) -> Result<(), SetupError> {
    match change {
        AppliedChange::Created { sid, made } => delete(client, *sid, made).await,
        AppliedChange::Updated { sid, from, to } => {
            let Some(app) = if_exists(read::application(client, *sid).await)? else {
                return Ok(());
            };
            if is_as_applied(&AppState::of(&app), from, to)? {
                let back = client.execute(from.update(*sid)).await;
                back.map_err(read::client_error)?;
            }
            Ok(())
        }
        AppliedChange::Bound { sid, from, to } => {
            let number = client.execute(FetchIncomingPhoneNumber::new(*sid)).await;
            let Some(number) = if_exists(number.map_err(read::client_error))? else {
                return Ok(());
            };
            if is_as_applied(&Binding::of(&number), from, to)? {
                let bind = UpdateIncomingPhoneNumber::new(*sid)
                    .voice_application_sid(from.voice)
                    .sms_application_sid(from.messaging);
                client.execute(bind).await.map_err(read::client_error)?;
            }
            Ok(())
        }
        AppliedChange::Deferred { sid } => {
            let service = if_exists(read::service(client, *sid).await)?;
            if service.as_ref().is_some_and(state::defers) {
                let back = UpdateService::new(*sid).use_inbound_webhook_on_number(false);
                client.execute(back).await.map_err(read::client_error)?;
            }
            Ok(())
        }
    }
}

/// Returns `true` if a resource is as set-up left it, `false` if it is as before. Any other state is
/// an error.
fn is_as_applied<T: PartialEq>(now: &T, before: &T, after: &T) -> Result<bool, SetupError> {
    if now == before {
        Ok(false)
    } else if now == after {
        Ok(true)
    } else {
        Err(Cause::Account("a resource has been changed since set-up, so it was not reverted; check it in Twilio's \
             console").into())
    }
}

async fn delete(client: &Client, sid: ApplicationSid, made: &AppState) -> Result<(), SetupError> {
    let Some(app) = if_exists(read::application(client, sid).await)? else {
        return Ok(());
    };
    if AppState::of(&app) != *made {
        return Err(Cause::Account(
            "the TwiML App has been changed since set-up, so it was not deleted; delete it in \
             Twilio's console if it is not needed",
        )
        .into());
    }
    if read::is_bound(client, sid).await? {
        return Err(Cause::Account(
            "a number is bound to the TwiML App, so it was not deleted; unbind the number first",
        )
        .into());
    }
    let deleted = client.execute(DeleteApplication::new(sid)).await;
    deleted.map_err(read::client_error)
}

/// Returns `None` for a resource that was deleted since. It needs no reverting.
fn if_exists<T>(read: Result<T, SetupError>) -> Result<Option<T>, SetupError> {
    match read {
        Ok(found) => Ok(Some(found)),
        Err(error) if is_not_found(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

fn is_not_found(error: &SetupError) -> bool {
    error.client().and_then(crate::client::Error::status) == Some(http::StatusCode::NOT_FOUND)
}
