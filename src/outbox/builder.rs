//! [`Outbox`] and its builder.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::batch::Batch;
use super::concurrency::Concurrency;
use super::deliver::Deliver;
use super::keys::{BatchId, KeyError, SenderKey, WorkerId};
use super::proof::ProofKey;
use super::resolver::Resolver;
use super::store::OutboxStore;
use crate::client::{Clock, system_clock};
use crate::template::Template;

/// Outbox of one sender: sends what is due, settles doubts, reports progress.
///
/// Cloning is cheap. Any number of processes may share a store; each runs its own `Outbox`. The
/// [module](super) shows an example.
#[derive(Clone)]
pub struct Outbox {
    pub(super) config: Arc<Config>,
}

pub(super) struct Config {
    pub(super) store: Arc<dyn OutboxStore>,
    pub(super) deliver: Arc<dyn Deliver>,
    pub(super) resolver: Arc<dyn Resolver>,
    pub(super) sender: SenderKey,
    pub(super) shared_pace: Option<SenderKey>,
    pub(super) key: ProofKey,
    pub(super) worker: WorkerId,
    pub(super) templates: HashMap<String, Template>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) concurrency: Concurrency,
    pub(super) resolver_timeout: Duration,
    pub(super) doubt_after: Duration,
    pub(super) poll_interval: Duration,
    pub(super) resends: bool,
    /// Definitions of batches, which never change.
    pub(super) batches: Mutex<HashMap<BatchId, Arc<Batch>>>,
}

/// Configuration of an [`Outbox`]. Created by [`Outbox::builder`].
#[must_use = "nothing is sent until the outbox is built and runs"]
pub struct OutboxBuilder {
    config: Config,
}

impl Outbox {
    /// Starts the configuration of an outbox.
    ///
    /// - `store`: the database, shared by all workers.
    /// - `sender`: key of the sender that `deliver` sends from. Only its messages are claimed.
    /// - `deliver`: the [`Messenger`](crate::Messenger).
    /// - `resolver`: the service's own record of people.
    /// - `key`: secret of the proofs, the same in all workers.
    pub fn builder(
        store: impl OutboxStore,
        sender: SenderKey,
        deliver: impl Deliver,
        resolver: impl Resolver,
        key: ProofKey,
    ) -> OutboxBuilder {
        let clock = system_clock();
        let worker = format!("worker-{}-{:x}", std::process::id(), clock.random());
        OutboxBuilder {
            config: Config {
                store: Arc::new(store),
                deliver: Arc::new(deliver),
                resolver: Arc::new(resolver),
                worker: worker_id(&worker, &sender),
                sender,
                shared_pace: None,
                key,
                templates: HashMap::new(),
                clock,
                concurrency: Concurrency::new(10),
                resolver_timeout: Duration::from_secs(30),
                doubt_after: Duration::from_secs(300),
                poll_interval: Duration::from_secs(1),
                resends: false,
                batches: Mutex::default(),
            },
        }
    }

    /// Returns the sender.
    #[must_use]
    pub fn sender(&self) -> &SenderKey {
        &self.config.sender
    }

    /// Returns the store.
    #[must_use]
    pub fn store(&self) -> &dyn OutboxStore {
        &*self.config.store
    }
}

/// A generated name is a valid key. The sender's is the fallback.
fn worker_id(name: &str, sender: &SenderKey) -> WorkerId {
    let parsed = WorkerId::parse(name).or_else(|_: KeyError| WorkerId::parse(sender.as_str()));
    parsed.unwrap_or_else(|_| WorkerId::unnamed())
}

impl OutboxBuilder {
    /// Adds a template. A batch whose template is missing, or has other texts than when it was
    /// opened, stops.
    pub fn template(mut self, template: Template) -> Self {
        let name = template.name().to_owned();
        self.config.templates.insert(name, template);
        self
    }

    /// Shares one pace, and the waits that Twilio asks for, with every outbox that names this key.
    /// Default: the sender's own.
    ///
    /// A sender is also a queue: a worker must know the people of all of its batches. Give queues of
    /// their own to batches whose people are known apart, and let those that send from one number
    /// share its pace.
    ///
    /// ```
    /// use clinspark_twilio::outbox::{OutboxBuilder, SenderKey};
    ///
    /// # fn example(first: OutboxBuilder, second: OutboxBuilder) -> Result<(), Box<dyn std::error::Error>> {
    /// let number = SenderKey::parse("number-12")?;
    /// let (first, second) = (first.shared_pace(number.clone()), second.shared_pace(number));
    /// # let _ = (first, second);
    /// # Ok(())
    /// # }
    /// ```
    pub fn shared_pace(mut self, key: SenderKey) -> Self {
        self.config.shared_pace = Some(key);
        self
    }

    /// Sets the name of this worker, which a database stores with its claims. Default: `worker-`, the
    /// process ID and a random number.
    pub fn worker(mut self, worker: WorkerId) -> Self {
        self.config.worker = worker;
        self
    }

    /// Sets the number of texts in progress at once. Default: 10. A number below 1 counts as 1, one above
    /// 100 as 100. Fewer are in progress while Twilio answers with 429.
    pub fn concurrency(mut self, texts: usize) -> Self {
        self.config.concurrency = Concurrency::new(texts);
        self
    }

    /// Sets the time that the resolver may take. Default: 30 seconds.
    pub fn resolver_timeout(mut self, timeout: Duration) -> Self {
        self.config.resolver_timeout = timeout;
        self
    }

    /// Sets the time after which a message that is still being sent is in doubt. Default: 5 minutes.
    ///
    /// It must be longer than any worker takes: resolver, gates and the client's
    /// [`operation_timeout`](crate::client::ClientBuilder::operation_timeout) together. A worker gives
    /// up a text that takes longer, such as one whose consent gate hangs.
    pub fn doubt_after(mut self, time: Duration) -> Self {
        self.config.doubt_after = time;
        self
    }

    /// Sets the interval at which [`Outbox::run`] looks for new messages. Default: 1 second, at least
    /// 10 milliseconds.
    pub fn poll_interval(mut self, interval: Duration) -> Self {
        self.config.poll_interval = interval.max(Duration::from_millis(10));
        self
    }

    /// Sends a message in doubt again if two looks at Twilio's complete list, a minute apart, did not
    /// find it, and [`doubt_after`](Self::doubt_after) has passed since its ledger entry. Default: a
    /// person decides.
    ///
    /// A process that was suspended between its ledger entry and its request, and continues after the
    /// looks, sends the text a second time.
    pub fn resend_after_two_looks(mut self) -> Self {
        self.config.resends = true;
        self
    }

    /// Sets the clock of waits, for tests. Times of messages are the store's.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.config.clock = clock;
        self
    }

    /// Builds the outbox.
    #[must_use]
    pub fn build(mut self) -> Outbox {
        let config = &mut self.config;
        // A claim charges the sender's own pace already.
        config.shared_pace.take_if(|key| *key == config.sender);
        Outbox {
            config: Arc::new(self.config),
        }
    }
}

impl fmt::Debug for Outbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbox")
            .field("sender", &self.config.sender)
            .field("worker", &self.config.worker)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for OutboxBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutboxBuilder")
            .field("sender", &self.config.sender)
            .finish_non_exhaustive()
    }
}
