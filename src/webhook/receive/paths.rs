//! Paths of the webhooks, and the kind of a webhook by its path.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::types::has_whole_escapes;
use crate::webhook::connection_overrides;

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
                path.truncate(connection_overrides::without(path).len());
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

    /// Checks each path that is set.
    ///
    /// # Errors
    ///
    /// Returns [`WebhookPathError`] for the first path that is malformed.
    pub(crate) fn check(&self) -> Result<(), WebhookPathError> {
        PathKind::all().try_for_each(|kind| match self.get(kind).map(parse_path) {
            Some(Err(problem)) => Err(WebhookPathError { kind, problem }),
            _ => Ok(()),
        })
    }

    /// Returns each kind whose path is that of an earlier kind, which comes first in the pair.
    /// Connection overrides and slashes at the end make no difference.
    #[cfg(feature = "client")]
    pub(crate) fn duplicates(&self) -> Vec<(PathKind, PathKind)> {
        let mut seen: Vec<(PathKind, &str)> = Vec::new();
        let mut duplicates = Vec::new();
        for kind in PathKind::all() {
            let Some(path) = self.get(kind).map(requested) else {
                continue;
            };
            match seen.iter().find(|(_, other)| *other == path) {
                Some((first, _)) => duplicates.push((*first, kind)),
                None => seen.push((kind, path)),
            }
        }
        duplicates
    }

    /// Finds the deepest configured path that is `path` or a parent of it.
    pub(crate) fn find(&self, path: &str) -> FoundPath {
        let mut deepest = None;
        let mut found = FoundPath::default();
        for kind in PathKind::all() {
            let Some(parent) = self.get(kind).map(requested) else {
                continue;
            };
            let rest = path.strip_prefix(parent);
            let rest = rest.filter(|rest| rest.is_empty() || rest.starts_with('/'));
            let depth = rest.map(|_| parent.len());
            if depth.is_none() || depth < deepest {
                continue;
            }
            if depth > deepest {
                found.kinds.clear();
                deepest = depth;
            }
            found.kinds.push(kind);
            found.is_whole = matches!(rest, Some("" | "/"));
        }
        found
    }
}

/// Configured path of a request.
#[derive(Clone, Debug, Default)]
pub(crate) struct FoundPath {
    /// Kinds that the path is configured for: several if they share it, none if no path matches.
    pub(crate) kinds: Vec<PathKind>,
    /// Set if the request came to the configured path itself, and not to one below it.
    pub(crate) is_whole: bool,
}

impl FoundPath {
    /// Returns the kind, if the path is configured for one only.
    pub(crate) fn kind(&self) -> Option<PathKind> {
        match self.kinds.as_slice() {
            [kind] => Some(*kind),
            _ => None,
        }
    }
}

/// Error returned when a webhook path cannot be used: it does not begin with `/`, or holds a host, a
/// query, a blank or an invalid connection override.
///
/// No webhook would be recognised by such a path. The message names the path by its kind and says
/// what to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the {kind} cannot be used: {problem}")]
pub struct WebhookPathError {
    kind: PathKind,
    problem: &'static str,
}

impl WebhookPathError {
    /// Returns the kind of the path.
    #[must_use]
    pub const fn kind(&self) -> PathKind {
        self.kind
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

/// Returns the path that Twilio requests, without slashes at the end.
fn requested(configured: &str) -> &str {
    connection_overrides::without(configured).trim_end_matches('/')
}

/// Checks a path, with its connection overrides.
///
/// # Errors
///
/// A sentence that says what to write.
pub(crate) fn parse_path(text: &str) -> Result<String, &'static str> {
    if !text.starts_with('/') {
        return Err("begin the path with /");
    }
    let (path, fragment) = connection_overrides::split(text);
    if path.starts_with("//") || path.contains(['?', '\\']) {
        return Err("write only a path, without host or query");
    }
    if !path.bytes().all(|b| b.is_ascii_graphic()) {
        return Err("write the path without blanks and with ASCII characters only");
    }
    if !has_whole_escapes(path) {
        return Err("write % in a path as %25, or followed by two hexadecimal digits");
    }
    fragment.map(connection_overrides::parse).transpose()?;
    Ok(text.to_owned())
}
