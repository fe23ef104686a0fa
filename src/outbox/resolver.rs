//! [`Resolver`]: number and values of a person, at send time.

use super::keys::{Occurrence, RecipientKey};
use crate::messenger::TimeZone;
use crate::template::MergeData;
use crate::types::{BoxError, BoxFuture, Redacted};

/// Number, values and time zone of a person, as the service's own record has them.
///
/// `Debug` shows neither number nor values.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Person {
    /// Number as it was typed. The messenger's normalizer parses it.
    pub number: Redacted<String>,
    /// Values of the merge tags, and locale.
    pub data: MergeData,
    /// Time zone, for quiet hours. Default: unknown.
    pub time_zone: Option<TimeZone>,
}

impl Person {
    /// Creates a person without time zone.
    #[must_use]
    pub fn new(number: impl Into<String>, data: MergeData) -> Self {
        Self {
            number: Redacted::new(number.into()),
            data,
            time_zone: None,
        }
    }

    /// Sets the time zone.
    #[must_use]
    pub fn time_zone(mut self, zone: impl Into<Option<TimeZone>>) -> Self {
        self.time_zone = zone.into();
        self
    }
}

/// The service's own record of people. It is asked when a text is sent, so that the outbox stores
/// neither numbers nor values.
///
/// [`resolver_fn`] makes one from a function. A resolver that fails, panics or takes longer than
/// [`OutboxBuilder::resolver_timeout`](super::OutboxBuilder::resolver_timeout) is asked again later.
/// A message of which ten claims in turn end so is held. That is after about half an hour.
pub trait Resolver: Send + Sync + 'static {
    /// Returns the person. `None` if the service has no such person any more: the message is held.
    ///
    /// # Errors
    ///
    /// Any failure of the service's record. Nothing is sent, and the resolver is asked again later.
    fn resolve<'a>(
        &'a self,
        recipient: &'a RecipientKey,
        occurrence: &'a Occurrence,
    ) -> BoxFuture<'a, Result<Option<Person>, BoxError>>;
}

/// Makes a [`Resolver`] from a function.
///
/// ```
/// use clinspark_twilio::outbox::{Person, resolver_fn};
/// use clinspark_twilio::template::MergeData;
///
/// let resolver = resolver_fn(|recipient, _occurrence| async move {
///     // Read the record of `recipient` from your database here.
///     let data = MergeData::new().value("first_name", "Ann");
///     Ok(Some(Person::new("+14155550123", data)))
/// });
/// # let _ = resolver;
/// ```
pub fn resolver_fn<F, A>(resolve: F) -> impl Resolver
where
    F: Fn(RecipientKey, Occurrence) -> A + Send + Sync + 'static,
    A: Future<Output = Result<Option<Person>, BoxError>> + Send + 'static,
{
    ResolverFn(resolve)
}

struct ResolverFn<F>(F);

impl<F, A> Resolver for ResolverFn<F>
where
    F: Fn(RecipientKey, Occurrence) -> A + Send + Sync + 'static,
    A: Future<Output = Result<Option<Person>, BoxError>> + Send + 'static,
{
    fn resolve<'a>(
        &'a self,
        recipient: &'a RecipientKey,
        occurrence: &'a Occurrence,
    ) -> BoxFuture<'a, Result<Option<Person>, BoxError>> {
        Box::pin(self.0(recipient.clone(), occurrence.clone()))
    }
}
