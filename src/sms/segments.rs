//! Number of segments that a text is sent and charged as.

use super::cluster::clusters;
use super::encoding::Encoding;

/// Most characters that Twilio accepts in one message (error 21617 beyond).
///
/// Source: <https://www.twilio.com/docs/api/errors/21617>
pub const MAX_BODY_LENGTH: usize = 1_600;

/// Returns the length of a message body as [`MAX_BODY_LENGTH`] limits it, in UTF-16 code units. An
/// emoji counts as two or more.
///
/// Twilio documents that characters outside of GSM-7 use up the limit sooner, but not by how much.
/// Twilio sends them in UTF-16, so a body that fits in these units fits by any count.
///
/// Source: <https://www.twilio.com/docs/api/errors/21617>
#[must_use]
pub fn body_length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Size of a text message: encoding, segments, and units left in the last segment.
///
/// Each segment is charged as a message. The counts are those of Twilio's own calculator. A segment
/// never ends inside a character as a reader sees it.
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
    /// Measures a text as it is. For a service with Smart Encoding, measure the result of
    /// [`smart_encode`](super::smart_encode).
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

    /// Returns the encoding that the text needs.
    #[must_use]
    pub const fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Returns the number of segments that the text is sent and charged as, 1 or more. Empty text
    /// has one, but Twilio refuses it.
    #[must_use]
    pub const fn segments(&self) -> usize {
        self.segments
    }

    /// Returns the units of the whole text: septets in GSM-7, UTF-16 code units in UCS-2.
    #[must_use]
    pub const fn units(&self) -> usize {
        self.units
    }

    /// Returns the number of units that still fit into the last segment.
    #[must_use]
    pub const fn units_left(&self) -> usize {
        self.units_left
    }

    /// Returns the length as [`MAX_BODY_LENGTH`] limits it, in UTF-16 code units: see
    /// [`body_length`].
    #[must_use]
    pub const fn body_length(&self) -> usize {
        self.body_length
    }

    /// Checks that Twilio accepts a text of this size.
    ///
    /// # Errors
    ///
    /// [`SizeError::Empty`] and [`SizeError::TooLong`]. The crate never shortens a text, because
    /// half a message may say the opposite.
    ///
    /// ```
    /// use clinspark_twilio::sms::{MessageSize, SizeError};
    ///
    /// assert!(MessageSize::of("See you at 9:00.").check().is_ok());
    /// assert_eq!(MessageSize::of("").check(), Err(SizeError::Empty));
    /// assert_eq!(
    ///     MessageSize::of(&"x".repeat(1_601)).check().unwrap_err().to_string(),
    ///     "the message has 1601 characters; at most 1600 can be sent",
    /// );
    /// ```
    pub const fn check(&self) -> Result<(), SizeError> {
        match self.body_length {
            0 => Err(SizeError::Empty),
            1..=MAX_BODY_LENGTH => Ok(()),
            length => Err(SizeError::TooLong { length }),
        }
    }
}

/// Error for a text that Twilio would refuse for its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum SizeError {
    /// The text is empty (error 21602).
    #[error("the message has no text; write at least one character")]
    Empty,
    /// The text has too many characters (error 21617).
    #[error("the message has {length} characters; at most {MAX_BODY_LENGTH} can be sent")]
    #[non_exhaustive]
    TooLong {
        /// UTF-16 code units of the text.
        length: usize,
    },
}

/// Returns the segments of a text that needs several, and the units left in the last one.
///
/// A letter with more marks than a segment holds gets a segment of its own. Twilio's calculator
/// counts it so, although the carrier will cut it.
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
