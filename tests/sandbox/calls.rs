//! Calls: placed through the API or by a phone, answered, redirected, reported.

use clinspark_twilio::sandbox::{AnswerBehavior, Sandbox, SandboxErrorKind, WebhookKind};
use clinspark_twilio::types::{CallDirection, CallStatus};

use crate::app::{Api, App, CLINIC, ReceivedWebhook, VOLUNTEER, codes, e164};

const SAY: &str = "<Response><Say>Your visit is <emphasis>tomorrow</emphasis>.</Say></Response>";

async fn clinic() -> (Sandbox, App, Api) {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.add_number(e164(CLINIC));
    let (app, api) = (App::start(&sandbox).await, Api::new(&sandbox));
    (sandbox, app, api)
}

/// Returns the parameters of a call from the clinic to the volunteer.
fn call<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    [("To", VOLUNTEER), ("From", CLINIC)]
        .into_iter()
        .chain(more.iter().copied())
        .collect()
}

fn statuses(seen: &[ReceivedWebhook]) -> Vec<&str> {
    seen.iter().map(|seen| seen.field("CallStatus")).collect()
}

#[tokio::test]
async fn a_call_is_answered_and_each_event_reported() {
    let (sandbox, app, api) = clinic().await;
    let phone = sandbox.phone(e164(VOLUNTEER));
    let status = app.url("/status");
    let fields = call(&[
        ("Twiml", SAY),
        ("StatusCallback", &status),
        ("StatusCallbackEvent", "initiated"),
        ("StatusCallbackEvent", "ringing"),
        ("StatusCallbackEvent", "answered"),
        ("StatusCallbackEvent", "completed"),
    ]);
    let created = api.create("Calls.json", &fields).await;
    assert_eq!(
        (&created["status"], &created["direction"]),
        (&"queued".into(), &"outbound-api".into())
    );
    assert_eq!(created["to_formatted"], "(415) 555-0123");

    let heard = phone.answer().await.unwrap();
    assert_eq!(heard.sid().as_str(), created["sid"]);
    assert_eq!(heard.hear().await.unwrap(), "Your visit is tomorrow.");
    assert_eq!(heard.wait_ended().await.unwrap(), CallStatus::Completed);
    assert_eq!(
        heard.hear().await.unwrap_err().kind(),
        SandboxErrorKind::CallEnded
    );

    let seen = app.seen("/status");
    assert_eq!(
        statuses(&seen),
        ["initiated", "ringing", "in-progress", "completed"]
    );
    for (number, seen) in seen.iter().enumerate() {
        assert_eq!(seen.field("SequenceNumber"), number.to_string());
        assert_eq!(seen.field("CallbackSource"), "call-progress-events");
        assert!(seen.field("Timestamp").ends_with(" +0000"), "{seen:?}");
        assert_eq!(seen.field("CallSid"), created["sid"]);
        assert_eq!(seen.field("AccountSid"), sandbox.account_sid().as_str());
        assert_eq!((seen.field("From"), seen.field("Caller")), (CLINIC, CLINIC));
        assert_eq!(
            (seen.field("To"), seen.field("Called")),
            (VOLUNTEER, VOLUNTEER)
        );
        assert_eq!(seen.field("Direction"), "outbound-api");
        assert_eq!(seen.has("CallDuration"), number == 3);
    }
    assert_eq!(
        (seen[3].field("CallDuration"), seen[3].field("Duration")),
        ("2", "1")
    );
    assert_eq!(seen[3].field("SipResponseCode"), "200");

    let sid = created["sid"].as_str().unwrap();
    let (_, fetched) = api.get(&format!("Calls/{sid}.json")).await;
    assert_eq!(
        (&fetched["status"], &fetched["duration"]),
        (&"completed".into(), &"2".into())
    );
    assert!(fetched["start_time"].is_string() && fetched["end_time"].is_string());
    assert_eq!((app.forged(), codes(&sandbox)), (0, vec![]));
}

