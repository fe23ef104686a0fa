//! [`PostgresStore`] and [`PostgresReplayGuard`] in `PostgreSQL`.

mod changes;
mod claims;
mod error;
mod groups;
mod ledger;
mod migrate;
mod options;
mod pool;
mod replay_guard;
mod rows;
mod sql;
mod store;

pub use self::options::PostgresOptions;
pub use self::replay_guard::PostgresReplayGuard;
pub use self::store::PostgresStore;
