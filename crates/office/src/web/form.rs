//! What was typed into a form, and beside each field what is wrong with it.
//!
//! A form goes two ways: first it is looked at, and the page shows what would
//! follow; then the same content is sent. Whatever was typed stays in the fields.

use std::collections::BTreeMap;
use std::str::FromStr;

use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{StatusCode, header};
use contract::declare::door::TextForm;
use contract::road::bounds::{self, Beyond, LONGEST_LINE};
use document::read_day;
use engine::narrow;
use reckon::{Day, Moment, Yen};

use super::answer::Trouble;
use super::bounded;
use crate::access::draw_token;

/// Texts of people: a reason, a note.
const LONGEST_REASON: usize = 2_000;

/// A file that came with a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    pub name: String,
    pub bytes: Vec<u8>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    values: BTreeMap<String, String>,
    files: BTreeMap<String, Upload>,
    faults: BTreeMap<String, String>,
}

/// Fields of the form itself; they say nothing of what is to be registered.
const OWN: [&str; 4] = ["csrf", "key", "step", "seen"];

impl Form {
    /// An empty form with a key of its own: sent twice, it does nothing twice.
    ///
    /// # Errors
    /// When the machine gives no random numbers.
    pub fn fresh() -> Result<Form, Trouble> {
        let mut form = Form::default();
        form.set("key", &draw_token()?[..32]);
        Ok(form)
    }

    pub fn set(&mut self, name: &str, value: impl ToString) {
        self.values.insert(name.to_owned(), value.to_string());
    }

    pub fn unset(&mut self, name: &str) {
        self.values.remove(name);
    }

    /// As [`Form::set`], where nothing has been typed yet.
    pub fn suggest(&mut self, name: &str, value: impl ToString) {
        self.values.entry(name.to_owned()).or_insert_with(|| value.to_string());
    }

    /// What was typed, without blanks around it.
    pub fn text(&self, name: &str) -> &str {
        self.values.get(name).map_or("", |value| value.trim())
    }

    pub fn is_set(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }

    /// The first file under this name, unless the field was left empty.
    pub fn upload(&self, name: &str) -> Option<&Upload> {
        self.files.get(name)
    }

    pub fn fault(&mut self, name: &str, what_to_do: impl Into<String>) {
        self.faults.entry(name.to_owned()).or_insert_with(|| what_to_do.into());
    }

    /// Says a fault otherwise.
    pub fn refault(&mut self, name: &str, what_to_do: String) {
        self.faults.insert(name.to_owned(), what_to_do);
    }

    pub fn faults(&self) -> &BTreeMap<String, String> {
        &self.faults
    }

    pub fn is_good(&self) -> bool {
        self.faults.is_empty()
    }

    /// The key under which this form is registered, once.
    ///
    /// # Errors
    /// When it is none of ours.
    pub fn key(&self) -> Result<&str, Trouble> {
        let key = self.text("key");
        let ours = key.len() == 32 && key.bytes().all(|byte| byte.is_ascii_hexdigit());
        let stale = "画面が古くなっています。ページを開き直して、もう一度入力してください。";
        if ours { Ok(key) } else { Err(Trouble::unusable(stale)) }
    }

    /// Stands for everything that was typed.
    pub fn digest(&self) -> String {
        let mut hash = blake3::Hasher::new();
        for (name, value) in self.values.iter().filter(|(name, _)| !OWN.contains(&name.as_str())) {
            for part in [name, value] {
                hash.update(&(part.len() as u64).to_le_bytes());
                hash.update(part.as_bytes());
            }
        }
        hash.finalize().to_hex()[..32].to_owned()
    }

    /// Sent after this very content was looked at.
    pub fn is_confirmed(&self) -> bool {
        self.text("step") == "send" && self.text("seen") == self.digest()
    }

    /// A text that must be there, in one line.
    pub fn required(&mut self, name: &str, what_to_do: &str) -> Option<String> {
        let text = self.text(name).to_owned();
        if text.is_empty()
            || text.chars().count() > LONGEST_LINE
            || text.chars().any(char::is_control)
        {
            self.fault(name, what_to_do);
            return None;
        }
        Some(text)
    }

