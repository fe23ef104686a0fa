//! `Messages/{Sid}/Media` and `Messages/{Sid}/Feedback`.
//!
//! Source: <https://www.twilio.com/docs/messaging/api/media-resource>,
//! <https://www.twilio.com/docs/messaging/api/message-feedback-resource>

use http::Method;
use serde_json::{Value, json};

use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::paging::{check_filters, page};
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::state::{MediaSource, StoredMedia, StoredMessage, rfc2822};
use crate::types::MediaSid;

pub(super) fn list(request: &ApiRequest<'_>, message: &StoredMessage) -> ApiResult {
    request.require_get()?;
    check_filters(request, &["DateCreated", "DateCreated<", "DateCreated>"])?;
    let created = request.query.date_filter("DateCreated")?;
    let media = message.media.iter();
    let items: Vec<Value> = media
        .filter(|media| created.admits(Some(media.date_created)))
        .map(|media| render(request, message, media))
        .collect();
    page(request, "media_list", &items)
}

pub(super) fn one(request: &ApiRequest<'_>, message: &StoredMessage, sid: &str) -> ApiResult {
    let media = find(message, sid).ok_or_else(|| request.not_found())?;
    match request.method {
        Method::GET => Ok(ApiResponse::ok(render(request, message, media))),
        Method::DELETE => {
            request.context.update(|state| {
                if let Some(stored) = state.message_mut(message.sid) {
                    stored.media.retain(|kept| kept.sid != media.sid);
                }
            });
            Ok(ApiResponse::no_content())
        }
        _ => Err(ApiError::method_not_allowed()),
    }
}

/// Returns the file itself: its bytes, or a redirect to its URL.
pub(super) fn file(request: &ApiRequest<'_>, message: &StoredMessage, sid: &str) -> ApiResult {
    request.require_get()?;
    let media = find(message, sid).ok_or_else(|| request.not_found())?;
    Ok(match &media.source {
        MediaSource::Url(url) => ApiResponse::redirect(url.clone()),
        MediaSource::Bytes(bytes) => ApiResponse::file(media.media_type.clone(), bytes.to_vec()),
    })
}

pub(super) fn feedback(request: &ApiRequest<'_>, message: &StoredMessage) -> ApiResult {
    if request.method != Method::POST {
        return Err(ApiError::method_not_allowed());
    }
    request.form.allow_only(&["Outcome"])?;
    let outcome = request.form.one("Outcome").unwrap_or("unconfirmed");
    if !matches!(outcome, "confirmed" | "unconfirmed") {
        let text = "Outcome must be confirmed or unconfirmed";
        return Err(ApiError::bad_request(20001, text));
    }
    let (account, now) = (request.context.account_sid, request.context.now());
    let sid = message.sid;
    Ok(ApiResponse::ok(json!({
        "account_sid": account,
        "message_sid": sid,
        "outcome": outcome,
        "date_created": rfc2822(now),
        "date_updated": rfc2822(now),
        "uri": format!("/2010-04-01/Accounts/{account}/Messages/{sid}/Feedback.json"),
    })))
}

fn find<'a>(message: &'a StoredMessage, sid: &str) -> Option<&'a StoredMedia> {
    let sid = MediaSid::parse(sid).ok()?;
    message.media.iter().find(|media| media.sid == sid)
}

fn render(request: &ApiRequest<'_>, message: &StoredMessage, media: &StoredMedia) -> Value {
    let account = request.context.account_sid;
    let (sid, parent) = (media.sid, message.sid);
    let date = rfc2822(media.date_created);
    json!({
        "sid": sid,
        "account_sid": account,
        "parent_sid": parent,
        "content_type": media.media_type,
        "date_created": date,
        "date_updated": date,
        "uri": format!("/2010-04-01/Accounts/{account}/Messages/{parent}/Media/{sid}.json"),
    })
}
