//! Runs `<Connect><ConversationRelay>`: the phone's speech as text, and text as speech.
//!
//! Source: <https://www.twilio.com/docs/voice/conversationrelay/websocket-messages>

use std::time::Duration;

use reqwest::Url;

use super::event::Event;
use super::settings::{InputKinds, RelaySettings};
use super::talk::{Talk, Talks};
use crate::phone::Address;
use crate::sandbox::calls::active_call::ActiveCall;
use crate::sandbox::calls::send_digits::digits_length;
use crate::sandbox::calls::speak::{AUDIO_LENGTH, speech_length};
use crate::sandbox::calls::step::Step;
use crate::sandbox::clock::{ClockMode, TimerEvent};
use crate::sandbox::state::{
    AlertCause, CallCommand, QueuedCommand, TranscriptAction, WebhookKind,
};
use crate::sandbox::webhooks::{FormFields, Frame, WebSocket, close_websocket, open_websocket};
use crate::twiml::Node;
use crate::types::{CallDirection, CallStatus, Redacted};
use crate::webhook::websocket::relay::{
    CallType, PlaySound, RelayCommand, RelayMessage, SessionSetup, SwitchLanguage, TextToken,
    VoicePrompt,
};

/// Malformed messages in a row after which Twilio closes the WebSocket.
const MALFORMED_LIMIT: u32 = 10;
/// Largest number of partial prompts of one utterance.
const PARTIAL_PROMPTS: usize = 10;
/// Times that `loop="0"` plays a sound.
const ENDLESS: u32 = 1000;

/// A session between the phone and the application.
struct Session {
    settings: RelaySettings,
    socket: WebSocket,
    talks: Talks,
    malformed: u32,
}

/// End of a session.
enum End {
    /// The application sent `end`.
    Ended(Option<Redacted<String>>),
    /// The phone hung up, or the API ended the call.
    Completed,
    Failed(AlertCause),
    /// The REST API gave the call new instructions.
    Redirected(Step),
}

impl End {
    fn after(step: Step) -> Self {
        match step {
            Step::End => Self::Completed,
            step => Self::Redirected(step),
        }
    }

    const fn status(&self) -> &'static str {
        match self {
            Self::Ended(_) => "ended",
            Self::Completed | Self::Redirected(_) => "completed",
            Self::Failed(_) => "failed",
        }
    }
}

impl ActiveCall {
    /// Connects the phone with the application until one of them ends the session.
    pub(super) async fn connect_relay(
        &mut self,
        verb: &Node,
        element: &Node,
        base: Option<&Url>,
    ) -> Step {
        let id = format!("VX{}", self.context.ids.hex_digits());
        let began = self.duration();
        let end = match self.open_session(element, base, &id).await {
            Ok(mut session) => {
                let end = self.run_session(&mut session).await;
                session.close(self, &end).await;
                end
            }
            Err(cause) => End::Failed(cause),
        };
        let mut fields = FormFields::new();
        fields.push("SessionId", id);
        fields.push("SessionStatus", end.status());
        let duration = self.duration().saturating_sub(began);
        fields.push("SessionDuration", duration.as_secs().to_string());
        self.after_session(verb, base, end, fields).await
    }

    /// Continues with the `action`. Without one, the call continues after `end`, and ends after a
    /// failure.
    async fn after_session(
        &mut self,
        verb: &Node,
        base: Option<&Url>,
        end: End,
        mut fields: FormFields,
    ) -> Step {
        let next = match end {
            End::Redirected(step) => return step,
            End::Ended(data) => {
                if let Some(data) = data {
                    fields.push("HandoffData", data.into_inner());
                }
                Step::NextVerb
            }
            End::Completed => {
                // Ended before the `action` is requested, so that it shows the final status.
                self.end(CallStatus::Completed);
                Step::End
            }
            End::Failed(cause) => {
                self.alert_cause(cause);
                fields.push("ErrorCode", cause.code.to_string());
                fields.push("ErrorMessage", cause.message);
                Step::End
            }
        };
        if verb.attribute("action").is_none() {
            return next;
        }
        let kind = WebhookKind::ConnectAction;
        self.request_action(kind, verb, base, fields).await
    }

    async fn open_session(
        &mut self,
        element: &Node,
        base: Option<&Url>,
        id: &str,
    ) -> Result<Session, AlertCause> {
        let settings = RelaySettings::read(element, base, |cause| self.alert_cause(cause))?;
        let socket = open_websocket(&self.context, self.sid.as_str(), &settings.url).await;
        let socket = socket.map_err(|cause| match cause.code {
            // The sandbox itself refuses the host.
            11210 => cause,
            _ => AlertCause::new(64102, cause.message),
        })?;
        let mut session = Session {
            settings,
            socket,
            talks: Talks::default(),
            malformed: 0,
        };
        let setup = self.setup(&session.settings, id);
        session.send(&RelayMessage::Setup(Box::new(setup))).await;
        if let Some(greeting) = &session.settings.welcome_greeting {
            let interruptible = session.settings.greeting_interruptible;
            session
                .talks
                .add(Talk::speech(greeting, interruptible, false));
        }
        Ok(session)
    }

