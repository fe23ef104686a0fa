//! The files of a message.

use crate::client::engine::page::{Listed, Page};
use crate::client::engine::read::model;
use crate::client::engine::request::{Product, request};
use crate::types::{AccountSid, MediaSid, MessageSid, Redacted, Timestamp};

request! {
    /// Lists the files of a message.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/media-resource#read-multiple-media-resources>
    ListMedia => Page<MessageMedia> {
        GET Api "/Messages/{message_sid}/Media.json" Read;
        path {
            /// the message
            message_sid: MessageSid,
        }

        takes {
            /// Files made on this day, in UTC.
            date_created = "DateCreated": day,
            /// Files made at this time or before.
            date_created_before = "DateCreated<": time,
            /// Files made at this time or after.
            date_created_after = "DateCreated>": time,
            /// How many items a page holds, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

request! {
    /// Reads what is known about one file, not the file itself.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/media-resource#fetch-a-media-resource>
    FetchMedia => MessageMedia {
        GET Api "/Messages/{message_sid}/Media/{sid}.json" Read;
        path {
            /// the message
            message_sid: MessageSid,
            /// the file
            sid: MediaSid,
        }
    }
}

request! {
    /// Deletes one file. Files of incoming messages stay at Twilio until then.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/media-resource#delete-a-media-resource>
    DeleteMedia => () {
        DELETE Api "/Messages/{message_sid}/Media/{sid}.json" Update;
        path {
            /// the message
            message_sid: MessageSid,
            /// the file
            sid: MediaSid,
        }
    }
}

model! {
    /// A file of a message.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/media-resource#media-properties>
    MessageMedia {
        /// Its SID.
        sid: MediaSid,
        /// The account that it belongs to.
        account_sid: AccountSid,
        /// The message that it belongs to.
        parent_sid: MessageSid,
        /// What kind of file it is, such as `image/jpeg`.
        content_type: String,
        /// When it was made.
        date_created: Timestamp,
        /// When it last changed.
        date_updated: Timestamp,
        /// Its path on Twilio's host.
        uri: Redacted<String>,
    }
}

impl Listed for MessageMedia {
    const KEY: &'static str = "media_list";
    const PRODUCT: Product = Product::Api;
}
