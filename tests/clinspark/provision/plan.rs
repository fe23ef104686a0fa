//! What a plan says, and that nothing else is done.

use clinspark_twilio::client::applications::{CreateApplication, DeleteApplication};
use clinspark_twilio::client::numbers::UpdateIncomingPhoneNumber;
use clinspark_twilio::clinspark::preflight::Preflight;
use clinspark_twilio::clinspark::{Action, SettingsBuilder, Setup, SetupErrorKind};
use clinspark_twilio::phone::E164;
use clinspark_twilio::types::AccountSid;

use super::{Bench, CLINIC, EMPTY_ACCOUNT, actions, left_over, new_app, taken_over};

#[tokio::test]
async fn a_plan_says_what_it_will_do_and_does_nothing() {
    let bench = Bench::new().await;
    let before = bench.state();
    let plan = bench.plan().await.unwrap();
    assert_eq!(actions(&plan), EMPTY_ACCOUNT);
    let (account, service) = (bench.twilio.account_sid(), bench.service());
    assert_eq!(
        plan.to_string(),
        format!(
            "plan for https://acme.clinspark.com in account {account}:\n  \
             1. create the TwiML App \"ClinSpark acme.clinspark.com\"\n       \
             VoiceUrl: nothing -> https://acme.clinspark.com/hooks/voice#rc=2&rp=5xx,ct,rt\n       \
             VoiceMethod: nothing -> POST\n       \
             VoiceFallbackUrl: nothing -> https://acme.clinspark.com/hooks/voice#rc=2&rp=5xx,ct,rt\n       \
             VoiceFallbackMethod: nothing -> POST\n       \
             StatusCallback: nothing -> https://acme.clinspark.com/hooks/call-status#rc=2&rp=5xx,ct,rt\n       \
             StatusCallbackMethod: nothing -> POST\n       \
             SmsUrl: nothing -> https://acme.clinspark.com/hooks/message#rc=2&rp=5xx,ct,rt\n       \
             SmsMethod: nothing -> POST\n       \
             SmsFallbackUrl: nothing -> https://acme.clinspark.com/hooks/message#rc=2&rp=5xx,ct,rt\n       \
             SmsFallbackMethod: nothing -> POST\n       \
             MessageStatusCallback: nothing -> https://acme.clinspark.com/hooks/message-status#rc=2&rp=5xx,ct,rt\n       \
             PublicApplicationConnectEnabled: nothing -> false\n  \
             2. bind the number {} to the TwiML App for voice and messaging (now voice by no app, \
             messaging by no app)\n  \
             3. let the Messaging Service {service} defer to the sender's webhook (now replies \
             are dropped)",
            E164::parse(CLINIC).unwrap().masked()
        )
    );
    assert_eq!(bench.state(), before);
    assert!(bench.line.writes().is_empty());
}

#[tokio::test]
async fn an_empty_account_ends_as_planned_and_the_second_plan_is_empty() {
    let bench = Bench::new().await;
    let plan = bench.plan().await.unwrap();
    let done = bench.apply(&plan).await.unwrap();
    assert!(done.created && done.changed);
    assert_eq!(bench.state(), new_app());
    assert_eq!(bench.line.writes().len(), EMPTY_ACCOUNT.len());

    let second = bench.plan().await.unwrap();
    assert!(second.is_empty() && second.notes().is_empty());
    assert_eq!(second.application(), Some(done.application));
    let account = bench.twilio.account_sid();
    assert_eq!(
        second.to_string(),
        format!("nothing to do for https://acme.clinspark.com in account {account}")
    );
    let nothing = bench.apply(&second).await.unwrap();
    assert!(!nothing.created && !nothing.changed && nothing.undo.is_empty());
    assert_eq!(bench.line.writes().len(), EMPTY_ACCOUNT.len());

    // The first plan once more: it is done already, and is told as it was.
    assert_eq!(bench.apply(&plan).await.unwrap(), done);
    assert_eq!(bench.line.writes().len(), EMPTY_ACCOUNT.len());
}

