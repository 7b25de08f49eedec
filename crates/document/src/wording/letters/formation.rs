//! Letters of Article 9: acceptance, order acceptance, refusal, faults in a form.

use contract::UsePeriod;
use reckon::{Day, Moment, Yen};
use serde::Serialize;

use super::frame::{Addressee, Letter, LetterText, Signature, TO_APPLICANT, TO_CUSTOMER};
use crate::fault::Fault;
use crate::wording::Language;
use crate::wording::figures::{written_day, yen};

/// 承諾メール, whose sending forms the contract (9-4).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AcceptanceLetter {
    pub to: Addressee,
    pub from: Signature,
    pub application: String,
    pub contract: String,
    pub applied_at: Moment,
    pub terms_version: String,
    /// For a new contract its lines, for a change how they stand with it.
    pub lines: Vec<LetterLine>,
    /// Set for a change contract (9-7).
    pub change: Option<LetterChange>,
    pub period: UsePeriod,
    /// True when applied by mail and no paper form has come yet (9-2).
    pub paper_form_owed: bool,
    /// File name of the 申込請書.
    pub attachment: String,
}

/// One service of a contract, as a letter lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LetterLine {
    pub number: u32,
    pub name: String,
    pub quantity: u32,
    pub start: Day,
    /// Without tax; none where usage is billed.
    pub monthly_fee: Option<Yen>,
}

/// What a change contract changes, in words, and from when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LetterChange {
    pub from: Day,
    pub what: Vec<String>,
}

/// Goes with the 申込請書 after the acceptance mail (9-5, 9-8).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OrderAcceptanceLetter {
    pub to: Addressee,
    pub from: Signature,
    pub application: String,
    pub contract: String,
    pub change: Option<LetterChange>,
    pub formed_at: Moment,
    pub attachment: String,
}

/// 不承諾通知 (9-3). It has no room for the ground.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RefusalLetter {
    pub to: Addressee,
    pub from: Signature,
    pub application: String,
    pub applied_at: Moment,
}

/// What an applicant has to mend in a form, cell by cell.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FormFaultsLetter {
    pub to: Addressee,
    pub from: Signature,
    /// 申込書 or 解約申込書.
    pub form: String,
    pub received_at: Moment,
    pub file: String,
    pub faults: Vec<Fault>,
}

/// 9-4: the contract is formed at the moment at which this mail is sent; 9-8: so is
/// a change contract.
pub fn acceptance_mail(data: &AcceptanceLetter) -> LetterText {
    let mut remarks = vec![
        format!("利用契約には、利用規約{}版が適用されます。", data.terms_version),
        "申込請書は改めてお送りします。その時期は契約の成立に影響しません（第9条第5項）。"
            .to_owned(),
    ];
    if data.paper_form_owed {
        remarks.push(
            "メールでのお申し込みでしたので、記名済みの紙の申込書もお早めにお送りください（第9条第2項）。"
                .to_owned(),
        );
    }
    let (subject, greeting, paragraphs) = match data.change {
        None => (
            "お申し込みを承りました",
            TO_APPLICANT,
            [
                "お申し込みの内容を確認し、下記のとおり承諾いたします。",
                "利用契約は、当社がこのメールを送信した時点で成立しております（第9条第4項）。",
            ],
        ),
        Some(_) => (
            "利用変更のお申し込みを承りました",
            TO_CUSTOMER,
            [
                "ご契約内容の変更のお申し込みを確認し、下記のとおり承諾いたします。",
                "利用変更契約は、当社がこのメールを送信した時点で成立しております（第9条第8項、同条第4項）。",
            ],
        ),
    };
    Letter {
        to: &data.to,
        from: &data.from,
        subject: format!("【承諾】{subject}（契約番号 {}）", data.contract),
        greeting,
        paragraphs: paragraphs.map(str::to_owned).to_vec(),
        records: accepted(data),
        remarks,
    }
    .written()
}

fn accepted(data: &AcceptanceLetter) -> Vec<(&'static str, String)> {
    let lines = data.lines.iter().map(service_line).collect::<Vec<_>>().join("\n");
    let mut records = vec![
        ("申込番号", data.application.clone()),
        ("契約番号", data.contract.clone()),
        ("お申込日", written_day(data.applied_at.day())),
    ];
    match &data.change {
        None => records.push(("サービス", lines)),
        Some(change) => {
            records.extend(changed(change));
            records.push(("変更後", lines));
        }
    }
    records.push(("利用期間", period(data.period)));
    records.push(("添付", format!("申込請書（{}）", data.attachment)));
    records
}

