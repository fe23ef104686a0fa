//! Downloads of recordings and media, as a stream of bytes.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use http_body_util::BodyExt;

use super::client::{Client, USER_AGENT};
use super::clock::in_tokio_runtime;
use super::error::Error;
use super::exchange::{self, Limits, OperationInfo};
use super::form::Form;
use super::outcome::{Effect, ErrorKind, Outcome};
use super::request::{Product, Target};
use super::trace::Span;
use super::trail::Entries;
use super::transport::{Body, Phase, Progress};
use crate::types::{AccountSid, BearerToken, MediaSid, MessageSid, RecordingSid};

/// Maximum number of redirects. Twilio's redirect to its storage is one; two more allow for storage
/// that redirects itself.
const MOST_REDIRECTS: usize = 3;

/// A file at Twilio that can be downloaded: [`DownloadRecording`] or [`DownloadMedia`].
///
/// This trait is sealed.
pub trait Download: sealed::File {}

pub(in crate::client) mod sealed {
    #[expect(unnameable_types, reason = "part of the sealed `Download` only")]
    pub trait File: Send + Sync {
        fn name(&self) -> &'static str;
        fn path(&self) -> String;
    }
}

/// Downloads the audio of a recording.
///
/// ```
/// use clinspark_twilio::client::recordings::{AudioFormat, DownloadRecording};
/// # use clinspark_twilio::client::testing::{FakeTransport, Reply};
/// # use clinspark_twilio::client::{Client, Credentials, Delivery};
/// # use clinspark_twilio::types::{AccountSid, AuthToken, RecordingSid};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
/// # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
/// # let recording = RecordingSid::parse("RE00000000000000000000000000000001")?;
/// # let transport = FakeTransport::new().reply(Reply::json(200, "audio"));
/// # let client = Client::builder(credentials, Delivery::Off)
/// #     .with_transport(transport.clone())
/// #     .build()?;
///
/// let request = DownloadRecording::new(recording).format(AudioFormat::Mp3).both_channels(true);
/// let mut audio = client.download(request).await?;
/// assert_eq!(audio.chunk().await?.as_deref(), Some(&b"audio"[..]));
/// # assert!(transport.requests()[0].path().ends_with(".mp3"));
/// # Ok(())
/// # }
/// ```
///
/// Source: <https://www.twilio.com/docs/voice/api/recording#fetch-a-recordings-media-file>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a download does nothing until `Client::download` runs it"]
pub struct DownloadRecording {
    sid: RecordingSid,
    format: AudioFormat,
    both_channels: bool,
}

/// Audio format of a recording.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AudioFormat {
    /// WAV, as recorded: 128 kbit a second.
    #[default]
    Wav,
    /// MP3, which is smaller: 32 kbit a second.
    Mp3,
}

impl DownloadRecording {
    /// Creates the request for a recording as WAV, with both sides of the call mixed.
    pub const fn new(sid: RecordingSid) -> Self {
        Self {
            sid,
            format: AudioFormat::Wav,
            both_channels: false,
        }
    }

    /// Sets the audio format. Default WAV.
    pub const fn format(mut self, format: AudioFormat) -> Self {
        self.format = format;
        self
    }

    /// Requests both sides of the call as separate channels, where they were recorded so. Default
    /// mixed.
    pub const fn both_channels(mut self, both_channels: bool) -> Self {
        self.both_channels = both_channels;
        self
    }
}

impl Download for DownloadRecording {}

impl sealed::File for DownloadRecording {
    fn name(&self) -> &'static str {
        "DownloadRecording"
    }

    fn path(&self) -> String {
        let ending = match self.format {
            AudioFormat::Wav => "wav",
            AudioFormat::Mp3 => "mp3",
        };
        let channels = if self.both_channels {
            "?RequestedChannels=2"
        } else {
            ""
        };
        format!("/Recordings/{}.{ending}{channels}", self.sid)
    }
}

