//! Media streams that only listen: of `<Start>` and of the REST API.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::options::StreamOptions;
use super::outlet::StreamOutlet;
use super::report::{StreamIdentity, StreamWarnings, closed_cause};
use crate::sandbox::calls::commands::ended;
use crate::sandbox::context::Context;
use crate::sandbox::state::{
    ActivityGuard, AlertCause, ListeningStream, QueuedStreamInput, StreamInput,
};
use crate::sandbox::webhooks::Frame;
use crate::types::{CallSid, StreamSid};
use crate::webhook::websocket::stream::MediaTrack;

/// Tracks of one call that may be streamed at a time.
///
/// Source: <https://www.twilio.com/docs/voice/media-streams>
const TRACK_LIMIT: usize = 4;

/// Starts a stream that listens to a call, in the background. Returns its SID. A failure of its
/// WebSocket is an alert.
pub(crate) fn listen(
    context: &Arc<Context>,
    call: CallSid,
    options: StreamOptions,
) -> Result<StreamSid, AlertCause> {
    const NOT_FOUND: AlertCause = AlertCause::new(31900, "the call of the stream is not known");
    const TOO_MANY: AlertCause =
        AlertCause::new(31960, "a call can have at most 4 streamed tracks at a time");
    const NAME_TAKEN: AlertCause = AlertCause::new(
        12200,
        "the name of the stream is that of another stream of the call",
    );
    let sid = context.ids.sid("MZ");
    let (inputs, queue) = mpsc::unbounded_channel();
    let new = ListeningStream {
        sid,
        name: options.name.clone(),
        track: options.track,
        inputs,
    };
    context.update(|state| {
        let entry = state.call_mut(call).ok_or(NOT_FOUND)?;
        let streams = &mut entry.streams;
        let tracks: usize = streams.iter().map(|s| s.track.tracks().len()).sum();
        if tracks + new.track.tracks().len() > TRACK_LIMIT {
            return Err(TOO_MANY);
        }
        if new.name.is_some() && streams.iter().any(|stream| stream.name == new.name) {
            return Err(NAME_TAKEN);
        }
        streams.push(new);
        Ok(())
    })?;
    let stream = StreamIdentity {
        context: Arc::clone(context),
        call,
        sid,
        name: options.name.clone(),
        status_callback: options.status_callback.clone(),
    };
    context.spawn(|activity| run(stream, options, queue, activity));
    Ok(sid)
}

/// Stops a listening stream of a call by its name or SID. Returns its SID and its name.
pub(crate) fn stop(
    context: &Context,
    call: CallSid,
    name: &str,
) -> Option<(StreamSid, Option<String>)> {
    let stream = context.update(|state| {
        let streams = &mut state.call_mut(call)?.streams;
        let place = streams.iter().position(|stream| stream.is_called(name))?;
        Some(streams.remove(place))
    })?;
    stream.send(StreamInput::Stop, context.begin_activity());
    Some((stream.sid, stream.name))
}

async fn run(
    stream: StreamIdentity,
    options: StreamOptions,
    queue: mpsc::UnboundedReceiver<QueuedStreamInput>,
    activity: ActivityGuard,
) {
    let outlet = match StreamOutlet::open(&stream, &options).await {
        Ok(outlet) => outlet,
        Err(cause) => {
            forget(&stream);
            stream.report_end(Some(cause));
            return;
        }
    };
    stream.report_start();
    // The stream waits for sound now, and `Sandbox::wait_idle` does not.
    drop(activity);
    forward(&stream, outlet, queue).await;
}

/// Sends the sound of the call to the application, until one of them ends the stream.
async fn forward(
    stream: &StreamIdentity,
    mut outlet: StreamOutlet,
    mut queue: mpsc::UnboundedReceiver<QueuedStreamInput>,
) {
    let mut warnings = StreamWarnings::default();
    loop {
        tokio::select! {
            biased;
            queued = queue.recv() => match queued {
                Some(QueuedStreamInput { input: StreamInput::Sound(track, sound), activity }) => {
                    outlet.sound(&track, &sound).await;
                    drop(activity);
                }
                Some(QueuedStreamInput { input: StreamInput::Audio(audio), activity }) => {
                    outlet.audio(&MediaTrack::Inbound, &audio).await;
                    drop(activity);
                }
                Some(QueuedStreamInput { input: StreamInput::Cut(track), activity }) => {
                    outlet.cut(&track);
                    drop(activity);
                }
                // The sender is dropped with the record of the call.
                stop => {
                    outlet.stop(&stream.context).await;
                    stream.report_end(None);
                    drop(stop);
                    return;
                }
            },
            guard = ended(&mut outlet.pace) => {
                outlet.keep_pace().await;
                drop(guard);
            }
            frame = outlet.socket.next() => match frame {
                Frame::Text(_) => {
                    let message = "the stream only listens; use <Connect> to send messages";
                    warnings.add(stream, 31951, message);
                }
                Frame::Binary => warnings.add_binary(stream),
                Frame::Closed(closed) => {
                    let activity = stream.context.begin_activity();
                    outlet.close(&stream.context).await;
                    forget(stream);
                    stream.report_end(closed_cause(closed));
                    drop(activity);
                    return;
                }
            },
        }
    }
}

/// Removes the stream from its call.
fn forget(stream: &StreamIdentity) {
    stream.context.update(|state| {
        if let Some(entry) = state.call_mut(stream.call) {
            entry.streams.retain(|running| running.sid != stream.sid);
        }
    });
}
