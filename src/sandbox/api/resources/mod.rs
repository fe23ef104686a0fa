//! Resources of the API, one file each.

pub(super) mod a2p;
pub(super) mod account;
pub(crate) mod api_keys;
pub(crate) mod applications;
pub(crate) mod auth_tokens;
pub(super) mod available_phone_numbers;
pub(super) mod calls;
pub(super) mod empty_lists;
pub(crate) mod incoming_phone_numbers;
pub(super) mod messages;
pub(super) mod monitor;
mod number_stock;
pub(super) mod outgoing_caller_ids;
pub(super) mod permissions;
pub(super) mod recordings;
pub(crate) mod services;
pub(crate) mod short_codes;
pub(super) mod tokens;
pub(super) mod toll_free;
pub(super) mod transcriptions;
pub(super) mod usage;
mod voice_and_messaging;
