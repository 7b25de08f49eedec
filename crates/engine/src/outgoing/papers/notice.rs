//! 通知書, a notice on paper (3-1).

use reckon::Day;
use typeset::{NoticePaper, Particular};

use super::sender::{Recipient, Sender, note};
use crate::announcing::Passage;

/// What a notice says, and to which contracts.
pub(crate) struct NoticeOf<'a> {
    pub number: &'a str,
    pub title: &'a str,
    pub lead: &'a str,
    pub passages: &'a [Passage],
    pub text: &'a str,
    pub contracts: &'a str,
    pub clause: &'a str,
    pub court: Option<&'a str>,
}

pub(crate) fn notice(
    sender: Sender<'_>,
    of: &NoticeOf<'_>,
    to: Recipient<'_>,
    version: &str,
    on: Day,
) -> NoticePaper {
    let particular =
        |label: &str, value: &str| Particular { label: label.to_owned(), value: value.to_owned() };
    let particulars = of.passages.iter().map(|one| particular(one.label, &one.value));
    let contracts = particular("対象の契約", of.contracts);
    let court = of.court.map(|court| {
        let text = format!("本契約に関する訴訟は、{court}を専属的合意管轄裁判所とします。");
        note("管轄裁判所", text, &["6-1"])
    });
    NoticePaper {
        head: sender.letterhead(of.number.to_owned(), on, to.addressee(), version),
        title: of.title.to_owned(),
        lead: of.lead.to_owned(),
        particulars: particulars.chain([contracts]).collect(),
        text: of.text.to_owned(),
        clauses: vec![of.clause.to_owned()],
        notes: court.into_iter().collect(),
    }
}