#[tokio::test]
async fn an_account_that_changed_since_the_plan_is_left_alone() {
    const CHANGED: &str = "the account has changed since it was planned; make a new plan";
    // The app was deleted meanwhile.
    let (bench, old) = taken_over().await;
    let plan = bench.plan().await.unwrap();
    bench
        .client()
        .execute(DeleteApplication::new(old))
        .await
        .unwrap();
    let state = bench.state();
    let error = bench.apply(&plan).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the account has no such TwiML App; check application_sid (TWILIO_APPLICATION_SID)"
    );
    assert_eq!(bench.state(), state);

    // The number was bound elsewhere meanwhile.
    let bench = Bench::new().await;
    let plan = bench.plan().await.unwrap();
    let other = bench.client().execute(left_over()).await.unwrap().sid;
    let bind =
        UpdateIncomingPhoneNumber::new(bench.twilio.numbers()[0].sid).sms_application_sid(other);
    bench.client().execute(bind).await.unwrap();
    let state = bench.state();
    let error = bench.apply(&plan).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.to_string().as_str()),
        (SetupErrorKind::Account, CHANGED)
    );
    assert_eq!(bench.state(), state);

    // The app of an earlier run was deleted after a plan that found everything in order.
    let bench = Bench::new().await;
    let done = bench.provision().await.unwrap();
    let plan = bench.plan().await.unwrap();
    bench
        .client()
        .execute(DeleteApplication::new(done.application))
        .await
        .unwrap();
    let error = bench.apply(&plan).await.unwrap_err();
    assert_eq!(error.to_string(), CHANGED);
    assert!(bench.twilio.applications().is_empty());

    // Another app, and another number of the same digits, took the place of those planned.
    let bench = Bench::new().await;
    let done = bench.provision().await.unwrap();
    let plan = bench.plan().await.unwrap();
    assert!(plan.is_empty());
    bench.twilio.remove_application(done.application);
    let twin = bench.provision().await.unwrap();
    assert_ne!(twin.application, done.application);
    assert_eq!(bench.apply(&plan).await.unwrap_err().to_string(), CHANGED);
    let plan = bench.plan().await.unwrap();
    bench.twilio.remove_number(twin.number);
    bench.twilio.add_number(E164::parse(CLINIC).unwrap());
    let again = bench.provision().await.unwrap();
    assert_ne!(again.number, twin.number);
    assert_eq!(bench.apply(&plan).await.unwrap_err().to_string(), CHANGED);

    // Another instance's plan.
    let other = Bench::over(bench.twilio, |settings| {
        settings.domain("beta.clinspark.com")
    });
    let error = other.apply(&plan).await.unwrap_err();
    assert_eq!(error.to_string(), "the plan is another instance's");
    let error = Bench::new().await.apply(&plan).await.unwrap_err();
    assert_eq!(error.to_string(), "the plan is another instance's");
}

#[tokio::test]
async fn wrong_names_are_refused_before_anything_is_changed() {
    let gone = |sid: &'static str| {
        move |settings: SettingsBuilder| {
            if sid.starts_with("AP") {
                settings.application_sid(sid)
            } else {
                settings.messaging_service_sid(sid)
            }
        }
    };
    for (sid, message) in [
        (
            "AP00000000000000000000000000000009",
            "the account has no such TwiML App; check application_sid (TWILIO_APPLICATION_SID)",
        ),
        (
            "MG00000000000000000000000000000009",
            "the account has no such Messaging Service; check messaging_service_sid \
             (TWILIO_MESSAGING_SERVICE_SID)",
        ),
    ] {
        let bench = Bench::with(gone(sid)).await;
        let error = bench.provision().await.unwrap_err();
        assert_eq!(error.to_string(), message);
        assert!(bench.line.writes().is_empty());
    }
    // Another account's number, and another account's token.
    let bench = Bench::with(|settings| settings.number("+61255509999")).await;
    let error = bench.provision().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the account does not own the instance's number"
    );
    assert!(bench.line.writes().is_empty());
    let bench = Bench::with(|settings| settings.auth_token("another")).await;
    let error = bench.provision().await.unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("Twilio rejected the credentials")
    );
    assert!(bench.line.writes().is_empty());
}