#[tokio::test]
async fn only_the_end_is_reported_by_default() {
    let (sandbox, app, api) = clinic().await;
    let (all, some) = (app.url("/end"), app.url("/some"));
    for (behavior, status, code) in [
        (None, "no-answer", "480"),
        (Some(AnswerBehavior::Answer), "completed", "200"),
        (Some(AnswerBehavior::Busy), "busy", "486"),
        (Some(AnswerBehavior::NoAnswer), "no-answer", "480"),
    ] {
        // No one answers a phone that no test has requested.
        if let Some(behavior) = behavior {
            sandbox.phone(e164(VOLUNTEER)).set_answer_behavior(behavior);
        }
        api.create(
            "Calls.json",
            &call(&[("Twiml", SAY), ("StatusCallback", &all)]),
        )
        .await;
        sandbox.wait_idle().await.unwrap();
        let seen = app.seen("/end");
        let last = seen.last().unwrap();
        assert_eq!(last.field("CallStatus"), status);
        assert_eq!(
            (last.field("SequenceNumber"), last.field("SipResponseCode")),
            ("0", code)
        );
        let seconds = if status == "completed" { "2" } else { "0" };
        assert_eq!(last.field("CallDuration"), seconds);
    }
    assert_eq!(app.seen("/end").len(), 4);

    // Events can also be one value, separated by spaces.
    let events = "initiated completed";
    let fields = [
        ("Twiml", SAY),
        ("StatusCallback", &some),
        ("StatusCallbackEvent", events),
    ];
    api.create("Calls.json", &call(&fields)).await;
    sandbox.wait_idle().await.unwrap();
    assert_eq!(statuses(&app.seen("/some")), ["initiated", "no-answer"]);
}

#[tokio::test]
async fn a_phone_in_a_call_is_busy() {
    let (sandbox, _, api) = clinic().await;
    let phone = sandbox.phone(e164(VOLUNTEER));
    let wait = "<Response><Gather action=\"http://127.0.0.1/\"/></Response>";
    api.create("Calls.json", &call(&[("Twiml", wait)])).await;
    let first = phone.answer().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    api.create("Calls.json", &call(&[("Twiml", SAY)])).await;
    sandbox.wait_idle().await.unwrap();
    assert_eq!(sandbox.calls()[1].status, CallStatus::Busy);
    assert_eq!(first.hang_up().await.unwrap(), CallStatus::Completed);
    api.create("Calls.json", &call(&[("Twiml", SAY)])).await;
    sandbox.wait_idle().await.unwrap();
    assert_eq!(sandbox.calls()[2].status, CallStatus::Completed);
}

#[tokio::test]
async fn a_call_gets_its_instructions_from_a_url_or_an_application() {
    let (sandbox, app, api) = clinic().await;
    let phone = sandbox.phone(e164(VOLUNTEER));
    app.twiml("/voice", "<Say>Hello</Say>");
    let (voice, end, ignored) = (app.url("/voice"), app.url("/end"), app.url("/ignored"));

    api.create("Calls.json", &call(&[("Url", &voice), ("Method", "GET")]))
        .await;
    assert_eq!(phone.answer().await.unwrap().hear().await.unwrap(), "Hello");
    sandbox.wait_idle().await.unwrap();
    let seen = &app.seen("/voice")[0];
    assert_eq!(
        (seen.method.as_str(), seen.field("CallStatus")),
        ("GET", "in-progress")
    );
    assert_eq!(sandbox.webhooks()[0].kind, WebhookKind::Voice);

    let settings = [("VoiceUrl", voice.as_str()), ("StatusCallback", &end)];
    let twiml_app = api.create("Applications.json", &settings).await;
    let app_sid = twiml_app["sid"].as_str().unwrap();
    // Twilio ignores the request's own callback if the request names an application.
    let fields = [("ApplicationSid", app_sid), ("StatusCallback", &ignored)];
    api.create("Calls.json", &call(&fields)).await;
    assert_eq!(phone.answer().await.unwrap().hear().await.unwrap(), "Hello");
    sandbox.wait_idle().await.unwrap();
    assert_eq!(app.seen("/voice")[1].method, "POST");
    assert_eq!((app.seen("/end").len(), app.seen("/ignored").len()), (1, 0));
}

