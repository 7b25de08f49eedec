//! One word for one thing: pages name tasks, causes and rights as sentences do.

use contract::consequence::{Consequence, TaskKind};
use contract::minimum_term::EndCause;
use document::wording::{Language, consequence};
use reckon::Day;

use crate::web::words;

const DAY: Day = Day::constant(2026, 4, 1);

#[test]
fn pages_and_sentences_use_the_same_words() {
    use TaskKind as T;
    for task in [
        T::ReviewApplication,
        T::PaperForm,
        T::OrderAcceptance,
        T::SuspendUpstream,
        T::ResumeUpstream,
        T::MaterialDisposal,
        T::Erasure,
    ] {
        let opened = Consequence::TaskOpened { task, about: String::new(), remind_on: DAY };
        assert!(consequence(&opened, Language::Japanese).contains(words::task(task)), "{task:?}");
    }
    use EndCause as E;
    for cause in [
        E::Expiry,
        E::CustomerCancellation,
        E::ProviderTermination,
        E::Discontinuation,
        E::UserBreach,
        E::Withdrawal,
    ] {
        let ended = Consequence::ContractEnded { contract: "K".into(), on: DAY, cause };
        assert!(
            consequence(&ended, Language::Japanese).contains(words::end_cause(cause)),
            "{cause:?}"
        );
    }
    for right in ["12-3", "16-1(2)"] {
        let opened =
            Consequence::RightOpened { right: right.into(), about: String::new(), from: DAY };
        assert!(consequence(&opened, Language::Japanese).contains(words::right(right)), "{right}");
    }
}