/// Downloads a media file of a message.
///
/// ```
/// use clinspark_twilio::client::messages::{DownloadMedia, ListMedia};
/// # use clinspark_twilio::client::testing::{FakeTransport, Reply};
/// # use clinspark_twilio::client::{Client, Credentials, Delivery};
/// # use clinspark_twilio::types::{AccountSid, AuthToken, MessageSid};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
/// # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
/// # let message = MessageSid::parse("SM00000000000000000000000000000001")?;
/// # let transport = FakeTransport::new()
/// #     .reply(Reply::json(
/// #         200,
/// #         r#"{"media_list": [{"sid": "ME00000000000000000000000000000001"}]}"#,
/// #     ))
/// #     .reply(Reply::json(200, "picture"));
/// # let client = Client::builder(credentials, Delivery::Off)
/// #     .with_transport(transport.clone())
/// #     .build()?;
///
/// let mut media = client.list(ListMedia::new(message));
/// while let Some(media) = media.next().await {
///     let mut file = client.download(DownloadMedia::new(message, media?.sid)).await?;
///     assert_eq!(file.chunk().await?.as_deref(), Some(&b"picture"[..]));
/// }
/// # assert_eq!(transport.replies_left(), 0);
/// # Ok(())
/// # }
/// ```
///
/// Source: <https://www.twilio.com/docs/messaging/api/media-resource>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a download does nothing until `Client::download` runs it"]
pub struct DownloadMedia {
    message_sid: MessageSid,
    sid: MediaSid,
}

impl DownloadMedia {
    /// Creates the request for a media file of a message.
    pub const fn new(message_sid: MessageSid, sid: MediaSid) -> Self {
        Self { message_sid, sid }
    }

    /// Creates the request for the media file behind a URL of a received message, such as
    /// `InboundMedia::url`. The message must be verified.
    ///
    /// ```
    /// use clinspark_twilio::client::messages::DownloadMedia;
    /// use clinspark_twilio::types::AccountSid;
    ///
    /// let account = AccountSid::parse("AC00000000000000000000000000000001")?;
    /// let url = format!(
    ///     "https://api.twilio.com/2010-04-01/Accounts/{account}\
    ///      /Messages/MM00000000000000000000000000000001/Media/ME00000000000000000000000000000001"
    /// );
    /// assert!(DownloadMedia::from_url(account, &url).is_ok());
    /// assert!(DownloadMedia::from_url(account, "https://other.example/picture").is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`MediaUrlError`] unless the URL is that of a media file of this account at
    /// `https://api.twilio.com`. The client sends its credentials to no other host.
    pub fn from_url(account_sid: AccountSid, url: &str) -> Result<Self, MediaUrlError> {
        let path = url
            .strip_prefix("https://api.twilio.com/2010-04-01/Accounts/")
            .and_then(|rest| rest.strip_prefix(account_sid.as_str()))
            .and_then(|rest| rest.strip_prefix("/Messages/"))
            .ok_or(MediaUrlError(()))?;
        let (message, media) = path.split_once("/Media/").ok_or(MediaUrlError(()))?;
        Ok(Self {
            message_sid: MessageSid::parse(message).map_err(|_| MediaUrlError(()))?,
            sid: MediaSid::parse(media).map_err(|_| MediaUrlError(()))?,
        })
    }
}

/// Error returned when a URL is not that of a media file of the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the URL is not that of a media file of this account at https://api.twilio.com")]
pub struct MediaUrlError(());

impl Download for DownloadMedia {}

impl sealed::File for DownloadMedia {
    fn name(&self) -> &'static str {
        "DownloadMedia"
    }

    fn path(&self) -> String {
        format!("/Messages/{}/Media/{}", self.message_sid, self.sid)
    }
}

