//! Regions of Twilio.

/// Region in which Twilio processes requests and stores data.
///
/// Messages, numbers, recordings, API keys and the auth token of one region do not exist in the
/// others. With [`ClientBuilder::region`](crate::client::ClientBuilder::region), use credentials of
/// the same region; otherwise Twilio responds with 401 (20003). Not every product exists in every
/// region.
///
/// For a region that is newer than this version, see
/// [`ClientBuilder::base_url`](crate::client::ClientBuilder::base_url).
///
/// ```
/// use clinspark_twilio::client::ProcessingRegion;
///
/// assert_eq!(ProcessingRegion::default(), ProcessingRegion::Us1);
/// assert_eq!(ProcessingRegion::Ie1.as_str(), "ie1");
/// ```
///
/// Source: <https://www.twilio.com/docs/global-infrastructure>
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProcessingRegion {
    /// United States, Twilio's default.
    #[default]
    Us1,
    /// Ireland.
    Ie1,
    /// Australia.
    Au1,
}

impl ProcessingRegion {
    /// Returns Twilio's name of the region, such as `ie1`. Voice tokens use the same name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Us1 => "us1",
            Self::Ie1 => "ie1",
            Self::Au1 => "au1",
        }
    }

    /// Returns the base URL of a product in this region. A host must name edge and region together,
    /// so a region without an edge gets its own.
    pub(in crate::client) fn address(self, edge: Option<&str>, host: &'static str) -> String {
        let edge = match (edge, self) {
            (Some(edge), _) => edge,
            (None, Self::Us1) => return host.to_owned(),
            // The edge in the same place as the region.
            (None, Self::Ie1) => "dublin",
            (None, Self::Au1) => "sydney",
        };
        let name = host.strip_suffix(".twilio.com").unwrap_or(host);
        format!("{name}.{edge}.{}.twilio.com", self.as_str())
    }
}
