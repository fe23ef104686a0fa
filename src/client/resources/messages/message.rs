//! Message resource: fetching, listing, redacting, canceling and deleting messages.

use crate::client::engine::page::{Listed, Page};
use crate::client::engine::read::model;
use crate::client::engine::request::{Product, request};
use crate::phone::Address;
use crate::types::{
    AccountSid, MessageDirection, MessageSid, MessageStatus, MessagingServiceSid, Redacted,
    Timestamp,
};

request! {
    /// Reads one message.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/message-resource#fetch-a-message-resource>
    FetchMessage => Message {
        GET Api "/Messages/{sid}.json" Read;
        path {
            /// the message
            sid: MessageSid,
        }
    }
}

model! {
    /// A message as Twilio has it.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/message-resource#message-properties>
    Message {
        /// Its SID.
        sid: MessageSid,
        /// The account that sent or received it.
        account_sid: AccountSid,
        /// The Messaging Service that sent it.
        messaging_service_sid: MessagingServiceSid,
        /// Who sent it; missing while a Messaging Service has not chosen.
        from: Address,
        /// Whom it goes to.
        to: Address,
        /// The text. Empty once redacted.
        body: Redacted<String>,
        /// Where it is.
        status: MessageStatus,
        /// Which way it went.
        direction: MessageDirection,
        /// Why it failed or was not delivered, such as 30003.
        error_code: u32,
        /// Twilio's sentence on the error. It may quote numbers.
        error_message: Redacted<String>,
        /// How many segments it was split into; 0 while a Messaging Service has not chosen.
        num_segments: u32,
        /// How many media it holds.
        num_media: u32,
        /// What it cost, a decimal number in `price_unit`, negative; missing until billed.
        price: String,
        /// The currency of `price`, such as `USD`.
        price_unit: String,
        /// When Twilio took it.
        date_created: Timestamp,
        /// When it was sent; missing until then.
        date_sent: Timestamp,
        /// When it last changed.
        date_updated: Timestamp,
        /// The version of the API that made it.
        api_version: String,
        /// Its path on Twilio's host.
        uri: String,
    }
}

impl Listed for Message {
    const KEY: &'static str = "messages";
    const PRODUCT: Product = Product::Api;
}

request! {
    /// Lists messages, the newest first.
    ///
    /// ```no_run
    /// # use clinspark_twilio::client::{Client, Error};
    /// # use clinspark_twilio::phone::E164;
    /// use std::time::{Duration, SystemTime};
    /// use clinspark_twilio::client::messages::ListMessages;
    ///
    /// # async fn example(client: &Client, volunteer: E164) -> Result<(), Error> {
    /// let yesterday = SystemTime::now() - Duration::from_secs(86_400);
    /// let since = ListMessages::new().to(volunteer).date_sent_after(yesterday);
    /// let mut messages = client.list(since);
    /// while let Some(message) = messages.next().await {
    ///     println!("{:?}", message?.status);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/message-resource#read-multiple-message-resources>
    ListMessages => Page<Message> {
        GET Api "/Messages.json" Read;

        takes {
            /// Messages to this address. Another channel's address is another address.
            to = "To": address,
            /// Messages from this address.
            from = "From": address,
            /// Messages sent on this day, in UTC.
            date_sent = "DateSent": day,
            /// Messages sent at this time or before.
            date_sent_before = "DateSent<": time,
            /// Messages sent at this time or after.
            date_sent_after = "DateSent>": time,
            /// How many items a page holds, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

request! {
    /// Takes the text out of a message that has come to its end. Nothing brings it back; media
    /// stay until they are deleted.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/tutorials/how-to-retrieve-and-modify-message-history>
    RedactMessage => Message {
        POST Api "/Messages/{sid}.json" Update;
        path {
            /// the message
            sid: MessageSid,
        }
        sets {
            "Body" = "",
        }
    }
}

request! {
    /// Calls off a scheduled message. Too late, it is refused with 30409.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/features/message-scheduling>
    CancelMessage => Message {
        POST Api "/Messages/{sid}.json" Update;
        path {
            /// the message
            sid: MessageSid,
        }
        sets {
            "Status" = "canceled",
        }
        settled 30409 by "FetchMessage" if |_, message| message.status == Some(MessageStatus::Canceled);
    }
}

request! {
    /// Deletes a message and its media. Nothing brings them back. Refused with 20009 while the
    /// message is on its way.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/message-resource#delete-a-message-resource>
    DeleteMessage => () {
        DELETE Api "/Messages/{sid}.json" Update;
        path {
            /// the message
            sid: MessageSid,
        }
    }
}
