//! Messages that the application sends.

use super::super::error::{ParseError, read};
use super::super::raw::RawMessage;
use super::digits::Digits;
use crate::types::Redacted;
use crate::webhook::json::{Object, Writer};

/// Message that the application sends on the WebSocket of a `ConversationRelay` session.
///
/// For the newer `config` and `hints`, whose form is not published in full, send
/// [`Other`](Self::Other).
///
/// Source: <https://www.twilio.com/docs/voice/conversationrelay/websocket-messages>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RelayCommand {
    /// Speaks a text, or a part of it (`text`).
    Text(TextToken),
    /// Plays a sound (`play`). Twilio does not report its end.
    Play(PlaySound),
    /// Sends digits into the call (`sendDigits`).
    SendDigits(Digits),
    /// Changes the language (`language`).
    Language(SwitchLanguage),
    /// Ends the session (`end`). Twilio closes the WebSocket and requests the `action` of
    /// `<Connect>`.
    End(EndSession),
    /// Message that has no type in this version of the crate.
    Other(RawMessage),
}

/// Text to speak, or a part of it.
///
/// A text may be sent in parts as a language model writes it. The last part has `last`; it may be
/// empty.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TextToken {
    /// Text, which may hold SSML. `ElevenLabs` accepts only `phoneme`, and only in `en-US`.
    pub token: Redacted<String>,
    /// `true` for the last part. Default: `false`.
    pub last: Option<bool>,
    /// Language of the text, such as `en-US`. Default: the language of the session.
    pub lang: Option<String>,
    /// `true` if the caller may interrupt the text. Default: the `interruptible` of the session.
    pub interruptible: Option<bool>,
    /// `true` if a later text or sound may replace this one. Default: the `preemptible` of the
    /// session.
    pub preemptible: Option<bool>,
}

/// Sound to play.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlaySound {
    /// URL of the sound.
    pub source: Redacted<String>,
    /// Number of times to play it. Default: 1. 0 means 1,000 times.
    pub repetitions: Option<u32>,
    /// `true` if a later text or sound may replace this one. Default: `false`.
    pub preemptible: Option<bool>,
    /// `true` if the caller may interrupt the sound. Default: the `interruptible` of the session.
    pub interruptible: Option<bool>,
}

/// Languages of speech and recognition. At least one is set.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SwitchLanguage {
    /// Language of the texts that follow.
    pub tts_language: Option<String>,
    /// Language in which the caller's speech is recognised.
    pub transcription_language: Option<String>,
}

/// End of a session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct EndSession {
    /// Data for the `action` of `<Connect>`, usually JSON. It arrives as
    /// [`handoff_data`](crate::webhook::ConversationRelayResult::handoff_data).
    pub handoff_data: Option<Redacted<String>>,
}

impl TextToken {
    /// Speaks a text in the language of the session.
    pub fn new(token: impl Into<String>) -> Self {
        Self {
            token: Redacted::new(token.into()),
            last: None,
            lang: None,
            interruptible: None,
            preemptible: None,
        }
    }

    /// Sets [`last`](Self::last).
    #[must_use = "returns the changed text"]
    pub const fn last(mut self, last: bool) -> Self {
        self.last = Some(last);
        self
    }

    /// Sets [`lang`](Self::lang).
    #[must_use = "returns the changed text"]
    pub fn lang(mut self, lang: impl Into<String>) -> Self {
        self.lang = Some(lang.into());
        self
    }

    /// Sets [`interruptible`](Self::interruptible).
    #[must_use = "returns the changed text"]
    pub const fn interruptible(mut self, interruptible: bool) -> Self {
        self.interruptible = Some(interruptible);
        self
    }

    /// Sets [`preemptible`](Self::preemptible).
    #[must_use = "returns the changed text"]
    pub const fn preemptible(mut self, preemptible: bool) -> Self {
        self.preemptible = Some(preemptible);
        self
    }

    fn read(message: &Object<'_>) -> Option<Self> {
        Some(Self {
            // An empty token with `last` ends the turn, so it is a value here.
            token: Redacted::new(message.raw_text("token")?.into_owned()),
            last: message.flag("last"),
            lang: message.string("lang"),
            interruptible: message.flag("interruptible"),
            preemptible: message.flag("preemptible"),
        })
    }
}

impl PlaySound {
    /// Plays the sound of a URL once.
    pub fn new(source: impl Into<String>) -> Self {
        Self {
            source: Redacted::new(source.into()),
            repetitions: None,
            preemptible: None,
            interruptible: None,
        }
    }

