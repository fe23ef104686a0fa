//! Cases of delivery reports.

use std::sync::Arc;

use super::Checked;
use super::kit::{Kit, Violation, reason, same, second, sid};
use crate::codes::ErrorCode;
use crate::messenger::MessageId;
use crate::outbox::{
    BatchChange, Claim, DeliveryReport, Finish, MessageState, Observed, OutboxStore,
};
use crate::types::MessageStatus;

pub(super) async fn settle_before_the_answer(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::new(store).await?;
    kit.add(1).await?;
    let claimed = kit.begun().await?;
    let id = &claimed.message_id;
    let observed = kit.observe(id, sid(1)?, MessageStatus::Queued).await?;
    same("report before the answer", observed, Observed::Settled)?;
    let record = kit.record(&claimed).await?;
    same(
        "record",
        (record.state, record.sid),
        (MessageState::Sent, Some(sid(1)?)),
    )?;
    same("delivery", record.delivery, Some(MessageStatus::Queued))?;
    let sent = kit.finish(&claimed, Finish::Sent(sid(1)?)).await?;
    same("the answer, which is late", sent, false)?;
    let doubt = Finish::Doubt(reason("no answer"));
    same("no answer", kit.finish(&claimed, doubt).await?, false)?;
    kit.state_is(&claimed, MessageState::Sent).await?;
    same(
        "owner",
        kit.store.owner_of(sid(1)?).await?.as_ref(),
        Some(id),
    )
}

pub(super) async fn are_recorded_after_the_answer(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::new(store).await?;
    kit.add(1).await?;
    let claimed = kit.begun().await?;
    kit.finish(&claimed, Finish::Sent(sid(1)?)).await?;
    same("delivery", kit.record(&claimed).await?.delivery, None)?;
    for _ in 0..2 {
        let report = DeliveryReport {
            message_id: claimed.message_id.clone(),
            sid: sid(1)?,
            status: MessageStatus::Undelivered,
            code: Some(ErrorCode::from(30_003)),
        };
        let observed = kit.store.observe(&report).await?;
        same("report", observed, Observed::Recorded)?;
    }
    let record = kit.record(&claimed).await?;
    same(
        "delivery",
        record.delivery,
        Some(MessageStatus::Undelivered),
    )?;
    same("code", record.code, Some(ErrorCode::from(30_003)))?;
    same("state", record.state, MessageState::Sent)
}

pub(super) async fn refuse_another_sid(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::new(store).await?;
    kit.add(2).await?;
    let sent = kit.begun().await?;
    kit.finish(&sent, Finish::Sent(sid(1)?)).await?;
    let before = kit.record(&sent).await?;
    let observed = kit
        .observe(&sent.message_id, sid(2)?, MessageStatus::Delivered)
        .await?;
    same(
        "another SID for a sent message",
        observed,
        Observed::OtherSid,
    )?;
    same("record", kit.record(&sent).await?, before)?;
    same("owner", kit.store.owner_of(sid(2)?).await?, None)?;
    let open = kit.begun().await?;
    let observed = kit
        .observe(&open.message_id, sid(1)?, MessageStatus::Delivered)
        .await?;
    same("SID of another message", observed, Observed::OtherSid)?;
    kit.state_is(&open, MessageState::Sending).await?;
    same("SID", kit.record(&open).await?.sid, None)
}

pub(super) fn unknown_message() -> Result<MessageId, Violation> {
    MessageId::parse("m-unknown").map_err(|error| Violation::new(error.to_string()))
}

pub(super) async fn refuse_unknown_messages(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::new(store).await?;
    let id = unknown_message()?;
    let observed = kit.observe(&id, sid(1)?, MessageStatus::Sent).await?;
    same("unknown message", observed, Observed::Unknown)?;
    same("owner", kit.store.owner_of(sid(1)?).await?, None)
}

pub(super) async fn arrive_in_any_order(store: Arc<dyn OutboxStore>) -> Checked {
    use MessageStatus::{Delivered, Queued, Sent, Undelivered};

    let kit = Kit::new(store).await?;
    kit.add(1).await?;
    let claimed = kit.begun().await?;
    let id = &claimed.message_id;
    for (status, expected) in [
        (Sent, Sent),
        (Queued, Sent),
        (Undelivered, Undelivered),
        (Delivered, Delivered),
        (Undelivered, Delivered),
        (MessageStatus::from("teleported"), Delivered),
        (Sent, Delivered),
    ] {
        kit.observe(id, sid(1)?, status.clone()).await?;
        let delivery = kit.record(&claimed).await?.delivery;
        same(
            &format!("delivery after {status}"),
            delivery,
            Some(expected),
        )?;
    }
    let counts = kit.store.counts(&kit.batch).await?;
    same("delivered", counts.delivery(&Delivered), 1)?;
    same("sent", counts.delivery(&Sent), 0)
}

pub(super) async fn settle_any_state(store: Arc<dyn OutboxStore>) -> Checked {
    let kit = Kit::new(store).await?;
    let past = second(&*kit.store, -10).await?;
    let ends = [
        Finish::Held(reason("not found")),
        Finish::Doubt(reason("no answer")),
        Finish::Expired,
        Finish::Refused {
            code: None,
            reason: reason("30036"),
        },
        Finish::Requeue {
            not_before: past,
            reason: reason("quiet hours"),
        },
        Finish::Requeue {
            not_before: past,
            reason: reason("quiet hours"),
        },
    ];
    kit.add(6).await?;
    let mut claims = Vec::new();
    for _ in &ends {
        claims.push(kit.begun().await?);
    }
    let last = ends.len() - 1;
    for (number, (claimed, end)) in claims.iter().zip(ends).enumerate() {
        let what = format!("report after {end:?}");
        kit.finish(claimed, end).await?;
        if number == last {
            kit.store
                .change_batch(&kit.batch, &BatchChange::Pause)
                .await?;
        }
        let sid = sid(u32::try_from(number).unwrap_or_default())?;
        let observed = kit
            .observe(&claimed.message_id, sid, MessageStatus::Delivered)
            .await?;
        same(&what, observed, Observed::Settled)?;
        let record = kit.record(claimed).await?;
        same(
            &what,
            (record.state, record.sid),
            (MessageState::Sent, Some(sid)),
        )?;
        same(&what, record.reason, None)?;
    }
    kit.store
        .change_batch(&kit.batch, &BatchChange::Resume)
        .await?;
    same("claim of what was sent", kit.next().await?, Claim::Empty)
}
