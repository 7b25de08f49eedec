//! What can happen to a file on its way, by chance or on purpose.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// One thing done to the bytes of a file.
#[derive(Debug, Clone)]
pub enum Damage {
    Flip {
        at: Index,
        bit: u8,
    },
    Cut {
        from: Index,
        to: Index,
    },
    /// From here on, everything.
    End {
        at: Index,
    },
    Repeat {
        from: Index,
        length: usize,
        times: usize,
    },
    Insert {
        at: Index,
        what: &'static [u8],
    },
    /// A piece of the file, copied over another place in it.
    Splice {
        from: Index,
        length: usize,
        to: Index,
    },
    Digits {
        at: Index,
        what: &'static [u8],
    },
}

/// Texts that mean something to one of the readers, or are the largest of a kind.
const SPECIAL: &[&[u8]] = &[
    b"\0",
    b"\n",
    b"\r\n",
    b"\r\n\r\n",
    b"\"",
    b",",
    b"=",
    b"<",
    b">",
    b"]]>",
    b"\x1A",
    b"\xFF\xFE",
    b"\xEF\xBB\xBF",
    b"\x82",
    b"\x1B$B",
    b"--",
    b"----",
    b"=?ISO-2022-JP?B?",
    b"&#x110000;",
    b"&a;",
    b"<!--",
    b"<![CDATA[",
    b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
    b"<c r=\"XFD1048576\"/>",
    b"<si/>",
    b" uniqueCount=\"4000000000\"",
    b" r=\"4294967295\"",
    b"PK\x01\x02",
    b"PK\x05\x06",
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n",
    b"Content-Type: message/rfc822\r\n\r\n",
    b"Content-Transfer-Encoding: base64\r\n\r\n",
    b"Content-Transfer-Encoding: quoted-printable\r\n",
    b"charset=iso-2022-jp",
    b"[[[[[[[[[[",
    b"{",
    b"\"\"\"",
    b"a.b.c.d.e.f.g = 1\n",
    b"[[step]]\n",
];

const NUMBERS: &[&[u8]] = &[
    b"0",
    b"-1",
    b"9223372036854775807",
    b"99999999999999999999",
    b"1e308",
    b"0.0000000000001",
    b"9999-12-31",
    b"0001-01-01",
    b"2199-12-31T23:59:59",
    b"4294967296",
    b"1048577",
    b"999999",
];

/// Some damages, done one after another.
pub fn damages() -> impl Strategy<Value = Vec<(Index, Damage)>> {
    vec((any::<Index>(), damage()), 1..6)
}

fn damage() -> impl Strategy<Value = Damage> {
    let at = any::<Index>;
    prop_oneof![
        4 => (at(), 0..8_u8).prop_map(|(at, bit)| Damage::Flip { at, bit }),
        2 => (at(), at()).prop_map(|(from, to)| Damage::Cut { from, to }),
        1 => at().prop_map(|at| Damage::End { at }),
        2 => (at(), 1..200_usize, 2..3_000_usize)
            .prop_map(|(from, length, times)| Damage::Repeat { from, length, times }),
        4 => (at(), select(SPECIAL)).prop_map(|(at, what)| Damage::Insert { at, what }),
        2 => (at(), 1..500_usize, at())
            .prop_map(|(from, length, to)| Damage::Splice { from, length, to }),
        3 => (at(), select(NUMBERS)).prop_map(|(at, what)| Damage::Digits { at, what }),
    ]
}

impl Damage {
    pub fn done_to(&self, bytes: &mut Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        let size = bytes.len();
        let piece = |from: &Index, length: usize| {
            let from = from.index(size);
            from..(from + length).min(size)
        };
        match self {
            Damage::Flip { at, bit } => bytes[at.index(size)] ^= 1 << bit,
            Damage::Cut { from, to } => {
                let (from, to) = (from.index(size), to.index(size));
                // Small cuts leave more of the file to be read.
                let end = from.max(to).min(from.min(to) + 2_000);
                bytes.drain(from.min(to)..end);
            }
            Damage::End { at } => bytes.truncate(at.index(size)),
            Damage::Repeat { from, length, times } => {
                let piece = piece(from, *length);
                let again = bytes[piece.clone()].repeat(*times);
                bytes.splice(piece, again);
            }
            Damage::Insert { at, what } => {
                let at = at.index(size);
                bytes.splice(at..at, what.iter().copied());
            }
            Damage::Splice { from, length, to } => {
                let copied = bytes[piece(from, *length)].to_vec();
                bytes.splice(piece(to, *length), copied);
            }
            Damage::Digits { at, what } => {
                let from = at.index(size);
                let start = bytes[from..].iter().position(u8::is_ascii_digit);
                let Some(start) = start.map(|ahead| from + ahead) else { return };
                let digits = bytes[start..].iter().take_while(|b| b.is_ascii_digit()).count();
                bytes.splice(start..start + digits, what.iter().copied());
            }
        }
    }
}
