//! `Accounts.json`, `Balance.json` and `v1/AuthTokens`.
//!
//! Source: <https://www.twilio.com/docs/iam/api/account>, <https://www.twilio.com/docs/usage/api>

use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::page::{check, page};
use super::{ApiError, Asked, Outcome};
use crate::sandbox::store::{World, rfc2822};

/// The one account, read.
pub(super) fn route(world: &World, asked: &Asked<'_>, sid: Option<&str>) -> Outcome {
    read_only(asked)?;
    match sid {
        Some(sid) if sid == world.account_sid.as_str() => Ok((StatusCode::OK, render(world))),
        Some(_) => Err(ApiError::not_found(asked.path)),
        None => {
            check(asked, &["FriendlyName", "Status"])?;
            let items = vec![render(world)];
            Ok((StatusCode::OK, page(asked, "accounts", items)?))
        }
    }
}

pub(super) fn balance(world: &World, asked: &Asked<'_>) -> Outcome {
    read_only(asked)?;
    let (balance, currency) = world.read(|state| state.account.balance.clone());
    let left = json!({
        "account_sid": world.account_sid,
        "balance": balance,
        "currency": currency,
    });
    Ok((StatusCode::OK, left))
}

fn read_only(asked: &Asked<'_>) -> Result<(), ApiError> {
    match asked.method {
        Method::GET => Ok(()),
        _ => Err(ApiError::wrong_method()),
    }
}

fn render(world: &World) -> Value {
    let sid = world.account_sid;
    let (status, kind) =
        world.read(|state| (state.account.status.clone(), state.account.kind.clone()));
    json!({
        "sid": sid,
        "owner_account_sid": sid,
        "auth_token": world.auth_token().expose(),
        "friendly_name": "The sandbox",
        "status": status,
        "type": kind,
        "date_created": rfc2822(world.started),
        "date_updated": rfc2822(world.started),
        "subresource_uris": {},
        "uri": format!("/2010-04-01/Accounts/{sid}.json"),
    })
}
