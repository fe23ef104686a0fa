//! Runs the TwiML of a call, verb by verb. Nothing is waited for: pauses are counted.

use std::collections::VecDeque;

use reqwest::Url;

use super::calls::{Command, Instructions, Leg, Order};
use super::records::{Hook, WebhookKind};
use super::webhooks::{self, Document, Fields, field};
use crate::twiml::{Item, Node};
use crate::types::{CallStatus, Method, RecordingSid};

/// How many documents one call may lead through. Twilio itself ends a call that runs in circles
/// only after hours.
const DOCUMENT_LIMIT: u32 = 100;

/// Where a call goes after a verb.
pub(super) enum Step {
    /// To the next verb.
    Next,
    /// To another document.
    Go(Document),
    /// To instructions that have yet to be found.
    Obey(Instructions),
    /// Nowhere: it ends.
    Over,
}

impl Step {
    /// The status with which a first `<Reject>` ends a call that was never answered.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/reject>
    pub(super) fn rejection(&self) -> Option<CallStatus> {
        let Self::Go(Document::Twiml { root, .. }) = self else {
            return None;
        };
        let first = root.children().next()?;
        (first.name() == "Reject").then(|| match first.attribute("reason") {
            Some("busy") => CallStatus::Busy,
            _ => CallStatus::NoAnswer,
        })
    }
}

impl Leg {
    /// Follows a call from document to document until it ends.
    pub(super) async fn follow(&mut self, first: Step) {
        let mut step = first;
        loop {
            step = match step {
                Step::Go(document) => self.play(document).await,
                Step::Obey(instructions) => self.obey(instructions).await,
                Step::Next | Step::Over => return,
            };
        }
    }

    async fn play(&mut self, document: Document) -> Step {
        let (root, url) = match document {
            Document::Twiml { root, url } => (root, url),
            Document::Text(words) => {
                self.hear(words);
                return Step::Over;
            }
            Document::Empty => return Step::Over,
        };
        for verb in root.children() {
            if let Some(step) = self.interrupted() {
                return step;
            }
            match self.run(verb, url.as_ref()).await {
                Step::Next => {}
                step => return step,
            }
        }
        self.interrupted().unwrap_or(Step::Over)
    }

    async fn run(&mut self, verb: &Node, base: Option<&Url>) -> Step {
        match verb.name() {
            "Gather" => return self.gather(verb, base).await,
            "Record" => return self.record(verb, base).await,
            "Dial" => return self.dial(verb, base).await,
            "Redirect" => {
                let Some(hook) = self.hook(Some(&verb.text()), verb, base) else {
                    return Step::Over;
                };
                return self.request(WebhookKind::Voice, &hook, Fields::new()).await;
            }
            "Hangup" | "Reject" => return Step::Over,
            _ => self.speak(verb, base),
        }
        Step::Next
    }

    /// Says or plays something to the phone, or pauses.
    fn speak(&mut self, verb: &Node, base: Option<&Url>) {
        match verb.name() {
            "Pause" => self.seconds += number(verb, "length").unwrap_or(1),
            "Play" => {
                let text = verb.text();
                let address = text.trim();
                let url = base.map_or_else(|| Url::parse(address), |base| base.join(address));
                match (url, verb.attribute("digits")) {
                    (_, Some(digits)) => self.hear(format!("keys {digits}")),
                    (Ok(url), None) => self.hear(url.into()),
                    (Err(_), None) => self.alert(11100, "the <Play> names no usable URL"),
                }
            }
            "Say" => self.hear(words(verb)),
            _ => self.alert(
                12200,
                "a verb that the sandbox does not run was passed over",
            ),
        }
    }

    /// Puts something into the phone's ear.
    pub(super) fn hear(&mut self, what: String) {
        self.seconds += 1;
        self.world.update(|state| {
            if let Some(entry) = state.call_mut(self.sid) {
                entry.heard.push_back(what);
            }
        });
    }

