//! Set-up: planned, applied, cut off anywhere, undone. Against the embedded Twilio, over a line
//! that fails when it is told to.
#![cfg(all(feature = "rustls", feature = "sandbox"))]
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod line;

use clinspark_twilio::client::applications::{CreateApplication, DeleteApplication};
use clinspark_twilio::client::numbers::UpdatePhoneNumber;
use clinspark_twilio::client::{Client, Outcome, RetryPolicy};
use clinspark_twilio::clinspark::{
    Action, Error, ErrorKind, Plan, Provisioned, Settings, SettingsBuilder, Setup, Step, Undo,
};
use clinspark_twilio::phone::E164;
use clinspark_twilio::sandbox::Sandbox;
use clinspark_twilio::types::{ApplicationSid, MessagingServiceSid, Method};
use line::{Fault, Line};

const CLINIC: &str = "+61255501234";

/// An account, the instance's settings, and the way between them.
struct Bench {
    twilio: Sandbox,
    settings: Settings,
    line: Line,
}

impl Bench {
    /// An account with a number in a Messaging Service, which the settings name.
    async fn new() -> Self {
        let twilio = Sandbox::start().await.unwrap();
        let number = twilio.add_number(E164::parse(CLINIC).unwrap());
        let service = twilio.add_service(&[("FriendlyName", "clinic")]).unwrap();
        twilio.put_into_service(service, number).unwrap();
        Self::over(twilio, |settings| {
            settings.messaging_service_sid(service.as_str())
        })
    }

    fn service(&self) -> MessagingServiceSid {
        self.twilio.services()[0].sid
    }

    async fn with(more: impl FnOnce(SettingsBuilder) -> SettingsBuilder) -> Self {
        let twilio = Sandbox::start().await.unwrap();
        twilio.add_number(E164::parse(CLINIC).unwrap());
        Self::over(twilio, more)
    }

    fn over(twilio: Sandbox, more: impl FnOnce(SettingsBuilder) -> SettingsBuilder) -> Self {
        let settings = Settings::builder()
            .domain("acme.clinspark.com")
            .account_sid(twilio.account_sid().as_str())
            .auth_token(twilio.auth_token().expose())
            .number(CLINIC)
            .default_country_prefix("61")
            .voice_path("/hooks/voice")
            .call_status_path("/hooks/call-status")
            .message_path("/hooks/message")
            .message_status_path("/hooks/message-status")
            .delivery("off");
        Self {
            twilio,
            settings: more(settings).build().unwrap(),
            line: Line::new(),
        }
    }

    fn client(&self) -> Client {
        let credentials = self.settings.credentials().clone();
        let delivery = self.settings.delivery().clone();
        Client::over(credentials, delivery, self.line.clone())
            .base_url(self.twilio.base_url())
            .unwrap()
            .retry(RetryPolicy::none())
    }

    async fn plan(&self) -> Result<Plan, Error> {
        Setup::new(&self.settings, &self.client()).plan().await
    }

    async fn apply(&self, plan: &Plan) -> Result<Provisioned, Error> {
        Setup::new(&self.settings, &self.client()).apply(plan).await
    }

    async fn provision(&self) -> Result<Provisioned, Error> {
        Setup::new(&self.settings, &self.client()).provision().await
    }

    async fn undo(&self, undo: &Undo) -> Result<(), Error> {
        Setup::new(&self.settings, &self.client()).undo(undo).await
    }

    /// Everything that set-up could have touched, and all the rest, without SIDs and dates.
    fn state(&self) -> State {
        let apps = self.twilio.applications();
        let index =
            |sid: Option<ApplicationSid>| sid.map(|sid| apps.iter().position(|app| app.sid == sid));
        State {
            apps: apps
                .iter()
                .map(|app| APP.map(|name| app.setting(name).unwrap_or(unset(name)).to_owned()))
                .collect(),
            numbers: self
                .twilio
                .numbers()
                .iter()
                .map(|number| {
                    let voice = index(number.voice_application_sid());
                    let messaging = index(number.sms_application_sid());
                    (number.number.as_str().to_owned(), voice, messaging)
                })
                .collect(),
            defers: self
                .twilio
                .services()
                .iter()
                .any(|service| service.setting("UseInboundWebhookOnNumber") == Some("true")),
        }
    }
}

