//! Reader of existing documents into a tree of nodes.

#[cfg(feature = "sandbox")]
mod layout;
mod node;
mod parse;

#[cfg(feature = "sandbox")]
pub(crate) use layout::{ElementLines, Layout};
pub use node::{ChildNode, Node};
pub use parse::{ReadError, ReadErrorKind, read};
