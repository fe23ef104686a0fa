//! Boxed futures and errors, as traits that users implement return them.

use std::error::Error;
use std::pin::Pin;

/// A boxed future, which a trait that is used behind `dyn` returns.
///
/// Write the method as `Box::pin(async move { ... })`.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// An error of any type, which `?` and `into` make of yours.
pub type BoxError = Box<dyn Error + Send + Sync>;
