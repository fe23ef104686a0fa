//! Settings as text, as they were given.

use std::collections::BTreeMap;
use std::fmt;

use zeroize::Zeroizing;

use super::setting::Setting;

/// Settings as text. Some are secrets, so all are zeroized and none is shown. `None` means that a
/// value was given but is not UTF-8.
#[derive(Clone, Default)]
pub(super) struct RawSettings(pub(super) BTreeMap<Setting, Option<Zeroizing<String>>>);

impl fmt::Debug for RawSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
