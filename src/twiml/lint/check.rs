//! Comparison of a document with the schemas and rules.
//!
//! Types prevent most faults. The remaining ones are in values, and in content from
//! `attribute(name, value)` and [`CustomElement`](crate::twiml::CustomElement).

use super::finding::{LintFinding, LintFindingKind};
use super::rules::{self, Position};
use super::value::value_problem;
use crate::twiml::elements::ELEMENTS;
use crate::twiml::read::{ChildNode, Node, read};
use crate::twiml::response::{MessagingResponse, VoiceResponse};
use crate::twiml::schema::{ConstructorSchema, ElementSchema};

/// Twilio's size limit of a document: 64 KB.
const MAX_BYTES: usize = 64 * 1024;

macro_rules! lint_method {
    ($($name:ident),+) => {$(
        impl $name {
            /// Returns everything that Twilio would refuse or warn about.
            ///
            /// Examples are values outside their range, and text that is not a URL where one is
            /// required. Unknown elements and attributes are reported too, and documents above 64
            /// KB. The list is empty if no fault is found.
            ///
            /// The method parses the whole document, so it is meant for tests.
            #[must_use]
            pub fn lint(&self) -> Vec<LintFinding> {
                lint(&self.to_xml(), stringify!($name))
            }
        }
    )+};
}

lint_method!(VoiceResponse, MessagingResponse);

/// Returns all faults of a document from this crate. `root` is the name of its Rust type.
fn lint(xml: &str, root: &str) -> Vec<LintFinding> {
    let document = read(xml);
    let mut linter = Linter::new();
    if xml.len() > MAX_BYTES {
        linter.add(
            LintFindingKind::TooLong,
            "the document is above 64 KB, which Twilio refuses",
        );
    }
    // The writer produces well-formed XML, so only length or depth can prevent reading.
    match &document {
        Ok(node) => linter.children(node, Some(root)),
        Err(error) => linter.add(LintFindingKind::TooLong, error.reason()),
    }
    linter.findings
}

/// Returns all faults of a parsed document. `root` is the name of its Rust type:
/// `VoiceResponse` or `MessagingResponse`.
#[cfg(feature = "sandbox")]
pub(crate) fn lint_node(document: &Node, root: &str) -> Vec<LintFinding> {
    let mut linter = Linter::new();
    linter.children(document, Some(root));
    linter.findings
}

struct Linter<'n> {
    findings: Vec<LintFinding>,
    /// Tags of the open elements, from the root.
    path: Vec<&'n str>,
}

impl<'n> Linter<'n> {
    fn new() -> Self {
        Self {
            findings: Vec::new(),
            path: vec!["Response"],
        }
    }

    fn add(&mut self, kind: LintFindingKind, message: impl Into<String>) {
        self.push(kind, None, message.into());
    }

    fn add_attribute(
        &mut self,
        kind: LintFindingKind,
        attribute: &str,
        message: impl Into<String>,
    ) {
        self.push(kind, Some(cut(attribute).to_owned()), message.into());
    }

    fn push(&mut self, kind: LintFindingKind, attribute: Option<String>, message: String) {
        let names = self.path.iter().map(|name| cut(name));
        self.findings.push(LintFinding {
            kind,
            path: names.collect::<Vec<_>>().join(" > "),
            attribute,
            message,
        });
    }

    /// Checks the children of a node. `parent` is the Rust name of its type, if it has one.
    fn children(&mut self, node: &'n Node, parent: Option<&str>) {
        for (index, child) in node.children().enumerate() {
            self.path.push(child.name());
            let schema = self.schema(child, parent);
            if let Some(schema) = schema {
                self.element(child, schema, &Position { parent, index });
            }
            self.children(child, schema.map(|schema| schema.type_name));
            self.path.pop();
        }
    }

