//! Transcript of a call: what was heard and pressed, in order.

use std::time::{Duration, SystemTime};

use crate::types::Redacted;

/// Number of entries that are kept for each call.
pub(crate) const TRANSCRIPT_LIMIT: usize = 1000;

/// Party of a call, from the view of its phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TranscriptParty {
    /// TwiML of the application, or a sentence of Twilio itself.
    Application,
    /// The person at the phone.
    Person,
    /// Another person who is connected with the phone.
    OtherPerson,
}

/// Kind of an entry in a transcript.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TranscriptAction {
    /// Words were said. The content is the text.
    Speech,
    /// A file was played. The content is its URL, or `beep` in a conference and before a `<Record>`.
    Audio,
    /// Keys were pressed, or played as tones. The content is the keys, with `w` and `W` for pauses.
    Keys,
    /// A `<Pause>` passed. The content is its length in seconds.
    Pause,
    /// The person said and pressed nothing until a timeout. The content is empty.
    Silence,
    /// A `<Refer>` transferred the SIP endpoint. The content is the SIP URI.
    Transfer,
}

/// Sound that a call hears from its conference or from a connected call.
#[derive(Clone)]
pub(crate) struct Sound {
    pub(crate) party: TranscriptParty,
    pub(crate) action: TranscriptAction,
    pub(crate) content: String,
}

impl Sound {
    /// Creates the sound of another person: speech, or keys.
    pub(crate) const fn of_person(action: TranscriptAction, content: String) -> Self {
        Self {
            party: TranscriptParty::OtherPerson,
            action,
            content,
        }
    }

    /// Creates a sound of the application or of Twilio itself.
    pub(crate) const fn of_application(action: TranscriptAction, content: String) -> Self {
        Self {
            party: TranscriptParty::Application,
            action,
            content,
        }
    }
}

/// Entry of the transcript of a call, returned by
/// [`Sandbox::transcript`](crate::sandbox::Sandbox::transcript).
///
/// `Debug` shows no words, keys or URLs.
///
/// ```
/// use clinspark_twilio::phone::E164;
/// use clinspark_twilio::sandbox::{Sandbox, TranscriptAction, TranscriptParty};
/// use clinspark_twilio::twiml::{Say, VoiceResponse};
/// # use axum::routing::post;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let thanks = VoiceResponse::new().append(Say::new("Thank you.")).to_xml();
/// // A server answers `/voice` with `thanks`.
/// # let xml = |body: String| || async { ([("content-type", "text/xml")], body) };
/// # let app = axum::Router::new().route("/voice", post(xml(thanks)));
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
/// call.wait_ended().await?;
/// let entry = &sandbox.transcript(call.sid())[0];
/// assert_eq!(entry.party, TranscriptParty::Application);
/// assert_eq!(entry.action, TranscriptAction::Speech);
/// assert_eq!(entry.content.expose(), "Thank you.");
/// assert_eq!(entry.verb.as_deref(), Some("Say"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TranscriptEntry {
    /// Party that acted.
    pub party: TranscriptParty,
    /// Kind of the entry.
    pub action: TranscriptAction,
    /// Text, URL or keys, as `action` says.
    pub content: Redacted<String>,
    /// TwiML verb of the call that ran, such as `Say` or `Gather`; `None` if none did.
    pub verb: Option<String>,
    /// Time by the sandbox's clock.
    pub at: SystemTime,
    /// Duration of the call so far. With
    /// [`ClockMode::Instant`](crate::sandbox::ClockMode::Instant) it includes the time that passed at
    /// once, which `at` does not.
    pub offset: Duration,
}
