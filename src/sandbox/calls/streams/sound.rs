//! Text as sound, and sound as text. There is no synthesis and no recognition: the bytes of the
//! text stand in the sound.

use bytes::Bytes;

use crate::sandbox::calls::speak::speech_length;
use crate::webhook::websocket::stream::Audio;

/// Sample of silence in mu-law. No text in UTF-8 contains the byte.
const SILENCE: u8 = 0xFF;
/// Samples of one message: 20 milliseconds.
const FRAME: usize = 160;

/// Returns the sound of a text, in frames of 20 milliseconds: the text in UTF-8, then silence for
/// the rest of the time that the speech lasts.
pub(super) fn frames_of(text: &str) -> Vec<Audio> {
    let samples = speech_length(text).as_secs() * u64::from(Audio::SAMPLE_RATE);
    let samples = usize::try_from(samples).unwrap_or(usize::MAX);
    // The last byte is always silence, which ends the text.
    let length = samples.max(text.len() + 1).next_multiple_of(FRAME);
    let mut sound = text.as_bytes().to_vec();
    sound.resize(length, SILENCE);
    frames_in(&Audio::mulaw(sound))
}

/// Divides audio into frames of 20 milliseconds. Silence fills the last one.
pub(super) fn frames_in(audio: &Audio) -> Vec<Audio> {
    let mut sound = audio.as_bytes().to_vec();
    let length = sound.len().next_multiple_of(FRAME);
    sound.resize(length, SILENCE);
    let sound = Bytes::from(sound);
    let starts = (0..length).step_by(FRAME);
    starts
        .map(|start| Audio::mulaw(sound.slice(start..start + FRAME)))
        .collect()
}

/// Bytes of a text that the phone hears as one.
const TEXT_LIMIT: usize = 16 * 1024;

/// Returns 20 milliseconds of silence.
pub(super) fn silence() -> Audio {
    Audio::mulaw(Bytes::from_static(&[SILENCE; FRAME]))
}

/// Sound of the application that the phone hears.
#[derive(Default)]
pub(in crate::sandbox::calls) struct HeardSound {
    sound: Vec<u8>,
    /// Bytes at the beginning of `sound` that are known to be text.
    checked: usize,
}

impl HeardSound {
    /// Adds the sound of one message. Returns what the phone has heard when a text, or sound that is
    /// none, is complete.
    pub(in crate::sandbox::calls) fn add(&mut self, audio: &Audio) -> Option<String> {
        let samples = audio.as_bytes();
        self.sound.extend_from_slice(samples);
        // A full frame of text without silence continues in the next one.
        let continues = samples.len() == FRAME
            && samples.last() != Some(&SILENCE)
            && self.sound.len() < TEXT_LIMIT
            && self.begins_text();
        if continues { None } else { self.complete() }
    }

    /// Returns what the phone has heard. Silence is nothing.
    pub(in crate::sandbox::calls) fn complete(&mut self) -> Option<String> {
        let Self { sound, .. } = std::mem::take(self);
        let is_sound = |sample: &u8| *sample != SILENCE;
        let first = sound.iter().position(is_sound)?;
        let last = sound.iter().rposition(is_sound)?;
        let heard = sound.get(first..=last)?;
        Some(match std::str::from_utf8(heard) {
            Ok(text) if is_printable(text) => text.to_owned(),
            _ => format!("audio of {} bytes", sound.len()),
        })
    }

    /// Reports whether the sound begins a text, which may be cut inside a character. Each byte is
    /// checked once.
    fn begins_text(&mut self) -> bool {
        let new = self.sound.get(self.checked..).unwrap_or_default();
        let (valid, is_cut) = match std::str::from_utf8(new) {
            Ok(_) => (new.len(), true),
            Err(error) => (error.valid_up_to(), error.error_len().is_none()),
        };
        let text = new.get(..valid).map(std::str::from_utf8);
        self.checked += valid;
        is_cut && text.is_some_and(|text| text.is_ok_and(is_printable))
    }
}

fn is_printable(text: &str) -> bool {
    !text.chars().any(char::is_control)
}
