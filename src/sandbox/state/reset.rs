//! Returns the state to a fresh world, with its configuration.

use super::State;

impl State {
    /// Removes what has happened: messages, calls, webhooks, alerts, opt-outs, and the texts and
    /// settings of phones. The account, its resources and registrations stay.
    pub(crate) fn reset(&mut self) {
        let history_limit = Some(self.history_limit);
        let Self {
            timeout,
            delivery_delay,
            account,
            numbers,
            applications,
            services,
            short_codes,
            caller_ids,
            registrations,
            phones,
            unknown_phones,
            advanced_opt_out,
            requires_registration,
            mut webhooks,
            mut alerts,
            mapped_origins,
            mut timeline,
            feed,
            ..
        } = std::mem::replace(self, Self::new(None));
        // Serial numbers go on, so that no reader takes something new for something old.
        webhooks.clear();
        alerts.clear();
        timeline.clear();
        *self = Self {
            timeout,
            delivery_delay,
            account,
            numbers,
            applications,
            services,
            short_codes,
            caller_ids,
            registrations,
            phones: phones.reset(),
            unknown_phones,
            advanced_opt_out,
            requires_registration,
            webhooks,
            alerts,
            mapped_origins,
            timeline,
            feed,
            ..Self::new(history_limit)
        };
    }
}
