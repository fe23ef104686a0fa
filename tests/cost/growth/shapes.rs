//! Twelve shapes of input, each at any size.

/// An arrangement of pieces of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// One piece holds half the bytes and sorts into the middle of many short ones.
    OneLong,
    /// Every piece is the same.
    Equal,
    /// Every piece sorts behind the one before it.
    Sorted,
    /// Every piece sorts before the one before it.
    Reversed,
    /// Brackets: opening ones, then as many closing ones.
    Nested,
    /// Every character has to be unescaped, in forms, XML or JSON.
    Escaped,
    /// One piece holds all bytes.
    OnePiece,
    /// Pieces of one byte.
    Tiny,
    /// Long and short pieces alternate; all long ones have the same beginning.
    Alternating,
    /// Characters outside ASCII.
    MultiByte,
    /// Random letters and lengths.
    Random,
    /// One long piece is the pivot of a quicksort that takes the median of sampled places.
    Pivot,
}

impl Shape {
    pub(crate) const ALL: [Self; 12] = [
        Self::OneLong,
        Self::Equal,
        Self::Sorted,
        Self::Reversed,
        Self::Nested,
        Self::Escaped,
        Self::OnePiece,
        Self::Tiny,
        Self::Alternating,
        Self::MultiByte,
        Self::Random,
        Self::Pivot,
    ];

    /// Returns the pieces, about `size` bytes together.
    pub(crate) fn pieces(self, size: usize) -> Vec<String> {
        let number = |n: usize| format!("{n:08}");
        match self {
            Self::OneLong => {
                let mut pieces: Vec<_> = (0..size / 16).map(number).collect();
                let middle = format!("{:08}", size / 32);
                pieces.insert(0, middle + &"\u{E9}".repeat(size / 4));
                pieces
            }
            Self::Equal => vec!["equals".to_owned(); size / 6],
            Self::Sorted => (0..size / 8).map(number).collect(),
            Self::Reversed => (0..size / 8).rev().map(number).collect(),
            Self::Nested => {
                let open = std::iter::repeat_n("[", size / 2);
                let close = std::iter::repeat_n("]", size / 2);
                open.chain(close).map(str::to_owned).collect()
            }
            Self::Escaped => vec![r#"%E9+&lt;\u00e9\"'"#.to_owned(); size / 17],
            Self::OnePiece => vec!["x".repeat(size)],
            Self::Tiny => (0..size).map(|n| (n * 7 % 10).to_string()).collect(),
            Self::Alternating => (0..size / 33)
                .map(|n| match n % 2 {
                    0 => "x".repeat(56) + &number(n),
                    _ => (n % 10).to_string(),
                })
                .collect(),
            Self::MultiByte => vec!["\u{E9}\u{1F600}\u{5D0}".to_owned(); size / 8],
            Self::Random => random(size),
            Self::Pivot => pivot(size),
        }
    }
}

fn random(size: usize) -> Vec<String> {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = |below: u64| {
        // Xorshift, with the same numbers in every run.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    let mut pieces = Vec::new();
    let mut left = size;
    while left > 0 {
        let length = usize::try_from(next(24)).unwrap() + 1;
        let letters =
            (0..length).map(|_| char::from_u32(0x21 + u32::try_from(next(0x5E)).unwrap()));
        pieces.push(letters.flatten().collect());
        left = left.saturating_sub(length);
    }
    pieces
}

/// Quicksort takes as its pivot the median of the elements at the beginning, at four eighths and at
/// seven eighths, recursively. Here that is the first piece: elements at four eighths are less, and
/// elements at seven eighths are greater.
fn pivot(size: usize) -> Vec<String> {
    let mut pieces: Vec<String> = (0..size / 4)
        .map(|n| ((n % 2) * 8 + 1).to_string())
        .collect();
    let mut eighth = pieces.len() / 8;
    while eighth > 0 {
        let less = pieces.iter_mut().skip(4 * eighth).take(eighth);
        less.for_each(|piece| "1".clone_into(piece));
        let more = pieces.iter_mut().skip(7 * eighth).take(eighth);
        more.for_each(|piece| "9".clone_into(piece));
        eighth /= 8;
    }
    let long = format!("5{}", "\u{E9}".repeat(size / 4));
    if let Some(first) = pieces.first_mut() {
        *first = long;
    }
    pieces
}
