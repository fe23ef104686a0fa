//! Authenticates a request, and checks the permissions of its API key.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use http::header::HeaderValue;
use sha2::{Digest as _, Sha256};

use super::error::ApiError;
use crate::sandbox::context::Context;
use crate::sandbox::state::Account;
use crate::types::{AccountSid, ApiKeySid, OauthAppSid};

/// Owner of the credentials in a request.
#[derive(Clone, Copy)]
enum Principal {
    /// The account, authenticated with one of its auth tokens.
    Account,
    /// A subaccount, which has no other resource than itself.
    Subaccount(AccountSid),
    ApiKey(ApiKeySid),
    /// An OAuth app, authenticated with an access token.
    App(OauthAppSid),
}

/// Paths that an API key or access token may not request. Twilio requires an auth token or a main key
/// for them, and the sandbox has no main keys.
const AUTH_TOKEN_ONLY: [&str; 3] = ["/Keys", "/SigningKeys", "/AuthTokens"];

/// Checks the credentials of a request and their permission for its path.
pub(super) fn authorize(
    context: &Context,
    header: Option<&HeaderValue>,
    path: &str,
) -> Result<(), ApiError> {
    let principal = match bearer_token(header) {
        Some(token) => Principal::App(check_access_token(context, token)?),
        None => authenticate(context, header).ok_or_else(ApiError::unauthorized)?,
    };
    match principal {
        Principal::Account => return Ok(()),
        Principal::Subaccount(sid) if path == account_path(sid) => return Ok(()),
        Principal::Subaccount(_) => {
            return Err(ApiError::not_supported("this resource of subaccounts"));
        }
        Principal::ApiKey(_) | Principal::App(_) => {}
    }
    let is_account = path == "/2010-04-01/Accounts.json"
        || path.starts_with("/2010-04-01/Accounts/") && path.split('/').count() == 4;
    if is_account || AUTH_TOKEN_ONLY.iter().any(|part| path.contains(part)) {
        return Err(ApiError::unauthorized());
    }
    if context.read(|state| is_restricted(&state.account, principal, path)) {
        let message = "The API key or access token has no permission for this path";
        return Err(ApiError::new(StatusCode::FORBIDDEN, 20003, message));
    }
    Ok(())
}

/// Reports whether a key or an OAuth app has no permission for a path.
fn is_restricted(account: &Account, principal: Principal, path: &str) -> bool {
    let (keys, apps) = (&account.key_restrictions, &account.app_restrictions);
    match principal {
        Principal::ApiKey(key) => keys
            .iter()
            .any(|(sid, part)| *sid == key && path.contains(part)),
        Principal::App(app) => apps
            .iter()
            .any(|(sid, part)| *sid == app && path.contains(part)),
        Principal::Account | Principal::Subaccount(_) => false,
    }
}

fn account_path(sid: AccountSid) -> String {
    format!("/2010-04-01/Accounts/{sid}.json")
}

/// Reports whether a path grants access tokens. Such a request has the credentials of an OAuth app
/// in its form.
pub(super) fn grants_access_tokens(path: &str) -> bool {
    matches!(path, "/v1/token" | "/v2/token")
}

fn bearer_token(header: Option<&HeaderValue>) -> Option<&str> {
    header?.to_str().ok()?.strip_prefix("Bearer ")
}

/// Returns the OAuth app of an access token that is still valid.
fn check_access_token(context: &Context, token: &str) -> Result<OauthAppSid, ApiError> {
    let hash: [u8; 32] = Sha256::digest(token.trim()).into();
    let granted = context.read(|state| {
        let mut tokens = state.account.access_tokens.iter();
        let found = tokens.find(|granted| granted.hash == hash);
        found.map(|granted| (granted.app, granted.expires))
    });
    match granted {
        Some((app, expires)) if context.now() < expires => Ok(app),
        Some(_) => {
            let message = "Access Token expired or expiration date invalid";
            Err(ApiError::new(StatusCode::UNAUTHORIZED, 20104, message))
        }
        None => Err(ApiError::unauthorized()),
    }
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
        let mut subaccounts = state.account.subaccounts.iter();
        if let Some(found) = subaccounts.find(|sub| {
            user == sub.sid.as_str() && sub.status == "active" && matches(sub.auth_token.expose())
        }) {
            return Some(Principal::Subaccount(found.sid));
        }
        let mut keys = state.account.api_keys.iter();
        keys.find(|key| user == key.sid.as_str() && matches(key.secret.expose()))
            .map(|key| Principal::ApiKey(key.sid))
    })
}
