//! Segments and cost of a batch of texts, before it is sent.

use super::encoding::Encoding;
use super::segments::MessageSize;
use super::smart_encoding::smart_encode;

/// Segments and cost of a batch of texts. Show them before the batch is sent.
///
/// ```
/// use clinspark_twilio::sms::BatchPreview;
///
/// let template = |name: &str| format!("Dear {name}, we\u{2019}ll see you tomorrow at 9:00 in \
///     building B. Bring your diary and your medication, and come with an empty stomach.");
/// let preview: BatchPreview = ["Ann", "Bob", "Zoë"].map(template).iter().collect();
/// assert_eq!((preview.messages, preview.segments), (3, 6));
/// assert_eq!(preview.smart_encoded_segments, 4); // Zoë's ë keeps that text at two
///
/// // At 0.0079 dollars a segment, in millionths.
/// assert_eq!(preview.cost(7_900), 47_400);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct BatchPreview {
    /// Number of texts in the batch.
    pub messages: u64,
    /// Segments of all texts, as they are sent and charged.
    pub segments: u64,
    /// Segments of all texts with Smart Encoding.
    pub smart_encoded_segments: u64,
    /// Number of texts that need UCS-2.
    pub ucs2_messages: u64,
    /// Segments of the longest text.
    pub max_segments: u64,
    /// Number of texts that Twilio would refuse: empty, or over
    /// [`MAX_BODY_LENGTH`](super::MAX_BODY_LENGTH).
    pub refused: u64,
}

impl BatchPreview {
    /// Adds a text to the batch.
    pub fn add(&mut self, text: &str) {
        let size = MessageSize::of(text);
        let smart = MessageSize::of(&smart_encode(text));
        // No platform has a `usize` of more than 64 bits.
        let segments = size.segments() as u64;
        self.messages += 1;
        self.segments += segments;
        self.smart_encoded_segments += smart.segments() as u64;
        self.ucs2_messages += u64::from(size.encoding() == Encoding::Ucs2);
        self.max_segments = self.max_segments.max(segments);
        self.refused += u64::from(size.check().is_err());
    }

    /// Returns the cost of the batch at a price for each segment, in the unit of the price.
    /// Carriers charge their fees by segment too: add them to the price.
    ///
    /// Source: <https://www.twilio.com/en-us/sms/pricing>
    #[must_use]
    pub const fn cost(&self, price_per_segment: u64) -> u64 {
        self.segments.saturating_mul(price_per_segment)
    }
}

impl<T: AsRef<str>> FromIterator<T> for BatchPreview {
    fn from_iter<I: IntoIterator<Item = T>>(texts: I) -> Self {
        let mut preview = Self::default();
        preview.extend(texts);
        preview
    }
}

impl<T: AsRef<str>> Extend<T> for BatchPreview {
    fn extend<I: IntoIterator<Item = T>>(&mut self, texts: I) {
        for text in texts {
            self.add(text.as_ref());
        }
    }
}
