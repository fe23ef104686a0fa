//! Applies the steps of a plan, and makes no other change.

use super::error::{Cause, SetupError};
use crate::client::Outcome;
use crate::client::numbers::UpdateIncomingPhoneNumber;
use crate::client::services::UpdateService;
use crate::types::{ApplicationSid, PhoneNumberSid};

use super::plan::{self, Change, Plan, Step};
use super::read;
use super::record::{AppliedChange, Undo};
use super::state::{AppState, Binding};
use super::target::Target;

const CHANGED_SINCE_PLANNED: &str =
    "the account has changed since the plan was made; make a new plan";

/// State of the account after [`Setup::apply`](super::Setup::apply).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Provisioned {
    /// SID of the `TwiML` App: ClinSpark's Application SID.
    pub application: ApplicationSid,
    /// SID of the number that is bound to the app for voice and for messaging.
    pub number: PhoneNumberSid,
    /// `true` if the app was created. `false` if an existing app was changed or was already correct.
    pub created: bool,
    /// `true` if the plan had changes. A second plan of the same set-up has none.
    pub changed: bool,
    /// Record for undoing the changes.
    pub undo: Undo,
}

pub(super) async fn apply(target: &Target<'_>, plan: &Plan) -> Result<Provisioned, SetupError> {
    let settings = target.settings;
    if plan.account != settings.account_sid() || plan.origin != settings.origin().as_str() {
        return Err(Cause::Account(
            "the plan is for another instance; make a plan with these settings",
        )
        .into());
    }
    let now = plan::make(target, None).await?;
    let mut run = Run::begin(target, plan, &now)?;
    for step in &now.steps {
        if let Err(error) = run.apply_step(step).await {
            return Err(run.interrupted(error, plan.steps.len()));
        }
    }
    let application = match run.application {
        Some(application) if now.is_empty() => application,
        application => match run.verify_applied(application).await {
            Ok(application) => application,
            Err(error) => return Err(run.interrupted(error, plan.steps.len())),
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

/// Plan that is being applied.
struct Run<'a> {
    target: &'a Target<'a>,
    application: Option<ApplicationSid>,
    created: bool,
    done: usize,
    undo: Undo,
}

impl<'a> Run<'a> {
    /// Starts with the remaining steps, which must be part of the plan. The other steps were done
    /// before and belong to the record for reverting.
    fn begin(target: &'a Target<'a>, plan: &Plan, now: &Plan) -> Result<Self, SetupError> {
        let is_planned = |step: &Step| plan.steps.contains(step);
        let same_app = plan.application.is_none() || plan.application == now.application;
        if plan.number != now.number || !same_app || !now.steps.iter().all(is_planned) {
            return Err(Cause::Account(CHANGED_SINCE_PLANNED).into());
        }
        let mut run = Self {
            target,
            application: now.application,
            created: false,
            done: 0,
            undo: Undo::new(plan.account),
        };
        for Step(change) in plan.steps.iter().filter(|step| !now.steps.contains(step)) {
            let created = matches!(change, Change::Create { .. });
            // Another user created the app. Reverting the plan would delete it.
            if created && !now.has_instance_name {
                return Err(Cause::Account(CHANGED_SINCE_PLANNED).into());
            }
            run.created |= created;
            run.record(change);
            run.done += 1;
        }
        Ok(run)
    }

    async fn apply_step(&mut self, Step(change): &Step) -> Result<(), SetupError> {
        let result = self.send(change).await;
        // A change that may have been applied must also be reverted.
        let may_have_applied =
            |error: &SetupError| matches!(error.outcome(), Outcome::Unknown { .. });
        if result.as_ref().err().is_none_or(may_have_applied) {
            self.record(change);
        }
        self.done += usize::from(result.is_ok());
        result
    }

    async fn send(&mut self, change: &Change) -> Result<(), SetupError> {
        let client = self.target.client;
        match change {
            Change::Create { name, to } => {
                let created = client.execute(to.create(name)).await;
                let created = created.map_err(read::client_error)?;
                self.application = Some(created.sid);
                self.created = true;
                check_persisted(AppState::of(&created).meets(to))
            }
            Change::Update { sid, to, .. } => {
                let app = client.execute(to.update(*sid)).await;
                check_persisted(AppState::of(&app.map_err(read::client_error)?).meets(to))
            }
            Change::Bind { sid, .. } => {
                let to = self
                    .application
                    .ok_or(Cause::Account(CHANGED_SINCE_PLANNED))?;
                let bind = UpdateIncomingPhoneNumber::new(*sid)
                    .voice_application_sid(to)
                    .sms_application_sid(to);
                let number = client.execute(bind).await.map_err(read::client_error)?;
                check_persisted(Binding::of(&number) == Binding::to(to))
            }
            Change::Defer { sid, .. } => {
                let defer = UpdateService::new(*sid).use_inbound_webhook_on_number(true);
                let service = client.execute(defer).await.map_err(read::client_error)?;
                check_persisted(super::state::defers(&service))
            }
        }
    }

    /// Records a change, so that it can be reverted.
    fn record(&mut self, change: &Change) {
        let change = match (change, self.application) {
            (Change::Create { to, .. }, Some(sid)) => AppliedChange::Created {
                sid,
                made: to.clone(),
            },
            (Change::Bind { sid, from, .. }, Some(application)) => AppliedChange::Bound {
                sid: *sid,
                from: *from,
                to: Binding::to(application),
            },
            // The response was lost. The next run finds the app by its name.
            (Change::Create { .. } | Change::Bind { .. }, None) => return,
            (Change::Update { sid, from, to }, _) => AppliedChange::Updated {
                sid: *sid,
                from: from.clone(),
                to: to.clone(),
            },
            (Change::Defer { sid, .. }, _) => AppliedChange::Deferred { sid: *sid },
        };
        self.undo.push(change);
    }

    async fn verify_applied(
        &self,
        known: Option<ApplicationSid>,
    ) -> Result<ApplicationSid, SetupError> {
        let left = plan::make(self.target, known).await?;
        match left.application {
            Some(application) if left.is_empty() => Ok(application),
            _ => Err(Cause::Account(
                "Twilio does not show every change yet, or another user is changing the account; \
                 make a new plan",
            )
            .into()),
        }
    }

    fn interrupted(self, error: SetupError, of: usize) -> SetupError {
        let may_have_started = matches!(error.outcome(), Outcome::Unknown { .. });
        if self.undo.is_empty() && !may_have_started {
            return error;
        }
        Cause::Interrupted {
            done: self.done,
            of,
            undo: Box::new(self.undo),
            error: Box::new(error),
        }
        .into()
    }
}

fn check_persisted(persisted: bool) -> Result<(), SetupError> {
    if persisted {
        Ok(())
    } else {
        Err(Cause::Account("Twilio accepted a change but does not show it; make a new plan").into())
    }
}
