//! Deactivated numbers: those that their owners in the USA gave up, day by day.
//!
//! A deactivated number soon belongs to another person. Remove it before the next text or call.
//!
//! ```no_run
//! use clinspark_twilio::client::deactivations::FetchDeactivations;
//! # use clinspark_twilio::client::{Client, Error};
//! # async fn example(client: &Client, day: std::time::SystemTime) -> Result<(), Error> {
//! let found = client.execute(FetchDeactivations::new().date(day)).await?;
//! if let Some(url) = found.redirect_to {
//!     // Download it with your own HTTP client, without Twilio's credentials.
//!     let _ = url.expose();
//! }
//! # Ok(())
//! # }
//! ```
//!
//! | Item | What it is |
//! |---|---|
//! | [`FetchDeactivations`] | fetches the address of the list of one day |
//! | [`Deactivations`] | address of the list |
//!
//! Source: <https://www.twilio.com/docs/messaging/api/deactivations-resource>

use crate::client::engine::read::ResponseBody;
use crate::client::engine::request::request;
use crate::types::Redacted;

request! {
    /// Fetches the address of the list of numbers that were given up on a day.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/deactivations-resource#fetch-a-deactivation-resource>
    FetchDeactivations => Deactivations {
        GET Messaging "/Deactivations" Read;

        takes {
            /// Day, in UTC. Twilio has no list of the present day.
            date = "Date": day,
        }
    }
}

/// Address of the list of deactivated numbers.
///
/// Twilio responds with a redirect, which the client does not follow.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[non_exhaustive]
pub struct Deactivations {
    /// URL of a text file with one number a line. It is a secret while it is valid.
    #[serde(default, deserialize_with = "crate::client::engine::read::optional")]
    pub redirect_to: Option<Redacted<String>>,
}

impl Deactivations {
    /// Names of the fields that are read, in Twilio's spelling.
    pub const FIELDS: &'static [&'static str] = &["redirect_to"];
}

impl ResponseBody for Deactivations {
    const IS_REDIRECT: bool = true;
}