    /// Runs a `<Gather>`.
    async fn gather(&mut self, verb: &Node, base: Option<&Url>) -> Step {
        for child in verb.children() {
            self.speak(child, base);
        }
        let input = verb.attribute("input").unwrap_or("dtmf");
        let enough = number(verb, "numDigits");
        let finish = verb.attribute("finishOnKey").unwrap_or("#").to_owned();
        let mut digits = String::new();
        let finished_on = loop {
            if let Some(end) = collect(&mut self.keys, &mut digits, enough, &finish) {
                break end;
            }
            let order = self.next_order().await;
            match order.command {
                Command::Keys(_) if input.contains("dtmf") => {
                    if let Command::Keys(keys) = order.take() {
                        self.keys.extend(keys.chars());
                    }
                }
                Command::Words(_) if input.contains("speech") => {
                    let Command::Words(words) = order.take() else {
                        continue;
                    };
                    let mut fields = Fields::new();
                    field(&mut fields, "SpeechResult", words);
                    field(&mut fields, "Confidence", "0.9");
                    return self
                        .act(WebhookKind::GatherAction, verb, base, fields)
                        .await;
                }
                Command::Silence => {
                    order.take();
                    self.seconds += number(verb, "timeout").unwrap_or(5);
                    break String::new();
                }
                _ => {
                    if let Some(step) = self.interrupt(order) {
                        return step;
                    }
                }
            }
        };
        if digits.is_empty() && verb.attribute("actionOnEmptyResult") != Some("true") {
            return Step::Next;
        }
        let mut fields = Fields::new();
        field(&mut fields, "Digits", digits);
        field(&mut fields, "FinishedOnKey", finished_on);
        field(&mut fields, "msg", "Gather End");
        self.act(WebhookKind::GatherAction, verb, base, fields)
            .await
    }

    /// Runs a `<Record>`: the phone speaks, then presses a key, falls silent or hangs up.
    async fn record(&mut self, verb: &Node, base: Option<&Url>) -> Step {
        let finish = verb
            .attribute("finishOnKey")
            .unwrap_or("1234567890*#")
            .to_owned();
        let mut seconds = 0;
        let ended_by = loop {
            let order = self.next_order().await;
            match order.command {
                Command::Words(_) => {
                    if let Command::Words(words) = order.take() {
                        // People say about two words a second.
                        seconds += words.split_whitespace().count().div_ceil(2).max(1) as u64;
                    }
                }
                Command::Keys(ref keys) => match keys.chars().find(|key| finish.contains(*key)) {
                    Some(key) => {
                        order.take();
                        break key.to_string();
                    }
                    None => drop(order.take()),
                },
                Command::Silence => {
                    order.take();
                    break String::new();
                }
                Command::HangUp => {
                    self.hung_up = true;
                    break "hangup".to_owned();
                }
                _ => {
                    if let Some(step) = self.interrupt(order) {
                        return step;
                    }
                }
            }
        };
        self.seconds += seconds;
        if self.hung_up {
            self.close(CallStatus::Completed);
        }
        if seconds == 0 {
            // Twilio makes no recording of silence, and asks nobody what to do with it.
            return if self.hung_up { Step::Over } else { Step::Next };
        }
        let recording: RecordingSid = self.world.sid("RE");
        let (base_url, account) = (&self.world.base_url, self.world.account_sid);
        let url = format!("{base_url}/2010-04-01/Accounts/{account}/Recordings/{recording}");
        let mut fields = Fields::new();
        field(&mut fields, "RecordingUrl", url);
        field(&mut fields, "RecordingSid", recording.as_str());
        field(&mut fields, "RecordingDuration", seconds.to_string());
        field(&mut fields, "Digits", ended_by);
        self.act(WebhookKind::RecordAction, verb, base, fields)
            .await
    }

    /// Asks the `action` of a verb, by default the document's own address, what to do next.
    pub(super) async fn act(
        &mut self,
        kind: WebhookKind,
        verb: &Node,
        base: Option<&Url>,
        fields: Fields,
    ) -> Step {
        match self.hook(verb.attribute("action"), verb, base) {
            Some(hook) => self.request(kind, &hook, fields).await,
            None => Step::Over,
        }
    }

