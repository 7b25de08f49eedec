//! A file that is looked at before it is brought. It is read and shown; chosen once more,
//! and the same, it is brought. Nothing is kept on the server meanwhile.

use std::collections::BTreeMap;

use contract::declare::words::Language;
use contract::road::stream::Body;
use contract::{ApplicationForm, Person};
use document::{DepositFile, Direction, FaultyForm, UsageFile};
use engine::{DepositsAhead, sha256_of};
use maud::{Markup, html};
use reckon::{Moment, Yen};

use super::uploads::places;
use crate::access::Visitor;
use crate::web::answer::Trouble;
use crate::web::field::{self, Reached, may, must};
use crate::web::form::{Form, Upload};
use crate::web::parts::Column::{Number, Text};
use crate::web::{App, csrf, parts, words};

/// Of which file the page has shown what is in it.
const SEEN: &str = "sha256";

/// Takes note of what was looked at. True where this very file and form was before, and is
/// sent now.
pub fn is_confirmed(form: &mut Form, file: &Upload) -> bool {
    let sha256 = sha256_of(&file.bytes);
    if form.text(SEEN) == sha256 && form.is_confirmed() {
        return true;
    }
    form.set(SEEN, sha256);
    false
}

/// As [`is_confirmed`], of a form to which a file may belong: what is sent with another file
/// than was looked at is looked at again.
pub fn look(form: &mut Form) {
    match form.upload("file").map(|file| sha256_of(&file.bytes)) {
        Some(sha256) => form.set(SEEN, sha256),
        None if form.is_set(SEEN) && form.text("step") == "send" => {
            form.fault("file", "確かめたのと同じファイルを、もう一度選んでください。ファイルを付けないときは、「もう一度確かめる」を押してください。");
        }
        // Looked at again without it, there is no file.
        None => form.unset(SEEN),
    }
}

/// The field for a file that may be left out.
pub fn may_choose(form: &Form, label: &str, hint: &str, accept: &str) -> Markup {
    chosen(form, may("file", label, hint), accept)
}

/// The field for the file.
pub fn choose(form: &Form, label: &str, hint: &str, accept: &str) -> Markup {
    chosen(form, must("file", label, hint), accept)
}

/// Looked at once, it is the same file that is asked for.
fn chosen(form: &Form, first: field::Field<'_>, accept: &str) -> Markup {
    let once_more = field::Field {
        label: "確かめたのと同じファイル",
        hint: "もう一度選んでください。違うファイルなら登録せず、その内容をまた示します。",
        ..first
    };
    let is_looked_at = form.is_set(SEEN) && form.is_good();
    field::file(form, if is_looked_at { once_more } else { first }, accept)
}

/// A form with such a file.
pub fn frame(
    visitor: &Visitor,
    action: &str,
    form: &Form,
    verb: &str,
    reached: &Reached,
    inside: Markup,
) -> Markup {
    html! {
        (field::wrong(form))
        @if let Reached::Looked(shown) = reached {
            @if form.text("step") == "send" {
                p.wrong role="alert" { "先ほど確かめた内容と違います。登録していません。今の内容は次のとおりです。" }
            }
            section.foreseen aria-label="登録すると" { (shown) }
        }
        form.sheet method="post" action=(action) enctype="multipart/form-data" {
            (csrf::field(visitor.csrf()))
            input type="hidden" name="key" value=(form.text("key"));
            @if let Reached::Looked(_) = reached {
                @if form.is_set(SEEN) { input type="hidden" name=(SEEN) value=(form.text(SEEN)); }
                input type="hidden" name="seen" value=(form.digest());
            }
            (inside)
            div.buttons {
                @match reached {
                    Reached::Looked(_) => {
                        button.strong name="step" value="send" { (verb) }
                        button name="step" value="look" { "もう一度確かめる" }
                    },
                    _ => button.strong name="step" value="look" { "内容を確かめる" },
                }
            }
        }
    }
}

/// A form that can be read.
pub fn application(app: &App, form: &ApplicationForm, people: &[Person]) -> Markup {
    let today = app.engine.now().day();
    let period = &form.period;
    html! {
        h2 { "この申込を登録します" }
        (parts::list(&[
            ("申込者", html! { (form.applicant.name) }),
            ("法人番号", html! { (form.applicant.corporate_number) }),
            ("利用期間", html! { (parts::day(period.from)) " 〜 " (parts::day(period.to)) }),
            ("明細", html! { @for line in &form.lines { div { (app.item_name(&line.item)) " × " (line.quantity) } } }),
            ("連絡先", html! { @for person in people { div { (words::contact_role(person.role)) "：" (person.name) } } }),
        ]))
        @if period.to < today { p.warning { "利用期間はすでに終わっています。" } }
        p.note { "登録しただけでは契約は成立しません。別の人が承諾し、承諾メールを送信した時に成立します。" }
    }
}

