//! Usage of the upstream cloud as CSV: what ran, how much, from when to when.

use std::str::FromStr;

use contract::declare::words::Sentence;
use contract::sentence;
use csv::StringRecord;
use reckon::{Decimal, Moment};
use serde::{Deserialize, Serialize};

use crate::encoding::decode;
use crate::fault::{Fault, Faults};
use crate::guard::guarded;

/// What the door takes.
const MOST_BYTES: usize = 32 << 20;
const MOST_ROWS: usize = 300_000;
/// Of one field, in bytes.
const LONGEST_FIELD: usize = 1_000;

/// The columns, in any order; every one must be there and no other.
const COLUMNS: [&str; 10] =
    ["id", "account", "contract", "line", "resource", "item", "quantity", "unit", "from", "to"];

/// The rows of one usage file, in its order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsageFile {
    pub rows: Vec<UsageRow>,
}

/// One measured use. Whether it came before, or fits a contract, is not judged
/// here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsageRow {
    /// Line of the file, from 1; the header is line 1.
    pub row: u64,
    pub id: String,
    pub account: String,
    pub contract: String,
    /// Number of the service line in the contract, from 1.
    pub line: u32,
    pub resource: String,
    pub item: String,
    /// In `unit`; negative where it takes off what was counted before.
    pub quantity: Decimal,
    pub unit: String,
    pub from: Moment,
    /// Exclusive end, later than `from`.
    pub to: Moment,
}

/// Reads a usage file: UTF-8 with or without a byte order mark, or CP932.
/// Instants without an offset are Japan time.
///
/// ```
/// let csv = "id,account,contract,line,resource,item,quantity,unit,from,to\n\
///            u1,A-1,C-1,1,vm-1,SV-S,717.25,h,2026-04-01T00:00:00,2026-05-01T00:00:00\n";
/// let usage = document::read_usage("april.csv", csv.as_bytes()).unwrap();
/// assert_eq!(usage.rows[0].quantity.to_string(), "717.25");
/// ```
///
/// # Errors
/// False fields by their rows. One false row refuses the whole file.
pub fn read_usage(file: &str, bytes: &[u8]) -> Result<UsageFile, Vec<Fault>> {
    guarded(file, || read(file, bytes))
}

fn read(file: &str, bytes: &[u8]) -> Result<UsageFile, Vec<Fault>> {
    let mut faults = Faults::of(file);
    let too_much = |problem: Sentence| {
        let remedy =
            sentence!("行を複数のファイルに分けてください", "give its rows in several files");
        Err(vec![Fault::new(file, Fault::WHOLE_FILE, "ファイル", problem, remedy)])
    };
    if bytes.len() > MOST_BYTES {
        let size = bytes.len();
        return too_much(sentence!(
            "ファイルが{size}バイトあります。読み取るのは{MOST_BYTES}バイトまでです",
            "the file has {size} bytes, at most {MOST_BYTES} are read",
        ));
    }
    let text = match decode(bytes) {
        Ok(text) => text,
        Err(problem) => {
            let remedy = sentence!("CSV UTF-8で保存してください", "save it as CSV UTF-8");
            faults.add(Fault::WHOLE_FILE, "文字コード", problem, remedy);
            return faults.refuse_or(None);
        }
    };
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(text.as_bytes());
    let mut records = reader.records();
    let header = records.next().and_then(Result::ok).unwrap_or_default();
    let Some(places) = columns(&header, &mut faults) else { return faults.refuse_or(None) };
    let mut rows = Vec::new();
    for (before, record) in records.enumerate() {
        if before == MOST_ROWS {
            return too_much(sentence!(
                "ファイルの行が{MOST_ROWS}を超えています",
                "the file has more than {MOST_ROWS} rows",
            ));
        }
        match record {
            Ok(record) => {
                let row = row_number(&record, &text);
                rows.extend(read_row(row, &record, &places, &mut faults));
            }
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                let problem = sentence!("行を読み取れません", "{error}");
                let remedy = sentence!(
                    "コンマ区切りの行として書き直してください",
                    "write the row again as comma-separated text",
                );
                faults.add(Fault::row(line), "CSV", problem, remedy);
            }
        }
    }
    faults.refuse_or(Some(UsageFile { rows }))
}

