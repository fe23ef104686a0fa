//! Where an element is written while it is built.
//!
//! An element lives from its making to the `append` a few lines below, and then its buffer is
//! free for the next one. So each thread keeps a few buffers at hand, and building a document
//! allocates as often as pushing its text by hand: once, for the finished text.

use std::cell::RefCell;
use std::ops::{Deref, DerefMut};

/// Buffers that a thread keeps: as many as elements are under construction at once.
const SPARES: usize = 8;

/// Buffers above this many bytes are not kept: one long document shall not cost memory for ever.
const LARGEST: usize = 4 * 1024;

/// Room for an element of a few attributes or children, so that it rarely grows.
const ROOM: usize = 480;

thread_local! {
    static SPARE: RefCell<Spare> = const {
        RefCell::new(Spare { buffers: [const { String::new() }; SPARES], count: 0 })
    };
}

/// A `String` that was used before, where one is at hand, and will be used again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Buffer(String);

impl Buffer {
    pub(super) const fn new() -> Self {
        Self(String::new())
    }

    /// Makes room to write, if nothing was written yet.
    #[inline]
    pub(super) fn open(&mut self) {
        if self.0.capacity() == 0 {
            lend(&mut self.0);
        }
    }
}

impl Deref for Buffer {
    type Target = String;

    #[inline]
    fn deref(&self) -> &String {
        &self.0
    }
}

impl DerefMut for Buffer {
    #[inline]
    fn deref_mut(&mut self) -> &mut String {
        &mut self.0
    }
}

impl Drop for Buffer {
    #[inline]
    fn drop(&mut self) {
        if self.0.capacity() > 0 {
            keep(&mut self.0);
        }
    }
}

/// Buffers at hand: the first `count` are, the others have no room.
struct Spare {
    buffers: [String; SPARES],
    count: usize,
}

/// Swaps, as [`keep`] does: moving a `String` costs as much as copying a short text.
fn lend(buffer: &mut String) {
    // While a thread ends, there is none.
    let _ = SPARE.try_with(|spare| {
        let spare = &mut *spare.borrow_mut();
        let last = spare.count.wrapping_sub(1);
        if let Some(at_hand) = spare.buffers.get_mut(last) {
            std::mem::swap(buffer, at_hand);
            spare.count = last;
        }
    });
    if buffer.capacity() == 0 {
        buffer.reserve(ROOM);
    }
}

fn keep(buffer: &mut String) {
    if buffer.capacity() > LARGEST {
        return;
    }
    buffer.clear();
    // While a thread ends, nothing is kept.
    let _ = SPARE.try_with(|spare| {
        let spare = &mut *spare.borrow_mut();
        if let Some(place) = spare.buffers.get_mut(spare.count) {
            std::mem::swap(buffer, place);
            spare.count += 1;
        }
    });
}
