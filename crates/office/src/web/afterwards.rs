//! What came of a step, told once on the page to which its form leads. It is what was
//! looked at before the step was sent; where it is not there any more (another process
//! answered, or the page is opened again), only that it is registered is told.

use std::collections::VecDeque;
use std::sync::Mutex;

use maud::Markup;

/// So many steps are kept until somebody reads of them.
const KEPT: usize = 500;

/// Of a step, by the key of its form, for whoever sent it.
struct Told {
    key: String,
    person: String,
    what: Markup,
}

#[derive(Default)]
pub struct Afterwards(Mutex<VecDeque<Told>>);

impl Afterwards {
    pub fn keep(&self, key: &str, person: &str, what: Markup) {
        let Ok(mut told) = self.0.lock() else { return };
        if told.len() == KEPT {
            told.pop_front();
        }
        told.push_back(Told { key: key.to_owned(), person: person.to_owned(), what });
    }

    /// What is told of a step, once and to nobody else.
    pub fn take(&self, key: &str, person: &str) -> Option<Markup> {
        let mut told = self.0.lock().ok()?;
        let at = told.iter().position(|one| one.key == key && one.person == person)?;
        told.remove(at).map(|one| one.what)
    }
}

#[cfg(test)]
mod tests {
    use maud::html;

    use super::*;

    #[test]
    fn it_is_told_once_and_to_whoever_sent_it() {
        let told = Afterwards::default();
        told.keep("a", "sato", html! { "one" });
        assert!(told.take("a", "suzuki").is_none());
        assert_eq!(told.take("a", "sato").unwrap().into_string(), "one");
        assert!(told.take("a", "sato").is_none());
    }

    #[test]
    fn the_oldest_gives_way() {
        let told = Afterwards::default();
        for key in 0..=KEPT {
            told.keep(&key.to_string(), "sato", html! { (key) });
        }
        assert!(told.take("0", "sato").is_none());
        assert!(told.take(&KEPT.to_string(), "sato").is_some());
    }
}
