//! Encryption of personal rows: XChaCha20-Poly1305 under the key of the subject.

use chacha20poly1305::aead::{Aead, Generate, Key, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use engine::PersonalRow;

use crate::failure::{Failure, Result};

const NONCE_BYTES: usize = 24;

/// Draws a key from the operating system's random source.
pub(crate) fn new_secret() -> Result<Vec<u8>> {
    Ok(Key::<XChaCha20Poly1305>::try_generate().map_err(no_randomness)?.to_vec())
}

/// Name and content of a row; the nonce stands before the cipher text.
pub(crate) fn seal(secret: &[u8], row: &PersonalRow) -> Result<Vec<u8>> {
    let nonce = XNonce::try_generate().map_err(no_randomness)?;
    let mut plain = (row.name.len() as u32).to_be_bytes().to_vec();
    plain.extend_from_slice(row.name.as_bytes());
    plain.extend_from_slice(&row.content);
    let aad = bound_to(row);
    let sealed = cipher(secret)?
        .encrypt(&nonce, Payload { msg: &plain, aad: &aad })
        .map_err(|_| Failure::broken(format!("personal row {} is too long", row.id)))?;
    Ok([nonce.as_slice(), &sealed].concat())
}

/// Fills in name and content of a row whose other columns were read.
pub(crate) fn open(secret: &[u8], sealed: &[u8], mut row: PersonalRow) -> Result<PersonalRow> {
    let changed = || Failure::broken(format!("personal row {} was changed in the store", row.id));
    let (nonce, text) = sealed.split_at_checked(NONCE_BYTES).ok_or_else(changed)?;
    let nonce = XNonce::try_from(nonce).map_err(|_| changed())?;
    let aad = bound_to(&row);
    let plain =
        cipher(secret)?.decrypt(&nonce, Payload { msg: text, aad: &aad }).map_err(|_| changed())?;
    let (length, rest) = plain.split_first_chunk::<4>().ok_or_else(changed)?;
    let length = u32::from_be_bytes(*length) as usize;
    let (name, content) = rest.split_at_checked(length).ok_or_else(changed)?;
    let (name, content) = (String::from_utf8_lossy(name).into_owned(), content.to_vec());
    (row.name, row.content) = (name, content);
    Ok(row)
}

fn cipher(secret: &[u8]) -> Result<XChaCha20Poly1305> {
    XChaCha20Poly1305::new_from_slice(secret)
        .map_err(|_| Failure::broken("a key in the key database has not 32 bytes"))
}

/// The associated data: a sealed row cannot be moved under another name.
fn bound_to(row: &PersonalRow) -> Vec<u8> {
    let mut bytes = Vec::new();
    for part in [&row.id, &row.subject, &row.account.0, &row.class] {
        bytes.extend_from_slice(&(part.len() as u32).to_be_bytes());
        bytes.extend_from_slice(part.as_bytes());
    }
    bytes
}

fn no_randomness(error: impl std::fmt::Display) -> Failure {
    Failure::broken(format!("the operating system gave no random bytes: {error}"))
}
