//! Sounds of a call: those that the phone hears, and the transcript of all. What is
//! said also goes to the transcriptions and streams.

use super::active_call::ActiveCall;
use super::real_time_transcription::report_speech;
use crate::sandbox::state::{
    CallCommand, CallTrack, Sound, TRANSCRIPT_LIMIT, TranscriptAction, TranscriptEntry,
    TranscriptParty,
};
use crate::types::Redacted;
use crate::webhook::websocket::stream::MediaTrack;

/// Number of sounds of a call that wait for `PhoneCall::hear`.
const AUDIO_LIMIT: usize = 1000;

impl ActiveCall {
    /// Adds a sound of the application to the audio of the call, made by the current verb.
    pub(super) fn play(&self, action: TranscriptAction, content: String) {
        self.play_by(self.verb.clone(), action, content);
    }

    /// Adds a sound of the application to the audio of the call.
    pub(super) fn play_by(&self, verb: Option<String>, action: TranscriptAction, content: String) {
        self.queue(heard(action, &content));
        self.record_entry(TranscriptParty::Application, action, verb, content);
    }

    /// Adds words that another person says to the audio of the call.
    pub(super) fn push_audio(&self, speech: String) {
        self.push_from_other(TranscriptAction::Speech, speech);
    }

    /// Adds a sound of another person to the audio of the call.
    pub(super) fn push_from_other(&self, action: TranscriptAction, content: String) {
        self.queue(heard(action, &content));
        let party = TranscriptParty::OtherPerson;
        self.record_entry(party, action, self.verb.clone(), content);
    }

    /// Adds a sound of a conference or of a connected call to the audio of the call.
    pub(super) fn hear(&self, sound: Sound) {
        let Sound {
            party,
            action,
            content,
        } = sound;
        self.queue(heard(action, &content));
        self.record_entry(party, action, self.verb.clone(), content);
    }

    /// Adds a `<Pause>` to the transcript.
    pub(super) fn note_pause(&self, seconds: u64) {
        let (party, action) = (TranscriptParty::Application, TranscriptAction::Pause);
        let verb = Some("Pause".to_owned());
        self.record_entry(party, action, verb, seconds.to_string());
    }

    /// Adds input of the person to the transcript, whether or not a verb accepts it.
    pub(super) fn note_input(&self, command: &CallCommand) {
        let (action, content) = match command {
            CallCommand::PressKeys(keys) => (TranscriptAction::Keys, keys.clone()),
            CallCommand::Speak(speech) => (TranscriptAction::Speech, speech.clone()),
            CallCommand::SendAudio(audio) => (
                TranscriptAction::Audio,
                format!("audio of {} bytes", audio.as_bytes().len()),
            ),
            CallCommand::StaySilent => (TranscriptAction::Silence, String::new()),
            _ => return,
        };
        self.record_entry(TranscriptParty::Person, action, self.verb.clone(), content);
    }

    fn queue(&self, heard: String) {
        let context = &self.context;
        context.send_to_streams(self.sid, &MediaTrack::Outbound, &heard);
        context.update(|state| {
            if let Some(entry) = state.call_mut(self.sid) {
                if entry.audio.len() == AUDIO_LIMIT {
                    entry.audio.pop_front();
                }
                entry.audio.push_back(heard);
            }
        });
    }

    fn record_entry(
        &self,
        party: TranscriptParty,
        action: TranscriptAction,
        verb: Option<String>,
        content: String,
    ) {
        if action == TranscriptAction::Speech {
            let track = match party {
                TranscriptParty::Person => CallTrack::Inbound,
                _ => CallTrack::Outbound,
            };
            report_speech(&self.context, self.sid, track, &content);
        }
        let new = TranscriptEntry {
            party,
            action,
            content: Redacted::new(content),
            verb,
            at: self.context.now(),
            offset: self.duration(),
        };
        self.context.update(|state| {
            if let Some(entry) = state.call_mut(self.sid) {
                if entry.transcript.len() == TRANSCRIPT_LIMIT {
                    entry.transcript.pop_front();
                }
                entry.transcript.push_back(new);
            }
        });
    }
}

/// Returns a sound as [`PhoneCall::hear`](crate::sandbox::PhoneCall::hear) returns it.
fn heard(action: TranscriptAction, content: &str) -> String {
    match action {
        TranscriptAction::Keys => format!("keys {content}"),
        TranscriptAction::Transfer => format!("transfer to {content}"),
        _ => content.to_owned(),
    }
}
