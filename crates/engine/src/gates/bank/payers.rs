//! Whose a transfer is: the accounts by the names under which they pay, and what is like
//! them. Only what leaves no doubt is booked; all else is proposed to a person.

use std::collections::{BTreeMap, BTreeSet};

use contract::declare::ids::AccountId;
use document::{DepositEntry, PayerName, sound};
use reckon::Yen;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::keeping::store::{Store, StoreError};
use crate::road::outcome::EngineError;

/// A customer whose a transfer may be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Candidate {
    pub account: AccountId,
    pub name: String,
    /// The strongest first.
    pub because: Vec<Likeness>,
}

/// Why a transfer may be of a customer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "like", rename_all = "snake_case")]
pub enum Likeness {
    /// The payer named this invoice of it in the EDI text.
    Invoice { number: String },
    /// A person confirmed the name before.
    Learned,
    /// It pays under this name, as others do.
    SameName,
    /// The same name with another legal form.
    OtherForm { stated: String },
    /// The name is the beginning of its own: cut off by a bank.
    CutOff,
    /// Its name with something before or behind it: a branch, a person, a department.
    Added { text: String },
    /// Its name in Latin letters.
    Latin,
    /// It owes exactly this amount.
    Amount,
}

/// Who pays under a name.
struct Known {
    account: AccountId,
    form: Option<&'static str>,
    learned: bool,
}

/// The accounts by the names under which they pay, read once for a whole file: that money
/// arrives changes no name.
#[derive(Default)]
pub(super) struct Payers {
    by_key: BTreeMap<String, Vec<Known>>,
    by_sound: BTreeMap<String, BTreeSet<AccountId>>,
    owing: BTreeMap<Yen, Vec<AccountId>>,
    names: BTreeMap<AccountId, String>,
}

/// A name that is shorter says too little to be like others.
const SHORTEST: usize = 3;
/// As many customers are proposed.
const MOST: usize = 5;
/// An amount that more customers owe says nothing.
const MOST_OF_AMOUNT: usize = 3;

impl Payers {
    /// Reads who pays under which names.
    pub(super) async fn read(store: &dyn Store) -> Result<Payers, EngineError> {
        let mut payers = Payers::default();
        for view in store.views("account").await? {
            let text = |name: &str| view.content[name].as_str().unwrap_or_default();
            let account = &view.account;
            payers.names.insert(account.clone(), text("name").to_owned());
            for (list, learned) in [("paid_as", false), ("learned", true)] {
                let names = view.content[list].as_array().into_iter().flatten();
                for paid_as in names.filter_map(serde_json::Value::as_str) {
                    payers.know(account, paid_as, learned);
                }
            }
            let outstanding: Option<Yen> =
                serde_json::from_value(view.content["outstanding"].clone()).ok();
            if let Some(owed) = outstanding.filter(|owed| owed.is_positive()) {
                payers.owing.entry(owed).or_default().push(account.clone());
            }
        }
        Ok(payers)
    }

    /// `ｶ)ｱﾙﾌｱ`, as [`paid_as`] writes it.
    fn know(&mut self, account: &AccountId, paid_as: &str, learned: bool) {
        // A bracket in a name is no legal form.
        let known = paid_as.split_once(')').filter(|(form, _)| PayerName::form_of(form).is_some());
        let (form, key) = known.unwrap_or(("", paid_as));
        if key.is_empty() {
            return;
        }
        let sounds = sound(key);
        if sounds.chars().count() > SHORTEST {
            self.by_sound.entry(sounds).or_default().insert(account.clone());
        }
        let known = Known { account: account.clone(), form: PayerName::form_of(form), learned };
        self.by_key.entry(key.to_owned()).or_default().push(known);
    }

