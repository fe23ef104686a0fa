//! Messages of a media stream to the application.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use super::options::StreamOptions;
use super::report::StreamIdentity;
use super::sound::{frames_in, frames_of, silence};
use crate::sandbox::clock::{Clock, ClockMode, Timer, TimerEvent};
use crate::sandbox::context::Context;
use crate::sandbox::state::AlertCause;
use crate::sandbox::webhooks::{WebSocket, close_websocket, open_websocket};
use crate::types::{AccountSid, CallSid, Redacted, StreamSid};
use crate::webhook::websocket::stream::{
    Audio, MediaFormat, MediaTrack, StreamConnected, StreamDtmf, StreamMark, StreamMedia,
    StreamMessage, StreamStart, StreamStop,
};

/// Close code of Twilio for a stream that has ended.
const NORMAL_CLOSE: u16 = 1000;
/// Length of the sound in one message.
const FRAME_LENGTH: Duration = Duration::from_millis(20);
/// Time between messages while time is held: five are sent at once, so that an hour takes 36,000
/// steps of the clock and not 180,000.
const HELD_PACE: Duration = Duration::from_millis(100);

/// An open media stream: its WebSocket, and the numbers of its messages.
///
/// Twilio sends each track without a gap, so a track on which no one speaks is silence. With
/// [`ClockMode::Instant`] only sound takes time, and none passes between two sounds.
pub(in crate::sandbox::calls) struct StreamOutlet {
    pub(in crate::sandbox::calls) socket: WebSocket,
    /// Time of the next messages; `None` with [`ClockMode::Instant`].
    pub(in crate::sandbox::calls) pace: Option<Timer>,
    sid: StreamSid,
    account: AccountSid,
    call: CallSid,
    clock: Arc<Clock>,
    /// Reading of the clock at the start.
    started: Duration,
    /// End of the sound sent so far, since the start.
    sent_until: Duration,
    /// Tracks of the stream, and the sound that each has still to send.
    waiting: Vec<(MediaTrack, VecDeque<Audio>)>,
    sequence_number: u64,
    chunk: u64,
}

impl StreamOutlet {
    /// Opens the WebSocket, and sends `connected` and `start`.
    pub(in crate::sandbox::calls) async fn open(
        stream: &StreamIdentity,
        options: &StreamOptions,
    ) -> Result<Self, AlertCause> {
        let context = &stream.context;
        let socket = open_websocket(context, stream.call.as_str(), &options.url).await?;
        let tracks = options.track.tracks().into_iter();
        let mut outlet = Self {
            socket,
            pace: None,
            sid: stream.sid,
            account: context.account_sid,
            call: stream.call,
            clock: Arc::clone(&context.clock),
            started: context.clock.passed(),
            sent_until: Duration::ZERO,
            waiting: tracks.map(|track| (track, VecDeque::new())).collect(),
            sequence_number: 0,
            chunk: 0,
        };
        outlet.start(options).await;
        outlet.set_pace();
        Ok(outlet)
    }

    async fn start(&mut self, options: &StreamOptions) {
        let connected = StreamConnected {
            protocol: Some("Call".to_owned()),
            version: Some("1.0.0".to_owned()),
        };
        self.send(&StreamMessage::Connected(connected)).await;
        let start = StreamStart {
            sequence_number: Some(self.next_number()),
            stream_sid: Some(self.sid),
            account_sid: Some(self.account),
            call_sid: Some(self.call),
            tracks: options.track.tracks(),
            media_format: MediaFormat {
                encoding: Some("audio/x-mulaw".to_owned()),
                sample_rate: Some(8000),
                channels: Some(1),
            },
            custom_parameters: options.parameters.clone(),
        };
        self.send(&StreamMessage::Start(Box::new(start))).await;
    }

    /// Sends the sound of a text on a track: all at once with [`ClockMode::Instant`], otherwise as
    /// its time passes. Returns its length.
    pub(in crate::sandbox::calls) async fn sound(
        &mut self,
        track: &MediaTrack,
        text: &str,
    ) -> Duration {
        self.frames(track, frames_of(text)).await
    }

    /// Sends audio of the phone, as [`sound`](Self::sound) does with a text.
    pub(in crate::sandbox::calls) async fn audio(
        &mut self,
        track: &MediaTrack,
        audio: &Audio,
    ) -> Duration {
        self.frames(track, frames_in(audio)).await
    }