    fn setup(&self, settings: &RelaySettings, id: &str) -> SessionSetup {
        let mut setup = SessionSetup {
            session_id: Some(id.to_owned()),
            account_sid: Some(self.context.account_sid),
            call_sid: Some(self.sid),
            custom_parameters: settings.parameters.clone(),
            ..SessionSetup::default()
        };
        let Some(call) = self.stored() else {
            return setup;
        };
        let phone = match call.direction {
            CallDirection::Inbound => &call.from,
            _ => &call.to,
        };
        setup.call_type = Some(match phone {
            Address::Sip(_) => CallType::Sip,
            Address::Client(_) => CallType::Client,
            _ => CallType::Pstn,
        });
        setup.parent_call_sid = call.parent_call_sid;
        setup.from = Some(call.from);
        setup.to = Some(call.to);
        setup.direction = Some(call.direction);
        setup.call_status = Some(call.status);
        setup
    }

    async fn run_session(&mut self, session: &mut Session) -> End {
        loop {
            if let Some(step) = self.play_talks(&mut session.talks).await {
                return End::after(step);
            }
            let Session { socket, talks, .. } = session;
            match self.next_event(socket, &mut talks.timer, &mut None).await {
                Event::TimeOver => talks.finish_current(),
                Event::SoundDue => {}
                Event::Frame(Frame::Closed(_)) => {
                    let message = "the WebSocket of the session ended without `end`";
                    return End::Failed(AlertCause::new(64105, message));
                }
                Event::Frame(frame) => {
                    if let Some(end) = self.receive_from_session(session, frame).await {
                        return end;
                    }
                }
                Event::Command(queued) => {
                    if let Some(step) = self.tell_session(session, queued).await {
                        return End::after(step);
                    }
                }
            }
        }
    }

    /// Lets the phone hear what waits, until a part takes time. Returns the next step if the call
    /// is interrupted.
    async fn play_talks(&mut self, talks: &mut Talks) -> Option<Step> {
        while let Some(talk) = talks.next() {
            self.play(TranscriptAction::Speech, talk.heard.clone());
            let clock = &self.context.clock;
            if clock.mode() == ClockMode::Instant {
                let passed = self.pass(talk.length, false).await;
                if let Some(step) = passed.interruption() {
                    return Some(step);
                }
            } else {
                let (now, timer) = (
                    clock.passed(),
                    clock.timer(talk.length, TimerEvent::end("end of speech")),
                );
                talks.begin(talk, now, timer);
            }
        }
        None
    }

    /// Sends the speech and keys of the phone to the application. Returns the next step if the
    /// command interrupts the call.
    async fn tell_session(&mut self, session: &mut Session, queued: QueuedCommand) -> Option<Step> {
        let now = self.context.clock.passed();
        match queued.command {
            CallCommand::Speak(_) => {
                if let CallCommand::Speak(speech) = queued.accept()
                    && session.admits(now, InputKinds::has_speech).await
                {
                    session.prompt(&speech).await;
                    if self.context.clock.mode() == ClockMode::Instant {
                        let passed = self.pass(speech_length(&speech), false).await;
                        return passed.interruption();
                    }
                }
            }
            // Without the detection nothing accepts keys, but they still interrupt speech.
            CallCommand::PressKeys(_) if session.hears_keys() => {
                if let CallCommand::PressKeys(keys) = queued.accept()
                    && session.admits(now, InputKinds::has_keys).await
                    && session.settings.has_dtmf
                {
                    for key in keys.chars() {
                        let digit = Redacted::new(key.to_string());
                        session.send(&RelayMessage::Dtmf(Some(digit))).await;
                    }
                }
            }
            _ => return self.interrupt(queued),
        }
        None
    }

    /// Applies a message of the application.
    async fn receive_from_session(&self, session: &mut Session, frame: Frame) -> Option<End> {
        let command = match &frame {
            Frame::Text(text) => RelayCommand::parse(text).ok(),
            Frame::Binary | Frame::Closed(_) => None,
        };
        match command {
            Some(RelayCommand::Text(token)) => self.check_space(session.speak(&token)),
            Some(RelayCommand::Play(sound)) => self.check_space(session.play(sound)),
            Some(RelayCommand::SendDigits(digits)) => {
                self.check_space(session.send_digits(digits.expose()));
            }
            Some(RelayCommand::Language(language)) => session.switch(language),
            Some(RelayCommand::End(end)) => return Some(End::Ended(end.handoff_data)),
            Some(RelayCommand::Other(_)) | None => return self.drop_malformed(session).await,
        }
        session.malformed = 0;
        None
    }

