//! Safe list: numbers that Twilio's protection against fraud does not block.
//!
//! ```no_run
//! use clinspark_twilio::client::safe_list::AddSafeListNumber;
//! # use clinspark_twilio::client::{Client, Error};
//! # use clinspark_twilio::phone::E164;
//! # async fn example(client: &Client, volunteer: E164) -> Result<(), Error> {
//! client.execute(AddSafeListNumber::new(volunteer)).await?;
//! # Ok(())
//! # }
//! ```
//!
//! | Item | What it is |
//! |---|---|
//! | [`AddSafeListNumber`], [`FetchSafeListNumber`], [`RemoveSafeListNumber`], [`ListedNumber`] | add, check and remove a number |
//! | [`SafeListNumber`] | a number on the list |
//!
//! Source: <https://www.twilio.com/docs/verify/preventing-toll-fraud/global-safe-list>

use super::argument::value_arguments;
use crate::client::engine::read::model;
use crate::client::engine::request::request;
use crate::phone::{Address, E164};
use crate::types::SafeListSid;

request! {
    /// Adds a number to the safe list.
    ///
    /// Source: <https://www.twilio.com/docs/verify/preventing-toll-fraud/global-safe-list>
    AddSafeListNumber => SafeListNumber {
        // `Update`: a second request leaves the same list.
        POST Accounts "/SafeList/Numbers" Update;
        needs {
            /// number
            phone_number: ListedNumber,
        }
    }
}

request! {
    /// Fetches a number of the safe list. Twilio responds with status 404 if it is not listed.
    ///
    /// Source: <https://www.twilio.com/docs/verify/preventing-toll-fraud/global-safe-list>
    FetchSafeListNumber => SafeListNumber {
        GET Accounts "/SafeList/Numbers" Read;
        needs {
            /// number
            phone_number: ListedNumber,
        }
    }
}

request! {
    /// Removes a number from the safe list.
    ///
    /// Source: <https://www.twilio.com/docs/verify/preventing-toll-fraud/global-safe-list>
    RemoveSafeListNumber => () {
        DELETE Accounts "/SafeList/Numbers" Update;
        needs {
            /// number
            phone_number: ListedNumber,
        }
    }
}

value_arguments! {
    /// Number of the safe list. An [`E164`] converts into it.
    ListedNumber(E164) = "PhoneNumber";
}

model! {
    /// Number of the safe list, as Twilio returns it.
    ///
    /// Source: <https://www.twilio.com/docs/verify/preventing-toll-fraud/global-safe-list>
    SafeListNumber {
        /// SID of the entry.
        sid: SafeListSid,
        /// Number.
        phone_number: Address,
    }
}
