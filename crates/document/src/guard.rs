//! Parsers of others at work on the bytes of strangers.

use std::panic::{AssertUnwindSafe, catch_unwind};

use contract::declare::words::Words;

use crate::fault::Fault;

/// Runs a reader that relies on a foreign parser. Such parsers have panicked on
/// damaged input (mail-parser 0.11.9 does on some quoted-printable parts); one
/// bad file must be a fault of that file, not the end of the worker.
pub(crate) fn guarded<T>(
    file: &str,
    read: impl FnOnce() -> Result<T, Vec<Fault>>,
) -> Result<T, Vec<Fault>> {
    // Nothing outlives a panic: all that the reader builds is dropped with it.
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| {
        let problem = Words::new(
            "ファイルが壊れています",
            "the file is damaged in a way that its parser cannot handle",
        );
        let remedy = Words::new(
            "ファイルを保存し直してお送りください",
            "ask the sender to save and send it again",
        );
        Err(vec![Fault::new(file, Fault::WHOLE_FILE, "ファイル", problem, remedy)])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parser_that_panics_is_a_fault_of_the_file() {
        let read = || -> Result<(), Vec<Fault>> { panic!("as a foreign parser may") };
        assert_eq!(guarded("a.eml", read).unwrap_err()[0].file, "a.eml");
    }
}
