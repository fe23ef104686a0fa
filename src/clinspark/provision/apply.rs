//! Does what was planned, and nothing else.

use crate::client::Outcome;
use crate::client::numbers::UpdatePhoneNumber;
use crate::client::services::UpdateService;
use crate::clinspark::error::{Cause, Error};
use crate::types::ApplicationSid;

use super::plan::{self, Change, Plan, Step};
use super::state::{AppState, Binding};
use super::undo::{Deed, Undo};
use super::{Provisioned, Setup, read};

const CHANGED_SINCE: &str = "the account has changed since it was planned; make a new plan";

pub(super) async fn apply(setup: &Setup<'_>, plan: &Plan) -> Result<Provisioned, Error> {
    let settings = setup.settings;
    if plan.account != settings.account_sid() || plan.origin != settings.origin().as_str() {
        return Err(Cause::Account("the plan is another instance's").into());
    }
    let now = plan::make(setup, None).await?;
    let mut run = Run::begin(setup, plan, &now)?;
    for step in &now.steps {
        if let Err(error) = run.take(step).await {
            return Err(run.broke_off(error, plan.steps.len()));
        }
    }
    let application = match run.application {
        Some(application) if now.is_empty() => application,
        application => match run.look_again(application).await {
            Ok(application) => application,
            Err(error) => return Err(run.broke_off(error, plan.steps.len())),
        },
    };
    Ok(Provisioned {
        application,
        number: plan.number,
        created: run.created,
        changed: !plan.is_empty(),
        undo: run.undo,
    })
}

/// One plan on its way.
struct Run<'a> {
    setup: &'a Setup<'a>,
    application: Option<ApplicationSid>,
    created: bool,
    done: usize,
    undo: Undo,
}

impl<'a> Run<'a> {
    /// What is left of the plan has to be part of it: then the rest was done before, and belongs
    /// to the record of what to undo.
    fn begin(setup: &'a Setup<'a>, plan: &Plan, now: &Plan) -> Result<Self, Error> {
        let is_planned = |step: &Step| plan.steps.contains(step);
        let same_app = plan.application.is_none() || plan.application == now.application;
        if plan.number != now.number || !same_app || !now.steps.iter().all(is_planned) {
            return Err(Cause::Account(CHANGED_SINCE).into());
        }
        let mut run = Self {
            setup,
            application: now.application,
            created: false,
            done: 0,
            undo: Undo::new(plan.account),
        };
        for Step(change) in plan.steps.iter().filter(|step| !now.steps.contains(step)) {
            let created = matches!(change, Change::Create { .. });
            // Made by somebody else: taking the plan back would delete it.
            if created && !now.bears_name {
                return Err(Cause::Account(CHANGED_SINCE).into());
            }
            run.created |= created;
            run.note(change);
            run.done += 1;
        }
        Ok(run)
    }

    async fn take(&mut self, Step(change): &Step) -> Result<(), Error> {
        let result = self.send(change).await;
        // What may have been done is to be undone, too.
        let unsure = |error: &Error| matches!(error.outcome(), Outcome::Unknown { .. });
        if result.as_ref().err().is_none_or(unsure) {
            self.note(change);
        }
        self.done += usize::from(result.is_ok());
        result
    }

    async fn send(&mut self, change: &Change) -> Result<(), Error> {
        let client = self.setup.client;
        match change {
            Change::Create { name, to } => {
                let made = client.execute(to.create(name)).await;
                let made = made.map_err(read::refused)?;
                self.application = Some(made.sid);
                self.created = true;
                kept(AppState::of(&made).meets(to))
            }
            Change::Update { sid, to, .. } => {
                let app = client.execute(to.update(*sid)).await;
                kept(AppState::of(&app.map_err(read::refused)?).meets(to))
            }
            Change::Bind { sid, .. } => {
                let to = self.application.ok_or(Cause::Account(CHANGED_SINCE))?;
                let bind = UpdatePhoneNumber::new(*sid)
                    .voice_application_sid(to)
                    .sms_application_sid(to);
                let number = client.execute(bind).await.map_err(read::refused)?;
                kept(Binding::of(&number) == Binding::to(to))
            }
            Change::Defer { sid, .. } => {
                let defer = UpdateService::new(*sid).use_inbound_webhook_on_number(true);
                let service = client.execute(defer).await.map_err(read::refused)?;
                kept(super::state::defers(&service))
            }
        }
    }

    /// Records how to take a change back.
    fn note(&mut self, change: &Change) {
        let deed = match (change, self.application) {
            (Change::Create { to, .. }, Some(sid)) => Deed::Created {
                sid,
                made: to.clone(),
            },
            (Change::Bind { sid, from, .. }, Some(application)) => Deed::Bound {
                sid: *sid,
                from: *from,
                to: Binding::to(application),
            },
            // Its answer was lost. The next run finds it by its name, and takes it over.
            (Change::Create { .. } | Change::Bind { .. }, None) => return,
            (Change::Update { sid, from, to }, _) => Deed::Updated {
                sid: *sid,
                from: from.clone(),
                to: to.clone(),
            },
            (Change::Defer { sid, .. }, _) => Deed::Deferred { sid: *sid },
        };
        self.undo.push(deed);
    }

    async fn look_again(&self, known: Option<ApplicationSid>) -> Result<ApplicationSid, Error> {
        let left = plan::make(self.setup, known).await?;
        match left.application {
            Some(application) if left.is_empty() => Ok(application),
            _ => Err(Cause::Account(
                "twilio does not show every change yet, or somebody else changes the account, \
                 too; make a new plan",
            )
            .into()),
        }
    }

    fn broke_off(self, error: Error, of: usize) -> Error {
        let may_be_begun = matches!(error.outcome(), Outcome::Unknown { .. });
        if self.undo.is_empty() && !may_be_begun {
            return error;
        }
        Cause::BrokeOff {
            done: self.done,
            of,
            undo: Box::new(self.undo),
            error: Box::new(error),
        }
        .into()
    }
}

fn kept(kept: bool) -> Result<(), Error> {
    if kept {
        Ok(())
    } else {
        Err(Cause::Account("twilio took a change and did not keep it").into())
    }
}