impl Client {
    /// Downloads a recording or a media file of a message. The returned stream yields the bytes as
    /// they arrive.
    ///
    /// Twilio may redirect to its storage. Redirects are followed without the account's
    /// credentials, over `https` only, and at most three times. The request is not retried:
    /// [`Error::is_retryable`] states whether a retry may succeed.
    ///
    /// [`DownloadStream`] shows an example.
    ///
    /// # Errors
    ///
    /// The errors of [`execute`](Self::execute), and [`ErrorKind::Redirect`] for a redirect that
    /// is not followed.
    pub async fn download(&self, file: impl Download) -> Result<DownloadStream, Error> {
        let info = OperationInfo {
            operation: file.name(),
            effect: Effect::Read,
            prefixes: &[],
            largest: exchange::LARGEST_ERROR,
            is_redirect: false,
        };
        exchange::require_runtime(info)?;
        let target = Target::Path(file.path());
        let entries = Entries::of(self, info, target.sid(), Form::default);
        let timeout = self.config.attempt_timeout;
        let (authorization, token) = match self.sign_in(info, timeout).await {
            Ok(signed) => signed,
            Err(error) => {
                entries.refused(&error).await;
                return Err(error);
            }
        };
        let open = entries.sending(1, &Progress::default()).await?;
        let span = Span::new(info.operation, target.sid(), 1, None);
        let begun = self.clock.instant();
        let following = self.follow(&file, info, authorization, token.as_ref());
        let opened = span.around(following).await;
        if let Ok(file) = &opened {
            span.record_head(file.status, &file.headers);
        }
        // A download creates no resource, so there is no SID to record.
        let ended = opened.as_ref().map(|_| None);
        let took = self.clock.instant().saturating_duration_since(begun);
        span.ended(ended, took);
        open.ended(ended).await;
        opened
    }

    /// Sends the request to Twilio, and follows its redirects.
    async fn follow(
        &self,
        file: &impl Download,
        info: OperationInfo,
        authorization: HeaderValue,
        mut token: Option<&BearerToken>,
    ) -> Result<DownloadStream, Error> {
        let base = self.base(Product::Api);
        let prefix = Product::Api.prefix(self.config.account_sid);
        let mut url = format!("{base}{prefix}{}", file.path());
        // Taken for the first request: the credentials are for Twilio only, not for its storage.
        let mut authorization = Some(authorization);
        for _ in 0..=MOST_REDIRECTS {
            let mut request = http::Request::builder()
                .method(Method::GET)
                .uri(&url)
                .header(header::USER_AGENT, USER_AGENT);
            if let Some(authorization) = authorization.take() {
                request = request.header(header::AUTHORIZATION, authorization);
            }
            let request = request
                .body(Bytes::new())
                .map_err(|_| refused(info, None, "the redirect does not lead to a valid URL"))?;
            let limits = Limits {
                attempt: self.config.attempt_timeout,
                stall: self.config.stall_timeout,
            };
            let permit = self.permit(info, self.clock.instant()).await?;
            let answer = exchange::open(&*self.transport, request, info, limits).await;
            permit.ended(answer.as_ref().err());
            let answer = answer.inspect_err(|error| self.report_refusal(error, token))?;
            // Later requests carry no token: a 401 to them says nothing about it.
            token = None;
            let status = answer.status();
            if !status.is_redirection() {
                let (head, body) = answer.into_parts();
                return Ok(DownloadStream {
                    info,
                    status,
                    headers: head.headers,
                    body,
                    stall: limits.stall,
                });
            }
            let plain = base.starts_with("http://");
            url = next(&url, answer.headers(), plain).ok_or_else(|| {
                let what = "the redirect does not lead to an https URL";
                refused(info, Some(status), what)
            })?;
        }
        Err(refused(info, None, "too many redirects"))
    }
}

fn refused(info: OperationInfo, status: Option<StatusCode>, what: &'static str) -> Error {
    Error::new(info.operation, info.effect, ErrorKind::Redirect)
        .with_status(status)
        .with_outcome(Outcome::Unknown { sid: None })
        .with_message(what)
}

