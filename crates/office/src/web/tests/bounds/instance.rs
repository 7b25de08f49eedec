//! Bodies made from their schema: each field of each variant stands in one of them.

use serde_json::{Map, Value, json};

/// What stands in a field before it is replaced; with it the body can be read.
const DAY: &str = "2026-09-01";
const MOMENT: &str = "2026-09-01T10:00:00+09:00";
const MONTH: &str = "2026-08";
const TEXT: &str = "text";

/// Named things that there are, by the name of the field that names them.
pub type Known<'a> = &'a [(&'a str, &'a str)];

/// Bodies in which together every field of a schema stands, with every variant.
pub fn of(document: &Value, schema: &Value, known: Known<'_>) -> Vec<Value> {
    Maker { document, known }.all(schema, "", &mut Vec::new())
}

struct Maker<'a> {
    document: &'a Value,
    known: Known<'a>,
}

impl<'a> Maker<'a> {
    fn all(&self, schema: &'a Value, field: &str, within: &mut Vec<&'a str>) -> Vec<Value> {
        // In which role: the first that may, where none is said.
        if field == "role" {
            return vec![Value::Null];
        }
        if let Some(reference) = schema["$ref"].as_str() {
            // What holds itself, as a proposal holds an act, holds it once.
            if within.iter().filter(|one| **one == reference).count() > 1 {
                return Vec::new();
            }
            within.push(reference);
            let found = self.document.pointer(reference.trim_start_matches('#'));
            let made = self.all(found.expect("a reference leads somewhere"), field, within);
            within.pop();
            return self.with_fields_beside(schema, made, within);
        }
        for several in ["oneOf", "anyOf"] {
            if let Some(variants) = schema[several].as_array() {
                let of = |variant| self.all(variant, field, within);
                let made: Vec<_> = variants.iter().flat_map(of).filter(|v| !v.is_null()).collect();
                return self.with_fields_beside(schema, made, within);
            }
        }
        if let Some(only) = schema.get("const") {
            return vec![only.clone()];
        }
        if let Some(words) = schema["enum"].as_array() {
            return words.iter().find(|word| !word.is_null()).cloned().into_iter().collect();
        }
        let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str());
        match kind {
            Some("object") => self.objects(schema, within),
            Some("array") => self
                .all(&schema["items"], field, within)
                .into_iter()
                .map(|one| json!([one]))
                .collect(),
            Some("integer" | "number") => vec![json!(1)],
            Some("boolean") => vec![json!(true)],
            Some("string") => vec![json!(self.text(schema, field))],
            _ => vec![json!(TEXT)],
        }
    }

    fn text(&self, schema: &Value, field: &str) -> &str {
        let known = self.known.iter().find(|(name, _)| *name == field);
        match (schema["format"].as_str(), schema["pattern"].as_str(), known) {
            (_, _, Some((_, id))) => id,
            (Some("date"), ..) => DAY,
            (Some("date-time"), ..) => MOMENT,
            (_, Some(pattern), _) if pattern.contains("1[0-2]") => MONTH,
            (_, Some(_), _) => "1",
            _ => TEXT,
        }
    }

    /// The fields of a variant stand beside those of the whole.
    fn with_fields_beside(
        &self,
        schema: &'a Value,
        made: Vec<Value>,
        within: &mut Vec<&'a str>,
    ) -> Vec<Value> {
        if schema["properties"].is_null() {
            return made;
        }
        let beside = self.objects(schema, within);
        let Some(first) = beside.first().and_then(Value::as_object).cloned() else { return made };
        let joined = |one: Value| {
            let mut whole = first.clone();
            whole.extend(one.as_object().cloned().unwrap_or_default());
            Value::Object(whole)
        };
        made.into_iter().map(joined).chain(beside.into_iter().skip(1)).collect()
    }

    /// One with the first variant of each field, and one more for each other.
    fn objects(&self, schema: &'a Value, within: &mut Vec<&'a str>) -> Vec<Value> {
        let mut first = Map::new();
        let mut others = Vec::new();
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            let mut variants = self.all(field, name, within).into_iter();
            if let Some(one) = variants.next() {
                first.insert(name.clone(), one);
            }
            others.extend(variants.map(|one| (name.clone(), one)));
        }
        let with = |(name, one)| {
            let mut whole = first.clone();
            whole.insert(name, one);
            Value::Object(whole)
        };
        let others: Vec<_> = others.into_iter().map(with).collect();
        std::iter::once(Value::Object(first.clone())).chain(others).collect()
    }
}

/// What a field of this kind is asked with instead.
pub fn instead_of(value: &Value) -> Vec<Value> {
    match value {
        Value::Number(_) => {
            vec![json!(i64::MAX), json!(i64::MIN), json!(u64::MAX), json!(1e308), json!(-1)]
        }
        Value::String(text) if text == DAY => super::DAYS.map(|day| json!(day)).to_vec(),
        Value::String(text) if text == MOMENT => {
            super::DAYS.map(|day| json!(format!("{day}T23:59:59+09:00"))).to_vec()
        }
        Value::String(text) if text == MONTH => super::DAYS.map(|day| json!(day[..7])).to_vec(),
        Value::String(_) | Value::Null => vec![json!("長".repeat(4_001)), json!(super::DAYS[1])],
        _ => Vec::new(),
    }
}

/// Where the fields of a body stand.
pub fn fields(body: &Value) -> Vec<String> {
    let mut found = Vec::new();
    walk(body, String::new(), &mut found);
    found
}

fn walk(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            // The name of the variant makes the body what it is.
            let fields = fields.iter().filter(|(name, _)| *name != "type");
            fields.for_each(|(name, inside)| walk(inside, format!("{at}/{name}"), found));
        }
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items.for_each(|(number, inside)| walk(inside, format!("{at}/{number}"), found));
        }
        _ => found.push(at),
    }
}
