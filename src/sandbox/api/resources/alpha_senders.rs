//! `v1/Services/{Sid}/AlphaSenders`: the alphanumeric sender of a Messaging Service.
//!
//! Source: <https://www.twilio.com/docs/messaging/api/alphasender-resource>

use http::Method;
use serde_json::{Value, json};

use crate::phone::AlphanumericSender;
use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::paging::{check_filters, page_v1};
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::{ApiResponse, ApiResult};
use crate::sandbox::state::{PooledAlphaSender, StoredService, rfc3339};

/// Handles a request for the list.
pub(super) fn list_or_create(request: &ApiRequest<'_>, service: &StoredService) -> ApiResult {
    match request.method {
        Method::GET => {
            check_filters(request, &[])?;
            let items = service.alpha_sender.iter();
            let items = items.map(|sender| render(request, service, sender));
            page_v1(request, "alpha_senders", &items.collect::<Vec<_>>())
        }
        Method::POST => {
            let sender = create(request, service)?;
            Ok(ApiResponse::created(render(request, service, &sender)))
        }
        _ => Err(ApiError::method_not_allowed()),
    }
}

/// Adds an alphanumeric sender to the pool, which can have one.
fn create(
    request: &ApiRequest<'_>,
    service: &StoredService,
) -> Result<PooledAlphaSender, ApiError> {
    let context = request.context;
    request.form.allow_only(&["AlphaSender"])?;
    let name = request.form.one("AlphaSender");
    let name = name.ok_or_else(|| ApiError::bad_request(21708, "AlphaSender is required"))?;
    let name = AlphanumericSender::parse(name).map_err(|_| {
        let message = "AlphaSender must be 1 to 11 letters, digits, blanks or + - _ &, with at \
                       least one letter";
        ApiError::bad_request(21709, message)
    })?;
    if context.read(|state| state.account.tier == "Trial") {
        let message = "A trial account cannot use alphanumeric senders";
        return Err(ApiError::bad_request(21709, message));
    }
    let new = PooledAlphaSender {
        sid: context.ids.sid("AI"),
        name,
        date_created: context.now(),
    };
    context.update(|state| {
        let service = state.service_mut(service.sid);
        let service = service.ok_or_else(|| request.not_found())?;
        if service.alpha_sender.is_some() {
            let message = "The Messaging Service has an alpha sender already; delete it first";
            return Err(ApiError::bad_request(21714, message));
        }
        service.alpha_sender = Some(new.clone());
        Ok(new)
    })
}

/// Handles a request for the alphanumeric sender.
pub(super) fn one(request: &ApiRequest<'_>, service: &StoredService, sid: &str) -> ApiResult {
    let sender = service.alpha_sender.as_ref();
    let sender = sender.filter(|sender| sender.sid.as_str() == sid);
    let sender = sender.ok_or_else(|| request.not_found())?;
    match request.method {
        Method::GET => Ok(ApiResponse::ok(render(request, service, sender))),
        Method::DELETE => {
            request.context.update(|state| {
                if let Some(service) = state.service_mut(service.sid) {
                    service.alpha_sender = None;
                }
            });
            Ok(ApiResponse::no_content())
        }
        _ => Err(ApiError::method_not_allowed()),
    }
}

fn render(request: &ApiRequest<'_>, service: &StoredService, sender: &PooledAlphaSender) -> Value {
    let (service, sid) = (service.sid, sender.sid);
    json!({
        "sid": sid,
        "account_sid": request.context.account_sid,
        "service_sid": service,
        "alpha_sender": sender.name.as_str(),
        "capabilities": ["SMS"],
        "date_created": rfc3339(sender.date_created),
        "date_updated": rfc3339(sender.date_created),
        "url": format!("{}/v1/Services/{service}/AlphaSenders/{sid}", request.base_url),
    })
}
