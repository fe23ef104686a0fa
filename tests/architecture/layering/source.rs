//! The modules of a crate, what each declares and imports, and the file that a path leads to.
//!
//! Paths are resolved as the compiler does: `crate`, `self`, `super`, child modules, items, imports
//! and re-exports, so that `super::Y` leads to the file that defines `Y`. The code of a macro
//! counts for the file that writes it, not for its callers.
//!
//! Not seen: methods called on a value, and macros that another file uses by textual scope
//! (`#[macro_use]`, which this crate does not use).

use std::collections::{BTreeMap, BTreeSet};

use super::tokens::{close, is_name, tokens};

/// Path of a module, without `crate`.
pub(super) type Path<'a> = Vec<&'a str>;

/// A crate as its files declare it.
#[derive(Default)]
pub(super) struct Crate<'a> {
    pub(super) modules: BTreeMap<Path<'a>, Module<'a>>,
}

/// A module: a file, or a block inside a file.
#[derive(Default)]
pub(super) struct Module<'a> {
    pub(super) file: &'a str,
    /// Child modules, and whether they are `pub`.
    pub(super) children: BTreeMap<&'a str, bool>,
    pub(super) items: BTreeMap<&'a str, Item>,
    pub(super) imports: Vec<Import<'a>>,
    /// Everything but imports and child modules.
    code: Vec<&'a str>,
    macros: BTreeMap<&'a str, Vec<&'a str>>,
    /// Macros called outside functions: path and argument.
    calls: Vec<(Path<'a>, Vec<&'a str>)>,
}

/// Declaration of a name in a module.
#[derive(Clone, Copy, Default)]
pub(super) struct Item {
    pub(super) is_public: bool,
    /// A struct, enum, trait or type alias.
    pub(super) is_type: bool,
}

/// One name of a `use` declaration.
pub(super) struct Import<'a> {
    pub(super) path: Path<'a>,
    /// The name it gets here. `None` for a glob.
    pub(super) name: Option<&'a str>,
    pub(super) is_public: bool,
    /// Any `pub use`, also `pub(crate)` and the like.
    pub(super) is_reexport: bool,
}

/// Target of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target<'a> {
    Module(Path<'a>),
    Item { module: Path<'a>, name: &'a str },
}

/// A path in one file that leads to another place of the crate.
pub(super) struct Mention<'a> {
    pub(super) from: &'a str,
    pub(super) target: Target<'a>,
    /// The file of the target.
    pub(super) to: &'a str,
    pub(super) is_reexport: bool,
}

impl<'a> Crate<'a> {
    /// Reads files: path below `src`, and text.
    pub(super) fn read(files: &'a [(String, String)]) -> Self {
        let mut read = Self::default();
        for (file, text) in files {
            let mut path: Path<'a> = file.trim_end_matches(".rs").split('/').collect();
            if path == ["lib"] || path.last() == Some(&"mod") {
                path.pop();
            }
            read.add(path, file, &tokens(text));
        }
        read.expand_calls();
        read
    }

    /// Returns every import and path to an item of this crate, and the unresolved ones.
    ///
    /// Of names that a glob or a re-export brings, those in use are paths too.
    pub(super) fn mentions(&self) -> (Vec<Mention<'a>>, Vec<String>) {
        let (mut mentions, mut unresolved) = (Vec::new(), Vec::new());
        for (at, module) in &self.modules {
            let imports = module.imports.iter();
            let imports = imports.map(|import| (import.path.clone(), import.is_reexport));
            let paths = module.paths().into_iter().map(|path| (path, false));
            for (path, is_reexport) in imports.chain(paths) {
                if let Some(target) = self.resolve(at, &path) {
                    mentions.push(Mention {
                        from: module.file,
                        to: self.file_of(&target),
                        target,
                        is_reexport,
                    });
                } else if matches!(path[0], "crate" | "self" | "super") {
                    unresolved.push(format!("{}: {}", module.file, path.join("::")));
                }
            }
        }
        (mentions, unresolved)
    }

