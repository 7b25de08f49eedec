//! Writes the files of the sample life into a folder: the application mail with
//! its form, the cancellation form, usage files and bank files, as the outside
//! would send them. `cargo run -p document --example sample_files -- FOLDER`

use contract::declare::ids::{AccountId, ApplicationId};
use contract::{
    ApplicationForm, Company, DueRule, LineWish, Payment, PaymentMethod, Person, PersonRole,
    Service, SpecialTerm, UsePeriod,
};
use document::{
    Attachment, CancellationSheet, DepositEntry, DepositFile, DepositHeader, DepositStatement,
    Direction, OutgoingMail, write_application, write_cancellation, write_deposits, write_mail,
};
use reckon::{Day, Yen};

const MESSAGE_ID: &str = "20260401093012.7A41C@aoba-seisakusho.example";
const CORPORATE_NUMBER: &str = "2010001034837";

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn main() {
    let folder = std::path::PathBuf::from(std::env::args().nth(1).expect("a folder"));
    let write = |name: &str, bytes: Vec<u8>| {
        std::fs::write(folder.join(name), bytes).expect("the folder can be written");
    };
    let people = people();
    let form = write_application(Some((&application(), &people))).expect("a form");
    write("application.eml", write_mail(&application_mail(form)).expect("a mail"));
    let contract = ApplicationId::of_reference(MESSAGE_ID).contract();
    let sheet = CancellationSheet {
        company: "青葉製作所株式会社".to_owned(),
        contract: contract.0.clone(),
        desired: Some(day("2026-10-31")),
        signed_by: "髙﨑　一郎".to_owned(),
    };
    write("cancellation.xlsx", write_cancellation(Some(&sheet)).expect("a form"));
    let account = AccountId::of_company(CORPORATE_NUMBER);
    for (name, text) in usage(&account.0, &contract.0) {
        write(name, text.into_bytes());
    }
    for (name, created, rows) in DEPOSITS {
        write(name, write_deposits(&deposits(created, rows)).expect("a bank file"));
    }
}

fn application() -> ApplicationForm {
    let line = |number, service, item: &str, quantity, min_term_months| LineWish {
        number,
        service,
        item: item.to_owned(),
        quantity,
        start: day("2026-04-10"),
        min_term_months,
        agreed_fee: None,
    };
    ApplicationForm {
        applicant: Company {
            name: "青葉製作所株式会社".to_owned(),
            kana: "アオバセイサクショ".to_owned(),
            corporate_number: CORPORATE_NUMBER.to_owned(),
            postal_code: "220-0012".to_owned(),
            address: "神奈川県横浜市西区みなとみらい九丁目1番1号".to_owned(),
            representative_title: "代表取締役".to_owned(),
        },
        lines: vec![
            line(1, Service::Sdpf, "SV-4C16G", 2, Some(12)),
            line(2, Service::Sdpf, "BS-H", 1, None),
            line(3, Service::SdpfSupport, "SP-STD", 1, None),
        ],
        period: UsePeriod { from: day("2026-04-10"), to: day("2026-06-30") },
        payment: Payment {
            method: PaymentMethod::Transfer,
            due: DueRule { months_after: 1, day: None },
            payer_kana: Some("ｶ)ｱｵﾊﾞｾｲｻｸｼﾖ".to_owned()),
        },
        quote: None,
        special_terms: vec![SpecialTerm {
            parameter: "renewal.notice_bd".to_owned(),
            value: 25.into(),
            document: "覚書 MOU-2026-0031".to_owned(),
            signed_on: day("2026-03-27"),
            names_clause: false,
        }],
    }
}

fn people() -> Vec<Person> {
    vec![Person {
        role: PersonRole::ResponsiblePerson,
        name: "髙﨑　一郎".to_owned(),
        department: "情報システム部".to_owned(),
        mail: "takasaki@aoba-seisakusho.example".to_owned(),
        phone: "045-000-1111".to_owned(),
    }]
}

