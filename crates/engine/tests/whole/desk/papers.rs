//! Papers and files as people and banks bring them.

use contract::{
    ApplicationForm, Company, DueRule, LineWish, Payment, PaymentMethod, Person, PersonRole,
    Service, UsePeriod,
};
use document::{
    Attachment, DepositEntry, DepositFile, DepositHeader, DepositStatement, Direction,
    OutgoingMail, write_application, write_deposits, write_mail,
};
use engine::Registered;
use reckon::{Day, Yen};
use rust_xlsxwriter::Workbook;

use super::at;

pub const FORM: &str = "利用申込書.xlsx";

/// Who applies: line 1 is a server, line 2 metered storage.
#[derive(Clone)]
pub struct Applicant {
    pub company: &'static str,
    pub kana: &'static str,
    pub corporate_number: &'static str,
    pub person: &'static str,
    pub mail: String,
    pub message_id: String,
    pub period_to: &'static str,
    pub lines: u32,
}

/// A company whose responsible person reads mail at this address.
pub fn kita(mail: &str) -> Applicant {
    Applicant {
        company: "株式会社北斗計測",
        kana: "カブシキガイシャホクトケイソク",
        corporate_number: "7000012050002",
        person: "毛利　小夜子",
        mail: mail.to_owned(),
        message_id: "first@hokuto.example".to_owned(),
        period_to: "2027-03-31",
        lines: 2,
    }
}

/// Another company.
pub fn minami() -> Applicant {
    Applicant {
        company: "有限会社南海商店",
        kana: "ユウゲンガイシャナンカイショウテン",
        corporate_number: "2010001034837",
        person: "南　一平",
        mail: "minami@nankai.example".to_owned(),
        message_id: "first@nankai.example".to_owned(),
        ..kita("")
    }
}

impl Applicant {
    pub fn form(&self) -> (ApplicationForm, Vec<Person>) {
        let start: Day = "2026-04-01".parse().unwrap();
        let line = |number: u32| LineWish {
            number,
            service: Service::Sdpf,
            item: if number == 1 { "SV-4C16G" } else { "BS-H" }.to_owned(),
            quantity: 1,
            start,
            min_term_months: None,
            agreed_fee: None,
        };
        let form = ApplicationForm {
            applicant: Company {
                name: self.company.to_owned(),
                kana: self.kana.to_owned(),
                corporate_number: self.corporate_number.to_owned(),
                postal_code: "060-0001".to_owned(),
                address: "北海道札幌市中央区北一条西2丁目1-1".to_owned(),
                representative_title: "代表取締役".to_owned(),
            },
            lines: (1..=self.lines).map(line).collect(),
            period: UsePeriod { from: start, to: self.period_to.parse().unwrap() },
            payment: Payment {
                method: PaymentMethod::Transfer,
                due: DueRule { months_after: 1, day: None },
                payer_kana: None,
            },
            special_terms: Vec::new(),
            quote: None,
        };
        let person = Person {
            role: PersonRole::ResponsiblePerson,
            name: self.person.to_owned(),
            department: "総務部".to_owned(),
            mail: self.mail.clone(),
            phone: "011-000-4649".to_owned(),
        };
        (form, vec![person])
    }

    pub fn workbook(&self) -> Vec<u8> {
        let (form, people) = self.form();
        write_application(Some((&form, people.as_slice()))).unwrap()
    }

    /// The application mail with the form.
    pub fn mail(&self) -> Vec<u8> {
        self.mail_with(&[(FORM, self.workbook())])
    }

    pub fn mail_with(&self, files: &[(&str, Vec<u8>)]) -> Vec<u8> {
        let attachment = |(name, bytes): &(&str, Vec<u8>)| Attachment {
            name: (*name).to_owned(),
            mime: "application/octet-stream".to_owned(),
            bytes: bytes.clone(),
        };
        let mail = OutgoingMail {
            message_id: self.message_id.clone(),
            from: self.mail.clone(),
            to: vec!["contract@minato-cloud.example".to_owned()],
            reply_to: None,
            automatic: false,
            subject: "利用申込".to_owned(),
            text: "申込書を添付いたします。\n".to_owned(),
            date: at("2026-04-01T08:30:00"),
            attachments: files.iter().map(attachment).collect(),
        };
        write_mail(&mail).unwrap()
    }
}

