//! From a document to the bytes of its PDF.

use std::sync::PoisonError;

use reckon::Day;
use typst::diag::SourceDiagnostic;
use typst::foundations::{Datetime, Smart};
use typst::layout::{Frame, FrameItem};
use typst::text::TextItem;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::check::check_figures;
use crate::data::template_data;
use crate::world::Desk;
use crate::{Document, Fonts, TypesetError};

/// Minutes by which Japan is ahead of UTC.
const JAPAN_MINUTES: i32 = 9 * 60;

/// Typesets a document. The same document and fonts give the same bytes.
///
/// # Errors
/// Any [`TypesetError`]; in particular [`TypesetError::GlyphMissing`] for a
/// character no font has, and [`TypesetError::Figures`] for an invoice whose
/// figures do not sum up.
pub fn render(document: &Document, fonts: &Fonts) -> Result<Vec<u8>, TypesetError> {
    check_figures(document)?;
    // A poisoned lock only means that another rendering panicked: it kept nothing.
    let last = fonts.last.lock().unwrap_or_else(PoisonError::into_inner).take();
    let pdf = match last {
        Some((rendered, pdf)) if rendered == *document => pdf,
        _ => render_anew(document, fonts)?,
    };
    let kept = Some((document.clone(), pdf.clone()));
    *fonts.last.lock().unwrap_or_else(PoisonError::into_inner) = kept;
    Ok(pdf)
}

fn render_anew(document: &Document, fonts: &Fonts) -> Result<Vec<u8>, TypesetError> {
    let desk = Desk::new(template(document), template_data(document)?, fonts);
    let compiled = typst::compile(&desk);
    let fault = |all: &[SourceDiagnostic]| TypesetError::Template(describe(&desk, all));
    let pages = compiled.output.map_err(|errors| fault(&errors))?;
    let options = options(document)?;
    let pdf = typst_pdf::pdf(&pages, &options);
    for page in pages.pages() {
        refuse_missing_glyphs(&page.frame)?;
    }
    // Else typst keeps every document ever rendered in its memory.
    typst::comemo::evict(3);
    pdf.map_err(|errors| fault(&errors))
}

fn template(document: &Document) -> &'static str {
    match document {
        Document::OrderAcceptance(_) => include_str!("../templates/order_acceptance.typ"),
        Document::Invoice(_) => include_str!("../templates/invoice.typ"),
        Document::CreditNote(_) => include_str!("../templates/credit_note.typ"),
        Document::ReceiptNotice(_) => include_str!("../templates/receipt_notice.typ"),
        Document::ErasureCertificate(_) => include_str!("../templates/erasure_certificate.typ"),
        Document::Quotation(_) => include_str!("../templates/quotation.typ"),
        Document::Notice(_) => include_str!("../templates/notice.typ"),
    }
}

/// PDF/A-2a: the documents are kept for years (電子帳簿保存法), so each carries
/// its fonts, its text and its structure.
fn options(document: &Document) -> Result<PdfOptions, TypesetError> {
    let head = document.head();
    let standards = PdfStandards::new(&[PdfStandard::A_2a])
        .map_err(|error| TypesetError::Template(format!("{error:?}")))?;
    Ok(PdfOptions {
        ident: Smart::Custom(format!("{} {}", document.title(), head.number)),
        creator: Smart::Custom(Some("Yakkan".to_owned())),
        timestamp: start_of(head.date),
        standards,
        ..PdfOptions::default()
    })
}

fn start_of(day: Day) -> Option<Timestamp> {
    let (month, date) = (u8::try_from(day.month()).ok()?, u8::try_from(day.day()).ok()?);
    let midnight = Datetime::from_ymd_hms(i32::from(day.year()), month, date, 0, 0, 0)?;
    Timestamp::new_local(midnight, JAPAN_MINUTES)
}

fn refuse_missing_glyphs(frame: &Frame) -> Result<(), TypesetError> {
    for (_, item) in frame.items() {
        match item {
            FrameItem::Group(group) => refuse_missing_glyphs(&group.frame)?,
            FrameItem::Text(text) => refuse_missing_glyph(text)?,
            _ => {}
        }
    }
    Ok(())
}

fn refuse_missing_glyph(text: &TextItem) -> Result<(), TypesetError> {
    let Some(missing) = text.glyphs.iter().find(|glyph| glyph.id == 0) else {
        return Ok(());
    };
    let character = text.text[missing.range()].chars().next().unwrap_or('\u{FFFD}');
    Err(TypesetError::GlyphMissing { character, text: text.text.to_string() })
}

fn describe(desk: &Desk<'_>, errors: &[SourceDiagnostic]) -> String {
    let lines = errors.iter().map(|error| {
        let hints: Vec<_> = error.hints.iter().map(|hint| hint.v.as_str()).collect();
        format!("{}{} {}", desk.place(error.span), error.message, hints.join(" "))
    });
    lines.collect::<Vec<_>>().join("; ")
}
