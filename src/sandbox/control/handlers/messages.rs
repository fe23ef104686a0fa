//! `messages`: those of all phones.

use serde::Deserialize;

use super::page::limit_of;
use crate::phone::Address;
use crate::sandbox::control::reply::{Handled, Reply};
use crate::sandbox::control::request::ControlRequest;
use crate::sandbox::control::views::message::{MessageView, Place};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    to: Option<String>,
    from: Option<String>,
    limit: Option<usize>,
}

pub(in crate::sandbox::control) fn list(request: &ControlRequest) -> Handled {
    let ListQuery { to, from, limit } = request.query()?;
    let limit = limit_of(limit)?;
    let (to, from) = (
        to.map(|to| Address::parse(&to)),
        from.map(|from| Address::parse(&from)),
    );
    let account = request.context().account_sid;
    let messages: Vec<MessageView> = request.context().read(|state| {
        let place = Place {
            state,
            base_url: &request.base_url,
            account,
        };
        let newest = state.messages.iter().rev();
        newest
            .filter(|message| to.as_ref().is_none_or(|to| message.to == *to))
            .filter(|message| from.is_none() || message.from == from)
            .take(limit)
            .map(|message| MessageView::new(place, message))
            .collect()
    });
    Reply::ok(&messages)
}
