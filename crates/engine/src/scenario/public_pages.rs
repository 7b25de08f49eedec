//! The homepage on which notices are posted, in memory.

use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;

use crate::keeping::ports::Homepage;

/// A homepage in memory, for scenarios: it shows what it is asked for while it is up.
#[derive(Debug, Default)]
pub struct PublicPages {
    down: AtomicBool,
}

impl PublicPages {
    /// From now on its pages can, or cannot, be read.
    pub fn turn(&self, up: bool) {
        self.down.store(!up, Ordering::SeqCst);
    }
}

#[async_trait]
impl Homepage for PublicPages {
    async fn shows(&self, page: &str, mark: &str) -> Result<String, String> {
        if self.down.load(Ordering::SeqCst) {
            return Err(format!("{page} cannot be read"));
        }
        Ok(blake3::hash(format!("{page} {mark}").as_bytes()).to_hex().to_string())
    }
}
