//! [`PhoneCall`]: a call as its phone experiences it.

use std::fmt;
use std::sync::Arc;

use tokio::sync::oneshot;

use crate::phone::SipUri;
use crate::sandbox::context::Context;
use crate::sandbox::error::{SandboxError, SandboxErrorKind};
use crate::sandbox::state::{CallCommand, State};
use crate::types::{CallSid, CallStatus};
use crate::webhook::websocket::stream::Audio;

/// Current or past call of a [`Phone`](crate::sandbox::Phone).
///
/// ```
/// use clinspark_twilio::phone::E164;
/// use clinspark_twilio::sandbox::Sandbox;
/// use clinspark_twilio::twiml::{Gather, Say, VoiceResponse};
/// use clinspark_twilio::types::CallStatus;
/// # use axum::routing::post;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let question = Gather::new().num_digits(1).action("/menu").append(Say::new("Press 1 to confirm."));
/// let menu = VoiceResponse::new().append(question).to_xml();
/// let thanks = VoiceResponse::new().append(Say::new("Thank you.")).to_xml();
/// // A server answers `/voice` with `menu`, and `/menu` with `thanks`.
/// # let xml = |body: String| || async { ([("content-type", "text/xml")], body) };
/// # let app = axum::Router::new().route("/voice", post(xml(menu))).route("/menu", post(xml(thanks)));
/// # let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
/// # let server = listener.local_addr()?;
/// # tokio::spawn(async move { axum::serve(listener, app).await });
///
/// let sandbox = Sandbox::start().await?;
/// let clinic = E164::parse("+14155550100")?;
/// let number = sandbox.add_number(clinic);
/// sandbox.configure_number(number, &[("VoiceUrl", &format!("http://{server}/voice"))])?;
///
/// let call = sandbox.phone(E164::parse("+14155550123")?).call(clinic).await?;
/// assert_eq!(call.hear().await?, "Press 1 to confirm.");
/// call.press("1").await?;
/// assert_eq!(call.hear().await?, "Thank you.");
/// assert_eq!(call.wait_ended().await?, CallStatus::Completed);
/// assert!(sandbox.alerts().is_empty());
/// # Ok(())
/// # }
/// ```
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

    /// Returns the SID of the call. A real phone does not know it.
    #[must_use]
    pub const fn sid(&self) -> CallSid {
        self.sid
    }

    /// Returns the status of the call.
    #[must_use]
    pub fn status(&self) -> CallStatus {
        self.context.read(|state| {
            let entry = state.call(self.sid);
            entry.map_or(CallStatus::Failed, |entry| entry.call.status.clone())
        })
    }

    /// Waits for the next audio in the call. Returns the text of a `<Say>` as one line, the URL of a
    /// `<Play>`, the speech of another phone, `keys` and the keys that it presses, or `beep` for the
    /// beep of a conference and before a `<Record>`. Sound from a `<Stream>` is returned as its text,
    /// or as `audio of 160 bytes`.
    ///
    /// # Errors
    ///
    /// Returns [`SandboxErrorKind::CallEnded`] if the call has ended and all its audio was returned,
    /// and [`Timeout`](SandboxErrorKind::Timeout) if nothing is said.
    pub async fn hear(&self) -> Result<String, SandboxError> {
        let ended = SandboxError::new(
            SandboxErrorKind::CallEnded,
            "the call has ended, and `hear` has returned all its audio",
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

    /// Presses keys (`0` to `9`, `*`, `#`), and waits until the call is idle again.
    ///
    /// A `<Gather>` ends at its `numDigits` or its `finishOnKey`, by default `#`. If the keys reach
    /// neither, call [`stay_silent`](Self::stay_silent) after them.
    ///
    /// # Errors
    ///
    /// Returns [`SandboxErrorKind::UnexpectedInput`] if no verb accepts keys, or if `keys` is empty or
    /// contains a character that is not a key.
    pub async fn press(&self, keys: &str) -> Result<(), SandboxError> {
        let is_key = |key: char| key.is_ascii_digit() || matches!(key, '*' | '#');
        if keys.is_empty() || !keys.chars().all(is_key) {
            return Err(SandboxError::new(
                SandboxErrorKind::UnexpectedInput,
                "a phone has only the keys 0 to 9, * and #",
            ));
        }
        self.send_input(CallCommand::PressKeys(keys.to_owned()))
            .await
    }

    /// Says something, and waits until the call is idle again.
    ///
    /// A `<Gather>` accepts speech when its `input` includes `speech`, and ends after the silence of
    /// its `speechTimeout`. With [`ClockMode::Instant`](crate::sandbox::ClockMode::Instant) that
    /// silence passes at once. A `<Record>` continues until
    /// a key, silence or a hang-up ends it. After a `<Dial>`, the other phone hears the speech, and in
    /// a conference each participant does. A `<Stream>` sends it to the application.
    ///
    /// # Errors
    ///
    /// Returns [`SandboxErrorKind::UnexpectedInput`] if no verb accepts speech.
    pub async fn say(&self, speech: &str) -> Result<(), SandboxError> {
        self.send_input(CallCommand::Speak(speech.to_owned())).await
    }

    /// Sends audio, such as recorded speech, and waits until the call is idle again. Only a
    /// `<Stream>` receives it: `<Gather>` and transcriptions recognize what [`say`](Self::say) says.
    ///
    /// # Errors
    ///
    /// Returns [`SandboxErrorKind::UnexpectedInput`] if no stream hears the phone.
    ///
    /// ```no_run
    /// use clinspark_twilio::sandbox::{PhoneCall, SandboxError};
    /// use clinspark_twilio::webhook::websocket::stream::Audio;
    ///
    /// async fn ask(call: &PhoneCall, question: Vec<u8>) -> Result<(), SandboxError> {
    ///     // Mu-law of 8000 Hz, without the header of a file.
    ///     call.send_audio(Audio::mulaw(question)).await
    /// }
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/media-streams/websocket-messages>
    pub async fn send_audio(&self, audio: Audio) -> Result<(), SandboxError> {
        self.send_input(CallCommand::SendAudio(audio)).await
    }

    /// Presses and says nothing until the verb's timeout passes, and waits until the call is idle
    /// again.
    ///
    /// # Errors
    ///
    /// Returns [`SandboxErrorKind::UnexpectedInput`] if no verb waits for keys or speech.
    pub async fn stay_silent(&self) -> Result<(), SandboxError> {
        self.send_input(CallCommand::StaySilent).await
    }

    /// Transfers the call to another SIP address, and waits until the call is idle again. Only a SIP
    /// endpoint that a `<Dial>` connects transfers calls.
    ///
    /// # Errors
    ///
    /// Returns [`SandboxErrorKind::UnexpectedInput`] if the `<Dial>` has no `referUrl`.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/dial#referurl>
    pub async fn refer(&self, target: &SipUri) -> Result<(), SandboxError> {
        self.send_input(CallCommand::Refer(target.expose().to_owned()))
            .await
    }

    /// Returns a custom parameter that came with the call: a `<Parameter>` of `<Client>`, or a
    /// header of a SIP URI.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<String> {
        self.context.read(|state| {
            let parameters = state.call(self.sid)?.parameters.expose();
            let found = parameters.iter().find(|(key, _)| key == name);
            found.map(|(_, value)| value.clone())
        })
    }

    /// Hangs up, and waits until the call has ended and its status callback was answered. Returns
    /// the final status.
    ///
    /// # Errors
    ///
    /// Returns [`SandboxErrorKind::Timeout`] if the call does not end.
    pub async fn hang_up(&self) -> Result<CallStatus, SandboxError> {
        self.send(CallCommand::HangUp, None);
        self.wait_ended().await
    }

    /// Waits until the call has ended and its status callback was answered. Returns the final
    /// status.
    ///
    /// # Errors
    ///
    /// Returns [`SandboxErrorKind::Timeout`] if the call does not end.
    pub async fn wait_ended(&self) -> Result<CallStatus, SandboxError> {
        let ended = |state: &mut State| {
            let entry = state.call(self.sid)?;
            entry.is_finished.then(|| entry.call.status.clone())
        };
        self.context.wait_for("the call did not end", ended).await
    }

    /// Sends keys, speech or silence, which a verb of the call must accept.
    async fn send_input(&self, command: CallCommand) -> Result<(), SandboxError> {
        let (accepted, mut answer) = oneshot::channel();
        self.send(command, Some(accepted));
        let failure = "no verb of the call accepted keys or speech";
        let was_accepted = tokio::select! {
            answer = &mut answer => answer.is_ok(),
            // Never finds anything: it only turns the timeout into its error.
            waited = self.context.wait_for::<()>(failure, |_| None) => return waited,
        };
        if !was_accepted {
            return Err(SandboxError::new(
                SandboxErrorKind::UnexpectedInput,
                "the call did not expect this input: it went on or ended without accepting it",
            ));
        }
        self.wait_idle_or_ended().await
    }

    /// Waits until the call is idle or has ended.
    pub(super) async fn wait_idle_or_ended(&self) -> Result<(), SandboxError> {
        let idle_or_ended = |state: &mut State| {
            let entry = state.call(self.sid)?;
            (state.is_idle(entry) || entry.is_finished).then_some(())
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
        self.context.command(self.sid, command, accepted);
    }
}