fn changed(change: &LetterChange) -> [(&'static str, String); 2] {
    [("変更日", written_day(change.from)), ("変更の内容", change.what.join("\n"))]
}

fn service_line(line: &LetterLine) -> String {
    let LetterLine { number, name, quantity, start, monthly_fee } = line;
    let fee = match monthly_fee {
        Some(fee) => format!("月額{}（税抜）", yen(*fee, Language::Japanese)),
        None => "従量料金".to_owned(),
    };
    format!("{number}. {name} × {quantity}　{fee}　{}から", written_day(*start))
}

fn period(period: UsePeriod) -> String {
    format!("{}〜{}", written_day(period.from), written_day(period.to))
}

/// 9-5, 9-8: the order acceptance itself.
pub fn order_acceptance_mail(data: &OrderAcceptanceLetter) -> LetterText {
    let mut records = vec![
        ("申込番号", data.application.clone()),
        ("契約番号", data.contract.clone()),
        ("契約成立日", written_day(data.formed_at.day())),
    ];
    records.extend(data.change.iter().flat_map(changed));
    records.push(("添付", format!("申込請書（{}）", data.attachment)));
    let (what, clauses) = match data.change {
        None => ("利用契約", "第9条第5項"),
        Some(_) => ("利用変更契約", "第9条第8項、同条第5項"),
    };
    Letter {
        to: &data.to,
        from: &data.from,
        subject: format!("【申込請書】送付のご案内（契約番号 {}）", data.contract),
        greeting: TO_CUSTOMER,
        paragraphs: vec![
            format!("先に承諾した{what}について、申込請書をお送りします（{clauses}）。"),
            format!("{what}は承諾メールの送信時に成立済みです。お手続きは要りませんので、控えとして保管してください。"),
        ],
        records,
        remarks: Vec::new(),
    }
    .written()
}

/// 9-3: the refusal, without its ground.
pub fn refusal_mail(data: &RefusalLetter) -> LetterText {
    Letter {
        to: &data.to,
        from: &data.from,
        subject: format!("お申し込みの結果について（申込番号 {}）", data.application),
        greeting: TO_APPLICANT,
        paragraphs: vec![
            "検討の結果、誠に申し訳ございませんが、今回はお申し込みを承諾いたしかねます（第9条第3項）。"
                .to_owned(),
            "ご希望に沿えず恐縮ですが、ご理解くださいますようお願いいたします。".to_owned(),
        ],
        records: vec![
            ("申込番号", data.application.clone()),
            ("お申込日", written_day(data.applied_at.day())),
            ("結果", "不承諾（利用契約は成立していません）".to_owned()),
        ],
        remarks: vec!["判断の理由についてのお問い合わせには、お答えしておりません。".to_owned()],
    }
    .written()
}

/// The faults of a form, so that it can be mended without asking back.
pub fn form_faults_mail(data: &FormFaultsLetter) -> LetterText {
    let count = data.faults.len();
    let faults: Vec<String> = data.faults.iter().map(Fault::line_ja).collect();
    Letter {
        to: &data.to,
        from: &data.from,
        subject: format!("【要修正】{}の不備について（{count}件）", data.form),
        greeting: TO_CUSTOMER,
        paragraphs: vec![
            format!(
                "{}をお送りいただきありがとうございます。内容を確認しましたところ、{count}件の不備がございました。",
                data.form
            ),
            "お手数ですが、下記の箇所を直したファイルを、このメールへの返信でお送りください。".to_owned(),
        ],
        records: vec![
            ("受信日時", received(data.received_at)),
            ("ファイル", data.file.clone()),
            ("不備の箇所", faults.join("\n")),
        ],
        remarks: vec![format!("この{}による手続きは、まだ始まっておりません。", data.form)],
    }
    .written()
}

fn received(at: Moment) -> String {
    let time = at.japan();
    format!("{} {}:{:02}", written_day(at.day()), time.hour(), time.minute())
}
