//! Audit events: each change in the account, with its actor and its time.
//!
//! ```
//! use clinspark_twilio::client::events::ListEvents;
//! # use clinspark_twilio::client::testing::{FakeTransport, Reply};
//! # use clinspark_twilio::client::{Client, Credentials, Delivery};
//! # use clinspark_twilio::types::{AccountSid, AuthToken};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
//! # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
//! # let transport = FakeTransport::new()
//! #     .reply(Reply::json(
//! #         200,
//! #         r#"{
//! #             "events": [{
//! #                 "sid": "AE00000000000000000000000000000001",
//! #                 "actor_type": "user"
//! #             }]
//! #         }"#,
//! #     ));
//! # let client = Client::builder(credentials, Delivery::Off)
//! #     .with_transport(transport.clone())
//! #     .build()?;
//!
//! let created = ListEvents::new().event_type("account-auth-token.secondary-created");
//! let mut events = client.list(created);
//! while let Some(event) = events.next().await {
//!     assert_eq!(event?.actor_type.as_deref(), Some("user"));
//! }
//! # Ok(())
//! # }
//! ```
//!
//! | Item | Description |
//! |---|---|
//! | [`ListEvents`], [`FetchEvent`] | list audit events, or fetch one |
//! | [`Event`] | one audit event |
//!
//! Source: <https://www.twilio.com/docs/usage/monitor-events>

use crate::client::engine::page::{Listed, Page};
use crate::client::engine::read::model;
use crate::client::engine::request::{Product, request};
use crate::types::{AccountSid, EventSid, Redacted, Timestamp};

request! {
    /// Lists audit events, the newest first.
    ///
    /// Source: <https://www.twilio.com/docs/usage/monitor-events#read-multiple-event-resources>
    ListEvents => Page<Event> {
        GET Monitor "/Events" Read;

        takes {
            // Text, because the prefix of the SID depends on the type of actor.
            /// Filters by actor: the SID of a user, API key or account.
            actor_sid = "ActorSid": text,
            /// Filters by event type, such as `application.updated`.
            event_type = "EventType": text,
            /// Filters by the SID of the changed resource.
            resource_sid = "ResourceSid": text,
            /// Filters by the IP address that the change came from.
            source_ip_address = "SourceIpAddress": text,
            /// Filters by time of the event: this time or later. At most 30 days ago, unless the
            /// account has paid for more.
            start_date = "StartDate": time,
            /// Filters by time of the event: this time or earlier.
            end_date = "EndDate": time,
            /// Number of items on a page, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

request! {
    /// Fetches one audit event.
    ///
    /// Source: <https://www.twilio.com/docs/usage/monitor-events#fetch-an-event-resource>
    FetchEvent => Event {
        GET Monitor "/Events/{sid}" Read;
        path {
            /// SID of the event
            sid: EventSid,
        }
    }
}

model! {
    /// Audit event: a change in the account.
    ///
    /// Source: <https://www.twilio.com/docs/usage/monitor-events#event-properties>
    Event {
        /// SID of the event.
        sid: EventSid,
        /// SID of the account that owns the event.
        account_sid: AccountSid,
        /// SID of the user, API key or account that made the change.
        actor_sid: String,
        /// Type of the actor, such as `user`.
        actor_type: String,
        /// Twilio's description of the change.
        description: Redacted<String>,
        // `event_data` is left out: its shape depends on the type of event.
        /// Time of the change.
        event_date: Timestamp,
        /// Event type, such as `application.updated`.
        event_type: String,
        /// SID of the changed resource.
        resource_sid: String,
        /// Type of the changed resource, such as `application`.
        resource_type: String,
        /// Origin of the change, such as `api` or `web`.
        source: String,
        /// IP address that the change came from.
        source_ip_address: Redacted<String>,
        /// URL of this resource.
        url: String,
    }
}

impl Listed for Event {
    const KEY: &'static str = "events";
    const PRODUCT: Product = Product::Monitor;
}
