//! The audit log: who changed what in the account, and when.
//!
//! ```no_run
//! use clinspark_twilio::client::events::ListEvents;
//! # use clinspark_twilio::client::{Client, Error};
//! # async fn example(client: &Client) -> Result<(), Error> {
//! let made = ListEvents::new().event_type("account-auth-token.secondary-created");
//! let mut events = client.list(made);
//! while let Some(event) = events.next().await {
//!     println!("{:?}", event?.event_date);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! | Item | What it is |
//! |---|---|
//! | [`ListEvents`] | reads many |
//! | [`Event`] | an entry of the audit log |
//!
//! Source: <https://www.twilio.com/docs/usage/monitor-events>

use crate::client::engine::page::{Listed, Page};
use crate::client::engine::read::model;
use crate::client::engine::request::{Product, request};
use crate::types::{AccountSid, EventSid, Redacted, Timestamp};

request! {
    /// Lists entries of the audit log, the newest first.
    ///
    /// Source: <https://www.twilio.com/docs/usage/monitor-events#read-multiple-event-resources>
    ListEvents => Page<Event> {
        GET Monitor "/Events" Read;

        takes {
            /// Those that this user, key or account made happen.
            actor_sid = "ActorSid": text,
            /// Those of this kind, such as `application.updated`.
            event_type = "EventType": text,
            /// Those about this resource.
            resource_sid = "ResourceSid": text,
            /// Those asked for from this address.
            source_ip_address = "SourceIpAddress": text,
            /// Those at this time or after; at most 30 days ago, unless more was bought.
            start_date = "StartDate": time,
            /// Those at this time or before.
            end_date = "EndDate": time,
            /// How many items a page holds, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

model! {
    /// An entry of the audit log.
    ///
    /// Source: <https://www.twilio.com/docs/usage/monitor-events#event-properties>
    Event {
        /// Its SID.
        sid: EventSid,
        /// The account that it belongs to.
        account_sid: AccountSid,
        /// Who made it happen.
        actor_sid: String,
        /// What that is, such as `user`.
        actor_type: String,
        /// What happened, in Twilio's words.
        description: Redacted<String>,
        /// When it happened.
        event_date: Timestamp,
        /// What happened, such as `application.updated`.
        event_type: String,
        /// The SID of what it is about.
        resource_sid: String,
        /// What that is, such as `application`.
        resource_type: String,
        /// Where it was asked for, such as `api` or `web`.
        source: String,
        /// The address that it was asked for from.
        source_ip_address: Redacted<String>,
        /// Its address at Twilio.
        url: String,
    }
}

impl Listed for Event {
    const KEY: &'static str = "events";
    const PRODUCT: Product = Product::Monitor;
}
