//! Media files of messages.

use crate::client::engine::page::{Listed, Page};
use crate::client::engine::read::model;
use crate::client::engine::request::{Product, request};
use crate::types::{AccountSid, MediaSid, MessageSid, Redacted, Timestamp};

request! {
    /// Lists the media of a message.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/media-resource#read-multiple-media-resources>
    ListMedia => Page<MessageMedia> {
        GET Api "/Messages/{message_sid}/Media.json" Read;
        path {
            /// SID of the message
            message_sid: MessageSid,
        }

        takes {
            /// Filters by creation date, in UTC.
            date_created = "DateCreated": day,
            /// Filters by creation time: this time or earlier.
            date_created_before = "DateCreated<": time,
            /// Filters by creation time: this time or later.
            date_created_after = "DateCreated>": time,
            /// Number of items on a page, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

request! {
    /// Fetches the metadata of one media file, not the file itself.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/media-resource#fetch-a-media-resource>
    FetchMedia => MessageMedia {
        GET Api "/Messages/{message_sid}/Media/{sid}.json" Read;
        path {
            /// SID of the message
            message_sid: MessageSid,
            /// SID of the media file
            sid: MediaSid,
        }
    }
}

request! {
    /// Deletes one media file. Twilio keeps the files of incoming messages until you delete them.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/media-resource#delete-a-media-resource>
    DeleteMedia => () {
        DELETE Api "/Messages/{message_sid}/Media/{sid}.json" Update;
        path {
            /// SID of the message
            message_sid: MessageSid,
            /// SID of the media file
            sid: MediaSid,
        }
    }
}

model! {
    /// Media file of a message, as Twilio returns it.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/media-resource#media-properties>
    MessageMedia {
        /// SID of the media file.
        sid: MediaSid,
        /// SID of the account that owns the media file.
        account_sid: AccountSid,
        /// SID of the message that the file belongs to.
        parent_sid: MessageSid,
        /// MIME type of the file, such as `image/jpeg`.
        content_type: String,
        /// Time at which the media file was created.
        date_created: Timestamp,
        /// Time of the last update of the media file.
        date_updated: Timestamp,
        // Redacted, because the file may be readable to everyone who knows its URI.
        /// URI of this resource, relative to Twilio's host.
        uri: Redacted<String>,
    }
}

impl Listed for MessageMedia {
    const KEY: &'static str = "media_list";
    const PRODUCT: Product = Product::Api;
}