/// A form with faults: what of it is registered, and who is told.
pub fn faulty(faulty: &FaultyForm, by_mail: bool) -> Markup {
    html! {
        h2 { "申込書に不備があります" }
        @match &faulty.applicant {
            Some(applicant) => p { (applicant.name) "（法人番号 " (applicant.corporate_number) "）の不備のある申込として登録します。承諾はできません（9-10(2)）。" },
            None => p { "法人番号が読めないため、申込としては登録しません。" },
        }
        @if by_mail { p { "メールの差出人に、次の不備を返信します。" } }
        p.reply { (places(&faulty.faults)) }
    }
}

pub fn deposits(file: &DepositFile) -> Markup {
    let rows: Vec<_> = file
        .statements
        .iter()
        .map(|statement| {
            let paid_in = statement.entries.iter().filter(|one| one.direction == Direction::In);
            let (count, sum) = paid_in.fold((0, Yen::ZERO), |(n, sum), one| (n + 1, sum + one.amount));
            vec![
                html! { (parts::day(statement.header.from)) " 〜 " (parts::day(statement.header.to)) },
                html! { (count) },
                parts::yen(sum),
                html! { (statement.entries.len() - count) },
            ]
        })
        .collect();
    let columns = [Text("期間"), Number("入金の件数"), Number("入金の合計"), Number("出金など")];
    html! {
        h2 { "この入出金を読み込みます" }
        (parts::table(&columns, &rows, "入出金はありません。"))
    }
}

/// Whose each movement is, and to what it would be applied.
pub async fn matched(
    app: &App,
    visitor: &Visitor,
    ahead: &DepositsAhead,
) -> Result<Markup, Trouble> {
    let reader = visitor.reads(Language::Japanese);
    let mut rows = Vec::new();
    for one in &ahead.first {
        let customer = app.account_row(&one.account).await?;
        let follows = one.events.iter().filter_map(|event| match &event.body {
            Body::Follows { consequence, .. } => Some(consequence.line(reader)),
            _ => None,
        });
        rows.push(vec![
            parts::day(one.on),
            parts::yen(one.amount),
            html! { (one.payer) },
            parts::name(&customer.map(|row| row.name).unwrap_or_default()),
            html! { @for line in follows { div { (line) } } },
        ]);
    }
    let columns =
        [Text("入金日"), Number("金額"), Text("振込名義"), Text("契約者"), Text("生じること")];
    let rest = ahead.books as usize - ahead.first.len();
    Ok(html! {
        p { "契約者が分かる入出金 " (ahead.books) " 件、登録済みか除いたもの " (ahead.known) " 件、人が確かめるもの " (ahead.waiting) " 件。" }
        @if !rows.is_empty() { (parts::table(&columns, &rows, "")) }
        @if rest > 0 { p.note { "ほか " (rest) " 件も登録します。" } }
        p.note { "契約者が決まらない入金は、人が確かめるまで登録しません。読み込み済みの入出金は、二重には数えません。" }
    })
}

/// Of so many contracts of a file the page tells.
const TOLD: usize = 50;

/// What a file says of one contract.
struct Used<'a> {
    account: &'a str,
    rows: u64,
    from: Moment,
    to: Moment,
}

pub async fn usage(app: &App, file: &UsageFile) -> Result<Markup, Trouble> {
    let mut contracts: BTreeMap<&str, Used<'_>> = BTreeMap::new();
    for row in &file.rows {
        let first = Used { account: &row.account, rows: 0, from: row.from, to: row.to };
        let used = contracts.entry(&row.contract).or_insert(first);
        used.rows += 1;
        (used.from, used.to) = (used.from.min(row.from), used.to.max(row.to));
    }
    let mut rows = Vec::new();
    for (contract, used) in contracts.iter().take(TOLD) {
        let customer = app.account_row(&used.account.into()).await?;
        rows.push(vec![
            html! { (contract) },
            html! { (customer.map_or_else(|| used.account.to_owned(), |row| row.name)) },
            html! { (used.rows) },
            parts::moment(used.from),
            parts::moment(used.to),
        ]);
    }
    let columns =
        [Text("契約"), Text("契約者"), Number("行数"), Text("最初の時刻"), Text("最後の時刻")];
    Ok(html! {
        h2 { "この利用明細を取り込みます" }
        p { (file.rows.len()) " 行、契約 " (contracts.len()) " 件" }
        (parts::table(&columns, &rows, "行はありません。"))
        @if contracts.len() > TOLD { p.note { "ほか " (contracts.len() - TOLD) " 件の契約の行もあります。" } }
        p.note { "契約にない明細の行などは取り込まず、理由を示します。取り込み済みの行は、二重には数えません。" }
    })
}

/// What to do about a file of another kind than is read here.
pub fn other_kind(form: &mut Form, file: &Upload, kinds: &[&str], what_to_do: &str) {
    let name = file.name.to_lowercase();
    if kinds.iter().any(|kind| name.ends_with(kind)) || form.faults().get("file").is_none() {
        return;
    }
    let said = form.faults().get("file").cloned().unwrap_or_default();
    form.refault(
        "file",
        format!(
            "「{}」は、ここで読む種類のファイルではないようです。{what_to_do}\n{said}",
            file.name
        ),
    );
}