    /// The one account that pays under this name and legal form, if only one can be
    /// meant. A name that was learned counts where the operator says so.
    pub(super) fn of(&self, name: &PayerName, books_learned: bool) -> Option<&AccountId> {
        let known = self.by_key.get(&name.key)?;
        let counts = known.iter().filter(|known| !known.learned || books_learned);
        let fits = counts.filter(|known| name.form.is_none() || known.form == name.form);
        let accounts: BTreeSet<_> = fits.map(|known| &known.account).collect();
        if accounts.len() == 1 { accounts.into_iter().next() } else { None }
    }

    /// Whose a transfer may be, the likeliest first. `named`: the account and the number
    /// of the invoice that its EDI text names.
    pub(super) fn like(
        &self,
        entry: &DepositEntry,
        named: Option<(AccountId, String)>,
    ) -> Vec<Candidate> {
        let mut found: BTreeMap<AccountId, BTreeSet<Likeness>> = BTreeMap::new();
        let mut add = |account: &AccountId, likeness: Likeness| {
            found.entry(account.clone()).or_default().insert(likeness);
        };
        if let Some((account, number)) = named {
            add(&account, Likeness::Invoice { number });
        }
        let name = PayerName::read(&entry.payer_name);
        for known in self.by_key.get(&name.key).into_iter().flatten() {
            let likeness = match (name.form, known.learned) {
                (_, true) => Likeness::Learned,
                (Some(stated), _) if known.form != Some(stated) => {
                    Likeness::OtherForm { stated: stated.to_owned() }
                }
                _ => Likeness::SameName,
            };
            add(&known.account, likeness);
        }
        for (known, likeness) in self.parts_of(&name.key).chain(self.beginnings(&name.key)) {
            add(&known.account, likeness);
        }
        let is_latin = entry.payer_name.bytes().any(|b| b.is_ascii_alphabetic());
        let sounds = sound(&entry.payer_name);
        for account in self.by_sound.get(&sounds).filter(|_| is_latin).into_iter().flatten() {
            add(account, Likeness::Latin);
        }
        let owing = self.owing.get(&entry.amount).map_or(&[][..], Vec::as_slice);
        if owing.len() <= MOST_OF_AMOUNT {
            owing.iter().for_each(|account| add(account, Likeness::Amount));
        }
        let mut candidates: Vec<_> = found
            .into_iter()
            .map(|(account, because)| Candidate {
                name: self.names.get(&account).cloned().unwrap_or_default(),
                account,
                because: because.into_iter().collect(),
            })
            .collect();
        candidates.sort_by(|a, b| a.because.cmp(&b.because));
        candidates.truncate(MOST);
        candidates
    }

    /// Names that stand within this one, with what stands beside them.
    fn parts_of<'a>(&'a self, key: &str) -> impl Iterator<Item = (&'a Known, Likeness)> {
        let letters: Vec<(usize, char)> = key.char_indices().collect();
        let ends: Vec<usize> = letters.iter().map(|(at, _)| *at).chain([key.len()]).collect();
        let mut found = Vec::new();
        for from in 0..letters.len() {
            for to in (from + SHORTEST)..ends.len() {
                let part = &key[ends[from]..ends[to]];
                let beside = format!("{}{}", &key[..ends[from]], &key[ends[to]..]);
                if beside.is_empty() {
                    continue;
                }
                for known in self.by_key.get(part).into_iter().flatten() {
                    found.push((known, Likeness::Added { text: beside.clone() }));
                }
            }
        }
        found.into_iter()
    }

    /// Names that begin as this one does and go on.
    fn beginnings<'a>(&'a self, key: &str) -> impl Iterator<Item = (&'a Known, Likeness)> {
        let long_enough = key.chars().count() > SHORTEST;
        let range = self.by_key.range(key.to_owned()..);
        let begun: Vec<_> = range
            .take_while(|(name, _)| long_enough && name.starts_with(key))
            .filter(|(name, _)| *name != key)
            .take(MOST)
            .flat_map(|(_, known)| known.iter().map(|known| (known, Likeness::CutOff)))
            .collect();
        begun.into_iter()
    }
}

