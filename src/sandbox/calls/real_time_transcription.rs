//! Real-time transcriptions: the text of each side of a call, as it is said.
//!
//! Source: <https://www.twilio.com/docs/voice/twiml/transcription>

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::sandbox::context::Context;
use crate::sandbox::state::{
    AlertCause, CallTrack, RealTimeTranscription, TranscriptionOptions, WebhookKind, WebhookTarget,
    rfc3339,
};
use crate::sandbox::webhooks::{self, FormFields};
use crate::types::{CallSid, Redacted};

/// Settings of the engine: their names, and their defaults.
const CONFIGURATION: [(&str, Option<&str>); 4] = [
    ("profanityFilter", Some("true")),
    ("speechModel", Some("telephony")),
    ("enableAutomaticPunctuation", Some("true")),
    ("hints", None),
];
/// Attributes that send the text to another product of Twilio.
const INTELLIGENCE: [&str; 3] = [
    "intelligenceService",
    "conversationConfiguration",
    "conversationId",
];
/// Engines that Twilio offers.
const ENGINES: [&str; 2] = ["google", "deepgram"];
/// Confidence of each recognition: there is no sound that could be misheard.
const CONFIDENCE: f64 = 0.9;

impl TranscriptionOptions {
    /// Reads the options by the names of their attributes. `more` are further settings of the
    /// engine.
    pub(crate) fn read<'a>(
        get: impl Fn(&str) -> Option<&'a str>,
        callback: Option<WebhookTarget>,
        more: Vec<(String, String)>,
    ) -> Self {
        let text = |name: &str, default: &str| get(name).unwrap_or(default).to_owned();
        let mut configuration = Map::new();
        for (name, default) in CONFIGURATION {
            if let Some(value) = get(name).or(default) {
                configuration.insert(name.to_owned(), value.into());
            }
        }
        let more = more.into_iter();
        configuration.extend(more.map(|(name, value)| (name, Value::from(value))));
        let label = |name| get(name).map(|label| Redacted::new(label.to_owned()));
        Self {
            name: get("name").map(str::to_owned),
            callback,
            // The lint of the document warns of an invalid one.
            track: match get("track") {
                Some("inbound_track") => Some(CallTrack::Inbound),
                Some("outbound_track") => Some(CallTrack::Outbound),
                _ => None,
            },
            inbound_label: label("inboundTrackLabel"),
            outbound_label: label("outboundTrackLabel"),
            sends_partial_results: get("partialResults") == Some("true"),
            language: text("languageCode", "en-US"),
            engine: text("transcriptionEngine", "google"),
            configuration: Redacted::new(Value::from(configuration).to_string()),
            has_intelligence: INTELLIGENCE.iter().any(|name| get(name).is_some()),
        }
    }
}

/// Starts a transcription of a call. One that cannot start is an alert, and is reported as an error.
pub(crate) fn start_transcription(
    context: &Arc<Context>,
    call: CallSid,
    options: TranscriptionOptions,
) -> RealTimeTranscription {
    let error = error_of(context, call, &options);
    let transcription = RealTimeTranscription {
        sid: context.ids.sid("GT"),
        options,
        is_stopped: error.is_some(),
        sequence: 0,
        date_updated: context.now(),
    };
    context.update(|state| {
        if let Some(entry) = state.call_mut(call) {
            entry.transcriptions.push(transcription.clone());
        }
    });
    if let Some(error) = error {
        context.alert(error.code, error.message, call.as_str());
        let mut fields = FormFields::new();
        fields.push("TranscriptionErrorCode", error.code.to_string());
        fields.push("TranscriptionError", error.message);
        report(context, call, &transcription, "transcription-error", fields);
    } else {
        if transcription.options.has_intelligence {
            let message = "the sandbox has no Intelligence services; the text is only reported";
            context.alert(32655, message, call.as_str());
        }
        let fields = start_fields(&transcription.options);
        report(
            context,
            call,
            &transcription,
            "transcription-started",
            fields,
        );
    }
    transcription
}

/// Stops a transcription by its SID or name, and reports it. Returns `None` if none of that name is
/// in progress.
pub(crate) fn stop_transcription(
    context: &Arc<Context>,
    call: CallSid,
    name: &str,
) -> Option<RealTimeTranscription> {
    let now = context.now();
    let stopped = context.update(|state| {
        let mut all = state.call_mut(call)?.transcriptions.iter_mut();
        let found = all.find(|found| !found.is_stopped && found.is_named(name))?;
        found.is_stopped = true;
        found.date_updated = now;
        Some(found.clone())
    })?;
    let event = "transcription-stopped";
    report(context, call, &stopped, event, FormFields::new());
    Some(stopped)
}

