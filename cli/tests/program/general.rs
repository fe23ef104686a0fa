//! The program as a whole: help, completions, arguments, settings, and the demonstration.

use tokio::net::TcpListener;

use crate::support::{Account, Program, new_path};

const COMMANDS: &[&str] = &[
    "demo",
    "sandbox",
    "settings",
    "settings check",
    "preflight",
    "plan",
    "apply",
    "undo",
    "probe",
    "number",
    "segments",
    "error",
    "explain-signature",
    "why",
    "alerts",
    "campaigns",
    "short-codes",
    "send",
    #[cfg(feature = "batch")]
    "batch",
    "call",
    "completions",
];

#[tokio::test(flavor = "multi_thread")]
async fn every_command_documents_an_example() {
    let help = Program::new(&["--help"]).run().await.expect(0).out;
    assert!(help.contains("Exit codes:\n  0  everything is fine"));
    for command in COMMANDS {
        let words: Vec<&str> = command.split(' ').chain(["--help"]).collect();
        let page = Program::new(&words).run().await.expect(0);
        page.shows(&["Example", &format!("\n  clinspark-twilio {command}")]);
    }
    // The list above is complete.
    let listed = help.split("Commands:\n").nth(1).unwrap();
    let listed = listed.split("\n\n").next().unwrap().lines();
    // A long description goes on in a further line, indented deeper.
    for line in listed.filter(|line| !line.starts_with("   ")) {
        let name = line.split_whitespace().next().unwrap();
        assert!(name == "help" || COMMANDS.contains(&name), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn completions_name_every_command() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = Program::new(&["completions", shell]).run().await.expect(0);
        script.shows(&["clinspark-twilio", "preflight", "completions"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demonstration_ends_with_its_counts() {
    let ran = Program::new(&["demo"]).run().await.expect(0);
    assert_eq!(
        ran.out.lines().last().unwrap(),
        "quickstart: ok texts=1 delivered=1 replies=1 answered=1 calls=1 pressed=1 \
         forged_refused=1 provisioned=1"
    );
    let counts = Program::new(&["demo", "--json"])
        .run()
        .await
        .expect(0)
        .json();
    let counts = counts.as_object().unwrap();
    assert_eq!(counts.len(), 8);
    assert!(counts.values().all(|count| *count == 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_arguments_and_settings_exit_with_2() {
    for arguments in [&["nonsense"][..], &["preflight", "--demo", "broken"], &[]] {
        let ran = Program::new(arguments).run().await.expect(2);
        assert!(ran.err.contains("--help"), "{}", ran.err);
    }
    // Every missing setting at once.
    let ran = Program::new(&["preflight"]).run().await.expect(2);
    for variable in [
        "TWILIO_ACCOUNT_SID",
        "TWILIO_AUTH_TOKEN",
        "CLINSPARK_DELIVERY",
    ] {
        assert!(ran.err.contains(variable), "{}", ran.err);
    }
    // The credentials are sent to no other machine.
    let account = Account::start().await;
    let elsewhere = account.program(&["preflight"]);
    let elsewhere = elsewhere.env("TWILIO_BASE_URL", "https://twilio.example.com");
    let ran = elsewhere.run().await.expect(2);
    assert!(
        ran.err
            .contains("(TWILIO_BASE_URL) cannot be used: it is not on this machine"),
        "{}",
        ran.err
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_failure_exits_with_3() {
    let account = Account::start().await;
    // Closes each connection. A port that is only free now may be taken by another test.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let broken = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { while listener.accept().await.is_ok() {} });
    let ran = account.program(&["plan"]).env("TWILIO_BASE_URL", &broken);
    let ran = ran.run().await.expect(3);
    assert!(ran.err.contains("ListIncomingPhoneNumbers"), "{}", ran.err);
    assert_eq!(ran.out, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_checked_without_a_network() {
    let account = Account::start().await;
    let ran = account.run(&["settings", "check"]).await.expect(0);
    ran.shows(&[
        "https://demo.clinspark.com",
        "live: every recipient is permitted",
        "/hooks/message-status",
        "the settings are valid",
    ]);
    let summary = account
        .run(&["settings", "check", "--json"])
        .await
        .expect(0)
        .json();
    assert_eq!(summary["number"], "+*********34");
    assert_eq!(summary["default_region"], "AU");
    assert_eq!(summary["credentials"], "auth-token");
    let with_key = account.program(&["settings", "check"]);
    let key = "SK00000000000000000000000000000001";
    let with_key = with_key
        .env("TWILIO_API_KEY_SID", key)
        .env("TWILIO_API_KEY_SECRET", "0f1e2d3c4b5a")
        .secret("0f1e2d3c4b5a");
    let ran = with_key.run().await.expect(0);
    ran.shows(&[&format!("credentials           api-key {key}")]);
    assert_eq!(summary["base_url"], account.twilio.base_url());
    let regional = account.program(&["settings", "check", "--json"]);
    let summary = regional.env("TWILIO_REGION", "ie1").run().await.expect(0);
    assert_eq!(summary.json()["region"], "ie1");

    // From a file, whose faults are listed without values.
    let file = new_path("settings.json");
    let name = file.to_str().unwrap();
    let settings = r#"{"domain": "demo", "auth_token": "4f5e6d7c8b9a", "number": "4f5e6d7c8b9a"}"#;
    std::fs::write(&file, settings).unwrap();
    let ran = Program::new(&["settings", "check", "--settings", name]);
    let ran = ran.secret("4f5e6d7c8b9a").run().await.expect(2);
    assert!(ran.err.contains("account_sid"), "{}", ran.err);
    assert!(ran.err.contains("number"), "{}", ran.err);
    // A value in the wrong place or of the wrong type is not repeated.
    for settings in [
        r#""4f5e6d7c8b9a""#,
        r#"{"auth_token": ["4f5e6d7c8b9a"]}"#,
        r#"{"number": 61255501234}"#,
    ] {
        std::fs::write(&file, settings).unwrap();
        for command in [
            &["settings", "check", "--settings", name][..],
            &["undo", name],
        ] {
            let ran = Program::new(command).secret("4f5e6d7c8b9a").run().await;
            ran.expect(2);
        }
    }
    // Settings of a file would reach Twilio itself, although the environment names a sandbox.
    let sound = format!(
        r#"{{"domain": "demo", "account_sid": "{}", "auth_token": "4f5e6d7c8b9a",
            "number": "+61255501234", "delivery": "live"}}"#,
        account.twilio.account_sid()
    );
    std::fs::write(&file, sound).unwrap();
    let ran = account.program(&["settings", "check", "--settings", name]);
    let ran = ran.secret("4f5e6d7c8b9a").run().await.expect(2);
    assert!(
        ran.err.contains("and have no base_url; set it there"),
        "{}",
        ran.err
    );
    std::fs::remove_file(&file).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_of_arguments_do_not_repeat_what_was_typed() {
    let pasted = "A pasted 0f1e2d3c4b5a";
    for arguments in [
        &["why", pasted][..],
        &["alerts", "--limit", pasted],
        &["preflight", "--demo", pasted],
        &["plan", pasted],
        &[pasted],
        &["send", "+61491570156", "text", pasted],
        &["number", "--country", pasted, "1"],
        &["--0f1e2d3c4b5a"],
    ] {
        let ran = Program::new(arguments)
            .secret("0f1e2d3c4b5a")
            .run()
            .await
            .expect(2);
        assert!(ran.err.contains("(not shown)"), "{}", ran.err);
    }
    // A misspelt name is shown, with what was meant.
    let ran = Program::new(&["prefligth"]).run().await.expect(2);
    assert!(ran.err.contains("'preflight'"), "{}", ran.err);
}
