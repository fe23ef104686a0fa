//! How many segments a text is sent and charged as.

use super::cluster::clusters;
use super::encoding::Encoding;

/// The most characters that Twilio takes in one message (error 21617 beyond).
///
/// Source: <https://www.twilio.com/docs/api/errors/21617>
pub const MAX_BODY_LENGTH: usize = 1_600;

/// Length of a message body as [`MAX_BODY_LENGTH`] limits it, in UTF-16 code units: an emoji is two
/// or more.
///
/// Twilio says that characters outside of GSM-7 use up the limit sooner, and not how. UTF-16 is what
/// it sends them in; a body that fits so fits however it counts.
///
/// Source: <https://www.twilio.com/docs/api/errors/21617>
#[must_use]
pub fn body_length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// What a text comes to as a text message: encoding, segments, what is left of the last.
///
/// Each segment is charged as a message. The counts are those of Twilio's own calculator: a
/// segment never ends inside what a reader sees as one character.
///
/// ```
/// use clinspark_twilio::sms::{Encoding, MessageSize};
///
/// let plain = MessageSize::of("We'll see you at 9:00. Reply YES to confirm.");
/// assert_eq!((plain.encoding(), plain.segments(), plain.units_left()), (Encoding::Gsm7, 1, 116));
///
/// let long = "Your visit is tomorrow. ".repeat(6);
/// assert_eq!(MessageSize::of(&long).segments(), 1);
/// assert_eq!(MessageSize::of(&long.replace('.', "\u{2026}")).segments(), 3); // an ellipsis
/// ```
///
/// Source: <https://www.twilio.com/docs/glossary/what-sms-character-limit>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MessageSize {
    encoding: Encoding,
    body_length: usize,
    units: usize,
    segments: usize,
    units_left: usize,
}

impl MessageSize {
    /// Measures a text as it stands. For a service with Smart Encoding, measure what
    /// [`smart_encode`](super::smart_encode) makes of it.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let encoding = Encoding::of(text);
        let units = text.chars().map(|c| encoding.units(c)).sum();
        let limit = encoding.single_segment_limit();
        let (segments, units_left) = if units <= limit {
            (1, limit - units)
        } else {
            pack(text, encoding)
        };
        Self {
            encoding,
            body_length: body_length(text),
            units,
            segments,
            units_left,
        }
    }

    /// The encoding that the text needs.
    #[must_use]
    pub const fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Segments it is sent and charged as, 1 or more. Empty text has one, and Twilio refuses it.
    #[must_use]
    pub const fn segments(&self) -> usize {
        self.segments
    }

    /// Units of the whole text: septets in GSM-7, UTF-16 code units in UCS-2.
    #[must_use]
    pub const fn units(&self) -> usize {
        self.units
    }

    /// Units that still fit into the last segment.
    #[must_use]
    pub const fn units_left(&self) -> usize {
        self.units_left
    }

    /// Length as [`MAX_BODY_LENGTH`] limits it, in UTF-16 code units: see [`body_length`].
    #[must_use]
    pub const fn body_length(&self) -> usize {
        self.body_length
    }

    /// Whether Twilio takes a text of this size.
    ///
    /// # Errors
    ///
    /// [`SizeError::Empty`] and [`SizeError::TooLong`]. Nothing is cut for the caller: half a
    /// message may say the opposite.
    pub const fn check(&self) -> Result<(), SizeError> {
        match self.body_length {
            0 => Err(SizeError::Empty),
            1..=MAX_BODY_LENGTH => Ok(()),
            length => Err(SizeError::TooLong { length }),
        }
    }
}

/// A text that Twilio would refuse for its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum SizeError {
    /// There is no text (error 21602).
    #[error("the message has no text")]
    Empty,
    /// It has too many characters (error 21617).
    #[error("the message has {length} characters; at most {MAX_BODY_LENGTH} can be sent")]
    #[non_exhaustive]
    TooLong {
        /// UTF-16 code units of the text.
        length: usize,
    },
}

/// Segments of a text that needs several, and what is left of the last.
///
/// A letter with more marks than a segment holds has a segment to itself: the calculator counts
/// it so, though the carrier will cut it.
fn pack(text: &str, encoding: Encoding) -> (usize, usize) {
    let limit = encoding.concatenated_segment_limit();
    let (mut segments, mut used) = (1, 0);
    for cluster in clusters(text) {
        let units: usize = cluster.chars().map(|c| encoding.units(c)).sum();
        if used + units > limit {
            segments += 1;
            used = 0;
        }
        used += units;
    }
    (segments, limit.saturating_sub(used))
}
