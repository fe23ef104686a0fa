//! Instance to set up, and the client of its account.

use crate::client::Client;
use crate::clinspark::settings::Settings;

/// Instance, and the client of its account.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target<'a> {
    pub(super) settings: &'a Settings,
    pub(super) client: &'a Client,
}
