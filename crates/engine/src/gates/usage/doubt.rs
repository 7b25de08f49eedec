//! What was counted of a usage file and is doubtful.

use contract::declare::words::Language;
use reckon::Moment;

/// Something that a person compares with the upstream.
#[derive(Debug, Clone, PartialEq)]
pub enum UsageDoubt {
    /// More time than one thing can have used: counted, as of several of one name.
    Longer { row: u32, quantity: String, unit: String, times: String },
    /// A piece of a time that another row counts: counted beside it, as late usage.
    Overlaps { row: u32, other: String, from: Moment, to: Moment },
}

impl UsageDoubt {
    /// What it is, in a sentence.
    pub fn line(&self, language: Language) -> String {
        match (self, language) {
            (UsageDoubt::Longer { row, quantity, unit, times }, Language::English) => format!(
                "row {row}, quantity: {quantity} {unit} are {times} times its time; counted, as \
                 of several things of that name"
            ),
            (UsageDoubt::Longer { row, quantity, unit, times }, Language::Japanese) => format!(
                "{row}行目：{quantity} {unit} は、その時間の{times}倍です。一つの名前に複数の資源があるものとして数えました。"
            ),
            (UsageDoubt::Overlaps { row, other, from, to }, Language::English) => format!(
                "row {row}, from: its time overlaps that of row {other}, from {from} to {to}; \
                 counted beside it"
            ),
            (UsageDoubt::Overlaps { row, other, from, to }, Language::Japanese) => {
                let (from, to) = (from.to_minute_text(), to.to_minute_text());
                format!(
                    "{row}行目：取込み済みの行{other}（{from} 〜 {to}）と時間が重なります。遅れて届いた利用として数えました。"
                )
            }
        }
    }
}
