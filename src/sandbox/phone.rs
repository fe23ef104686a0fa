//! A volunteer's phone: texts, calls, and what is heard and pressed in them.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use tokio::sync::oneshot;

use super::calls::{self, Command, Order};
use super::delivery;
use super::error::{SandboxError, SandboxErrorKind};
use super::records::TextMessage;
use super::store::{Busy, State, World};
use crate::phone::E164;
use crate::types::{CallSid, CallStatus};

/// What becomes of a text to a phone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DeliveryBehavior {
    /// It arrives: `sent`, then `delivered`.
    #[default]
    Delivered,
    /// The carrier reports that it did not arrive, with this error code (30003: switched off):
    /// `sent`, then `undelivered`.
    Undelivered(u32),
    /// Twilio cannot send it, for the reason of this error code: `failed`.
    Failed(u32),
}

/// What a phone does when it is called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AnswerBehavior {
    /// It is answered at once.
    #[default]
    Answer,
    /// It rings until [`Phone::answer`], or until the caller gives up.
    Ring,
    /// The line is busy, as it also is while the phone is in another call.
    Busy,
    /// It rings, and nobody answers.
    NoAnswer,
}

/// What the sandbox knows of a phone.
#[derive(Default)]
pub(super) struct PhoneState {
    /// A test holds this phone; all others ring in an empty room.
    pub(super) held: bool,
    pub(super) reception: DeliveryBehavior,
    pub(super) pickup: AnswerBehavior,
    pub(super) inbox: Vec<TextMessage>,
    /// How many texts of the inbox have been taken by `next_text`.
    read: usize,
    /// Calls that rang and have not been taken by `answers`.
    pub(super) rings: VecDeque<CallSid>,
}

/// A volunteer's phone, made by [`Sandbox::phone`](super::Sandbox::phone).
///
/// Every wait ends after the sandbox's timeout with an error that says what did not happen.
/// Clones are the same phone.
#[derive(Clone)]
pub struct Phone {
    world: Arc<World>,
    number: E164,
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Phone({})", self.number.masked())
    }
}

impl Phone {
    pub(super) fn new(world: Arc<World>, number: E164) -> Self {
        world.update(|state| state.phone_mut(number).held = true);
        Self { world, number }
    }

    /// The phone's number.
    #[must_use]
    pub const fn number(&self) -> E164 {
        self.number
    }

    /// Settles what becomes of texts to this phone from now on.
    pub fn set_delivery_behavior(&self, reception: DeliveryBehavior) {
        self.world
            .update(|state| state.phone_mut(self.number).reception = reception);
    }

    /// Settles what the phone does when it is called from now on.
    pub fn set_answer_behavior(&self, pickup: AnswerBehavior) {
        self.world
            .update(|state| state.phone_mut(self.number).pickup = pickup);
    }

    /// Texts one of the account's numbers, and waits until everything that comes of it is done.
    /// Gives back what this phone received in answer, in order.
    ///
    /// The volunteer learns nothing of an application that answers wrongly: that stands in
    /// [`Sandbox::alerts`](super::Sandbox::alerts). STOP, START and HELP are obeyed and answered
    /// as Twilio does, and are passed on to the application too.
    ///
    /// # Errors
    ///
    /// [`SandboxErrorKind::UnknownNumber`] when the account does not own `to`;
    /// [`Timeout`](SandboxErrorKind::Timeout) when the application does not answer. The text goes
    /// on its way even if this future is dropped.
    pub async fn text(&self, to: E164, body: &str) -> Result<Vec<TextMessage>, SandboxError> {
        self.text_with_media(to, body, &[]).await
    }

    /// As [`text`](Self::text), with media. The application gets their addresses as they are
    /// given, and a type that goes by their ending.
    ///
    /// # Errors
    ///
    /// As [`text`](Self::text).
    pub async fn text_with_media(
        &self,
        to: E164,
        body: &str,
        media: &[&str],
    ) -> Result<Vec<TextMessage>, SandboxError> {
        self.ours(to, "the phone texted a number")?;
        let (done, mut replies) = oneshot::channel();
        let (world, from, body) = (Arc::clone(&self.world), self.number, body.to_owned());
        let media = media.iter().map(|url| (*url).to_owned()).collect();
        self.world.spawn(|busy| async move {
            let texts = delivery::receive(world, from, to, body, media).await;
            // The test may have stopped waiting.
            let _ = done.send(texts);
            drop(busy);
        });
        self.world
            .wait_for("the text was not answered", move |_| {
                replies.try_recv().ok()
            })
            .await
    }

