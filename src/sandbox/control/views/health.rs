//! State of the server.

use serde::Serialize;

#[derive(Serialize)]
pub(in crate::sandbox::control) struct HealthView {
    status: &'static str,
    version: &'static str,
}

impl HealthView {
    pub(in crate::sandbox::control) const fn new() -> Self {
        Self {
            status: "ok",
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}
