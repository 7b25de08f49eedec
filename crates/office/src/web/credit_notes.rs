//! The list of credit notes (返還請求書).

use engine::listed::{Field, ListOf};
use maud::{Markup, html};

use super::answer::Trouble;
use super::field::{self, may};
use super::form::Form;
use super::list::{self, Column, Found, Listing, Seen, Shown, Wanted};
use super::rows::{CreditNoteRow, Line};

/// The list of credit notes.
pub struct CreditNotes;

impl Listing for CreditNotes {
    type Row = Line<CreditNoteRow>;
    const PATH: &'static str = "/credit-notes";
    const TITLE: &'static str = "返還請求書";
    const UNIT: &'static str = "通";
    const EMPTY: &'static str = "返還請求書はまだありません。";
    const ORDER: &'static str = "-issued";

    fn columns() -> Vec<Column<Line<CreditNoteRow>>> {
        vec![
            Self::text("番号", |_, row| Shown::both(html! { span.id { (row.id) } }, &row.id))
                .by("id", &[Field::Id]),
            Self::text("契約者", |_, row| Shown::Name(row.name.clone())).by("name", &[Field::Name]),
            Self::text("減額した請求書", |_, row| {
                Shown::Id("/invoices", row.content.invoice.clone())
            })
            .by("invoice", &[Field::Text("invoice")]),
            Self::text("発行日", |_, row| Shown::Day(row.content.issued_on))
                .by("issued", &[Field::Text("issued_on"), Field::Id]),
            Self::number("金額", |_, row| Shown::Yen(row.content.total))
                .by("total", &[Field::Number("total")])
                .summed(Field::Number("total"))
                .money(),
        ]
    }

    fn fields(_: &Seen<'_>, form: &Form) -> Markup {
        field::text(form, may("q", "契約者または番号", "名称や番号の一部"))
    }

    async fn find(
        seen: &Seen<'_>,
        form: &mut Form,
        wanted: &Wanted<Line<CreditNoteRow>>,
    ) -> Result<Found<Line<CreditNoteRow>>, Trouble> {
        let tests = list::sought(form).into_iter().collect();
        wanted.views(seen.app, ListOf::Kind("credit_note"), tests).await
    }
}
