//! What is stored of an account beside its pieces: what there is, and where it stands.
//! It is read whole, so it is short and quick to read.

use std::collections::HashMap;
use std::sync::Arc;

use reckon::Moment;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::road::frames::{Frames, Lengths, Spot, compressed, pack, read_back};
use crate::road::kept::Kept;

/// When a piece is looked at: the sooner, the nearer to the front.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Turn {
    /// With nearly every step.
    First,
    /// The later it happened, the sooner.
    At(std::cmp::Reverse<Moment>),
    /// What is long: whoever looks at it takes his time anyway.
    Last,
}

/// From so many bytes on, a piece is long.
const LONG: usize = 8 * 1024;

impl Turn {
    pub(crate) fn at(moment: Moment) -> Turn {
        Turn::At(std::cmp::Reverse(moment))
    }
}

/// Writes down an account.
#[derive(Default)]
pub(crate) struct Writing {
    bytes: Vec<u8>,
    texts: HashMap<String, u64>,
    in_order: Vec<String>,
    pieces: Vec<Piece>,
    known: HashMap<Arc<[u8]>, u64>,
    /// The last moment: most stand near to the one before.
    at: i64,
    /// Something that this form cannot hold.
    fails: bool,
}

struct Piece {
    turn: Turn,
    bytes: Arc<[u8]>,
}

impl Writing {
    pub(crate) fn number(&mut self, number: u64) {
        number_to(&mut self.bytes, number);
    }

    pub(crate) fn count(&mut self, count: usize) {
        self.number(count as u64);
    }

    pub(crate) fn signed(&mut self, number: i64) {
        self.number(((number << 1) ^ (number >> 63)) as u64);
    }

    pub(crate) fn flag(&mut self, flag: bool) {
        self.number(u64::from(flag));
    }

    pub(crate) fn moment(&mut self, moment: Moment) {
        let at = moment.unix_seconds();
        self.fails |= Moment::from_unix_seconds(at) != moment;
        self.signed(at - self.at);
        self.at = at;
    }

    pub(crate) fn text(&mut self, text: &str) {
        let next = self.in_order.len() as u64;
        let number = *self.texts.entry(text.to_owned()).or_insert(next);
        if number == next {
            self.in_order.push(text.to_owned());
        }
        self.number(number);
    }

    /// As text, for what is seldom or always the same.
    pub(crate) fn plain(&mut self, value: &impl Serialize) {
        match serde_json::to_string(value) {
            Ok(text) => self.text(&text),
            Err(_) => self.fails = true,
        }
    }

    /// What can wait until somebody looks at it.
    pub(crate) fn piece(&mut self, turn: Turn, bytes: Option<Vec<u8>>) {
        let Some(bytes) = bytes else {
            self.fails = true;
            return;
        };
        let turn = if bytes.len() < LONG { turn } else { Turn::Last };
        let bytes: Arc<[u8]> = bytes.into();
        let next = self.pieces.len() as u64;
        let number = *self.known.entry(bytes.clone()).or_insert(next);
        // Nearly always the next one: written short.
        self.number(next - number);
        if number == next {
            self.pieces.push(Piece { turn, bytes });
        }
    }

    /// All of it, or nothing if it cannot be held.
    pub(crate) fn finish(self) -> Option<Vec<u8>> {
        if self.fails {
            return None;
        }
        let mut order: Vec<usize> = (0..self.pieces.len()).collect();
        order.sort_by_key(|number| self.pieces[*number].turn);
        let bytes: Vec<&[u8]> = order.iter().map(|number| &*self.pieces[*number].bytes).collect();
        let packed = pack(&bytes)?;
        let mut head = Vec::new();
        number_to(&mut head, self.in_order.len() as u64);
        for text in &self.in_order {
            number_to(&mut head, text.len() as u64);
        }
        self.in_order.iter().for_each(|text| head.extend(text.as_bytes()));
        number_to(&mut head, packed.lengths.len() as u64);
        for Lengths { packed, read } in &packed.lengths {
            number_to(&mut head, *packed as u64);
            number_to(&mut head, *read as u64);
        }
        number_to(&mut head, order.len() as u64);
        for place in &packed.places {
            number_to(&mut head, place.at.len() as u64);
        }
        // Where each stands in that order, from the one written before it.
        let mut stands = vec![0_i64; order.len()];
        order.iter().enumerate().for_each(|(at, number)| stands[*number] = at as i64);
        let mut before = -1;
        for at in stands {
            let step = at - before;
            number_to(&mut head, ((step << 1) ^ (step >> 63)) as u64);
            before = at;
        }
        head.extend(&self.bytes);
        let skeleton = compressed(&head, &[])?;
        let mut body = Vec::new();
        number_to(&mut body, head.len() as u64);
        number_to(&mut body, skeleton.len() as u64);
        body.extend(skeleton);
        body.extend(packed.bytes);
        Some(body)
    }
}

