//! Call queues, and the calls that wait in them.
//!
//! ```no_run
//! use clinspark_twilio::client::queues::{ConnectQueueMember, QueueMemberRef};
//! # use clinspark_twilio::client::{Client, Error};
//! # use clinspark_twilio::types::QueueSid;
//! # async fn example(client: &Client, queue: QueueSid) -> Result<(), Error> {
//! // The URL returns TwiML for the call that has waited longest.
//! let url = "https://clinic.example/twilio/next";
//! client.execute(ConnectQueueMember::new(queue, QueueMemberRef::Front, url)).await?;
//! # Ok(())
//! # }
//! ```
//!
//! | Item | What it is |
//! |---|---|
//! | [`CreateQueue`], [`UpdateQueue`], [`DeleteQueue`] | create, update and delete a queue |
//! | [`FetchQueue`], [`ListQueues`] | fetch one, or list all |
//! | [`Queue`], [`QueueName`] | a queue, its length and its waiting time |
//! | [`ListQueueMembers`], [`FetchQueueMember`] | list waiting calls, or fetch one |
//! | [`ConnectQueueMember`], [`QueueMemberRef`], [`DequeueUrl`] | take a call out of the queue |
//! | [`QueueMember`] | a waiting call |
//!
//! Source: <https://www.twilio.com/docs/voice/api/queue-resource>

use std::fmt;

use super::argument::text_arguments;
use super::create_and_update::create_and_update;
use crate::client::engine::guard::Reaches;
use crate::client::engine::page::{Listed, Page};
use crate::client::engine::read::{model, part};
use crate::client::engine::request::{Product, request};
use crate::phone::E164;
use crate::types::{AccountSid, CallSid, Method, QueueSid, Redacted, Timestamp};

create_and_update! {
    options {
        /// Maximum number of waiting calls, 1 to 5,000. Default 1,000.
        max_size = "MaxSize": number(1..=5_000),
    }

    /// Creates a queue.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/queue-resource#create-a-queue-resource>
    CreateQueue => Queue {
        POST Api "/Queues.json" Create;
        needs {
            /// friendly name, at most 64 characters, by which TwiML joins the queue
            friendly_name: QueueName,
        }
    }

    /// Updates a queue. Parameters that are not set keep their value.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/queue-resource#update-a-queue-resource>
    UpdateQueue => Queue {
        POST Api "/Queues/{sid}.json" Update;
        path {
            /// SID of the queue
            sid: QueueSid,
        }
        takes {
            // Optional here, but an argument of `new` in `CreateQueue`: hence not in `options`.
            /// Friendly name, at most 64 characters.
            friendly_name = "FriendlyName": name,
        }
    }
}

text_arguments! {
    /// Friendly name of a queue. Strings convert into it.
    QueueName = "FriendlyName": set_name;
    /// URL of the TwiML for a call that leaves a queue. Strings convert into it.
    DequeueUrl = "Url": set_url;
}

request! {
    /// Fetches one queue.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/queue-resource#fetch-a-queue-resource>
    FetchQueue => Queue {
        GET Api "/Queues/{sid}.json" Read;
        path {
            /// SID of the queue
            sid: QueueSid,
        }
    }
}

request! {
    /// Lists the queues of the account.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/queue-resource#read-multiple-queue-resources>
    ListQueues => Page<Queue> {
        GET Api "/Queues.json" Read;

        takes {
            /// Number of items on a page, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

request! {
    /// Deletes a queue. Twilio rejects the request while calls wait in it.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/queue-resource#delete-a-queue-resource>
    DeleteQueue => () {
        DELETE Api "/Queues/{sid}.json" Update;
        path {
            /// SID of the queue
            sid: QueueSid,
        }
    }
}

model! {
    /// Queue, as Twilio returns it.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/queue-resource#queue-properties>
    Queue {
        /// SID of the queue.
        sid: QueueSid,
        /// SID of the account that owns the queue.
        account_sid: AccountSid,
        /// Friendly name, by which TwiML joins the queue.
        friendly_name: Redacted<String>,
        /// Number of waiting calls.
        current_size: u32,
        /// Maximum number of waiting calls.
        max_size: u32,
        /// Average waiting time of the calls in the queue, in seconds.
        average_wait_time: u32,
        /// Time at which the queue was created.
        date_created: Timestamp,
        /// Time of the last update of the queue.
        date_updated: Timestamp,
        /// URI of this resource, relative to Twilio's host.
        uri: String,
    }
}

impl Listed for Queue {
    const KEY: &'static str = "queues";
    const PRODUCT: Product = Product::Api;
}

request! {
    /// Lists the calls that wait in a queue, the longest wait first.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/member-resource#read-multiple-member-resources>
    ListQueueMembers => Page<QueueMember> {
        GET Api "/Queues/{queue_sid}/Members.json" Read;
        path {
            /// SID of the queue
            queue_sid: QueueSid,
        }

        takes {
            /// Number of items on a page, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

request! {
    /// Fetches one waiting call.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/member-resource#fetch-a-member-resource>
    FetchQueueMember => QueueMember {
        GET Api "/Queues/{queue_sid}/Members/{member}.json" Read;
        path {
            /// SID of the queue
            queue_sid: QueueSid,
            /// call: the longest waiting one, or one by its SID
            member: QueueMemberRef,
        }
    }
}

request! {
    /// Takes a call out of a queue. The call continues with the TwiML of a URL.
    ///
    /// The request counts as a create: a second one would take out the next call. `Delivery` other
    /// than `Live` refuses it, because the client does not know who waits.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/member-resource#update-a-member-resource>
    ConnectQueueMember => QueueMember {
        POST Api "/Queues/{queue_sid}/Members/{member}.json" Create;
        path {
            /// SID of the queue
            queue_sid: QueueSid,
            /// call: the longest waiting one, or one by its SID
            member: QueueMemberRef,
        }
        needs {
            /// URL of the TwiML for the call
            url: DequeueUrl,
        }
        reaches(member);

        takes {
            /// HTTP method for the URL. Default `POST`.
            method = "Method": word(Method),
        }
    }
}

/// Reference to a call that waits in a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum QueueMemberRef {
    /// Call that has waited longest.
    Front,
    /// Call with this SID.
    Call(CallSid),
}

impl From<CallSid> for QueueMemberRef {
    fn from(call: CallSid) -> Self {
        Self::Call(call)
    }
}

impl fmt::Display for QueueMemberRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // Twilio's placeholder for the call at the front.
            Self::Front => f.write_str("Front"),
            Self::Call(sid) => fmt::Display::fmt(sid, f),
        }
    }
}

/// The waiting person, whose number the client does not know.
impl Reaches for QueueMemberRef {
    fn people(&self) -> Vec<Option<E164>> {
        vec![None]
    }
}

part! {
    /// Waiting call, as Twilio returns it.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/member-resource#member-properties>
    QueueMember {
        /// SID of the call.
        call_sid: CallSid,
        /// SID of the queue.
        queue_sid: QueueSid,
        /// Position in the queue, from 1.
        position: u32,
        /// Waiting time, in seconds.
        wait_time: u32,
        /// Time at which the call entered the queue.
        date_enqueued: Timestamp,
        /// URI of this resource, relative to Twilio's host.
        uri: String,
    }
}

impl Listed for QueueMember {
    const KEY: &'static str = "queue_members";
    const PRODUCT: Product = Product::Api;
}
