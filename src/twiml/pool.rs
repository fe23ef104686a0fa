//! Where elements are written while they are built.
//!
//! An element lives from its making to the `append` a few lines below, and then its draft is free
//! for the next one. So each thread keeps a few drafts at hand, and building a document allocates
//! as often as pushing its text by hand: once, for the finished text. An element itself is one
//! pointer: a chain of setters moves it again and again.

use std::cell::RefCell;
use std::ops::{Deref, DerefMut};

use super::node::Draft;

/// Drafts that a thread keeps: as many as elements are under construction at once.
const SPARES: usize = 8;

/// Drafts above this many bytes are not kept: one long document shall not cost memory for ever.
const LARGEST: usize = 4 * 1024;

thread_local! {
    static SPARE: RefCell<Spare> = const { RefCell::new(Spare { drafts: [const { None }; SPARES], count: 0 }) };
}

/// Drafts at hand: the first `count` places hold one, the others none.
struct Spare {
    drafts: [Option<Box<Draft>>; SPARES],
    count: usize,
}

/// A draft that was used before, where one is at hand, and will be used again. Until something
/// is written, there is none.
#[derive(Clone, Debug, Default)]
pub(super) struct Pooled(Option<Box<Draft>>);

impl Pooled {
    pub(super) const fn new() -> Self {
        Self(None)
    }

    /// An element that begins with this text.
    #[inline]
    pub(super) fn with_text(text: &str) -> Self {
        let mut pooled = Self::new();
        pooled.begin(text);
        pooled
    }

    /// Whether nothing was ever written.
    #[inline]
    pub(super) const fn is_untouched(&self) -> bool {
        self.0.is_none()
    }
}

static UNTOUCHED: Draft = Draft::new();

impl Deref for Pooled {
    type Target = Draft;

    #[inline]
    fn deref(&self) -> &Draft {
        self.0.as_deref().unwrap_or(&UNTOUCHED)
    }
}

impl DerefMut for Pooled {
    #[inline]
    fn deref_mut(&mut self) -> &mut Draft {
        self.0.get_or_insert_with(lend)
    }
}

impl PartialEq for Pooled {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Pooled {}

impl Drop for Pooled {
    #[inline]
    fn drop(&mut self) {
        if let Some(draft) = self.0.take() {
            keep(draft);
        }
    }
}

#[expect(clippy::unnecessary_box_returns, reason = "the box is what is lent")]
fn lend() -> Box<Draft> {
    // While a thread ends, there is none.
    SPARE
        .try_with(|spare| {
            let spare = &mut *spare.borrow_mut();
            let last = spare.count.checked_sub(1)?;
            spare.count = last;
            spare.drafts.get_mut(last)?.take()
        })
        .ok()
        .flatten()
        .unwrap_or_else(|| Box::new(Draft::with_room()))
}

fn keep(mut draft: Box<Draft>) {
    if draft.room() > LARGEST {
        return;
    }
    draft.clear();
    // While a thread ends, nothing is kept.
    let _ = SPARE.try_with(|spare| {
        let spare = &mut *spare.borrow_mut();
        if let Some(place) = spare.drafts.get_mut(spare.count) {
            *place = Some(draft);
            spare.count += 1;
        }
    });
}
