//! What a plan says, and that nothing else is done.

use clinspark_twilio::client::applications::{CreateApplication, DeleteApplication};
use clinspark_twilio::client::numbers::UpdateIncomingPhoneNumber;
use clinspark_twilio::clinspark::preflight::Preflight;
use clinspark_twilio::clinspark::{Action, SettingsBuilder, Setup, SetupErrorKind};
use clinspark_twilio::phone::E164;
use clinspark_twilio::types::AccountSid;

use super::{CLINIC, EMPTY_ACCOUNT, Fixture, actions, foreign_app, new_app, with_foreign_app};

#[tokio::test]
async fn a_plan_lists_its_steps_and_changes_nothing() {
    let fixture = Fixture::new().await;
    let before = fixture.state();
    let plan = fixture.plan().await.unwrap();
    assert_eq!(actions(&plan), EMPTY_ACCOUNT);
    let (account, service) = (fixture.twilio.account_sid(), fixture.service());
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
    assert_eq!(fixture.state(), before);
    assert!(fixture.transport.writes().is_empty());
}

#[tokio::test]
async fn an_empty_account_ends_as_planned_and_the_second_plan_is_empty() {
    let fixture = Fixture::new().await;
    let plan = fixture.plan().await.unwrap();
    let done = fixture.apply(&plan).await.unwrap();
    assert!(done.created && done.changed);
    assert_eq!(fixture.state(), new_app());
    assert_eq!(fixture.transport.writes().len(), EMPTY_ACCOUNT.len());

    let second = fixture.plan().await.unwrap();
    assert!(second.is_empty() && second.notes().is_empty());
    assert_eq!(second.application(), Some(done.application));
    let account = fixture.twilio.account_sid();
    assert_eq!(
        second.to_string(),
        format!("nothing to do for https://acme.clinspark.com in account {account}")
    );
    let nothing = fixture.apply(&second).await.unwrap();
    assert!(!nothing.created && !nothing.changed && nothing.undo.is_empty());
    assert_eq!(fixture.transport.writes().len(), EMPTY_ACCOUNT.len());

    // The first plan once more: it is done already, and is told as it was.
    assert_eq!(fixture.apply(&plan).await.unwrap(), done);
    assert_eq!(fixture.transport.writes().len(), EMPTY_ACCOUNT.len());
}

#[tokio::test]
async fn a_plan_of_a_changed_account_is_refused() {
    const CHANGED: &str = "the account has changed since the plan was made; make a new plan";
    // The app was deleted meanwhile.
    let (fixture, old) = with_foreign_app().await;
    let plan = fixture.plan().await.unwrap();
    fixture
        .client()
        .execute(DeleteApplication::new(old))
        .await
        .unwrap();
    let state = fixture.state();
    let error = fixture.apply(&plan).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the account has no such TwiML App; check application_sid (TWILIO_APPLICATION_SID)"
    );
    assert_eq!(fixture.state(), state);

    // The number was bound elsewhere meanwhile.
    let fixture = Fixture::new().await;
    let plan = fixture.plan().await.unwrap();
    let other = fixture.client().execute(foreign_app()).await.unwrap().sid;
    let bind =
        UpdateIncomingPhoneNumber::new(fixture.twilio.numbers()[0].sid).sms_application_sid(other);
    fixture.client().execute(bind).await.unwrap();
    let state = fixture.state();
    let error = fixture.apply(&plan).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.to_string().as_str()),
        (SetupErrorKind::Account, CHANGED)
    );
    assert_eq!(fixture.state(), state);

    // The app of an earlier run was deleted after a plan that found everything in order.
    let fixture = Fixture::new().await;
    let done = fixture.provision().await.unwrap();
    let plan = fixture.plan().await.unwrap();
    fixture
        .client()
        .execute(DeleteApplication::new(done.application))
        .await
        .unwrap();
    let error = fixture.apply(&plan).await.unwrap_err();
    assert_eq!(error.to_string(), CHANGED);
    assert!(fixture.twilio.applications().is_empty());

    // Another app, and another number of the same digits, took the place of those planned.
    let fixture = Fixture::new().await;
    let done = fixture.provision().await.unwrap();
    let plan = fixture.plan().await.unwrap();
    assert!(plan.is_empty());
    fixture.twilio.remove_application(done.application);
    let twin = fixture.provision().await.unwrap();
    assert_ne!(twin.application, done.application);
    assert_eq!(fixture.apply(&plan).await.unwrap_err().to_string(), CHANGED);
    let plan = fixture.plan().await.unwrap();
    fixture.twilio.remove_number(twin.number);
    fixture.twilio.add_number(E164::parse(CLINIC).unwrap());
    let again = fixture.provision().await.unwrap();
    assert_ne!(again.number, twin.number);
    assert_eq!(fixture.apply(&plan).await.unwrap_err().to_string(), CHANGED);

    // Another instance's plan.
    let other = Fixture::with_sandbox(fixture.twilio, |settings| {
        settings.domain("beta.clinspark.com")
    });
    let error = other.apply(&plan).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the plan is for another instance; make a plan with these settings"
    );
    let error = Fixture::new().await.apply(&plan).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the plan is for another instance; make a plan with these settings"
    );
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
        let fixture = Fixture::with(gone(sid)).await;
        let error = fixture.provision().await.unwrap_err();
        assert_eq!(error.to_string(), message);
        assert!(fixture.transport.writes().is_empty());
    }
    // Another account's number, and another account's token.
    let fixture = Fixture::with(|settings| settings.number("+61255509999")).await;
    let error = fixture.provision().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the account does not own the instance's number; check the account and the number in the \
         settings"
    );
    assert!(fixture.transport.writes().is_empty());
    let fixture = Fixture::with(|settings| settings.auth_token("another")).await;
    let error = fixture.provision().await.unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("Twilio rejected the credentials")
    );
    assert!(fixture.transport.writes().is_empty());
}