    /// Adds an alert if the phone is too far behind for a message to be kept.
    fn check_space(&self, has_space: bool) {
        if !has_space {
            let message = "more than 1 MiB of speech waits for the phone; a message was discarded";
            self.alert(64107, message);
        }
    }

    async fn drop_malformed(&self, session: &mut Session) -> Option<End> {
        let message = "the sandbox dropped a message: its type is unknown or not supported, or a \
                       field is missing";
        self.alert(64107, message);
        let description = Redacted::new("Invalid message received".to_owned());
        session.send(&RelayMessage::Error(Some(description))).await;
        session.malformed += 1;
        (session.malformed == MALFORMED_LIMIT).then(|| {
            let message = "the application sent ten malformed messages in a row";
            End::Failed(AlertCause::new(64105, message))
        })
    }
}

impl Session {
    async fn send(&mut self, message: &RelayMessage) {
        self.socket.send(message.to_json()).await;
    }

    /// Closes the WebSocket as Twilio does.
    async fn close(self, call: &ActiveCall, end: &End) {
        let (code, reason) = match end {
            End::Failed(_) if self.malformed == MALFORMED_LIMIT => {
                (1007, "Too many consecutive malformed messages")
            }
            _ => (1000, "Closing websocket session"),
        };
        close_websocket(&call.context, self.socket, code, reason).await;
    }

    /// Reports whether the application learns of input. During its own speech, the input interrupts
    /// it, or is reported beside it, or is lost.
    async fn admits(&mut self, now: Duration, has: fn(InputKinds) -> bool) -> bool {
        let Some(interruptible) = self.talks.interruptible() else {
            return true;
        };
        if !has(interruptible) {
            return has(self.settings.reported_during_speech);
        }
        if let Some(interruption) = self.talks.interrupt(now) {
            self.send(&RelayMessage::Interrupt(interruption)).await;
        }
        true
    }

    /// Reports whether keys have an effect.
    fn hears_keys(&self) -> bool {
        let interrupts = self.talks.interruptible().is_some_and(InputKinds::has_keys);
        self.settings.has_dtmf || interrupts
    }

    /// Sends what the phone says: with `partialPrompts` in parts, each with all words so far.
    async fn prompt(&mut self, speech: &str) {
        if self.settings.has_partial_prompts {
            let words: Vec<&str> = speech.split_whitespace().collect();
            let step = words.len().div_ceil(PARTIAL_PROMPTS).max(1);
            for end in (step..=words.len()).step_by(step) {
                let so_far = words.get(..end).unwrap_or_default().join(" ");
                self.send_prompt(&so_far, false).await;
            }
        }
        self.send_prompt(speech, true).await;
    }

    async fn send_prompt(&mut self, speech: &str, is_last: bool) {
        let prompt = VoicePrompt {
            voice_prompt: Some(Redacted::new(speech.to_owned())),
            lang: Some(self.settings.transcription_language.clone()),
            last: Some(is_last),
        };
        self.send(&RelayMessage::Prompt(prompt)).await;
    }

    fn speak(&mut self, token: &TextToken) -> bool {
        let interruptible = self.interruptible(token.interruptible);
        let preemptible = token.preemptible.unwrap_or(self.settings.preemptible);
        self.talks.add_token(token, interruptible, preemptible)
    }

    fn play(&mut self, sound: PlaySound) -> bool {
        let times = match sound.repetitions {
            Some(0) => ENDLESS,
            times => times.unwrap_or(1),
        };
        self.talks.add(Talk {
            heard: sound.source.into_inner(),
            length: AUDIO_LENGTH.saturating_mul(times),
            interruptible: self.interruptible(sound.interruptible),
            preemptible: sound.preemptible.unwrap_or_default(),
            is_speech: false,
        })
    }

    fn send_digits(&mut self, digits: &str) -> bool {
        self.talks.add(Talk {
            heard: format!("keys {digits}"),
            length: digits_length(digits),
            interruptible: InputKinds::None,
            preemptible: false,
            is_speech: false,
        })
    }

    fn switch(&mut self, language: SwitchLanguage) {
        if let Some(language) = language.transcription_language {
            self.settings.transcription_language = language;
        }
    }

    fn interruptible(&self, wanted: Option<bool>) -> InputKinds {
        match wanted {
            Some(true) => InputKinds::Any,
            Some(false) => InputKinds::None,
            None => self.settings.interruptible,
        }
    }
}
