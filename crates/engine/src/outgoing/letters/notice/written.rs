//! 3-1: a notice of the provider, as a mail and as 通知書 on paper.

use document::wording::letters::{TO_CUSTOMER, Wording, cited};
use reckon::Day;
use typeset::{NoticePaper, Particular};

use crate::announcing::Passage;
use crate::outgoing::papers::{Recipient, Sender, note};

/// What a notice says, and to which contracts.
pub(crate) struct NoticeOf<'a> {
    /// 通知番号.
    pub number: &'a str,
    pub title: &'a str,
    /// The sentence of its kind; may be empty.
    pub lead: &'a str,
    pub passages: &'a [Passage],
    /// What was written besides; may be empty.
    pub text: &'a str,
    pub contracts: &'a str,
    /// The clause that it serves.
    pub clause: &'a str,
    /// Of a legal notice, the court of 6-1.
    pub court: Option<&'a str>,
}

impl NoticeOf<'_> {
    pub(crate) fn mail(&self) -> Wording {
        let paragraphs = [self.lead, self.text].into_iter().filter(|text| !text.is_empty());
        let mut records = vec![("通知番号", self.number.to_owned())];
        records.extend(self.passages.iter().map(|one| (one.label, one.value.clone())));
        records.push(("対象の契約", self.contracts.to_owned()));
        let mut remarks = vec![format!("利用規約{}にもとづく通知です。", cited(self.clause))];
        remarks.extend(self.court.map(|court| {
            format!("本契約に関する訴訟は、{court}を専属的合意管轄裁判所とします（第6条第1項）。")
        }));
        Wording {
            subject: format!("【{}】{}", self.number, self.title),
            greeting: TO_CUSTOMER,
            paragraphs: paragraphs.map(str::to_owned).collect(),
            records,
            remarks,
        }
    }

    pub(crate) fn paper(
        &self,
        sender: Sender<'_>,
        to: Recipient<'_>,
        version: &str,
        on: Day,
    ) -> NoticePaper {
        let particular = |label: &str, value: &str| Particular {
            label: label.to_owned(),
            value: value.to_owned(),
        };
        let particulars = self.passages.iter().map(|one| particular(one.label, &one.value));
        let contracts = particular("対象の契約", self.contracts);
        let court = self.court.map(|court| {
            let text = format!("本契約に関する訴訟は、{court}を専属的合意管轄裁判所とします。");
            note("管轄裁判所", text, &["6-1"])
        });
        NoticePaper {
            head: sender.letterhead(self.number.to_owned(), on, to.addressee(), version),
            title: self.title.to_owned(),
            lead: self.lead.to_owned(),
            particulars: particulars.chain([contracts]).collect(),
            text: self.text.to_owned(),
            clauses: vec![self.clause.to_owned()],
            notes: court.into_iter().collect(),
        }
    }
}
