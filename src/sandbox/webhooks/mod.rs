//! Webhooks: signs them, sends them to the application, and reads the responses.

mod dispatch;
mod fields;
mod send;
mod url;

pub(crate) use dispatch::{fetch_document, notify};
pub(crate) use fields::FormFields;
pub(crate) use url::parse_url;
