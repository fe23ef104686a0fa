//! Rows: how text is spoken, inside [`Say`](super::Say).
//!
//! Source: <https://www.twilio.com/docs/voice/twiml/say/text-speech#use-ssml>

use super::element::element;
use super::value::words;
use super::voice::Say;

element! {
    /// A pause in speech.
    Break = "break" in [Say];

    /// A pause as after a sentence, unless told otherwise.
    new();

    {
        /// How long, up to 10 seconds.
        time = "time": SsmlTime,
    }
}

element! {
    /// Says how a text is to be read.
    SayAs = "say-as" in [Say];

    /// Reads these words.
    new(words: Text);

    {
        /// What the words are.
        interpret_as = "interpret-as": InterpretAs,
    }
}

words! {
    /// What a text is, so that it is read as a person would.
    InterpretAs {
        /// Digits one by one.
        Digits = "digits",
    }
}