/// Returns the target of a redirect: another `https` URL, or a path on the same host. `plain`
/// allows `http` for servers on loopback, which `ClientBuilder::base_url` has checked.
fn next(from: &str, headers: &HeaderMap, plain: bool) -> Option<String> {
    let location = headers.get(header::LOCATION)?.to_str().ok()?;
    let to: Uri = location.parse().ok()?;
    let from: Uri = from.parse().ok()?;
    match (to.scheme_str(), to.authority()) {
        (Some("https"), Some(authority)) if !authority.as_str().contains('@') => {
            Some(location.to_owned())
        }
        // A test server that redirects to itself. A redirect from https to http is never followed.
        (Some("http"), Some(authority)) if plain && from.authority() == Some(authority) => {
            Some(location.to_owned())
        }
        // By RFC 3986, a path that begins with `//` names another host.
        (None, None) if location.starts_with('/') && !location.starts_with("//") => {
            let (scheme, authority) = (from.scheme_str()?, from.authority()?);
            Some(format!("{scheme}://{authority}{location}"))
        }
        _ => None,
    }
}

/// A file that is being downloaded.
///
/// ```
/// use clinspark_twilio::client::recordings::{AudioFormat, DownloadRecording};
/// # use clinspark_twilio::types::RecordingSid;
/// # use clinspark_twilio::client::testing::{FakeTransport, Reply};
/// # use clinspark_twilio::client::{Client, Credentials, Delivery};
/// # use clinspark_twilio::types::{AccountSid, AuthToken};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
/// # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
/// # let recording = RecordingSid::parse("RE00000000000000000000000000000001")?;
/// # let transport = FakeTransport::new()
/// #     .reply(Reply::json(200, "audio").header("Content-Type", "audio/mpeg"));
/// # let client = Client::builder(credentials, Delivery::Off)
/// #     .with_transport(transport.clone())
/// #     .build()?;
///
/// let request = DownloadRecording::new(recording).format(AudioFormat::Mp3);
/// let mut audio = client.download(request).await?;
/// assert_eq!(audio.content_type(), Some("audio/mpeg"));
///
/// let mut file = Vec::new();
/// while let Some(chunk) = audio.chunk().await? {
///     file.extend_from_slice(&chunk);
/// }
/// assert_eq!(file, b"audio");
/// # Ok(())
/// # }
/// ```
pub struct DownloadStream {
    info: OperationInfo,
    status: StatusCode,
    headers: HeaderMap,
    body: Body,
    stall: Duration,
}

impl DownloadStream {
    /// Returns the media type of the file, such as `audio/x-wav`.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.headers.get(header::CONTENT_TYPE)?.to_str().ok()
    }

    /// Returns the size of the file in bytes, where the response states it.
    #[must_use]
    pub fn content_length(&self) -> Option<u64> {
        let length = self.headers.get(header::CONTENT_LENGTH)?;
        length.to_str().ok()?.parse().ok()
    }

    /// Returns the next chunk of the file; `None` at the end.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::ConnectionLost`] if the connection breaks. [`ErrorKind::Timeout`] if nothing
    /// arrives for
    /// [`ClientBuilder::stall_timeout`](crate::client::ClientBuilder::stall_timeout). The file is
    /// then incomplete.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        let error = |kind, what: &'static str| {
            Error::new(self.info.operation, self.info.effect, kind)
                .with_status(Some(self.status))
                .with_outcome(Outcome::Unknown { sid: None })
                .with_message(what)
        };
        if !in_tokio_runtime() {
            return Err(error(ErrorKind::NoRuntime, exchange::NO_RUNTIME));
        }
        loop {
            let frame = match tokio::time::timeout(self.stall, self.body.frame()).await {
                Err(_) => {
                    let kind = ErrorKind::Timeout(Phase::Body);
                    return Err(error(kind, "the file stopped arriving"));
                }
                Ok(None) => return Ok(None),
                Ok(Some(Err(cause))) => {
                    let what = "the connection broke while the file was arriving";
                    return Err(error(ErrorKind::ConnectionLost, what).with_source(Some(cause)));
                }
                Ok(Some(Ok(frame))) => frame,
            };
            if let Ok(data) = frame.into_data() {
                return Ok(Some(data));
            }
        }
    }

    /// Returns the remaining file as a body, such as to forward it. The stall timeout does not
    /// apply to it.
    #[must_use]
    pub fn into_body(self) -> Body {
        self.body
    }
}

impl fmt::Debug for DownloadStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DownloadStream")
            .field("content_type", &self.content_type())
            .field("content_length", &self.content_length())
            .finish_non_exhaustive()
    }
}