/// An app that somebody made by hand after the plan was made is not taken for the plan's own:
/// taking the set-up back would delete it.
#[tokio::test]
async fn an_app_made_by_hand_meanwhile_is_not_taken_for_the_plans() {
    let bench = Bench::new().await;
    let plan = bench.plan().await.unwrap();
    let by_hand = CreateApplication::new()
        .friendly_name("by hand")
        .voice_url("https://acme.clinspark.com/hooks/voice")
        .status_callback("https://acme.clinspark.com/hooks/call-status")
        .sms_url("https://acme.clinspark.com/hooks/message")
        .message_status_callback("https://acme.clinspark.com/hooks/message-status");
    let made = bench.client().execute(by_hand).await.unwrap();
    let writes = bench.line.writes().len();
    let error = bench.apply(&plan).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the account has changed since it was planned; make a new plan"
    );
    assert_eq!(bench.line.writes().len(), writes);
    // A new plan takes it over, and leaves it when it is taken back.
    let done = bench.provision().await.unwrap();
    assert_eq!((done.application, done.created), (made.sid, false));
    bench.undo(&done.undo).await.unwrap();
    assert_eq!(bench.twilio.applications().len(), 1);
}

/// A client of another account owns other numbers: nothing is planned, done or put back by it.
#[tokio::test]
async fn another_accounts_client_is_refused() {
    let bench = Bench::new().await;
    let done = bench.provision().await.unwrap();
    let plan = bench.plan().await.unwrap();
    let asked = bench.line.requests();
    let other = AccountSid::parse("AC00000000000000000000000000000009").unwrap();
    let client = bench.client().for_account(other);
    let setup = Setup::new(&bench.settings, &client);
    let message = "the client is for another account than the settings";
    assert_eq!(setup.plan().await.unwrap_err().to_string(), message);
    assert_eq!(setup.apply(&plan).await.unwrap_err().to_string(), message);
    assert_eq!(
        setup.undo(&done.undo).await.unwrap_err().to_string(),
        "what is to be undone was done in another account"
    );
    assert_eq!(bench.line.requests(), asked);
}

#[tokio::test]
async fn what_stands_in_the_way_and_is_not_ours_to_change_is_noted() {
    // A domain that need not be ClinSpark's, and an app that takes our messages by hand.
    let bench = Bench::with(|settings| settings.domain("acme.example.com")).await;
    let by_hand = CreateApplication::new().sms_url("https://acme.example.com/hooks/message");
    let by_hand = bench.client().execute(by_hand).await.unwrap().sid;
    let elsewhere = CreateApplication::new().sms_url("https://acme.example.com.evil.example/");
    bench.client().execute(elsewhere).await.unwrap();
    let plan = bench.plan().await.unwrap();
    assert_eq!(
        plan.notes(),
        [
            "acme.example.com is not below clinspark.com; make sure that it is the instance's own \
             domain"
                .to_owned(),
            format!("the TwiML App {by_hand} points at this instance, too; provisioning leaves it"),
        ]
    );
    assert!(
        plan.to_string()
            .contains("\n  note: acme.example.com is not below")
    );
    bench.apply(&plan).await.unwrap();
    assert_eq!(bench.twilio.applications().len(), 3);

    // An app that is right in everything, whatever its name, is taken as it is.
    let bench = Bench::with(|settings| settings).await;
    let at = |path: &str| format!("https://acme.clinspark.com/hooks/{path}");
    let sound = CreateApplication::new()
        .friendly_name("made by hand")
        .voice_url(at("voice"))
        .status_callback(at("call-status"))
        .sms_url(at("message"))
        .message_status_callback(at("message-status"));
    let sound = bench.client().execute(sound).await.unwrap().sid;
    let plan = bench.plan().await.unwrap();
    assert_eq!(
        actions(&plan),
        [Action::UpdateApplication, Action::BindNumber]
    );
    assert_eq!(plan.application(), Some(sound));
    let done = bench.apply(&plan).await.unwrap();
    assert!(!done.created && done.changed);
}

