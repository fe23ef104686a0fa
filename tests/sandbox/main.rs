//! The sandbox through its public API: REST over HTTP, webhooks to a server, phones.

#![cfg(feature = "sandbox")]
#![allow(
    clippy::indexing_slicing,
    clippy::expect_used,
    clippy::panic,
    clippy::string_slice,
    clippy::too_many_lines,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and a table of cases is long"
)]

mod access;
mod account_settings;
mod accounts;
mod alerts;
mod api;
mod api_refusals;
mod app;
mod audio;
mod bad_requests;
mod behaviors;
mod bindings;
mod call_answers;
mod call_recordings;
mod call_resource;
mod call_texts;
mod calls;
mod clients;
mod clock;
mod conference_api;
mod conference_load;
mod conference_music;
mod conference_recordings;
mod conferences;
mod contract;
mod contract_schema;
mod control;
mod dial;
mod dial_legs;
mod faults;
mod fields;
mod gather;
mod hosts;
mod in_call;
mod lifecycle;
mod limits;
mod lookups;
mod message_delivery;
mod message_parties;
mod message_senders;
mod messages;
mod numbers;
mod oauth;
mod odd_parties;
mod page;
mod products;
mod queues;
mod real_time_transcription;
mod record_verb;
mod recordings;
mod registrations;
mod relay;
mod requests;
mod reset;
mod saved;
mod saved_edited;
mod server;
mod service_pools;
mod service_senders;
mod setup;
mod signature;
mod stream_pace;
mod stream_resource;
mod streams;
mod texts;
mod transcript;
mod transcriptions;
#[cfg(feature = "rustls")]
mod typed_client;
mod verbs;
mod webhook_answers;
mod webhook_http;
mod websocket_app;
mod websocket_hostile;
