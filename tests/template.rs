//! Templates: what is refused when they are built, and what they make.
#![cfg(feature = "templates")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use clinspark_twilio::template::{
    Catalogue, Locale, MergeData, MergeErrorKind, Sensitivity, Tag, Template, TemplateError,
    TemplateErrorKind,
};
use proptest::prelude::*;

fn locale(text: &str) -> Locale {
    Locale::parse(text).unwrap()
}

fn catalogue() -> Catalogue {
    let text = |name, sensitivity| Tag::text(name, sensitivity).unwrap();
    Catalogue::new([
        text("first_name", Sensitivity::Personal).max_chars(20),
        text("visit_time", Sensitivity::Personal),
        text("study", Sensitivity::Health),
        Tag::url("map", Sensitivity::Public).unwrap(),
    ])
    .unwrap()
}

fn build(text: &str) -> Result<Template, TemplateError> {
    Template::builder("reminder", 1)
        .variant(locale("en"), text)
        .build(&catalogue())
}

#[test]
fn only_merge_tags_of_the_catalogue_are_accepted() {
    use TemplateErrorKind::{Code, Control, HealthTag, Length, LoneBrace, UnknownTag};
    for (text, kind) in [
        ("Hi {{ name }}", UnknownTag),
        ("Hi {{ study }}", HealthTag),
        ("Hi {first_name}", LoneBrace),
        ("Hi {{ first_name }", LoneBrace),
        ("Hi { { first_name } }", LoneBrace),
        ("Hi }} {{ first_name }}", LoneBrace),
        ("{% if first_name %}Hi{% endif %}", Code),
        ("{%- raw %}{{ first_name }}{% endraw %}", Code),
        ("{# a comment #}Hi", Code),
        ("{{ first_name | upper }}", Code),
        ("{{ first_name.secret }}", Code),
        ("{{ 1 + 1 }}", Code),
        ("{{ 'text' }}", Code),
        ("{{- first_name -}}", Code),
        ("{{ first_name() }}", Code),
        ("{{}}", Code),
        ("{{{ first_name }}}", Code),
        ("{{ first_name\n}}", Code),
        ("{{\tfirst_name }}", Control),
        ("{{\u{a0}first_name }}", Code),
        ("{{ first-name }}", Code),
        ("{{ prénom }}", Code),
        ("\u{feff}Hi", Control),
        ("Hi\r", Control),
        ("Hi\0", Control),
        ("Hi\u{2028}", Control),
        (" \n", Length),
        ("", Length),
    ] {
        assert_eq!(build(text).unwrap_err().kind(), kind, "{text}");
    }
    for (unit, most) in [("a", 1_600), ("é", 1_600), ("🏥", 800)] {
        assert!(build(&unit.repeat(most)).is_ok());
        assert_eq!(build(&unit.repeat(most + 1)).unwrap_err().kind(), Length);
    }
    let error = build("Hi,\n\n{{ first_name | upper }}").unwrap_err();
    assert_eq!(
        (error.line(), error.locale()),
        (Some(3), Some(&locale("en")))
    );
    assert!(
        error
            .to_string()
            .starts_with("text en, line 3: only merge tags"),
        "{error}"
    );
    for text in [
        "Hi,\r\n\r\n{{ name }}",
        "Hi,\n\n{{ study }}",
        "Hi\n\n\t",
        "Hi\n\n{",
    ] {
        assert_eq!(build(text).unwrap_err().line(), Some(3), "{text:?}");
    }
}

/// A tag that the engine reads as a constant would send it to every recipient.
#[test]
fn every_tag_sends_its_value() {
    let words = "and as autoescape block call caller context continue break debug do elif else endblock \
                 endfor endif extends false False filter for from if import in include is joiner loop \
                 macro namespace none None not null or range raw recursive scoped self set super true \
                 True undefined varargs with without yield dict cycler lipsum _ __ True1 NONE inf nan e1";
    let mut refused = Vec::new();
    for word in words.split_whitespace() {
        let Ok(tag) = Tag::text(word, Sensitivity::Public) else {
            refused.push(word);
            continue;
        };
        let template = Template::builder("t", 1)
            .variant(locale("en"), format!("a{{{{ {word} }}}}b{{{{{word}}}}}"))
            .build(&Catalogue::new([tag]).unwrap())
            .unwrap_or_else(|error| panic!("{word}: {error}"));
        let text = template.render(&MergeData::new().value(word, "1 < 2 & 'x'"));
        assert_eq!(
            text.unwrap().into_body(),
            "a1 < 2 & 'x'b1 < 2 & 'x'",
            "{word}"
        );
    }
    let expected = "false False loop none None not self super true True _ __";
    assert_eq!(refused, expected.split(' ').collect::<Vec<_>>());
}

