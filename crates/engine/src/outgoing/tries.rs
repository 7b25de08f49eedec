//! Which try of an effect a row is, which mail it repeats, and how it is closed.

use reckon::Moment;

use crate::keeping::store::{OutboxRow, OutboxState, OutboxUpdate};

/// Before the number of a further try, as in `…~2`.
pub(crate) const TRY: char = '~';
/// Before the number of the try whose mail is sent once more, as in `…~3=2`.
pub(crate) const REPEATS: char = '=';

/// The how-many-th try it is whose Message-ID a row has.
pub(crate) fn repeated(id: &str) -> &str {
    let Some((_, number)) = id.split_once(TRY) else { return "1" };
    number.split_once(REPEATS).map_or(number, |(_, of)| of)
}

/// The id of a row by which its mail is named: that of the try that it repeats.
pub(crate) fn named_as(id: &str) -> String {
    let first = id.split(TRY).next().unwrap_or(id);
    match repeated(id) {
        "1" => first.to_owned(),
        number => format!("{first}{TRY}{number}"),
    }
}

pub(crate) fn closed(row: &OutboxRow, at: Moment) -> OutboxUpdate {
    OutboxUpdate {
        id: row.id.clone(),
        state: OutboxState::Done,
        attempts: row.attempts + 1,
        next_at: at,
        maybe_sent: row.maybe_sent,
        last_reply: row.last_reply.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_that_may_have_left_is_sent_again_under_its_own_name() {
        for (row, name) in [
            ("acceptance-P-1", "acceptance-P-1"),
            ("acceptance-P-1~2", "acceptance-P-1~2"),
            ("acceptance-P-1~2=1", "acceptance-P-1"),
            ("acceptance-P-1~4=2", "acceptance-P-1~2"),
        ] {
            assert_eq!(named_as(row), name);
        }
        assert_eq!(repeated("x~4=2"), "2");
    }
}
