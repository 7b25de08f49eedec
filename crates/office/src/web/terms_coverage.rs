//! How far a clause is carried out, as pages show it: worked out from what the
//! program was seen to do, so that no page can claim more.

use contract::declare::rules::Reliance;
use maud::{Markup, html};
use terms::{Extent, Pack};

use super::parts::{self, Chip, Tone};

fn worded(extent: Extent) -> Chip<'static> {
    match extent {
        Extent::Whole => Chip("全部対応", Tone::Good),
        Extent::Part => Chip("一部対応", Tone::Watch),
        Extent::Not => Chip("未対応", Tone::Off),
    }
}

/// How far a clause is carried out, in a word.
pub fn chip(pack: &Pack, clause: &str) -> Markup {
    parts::chip(worded(pack.coverage_of(clause).extent()))
}

/// How many clauses are carried out how far.
pub fn totals(pack: &Pack) -> Markup {
    let rows = pack.coverage();
    let count = |extent| rows.iter().filter(|row| row.extent() == extent).count();
    html! {
        @for extent in [Extent::Whole, Extent::Part, Extent::Not] {
            (parts::chip(worded(extent))) " " (count(extent)) "　"
        }
    }
}

/// What a clause asks of the program, done and not done.
pub fn duties(pack: &Pack, clause: &str) -> Markup {
    let row = pack.coverage_of(clause);
    let one = |done: bool, text: &str| {
        let chip = if done { Chip("対応", Tone::Good) } else { Chip("未対応", Tone::Off) };
        html! { li { (parts::chip(chip)) " " (text) } }
    };
    parts::section(
        "この条項から行うべきこと",
        html! {
            ul.plain {
                @for duty in &row.met { (one(true, &duty.ja)) }
                @for duty in &row.missing { (one(false, &duty.ja)) }
            }
        },
    )
}

/// Whether a reading or parameter has any effect; nothing when it can be chosen.
pub fn reliance(reliance: Reliance) -> Markup {
    match reliance {
        Reliance::Chosen => html! {},
        Reliance::Fixed => parts::chip(Chip("この値に固定", Tone::Plain)),
        Reliance::Nothing => parts::chip(Chip("読む規則なし", Tone::Off)),
    }
}
