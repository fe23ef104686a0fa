//! Values of attributes: text, closed and open enums, keywords and numbers.

mod enums;
mod keyword_or_value;
mod speech;
mod text;
mod vocabulary_macros;

pub use enums::{
    AudioTrack, BankAccountType, CallEvent, CardType, ConferenceBeep, ConferenceEvent,
    ConferenceRecord, ConferenceRegion, ConversationEvent, ConversationRecord, DialEvents,
    DialRecord, GatherInput, JitterBufferSize, PayInput, PaymentMethod, PromptErrorType, PromptFor,
    RecordingEvent, RejectReason, RingTone, TokenType, Trim,
};
pub use keyword_or_value::{Loop, PostalCode, SpeechTimeout};
pub use speech::{
    InterruptSensitivity, Interruptible, Language, ReportedInput, SpeechModel, TextNormalization,
    TranscriptionProvider, TtsProvider, Voice,
};
pub use text::TextValue;
pub(super) use vocabulary_macros::{closed_vocabulary, open_vocabulary};
