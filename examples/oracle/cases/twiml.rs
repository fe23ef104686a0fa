//! TwiML: lint findings of built documents, and the reader.

use clinspark_twilio::twiml::{
    self, ChildNode, CustomElement, MessagingResponse, NameError, Node, VoiceResponse,
};
use serde::Deserialize;

use super::{Answer, Case, NotRun, Outcome};

/// `lint`: `found` or `clean`.
///
/// Only the builders have `lint`, so the document is built from its XML: the same elements,
/// attributes and text in the same order. `build` names the constructor of the root.
pub(super) fn lint(case: &Case) -> Outcome {
    #[derive(Deserialize)]
    struct Input {
        build: String,
        xml: String,
    }
    let Input { build, xml } = case.input()?;
    let root = twiml::read(&xml).map_err(|error| NotRun(format!("cannot read `xml`: {error}")))?;
    let children = root.children().map(rebuilt).collect::<Result<Vec<_>, _>>();
    let children = children.map_err(|error| NotRun(format!("cannot build `xml`: {error}")))?;
    let (built, findings) = match (build.contains("v()"), build.contains("m()")) {
        (true, false) => {
            let document = children
                .into_iter()
                .fold(VoiceResponse::new(), VoiceResponse::append);
            (document.to_xml(), document.lint())
        }
        (false, true) => {
            let document = children
                .into_iter()
                .fold(MessagingResponse::new(), MessagingResponse::append);
            (document.to_xml(), document.lint())
        }
        _ => return Err(NotRun("`build` names neither `v()` nor `m()`".to_owned())),
    };
    if twiml::read(&built).ok().as_ref() != Some(&root) {
        return Err(NotRun("the builders cannot write this `xml`".to_owned()));
    }
    Ok(Answer::of(if findings.is_empty() {
        "clean"
    } else {
        "found"
    }))
}

fn rebuilt(node: &Node) -> Result<CustomElement, NameError> {
    let element = CustomElement::new(node.name())?;
    let element = node
        .attributes()
        .try_fold(element, |element, (name, value)| {
            element.attribute(name, value)
        })?;
    node.child_nodes().try_fold(element, |element, item| {
        Ok(match item {
            ChildNode::Text(text) => element.append(text),
            ChildNode::Element(child) => element.append(rebuilt(child)?),
            _ => element,
        })
    })
}

/// `read`: the name of the root, or the kind of the error.
pub(super) fn read(case: &Case) -> Outcome {
    let xml: String = case.input()?;
    Ok(match twiml::read(&xml) {
        Ok(root) => Answer::of(root.name()),
        Err(error) => Answer::refusal(format!("{:?}", error.kind())),
    })
}
