//! A value that stands in what was stored of an account, and is read when somebody looks
//! at it: what a step does not touch costs it nothing.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::road::frames::Frames;

/// A shared value, worked out or still to be read.
pub struct Kept<T>(Arc<Inner<T>>);

struct Inner<T> {
    value: OnceLock<T>,
    stored: Option<Stored<T>>,
}

struct Stored<T> {
    frames: Arc<Frames>,
    piece: usize,
    read: fn(&[u8]) -> Option<T>,
}

impl<T> Kept<T> {
    pub fn new(value: T) -> Kept<T> {
        Kept(Arc::new(Inner { value: OnceLock::from(value), stored: None }))
    }

    /// What stands in a piece.
    pub(crate) fn stored(
        frames: &Arc<Frames>,
        piece: usize,
        read: fn(&[u8]) -> Option<T>,
    ) -> Kept<T> {
        let stored = Stored { frames: frames.clone(), piece, read };
        Kept(Arc::new(Inner { value: OnceLock::new(), stored: Some(stored) }))
    }

    fn value(&self) -> &T {
        self.0.value.get_or_init(|| {
            let stored = self.0.stored.as_ref().expect("a value, or where it stands");
            // Whoever wrote it read it back, and the seal says that it is the same.
            let piece = stored.frames.piece(stored.piece).expect("a frame under a seal");
            (stored.read)(piece).expect("a piece that was read when it was written")
        })
    }
}

impl<T: Clone> Kept<T> {
    /// To change it, for whoever holds it alone; a copy for anybody else.
    pub fn make_mut(&mut self) -> &mut T {
        let is_alone = Arc::get_mut(&mut self.0).is_some_and(|inner| inner.stored.is_none());
        if !is_alone {
            *self = Kept::new(self.value().clone());
        }
        let inner = Arc::get_mut(&mut self.0).expect("held alone");
        inner.value.get_mut().expect("a value that stands nowhere else")
    }

    pub fn into_value(self) -> T {
        match Arc::try_unwrap(self.0) {
            Ok(Inner { value, stored: None }) => value.into_inner().expect("a value"),
            Ok(inner) => Kept(Arc::new(inner)).value().clone(),
            Err(shared) => Kept(shared).value().clone(),
        }
    }
}

impl<T> Deref for Kept<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value()
    }
}

impl<T> AsRef<T> for Kept<T> {
    fn as_ref(&self) -> &T {
        self.value()
    }
}

impl<T> Clone for Kept<T> {
    fn clone(&self) -> Kept<T> {
        Kept(self.0.clone())
    }
}

impl<T: PartialEq> PartialEq for Kept<T> {
    fn eq(&self, other: &Kept<T>) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.value() == other.value()
    }
}

impl<T: fmt::Debug> fmt::Debug for Kept<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value().fmt(f)
    }
}

impl<T: Serialize> Serialize for Kept<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value().serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Kept<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Kept<T>, D::Error> {
        T::deserialize(deserializer).map(Kept::new)
    }
}
