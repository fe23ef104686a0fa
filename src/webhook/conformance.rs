//! Conformance suite: the rules of [`ReplayGuard`], as cases that any guard runs.
//!
//! Each case has a fresh guard and checks one rule. A guard that breaks a rule handles a webhook twice
//! or not at all, so a guard of your own passes all cases first. Claims must last for a minute or
//! longer; whether they expire afterwards is for a test of the guard's own clock.
//!
//! ```
//! use std::sync::Arc;
//! use clinspark_twilio::webhook::{MemoryReplayGuard, ReplayGuard, conformance};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), conformance::Failures> {
//! let make = || async { Arc::new(MemoryReplayGuard::new(10_000)) as Arc<dyn ReplayGuard> };
//! conformance::run(make).await
//! # }
//! ```

use std::sync::Arc;

use bytes::Bytes;
use http::Response;

use super::replay::{ClaimToken, Lookup, ReplayGuard, StoredAnswer};
use super::replay_key::ReplayKey;
use crate::types::conformance::{self, same};
use crate::types::{BoxFuture, all_of};

pub use crate::types::conformance::{Checked, Violation};

/// Case of the suite: one rule.
pub type Case = conformance::Case<dyn ReplayGuard>;

/// Rules that a guard breaks. `Debug` and `Display` list them, a line each.
pub type Failures = conformance::Failures<dyn ReplayGuard>;

type Guard = Arc<dyn ReplayGuard>;

macro_rules! cases {
    ($($name:ident: $rule:literal;)+) => {
        const CASES: &[Case] = &[$(Case {
            name: stringify!($name),
            rule: $rule,
            run: |guard| Box::pin($name(guard)),
        },)+];
    };
}

cases! {
    claims_a_key_once: "a key is claimed by one token, which may ask again";
    keeps_keys_apart: "keys do not touch each other";
    remembers_what_was_handled: "a handled key stays handled, whatever is released or abandoned";
    ends_claims_by_their_token: "another token finishes, releases and abandons nothing";
    frees_what_was_released: "a released key is new";
    claims_once_under_concurrency: "one of many requests at once claims a key";
    holds_many_keys: "hundreds of handled keys are remembered";
}

/// Returns the cases, to run each as a test of its own.
#[must_use]
pub fn cases() -> &'static [Case] {
    CASES
}

/// Runs each case on a guard of its own, which `make` creates.
///
/// # Errors
///
/// [`Failures`] lists every rule that the guard breaks.
pub async fn run<F, Fut>(make: F) -> Result<(), Failures>
where
    F: Fn() -> Fut,
    Fut: Future<Output = Arc<dyn ReplayGuard>>,
{
    conformance::run(CASES, make).await
}

/// State of a key, without the stored answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    New,
    InProgress,
    Handled,
}

async fn look(guard: &Guard, key: &ReplayKey, token: &ClaimToken) -> Result<State, Violation> {
    Ok(match guard.begin(key, token).await? {
        Lookup::New => State::New,
        Lookup::InProgress => State::InProgress,
        Lookup::Handled => State::Handled,
        Lookup::Answered(stored) => {
            let stored = stored.into_response();
            same(
                "stored answer",
                stored.body(),
                answer().into_response().body(),
            )?;
            State::Handled
        }
    })
}

fn answer() -> StoredAnswer {
    StoredAnswer::new(Response::new(Bytes::from_static(b"<Response/>")))
}

fn tokens() -> [ClaimToken; 3] {
    std::array::from_fn(|_| ClaimToken::random())
}

async fn claims_a_key_once(guard: Guard) -> Checked {
    let (key, [first, second, _]) = (ReplayKey::numbered(1), tokens());
    same("new key", look(&guard, &key, &first).await?, State::New)?;
    let again = look(&guard, &key, &first).await?;
    same("the same token again", again, State::New)?;
    let other = look(&guard, &key, &second).await?;
    same("another token", other, State::InProgress)?;
    let again = look(&guard, &key, &first).await?;
    same("the first token, after another one", again, State::New)
}

async fn keeps_keys_apart(guard: Guard) -> Checked {
    let [first, second, third] = tokens();
    let [one, two, three] = [1, 2, 3].map(ReplayKey::numbered);
    for (key, token) in [(&one, &first), (&two, &first), (&three, &second)] {
        same("new key", look(&guard, key, token).await?, State::New)?;
    }
    guard.finish(&one, &first, &answer()).await?;
    guard.release(&three, &second).await?;
    let states = [
        look(&guard, &one, &third).await?,
        look(&guard, &two, &third).await?,
        look(&guard, &three, &third).await?,
    ];
    let expected = [State::Handled, State::InProgress, State::New];
    same("a handled, a claimed and a released key", states, expected)
}

async fn remembers_what_was_handled(guard: Guard) -> Checked {
    let (key, [first, second, _]) = (ReplayKey::numbered(1), tokens());
    look(&guard, &key, &first).await?;
    guard.finish(&key, &first, &answer()).await?;
    guard.finish(&key, &first, &answer()).await?;
    guard.release(&key, &first).await?;
    guard.abandon(&key, &first);
    for _ in 0..20 {
        for token in [&first, &second] {
            let state = look(&guard, &key, token).await?;
            same("handled key", state, State::Handled)?;
        }
    }
    Ok(())
}

async fn ends_claims_by_their_token(guard: Guard) -> Checked {
    let (key, [holder, other, third]) = (ReplayKey::numbered(1), tokens());
    look(&guard, &key, &holder).await?;
    let finished = guard.finish(&key, &other, &answer()).await;
    same("another token finishes", finished.is_ok(), false)?;
    guard.release(&key, &other).await?;
    guard.abandon(&key, &other);
    for _ in 0..20 {
        let state = look(&guard, &key, &third).await?;
        same("claimed key", state, State::InProgress)?;
    }
    guard.finish(&key, &holder, &answer()).await?;
    let unknown = guard
        .finish(&ReplayKey::numbered(2), &holder, &answer())
        .await;
    same("finish of a key that no one holds", unknown.is_ok(), false)
}

async fn frees_what_was_released(guard: Guard) -> Checked {
    let (key, [first, second, third]) = (ReplayKey::numbered(1), tokens());
    look(&guard, &key, &first).await?;
    guard.release(&key, &first).await?;
    let state = look(&guard, &key, &second).await?;
    same("released key", state, State::New)?;
    // The first token held it once.
    guard.release(&key, &first).await?;
    let state = look(&guard, &key, &third).await?;
    same("claimed key", state, State::InProgress)
}

async fn claims_once_under_concurrency(guard: Guard) -> Checked {
    for number in 0..8 {
        let key = ReplayKey::numbered(number);
        let claims = (0..16).map(|_| {
            let (guard, key) = (Arc::clone(&guard), key.clone());
            let claim = async move { look(&guard, &key, &ClaimToken::random()).await };
            Box::pin(claim) as BoxFuture<'_, Result<State, Violation>>
        });
        let mut new = 0;
        for state in all_of(claims).await {
            new += u32::from(state? == State::New);
        }
        same("claims of one key by 16 requests", new, 1)?;
    }
    Ok(())
}

async fn holds_many_keys(guard: Guard) -> Checked {
    let [token, other, _] = tokens();
    for number in 0..300 {
        let key = ReplayKey::numbered(number);
        same("new key", look(&guard, &key, &token).await?, State::New)?;
        guard.finish(&key, &token, &answer()).await?;
    }
    for number in 0..300 {
        let state = look(&guard, &ReplayKey::numbered(number), &other).await?;
        same("handled key", state, State::Handled)?;
    }
    Ok(())
}