    /// Every text received so far.
    #[must_use]
    pub fn inbox(&self) -> Vec<TextMessage> {
        self.world
            .update(|state| state.phone_mut(self.number).inbox.clone())
    }

    /// The next text that this method has not given back yet; waits for it.
    ///
    /// # Errors
    ///
    /// [`SandboxErrorKind::Timeout`] when none comes.
    pub async fn next_text(&self) -> Result<TextMessage, SandboxError> {
        self.world
            .wait_for("no text reached the phone", |state| {
                let phone = state.phone_mut(self.number);
                let text = phone.inbox.get(phone.read).cloned()?;
                phone.read += 1;
                Some(text)
            })
            .await
    }

    /// Calls one of the account's numbers, and waits until the call rests: it asks for keys or
    /// words, rings another phone, or is over.
    ///
    /// # Errors
    ///
    /// [`SandboxErrorKind::UnknownNumber`] when the account does not own `to`;
    /// [`Timeout`](SandboxErrorKind::Timeout) when the application does not answer.
    pub async fn call(&self, to: E164) -> Result<PhoneCall, SandboxError> {
        self.ours(to, "the phone called a number")?;
        let sid = calls::receive(&self.world, self.number, to);
        let call = self.phone_call(sid);
        call.rests().await?;
        Ok(call)
    }

    /// The next call that rings this phone and that this method has not given back yet, answered;
    /// waits for it. A call that the phone answered by itself may be over by then: what was said
    /// in it can still be heard.
    ///
    /// # Errors
    ///
    /// [`SandboxErrorKind::Timeout`] when none rings.
    pub async fn answer(&self) -> Result<PhoneCall, SandboxError> {
        let missing = "no call rang the phone";
        let next = |state: &mut State| {
            let sid = state.phone_mut(self.number).rings.pop_front()?;
            let entry = state.call(sid)?;
            match entry.call.status {
                CallStatus::Ringing => Some((sid, true)),
                CallStatus::InProgress | CallStatus::Completed => Some((sid, false)),
                // The caller has given up.
                _ => None,
            }
        };
        let (sid, rings) = self.world.wait_for(missing, next).await?;
        let call = self.phone_call(sid);
        if rings {
            call.order(Command::Answer, None);
        }
        let status = call.settled_status("the call was not connected").await?;
        if matches!(status, CallStatus::InProgress | CallStatus::Completed) {
            Ok(call)
        } else {
            Err(SandboxError::new(
                SandboxErrorKind::CallEnded,
                "the caller gave up before the phone was answered",
            ))
        }
    }

    fn phone_call(&self, sid: CallSid) -> PhoneCall {
        PhoneCall {
            world: Arc::clone(&self.world),
            sid,
        }
    }

    fn ours(&self, number: E164, what: &'static str) -> Result<(), SandboxError> {
        if self.world.read(|state| state.number(number).is_some()) {
            Ok(())
        } else {
            Err(SandboxError::new(SandboxErrorKind::UnknownNumber, what))
        }
    }
}

/// A call that a [`Phone`] is in, or was in.
#[derive(Clone)]
pub struct PhoneCall {
    world: Arc<World>,
    sid: CallSid,
}

impl fmt::Debug for PhoneCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhoneCall({})", self.sid)
    }
}

impl PhoneCall {
    /// The call's SID, which a real phone does not see.
    #[must_use]
    pub const fn sid(&self) -> CallSid {
        self.sid
    }

    /// Where the call is.
    #[must_use]
    pub fn status(&self) -> CallStatus {
        self.world.read(|state| {
            let entry = state.call(self.sid);
            entry.map_or(CallStatus::Failed, |entry| entry.call.status.clone())
        })
    }

    /// The next thing said to the person, as one line of text; for something played, its address.
    /// Waits for it.
    ///
    /// # Errors
    ///
    /// [`SandboxErrorKind::CallEnded`] when the call is over and all has been heard;
    /// [`Timeout`](SandboxErrorKind::Timeout) when nothing is said.
    pub async fn hear(&self) -> Result<String, SandboxError> {
        let over = SandboxError::new(
            SandboxErrorKind::CallEnded,
            "the call is over, and everything said in it has been heard",
        );
        let next = |state: &mut State| {
            let entry = state.call_mut(self.sid)?;
            match entry.heard.pop_front() {
                Some(words) => Some(Some(words)),
                None => entry.over.then_some(None),
            }
        };
        let heard = self.world.wait_for("nothing was said in the call", next);
        heard.await?.ok_or(over)
    }

