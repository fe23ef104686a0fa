//! Puts back what provisioning has changed, and only that.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::client::Client;
use crate::client::applications::DeleteApplication;
use crate::client::numbers::{FetchPhoneNumber, UpdatePhoneNumber};
use crate::client::services::UpdateService;
use crate::clinspark::error::{Cause, Error};
use crate::types::{AccountSid, ApplicationSid, MessagingServiceSid, PhoneNumberSid};

use super::state::{self, AppState, Binding};
use super::{Setup, read};

/// How to put back what [`Setup::apply`] has changed; [`Setup::undo`] does it.
///
/// It is data: print it, store it. Its serialised form holds the account's URLs as they were,
/// user names and passwords in them included: keep it as you keep the settings. `Display` and
/// `Debug` leave those out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undo {
    account: AccountSid,
    deeds: Vec<Deed>,
}

/// What was done, with all it takes to take it back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Deed {
    Created {
        sid: ApplicationSid,
        made: AppState,
    },
    Updated {
        sid: ApplicationSid,
        from: AppState,
        to: AppState,
    },
    Bound {
        sid: PhoneNumberSid,
        from: Binding,
        to: Binding,
    },
    Deferred {
        sid: MessagingServiceSid,
    },
}

impl Undo {
    pub(super) const fn new(account: AccountSid) -> Self {
        Self {
            account,
            deeds: Vec::new(),
        }
    }

    pub(super) fn push(&mut self, deed: Deed) {
        self.deeds.push(deed);
    }

    /// Whether there is nothing to put back.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.deeds.is_empty()
    }
}

impl fmt::Display for Undo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return write!(f, "nothing to put back in account {}", self.account);
        }
        write!(f, "to put back in account {}:", self.account)?;
        for (index, deed) in self.deeds.iter().rev().enumerate() {
            write!(f, "\n{:>3}. {deed}", index + 1)?;
        }
        Ok(())
    }
}

impl fmt::Display for Deed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Created { sid, .. } => write!(f, "delete the TwiML App {sid}"),
            Self::Updated { sid, from, to } => {
                write!(f, "change the TwiML App {sid}")?;
                to.changes(from)
                    .try_for_each(|(name, now, then)| write!(f, "\n       {name}: {now} -> {then}"))
            }
            Self::Bound { sid, from, .. } => write!(f, "bind the number {sid} to {from}"),
            Self::Deferred { sid } => write!(
                f,
                "let the Messaging Service {sid} answer by itself instead of deferring"
            ),
        }
    }
}

pub(super) async fn undo(setup: &Setup<'_>, undo: &Undo) -> Result<(), Error> {
    let accounts = [setup.settings.account_sid(), setup.client.account_sid()];
    if accounts != [undo.account; 2] {
        return Err(Cause::Account("what is to be undone was done in another account").into());
    }
    for deed in undo.deeds.iter().rev() {
        take_back(setup.client, deed).await?;
    }
    Ok(())
}

async fn take_back(client: &Client, deed: &Deed) -> Result<(), Error> {
    match deed {
        Deed::Created { sid, made } => delete(client, *sid, made).await,
        Deed::Updated { sid, from, to } => {
            let Some(app) = if_there(read::application(client, *sid).await)? else {
                return Ok(());
            };
            if is_still(&AppState::of(&app), from, to)? {
                let back = client.execute(from.update(*sid)).await;
                back.map_err(read::refused)?;
            }
            Ok(())
        }
        Deed::Bound { sid, from, to } => {
            let number = client.execute(FetchPhoneNumber::new(*sid)).await;
            let Some(number) = if_there(number.map_err(read::refused))? else {
                return Ok(());
            };
            if is_still(&Binding::of(&number), from, to)? {
                let bind = UpdatePhoneNumber::new(*sid)
                    .voice_application_sid(from.voice)
                    .sms_application_sid(from.messaging);
                client.execute(bind).await.map_err(read::refused)?;
            }
            Ok(())
        }
        Deed::Deferred { sid } => {
            let service = if_there(read::service(client, *sid).await)?;
            if service.as_ref().is_some_and(state::defers) {
                let back = UpdateService::new(*sid).use_inbound_webhook_on_number(false);
                client.execute(back).await.map_err(read::refused)?;
            }
            Ok(())
        }
    }
}

/// Whether something is as provisioning left it; an error when it is neither that nor as it was
/// before.
fn is_still<T: PartialEq>(now: &T, before: &T, after: &T) -> Result<bool, Error> {
    if now == before {
        Ok(false)
    } else if now == after {
        Ok(true)
    } else {
        Err(Cause::Account("somebody changed it since; it is left as it is").into())
    }
}

async fn delete(client: &Client, sid: ApplicationSid, made: &AppState) -> Result<(), Error> {
    let Some(app) = if_there(read::application(client, sid).await)? else {
        return Ok(());
    };
    if AppState::of(&app) != *made {
        return Err(Cause::Account("somebody changed the TwiML App since; it stays").into());
    }
    if read::is_bound(client, sid).await? {
        return Err(Cause::Account("a number is bound to the TwiML App; it stays").into());
    }
    let deleted = client.execute(DeleteApplication::new(sid)).await;
    deleted.map_err(read::refused)
}

/// What somebody has deleted since has nothing to be put back, and keeps nothing else from it.
fn if_there<T>(read: Result<T, Error>) -> Result<Option<T>, Error> {
    match read {
        Ok(found) => Ok(Some(found)),
        Err(error) if is_gone(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

fn is_gone(error: &Error) -> bool {
    error.client().and_then(crate::client::Error::status) == Some(http::StatusCode::NOT_FOUND)
}
