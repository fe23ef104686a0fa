//! Message resource: fetching, listing, redacting, canceling and deleting messages.

use crate::client::engine::page::{Listed, Page};
use crate::client::engine::read::model;
use crate::client::engine::request::{Product, request};
use crate::codes::ErrorCode;
use crate::phone::Address;
use crate::types::{
    AccountSid, MessageDirection, MessageSid, MessageStatus, MessagingServiceSid, Redacted,
    Timestamp,
};

request! {
    /// Fetches one message.
    ///
    /// ```
    /// use clinspark_twilio::client::messages::FetchMessage;
    /// use clinspark_twilio::types::MessageStatus;
    /// # use clinspark_twilio::client::testing::{FakeTransport, Reply};
    /// # use clinspark_twilio::client::{Client, Credentials, Delivery};
    /// # use clinspark_twilio::types::{AccountSid, AuthToken, MessageSid};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
    /// # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
    /// # let sid = MessageSid::parse("SM00000000000000000000000000000001")?;
    /// # let transport = FakeTransport::new()
    /// #     .reply(Reply::json(
    /// #         200,
    /// #         r#"{"sid": "SM00000000000000000000000000000001", "status": "delivered"}"#,
    /// #     ));
    /// # let client = Client::builder(credentials, Delivery::Off)
    /// #     .with_transport(transport.clone())
    /// #     .build()?;
    ///
    /// let message = client.execute(FetchMessage::new(sid)).await?;
    /// assert_eq!(message.status, Some(MessageStatus::Delivered));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/message-resource#fetch-a-message-resource>
    FetchMessage => Message {
        GET Api "/Messages/{sid}.json" Read;
        path {
            /// SID of the message
            sid: MessageSid,
        }
    }
}