/// Where each of [`COLUMNS`] stands in the file.
fn columns(header: &StringRecord, faults: &mut Faults) -> Option<[usize; 10]> {
    let all = COLUMNS.join(",");
    let remedy = sentence!("1行目は次の見出しにしてください：{all}", "the first row must be {all}");
    // Another kind of file: to name every column of it helps nobody.
    if !header.iter().any(|name| COLUMNS.contains(&name.trim())) {
        let problem = sentence!(
            "利用明細の見出しの行がありません。ほかの種類のファイルのようです",
            "this is not the header of a usage file: it looks like a file of another kind"
        );
        faults.add(Fault::row(1), "", problem, remedy);
        return None;
    }
    let mut complete = true;
    for name in header.iter().filter(|name| !COLUMNS.contains(&name.trim())) {
        let problem =
            sentence!("「{name}」という列は使いません", "the column 「{name}」 is unknown");
        faults.add(Fault::row(1), name, problem, remedy.clone());
        complete = false;
    }
    let places = COLUMNS.map(|wanted| {
        let mut found = (0..).zip(header).filter(|(_, name)| name.trim() == wanted);
        let first = found.next().map(|(at, _)| at);
        if first.is_none() || found.next().is_some() {
            let problem = match first {
                None => {
                    sentence!("列「{wanted}」がありません", "the column 「{wanted}」 is missing")
                }
                Some(_) => {
                    sentence!(
                        "列「{wanted}」が二つあります",
                        "the column 「{wanted}」 stands twice"
                    )
                }
            };
            faults.add(Fault::row(1), wanted, problem, remedy.clone());
            complete = false;
        }
        first.unwrap_or(usize::MAX)
    });
    complete.then_some(places)
}

/// The csv reader takes empty lines for the beginning of the record after them.
fn row_number(record: &StringRecord, text: &str) -> u64 {
    let Some(position) = record.position() else { return 0 };
    let rest = text.as_bytes().get(position.byte() as usize..).unwrap_or_default();
    position.line() + rest.iter().take_while(|b| **b == b'\n').count() as u64
}

fn read_row(
    row: u64,
    record: &StringRecord,
    places: &[usize; 10],
    faults: &mut Faults,
) -> Option<UsageRow> {
    if record.len() != COLUMNS.len() {
        let (found, expected) = (record.len(), COLUMNS.len());
        let problem = sentence!(
            "項目が{found}個あります。{expected}個であるはずです",
            "the row has {found} fields, expected {expected}",
        );
        let remedy = sentence!(
            "列ごとに一つの値を書き、コンマを含む値は引用符で囲んでください",
            "give one value for each column; put a value with a comma in quotes",
        );
        faults.add(Fault::row(row), "CSV", problem, remedy);
        return None;
    }
    let mut fields = Fields { row, record, places, faults };
    let id = fields.text("id");
    let account = fields.text("account");
    let contract = fields.text("contract");
    let remedy = sentence!(
        "サービス明細の番号を1以上の数字で書いてください",
        "write the number of the service line, from 1",
    );
    let line = fields.parsed("line", &remedy, line_number);
    let resource = fields.text("resource");
    let item = fields.text("item");
    let remedy = sentence!("717.25のように数字で書いてください", "write digits such as 717.25");
    let quantity = fields.parsed("quantity", &remedy, quantity);
    let unit = fields.text("unit");
    let remedy = sentence!(
        "2026-04-01T00:00:00のように日時を書いてください（日本時間）",
        "write an instant such as 2026-04-01T00:00:00 (Japan time)",
    );
    let from = fields.parsed("from", &remedy, instant);
    let to = fields.parsed("to", &remedy, instant);
    if let (Some(from), Some(to)) = (from, to)
        && to <= from
    {
        let problem = sentence!(
            "利用の終わり{to}が、始まり{from}より後ではありません",
            "the use ends at {to}, not after its start at {from}",
        );
        let remedy =
            sentence!("始まりより後の時刻を書いてください", "write the end after the start");
        fields.refuse("to", problem, remedy);
    }
    Some(UsageRow {
        row,
        id: id?,
        account: account?,
        contract: contract?,
        line: line?,
        resource: resource?,
        item: item?,
        quantity: quantity?,
        unit: unit?,
        from: from?,
        to: to?,
    })
}

