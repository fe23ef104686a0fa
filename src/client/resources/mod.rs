//! Resources of the REST API: each file or folder has the requests and models of one resource.

pub mod a2p;
pub mod accounts;
pub mod alerts;
pub mod applications;
pub mod calls;
pub mod events;
pub mod geo_permissions;
pub mod lookups;
pub mod messages;
pub mod numbers;
pub mod recordings;
pub mod services;
pub mod short_codes;
pub mod toll_free;

mod create_and_update;
