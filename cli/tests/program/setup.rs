//! `plan`, `apply` and `undo`.

use crate::support::{Account, Program, Ran, new_path};

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_changes_nothing_and_lists_unused_apps() {
    let account = Account::start().await;
    let old = account.twilio.add_application(&[
        ("FriendlyName", "Old instance"),
        (
            "VoiceUrl",
            "https://old.example.com/hooks/voice?key=hidden-key",
        ),
    ]);
    let old = old.unwrap();
    let ran = account.program(&["plan"]).secret("hidden-key").run().await;
    ran.expect(0).shows(&[
        "create the TwiML App",
        "no number uses",
        old.as_str(),
        "old.example.com",
    ]);
    let plan = account.run(&["plan", "--json"]).await.expect(0).json();
    let actions: Vec<_> = plan["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["action"])
        .collect();
    assert_eq!(actions, ["create-application", "bind-number"]);
    assert_eq!(plan["unused_applications"][0]["sid"], old.as_str());
    assert_eq!(
        plan["unused_applications"][0]["voice_url"],
        "https://old.example.com/hooks/voice?[redacted]"
    );
    assert_eq!(account.twilio.applications().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_record_undoes_and_is_never_replaced() {
    let account = Account::start().await;
    let file = new_path("undo.json");
    let record = file.to_str().unwrap();
    let apply = ["apply", "--yes", "--record", record];

    account
        .run(&apply)
        .await
        .expect(0)
        .shows(&["Application SID for ClinSpark: AP"]);
    let written = std::fs::read(&file).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "the record contains the account's URLs");
    }
    // Nothing to change: the record stays unchanged.
    account
        .run(&apply)
        .await
        .expect(0)
        .shows(&["nothing to do"]);
    assert_eq!(std::fs::read(&file).unwrap(), written);
    // Something to change: without a new file for the record, nothing is changed.
    let unbound = [("SmsApplicationSid", "")];
    account
        .twilio
        .configure_number(account.number, &unbound)
        .unwrap();
    let before = account.twilio.numbers();
    let refused: Ran = account.run(&apply).await.expect(2);
    assert!(refused.err.contains("already exists"), "{}", refused.err);
    assert_eq!(account.twilio.numbers(), before);
    assert_eq!(std::fs::read(&file).unwrap(), written);

    let applied = account
        .run(&["apply", "--yes", "--json"])
        .await
        .expect(0)
        .json();
    assert_eq!(
        (&applied["changed"], &applied["created"]),
        (&true.into(), &false.into())
    );
    let undone = account.run(&["undo", "--yes", record]).await.expect(0);
    assert_eq!(undone.out.lines().last().unwrap(), "undone");
    assert!(account.twilio.applications().is_empty());
    std::fs::remove_file(&file).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_changed_without_confirmation() {
    let account = Account::start().await;
    let file = new_path("unconfirmed.json");
    let ran = account
        .run(&["apply", "--record", file.to_str().unwrap()])
        .await
        .expect(2);
    assert!(ran.err.contains("--yes"), "{}", ran.err);
    assert!(account.twilio.applications().is_empty());
    assert!(!file.exists(), "no record without a change");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_record_is_refused() {
    let account = Account::start().await;
    let file = new_path("damaged.json");
    std::fs::write(&file, "{}").unwrap();
    account
        .run(&["undo", "--yes", file.to_str().unwrap()])
        .await
        .expect(2);
    std::fs::remove_file(&file).unwrap();
    account
        .run(&["undo", "--yes", "no-such-file.json"])
        .await
        .expect(2);
}

/// A record can be edited, and URLs can be set by others: what is confirmed is what is done.
#[tokio::test(flavor = "multi_thread")]
async fn a_record_cannot_hide_what_it_changes() {
    let account = Account::start().await;
    let file = new_path("edited.json");
    let record = file.to_str().unwrap();
    account.run(&["apply", "--yes"]).await.expect(0);
    let app = account.twilio.applications()[0].sid;
    let earlier = "https://earlier.example.com/voice";
    let settings = [("VoiceUrl", earlier)];
    account
        .twilio
        .configure_application(app, &settings)
        .unwrap();
    let settings = [("TWILIO_APPLICATION_SID", app.as_str())];
    let run = |arguments: &[&str]| {
        let [(name, value)] = settings;
        account.program(arguments).env(name, value).run()
    };
    run(&["apply", "--yes", "--record", record]).await.expect(0);
    let written = std::fs::read_to_string(&file).unwrap();
    for (hidden, shown) in [
        (
            "/\\u001b[2K\\u001b[1Avoice",
            "earlier.example.com/[redacted]",
        ),
        ("/voice\\n  1. nothing", "earlier.example.com/[redacted]"),
        ("/\\u202eeciov", "earlier.example.com/[redacted]"),
        ("\\u001b[8m/voice", "[redacted]/voice"),
    ] {
        let edited = written.replace(earlier, &format!("https://earlier.example.com{hidden}"));
        assert_ne!(edited, written);
        std::fs::write(&file, edited).unwrap();
        let ran = run(&["undo", record]).await.expect(2);
        ran.shows(&[shown]);
        let is_hidden = |c: char| c.is_control() && c != '\n' || c == '\u{202E}';
        assert!(!ran.out.contains(is_hidden), "{:?}", ran.out);
        assert!(!ran.out.contains("1. nothing"), "{}", ran.out);
    }
    std::fs::remove_file(&file).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_account_can_prevent_set_up() {
    let account = Account::start().await;
    account.twilio.remove_number(account.number);
    account.run(&["plan"]).await.expect(1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demonstration_undoes_its_changes() {
    let ran = Program::new(&["apply", "--demo"]).run().await.expect(0);
    let last = ran.out.lines().last().unwrap().to_owned();
    assert_eq!(last, "apply: ok planned=3 left=0 after_undo=3");
    let steps = Program::new(&["apply", "--demo", "--json"])
        .run()
        .await
        .expect(0)
        .json();
    assert_eq!(steps["ok"], true);
}
