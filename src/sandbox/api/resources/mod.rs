//! Resources of the API, one file each.

pub(super) mod a2p;
pub(super) mod account;
pub(crate) mod applications;
pub(super) mod calls;
pub(crate) mod incoming_phone_numbers;
pub(super) mod messages;
pub(super) mod monitor;
pub(super) mod permissions;
pub(crate) mod services;
pub(crate) mod short_codes;
pub(super) mod toll_free;
mod voice_and_messaging;
