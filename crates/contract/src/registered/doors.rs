//! 10-1, 30-2: how people bring a change of what is registered: of the company, of whom
//! invoices go to, of who pays, and of whom to write to.

use crate::application::form::PersonRole;
use crate::application::receiving::Wish;
use crate::declare::door::{ALL, TextForm};
use crate::declare::prelude::*;
use crate::road::state::ApplicationStatus::{Formed, Received};

/// What is asked of a person to write to, then whatever is asked besides.
macro_rules! person { ($role:literal within $person:literal $(, $more:expr)* $(,)?) => { &[
    Field::choice($role, "どの連絡先か", "Which contact")
        .called("contact")
        .also(&[concat!($person, "/role")])
        .under("新しい連絡先", "New contact"),
    Field::line(concat!($person, "/name"), "氏名", "Name").called("name"),
    Field::line(concat!($person, "/department"), "部署", "Department")
        .called("department")
        .optional(),
    Field::text(concat!($person, "/mail"), TextForm::Mail, "メール", "Mail")
        .called("mail")
        .hint("例 name@example.jp", "For example name@example.jp"),
    Field::text(concat!($person, "/phone"), TextForm::Phone, "電話", "Phone")
        .called("phone")
        .hint("例 03-1234-5678", "For example 03-1234-5678"),
    $($more),*
] } }

/// Another person from now on, of an application or of the contract that it formed.
pub(crate) const NOW: Door = Door::of_application(
    "これから送る通知の宛先が変わります。すでに送ったものは変わりません。",
    "Whatever is sent from now on goes to this person. What was sent stays.",
)
.cites(&["10-2"])
.word("contact")
.offer("連絡先を変える", "change a contact")
.asks(person!("role" within "person"))
.person("person")
.here(|asked, id, l| {
    let application = asked.application(id);
    let offered = application.is_some_and(|one| {
        [Received, Formed].contains(&one.status) && !matches!(one.content.wish, Wish::Change { .. })
    });
    Here::offered(offered).choices("role", roles(l))
});

const PLANNED: Field = Field::day("planned_on", "変更日", "Day of the change")
    .first(First::Shown)
    .hint(
        "この日の始めから、新しい内容になります。先の日でも登録できます。",
        "It holds from the beginning of this day, which may be to come.",
    )
    .under("変更届", "Notification");
const UNPLANNED: Field = Field::flag(
    "unplanned",
    "前もって予定していた変更ではない（5営業日前の期限がない）",
    "It had not been planned: there is no limit of five business days before it",
);

const fn told(door: Door) -> Door {
    door.at("変更届が届いた日時", "When the notification came")
}

const ANOTHER_COMPANY: Words = Words::new(
    "法人番号は変えられません。別の法人番号は別の会社です。新しい申込みとして登録してください（5-1）。",
    "The corporate number cannot change: another one is another company, which applies anew (5-1).",
);

