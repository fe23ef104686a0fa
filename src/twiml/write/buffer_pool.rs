//! Reuses the buffers that elements are written into.
//!
//! An element lives until it is appended to its parent, usually a few lines below. Each thread
//! keeps the buffers of past elements for the next ones, so building a document allocates no more
//! than pushing its text by hand: once, for the finished text.

use std::cell::RefCell;
use std::ops::{Deref, DerefMut};

use super::element_buffer::ElementBuffer;

/// Buffers that a thread keeps: as many as elements are under construction at once.
const MAX_BUFFERS: usize = 8;

/// Capacity above which a buffer is freed: one long document shall not occupy memory for ever.
const MAX_CAPACITY: usize = 4 * 1024;

thread_local! {
    #[expect(clippy::vec_box, reason = "an element holds the box")]
    static POOL: RefCell<Vec<Box<ElementBuffer>>> = const { RefCell::new(Vec::new()) };
}

/// The buffer of an element, from the pool and back to it. An empty element has none.
///
/// A pointer, because a chain of setters moves the element again and again.
#[derive(Clone, Debug, Default)]
pub(in crate::twiml) struct PooledBuffer(Option<Box<ElementBuffer>>);

impl PooledBuffer {
    pub(in crate::twiml) const fn new() -> Self {
        Self(None)
    }

    /// The buffer of an element that is made of text.
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
    // While a thread ends, its pool is gone.
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
    // While a thread ends, its pool is gone.
    let _ = POOL.try_with(|pool| {
        let mut pool = pool.borrow_mut();
        if pool.len() < MAX_BUFFERS {
            pool.push(buffer);
        }
    });
}
