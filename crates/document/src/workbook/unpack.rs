//! Unpacking a workbook to nowhere, to count what it holds.

use std::io::{Cursor, Read};

use contract::declare::words::Sentence;
use contract::sentence;

use zip::ZipArchive;

use super::Bounds;
use super::markup::Markup;

/// Excel writes some dozens; each takes memory before anything is read.
const MOST_ENTRIES: usize = 1_000;
/// How every entry of the directory of a zip archive begins.
const ENTRY: &[u8] = b"PK\x01\x02";
const FIRST: &[u8] = b"PK\x03\x04";

pub(super) enum Refused {
    TooMuch(Sentence),
    Unreadable(String),
}

/// Unpacks every entry and counts what comes: the sizes that the archive itself
/// states may be false.
pub(super) fn weigh(bytes: &[u8], bounds: Bounds) -> Result<(), Refused> {
    let too_much = |problem: Sentence| Err(Refused::TooMuch(problem));
    if bytes.len() > bounds.packed {
        let (size, most) = (bytes.len(), bounds.packed);
        return too_much(sentence!(
            "ファイルが{size}バイトあります。読み取るのは{most}バイトまでです",
            "the file has {size} bytes, at most {most} are read",
        ));
    }
    if !bytes.starts_with(FIRST) {
        return Err(Refused::Unreadable("it is no zip archive".to_owned()));
    }
    // Counted in the bytes, before an index of the entries is made.
    let entries = bytes.windows(ENTRY.len()).filter(|four| *four == ENTRY).count();
    if entries > MOST_ENTRIES {
        return too_much(sentence!(
            "ファイルに含まれる部品が{entries}個あります。読み取るのは{MOST_ENTRIES}個までです",
            "the file has {entries} entries, at most {MOST_ENTRIES} are read",
        ));
    }
    let unreadable = |error: &dyn std::fmt::Display| Refused::Unreadable(error.to_string());
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| unreadable(&error))?;
    let mut left = bounds.unpacked;
    let mut markup = Markup::default();
    let mut chunk = vec![0; 64 << 10];
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).map_err(|error| unreadable(&error))?;
        let name = entry.name().map_err(|error| unreadable(&error))?.to_ascii_lowercase();
        let is_markup = name.ends_with(".xml") || name.ends_with(".rels");
        markup.begin();
        loop {
            let read = entry.read(&mut chunk).map_err(|error| unreadable(&error))?;
            if read == 0 {
                break;
            }
            let Some(rest) = left.checked_sub(read as u64) else {
                let most = bounds.unpacked;
                return too_much(sentence!(
                    "ファイルを展開すると{most}バイトを超えます",
                    "the file unpacks to more than {most} bytes",
                ));
            };
            left = rest;
            if is_markup {
                markup.take(&chunk[..read]).map_err(Refused::TooMuch)?;
            }
        }
    }
    Ok(())
}
