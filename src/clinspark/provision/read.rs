//! Reads the number, app and service of the settings.

use super::error::{Cause, SetupError};
use crate::client::applications::{Application, FetchApplication, ListApplications};
use crate::client::numbers::{IncomingPhoneNumber, ListIncomingPhoneNumbers};
use crate::client::services::{FetchService, ListServicePhoneNumbers, Service};
use crate::client::{self, Client};
use crate::phone::{Address, E164};
use crate::types::{ApplicationSid, MessagingServiceSid, PhoneNumberSid, Redacted};
use crate::webhook::PublicOrigin;

use super::state::{AppState, Binding};

/// Largest page size that Twilio supports.
const MAX_PAGE_SIZE: u32 = 1_000;

pub(super) async fn number(
    client: &Client,
    number: E164,
) -> Result<IncomingPhoneNumber, SetupError> {
    let mut listed = client.list(
        ListIncomingPhoneNumbers::new()
            .phone_number(number)
            .page_size(MAX_PAGE_SIZE),
    );
    while let Some(owned) = listed.next().await {
        let owned = owned.map_err(client_error)?;
        // The filter also matches parts of numbers.
        if owned.phone_number == Some(Address::from(number)) {
            return Ok(owned);
        }
    }
    Err(Cause::Account(
        "the account does not own the instance's number; check the account and the number in the \
         settings",
    )
    .into())
}

/// Returns `true` if any number is bound to an app, for voice or for messaging.
pub(super) async fn is_bound(
    client: &Client,
    application: ApplicationSid,
) -> Result<bool, SetupError> {
    is_bound_to_another(client, application, None).await
}

/// Returns `true` if another number than this one is bound to an app.
pub(super) async fn is_bound_to_another(
    client: &Client,
    application: ApplicationSid,
    except: Option<PhoneNumberSid>,
) -> Result<bool, SetupError> {
    let mut numbers = client.list(ListIncomingPhoneNumbers::new().page_size(MAX_PAGE_SIZE));
    while let Some(number) = numbers.next().await {
        let number = number.map_err(client_error)?;
        let Binding { voice, messaging } = Binding::of(&number);
        if Some(number.sid) != except && [voice, messaging].contains(&Some(application)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Returns `true` if a service has another number in its sender pool.
pub(super) async fn has_other_numbers(
    client: &Client,
    service: MessagingServiceSid,
    except: PhoneNumberSid,
) -> Result<bool, SetupError> {
    let mut numbers = client.list(ListServicePhoneNumbers::new(service).page_size(MAX_PAGE_SIZE));
    while let Some(number) = numbers.next().await {
        if number.map_err(client_error)?.sid != except {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(super) async fn application(
    client: &Client,
    sid: ApplicationSid,
) -> Result<Application, SetupError> {
    let fetched = client.execute(FetchApplication::new(sid)).await;
    fetched.map_err(|error| match error.status() {
        Some(http::StatusCode::NOT_FOUND) => Cause::NoApplication(error).into(),
        _ => client_error(error),
    })
}

pub(super) async fn service(
    client: &Client,
    sid: MessagingServiceSid,
) -> Result<Service, SetupError> {
    let fetched = client.execute(FetchService::new(sid)).await;
    fetched.map_err(|error| match error.status() {
        Some(http::StatusCode::NOT_FOUND) => Cause::NoService(error).into(),
        _ => client_error(error),
    })
}

/// Apps of the account for an instance whose settings have no Application SID.
pub(super) struct Apps {
    /// The instance's app: it has the name that set-up gave it, or all its settings are correct.
    pub(super) own: Option<Application>,
    /// Other apps that receive the instance's calls or messages.
    pub(super) duplicates: Vec<ApplicationSid>,
}

pub(super) async fn applications(
    client: &Client,
    name: &str,
    wanted: &AppState,
    origin: &PublicOrigin,
) -> Result<Apps, SetupError> {
    let (mut named, mut right, mut duplicates) = (Vec::new(), Vec::new(), Vec::new());
    let mut listed = client.list(ListApplications::new().page_size(MAX_PAGE_SIZE));
    while let Some(app) = listed.next().await {
        let app = app.map_err(client_error)?;
        let state = AppState::of(&app);
        if state.points_at(origin) {
            duplicates.push(app.sid);
        }
        if is_named(&app, name) {
            named.push(app);
        } else if state.has_same_webhooks(&wanted.clone().keeping_instance_urls(&state, origin)) {
            right.push(app);
        }
    }
    // Overwriting another instance's app is worse than creating one too many.
    if named.len() > 1 {
        return Err(Cause::Account(
            "several TwiML Apps are named for this instance; set application_sid to the right one",
        )
        .into());
    }
    if named.is_empty() && right.len() > 1 {
        return Err(Cause::Account(
            "several TwiML Apps are set up for this instance; set application_sid to the right one",
        )
        .into());
    }
    let own = named.pop().or_else(|| right.pop());
    let own_sid = own.as_ref().map(|app| app.sid);
    duplicates.retain(|sid| Some(*sid) != own_sid);
    Ok(Apps { own, duplicates })
}

pub(super) fn is_named(app: &Application, name: &str) -> bool {
    let own = app.friendly_name.as_ref().map(Redacted::expose);
    own.is_some_and(|own| own == name)
}

/// Converts an error of the client. A missing permission becomes an error of its own.
pub(super) fn client_error(error: client::Error) -> SetupError {
    match error.status() {
        Some(http::StatusCode::FORBIDDEN) => Cause::Forbidden(error).into(),
        _ => error.into(),
    }
}
