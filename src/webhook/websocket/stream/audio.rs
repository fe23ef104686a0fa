//! Audio of a stream.

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;

/// Audio of a call: mu-law (G.711) of 8000 Hz, one channel, one byte for each sample.
///
/// The bytes have no file header, and audio for Twilio may have none. A clone shares the bytes.
/// `Debug` prints only their number.
///
/// Source: <https://www.twilio.com/docs/voice/media-streams/websocket-messages>
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Audio(Bytes);

impl Audio {
    /// Samples of one second.
    pub const SAMPLE_RATE: u32 = 8_000;

    /// Takes mu-law samples. A `Vec<u8>` is not copied.
    pub fn mulaw(samples: impl Into<Bytes>) -> Self {
        Self(samples.into())
    }

    /// Returns the samples.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Returns the samples without a copy.
    #[must_use]
    pub fn into_bytes(self) -> Bytes {
        self.0
    }

    /// Returns the duration. Messages of Twilio usually hold 20 ms: 160 bytes.
    #[must_use]
    pub fn duration(&self) -> Duration {
        // 8 samples for each millisecond: 125 microseconds for each.
        Duration::from_micros(125 * self.0.len() as u64)
    }

    /// Decodes base64, directly from the text of the message.
    pub(super) fn decode(text: &str) -> Option<Self> {
        STANDARD.decode(text).ok().map(Self::mulaw)
    }
}

impl fmt::Debug for Audio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Audio({} bytes)", self.0.len())
    }
}
