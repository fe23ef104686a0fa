//! [`InputKinds`]: keys, speech or both.

/// Kinds of input that a verb accepts.
#[derive(Clone, Copy)]
pub(super) struct InputKinds {
    pub(super) keys: bool,
    pub(super) speech: bool,
}

impl InputKinds {
    pub(super) const NONE: Self = Self {
        keys: false,
        speech: false,
    };
    pub(super) const KEYS: Self = Self {
        keys: true,
        speech: false,
    };
    pub(super) const SPEECH: Self = Self {
        keys: false,
        speech: true,
    };
    pub(super) const BOTH: Self = Self {
        keys: true,
        speech: true,
    };
}
