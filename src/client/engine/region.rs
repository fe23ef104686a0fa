//! Regions and edge locations of Twilio, which stand in the names of its hosts.

use std::borrow::Cow;
use std::fmt;

use super::url::is_label;

/// Each region of Twilio with the edge location in the same place.
///
/// Source: <https://github.com/twilio/twilio-java/pull/928>
const EDGES: [(&str, &str); 9] = [
    ("us1", "ashburn"),
    ("us2", "umatilla"),
    ("ie1", "dublin"),
    ("au1", "sydney"),
    ("jp1", "tokyo"),
    ("jp2", "osaka"),
    ("de1", "frankfurt"),
    ("sg1", "singapore"),
    ("br1", "sao-paulo"),
];

/// Region in which Twilio processes requests and stores data.
///
/// Messages, numbers, recordings, API keys and the auth token of one region do not exist in the
/// others. With [`ClientBuilder::region`](crate::client::ClientBuilder::region), use credentials of
/// the same region; otherwise Twilio responds with 401 (20003). Not every product exists in every
/// region.
///
/// ```
/// use clinspark_twilio::client::ProcessingRegion;
///
/// assert_eq!(ProcessingRegion::default(), ProcessingRegion::US1);
/// assert_eq!(ProcessingRegion::parse("ie1")?, ProcessingRegion::IE1);
/// assert_eq!(ProcessingRegion::IE1.as_str(), "ie1");
/// assert_eq!(ProcessingRegion::IE1.nearest_edge().unwrap().as_str(), "dublin");
/// assert!(ProcessingRegion::parse("ie1.evil.example").is_err());
/// # Ok::<(), clinspark_twilio::client::RegionError>(())
/// ```
///
/// Source: <https://www.twilio.com/docs/global-infrastructure>
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProcessingRegion(Cow<'static, str>);

impl ProcessingRegion {
    /// United States, Twilio's default.
    pub const US1: Self = Self(Cow::Borrowed("us1"));
    /// Ireland.
    pub const IE1: Self = Self(Cow::Borrowed("ie1"));
    /// Australia.
    pub const AU1: Self = Self(Cow::Borrowed("au1"));
    /// Japan.
    pub const JP1: Self = Self(Cow::Borrowed("jp1"));

    /// Parses Twilio's name of a region: two letters and a number below 100, such as `ie1`.
    ///
    /// A region that is newer than this version is accepted. It needs an
    /// [edge](crate::client::ClientBuilder::edge).
    ///
    /// # Errors
    ///
    /// [`RegionError`] for any other text, such as `Ireland`, `dublin` or a host name.
    pub fn parse(name: &str) -> Result<Self, RegionError> {
        if is_region(name) {
            return Ok(Self(Cow::Owned(name.to_ascii_lowercase())));
        }
        Err(RegionError(
            "the region must be Twilio's name of one, such as `ie1`",
        ))
    }

    /// Returns Twilio's name of the region, such as `ie1`. Voice tokens use the same name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the edge location in the same place as the region. `None` for a region that is newer
    /// than this version.
    #[must_use]
    pub fn nearest_edge(&self) -> Option<Edge> {
        let found = EDGES.iter().find(|(region, _)| *region == self.0);
        found.map(|(_, edge)| Edge(Cow::Borrowed(*edge)))
    }
}

impl Default for ProcessingRegion {
    fn default() -> Self {
        Self::US1
    }
}

impl fmt::Display for ProcessingRegion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Edge location in the names of Twilio's hosts, such as `dublin`.
///
/// ```
/// use clinspark_twilio::client::Edge;
///
/// assert_eq!(Edge::parse("Frankfurt")?.as_str(), "frankfurt");
/// assert!(Edge::parse("frankfurt.evil.example").is_err());
/// # Ok::<(), clinspark_twilio::client::RegionError>(())
/// ```
///
/// Source: <https://www.twilio.com/docs/global-infrastructure/understanding-edge-locations>
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Edge(Cow<'static, str>);

impl Edge {
    /// Parses the name of an edge location. Any DNS label is accepted, because Twilio adds edges.
    ///
    /// # Errors
    ///
    /// [`RegionError`] for a text that is not one label of a host name, and for the name of a
    /// region.
    pub fn parse(name: &str) -> Result<Self, RegionError> {
        if is_label(name) && !is_region(name) {
            return Ok(Self(Cow::Owned(name.to_ascii_lowercase())));
        }
        Err(RegionError(
            "the edge must be one label of a host name, such as `dublin`",
        ))
    }

    /// Returns the name, such as `dublin`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Edge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Error for a text that is not the name of a region or an edge.
///
/// It does not quote the text, because a secret may have been pasted into the wrong field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct RegionError(pub(in crate::client) &'static str);

/// Names in Twilio's hosts: region and edge together, or neither.
#[derive(Clone, Debug, Default)]
pub(in crate::client) struct Location {
    pub(in crate::client) region: ProcessingRegion,
    edge: Option<Edge>,
}

impl Location {
    /// Completes a region or an edge with the other, because a host must name both. `us1` alone
    /// needs neither.
    pub(in crate::client) fn new(
        region: ProcessingRegion,
        edge: Option<Edge>,
    ) -> Result<Self, RegionError> {
        let edge = match edge {
            None if region == ProcessingRegion::US1 => None,
            None => Some(region.nearest_edge().ok_or(RegionError(
                "the edge of this region is not known: set the edge, too",
            ))?),
            given => given,
        };
        Ok(Self { region, edge })
    }

    /// Returns the base URL of a product.
    pub(in crate::client) fn address(&self, host: &'static str) -> String {
        let Some(edge) = &self.edge else {
            return host.to_owned();
        };
        let name = host.strip_suffix(".twilio.com").unwrap_or(host);
        format!("{name}.{edge}.{}.twilio.com", self.region)
    }
}

/// Returns `true` for the form of a region's name: two letters and one or two digits.
pub(in crate::client) fn is_region(name: &str) -> bool {
    let (letters, digits) = name.split_at_checked(2).unwrap_or_default();
    letters.bytes().all(|b| b.is_ascii_alphabetic())
        && (1..=2).contains(&digits.len())
        && digits.bytes().all(|b| b.is_ascii_digit())
}
