//! Everything that the program prints: tables for people, JSON for scripts.

use std::borrow::Cow;
use std::fmt::{self, Display, Write as _};
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use serde::Serialize;

use crate::failure::Failure;

/// Form in which answers are printed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    json: bool,
}

impl Output {
    pub(crate) const fn new(json: bool) -> Self {
        Self { json }
    }

    /// Prints an answer: its `Display` for people, or its JSON.
    pub(crate) fn print<A: Display + Serialize>(self, answer: &A) -> Result<(), Failure> {
        if self.json {
            print_line(&to_json(answer, true)?)
        } else {
            print_line(&answer.to_string())
        }
    }

    /// Prints many answers, one a line. In JSON, each line is a document of its own.
    pub(crate) fn print_rows<A: Display + Serialize>(
        self,
        rows: impl IntoIterator<Item = Result<A, Failure>>,
    ) -> Result<(), Failure> {
        print_lines(rows.into_iter().map(|row| {
            let row = row?;
            if self.json {
                to_json(&row, false)
            } else {
                Ok(row.to_string())
            }
        }))
    }

    /// Returns `true` if answers are printed as JSON.
    #[cfg(feature = "batch")]
    pub(crate) const fn is_json(self) -> bool {
        self.json
    }

    /// Prints a line about the progress, for people only.
    pub(crate) fn progress(self, line: &str) -> Result<(), Failure> {
        if self.json { Ok(()) } else { print_line(line) }
    }

    /// Prints an answer. On a terminal, the first word of each line has its colour.
    pub(crate) fn print_coloured<A: Display + Serialize>(
        self,
        answer: &A,
        colours: &[(&str, u8)],
    ) -> Result<(), Failure> {
        if self.json || !io::stdout().is_terminal() || std::env::var_os("NO_COLOR").is_some() {
            return self.print(answer);
        }
        let coloured = colour_first_words(&visible(&answer.to_string()), colours);
        ignore_closed_pipe(writeln!(io::stdout().lock(), "{coloured}"))
    }
}

/// Prints many answers as JSON, a document a line.
#[cfg(feature = "batch")]
pub(crate) fn print_json_rows<A: Serialize>(
    rows: impl IntoIterator<Item = A>,
) -> Result<(), Failure> {
    print_lines(rows.into_iter().map(|row| to_json(&row, false)))
}

fn print_lines(lines: impl Iterator<Item = Result<String, Failure>>) -> Result<(), Failure> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    for line in lines {
        if writeln!(out, "{}", visible(&line?)).is_err() {
            // The reader, such as `head`, has enough.
            return Ok(());
        }
    }
    ignore_closed_pipe(out.flush())
}

/// Asks a question on the terminal, and returns `true` if the answer is yes. Without a terminal
/// no one can answer, so the command needs its option `--yes`.
pub(crate) fn confirm(question: &str) -> Result<bool, Failure> {
    if !io::stdin().is_terminal() {
        return Err(Failure::usage(
            "no terminal to ask for confirmation; add --yes if you are sure",
        ));
    }
    let mut err = io::stderr().lock();
    write!(err, "{} [y/N] ", visible(question))?;
    err.flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(
        answer.trim().to_ascii_lowercase().as_str(),
        "y" | "yes"
    ))
}

/// Prints a line to the standard output.
pub(crate) fn print_line(line: &str) -> Result<(), Failure> {
    ignore_closed_pipe(writeln!(io::stdout().lock(), "{}", visible(line)))
}

/// Prints a remark for people to the standard error, which is not part of the answer.
pub(crate) fn print_remark(remark: &str) {
    // Without a standard error there is no one to tell.
    let _ = writeln!(io::stderr().lock(), "{}", visible(remark));
}

/// Prints the error that ends the program.
pub(crate) fn print_failure(failure: &Failure) {
    print_remark(&format!("clinspark-twilio: {failure}"));
}

