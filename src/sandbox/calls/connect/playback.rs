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

/// Part of the buffer.
pub(super) enum Item {
    Sound(Audio),
    Mark(Redacted<String>),
}

/// Buffer of sound and marks, in the order of the application.
#[derive(Default)]
pub(super) struct Playback {
    items: VecDeque<Item>,
    /// Set while the phone hears sound.
    pub(super) timer: Option<Timer>,
    pub(super) heard: HeardSound,
}

impl Playback {
    /// Adds sound. Returns `false` if the buffer is full; the sound is then discarded.
    pub(super) fn add_sound(&mut self, audio: Audio) -> bool {
        let buffered: Duration = self.items.iter().map(Item::duration).sum();
        let has_space = buffered + audio.duration() <= BUFFER_LIMIT;
        if has_space {
            self.items.push_back(Item::Sound(audio));
        }
        has_space
    }

    pub(super) fn add_mark(&mut self, name: Redacted<String>) {
        self.items.push_back(Item::Mark(name));
    }

    /// Removes all sound, and keeps the marks.
    pub(super) fn clear(&mut self) {
        self.timer = None;
        self.items.retain(|item| matches!(item, Item::Mark(_)));
    }

    /// Returns the next part, if the phone hears none at the moment.
    pub(super) fn next(&mut self) -> Option<Item> {
        if self.timer.is_some() {
            return None;
        }
        self.items.pop_front()
    }
}

impl Item {
    fn duration(&self) -> Duration {
        match self {
            Self::Sound(audio) => audio.duration(),
            Self::Mark(_) => Duration::ZERO,
        }
    }
}
