//! What a billing run does not ask for, and why.

use rating::Unpriced;
use reckon::Yen;

use crate::declare::ids::ContractId;
use crate::declare::words::Language;

/// Something that is left for a later run.
#[derive(Debug, Clone, PartialEq)]
pub enum HeldBack {
    /// A charge that the price table cannot price.
    Unpriced { contract: ContractId, line: u32, why: Unpriced },
    /// Credits that are not less than the charges of their invoice: they wait for the next.
    Credit { amount: Yen },
}

impl HeldBack {
    /// What is held back, in a sentence.
    ///
    /// ```
    /// use contract::declare::words::Language;
    /// use contract::money::held_back::HeldBack;
    /// let credit = HeldBack::Credit { amount: reckon::Yen(1_000) };
    /// assert_eq!(credit.line(Language::English), "a credit of 1,000 yen waits for the next invoice");
    /// assert_eq!(credit.line(Language::Japanese), "1,000円の減額は、次の請求書から差し引きます");
    /// ```
    pub fn line(&self, language: Language) -> String {
        match (self, language) {
            (HeldBack::Credit { amount }, Language::English) => {
                format!("a credit of {amount} yen waits for the next invoice")
            }
            (HeldBack::Credit { amount }, Language::Japanese) => {
                format!("{amount}円の減額は、次の請求書から差し引きます")
            }
            (HeldBack::Unpriced { contract, line, why }, Language::English) => {
                format!("{contract}/{line}: {why}")
            }
            (HeldBack::Unpriced { contract, line, why }, Language::Japanese) => {
                let why = unpriced(why);
                format!("契約{contract}の明細{line}：{why}")
            }
        }
    }
}

/// Why an item has no price, in Japanese.
fn unpriced(why: &Unpriced) -> String {
    match why {
        Unpriced::UnknownItem(item) => {
            format!("料金表に品目「{item}」がありません。料金表に加えるか、品目を直してください")
        }
        Unpriced::NoPrice { item, month } => format!("品目「{item}」には{month}の単価がありません"),
    }
}
