//! 請求書 (qualified invoice) and 延滞利息請求書.

use contract::money::invoice::{ChargeKind, InvoiceKind, InvoiceLine};
use contract::money::late_interest::{LateInterest, Stretch};
use contract::money::waiver::Waived;
use contract::{AccountState, PaymentMethod};
use reckon::{Decimal, Month, Period, Yen};
use typeset::{Addressee, DayRange, Document, InterestLine, Note, RateSummary, Taxed};

use crate::outgoing::papers::{Sender, addressee, note, owned};

/// The invoice with this number, as it was issued.
pub(super) fn invoice(sender: Sender<'_>, state: &AccountState, number: &str) -> Option<Document> {
    let invoice = &state.receivables.get(number)?.invoice;
    let customer = customer_of(state, number)?;
    let method = method_of(state, invoice);
    let version = sender.version_on(invoice.issued_on);
    let late_interest = invoice.kind == InvoiceKind::LateInterest;
    let interest = match late_interest {
        true => invoice.lines.iter().flat_map(|line| interest_lines(sender, state, line)).collect(),
        false => Vec::new(),
    };
    let lines = match late_interest {
        true => Vec::new(),
        false => invoice.lines.iter().map(|line| line_of(sender, invoice.month, line)).collect(),
    };
    let summary = invoice.tax_groups.iter().map(|group| RateSummary {
        percent: group.percent,
        sum: Taxed { net: group.taxable, tax: group.tax, gross: group.taxable + group.tax },
    });
    Some(Document::Invoice(typeset::Invoice {
        head: sender.letterhead(number.to_owned(), invoice.issued_on, customer, &version),
        kind: kind(invoice.kind),
        subject: subject(invoice),
        service_month: (invoice.kind == InvoiceKind::Fee).then_some(invoice.month),
        amount_due: invoice.total,
        due: invoice.due,
        due_clauses: owned(&["25-1(1)"]),
        lines,
        interest,
        summary: summary.collect(),
        bank: (method == PaymentMethod::Transfer).then(|| sender.bank_account()),
        notes: notes(invoice.kind, method),
    }))
}

/// To whom it is addressed: whoever held that on its day (10-1).
pub(in crate::outgoing) fn customer_of(state: &AccountState, number: &str) -> Option<Addressee> {
    let invoice = &state.receivables.get(number)?.invoice;
    let ids = invoice.contracts().into_iter();
    let (id, contract) = ids.filter_map(|id| Some((id, state.contracts.get(id)?))).next()?;
    let company = state.company_on(contract, invoice.issued_on);
    Some(match state.parties.bill_to_on(id, invoice.issued_on) {
        Some(bill_to) => Addressee {
            postal_code: bill_to.postal_code.clone(),
            address: bill_to.address.clone(),
            name: bill_to.name.clone(),
            honorific: "御中".to_owned(),
            attention: Some(bill_to.department.clone()).filter(|name| !name.is_empty()),
        },
        None => addressee(company, None),
    })
}

fn kind(kind: InvoiceKind) -> typeset::InvoiceKind {
    match kind {
        InvoiceKind::Fee => typeset::InvoiceKind::Fee,
        InvoiceKind::EarlyTermination => typeset::InvoiceKind::EarlyTermination,
        InvoiceKind::LateInterest => typeset::InvoiceKind::LateInterest,
        InvoiceKind::CostRecovery => typeset::InvoiceKind::CostRecovery,
    }
}

fn subject(invoice: &contract::money::invoice::Invoice) -> String {
    let month = format!("{}年{}月分", invoice.month.year(), invoice.month.number());
    match invoice.kind {
        InvoiceKind::Fee => format!("クラウドサービスご利用料金（{month}）"),
        InvoiceKind::EarlyTermination => "最低利用期間残余分".to_owned(),
        InvoiceKind::LateInterest => "お支払遅延に伴う延滞利息".to_owned(),
        InvoiceKind::CostRecovery => "申込撤回に伴う準備・作業調整費用".to_owned(),
    }
}

/// A line as printed; `of` is the service month of the paper.
pub(in crate::outgoing) fn line_of(
    sender: Sender<'_>,
    of: Month,
    line: &InvoiceLine,
) -> typeset::InvoiceLine {
    let charge = &line.charge;
    let rule = contract::declare::rules::rule(charge.because.rule_id());
    let month = charge.key.month;
    let monthly = matches!(charge.key.kind, ChargeKind::MonthlyFee | ChargeKind::Usage);
    let corrects = (monthly && (line.is_correction() || month < of)).then_some(month);
    let waived = charge.because.read::<Waived>().is_some();
    let whole = line.amount == charge.amount && !waived;
    typeset::InvoiceLine {
        item: charge.name.clone(),
        detail: with_cap(line, detail(line)),
        period: monthly.then(|| DayRange { from: month.first_day(), to: month.last_day() }),
        corrects,
        quantity: whole.then_some(charge.quantity),
        unit: unit(&charge.unit),
        unit_price: whole.then_some(charge.unit_price),
        amount: line.amount,
        percent: charge.tax_point.and_then(|day| sender.tax_percent(day)),
        // A charge that no longer follows rests on no clause of its own.
        clauses: rule
            .map(|rule| owned(&rule.clauses[..rule.clauses.len().min(1)]))
            .unwrap_or_default(),
    }
}

fn unit(unit: &str) -> String {
    match unit {
        "month" => "か月",
        "hour" => "時間",
        other => other,
    }
    .to_owned()
}