/// The fields of one row by the names of their columns.
struct Fields<'a> {
    row: u64,
    record: &'a StringRecord,
    places: &'a [usize; 10],
    faults: &'a mut Faults,
}

impl<'a> Fields<'a> {
    fn raw(&self, name: &str) -> &'a str {
        let at = COLUMNS.iter().position(|column| *column == name);
        at.and_then(|at| self.record.get(self.places[at])).unwrap_or_default().trim()
    }

    fn refuse(&mut self, name: &str, problem: Sentence, remedy: Sentence) {
        self.faults.add(Fault::row(self.row), name, problem, remedy);
    }

    fn text(&mut self, name: &str) -> Option<String> {
        let text = self.raw(name);
        if text.is_empty() {
            let problem = sentence!("値がありません", "the field is empty");
            self.refuse(name, problem, sentence!("値を書いてください", "fill it in"));
            return None;
        }
        if text.len() > LONGEST_FIELD {
            let problem = sentence!(
                "値が{LONGEST_FIELD}バイトを超えています",
                "the field has more than {LONGEST_FIELD} bytes",
            );
            let remedy = sentence!(
                "引用符を閉じるか、短く書いてください",
                "close its quotes, or write less"
            );
            self.refuse(name, problem, remedy);
            return None;
        }
        // A quote that is never closed swallows the lines that follow.
        if text.chars().any(char::is_control) {
            let problem = sentence!(
                "改行または制御文字が含まれています",
                "the field holds a line break or control character",
            );
            let remedy = sentence!(
                "引用符を閉じ、1行で書いてください",
                "close its quotes and write it in one line",
            );
            self.refuse(name, problem, remedy);
            return None;
        }
        Some(text.to_owned())
    }

    fn parsed<T>(
        &mut self,
        name: &str,
        remedy: &Sentence,
        read: fn(&str) -> Result<T, Sentence>,
    ) -> Option<T> {
        let text = self.text(name)?;
        match read(&text) {
            Ok(value) => Some(value),
            Err(problem) => {
                self.refuse(name, problem, remedy.clone());
                None
            }
        }
    }
}

fn line_number(text: &str) -> Result<u32, Sentence> {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    let number = text.parse().ok().filter(|number| digits && *number > 0);
    number.ok_or_else(|| {
        sentence!("「{text}」は明細の番号ではありません", "「{text}」 is no number of a line")
    })
}

/// The largest quantity of one row, in its unit.
const MOST: i64 = 1_000_000_000;

/// Places behind the point. With [`MOST`] a month can hold thousands of rows of the
/// largest quantity before their sum no longer fits.
const PLACES: usize = 6;

fn quantity(text: &str) -> Result<Decimal, Sentence> {
    let read = |text: &str| {
        let no_number = |error| sentence!("「{text}」は数量ではありません", "{error}");
        Decimal::from_str(text).map_err(no_number)
    };
    let mut quantity = read(text)?;
    if let Some((_, places)) = text.split_once('.') {
        if places.trim_end_matches('0').len() > PLACES {
            return Err(sentence!(
                "{text}の小数点以下が{PLACES}桁を超えています",
                "{text} has more than {PLACES} places behind the point",
            ));
        }
        let short = text.trim_end_matches('0').trim_end_matches('.');
        quantity = read(short)?;
    }
    // Beyond this no sum of a month could be counted with.
    let size = if quantity.is_negative() { -quantity } else { quantity };
    if size.ratio() > Decimal::whole(MOST).ratio() {
        return Err(sentence!("{text}は{MOST}を超えています", "{text} is more than {MOST}"));
    }
    Ok(quantity)
}

/// A day alone is no instant: it would leave open whether its end is meant.
fn instant(text: &str) -> Result<Moment, Sentence> {
    let no_instant = || sentence!("「{text}」は日時ではありません", "「{text}」 is no instant");
    let year = text.get(..5).and_then(|start| start.strip_suffix('-'));
    let year: u32 = year.and_then(|year| year.parse().ok()).ok_or_else(no_instant)?;
    let has_time = text.get(10..11).is_some_and(|mark| mark == "T" || mark == " ");
    if !(2000..=2199).contains(&year) || !has_time {
        return Err(no_instant());
    }
    text.parse().map_err(|_| no_instant())
}
