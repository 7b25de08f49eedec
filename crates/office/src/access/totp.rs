//! One-time codes by time (RFC 6238 over RFC 4226): HMAC-SHA-1, 30 seconds, 6 digits,
//! which is what every authenticator app knows.

use contract::declare::ids::AccountId;
use contract::declare::words::Sentence;
use engine::{PersonalRow, Transaction};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use super::token;
use super::{Door, DoorError};

const STEP_SECONDS: i64 = 30;

/// One step early or late is taken: clocks differ.
const LEEWAY: i64 = 1;

const RECOVERY_CODES: usize = 10;

const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A secret that is being set up: it counts once a code has proven it.
pub struct Enrolment {
    /// Base32, as it is typed where no picture can be taken.
    pub secret: String,
    /// `otpauth://…`, for the picture.
    pub uri: String,
}

/// The code of a step.
fn code(secret: &[u8], step: i64) -> u32 {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).expect("any length is a key");
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let at = usize::from(digest[19] & 0x0f);
    let four = [digest[at] & 0x7f, digest[at + 1], digest[at + 2], digest[at + 3]];
    u32::from_be_bytes(four) % 1_000_000
}

/// The step for which this is the code, if it is one around this second.
fn step_of(secret: &[u8], typed: &str, seconds: i64) -> Option<i64> {
    let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let now = seconds.div_euclid(STEP_SECONDS);
    (now - LEEWAY..=now + LEEWAY)
        .find(|step| token::same(&format!("{:06}", code(secret, *step)), &typed))
}

fn to_base32(bytes: &[u8]) -> String {
    let mut text = String::new();
    let (mut bits, mut held) = (0_u32, 0);
    for byte in bytes {
        bits = (bits << 8) | u32::from(*byte);
        held += 8;
        while held >= 5 {
            held -= 5;
            text.push(char::from(BASE32[(bits >> held) as usize & 31]));
        }
    }
    if held > 0 {
        text.push(char::from(BASE32[(bits << (5 - held)) as usize & 31]));
    }
    text
}

fn from_base32(text: &str) -> Option<Vec<u8>> {
    let (mut bits, mut held, mut bytes) = (0_u32, 0, Vec::new());
    for c in text.bytes() {
        let value = BASE32.iter().position(|known| *known == c)?;
        bits = (bits << 5) | value as u32;
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
        }
    }
    Some(bytes)
}

fn recovery_hash(person: &str, typed: &str) -> String {
    let plain: String = typed.chars().filter(char::is_ascii_alphanumeric).collect();
    token::hash_of(&format!("{person}/{}", plain.to_ascii_lowercase()))
}

impl Door {
    /// Draws a secret for a person to prove; nothing is stored yet.
    pub fn draw_enrolment(&self, person: &str) -> Result<Enrolment, DoorError> {
        let mut secret = [0; 20];
        token::fill(&mut secret)?;
        Ok(self.enrolment(person, &to_base32(&secret)))
    }

    /// The same secret again, for a form that comes back.
    pub fn enrolment(&self, person: &str, secret: &str) -> Enrolment {
        let plain = |c: &char| c.is_ascii_alphanumeric();
        let domain = &self.engine.operator.mail.domain;
        let domain: String = domain.chars().filter(|c| plain(c) || ".-".contains(*c)).collect();
        let uri =
            format!("otpauth://totp/Yakkan:{person}%40{domain}?secret={secret}&issuer=Yakkan");
        Enrolment { secret: secret.to_owned(), uri }
    }

    /// Takes a secret into use when a code proves it. Returns the recovery codes,
    /// which are shown once.
    pub async fn enrol(
        &self,
        person: &str,
        secret: &str,
        typed: &str,
    ) -> Result<Vec<String>, DoorError> {
        let refuse = |why: &str| DoorError::Refused(Sentence::same(why));
        let bytes = from_base32(secret).filter(|bytes| bytes.len() == 20);
        let bytes =
            bytes.ok_or_else(|| refuse("この設定は使えません。もう一度始めてください。"))?;
        let step = step_of(&bytes, typed, self.now().unix_seconds()).ok_or_else(|| {
            refuse("認証コードが一致しません。アプリに表示中の6桁を入力してください。")
        })?;
        let kept = self.identity().credential(person).await?;
        let old = kept.ok_or_else(|| refuse("先にパスワードを設定してください。"))?.totp;
        // A subject of its own, so that the key of an old secret can be destroyed.
        let id = format!("totp/{person}/{}", &token::draw()?[..16]);
        let row = PersonalRow {
            id: id.clone(),
            subject: id.clone(),
            account: AccountId(String::new()),
            class: "totp".to_owned(),
            name: "secret".to_owned(),
            content: bytes,
        };
        let step_in = Transaction { personal: vec![row], ..Transaction::default() };
        self.engine.store.commit(&step_in).await?;
        let codes = draw_recovery_codes()?;
        let hashes: Vec<_> = codes.iter().map(|code| recovery_hash(person, code)).collect();
        self.identity().set_totp(person, Some(&id), &hashes).await?;
        self.identity().use_totp_step(person, step).await?;
        if let Some(old) = old {
            self.engine.store.erase(&old, self.now()).await?;
        }
        Ok(codes)
    }

