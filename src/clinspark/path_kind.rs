//! The kind of a webhook, told by the configured path it came to.

use super::overrides;
use super::settings::{Setting, WebhookPaths};

/// Kind of a webhook, told by the configured path that it came to.
///
/// The path is part of the URL that Twilio signs, and only the account's configuration sets it.
/// Parameters do not tell the kind: a caller of the Voice SDK adds any that it likes.
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
    const ALL: [Self; 4] = [
        Self::Voice,
        Self::CallStatus,
        Self::Message,
        Self::MessageStatus,
    ];

    /// Setting that holds the path.
    #[must_use]
    pub const fn setting(self) -> Setting {
        match self {
            Self::Voice => Setting::VoicePath,
            Self::CallStatus => Setting::CallStatusPath,
            Self::Message => Setting::MessagePath,
            Self::MessageStatus => Setting::MessageStatusPath,
        }
    }

    /// Whether the path is configured.
    pub(super) const fn is_set(self, paths: &WebhookPaths) -> bool {
        self.path(paths).is_some()
    }

    const fn path(self, paths: &WebhookPaths) -> Option<&String> {
        match self {
            Self::Voice => paths.voice.as_ref(),
            Self::CallStatus => paths.call_status.as_ref(),
            Self::Message => paths.message.as_ref(),
            Self::MessageStatus => paths.message_status.as_ref(),
        }
    }

    /// The kinds of the deepest configured path that is `path` or a parent of it. Several where
    /// one path is configured for several kinds; none below no configured path.
    pub(super) fn at(path: &str, paths: &WebhookPaths) -> Vec<Self> {
        let mut deepest = None;
        let mut kinds = Vec::new();
        for kind in Self::ALL {
            let depth = kind.path(paths).and_then(|parent| depth(parent, path));
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

/// The length of a configured path, if `path` is the same or below it.
fn depth(configured: &str, path: &str) -> Option<usize> {
    let parent = overrides::without(configured).trim_end_matches('/');
    let rest = path.strip_prefix(parent)?;
    (rest.is_empty() || rest.starts_with('/')).then_some(parent.len())
}