#[tokio::test]
async fn a_ringing_call_is_answered_or_canceled() {
    let (sandbox, app, api) = clinic().await;
    let phone = sandbox.phone(e164(VOLUNTEER));
    phone.set_answer_behavior(AnswerBehavior::Ring);
    let end = app.url("/end");
    let fields = call(&[("Twiml", SAY), ("StatusCallback", &end)]);

    api.create("Calls.json", &fields).await;
    sandbox.wait_idle().await.unwrap();
    assert_eq!(sandbox.calls()[0].status, CallStatus::Ringing);
    let answered = phone.answer().await.unwrap();
    assert_eq!(answered.hear().await.unwrap(), "Your visit is tomorrow.");
    assert_eq!(answered.wait_ended().await.unwrap(), CallStatus::Completed);

    let created = api.create("Calls.json", &fields).await;
    sandbox.wait_idle().await.unwrap();
    let resource = format!("Calls/{}.json", created["sid"].as_str().unwrap());
    let (status, updated) = api.post(&resource, &[("Status", "canceled")]).await;
    assert_eq!((status, &updated["status"]), (200, &"canceled".into()));
    sandbox.wait_idle().await.unwrap();
    assert_eq!(statuses(&app.seen("/end")), ["completed", "canceled"]);
    assert_eq!(app.seen("/end")[1].field("SipResponseCode"), "487");
    assert_eq!(
        api.refused(&resource, &[("Status", "completed")]).await,
        (400, 21220)
    );

    sandbox.set_timeout(std::time::Duration::from_millis(50));
    let missed = phone.answer().await.unwrap_err();
    assert_eq!(missed.kind(), SandboxErrorKind::Timeout);
    assert_eq!(
        missed.to_string(),
        "no call rang the phone within the timeout; see `Sandbox::alerts` and `Sandbox::webhooks`"
    );
}

#[tokio::test]
async fn the_api_ends_or_redirects_a_call_in_progress() {
    let (sandbox, app, api) = clinic().await;
    let phone = sandbox.phone(e164(VOLUNTEER));
    let wait = "<Response><Gather action=\"http://127.0.0.1/\"/></Response>";
    app.twiml("/elsewhere", "<Say>Elsewhere</Say><Gather/>");
    let elsewhere = app.url("/elsewhere");

    let created = api.create("Calls.json", &call(&[("Twiml", wait)])).await;
    let resource = format!("Calls/{}.json", created["sid"].as_str().unwrap());
    let answered = phone.answer().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    assert_eq!(
        api.refused(&resource, &[("Status", "canceled")]).await,
        (400, 21220)
    );
    assert_eq!(api.post(&resource, &[("Url", &elsewhere)]).await.0, 200);
    assert_eq!(answered.hear().await.unwrap(), "Elsewhere");
    sandbox.wait_idle().await.unwrap();
    assert_eq!(
        api.post(
            &resource,
            &[("Twiml", SAY.replace("tomorrow", "today").as_str())]
        )
        .await
        .0,
        200
    );
    assert_eq!(answered.hear().await.unwrap(), "Your visit is today.");
    assert_eq!(answered.wait_ended().await.unwrap(), CallStatus::Completed);

    let created = api.create("Calls.json", &call(&[("Twiml", wait)])).await;
    let resource = format!("Calls/{}.json", created["sid"].as_str().unwrap());
    let answered = phone.answer().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    assert_eq!(
        api.post(&resource, &[("Status", "completed")]).await.1["status"],
        "completed"
    );
    assert_eq!(answered.wait_ended().await.unwrap(), CallStatus::Completed);
    assert_eq!(
        answered.press("1").await.unwrap_err().kind(),
        SandboxErrorKind::UnexpectedInput
    );
}

#[tokio::test]
async fn a_phone_calls_a_number_of_the_account() {
    let (sandbox, app, api) = clinic().await;
    let phone = sandbox.phone(e164(VOLUNTEER));
    app.twiml("/voice", "<Say>Welcome</Say>");
    let (voice, end) = (app.url("/voice"), app.url("/end"));
    let settings = [("VoiceUrl", voice.as_str()), ("StatusCallback", &end)];
    let twiml_app = api.create("Applications.json", &settings).await;
    let sid = sandbox.add_number(e164(CLINIC));
    let binding = [("VoiceApplicationSid", twiml_app["sid"].as_str().unwrap())];
    api.post(&format!("IncomingPhoneNumbers/{sid}.json"), &binding)
        .await;

    let made = phone.call(e164(CLINIC)).await.unwrap();
    assert_eq!(made.hear().await.unwrap(), "Welcome");
    assert_eq!(made.wait_ended().await.unwrap(), CallStatus::Completed);
    let seen = &app.seen("/voice")[0];
    assert_eq!(
        (seen.field("Direction"), seen.field("CallStatus")),
        ("inbound", "ringing")
    );
    assert_eq!((seen.field("From"), seen.field("To")), (VOLUNTEER, CLINIC));
    // The callback of a number reports only the end of a call.
    let seen = &app.seen("/end")[0];
    assert_eq!(
        (seen.field("CallStatus"), seen.field("CallDuration")),
        ("completed", "1")
    );
    assert!(!seen.has("SequenceNumber"));
    assert_eq!(sandbox.calls()[0].direction, CallDirection::Inbound);

    let other = phone.call(e164("+14155550101")).await.unwrap_err();
    assert_eq!(other.kind(), SandboxErrorKind::UnknownNumber);
}

