//! Opt-outs: texts of the two lists in `tests/data`, read by `OptOut::classify`.

use std::time::Duration;

use clinspark_twilio::sms::{OptOut, OptOutKeywords};
use serde_json::Value;

const CASES: &str = include_str!("../data/cases/opt-out.jsonl");

/// Replies that are not opt-outs: language, kind, text.
const ORDINARY: &str = include_str!("../data/ordinary_replies.tsv");
/// Opt-outs in free wording: language, kind, text. The rules were fitted to them.
const WORDINGS: &str = include_str!("../data/opt_out_wordings.tsv");
/// Opt-outs in free wording, written after the rules. 81 of 97 were found in the first measurement.
const HELD_OUT: &str = include_str!("../data/opt_out_held_out.tsv");

fn rows(table: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    table.lines().map(|line| {
        let mut cells = line.split('\t');
        let language = cells.next().unwrap();
        (language, cells.nth(1).unwrap())
    })
}

#[test]
fn ordinary_replies_are_not_opt_outs() {
    let mut silenced = 0;
    for (language, text) in rows(ORDINARY) {
        match OptOut::classify(text) {
            None => {}
            Some(OptOut::MaybeStop) => {
                println!("{language}: {text}");
                silenced += 1;
            }
            other => panic!("{language}: {text}: {other:?}"),
        }
    }
    println!("{silenced} of {} ordinary replies", rows(ORDINARY).count());
    assert!(rows(ORDINARY).count() >= 500);
    assert!(silenced <= 5, "{silenced} ordinary replies");
}

#[test]
fn opt_outs_in_free_wording_are_found() {
    for (table, floor) in [(WORDINGS, 95), (HELD_OUT, 90)] {
        let mut found = 0;
        for (language, text) in rows(table) {
            if OptOut::classify(text).is_some_and(OptOut::forbids_texting) {
                found += 1;
            } else {
                println!("{language}: {text}");
            }
        }
        let all = rows(table).count();
        println!("{found} of {all} wordings found");
        assert!(found * 100 >= all * floor, "{found} of {all}");
    }
}

