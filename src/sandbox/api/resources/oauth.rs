//! `v1/token` and `v2/token`: access tokens of OAuth apps.
//!
//! Source: <https://www.twilio.com/docs/iam/oauth-apps/oauth-access-token>

use std::time::Duration;

use http::Method;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::context::Context;
use crate::sandbox::state::AccessToken;
use crate::types::{ClientSecret, OauthAppSid};

/// Twilio's default lifetime of an access token.
const LIFETIME: Duration = Duration::from_secs(3600);

/// Parameters of a version of the API: grant type, ID and secret of the app, and those that client
/// credentials do not need.
struct Names([&'static str; 3], &'static [&'static str]);

/// Handles a request to version 1.
pub(in crate::sandbox::api) fn v1(request: &ApiRequest<'_>) -> ApiResult {
    const OTHER: &[&str] = &["Code", "RedirectUri", "Audience", "RefreshToken", "Scope"];
    let names = Names(["GrantType", "ClientId", "ClientSecret"], OTHER);
    grant(request, &names).map(|token| ApiResponse::created(render(&token)))
}

/// Handles a request to version 2.
pub(in crate::sandbox::api) fn v2(request: &ApiRequest<'_>) -> ApiResult {
    const OTHER: &[&str] = &["code", "redirect_uri", "audience", "refresh_token", "scope"];
    let names = Names(["grant_type", "client_id", "client_secret"], OTHER);
    grant(request, &names).map(|token| ApiResponse::ok(render(&token)))
}

/// Adds an OAuth app, and returns its credentials.
pub(crate) fn add_app(context: &Context) -> (OauthAppSid, ClientSecret) {
    let app = (context.ids.sid("OQ"), context.ids.client_secret());
    context.update(|state| state.account.oauth_apps.push(app.clone()));
    app
}

fn grant(request: &ApiRequest<'_>, names: &Names) -> Result<String, ApiError> {
    let Names([grant_type, client_id, client_secret], other) = names;
    if request.method != Method::POST {
        return Err(ApiError::method_not_allowed());
    }
    let form = &request.form;
    form.allow_only(&[&[*grant_type, *client_id, *client_secret][..], other].concat())?;
    match form.one(grant_type) {
        Some("client_credentials") => {}
        Some("authorization_code" | "refresh_token") => {
            return Err(ApiError::not_supported(
                "this grant; use client_credentials",
            ));
        }
        _ => {
            let message = format!("{grant_type} must be client_credentials");
            return Err(ApiError::bad_request(20001, message));
        }
    }
    let id = form.one(client_id).unwrap_or_default();
    let secret = Sha256::digest(form.one(client_secret).unwrap_or_default());
    let context = request.context;
    let known = context.read(|state| {
        let mut apps = state.account.oauth_apps.iter();
        // Compares hashes, so that the duration of a comparison reveals nothing about the secret.
        let found =
            apps.find(|(sid, own)| sid.as_str() == id && Sha256::digest(own.expose()) == secret);
        found.map(|(sid, _)| *sid)
    });
    let app = known.ok_or_else(ApiError::unauthorized)?;
    let token = format!("{}{}", context.ids.hex_digits(), context.ids.hex_digits());
    let now = context.now();
    context.update(|state| {
        let tokens = &mut state.account.access_tokens;
        // An expired token is kept for a while, so that a request with it learns that it expired.
        tokens.retain(|token| token.expires + LIFETIME > now);
        ApiError::check_limit(tokens.len())?;
        tokens.push(AccessToken {
            hash: Sha256::digest(&token).into(),
            app,
            expires: now + LIFETIME,
        });
        Ok(token)
    })
}

fn render(token: &str) -> serde_json::Value {
    json!({
        "access_token": token,
        "refresh_token": null,
        "id_token": null,
        "token_type": "Bearer",
        "expires_in": LIFETIME.as_secs(),
    })
}
