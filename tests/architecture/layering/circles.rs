//! Circles of files: files of one module that import each other, directly or through others.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::source::{Crate, Target};
use super::{module_of, source_files};

/// Circles that the crate may have: types that only make sense together.
const MAX_CIRCLES: usize = 4;

/// Files that one circle may have, so that it can be read as a whole.
const MAX_CIRCLE_FILES: usize = 4;

#[test]
fn circles_of_files_are_few_and_small() {
    let files = source_files();
    let circles = circles(&Crate::read(&files));
    println!("{} circles of files", circles.len());
    for circle in &circles {
        println!("\n{circle}");
    }
    assert!(
        circles.len() <= MAX_CIRCLES,
        "{} circles of files, at most {MAX_CIRCLES} allowed",
        circles.len()
    );
    for Circle { files, .. } in &circles {
        assert!(
            files.len() <= MAX_CIRCLE_FILES,
            "a circle of {} files, at most {MAX_CIRCLE_FILES} allowed: {}",
            files.len(),
            files.join(", ")
        );
    }
}

/// Files that each reach every other one by imports, and the names in those imports.
struct Circle<'a> {
    files: Vec<&'a str>,
    /// From, to, names of the second that the first mentions.
    arrows: Vec<(&'a str, &'a str, BTreeSet<&'a str>)>,
}

impl fmt::Display for Circle<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "circle of {} files:", self.files.len())?;
        for (from, to, names) in &self.arrows {
            let names: Vec<_> = names.iter().copied().collect();
            write!(f, "\n    {from} -> {to}: {}", names.join(", "))?;
        }
        Ok(())
    }
}

/// The strongly connected components of at least two files.
///
/// An arrow leads from a file to the file that defines an item it mentions. `mod` declarations,
/// imports of a module and re-exports make no arrow, because every folder would be a circle. The
/// names that they bring make one where they are used, and so do the names that a glob brings.
fn circles<'a>(read: &Crate<'a>) -> Vec<Circle<'a>> {
    let mut arrows: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    let mentions = read.mentions().0.into_iter();
    for mention in mentions.filter(|mention| !mention.is_reexport) {
        let Target::Item { name, .. } = mention.target else {
            continue;
        };
        if mention.from != mention.to && module_of(mention.from) == module_of(mention.to) {
            let names = arrows.entry((mention.from, mention.to)).or_default();
            names.insert(name);
        }
    }
    let files: BTreeSet<_> = arrows.keys().flat_map(|(from, to)| [*from, *to]).collect();
    let reached: BTreeMap<_, _> = files.iter().map(|f| (*f, reach(f, &arrows))).collect();
    let mut circles = Vec::new();
    let mut done = BTreeSet::new();
    for file in files {
        let others = reached[file].iter().copied();
        let members: Vec<_> = others.filter(|f| reached[f].contains(file)).collect();
        if members.len() > 1 && done.insert(members[0]) {
            let within = |(from, to): &(&str, &str)| members.contains(from) && members.contains(to);
            let arrows = arrows.iter().filter(|(ends, _)| within(ends));
            circles.push(Circle {
                arrows: arrows
                    .map(|((a, b), names)| (*a, *b, names.clone()))
                    .collect(),
                files: members,
            });
        }
    }
    circles
}

/// Files that one arrow or more lead to from `start`.
fn reach<'a>(
    start: &str,
    arrows: &BTreeMap<(&'a str, &'a str), BTreeSet<&str>>,
) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut open = vec![start];
    while let Some(at) = open.pop() {
        for (_, to) in arrows.keys().filter(|(from, _)| *from == at) {
            if reached.insert(*to) {
                open.push(to);
            }
        }
    }
    reached
}

/// Files of each circle in a crate made of these.
fn found(files: &[(&str, &str)]) -> Vec<Vec<String>> {
    let files = super::in_memory(files);
    let circles = circles(&Crate::read(&files));
    let names = |circle: &Circle<'_>| circle.files.iter().map(|f| (*f).to_owned()).collect();
    circles.iter().map(names).collect()
}

#[test]
fn finds_a_circle_through_a_reexport() {
    let circle = found(&[
        (
            "a/mod.rs",
            "mod b; mod c; pub use b::B; pub(crate) use self::c::{C as D};",
        ),
        ("a/b.rs", "use super::D; pub struct B(D);"),
        ("a/c.rs", "pub struct C; fn c(_: super::B) {}"),
    ]);
    assert_eq!(circle, [["a/b.rs", "a/c.rs"]]);
}

