//! Nothing that is written on the command line lies beyond its bounds: every argument
//! of every command is looked at here, before any is read.

use contract::road::bounds::text_problem;

/// The first argument with a day, month, moment, number or text that cannot be
/// meant: which, and what is wrong with it.
pub fn beyond(arguments: impl Iterator<Item = String>) -> Option<String> {
    let mut option = String::from("the argument");
    for argument in arguments {
        let (name, value) = match argument.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name.to_owned(), value.to_owned()),
            _ => (option, argument.clone()),
        };
        if let Some(problem) = text_problem(&value) {
            return Some(format!("{name} {problem}"));
        }
        let names_next = argument.starts_with("--") && !argument.contains('=');
        option = if names_next { argument } else { "the argument".to_owned() };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> Option<String> {
        beyond(line.split(' ').map(str::to_owned))
    }

    #[test]
    fn a_far_day_is_refused_by_the_name_of_its_option() {
        assert_eq!(of("stop-trial K-1 --desired 2027-03-31 --data life"), None);
        let told = "--desired is 9999-01-01, not between 2000-01-01 and 2199-12-31";
        assert_eq!(of("stop-trial K-1 --desired 9999-01-01").as_deref(), Some(told));
        assert_eq!(of("stop-trial K-1 --desired=9999-01-01").as_deref(), Some(told));
        assert!(of("bill 9999-12").is_some_and(|told| told.contains("the argument is 9999-12")));
        assert!(of("fact x --at 0001-01-01T10:00").is_some_and(|told| told.starts_with("--at")));
    }
}