    /// Sets [`repetitions`](Self::repetitions), Twilio's `loop`.
    #[must_use = "returns the changed sound"]
    pub const fn repetitions(mut self, repetitions: u32) -> Self {
        self.repetitions = Some(repetitions);
        self
    }

    /// Sets [`preemptible`](Self::preemptible).
    #[must_use = "returns the changed sound"]
    pub const fn preemptible(mut self, preemptible: bool) -> Self {
        self.preemptible = Some(preemptible);
        self
    }

    /// Sets [`interruptible`](Self::interruptible).
    #[must_use = "returns the changed sound"]
    pub const fn interruptible(mut self, interruptible: bool) -> Self {
        self.interruptible = Some(interruptible);
        self
    }

    fn read(message: &Object<'_>) -> Option<Self> {
        Some(Self {
            source: message.hidden("source")?,
            repetitions: message.number("loop"),
            preemptible: message.flag("preemptible"),
            interruptible: message.flag("interruptible"),
        })
    }
}

impl SwitchLanguage {
    /// Changes the language of speech.
    pub fn speech(language: impl Into<String>) -> Self {
        Self {
            tts_language: Some(language.into()),
            transcription_language: None,
        }
    }

    /// Changes the language of recognition.
    pub fn recognition(language: impl Into<String>) -> Self {
        Self {
            tts_language: None,
            transcription_language: Some(language.into()),
        }
    }

    /// Changes the language of speech and recognition.
    pub fn both(language: impl Into<String>) -> Self {
        let language = language.into();
        Self {
            tts_language: Some(language.clone()),
            transcription_language: Some(language),
        }
    }

    fn read(message: &Object<'_>) -> Option<Self> {
        let read = Self {
            tts_language: message.string("ttsLanguage"),
            transcription_language: message.string("transcriptionLanguage"),
        };
        let is_set = read.tts_language.is_some() || read.transcription_language.is_some();
        is_set.then_some(read)
    }
}

impl EndSession {
    /// Ends the session without data.
    #[must_use]
    pub const fn new() -> Self {
        Self { handoff_data: None }
    }

    /// Sets [`handoff_data`](Self::handoff_data).
    #[must_use = "returns the changed end"]
    pub fn handoff_data(mut self, data: impl Into<String>) -> Self {
        self.handoff_data = Some(Redacted::new(data.into()));
        self
    }
}

impl RelayCommand {
    /// Limit for a command, in bytes: 1 MiB.
    pub const MAX_BYTES: usize = RawMessage::MAX_BYTES;

    /// Reads a command, for the test of an application. A command without a field that Twilio
    /// requires is [`Other`](Self::Other).
    ///
    /// # Errors
    ///
    /// Returns [`ParseError`] if the text is not a JSON object, or longer than
    /// [`MAX_BYTES`](Self::MAX_BYTES).
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let message = read(text, Self::MAX_BYTES)?;
        let kind = message.text("type");
        let command = match kind.as_deref() {
            Some("text") => TextToken::read(&message).map(Self::Text),
            Some("play") => PlaySound::read(&message).map(Self::Play),
            Some("sendDigits") => message.value("digits").map(Self::SendDigits),
            Some("language") => SwitchLanguage::read(&message).map(Self::Language),
            Some("end") => Some(Self::End(EndSession {
                handoff_data: message.hidden("handoffData"),
            })),
            _ => None,
        };
        Ok(command.unwrap_or_else(|| Self::Other(RawMessage::new(text))))
    }

    /// Writes the command as the text of a frame.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = Writer::new();
        match self {
            Self::Text(text) => {
                json.text("type", Some("text"));
                json.hidden("token", Some(&text.token));
                json.plain("last", text.last);
                json.text("lang", text.lang.as_deref());
                json.plain("interruptible", text.interruptible);
                json.plain("preemptible", text.preemptible);
            }
            Self::Play(play) => {
                json.text("type", Some("play"));
                json.hidden("source", Some(&play.source));
                json.plain("loop", play.repetitions);
                json.plain("preemptible", play.preemptible);
                json.plain("interruptible", play.interruptible);
            }
            Self::SendDigits(digits) => {
                json.text("type", Some("sendDigits"));
                json.text("digits", Some(digits.expose()));
            }
            Self::Language(language) => {
                json.text("type", Some("language"));
                json.text("ttsLanguage", language.tts_language.as_deref());
                let recognition = language.transcription_language.as_deref();
                json.text("transcriptionLanguage", recognition);
            }
            Self::End(end) => {
                json.text("type", Some("end"));
                json.hidden("handoffData", end.handoff_data.as_ref());
            }
            Self::Other(message) => return message.json().to_owned(),
        }
        json.finish()
    }
}
