//! Paths of the webhooks, and the kind of a webhook by its path.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Paths of a service's webhooks. No path has a default, because services differ.
///
/// Each path begins with `/` and is the path that Twilio requests. It includes a
/// [`public_prefix`](crate::webhook::PublicOrigin::public_prefix), which the server does not see.
///
/// A path may end in Twilio's [connection overrides], such as `/hooks/voice#rc=5`.
/// [`without_overrides`](Self::without_overrides) gives the paths that a server sees.
///
/// ```
/// use clinspark_twilio::webhook::WebhookPaths;
///
/// let paths = WebhookPaths::new()
///     .message("/hooks/message")
///     .message_status("/hooks/message-status");
/// assert_eq!(paths.message.as_deref(), Some("/hooks/message"));
/// assert_eq!(paths.voice, None);
/// ```
///
/// [connection overrides]: https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WebhookPaths {
    /// Path at which Twilio requests the `TwiML` for an incoming call.
    pub voice: Option<String>,
    /// Path to which Twilio sends status callbacks of calls.
    pub call_status: Option<String>,
    /// Path at which Twilio requests the `TwiML` for an incoming message.
    pub message: Option<String>,
    /// Path to which Twilio sends status callbacks of messages.
    pub message_status: Option<String>,
}

macro_rules! path_setters {
    ($($name:ident: $path:literal),+) => {$(
        #[doc = concat!("Sets the path [`", stringify!($name), "`](Self#structfield.", stringify!($name), "), such as `", $path, "`.")]
        #[must_use]
        pub fn $name(mut self, path: impl Into<String>) -> Self {
            self.$name = Some(path.into());
            self
        }
    )+};
}

impl WebhookPaths {
    /// Creates paths of which none is set.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            voice: None,
            call_status: None,
            message: None,
            message_status: None,
        }
    }

    path_setters!(
        voice: "/hooks/voice",
        call_status: "/hooks/call-status",
        message: "/hooks/message",
        message_status: "/hooks/message-status"
    );

    /// Returns the paths without connection overrides, for the routes of a server. Twilio does not
    /// send the overrides.
    ///
    /// ```
    /// use clinspark_twilio::webhook::WebhookPaths;
    ///
    /// let paths = WebhookPaths::new().message("/hooks/message#rc=5");
    /// assert_eq!(paths.without_overrides().message.as_deref(), Some("/hooks/message"));
    /// ```
    #[must_use]
    pub fn without_overrides(&self) -> Self {
        let mut bare = self.clone();
        for kind in PathKind::all() {
            if let Some(path) = bare.get_mut(kind) {
                path.truncate(without_overrides(path).len());
            }
        }
        bare
    }

    /// Returns the path of a kind.
    #[must_use]
    pub fn get(&self, kind: PathKind) -> Option<&str> {
        match kind {
            PathKind::Voice => self.voice.as_deref(),
            PathKind::CallStatus => self.call_status.as_deref(),
            PathKind::Message => self.message.as_deref(),
            PathKind::MessageStatus => self.message_status.as_deref(),
        }
    }

    pub(crate) const fn get_mut(&mut self, kind: PathKind) -> &mut Option<String> {
        match kind {
            PathKind::Voice => &mut self.voice,
            PathKind::CallStatus => &mut self.call_status,
            PathKind::Message => &mut self.message,
            PathKind::MessageStatus => &mut self.message_status,
        }
    }

    /// Returns the kinds of the deepest configured path that is `path` or a parent of it. Several if
    /// that path is configured for several kinds, none if there is no such path.
    pub(crate) fn kinds_at(&self, path: &str) -> Vec<PathKind> {
        let mut deepest = None;
        let mut kinds = Vec::new();
        for kind in PathKind::all() {
            let depth = self.get(kind).and_then(|parent| depth(parent, path));
            if depth.is_some() && depth >= deepest {
                if depth > deepest {
                    kinds.clear();
                    deepest = depth;
                }
                kinds.push(kind);
            }
        }
        kinds
    }
}

/// Kind of a webhook, determined by its path.
///
/// The path is part of the URL that Twilio signs, and only the account's configuration sets it. The
/// parameters do not reliably identify the kind, because a caller of the Voice SDK can add any
/// parameter. [`Verified::path_kind`](crate::webhook::Verified::path_kind) returns it for a
/// verified request. The deepest configured path determines the kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PathKind {
    /// At or below the voice path.
    Voice,
    /// At or below the call status path.
    CallStatus,
    /// At or below the message path.
    Message,
    /// At or below the message status path.
    MessageStatus,
}

impl PathKind {
    /// Every kind.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        [
            Self::Voice,
            Self::CallStatus,
            Self::Message,
            Self::MessageStatus,
        ]
        .into_iter()
    }

    /// Returns the name of the path, such as `message status path`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Voice => "voice path",
            Self::CallStatus => "call status path",
            Self::Message => "message path",
            Self::MessageStatus => "message status path",
        }
    }
}

impl fmt::Display for PathKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Returns a path without the connection overrides behind its `#`.
fn without_overrides(path: &str) -> &str {
    path.split_once('#').map_or(path, |(path, _)| path)
}

/// Returns the length of a configured path, if `path` is the same or below it.
fn depth(configured: &str, path: &str) -> Option<usize> {
    let parent = without_overrides(configured).trim_end_matches('/');
    let rest = path.strip_prefix(parent)?;
    (rest.is_empty() || rest.starts_with('/')).then_some(parent.len())
}