#[test]
fn a_template_needs_a_name_and_one_text_for_each_locale() {
    let build = |name: &str, requirement: &str, locales: &[&str]| {
        let mut builder = Template::builder(name, 1).requires(requirement);
        for text in locales {
            builder = builder.variant(locale(text), "Hi");
        }
        builder.build(&catalogue()).map_err(|error| error.kind())
    };
    assert!(build("visit-reminder", "appointment", &["en", "en-AU"]).is_ok());
    assert_eq!(
        build("1st", "appointment", &["en"]),
        Err(TemplateErrorKind::Name)
    );
    assert_eq!(
        build("visit", "an appointment", &["en"]),
        Err(TemplateErrorKind::Name)
    );
    assert_eq!(
        build("visit", "appointment", &[]),
        Err(TemplateErrorKind::NoVariant)
    );
    let twice = build("visit", "appointment", &["en-au", "en_AU"]);
    assert_eq!(twice, Err(TemplateErrorKind::DuplicateVariant));
    let tag = || Tag::text("name", Sensitivity::Public).unwrap();
    let error = Catalogue::new([tag(), tag()]).unwrap_err();
    assert_eq!(
        (error.kind(), error.tag()),
        (TemplateErrorKind::DuplicateTag, Some("name"))
    );
}

#[test]
fn the_text_is_of_the_recipients_language() {
    let template = Template::builder("reminder", 1)
        .variant(locale("en"), "Hi")
        .variant(locale("es"), "Hola")
        .variant(locale("es-MX"), "Qué tal")
        .variant(locale("zh-Hant"), "您好")
        .build(&catalogue())
        .unwrap();
    for (wanted, text) in [
        (Some("en-AU"), "Hi"),
        (Some("es-ES"), "Hola"),
        (Some("es-MX"), "Qué tal"),
        (Some("zh-Hant-TW"), "您好"),
        // Not the script that the recipient reads.
        (Some("zh-Hans"), "Hi"),
        (Some("fr"), "Hi"),
        (None, "Hi"),
    ] {
        let text_for = template
            .render(&MergeData::new().locale(wanted.map(locale)))
            .unwrap();
        assert_eq!(text_for.body().expose(), text, "{wanted:?}");
    }
}

#[test]
fn a_missing_or_odd_value_makes_no_text() {
    use MergeErrorKind::{InvalidValue, MissingRequirement, MissingValue};
    let template = Template::builder("reminder", 1)
        .requires("appointment")
        .variant(locale("en"), "{{first_name}}: {{ map }}\n")
        .build(&catalogue())
        .unwrap();
    let whole = || {
        MergeData::new()
            .fact("appointment")
            .value("first_name", "Ann")
            .value("map", "https://clinic.example.com/map?a=1&b=2")
    };
    let name = |value: &str| template.render(&whole().value("first_name", value));
    let map = |value: &str| template.render(&whole().value("map", value));
    // Nothing is escaped, and the last line break stays.
    let text = whole().value("map", "https://clinic.example.com/?a=1&b=2");
    let text = template.render(&text).unwrap().into_body();
    assert_eq!(text, "Ann: https://clinic.example.com/?a=1&b=2\n");
    let lacks = MergeData::new().value("first_name", "Ann");
    for (made, kind, about) in [
        (template.render(&lacks), MissingRequirement, "appointment"),
        (
            template.render(&lacks.fact("appointment")),
            MissingValue,
            "map",
        ),
        (name(""), InvalidValue, "first_name"),
        (name(" "), InvalidValue, "first_name"),
        (name("Ann\nSTOP"), InvalidValue, "first_name"),
        (name("Ann\u{202e}"), InvalidValue, "first_name"),
        (name("\u{feff}Ann"), InvalidValue, "first_name"),
        (name("Ann\r"), InvalidValue, "first_name"),
        (name("Ann\u{85}"), InvalidValue, "first_name"),
        // No recipient sees these.
        (name("\u{200b}"), InvalidValue, "first_name"),
        (
            name("\u{3164} \u{e0041}\u{fe0f}"),
            InvalidValue,
            "first_name",
        ),
        // A value is not read as a template: another system did not fill it.
        (name("{{ map }}"), InvalidValue, "first_name"),
        (name("{FirstName}"), InvalidValue, "first_name"),
        (name(&"A".repeat(1_000_000)), InvalidValue, "first_name"),
        (
            name("A name of more than twenty"),
            InvalidValue,
            "first_name",
        ),
        (map("http://clinic.example.com/"), InvalidValue, "map"),
        (map("https://"), InvalidValue, "map"),
        (map("https://user@clinic.example.com/"), InvalidValue, "map"),
    ] {
        let error = made.map_err(|error| (error.kind(), error.name().to_owned()));
        assert_eq!(error.unwrap_err(), (kind, about.to_owned()));
    }
}

