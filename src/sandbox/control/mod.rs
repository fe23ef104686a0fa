//! Control API of the sandbox, under `/_sandbox/`: plays the phones, and shows what happened.
//!
//! A program in any language, the page of the sandbox and its tests use it. A request passes
//! `server`, which finds its row in the table of `routes`. The handler of that row, in `handlers`,
//! returns a view of `views`. `document` makes the OpenAPI document from the same table.

mod document;
mod error;
mod handlers;
mod reply;
mod request;
mod route;
mod routes;
mod server;
mod shared;
mod views;

pub(crate) use server::Control;
