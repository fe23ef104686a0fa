//! Reads and replaces the state of a sandbox.

use std::sync::Arc;

use super::alerts::SavedAlert;
use super::calls::SavedCall;
use super::messages::{SavedMessage, SavedOptOut, SavedPhone};
use super::recordings::SavedRecording;
use super::registrations::SavedRegistrations;
use super::resources::SavedService;
use super::{SavedState, VERSION};
use crate::sandbox::context::Context;
use crate::sandbox::messages;
use crate::sandbox::state::{Row as _, State};

impl Context {
    /// Returns the state to save. A call or recording in progress is stated as ended now.
    pub(crate) fn save_state(&self) -> SavedState {
        let (now, ids_used) = (self.now(), self.ids.used());
        self.read(|state| {
            let phones = state.phones.iter();
            let mut phones: Vec<_> = phones.map(|(at, it)| SavedPhone::new(at, it)).collect();
            phones.sort_by_cached_key(SavedPhone::order);
            let mut opt_outs: Vec<_> = state.opt_outs.iter().map(SavedOptOut::new).collect();
            opt_outs.sort_by_cached_key(SavedOptOut::order);
            let services = state.services.iter().map(|service| {
                let is_advanced = state.advanced_opt_out.contains(&service.sid);
                SavedService::new(service, is_advanced)
            });
            SavedState {
                version: VERSION,
                now,
                ids_used,
                numbers: state.numbers.iter().map(Into::into).collect(),
                applications: state.applications.iter().map(Into::into).collect(),
                services: services.collect(),
                short_codes: state.short_codes.iter().map(Into::into).collect(),
                caller_ids: state.caller_ids.iter().map(Into::into).collect(),
                registrations: SavedRegistrations::new(
                    &state.registrations,
                    state.requires_registration,
                ),
                phones,
                opt_outs,
                messages: state.messages.iter().map(SavedMessage::from).collect(),
                calls: state
                    .calls
                    .iter()
                    .map(|it| SavedCall::new(it, now))
                    .collect(),
                recordings: state
                    .recordings
                    .iter()
                    .map(|it| SavedRecording::new(it, now))
                    .collect(),
                alerts: state
                    .alerts
                    .iter()
                    .map(|(_, it)| SavedAlert::from(it))
                    .collect(),
            }
        })
    }

    /// Replaces the state, as after a reset. Messages that were on their way are delivered. The clock
    /// goes forward to the time of the saved one, never back.
    pub(crate) async fn load_state(self: &Arc<Self>, saved: SavedState) {
        self.ids.skip_to(saved.ids_used);
        self.clock.move_to(saved.now);
        let messages = saved.messages.iter();
        let messages: Vec<_> = messages.map(SavedMessage::sid).collect();
        self.reset_to(move |state| fill(state, saved)).await;
        for sid in messages {
            let message = self.read(|state| state.message(sid).cloned());
            if let Some(message) = message.filter(|message| !message.is_final()) {
                messages::start(self, &message);
            }
        }
    }
}

/// Fills a fresh state.
fn fill(state: &mut State, saved: SavedState) {
    *state.numbers = saved.numbers.into_iter().map(Into::into).collect();
    *state.applications = saved.applications.into_iter().map(Into::into).collect();
    let advanced = saved.services.iter();
    state.advanced_opt_out = advanced
        .filter_map(SavedService::advanced_opt_out)
        .collect();
    *state.services = saved.services.into_iter().map(Into::into).collect();
    *state.short_codes = saved.short_codes.into_iter().map(Into::into).collect();
    state.caller_ids = saved.caller_ids.into_iter().map(Into::into).collect();
    state.requires_registration = saved.registrations.required;
    state.registrations = saved.registrations.into_registrations();
    for (address, phone) in saved.phones.into_iter().map(SavedPhone::into_phone) {
        let is_in_use = state.phones.get(&address).is_some_and(|it| it.is_in_use);
        let stored = state.phone_mut(&address);
        *stored = phone;
        // A test has a handle of the phone.
        stored.is_in_use |= is_in_use;
    }
    for opt_out in saved.opt_outs {
        if let Some((scope, recipient)) = opt_out.into_opt_out() {
            state.opt_outs.add(scope, recipient);
        }
    }
    for message in saved.messages {
        state.add_message(message.into());
    }
    for call in saved.calls.into_iter().filter(SavedCall::has_ended) {
        state.add_call(call.into());
    }
    for recording in saved.recordings {
        state
            .recordings
            .insert(recording.into(), state.history_limit);
    }
    for alert in saved.alerts {
        state.add_alert(alert.into());
    }
}
