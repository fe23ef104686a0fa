//! Announcements of the REST API in a conference.

use std::sync::Arc;

use reqwest::Url;

use super::events::report;
use crate::sandbox::calls::purpose::Purpose;
use crate::sandbox::calls::speak::announced;
use crate::sandbox::context::Context;
use crate::sandbox::state::{
    Document, Participant, Sound, TranscriptAction, WebhookKind, WebhookTarget,
};
use crate::sandbox::webhooks::{self, FormFields};
use crate::twiml::Node;
use crate::types::{CallSid, ConferenceSid, Method};
use crate::webhook::ConferenceStatusEvent as Event;

/// Documents of one announcement, so that a loop of `<Redirect>`s ends.
const DOCUMENT_LIMIT: u32 = 10;

/// Announces a document to everyone in a conference.
pub(crate) fn announce_to_all(context: &Arc<Context>, sid: ConferenceSid, target: WebhookTarget) {
    announce(context, sid, target, None);
}

/// Announces a document to one participant.
pub(crate) fn announce_to_one(
    context: &Arc<Context>,
    sid: ConferenceSid,
    target: WebhookTarget,
    participant: Participant,
) {
    announce(context, sid, target, Some(participant));
}

fn announce(
    context: &Arc<Context>,
    sid: ConferenceSid,
    target: WebhookTarget,
    participant: Option<Participant>,
) {
    let context_of_task = Arc::clone(context);
    context.spawn(|activity| async move {
        let context = context_of_task;
        let only = participant.as_ref().map(|participant| participant.call_sid);
        let was_played = play(&context, sid, &target, only).await;
        let mut more = FormFields::new();
        more.push("AnnounceUrl", target.url.expose().as_str());
        let event = if was_played {
            Event::AnnouncementEnd
        } else {
            more.push(
                "ReasonAnnouncementFailed",
                "the document could not be fetched",
            );
            Event::AnnouncementFail
        };
        report(&context, sid, &event, participant.as_ref(), more);
        drop(activity);
    });
}

/// Fetches documents and plays them. Returns `false` if one is unusable.
async fn play(
    context: &Arc<Context>,
    sid: ConferenceSid,
    target: &WebhookTarget,
    only: Option<CallSid>,
) -> bool {
    let mut target = target.clone();
    for _ in 0..DOCUMENT_LIMIT {
        let mut fields = FormFields::new();
        fields.push("AccountSid", context.account_sid.as_str());
        fields.push("ConferenceSid", sid.as_str());
        if let Some(call) = only {
            fields.push("CallSid", call.as_str());
        }
        let kind = WebhookKind::ConferenceAnnouncement;
        let document =
            webhooks::fetch_document(context, kind, sid.as_str(), &target, None, fields).await;
        match document {
            Some(Document::Twiml { root, url }) => {
                match play_document(context, sid, &root, url.as_ref(), only).await {
                    Ok(Some(next)) => target = next,
                    Ok(None) => return true,
                    Err(Unplayable) => return false,
                }
            }
            Some(Document::Text(text)) => {
                let sound = Sound::of_application(TranscriptAction::Speech, text);
                push(context, sid, &sound, only);
                return true;
            }
            Some(Document::Audio(url)) => {
                let sound = Sound::of_application(TranscriptAction::Audio, url.into());
                push(context, sid, &sound, only);
                return true;
            }
            Some(Document::Empty) => return true,
            None => return false,
        }
    }
    true
}

/// Plays the verbs of a document. Returns the document to which it redirects.
async fn play_document(
    context: &Context,
    sid: ConferenceSid,
    root: &Node,
    base: Option<&Url>,
    only: Option<CallSid>,
) -> Result<Option<WebhookTarget>, Unplayable> {
    for verb in root.children() {
        if verb.name() == "Redirect" {
            let text = verb.text();
            let url = base.map_or_else(|| Url::parse(text.trim()), |base| base.join(text.trim()));
            let method = match verb.attribute("method") {
                Some("GET") => Method::Get,
                _ => Method::Post,
            };
            return Ok(url.ok().map(|url| WebhookTarget::new(url.as_str(), method)));
        }
        if !Purpose::Conference.permits(verb.name()) {
            let refusal = Purpose::Conference.refusal(verb.name());
            context.alert(refusal.code, refusal.message, sid.as_str());
        } else if let Some((sound, url)) = announced(verb, base) {
            if let Some(url) = url {
                let fetched = webhooks::fetch_audio(context, sid.as_str(), &url, 13420).await;
                fetched.map_err(|_| Unplayable)?;
            }
            push(context, sid, &sound, only);
        }
    }
    Ok(None)
}

/// A file cannot be played.
struct Unplayable;

/// Adds a sound to the calls that hear the announcement.
fn push(context: &Context, sid: ConferenceSid, sound: &Sound, only: Option<CallSid>) {
    let audience: Vec<CallSid> = context
        .read(|state| {
            let conference = state.conferences.get(sid)?;
            Some(match only {
                Some(call) => conference
                    .participant(call)
                    .map(|p| p.call_sid)
                    .into_iter()
                    .collect(),
                None => conference.audience().collect(),
            })
        })
        .unwrap_or_default();
    context.play_to(&audience, sound);
}
