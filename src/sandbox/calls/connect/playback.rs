//! Sound of the application that waits until the phone hears it.

use std::collections::VecDeque;
use std::time::Duration;

use crate::sandbox::calls::streams::HeardSound;
use crate::sandbox::clock::Timer;
use crate::types::Redacted;
use crate::webhook::websocket::stream::Audio;

/// Sound that Twilio buffers.
///
/// Source: <https://www.twilio.com/docs/voice/media-streams/websocket-messages>
const BUFFER_LIMIT: Duration = Duration::from_secs(600);

/// Bytes of the buffer, with the names of its marks. Ten minutes in messages of 20 milliseconds, each
/// with a mark, take three quarters of it.
const COST_LIMIT: usize = 16 << 20;
/// Bytes that a part is counted for beside its sound or name.
const ITEM_COST: usize = 128;

/// Part of the buffer.
pub(super) enum Item {
    Sound(Audio),
    Mark(Redacted<String>),
}

/// Buffer of sound and marks, in the order of the application.
#[derive(Default)]
pub(super) struct Playback {
    items: VecDeque<Item>,
    /// Length of the sound in `items`.
    length: Duration,
    /// Bytes of `items`.
    cost: usize,
    /// Set while the phone hears sound.
    pub(super) timer: Option<Timer>,
    pub(super) heard: HeardSound,
}

impl Playback {
    /// Adds a part. Returns `false` if the buffer is full; the part is then discarded.
    pub(super) fn add(&mut self, item: Item) -> bool {
        let length = self.length + item.duration();
        let cost = self.cost + item.cost();
        let has_space = length <= BUFFER_LIMIT && cost <= COST_LIMIT;
        if has_space {
            (self.length, self.cost) = (length, cost);
            self.items.push_back(item);
        }
        has_space
    }

    /// Removes all sound, and keeps the marks.
    pub(super) fn clear(&mut self) {
        self.timer = None;
        self.items.retain(|item| matches!(item, Item::Mark(_)));
        self.length = Duration::ZERO;
        self.cost = self.items.iter().map(Item::cost).sum();
    }

    /// Returns the next part, if the phone hears none at the moment.
    pub(super) fn next(&mut self) -> Option<Item> {
        if self.timer.is_some() {
            return None;
        }
        let item = self.items.pop_front()?;
        self.length = self.length.saturating_sub(item.duration());
        self.cost = self.cost.saturating_sub(item.cost());
        Some(item)
    }
}

impl Item {
    fn duration(&self) -> Duration {
        match self {
            Self::Sound(audio) => audio.duration(),
            Self::Mark(_) => Duration::ZERO,
        }
    }

    fn cost(&self) -> usize {
        ITEM_COST
            + match self {
                Self::Sound(audio) => audio.as_bytes().len(),
                Self::Mark(name) => name.expose().len(),
            }
    }
}
