//! `batch`: files and templates that change between two runs.

use crate::batch::{Folder, end, texts, until_texts};
use crate::support::Account;

/// A typing error that is corrected between two runs must not text anyone twice.
#[tokio::test]
async fn a_corrected_template_does_not_text_again() {
    let account = Account::start().await;
    let folder = Folder::new("corrected", 3);
    let (people, template) = (folder.path("people.csv"), folder.path("reminder.txt"));
    let command = [
        "batch",
        "send",
        "--yes",
        "--pace",
        "10000",
        "--people",
        &people,
        "--key",
        "id",
        "--template",
        &template,
    ];
    folder.run(&account, &command).await.expect(0);
    folder.people(4);
    folder.write("reminder.txt", "Hello {{ first_name }}, a private visit.\n");
    let refused = folder.run(&account, &command).await.expect(1);
    assert!(
        refused.err.contains("texts everyone of the file"),
        "{}",
        refused.err
    );
    assert_eq!(account.twilio.messages().len(), 3);
    // The earlier text continues the batch.
    folder.write("reminder.txt", "Hi {{ first_name }}, a private visit.\n");
    folder.run(&account, &command).await.expect(0);
    assert!(texts(&account).values().all(|&count| count == 1));
    assert_eq!(account.twilio.messages().len(), 4);
}

/// A spreadsheet or a renamed column has changed the keys of people who have their text.
#[tokio::test(flavor = "multi_thread")]
async fn other_keys_do_not_text_the_same_people_again() {
    let account = Account::start().await;
    let folder = Folder::new("keys", 3);
    folder.send(&account, &[]).await.expect(0);
    let file = std::fs::read_to_string(folder.path("people.csv")).unwrap();
    let renamed = file.replacen("\n1,", "\n01,", 1);
    assert_ne!(renamed, file);
    folder.write("people.csv", &renamed);
    let refused = folder.send(&account, &[]).await.expect(1);
    let told = "1 texts are not in the file, and 1 of the file are not in the batch";
    assert!(refused.err.contains(told), "{}", refused.err);
    assert_eq!(account.twilio.messages().len(), 3);
    // The same keys for other visits: each person would be texted for the same visit in another form.
    let visits = file.replace("first_name\n", "first_name,visit\n");
    let visits = visits
        .lines()
        .enumerate()
        .fold(String::new(), |text, (line, row)| {
            text + row + if line == 0 { "\n" } else { ",week-12\n" }
        });
    folder.write("people.csv", &visits);
    let refused = folder.send(&account, &["--occurrence", "visit"]).await;
    let told = "3 texts are not in the file, and 3 of the file are not in the batch";
    assert!(refused.expect(1).err.contains(told));
    assert_eq!(account.twilio.messages().len(), 3);
    // A file that lacks people adds no one, and one with all of them may have more.
    let shorter: Vec<_> = file.lines().take(3).collect();
    folder.write("people.csv", &shorter.join("\n"));
    folder.send(&account, &[]).await.expect(0);
    assert_eq!(account.twilio.messages().len(), 3);
    folder.people(4);
    folder.send(&account, &[]).await.expect(0);
    assert_eq!(account.twilio.messages().len(), 4);
    assert!(texts(&account).values().all(|&count| count == 1));
}

/// Two runs with other keys at the same time: neither may know the texts of the other as its own.
#[tokio::test(flavor = "multi_thread")]
async fn other_keys_are_refused_while_their_batch_waits() {
    let account = Account::start().await;
    let folder = Folder::new("waiting", 3);
    let mut first = folder.spawn(&account, "0.01");
    until_texts(&account, 1).await;
    let file = std::fs::read_to_string(folder.path("people.csv")).unwrap();
    folder.write("people.csv", &file.replace("\n2,", "\n02,"));
    let refused = folder.send(&account, &[]).await.expect(1);
    let told = "1 texts are not in the file, and 1 of the file are not in the batch";
    assert!(refused.err.contains(told), "{}", refused.err);
    assert_eq!(account.twilio.messages().len(), 1);
    first.kill().unwrap();
    first.wait().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_position_of_a_column_makes_the_keys_that_its_name_makes() {
    let account = Account::start().await;
    let folder = Folder::new("position", 0);
    let csv = "Subject ID,number,first_name\n7,0491 571 007,Secretname\n";
    folder.write("people.csv", csv);
    for column in ["Subject ID", "1"] {
        let arguments = folder.arguments("send", &["--yes", "--pace", "10000"]);
        let named = arguments.into_iter().map(|it| match it.as_str() {
            "id" => column.to_owned(),
            _ => it,
        });
        let program = folder.program(&account, &named.collect::<Vec<_>>());
        program.run().await.expect(0).shows(&["people     1"]);
    }
    assert_eq!(texts(&account).values().sum::<usize>(), 1);
    let report = folder.run(&account, &["batch", "report", "b-1"]).await;
    report.expect(0).shows(&["\nSubject-ID-7,,sent,"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_left_the_file_is_held_and_decided() {
    let account = Account::start().await;
    let folder = Folder::new("held", 4);
    let mut child = folder.spawn(&account, "0.5");
    until_texts(&account, 1).await;
    end(&child, "-TERM");
    child.wait().unwrap();
    let sent = folder.counts(&account).await["sent"].as_u64().unwrap();
    folder.people(1);
    folder.send(&account, &[]).await.expect(1);
    let list = ["batch", "held", "list", "b-1", "--json"];
    let held = folder.run(&account, &list).await.expect(1);
    let ids: Vec<String> = held
        .out
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|row| row["message_id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids.len() as u64, 4 - sent);
    assert_eq!(texts(&account).values().sum::<usize>() as u64, sent);
    let [first, second, ..] = ids.as_slice() else {
        panic!("{}", held.out)
    };
    let sid = "SM000000000000000000000000000000aa";
    for decision in [
        ["batch", "held", "sent", first, sid].as_slice(),
        &["batch", "held", "refuse", second, "--yes"],
    ] {
        folder.run(&account, decision).await.expect(0);
        folder.run(&account, decision).await.expect(1);
    }
    folder.people(4);
    for id in ids.iter().skip(2) {
        let again = ["batch", "held", "send-again", id, "--yes"];
        folder.run(&account, &again).await.expect(0);
    }
    folder.send(&account, &[]).await.expect(1);
    folder.run(&account, &list).await.expect(0);
    let texts = texts(&account);
    assert!(texts.values().all(|count| *count == 1), "{texts:?}");
    assert_eq!(texts.len() as u64, sent + ids.len() as u64 - 2);
}
