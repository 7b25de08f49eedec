//! Random tokens: only their hash is ever stored.

use super::DoorError;

/// 256 random bits as hexadecimal text.
pub fn draw() -> Result<String, DoorError> {
    let mut bytes = [0; 32];
    fill(&mut bytes)?;
    Ok(hex(&bytes))
}

pub fn fill(bytes: &mut [u8]) -> Result<(), DoorError> {
    getrandom::fill(bytes).map_err(|error| DoorError::Randomness(error.to_string()))
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What is stored of a token. It has 256 random bits: no salt, no slow hash.
pub fn hash_of(token: &str) -> String {
    blake3::hash(token.as_bytes()).to_hex().to_string()
}

/// What forms carry along: made from the token of the cookie, tells nothing of it.
pub fn csrf_of(token: &str) -> String {
    let key = blake3::derive_key("yakkan 2026 form of a session", token.as_bytes());
    hex(&key)
}

/// Compares in a time that does not tell where two texts differ.
pub fn same(one: &str, other: &str) -> bool {
    blake3::hash(one.as_bytes()) == blake3::hash(other.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ_and_their_traces_do_not_show_them() {
        let (one, other) = (draw().unwrap(), draw().unwrap());
        assert_ne!(one, other);
        assert_eq!(one.len(), 64);
        assert!(!hash_of(&one).contains(&one) && hash_of(&one) != csrf_of(&one));
        assert!(same(&one, &one.clone()) && !same(&one, &other));
    }
}
