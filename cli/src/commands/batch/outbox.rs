//! Outbox of the commands that send nothing.

use std::fmt::Write as _;

use clinspark_twilio::clinspark::Settings;
use clinspark_twilio::messenger::MessageId;
use clinspark_twilio::outbox::{
    BatchId, BatchText, Begin, CheckedBatchText, Deliver, Listing, Outbox, ProofKey, SenderKey,
    Undelivered, resolver_fn,
};
use clinspark_twilio::types::{BoxFuture, MessageSid, Redacted};

use super::database::{Access, Database};
use crate::failure::Failure;

/// Refuses every text. Only commands that send have settings and a file of people.
struct NoDelivery;

impl Deliver for NoDelivery {
    fn deliver<'a>(
        &'a self,
        _text: BatchText<'a>,
        _begin: Begin<'a>,
    ) -> BoxFuture<'a, Result<MessageSid, Undelivered>> {
        Box::pin(async { Err(Undelivered::NotBegun) })
    }

    fn check<'a>(
        &'a self,
        _text: BatchText<'a>,
    ) -> BoxFuture<'a, Result<CheckedBatchText, Undelivered>> {
        Box::pin(async { Err(Undelivered::NotBegun) })
    }

    fn list<'a>(
        &'a self,
        _number: &'a Redacted<String>,
    ) -> BoxFuture<'a, Result<Listing, Undelivered>> {
        Box::pin(async { Err(Undelivered::NotBegun) })
    }
}

/// Opens an existing database to look at batches and to steer them.
pub(super) async fn operator(database: &Database, access: Access) -> Result<Outbox, Failure> {
    let store = database.open_existing(access).await?;
    let sender = SenderKey::parse("operator").map_err(|error| Failure::usage(error.to_string()))?;
    // Makes no proof, because nothing is sent or looked for.
    let key = ProofKey::new([0; 32]);
    let no_one = resolver_fn(|_recipient, _occurrence| async { Ok(None) });
    Ok(Outbox::builder(store, sender, NoDelivery, no_one, key).build())
}

/// Returns the queue of a batch. Each batch has its own, because a worker sends every batch of its
/// queue, and knows the people of one file only.
pub(super) fn queue_of(batch: &BatchId) -> Result<SenderKey, Failure> {
    SenderKey::parse(batch.as_str()).map_err(|error| Failure::usage(error.to_string()))
}

/// Returns the key of the pace that all batches of one number share: the Messaging Service, or a MAC of
/// the number.
pub(super) fn pace_of(settings: &Settings, key: &ProofKey) -> Result<SenderKey, Failure> {
    let text = match (settings.messaging_service_sid(), settings.number()) {
        (Some(service), _) => service.as_str().to_owned(),
        (None, Some(number)) => {
            // The second half, which no other text to the number has.
            let proof = key.proof(number, "pace of the sender");
            let mut text = "number-".to_owned();
            for byte in proof.as_bytes().iter().skip(16) {
                let _ = write!(text, "{byte:02x}");
            }
            text
        }
        (None, None) => return Err(Failure::usage("the settings name no sender of texts")),
    };
    SenderKey::parse(&text).map_err(|error| Failure::usage(error.to_string()))
}

pub(super) fn parse_message(text: &str) -> Result<MessageId, String> {
    MessageId::parse(text).map_err(|error| error.to_string())
}
