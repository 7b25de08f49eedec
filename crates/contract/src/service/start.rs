//! 14-1: the use of a line begins, and its minimum term.

use crate::declare::prelude::*;

pub(crate) const START_DUE: Rule =
    Rule::new("start_due", 1, "提供開始の登録", "start to be registered")
        .clauses(&["14-1", "24-1"])
        .told_by::<Wished>();

#[derive(Serialize, Deserialize)]
pub(crate) struct Wished {
    pub wished: Day,
}

impl Told for Wished {
    fn lines(&self, _: &Because, l: Reader) -> Option<Vec<String>> {
        let wished = day(self.wished, l);
        Some(vec![say!(l, "利用開始を希望する日 {wished}", "the start is wished for {wished}")])
    }
}

/// The use of a service line began.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct ServiceStarted {
    pub contract: ContractId,
    pub line: u32,
    pub on: Day,
}

impl Entry for ServiceStarted {
    const NAME: &'static str = "service_started";
    const CLAUSES: &'static [&'static str] = &["14-1", "24-1"];
    const TITLE: Words = Words::new("サービスの利用開始", "service started");
    const BY: Option<Permission> = Some(Permission::RegisterOperation);
    const DOOR: Option<Door> = Some(
        Door::of_contract(
            "明細の利用が始まった日を登録します。最低利用期間と料金は、この日から数えます。契約が成立する前の利用開始には、効力がありません。",
            "The day on which the use of a line began: minimum term and fees count from it. Before the contract has formed it has no effect.",
        )
        .cites(&["1-1", "9-1"])
        .word("start")
        .title("利用開始の登録", "Start of use")
        .offer("利用開始", "start of use")
        .asks(&[
            Field::number_choice("line", "明細", "Line"),
            Field::past_day("on", "利用開始日", "First day of use"),
        ])
        .on("on")
        .here(starting),
    );

    fn stream(&self) -> Stream {
        Stream::Contract(self.contract.clone())
    }

    fn reaches_back_to(&self) -> Vec<Reach<'_>> {
        vec![Reach::Subject(self.stream())]
    }

    fn line(&self, l: Reader) -> String {
        let ServiceStarted { contract, line, on } = self;
        say!(
            l,
            "契約{contract}の明細{line}の利用を{on}に開始",
            "use of line {line} of contract {contract} began on {on}"
        )
    }
}

fn starting(asked: &Asked, id: &str, l: Reader) -> Here {
    let Some(contract) = asked.contract(id) else { return Here::default() };
    let waiting = contract.lines.iter().filter(|line| line.started_on.is_none());
    let choices: Vec<_> = waiting
        .map(|line| {
            let item = asked.law.prices.item(&line.item);
            let name = item.map_or(line.item.as_str(), |item| item.name.as_str());
            Choice::new(line.number, format!("{}　{name}", line.number))
        })
        .collect();
    let here = Here::offered(!choices.is_empty() && !contract.is_over());
    let none = l.pick("利用開始を待っている明細はありません。", "No line waits for its start.");
    let here = if choices.is_empty() { here.note(none) } else { here };
    let first = choices.first().map(|choice| choice.value.clone());
    // Before the contract has formed a start has no effect.
    let here = Here { not_before: Some(contract.formed_at), ..here.choices("line", choices) };
    match first {
        Some(first) => here.first("line", first),
        None => here,
    }
}

/// 14-1, for one service line.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct MinimumTermSet {
    pub contract: ContractId,
    pub line: u32,
    pub from: Day,
    pub to: Day,
}

impl Following for MinimumTermSet {
    fn line(&self, l: Reader) -> String {
        let MinimumTermSet { line, from, to, .. } = self;
        say!(
            l,
            "明細{line}の最低利用期間は{from}〜{to}",
            "minimum term of line {line}: {from} to {to}"
        )
    }
}