    /// What a reader of forms makes of a text that must be there.
    pub fn read<T, E>(
        &mut self,
        name: &str,
        reader: impl Fn(&str) -> Result<T, E>,
        what_to_do: &str,
    ) -> Option<T> {
        let text = self.text(name).to_owned();
        let read = if text.is_empty() { None } else { reader(&text).ok() };
        if read.is_none() {
            self.fault(name, what_to_do);
        }
        read
    }

    /// A text that has a form of its own, and must be there.
    pub fn typed(&mut self, name: &str, of: TextForm) -> Option<String> {
        let text = self.text(name).to_owned();
        if text.chars().count() > LONGEST_LINE || text.chars().any(char::is_control) {
            self.fault(name, "短く、一行で入力してください。");
            return None;
        }
        match document::typed(of, &text) {
            Ok(text) => Some(text),
            Err(wrong) => {
                self.fault(name, wrong.ja);
                None
            }
        }
    }

    /// As [`Form::typed`], but the field may stay empty.
    pub fn typed_if_set(&mut self, name: &str, of: TextForm) -> Option<String> {
        if self.is_set(name) { self.typed(name, of) } else { None }
    }

    pub fn day(&mut self, name: &str) -> Option<Day> {
        const DAY: &str = "日付を 2026-04-01 または 令和8年4月1日 のように入力してください。";
        let day = self.read(name, |text| read_day(text).ok_or(()), DAY)?;
        self.within(name, bounds::day(day))
    }

    /// A day from today on that is not too far beyond the present period.
    pub fn wished_if_set(&mut self, name: &str, today: Day, period_to: Day) -> Option<Day> {
        let day = self.day_if_set(name)?;
        self.within(name, bounds::wished(day, today, period_to))
    }

    /// What lies within its bounds; otherwise the fault names them.
    fn within<T>(&mut self, name: &str, checked: Result<T, Beyond>) -> Option<T> {
        let beyond = |Beyond { from, to, .. }| format!("{from} から {to} までで入力してください。");
        checked.map_err(|why| self.fault(name, beyond(why))).ok()
    }

    /// A day that is not to come.
    pub fn past_day(&mut self, name: &str, today: Day) -> Option<Day> {
        let day = self.day(name)?;
        if day > today {
            self.fault(
                name,
                format!("今日（{today}）より後の日です。起きた日を入力してください。"),
            );
            return None;
        }
        Some(day)
    }

    pub fn day_if_set(&mut self, name: &str) -> Option<Day> {
        if self.is_set(name) { self.day(name) } else { None }
    }

    pub fn moment(&mut self, name: &str) -> Option<Moment> {
        const MOMENT: &str = "日時を 2026-04-01T10:00 のように入力してください。";
        let moment = self.read(name, Moment::from_str, MOMENT)?;
        self.within(name, bounds::moment(moment))
    }

    /// A moment that has come.
    pub fn past_moment(&mut self, name: &str, now: Moment) -> Option<Moment> {
        let at = self.moment(name)?;
        if at > now {
            let now = now.to_minute_text();
            self.fault(name, format!("現在（{now}）より後です。起きた日時を入力してください。"));
            return None;
        }
        Some(at)
    }

    pub fn number<T: FromStr>(&mut self, name: &str, what_to_do: &str) -> Option<T> {
        self.read(name, |text| narrow(text).replace(',', "").parse::<T>(), what_to_do)
    }

    /// A sum of money above nothing.
    pub fn yen(&mut self, name: &str) -> Option<Yen> {
        const YEN: &str = "金額を1円以上の整数で入力してください。";
        let amount: i64 = self.read(name, yen_of, YEN)?;
        if amount < 1 {
            self.fault(name, YEN);
            return None;
        }
        self.within(name, bounds::amount(Yen(amount)))
    }

    /// The reason in the person's own words.
    pub fn reason(&mut self, owed: bool) -> String {
        let reason = self.text("reason").to_owned();
        if owed && reason.is_empty() {
            self.fault("reason", "理由を入力してください。あとで記録から確かめられます。");
        }
        if reason.chars().count() > LONGEST_REASON {
            self.fault("reason", format!("{LONGEST_REASON} 文字以内にしてください。"));
        }
        reason
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Trouble;

    async fn from_request(request: Request, state: &S) -> Result<Form, Trouble> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        let with_files = kind
            .and_then(|kind| kind.to_str().ok())
            .is_some_and(|kind| kind.starts_with("multipart/form-data"));
        if with_files {
            let parts = Multipart::from_request(request, state).await;
            return read_parts(parts.map_err(|why| unreadable(&why.body_text()))?).await;
        }
        let pairs = axum::Form::<Vec<(String, String)>>::from_request(request, state).await;
        let axum::Form(pairs) = pairs.map_err(|why| unreadable(&why.body_text()))?;
        Ok(Form { values: pairs.into_iter().collect(), ..Form::default() })
    }
}

