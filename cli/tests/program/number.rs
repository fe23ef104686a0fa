//! `number`.

use serde_json::Value;

use crate::support::{Program, new_path};

#[tokio::test(flavor = "multi_thread")]
async fn each_number_has_an_answer_or_a_reason() {
    let typed = [
        "number",
        "--country",
        "AU",
        "0491 570 156",
        "12",
        "+44 (0)7400 123456",
    ];
    let ran = Program::new(&typed).answers_numbers().run().await.expect(1);
    ran.shows(&[
        "     1  +61491570156      AU  mobile",
        "     2  refused           too-short: ",
        "     3  +447400123456     GB  mobile  (national-prefix-dropped)",
        "2 accepted, 1 refused",
    ]);
    let masked = Program::new(&[&typed[..], &["--masked"]].concat()).secret("7400123456");
    masked.run().await.expect(1).shows(&[
        "     1  +*********56      AU  mobile",
        "     3  +**********56     GB  mobile  (national-prefix-dropped)",
    ]);
    let by_prefix = Program::new(&["number", "--prefix", "61", "0491 570 156", "--json"]);
    let row = by_prefix.answers_numbers().run().await.expect(0).json();
    assert_eq!(
        (&row["number"], &row["region"], &row["source"]),
        (&"+61491570156".into(), &"AU".into(), &"national".into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ambiguous_number_shows_both_readings() {
    let typed = ["number", "--country", "DE", "49 1512 3456789", "--json"];
    let row = Program::new(&typed).run().await.expect(1).json();
    assert_eq!(row["reason"], "ambiguous");
    let candidates = row["candidates"].as_array().unwrap();
    let field = |name| -> Vec<&Value> { candidates.iter().map(|it| &it[name]).collect() };
    assert_eq!(field("kind"), ["fixed-line", "mobile"]);
    assert_eq!(field("number"), ["+494915123456789", "+4915123456789"]);
    let masked = Program::new(&[&typed[..], &["--masked"]].concat());
    masked.secret("3456789").run().await.expect(1);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_line_of_the_standard_input_is_a_number() {
    let lines = Program::new(&["number", "--country", "AU", "--json"]);
    let ran = lines
        .input(b"0491570156\r\n\n\xff\n".to_vec())
        .answers_numbers()
        .run()
        .await
        .expect(1);
    let rows: Vec<Value> = ran
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0]["ok"], true);
    assert_eq!(rows[1]["reason"], "empty");
    assert_eq!(rows[2]["reason"], "not-a-number");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_row_of_a_csv_file_can_have_its_own_country() {
    let file = new_path("countries.csv");
    let rows = "mobile,country\n0491 570 156,AU\n07400 123456,44\n0491570157,\n0491570158,Oz\n";
    std::fs::write(&file, rows).unwrap();
    let path = file.to_str().unwrap();
    let arguments = [
        "number",
        "--prefix",
        "61",
        "--csv",
        path,
        "--column",
        "mobile",
        "--country-column",
        "country",
    ];
    let ran = Program::new(&arguments).answers_numbers().run().await;
    ran.expect(1).shows(&[
        "     1  +61491570156      AU  mobile",
        "     2  +447400123456     GB  mobile",
        "     3  +61491570157      AU  mobile",
        "     4  refused           unknown-country: ",
    ]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_without_its_country_is_not_read_in_the_default_country() {
    let file = new_path("short.csv");
    let path = file.to_str().unwrap();
    let with = |rows: &str, column: &str, others: &[&str]| {
        std::fs::write(&file, rows).unwrap();
        let base = ["number", "--prefix", "61", "--csv", path, "--column", "1"];
        let arguments = [&base[..], &["--country-column", column], others].concat();
        Program::new(&arguments).answers_numbers()
    };
    let rows = "mobile,name,country\n0491570156,A,\n0491570157,B\n";
    for column in ["country", "3"] {
        let ran = with(rows, column, &[]).run().await;
        ran.expect(1).shows(&[
            "     1  +61491570156",
            "     2  refused           unknown-country: the row has no country",
        ]);
    }
    let ran = with("0491570156,A\n", "3", &["--no-header"]).run().await;
    ran.expect(1)
        .shows(&["     1  refused           unknown-country"]);
    // A column that the file does not have, or has twice.
    for (rows, column, reason) in [
        (rows, "4", "no column \"4\""),
        (rows, "0", "no column \"0\""),
        (
            "mobile,country,country\n1,AU,NZ\n",
            "country",
            "several columns \"country\"",
        ),
    ] {
        let ran = with(rows, column, &[]).run().await.expect(2);
        assert!(ran.err.contains(reason), "{}", ran.err);
    }
    std::fs::remove_file(&file).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_column_of_a_csv_file_is_read() {
    let file = new_path("volunteers.csv");
    let path = file.to_str().unwrap();
    std::fs::write(
        &file,
        "\u{feff}mobile,\"name, first\"\n0491 570 156,\"A \"\"B\"\"\"\n,C\n",
    )
    .unwrap();
    let base = ["number", "--country", "AU", "--csv", path, "--column"];
    let by_name = [&base[..], &["mobile"]].concat();
    let ran = Program::new(&by_name)
        .answers_numbers()
        .run()
        .await
        .expect(1);
    ran.shows(&[
        "     1  +61491570156",
        "     2  refused           empty",
        "1 accepted, 1 refused",
    ]);
    let by_position = [&base[..], &["1"]].concat();
    let again = Program::new(&by_position).answers_numbers().run().await;
    assert_eq!(again.expect(1).out, ran.out);
    let missing = [&base[..], &["phone"]].concat();
    let ran = Program::new(&missing).run().await.expect(2);
    assert!(ran.err.contains("no column \"phone\""), "{}", ran.err);

    std::fs::write(&file, "x;0491570156\n").unwrap();
    let other = [&base[..], &["2", "--no-header", "--delimiter", ";"]].concat();
    Program::new(&other).answers_numbers().run().await.expect(0);
    std::fs::remove_file(&file).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn conflicting_defaults_are_a_usage_error() {
    let ran = Program::new(&["number", "--country", "AU", "--prefix", "44", "1"]);
    ran.run().await.expect(2);
    Program::new(&["number", "--country", "XX", "1"])
        .run()
        .await
        .expect(2);
}
