//! Calls that wait at the same time, in one statement and one commit.
//!
//! A commit waits for the disk. One commit for each call would bound the rate of a process by the disk.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use clinspark_twilio::outbox::{StoreError, StoreErrorKind};
use tokio::sync::oneshot;

use super::pool::Pool;

/// Most calls in one statement.
const MOST_CALLS: usize = 100;

/// Statement that several callers share.
pub(super) trait Shared: Sized + 'static {
    /// Callers with the same key share a statement. Two statements with one key never run at once.
    type Key: Clone + Eq + Hash + Send + Sync;
    type Request: Send;
    type Answer: Send;

    /// Runs the statement once for all calls, and answers them. Calls that are moved to `again` are in
    /// the next group.
    ///
    /// After an error, the calls that are left get it.
    fn run(
        pool: &Arc<Pool>,
        key: &Self::Key,
        calls: &mut Vec<Call<Self>>,
        again: &mut Vec<Call<Self>>,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// Request of one caller.
pub(super) struct Call<S: Shared> {
    pub(super) request: S::Request,
    caller: oneshot::Sender<Result<S::Answer, StoreError>>,
}

impl<S: Shared> Call<S> {
    pub(super) fn answer(self, answer: Result<S::Answer, StoreError>) {
        // The caller may be gone; the work is committed all the same.
        let _ = self.caller.send(answer);
    }
}

/// Calls that wait, by key. A key stands here while a task runs its statement.
type Waiting<S> = HashMap<<S as Shared>::Key, Vec<Call<S>>>;

pub(super) struct Groups<S: Shared>(Arc<Mutex<Waiting<S>>>);

impl<S: Shared> Default for Groups<S> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<S: Shared> Clone for Groups<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S: Shared> Groups<S> {
    /// Runs the statement together with the calls that wait already.
    pub(super) async fn call(
        &self,
        pool: &Arc<Pool>,
        key: S::Key,
        request: S::Request,
    ) -> Result<S::Answer, StoreError> {
        let (caller, answered) = oneshot::channel();
        let call = Call { request, caller };
        let is_first = match self.waiting().entry(key.clone()) {
            Entry::Occupied(mut calls) => {
                calls.get_mut().push(call);
                false
            }
            Entry::Vacant(calls) => {
                calls.insert(vec![call]);
                true
            }
        };
        if is_first {
            let task = GroupTask {
                groups: self.clone(),
                pool: Arc::clone(pool),
                key,
                is_over: false,
            };
            // In a task of its own: a caller whose future is dropped must not stop the others.
            tokio::spawn(task.run());
        }
        answered.await.unwrap_or_else(|_| Err(ended()))
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting<S>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const fn ended() -> StoreError {
    StoreError::new(
        StoreErrorKind::Unavailable,
        "the Tokio runtime is shutting down; the call was given up",
    )
}

/// Runs the statement until no caller waits any more.
struct GroupTask<S: Shared> {
    groups: Groups<S>,
    pool: Arc<Pool>,
    key: S::Key,
    /// The key is no longer this task's.
    is_over: bool,
}

impl<S: Shared> Drop for GroupTask<S> {
    /// Lets the callers find that no one answers, if the runtime shut down before the task ended.
    fn drop(&mut self) {
        if self.is_over {
            return;
        }
        let calls = self.groups.waiting().remove(&self.key);
        drop(calls);
    }
}

impl<S: Shared> GroupTask<S> {
    async fn run(mut self) {
        let mut again = Vec::new();
        loop {
            self.gather().await;
            let Some(mut calls) = self.next(&mut again) else {
                return;
            };
            // A call whose future was dropped has no effect.
            calls.retain(|call| !call.caller.is_closed());
            if calls.is_empty() {
                continue;
            }
            if let Err(error) = S::run(&self.pool, &self.key, &mut calls, &mut again).await {
                fail(calls, error);
            }
        }
    }

    /// Lets the other tasks of the runtime run until none of them adds a call. The answers of a group
    /// wake many callers at once, whose next calls then are one group, too.
    async fn gather(&self) {
        let number = || self.groups.waiting().get(&self.key).map_or(0, Vec::len);
        let mut before = None;
        while before != Some(number()) {
            before = Some(number());
            tokio::task::yield_now().await;
        }
    }

    /// Returns the calls that wait. `None` ends the task: the next caller starts another.
    fn next(&mut self, again: &mut Vec<Call<S>>) -> Option<Vec<Call<S>>> {
        let mut all = self.groups.waiting();
        let waiting = all.get_mut(&self.key)?;
        again.append(waiting);
        if again.is_empty() {
            all.remove(&self.key);
            self.is_over = true;
            return None;
        }
        let more = again.split_off(again.len().min(MOST_CALLS));
        Some(std::mem::replace(again, more))
    }
}

/// Answers with an error, which has its cause for the first caller only.
fn fail<S: Shared>(calls: Vec<Call<S>>, error: StoreError) {
    let kind = error.kind();
    let mut first = Some(error);
    for call in calls {
        let other = || StoreError::new(kind, "the call failed with others of this process; retry");
        call.answer(Err(first.take().unwrap_or_else(other)));
    }
}