#[test]
fn finds_a_circle_of_three_without_the_file_that_hangs_on_it() {
    let circle = |last| {
        found(&[
            ("a/mod.rs", "mod b; mod c; mod d; mod e;"),
            (
                "a/b.rs",
                "use super::{c::{self}, e::E}; fn b() { c::c() } pub struct B;",
            ),
            ("a/c.rs", "use crate::a::{d::D as _}; pub fn c() {}"),
            ("a/d.rs", last),
            ("a/e.rs", "pub struct E;"),
        ])
    };
    let closed = circle("pub trait D {} impl D for crate :: a :: b :: B {}");
    assert_eq!(closed, [["a/b.rs", "a/c.rs", "a/d.rs"]]);
    assert!(circle("pub trait D {} impl D for B {}").is_empty());
}

#[test]
fn a_folder_is_a_circle_only_if_its_front_file_defines_something() {
    let declares = ("a/mod.rs", "pub mod b; mod c; pub use b::B; pub use c::c;");
    let rest = [
        ("a/b.rs", "pub struct B;"),
        ("a/c.rs", "use super::B; pub fn c(_: B) {}"),
    ];
    assert!(found(&[declares, rest[0], rest[1]]).is_empty());
    let defines = (
        "a/mod.rs",
        "pub mod b; mod c; pub use c::c; pub struct B; fn d() { c() }",
    );
    assert_eq!(
        found(&[defines, rest[0], rest[1]]),
        [["a/c.rs", "a/mod.rs"]]
    );
}

#[test]
fn sees_types_and_paths_of_macros() {
    let circle = found(&[
        ("a/mod.rs", "mod b; mod c; mod d;"),
        (
            "a/b.rs",
            "macro_rules! model { ($(#[$doc:meta])* $name:ident { $($field:ident,)* }) => {
                 pub struct $name; impl $crate::a::c::Answer for $name {}
             } }
             pub(super) use model;",
        ),
        ("a/c.rs", "use super::d::Message; pub trait Answer {}"),
        (
            "a/d.rs",
            "use super::b::model; model! { /// A message.\n #[x(Y)] Message { sid, } }",
        ),
    ]);
    assert_eq!(circle, [["a/b.rs", "a/c.rs", "a/d.rs"]]);
}

#[test]
fn a_glob_counts_for_the_names_in_use() {
    let files = |code| {
        [
            ("a/mod.rs", "mod b; mod c; pub use b::B;"),
            ("a/b.rs", "use super::c::C; pub struct B(C);"),
            ("a/c.rs", code),
        ]
    };
    assert!(found(&files("use super::*; pub struct C;")).is_empty());
    assert_eq!(
        found(&files("use super::*; pub struct C(Vec<B>);")),
        [["a/b.rs", "a/c.rs"]]
    );
}

#[test]
fn comments_texts_tests_and_other_modules_make_no_circle() {
    let circle = found(&[
        ("a/mod.rs", "mod b; mod c;"),
        ("a/b.rs", "use super::c::C; pub struct B(C);"),
        (
            "a/c.rs",
            r##"
            //! [`B`](super::b::B)
            /* super::b::B /* crate::a::b::B */ super::b::B */
            pub struct C<'a>(&'a str, char);
            const X: C<'_> = C("super::b::B", '"'); // super::b::B
            const Y: &str = r#"" super::b::B"#;
            const Z: (char, u8, &str) = ('\'', b'"', "\" super::b::B \\");
            #[cfg(all(test, feature = "x"))]
            #[allow(unused)]
            mod tests { use super::super::b::B; }
            "##,
        ),
        ("d.rs", "use crate::e::E; pub struct D(E);"),
        ("e.rs", "pub struct E(crate::d::D);"),
    ]);
    assert!(circle.is_empty(), "{circle:?}");
}

#[test]
fn a_path_that_serde_takes_counts() {
    let circle = found(&[
        ("a/mod.rs", "mod b; mod c;"),
        (
            "a/b.rs",
            r#"pub struct B(#[serde(with = "crate::a::c::date")] u8);"#,
        ),
        (
            "a/c.rs",
            "use super::b::B; pub mod date { pub fn serialize(_: super::B) {} }",
        ),
    ]);
    assert_eq!(circle, [["a/b.rs", "a/c.rs"]]);
}
