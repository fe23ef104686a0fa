//! Webhooks: signs them, posts them to the application, and reads its response.

mod dispatch;
mod fields;
mod send;
mod url;

pub(crate) use dispatch::{fetch_document, notify};
pub(crate) use fields::FormFields;
pub(crate) use url::parse_url;