    async fn frames(&mut self, track: &MediaTrack, frames: Vec<Audio>) -> Duration {
        let length = frames.iter().map(Audio::duration).sum();
        let waiting = self.waiting.iter_mut().find(|(known, _)| known == track);
        let Some((_, sound)) = waiting else {
            return length;
        };
        sound.extend(frames);
        if self.pace.is_none() {
            self.sent_until = self.sent_until.max(self.now());
            self.send_until(self.sent_until + length).await;
        }
        length
    }

    /// Drops the sound of a track that was not sent yet.
    pub(in crate::sandbox::calls) fn cut(&mut self, track: &MediaTrack) {
        for (known, sound) in &mut self.waiting {
            if known == track {
                sound.clear();
            }
        }
    }

    /// Sends the sound and the silence of the time that has passed.
    pub(in crate::sandbox::calls) async fn keep_pace(&mut self) {
        self.catch_up().await;
        self.set_pace();
    }

    async fn catch_up(&mut self) {
        if self.clock.mode() != ClockMode::Instant {
            self.send_until(self.now()).await;
        }
    }

    fn set_pace(&mut self) {
        let after = match self.clock.mode() {
            ClockMode::Instant => return,
            ClockMode::RealTime => FRAME_LENGTH,
            ClockMode::Held => HELD_PACE,
        };
        self.pace = Some(
            self.clock
                .timer(after, TimerEvent::end("next audio of a stream")),
        );
    }

    /// Returns the time since the start.
    fn now(&self) -> Duration {
        self.clock.passed().saturating_sub(self.started)
    }

    async fn send_until(&mut self, end: Duration) {
        while self.sent_until + FRAME_LENGTH <= end && self.socket.is_open() {
            let next = self.waiting.iter_mut().map(|(track, sound)| {
                let audio = sound.pop_front();
                (track.clone(), audio.unwrap_or_else(silence))
            });
            for (track, audio) in next.collect::<Vec<_>>() {
                self.media(track, audio).await;
            }
            self.sent_until += FRAME_LENGTH;
        }
    }

    async fn media(&mut self, track: MediaTrack, audio: Audio) {
        self.chunk += 1;
        let media = StreamMedia {
            sequence_number: Some(self.next_number()),
            stream_sid: Some(self.sid),
            track: Some(track),
            chunk: Some(self.chunk),
            timestamp: Some(self.sent_until),
            audio: Some(audio),
        };
        self.send(&StreamMessage::Media(media)).await;
    }

    pub(in crate::sandbox::calls) async fn digit(&mut self, digit: char) {
        self.catch_up().await;
        let dtmf = StreamDtmf {
            sequence_number: Some(self.next_number()),
            stream_sid: Some(self.sid),
            // Twilio spells the track as TwiML does, in this message only.
            track: Some("inbound_track".to_owned()),
            digit: Some(Redacted::new(digit.to_string())),
        };
        self.send(&StreamMessage::Dtmf(dtmf)).await;
    }

    /// Returns the mark of the application, whose sound was played or cleared.
    pub(in crate::sandbox::calls) async fn mark(&mut self, name: Redacted<String>) {
        self.catch_up().await;
        let mark = StreamMark {
            sequence_number: Some(self.next_number()),
            stream_sid: Some(self.sid),
            name: Some(name),
        };
        self.send(&StreamMessage::Mark(mark)).await;
    }

    /// Sends `stop`, and closes the WebSocket.
    pub(in crate::sandbox::calls) async fn stop(mut self, context: &Context) {
        self.catch_up().await;
        let stop = StreamStop {
            sequence_number: Some(self.next_number()),
            stream_sid: Some(self.sid),
            account_sid: Some(self.account),
            call_sid: Some(self.call),
        };
        self.send(&StreamMessage::Stop(stop)).await;
        self.close(context).await;
    }

    /// Closes the WebSocket, or answers the close of the application.
    pub(in crate::sandbox::calls) async fn close(self, context: &Context) {
        close_websocket(context, self.socket, NORMAL_CLOSE, "").await;
    }

    async fn send(&mut self, message: &StreamMessage) {
        self.socket.send(message.to_json()).await;
    }

    const fn next_number(&mut self) -> u64 {
        self.sequence_number += 1;
        self.sequence_number
    }
}
