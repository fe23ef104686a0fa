//! A number of the account.

use serde::Serialize;

use crate::sandbox::state::{RouteCandidate, RouteSource, State, StoredNumber};
use crate::types::{MessagingServiceSid, PhoneNumberSid};

#[derive(Serialize)]
pub(in crate::sandbox::control) struct NumberView {
    number: String,
    sid: PhoneNumberSid,
    name: String,
    /// Messaging Service whose sender pool contains the number.
    service: Option<MessagingServiceSid>,
    country: String,
    /// Where texts, calls and status callbacks of calls go.
    sms: RouteView,
    voice: RouteView,
    status: RouteView,
}

/// URLs that may receive something, in Twilio's order of precedence.
#[derive(Serialize)]
struct RouteView {
    candidates: Vec<CandidateView>,
}

#[derive(Serialize)]
struct CandidateView {
    /// Owner of the URL: `number`, or an application or service with its SID.
    source: String,
    /// Empty if the owner has no such URL.
    url: String,
    method: &'static str,
    /// Reason for which the URL receives nothing.
    reason: Option<&'static str>,
    wins: bool,
}

impl RouteView {
    fn new(candidates: Vec<RouteCandidate>) -> Self {
        let candidates = candidates.into_iter();
        Self {
            candidates: candidates.map(CandidateView::new).collect(),
        }
    }
}

impl CandidateView {
    fn new(candidate: RouteCandidate) -> Self {
        let target = candidate.target;
        Self {
            source: match candidate.source {
                RouteSource::Service(sid) => format!("service {sid}"),
                RouteSource::Application(sid) => format!("application {sid}"),
                RouteSource::Number => "number".to_owned(),
            },
            method: target.as_ref().map_or("POST", |it| it.method.as_str()),
            url: target.map_or_else(String::new, |it| it.url.into_inner()),
            reason: candidate.reason,
            wins: candidate.reason.is_none(),
        }
    }
}

impl NumberView {
    pub(in crate::sandbox::control) fn new(state: &State, number: &StoredNumber) -> Self {
        Self {
            number: number.number.as_str().to_owned(),
            sid: number.sid,
            name: number
                .setting("FriendlyName")
                .unwrap_or_default()
                .to_owned(),
            service: state.service_of(number.sid).map(|service| service.sid),
            country: number.country(),
            sms: RouteView::new(state.text_routes(number)),
            voice: RouteView::new(state.call_routes(number)),
            status: RouteView::new(state.status_routes(number)),
        }
    }
}
