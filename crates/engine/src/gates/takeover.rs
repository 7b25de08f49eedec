//! Taking over an existing book: a workbook of contracts, open receivables and
//! last numbers is checked whole, shown, and then loaded account by account.
//!
//! Every row becomes one input with an id made of its contract or invoice and its
//! content, so that a load that was cut off is finished by the same command, and a
//! second load changes nothing.

mod check;
mod compare;
mod inputs;
mod load;
mod preview;

use std::collections::BTreeMap;

use contract::declare::ids::AccountId;
use contract::declare::words::Sentence;
use contract::road::stream::Input;
use contract::sentence;
use document::{Book, Fault, first_faults};
use reckon::Yen;
use sha2::{Digest, Sha256};

use crate::gates::reading::read_apart;
use crate::keeping::numbered::ShortNumber;
use crate::keeping::store::{PersonalRow, ViewRow};
use crate::road::engine::Engine;
use crate::road::outcome::EngineError;
use crate::road::plausible::check_entry;

pub use compare::{Comparison, ComparisonRow};
pub use load::Loaded;
pub use preview::{NextDates, Preview};

/// A workbook that may be loaded: everything in it has been checked.
pub struct Takeover {
    pub file: String,
    pub sha256: String,
    pub book: Book,
    /// What is not recorded yet, by account.
    accounts: BTreeMap<AccountId, Vec<Entry>>,
    /// Contracts and receivables that an earlier load recorded already.
    pub known: usize,
    /// What a person should look at; none of it stands in the way.
    pub warnings: Vec<Sentence>,
}

/// One input to come, with the people whom it names.
#[derive(Debug, Clone)]
struct Entry {
    input: Input,
    personal: Vec<PersonalRow>,
    /// Number and open amount, when it is a receivable.
    opens: Option<(String, Yen)>,
}

impl Engine {
    /// Reads and checks a workbook against prices, terms and what is recorded.
    /// Nothing is written.
    ///
    /// # Errors
    /// [`EngineError::Faults`] with every fault by its sheet and cell.
    pub async fn check_book(
        &self,
        file: &str,
        bytes: &[u8],
        actor: &contract::who::actor::Actor,
    ) -> Result<Takeover, EngineError> {
        let book = read_apart(document::read_book, file, bytes).await;
        let book = book.map_err(EngineError::Faults)?;
        let sha256 = sha256_of(bytes);
        let mut checked = check::Checked::new(file, &book);
        self.check_rows(&mut checked);
        self.check_numbers(&mut checked).await?;
        let (accounts, known) = self.entries(&mut checked, file, &sha256, actor).await?;
        for entry in accounts.values().flatten() {
            if let Err(error) = check_entry(&entry.input) {
                let EngineError::Refused(problem) = error else { return Err(error) };
                let remedy = sentence!(
                    "あり得る値を記入してください",
                    "write a value that can have been meant",
                );
                let source = &entry.input.source;
                let place = source.split_once(", ").map_or(source.as_str(), |(_, place)| place);
                let place = Sentence::same(place);
                checked.faults.push(Fault::new(file, place, "行", problem, remedy));
            }
        }
        self.check_what_follows(&mut checked, &accounts)?;
        let (faults, warnings) = (checked.faults, checked.warnings);
        if !faults.is_empty() {
            return Err(EngineError::Faults(first_faults(faults)));
        }
        Ok(Takeover { file: file.to_owned(), sha256, accounts, known, warnings, book })
    }
}

impl Engine {
    /// A contract by its id, by its short number, or by its number in the earlier book.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn contract_named(&self, name: &str) -> Result<Option<ViewRow>, EngineError> {
        let numbered = match ShortNumber::read(name) {
            Some(number) => self.store.numbered(&number).await?,
            None => None,
        };
        let id = numbered.as_deref().unwrap_or(name);
        if let Some(view) = self.store.view("contract", id).await? {
            return Ok(Some(view));
        }
        let Some(former) = self.store.view("former_number", name).await? else { return Ok(None) };
        let id = former.content["contract"].as_str().unwrap_or_default();
        Ok(self.store.view("contract", id).await?)
    }
}

/// As the preview of a workbook names it.
pub fn sha256_of(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