/// A name as it is kept for comparing: `ｶ)ｱﾙﾌｱ`. A name without a legal form is taken to
/// have that of the company.
pub(crate) fn paid_as(name: &str, company: &str) -> String {
    let read = PayerName::read(name);
    match read.form.or(PayerName::read(company).form) {
        Some(form) => format!("{form}){}", read.key),
        None => read.key,
    }
}

/// The invoice that an EDI text names, by the prefix of its series: with or without
/// hyphens, with or without leading zeros.
pub(super) fn invoices_named(edi: &str, prefix: &str) -> Vec<String> {
    let edi: String = document::text_key(edi).to_uppercase();
    let words = edi.split(|c: char| !c.is_ascii_alphanumeric() && !"-_/".contains(c));
    let begins = prefix.to_uppercase();
    let number = |word: &str| {
        let parts: Vec<&str> = word.split(['-', '_', '/']).collect();
        let (year, rest) = match parts[..] {
            [first, year, rest] if first == begins => (year, rest),
            [whole] => whole.strip_prefix(&begins)?.split_at_checked(4)?,
            // More than one number, or another thing.
            _ => return None,
        };
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let rest: u64 = is_number(rest).then(|| rest.parse().ok())??;
        (is_number(year) && year.len() == 4).then(|| format!("{prefix}-{year}-{rest:06}"))
    };
    words.filter(|word| !word.is_empty()).filter_map(number).collect()
}

/// The account of an invoice.
pub(super) async fn account_of_invoice(
    store: &dyn Store,
    number: &str,
) -> Result<Option<AccountId>, StoreError> {
    Ok(store.view("invoice", number).await?.map(|view| view.account))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payers(known: &[(&str, &str, &str)]) -> Payers {
        let mut payers = Payers::default();
        for (account, company, kana) in known {
            let account = AccountId((*account).to_owned());
            payers.names.insert(account.clone(), (*company).to_owned());
            payers.know(&account, &paid_as(kana, company), false);
        }
        payers
    }

    fn named(payer: &str) -> PayerName {
        PayerName::read(payer)
    }

    #[test]
    fn one_name_and_one_legal_form_is_booked_and_all_else_is_not() {
        let payers = payers(&[
            ("A-1", "青葉製作所株式会社", "アオバセイサクショ"),
            ("A-2", "有限会社港", "ミナト"),
            ("A-3", "株式会社港", "ミナト"),
            ("A-4", "高崎市", "タカサキシ（スイドウキョク）"),
        ]);
        let of = |payer: &str| payers.of(&named(payer), false).map(|account| account.0.as_str());
        assert_eq!(of("ｶ)ｱｵﾊﾞｾｲｻｸｼﾖ"), Some("A-1"));
        assert_eq!(of("ｱｵﾊﾞｾｲｻｸｼﾖ"), Some("A-1"));
        assert_eq!(of("ﾕ)ｱｵﾊﾞｾｲｻｸｼﾖ"), None);
        assert_eq!(of("ﾕ)ﾐﾅﾄ"), Some("A-2"));
        assert_eq!(of("ｶ)ﾐﾅﾄ"), Some("A-3"));
        assert_eq!(of("ﾀｶｻｷｼ(ｽｲﾄﾞｳｷﾖｸ)"), Some("A-4"));
        assert_eq!(of("ﾐﾅﾄ"), None);
        assert_eq!(of(""), None);
    }

    #[test]
    fn invoices_are_named_in_many_ways() {
        for edi in [
            "INV-2026-000017",
            "INV-2026-17",
            "inv2026000017",
            "ＩＮＶ－２０２６－０００１７",
            "PAY INV-2026-000017 APR",
        ] {
            assert_eq!(invoices_named(edi, "INV"), ["INV-2026-000017"], "{edi}");
        }
        for none in [
            "",
            "1234567890",
            "INVOICE 17",
            "INV-26-17",
            "CN-2026-000017",
            "INV-2026-1/2",
            "INV-2026-000017-1",
        ] {
            assert_eq!(invoices_named(none, "INV"), [""; 0], "{none}");
        }
    }
}
