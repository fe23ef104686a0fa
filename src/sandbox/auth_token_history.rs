//! Auth tokens that have been the account's, one after the other.

use std::sync::OnceLock;

use crate::types::AuthToken;

/// An auth token, and the token that replaced it.
///
/// Replaced tokens are kept, because [`Sandbox::auth_token`](super::Sandbox::auth_token) returns a
/// reference, which a caller may still hold.
pub(crate) struct AuthTokenHistory {
    token: AuthToken,
    next: OnceLock<Box<Self>>,
}

impl AuthTokenHistory {
    pub(crate) const fn new(token: AuthToken) -> Self {
        Self {
            token,
            next: OnceLock::new(),
        }
    }

    /// Returns the account's token.
    pub(crate) fn current(&self) -> &AuthToken {
        &self.last().token
    }

    /// Replaces the account's token.
    pub(crate) fn replace(&self, token: AuthToken) {
        let new = Box::new(Self::new(token));
        if let Err(new) = self.last().next.set(new) {
            // Another thread replaced the token in between.
            self.replace(new.token);
        }
    }

    fn last(&self) -> &Self {
        let mut last = self;
        while let Some(next) = last.next.get() {
            last = next;
        }
        last
    }
}
