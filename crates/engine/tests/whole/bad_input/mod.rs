//! What comes in wrong: it is refused with its place and a remedy, stays visible,
//! and nothing of it is applied.

mod bank_files;
mod forms;
mod usage_files;

use engine::EngineError;

use crate::desk::Desk;

/// The refusal names every part, all faults stay visible, and the accounts are as
/// they were.
async fn refused_whole<T: std::fmt::Debug>(
    desk: &Desk,
    before: &serde_json::Value,
    result: Result<T, EngineError>,
    parts: &[&str],
) {
    let error = result.unwrap_err();
    let EngineError::Faults(faults) = &error else { panic!("no list of faults: {error:?}") };
    for fault in faults {
        for said in
            [&fault.file, &fault.place.en, &fault.field, &fault.problem.en, &fault.remedy.en]
        {
            assert!(!said.is_empty(), "{fault:?}");
        }
    }
    contains_all(&error.to_string(), parts);
    let visible = desk.refused_rows().await;
    for fault in faults {
        assert!(visible.iter().any(|row| row.ends_with(&fault.to_string())), "{fault}");
    }
    assert_eq!(desk.accounts().await, *before);
}

fn contains_all(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part:?} does not occur in\n{text}");
    }
}
