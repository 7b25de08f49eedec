//! 9-10(3), 9-10(5): a check of the applicant (反社, 与信) with its result and
//! expiry, and the report that shows it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use contract::application::checks::{Check, CheckKind, CheckResult, Standing, standing};
use contract::declare::ids::InputId;
use contract::who::roles::Permission;
use maud::{Markup, html};
use reckon::Period;

use super::desk_form::{Subject, again, done};
use super::uploads::{faults, hat_with};
use crate::access::Visitor;
use crate::web::answer::{Page, Trouble};
use crate::web::field::{self, may, must};
use crate::web::form::Form;
use crate::web::{App, parts};

const TITLE: &str = "反社・与信の確認の記録";

const KINDS: [(&str, &str, CheckKind); 2] = [
    ("anti_social", "反社会的勢力との関係（反社）", CheckKind::AntiSocial),
    ("credit", "信用（与信）", CheckKind::Credit),
];

const RESULTS: [(&str, &str, CheckResult); 3] = [
    ("passed", "問題なし", CheckResult::Passed),
    ("conditional", "条件付きで問題なし", CheckResult::Conditional),
    ("failed", "問題あり", CheckResult::Failed),
];

pub async fn show(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Page, Trouble> {
    let subject = Subject::load(&app, "application", &id).await?;
    let mut form = Form::fresh()?;
    let today = app.engine.now().day();
    form.set("on", today);
    form.set("expires_on", Period::months(today, 12).last_day());
    Ok(page(&app, &visitor, &subject, &form))
}

fn page(app: &App, visitor: &Visitor, subject: &Subject, form: &Form) -> Page {
    let path = format!("{}/check", subject.page());
    let body = html! {
        p.subject { (parts::name(&subject.name(app))) " " (parts::id_link("/applications", &subject.id)) }
        (about(app, subject))
        (field::frame_with_files(visitor, &path, form, "記録する", fields(form)))
        p.back { a href=(subject.page()) { "記録せずに戻る" } }
    };
    Page::new(TITLE, body)
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
        RESULTS.iter().map(|(key, words, _)| (*key, (*words).to_owned())).collect();
    html! {
        (field::choice(form, must("kind", "何の確認か", ""), &kinds))
        (field::choice(form, must("result", "結果", ""), &results))
        (field::day(form, must("on", "確認した日", "")))
        (field::day(form, must("expires_on", "有効期限", "この日まで頼ることができます。")))
        (field::text(form, must("by", "確認した人・機関", "")))
        (field::file(form, may("file", "報告書のファイル", "暗号化して、証拠として保存します。"), ".pdf,.xlsx,.txt,.png,.jpg,.jpeg,.tif,.tiff"))
        (field::text(form, may("document", "ファイルを付けない場合の、裏付けの文書", "報告書の番号など。")))
    }
}

pub async fn take(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
    mut form: Form,
) -> Result<Response, Trouble> {
    let subject = Subject::load(&app, "application", &id).await?;
    let actor = hat_with(&visitor, Permission::RegisterJudgement)?;
    let key = format!("form-{}", form.key()?);
    if app.engine.store.has_input(&InputId(key.clone())).await? {
        return Ok(done(&subject.page()));
    }
    let Some(check) = read(&app, &mut form).filter(|_| form.is_good()) else {
        return Ok(again(page(&app, &visitor, &subject, &form)));
    };
    let file = form.upload("file").map(|file| (file.name.clone(), file.bytes.clone()));
    match app.engine.record_check(&key, &subject.account, check, file, &actor).await {
        Ok(_) => {
            app.bring().await?;
            Ok(done(&subject.page()))
        }
        Err(error) => {
            faults(&mut form, "on", error)?;
            Ok(again(page(&app, &visitor, &subject, &form)))
        }
    }
}

fn read(app: &App, form: &mut Form) -> Option<Check> {
    let kind = KINDS.iter().find(|(key, _, _)| *key == form.text("kind"));
    if kind.is_none() {
        form.fault("kind", "何の確認かを選んでください。");
    }
    let result = RESULTS.iter().find(|(key, _, _)| *key == form.text("result"));
    if result.is_none() {
        form.fault("result", "結果を選んでください。");
    }
    let on = form.past_day("on", app.engine.now().day());
    let expires_on = form.day("expires_on");
    let by = form.required("by", "確認した人か機関の名前を入力してください。");
    let document = match form.upload("file") {
        // The engine writes the name of the sealed file in its place.
        Some(_) => Some(String::new()),
        None => form.required(
            "document",
            "報告書のファイルを選ぶか、裏付けの文書の番号を入力してください。",
        ),
    };
    let (on, expires_on) = (on?, expires_on?);
    if expires_on < on {
        form.fault("expires_on", "有効期限は、確認した日より後の日にしてください。");
        return None;
    }
    let (kind, result) = (kind?.2, result?.2);
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
