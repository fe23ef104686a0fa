//! Media streams that listen to a call.

use tokio::sync::mpsc;

use super::activity::ActivityGuard;
use crate::types::StreamSid;
use crate::webhook::websocket::stream::{Audio, MediaTrack};

/// Tracks of a media stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StreamTrack {
    Inbound,
    Outbound,
    Both,
}

impl StreamTrack {
    /// Parses the value of `track`. Default `inbound_track`.
    pub(crate) fn parse(text: Option<&str>) -> Option<Self> {
        match text {
            None | Some("inbound_track") => Some(Self::Inbound),
            Some("outbound_track") => Some(Self::Outbound),
            Some("both_tracks") => Some(Self::Both),
            Some(_) => None,
        }
    }

    pub(crate) fn has(self, track: &MediaTrack) -> bool {
        self.tracks().contains(track)
    }

    pub(crate) fn has_inbound(self) -> bool {
        self.has(&MediaTrack::Inbound)
    }

    pub(crate) fn tracks(self) -> Vec<MediaTrack> {
        match self {
            Self::Inbound => vec![MediaTrack::Inbound],
            Self::Outbound => vec![MediaTrack::Outbound],
            Self::Both => vec![MediaTrack::Inbound, MediaTrack::Outbound],
        }
    }
}

/// A media stream that listens to a call, and the channel to its task.
pub(crate) struct ListeningStream {
    pub(crate) sid: StreamSid,
    /// Name that the application gave the stream.
    pub(crate) name: Option<String>,
    pub(crate) track: StreamTrack,
    pub(crate) inputs: mpsc::UnboundedSender<QueuedStreamInput>,
}

impl ListeningStream {
    /// Sends an input to the task of the stream.
    pub(crate) fn send(&self, input: StreamInput, activity: ActivityGuard) {
        // A closed channel means that the stream has ended.
        let _ = self.inputs.send(QueuedStreamInput { input, activity });
    }

    /// Reports whether the application calls the stream by this name or SID.
    pub(crate) fn is_called(&self, name: &str) -> bool {
        self.sid.as_str() == name || self.name.as_deref() == Some(name)
    }
}

/// Input of a media stream.
pub(crate) enum StreamInput {
    /// Something is said or played on a track.
    Sound(MediaTrack, String),
    /// The phone sends audio.
    Audio(Audio),
    /// What is said or played on a track was interrupted.
    Cut(MediaTrack),
    /// A `<Stop>`, the REST API, or the end of the call stops the stream.
    Stop,
}

/// An input in the queue of a stream.
pub(crate) struct QueuedStreamInput {
    pub(crate) input: StreamInput,
    /// Keeps the sandbox busy until the input was sent to the application.
    pub(crate) activity: ActivityGuard,
}
