//! Columns of CSV files, and the limit on the lines of an input that is read in parts.

use std::io::{self, Read};

use clinspark_twilio::phone::{CountryPrefix, Normalizer, Region};
use csv::ByteRecord;

use crate::failure::Failure;

/// Maximum number of bytes of a line: 1 MiB. No number and no row of a file is that long.
const MAX_LINE_BYTES: usize = 1024 * 1024;

/// Reader that fails at a line over 1 MiB, so that an endless one does not fill the memory.
#[derive(Debug)]
pub(crate) struct LimitedLines<R> {
    input: R,
    line_bytes: usize,
}

impl<R> LimitedLines<R> {
    pub(crate) const fn new(input: R) -> Self {
        Self {
            input,
            line_bytes: 0,
        }
    }
}

impl<R: Read> Read for LimitedLines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        let read = buffer.get(..count).unwrap_or_default();
        self.line_bytes = match read.iter().rposition(|byte| *byte == b'\n') {
            Some(at) => count - at - 1,
            None => self.line_bytes + count,
        };
        if self.line_bytes > MAX_LINE_BYTES {
            return Err(io::Error::other("a line is longer than 1 MiB"));
        }
        Ok(count)
    }
}

/// Returns the normalizer for a number's own country, as two letters or a calling code. `None` if the
/// country is unknown: the default would be a guess.
pub(crate) fn normalizer(country: &str, default: Normalizer) -> Option<Normalizer> {
    let country = country.trim();
    if country.is_empty() {
        return Some(default);
    }
    let region = Region::parse(country).ok();
    let prefix = CountryPrefix::parse(country).ok();
    if region.is_none() && prefix.is_none() {
        return None;
    }
    Normalizer::from_defaults(prefix, region).ok()
}

/// Returns the character between the fields of a CSV file.
pub(crate) fn delimiter(typed: char) -> Result<u8, Failure> {
    let byte = u8::try_from(typed).ok().filter(u8::is_ascii);
    byte.ok_or_else(|| Failure::usage("the delimiter must be one ASCII character"))
}

/// Returns the position of a column, which is a name of the first row or a position from 1.
pub(crate) fn position(headers: &ByteRecord, column: &str) -> Result<usize, Failure> {
    let is_named = |name: &[u8]| name.trim_ascii() == column.as_bytes();
    let mut named = (0..).zip(headers).filter(|(_, name)| is_named(name));
    match (named.next(), named.next()) {
        // Either may hold the numbers of other people, such as a relative's.
        (Some(_), Some(_)) => Err(Failure::usage(format!(
            "the CSV file has several columns {column:?}; write the position of one, from 1"
        ))),
        (Some((position, _)), None) => Ok(position),
        _ => column
            .parse::<usize>()
            .ok()
            .and_then(|position| position.checked_sub(1))
            .filter(|&position| headers.is_empty() || position < headers.len())
            .ok_or_else(|| {
                Failure::usage(format!(
                    "the CSV file has no column {column:?}; write a name of the first row, or a \
                     position from 1"
                ))
            }),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "passed to `map_err`")]
pub(crate) fn csv_failure(error: csv::Error) -> Failure {
    Failure::usage(format!("the CSV file cannot be read: {error}"))
}

#[cfg(test)]
mod tests {
    use std::io::{self, BufRead as _, BufReader, Read as _};

    use super::{LimitedLines, MAX_LINE_BYTES};

    #[test]
    fn an_endless_line_ends_in_an_error() {
        let mut lines = BufReader::new(LimitedLines::new(io::repeat(b'7'))).split(b'\n');
        assert!(lines.next().unwrap().is_err());
    }

    #[test]
    fn many_lines_are_read() {
        let text = "0491 570 156\n".repeat(MAX_LINE_BYTES / 4);
        let mut read = String::new();
        let mut input = LimitedLines::new(text.as_bytes());
        input.read_to_string(&mut read).unwrap();
        assert_eq!(read, text);
    }
}