/// Escapes characters that a terminal acts on or that change the order of others, as JSON does.
///
/// Names, URLs and statuses come from Twilio, from files and from other people. They must not hide
/// or forge a line, such as the change that a person is asked to confirm.
fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_control) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_control(c) {
            // Writing to a `String` never fails. All of these characters have four digits at most.
            let _ = write!(shown, "\\u{:04x}", u32::from(c));
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

/// Escapes line breaks as well, which would forge a row or a fact.
pub(crate) fn one_line(text: &str) -> String {
    visible(text).replace('\n', "\\u000a")
}

/// Returns `true` for a control character other than line break and tab, a further line break of
/// Unicode, and a mark or control of direction.
const fn is_control(c: char) -> bool {
    matches!(
        c,
        '\0'..='\u{8}'
            | '\u{B}'..='\u{1F}'
            | '\u{7F}'..='\u{9F}'
            | '\u{61C}'
            | '\u{200E}'
            | '\u{200F}'
            | '\u{2028}'..='\u{202E}'
            | '\u{2066}'..='\u{2069}'
    )
}

fn ignore_closed_pipe(written: io::Result<()>) -> Result<(), Failure> {
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

fn to_json(answer: &impl Serialize, pretty: bool) -> Result<String, Failure> {
    let json = if pretty {
        serde_json::to_string_pretty(answer)
    } else {
        serde_json::to_string(answer)
    };
    json.map_err(|error| Failure::usage(format!("the answer cannot be written as JSON: {error}")))
}

fn colour_first_words(text: &str, colours: &[(&str, u8)]) -> String {
    let lines = text.lines().map(|line| {
        let first = line.split(' ').next().unwrap_or_default();
        match colours.iter().find(|(word, _)| *word == first) {
            Some((word, colour)) => {
                let rest = line.strip_prefix(word).unwrap_or_default();
                format!("\u{1b}[{colour}m{word}\u{1b}[0m{rest}")
            }
            None => line.to_owned(),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Table with columns as wide as their widest cell.
#[derive(Debug)]
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new(headers: &[&str]) -> Self {
        let headers = headers.iter().map(|header| (*header).to_owned());
        Self {
            rows: vec![headers.collect()],
        }
    }

    /// Creates a table of names and values, without headers.
    pub(crate) const fn of_pairs() -> Self {
        Self { rows: Vec::new() }
    }

    pub(crate) fn row<const N: usize>(&mut self, cells: [&dyn Display; N]) {
        let cells = cells.iter().map(|cell| match cell.to_string() {
            text if text.is_empty() => "-".to_owned(),
            text => one_line(&text),
        });
        self.rows.push(cells.collect());
    }
}

impl Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut widths: Vec<usize> = Vec::new();
        for row in &self.rows {
            for (index, cell) in row.iter().enumerate() {
                let width = cell.chars().count();
                match widths.get_mut(index) {
                    Some(widest) => *widest = width.max(*widest),
                    None => widths.push(width),
                }
            }
        }
        for (index, row) in self.rows.iter().enumerate() {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(&widths) {
                write!(line, "{cell:<width$}  ")?;
            }
            let separator = if index == 0 { "" } else { "\n" };
            write!(f, "{separator}{}", line.trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Table, colour_first_words, visible};

    #[test]
    fn nothing_moves_the_cursor_or_turns_the_direction() {
        let moves = |c: &char| {
            (c.is_control() && !matches!(c, '\n' | '\t'))
                || "\u{61C}\u{200E}\u{200F}\u{2028}\u{2029}\u{202A}\u{202B}\u{202C}\u{202D}\u{202E}\u{2066}\u{2067}\u{2068}\u{2069}"
                    .contains(*c)
        };
        for c in '\0'..=char::MAX {
            let text = format!("a{c}b");
            let shown = visible(&text);
            if moves(&c) {
                assert_eq!(shown, format!("a\\u{:04x}b", u32::from(c)));
                let json: String = serde_json::from_str(&format!("\"{shown}\"")).unwrap();
                assert_eq!(json, text, "the same character in JSON");
            } else {
                assert_eq!(shown, text);
            }
        }
        let mut table = Table::new(&["NAME"]);
        table.row([&"x\nok\u{1b}[2J"]);
        assert_eq!(table.to_string(), "NAME\nx\\u000aok\\u001b[2J");
    }

    #[test]
    fn colour_adds_only_escape_codes() {
        let text = "blocker       a-check\nnote          another\n              blocker";
        let coloured = colour_first_words(text, &[("blocker", 31), ("note", 36)]);
        assert!(coloured.starts_with("\u{1b}[31mblocker\u{1b}[0m       a-check"));
        let mut stripped = coloured;
        for code in ["31", "36", "0"] {
            stripped = stripped.replace(&format!("\u{1b}[{code}m"), "");
        }
        assert_eq!(stripped, text);
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let mut table = Table::new(&["SID", "STATUS"]);
        table.row([&"PN1234", &"in-use"]);
        table.row([&"PN1", &""]);
        assert_eq!(
            table.to_string(),
            "SID     STATUS\nPN1234  in-use\nPN1     -"
        );
    }
}