/// A filled form in which some fields say something else; empty means left out.
pub fn spoilt_form(wrong: &[(&str, &str)]) -> Vec<u8> {
    let fields = [
        ("会社名", "株式会社北斗計測"),
        ("フリガナ", "カブシキガイシャホクトケイソク"),
        ("法人番号", "7000012050002"),
        ("郵便番号", "060-0001"),
        ("住所", "北海道札幌市中央区北一条西2丁目1-1"),
        ("代表者役職", "代表取締役"),
        ("申込種別", "新規"),
        ("利用責任者 氏名", "毛利　小夜子"),
        ("利用責任者 部署", "総務部"),
        ("利用責任者 メール", "mouri@hokuto.example"),
        ("利用責任者 電話", "011-000-4649"),
        ("利用期間 開始日", "2026-04-01"),
        ("利用期間 終了日", "2027-03-31"),
        ("支払方法", "請求書払い"),
        ("支払期日", "翌月末日"),
        ("振込名義カナ", ""),
    ];
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("申込書").unwrap();
    for (row, (label, value)) in (3..).zip(fields) {
        let value = wrong.iter().find(|(of, _)| *of == label).map_or(value, |(_, wrong)| *wrong);
        sheet.write(row, 1, label).unwrap();
        sheet.write(row, 2, value).unwrap();
    }
    let services = [
        ("番号", "1"),
        ("サービス", "SDPF"),
        ("品目コード", "SV-4C16G"),
        ("数量", "1"),
        ("利用開始希望日", "2026-04-01"),
        ("最低利用期間(月)", ""),
        ("個別合意月額(税抜)", ""),
    ];
    for (column, (head, value)) in (1..).zip(services) {
        sheet.write(24, column, head).unwrap();
        sheet.write(25, column, value).unwrap();
    }
    sheet.write(27, 1, "特別条件（個別合意）").unwrap();
    let agreed = ["条項パラメータ", "値(JSON)", "合意文書番号", "締結日", "条項の明示(○)"];
    for (column, head) in (1..).zip(agreed) {
        sheet.write(28, column, head).unwrap();
    }
    book.save_to_buffer().unwrap()
}

/// A usage file with these rows: id, contract, quantity, from, to.
pub fn usage_file(account: &str, rows: &[(&str, &str, &str, &str, &str)]) -> Vec<u8> {
    let mut text = "id,account,contract,line,resource,item,quantity,unit,from,to\n".to_owned();
    for (id, contract, quantity, from, to) in rows {
        text += &format!("{id},{account},{contract},2,vol-1,BS-H,{quantity},hour,{from},{to}\n");
    }
    text.into_bytes()
}

/// Usage of the storage of a contract: id, quantity, from, to.
pub fn usage_of(registered: &Registered, rows: &[(&str, &str, &str, &str)]) -> Vec<u8> {
    let contract = registered.application.contract();
    let rows: Vec<_> =
        rows.iter().map(|(id, q, from, to)| (*id, contract.0.as_str(), *q, *from, *to)).collect();
    usage_file(&registered.account.0, &rows)
}

/// A bank file of a day with these deposits: payer in half-width kana, yen.
pub fn deposits(day: &str, rows: &[(&str, i64)]) -> Vec<u8> {
    let day: Day = day.parse().unwrap();
    let entry = |(row, (payer, yen)): (u32, &(&str, i64))| DepositEntry {
        row,
        inquiry: format!("{row:08}"),
        booked_on: day,
        value_on: day,
        direction: Direction::In,
        kind: "11".to_owned(),
        amount: Yen(*yen),
        uncleared: Yen::ZERO,
        payer_code: String::new(),
        payer_name: (*payer).to_owned(),
        sending_bank: "ﾐﾅﾄ".to_owned(),
        sending_branch: "ﾎﾝﾃﾝ".to_owned(),
        summary: "ﾌﾘｺﾐ".to_owned(),
        edi: String::new(),
    };
    let header = DepositHeader {
        created_on: day,
        from: day,
        to: day,
        bank_code: "0001".to_owned(),
        bank_name: "ﾐﾅﾄ".to_owned(),
        branch_code: "012".to_owned(),
        branch_name: "ｼﾊﾞ".to_owned(),
        account_kind: "1".to_owned(),
        account_number: "0001234567".to_owned(),
        account_name: "ｶ)ﾐﾅﾄｸﾗｳﾄﾞ".to_owned(),
        opening_balance: Yen(1_000_000),
    };
    let total: i64 = rows.iter().map(|(_, yen)| yen).sum();
    let statement = DepositStatement {
        header,
        entries: (2..).zip(rows).map(entry).collect(),
        closing_balance: Yen(1_000_000 + total),
    };
    write_deposits(&DepositFile { statements: vec![statement] }).unwrap()
}
