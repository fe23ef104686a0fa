//! Authenticates a request, and checks the permissions of its API key.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use http::header::HeaderValue;
use sha2::{Digest as _, Sha256};

use super::error::ApiError;
use crate::sandbox::context::Context;
use crate::types::ApiKeySid;

/// Owner of the credentials in a request.
#[derive(Clone, Copy)]
enum Principal {
    /// The account, authenticated with one of its auth tokens.
    Account,
    ApiKey(ApiKeySid),
}

/// Checks the credentials of a request and their permission for its path.
pub(super) fn authorize(
    context: &Context,
    header: Option<&HeaderValue>,
    path: &str,
) -> Result<(), ApiError> {
    let principal = authenticate(context, header).ok_or_else(ApiError::unauthorized)?;
    let rejected = context.read(|state| {
        let paths = &state.account.rejected_paths;
        let found = paths.iter().find(|(part, _)| path.contains(*part));
        found.map(|(_, answer)| *answer)
    });
    if let Some((status, code)) = rejected {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::FORBIDDEN);
        return Err(ApiError::new(
            status,
            code,
            "The test rejects requests with this path",
        ));
    }
    let Principal::ApiKey(key) = principal else {
        return Ok(());
    };
    let account = format!("/2010-04-01/Accounts/{}.json", context.account_sid);
    if path == account || path == "/2010-04-01/Accounts.json" {
        // Twilio requires an auth token or a main key here. The sandbox has no main keys.
        return Err(ApiError::unauthorized());
    }
    let restricted = context.read(|state| {
        let mut restrictions = state.account.key_restrictions.iter();
        restrictions.any(|(sid, part)| *sid == key && path.contains(part))
    });
    if restricted {
        let message = "The API key has no permission for this path";
        return Err(ApiError::new(StatusCode::FORBIDDEN, 20003, message));
    }
    Ok(())
}

fn authenticate(context: &Context, header: Option<&HeaderValue>) -> Option<Principal> {
    let given = header
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Basic "))
        .and_then(|value| STANDARD.decode(value.trim()).ok())?;
    let given = String::from_utf8(given).ok()?;
    let (user, password) = given.split_once(':')?;
    // Compares hashes, so that the duration of a comparison reveals nothing about the secret.
    let password_hash = Sha256::digest(password);
    let matches = |secret: &str| Sha256::digest(secret) == password_hash;
    context.read(|state| {
        let secondary = state.account.secondary_token.as_ref();
        let mut tokens = secondary.into_iter().chain([context.auth_token()]);
        if user == context.account_sid.as_str() && tokens.any(|token| matches(token.expose())) {
            return Some(Principal::Account);
        }
        let mut keys = state.account.api_keys.iter();
        keys.find(|(sid, secret)| user == sid.as_str() && matches(secret.expose()))
            .map(|(sid, _)| Principal::ApiKey(*sid))
    })
}
