//! Stores in a `SQLite` file, for one machine.

mod batches;
mod database;
mod error;
mod ledger;
mod micros;
mod network_share;
mod queue;
mod replay_guard;
mod reports;
mod row;
mod schema;
mod store;
mod writer;

pub use self::replay_guard::SqliteReplayGuard;
pub use self::store::SqliteStore;