    /// Returns the target of a path in this module.
    pub(super) fn resolve(&self, module: &[&'a str], path: &[&'a str]) -> Option<Target<'a>> {
        self.resolve_within(module, path, 16)
    }

    /// `steps` ends the search where re-exports go in a circle.
    fn resolve_within(
        &self,
        module: &[&'a str],
        path: &[&'a str],
        steps: u8,
    ) -> Option<Target<'a>> {
        let mut at = module.to_vec();
        let mut rest = path;
        while let [first, more @ ..] = rest {
            match *first {
                "crate" => at.clear(),
                "super" => at.truncate(at.len().saturating_sub(1)),
                "self" => {}
                _ => break,
            }
            rest = more;
        }
        self.descend(at, rest, steps.checked_sub(1)?)
    }

    fn descend(&self, at: Path<'a>, rest: &[&'a str], steps: u8) -> Option<Target<'a>> {
        let module = self.modules.get(&at)?;
        let [name, more @ ..] = rest else {
            return Some(Target::Module(at));
        };
        let child = || {
            let mut child = at.clone();
            child.push(name);
            self.descend(child, more, steps)
        };
        // `mod read` and `fn read` may stand side by side: a last segment means the function.
        let is_child = module.children.contains_key(name);
        if is_child && !more.is_empty() {
            return child();
        }
        if module.items.contains_key(name) {
            return Some(Target::Item { module: at, name });
        }
        let imports = module.imports.iter();
        let mut named = imports.filter(|i| i.name == Some(name));
        let through = |import: &Import<'a>, more: &[&'a str]| {
            let path = [&import.path, more].concat();
            self.resolve_within(&at, &path, steps)
        };
        if let Some(found) = named.find_map(|import| through(import, more)) {
            return Some(found);
        }
        if is_child {
            return child();
        }
        let mut globs = module.imports.iter().filter(|i| i.name.is_none());
        globs.find_map(|glob| through(glob, rest))
    }

    /// The file that a target stands in.
    pub(super) fn file_of(&self, target: &Target<'a>) -> &'a str {
        let (Target::Module(path) | Target::Item { module: path, .. }) = target;
        self.modules.get(path).map_or("", |module| module.file)
    }

    fn add(&mut self, path: Path<'a>, file: &'a str, tokens: &[&'a str]) {
        let mut module = Module {
            file,
            ..Module::default()
        };
        let mut at = 0;
        let mut depth = 0_usize;
        while let Some(&token) = tokens.get(at) {
            let before = at.checked_sub(1).map_or("", |before| tokens[before]);
            match (token, &tokens[at + 1..]) {
                ("#", ["[", "cfg", "(", ..]) if is_for_tests(&tokens[at + 1..]) => {
                    at = end_of_item(tokens, at);
                    continue;
                }
                ("macro_rules", ["!", name, ..]) => {
                    let end = close(tokens, at + 3);
                    let body = &tokens[at + 3..=end];
                    module.macros.insert(name, body.to_vec());
                    module.items.insert(name, Item::default());
                    module.code.extend(body);
                    at = end + 1;
                    continue;
                }
                ("mod", [name, next, ..]) if is_name(name) && matches!(*next, ";" | "{") => {
                    module.children.insert(name, before == "pub");
                    let end = close(tokens, at + 2);
                    if *next == ";" {
                        at += 3;
                    } else {
                        let child = [path.as_slice(), &[*name]].concat();
                        self.add(child, file, &tokens[at + 3..end]);
                        at = end + 1;
                    }
                    continue;
                }
                ("use", [next, ..]) if *next != "<" => {
                    let visibility = (before == "pub", matches!(before, "pub" | ")"));
                    at = module.add_imports(tokens, at + 1, &[], visibility) + 1;
                    continue;
                }
                ("!", ["(" | "[" | "{", ..]) if depth == 0 && is_name(before) => {
                    let argument = &tokens[at + 2..close(tokens, at + 1)];
                    let path = path_before(&module.code);
                    module.calls.push((path, argument.to_vec()));
                }
                (_, [name, ..]) if depth == 0 && declares(token) && is_name(name) => {
                    let item = Item {
                        is_public: before == "pub",
                        is_type: is_type(token),
                    };
                    module.items.entry(name).or_insert(item);
                }
                ("(" | "[" | "{", _) => depth += 1,
                (")" | "]" | "}", _) => depth = depth.saturating_sub(1),
                _ => {}
            }
            module.code.push(token);
            at += 1;
        }
        self.modules.insert(path, module);
    }

    /// Adds the types that macros declare.
    ///
    /// A call declares these types:
    ///
    /// - those that its argument shows (`pub enum Name`);
    /// - those that have a fixed name in the macro;
    /// - where the macro writes `pub struct $name`, the names that open a part of the argument:
    ///   `Name { .. }`, `Name = ..;`, `Name => ..`.
    fn expand_calls(&mut self) {
        let naming = self.naming_macros();
        let mut found = Vec::new();
        for (at, module) in &self.modules {
            for (path, argument) in &module.calls {
                let Some(Target::Item { module, name }) = self.resolve(at, path) else {
                    continue;
                };
                let Some(body) = self.modules[&module].macros.get(name) else {
                    continue;
                };
                let mut types = declared_types(argument);
                types.extend(declared_types(body));
                // A table that hands its rows to the macro that is named.
                if let [callback] = argument[..]
                    && let Some(body) = self.modules[at].macros.get(callback)
                {
                    types.extend(declared_types(body));
                }
                if naming.contains(&(module, name)) {
                    let names = opening_names(argument).into_iter();
                    types.extend(names.map(|name| (name, true)));
                }
                found.push((at.clone(), types));
            }
        }
        for (at, types) in found {
            let Some(module) = self.modules.get_mut(&at) else {
                continue;
            };
            for (name, is_public) in types.into_iter().filter(|(name, _)| !name.starts_with('$')) {
                let is_type = true;
                module
                    .items
                    .entry(name)
                    .or_insert(Item { is_public, is_type });
            }
        }
    }

    /// The macros whose argument names a type, either by declaring it or by handing its name to
    /// another such macro.
    fn naming_macros(&self) -> BTreeSet<(Path<'a>, &'a str)> {
        let mut naming = BTreeSet::new();
        loop {
            let before = naming.len();
            for (at, module) in &self.modules {
                for (name, body) in &module.macros {
                    let declares = declared_types(body).contains(&("$", true));
                    let hands_on = || {
                        let marks = (0..body.len().saturating_sub(1)).filter(|at| body[*at] == "!");
                        marks.filter(|mark| is_open(body[mark + 1])).any(|mark| {
                            let argument = &body[mark + 2..close(body, mark + 1)];
                            let target = self.resolve(at, &path_before(&body[..mark]));
                            opening_names(argument).contains(&"$")
                                && matches!(target, Some(Target::Item { module, name })
                                    if naming.contains(&(module.clone(), name)))
                        })
                    };
                    if declares || hands_on() {
                        naming.insert((at.clone(), *name));
                    }
                }
            }
            if naming.len() == before {
                return naming;
            }
        }
    }
}

impl<'a> Module<'a> {
    /// Adds the names of a `use` tree that starts at `at`. Returns the index after it.
    fn add_imports(
        &mut self,
        tokens: &[&'a str],
        mut at: usize,
        prefix: &[&'a str],
        (is_public, is_reexport): (bool, bool),
    ) -> usize {
        let mut path = prefix.to_vec();
        let mut name = None;
        while let Some(&token) = tokens.get(at) {
            match token {
                "{" => {
                    let end = close(tokens, at);
                    at += 1;
                    while at < end {
                        at = self.add_imports(tokens, at, &path, (is_public, is_reexport));
                        at += usize::from(tokens[at] == ",");
                    }
                    return end + 1;
                }
                // A leading `::` means another crate.
                "::" if path.is_empty() => path.push("::"),
                "::" | "*" => {}
                "self" if !path.is_empty() => name = path.last().copied(),
                "as" => {
                    name = tokens.get(at + 1).copied();
                    at += 1;
                }
                _ if is_name(token) => {
                    path.push(token);
                    name = Some(token);
                }
                _ => break,
            }
            if token == "*" {
                name = None;
            }
            at += 1;
        }
        self.imports.push(Import {
            path,
            name,
            is_public,
            is_reexport,
        });
        at
    }

    /// Every path in the code, and the names that a glob or a re-export of this module may bring.
    fn paths(&self) -> Vec<Path<'a>> {
        let has_glob = self.imports.iter().any(|import| import.name.is_none());
        let imports = |name| self.imports.iter().filter(move |i| i.name == Some(name));
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(&token) = self.code.get(at) {
            let before = at.checked_sub(1).map_or("", |before| self.code[before]);
            at += 1;
            let is_start = !matches!(before, "." | "::" | "fn" | "'" | "$") || token == "crate";
            if !is_start || !is_name(token) {
                continue;
            }
            let mut path = vec![token];
            while let Some(["::", name]) = self.code.get(at..at + 2)
                && is_name(name)
            {
                path.push(name);
                at += 2;
            }
            let is_reexported = imports(token).any(|import| import.is_reexport);
            let may_be_glob = has_glob && imports(token).next().is_none();
            let is_keyword = matches!(token, "crate" | "self" | "super" | "Self");
            if path.len() > 1 || !is_keyword && (is_reexported || may_be_glob) {
                found.push(path);
            }
        }
        found
    }
}

fn is_open(token: &str) -> bool {
    matches!(token, "(" | "[" | "{")
}

fn is_type(keyword: &str) -> bool {
    matches!(keyword, "struct" | "enum" | "trait" | "type")
}

fn declares(keyword: &str) -> bool {
    is_type(keyword) || matches!(keyword, "fn" | "const" | "static")
}

/// Returns `true` if an attribute, from its `[` on, is a `cfg` that requires `test`.
fn is_for_tests(tokens: &[&str]) -> bool {
    let attribute = &tokens[..close(tokens, 0)];
    attribute.contains(&"test") && !attribute.contains(&"not")
}

/// Index after the item whose attribute starts at `at`.
fn end_of_item(tokens: &[&str], mut at: usize) -> usize {
    while let Some(&token) = tokens.get(at) {
        if is_open(token) {
            at = close(tokens, at);
        }
        at += 1;
        if matches!(token, ";" | "{") {
            break;
        }
    }
    at
}

/// The path that the tokens end in.
fn path_before<'a>(tokens: &[&'a str]) -> Path<'a> {
    let mut path = Vec::new();
    let mut rest = tokens;
    while let [before @ .., name] = rest
        && is_name(name)
    {
        path.insert(0, *name);
        rest = before.strip_suffix(&["::"]).unwrap_or(&[]);
    }
    path
}