    /// How many recovery codes are left to somebody who has one-time codes.
    pub async fn codes_of(&self, person: &str) -> Result<Option<u64>, DoorError> {
        let kept = self.identity().credential(person).await?;
        Ok(match kept.and_then(|credential| credential.totp) {
            Some(_) => Some(self.identity().recovery_codes_left(person).await?),
            None => None,
        })
    }

    /// What an authenticator app would show now.
    #[cfg(test)]
    pub fn shown_code(&self, secret: &str) -> String {
        let step = self.now().unix_seconds().div_euclid(STEP_SECONDS);
        format!("{:06}", code(&from_base32(secret).unwrap(), step))
    }

    /// Takes one-time codes away: the secret is destroyed.
    pub async fn stop_codes(&self, person: &str) -> Result<(), DoorError> {
        let kept = self.identity().credential(person).await?;
        self.identity().set_totp(person, None, &[]).await?;
        if let Some(old) = kept.and_then(|credential| credential.totp) {
            self.engine.store.erase(&old, self.now()).await?;
        }
        Ok(())
    }

    /// Whether this is the code of now, or an unused recovery code.
    pub(super) async fn is_code(
        &self,
        person: &str,
        row: &str,
        typed: &str,
    ) -> Result<bool, DoorError> {
        let digits = typed.chars().filter(char::is_ascii_digit).count();
        if digits == 6 && typed.chars().all(|c| c.is_ascii_digit() || c.is_whitespace()) {
            let Some(secret) = self.engine.store.personal(row).await? else { return Ok(false) };
            let Some(step) = step_of(&secret.content, typed, self.now().unix_seconds()) else {
                return Ok(false);
            };
            return Ok(self.identity().use_totp_step(person, step).await?);
        }
        Ok(self.identity().use_recovery_code(person, &recovery_hash(person, typed)).await?)
    }
}

/// Ten codes of 50 bits, in two groups of five characters.
fn draw_recovery_codes() -> Result<Vec<String>, DoorError> {
    let mut codes = Vec::with_capacity(RECOVERY_CODES);
    for _ in 0..RECOVERY_CODES {
        let mut bytes = [0; 7];
        token::fill(&mut bytes)?;
        let text = to_base32(&bytes).to_ascii_lowercase();
        codes.push(format!("{}-{}", &text[..5], &text[5..10]));
    }
    Ok(codes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Appendix B of RFC 6238, the last six of its eight digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = b"12345678901234567890";
        for (seconds, expected) in [
            (59, 287_082),
            (1_111_111_109, 81_804),
            (1_111_111_111, 50_471),
            (1_234_567_890, 5_924),
            (2_000_000_000, 279_037),
            (20_000_000_000, 353_130),
        ] {
            assert_eq!(code(secret, seconds / 30), expected, "{seconds}");
        }
    }

    #[test]
    fn one_step_of_leeway_and_no_more() {
        let secret = b"12345678901234567890";
        assert_eq!(step_of(secret, "081804", 1_111_111_109), Some(37_037_036));
        assert_eq!(step_of(secret, " 081 804", 1_111_111_109 + 30), Some(37_037_036));
        assert_eq!(step_of(secret, "081804", 1_111_111_109 + 61), None);
        assert_eq!(step_of(secret, "", 1_111_111_109), None);
    }

    #[test]
    fn base32_goes_there_and_back() {
        assert_eq!(to_base32(b"foobar"), "MZXW6YTBOI");
        assert_eq!(from_base32("MZXW6YTBOI").unwrap(), b"foobar");
        assert_eq!(from_base32("m"), None);
    }
}
