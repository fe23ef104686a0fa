//! [`Watched`]: a value that remembers whether it was changed.

use std::ops::{Deref, DerefMut};

/// Value that remembers whether it was lent for a change.
#[derive(Default)]
pub(crate) struct Watched<T> {
    value: T,
    is_changed: bool,
}

impl<T> Watched<T> {
    /// Reports whether the value was changed since the last call.
    pub(crate) const fn take_change(&mut self) -> bool {
        std::mem::replace(&mut self.is_changed, false)
    }
}

impl<T> Deref for Watched<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Watched<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.is_changed = true;
        &mut self.value
    }
}
