//! The sandbox as a user sees it: the REST API over HTTP, webhooks to a server, phones.

#![cfg(feature = "sandbox")]

mod app;
mod messages;
