//! What a template reads: the document as JSON, and Japanese words for its days.

use reckon::{Day, Moment, Month, japanese_era};
use serde_json::{Map, Value, json};

use crate::{Document, TypesetError};

/// The document and, beside it, how each of its days is written in Japanese.
/// Templates look a day up instead of counting years of an era themselves.
pub(crate) fn template_data(document: &Document) -> Result<String, TypesetError> {
    let value = serde_json::to_value(document)?;
    let mut days = Map::new();
    each_text(&value, &mut |text| {
        if let Some(words) = japanese(text) {
            days.insert(text.to_owned(), words);
        }
        refuse_unprintable(text)
    })?;
    // The tag of the variant is for serde; a template knows what it prints.
    let fields = value.as_object().and_then(|tagged| tagged.values().next());
    let data = json!({
        "doc": fields,
        "title": document.title(),
        "days": days,
    });
    Ok(data.to_string())
}

fn japanese(text: &str) -> Option<Value> {
    let western = |day: Day| format!("{}年{}月{}日", day.year(), day.month(), day.day());
    // Exact lengths, for jiff also reads an instant as a day.
    if text.len() == 10 {
        let day: Day = text.parse().ok()?;
        return Some(json!({
            "day": western(day),
            "era": japanese_era(day),
            "short": text.replace('-', "/"),
        }));
    }
    if let Ok(month) = text.parse::<Month>() {
        return Some(json!({
            "day": format!("{}年{}月", month.year(), month.number()),
            "short": format!("{}年{}月分", month.year(), month.number()),
        }));
    }
    if text.len() < 19 {
        return None;
    }
    let moment: Moment = text.parse().ok()?;
    let time = moment.japan();
    let clock = format!("{}時{:02}分{:02}秒", time.hour(), time.minute(), time.second());
    Some(json!({
        "day": format!("{} {clock}", western(moment.day())),
        "era": japanese_era(moment.day()),
        "short": moment.to_minute_text().replace('-', "/"),
    }))
}

fn each_text(
    value: &Value,
    see: &mut impl FnMut(&str) -> Result<(), TypesetError>,
) -> Result<(), TypesetError> {
    match value {
        Value::String(text) => see(text),
        Value::Array(values) => values.iter().try_for_each(|value| each_text(value, see)),
        Value::Object(fields) => fields.values().try_for_each(|value| each_text(value, see)),
        _ => Ok(()),
    }
}

/// Typst drops such characters without a word; and a mark that turns the
/// direction of writing could make an amount read otherwise than it is.
fn refuse_unprintable(text: &str) -> Result<(), TypesetError> {
    let invisible = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}')
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
    };
    match text.chars().find(|c| invisible(*c)) {
        Some(character) => {
            Err(TypesetError::Unprintable { character, text: text.escape_debug().to_string() })
        }
        None => Ok(()),
    }
}
