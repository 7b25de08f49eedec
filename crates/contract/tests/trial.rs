//! A wish to stop that is tried: how far it may go, and that it ends with its caller.

mod case;

use std::time::Instant;

use case::{Story, at, day};
use contract::road::bounds::last_wished;
use contract::road::what_if::{TrialError, try_to_stop};
use contract::{Interrupt, Interrupted};
use reckon::Day;

fn tried(story: &mut Story, desired: Option<Day>, caller: &Interrupt) -> Result<bool, TrialError> {
    let id = story.running_until("2027-03-31");
    let asked_at = at("2026-06-01T10:00");
    let trial = try_to_stop(&story.law, &story.case, &id, desired, asked_at, caller)?;
    let trial = trial.expect("it runs");
    let ends_on = [trial.cancellation, trial.non_renewal].map(|way| way.map(|way| way.ends_on));
    Ok(ends_on.iter().all(|on| on.is_some() && *on >= desired))
}

#[test]
fn a_wish_can_be_tried_up_to_ten_years_after_the_period_of_use() {
    let last = last_wished(day("2026-06-01"), day("2027-03-31"));
    assert_eq!(last, day("2037-03-30"));
    let caller = Interrupt::default();
    for desired in [None, Some(day("2026-06-01")), Some(day("2027-03-31"))] {
        assert!(tried(&mut Story::new(), desired, &caller).is_ok(), "{desired:?}");
    }
    let began = Instant::now();
    assert_eq!(tried(&mut Story::new(), Some(last), &caller), Ok(true));
    println!("a trial of ten years: {:?}", began.elapsed());
    for far in ["2026-05-31", "2037-03-31", "2199-12-31", "9999-01-01", "0001-01-01"] {
        let tried = tried(&mut Story::new(), Some(day(far)), &caller).unwrap_err();
        assert!(matches!(tried, TrialError::Beyond(_)), "{far}: {tried}");
        let told = tried.to_string();
        assert_eq!(told, format!("the desired day is {far}, not between 2026-06-01 and {last}"));
    }
}

#[test]
fn it_is_given_up_when_nobody_waits() {
    let caller = Interrupt::default();
    caller.set();
    let given_up = tried(&mut Story::new(), Some(day("2036-12-31")), &caller);
    assert_eq!(given_up, Err(TrialError::Interrupted(Interrupted)));
}
