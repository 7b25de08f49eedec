//! The application form (申込書, 9-2) as an .xlsx file, read and written.

mod read;
mod write;

pub(crate) use read::is_application_form;
pub use read::{FaultyApplicant, FaultyForm, read_application, read_faulty_application};
pub use write::write_application;

/// Name of the only sheet.
const SHEET: &str = "申込書";

/// Labels of the two people, by role and kind.
const RESPONSIBLE: [&str; 4] =
    ["利用責任者 氏名", "利用責任者 部署", "利用責任者 メール", "利用責任者 電話"];
const BILLING: [&str; 4] = ["請求先 氏名", "請求先 部署", "請求先 メール", "請求先 電話"];

/// The quotation on which the application rests.
const QUOTE: &str = "見積番号";

/// Heads of the table of services, from column B on.
const LINE_HEADS: [&str; 7] = [
    "番号",
    "サービス",
    "品目コード",
    "数量",
    "利用開始希望日",
    "最低利用期間(月)",
    "個別合意月額(税抜)",
];

/// Title of the section that ends the table of services.
const SPECIAL_SECTION: &str = "特別条件（個別合意）";

/// Heads of the table of special terms, from column B on. The mark says that
/// the agreement names the clause which it sets aside.
const SPECIAL_HEADS: [&str; 5] =
    ["条項パラメータ", "値(JSON)", "合意文書番号", "締結日", "条項の明示(○)"];
