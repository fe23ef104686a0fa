//! Requests to the application: the first instructions, `<Redirect>`, and `action` URLs.

use std::time::Duration;

use reqwest::Url;

use super::active_call::ActiveCall;
use super::purpose::Purpose;
use super::step::Step;
use crate::sandbox::state::{Document, Instructions, TranscriptAction, WebhookKind, WebhookTarget};
use crate::sandbox::webhooks::{self, FormFields};
use crate::twiml::Node;
use crate::types::Method;

/// Documents without input of the person, after which the sandbox takes them for a loop.
const LOOP: u32 = 100;

/// Shortest time between two documents of a loop. Twilio runs a loop until the time limit of the
/// call, and so does the sandbox, with fewer requests.
const LOOP_TIME: Duration = Duration::from_secs(5);

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
        if !self.purpose.is_music() {
            self.documents += 1;
            if self.documents > LOOP
                && let Some(step) = self.pace_loop().await
            {
                return step;
            }
            self.document_at = self.reading();
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

    /// Lets time pass before the next document of a loop, so that the time limit of the call ends it.
    /// Returns the next step if the loop has ended.
    async fn pace_loop(&mut self) -> Option<Step> {
        let since_last = self.reading().saturating_sub(self.document_at);
        let passed = self.pass(LOOP_TIME.saturating_sub(since_last), false).await;
        // An inbound call that was never answered has no timer of its own.
        let is_over = self.time_left().is_zero();
        passed.interruption().or(is_over.then_some(Step::End))
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
