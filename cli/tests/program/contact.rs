//! `send` and `call`.

use clinspark_twilio::client::messages::RedactMessage;
use clinspark_twilio::phone::E164;
use clinspark_twilio::sandbox::AnswerBehavior;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::support::{Account, VOLUNTEER, clinic};

const TYPED: &str = "0491 570 156";
const TEXT: &str = "A private reminder";

#[tokio::test(flavor = "multi_thread")]
async fn a_confirmed_text_is_sent_once() {
    let account = Account::start().await;
    let phone = account.twilio.phone(E164::parse(VOLUNTEER).unwrap());
    let send = ["send", TYPED, TEXT, "--yes", "--id", "visit-17"];
    let ran = account
        .program(&send)
        .secret("private")
        .secret("0491")
        .run()
        .await
        .expect(0);
    ran.shows(&["accepted to +*********56: SM", "clinspark-twilio why SM"]);
    account.twilio.wait_idle().await.unwrap();
    assert_eq!(phone.inbox().len(), 1);
    assert_eq!(phone.inbox()[0].body.expose(), TEXT);

    let piped = account.program(&["send", TYPED, "--yes", "--json"]);
    let report = piped
        .input(format!("{TEXT}\n"))
        .secret("private")
        .run()
        .await
        .expect(0)
        .json();
    assert_eq!(
        (&report["outcome"], &report["to"]),
        (&"accepted".into(), &"+*********56".into())
    );
    account.twilio.wait_idle().await.unwrap();
    assert_eq!(phone.inbox()[1].body.expose(), TEXT);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sent_without_confirmation() {
    let account = Account::start().await;
    for arguments in [["send", TYPED, TEXT, ""], ["call", TYPED, "--say", TEXT]] {
        let arguments: Vec<&str> = arguments.into_iter().filter(|it| !it.is_empty()).collect();
        let ran = account.run(&arguments).await.expect(2);
        assert!(ran.err.contains("add --yes"), "{}", ran.err);
    }
    assert!(account.twilio.messages().is_empty());
    assert!(account.twilio.calls().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_gate_refuses_with_1() {
    let account = Account::start().await;
    let send = ["send", TYPED, TEXT, "--yes"];
    for (variable, value, reason) in [
        ("CLINSPARK_DELIVERY", "off", "not sent"),
        ("CLINSPARK_DELIVERY", "only:+61491570157", "not sent"),
        ("CLINSPARK_TWILIO_ENABLED", "false", "switched off"),
        ("CLINSPARK_TEXT_KINDS", "fixed-line", "not sent"),
        (
            "CLINSPARK_DEFAULT_COUNTRY_PREFIX",
            "",
            "has no country code",
        ),
    ] {
        let ran = account
            .program(&send)
            .env(variable, value)
            .secret("private");
        ran.run().await.expect(1).shows(&[reason]);
    }
    assert!(account.twilio.messages().is_empty());
    // An invalid text, and credentials that Twilio rejects.
    account.run(&["send", TYPED, " ", "--yes"]).await.expect(1);
    let wrong = account
        .program(&send)
        .env("TWILIO_AUTH_TOKEN", &"a1b2".repeat(8));
    let ran = wrong.run().await.expect(3);
    ran.shows(&["not sent to +*********56: an opt-out of the person cannot be ruled out"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_texted_stop_is_not_contacted() {
    let account = Account::start().await;
    let phone = account.twilio.phone(E164::parse(VOLUNTEER).unwrap());
    let send = ["send", TYPED, TEXT, "--yes"];
    let call = ["call", TYPED, "--say", TEXT, "--yes"];
    for reply in ["STOP", "Please stop texting me"] {
        phone.text(clinic(), reply).await.unwrap();
        let expected = match reply {
            "STOP" => "the person texted STOP to +*********34, ",
            _ => "may be an opt-out; read it in Twilio's console",
        };
        for command in [&send[..], &call[..]] {
            let ran = account.program(command).secret("private").run().await;
            ran.expect(1)
                .shows(&["not sent to +*********56: ", expected]);
        }
        // A later YES answers a question, and restores no consent.
        phone.text(clinic(), "Yes").await.unwrap();
        account.run(&send).await.expect(1).shows(&[expected]);
    }
    assert!(account.twilio.calls().is_empty());
    phone.text(clinic(), "START").await.unwrap();
    account.run(&send).await.expect(0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_under_another_spelling_of_the_number_counts() {
    let account = Account::start().await;
    let by_carrier = E164::parse("+5215512345678").unwrap();
    let phone = account.twilio.phone(by_carrier);
    phone.text(clinic(), "STOP").await.unwrap();
    let ran = account.program(&["send", "+52 55 1234 5678", TEXT, "--yes"]);
    let ran = ran.secret("12345678").run().await.expect(1);
    ran.shows(&["not sent to +**********78: the person texted STOP"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn twilio_refuses_after_a_stop_that_it_no_longer_stores() {
    let account = Account::start().await;
    let phone = account.twilio.phone(E164::parse(VOLUNTEER).unwrap());
    phone.text(clinic(), "STOP").await.unwrap();
    let client = account.client();
    let stop = account.twilio.messages().first().unwrap().sid;
    client.execute(RedactMessage::new(stop)).await.unwrap();
    let send = ["send", TYPED, TEXT, "--yes", "--json"];
    let ran = account.run(&send).await.expect(1);
    assert!(ran.err.contains("without a stored body: 1"), "{}", ran.err);
    let report = ran.json();
    assert_eq!(
        (&report["outcome"], &report["code"]),
        (&"rejected".into(), &21610.into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_response_warns_against_a_second_text() {
    let account = Account::start().await;
    // Lists no texts of the person. Reads a text to send, and closes the connection.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let broken = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = vec![0; 64 * 1024];
            let length = stream.read(&mut request).await.unwrap_or_default();
            if request[..length].starts_with(b"GET ") {
                let page = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 16\r\n\r\n\
                            {\"messages\": []}";
                let _ = stream.write_all(page.as_bytes()).await;
            }
            let _ = stream.shutdown().await;
        }
    });
    let send = ["send", TYPED, TEXT, "--yes", "--id", "visit-17"];
    let ran = account.program(&send).env("TWILIO_BASE_URL", &broken);
    let ran = ran.secret("private").run().await.expect(3);
    ran.shows(&[
        "it may have been sent to +*********56; do not send it again",
        "visit-17",
    ]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confirmed_call_is_placed() {
    let account = Account::start().await;
    let phone = account.twilio.phone(E164::parse(VOLUNTEER).unwrap());
    phone.set_answer_behavior(AnswerBehavior::Ring);
    let call = ["call", TYPED, "--say", TEXT, "--yes"];
    let ran = account
        .program(&call)
        .secret("private")
        .run()
        .await
        .expect(0);
    ran.shows(&["accepted to +*********56: CA"]);
    let answered = phone.answer().await.unwrap();
    assert!(answered.hear().await.unwrap().contains(TEXT));
    account
        .run(&["call", TYPED, "--say", " ", "--yes"])
        .await
        .expect(2);
    let off = account.program(&call).env("CLINSPARK_DELIVERY", "off");
    off.run().await.expect(1);
    assert_eq!(account.twilio.calls().len(), 1);
}
