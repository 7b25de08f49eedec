//! Reads a PDF as its receiver does, with the tools of poppler.

use std::io::Write;
use std::process::{Command, Stdio};

/// The text of a PDF, one space between words and no empty lines: how many
/// spaces stand between columns is a matter of the version of poppler.
pub fn text_of(pdf: &[u8]) -> String {
    let raw = poppler("pdftotext", &["-layout", "-", "-"], pdf);
    let lines = raw.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).map(|line| line + "\n").collect()
}

/// Output of a program of poppler-utils that reads a PDF from its input.
pub fn poppler(program: &str, arguments: &[&str], pdf: &[u8]) -> String {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("{program} (Debian package poppler-utils): {error}"));
    child.stdin.take().unwrap().write_all(pdf).unwrap();
    let output = child.wait_with_output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}
