//! Twilio's REST APIs on loopback.
//!
//! A request passes `server` with its `access` check, `authentication` and `router`. One module of
//! `resources` then returns JSON or an [`ApiError`].

mod access;
mod authentication;
mod connection;
mod details;
mod error;
mod form;
mod paging;
mod products;
mod request;
mod request_log;
mod resources;
mod response;
mod router;
mod server;
mod settings;

pub(crate) use error::ApiError;
pub(crate) use products::hosts as product_hosts;
pub(crate) use resources::{
    api_keys, applications, auth_tokens, incoming_phone_numbers, oauth, pooled_numbers, services,
    short_codes,
};
pub(crate) use server::serve_http;
