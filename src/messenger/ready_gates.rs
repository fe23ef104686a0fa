//! Ready consent gates: two functions, a record in memory, and none at all.

use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::consent::{Consent, ConsentGate, ContactAttempt};
use crate::phone::{E164, UniquenessKey};
use crate::types::{BoxFuture, MessageSid};
use crate::webhook::{ConsentError, ConsentEvent, log_unrecorded_withdrawal};

/// Creates a consent gate from two functions: one reads the service's record, the other writes it.
///
/// They are [`ConsentGate::check`] and [`ConsentGate::on_event`], which document what each must do.
///
/// ```
/// use clinspark_twilio::messenger::{Consent, ConsentGate, consent_gate_fn};
/// # use clinspark_twilio::types::BoxError;
/// # #[derive(Clone)]
/// # struct Table;
/// # impl Table {
/// #     async fn agrees(&self, _: clinspark_twilio::phone::UniquenessKey) -> Result<bool, BoxError> { Ok(true) }
/// #     async fn withdraw(&self, _: clinspark_twilio::phone::UniquenessKey) -> Result<(), BoxError> { Ok(()) }
/// # }
///
/// // `Table` is the service's own: a clone shares one connection pool.
/// fn gate(table: Table) -> impl ConsentGate {
///     let reader = table.clone();
///     consent_gate_fn(
///         move |contact| {
///             let table = reader.clone();
///             async move { Ok(Consent::given_if(table.agrees(contact.to.uniqueness_key()).await?)) }
///         },
///         move |event| {
///             let table = table.clone();
///             async move {
///                 match event.person.phone() {
///                     Some(person) if event.is_withdrawal() => table.withdraw(person.uniqueness_key()).await,
///                     _ => Ok(()), // START, HELP and YES: this clinic restores consent by a form only
///                 }
///             }
///         },
///     )
/// }
/// # let _ = gate(Table);
/// ```
pub fn consent_gate_fn<C, CR, E, ER>(check: C, on_event: E) -> impl ConsentGate
where
    C: Fn(ContactAttempt) -> CR + Send + Sync + 'static,
    CR: Future<Output = Result<Consent, ConsentError>> + Send + 'static,
    E: Fn(ConsentEvent) -> ER + Send + Sync + 'static,
    ER: Future<Output = Result<(), ConsentError>> + Send + 'static,
{
    Functions { check, on_event }
}

struct Functions<C, E> {
    check: C,
    on_event: E,
}

impl<C, CR, E, ER> ConsentGate for Functions<C, E>
where
    C: Fn(ContactAttempt) -> CR + Send + Sync + 'static,
    CR: Future<Output = Result<Consent, ConsentError>> + Send + 'static,
    E: Fn(ConsentEvent) -> ER + Send + Sync + 'static,
    ER: Future<Output = Result<(), ConsentError>> + Send + 'static,
{
    fn check<'a>(
        &'a self,
        contact: &'a ContactAttempt,
    ) -> BoxFuture<'a, Result<Consent, ConsentError>> {
        Box::pin((self.check)(contact.clone()))
    }

    fn on_event<'a>(&'a self, event: &'a ConsentEvent) -> BoxFuture<'a, Result<(), ConsentError>> {
        Box::pin((self.on_event)(event.clone()))
    }
}

/// Consent gate in the memory of one process, for tests and first steps.
///
/// **It forgets every STOP when the process ends.** A running service records consent in its
/// database, by [`consent_gate_fn`] or its own [`ConsentGate`].
///
/// Everyone consents until they withdraw. STOP, a reply that may mean STOP, and an opt-out that
/// Twilio reports withdraw consent to texts and calls. START and UNSTOP restore it, each message
/// once: Twilio may deliver an old START again after a newer STOP. YES and HELP change nothing.
///
/// Cloning is cheap: clones share one record. Give each messenger a gate of its own, because a STOP
/// to one clinic is none to another.
///
/// ```
/// use clinspark_twilio::E164;
/// use clinspark_twilio::messenger::MemoryConsentGate;
///
/// let gate = MemoryConsentGate::new();
/// let person = E164::parse("+14155550123")?;
/// gate.withdraw(person); // such as by telephone
/// assert!(!gate.consents(person));
/// gate.restore(person); // such as by a signed form
/// assert!(gate.consents(person));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
pub struct MemoryConsentGate(Arc<Mutex<Record>>);

