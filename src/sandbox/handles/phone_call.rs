//! [`PhoneCall`]: what is heard, pressed and said in a call.

use std::fmt;
use std::sync::Arc;

use tokio::sync::oneshot;

use crate::sandbox::context::Context;
use crate::sandbox::error::{SandboxError, SandboxErrorKind};
use crate::sandbox::state::{CallCommand, QueuedCommand, State};
use crate::types::{CallSid, CallStatus};

/// A call that a [`Phone`](crate::sandbox::Phone) is in, or was in.
#[derive(Clone)]
pub struct PhoneCall {
    context: Arc<Context>,
    sid: CallSid,
}

impl fmt::Debug for PhoneCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhoneCall({})", self.sid)
    }
}

impl PhoneCall {
    pub(super) const fn new(context: Arc<Context>, sid: CallSid) -> Self {
        Self { context, sid }
    }

    /// The call's SID, which a real phone does not see.
    #[must_use]
    pub const fn sid(&self) -> CallSid {
        self.sid
    }

    /// Status of the call.
    #[must_use]
    pub fn status(&self) -> CallStatus {
        self.context.read(|state| {
            let entry = state.call(self.sid);
            entry.map_or(CallStatus::Failed, |entry| entry.call.status.clone())
        })
    }

    /// Waits for the next thing said to the phone, and returns it as one line of text; for a file
    /// that is played, its URL.
    ///
    /// # Errors
    ///
    /// [`SandboxErrorKind::CallEnded`] when the call has ended and all has been heard;
    /// [`Timeout`](SandboxErrorKind::Timeout) when nothing is said.
    pub async fn hear(&self) -> Result<String, SandboxError> {
        let ended = SandboxError::new(
            SandboxErrorKind::CallEnded,
            "the call is over, and everything said in it has been heard",
        );
        let next = |state: &mut State| {
            let entry = state.call_mut(self.sid)?;
            match entry.audio.pop_front() {
                Some(audio) => Some(Some(audio)),
                None => entry.is_finished.then_some(None),
            }
        };
        let heard = self.context.wait_for("nothing was said in the call", next);
        heard.await?.ok_or(ended)
    }

    /// Presses keys (`0` to `9`, `*`, `#`), and waits until the call is idle again. A `<Gather>`
    /// that names neither a number of digits nor ends on `#` needs
    /// [`stay_silent`](Self::stay_silent) after them.
    ///
    /// # Errors
    ///
    /// [`SandboxErrorKind::UnexpectedInput`] when nothing asks for keys, or the
    /// text contains a character that is no key.
    pub async fn press(&self, keys: &str) -> Result<(), SandboxError> {
        let is_key = |key: char| key.is_ascii_digit() || matches!(key, '*' | '#');
        if keys.is_empty() || !keys.chars().all(is_key) {
            return Err(SandboxError::new(
                SandboxErrorKind::UnexpectedInput,
                "a phone has the keys 0 to 9, * and #",
            ));
        }
        self.send_input(CallCommand::PressKeys(keys.to_owned()))
            .await
    }

    /// Says something, and waits until the call is idle again. A `<Gather>` takes it when its
    /// input is `speech`, a `<Record>` goes on until a key, silence or hanging up ends it, and
    /// after a `<Dial>` the other phone hears it.
    ///
    /// # Errors
    ///
    /// [`SandboxErrorKind::UnexpectedInput`] when nothing asks for speech.
    pub async fn say(&self, speech: &str) -> Result<(), SandboxError> {
        self.send_input(CallCommand::Speak(speech.to_owned())).await
    }

    /// Presses and says nothing until the verb's timeout passes, and waits until the call is idle
    /// again.
    ///
    /// # Errors
    ///
    /// [`SandboxErrorKind::UnexpectedInput`] when nothing asks for keys or speech.
    pub async fn stay_silent(&self) -> Result<(), SandboxError> {
        self.send_input(CallCommand::StaySilent).await
    }

    /// Hangs up, and waits until the call has ended and was reported. Returns its last status.
    ///
    /// # Errors
    ///
    /// [`SandboxErrorKind::Timeout`] when it does not end.
    pub async fn hang_up(&self) -> Result<CallStatus, SandboxError> {
        self.send(CallCommand::HangUp, None);
        self.wait_ended().await
    }

    /// Waits until the call has ended and was reported. Returns its last status.
    ///
    /// # Errors
    ///
    /// [`SandboxErrorKind::Timeout`] when it does not end.
    pub async fn wait_ended(&self) -> Result<CallStatus, SandboxError> {
        let ended = |state: &mut State| {
            let entry = state.call(self.sid)?;
            entry.is_finished.then(|| entry.call.status.clone())
        };
        self.context.wait_for("the call did not end", ended).await
    }

    /// Sends keys, speech or silence, which a verb of the call must take.
    async fn send_input(&self, command: CallCommand) -> Result<(), SandboxError> {
        let (accepted, mut answer) = oneshot::channel();
        self.send(command, Some(accepted));
        let failure = "the call did not ask for keys or words";
        let was_accepted = tokio::select! {
            answer = &mut answer => answer.is_ok(),
            waited = self.context.wait_for::<()>(failure, |_| None) => return waited,
        };
        if !was_accepted {
            return Err(SandboxError::new(
                SandboxErrorKind::UnexpectedInput,
                "the call did not ask for this: it went on or ended without taking it",
            ));
        }
        self.wait_idle_or_ended().await
    }

    /// Waits until the call is idle or has ended.
    pub(super) async fn wait_idle_or_ended(&self) -> Result<(), SandboxError> {
        let idle_or_ended = |state: &mut State| {
            let entry = state.call(self.sid)?;
            (entry.is_idle || entry.is_finished).then_some(())
        };
        self.context
            .wait_for("the call did not become idle", idle_or_ended)
            .await
    }

    pub(super) async fn status_after_ringing(
        &self,
        failure: &'static str,
    ) -> Result<CallStatus, SandboxError> {
        let connected = |state: &mut State| {
            let status = &state.call(self.sid)?.call.status;
            (*status != CallStatus::Ringing).then(|| status.clone())
        };
        self.context.wait_for(failure, connected).await
    }

    pub(super) fn send(&self, command: CallCommand, accepted: Option<oneshot::Sender<()>>) {
        let queued = QueuedCommand {
            command,
            accepted,
            activity: Some(self.context.begin_activity()),
        };
        self.context.update(|state| {
            if let Some(entry) = state.call(self.sid) {
                // A closed channel is a call that is over.
                let _ = entry.commands.send(queued);
            }
        });
    }
}
