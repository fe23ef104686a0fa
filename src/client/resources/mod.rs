//! Resources of the REST API: each file or folder has the requests and models of one resource.

pub mod a2p;
pub mod accounts;
pub mod alerts;
pub mod applications;
pub mod auth_tokens;
pub mod available_numbers;
pub mod caller_ids;
pub mod calls;
pub mod conferences;
pub mod consents;
pub mod deactivations;
pub mod events;
pub mod geo_permissions;
pub mod lookups;
pub mod messages;
pub mod numbers;
pub mod oauth;
pub mod queues;
pub mod recordings;
pub mod safe_list;
pub mod services;
pub mod short_codes;
pub mod toll_free;
pub mod transcriptions;
pub mod usage;

mod argument;
mod create_and_update;
