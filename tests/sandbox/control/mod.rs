//! The control API as a tester in another language uses it: over HTTP, without types of this crate.

mod account_check;
mod again;
mod alerts;
mod bodies;
mod calls;
mod client;
mod clock_and_faults;
mod document;
mod events;
mod foreign;
mod numbers;
mod phones;
mod reset;
mod routes;
mod schema;
mod texts;