#[test]
fn cases_from_public_reports_are_classified_correctly() {
    let mut wrong = Vec::new();
    for line in CASES.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        if case["kind"] != "text" {
            continue;
        }
        let answer = match OptOut::classify(case["input"].as_str().unwrap()) {
            Some(meaning) => format!("{meaning:?}"),
            None => "none".to_owned(),
        };
        if !case["right"]
            .as_array()
            .unwrap()
            .contains(&Value::from(answer.as_str()))
        {
            wrong.push(format!("{} {} {answer}", case["id"], case["input"]));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Twilio's opt-out keywords, the FCC's keywords, and those of AWS and of Twilio in other
/// languages.
const DOCUMENTED: [&str; 16] = [
    "STOP",
    "STOPALL",
    "UNSUBSCRIBE",
    "CANCEL",
    "END",
    "QUIT",
    "REVOKE",
    "OPTOUT",
    "opt out",
    "OPT-OUT",
    "REMOVE",
    "TD",
    "ARRET",
    "arrêt",
    "arrete",
    "ALTO",
];

#[test]
fn documented_keywords_are_found_in_any_form() {
    let full_width = |text: &str| -> String {
        let wide = |c: char| match c {
            '!'..='~' => char::from_u32(c as u32 + 0xFEE0).unwrap(),
            c => c,
        };
        text.chars().map(wide).collect()
    };
    for word in DOCUMENTED {
        let small = word.to_lowercase();
        let decomposed = small.replace('ê', "e\u{302}");
        let mut dressed = vec![full_width(word), decomposed];
        for word in [word, &small] {
            for (before, behind) in [
                ("", "."),
                ("", "!!!"),
                ("\"", "\""),
                ("“", "”"),
                ("„", "“"),
                ("« ", " »"),
                ("'", "'"),
                ("‘", "’"),
                ("(", ")"),
                ("*", "*"),
                ("<", ">"),
                ("", " 👍"),
                ("🛑 ", ""),
                ("", "\u{200B}."),
                ("\u{FEFF}", " ,"),
                ("please ", ""),
                ("", " please"),
                ("", ", thanks"),
                ("", " all"),
                ("", " texts"),
                ("", " all texts please"),
                ("", " messages."),
                ("pls ", " text messages"),
                ("", " now"),
                ("\u{202A}", "\u{202C}!"),
                ("", "\n\n-"),
            ] {
                dressed.push(format!("{before}{word}{behind}"));
            }
        }
        for text in dressed {
            let reading = OptOut::classify(&text);
            assert!(reading.is_some_and(OptOut::forbids_texting), "{text:?}");
        }
    }
}

#[test]
fn only_exact_twilio_keywords_are_more_than_maybe_stop() {
    let twilios = [
        "STOP",
        "STOPALL",
        "UNSUBSCRIBE",
        "CANCEL",
        "END",
        "QUIT",
        "REVOKE",
        "OPTOUT",
        "START",
        "YES",
        "UNSTOP",
        "HELP",
        "INFO",
    ];
    let texts = [ORDINARY, WORDINGS, HELD_OUT].into_iter().flat_map(rows);
    for (_, text) in texts {
        let acts = twilios
            .iter()
            .any(|word| text.trim().eq_ignore_ascii_case(word));
        let reading = OptOut::classify(text);
        assert_eq!(
            acts,
            !matches!(reading, None | Some(OptOut::MaybeStop)),
            "{text:?}"
        );
    }
    for word in twilios {
        let alone = OptOut::classify(word);
        assert_eq!(
            OptOut::classify(&format!("\u{A0}{}\r\n", word.to_lowercase())),
            alone
        );
        for text in [
            format!("{word}."),
            format!("\u{200B}{word}"),
            format!("{word} {word}"),
        ] {
            assert!(
                matches!(OptOut::classify(&text), None | Some(OptOut::MaybeStop)),
                "{text:?}"
            );
        }
    }
}

#[test]
fn text_quoted_by_a_reaction_is_ignored() {
    let ours = [
        "Visit tomorrow 9:00. Reply STOP to opt out.",
        "Reply \"STOP\" to end, or \"HELP\"",
        "Stop taking the drops on Monday. Don't text this number.\nSTOP to end",
    ];
    let theirs = [
        "Loved “…”",
        "Liked “…”",
        "Disliked “…”",
        "Laughed at “…”",
        "Emphasized “…”",
        "Questioned “…”",
        "Loved \"…\"",
        "Reacted 👍 to “…”",
        "👍 to “…”",
        "\u{200B}👍\u{200B} to “ … ”",
        "❤️ to “…” ",
        "Removed a heart from “…”",
        "Removed an exclamation from “…”",
        "Removed a 👍 from “…”",
        "Le gusta “…”",
        "Le encantó “…”",
        "Le dio risa «…»",
        "Reaccionó con 😂 a “…”",
        "A aimé « … »",
        "a attribué la mention « Adore » à « … »",
        "a réagi avec 👍 à « … »",
        "„…“ gefällt mir",
        "Gefällt „…“",
        "Hat mit 👍 auf „…“ reagiert",
        "Amou “…”",
        "Gostou de “…”",
        "Reagiu com 👍 a “…”",
        "Ha adorato “…”",
        "Ha messo \"Mi piace\" a “…”",
        "喜欢“…”",
        "Zareagowano 👍 na „…”",
        // Cut short by the network.
        "Loved “…",
    ];
    for theirs in theirs {
        for ours in ours {
            let closed = theirs
                .split_once('…')
                .is_some_and(|(_, behind)| !behind.is_empty());
            let quoted = if closed {
                ours.to_owned()
            } else {
                format!("{ours}…")
            };
            let text = theirs.replacen('…', &quoted, 1);
            assert_eq!(OptOut::classify(&text), None, "{text:?}");
        }
    }
    // A quoted instruction is ours, whatever the language around it.
    assert_eq!(
        OptOut::classify("Tykkäsi viestistä “Visit 9:00. Reply STOP to end”"),
        None
    );
    assert_eq!(
        OptOut::classify("what does “Reply STOP to end” mean?"),
        None
    );
    // Text of the sender beside the quotation counts, and so does any other text in quotation
    // marks.
    for text in [
        "“STOP”",
        "\"Unsubscribe\" please",
        "I said “STOP”",
        "Loved “See you at 9” stop texting me",
        "Liked “See you” but please stop texting me “ok”",
        "Liked \"See you\" stop texting me \"now\"",
        "“Reply STOP to end” so stop sending these",
        "“STOP” 👍",
        "🙏 please “stop sending me these”",
        "ok 👍 “STOP”",
        "“Please stop texting me”",
        "Please “stop texting me",
        "stop 👍 to “See you at 9. Reply STOP to end”",
    ] {
        assert_eq!(OptOut::classify(text), Some(OptOut::MaybeStop), "{text:?}");
    }
}

#[test]
fn misspelt_keywords_are_found_and_similar_words_are_not() {
    for text in [
        "Sotp",
        "stpo",
        "tsop",
        "dtop",
        "STOPP",
        "STOOOOP",
        "st0p",
        "Unsubscibe",
        "unsuscribe",
        "UNSUBSCRIBED",
        "optuot",
        "cancle",
        "s.t.o.p",
        "S T O P",
        "stop2end",
        "STOP2QUIT",
        "stopnow",
        "pleasestop",
        "s\u{AD}top",
        "𝐒𝐓𝐎𝐏",
        "Ⓢⓣⓞⓟ",
        "🛑",
    ] {
        assert_eq!(OptOut::classify(text), Some(OptOut::MaybeStop), "{text:?}");
    }
    for text in [
        "step",
        "shop",
        "top",
        "slop",
        "stow",
        "strop",
        "stomp",
        "cancer",
        "evoke",
        "output",
        "quite",
        "quiet",
        "and",
        "send",
        "ends",
        "stopped",
        "stopwatch",
        "unstoppable",
        "nonstop",
        "fine",
        "start",
        "starts",
        "ended",
        "arrested",
        "salto",
        "later",
        "the end",
        "remove it?",
        "10",
        "stopover",
        "subscribe",
        "",
    ] {
        let reading = OptOut::classify(text);
        assert!(
            matches!(reading, None | Some(OptOut::Start | OptOut::MaybeStart)),
            "{text:?}: {reading:?}"
        );
    }
}

#[test]
fn keywords_of_a_clinic_are_found_in_any_form() {
    let keywords: OptOutKeywords = ["Lopeta", "ei kiitos", "ΣΤΑΜΑΤΑ", "🚫", " ", "不要"]
        .into_iter()
        .collect();
    for text in [
        "LOPETA",
        "lopeta!",
        "“Lopeta”",
        "Lopeta please",
        "please lopeta all texts",
        "Lope\u{301}ta",
        "Ei  kiitos.",
        "ei-kiitos",
        "EI KIITOS thanks",
        "Σταμάτα",
        "🚫",
        " 🚫 ",
        "不要",
    ] {
        assert_eq!(keywords.classify(text), Some(OptOut::MaybeStop), "{text:?}");
        assert_eq!(OptOut::classify(text), None, "{text:?}");
    }
    for text in [
        "lopetan lääkkeen",
        "ei",
        "kiitos",
        "Lopeta lääke",
        "",
        " ",
        "👍",
        "ok 🚫 ok",
    ] {
        assert_eq!(keywords.classify(text), None, "{text:?}");
    }
    assert_eq!(keywords.classify("stop"), Some(OptOut::Stop));
    assert_eq!(keywords.classify("YES"), Some(OptOut::MaybeStart));
    assert_eq!(keywords.classify("no more texts"), Some(OptOut::MaybeStop));
    assert_eq!(OptOutKeywords::default().classify("Yes please"), None);
    // A keyword of Twilio keeps Twilio's meaning.
    assert_eq!(
        OptOutKeywords::default().stop("help").classify("HELP"),
        Some(OptOut::Help)
    );
}

/// Returns the CPU time of this thread, which does not depend on other tests.
fn cpu_time() -> Duration {
    rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime)
        .try_into()
        .unwrap()
}

/// Only 4,096 characters are read, so 1 MB takes no more time than that.
#[test]
fn a_long_text_takes_little_time() {
    let units = [
        "stop ",
        "don't ",
        "please ",
        "“",
        "\"a\" ",
        "e\u{302}",
        "\u{302}",
        "\u{200B}",
        "别",
        "a",
        "no more ",
        "I want to ",
        "\u{FDFA}",
        "😀",
        "\n",
        "Loved “",
        "send me ",
        "s.t.o.p.",
    ];
    for unit in units {
        let short = unit.repeat(4_096 / unit.chars().count());
        let long = unit.repeat(1_000_000 / unit.len());
        let best = |text: &str| -> Duration {
            let once = || {
                let start = cpu_time();
                std::hint::black_box(OptOut::classify(text));
                cpu_time().saturating_sub(start)
            };
            (0..3).map(|_| once()).min().unwrap()
        };
        let (of_short, of_long) = (best(&short), best(&long));
        println!("{unit:?}: {of_short:?} for 4,096 characters, {of_long:?} for 1 MB");
        assert!(
            of_long < of_short * 20 + Duration::from_millis(50),
            "{unit:?}: {of_short:?}, {of_long:?}"
        );
    }
}
