//! Boxed futures and errors, returned by traits that users implement.

use std::error::Error;
use std::pin::Pin;

/// Boxed future, returned by the methods of traits that are used as `dyn`.
///
/// Write the body of such a method as `Box::pin(async move { ... })`.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Error of any type. `?` and `into` convert your own error into it.
pub type BoxError = Box<dyn Error + Send + Sync>;
