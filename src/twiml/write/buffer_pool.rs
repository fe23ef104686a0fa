//! Where elements are written while they are built.
//!
//! An element lives from its making to the `append` a few lines below, and then its buffer is free
//! for the next one. So each thread keeps a few buffers at hand, and building a document allocates
//! as often as pushing its text by hand: once, for the finished text. An element itself is one
//! pointer: a chain of setters moves it again and again.

use std::cell::RefCell;
use std::ops::{Deref, DerefMut};

use super::element_buffer::{ElementBuffer, Tag};

/// Buffers that a thread keeps: as many as elements are under construction at once.
const MAX_POOLED: usize = 8;

/// Buffers above this many bytes are not kept: one long document shall not cost memory for ever.
const MAX_POOLED_BYTES: usize = 4 * 1024;

thread_local! {
    static POOL: RefCell<Pool> = const { RefCell::new(Pool { buffers: [const { None }; MAX_POOLED], count: 0 }) };
}

/// Buffers at hand: the first `count` places hold one, the others none.
struct Pool {
    buffers: [Option<Box<ElementBuffer>>; MAX_POOLED],
    count: usize,
}

/// A buffer that was used before, where one is at hand, and will be used again. Until something
/// is written, there is none.
#[derive(Clone, Debug, Default)]
pub(in crate::twiml) struct PooledBuffer(Option<Box<ElementBuffer>>);

impl PooledBuffer {
    pub(in crate::twiml) const fn new() -> Self {
        Self(None)
    }

    /// An element that begins with this text.
    #[inline]
    pub(in crate::twiml) fn with_text(text: &str) -> Self {
        let mut pooled = Self::new();
        pooled.set_initial_text(text);
        pooled
    }

    /// Whether nothing was ever written.
    #[inline]
    pub(in crate::twiml) const fn is_unused(&self) -> bool {
        self.0.is_none()
    }

    /// Appends an element, which is of no use any more.
    pub(in crate::twiml) fn push_element(&mut self, tag: Tag<'_>, element: &mut Self) {
        if self.is_unused() && element.become_parent(tag) {
            std::mem::swap(self, element);
        } else {
            ElementBuffer::push_element(self, tag, element);
        }
    }
}

static EMPTY: ElementBuffer = ElementBuffer::new();

impl Deref for PooledBuffer {
    type Target = ElementBuffer;

    #[inline]
    fn deref(&self) -> &ElementBuffer {
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
    // While a thread ends, there is none.
    POOL.try_with(|pool| {
        let pool = &mut *pool.borrow_mut();
        let last = pool.count.checked_sub(1)?;
        pool.count = last;
        pool.buffers.get_mut(last)?.take()
    })
    .ok()
    .flatten()
    .unwrap_or_else(|| Box::new(ElementBuffer::with_capacity()))
}

fn return_buffer(mut buffer: Box<ElementBuffer>) {
    if buffer.capacity() > MAX_POOLED_BYTES {
        return;
    }
    buffer.clear();
    // While a thread ends, nothing is kept.
    let _ = POOL.try_with(|pool| {
        let pool = &mut *pool.borrow_mut();
        if let Some(place) = pool.buffers.get_mut(pool.count) {
            *place = Some(buffer);
            pool.count += 1;
        }
    });
}
