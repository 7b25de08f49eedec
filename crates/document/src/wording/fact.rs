//! One line for every fact.

use contract::application::checks::Check;
use contract::declare::fact::{Application, Fact, Wish};
use contract::ending::use_period::Statement;
use contract::money::invoice::Invoice;

use super::figures::yen;
use super::{Reader, names};

/// What happened, in one line, without the people whom a form names. One arm a
/// variant: a table rather than a procedure.
pub fn fact(fact: &Fact, reader: impl Into<Reader>) -> String {
    use Fact as F;
    let l: Reader = reader.into();
    match fact {
        F::ApplicationReceived(application) => received(application, l),
        F::PaperFormReceived { application } => {
            say!(
                l,
                "申込{application}の紙の申込書を受領",
                "paper form of application {application} received"
            )
        }
        F::AcceptanceMailSent { application, .. } => {
            say!(
                l,
                "申込{application}の承諾メールを送信",
                "acceptance mail for application {application} sent"
            )
        }
        F::RefusalSent { application, .. } => {
            say!(l, "申込{application}の不承諾を通知", "refusal of application {application} sent")
        }
        F::OrderAcceptanceSent { contract, change: Some(application), .. } => say!(
            l,
            "契約{contract}の変更（申込{application}）の申込請書を送付",
            "order acceptance for the change {application} of contract {contract} sent"
        ),
        F::OrderAcceptanceSent { contract, .. } => {
            say!(
                l,
                "契約{contract}の申込請書を送付",
                "order acceptance for contract {contract} sent"
            )
        }
        F::MailRefused { about, mail, reply } => say!(
            l,
            "自社の送信サーバが{about}宛てのメール（{mail}）を拒否：{reply}",
            "the own server refused the mail {mail} about {about}: {reply}"
        ),
        F::CheckRecorded(check) => check_made(check, l),
        F::DataChangeNotified(change) => {
            let (item, on) = (names::registered(change.what.item(), l), change.planned_on);
            say!(
                l,
                "登録内容の変更の届出（{item}、変更予定日 {on}）",
                "change of registered data notified ({item}, planned for {on})"
            )
        }
        F::QuoteIssued(quote) => {
            let (number, until, total) = (&quote.number, quote.valid_until, yen(quote.total, l));
            say!(
                l,
                "見積書{number}を発行（月額 {total}、有効期限 {until}）",
                "quotation {number} issued ({total} a month, valid up to {until})"
            )
        }
        F::PurchaseOrderReceived(order) => {
            let none = || l.pick("なし", "none").to_owned();
            let (number, quote) = (&order.number, order.quote.clone().unwrap_or_else(none));
            say!(
                l,
                "発注書{number}を受領（見積 {quote}）",
                "purchase order {number} received (on quotation {quote})"
            )
        }
        F::DocumentFiled(filed) => {
            let (kind, on, party) =
                (names::document(filed.kind, l), filed.dated, &filed.counterparty);
            say!(l, "{kind}（{on}、{party}）を保存", "{kind} of {on} filed ({party})")
        }
        F::ApplicationWithdrawn { application, costs } => {
            let costs = yen(costs.iter().copied().sum(), l);
            say!(
                l,
                "申込{application}の撤回（かかった費用 {costs}）",
                "application {application} withdrawn (costs incurred: {costs})"
            )
        }
        F::ContactChanged { application, .. } => say!(
            l,
            "申込{application}の連絡先の変更を登録",
            "change of a contact of application {application} registered"
        ),
        F::ServiceStarted { contract, line, on } => say!(
            l,
            "契約{contract}の明細{line}の利用を{on}に開始",
            "use of line {line} of contract {contract} began on {on}"
        ),
        F::NonRenewalStated { contract, statement } => non_renewal(&contract.0, statement, l),
        F::CancellationFormArrived { contract, channel, arrived_at, form } => {
            let (channel, at) = (names::channel(*channel, l), arrived_at.to_minute_text());
            let none = || l.pick("なし", "none").to_owned();
            let desired = form.desired.map_or_else(none, |day| day.to_string());
            say!(
                l,
                "契約{contract}の解約申込書が{at}に到達（{channel}、解除希望日 {desired}）",
                "cancellation form for contract {contract} arrived {at} (by {channel}, desired day: {desired})"
            )
        }
        F::ReceiptNoticeSent { contract, effective, .. } => say!(
            l,
            "契約{contract}の受領通知を送信（解除日 {effective}）",
            "receipt notice for contract {contract} sent (cancellation on {effective})"
        ),
        F::TerminationNoticeSent { contract, .. } => {
            say!(
                l,
                "契約{contract}の解除通知を送信",
                "notice of termination of contract {contract} sent"
            )
        }
        F::JudgementRecorded { clause, about, document } => {
            let ground = names::clause_and_ground(clause, l);
            say!(
                l,
                "{about}に{ground}の事由があると判断（根拠資料 {document}）",
                "judged that {ground} holds for {about} (shown by {document})"
            )
        }
        F::CureDemanded { contract, effective_on, cure_days, document } => say!(
            l,
            "契約{contract}の違反の是正を催告（{effective_on}に到達、{cure_days}日以内、{document}）",
            "correction of a breach of contract {contract} demanded (effective {effective_on}, \
             {cure_days} days, {document})"
        ),
        F::GroundLifted { clause, contract, document } => {
            let ground = names::clause_and_ground(clause, l);
            say!(
                l,
                "契約{contract}の{ground}の事由が解消（根拠資料 {document}）",
                "{ground} no longer holds for contract {contract} (shown by {document})"
            )
        }
        F::InsolvencyReleased { contract, document } => say!(
            l,
            "契約{contract}の倒産手続による停止・解除の制限を法務が解除（根拠資料 {document}）",
            "legal released the insolvency lock of contract {contract} (shown by {document})"
        ),
        F::MaterialDisposed { contract, on, document } => say!(
            l,
            "契約{contract}の貸与資料等の返還・廃棄を確認（{on}、{document}）",
            "return or disposal of material of contract {contract} confirmed ({on}, {document})"
        ),
        F::InvoiceIssued(invoice) => issued(invoice, l),
        F::InvoiceSent { number, .. } => {
            say!(l, "請求書{number}をメールで送付", "invoice {number} sent by mail")
        }
        F::PaymentCredited(payment) => {
            let (on, amount, payer) = (payment.on, yen(payment.amount, l), &payment.payer);
            say!(l, "{payer}から{on}に{amount}の入金", "{amount} from {payer} credited on {on}")
        }
        F::UsageImported(usage) => {
            let (file, accepted, refused) = (&usage.file, usage.accepted, usage.refused);
            say!(
                l,
                "利用実績ファイル{file}を取込み（採用{accepted}行、不採用{refused}行）",
                "usage file {file} imported ({accepted} rows accepted, {refused} refused)"
            )
        }
        F::UpstreamSuspended { contract } => {
            say!(l, "契約{contract}のサービスを停止", "service of contract {contract} suspended")
        }
        F::UpstreamResumed { contract } => {
            say!(l, "契約{contract}のサービスを再開", "service of contract {contract} resumed")
        }
        F::MaterialErased { contract, erased, by, confirmed_by } => {
            let count: u64 = erased.iter().map(|class| class.count).sum();
            let classes = erased.len();
            say!(
                l,
                "契約{contract}の資料を消去（{classes}種{count}件、実施 {by}、確認 {confirmed_by}）",
                "material of contract {contract} erased ({count} items of {classes} kinds, by {by}, confirmed by {confirmed_by})"
            )
        }
        F::CertificateSent { contract, .. } => {
            say!(
                l,
                "契約{contract}の消去証明書を送付",
                "erasure certificate for contract {contract} sent"
            )
        }
        F::ContractTakenOver(taken) => {
            let (contract, number, from) = (&taken.contract, &taken.number, taken.charge_from);
            say!(
                l,
                "既存の台帳から契約{number}を契約{contract}として引継ぎ（請求は{from}分から）",
                "contract {number} of the earlier book taken over as {contract} (charged from {from})"
            )
        }
        F::ReceivableTakenOver(taken) => {
            let (number, due) = (&taken.number, taken.due);
            let (total, open) = (yen(taken.total, l), yen(taken.outstanding(), l));
            say!(
                l,
                "既存の台帳から請求{number}を引継ぎ（請求額 {total}、未収 {open}、期日 {due}）",
                "invoice {number} of the earlier book taken over ({total}, {open} unpaid, due {due})"
            )
        }
        F::CreditNoteIssued(note) => {
            let (number, on, invoice) = (&note.number, note.issued_on, &note.invoice);
            let total = yen(-note.total, l);
            say!(
                l,
                "請求書{invoice}に対する返還請求書{number}を{on}に発行（{total}）",
                "credit note {number} on invoice {invoice} issued on {on} ({total})"
            )
        }
        F::CreditNoteSent { number, .. } => {
            say!(l, "返還請求書{number}をメールで送付", "credit note {number} sent by mail")
        }
        F::HeldReturned { on, amount, reference } => {
            let amount = yen(*amount, l);
            say!(
                l,
                "仮受金{amount}を{on}に振込で返還（{reference}）",
                "{amount} held transferred back on {on} ({reference})"
            )
        }
        F::AgreementNoticeSent { contract, to: Some(day), .. } => say!(
            l,
            "契約{contract}の解除日変更の通知を送信（解除日 {day}）",
            "notice sent that contract {contract} now ends on {day}"
        ),
        F::AgreementNoticeSent { contract, to: None, .. } => say!(
            l,
            "契約{contract}の解除撤回の通知を送信",
            "notice sent that contract {contract} goes on"
        ),
        F::EntryVoided { of, reason } => {
            say!(l, "登録{of}を取消し（理由：{reason}）", "entry {of} voided (reason: {reason})")
        }
    }
}