/// Where quantity times price is not the amount, the paper says why.
fn with_cap(line: &InvoiceLine, detail: Option<String>) -> Option<String> {
    if !line.charge.is_capped() || line.is_correction() {
        return detail;
    }
    let parts = [detail, Some("月額上限を適用".to_owned())];
    Some(parts.into_iter().flatten().collect::<Vec<_>>().join("　"))
}

fn detail(line: &InvoiceLine) -> Option<String> {
    let key = &line.charge.key;
    if line.is_correction() {
        let before = line.charged_before;
        let (owed, resource) = (line.charge.amount, &key.resource);
        let about = if resource.is_empty() { String::new() } else { format!("{resource}　") };
        return Some(format!("{about}本来の金額 {owed}円 − 請求済 {before}円"));
    }
    if let Some(Waived { waived }) = line.charge.because.read() {
        return Some(format!("免除 {}円を差し引いた金額", waived.0));
    }
    match key.kind {
        ChargeKind::Usage => Some(key.resource.clone()),
        ChargeKind::EarlyTermination => Some("中途解除に伴う残余月数分".to_owned()),
        _ => None,
    }
}

/// One row for each stretch of days with an unchanged principal; the amount is
/// one result and stands in the last of them (27-1).
fn interest_lines(
    sender: Sender<'_>,
    state: &AccountState,
    line: &InvoiceLine,
) -> Vec<InterestLine> {
    let number = &line.charge.key.resource;
    let owed: Option<LateInterest> = line.charge.because.read();
    let stretches = owed.map(|owed| owed.stretches).unwrap_or_default();
    let rate = annual_percent(sender, line);
    let due = state.receivables.get(number).map(|receivable| receivable.due);
    let formula = formula(&stretches, rate, line);
    let last = stretches.len().saturating_sub(1);
    stretches
        .iter()
        .enumerate()
        .map(|(at, stretch)| InterestLine {
            invoice_number: number.clone(),
            principal: stretch.principal,
            due: due.unwrap_or(stretch.after),
            paid: stretch.paid,
            counted: counted(stretch),
            days: stretch.days,
            annual_percent: rate,
            formula: if at == last { formula.clone() } else { String::new() },
            interest: if at == last { line.amount } else { Yen::ZERO },
            clauses: owned(&["26-1", "27-1"]),
        })
        .collect()
}

fn annual_percent(sender: Sender<'_>, line: &InvoiceLine) -> Decimal {
    let stored = line.charge.because.parameters.get("interest.rate");
    let listed = sender.listed("interest.rate");
    let text = stored.or(listed).and_then(|value| value.as_str()).unwrap_or("14.6");
    text.parse().unwrap_or_else(|_| Decimal::whole(0))
}

fn counted(stretch: &Stretch) -> Option<DayRange> {
    let from = Period::days(stretch.after, 2).last_day();
    let to = Period::days(from, u32::try_from(stretch.days).ok()?).last_day();
    (stretch.days > 0).then_some(DayRange { from, to })
}

/// The arithmetic with the year as it was reckoned.
fn formula(stretches: &[Stretch], rate: Decimal, line: &InvoiceLine) -> String {
    let basis = line.charge.because.parameters.get("interest.year_basis");
    let (year, remark) = match basis.and_then(|basis| basis.as_str()) {
        Some("split366") => ("", "、うるう年に属する日は366日、その他の日は365日で割る"),
        Some("whole_years") => ("", "、満1年は年率のまま、残りの日は属する年の日数で割る"),
        _ => (" ÷ 365日", ""),
    };
    let term = |s: &Stretch| format!("{} × {rate}% × {}日{year}", s.principal, s.days);
    let terms: Vec<_> = stretches.iter().map(term).collect();
    format!("{} ＝ {}円（1円未満切捨て{remark}）", terms.join(" ＋ "), line.amount)
}

/// How the contract of an invoice is paid.
fn method_of(state: &AccountState, invoice: &contract::money::invoice::Invoice) -> PaymentMethod {
    let first = invoice.contracts().into_iter().find_map(|id| state.contracts.get(id));
    first.map_or(PaymentMethod::Transfer, |contract| contract.form.payment.method)
}

fn paid_by(kind: InvoiceKind, method: PaymentMethod) -> Note {
    let of_fee = if kind == InvoiceKind::LateInterest { "26-2" } else { "25-1b" };
    match method {
        PaymentMethod::Transfer => {
            note("振込手数料", "お振込みに要する手数料は、お客様のご負担となります。", &[of_fee])
        }
        PaymentMethod::Debit => note(
            "口座振替",
            "振替日は、手続きが整いしだい、あらかじめお知らせします。それまで、お支払いの遅れとしては扱いません。",
            &["25-1(1)"],
        ),
    }
}

fn notes(kind: InvoiceKind, method: PaymentMethod) -> Vec<Note> {
    let mut notes = vec![
        paid_by(kind, method),
        note(
            "入金の充当",
            "ご入金は、ご指定の請求書の元本に、ご指定がないときは支払期日の早いものから充当します。",
            &["26-1"],
        ),
    ];
    match kind {
        InvoiceKind::LateInterest => {
            notes.insert(0, note("消費税", "延滞利息は消費税の課税対象ではありません。", &["26-1"]))
        }
        InvoiceKind::EarlyTermination => notes.insert(
            0,
            note("消費税", "消費税相当額は、利用規約の定めにより加算しています。", &["14-2"]),
        ),
        InvoiceKind::Fee | InvoiceKind::CostRecovery => {}
    }
    notes
}
