//! Runs `<Connect><Stream>`: a media stream in both directions.
//!
//! Source: <https://www.twilio.com/docs/voice/media-streams/websocket-messages>

use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use serde_json::Value;

use super::event::Event;
use super::playback::{Item, Playback};
use crate::sandbox::calls::active_call::ActiveCall;
use crate::sandbox::calls::step::Step;
use crate::sandbox::calls::streams::{
    StreamIdentity, StreamOptions, StreamOutlet, StreamWarnings, closed_cause,
};
use crate::sandbox::clock::{ClockMode, TimerEvent};
use crate::sandbox::state::{
    AlertCause, CallCommand, QueuedCommand, StreamTrack, TranscriptAction, WebhookKind,
};
use crate::sandbox::webhooks::{Closed, FormFields, Frame};
use crate::twiml::Node;
use crate::types::StreamSid;
use crate::webhook::websocket::stream::{MediaTrack, StreamCommand};

/// A stream between the phone and the application.
struct Session {
    stream: StreamIdentity,
    outlet: StreamOutlet,
    playback: Playback,
    warnings: StreamWarnings,
}

/// End of a stream.
enum End {
    /// The application closed the WebSocket, or it broke.
    Closed(Closed),
    /// A hang-up or the REST API interrupted the call.
    Interrupted(Step),
}

impl ActiveCall {
    /// Connects the phone with the application until one of them ends the stream.
    pub(super) async fn connect_stream(
        &mut self,
        verb: &Node,
        element: &Node,
        base: Option<&Url>,
    ) -> Step {
        let mut session = match self.open_stream(element, base).await {
            Ok(session) => session,
            Err(cause) => {
                self.alert_cause(cause);
                return self.after_stream(verb, base).await;
            }
        };
        let end = self.run_stream(&mut session).await;
        if let Some(heard) = session.playback.heard.complete() {
            self.play(action_of(&heard), heard);
        }
        let Session { stream, outlet, .. } = session;
        match end {
            End::Closed(closed) => {
                outlet.close(&self.context).await;
                stream.report_end(closed_cause(closed));
                self.after_stream(verb, base).await
            }
            End::Interrupted(step) => {
                outlet.stop(&self.context).await;
                stream.report_end(None);
                step
            }
        }
    }

    /// Continues with the `action`, or else with the next verb.
    async fn after_stream(&mut self, verb: &Node, base: Option<&Url>) -> Step {
        if verb.attribute("action").is_none() {
            return Step::NextVerb;
        }
        let (kind, fields) = (WebhookKind::ConnectAction, FormFields::new());
        self.request_action(kind, verb, base, fields).await
    }

    async fn open_stream(
        &mut self,
        element: &Node,
        base: Option<&Url>,
    ) -> Result<Session, AlertCause> {
        let options = StreamOptions::read(element, base, |cause| self.alert_cause(cause))?;
        if options.track != StreamTrack::Inbound {
            let message = "the track of a <Stream> inside <Connect> must be inbound_track";
            return Err(AlertCause::new(31941, message));
        }
        let stream = StreamIdentity {
            context: Arc::clone(&self.context),
            call: self.sid,
            sid: self.context.ids.sid("MZ"),
            name: options.name.clone(),
            status_callback: options.status_callback.clone(),
        };
        let outlet = StreamOutlet::open(&stream, &options).await;
        let outlet = outlet.inspect_err(|cause| stream.report_failure(*cause))?;
        stream.report_start();
        Ok(Session {
            stream,
            outlet,
            playback: Playback::default(),
            warnings: StreamWarnings::default(),
        })
    }

    async fn run_stream(&mut self, session: &mut Session) -> End {
        loop {
            let Session {
                outlet, playback, ..
            } = session;
            let StreamOutlet { socket, pace, .. } = outlet;
            match self.next_event(socket, &mut playback.timer, pace).await {
                Event::TimeOver => playback.timer = None,
                Event::SoundDue => outlet.keep_pace().await,
                Event::Frame(Frame::Text(text)) => session.receive(&text),
                Event::Frame(Frame::Binary) => session.warnings.add_binary(&session.stream),
                Event::Frame(Frame::Closed(closed)) => return End::Closed(closed),
                Event::Command(queued) => {
                    if let Some(step) = self.tell_stream(session, queued).await {
                        return End::Interrupted(step);
                    }
                }
            }
            if let Some(step) = self.play_from_stream(session).await {
                return End::Interrupted(step);
            }
        }
    }

