//! A caller who waits no longer: whatever computes for long looks here in its loop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use thiserror::Error;

/// Set once by whoever asked, or on their behalf, when the answer is wanted no
/// longer. Clones are one and the same.
///
/// ```
/// use contract::Interrupt;
/// let interrupt = Interrupt::default();
/// assert!(interrupt.check().is_ok());
/// interrupt.clone().set();
/// assert!(interrupt.check().is_err());
/// ```
#[derive(Debug, Clone, Default)]
pub struct Interrupt(Arc<AtomicBool>);

/// The work was given up half way: nobody waits for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the work was given up, because nobody waits for it any longer")]
pub struct Interrupted;

impl Interrupt {
    pub fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// # Errors
    /// When it has been set.
    pub fn check(&self) -> Result<(), Interrupted> {
        if self.is_set() { Err(Interrupted) } else { Ok(()) }
    }
}
