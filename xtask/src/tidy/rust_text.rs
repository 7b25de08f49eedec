//! Tells code, strings and comments of a Rust file apart, enough for counting.

/// A Rust file in three views with the same lines.
pub struct RustText {
    /// As written.
    pub raw: String,
    /// Comments blanked.
    pub uncommented: String,
    /// Comments and the insides of strings blanked.
    pub code: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Code,
    String,
    Comment,
}

impl RustText {
    /// Reads a file's text; never fails, at worst a view is wrong.
    pub fn of(raw: &str) -> RustText {
        let kinds = kinds(raw);
        RustText {
            raw: raw.to_owned(),
            uncommented: blank(raw, &kinds, |kind| kind == Kind::Comment),
            code: blank(raw, &kinds, |kind| kind != Kind::Code),
        }
    }

    /// The lines of the code view, counted from 1.
    pub fn code_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.code.lines())
    }
}

/// The line, counted from 1, at a place in a text.
pub fn line_at(text: &str, place: usize) -> usize {
    1 + text.as_bytes()[..place].iter().filter(|&&b| b == b'\n').count()
}

/// Whether a character can be part of a name.
pub fn in_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Where a word stands by itself, not inside a longer name.
pub fn words<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    text.match_indices(word).map(|(at, _)| at).filter(move |&at| {
        !text[..at].ends_with(in_name) && !text[at + word.len()..].starts_with(in_name)
    })
}

fn blank(raw: &str, kinds: &[Kind], hidden: impl Fn(Kind) -> bool) -> String {
    let mut text = String::with_capacity(raw.len());
    for (at, c) in raw.char_indices() {
        if c == '\n' || !hidden(kinds[at]) {
            text.push(c);
        } else {
            text.extend(std::iter::repeat_n(' ', c.len_utf8()));
        }
    }
    text
}

/// The kind of each byte; quotation marks count as code.
fn kinds(raw: &str) -> Vec<Kind> {
    let mut kinds = vec![Kind::Code; raw.len()];
    let mut at = 0;
    while let Some(c) = raw[at..].chars().next() {
        let rest = &raw[at..];
        let (skip, length, kind) = if rest.starts_with("//") {
            (0, rest.find('\n').unwrap_or(rest.len()), Kind::Comment)
        } else if rest.starts_with("/*") {
            (0, block_comment(rest), Kind::Comment)
        } else if c == '"' {
            (1, quoted(&rest[1..], '"'), Kind::String)
        } else if c == '\'' {
            (1, character(&rest[1..]), Kind::String)
        } else if c == 'r' && !raw[..at].ends_with(part_of_longer_name) {
            let (skip, length) = raw_string(rest);
            (skip, length, Kind::String)
        } else {
            (c.len_utf8(), 0, Kind::Code)
        };
        kinds[at + skip..at + skip + length].fill(kind);
        // Behind a string stands its closing mark, which is code.
        let closing = usize::from(kind == Kind::String && length > 0 || c == '"');
        at = (at + skip + length + closing).min(raw.len());
    }
    kinds
}

/// `br"` and `cr"` are raw strings too, `for"` is not.
fn part_of_longer_name(c: char) -> bool {
    in_name(c) && c != 'b' && c != 'c'
}

/// The length of a comment that may hold others.
fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if rest[at..].starts_with("*/") {
            (depth, at) = (depth - 1, at + 2);
            if depth == 0 {
                return at;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

/// The length up to the closing mark.
fn quoted(rest: &str, mark: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == mark => return at,
            _ => {}
        }
    }
    rest.len()
}

/// The length of a character literal's inside; 0 for a lifetime.
fn character(rest: &str) -> usize {
    let mut chars = rest.chars();
    match (chars.next(), chars.next()) {
        (Some('\\'), _) => quoted(rest, '\''),
        (Some(c), Some('\'')) => c.len_utf8(),
        _ => 0,
    }
}

/// Where the inside of `r#"…"#` begins and how long it is; (1, 0) when it is none.
fn raw_string(rest: &str) -> (usize, usize) {
    let fence = rest[1..].len() - rest[1..].trim_start_matches('#').len();
    let Some(inside) = rest[1 + fence..].strip_prefix('"') else {
        return (1, 0);
    };
    let end = format!("\"{}", "#".repeat(fence));
    let length = inside.find(&end).unwrap_or(inside.len());
    // An empty raw string ends where it begins; its mark is passed by over.
    if length == 0 { (2 + fence + 1, 0) } else { (2 + fence, length) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(raw: &str) -> String {
        RustText::of(raw).code
    }

    #[test]
    fn strings_and_comments_are_blanked() {
        assert_eq!(code("a(\"f{\"); // f64"), "a(\"  \");       ");
        assert_eq!(code("/* a /* b */ c */d"), "                 d");
        assert_eq!(code("x(r#\"}\"{\"#) + y"), "x(r#\"   \"#) + y");
        assert_eq!(code("(\"\", r\"\", br\"z\")"), "(\"\", r\"\", br\" \")");
        assert_eq!(code("\"a\\\"b\" c"), "\"    \" c");
    }

    #[test]
    fn characters_and_lifetimes_are_told_apart() {
        assert_eq!(code("'{' <'a>('\\'', '日')"), "' ' <'a>('  ', '   ')");
        assert_eq!(code("fn f<'a>(x: &'a str) {}"), "fn f<'a>(x: &'a str) {}");
    }

    #[test]
    fn the_uncommented_view_keeps_strings() {
        let text = RustText::of("x(\"A-01\") // A-02");
        assert_eq!(text.uncommented.trim_end(), "x(\"A-01\")");
    }

    #[test]
    fn words_stand_alone() {
        assert_eq!(words("fs xfs fs_ (fs)", "fs").collect::<Vec<_>>(), [0, 12]);
    }
}