#[tokio::test]
async fn a_call_without_a_voice_url_fails_and_a_rejected_call_is_not_answered() {
    let (sandbox, app, api) = clinic().await;
    let phone = sandbox.phone(e164(VOLUNTEER));
    let made = phone.call(e164(CLINIC)).await.unwrap();
    assert_eq!(made.wait_ended().await.unwrap(), CallStatus::Failed);
    assert_eq!(codes(&sandbox), [11100]);

    let sid = sandbox.add_number(e164(CLINIC));
    let update = format!("IncomingPhoneNumbers/{sid}.json");
    for (reason, status) in [
        ("<Reject/>", CallStatus::NoAnswer),
        ("<Reject reason=\"rejected\"/>", CallStatus::NoAnswer),
        (
            "<Reject reason=\"busy\"/><Say>never</Say>",
            CallStatus::Busy,
        ),
    ] {
        let (path, url) = (
            format!("/{}", reason.len()),
            app.url(&format!("/{}", reason.len())),
        );
        app.twiml(&path, reason);
        api.post(&update, &[("VoiceUrl", &url)]).await;
        let made = phone.call(e164(CLINIC)).await.unwrap();
        assert_eq!(made.wait_ended().await.unwrap(), status);
        assert_eq!(
            made.hear().await.unwrap_err().kind(),
            SandboxErrorKind::CallEnded
        );
    }
}

#[tokio::test]
async fn an_application_error_is_said_to_the_caller_and_is_an_alert() {
    let (sandbox, app, api) = clinic().await;
    let phone = sandbox.phone(e164(VOLUNTEER));
    app.reply("/broken", 500, "text/plain", "");
    app.twiml("/fallback", "<Say>Please call later</Say>");
    let (broken, fallback) = (app.url("/broken"), app.url("/fallback"));

    api.create("Calls.json", &call(&[("Url", &broken)])).await;
    let heard = phone.answer().await.unwrap().hear().await.unwrap();
    assert_eq!(heard, "An application error has occurred. Goodbye.");
    sandbox.wait_idle().await.unwrap();
    api.create(
        "Calls.json",
        &call(&[("Url", &broken), ("FallbackUrl", &fallback)]),
    )
    .await;
    let answered = phone.answer().await.unwrap();
    assert_eq!(answered.hear().await.unwrap(), "Please call later");
    sandbox.wait_idle().await.unwrap();
    let seen = &app.seen("/fallback")[0];
    assert_eq!(
        (seen.field("ErrorCode"), seen.field("ErrorUrl")),
        ("11200", broken.as_str())
    );
    assert_eq!(codes(&sandbox), [11200, 11200]);
}

#[tokio::test]
async fn a_call_from_the_magic_number_is_accepted() {
    let (sandbox, _, api) = clinic().await;
    let phone = sandbox.phone(e164(VOLUNTEER));
    let fields = |from| [("To", VOLUNTEER), ("From", from), ("Twiml", SAY)];
    let created = api.create("Calls.json", &fields("+15005550006")).await;
    assert_eq!(created["from"], "+15005550006");
    assert_eq!(created["status"], "queued");
    let heard = phone.answer().await.unwrap();
    assert_eq!(heard.sid().as_str(), created["sid"]);
    // Only this magic number is a caller.
    let refused = api.refused("Calls.json", &fields("+15005550007")).await;
    assert_eq!(refused, (400, 21210));
}
