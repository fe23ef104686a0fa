//! Handles for tests: the account and its phones.

mod account;
mod builder;
mod endpoint;
mod faults;
mod phone;
mod phone_call;
mod registrations;
mod resources;
mod sandbox;
mod saved;

pub use builder::SandboxBuilder;
pub use endpoint::CallEndpoint;
pub use phone::Phone;
pub use phone_call::PhoneCall;
pub use sandbox::Sandbox;
pub use saved::Changes;
