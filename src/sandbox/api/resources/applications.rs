//! `Applications.json`: TwiML Apps.
//!
//! Source: <https://www.twilio.com/docs/usage/api/applications>

use http::Method;
use serde_json::{Value, json};

use super::voice_and_messaging::VOICE_AND_MESSAGING;
use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::form::Form;
use crate::sandbox::api::paging::{PageRequest, check_filters};
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::api::settings::{ResourceSchema, SettingSchema, SettingType};
use crate::sandbox::context::Context;
use crate::sandbox::state::{ResourceSettings, StoredApplication, rfc2822};
use crate::types::ApplicationSid;

const SCHEMA: ResourceSchema = ResourceSchema(&[
    VOICE_AND_MESSAGING,
    &[
        SettingSchema("SmsStatusCallback", "sms_status_callback", SettingType::Url),
        SettingSchema(
            "MessageStatusCallback",
            "message_status_callback",
            SettingType::Url,
        ),
        SettingSchema(
            "PublicApplicationConnectEnabled",
            "public_application_connect_enabled",
            SettingType::OffByDefault,
        ),
    ],
]);
/// Parameters that are accepted without effect.
const IGNORED: &[&str] = &["ApiVersion"];

/// Handles a request. `sid` is the path after `Applications`.
pub(in crate::sandbox::api) fn route(request: &ApiRequest<'_>, sid: Option<&str>) -> ApiResult {
    let context = request.context;
    let Some(sid) = sid else {
        return match request.method {
            Method::GET => list(request),
            Method::POST => {
                let app = create(context, &request.form)?;
                Ok(ApiResponse::created(render(context, &app)))
            }
            _ => Err(ApiError::method_not_allowed()),
        };
    };
    let app = ApplicationSid::parse(sid)
        .ok()
        .and_then(|sid| context.read(|state| state.application(sid).cloned()))
        .ok_or_else(|| request.not_found())?;
    match request.method {
        Method::GET => Ok(ApiResponse::ok(render(context, &app))),
        Method::POST => {
            let updated = update(context, &request.form, app.sid)?;
            let updated = updated.ok_or_else(|| request.not_found())?;
            Ok(ApiResponse::ok(render(context, &updated)))
        }
        Method::DELETE => {
            context.update(|state| state.applications.retain(|stored| stored.sid != app.sid));
            Ok(ApiResponse::no_content())
        }
        _ => Err(ApiError::method_not_allowed()),
    }
}

fn list(request: &ApiRequest<'_>) -> ApiResult {
    let context = request.context;
    check_filters(request, &["FriendlyName"])?;
    let (query, page) = (&request.query, PageRequest::read(request)?);
    let page = context.read(|state| {
        // Twilio lists the newest first.
        let found = state.applications.iter().rev().filter(|app| {
            let name = app.settings.get("FriendlyName").unwrap_or_default();
            query.matches("FriendlyName", name)
        });
        page.select(found, |app| app.sid.as_str())
    })?;
    Ok(page.render("applications", |app| render(context, app)))
}

/// Creates a TwiML App as an API request does.
pub(crate) fn add(context: &Context, fields: &[(&str, &str)]) -> Result<ApplicationSid, ApiError> {
    Ok(create(context, &Form::from_pairs(fields))?.sid)
}

/// Updates a TwiML App as an API request does. Returns `false` if it does not exist.
pub(crate) fn configure(
    context: &Context,
    sid: ApplicationSid,
    fields: &[(&str, &str)],
) -> Result<bool, ApiError> {
    Ok(update(context, &Form::from_pairs(fields), sid)?.is_some())
}

fn create(context: &Context, form: &Form) -> Result<StoredApplication, ApiError> {
    SCHEMA.check(context, form, IGNORED)?;
    ApiError::check_limit(context.read(|state| state.applications.len()))?;
    let mut settings = ResourceSettings::default();
    SCHEMA.apply(form, &mut settings);
    let now = context.now();
    let app = StoredApplication {
        sid: context.ids.sid("AP"),
        settings,
        date_created: now,
        date_updated: now,
    };
    context.update(|state| state.applications.push(app.clone()));
    Ok(app)
}

fn update(
    context: &Context,
    form: &Form,
    sid: ApplicationSid,
) -> Result<Option<StoredApplication>, ApiError> {
    SCHEMA.check(context, form, IGNORED)?;
    Ok(context.update(|state| {
        let app = state.applications.iter_mut().find(|app| app.sid == sid)?;
        SCHEMA.apply(form, &mut app.settings);
        app.date_updated = context.now();
        Some(app.clone())
    }))
}

fn render(context: &Context, app: &StoredApplication) -> Value {
    let (account, sid) = (context.account_sid, app.sid);
    let more = json!({
        "sid": sid,
        "account_sid": account,
        "api_version": "2010-04-01",
        "date_created": rfc2822(app.date_created),
        "date_updated": rfc2822(app.date_updated),
        "uri": format!("/2010-04-01/Accounts/{account}/Applications/{sid}.json"),
    });
    SCHEMA.to_json(&app.settings, more)
}
