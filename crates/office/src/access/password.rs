//! Passwords: Argon2id, and which ones are not taken.

use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};
use contract::declare::words::Sentence;

use zxcvbn::feedback::Warning;
use zxcvbn::{Score, zxcvbn};

use super::settings::Settings;
use super::token;
use super::{Door, DoorError};

/// Fewer characters are not taken.
const FEWEST: usize = 12;

/// Longer texts are no passwords, and hashing them would take long.
const MOST: usize = 256;

/// Hashes a password under a salt of its own; returns PHC text.
pub fn hash(password: &str, settings: &Settings) -> Result<String, DoorError> {
    let mut salt = [0; 16];
    token::fill(&mut salt)?;
    let failed = |error: &dyn std::fmt::Display| DoorError::Hashing(error.to_string());
    let (memory, passes) = (settings.password_memory_kib, settings.password_passes);
    let params = Params::new(memory, passes, 1, None).map_err(|error| failed(&error))?;
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hashed = argon.hash_password_with_salt(password.as_bytes(), &salt);
    Ok(hashed.map_err(|error| failed(&error))?.to_string())
}

/// Whether this is the password; the parameters are those under which it was hashed.
pub fn verify(password: &str, phc: &str) -> bool {
    let Ok(hash) = PasswordHash::new(phc) else { return false };
    Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
}

/// Words of the house that anybody would try first.
const OWN_WORDS: [&str; 2] = ["yakkan", "約款"];

/// Why a password is not taken. `own` are words around the person: id, name, company.
fn unfit(password: &str, person: &str, own: &[&str]) -> Option<String> {
    let length = password.chars().count();
    if length < FEWEST {
        return Some(format!("パスワードは {FEWEST} 文字以上にしてください。"));
    }
    if length > MOST {
        return Some(format!("パスワードは {MOST} 文字までです。"));
    }
    let different: std::collections::BTreeSet<char> = password.chars().collect();
    if different.len() < 5 {
        return Some("同じ文字の繰り返しはパスワードにできません。".to_owned());
    }
    if person.len() > 3 && password.to_lowercase().contains(person) {
        return Some("パスワードに利用者 ID を含めないでください。".to_owned());
    }
    // Own words in a row look like a phrase; what is left beside them has to do.
    let rest = own.iter().fold(password.to_lowercase(), |rest, word| {
        if word.len() < 3 { rest } else { rest.replace(&word.to_lowercase(), "") }
    });
    let weaker = [zxcvbn(password, own), zxcvbn(&rest, own)];
    let estimated = weaker.into_iter().min_by_key(|one| one.score())?;
    (estimated.score() < Score::Three).then(|| {
        let why = estimated.feedback().and_then(|feedback| feedback.warning()).map_or("", seen);
        format!(
            "このパスワードは推測されやすいため使えません。{why}関係のない言葉を四つ以上つなげるか、長い不規則な文字列にしてください。"
        )
    })
}

/// What makes a password easy to guess.
fn seen(warning: Warning) -> &'static str {
    use Warning as W;
    match warning {
        W::StraightRowsOfKeysAreEasyToGuess | W::ShortKeyboardPatternsAreEasyToGuess => {
            "キーボードの並び順が使われています。"
        }
        W::RepeatsLikeAaaAreEasyToGuess | W::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess => {
            "同じ文字列の繰り返しが使われています。"
        }
        W::ThisIsATop10Password
        | W::ThisIsATop100Password
        | W::ThisIsACommonPassword
        | W::ThisIsSimilarToACommonlyUsedPassword => {
            "よく使われるパスワードか、それに似たものです。"
        }
        W::SequencesLikeAbcAreEasyToGuess => "連続した文字や数字が使われています。",
        W::RecentYearsAreEasyToGuess | W::DatesAreOftenEasyToGuess => "年や日付が使われています。",
        W::AWordByItselfIsEasyToGuess => "一つの言葉だけでできています。",
        W::NamesAndSurnamesByThemselvesAreEasyToGuess | W::CommonNamesAndSurnamesAreEasyToGuess => {
            "人名が使われています。"
        }
    }
}

impl Door {
    /// Hashes off the threads that answer requests, few at once.
    pub(super) async fn hash(&self, password: &str) -> Result<String, DoorError> {
        let (password, settings) = (password.to_owned(), self.settings.clone());
        let _turn = self.hashing.acquire().await;
        let hashed = tokio::task::spawn_blocking(move || hash(&password, &settings)).await;
        hashed.map_err(|error| DoorError::Hashing(error.to_string()))?
    }

