//! What is refused, and what must not be lost on the way to the PDF.

mod reading;
mod samples;

use reading::{poppler, text_of};
use reckon::Yen;
use typeset::{Document, FONT_PACKAGE, Fonts, Invoice, TypesetError, render};

fn invoice(name: &str) -> Invoice {
    match samples::named(name) {
        Document::Invoice(invoice) => invoice,
        other => panic!("{other:?} is no invoice"),
    }
}

fn with_subject(subject: &str) -> Result<Vec<u8>, TypesetError> {
    let mut changed = invoice("invoice_fee");
    changed.subject = subject.to_owned();
    render(&Document::Invoice(changed), &Fonts::from_system().unwrap())
}

#[test]
fn a_character_without_a_glyph_is_named() {
    // U+2FE0 is assigned to nothing.
    let error = with_subject("料金\u{2FE0}です").unwrap_err();
    assert!(matches!(error, TypesetError::GlyphMissing { character: '\u{2FE0}', .. }), "{error}");
    assert!(error.to_string().contains("U+2FE0"), "{error}");
}

#[test]
fn an_invisible_character_is_named() {
    for character in ['\u{7}', '\u{202E}', '\u{200B}', '\u{FEFF}'] {
        let error = with_subject(&format!("料金{character}です")).unwrap_err();
        let TypesetError::Unprintable { character: named, .. } = error else { panic!("{error}") };
        assert_eq!(named, character);
    }
}

#[test]
fn markup_in_data_is_text() {
    let subject = "#panic() *太字* $x$ _下線_ <label> @ref // -- \"引用\" \\ [a]";
    assert!(text_of(&with_subject(subject).unwrap()).contains(subject));
}

#[test]
fn rare_characters_come_back_from_the_text() {
    let rare = "髙﨑①㈱～−¥々〆ヶ𠮷";
    assert!(text_of(&with_subject(rare).unwrap()).contains(rare));
}

#[test]
fn without_its_font_the_package_is_named() {
    let error = Fonts::load(Vec::new()).unwrap_err();
    assert!(matches!(error, TypesetError::FontMissing { .. }));
    assert!(error.to_string().contains(FONT_PACKAGE));
}

#[test]
fn figures_that_do_not_sum_up_are_refused() {
    let fonts = Fonts::from_system().unwrap();
    let refused = |wrong: Invoice| {
        let error = render(&Document::Invoice(wrong), &fonts).unwrap_err();
        assert!(matches!(error, TypesetError::Figures { .. }), "{error}");
    };
    let mut total = invoice("invoice_fee");
    total.amount_due += Yen(1);
    refused(total);
    let mut line = invoice("invoice_fee");
    line.lines[0].amount += Yen(1);
    refused(line);
    let mut unlisted = invoice("invoice_fee");
    unlisted.lines[0].percent = Some(8);
    refused(unlisted);
    let mut interest = invoice("late_interest_invoice");
    interest.interest[0].interest += Yen(1);
    refused(interest);
}

#[test]
fn the_pdf_embeds_its_fonts_and_says_what_it_is() {
    let fonts = Fonts::from_system().unwrap();
    let pdf = render(&samples::named("invoice_fee"), &fonts).unwrap();
    let info = poppler("pdfinfo", &["-"], &pdf);
    let says = |line: &str| info.lines().any(|l| l.split_whitespace().collect::<String>() == line);
    assert!(says("Title:請求書INV-2026-1105-0042"), "{info}");
    assert!(says("Author:株式会社みなとクラウド"), "{info}");
    assert!(says("Tagged:yes"), "{info}");
    let listed = poppler("pdffonts", &["-"], &pdf);
    let faces: Vec<&str> = listed.lines().skip(2).collect();
    assert!(faces.iter().any(|face| face.contains("BIZUDPGothic-Regular")), "{listed}");
    assert!(faces.iter().all(|face| face.contains("yes yes yes")), "{listed}");
}