/// Stops every transcription of a call.
pub(super) fn stop_transcriptions(context: &Arc<Context>, call: CallSid) {
    for transcription in live(context, call) {
        stop_transcription(context, call, transcription.sid.as_str());
    }
}

/// Reports whether a call is transcribed.
pub(super) fn is_transcribed(context: &Context, call: CallSid) -> bool {
    context.read(|state| {
        let entry = state.call(call);
        entry.is_some_and(|entry| entry.transcriptions.iter().any(|live| !live.is_stopped))
    })
}

/// Reports speech on one side of a call to its transcriptions.
pub(super) fn report_speech(context: &Arc<Context>, call: CallSid, track: CallTrack, text: &str) {
    for transcription in live(context, call) {
        let options = &transcription.options;
        if options.track.is_some_and(|only| only != track) {
            continue;
        }
        let event = "transcription-content";
        if options.sends_partial_results {
            let words: Vec<&str> = text.split_whitespace().collect();
            let half = words.get(..words.len().div_ceil(2)).unwrap_or_default();
            let mut fields = content_fields(options, track, &half.join(" "));
            fields.push("Final", "false");
            fields.push("Stability", "0.9");
            report(context, call, &transcription, event, fields);
        }
        let mut fields = content_fields(options, track, text);
        fields.push("Final", "true");
        report(context, call, &transcription, event, fields);
    }
}

/// Returns the transcriptions of a call that are in progress.
fn live(context: &Context, call: CallSid) -> Vec<RealTimeTranscription> {
    context.read(|state| {
        let all = state.call(call).map(|entry| entry.transcriptions.iter());
        let live = all.into_iter().flatten().filter(|live| !live.is_stopped);
        live.cloned().collect()
    })
}

/// Returns the cause for which a transcription cannot start.
fn error_of(
    context: &Context,
    call: CallSid,
    options: &TranscriptionOptions,
) -> Option<AlertCause> {
    if !ENGINES.contains(&options.engine.as_str()) {
        let message = "the transcriptionEngine is neither google nor deepgram";
        return Some(AlertCause::new(32652, message));
    }
    let name = options.name.as_deref()?;
    let is_taken = live(context, call).iter().any(|live| live.is_named(name));
    is_taken.then_some(AlertCause::new(
        32650,
        "another transcription of the call has the same name",
    ))
}

fn start_fields(options: &TranscriptionOptions) -> FormFields {
    let mut fields = FormFields::new();
    if let Some(name) = &options.name {
        fields.push("Name", name.as_str());
    }
    let track = options.track.map_or("both_tracks", CallTrack::as_str);
    fields.push("Track", track);
    for (name, label) in [
        ("InboundTrackLabel", &options.inbound_label),
        ("OutboundTrackLabel", &options.outbound_label),
    ] {
        if let Some(label) = label {
            fields.push(name, label.expose());
        }
    }
    fields.push("TranscriptionEngine", options.engine.as_str());
    fields.push("ProviderConfiguration", options.configuration.expose());
    let partial = options.sends_partial_results.to_string();
    fields.push("PartialResults", partial);
    fields.push("LanguageCode", options.language.as_str());
    fields
}

fn content_fields(options: &TranscriptionOptions, track: CallTrack, text: &str) -> FormFields {
    let mut fields = FormFields::new();
    fields.push("LanguageCode", options.language.as_str());
    fields.push("Track", track.as_str());
    let data = json!({ "transcript": text, "confidence": CONFIDENCE });
    fields.push("TranscriptionData", data.to_string());
    fields
}

/// Reports an event in the background, with the next number.
fn report(
    context: &Arc<Context>,
    call: CallSid,
    transcription: &RealTimeTranscription,
    event: &str,
    more: FormFields,
) {
    let Some(target) = &transcription.options.callback else {
        return;
    };
    let sequence = context.update(|state| {
        let mut all = state.call_mut(call)?.transcriptions.iter_mut();
        let found = all.find(|found| found.sid == transcription.sid)?;
        found.sequence += 1;
        Some(found.sequence)
    });
    let mut fields = FormFields::new();
    fields.push("AccountSid", context.account_sid.as_str());
    fields.push("CallSid", call.as_str());
    fields.push("TranscriptionSid", transcription.sid.as_str());
    fields.push("TranscriptionEvent", event);
    let now = rfc3339(context.now()).unwrap_or_default();
    fields.push("Timestamp", now);
    let sequence = sequence.unwrap_or(1).to_string();
    fields.push("SequenceId", sequence);
    fields.extend(more);
    let kind = WebhookKind::RealTimeTranscription;
    webhooks::notify_in_background(context, kind, call.as_str(), target, fields);
}
