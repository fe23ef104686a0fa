//! `v1/AuthTokens`: rotation of the auth token.
//!
//! Source: <https://www.twilio.com/docs/iam/api/authtoken>

use http::Method;
use serde_json::{Map, Value, json};

use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::context::Context;
use crate::sandbox::state::rfc3339;
use crate::types::AuthToken;

/// Handles a request for the secondary token.
pub(in crate::sandbox::api) fn secondary(request: &ApiRequest<'_>) -> ApiResult {
    let context = request.context;
    match request.method {
        Method::POST => {
            request.form.allow_only(&[])?;
            let token = add_secondary(context);
            let body = render(request, "secondary_auth_token", &token);
            Ok(ApiResponse::created(body))
        }
        Method::DELETE if remove_secondary(context) => Ok(ApiResponse::no_content()),
        Method::DELETE => Err(request.not_found()),
        _ => Err(ApiError::method_not_allowed()),
    }
}

/// Handles a request to promote the secondary token.
pub(in crate::sandbox::api) fn promotion(request: &ApiRequest<'_>) -> ApiResult {
    if request.method != Method::POST {
        return Err(ApiError::method_not_allowed());
    }
    request.form.allow_only(&[])?;
    let promoted = promote(request.context);
    let promoted = promoted.ok_or_else(|| request.not_found())?;
    Ok(ApiResponse::ok(render(request, "auth_token", &promoted)))
}

/// Creates a secondary token, which replaces an earlier one.
pub(crate) fn add_secondary(context: &Context) -> AuthToken {
    let token = context.ids.auth_token();
    context.update(|state| {
        state.account.secondary_token = Some(token.clone());
        let created = ("account-auth-token.secondary-created", context.now());
        state.account.events.push(created, state.history_limit);
    });
    token
}

/// Deletes the secondary token. Returns `false` if there is none.
pub(crate) fn remove_secondary(context: &Context) -> bool {
    context.update(|state| {
        if state.account.secondary_token.take().is_none() {
            return false;
        }
        let deleted = ("account-auth-token.secondary-deleted", context.now());
        state.account.events.push(deleted, state.history_limit);
        true
    })
}

/// Promotes the secondary token. Returns `None` if there is none.
pub(crate) fn promote(context: &Context) -> Option<AuthToken> {
    context.update(|state| {
        let token = state.account.secondary_token.take()?;
        context.promote_auth_token(token.clone());
        let promoted = ("account-auth-token.promoted", context.now());
        state.account.events.push(promoted, state.history_limit);
        Some(token)
    })
}

fn render(request: &ApiRequest<'_>, name: &str, token: &AuthToken) -> Value {
    let context = request.context;
    let now = json!(rfc3339(context.now()));
    let url = format!("{}{}", request.base_url, request.path);
    let fields = [
        ("account_sid", json!(context.account_sid)),
        ("date_created", now.clone()),
        ("date_updated", now),
        (name, json!(token.expose())),
        ("url", json!(url)),
    ];
    let fields = fields.map(|(name, value)| (name.to_owned(), value));
    fields.into_iter().collect::<Map<_, _>>().into()
}