/// Trade name, head office, representative.
const COMPANY: Door = told(
    Door::of(
        Of::Customer,
        Words::new(
            "登録されている会社の内容を、変更日から改めます。法人番号が変わる場合は別の会社としての申込みになります。",
            "What is registered of the company is another from the day of the change. Another corporate number is another company, which applies for itself.",
        ),
    )
    .word("change_company")
    .title("会社名・住所などの変更", "Change of name, address and so on")
    .offer("会社名・住所などの変更", "change of name or address")
    .says(&[("what/item", "company")])
    .asks(&[
        Field::line("what/company/name", "会社名", "Name")
            .called("company")
            .first(First::Shown)
            .hint("登記上の名称", "As it is registered")
            .under("変更後の内容", "What it is from then on"),
        Field::text("what/company/kana", TextForm::Katakana, "フリガナ", "Reading")
            .called("kana")
            .first(First::Shown)
            .hint("全角カタカナ", "In katakana"),
        Field::text(
            "what/company/corporate_number",
            TextForm::CorporateNumber,
            "法人番号",
            "Corporate number",
        )
        .called("corporate_number")
        .first(First::Shown)
        .hint("13桁。変えられません。", "13 digits, which cannot change"),
        Field::text("what/company/postal_code", TextForm::PostalCode, "郵便番号", "Postal code")
            .called("postal_code")
            .first(First::Shown)
            .hint("例 100-0001", "For example 100-0001"),
        Field::line("what/company/address", "住所", "Address")
            .called("address")
            .first(First::Shown)
            .hint("都道府県から", "From the prefecture on"),
        Field::line("what/company/representative_title", "代表者の役職", "Representative's title")
            .called("title")
            .first(First::Shown)
            .hint("例 代表取締役", "For example 代表取締役"),
        PLANNED,
        UNPLANNED,
    ])
    .here(|asked, id, l| {
        let Some(contract) = asked.contract(id) else { return Here::default() };
        let today = asked.at.day();
        let company = asked.state.company_on(contract, today);
        let told = asked.state.parties.companies.iter().filter(|since| since.from > today);
        let later: Vec<_> = told
            .map(|since| {
                let (from, name) = (day(since.from, l), &since.value.name);
                say!(
                    l,
                    "{from}からの変更（{name}）が登録済みです。次の欄は今日の内容です。",
                    "A change from {from} on is registered ({name}). What stands below is that of today."
                )
            })
            .collect();
        let number = &company.corporate_number;
        reaching(asked, None)
            .first("what/company/name", &company.name)
            .first("what/company/kana", &company.kana)
            .first("what/company/postal_code", &company.postal_code)
            .first("what/company/address", &company.address)
            .first("what/company/representative_title", &company.representative_title)
            .only("what/company/corporate_number", number, ANOTHER_COMPANY)
            .notes(later)
            .note(l.pick(
                "変更日以後の日付の請求書と、変更日以後に送る通知・受領通知・消去証明書の宛名が変わります。請求先を別に登録している契約の請求書は、その請求先のままです。",
                "Invoices dated from that day on, and notices, receipts and certificates that are sent from then on, bear it. Invoices of contracts with an addressee of their own keep that.",
            ))
    }),
);

/// To whom invoices are addressed.
const BILL_TO: Door = told(
    Door::of(
        Of::Customer,
        Words::new(
            "請求書の宛名と住所を、変更日から改めます。契約者と支払いの義務は変わりません。",
            "Invoices are addressed to somebody else from the day of the change. Who the customer is, and who owes, stays.",
        ),
    )
    .word("change_bill_to")
    .title("請求先の変更", "Change of the addressee of invoices")
    .offer("請求先の変更", "change of the addressee of invoices")
    .says(&[("what/item", "bill_to")])
    .asks(&[
        Field::contract_or_all("what/contract",
            "どの契約の請求書か",
            "Invoices of which contract",
        )
        .called("of")
        .first(First::Shown)
        .hint("", "The contract, or all"),
        Field::without("what/to", "契約者に戻す（次の欄は空でかまいません）", "Back to the customer")
            .called("customer"),
        Field::line("what/to/name", "会社・組織の名前", "Name of the company or body")
            .called("name")
            .first(First::Shown)
            .under("請求先", "Addressee"),
        Field::line("what/to/department", "部署", "Department")
            .called("department")
            .first(First::Shown)
            .optional(),
        Field::text("what/to/postal_code", TextForm::PostalCode, "郵便番号", "Postal code")
            .called("postal_code")
            .first(First::Shown)
            .hint("例 100-0001", "For example 100-0001"),
        Field::line("what/to/address", "住所", "Address")
            .called("address")
            .first(First::Shown)
            .hint("都道府県から", "From the prefecture on"),
        PLANNED,
        UNPLANNED,
    ])
    .here(|asked, id, l| {
        let contract = ContractId(id.to_owned());
        let this = Choice::new(id, l.pick("この契約だけ", "of this contract alone"));
        let all = Choice::new(ALL, l.pick("すべての契約", "of all contracts"));
        let mut here = reaching(asked, None)
            .choices("what/contract", [this, all])
            .first("what/contract", id)
            .note(l.pick(
                "変更日以後の日付の請求書の宛名が変わります。この契約だけの請求先にすると、この契約の請求書は別に発行されます。",
                "Invoices dated from that day on bear it. With an addressee of its own a contract has invoices of its own.",
            ));
        if let Some(to) = asked.state.parties.bill_to_on(&contract, asked.at.day()) {
            here = here
                .first("what/to/name", &to.name)
                .first("what/to/department", &to.department)
                .first("what/to/postal_code", &to.postal_code)
                .first("what/to/address", &to.address);
        }
        here
    }),
);

