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
    let sound = Bytes::from(sound);
    let starts = (0..length).step_by(FRAME);
    starts
        .map(|start| Audio::mulaw(sound.slice(start..start + FRAME)))
        .collect()
}

/// Sound of the application that the phone hears.
#[derive(Default)]
pub(in crate::sandbox::calls) struct HeardSound(Vec<u8>);

impl HeardSound {
    /// Adds the sound of one message. Returns what the phone has heard when a text, or sound that is
    /// none, is complete.
    pub(in crate::sandbox::calls) fn add(&mut self, audio: &Audio) -> Option<String> {
        let samples = audio.as_bytes();
        self.0.extend_from_slice(samples);
        // A full frame of text without silence continues in the next one.
        let continues =
            samples.len() == FRAME && samples.last() != Some(&SILENCE) && begins_text(&self.0);
        if continues { None } else { self.complete() }
    }

    /// Returns what the phone has heard. Silence is nothing.
    pub(in crate::sandbox::calls) fn complete(&mut self) -> Option<String> {
        let sound = std::mem::take(&mut self.0);
        let is_sound = |sample: &u8| *sample != SILENCE;
        let first = sound.iter().position(is_sound)?;
        let last = sound.iter().rposition(is_sound)?;
        let heard = sound.get(first..=last)?;
        Some(match std::str::from_utf8(heard) {
            Ok(text) if is_printable(text) => text.to_owned(),
            _ => format!("audio of {} bytes", sound.len()),
        })
    }
}

/// Reports whether bytes begin a text, which may be cut inside a character.
fn begins_text(bytes: &[u8]) -> bool {
    match std::str::from_utf8(bytes) {
        Ok(text) => is_printable(text),
        Err(error) => {
            let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
            error.error_len().is_none() && std::str::from_utf8(valid).is_ok_and(is_printable)
        }
    }
}

fn is_printable(text: &str) -> bool {
    !text.chars().any(char::is_control)
}
