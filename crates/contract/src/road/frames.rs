//! The pieces of an account as they are stored: compressed in frames, of which one is
//! read when somebody looks at a piece in it.

use std::ops::Range;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use zstd::bulk::{Compressor, Decompressor};

/// So many bytes are compressed together: fewer compress worse, more take longer to read
/// for one piece.
const FRAME: usize = 64 * 1024;
/// Above it an account is written a hundred times as slowly, and no shorter.
const LEVEL: i32 = 9;
/// No frame is larger than its pieces can be; a length beyond is no length.
const MOST: usize = 1 << 28;

#[derive(Debug)]
pub(crate) struct Frames {
    body: Vec<u8>,
    frames: Vec<Frame>,
    /// Of each piece: its frame, and where it stands there.
    places: Vec<Spot>,
    looked_at: AtomicUsize,
}

#[derive(Debug)]
struct Frame {
    packed: Range<usize>,
    length: usize,
    text: OnceLock<Vec<u8>>,
}

#[derive(Debug, Clone)]
pub(crate) struct Spot {
    pub frame: usize,
    pub at: Range<usize>,
}

/// Frames before they stand in a body: how long each is, packed and read.
pub(crate) struct Packed {
    pub bytes: Vec<u8>,
    pub lengths: Vec<Lengths>,
    pub places: Vec<Spot>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Lengths {
    pub packed: usize,
    pub read: usize,
}

/// Packs pieces in the order in which they stand; none if they cannot be. All frames but the
/// first are written as if the first stood before them, so that the words common to all are
/// written once.
pub(crate) fn pack(pieces: &[&[u8]]) -> Option<Packed> {
    let mut texts: Vec<Vec<u8>> = Vec::new();
    let mut places = Vec::new();
    for piece in pieces {
        if texts.last().is_none_or(|text| text.len() >= FRAME) {
            texts.push(Vec::new());
        }
        let frame = texts.len() - 1;
        let start = texts[frame].len();
        texts[frame].extend_from_slice(piece);
        places.push(Spot { frame, at: start..texts[frame].len() });
    }
    let mut packed = Packed { bytes: Vec::new(), lengths: Vec::new(), places };
    for (number, text) in texts.iter().enumerate() {
        let before: &[u8] = if number == 0 { &[] } else { &texts[0] };
        let bytes = compressed(text, before)?;
        packed.lengths.push(Lengths { packed: bytes.len(), read: text.len() });
        packed.bytes.extend(bytes);
    }
    Some(packed)
}

impl Frames {
    /// The frames that stand in a body from a place on; none if they do not.
    pub(crate) fn of(
        body: Vec<u8>,
        mut from: usize,
        lengths: &[Lengths],
        places: Vec<Spot>,
    ) -> Option<Frames> {
        let mut frames = Vec::new();
        for Lengths { packed, read } in lengths {
            let packed = from..from.checked_add(*packed)?;
            from = packed.end;
            frames.push(Frame { packed, length: *read, text: OnceLock::new() });
        }
        let fits = |place: &Spot| {
            frames.get(place.frame).is_some_and(|frame| place.at.end <= frame.length)
        };
        (from == body.len() && places.iter().all(fits)).then_some(())?;
        Some(Frames { body, frames, places, looked_at: AtomicUsize::new(0) })
    }

    /// The bytes of a piece.
    pub(crate) fn piece(&self, number: usize) -> Option<&[u8]> {
        self.looked_at.fetch_add(1, Ordering::Relaxed);
        let Spot { frame, at } = self.places.get(number)?.clone();
        self.text(frame)?.get(at)
    }

    fn text(&self, number: usize) -> Option<&[u8]> {
        let frame = self.frames.get(number)?;
        if let Some(text) = frame.text.get() {
            return Some(text);
        }
        let before = if number == 0 { &[] } else { self.text(0)? };
        let text = read_back(self.body.get(frame.packed.clone())?, before, frame.length)?;
        Some(frame.text.get_or_init(|| text))
    }

    /// How often somebody looked at a piece.
    pub(crate) fn looked_at(&self) -> usize {
        self.looked_at.load(Ordering::Relaxed)
    }
}

/// Compresses a text as if another stood before it.
pub(crate) fn compressed(text: &[u8], before: &[u8]) -> Option<Vec<u8>> {
    Compressor::with_dictionary(LEVEL, before).ok()?.compress(text).ok()
}

/// Reads a text back that was written as if another stood before it.
pub(crate) fn read_back(packed: &[u8], before: &[u8], length: usize) -> Option<Vec<u8>> {
    if length > MOST {
        return None;
    }
    let text = Decompressor::with_dictionary(before).ok()?.decompress(packed, length).ok()?;
    (text.len() == length).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_read_back_frame_by_frame() {
        let pieces: Vec<Vec<u8>> = (0..4_000_u32)
            .map(|number| {
                format!("{{\"number\":{number},\"of\":\"an invoice of one of many months\"}}")
                    .into_bytes()
            })
            .chain([Vec::new(), vec![7; 3 * FRAME]])
            .collect();
        let all: Vec<&[u8]> = pieces.iter().map(Vec::as_slice).collect();
        let packed = pack(&all).unwrap();
        assert!(packed.lengths.len() > 2);
        let frames = Frames::of(packed.bytes, 0, &packed.lengths, packed.places).unwrap();
        for number in [3_999, 0, 4_001, 2_000, 4_000] {
            assert_eq!(frames.piece(number), Some(pieces[number].as_slice()));
        }
        assert_eq!(frames.piece(4_002), None);
        assert_eq!(frames.looked_at(), 6);
    }
}
