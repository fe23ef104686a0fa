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
    use TemplateErrorKind::{Code, HealthTag, Length, LoneBrace, UnknownTag};
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
        (" \n", Length),
    ] {
        assert_eq!(build(text).unwrap_err().kind(), kind, "{text}");
    }
    assert_eq!(build(&"a".repeat(1_601)).unwrap_err().kind(), Length);
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
    // A value is not read as a template.
    let braces = name("{{ map }}").unwrap().into_body();
    assert!(braces.starts_with("{{ map }}: "), "{braces}");

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
        (
            name("A name of more than twenty"),
            InvalidValue,
            "first_name",
        ),
        (map("http://clinic.example.com/"), InvalidValue, "map"),
        (map("https://"), InvalidValue, "map"),
        (map("https://user@clinic.example.com/"), InvalidValue, "map"),
    ] {
        let error = made.unwrap_err();
        assert_eq!((error.kind(), error.name()), (kind, about), "{error}");
    }
    let shown = format!("{:?} {:?} {:?}", whole(), template, name("Ann").unwrap());
    assert!(
        !shown.contains("Ann") && !shown.contains("clinic"),
        "{shown}"
    );
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
    // Batches store it: it must never change.
    assert_eq!(
        digest,
        "84f0f61020abb6387eeeca141d2e3a22eb3cb9d0a70afb304516865420cc709e"
    );
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
}
