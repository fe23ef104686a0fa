//! The open vocabularies: voices, languages, models. Any text may be given; those in common use
//! have constants.

use super::value::open_words;

open_words! {
    /// A voice that reads text aloud.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/say/text-speech>
    Voice {
        /// Twilio's basic male voice.
        MAN = "man",
        /// Twilio's basic female voice.
        WOMAN = "woman",
        /// Joanna of Amazon Polly, US English.
        POLLY_JOANNA = "Polly.Joanna",
    }

    /// A language, as Twilio writes it.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/say>
    Language {
        /// US English.
        EN_US = "en-US",
    }

    /// A model that recognises speech.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/gather#speechmodel>
    SpeechModel {
        /// Any speech.
        DEFAULT = "default",
        /// Short answers and commands.
        NUMBERS_AND_COMMANDS = "numbers_and_commands",
        /// Speech over a telephone line.
        PHONE_CALL = "phone_call",
    }
}
