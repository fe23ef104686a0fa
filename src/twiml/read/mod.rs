//! Reader of existing documents into a tree of nodes.

mod node;
mod parse;

pub use node::{ChildNode, Node};
pub use parse::{ReadError, ReadErrorKind, read};
