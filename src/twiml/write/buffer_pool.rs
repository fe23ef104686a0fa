//! Pool of the buffers into which elements are written.
//!
//! An element exists until it is appended to its parent, usually a few lines below. Each thread
//! keeps the buffers of past elements for the next ones. Building a document therefore allocates no
//! more than pushing its text by hand: once, for the finished text.

use std::cell::RefCell;
use std::ops::{Deref, DerefMut};

use super::element_buffer::ElementBuffer;

/// Number of buffers that a thread keeps, enough for the elements under construction at once.
const MAX_BUFFERS: usize = 8;

/// Capacity above which a buffer is freed, so that one long document does not occupy memory
/// forever.
const MAX_CAPACITY: usize = 4 * 1024;

thread_local! {
    #[expect(clippy::vec_box, reason = "an element holds the box")]
    static POOL: RefCell<Vec<Box<ElementBuffer>>> = const { RefCell::new(Vec::new()) };
}

/// Buffer of an element, taken from the pool and returned to it. An empty element has none.
///
/// This is a pointer, because a chain of setters moves the element repeatedly.
#[derive(Clone, Debug, Default)]
pub(in crate::twiml) struct PooledBuffer(Option<Box<ElementBuffer>>);

impl PooledBuffer {
    pub(in crate::twiml) const fn new() -> Self {
        Self(None)
    }

    /// Creates the buffer of an element from its text.
    #[inline]
    pub(in crate::twiml) fn with_text(text: &str) -> Self {
        let mut buffer = Self::new();
        buffer.set_initial_text(text);
        buffer
    }
}

impl Deref for PooledBuffer {
    type Target = ElementBuffer;

    #[inline]
    fn deref(&self) -> &ElementBuffer {
        static EMPTY: ElementBuffer = ElementBuffer::new();
        self.0.as_deref().unwrap_or(&EMPTY)
    }
}

impl DerefMut for PooledBuffer {
    #[inline]
    fn deref_mut(&mut self) -> &mut ElementBuffer {
        self.0.get_or_insert_with(take_buffer)
    }
}

impl PartialEq for PooledBuffer {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for PooledBuffer {}

impl Drop for PooledBuffer {
    #[inline]
    fn drop(&mut self) {
        if let Some(buffer) = self.0.take() {
            return_buffer(buffer);
        }
    }
}

#[expect(clippy::unnecessary_box_returns, reason = "the pool keeps boxes")]
fn take_buffer() -> Box<ElementBuffer> {
    // A thread that ends has already dropped its pool.
    let pooled = POOL.try_with(|pool| pool.borrow_mut().pop());
    pooled
        .ok()
        .flatten()
        .unwrap_or_else(|| Box::new(ElementBuffer::with_initial_capacity()))
}

fn return_buffer(mut buffer: Box<ElementBuffer>) {
    if buffer.capacity() > MAX_CAPACITY {
        return;
    }
    buffer.clear();
    // A thread that ends has already dropped its pool.
    let _ = POOL.try_with(|pool| {
        let mut pool = pool.borrow_mut();
        if pool.len() < MAX_BUFFERS {
            pool.push(buffer);
        }
    });
}