/// The app that answers, by its place among the apps; `Some(None)` for one that is gone.
type Bound = Option<Option<usize>>;

#[derive(Debug, PartialEq)]
struct State {
    apps: Vec<[String; 12]>,
    numbers: Vec<(String, Bound, Bound)>,
    defers: bool,
}

/// What Twilio takes a setting for that is not set.
fn unset(parameter: &str) -> &'static str {
    match parameter {
        _ if parameter.ends_with("Method") => "POST",
        "PublicApplicationConnectEnabled" => "false",
        _ => "",
    }
}

const APP: [&str; 12] = [
    "FriendlyName",
    "VoiceUrl",
    "VoiceMethod",
    "VoiceFallbackUrl",
    "StatusCallback",
    "StatusCallbackMethod",
    "SmsUrl",
    "SmsMethod",
    "SmsFallbackUrl",
    "SmsStatusCallback",
    "MessageStatusCallback",
    "PublicApplicationConnectEnabled",
];

fn right(name: &str) -> State {
    let at = |path: &str| format!("https://acme.clinspark.com{path}");
    let app = [
        name.to_owned(),
        at("/hooks/voice"),
        "POST".to_owned(),
        String::new(),
        at("/hooks/call-status"),
        "POST".to_owned(),
        at("/hooks/message"),
        "POST".to_owned(),
        String::new(),
        String::new(),
        at("/hooks/message-status"),
        "false".to_owned(),
    ];
    State {
        apps: vec![app],
        numbers: vec![(CLINIC.to_owned(), Some(Some(0)), Some(Some(0)))],
        defers: true,
    }
}

fn new_app() -> State {
    right("ClinSpark acme.clinspark.com")
}

fn actions(plan: &Plan) -> Vec<Action> {
    plan.steps().iter().map(Step::action).collect()
}

const EMPTY_ACCOUNT: [Action; 3] = [
    Action::CreateApplication,
    Action::BindNumber,
    Action::DeferService,
];

/// An app that somebody else left behind, everything about it wrong.
fn left_over() -> CreateApplication {
    CreateApplication::new()
        .friendly_name("left over")
        .voice_url("https://user:hush@old.example.com/voice?key=hush")
        .voice_method(Method::Get)
        .voice_fallback_url("https://old.example.com/fallback")
        .status_callback("https://old.example.com/status")
        .status_callback_method(Method::Get)
        .sms_url("https://old.example.com/sms")
        .sms_fallback_url("https://old.example.com/fallback")
        .sms_status_callback("https://old.example.com/status")
        .public_application_connect_enabled(true)
}

/// An account whose app, number and service are all somebody else's settings.
async fn taken_over() -> (Bench, ApplicationSid) {
    let bench = Bench::new().await;
    let old = bench.client().execute(left_over()).await.unwrap().sid;
    let number = bench.twilio.numbers()[0].sid;
    let bind = UpdatePhoneNumber::new(number).voice_application_sid(old);
    bench.client().execute(bind).await.unwrap();
    let service = bench.service();
    let bench = Bench::over(bench.twilio, |settings| {
        settings
            .messaging_service_sid(service.as_str())
            .application_sid(old.as_str())
    });
    (bench, old)
}

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
             VoiceUrl: nothing -> https://acme.clinspark.com/hooks/voice\n       \
             VoiceMethod: nothing -> POST\n       \
             StatusCallback: nothing -> https://acme.clinspark.com/hooks/call-status\n       \
             StatusCallbackMethod: nothing -> POST\n       \
             SmsUrl: nothing -> https://acme.clinspark.com/hooks/message\n       \
             SmsMethod: nothing -> POST\n       \
             MessageStatusCallback: nothing -> https://acme.clinspark.com/hooks/message-status\n       \
             PublicApplicationConnectEnabled: nothing -> false\n  \
             2. bind the number {} to the TwiML App for voice and messaging (now voice by no app, \
             messaging by no app)\n  \
             3. let the Messaging Service {service} defer to the sender's webhook",
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

/// How many requests it takes from start to end, with nothing in the way.
async fn requests_of_a_whole_run(bench: &Bench) -> usize {
    bench.provision().await.unwrap();
    bench.line.requests()
}

