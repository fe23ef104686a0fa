//! Entities as the control API shows them, one file each.

pub(super) mod alert;
pub(super) mod behavior;
pub(super) mod call;
pub(super) mod change;
pub(super) mod connect;
pub(super) mod document;
pub(super) mod event;
pub(super) mod fault;
pub(super) mod group;
pub(super) mod health;
pub(super) mod message;
pub(super) mod number;
pub(super) mod phone;
pub(super) mod snapshot;
pub(super) mod time;
pub(super) mod world;
