//! Set-up of the account through the API: planned, applied, and undone on request.

mod apply;
mod error;
mod plan;
mod read;
mod record;
mod setup;
mod state;
mod target;
mod undo;

pub use self::apply::Provisioned;
pub use self::error::{SetupError, SetupErrorKind};
pub use self::plan::{Action, Plan, Step};
pub use self::record::Undo;
pub use self::setup::Setup;
