//! Runs `<Start>` and `<Stop>`: recordings, transcriptions and streams beside the verbs of a call.
//!
//! Source: <https://www.twilio.com/docs/voice/twiml/recording>,
//! <https://www.twilio.com/docs/voice/twiml/transcription>

use reqwest::Url;

use super::active_call::ActiveCall;
use super::real_time_transcription::{start_transcription, stop_transcription};
use super::recording::{callback_target, recording_track};
use super::step::Step;
use crate::sandbox::state::{RecordingOptions, TranscriptionOptions, WebhookKind};
use crate::sandbox::webhooks::FormFields;
use crate::twiml::Node;
use crate::types::RecordingSource;

impl ActiveCall {
    /// Starts each element of a `<Start>`. The call continues at once.
    pub(super) async fn run_start(&mut self, verb: &Node, base: Option<&Url>) -> Step {
        for noun in verb.children() {
            match noun.name() {
                "Recording" => self.start_twiml_recording(noun),
                "Transcription" => self.start_twiml_transcription(noun),
                "Stream" => self.start_stream(noun, base),
                "Siprec" => self.refuse_siprec(noun, base),
                _ => self.refuse_noun(),
            }
        }
        if verb.attribute("action").is_none() {
            return Step::NextVerb;
        }
        self.request_action(WebhookKind::Voice, verb, base, FormFields::new())
            .await
    }

    /// Stops each element of a `<Stop>`, by its name.
    pub(super) fn run_stop(&mut self, verb: &Node) -> Step {
        for noun in verb.children() {
            let name = noun.attribute("name").unwrap_or_default();
            match noun.name() {
                "Recording" => {
                    if !self.stop_recording_named(name) {
                        self.alert(12200, "a <Stop> names no recording of the call");
                    }
                }
                "Transcription" => {
                    if stop_transcription(&self.context, self.sid, name).is_none() {
                        self.alert(12200, "a <Stop> names no transcription of the call");
                    }
                }
                "Stream" => self.stop_stream(noun),
                "Siprec" => self.alert(12200, "a <Stop> names no SIPREC session of the call"),
                _ => self.refuse_noun(),
            }
        }
        Step::NextVerb
    }

    fn refuse_noun(&self) {
        let message = "the sandbox does not support this element of <Start> or <Stop>";
        self.alert(12200, message);
    }

    fn start_twiml_transcription(&self, noun: &Node) {
        let url = noun.attribute("statusCallbackUrl");
        let method = noun.attribute("statusCallbackMethod");
        // The URL must be absolute.
        let callback = url.map(|url| callback_target(url, method, None));
        if matches!(callback, Some(None)) {
            let message = "the statusCallbackUrl of a <Transcription> is not an absolute URL";
            self.alert(32650, message);
            return;
        }
        let settings = noun.children().filter(|child| child.name() == "Config");
        let settings = settings.filter_map(|config| {
            let name = config.attribute("name")?.to_owned();
            Some((name, config.attribute("value")?.to_owned()))
        });
        let get = |name: &str| noun.attribute(name);
        let options = TranscriptionOptions::read(get, callback.flatten(), settings.collect());
        start_transcription(&self.context, self.sid, options);
    }

    fn start_twiml_recording(&mut self, noun: &Node) {
        let options = RecordingOptions {
            channels: if noun.attribute("channels") == Some("mono") {
                1
            } else {
                2
            },
            // The URL must be absolute.
            callback: self.recording_callback(noun, None),
            ..RecordingOptions::new(RecordingSource::StartCallRecordingTwiml)
        };
        let options = options.with_track(recording_track(noun.attribute("track")));
        self.start_recording(&options, noun.attribute("name"));
    }
}
