//! `<Enqueue>`, `<Task>` and `<Queue>`: callers that wait for an agent.

use super::dial::Dial;
use crate::twiml::element_macro::element;
use crate::twiml::response::VoiceResponse;
use crate::types::Method;

element! {
    /// Places the caller in a queue, until another call connects with a [`Queue`].
    ///
    /// For a queue by name, use [`Enqueue::name`]. For `TaskRouter`, give a `workflow_sid` and
    /// append a [`Task`].
    ///
    /// ```
    /// use clinspark_twilio::twiml::{Enqueue, Task, VoiceResponse};
    ///
    /// let queue = Enqueue::name("visits").wait_url("/twilio/music");
    /// let by_name = VoiceResponse::new().append(queue);
    /// assert!(by_name.to_xml().contains(r#"<Enqueue waitUrl="/twilio/music">visits</Enqueue>"#));
    ///
    /// let by_workflow = VoiceResponse::new().append(
    ///     Enqueue::new()
    ///         .workflow_sid("WW00000000000000000000000000000001")
    ///         .append(Task::new(r#"{"visit":4711}"#)),
    /// );
    /// assert!(by_workflow.lint().is_empty());
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/enqueue>
    Enqueue = "Enqueue" in [VoiceResponse];

    /// Creates an empty `<Enqueue>`. Append a [`Task`].
    new();

    /// Uses the queue of this name, created if there is none.
    name(name: Text);

    {
        /// URL that Twilio requests after the caller left the queue; its response continues the
        /// call.
        action = "action": Url,
        /// Largest number of waiting callers. 1 to 5,000, default 1,000. Applies only when the
        /// queue is created.
        max_queue_size = "maxQueueSize": u32 in 1..=5_000,
        /// HTTP method for `action`. Default `POST`.
        method = "method": Method,
        /// URL of the music or document played to the waiting caller; `""` for silence.
        wait_url = "waitUrl": Url,
        /// HTTP method for `wait_url`. Default `POST`; use `GET` for a sound file.
        wait_url_method = "waitUrlMethod": Method,
        /// SID of the `TaskRouter` workflow that finds an agent.
        workflow_sid = "workflowSid": Text,
    }
}

element! {
    /// `TaskRouter` task for the caller.
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/enqueue#task>
    Task = "Task" in [Enqueue];

    /// Creates a task with these attributes, as a JSON object.
    new(body: Text);

    {
        /// Priority: higher numbers are handled sooner. Default 0.
        priority = "priority": u32,
        /// Longest time that the task may wait, in seconds. Default: the workflow's.
        timeout = "timeout": Seconds,
    }
}

element! {
    /// Connects to the caller that has waited longest in a queue.
    ///
    /// ```
    /// use clinspark_twilio::twiml::{Dial, Queue, VoiceResponse};
    ///
    /// let document = VoiceResponse::new().append(Dial::new().append(Queue::new("visits")));
    /// assert!(document.to_xml().contains("<Dial><Queue>visits</Queue></Dial>"));
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/queue>
    Queue = "Queue" in [VoiceResponse, Dial];

    /// Connects to the queue of this name.
    new(name: Text);

    {
        /// URL of a document that the waiting caller hears before the two are connected.
        url = "url": Url,
        /// HTTP method for `url`. Default `POST`.
        method = "method": Method,
        /// SID of the `TaskRouter` reservation that this call fulfils.
        reservation_sid = "reservationSid": Text,
        /// SID of the activity that the agent moves to after the call.
        post_work_activity_sid = "postWorkActivitySid": Text,
    }
}
