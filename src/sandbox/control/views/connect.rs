//! What a client needs to connect: URLs and the credentials of the simulated account.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::sandbox::context::Context;
use crate::types::AccountSid;

#[derive(Serialize)]
pub(in crate::sandbox::control) struct ConnectView {
    base_url: String,
    account_sid: AccountSid,
    /// Token of this sandbox, which no real account has.
    auth_token: String,
    numbers: Vec<String>,
    /// The sandbox has a check of the account.
    has_account_check: bool,
    /// Base URL of each product, for clients that have a host for each.
    products: BTreeMap<&'static str, String>,
}

impl ConnectView {
    /// `base_url` is the one that the client used, and `products` are the first labels of hosts.
    pub(in crate::sandbox::control) fn new(
        context: &Context,
        base_url: &str,
        products: impl Iterator<Item = &'static str>,
    ) -> Self {
        let numbers = context.read(|state| {
            let numbers = state.numbers.iter();
            numbers.map(|n| n.number.as_str().to_owned()).collect()
        });
        let port = base_url.rsplit_once(':').map(|(_, port)| port);
        let port = port.filter(|port| port.parse::<u16>().is_ok());
        let port = port.map_or_else(String::new, |port| format!(":{port}"));
        Self {
            base_url: base_url.to_owned(),
            account_sid: context.account_sid,
            auth_token: context.auth_token().expose().to_owned(),
            numbers,
            has_account_check: context.account_check.is_some(),
            products: products
                .map(|product| (product, format!("http://{product}.localhost{port}")))
                .collect(),
        }
    }
}