#[derive(Default)]
struct Record {
    withdrawn: HashSet<UniquenessKey>,
    /// Messages that restored consent.
    opt_ins: HashSet<MessageSid>,
}

impl MemoryConsentGate {
    /// Creates a gate without a withdrawal.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Records that a person withdraws consent to texts and calls.
    pub fn withdraw(&self, person: E164) {
        self.record().withdrawn.insert(person.uniqueness_key());
    }

    /// Records a new consent of a person. Twilio's own block after STOP stays until they text START.
    pub fn restore(&self, person: E164) {
        self.record().withdrawn.remove(&person.uniqueness_key());
    }

    /// Returns `true` unless the person has withdrawn consent.
    #[must_use]
    pub fn consents(&self, person: E164) -> bool {
        !self.record().withdrawn.contains(&person.uniqueness_key())
    }

    fn record(&self) -> MutexGuard<'_, Record> {
        // Each method changes the record in one step, so a panic leaves it whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ConsentGate for MemoryConsentGate {
    fn check<'a>(
        &'a self,
        contact: &'a ContactAttempt,
    ) -> BoxFuture<'a, Result<Consent, ConsentError>> {
        Box::pin(async { Ok(Consent::given_if(self.consents(contact.to))) })
    }

    fn on_event<'a>(&'a self, event: &'a ConsentEvent) -> BoxFuture<'a, Result<(), ConsentError>> {
        Box::pin(async {
            let Some(person) = event.person.phone() else {
                return Ok(());
            };
            if event.is_withdrawal() {
                self.withdraw(person);
            } else if event.is_opt_in() {
                let sid = event.message_sid;
                let is_new = sid.is_none_or(|sid| self.record().opt_ins.insert(sid));
                if is_new {
                    self.restore(person);
                }
            }
            Ok(())
        })
    }
}

impl fmt::Debug for MemoryConsentGate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let withdrawn = self.record().withdrawn.len();
        write!(f, "MemoryConsentGate({withdrawn} withdrawn)")
    }
}

/// Choice to contact people without a record of consent.
///
/// **No STOP is recorded.** After a STOP, Twilio blocks texts by itself, but the person is still
/// called. After "please stop texting me", the person is still texted. Each such event is a warning
/// through `tracing` (feature `tracing`), without a number.
///
/// It is for messengers that contact no one, and for programs that check consent before they call
/// the messenger.
///
/// ```no_run
/// use clinspark_twilio::Settings;
/// use clinspark_twilio::clinspark::preflight::Preflight;
/// use clinspark_twilio::messenger::WithoutConsentGate;
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let settings = Settings::from_env()?;
/// // Preflight only reads the account.
/// let messenger = settings.messenger_builder(WithoutConsentGate).build()?;
/// println!("{}", Preflight::new(&settings, messenger.client()).run().await);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a unit struct is its own value, and this one will never hold anything"
)]
pub struct WithoutConsentGate;

impl ConsentGate for WithoutConsentGate {
    fn check<'a>(&'a self, _: &'a ContactAttempt) -> BoxFuture<'a, Result<Consent, ConsentError>> {
        Box::pin(async { Ok(Consent::Given) })
    }

    fn on_event<'a>(&'a self, event: &'a ConsentEvent) -> BoxFuture<'a, Result<(), ConsentError>> {
        if event.is_withdrawal() {
            log_unrecorded_withdrawal(event);
        }
        Box::pin(async { Ok(()) })
    }
}
