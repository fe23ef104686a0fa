//! Handlers of the routes, one file for each kind of entity.

pub(super) mod account_check;
pub(super) mod alerts;
pub(super) mod calls;
pub(super) mod clock;
pub(super) mod events;
pub(super) mod faults;
pub(super) mod groups;
pub(super) mod health;
pub(super) mod messages;
pub(super) mod numbers;
pub(super) mod openapi;
pub(super) mod page;
pub(super) mod phone_calls;
pub(super) mod phones;
pub(super) mod reset;
pub(super) mod snapshot;
pub(super) mod state;
pub(super) mod texts;
