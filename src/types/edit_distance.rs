//! Edit distance, to recognise misspelt words.

/// Returns the number of edits between two texts: letters added, left out or replaced, or
/// neighbours swapped (optimal string alignment).
///
/// Its running time is the product of the lengths, which the caller must bound.
pub(crate) fn edit_distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    // Half of the maximum cannot overflow when an edit is added.
    let at = |row: &[usize], column: usize| row.get(column).copied().unwrap_or(usize::MAX / 2);
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=to.len()).collect();
    let mut above = None;
    for (row, letter) in from.chars().enumerate() {
        let mut current = vec![row + 1];
        let mut left = None;
        for (column, wanted) in to.iter().copied().enumerate() {
            let replaced = at(&last, column) + usize::from(letter != wanted);
            let added = at(&current, column) + 1;
            let left_out = at(&last, column + 1) + 1;
            let mut cost = replaced.min(added).min(left_out);
            if above == Some(wanted) && left == Some(letter) {
                cost = cost.min(at(&before_last, column - 1) + 1);
            }
            current.push(cost);
            left = Some(wanted);
        }
        before_last = last;
        last = current;
        above = Some(letter);
    }
    last.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::edit_distance;

    #[test]
    fn each_edit_counts_once() {
        for (from, to, distance) in [
            ("stop", "stop", 0),
            ("", "stop", 4),
            ("stop", "", 4),
            ("stp", "stop", 1),
            ("stoop", "stop", 1),
            ("step", "stop", 1),
            ("sotp", "stop", 1),
            ("tsop", "stop", 1),
            ("stpo", "stop", 1),
            ("unsubscibe", "unsubscribe", 1),
            ("usnubscribee", "unsubscribe", 2),
            ("cancer", "revoke", 6),
        ] {
            assert_eq!(edit_distance(from, to), distance, "{from} {to}");
        }
    }
}