/// Under which names money comes.
const PAYERS: Door = told(
    Door::of(
        Of::Customer,
        Words::new(
            "この名義の入金を、この契約者からのものとして消し込みます。これまでの名義も引き続き見分けます。",
            "Money under these names is taken as this customer's. Names of before are still known.",
        ),
    )
    .word("change_payers")
    .title("振込名義の変更", "Change of payers' names")
    .offer("振込名義の変更", "change of payers' names")
    .says(&[("what/item", "payers")])
    .asks(&[
        Field::text("what/names/0", TextForm::PayerKana, "振込名義カナ", "Name of the payer")
            .called("payer1")
            .hint("銀行の明細に出るとおり。例 ｶ)ｱｵﾊﾞｼｮｳｼﾞ", "As the bank writes it"),
        Field::text("what/names/1", TextForm::PayerKana, "振込名義カナ（ほかにもあれば）", "Another name")
            .called("payer2")
            .optional(),
        Field::text("what/names/2", TextForm::PayerKana, "振込名義カナ（ほかにもあれば）", "Another name")
            .called("payer3")
            .optional(),
        PLANNED,
        UNPLANNED,
    ])
    .here(|asked, _, l| {
        reaching(asked, None).note(l.pick(
            "変更日以後に読み込む入金ファイルの照合に使います。書類や宛先は変わりません。",
            "Bank files that are read from that day on are compared with them. Papers and addressees stay.",
        ))
    }),
);

/// Whom to write to, from a day on.
const CONTACT: Door = told(
    Door::of(
        Of::Contract("what/contract"),
        Words::new(
            "変更日からの連絡先です。利用責任者の変更は、5営業日前の期限によらず速やかに知らせてもらいます。",
            "Whom to write to from the day of the change. Another responsible person is to be told speedily, without the limit of five business days.",
        ),
    )
    .cites(&["30-2"])
    .word("change_contact")
    .title("連絡先の変更（変更日を決める）", "Change of a contact from a day on")
    .offer("連絡先の変更（変更日を決める）", "change of a contact from a day on")
    .says(&[("what/item", "contact")])
    .asks(person!("what/role" within "what/person", PLANNED, UNPLANNED))
    .person("what/person")
    .here(|asked, id, l| {
        reaching(asked, Some(id)).choices("what/role", roles(l)).note(l.pick(
            "変更日以後に送るメールの宛先が変わります。請求書は請求先の担当者に、ほかの通知は利用責任者に送ります。氏名などは暗号化して保存し、記録には残しません。",
            "Mails that are sent from that day on go there: invoices to the billing contact, all else to the responsible person. Names are stored encrypted, and not in the record.",
        ))
    }),
);

/// One for each thing that is registered.
pub(crate) const CHANGES: &[Door] = &[COMPANY, BILL_TO, PAYERS, CONTACT];

/// Whom people can write to, each with its name as it is stored.
pub fn roles(l: Reader) -> Vec<Choice> {
    let of = |role, ja, en| (role, l.pick(ja, en));
    let roles = [
        of(PersonRole::ResponsiblePerson, "利用責任者（30-1）", "responsible person (30-1)"),
        of(PersonRole::Billing, "請求先", "billing"),
        of(PersonRole::Technical, "技術担当", "technical"),
        of(PersonRole::Emergency, "緊急連絡先", "emergency"),
    ];
    roles.into_iter().map(|(role, words)| Choice::new(role.key(), words)).collect()
}

/// The contracts that go on, or one of them. It is offered where what is registered is
/// shown, not among the steps of a contract.
fn reaching(asked: &Asked, only: Option<&str>) -> Here {
    let going = asked
        .state
        .contracts
        .iter()
        .filter(|(id, contract)| only.is_none_or(|only| id.0 == only) && !contract.is_over());
    let contracts = going.map(|(id, _)| id.0.clone()).collect();
    let here = Here { contracts: Some(contracts), ..Here::default() };
    here.first("planned_on", asked.at.day())
}
