//! The receiver of webhooks: from a raw request to a handler.
//!
//! Read in order: `paths`, `admission`, `consent`, `refusal`,
//! `receiver`, and `layer` for tower.

mod admission;
mod consent;
#[cfg(feature = "tower")]
mod layer;
mod paths;
mod receiver;
mod refusal;
mod refusal_log;
#[cfg(any(feature = "client", feature = "tower"))]
mod target;

pub use self::consent::{ConsentError, ConsentEvent, ConsentSignal};
#[cfg(all(feature = "client", feature = "tower"))]
pub(crate) use self::layer::ReceiverSource;
#[cfg(feature = "tower")]
pub use self::layer::{WebhookLayer, WebhookService};
pub(crate) use self::paths::FoundPath;
#[cfg(feature = "client")]
pub(crate) use self::paths::parse_path;
pub use self::paths::{PathKind, WebhookPathError, WebhookPaths};
pub use self::receiver::Receiver;
pub use self::refusal::{Refusal, RefusalKind};
#[cfg(all(feature = "client", feature = "tower"))]
pub(crate) use self::refusal_log::log as log_refusal;
#[cfg(feature = "axum")]
pub(crate) use self::refusal_log::log_rejection;
#[cfg(feature = "client")]
pub(crate) use self::refusal_log::log_unrecorded_withdrawal;
#[cfg(feature = "client")]
pub(crate) use self::target::{claimed_account, requested_host};
