//! Instance and client that set-up works on.

use crate::client::Client;
use crate::clinspark::settings::Settings;

/// An instance, and the client for its account.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target<'a> {
    pub(super) settings: &'a Settings,
    pub(super) client: &'a Client,
}
