//! `<Enqueue>`, `<Task>` and `<Queue>`: callers that wait for an agent.

use super::dial::Dial;
use crate::twiml::element_macro::element;
use crate::twiml::response::VoiceResponse;
use crate::types::Method;

element! {
    /// Lets the caller wait in a queue, until somebody dials it with a [`Queue`].
    ///
    /// A queue's name has the shortcut [`Enqueue::name`]; with `TaskRouter`, set a workflow and
    /// append a [`Task`].
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/enqueue>
    Enqueue = "Enqueue" in [VoiceResponse];

    /// Awaits a [`Task`].
    new();

    /// The queue of this name, made if there is none.
    name(name: Text);

    {
        /// Where Twilio asks what to do when the caller leaves the queue.
        action = "action": Url,
        /// How many may wait. 1 to 5,000, default 1,000. Counts only when the queue is made.
        max_queue_size = "maxQueueSize": u32 in 1..=5_000,
        /// How Twilio asks at `action`. Default POST.
        method = "method": Method,
        /// What is heard while waiting: music or a document; `""` for silence.
        wait_url = "waitUrl": Url,
        /// How Twilio asks for `wait_url`. Default POST; GET for a sound file.
        wait_url_method = "waitUrlMethod": Method,
        /// The SID of the `TaskRouter` workflow that finds an agent.
        workflow_sid = "workflowSid": Text,
    }
}

element! {
    /// What `TaskRouter` is told about the caller.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/enqueue#task>
    Task = "Task" in [Enqueue];

    /// Attributes of the task, as a JSON object.
    new(body: Text);

    {
        /// How urgent it is: the higher the sooner. Default 0.
        priority = "priority": u32,
        /// Seconds that the task may wait. Default: the workflow's.
        timeout = "timeout": Seconds,
    }
}

element! {
    /// Connects to whoever waits longest in a queue.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/queue>
    Queue = "Queue" in [VoiceResponse, Dial];

    /// The queue of this name.
    new(name: Text);

    {
        /// A document that the waiting caller hears before the two are connected.
        url = "url": Url,
        /// How Twilio asks for `url`. Default POST.
        method = "method": Method,
        /// The SID of the `TaskRouter` reservation that this call fulfils.
        reservation_sid = "reservationSid": Text,
        /// The SID of the activity that the agent moves to after the call.
        post_work_activity_sid = "postWorkActivitySid": Text,
    }
}
