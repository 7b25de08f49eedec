//! 9-10(3), 9-10(5): a check of the applicant (反社, 与信) with its result and
//! expiry, and the report that shows it.

use contract::application::checks::{Check, CheckKind, CheckResult, Standing, standing};
use contract::declare::fact::Fact;
use contract::declare::names;
use contract::declare::sealed::Sealed;
use contract::declare::words::Language::Japanese as JA;
use maud::{Markup, html};
use reckon::Period;

use super::desk_form::{Brings, DeskForm, Subject};
use super::looked_file;
use crate::web::bring::morning;
use crate::web::field::{self, may, must};
use crate::web::form::Form;
use crate::web::{App, parts};

const KINDS: [(&str, &str, CheckKind); 2] = [
    ("anti_social", "反社会的勢力との関係（反社）", CheckKind::AntiSocial),
    ("credit", "信用（与信）", CheckKind::Credit),
];

const RESULTS: [(&str, CheckResult); 3] = [
    ("passed", CheckResult::Passed),
    ("conditional", CheckResult::Conditional),
    ("failed", CheckResult::Failed),
];

/// What somebody found out about the applicant.
pub struct CheckMade;

impl DeskForm for CheckMade {
    const OF: &'static str = "application";
    const NAME: &'static str = "check";
    const TITLE: &'static str = "反社・与信の確認の記録";
    const VERB: &'static str = "記録する";
    const FILES: bool = true;

    fn begin(app: &App, _: &Subject, form: &mut Form) {
        let today = app.engine.now().day();
        form.set("on", today);
        form.set("expires_on", Period::months(today, 12).last_day());
    }

    fn about(app: &App, subject: &Subject) -> Markup {
        about(app, subject)
    }

    fn fields(_: &App, _: &Subject, form: &Form) -> Markup {
        fields(form)
    }

    fn read(app: &App, _: &Subject, form: &mut Form) -> Option<Brings> {
        let check = read(app, form)?;
        let made = morning(app, check.on);
        Some(Brings::fact(Fact::CheckRecorded(check), made))
    }
}

fn about(app: &App, subject: &Subject) -> Markup {
    let today = app.engine.now().day();
    let made = || subject.state.checks.iter().map(|(_, check)| check);
    html! {
        p.lead { "会社について行った確認を、結果と有効期限とともに記録します。承諾の前に、有効な確認が必要です。" (parts::clauses(&["9-10(3)", "9-10(5)"])) }
        ul { @for (_, words, kind) in KINDS {
            li { (words) "：" (standing_words(standing(made(), kind, today))) }
        } }
    }
}

fn fields(form: &Form) -> Markup {
    let kinds: Vec<_> = KINDS.iter().map(|(key, words, _)| (*key, (*words).to_owned())).collect();
    let results: Vec<_> =
        RESULTS.iter().map(|(key, one)| (*key, names::check_result(*one, JA).to_owned())).collect();
    html! {
        (field::choice(form, must("kind", "何の確認か", ""), &kinds))
        (field::choice(form, must("result", "結果", ""), &results))
        (field::day(form, must("on", "確認した日", "")))
        (field::day(form, must("expires_on", "有効期限", "この日まで頼ることができます。")))
        (field::text(form, must("by", "確認した人・機関", "")))
        (looked_file::may_choose(form, "報告書のファイル", "暗号化して、証拠として保存します。", ".pdf,.xlsx,.txt,.png,.jpg,.jpeg,.tif,.tiff"))
        (field::text(form, may("document", "ファイルを付けない場合の、裏付けの文書", "報告書の番号など。")))
    }
}

fn read(app: &App, form: &mut Form) -> Option<Check> {
    let kind = KINDS.iter().find(|(key, _, _)| *key == form.text("kind"));
    if kind.is_none() {
        form.fault("kind", "何の確認かを選んでください。");
    }
    let result = RESULTS.iter().find(|(key, _)| *key == form.text("result"));
    if result.is_none() {
        form.fault("result", "結果を選んでください。");
    }
    let on = form.past_day("on", app.engine.now().day());
    let expires_on = form.day("expires_on");
    let by = form.required("by", "確認した人か機関の名前を入力してください。");
    let file = form.upload("file").map(|file| (file.name.clone(), file.bytes.clone()));
    let words = "報告書のファイルを選ぶか、裏付けの文書の番号を入力してください。";
    let document = match file {
        None => form.required("document", words).map(Sealed::row),
        file => Some(Sealed::file_or(file, "")),
    };
    let (on, expires_on) = (on?, expires_on?);
    if expires_on < on {
        form.fault("expires_on", "有効期限は、確認した日より後の日にしてください。");
        return None;
    }
    let (kind, result) = (kind?.2, result?.1);
    Some(Check { kind, on, result, by: by?, document: document?, expires_on })
}

fn standing_words(standing: Standing) -> Markup {
    match standing {
        Standing::Missing => html! { "まだ確認していません" },
        Standing::Failed => html! { "問題あり" },
        Standing::Expired(on) => html! { (parts::day(on)) " で期限が切れています" },
        Standing::Valid => html! { "有効です" },
    }
}