    /// Without a hash it compares with a decoy, and says no after as long a time.
    pub(super) async fn is_password(
        &self,
        password: &str,
        phc: Option<&str>,
    ) -> Result<bool, DoorError> {
        let known = phc.is_some();
        let phc = phc.unwrap_or(&self.decoy).to_owned();
        // No password is longer: do not spend time on it.
        let password: String = password.chars().take(MOST + 1).collect();
        let _turn = self.hashing.acquire().await;
        let right = tokio::task::spawn_blocking(move || verify(&password, &phc)).await;
        Ok(right.map_err(|error| DoorError::Hashing(error.to_string()))? && known)
    }

    /// Why a person cannot have this password.
    pub(super) async fn unfit(
        &self,
        person: &str,
        password: &str,
    ) -> Result<Option<String>, DoorError> {
        let people = self.people().await?;
        let operator = &self.engine.operator;
        let sealed = self.engine.person_contact(person).await?;
        let address = self.engine.address_of(person).await?;
        let mut texts = vec![person.to_owned(), people.name_of(person)];
        texts.extend(sealed.map(|contact| contact.name).into_iter().chain(address));
        texts.extend([operator.company.name.clone(), operator.mail.domain.clone()]);
        texts.extend(OWN_WORDS.map(str::to_owned));
        // A mail address and a full name are guessed by their parts.
        let parts = texts.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
        let own: Vec<_> = parts.filter(|part| part.chars().count() > 1).collect();
        Ok(unfit(password, person, &own))
    }

    /// Sets a password and ends the other sessions of the person.
    pub async fn set_password(
        &self,
        person: &str,
        password: &str,
        keep_session: Option<&str>,
    ) -> Result<(), DoorError> {
        if let Some(why) = self.unfit(person, password).await? {
            return Err(DoorError::Refused(Sentence::same(why)));
        }
        let phc = self.hash(password).await?;
        self.identity().set_password(person, &phc, self.now()).await?;
        self.identity().end_sessions(person, keep_session).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weak() -> Settings {
        Settings { password_memory_kib: 64, password_passes: 1, ..Settings::default() }
    }

    #[test]
    fn a_password_is_known_again_and_no_other() {
        let (one, other) = (hash("正しい馬の電池", &weak()), hash("正しい馬の電池", &weak()));
        let (one, other) = (one.unwrap(), other.unwrap());
        assert_ne!(one, other, "each has a salt of its own");
        assert!(one.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{one}");
        assert!(verify("正しい馬の電池", &one) && verify("正しい馬の電池", &other));
        assert!(!verify("正しい馬の電地", &one) && !verify("", &one) && !verify("x", "rubbish"));
    }

    #[test]
    fn weak_passwords_are_not_taken() {
        let own = ["sato", "佐藤", "花", "minato", "東都", "yakkan"];
        for weak in [
            "short",
            "aaaaaaaaaaaaaaaa",
            "x-sato-y-and-more",
            "password1234",
            "Password1234!",
            "p@ssw0rd1234",
            "qwertyuiop12",
            "123456789012",
            "abcdefghijkl",
            "passwordpassword",
            "yakkan-minato",
            "minato202604",
            "yakkan123456",
            "letmeinletmein",
        ] {
            assert!(unfit(weak, "sato", &own).is_some(), "{weak}");
        }
        assert!(unfit(&"a b c d e ".repeat(30), "sato", &own).is_some());
        let told = unfit("password1234", "sato", &own).unwrap();
        assert!(told.contains("よく使われる") && told.contains("してください"), "{told}");
    }

    #[test]
    fn good_passwords_are_taken() {
        for good in [
            "correct horse battery",
            "another horse battery",
            "正しい馬と電池とホチキス",
            "すいか時計まくら鉄道・雨傘",
            "9f31c07be2a4d856",
            "kumo no ue no ringo",
        ] {
            assert_eq!(unfit(good, "suzuki", &["suzuki", "yakkan"]), None, "{good}");
        }
    }

    /// The longest that is taken costs no more than a moment to look at.
    #[test]
    fn long_passwords_are_looked_at_quickly() {
        let long = "Aa1!p@ssw0rd-qwerty-2026 ".repeat(10);
        let begun = std::time::Instant::now();
        let _ = unfit(&long, "sato", &["sato"; 20]);
        assert!(begun.elapsed().as_secs() < 5);
    }
}