async fn read_parts(mut parts: Multipart) -> Result<Form, Trouble> {
    let mut form = Form::default();
    while let Some(part) = parts.next_field().await.map_err(|why| unreadable(&why.body_text()))? {
        let name = part.name().unwrap_or_default().to_owned();
        let file = part.file_name().map(str::to_owned);
        let bytes = part.bytes().await.map_err(|why| unreadable(&why.body_text()))?;
        match file {
            None => {
                let text = String::from_utf8_lossy(&bytes);
                bounded::look_at_text(&name, &text)?;
                form.set(&name, text);
            }
            Some(file) if !file.is_empty() && !bytes.is_empty() => {
                // Only the last part: some browsers send the folder along.
                let file = file.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
                form.files.insert(name, Upload { name: file, bytes: bytes.to_vec() });
            }
            Some(_) => {}
        }
    }
    Ok(form)
}

/// `110,000`, `１１０，０００` or `¥110,000円`.
fn yen_of(text: &str) -> Result<i64, std::num::ParseIntError> {
    let text = narrow(text).replace(',', "");
    text.trim_start_matches(['¥', '￥', '\\']).trim_end_matches('円').trim().parse()
}

/// A day of a page that has no place for faults beside its fields.
///
/// # Errors
/// When it is no day, or lies beyond [`bounds`].
pub fn typed_day(text: &str) -> Result<Day, Trouble> {
    let day: Day = text.parse().map_err(|_| {
        let detail = format!("「{text}」は日付ではありません。2026-04-01 のように書いてください。");
        Trouble::unusable(detail)
    })?;
    bounds::day(day).map_err(|Beyond { given, from, to }| {
        Trouble::unusable(format!("日付「{given}」は {from} から {to} までで書いてください。"))
    })
}

fn unreadable(why: &str) -> Trouble {
    let detail =
        format!("送られた内容を読めません（{why}）。ページを開き直して、もう一度送ってください。");
    Trouble::new(StatusCode::BAD_REQUEST, "unreadable", "受け付けられない要求です", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(pairs: &[(&str, &str)]) -> Form {
        let mut form = Form::default();
        for (name, value) in pairs {
            form.set(name, value);
        }
        form
    }

    #[test]
    fn only_what_was_looked_at_is_sent() {
        let mut form = typed(&[("amount", "100"), ("step", "look"), ("csrf", "a")]);
        form.set("seen", form.digest());
        assert!(!form.is_confirmed());
        form.set("step", "send");
        form.set("csrf", "b");
        assert!(form.is_confirmed());
        form.set("amount", "1000");
        assert!(!form.is_confirmed());
    }

    #[test]
    fn each_fault_stands_at_its_field_and_says_what_to_do() {
        let mut form =
            typed(&[("amount", "1,1x"), ("on", "2026-02-30"), ("at", "2026-05-01T10:00")]);
        let now = "2026-04-01T10:00:00".parse().unwrap();
        assert_eq!(
            (form.yen("amount"), form.day("on"), form.past_moment("at", now)),
            (None, None, None)
        );
        assert_eq!(form.required("name", "名前を入力してください。"), None);
        let faults: Vec<_> = form.faults().keys().map(String::as_str).collect();
        assert_eq!(faults, ["amount", "at", "name", "on"]);
        assert!(form.faults().values().all(|what_to_do| what_to_do.contains("ください")));
        let mut good =
            typed(&[("amount", "110,000"), ("on", "令和8年4月1日"), ("at", "2026-04-01T10:00")]);
        assert_eq!(good.yen("amount"), Some(Yen(110_000)));
        let mut wide = typed(&[("amount", "￥１１０，０００円"), ("days", "１４")]);
        assert_eq!(wide.yen("amount"), Some(Yen(110_000)));
        assert_eq!(wide.number::<u32>("days", ""), Some(14));
        assert_eq!(good.day("on").unwrap().to_string(), "2026-04-01");
        assert_eq!(good.past_moment("at", now), Some(now));
        assert!(good.is_good());
    }
}
