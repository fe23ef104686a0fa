//! Limit on the lines of an input that is read in parts.

use std::io::{self, Read};

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