#[tokio::test]
async fn a_service_that_the_settings_do_not_name_is_not_touched() {
    let named = Bench::new().await;
    let bench = Bench::over(named.twilio, |settings| settings);
    let plan = bench.plan().await.unwrap();
    assert_eq!(
        actions(&plan),
        [Action::CreateApplication, Action::BindNumber]
    );
    bench.apply(&plan).await.unwrap();
    assert!(!bench.state().defers);
    assert!(
        bench
            .line
            .writes()
            .iter()
            .all(|write| !write.contains("/Services"))
    );
}

#[tokio::test]
async fn an_app_that_answers_somebody_elses_number_is_not_taken_over() {
    let (bench, old) = taken_over().await;
    let other = bench
        .twilio
        .add_number(E164::parse("+61255509999").unwrap());
    let bind = UpdateIncomingPhoneNumber::new(other).sms_application_sid(old);
    bench.client().execute(bind).await.unwrap();
    let (state, writes) = (bench.state(), bench.line.writes().len());
    let error = bench.provision().await.unwrap_err();
    assert_eq!(error.kind(), SetupErrorKind::Account);
    assert_eq!(
        error.to_string(),
        "the TwiML App that is to be changed answers other numbers, too; set application_sid to \
         one that is not in use, or leave it out to have one made"
    );
    assert_eq!(bench.state(), state);
    assert_eq!(bench.line.writes().len(), writes);
}

#[tokio::test]
async fn where_replies_go_until_now_and_whose_they_are_is_told() {
    let bench = Bench::new().await;
    let other = bench
        .twilio
        .add_number(E164::parse("+61255509999").unwrap());
    let service = bench.service();
    bench.twilio.add_number_to_service(service, other).unwrap();
    let url = [(
        "InboundRequestUrl",
        "https://user:hush@old.example.com/in?key=hush",
    )];
    bench.twilio.configure_service(service, &url).unwrap();
    let plan = bench.plan().await.unwrap();
    assert_eq!(
        plan.steps().last().unwrap().to_string(),
        format!(
            "let the Messaging Service {service} defer to the sender's webhook (now replies go to \
             https://old.example.com/in?[redacted])"
        )
    );
    assert_eq!(
        plan.notes(),
        [format!(
            "the Messaging Service {service} has other senders; replies to them go to their own \
             webhooks, too"
        )]
    );
}

