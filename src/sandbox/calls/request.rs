//! Requests to the application: the first instructions, `<Redirect>`, and `action` URLs.

use reqwest::Url;

use super::active_call::ActiveCall;
use super::purpose::Purpose;
use super::step::Step;
use crate::sandbox::state::{Document, Instructions, TranscriptAction, WebhookKind, WebhookTarget};
use crate::sandbox::webhooks::{self, FormFields};
use crate::twiml::Node;
use crate::types::Method;

/// Limit for the documents of one call. Twilio ends a call with a loop of documents only after
/// hours.
const DOCUMENT_LIMIT: u32 = 100;

impl ActiveCall {
    /// Returns the document of some instructions, fetched if necessary.
    pub(super) async fn fetch(&mut self, instructions: Instructions) -> Step {
        match instructions {
            Instructions::Inline(document) => {
                webhooks::warn(
                    &self.context,
                    WebhookKind::Voice,
                    self.sid.as_str(),
                    &document,
                );
                Step::Run(document)
            }
            Instructions::Webhook { target, fallback } => {
                self.fallback = fallback;
                let more = std::mem::take(&mut self.first_fields);
                self.request(WebhookKind::Voice, &target, more).await
            }
        }
    }

    /// Requests the `action` of a verb. Default: the document's own URL.
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

    /// Returns the URL and method that a verb names. Default URL: the document's own.
    pub(super) fn target(
        &self,
        url: Option<&str>,
        verb: &Node,
        base: Option<&Url>,
    ) -> Option<WebhookTarget> {
        self.target_of(url, verb.attribute("method"), base)
    }

    /// Returns the URL and method of two attributes.
    pub(super) fn target_of(
        &self,
        url: Option<&str>,
        method: Option<&str>,
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
                "a verb contains no valid URL; TwiML in an API request needs absolute URLs",
            );
        }
        let method = match method {
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
        // Music repeats by the clock, so a loop of it comes to an end.
        self.documents += u32::from(!self.purpose.is_music());
        if self.documents > DOCUMENT_LIMIT {
            self.alert(
                12400,
                "the sandbox ended the call after 100 documents; check its TwiML for a loop",
            );
            return Step::End;
        }
        let mut fields = self.fields();
        fields.extend(more);
        let fallback = self.fallback.clone();
        let (context, sid) = (&self.context, self.sid.as_str());
        let document =
            webhooks::fetch_document(context, kind, sid, target, fallback.as_ref(), fields).await;
        // A hang-up or a redirect during the request makes its response irrelevant.
        if let Some(step) = self.interruption() {
            return step;
        }
        match document {
            // A phone that is asked before it is connected needs no TwiML to accept the call, and
            // silence is music too.
            Some(Document::Empty) if self.purpose != Purpose::Call => Step::NextVerb,
            Some(Document::Empty) => {
                self.alert(11770, "a voice webhook was answered with an empty body");
                Step::End
            }
            Some(document) => Step::Run(document),
            None if self.purpose.waits() => Step::Failed,
            None => self.apologize(),
        }
    }

    /// Runs the fallback URL after a failure of a verb. Without one, Twilio says a sentence to the
    /// caller and ends the call.
    pub(super) async fn fall_back(&mut self, code: u32, url: &Url) -> Step {
        if self.purpose.waits() {
            return Step::Failed;
        }
        // Taken, so that a failure of the fallback's own document ends the call.
        let Some(fallback) = self.fallback.take() else {
            return self.apologize();
        };
        let mut fields = FormFields::new();
        fields.push("ErrorCode", code.to_string());
        fields.push("ErrorUrl", url.as_str());
        self.request(WebhookKind::Voice, &fallback, fields).await
    }

    fn apologize(&self) -> Step {
        let text = "An application error has occurred. Goodbye.".to_owned();
        self.play_by(None, TranscriptAction::Speech, text);
        Step::End
    }
}
