//! Where Twilio processes and keeps what is asked for.

/// Where Twilio processes and keeps what is asked for.
///
/// Messages, numbers, recordings, API keys and the auth token of one region do not exist in the
/// others: give [`ClientBuilder::region`](crate::client::ClientBuilder::region) the credentials of the
/// same region, or Twilio answers 401 (20003). Not every product exists everywhere.
///
/// For a region that is newer than this version, see
/// [`ClientBuilder::base_url`](crate::client::ClientBuilder::base_url).
///
/// Source: <https://www.twilio.com/docs/global-infrastructure>
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProcessingRegion {
    /// The United States: Twilio's default.
    #[default]
    Us1,
    /// Ireland.
    Ie1,
    /// Australia.
    Au1,
}

impl ProcessingRegion {
    /// Twilio's name for it, such as `ie1`: also what a voice token wants.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Us1 => "us1",
            Self::Ie1 => "ie1",
            Self::Au1 => "au1",
        }
    }

    /// The whole base URL of a product there: never a half-set host.
    pub(in crate::client) fn address(self, edge: Option<&str>, host: &'static str) -> String {
        let edge = match (edge, self) {
            (Some(edge), _) => edge,
            (None, Self::Us1) => return host.to_owned(),
            (None, Self::Ie1) => "dublin",
            (None, Self::Au1) => "sydney",
        };
        let name = host.strip_suffix(".twilio.com").unwrap_or(host);
        format!("{name}.{edge}.{}.twilio.com", self.as_str())
    }
}
