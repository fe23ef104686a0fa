//! Transcribes the recording of a `<Record>`: the text is what the phone said.
//!
//! Source: <https://www.twilio.com/docs/voice/twiml/record#transcribe>

use reqwest::Url;

use super::active_call::ActiveCall;
use super::recording::{callback_target, recording_url};
use crate::sandbox::state::{StoredTranscription, WebhookKind};
use crate::sandbox::webhooks::{self, FormFields};
use crate::twiml::Node;
use crate::types::{RecordingSid, Redacted};

/// Longest recording in seconds that is transcribed.
pub(super) const LONGEST: u64 = 120;
/// Longest recording in seconds that is too short.
const TOO_SHORT: u64 = 2;
/// Text of a transcription in which no speech was recognised.
const BLANK: &str = "(blank)";

/// Reports whether a `<Record>` asks for a transcription. A `transcribeCallback` turns it on.
pub(super) fn is_transcribed(verb: &Node) -> bool {
    match verb.attribute("transcribe") {
        Some(text) => text == "true",
        None => verb.attribute("transcribeCallback").is_some(),
    }
}

impl ActiveCall {
    /// Transcribes a recording, and reports the text. A recording that is too short or too long is
    /// an alert.
    pub(super) fn transcribe(
        &self,
        verb: &Node,
        base: Option<&Url>,
        recording: RecordingSid,
        speech: &str,
    ) {
        let context = &self.context;
        let seconds = context.read(|state| state.recording(recording)?.duration);
        let Some(seconds) = seconds.filter(|s| (TOO_SHORT + 1..=LONGEST).contains(s)) else {
            let message = "only recordings of more than 2 and up to 120 seconds are transcribed";
            self.alert(13617, message);
            return;
        };
        let text = if speech.is_empty() { BLANK } else { speech };
        let transcription = StoredTranscription {
            sid: context.ids.sid("TR"),
            recording_sid: recording,
            text: Redacted::new(text.to_owned()),
            duration: seconds,
            date_created: context.now(),
        };
        context.update(|state| {
            if let Some(entry) = state.recordings.get_mut(recording) {
                entry.transcriptions.push(transcription.clone());
            }
        });
        let Some(url) = verb.attribute("transcribeCallback") else {
            return;
        };
        let Some(target) = callback_target(url, None, base) else {
            self.alert(13257, "the transcribeCallback is not a valid URL");
            return;
        };
        let fields = self.transcription_fields(&transcription);
        let (kind, sid) = (WebhookKind::Transcription, self.sid.as_str());
        webhooks::notify_in_background(context, kind, sid, &target, fields);
    }

    fn transcription_fields(&self, transcription: &StoredTranscription) -> FormFields {
        let (context, recording) = (&self.context, transcription.recording_sid);
        let recording_url = recording_url(context, recording);
        let sid = transcription.sid.as_str();
        let mut fields = FormFields::new();
        fields.push("TranscriptionSid", sid);
        fields.push("TranscriptionText", transcription.text.expose());
        fields.push("TranscriptionStatus", "completed");
        let url = format!("{recording_url}/Transcriptions/{sid}");
        fields.push("TranscriptionUrl", url);
        fields.push("RecordingSid", recording.as_str());
        fields.push("RecordingUrl", recording_url);
        fields.push("AccountSid", context.account_sid.as_str());
        fields.push("ApiVersion", "2010-04-01");
        let Some(call) = self.stored() else {
            return fields;
        };
        fields.push("CallSid", call.sid.as_str());
        fields.push("CallStatus", call.status.as_str());
        fields.push("Direction", call.direction.as_str());
        fields.push("From", call.from.expose());
        fields.push("To", call.to.expose());
        fields
    }
}
