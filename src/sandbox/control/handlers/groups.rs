//! `groups` and `events/{id}`: the timeline.

use std::time::Duration;

use serde::Deserialize;
use tokio::time::timeout;

use super::page::limit_of;
use crate::sandbox::control::error::ControlError;
use crate::sandbox::control::reply::{Handled, Reply};
use crate::sandbox::control::request::ControlRequest;
use crate::sandbox::control::views::event::{EventView, Reasons};
use crate::sandbox::control::views::group::GroupView;
use crate::sandbox::state::{EventId, WebhookKind};
use crate::sandbox::webhooks;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    limit: Option<usize>,
    /// Id of a group; older ones are listed.
    before: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AgainInput {
    #[serde(default)]
    forged: bool,
}

/// Time in which a webhook that is sent again is in the log, and usually answered.
const SENT: Duration = Duration::from_secs(2);

pub(in crate::sandbox::control) fn list(request: &ControlRequest) -> Handled {
    let ListQuery { limit, before } = request.query()?;
    let limit = limit_of(limit)?;
    let groups: Vec<GroupView> = request.context().read(|state| {
        let reasons = Reasons::new(state);
        let newest = state.timeline.groups().rev();
        newest
            .filter(|group| before.is_none_or(|before| group.id.0 < before))
            .take(limit)
            .map(|group| GroupView::new(state, &reasons, &request.base_url, group))
            .collect()
    });
    Reply::ok(&groups)
}

pub(in crate::sandbox::control) fn show_event(request: &ControlRequest) -> Handled {
    request.no_query()?;
    let id = EventId::parse(request.path_value());
    let view = id.and_then(|id| {
        request
            .context()
            .read(|state| EventView::new(state, &Reasons::new(state), &request.base_url, id))
    });
    Reply::ok(&view.ok_or_else(unknown_event)?)
}

fn unknown_event() -> ControlError {
    let message = "no event has this id; `GET /_sandbox/groups` lists them, and the oldest are \
                   removed";
    ControlError::not_found("unknown_event", message)
}

/// Sends a webhook again. Its response has no effect.
pub(in crate::sandbox::control) async fn send_again(request: &ControlRequest) -> Handled {
    request.no_query()?;
    let AgainInput { forged } = request.json()?;
    let context = request.context();
    let serial = match EventId::parse(request.path_value()) {
        Some(EventId::Webhook(serial)) => serial,
        Some(EventId::Request(_)) => {
            let message = "a request to the API cannot be sent again; its client can repeat it";
            return Err(ControlError::conflict("not_a_webhook", message));
        }
        None => return Err(unknown_event()),
    };
    let (sent, next) = context.read(|state| {
        let sent = state.webhooks.get(serial).cloned();
        (sent, state.webhooks.next_serial())
    });
    let sent = sent.ok_or_else(unknown_event)?;
    if sent.kind == WebhookKind::WebSocket {
        let message = "the handshake of a WebSocket cannot be sent again; start the call again";
        return Err(ControlError::conflict("not_a_webhook", message));
    }
    let answered = webhooks::send_again(context, &sent, forged);
    // Cut short by an application that does not answer: the event then has no status yet.
    let _ = timeout(SENT, answered).await;
    let view = context.read(|state| {
        let mut newer = state.webhooks.iter().rev();
        let again = newer.find(|(serial, webhook)| {
            *serial >= next && webhook.kind == sent.kind && webhook.sid == sent.sid
        });
        let (serial, _) = again?;
        let id = EventId::Webhook(serial);
        EventView::new(state, &Reasons::new(state), &request.base_url, id)
    });
    Reply::accepted(&view.ok_or_else(|| {
        let message = "the webhook could not be sent again; its URL leads to another machine, or a \
                       reset came first";
        ControlError::conflict("not_sent", message)
    })?)
}
