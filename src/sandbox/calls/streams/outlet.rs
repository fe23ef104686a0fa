//! Messages of a media stream to the application.

use std::sync::Arc;
use std::time::Duration;

use super::options::StreamOptions;
use super::report::StreamIdentity;
use super::sound::frames_of;
use crate::sandbox::clock::Clock;
use crate::sandbox::context::Context;
use crate::sandbox::state::AlertCause;
use crate::sandbox::webhooks::{WebSocket, close_websocket, open_websocket};
use crate::types::{AccountSid, CallSid, Redacted, StreamSid};
use crate::webhook::websocket::stream::{
    MediaFormat, MediaTrack, StreamConnected, StreamDtmf, StreamMark, StreamMedia, StreamMessage,
    StreamStart, StreamStop,
};

/// Close code of Twilio for a stream that has ended.
const NORMAL_CLOSE: u16 = 1000;

/// An open media stream: its WebSocket, and the numbers of its messages.
pub(in crate::sandbox::calls) struct StreamOutlet {
    pub(in crate::sandbox::calls) socket: WebSocket,
    pub(in crate::sandbox::calls) sid: StreamSid,
    account: AccountSid,
    call: CallSid,
    clock: Arc<Clock>,
    /// Reading of the clock at the start.
    started: Duration,
    /// End of the sound sent so far, since the start.
    sent_until: Duration,
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
        let mut outlet = Self {
            socket,
            sid: stream.sid,
            account: context.account_sid,
            call: stream.call,
            clock: Arc::clone(&context.clock),
            started: context.clock.passed(),
            sent_until: Duration::ZERO,
            sequence_number: 0,
            chunk: 0,
        };
        outlet.start(options).await;
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

    /// Sends the sound of a text, all at once. Returns its length.
    pub(in crate::sandbox::calls) async fn sound(
        &mut self,
        track: &MediaTrack,
        text: &str,
    ) -> Duration {
        let now = self.clock.passed().saturating_sub(self.started);
        let begin = now.max(self.sent_until);
        self.sent_until = begin;
        for audio in frames_of(text) {
            self.chunk += 1;
            let length = audio.duration();
            let media = StreamMedia {
                sequence_number: Some(self.next_number()),
                stream_sid: Some(self.sid),
                track: Some(track.clone()),
                chunk: Some(self.chunk),
                timestamp: Some(self.sent_until),
                audio: Some(audio),
            };
            self.sent_until += length;
            self.send(&StreamMessage::Media(media)).await;
        }
        self.sent_until.saturating_sub(begin)
    }

    pub(in crate::sandbox::calls) async fn digit(&mut self, digit: char) {
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
        let mark = StreamMark {
            sequence_number: Some(self.next_number()),
            stream_sid: Some(self.sid),
            name: Some(name),
        };
        self.send(&StreamMessage::Mark(mark)).await;
    }

    /// Sends `stop`, and closes the WebSocket.
    pub(in crate::sandbox::calls) async fn stop(mut self, context: &Context) {
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