/// An app that another user created after planning is not the plan's own:
/// taking the set-up back would delete it.
#[tokio::test]
async fn an_app_that_another_user_created_is_not_the_plans() {
    let fixture = Fixture::new().await;
    let plan = fixture.plan().await.unwrap();
    let by_hand = CreateApplication::new()
        .friendly_name("by hand")
        .voice_url("https://acme.clinspark.com/hooks/voice")
        .status_callback("https://acme.clinspark.com/hooks/call-status")
        .sms_url("https://acme.clinspark.com/hooks/message")
        .message_status_callback("https://acme.clinspark.com/hooks/message-status");
    let made = fixture.client().execute(by_hand).await.unwrap();
    let writes = fixture.transport.writes().len();
    let error = fixture.apply(&plan).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the account has changed since the plan was made; make a new plan"
    );
    assert_eq!(fixture.transport.writes().len(), writes);
    // A new plan takes it over, and leaves it when it is taken back.
    let done = fixture.provision().await.unwrap();
    assert_eq!((done.application, done.created), (made.sid, false));
    fixture.undo(&done.undo).await.unwrap();
    assert_eq!(fixture.twilio.applications().len(), 1);
}

/// A client of another account owns other numbers: nothing is planned, done or put back by it.
#[tokio::test]
async fn another_accounts_client_is_refused() {
    let fixture = Fixture::new().await;
    let done = fixture.provision().await.unwrap();
    let plan = fixture.plan().await.unwrap();
    let asked = fixture.transport.requests();
    let other = AccountSid::parse("AC00000000000000000000000000000009").unwrap();
    let client = fixture.client().for_account(other);
    let setup = Setup::new(&fixture.settings, &client);
    let message = "the client is for another account than the settings; use a client of the settings' account";
    assert_eq!(setup.plan().await.unwrap_err().to_string(), message);
    assert_eq!(setup.apply(&plan).await.unwrap_err().to_string(), message);
    assert_eq!(
        setup.undo(&done.undo).await.unwrap_err().to_string(),
        "the record is of another account; use the settings and the client of that account"
    );
    assert_eq!(fixture.transport.requests(), asked);
}

#[tokio::test]
async fn obstacles_that_set_up_does_not_change_are_noted() {
    // A domain that need not be ClinSpark's, and an app that takes our messages by hand.
    let fixture = Fixture::with(|settings| settings.domain("acme.example.com")).await;
    let by_hand = CreateApplication::new().sms_url("https://ACME.example.com/hooks/message");
    let by_hand = fixture.client().execute(by_hand).await.unwrap().sid;
    let elsewhere = CreateApplication::new().sms_url("https://acme.example.com.evil.example/");
    fixture.client().execute(elsewhere).await.unwrap();
    let plan = fixture.plan().await.unwrap();
    assert_eq!(
        plan.notes(),
        [
            "acme.example.com is not below clinspark.com; check that it is the instance's own \
             domain"
                .to_owned(),
            format!(
                "the TwiML App {by_hand} also sends webhooks to this instance; set-up does not change it"
            ),
        ]
    );
    assert!(
        plan.to_string()
            .contains("\n  note: acme.example.com is not below")
    );
    fixture.apply(&plan).await.unwrap();
    assert_eq!(fixture.twilio.applications().len(), 3);

    // An app that is right in everything, whatever its name, is taken as it is.
    let fixture = Fixture::with(|settings| settings).await;
    let at = |path: &str| format!("https://acme.clinspark.com/hooks/{path}");
    let sound = CreateApplication::new()
        .friendly_name("made by hand")
        .voice_url(at("voice"))
        .status_callback(at("call-status"))
        .sms_url(at("message"))
        .message_status_callback(at("message-status"));
    let sound = fixture.client().execute(sound).await.unwrap().sid;
    let plan = fixture.plan().await.unwrap();
    assert_eq!(
        actions(&plan),
        [Action::UpdateApplication, Action::BindNumber]
    );
    assert_eq!(plan.application(), Some(sound));
    let done = fixture.apply(&plan).await.unwrap();
    assert!(!done.created && done.changed);
}

