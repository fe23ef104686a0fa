//! `segments` and `error`.

use crate::support::{Program, new_path};

#[tokio::test(flavor = "multi_thread")]
async fn a_text_is_measured_and_not_printed() {
    let text = "Your visit is tomorrow\u{2026} 예약";
    let ran = Program::new(&["segments", text])
        .secret("visit")
        .secret("예");
    ran.run().await.expect(0).shows(&[
        "encoding    UCS-2",
        "segments    1",
        "U+2026 is not in GSM-7 (once); Smart Encoding sends \"...\"",
        "U+C608 is not in GSM-7 (once)",
    ]);
    let piped = Program::new(&["segments", "--json"]).input("x".repeat(161) + "\n");
    let size = piped.run().await.expect(0).json();
    assert_eq!(
        (&size["segments"], &size["units"]),
        (&2.into(), &161.into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_text_exits_with_1() {
    let file = new_path("long.txt");
    std::fs::write(&file, "y".repeat(1_601)).unwrap();
    let ran = Program::new(&["segments", "--file", file.to_str().unwrap()])
        .run()
        .await;
    ran.expect(1)
        .shows(&["refused: the message has 1601 characters; at most 1600 can be sent"]);
    std::fs::remove_file(&file).unwrap();
    let smart = Program::new(&["segments", "--smart-encoding", "a\u{2026}"]);
    smart.run().await.expect(0).shows(&["GSM-7"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_are_explained() {
    let ran = Program::new(&["error", "21610", "30034"])
        .run()
        .await
        .expect(0);
    ran.shows(&[
        "the recipient has opted out",
        "do not text them until they text START",
        "30034",
    ]);
    let codes = Program::new(&["error", "21610", "--json"])
        .run()
        .await
        .expect(0)
        .json();
    assert_eq!(
        (&codes[0]["class"], &codes[0]["retry"]),
        (&"opted-out".into(), &"never".into())
    );
    Program::new(&["error", "99999"]).run().await.expect(1);
    Program::new(&["error", "many"]).run().await.expect(2);
}
