//! Requests to the application: the first instructions, `<Redirect>`, and `action` URLs.

use reqwest::Url;

use super::active_call::ActiveCall;
use super::step::Step;
use crate::sandbox::state::{Document, Instructions, WebhookKind, WebhookTarget};
use crate::sandbox::webhooks::{self, FormFields};
use crate::twiml::Node;
use crate::types::Method;

/// Documents that one call may lead through. Twilio itself ends a call that runs in circles only
/// after hours.
const DOCUMENT_LIMIT: u32 = 100;

impl ActiveCall {
    /// Finds the document of some instructions.
    pub(super) async fn fetch(&mut self, instructions: Instructions) -> Step {
        match instructions {
            Instructions::Inline(document) => Step::Run(document),
            Instructions::Webhook { target, fallback } => {
                self.fallback = fallback;
                self.request(WebhookKind::Voice, &target, FormFields::new())
                    .await
            }
        }
    }

    /// Requests the `action` of a verb, by default the document's own URL.
    pub(super) async fn request_action(
        &mut self,
        kind: WebhookKind,
        verb: &Node,
        base: Option<&Url>,
        fields: FormFields,
    ) -> Step {
        match self.target(verb.attribute("action"), verb, base) {
            Some(target) => self.request(kind, &target, fields).await,
            None => Step::End,
        }
    }

    /// Target that a verb names, by default the document's own URL.
    pub(super) fn target(
        &self,
        url: Option<&str>,
        verb: &Node,
        base: Option<&Url>,
    ) -> Option<WebhookTarget> {
        let url = match (url.map(str::trim), base) {
            (None, base) => base.cloned(),
            (Some(url), Some(base)) => base.join(url).ok(),
            (Some(url), None) => webhooks::parse_url(url),
        };
        if url.is_none() {
            self.alert(
                11100,
                "a verb names no usable URL; in TwiML given to the API it must be absolute",
            );
        }
        let method = match verb.attribute("method") {
            Some("GET") => Method::Get,
            _ => Method::Post,
        };
        url.map(|url| WebhookTarget::new(url.as_str(), method))
    }

    /// Requests the next document.
    pub(super) async fn request(
        &mut self,
        kind: WebhookKind,
        target: &WebhookTarget,
        more: FormFields,
    ) -> Step {
        self.documents += 1;
        if self.documents > DOCUMENT_LIMIT {
            self.alert(
                12400,
                "the sandbox ended a call after 100 documents: does its TwiML run in circles?",
            );
            return Step::End;
        }
        let mut fields = self.fields();
        fields.extend(more);
        let fallback = self.fallback.clone();
        let (context, sid) = (&self.context, self.sid.as_str());
        let document =
            webhooks::fetch_document(context, kind, sid, target, fallback.as_ref(), fields).await;
        if let Some(step) = self.interruption() {
            return step;
        }
        match document {
            Some(Document::Empty) => {
                self.alert(11770, "a voice webhook was answered with an empty body");
                Step::End
            }
            Some(document) => Step::Run(document),
            None => {
                self.push_audio("An application error has occurred. Goodbye.".to_owned());
                Step::End
            }
        }
    }
}