#[tokio::test]
async fn what_is_the_instances_own_beside_it_stays_in_the_app() {
    let bench = Bench::with(|settings| settings).await;
    let fallback = "https://acme.clinspark.com/hooks/fallback";
    let named = CreateApplication::new()
        .friendly_name("ClinSpark acme.clinspark.com")
        .voice_fallback_url(fallback)
        .sms_fallback_url("https://acme.clinspark.com.evil.example/");
    bench.client().execute(named).await.unwrap();
    bench.provision().await.unwrap();
    let [app] = bench.twilio.applications().try_into().unwrap();
    assert_eq!(app.setting("VoiceFallbackUrl"), Some(fallback));
    let message = "https://acme.clinspark.com/hooks/message#rc=2&rp=5xx,ct,rt";
    assert_eq!(app.setting("SmsFallbackUrl"), Some(message));
    assert!(bench.plan().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_service_that_answers_at_the_instance_by_itself_is_left_alone() {
    let bench = Bench::new().await;
    let answers_at = |url| {
        let setting = [("InboundRequestUrl", url)];
        bench
            .twilio
            .configure_service(bench.service(), &setting)
            .unwrap();
    };
    answers_at("https://acme.clinspark.com/hooks/message");
    let plan = bench.plan().await.unwrap();
    assert_eq!(
        actions(&plan),
        [Action::CreateApplication, Action::BindNumber]
    );
    // By GET the instance refuses it.
    let by_get = [("InboundMethod", "GET")];
    bench
        .twilio
        .configure_service(bench.service(), &by_get)
        .unwrap();
    assert_eq!(actions(&bench.plan().await.unwrap()), EMPTY_ACCOUNT);
    answers_at("https://acme.clinspark.com/other");
    assert_eq!(actions(&bench.plan().await.unwrap()), EMPTY_ACCOUNT);
}

#[tokio::test]
async fn nothing_is_ever_bought() {
    let bench = Bench::new().await;
    bench.provision().await.unwrap();
    let account = bench.twilio.account_sid();
    let (sid, service) = (bench.twilio.numbers()[0].sid, bench.service());
    let api = format!("/2010-04-01/Accounts/{account}");
    assert_eq!(
        bench.line.writes(),
        [
            format!("POST {api}/Applications.json"),
            format!("POST {api}/IncomingPhoneNumbers/{sid}.json"),
            format!("POST /v1/Services/{service}"),
        ]
    );
}

/// What an app holds of secrets and numbers shows neither in the plan nor in what is undone.
#[tokio::test]
async fn neither_plan_nor_undo_shows_what_is_private() {
    let (bench, old) = taken_over().await;
    let private = "https://user:PLANTED@old.example.com/%2B61491570156/61491570156/v?key=PLANTED";
    let settings = [("VoiceUrl", private), ("SmsFallbackUrl", private)];
    bench.twilio.configure_application(old, &settings).unwrap();
    let plan = bench.plan().await.unwrap();
    let undo = bench.apply(&plan).await.unwrap().undo;
    let shown = format!("{plan} {plan:?} {undo} {undo:?}");
    assert!(shown.contains("https://old.example.com/[redacted]/[redacted]/v?[redacted]"));
    for private in ["PLANTED", "61491570156", CLINIC] {
        assert!(!shown.contains(private), "{private} shows in {shown}");
    }
}

/// Preflight sends nothing but reads, whatever is wrong.
#[tokio::test]
async fn preflight_writes_nothing() {
    let (bench, _) = taken_over().await;
    let report = Preflight::new(&bench.settings, &bench.client()).run().await;
    assert!(report.findings.len() > 5, "{report}");
    assert!(bench.line.requests() > 10);
    assert_eq!(bench.line.writes(), Vec::<String>::new());
}

/// A STOP is lost after an outage unless Twilio retries, so retries are added to an app that is
/// right in all else. Those that somebody set by hand stay where they are enough.
#[tokio::test]
async fn retries_are_added_and_the_second_plan_is_empty() {
    let bench = Bench::with(|settings| settings.message_path("/hooks/message#rc=5&ct=2000")).await;
    let done = bench.provision().await.unwrap();
    let setting = |name: &str| {
        let [app] = bench.twilio.applications().try_into().unwrap();
        app.setting(name).map(str::to_owned)
    };
    let message = "https://acme.clinspark.com/hooks/message#rc=5&ct=2000&rp=5xx,ct,rt";
    for name in ["SmsUrl", "SmsFallbackUrl"] {
        assert_eq!(setting(name).as_deref(), Some(message));
    }
    assert!(bench.plan().await.unwrap().is_empty());

    // A second number of the instance: its app may still be given retries.
    let second = bench
        .twilio
        .add_number(E164::parse("+61255509999").unwrap());
    let bind = UpdateIncomingPhoneNumber::new(second).sms_application_sid(done.application);
    bench.client().execute(bind).await.unwrap();
    let voice = "https://acme.clinspark.com/hooks/voice";
    let by_hand = format!("{voice}#e=sydney&rp=all&rc=3");
    for (url, kept) in [
        (voice.to_owned(), false),
        (format!("{voice}#rc=2"), false),
        (format!("{voice}#rc=2&rp=5xx"), false),
        (format!("{voice}#rc=1&rp=5xx,ct,rt"), false),
        (format!("{voice}#rc=2&rp=rt,ct,5xx,4xx"), true),
        (format!("{voice}#rc=2&rp=5xx%2Cct%2Crt"), true),
        (by_hand, true),
    ] {
        let settings = [("VoiceUrl", url.as_str())];
        let application = done.application;
        bench
            .twilio
            .configure_application(application, &settings)
            .unwrap();
        let plan = bench.plan().await.unwrap();
        assert_eq!(plan.is_empty(), kept, "{url}");
        bench.apply(&plan).await.unwrap();
        assert!(bench.plan().await.unwrap().is_empty(), "{url}");
        let wanted = if kept {
            url
        } else {
            format!("{voice}#rc=2&rp=5xx,ct,rt")
        };
        assert_eq!(setting("VoiceUrl"), Some(wanted));
    }
}
