//! Classes of characters, for grapheme clusters.

/// Grapheme cluster break property of a character, in Unicode's terms.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Control,
    Extend,
    Zwj,
    RegionalIndicator,
    SpacingMark,
    Prepend,
    L,
    V,
    T,
    Lv,
    Lvt,
    EBase,
    EBaseGaz,
    EModifier,
    GlueAfterZwj,
    Other,
}
