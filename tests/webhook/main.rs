//! Webhooks: signatures, proxies, payloads, replays and diagnosis.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::too_many_lines,
    clippy::unnecessary_wraps,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and a table of cases is long"
)]

mod diagnose_bounds;
mod diagnose_causes;
mod documented;
mod keys;
mod opt_out;
mod paths;
mod payload_events;
mod payload_forms;
mod payload_kinds;
mod payload_sessions;
mod properties;
mod proxies;
mod receive;
mod receive_attacks;
mod replay;
mod signature_allocations;
mod signature_refusals;
mod signature_splits;
mod signature_vectors;
mod signature_wycheproof;
mod signed_text;
mod status_order;
mod support;
mod websocket_allocations;
mod websocket_messages;
mod websocket_properties;
mod websockets;
