//! One word for one thing: pages name tasks, causes and rights as sentences do.

use contract::declare::consequence::{Consequence, ContractEnded, RightOpened, TaskOpened};
use contract::declare::task::TaskKind;
use contract::service::minimum_term::EndCause;
use document::wording::Language;
use reckon::Day;
use schemars::{JsonSchema, schema_for};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::web::words;

const DAY: Day = Day::constant(2026, 4, 1);

/// Every value of an enumeration without fields, as its schema names them.
fn every<T: JsonSchema + DeserializeOwned>() -> Vec<T> {
    let schema = schema_for!(T).to_value();
    let described = schema["oneOf"].as_array().into_iter().flatten();
    let bare = described.clone().chain([&schema]).filter_map(|one| one["enum"].as_array());
    let names = described.filter(|one| one["const"].is_string()).map(|one| &one["const"]);
    let names: Vec<&Value> = names.chain(bare.flatten()).collect();
    assert!(names.len() > 5, "{schema}");
    names.into_iter().map(|name| serde_json::from_value(name.clone()).unwrap()).collect()
}

#[test]
fn pages_and_sentences_use_the_same_words() {
    for task in every::<TaskKind>() {
        let opened =
            Consequence::TaskOpened(TaskOpened { task, about: String::new(), remind_on: DAY });
        assert!(opened.line(Language::Japanese).contains(words::task(task)), "{task:?}");
    }
    for cause in every::<EndCause>() {
        let ended =
            Consequence::ContractEnded(ContractEnded { contract: "K".into(), on: DAY, cause });
        assert!(ended.line(Language::Japanese).contains(words::end_cause(cause)), "{cause:?}");
    }
    for right in ["12-3", "16-1(2)"] {
        let opened = Consequence::RightOpened(RightOpened {
            right: right.into(),
            about: String::new(),
            from: DAY,
        });
        assert!(opened.line(Language::Japanese).contains(words::right(right)), "{right}");
    }
}
