//! `Keys.json`, `SigningKeys.json` and `v1/Keys`: API keys.
//!
//! Source: <https://www.twilio.com/docs/iam/api-keys/key-resource-v1>

use http::Method;
use serde_json::{Value, json};

use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::form::Form;
use crate::sandbox::api::paging::{check_filters, page, page_v1};
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::context::Context;
use crate::sandbox::state::{ApiKey, rfc2822};
use crate::types::ApiKeySid;

/// Handles a request for the keys of the 2010 API. `name` is the name of the list in responses:
/// every key of the sandbox is also a signing key.
pub(in crate::sandbox::api) fn list_or_create(request: &ApiRequest<'_>, name: &str) -> ApiResult {
    match request.method {
        Method::GET => {
            check_filters(request, &[])?;
            page(request, name, &rendered(request.context))
        }
        Method::POST => {
            request.form.allow_only(&["FriendlyName"])?;
            create(request)
        }
        _ => Err(ApiError::method_not_allowed()),
    }
}

/// Handles a request for the keys of `v1`, which names the account in a parameter.
pub(in crate::sandbox::api) fn v1(request: &ApiRequest<'_>) -> ApiResult {
    match request.method {
        Method::GET => {
            check_filters(request, &["AccountSid"])?;
            check_account(request, &request.query)?;
            page_v1(request, "keys", &rendered(request.context))
        }
        Method::POST => {
            let form = &request.form;
            form.allow_only(&["AccountSid", "FriendlyName", "KeyType", "Policy"])?;
            check_account(request, form)?;
            if form.one("KeyType").is_some() || form.one("Policy").is_some() {
                let what = "restricted keys over HTTP; use `Sandbox::add_restricted_key`";
                return Err(ApiError::not_supported(what));
            }
            create(request)
        }
        _ => Err(ApiError::method_not_allowed()),
    }
}

/// Handles a request for one key.
pub(in crate::sandbox::api) fn one(request: &ApiRequest<'_>, sid: &str) -> ApiResult {
    let context = request.context;
    let key = ApiKeySid::parse(sid)
        .ok()
        .and_then(|sid| {
            context.read(|state| {
                let mut keys = state.account.api_keys.iter();
                keys.find(|key| key.sid == sid).cloned()
            })
        })
        .ok_or_else(|| request.not_found())?;
    match request.method {
        Method::GET => Ok(ApiResponse::ok(render(&key))),
        Method::POST => update(request, key),
        Method::DELETE => {
            context.update(|state| {
                let account = &mut state.account;
                account.api_keys.retain(|stored| stored.sid != key.sid);
                account.key_restrictions.retain(|(sid, _)| *sid != key.sid);
            });
            Ok(ApiResponse::no_content())
        }
        _ => Err(ApiError::method_not_allowed()),
    }
}

/// Adds a key to the account.
pub(crate) fn add(context: &Context, friendly_name: &str) -> ApiKey {
    let now = context.now();
    let key = ApiKey {
        sid: context.ids.sid("SK"),
        secret: context.ids.api_key_secret(),
        friendly_name: friendly_name.to_owned(),
        date_created: now,
        date_updated: now,
    };
    context.update(|state| state.account.api_keys.push(key.clone()));
    key
}

fn create(request: &ApiRequest<'_>) -> ApiResult {
    let name = request.form.friendly_name()?.unwrap_or_default();
    ApiError::check_limit(request.context.read(|state| state.account.api_keys.len()))?;
    let key = add(request.context, name);
    let mut body = render(&key);
    if let Some(fields) = body.as_object_mut() {
        // Only this response contains the secret.
        fields.insert("secret".to_owned(), json!(key.secret.expose()));
    }
    Ok(ApiResponse::created(body))
}

fn update(request: &ApiRequest<'_>, mut key: ApiKey) -> ApiResult {
    let context = request.context;
    request.form.allow_only(&["FriendlyName"])?;
    if let Some(name) = request.form.friendly_name()? {
        name.clone_into(&mut key.friendly_name);
    }
    key.date_updated = context.now();
    context.update(|state| {
        let mut keys = state.account.api_keys.iter_mut();
        if let Some(stored) = keys.find(|stored| stored.sid == key.sid) {
            *stored = key.clone();
        }
    });
    Ok(ApiResponse::ok(render(&key)))
}

fn check_account(request: &ApiRequest<'_>, form: &Form) -> Result<(), ApiError> {
    match form.one("AccountSid") {
        Some(sid) if request.is_own_account(sid) => Ok(()),
        Some(_) => Err(ApiError::bad_request(21471, "Account does not exist")),
        None => Err(ApiError::bad_request(20001, "AccountSid is required")),
    }
}

fn rendered(context: &Context) -> Vec<Value> {
    context.read(|state| state.account.api_keys.iter().rev().map(render).collect())
}

fn render(key: &ApiKey) -> Value {
    json!({
        "sid": key.sid,
        "friendly_name": key.friendly_name,
        "date_created": rfc2822(key.date_created),
        "date_updated": rfc2822(key.date_updated),
    })
}