#[test]
fn a_url_leads_to_the_host_that_is_seen() {
    let map = Tag::url("map", Sensitivity::Public).unwrap().max_chars(200);
    let label = |length| format!("https://{}.example/", "a".repeat(length));
    for url in [
        "https://clinic.example.com",
        "https://clinic.example.com/",
        "https://clinic.example.com:8443/map?a=1&b=%C3%A9#entrance",
        "https://xn--bcher-kva.example/~map/(1)",
        "https://clinic.example.com/@-33.86,151.20",
        &label(63),
    ] {
        assert!(map.accepts(url), "{url}");
    }
    for url in [
        "HTTPS://clinic.example.com/",
        "http://clinic.example.com/",
        "https:/clinic.example.com/",
        "https://",
        "https:///map",
        "https://?map",
        "https://#map",
        "https://:443/",
        "https://.",
        "https://clinic..example.com/",
        "https://clinic.example.com:/",
        "https://clinic.example.com:0/",
        "https://clinic.example.com:99999/",
        "https://clinic.example.com:8443:1/",
        "https://user@clinic.example.com/",
        "https://user:word@clinic.example.com/",
        "https://clinic.example.com\\@evil.example/",
        "https://clinic.example.com\\.evil.example/",
        "https://clinic.example.com/a b",
        "https://clinic.example.com/{map}",
        "https://clinic.example.com/é",
        "https://clínic.example.com/",
        "https://clinic.example.com/%",
        "https://clinic.example.com/%zz",
        "https://clinic_one.example.com/",
        " https://clinic.example.com/",
        "https://clinic.example.com/\u{200b}",
        &label(64),
    ] {
        assert!(!map.accepts(url), "{url}");
    }
}