fn number_to(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Reads an account back. Whatever does not read is nothing: it is worked out anew.
pub(crate) struct Reading {
    bytes: Vec<u8>,
    next: usize,
    texts: Vec<Arc<str>>,
    frames: Arc<Frames>,
    /// Where the pieces stand, in the order in which they were written.
    pieces: Vec<usize>,
    piece: usize,
    at: i64,
}

impl Reading {
    pub(crate) fn of(body: Vec<u8>) -> Option<Reading> {
        let mut from = 0;
        let length = number_of(&body, &mut from)? as usize;
        let packed = number_of(&body, &mut from)? as usize;
        let end = from.checked_add(packed)?;
        let bytes = read_back(body.get(from..end)?, &[], length)?;
        let mut next = 0;
        let texts = texts_of(&bytes, &mut next)?;
        let count = number_of(&bytes, &mut next)?;
        let mut lengths = Vec::new();
        for _ in 0..count {
            let packed = number_of(&bytes, &mut next)? as usize;
            lengths.push(Lengths { packed, read: number_of(&bytes, &mut next)? as usize });
        }
        let count = number_of(&bytes, &mut next)?;
        let mut places = Vec::new();
        let (mut frame, mut start) = (0, 0);
        for _ in 0..count {
            let length = number_of(&bytes, &mut next)? as usize;
            while lengths.get(frame).is_some_and(|frame: &Lengths| start >= frame.read) {
                (frame, start) = (frame + 1, 0);
            }
            let end = start.checked_add(length)?;
            places.push(Spot { frame, at: start..end });
            start = end;
        }
        let mut pieces = Vec::with_capacity(places.len());
        let mut at = -1_i64;
        for _ in 0..count {
            at = at.checked_add(signed_of(&bytes, &mut next)?)?;
            pieces.push(usize::try_from(at).ok()?);
        }
        let frames = Arc::new(Frames::of(body, end, &lengths, places)?);
        Some(Reading { bytes, next, texts, frames, pieces, piece: 0, at: 0 })
    }

    pub(crate) fn number(&mut self) -> Option<u64> {
        number_of(&self.bytes, &mut self.next)
    }

    /// A count of what follows, each of which takes a byte at least.
    pub(crate) fn count(&mut self) -> Option<usize> {
        let count = usize::try_from(self.number()?).ok()?;
        (count <= self.bytes.len()).then_some(count)
    }

    pub(crate) fn signed(&mut self) -> Option<i64> {
        signed_of(&self.bytes, &mut self.next)
    }

    pub(crate) fn flag(&mut self) -> Option<bool> {
        Some(self.number()? != 0)
    }

    pub(crate) fn moment(&mut self) -> Option<Moment> {
        self.at = self.at.checked_add(self.signed()?)?;
        Some(Moment::from_unix_seconds(self.at))
    }

    pub(crate) fn shared(&mut self) -> Option<Arc<str>> {
        let number = usize::try_from(self.number()?).ok()?;
        self.texts.get(number).cloned()
    }

    pub(crate) fn text(&mut self) -> Option<String> {
        let number = number_of(&self.bytes, &mut self.next)?;
        self.texts.get(usize::try_from(number).ok()?).map(|text| text.as_ref().to_owned())
    }

    pub(crate) fn plain<T: DeserializeOwned>(&mut self) -> Option<T> {
        serde_json::from_str(&self.shared()?).ok()
    }

    pub(crate) fn piece<T>(&mut self, read: fn(&[u8]) -> Option<T>) -> Option<Kept<T>> {
        let back = usize::try_from(self.number()?).ok()?;
        let number = self.piece.checked_sub(back)?;
        if back == 0 {
            self.piece += 1;
        }
        Some(Kept::stored(&self.frames, *self.pieces.get(number)?, read))
    }

    pub(crate) fn frames(&self) -> &Arc<Frames> {
        &self.frames
    }

    pub(crate) fn is_over(&self) -> bool {
        self.next == self.bytes.len() && self.piece == self.pieces.len()
    }
}

fn texts_of(bytes: &[u8], next: &mut usize) -> Option<Vec<Arc<str>>> {
    let count = number_of(bytes, next)?;
    let mut lengths = Vec::new();
    for _ in 0..count {
        lengths.push(number_of(bytes, next)? as usize);
    }
    let mut texts = Vec::with_capacity(lengths.len());
    for length in lengths {
        let end = next.checked_add(length)?;
        texts.push(Arc::from(std::str::from_utf8(bytes.get(*next..end)?).ok()?));
        *next = end;
    }
    Some(texts)
}

fn number_of(bytes: &[u8], next: &mut usize) -> Option<u64> {
    let (mut number, mut shift) = (0, 0);
    loop {
        let byte = *bytes.get(*next)?;
        *next += 1;
        number |= u64::from(byte & 0x7f).checked_shl(shift)?;
        if byte < 0x80 {
            return Some(number);
        }
        shift += 7;
    }
}

fn signed_of(bytes: &[u8], next: &mut usize) -> Option<i64> {
    let number = number_of(bytes, next)?;
    Some((number >> 1) as i64 ^ -((number & 1) as i64))
}

/// As the bytes of a piece.
pub(crate) fn piece_of(value: &impl Serialize) -> Option<Vec<u8>> {
    serde_json::to_vec(value).ok()
}

/// From the bytes of a piece.
pub(crate) fn read_piece<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    serde_json::from_slice(bytes).ok()
}
