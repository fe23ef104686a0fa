//! Conformance suites: cases that each check one rule on a fresh implementation of a trait.
//!
//! `outbox::conformance` and
//! [`webhook::conformance`](crate::webhook::conformance) are such suites.

use std::fmt;
use std::sync::Arc;

use super::boxed::{BoxError, BoxFuture};

/// Result of a case.
pub type Checked = Result<(), Violation>;

/// Break of a rule: what was found instead, or the failure of the subject.
#[derive(Debug)]
pub struct Violation {
    found: String,
    source: Option<BoxError>,
}

impl Violation {
    pub(crate) fn new(found: impl Into<String>) -> Self {
        Self {
            found: found.into(),
            source: None,
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.found)
    }
}

impl std::error::Error for Violation {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

impl From<BoxError> for Violation {
    fn from(error: BoxError) -> Self {
        let mut found = format!("it failed: {error}");
        let mut cause = error.source();
        while let Some(error) = cause {
            found = format!("{found}: {error}");
            cause = error.source();
        }
        Self {
            found,
            source: Some(error),
        }
    }
}

/// Compares a result with the expected one.
#[expect(
    clippy::needless_pass_by_value,
    reason = "cases compare results that they no longer need"
)]
pub(crate) fn same<T: PartialEq + fmt::Debug>(what: &str, found: T, expected: T) -> Checked {
    if found == expected {
        return Ok(());
    }
    Err(Violation::new(format!(
        "{what}: found {found:?}, expected {expected:?}"
    )))
}

/// Case of a suite: one rule.
pub struct Case<S: ?Sized> {
    pub(crate) name: &'static str,
    pub(crate) rule: &'static str,
    pub(crate) run: fn(Arc<S>) -> BoxFuture<'static, Checked>,
}

impl<S: ?Sized> Case<S> {
    /// Returns the name, such as `claims::are_exclusive`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the rule that the case checks.
    #[must_use]
    pub const fn rule(&self) -> &'static str {
        self.rule
    }
}

impl<S: ?Sized + Send + Sync> Case<S> {
    /// Runs the case on a fresh subject.
    ///
    /// # Errors
    ///
    /// [`Violation`] if the subject breaks the rule, or fails.
    pub async fn run(&self, subject: Arc<S>) -> Checked {
        (self.run)(subject).await
    }
}

// Derived, these would need `S` to be copied.
impl<S: ?Sized> Clone for Case<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S: ?Sized> Copy for Case<S> {}

impl<S: ?Sized> fmt::Debug for Case<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Case")
            .field("name", &self.name)
            .field("rule", &self.rule)
            .finish_non_exhaustive()
    }
}

/// Runs each case on a subject of its own, which `make` creates.
pub(crate) async fn run<S, F, Fut>(cases: &[Case<S>], make: F) -> Result<(), Failures<S>>
where
    S: ?Sized + Send + Sync,
    F: Fn() -> Fut,
    Fut: Future<Output = Arc<S>>,
{
    let mut failures = Vec::new();
    for case in cases {
        if let Err(violation) = case.run(make().await).await {
            failures.push((*case, violation));
        }
    }
    if failures.is_empty() {
        return Ok(());
    }
    Err(Failures(failures))
}

/// Rules that a subject breaks. `Debug` and `Display` list them, a line each.
pub struct Failures<S: ?Sized>(Vec<(Case<S>, Violation)>);

impl<S: ?Sized> Failures<S> {
    /// Returns the failed cases.
    pub fn iter(&self) -> impl Iterator<Item = (&Case<S>, &Violation)> {
        self.0.iter().map(|(case, violation)| (case, violation))
    }
}

impl<S: ?Sized> fmt::Display for Failures<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} rules are broken", self.0.len())?;
        for (case, violation) in &self.0 {
            write!(f, "\n{}: {}: {violation}", case.name, case.rule)?;
        }
        Ok(())
    }
}

impl<S: ?Sized> fmt::Debug for Failures<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<S: ?Sized> std::error::Error for Failures<S> {}