#[test]
fn nothing_about_a_recipient_is_printed() {
    let template = Template::builder("reminder", 1)
        .variant(locale("en"), "From Secret Clinic: {{ first_name }}");
    let built = template.clone().build(&catalogue()).unwrap();
    let data = MergeData::new().fact("diabetes").value("first_name", "Ann");
    let odd = MergeData::new().value("first_name", "Ann\n");
    let shown = format!(
        "{template:?} {built:?} {data:?} {odd:?} {:?} {:#?} {}",
        built.render(&data),
        built.render(&odd),
        built.render(&odd).unwrap_err(),
    );
    for secret in ["Ann", "Secret", "diabetes"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn a_text_that_its_values_make_too_long_is_refused() {
    let tag = Tag::text("note", Sensitivity::Public)
        .unwrap()
        .max_chars(2_000);
    let template = Template::builder("reminder", 1)
        .variant(locale("en"), "{{ note }}!")
        .build(&Catalogue::new([tag]).unwrap())
        .unwrap();
    for (unit, most) in [("a", 1_599), ("🏥", 799)] {
        let render = |count| template.render(&MergeData::new().value("note", unit.repeat(count)));
        assert!(render(most).is_ok());
        let error = render(most + 1).unwrap_err();
        assert_eq!(
            (error.kind(), error.name()),
            (MergeErrorKind::TooLong, "reminder")
        );
        assert_eq!(
            error.to_string(),
            "the text of the template reminder with the recipient's values is longer than 1600 characters"
        );
    }
}

#[test]
fn the_digest_changes_with_everything_that_a_recipient_may_read() {
    let made = |name: &str, version, requirement: &str, en: &str| {
        let template = Template::builder(name, version)
            .requires(requirement)
            .variant(locale("en"), en)
            .build(&catalogue());
        template.unwrap().digest()
    };
    let digest = made("reminder", 1, "appointment", "Hi");
    assert_eq!(digest, made("reminder", 1, "appointment", "Hi"));
    for other in [
        made("reminders", 1, "appointment", "Hi"),
        made("reminder", 2, "appointment", "Hi"),
        made("reminder", 1, "cohort", "Hi"),
        made("reminder", 1, "appointment", "Hi."),
    ] {
        assert_ne!(digest, other);
    }
}

/// Digests of stored batches. A release that changes one stops every batch that is queued. Each was
/// computed outside of this crate: SHA-256 over the parts in order, each after its length in bytes as
/// eight bytes, big-endian. The parts are the name, the version, the number of requirements, the
/// requirements, then locale and text of each variant.
#[test]
fn stored_digests_stay_valid() {
    let short = Template::builder("reminder", 1)
        .requires("appointment")
        .variant(locale("en"), "Hi")
        .build(&catalogue())
        .unwrap();
    assert_eq!(
        short.digest(),
        "84f0f61020abb6387eeeca141d2e3a22eb3cb9d0a70afb304516865420cc709e"
    );
    let long = |requirements: &[&str], others: &[(&str, &str)], line_break: &str| {
        let text = "Hi {{ first_name }},\nsee {{map}}\n".replace('\n', line_break);
        let mut builder = Template::builder("visit-reminder", 3).variant(locale("en"), text);
        for name in requirements {
            builder = builder.requires(*name);
        }
        for (wanted, text) in others {
            builder = builder.variant(locale(wanted), *text);
        }
        builder.build(&catalogue()).unwrap()
    };
    let es = ("es", "¿Qué tal, {{ first_name }}? 🏥");
    let zh = ("zh-hant", "您好");
    let first = long(&["appointment", "cohort"], &[es, zh], "\n");
    for same in [
        long(&["cohort", "appointment", "cohort"], &[zh, es], "\n"),
        long(&["appointment", "cohort"], &[es, zh], "\r\n"),
    ] {
        assert_eq!(first, same);
        assert_eq!(
            same.digest(),
            "180faf1155ca36d4c988f0d919bf66fdb4f6fc59d87a9c0f8c1621857d9f1fcd"
        );
    }
}

proptest! {
    /// Whatever is built sends no brace of its own, and each tag's value as it is.
    #[test]
    fn a_text_is_refused_or_has_only_its_values(text in "[a-z {}%#|'\n]{0,24}|(\\{\\{ ?(first_name|map|x) ?\\}\\}|[ -~]){0,8}") {
        if let Ok(template) = build(&text) {
            let data = MergeData::new()
                .value("first_name", "Ann")
                .value("visit_time", "nine")
                .value("map", "https://a.example/");
            let body = template.render(&data).unwrap().into_body();
            prop_assert!(!body.contains(['{', '}']), "{}", body);
            let spaced = text.replace("{{", "{{ ").replace("}}", " }}");
            let spaced = spaced.split("{{").map(|part| match part.split_once("}}") {
                Some((name, rest)) => match name.trim() {
                    "first_name" => format!("Ann{rest}"),
                    "map" => format!("https://a.example/{rest}"),
                    _ => unreachable!("an unknown tag was accepted"),
                },
                None => part.to_owned(),
            });
            prop_assert_eq!(body, spaced.collect::<String>());
        }
    }

    #[test]
    fn no_text_makes_a_locale_panic(text in "\\PC{0,12}|[a-zA-Z0-9_-]{0,14}") {
        if let Ok(locale) = Locale::parse(&text) {
            prop_assert_eq!(Locale::parse(locale.as_str()), Ok(locale));
        }
    }

    /// A preview shows what is sent: no later check refuses a rendered text.
    #[test]
    fn a_rendered_text_has_no_tag_and_no_line_of_a_value(
        first in "\\PC{0,8}|[{} a-z]{1,8}|\\p{Any}{0,8}",
        second in "\\PC{0,8}|[{} a-z]{1,8}|\\p{Any}{0,8}",
    ) {
        let template = build("{{first_name}}{{visit_time}}").unwrap();
        let data = MergeData::new().value("first_name", &*first).value("visit_time", &*second);
        if let Ok(text) = template.render(&data) {
            let body = text.into_body();
            prop_assert!(!body.contains(['{', '}', '\n', '\r', '\u{202e}']), "{:?}", body);
            prop_assert_eq!(body, first + &second);
        }
    }

    /// Two templates have one digest only if they are equal.
    #[test]
    fn a_digest_stands_for_one_template(
        one in parts(),
        other in parts(),
    ) {
        let equal = one == other;
        prop_assert_eq!(one.digest() == other.digest(), equal);
    }
}

/// Templates of few letters, so that many are alike.
fn parts() -> impl Strategy<Value = Template> {
    let variants = proptest::sample::subsequence(vec!["en", "es", "fr"], 1..=3);
    let requirements = proptest::collection::vec("[ab]{1,2}", 0..3);
    (
        "[ab]{1,2}",
        1..3_u32,
        requirements,
        variants.prop_shuffle(),
        "[ab]{1,2}",
    )
        .prop_map(|(name, version, requirements, locales, text)| {
            let mut builder = Template::builder(name, version);
            for requirement in requirements {
                builder = builder.requires(requirement);
            }
            for wanted in locales {
                builder = builder.variant(locale(wanted), &*text);
            }
            builder.build(&Catalogue::default()).unwrap()
        })
}
