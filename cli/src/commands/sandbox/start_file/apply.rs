//! Creates in a sandbox what a start file lists.

use std::collections::{BTreeMap, BTreeSet};

use clinspark_twilio::sandbox::Sandbox;
use clinspark_twilio::types::{ApplicationSid, PhoneNumberSid};

use super::settings::{self, cause};
use super::table::Problems;
use super::{AccountNumber, Service, StartFile, check};
use crate::failure::Failure;

impl StartFile {
    /// Creates everything. The failure names each entry that Twilio would refuse, with its line.
    pub(in super::super) fn apply(self, sandbox: &Sandbox) -> Result<(), Failure> {
        let mut problems = Problems::default();
        let apps = self.add_apps(sandbox, &mut problems);
        let mut numbers = BTreeMap::new();
        for number in &self.numbers {
            if numbers.contains_key(number.number.value.as_str()) {
                problems.add(number.number.line, "this number is listed already");
                continue;
            }
            let sid = add_number(sandbox, number, &apps, &mut problems);
            numbers.insert(number.number.value.as_str(), sid);
        }
        for service in &self.services {
            add_service(sandbox, service, &numbers, &mut problems);
        }
        let mut people = BTreeSet::new();
        for person in &self.people {
            if !people.insert(person.number.value.as_str()) {
                problems.add(person.number.line, "this person is listed already");
                continue;
            }
            let phone = sandbox.phone(person.number.value);
            if let Some(name) = &person.name {
                phone.set_name(name);
            }
            phone.set_delivery_behavior(person.delivery);
            phone.set_answer_behavior(person.answer);
        }
        for fault in self.faults {
            if let Err(error) = sandbox.add_fault(fault.value) {
                problems.add(fault.line, error.to_string());
            }
        }
        check(&self.name, problems)
    }

    /// Creates the apps. Returns them by their names.
    fn add_apps(
        &self,
        sandbox: &Sandbox,
        problems: &mut Problems,
    ) -> BTreeMap<&str, ApplicationSid> {
        let mut apps = BTreeMap::new();
        for app in &self.apps {
            let name = app.name.value.as_str();
            if apps.contains_key(name) {
                problems.add(app.name.line, "an app with this name is listed already");
                continue;
            }
            match sandbox.add_application(&[("FriendlyName", name)]) {
                Ok(sid) => {
                    apps.insert(name, sid);
                    settings::apply(&app.settings, problems, |pair| {
                        sandbox.configure_application(sid, pair)
                    });
                }
                Err(error) => problems.add(app.name.line, cause(&error)),
            }
        }
        apps
    }
}

fn add_number(
    sandbox: &Sandbox,
    number: &AccountNumber,
    apps: &BTreeMap<&str, ApplicationSid>,
    problems: &mut Problems,
) -> PhoneNumberSid {
    let sid = sandbox.add_number(number.number.value);
    settings::apply(&number.settings, problems, |pair| {
        sandbox.configure_number(sid, pair)
    });
    let Some(name) = &number.app else { return sid };
    let Some(app) = apps.get(name.value.as_str()) else {
        problems.add(name.line, "no entry of [[apps]] has this name");
        return sid;
    };
    let both = [
        ("SmsApplicationSid", app.as_str()),
        ("VoiceApplicationSid", app.as_str()),
    ];
    if let Err(error) = sandbox.configure_number(sid, &both) {
        problems.add(name.line, cause(&error));
    }
    sid
}

fn add_service(
    sandbox: &Sandbox,
    service: &Service,
    numbers: &BTreeMap<&str, PhoneNumberSid>,
    problems: &mut Problems,
) {
    let name = &service.named.name;
    let sid = match sandbox.add_service(&[("FriendlyName", name.value.as_str())]) {
        Ok(sid) => sid,
        Err(error) => return problems.add(name.line, cause(&error)),
    };
    settings::apply(&service.named.settings, problems, |pair| {
        sandbox.configure_service(sid, pair)
    });
    for number in &service.numbers {
        let Some(owned) = numbers.get(number.value.as_str()) else {
            problems.add(number.line, "no entry of [[numbers]] has this number");
            continue;
        };
        if let Err(error) = sandbox.add_number_to_service(sid, *owned) {
            problems.add(number.line, cause(&error));
        }
    }
}