#[tokio::test]
async fn cut_after_every_single_request_and_run_again_it_ends_the_same() {
    let requests = requests_of_a_whole_run(&Bench::new().await).await;
    assert!(requests > EMPTY_ACCOUNT.len() * 2);
    for fault in [Fault::Before, Fault::After] {
        for nth in 0..requests {
            let bench = Bench::new().await;
            bench.line.fails_at(nth, fault);
            let error = bench.provision().await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Client, "{fault:?} {nth}");

            bench.line.heals();
            bench.provision().await.unwrap();
            assert_eq!(bench.state(), new_app(), "{fault:?} {nth}");
            assert!(bench.plan().await.unwrap().is_empty());
        }
    }
}

#[tokio::test]
async fn the_same_plan_can_be_applied_again_after_any_cut_and_undone_in_full() {
    let (whole, _) = taken_over().await;
    let requests = requests_of_a_whole_run(&whole).await;
    let end = whole.state();
    assert_eq!(end, right("left over"));
    for fault in [Fault::Before, Fault::After] {
        for nth in 0..requests {
            let (bench, _) = taken_over().await;
            let before = bench.state();
            let plan = bench.plan().await.unwrap();
            let planned = bench.line.requests();
            if nth < planned {
                continue;
            }
            bench.line.fails_at(nth, fault);
            bench.apply(&plan).await.unwrap_err();

            bench.line.heals();
            let done = bench.apply(&plan).await.unwrap();
            assert_eq!(bench.state(), end, "{fault:?} {nth}");
            bench.undo(&done.undo).await.unwrap();
            assert_eq!(bench.state(), before, "{fault:?} {nth}");
        }
    }
}

#[tokio::test]
async fn what_broke_off_can_be_put_back_at_once() {
    let (whole, _) = taken_over().await;
    let requests = requests_of_a_whole_run(&whole).await;
    for fault in [Fault::Before, Fault::After] {
        for nth in 0..requests {
            let (bench, _) = taken_over().await;
            let before = bench.state();
            bench.line.fails_at(nth, fault);
            let error = bench.provision().await.unwrap_err();
            bench.line.heals();
            match error.undo() {
                Some(undo) => bench.undo(undo).await.unwrap(),
                None => assert!(error.client().is_some()),
            }
            assert_eq!(bench.state(), before, "{fault:?} {nth}");
        }
    }
}

#[tokio::test]
async fn undoing_can_be_cut_off_and_run_again() {
    let (bench, _) = taken_over().await;
    let before = bench.state();
    let done = bench.provision().await.unwrap();
    let from = bench.line.requests();
    bench.undo(&done.undo).await.unwrap();
    let requests = bench.line.requests() - from;
    assert_eq!(bench.state(), before);
    for fault in [Fault::Before, Fault::After] {
        for nth in 0..requests {
            let (bench, _) = taken_over().await;
            let done = bench.provision().await.unwrap();
            bench.line.fails_at(bench.line.requests() + nth, fault);
            bench.undo(&done.undo).await.unwrap_err();
            bench.line.heals();
            bench.undo(&done.undo).await.unwrap();
            assert_eq!(bench.state(), before, "{fault:?} {nth}");
        }
    }
}

#[tokio::test]
async fn a_new_app_is_deleted_again_unless_a_number_uses_it() {
    let bench = Bench::new().await;
    let before = bench.state();
    let done = bench.provision().await.unwrap();
    bench.undo(&done.undo).await.unwrap();
    assert_eq!(bench.state(), before);
    // Undone twice, nothing happens.
    bench.undo(&done.undo).await.unwrap();
    assert_eq!(bench.state(), before);

    let done = bench.provision().await.unwrap();
    let second = bench
        .twilio
        .add_number(E164::parse("+61255509999").unwrap());
    let bind = UpdatePhoneNumber::new(second).voice_application_sid(done.application);
    bench.client().execute(bind).await.unwrap();
    let error = bench.undo(&done.undo).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "a number is bound to the TwiML App; it stays"
    );
    assert_eq!(bench.twilio.applications().len(), 1);
}