    /// Presses keys (`0` to `9`, `*`, `#`), and waits until the call rests again. A gather that
    /// names neither a number of digits nor ends on `#` needs [`stay_silent`](Self::stay_silent) after them.
    ///
    /// # Errors
    ///
    /// [`SandboxErrorKind::UnexpectedInput`] when nothing asks for keys, or the text holds something
    /// that is no key.
    pub async fn press(&self, keys: &str) -> Result<(), SandboxError> {
        let is_key = |key: char| key.is_ascii_digit() || matches!(key, '*' | '#');
        if keys.is_empty() || !keys.chars().all(is_key) {
            return Err(SandboxError::new(
                SandboxErrorKind::UnexpectedInput,
                "a phone has the keys 0 to 9, * and #",
            ));
        }
        self.gives(Command::Keys(keys.to_owned())).await
    }

    /// Says something, and waits until the call rests again. A `<Gather>` takes it when its
    /// input is `speech`, a `<Record>` goes on until a key, silence or hanging up ends it, and
    /// after a `<Dial>` the other phone hears it.
    ///
    /// # Errors
    ///
    /// [`SandboxErrorKind::UnexpectedInput`] when nothing asks for words.
    pub async fn say(&self, words: &str) -> Result<(), SandboxError> {
        self.gives(Command::Words(words.to_owned())).await
    }

    /// Presses and says nothing until the time is up, and waits until the call rests again.
    ///
    /// # Errors
    ///
    /// [`SandboxErrorKind::UnexpectedInput`] when nothing is waited for.
    pub async fn stay_silent(&self) -> Result<(), SandboxError> {
        self.gives(Command::Silence).await
    }

    /// Hangs up, and waits until the call is over and reported. Gives back how it ended.
    ///
    /// # Errors
    ///
    /// [`SandboxErrorKind::Timeout`] when it does not end.
    pub async fn hang_up(&self) -> Result<CallStatus, SandboxError> {
        self.order(Command::HangUp, None);
        self.wait_ended().await
    }

    /// Waits until the call is over and reported. Gives back how it ended.
    ///
    /// # Errors
    ///
    /// [`SandboxErrorKind::Timeout`] when it does not end.
    pub async fn wait_ended(&self) -> Result<CallStatus, SandboxError> {
        let over = |state: &mut State| {
            let entry = state.call(self.sid)?;
            entry.over.then(|| entry.call.status.clone())
        };
        self.world.wait_for("the call did not end", over).await
    }

    /// Gives the call something that it must ask for.
    async fn gives(&self, command: Command) -> Result<(), SandboxError> {
        let (taken, mut answer) = oneshot::channel();
        self.order(command, Some(taken));
        let missing = "the call did not ask for keys or words";
        let asked = tokio::select! {
            answer = &mut answer => answer.is_ok(),
            waited = self.world.wait_for::<()>(missing, |_| None) => return waited,
        };
        if !asked {
            return Err(SandboxError::new(
                SandboxErrorKind::UnexpectedInput,
                "the call did not ask for this: it went on or ended without taking it",
            ));
        }
        self.rests().await
    }

    async fn rests(&self) -> Result<(), SandboxError> {
        let rests = |state: &mut State| {
            let entry = state.call(self.sid)?;
            (entry.at_rest || entry.over).then_some(())
        };
        self.world
            .wait_for("the call did not come to rest", rests)
            .await
    }

    async fn settled_status(&self, missing: &'static str) -> Result<CallStatus, SandboxError> {
        let connected = |state: &mut State| {
            let status = &state.call(self.sid)?.call.status;
            (*status != CallStatus::Ringing).then(|| status.clone())
        };
        self.world.wait_for(missing, connected).await
    }

    fn order(&self, command: Command, taken: Option<oneshot::Sender<()>>) {
        let order = Order {
            command,
            taken,
            busy: Some(Busy::new(&self.world)),
        };
        self.world.update(|state| {
            if let Some(entry) = state.call(self.sid) {
                // A line that is gone is a call that is over.
                let _ = entry.line.send(order);
            }
        });
    }
}
