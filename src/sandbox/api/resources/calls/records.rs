//! `Calls/{sid}/Events.json` and `Calls/{sid}/Notifications.json`.
//!
//! Source: <https://www.twilio.com/docs/voice/api/call-event-resource>,
//! <https://www.twilio.com/docs/voice/api/call-notification-resource>

use serde_json::{Map, Value, json};

use crate::sandbox::api::paging::{PageRequest, check_filters, page};
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::ApiResult;
use crate::sandbox::state::{Alert, SentWebhook, StoredCall, WebhookKind, rfc2822};

/// Lists the webhooks of a call, oldest first.
pub(super) fn events(request: &ApiRequest<'_>, call: &StoredCall) -> ApiResult {
    request.require_get()?;
    check_filters(request, &[])?;
    // An event has no SID, so its serial number tells where a page begins.
    let events: Vec<(String, Value)> = request.context.read(|state| {
        let webhooks = state.webhooks.iter();
        webhooks
            .filter(|(_, webhook)| webhook.sid == call.sid.as_str())
            // A handshake is no webhook.
            .filter(|(_, webhook)| webhook.kind != WebhookKind::WebSocket)
            .map(|(serial, webhook)| (serial.to_string(), event(webhook)))
            .collect()
    });
    let page = PageRequest::read(request)?.select(events.iter(), |(serial, _)| serial)?;
    Ok(page.render("events", |(_, event)| event.clone()))
}

fn event(webhook: &SentWebhook) -> Value {
    let parameters = webhook.parameters.expose().iter();
    let parameters: Map<String, Value> = parameters
        .map(|(name, value)| (name.clone(), Value::from(value.as_str())))
        .collect();
    json!({
        "request": {
            "method": webhook.method.as_str(),
            "url": webhook.url.expose(),
            "parameters": parameters,
        },
        "response": { "response_code": webhook.status },
    })
}

/// Lists the alerts of a call, newest first.
pub(super) fn notifications(request: &ApiRequest<'_>, call: &StoredCall) -> ApiResult {
    request.require_get()?;
    check_filters(
        request,
        &["Log", "MessageDate", "MessageDate<", "MessageDate>"],
    )?;
    let dates = request.query.date_filter("MessageDate")?;
    let items: Vec<Value> = request.context.read(|state| {
        let alerts = state.alerts.iter().rev();
        alerts
            .filter(|(_, alert)| alert.resource_sid == call.sid.as_str())
            .filter(|(_, alert)| request.query.matches("Log", log_level(alert)))
            .filter(|(_, alert)| dates.admits(Some(alert.date_generated)))
            .map(|(_, alert)| notification(request, alert))
            .collect()
    });
    page(request, "notifications", &items)
}

/// Returns the value of `log`: `0` for an error, `1` for a warning.
fn log_level(alert: &Alert) -> &'static str {
    if alert.level == "warning" { "1" } else { "0" }
}

fn notification(request: &ApiRequest<'_>, alert: &Alert) -> Value {
    let account = request.context.account_sid.as_str();
    let about = alert.request.as_ref();
    let date = rfc2822(alert.date_generated);
    json!({
        "account_sid": account,
        "api_version": "2010-04-01",
        "call_sid": alert.resource_sid,
        "date_created": date,
        "date_updated": date,
        "error_code": alert.code.to_string(),
        "log": log_level(alert),
        "message_date": date,
        "message_text": alert.message,
        "more_info": format!("https://www.twilio.com/docs/errors/{}", alert.code),
        "request_method": about.map(|about| about.method.as_str()),
        "request_url": about.map(|about| about.url.expose()),
        "sid": alert.sid,
        "uri": format!(
            "/2010-04-01/Accounts/{account}/Calls/{}/Notifications/{}.json",
            alert.resource_sid, alert.sid
        ),
    })
}
