//! Letters to a person about their own way in: the link for a password, and that it
//! was used. They go to nobody else.

use reckon::Moment;
use serde::Serialize;

use super::frame::{Addressee, LetterText, Signature, Wording};

/// Carries the link with which a person sets a password.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SetUpLinkLetter {
    pub to: Addressee,
    pub from: Signature,
    /// The id with which the person signs in.
    pub person: String,
    /// Who had it sent.
    pub made_by: String,
    pub link: String,
    pub until: Moment,
}

/// Says that somebody set the password with a link.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PasswordSetLetter {
    pub to: Addressee,
    pub from: Signature,
    pub person: String,
    /// Who brought the link about.
    pub made_by: String,
    pub at: Moment,
    /// Network address from which it was used, as far as it is known.
    pub origin: String,
}

const GREETING: &str = "お疲れさまです。";

pub fn set_up_link_mail(letter: &SetUpLinkLetter) -> LetterText {
    let SetUpLinkLetter { to, from, person, made_by, link, until } = letter;
    Wording {
        subject: "【Yakkan】パスワード設定のご案内".to_owned(),
        greeting: GREETING,
        paragraphs: vec![format!(
            "{made_by} の操作により、あなたのパスワードを設定するリンクが発行されました。次のリンクを開き、ご自身でパスワードを設定してください。"
        )],
        records: vec![
            ("利用者 ID", person.clone()),
            ("リンク", link.clone()),
            ("期限", until.to_minute_text()),
        ],
        remarks: vec![
            "リンクは一度だけ使えます。だれにも転送しないでください。".to_owned(),
            format!("お心当たりがない場合は開かず、{made_by} 以外の管理者に知らせてください。"),
        ],
    }
    .written(to, from)
}

pub fn password_set_mail(letter: &PasswordSetLetter) -> LetterText {
    let PasswordSetLetter { to, from, person, made_by, at, origin } = letter;
    let mut records = vec![
        ("利用者 ID", person.clone()),
        ("日時", at.to_minute_text()),
        ("リンクの発行者", made_by.clone()),
    ];
    if !origin.is_empty() {
        records.push(("接続元", origin.clone()));
    }
    Wording {
        subject: "【Yakkan】パスワードが設定されました".to_owned(),
        greeting: GREETING,
        paragraphs: vec!["リンクを使って、あなたのパスワードが設定されました。".to_owned()],
        records,
        remarks: vec![format!(
            "ご自身の操作でない場合は、ただちに {made_by} 以外の管理者に知らせてください。"
        )],
    }
    .written(to, from)
}
