//! Checked configuration of a messenger.

use std::fmt;
use std::sync::Arc;

use super::consent::ConsentGate;
use super::quiet_hours::QuietHours;
use crate::client::Client;
use crate::client::messages::{AddressRetention, ContentRetention, Sender};
use crate::phone::{E164, Normalizer, NumberKinds};
use crate::types::{AccountSid, ApplicationSid, MessagingServiceSid};
use crate::webhook::{PublicOrigin, WebhookPaths};

#[derive(Clone, Debug)]
pub(super) struct Config {
    pub(super) enabled: bool,
    /// Client that sends texts and places calls, after the gates have passed them.
    pub(super) client: Client,
    pub(super) sender: Sender,
    pub(super) origin: PublicOrigin,
    pub(super) paths: WebhookPaths,
    pub(super) application: Option<ApplicationSid>,
    pub(super) normalizer: Normalizer,
    pub(super) text_kinds: NumberKinds,
    pub(super) call_kinds: NumberKinds,
    pub(super) content_retention: Option<ContentRetention>,
    pub(super) address_retention: Option<AddressRetention>,
    pub(super) quiet_hours: Option<QuietHours>,
    pub(super) consent_gate: SharedConsentGate,
}

impl Config {
    pub(super) fn account_sid(&self) -> AccountSid {
        self.client.account_sid()
    }

    pub(super) const fn number(&self) -> Option<E164> {
        match self.sender {
            Sender::Number(number) | Sender::NumberInService { number, .. } => Some(number),
            _ => None,
        }
    }

    pub(super) const fn messaging_service_sid(&self) -> Option<MessagingServiceSid> {
        match self.sender {
            Sender::Service(service) | Sender::NumberInService { service, .. } => Some(service),
            _ => None,
        }
    }
}

/// Consent gate of any type, shared by clones of a messenger.
#[derive(Clone)]
pub(super) struct SharedConsentGate(pub(super) Arc<dyn ConsentGate>);

impl fmt::Debug for SharedConsentGate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ConsentGate")
    }
}
