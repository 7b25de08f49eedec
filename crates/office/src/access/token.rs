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

/// Compares in a time that does not tell where two texts differ.
pub fn same(one: &str, other: &str) -> bool {
    blake3::hash(one.as_bytes()) == blake3::hash(other.as_bytes())
}

/// What forms carry along: made from the token of the cookie, tells nothing of it. It
/// stands under a mask that is drawn anew each time: a compressed page has a length
/// that depends on what is in it, and whoever may choose a part of the page (what was
/// searched for) could else try out the token digit by digit (BREACH).
pub fn csrf_of(token: &str) -> Result<String, DoorError> {
    let mut mask = [0; 32];
    fill(&mut mask)?;
    let key = blake3::derive_key("yakkan 2026 form of a session", token.as_bytes());
    Ok(hex(&mask) + &hex(&masked(key, mask)))
}

/// Whether two texts of [`csrf_of`] are of the same token.
pub fn same_csrf(one: &str, other: &str) -> bool {
    match (unmasked(one), unmasked(other)) {
        (Some(one), Some(other)) => blake3::hash(&one) == blake3::hash(&other),
        _ => false,
    }
}

fn unmasked(csrf: &str) -> Option<[u8; 32]> {
    let whole = blake3::Hash::from_hex;
    let (mask, rest) = csrf.split_at_checked(64)?;
    Some(masked(*whole(rest).ok()?.as_bytes(), *whole(mask).ok()?.as_bytes()))
}

fn masked(key: [u8; 32], mask: [u8; 32]) -> [u8; 32] {
    std::array::from_fn(|at| key[at] ^ mask[at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ_and_their_traces_do_not_show_them() {
        let (one, other) = (draw().unwrap(), draw().unwrap());
        assert_ne!(one, other);
        assert_eq!(one.len(), 64);
        assert!(!hash_of(&one).contains(&one));
        assert!(same(&one, &one.clone()) && !same(&one, &other));
    }

    #[test]
    fn a_form_never_carries_the_same_text_twice_and_belongs_to_its_token() {
        let (first, second) = (csrf_of("one").unwrap(), csrf_of("one").unwrap());
        assert!((0..128).filter(|at| first.as_bytes()[*at] == second.as_bytes()[*at]).count() < 64);
        assert!(same_csrf(&first, &second));
        assert!(!same_csrf(&first, &csrf_of("other").unwrap()));
        for wrong in ["", &first[..64], &first[1..], &first.replace(&first[..1], "約")] {
            assert!(!same_csrf(wrong, &first), "{wrong}");
        }
        assert!(!same_csrf("", ""));
    }
}
