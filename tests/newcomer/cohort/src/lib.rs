//! A service that reminds a cohort of volunteers, one text each.
use std::collections::HashMap;
use std::sync::Arc;

use clinspark_twilio::Messenger;
use clinspark_twilio::outbox::{
    Batch, BatchId, NewMessage, Outbox, OutboxStore, Pace, Person, ProofKey, RecipientKey,
    Resolver, SenderKey, resolver_fn,
};
use clinspark_twilio::template::{Catalogue, Locale, MergeData, Sensitivity, Tag, Template};
use clinspark_twilio::types::BoxError;

/// Volunteers by key: number and first name. A real service asks its database.
pub type Volunteers = HashMap<RecipientKey, (String, String)>;

/// Reads volunteers, a line each: `ID,NUMBER,FIRST NAME`.
pub fn read_volunteers(lines: &str) -> Result<Volunteers, BoxError> {
    let volunteer = |line: &str| {
        let mut fields = line.split(',');
        let mut next = || fields.next().ok_or("a line has three fields");
        let key = RecipientKey::numbered("volunteer", next()?.parse()?)?;
        Ok((key, (next()?.to_owned(), next()?.to_owned())))
    };
    lines.lines().map(volunteer).collect()
}

fn resolver(volunteers: Volunteers) -> impl Resolver {
    let volunteers = Arc::new(volunteers);
    resolver_fn(move |key, _occurrence| {
        let found = volunteers.get(&key).cloned();
        async move {
            Ok(found.map(|(number, name)| {
                Person::new(number, MergeData::new().value("first_name", name))
            }))
        }
    })
}

fn template() -> Result<Template, BoxError> {
    let catalogue = Catalogue::new([Tag::text("first_name", Sensitivity::Personal)?])?;
    let template = Template::builder("visit-reminder", 1)
        .variant(Locale::parse("en")?, "Hi {{ first_name }}, your visit is tomorrow.")
        .build(&catalogue)?;
    Ok(template)
}

/// Opens the batch and adds every volunteer who is not in it yet.
pub async fn prepare(
    store: impl OutboxStore,
    messenger: Messenger,
    volunteers: Volunteers,
    key: ProofKey,
) -> Result<(Outbox, BatchId), BoxError> {
    let template = template()?;
    let sender = SenderKey::parse("clinic-12")?;
    let people: Vec<_> = volunteers.keys().cloned().map(NewMessage::new).collect();
    let outbox = Outbox::builder(store, sender.clone(), messenger, resolver(volunteers), key)
        .template(template.clone())
        .build();
    outbox.set_pace(Pace::per_second(100.0).ok_or("pace out of range")?).await?;
    let id = BatchId::parse("reminders-2026-12-01")?;
    outbox.open(&Batch::new(id.clone(), &template, sender, "visit reminder")).await?;
    outbox.enqueue(&id, &people).await?;
    Ok((outbox, id))
}