    /// The address that a verb names, by default the document's own.
    fn hook(&self, address: Option<&str>, verb: &Node, base: Option<&Url>) -> Option<Hook> {
        let url = match (address.map(str::trim), base) {
            (None, base) => base.cloned(),
            (Some(address), Some(base)) => base.join(address).ok(),
            (Some(address), None) => webhooks::parse(address),
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
        url.map(|url| Hook::new(url.as_str(), method))
    }

    /// Asks the application what to do next.
    pub(super) async fn request(&mut self, kind: WebhookKind, hook: &Hook, extra: Fields) -> Step {
        self.documents += 1;
        if self.documents > DOCUMENT_LIMIT {
            self.alert(
                12400,
                "the sandbox ended a call after 100 documents: does its TwiML run in circles?",
            );
            return Step::Over;
        }
        let mut fields = self.fields();
        fields.extend(extra);
        let fallback = self.fallback.clone();
        let (world, sid) = (&self.world, self.sid.as_str());
        let asked = webhooks::ask(world, kind, sid, hook, fallback.as_ref(), fields).await;
        if let Some(step) = self.interrupted() {
            return step;
        }
        match asked {
            Some(Document::Empty) => {
                self.alert(11770, "a voice webhook was answered with an empty body");
                Step::Over
            }
            Some(document) => Step::Go(document),
            None => {
                self.hear("An application error has occurred. Goodbye.".to_owned());
                Step::Over
            }
        }
    }

    /// What somebody did to the call meanwhile, if it changes where the call goes.
    pub(super) fn interrupted(&mut self) -> Option<Step> {
        while let Ok(mut order) = self.orders.try_recv() {
            order.busy = None;
            match order.command {
                Command::HangUp => self.hung_up = true,
                Command::Redirect(instructions) => self.redirected = Some(instructions),
                _ => self.pending.push_back(order),
            }
        }
        if self.hung_up || self.has_ended() {
            return Some(Step::Over);
        }
        self.redirected.take().map(Step::Obey)
    }

    /// Heeds an order that no verb asked for; `None` when it changes nothing.
    pub(super) fn interrupt(&mut self, order: Order) -> Option<Step> {
        match order.command {
            Command::HangUp => {
                self.hung_up = true;
                Some(Step::Over)
            }
            Command::Ended => Some(Step::Over),
            Command::Redirect(instructions) => Some(Step::Obey(instructions)),
            // Dropped untaken: the phone learns that nobody asked.
            Command::Keys(_) | Command::Words(_) | Command::Silence | Command::Answer => None,
        }
    }

    pub(super) fn alert(&self, code: u32, words: &'static str) {
        self.world.alert(code, words, self.sid.as_str());
    }
}

/// Moves keys into `digits` until they are enough; gives back the finishing key, or nothing when
/// the number of digits was reached.
fn collect(
    keys: &mut VecDeque<char>,
    digits: &mut String,
    enough: Option<u64>,
    finish: &str,
) -> Option<String> {
    while let Some(key) = keys.pop_front() {
        if finish.contains(key) {
            return Some(key.to_string());
        }
        digits.push(key);
        if enough.is_some_and(|enough| digits.len() as u64 >= enough) {
            return Some(String::new());
        }
    }
    None
}

/// The words of a `<Say>`, those inside SSML included, as one line.
fn words(verb: &Node) -> String {
    let mut text = String::new();
    for item in verb.items() {
        match item {
            Item::Text(words) => text.push_str(words),
            Item::Element(child) => {
                let pause = if matches!(child.name(), "break" | "p" | "s") {
                    " "
                } else {
                    ""
                };
                text.push_str(pause);
                text.push_str(&words(child));
                text.push_str(pause);
            }
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn number(verb: &Node, attribute: &str) -> Option<u64> {
    verb.attribute(attribute)?.parse().ok()
}
