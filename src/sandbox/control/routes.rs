//! Table of routes. The server and the OpenAPI document are made from it.

use super::handlers::{
    account_check, alerts, calls, clock, events, faults, groups, health, messages, numbers,
    openapi, phone_calls, phones, reset, snapshot, state, texts,
};
use super::route::{Answer, Route, at_once, in_time};

/// Parameters of a list.
const PAGE: &[&str] = &["limit"];
const WAIT: &[&str] = &["wait"];

pub(super) static ROUTES: &[Route] = &[
    Route::get(
        "/health",
        at_once!(health::show),
        "Reports that the server runs.",
    )
    .returns(200, Answer::One("Health")),
    Route::get(
        "/openapi.json",
        at_once!(openapi::show),
        "Returns this document.",
    )
    .returns(200, Answer::One("Document")),
    Route::get(
        "/snapshot",
        at_once!(snapshot::show),
        "Returns everything that the page shows.",
    )
    .returns(200, Answer::One("Snapshot")),
    Route::get(
        "/events",
        at_once!(events::stream),
        "Streams what changes, from a cursor on. Event kinds: phone, message, call, group, alert, \
         number, world, reset.",
    )
    .query(&["after"])
    .returns(200, Answer::Events),
    Route::get(
        "/groups",
        at_once!(groups::list),
        "Lists causes and what followed from them, newest first.",
    )
    .query(&["limit", "before"])
    .returns(200, Answer::List("Group")),
    Route::get(
        "/events/{id}",
        at_once!(groups::show_event),
        "Returns a request to the API, or a webhook.",
    )
    .returns(200, Answer::One("Event")),
    Route::post(
        "/events/{id}/send-again",
        in_time!(groups::send_again),
        "Sends a webhook again, with a new signature or a forged one. The response has no effect.",
        "SendAgain",
    )
    .returns(202, Answer::One("Event"))
    .fails(&[409]),
    Route::get(
        "/phones",
        at_once!(phones::list),
        "Lists the phones, by number.",
    )
    .returns(200, Answer::List("Phone")),
    Route::post(
        "/phones",
        at_once!(phones::create),
        "Adds a phone, which rings when it is called.",
        "NewPhone",
    )
    .returns(201, Answer::One("Phone"))
    .fails(&[409]),
    Route::get(
        "/phones/{number}",
        at_once!(phones::show),
        "Returns a phone.",
    )
    .returns(200, Answer::One("Phone")),
    Route::patch(
        "/phones/{number}",
        at_once!(phones::update),
        "Changes how a phone behaves.",
        "PhoneChange",
    )
    .returns(200, Answer::One("Phone")),
    Route::delete(
        "/phones/{number}",
        at_once!(phones::hide),
        "Hides a phone from the list until it texts, calls, or is reached.",
    ),
    Route::get(
        "/phones/{number}/messages",
        at_once!(texts::list),
        "Lists the texts of a phone, newest first.",
    )
    .query(&["limit", "before"])
    .returns(200, Answer::List("Message")),
    Route::post(
        "/phones/{number}/messages",
        in_time!(texts::create),
        "Texts a number of the account. With `wait`, the replies are returned too.",
        "NewText",
    )
    .large()
    .query(WAIT)
    .returns(201, Answer::One("SentText"))
    .fails(&[409]),
    Route::get(
        "/phones/{number}/messages/latest",
        in_time!(texts::latest),
        "Returns the newest text that the phone received and that this path has not returned yet.",
    )
    .query(WAIT)
    .returns(200, Answer::One("Message")),
    Route::post(
        "/phones/{number}/calls",
        in_time!(phone_calls::create),
        "Calls a number of the account.",
        "NewCall",
    )
    .query(WAIT)
    .returns(201, Answer::One("Call"))
    .fails(&[409]),
    Route::post(
        "/phones/{number}/answer",
        in_time!(phone_calls::answer),
        "Answers the call that rings. With `wait`, waits for one.",
        "Empty",
    )
    .query(WAIT)
    .returns(200, Answer::One("Call"))
    .fails(&[409]),
    Route::post(
        "/phones/{number}/decline",
        in_time!(phone_calls::decline),
        "Declines the call that rings. With `wait`, waits for one.",
        "Decline",
    )
    .query(WAIT)
    .returns(200, Answer::One("Call"))
    .fails(&[409]),
    Route::get(
        "/messages",
        at_once!(messages::list),
        "Lists the messages of all phones, newest first.",
    )
    .query(&["to", "from", "limit"])
    .returns(200, Answer::List("Message")),
    Route::get(
        "/calls",
        at_once!(calls::list),
        "Lists the calls, newest first.",
    )
    .query(&["phone", "limit"])
    .returns(200, Answer::List("Call")),
    Route::get(
        "/calls/{sid}",
        in_time!(calls::show),
        "Returns a call. With `wait`, waits until it has the status `until`.",
    )
    .query(&["wait", "until"])
    .returns(200, Answer::One("Call")),
    Route::post(
        "/calls/{sid}/keys",
        in_time!(calls::press_keys),
        "Presses keys in a call.",
        "Keys",
    )
    .query(WAIT)
    .returns(200, Answer::One("Call"))
    .fails(&[409]),
    Route::post(
        "/calls/{sid}/speech",
        in_time!(calls::speak),
        "Says something in a call.",
        "Speech",
    )
    .query(WAIT)
    .returns(200, Answer::One("Call"))
    .fails(&[409]),
    Route::post(
        "/calls/{sid}/silence",
        in_time!(calls::stay_silent),
        "Presses and says nothing until the timeout of the verb.",
        "Empty",
    )
    .query(WAIT)
    .returns(200, Answer::One("Call"))
    .fails(&[409]),
    Route::post(
        "/calls/{sid}/hang-up",
        in_time!(calls::hang_up),
        "Hangs up.",
        "Empty",
    )
    .query(WAIT)
    .returns(200, Answer::One("Call"))
    .fails(&[409]),
    Route::get("/clock", at_once!(clock::show), "Returns the clock.")
        .returns(200, Answer::One("Clock")),
    Route::put(
        "/clock",
        at_once!(clock::set_mode),
        "Changes the passage of time.",
        "ClockMode",
    )
    .returns(200, Answer::One("World")),
    Route::post(
        "/clock/advance",
        in_time!(clock::advance),
        "Moves the clock forward. What is due happens at its own time, in order.",
        "Advance",
    )
    .returns(200, Answer::One("World"))
    .fails(&[409]),
    Route::get(
        "/faults",
        at_once!(faults::list),
        "Lists the faults in effect.",
    )
    .returns(200, Answer::List("Fault")),
    Route::post(
        "/faults",
        at_once!(faults::create),
        "Adds a fault.",
        "FaultRule",
    )
    .returns(201, Answer::One("Fault"))
    .fails(&[409]),
    Route::delete(
        "/faults",
        at_once!(faults::remove_all),
        "Removes every fault.",
    ),
    Route::delete("/faults/{id}", at_once!(faults::remove), "Removes a fault."),
    Route::get(
        "/alerts",
        at_once!(alerts::list),
        "Lists the alerts of the debugger, newest first.",
    )
    .query(PAGE)
    .returns(200, Answer::List("Alert")),
    Route::get(
        "/numbers",
        at_once!(numbers::list),
        "Lists the numbers of the account.",
    )
    .returns(200, Answer::List("Number")),
    Route::post(
        "/numbers",
        at_once!(numbers::create),
        "Adds a number to the account.",
        "NewNumber",
    )
    .returns(201, Answer::One("Number"))
    .fails(&[409]),
    Route::patch(
        "/numbers/{number}",
        at_once!(numbers::update),
        "Configures a number with Twilio's parameters. An empty text clears a parameter.",
        "NumberChange",
    )
    .returns(200, Answer::One("Number")),
    Route::post(
        "/account-check",
        in_time!(account_check::run),
        "Checks the account as one of its numbers needs it. The program has a check, which only reads.",
        "NewAccountCheck",
    )
    .returns(200, Answer::One("AccountCheck"))
    .fails(&[409]),
    Route::post(
        "/reset",
        in_time!(reset::reset),
        "Removes messages, calls, opt-outs, webhooks, alerts and faults. Numbers stay.",
        "Reset",
    )
    .returns(200, Answer::One("WorldAfterReset")),
    Route::get(
        "/state",
        at_once!(state::show),
        "Returns the saved state: configuration, phones, messages, ended calls. No credentials.",
    )
    .returns(200, Answer::One("State")),
    Route::put(
        "/state",
        in_time!(state::load),
        "Replaces the state by a saved one.",
        "State",
    )
    .large()
    .returns(200, Answer::One("World")),
];