model! {
    /// Message, as Twilio returns it.
    ///
    /// ```
    /// use clinspark_twilio::client::messages::Message;
    /// use clinspark_twilio::codes::RetryAdvice;
    /// use clinspark_twilio::types::MessageStatus;
    ///
    /// /// Returns `true` if the message was not delivered, and another one may be.
    /// fn may_text_later(message: &Message) -> bool {
    ///     message.status == Some(MessageStatus::Undelivered)
    ///         && message.error_code.is_some_and(|code| code.retry_advice() == RetryAdvice::Later)
    /// }
    ///
    /// let message: Message = serde_json::from_str(
    ///     r#"{
    ///         "sid": "SM00000000000000000000000000000001",
    ///         "status": "undelivered",
    ///         "error_code": 30003,
    ///         "body": "See you at 9:00."
    ///     }"#,
    /// )?;
    /// assert!(may_text_later(&message));
    /// assert!(!format!("{message:?}").contains("9:00"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/message-resource#message-properties>
    Message {
        /// SID of the message.
        sid: MessageSid,
        /// SID of the account that sent or received the message.
        account_sid: AccountSid,
        /// SID of the Messaging Service that sent the message.
        messaging_service_sid: MessagingServiceSid,
        /// Sender. Missing until the Messaging Service has chosen one.
        from: Address,
        /// Recipient.
        to: Address,
        /// Message body. Empty after redaction.
        body: Redacted<String>,
        /// Delivery status.
        status: MessageStatus,
        /// Direction of the message.
        direction: MessageDirection,
        /// Twilio's error code if the message failed or was not delivered, such as 30003.
        /// [`ErrorCode::explanation`] states meaning and advice.
        error_code: ErrorCode,
        /// Twilio's description of the error. It can contain phone numbers.
        error_message: Redacted<String>,
        /// Number of segments. 0 until the Messaging Service has chosen a sender.
        num_segments: u32,
        /// Number of media.
        num_media: u32,
        // Text, because a floating-point number would round the amount.
        /// Cost in `price_unit`, a negative decimal number. Missing until billed.
        price: String,
        /// Currency of `price`, such as `USD`.
        price_unit: String,
        /// Time at which Twilio accepted the message.
        date_created: Timestamp,
        /// Time at which the message was sent. Missing until then.
        date_sent: Timestamp,
        /// Time of the last update of the message.
        date_updated: Timestamp,
        /// Version of the API that created the message.
        api_version: String,
        /// URI of this resource, relative to Twilio's host.
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
    /// ```
    /// use std::time::{Duration, SystemTime};
    /// use clinspark_twilio::client::messages::ListMessages;
    /// # use clinspark_twilio::phone::E164;
    /// # use clinspark_twilio::client::testing::{FakeTransport, Reply};
    /// # use clinspark_twilio::client::{Client, Credentials, Delivery};
    /// # use clinspark_twilio::types::{AccountSid, AuthToken};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
    /// # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
    /// # let volunteer = E164::parse("+14155550123")?;
    /// # let transport = FakeTransport::new()
    /// #     .reply(Reply::json(
    /// #         200,
    /// #         r#"{"messages": [{"sid": "SM00000000000000000000000000000001"}]}"#,
    /// #     ));
    /// # let client = Client::builder(credentials, Delivery::Off)
    /// #     .with_transport(transport.clone())
    /// #     .build()?;
    ///
    /// let yesterday = SystemTime::now() - Duration::from_secs(86_400);
    /// let recent = ListMessages::new().to(volunteer).date_sent_after(yesterday);
    /// let mut messages = client.list(recent);
    /// let first = messages.next().await.ok_or("no message since yesterday")??;
    /// assert_eq!(first.sid.as_str(), "SM00000000000000000000000000000001");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/message-resource#read-multiple-message-resources>
    ListMessages => Page<Message> {
        GET Api "/Messages.json" Read;

        takes {
            /// Filters by recipient address. An address on another channel is a different address.
            to = "To": address,
            /// Filters by sender address.
            from = "From": address,
            /// Filters by the date of sending, in UTC.
            date_sent = "DateSent": day,
            /// Filters by the time of sending: this time or earlier.
            date_sent_before = "DateSent<": time,
            /// Filters by the time of sending: this time or later.
            date_sent_after = "DateSent>": time,
            /// Number of items on a page, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

request! {
    /// Deletes the body of a message in a final status. The body cannot be restored. Media stay
    /// until you delete them.
    ///
    /// ```
    /// use clinspark_twilio::client::messages::RedactMessage;
    /// # use clinspark_twilio::client::testing::{FakeTransport, Reply};
    /// # use clinspark_twilio::client::{Client, Credentials, Delivery};
    /// # use clinspark_twilio::types::{AccountSid, AuthToken, MessageSid};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
    /// # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
    /// # let sid = MessageSid::parse("SM00000000000000000000000000000001")?;
    /// # let transport = FakeTransport::new()
    /// #     .reply(Reply::json(
    /// #         200,
    /// #         r#"{"sid": "SM00000000000000000000000000000001", "body": ""}"#,
    /// #     ));
    /// # let client = Client::builder(credentials, Delivery::Off)
    /// #     .with_transport(transport.clone())
    /// #     .build()?;
    ///
    /// let message = client.execute(RedactMessage::new(sid)).await?;
    /// assert!(message.body.is_some_and(|body| body.expose().is_empty()));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/messaging/tutorials/how-to-retrieve-and-modify-message-history>
    RedactMessage => Message {
        POST Api "/Messages/{sid}.json" Update;
        path {
            /// SID of the message
            sid: MessageSid,
        }
        sets {
            // Twilio redacts a message when its body is set to an empty string.
            "Body" = "",
        }
    }
}

request! {
    /// Cancels a scheduled message. Twilio rejects the request with 30409 when it is too late.
    ///
    /// ```
    /// use clinspark_twilio::codes::ErrorCode;
    /// use clinspark_twilio::client::messages::CancelMessage;
    /// # use clinspark_twilio::client::testing::{FakeTransport, Reply};
    /// # use clinspark_twilio::client::{Client, Credentials, Delivery};
    /// # use clinspark_twilio::types::{AccountSid, AuthToken, MessageSid};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
    /// # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
    /// # let sid = MessageSid::parse("SM00000000000000000000000000000001")?;
    /// # let transport = FakeTransport::new().reply(Reply::error(400, 30409));
    /// # let client = Client::builder(credentials, Delivery::Off)
    /// #     .with_transport(transport.clone())
    /// #     .build()?;
    ///
    /// let error = client.execute(CancelMessage::new(sid)).await.unwrap_err();
    /// assert_eq!(error.code(), Some(ErrorCode::TOO_LATE_TO_CANCEL));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/messaging/features/message-scheduling>
    CancelMessage => Message {
        POST Api "/Messages/{sid}.json" Update;
        path {
            /// SID of the message
            sid: MessageSid,
        }
        sets {
            "Status" = "canceled",
        }
        settled 30409 by "FetchMessage" if |_, message| message.status == Some(MessageStatus::Canceled);
    }
}

request! {
    /// Deletes a message and its media. They cannot be restored.
    ///
    /// Twilio rejects the request with 20009 while the message is in progress.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/message-resource#delete-a-message-resource>
    DeleteMessage => () {
        DELETE Api "/Messages/{sid}.json" Update;
        path {
            /// SID of the message
            sid: MessageSid,
        }
    }
}
