//! Japanese eras (和暦), as custom wants them in documents.

use crate::Day;

const ERAS: [(&str, Day); 4] = [
    ("令和", Day::constant(2019, 5, 1)),
    ("平成", Day::constant(1989, 1, 8)),
    ("昭和", Day::constant(1926, 12, 25)),
    ("大正", Day::constant(1912, 7, 30)),
];

/// The day in the Japanese era; `None` before the era of 大正.
///
/// ```
/// use reckon::japanese_era;
/// let text = |day: &str| japanese_era(day.parse().unwrap()).unwrap();
/// assert_eq!(text("2026-11-22"), "令和8年11月22日");
/// assert_eq!(text("2019-05-01"), "令和元年5月1日");
/// assert_eq!(text("2019-04-30"), "平成31年4月30日");
/// ```
pub fn japanese_era(day: Day) -> Option<String> {
    let (name, start) = ERAS.iter().find(|(_, start)| *start <= day)?;
    let year = match day.year() - start.year() + 1 {
        1 => "元".to_owned(),
        number => number.to_string(),
    };
    Some(format!("{name}{year}年{}月{}日", day.month(), day.day()))
}