    /// Sends the speech and keys of the phone to the application. Returns the next step if the
    /// command interrupts the call.
    async fn tell_stream(&mut self, session: &mut Session, queued: QueuedCommand) -> Option<Step> {
        match queued.command {
            CallCommand::Speak(_) | CallCommand::PressKeys(_) | CallCommand::SendAudio(_) => {
                match queued.accept() {
                    CallCommand::Speak(speech) => {
                        let length = session.outlet.sound(&MediaTrack::Inbound, &speech).await;
                        return self.pass_if_instant(length).await;
                    }
                    CallCommand::SendAudio(audio) => {
                        let length = session.outlet.audio(&MediaTrack::Inbound, &audio).await;
                        return self.pass_if_instant(length).await;
                    }
                    CallCommand::PressKeys(keys) => {
                        for key in keys.chars() {
                            session.outlet.digit(key).await;
                        }
                    }
                    _ => {}
                }
            }
            _ => return self.interrupt(queued),
        }
        None
    }

    /// Lets the time of the phone's sound pass, if no clock does.
    async fn pass_if_instant(&mut self, length: Duration) -> Option<Step> {
        if self.context.clock.mode() != ClockMode::Instant {
            return None;
        }
        self.pass(length, false).await.interruption()
    }

    /// Plays what is buffered to the phone, until a sound takes time. Returns the next step if the
    /// call is interrupted.
    async fn play_from_stream(&mut self, session: &mut Session) -> Option<Step> {
        while let Some(item) = session.playback.next() {
            let heard = match &item {
                Item::Sound(audio) => session.playback.heard.add(audio),
                Item::Mark(_) => session.playback.heard.complete(),
            };
            if let Some(heard) = heard {
                self.play(action_of(&heard), heard);
            }
            match item {
                Item::Mark(name) => session.outlet.mark(name).await,
                Item::Sound(audio) if self.context.clock.mode() == ClockMode::Instant => {
                    let passed = self.pass(audio.duration(), false).await;
                    if let Some(step) = passed.interruption() {
                        return Some(step);
                    }
                }
                Item::Sound(audio) => {
                    let timer = self
                        .context
                        .clock
                        .timer(audio.duration(), TimerEvent::end("end of audio"));
                    session.playback.timer = Some(timer);
                }
            }
        }
        None
    }
}

/// Returns the kind of a sound of the application: words, or sound without words.
fn action_of(heard: &str) -> TranscriptAction {
    if heard.starts_with("audio of ") {
        TranscriptAction::Audio
    } else {
        TranscriptAction::Speech
    }
}

impl Session {
    /// Applies a message of the application.
    fn receive(&mut self, text: &str) {
        let Self {
            stream,
            playback,
            warnings,
            ..
        } = self;
        let command = StreamCommand::parse(text).ok();
        match command.filter(|command| is_valid(command, text, stream.sid)) {
            Some(StreamCommand::Media(media)) => {
                if !playback.add(Item::Sound(media.audio)) {
                    let message = "more than 10 minutes of sound are buffered; it was discarded";
                    warnings.add(stream, 31931, message);
                }
            }
            Some(StreamCommand::Mark(mark)) => {
                if !playback.add(Item::Mark(mark.name)) {
                    let message = "more marks wait than the sandbox keeps; one was discarded";
                    warnings.add(stream, 31931, message);
                }
            }
            Some(StreamCommand::Clear(_)) => playback.clear(),
            Some(StreamCommand::Other(_)) | None => {
                let message = "the application sent a message with an unknown event, a missing or \
                               extra field, or another stream's SID";
                warnings.add(stream, 31951, message);
            }
        }
    }
}

/// Reports whether a message names the stream, and has the fields of its event and no others.
fn is_valid(command: &StreamCommand, text: &str, sid: StreamSid) -> bool {
    let named = match command {
        StreamCommand::Media(media) => media.stream_sid,
        StreamCommand::Mark(mark) => mark.stream_sid,
        StreamCommand::Clear(stream_sid) => *stream_sid,
        StreamCommand::Other(_) => return false,
    };
    let value = |text: &str| serde_json::from_str::<Value>(text).ok();
    named == sid && value(text) == value(&command.to_json())
}