#[tokio::test]
async fn a_service_that_the_settings_do_not_name_is_not_touched() {
    let named = Fixture::new().await;
    let fixture = Fixture::with_sandbox(named.twilio, |settings| settings);
    let plan = fixture.plan().await.unwrap();
    assert_eq!(
        actions(&plan),
        [Action::CreateApplication, Action::BindNumber]
    );
    fixture.apply(&plan).await.unwrap();
    assert!(!fixture.state().defers);
    assert!(
        fixture
            .transport
            .writes()
            .iter()
            .all(|write| !write.contains("/Services"))
    );
}

#[tokio::test]
async fn a_number_is_not_taken_from_a_trunk() {
    let fixture = Fixture::new().await;
    let number = fixture.twilio.numbers()[0].sid;
    let trunk = "TK00000000000000000000000000000000";
    fixture
        .twilio
        .configure_number(number, &[("TrunkSid", trunk)])
        .unwrap();
    let error = fixture.plan().await.unwrap_err();
    assert_eq!(error.kind(), SetupErrorKind::Account);
    assert!(error.to_string().contains("SIP trunk"), "{error}");

    // The number was put on a trunk after the plan was made.
    fixture
        .twilio
        .configure_number(number, &[("TrunkSid", "")])
        .unwrap();
    let plan = fixture.plan().await.unwrap();
    fixture
        .twilio
        .configure_number(number, &[("TrunkSid", trunk)])
        .unwrap();
    let error = fixture.apply(&plan).await.unwrap_err();
    assert_eq!(error.kind(), SetupErrorKind::Account);
    assert!(fixture.transport.writes().is_empty());
}

#[tokio::test]
async fn an_app_bound_to_another_number_is_not_changed() {
    let (fixture, old) = with_foreign_app().await;
    let other = fixture
        .twilio
        .add_number(E164::parse("+61255509999").unwrap());
    let bind = UpdateIncomingPhoneNumber::new(other).sms_application_sid(old);
    fixture.client().execute(bind).await.unwrap();
    let (state, writes) = (fixture.state(), fixture.transport.writes().len());
    let error = fixture.provision().await.unwrap_err();
    assert_eq!(error.kind(), SetupErrorKind::Account);
    assert_eq!(
        error.to_string(),
        "the TwiML App that is to be changed is also used by other numbers; set application_sid to \
         one that is not in use, or leave it out to have one created"
    );
    assert_eq!(fixture.state(), state);
    assert_eq!(fixture.transport.writes().len(), writes);
}

#[tokio::test]
async fn the_plan_shows_where_replies_go_now() {
    let fixture = Fixture::new().await;
    let other = fixture
        .twilio
        .add_number(E164::parse("+61255509999").unwrap());
    let service = fixture.service();
    fixture
        .twilio
        .add_number_to_service(service, other)
        .unwrap();
    let url = [(
        "InboundRequestUrl",
        "https://user:hush@old.example.com/in?key=hush",
    )];
    fixture.twilio.configure_service(service, &url).unwrap();
    let plan = fixture.plan().await.unwrap();
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
            "the Messaging Service {service} has other senders; replies to them will go to their own \
             webhooks"
        )]
    );
}

