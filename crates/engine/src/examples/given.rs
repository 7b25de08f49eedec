//! What a case gives.

use serde_json::Value;

/// A field of what is given, with a message that names it.
pub(super) fn field<T: serde::de::DeserializeOwned>(
    given: &Value,
    name: &str,
) -> Result<T, String> {
    let value = given.get(name).cloned().unwrap_or(Value::Null);
    serde_json::from_value(value).map_err(|error| format!("given.{name}: {error}"))
}
