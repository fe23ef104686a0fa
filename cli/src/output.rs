//! Everything that the program prints: tables for people, JSON for scripts.

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
        let mut out = io::BufWriter::new(io::stdout().lock());
        for row in rows {
            let row = row?;
            let written = if self.json {
                writeln!(out, "{}", to_json(&row, false)?)
            } else {
                writeln!(out, "{row}")
            };
            if written.is_err() {
                // The reader, such as `head`, has enough.
                return Ok(());
            }
        }
        ignore_closed_pipe(out.flush())
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
        print_line(&colour_first_words(&answer.to_string(), colours))
    }
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
    write!(err, "{question} [y/N] ")?;
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
    ignore_closed_pipe(writeln!(io::stdout().lock(), "{line}"))
}

/// Prints a remark for people to the standard error, which is not part of the answer.
pub(crate) fn print_remark(remark: &str) {
    // Without a standard error there is no one to tell.
    let _ = writeln!(io::stderr().lock(), "{remark}");
}

/// Prints the error that ends the program.
pub(crate) fn print_failure(failure: &Failure) {
    print_remark(&format!("clinspark-twilio: {failure}"));
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
            text => text,
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
    use super::{Table, colour_first_words};

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