#[tokio::test]
async fn other_urls_of_the_instance_stay_in_the_app() {
    let fixture = Fixture::with(|settings| settings).await;
    let fallback = "https://acme.clinspark.com/hooks/fallback";
    let named = CreateApplication::new()
        .friendly_name("ClinSpark acme.clinspark.com")
        .voice_fallback_url(fallback)
        .sms_fallback_url("https://acme.clinspark.com.evil.example/");
    fixture.client().execute(named).await.unwrap();
    fixture.provision().await.unwrap();
    let [app] = fixture.twilio.applications().try_into().unwrap();
    assert_eq!(app.setting("VoiceFallbackUrl"), Some(fallback));
    let message = "https://acme.clinspark.com/hooks/message#rc=2&rp=5xx,ct,rt";
    assert_eq!(app.setting("SmsFallbackUrl"), Some(message));
    assert!(fixture.plan().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_service_with_the_instances_url_is_not_changed() {
    let fixture = Fixture::new().await;
    let answers_at = |url| {
        let setting = [("InboundRequestUrl", url)];
        fixture
            .twilio
            .configure_service(fixture.service(), &setting)
            .unwrap();
    };
    answers_at("https://acme.clinspark.com/hooks/message");
    let plan = fixture.plan().await.unwrap();
    assert_eq!(
        actions(&plan),
        [Action::CreateApplication, Action::BindNumber]
    );
    // By GET the instance refuses it.
    let by_get = [("InboundMethod", "GET")];
    fixture
        .twilio
        .configure_service(fixture.service(), &by_get)
        .unwrap();
    assert_eq!(actions(&fixture.plan().await.unwrap()), EMPTY_ACCOUNT);
    answers_at("https://acme.clinspark.com/other");
    assert_eq!(actions(&fixture.plan().await.unwrap()), EMPTY_ACCOUNT);
}

#[tokio::test]
async fn nothing_is_ever_bought() {
    let fixture = Fixture::new().await;
    fixture.provision().await.unwrap();
    let account = fixture.twilio.account_sid();
    let (sid, service) = (fixture.twilio.numbers()[0].sid, fixture.service());
    let api = format!("/2010-04-01/Accounts/{account}");
    assert_eq!(
        fixture.transport.writes(),
        [
            format!("POST {api}/Applications.json"),
            format!("POST {api}/IncomingPhoneNumbers/{sid}.json"),
            format!("POST /v1/Services/{service}"),
        ]
    );
}

/// What an app holds of secrets and numbers shows neither in the plan nor in what is undone.
#[tokio::test]
async fn plan_and_undo_display_no_secret() {
    let (fixture, old) = with_foreign_app().await;
    let private = "https://user:PLANTED@old.example.com/%2B61491570156/61491570156/v?key=PLANTED";
    let settings = [("VoiceUrl", private), ("SmsFallbackUrl", private)];
    fixture
        .twilio
        .configure_application(old, &settings)
        .unwrap();
    let plan = fixture.plan().await.unwrap();
    let undo = fixture.apply(&plan).await.unwrap().undo;
    let shown = format!("{plan} {plan:?} {undo} {undo:?}");
    assert!(shown.contains("https://old.example.com/[redacted]/[redacted]/v?[redacted]"));
    for private in ["PLANTED", "61491570156", CLINIC] {
        assert!(!shown.contains(private), "{private} shows in {shown}");
    }
}

/// Preflight sends nothing but reads, whatever is wrong.
#[tokio::test]
async fn preflight_writes_nothing() {
    let (fixture, _) = with_foreign_app().await;
    let report = Preflight::new(&fixture.settings, &fixture.client())
        .run()
        .await;
    assert!(report.findings.len() > 5, "{report}");
    assert!(fixture.transport.requests() > 10);
    assert_eq!(fixture.transport.writes(), Vec::<String>::new());
}

/// A STOP is lost after an outage unless Twilio retries, so retries are added to an app that is
/// right in all else. Those that a person set by hand stay where they suffice.
#[tokio::test]
async fn retries_are_added_and_the_second_plan_is_empty() {
    let fixture =
        Fixture::with(|settings| settings.message_path("/hooks/message#rc=5&ct=2000")).await;
    let done = fixture.provision().await.unwrap();
    let setting = |name: &str| {
        let [app] = fixture.twilio.applications().try_into().unwrap();
        app.setting(name).map(str::to_owned)
    };
    let message = "https://acme.clinspark.com/hooks/message#rc=5&ct=2000&rp=5xx,ct,rt";
    for name in ["SmsUrl", "SmsFallbackUrl"] {
        assert_eq!(setting(name).as_deref(), Some(message));
    }
    assert!(fixture.plan().await.unwrap().is_empty());

    // A second number of the instance: its app may still be given retries.
    let second = fixture
        .twilio
        .add_number(E164::parse("+61255509999").unwrap());
    let bind = UpdateIncomingPhoneNumber::new(second).sms_application_sid(done.application);
    fixture.client().execute(bind).await.unwrap();
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
        fixture
            .twilio
            .configure_application(application, &settings)
            .unwrap();
        let plan = fixture.plan().await.unwrap();
        assert_eq!(plan.is_empty(), kept, "{url}");
        fixture.apply(&plan).await.unwrap();
        assert!(fixture.plan().await.unwrap().is_empty(), "{url}");
        let wanted = if kept {
            url
        } else {
            format!("{voice}#rc=2&rp=5xx,ct,rt")
        };
        assert_eq!(setting("VoiceUrl"), Some(wanted));
    }
}
