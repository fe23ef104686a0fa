//! Group commit: calls that wait at the same time share a transaction, and so one sync of the disk.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use clinspark_twilio::client::Clock;
use clinspark_twilio::outbox::{StoreError, StoreErrorKind};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::oneshot;

use super::database::{SHUTTING_DOWN, now, runtime};
use super::error::{Failure, Work};
use super::micros;
use super::schema::Schema;

/// Most calls in one transaction.
const MOST_CALLS: usize = 128;

const PANICKED: StoreError = StoreError::new(
    StoreErrorKind::Other,
    "the SQLite store panicked, and rolled its changes back; report it",
);

/// Connection for writing, and the calls that wait for it.
pub(super) struct Writer {
    schema: &'static Schema,
    state: Mutex<State>,
}

struct State {
    /// `None` while a thread works with it.
    connection: Option<Connection>,
    calls: VecDeque<Box<dyn Call>>,
}

impl Writer {
    pub(super) fn new(connection: Connection, schema: &'static Schema) -> Arc<Self> {
        let state = State {
            connection: Some(connection),
            calls: VecDeque::new(),
        };
        Arc::new(Self {
            schema,
            state: Mutex::new(state),
        })
    }

    /// Runs work in a transaction that is on the disk when the future ends. An error rolls back the
    /// changes of this work, and of no other.
    ///
    /// Work may run twice: by itself, if the transaction that it shared failed.
    pub(super) async fn write<T, F>(
        self: &Arc<Self>,
        clock: Option<Arc<dyn Clock>>,
        work: F,
    ) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Fn(&Connection, i64) -> Work<T> + Send + 'static,
    {
        let runtime = runtime()?;
        let (answer, answered) = oneshot::channel();
        let call = Request {
            work,
            clock,
            done: None,
            answer,
        };
        let idle = {
            let mut state = self.state();
            state.calls.push_back(Box::new(call));
            state.connection.take()
        };
        if idle.is_some() {
            let writer = Arc::clone(self);
            let mut thread = WriterThread {
                writer,
                connection: idle,
            };
            runtime.spawn_blocking(move || thread.run());
        }
        answered.await.unwrap_or(Err(SHUTTING_DOWN))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Work on a thread that may block. It has the connection until no call waits any more.
struct WriterThread {
    writer: Arc<Writer>,
    connection: Option<Connection>,
}

impl WriterThread {
    fn run(&mut self) {
        while let Some(mut calls) = self.next() {
            // A call whose future was dropped has no effect.
            calls.retain(|call| !call.is_abandoned());
            if let Some(connection) = &mut self.connection {
                commit(connection, self.writer.schema, &mut calls);
            }
            for call in calls {
                call.answer();
            }
        }
    }

    /// Returns the calls that wait. Without any, gives the connection back.
    fn next(&mut self) -> Option<Vec<Box<dyn Call>>> {
        let mut state = self.writer.state();
        let calls = state.calls.len().min(MOST_CALLS);
        if calls == 0 {
            state.connection = self.connection.take();
            return None;
        }
        Some(state.calls.drain(..calls).collect())
    }
}

impl Drop for WriterThread {
    /// Gives the connection back if the runtime shut down before the thread began.
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else {
            return;
        };
        let mut state = self.writer.state();
        state.connection = Some(connection);
        let unanswered = std::mem::take(&mut state.calls);
        drop(state);
        // Their callers find that no one will answer.
        drop(unanswered);
    }
}

/// Work of one caller, whatever it returns.
trait Call: Send {
    /// Runs the work, and keeps its result until the commit. `false` if it must be rolled back.
    fn run(&mut self, db: &Connection) -> bool;

    /// Replaces the result by an error of the transaction.
    fn fail(&mut self, error: Failure);

    /// Answers the caller. Only after the commit.
    fn answer(self: Box<Self>);

    /// Returns `true` if no one waits for the answer.
    fn is_abandoned(&self) -> bool;
}

struct Request<T, F> {
    work: F,
    clock: Option<Arc<dyn Clock>>,
    done: Option<Work<T>>,
    answer: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> Call for Request<T, F>
where
    T: Send,
    F: Fn(&Connection, i64) -> Work<T> + Send,
{
    fn run(&mut self, db: &Connection) -> bool {
        // A panic is rolled back like an error, so no broken state is seen afterwards.
        let done = catch_unwind(AssertUnwindSafe(|| {
            (self.work)(db, micros::floor(now(self.clock.as_deref())))
        }));
        let done = done.unwrap_or_else(|_| Err(PANICKED.into()));
        self.done.insert(done).is_ok()
    }

    fn fail(&mut self, error: Failure) {
        self.done = Some(Err(error));
    }

    fn answer(self: Box<Self>) {
        let done = self.done.unwrap_or_else(|| Err(SHUTTING_DOWN.into()));
        // The caller may be gone; the work is committed all the same.
        let _ = self.answer.send(done.map_err(StoreError::from));
    }

    fn is_abandoned(&self) -> bool {
        self.answer.is_closed()
    }
}

/// Commits calls in one transaction. If that fails, each call gets a transaction of its own, so that
/// none fails because of another.
fn commit(connection: &mut Connection, schema: &Schema, calls: &mut [Box<dyn Call>]) {
    // A transaction that begins as a reader fails when it writes after another process did.
    let transaction = match connection.transaction_with_behavior(TransactionBehavior::Immediate) {
        Ok(transaction) => transaction,
        Err(error) => {
            for call in calls {
                call.fail(Failure::of(&error));
            }
            return;
        }
    };
    let Err(error) = run_all(transaction, schema, calls) else {
        return;
    };
    match calls {
        [call] => call.fail(error),
        calls => {
            for call in calls {
                commit(connection, schema, std::slice::from_mut(call));
            }
        }
    }
}

/// Runs calls in a transaction, and commits it. After an error nothing of it remains.
fn run_all(transaction: Transaction<'_>, schema: &Schema, calls: &mut [Box<dyn Call>]) -> Work<()> {
    schema.check(&transaction)?;
    if let [call] = calls {
        if call.run(&transaction) {
            transaction.commit()?;
        }
        return Ok(());
    }
    for call in calls {
        savepoint(&transaction, "SAVEPOINT call")?;
        // Some errors, such as a full disk, end the whole transaction. Then these statements fail.
        if !call.run(&transaction) {
            savepoint(&transaction, "ROLLBACK TO call")?;
        }
        savepoint(&transaction, "RELEASE call")?;
    }
    transaction.commit()?;
    Ok(())
}

fn savepoint(transaction: &Transaction<'_>, statement: &str) -> Work<()> {
    transaction.prepare_cached(statement)?.execute([])?;
    Ok(())
}