#[tokio::test]
async fn what_to_undo_is_data_and_shows_no_secret() {
    let (bench, old) = taken_over().await;
    let before = bench.state();
    let plan = bench.plan().await.unwrap();
    let done = bench.apply(&plan).await.unwrap();
    for shown in [
        format!("{plan}"),
        format!("{plan:?}"),
        format!("{}", done.undo),
        format!("{done:?}"),
    ] {
        assert!(!shown.contains("hush"), "{shown}");
        assert!(!shown.contains("255501234"), "{shown}");
    }
    let (account, service) = (bench.twilio.account_sid(), bench.service());
    let number = done.number;
    let said = done.undo.to_string();
    assert_eq!(
        said.lines().take(2).collect::<Vec<_>>(),
        [
            format!("to put back in account {account}:"),
            format!(
                "  1. let the Messaging Service {service} answer by itself instead of deferring"
            )
        ]
    );
    assert!(said.contains(&format!(
        "  2. bind the number {number} to voice by {old}, messaging by no app\n  3. change the \
         TwiML App {old}\n       VoiceUrl: https://acme.clinspark.com/hooks/voice -> \
         https://old.example.com/voice?[hidden]\n"
    )));

    let stored = serde_json::to_string(&done.undo).unwrap();
    let read: Undo = serde_json::from_str(&stored).unwrap();
    assert_eq!(read, done.undo);
    bench.undo(&read).await.unwrap();
    assert_eq!(bench.state(), before);

    let other = Bench::new().await;
    let error = other.undo(&read).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "what is to be undone was done in another account"
    );
}

#[tokio::test]
async fn what_somebody_else_changed_since_is_not_undone() {
    let (bench, old) = taken_over().await;
    let done = bench.provision().await.unwrap();
    let other = bench
        .client()
        .execute(CreateApplication::new())
        .await
        .unwrap()
        .sid;
    let bind = UpdatePhoneNumber::new(done.number).voice_application_sid(other);
    bench.client().execute(bind).await.unwrap();
    let error = bench.undo(&done.undo).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "somebody changed it since; it is left as it is"
    );
    let number = bench.twilio.number(done.number).unwrap();
    assert_eq!(number.voice_application_sid(), Some(other));
    assert_eq!(number.sms_application_sid(), Some(old));
}

#[tokio::test]
async fn a_refusal_in_the_middle_is_told_and_mended_by_running_again() {
    let requests = requests_of_a_whole_run(&Bench::new().await).await;
    let mut broke_off = 0;
    for nth in 0..requests {
        let bench = Bench::new().await;
        bench.line.fails_at(nth, Fault::Forbidden);
        let error = bench.provision().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Client);
        assert_eq!(error.outcome(), &Outcome::Rejected);
        let refused = error.client().unwrap();
        assert_eq!(refused.status(), Some(http::StatusCode::FORBIDDEN));
        let forbidden = format!(
            "twilio forbids {} to these credentials; give the API key that right, or use one that \
             has it",
            refused.operation()
        );
        if error.undo().is_none() {
            assert_eq!(error.to_string(), forbidden);
        } else {
            broke_off += 1;
            let cause = std::error::Error::source(&error).unwrap();
            assert_eq!(cause.to_string(), forbidden);
            assert!(
                error.to_string().starts_with("set-up broke off with ")
                    && error
                        .to_string()
                        .ends_with(" of 3 steps done; mend the cause and run it again")
            );
        }
        bench.line.heals();
        bench.provision().await.unwrap();
        assert_eq!(bench.state(), new_app());
    }
    assert!(broke_off > 1);
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
    let bind = UpdatePhoneNumber::new(bench.twilio.numbers()[0].sid).sms_application_sid(other);
    bench.client().execute(bind).await.unwrap();
    let state = bench.state();
    let error = bench.apply(&plan).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.to_string().as_str()),
        (ErrorKind::Account, CHANGED)
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

    // Another instance's plan.
    let other = Bench::over(bench.twilio, |settings| {
        settings.domain("beta.clinspark.com")
    });
    let error = other.apply(&plan).await.unwrap_err();
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
            .starts_with("twilio does not take the credentials")
    );
    assert!(bench.line.writes().is_empty());
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
    assert_eq!(actions(&plan), [Action::BindNumber]);
    assert_eq!(plan.application(), Some(sound));
    let done = bench.apply(&plan).await.unwrap();
    assert!(!done.created && done.changed);
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
    assert_eq!(app.setting("SmsFallbackUrl"), None);
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