    /// Finds the schema of an element by its tag and its parent.
    fn schema(&mut self, node: &Node, parent: Option<&str>) -> Option<&'static ElementSchema> {
        // Elements may share a tag. The parent decides which of them is meant.
        let schemas = || {
            ELEMENTS
                .iter()
                .copied()
                .filter(|schema| schema.tag == node.name())
        };
        let Some(any) = schemas().next() else {
            let message =
                "this version does not know the element; check the spelling and case of its name";
            self.add(LintFindingKind::UnknownElement, message);
            return None;
        };
        // An element without a schema may hold any other.
        let Some(parent) = parent else {
            return Some(any);
        };
        let here = schemas().find(|schema| schema.parents.contains(&parent));
        if here.is_none() {
            let message = format!("`<{}>` may not appear inside `<{parent}>`", any.tag);
            self.add(LintFindingKind::Misplaced, message);
        }
        // The content of a misplaced element is checked too.
        Some(here.unwrap_or(any))
    }

    fn element(&mut self, node: &Node, schema: &ElementSchema, position: &Position<'_>) {
        for (name, value) in node.attributes() {
            match schema
                .attributes
                .iter()
                .find(|attribute| attribute.name == name)
            {
                Some(attribute) => {
                    let problem = value_problem(attribute.value_type, attribute.range, value);
                    if let Some(problem) = problem {
                        let message = format!("`{name}` {problem}");
                        self.add_attribute(LintFindingKind::InvalidValue, name, message);
                    }
                }
                None => self.add_attribute(
                    LintFindingKind::UnknownAttribute,
                    name,
                    format!(
                        "this version does not know the attribute `{name}` here; check the \
                         spelling and case of its name"
                    ),
                ),
            }
        }
        self.text(node, schema);
        if !schema
            .constructors
            .iter()
            .any(|constructor| is_satisfied(constructor, node))
        {
            self.add(LintFindingKind::Missing, requirements(schema));
        }
        for rule in rules::violated(schema.type_name, node, position) {
            // A rule about an attribute opens with its name.
            let named = rule.message.strip_prefix('`');
            match named.and_then(|rest| rest.split_once('`')) {
                Some((name, _)) => self.add_attribute(rule.kind, name, rule.message),
                None => self.add(rule.kind, rule.message),
            }
        }
    }

    fn text(&mut self, node: &Node, schema: &ElementSchema) {
        let text = node.text();
        let text = text.trim();
        // An indented document has blank text between its elements.
        if text.is_empty() {
            return;
        }
        let value_type = schema
            .constructors
            .iter()
            .find_map(|constructor| constructor.text);
        match value_type {
            Some(value_type) => {
                if let Some(problem) = value_problem(value_type, None, text) {
                    self.add(LintFindingKind::InvalidValue, format!("the text {problem}"));
                }
            }
            None if schema.mixed_content => {}
            None => self.add(LintFindingKind::Misplaced, "text is not permitted here"),
        }
    }
}

/// Returns a name without the letters after the 64th, so that names do not fill memory. Twilio's
/// longest name has 24 letters.
fn cut(name: &str) -> &str {
    match name.char_indices().nth(64) {
        Some((end, _)) => name.get(..end).unwrap_or_default(),
        None => name,
    }
}

/// Returns `true` if the element holds everything that a constructor requires.
fn is_satisfied(constructor: &ConstructorSchema, node: &Node) -> bool {
    let mut required = constructor.required_attributes.iter();
    let has_attributes = required.all(|attribute| node.attribute(attribute.name).is_some());
    let has_content = node.child_nodes().any(|item| match item {
        ChildNode::Text(text) => !text.trim().is_empty(),
        ChildNode::Element(_) => true,
    });
    has_attributes && (constructor.text.is_none() || has_content)
}

/// Describes the requirements of the constructors.
fn requirements(schema: &ElementSchema) -> String {
    let alternatives: Vec<_> = schema
        .constructors
        .iter()
        .map(|constructor| {
            if constructor.text.is_some() {
                return "its text".to_owned();
            }
            let names = constructor
                .required_attributes
                .iter()
                .map(|a| format!("`{}`", a.name));
            names.collect::<Vec<_>>().join(" and ")
        })
        .collect();
    format!("requires {}", alternatives.join(" or "))
}