/// The types that a macro's body or argument declares, and whether they are `pub`. A `$` stands
/// for a name that the caller gives.
fn declared_types<'a>(tokens: &[&'a str]) -> Vec<(&'a str, bool)> {
    let mut found = Vec::new();
    for (at, pair) in tokens.windows(2).enumerate() {
        let is_public = at > 0 && tokens[at - 1] == "pub";
        let [keyword, name] = pair else { continue };
        // An associated type is no item.
        if is_type(keyword) && (is_public || *keyword != "type") && (is_name(name) || *name == "$")
        {
            found.push((*name, is_public));
        }
    }
    found
}

/// The type names that open a part of a macro's argument, attributes left out. Parts end with `;`
/// or a block.
fn opening_names<'a>(argument: &[&'a str]) -> Vec<&'a str> {
    let mut found = Vec::new();
    let mut is_start = true;
    let mut at = 0;
    while let Some(&token) = argument.get(at) {
        match (token, &argument[at + 1..]) {
            // An attribute, or `$( #[..] )*`.
            ("#", ["[", ..]) => at = close(argument, at + 1),
            ("$", ["(", "#", ..]) => at = close(argument, at + 1) + 1,
            ("{", _) => {
                at = close(argument, at);
                is_start = true;
            }
            ("(" | "[", _) => {
                at = close(argument, at);
                is_start = false;
            }
            (";", _) => is_start = true,
            _ => {
                if is_start && (token == "$" || is_type_name(token)) {
                    found.push(token);
                }
                is_start = false;
            }
        }
        at += 1;
    }
    found
}

/// Returns `true` if a name has the case of a type: `Name`, not `name` or `NAME`.
fn is_type_name(token: &str) -> bool {
    let mut chars = token.chars();
    chars.next().is_some_and(char::is_uppercase)
        && (chars.as_str().is_empty() || chars.any(|c| !c.is_uppercase() && c != '_'))
}
