//! Writer: escaping, element buffers, the pool of buffers, attribute values.

mod attribute_value;
mod buffer_pool;
mod element_buffer;
mod escape;

pub(super) use attribute_value::{
    AttributeValue, ListItem, write_list, write_milliseconds, write_phrases, write_seconds,
    write_ssml_duration,
};
pub(super) use buffer_pool::PooledBuffer;
pub(super) use element_buffer::{Attribute, OwnedTag, Tag};
pub(super) use escape::{escape_attribute, is_forbidden};
