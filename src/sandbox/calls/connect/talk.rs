//! Speech and sounds of the application in a `ConversationRelay` session.

use std::collections::VecDeque;
use std::time::Duration;

use super::settings::InputKinds;
use crate::sandbox::calls::speak::speech_length;
use crate::sandbox::clock::Timer;
use crate::types::Redacted;
use crate::webhook::websocket::relay::{Interruption, TextToken};

/// Bytes of text, tokens and URLs that wait for the phone. No application that a person listens to
/// is so far ahead.
const WAITING_LIMIT: usize = 1 << 20;
/// Bytes that a text or sound is counted for beside its content.
const TALK_COST: usize = 128;

/// Words that speech is taken to have in ten seconds.
const WORDS_IN_TEN_SECONDS: u128 = 25;

/// A text or a sound for the phone.
pub(super) struct Talk {
    /// Text, URL or keys, as the phone hears them.
    pub(super) heard: String,
    pub(super) length: Duration,
    pub(super) interruptible: InputKinds,
    /// A later text or sound replaces this one.
    pub(super) preemptible: bool,
    pub(super) is_speech: bool,
}

impl Talk {
    pub(super) fn speech(text: &str, interruptible: InputKinds, preemptible: bool) -> Self {
        Self {
            heard: text.to_owned(),
            length: speech_length(text),
            interruptible,
            preemptible,
            is_speech: true,
        }
    }

    const fn cost(&self) -> usize {
        TALK_COST + self.heard.len()
    }
}

/// What the application says: the part that the phone hears, and the parts after it.
#[derive(Default)]
pub(super) struct Talks {
    /// Part that the phone hears, and the reading of the clock at its beginning.
    current: Option<(Talk, Duration)>,
    waiting: VecDeque<Talk>,
    /// Bytes of `waiting`.
    cost: usize,
    /// Number of parts of `waiting` that a later one replaces.
    preemptible: usize,
    /// Set while the phone hears a part.
    pub(super) timer: Option<Timer>,
    /// Tokens of a text whose last one has not arrived.
    tokens: String,
}

impl Talks {
    /// Adds a text or sound. It replaces those before it that permit this. Returns `false` if too
    /// much waits; it is then discarded.
    pub(super) fn add(&mut self, talk: Talk) -> bool {
        if self.preemptible > 0 {
            self.waiting.retain(|waiting| !waiting.preemptible);
            self.preemptible = 0;
            self.cost = self.waiting.iter().map(Talk::cost).sum();
        }
        if self
            .current
            .as_ref()
            .is_some_and(|(talk, _)| talk.preemptible)
        {
            self.finish_current();
        }
        let cost = self.cost + talk.cost();
        let has_space = cost <= WAITING_LIMIT;
        if has_space {
            self.cost = cost;
            self.preemptible += usize::from(talk.preemptible);
            self.waiting.push_back(talk);
        }
        has_space
    }

    /// Adds a token. The phone hears the text when its last token has arrived. Returns `false` if too
    /// much waits; the text is then discarded.
    pub(super) fn add_token(
        &mut self,
        token: &TextToken,
        interruptible: InputKinds,
        preemptible: bool,
    ) -> bool {
        let token_text = token.token.expose();
        if self.tokens.len() + token_text.len() > WAITING_LIMIT {
            self.tokens.clear();
            return false;
        }
        self.tokens.push_str(token_text);
        if token.last != Some(true) {
            return true;
        }
        let text = std::mem::take(&mut self.tokens);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        text.is_empty() || self.add(Talk::speech(&text, interruptible, preemptible))
    }

    /// Returns the input that interrupts the part which the phone hears. `None` if it hears none.
    pub(super) fn interruptible(&self) -> Option<InputKinds> {
        self.current.as_ref().map(|(talk, _)| talk.interruptible)
    }

    /// Takes the next part, if the phone hears none.
    pub(super) fn next(&mut self) -> Option<Talk> {
        if self.current.is_some() {
            return None;
        }
        let talk = self.waiting.pop_front()?;
        self.cost = self.cost.saturating_sub(talk.cost());
        self.preemptible -= usize::from(talk.preemptible);
        Some(talk)
    }

    /// Begins a part that takes time.
    pub(super) fn begin(&mut self, talk: Talk, now: Duration, timer: Timer) {
        self.current = Some((talk, now));
        self.timer = Some(timer);
    }

    pub(super) fn finish_current(&mut self) {
        self.current = None;
        self.timer = None;
    }

    /// Drops everything. Returns how far the phone has heard.
    pub(super) fn interrupt(&mut self, now: Duration) -> Option<Interruption> {
        let (talk, began) = self.current.take()?;
        self.timer = None;
        self.waiting.clear();
        (self.cost, self.preemptible) = (0, 0);
        let duration = now.saturating_sub(began);
        let words = duration.as_millis() * WORDS_IN_TEN_SECONDS / 10_000;
        let words = usize::try_from(words).unwrap_or(usize::MAX);
        let heard = talk
            .heard
            .split(' ')
            .take(if talk.is_speech { words } else { 0 });
        let utterance = heard.collect::<Vec<_>>().join(" ");
        Some(Interruption {
            utterance_until_interrupt: Some(Redacted::new(utterance)),
            duration_until_interrupt: Some(duration),
        })
    }
}