fn application_mail(form: Vec<u8>) -> OutgoingMail {
    OutgoingMail {
        message_id: MESSAGE_ID.to_owned(),
        from: "takasaki@aoba-seisakusho.example".to_owned(),
        to: vec!["contract@minato-cloud.example".to_owned()],
        reply_to: None,
        automatic: false,
        subject: "パートナークラウドサービスの利用申込".to_owned(),
        text: "株式会社みなとクラウド　御中\n\n標記サービスの利用を申し込みます。申込書を添付いたします。\n\n\
               青葉製作所株式会社　情報システム部　髙﨑\n"
            .to_owned(),
        date: "2026-04-01T09:30:12".parse().expect("an instant"),
        attachments: vec![Attachment {
            name: "利用申込書.xlsx".to_owned(),
            mime: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned(),
            bytes: form,
        }],
    }
}

/// April, then May with a row that comes twice and one that comes late.
fn usage(account: &str, contract: &str) -> Vec<(&'static str, String)> {
    const HEAD: &str = "id,account,contract,line,resource,item,quantity,unit,from,to\n";
    let row = |id: &str, resource: &str, quantity: &str, from: &str, to: &str| {
        format!("{id},{account},{contract},2,{resource},BS-H,{quantity},hour,{from},{to}\n")
    };
    let april = [
        row("u-0001", "vol-01", "480", "2026-04-10T09:00:00", "2026-04-30T09:00:00"),
        row("u-0002", "vol-02", "491", "2026-04-10T09:00:00", "2026-04-30T20:00:00"),
    ];
    let may = [
        row("u-0002", "vol-02", "491", "2026-04-10T09:00:00", "2026-04-30T20:00:00"),
        row("u-0003", "vol-01", "744", "2026-05-01T09:00:00", "2026-06-01T09:00:00"),
        row("u-0004", "vol-01", "15.5", "2026-04-30T09:00:00", "2026-05-01T00:30:00"),
    ];
    let broken =
        row("u-0005", "vol-01", "seven hundred", "2026-06-01T09:00:00", "2026-06-30T09:00:00");
    vec![
        ("usage-2026-04.csv", HEAD.to_owned() + &april.concat()),
        ("usage-2026-05.csv", HEAD.to_owned() + &may.concat()),
        ("usage-broken.csv", HEAD.to_owned() + &broken),
    ]
}

type Row = (&'static str, i64);

const DEPOSITS: [(&str, &str, &[Row]); 2] = [
    ("deposits-2026-06-30.txt", "2026-06-30", &[("2026-06-30", 113_565)]),
    ("deposits-2026-07-31.txt", "2026-07-31", &[("2026-07-31", 111_713)]),
];

fn deposits(created_on: &str, rows: &[Row]) -> DepositFile {
    let created_on = day(created_on);
    let entries = rows.iter().zip(2..).map(|((on, amount), row)| DepositEntry {
        row,
        inquiry: format!("{row:08}"),
        booked_on: day(on),
        value_on: day(on),
        direction: Direction::In,
        kind: "11".to_owned(),
        amount: Yen(*amount),
        uncleared: Yen::ZERO,
        payer_code: String::new(),
        payer_name: "ｶ)ｱｵﾊﾞｾｲｻｸｼﾖ".to_owned(),
        sending_bank: "ﾖｺﾊﾏ".to_owned(),
        sending_branch: "ﾎﾝﾃﾝ".to_owned(),
        summary: "ﾌﾘｺﾐ".to_owned(),
        edi: String::new(),
    });
    let entries: Vec<_> = entries.collect();
    let opening_balance = Yen(5_000_000);
    let closing_balance = opening_balance + entries.iter().map(|e| e.amount).sum();
    let header = DepositHeader {
        created_on,
        from: created_on,
        to: created_on,
        bank_code: "0001".to_owned(),
        bank_name: "ﾐﾅﾄ".to_owned(),
        branch_code: "012".to_owned(),
        branch_name: "ｼﾊﾞ".to_owned(),
        account_kind: "1".to_owned(),
        account_number: "0001234567".to_owned(),
        account_name: "ｶ)ﾐﾅﾄｸﾗｳﾄﾞ".to_owned(),
        opening_balance,
    };
    DepositFile { statements: vec![DepositStatement { header, entries, closing_balance }] }
}