fn check_made(check: &Check, language: Reader) -> String {
    let Check { on, by, expires_on, .. } = check;
    let (kind, result) =
        (names::check(check.kind, language), names::check_result(check.result, language));
    say!(
        language,
        "{kind}（{on}、{by}）：{result}、有効期限 {expires_on}",
        "{kind} of {on} by {by}: {result}, valid up to {expires_on}"
    )
}

fn received(application: &Application, language: Reader) -> String {
    let (id, at) = (&application.application, application.received_at.to_minute_text());
    let channel = names::channel(application.channel, language);
    match &application.wish {
        Wish::New { form } => {
            let company = &form.applicant.name;
            say!(
                language,
                "{company}の申込{id}を{at}に受領（{channel}）",
                "application {id} of {company} received {at} (by {channel})"
            )
        }
        Wish::Faulty { applicant } => {
            let faults = application.form_faults.len();
            say!(
                language,
                "{applicant}の不備のある申込{id}を{at}に受領（{channel}、不備 {faults} か所）",
                "application {id} of {applicant} received {at} with {faults} faults (by {channel})"
            )
        }
        Wish::Change { contract, from, .. } => say!(
            language,
            "契約{contract}を{from}から変更する申込{id}を{at}に受領（{channel}）",
            "application {id} to change contract {contract} from {from} received {at} (by {channel})"
        ),
    }
}

fn non_renewal(contract: &str, statement: &Statement, language: Reader) -> String {
    let by = names::side(statement.by, language);
    let channel = names::channel(statement.channel, language);
    let at = statement.arrived_at.unwrap_or(statement.sent_at).to_minute_text();
    say!(
        language,
        "{by}が契約{contract}を延長しない意思を表示（{at}、{channel}）",
        "{by} stated that contract {contract} shall not be extended ({at}, by {channel})"
    )
}

fn issued(invoice: &Invoice, language: Reader) -> String {
    let (number, on, due) = (&invoice.number, invoice.issued_on, invoice.due);
    let (total, kind) = (yen(invoice.total, language), names::invoice_kind(invoice.kind, language));
    say!(
        language,
        "請求書{number}を{on}に発行（{kind}、{total}、期日 {due}）",
        "invoice {number} issued on {on} ({kind}, {total}, due {due})"
    )
}
