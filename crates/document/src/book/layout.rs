//! The sheets of the workbook and their columns: reader, template and the page of
//! the format are made from this table.

/// A sheet of the workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BookSheet {
    pub name: &'static str,
    pub about: &'static str,
    pub columns: &'static [BookColumn],
}

/// A column, found by its heading in the first row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BookColumn {
    pub head: &'static str,
    pub required: bool,
    /// How the value is written.
    pub form: &'static str,
    pub about: &'static str,
    /// The only values that it may have; any when there are none.
    pub choices: &'static [&'static str],
}

const fn must(head: &'static str, form: &'static str, about: &'static str) -> BookColumn {
    BookColumn { head, required: true, form, about, choices: &[] }
}

const fn may(head: &'static str, form: &'static str, about: &'static str) -> BookColumn {
    BookColumn { head, required: false, form, about, choices: &[] }
}

const fn one_of(
    head: &'static str,
    choices: &'static [&'static str],
    about: &'static str,
) -> BookColumn {
    BookColumn { head, required: true, form: "一覧から選択", about, choices }
}

pub(super) const CONTRACTS: &str = "契約";
pub(super) const LINES: &str = "明細";
pub(super) const AGREEMENTS: &str = "個別合意";
pub(super) const NOTICES: &str = "通知";
pub(super) const CHANGES: &str = "変更予定";
pub(super) const RECEIVABLES: &str = "売掛金";
pub(super) const PAYMENTS: &str = "一部入金";
pub(super) const NUMBERS: &str = "最終番号";
pub(super) const CONTROL: &str = "検算";

pub(super) const METHODS: [&str; 2] = ["請求書払い", "口座振替"];
pub(super) const SERVICES: [&str; 2] = ["SDPF", "SDPFサポートサービス"];
pub(super) const NOTICE_KINDS: [&str; 3] =
    ["解約申込", "延長しない旨（契約者）", "延長しない旨（当社）"];
pub(super) const CHANNELS: [&str; 5] = ["書面", "メール", "ポータル", "ホームページ", "その他"];
pub(super) const RECEIVABLE_KINDS: [&str; 4] =
    ["利用料金", "最低利用期間残余分", "延滞利息", "撤回費用"];
pub(super) const CONTROLS: [&str; 4] = ["契約数", "明細数", "売掛金件数", "未収額合計"];

const DAY: &str = "日付";
const TEXT: &str = "文字";
const YEN: &str = "円（整数）";
const COUNT: &str = "1以上の整数";
const MONTH: &str = "年月（例 2026-05）";

/// Every sheet that is read. A sheet 説明 may stand before them.
pub const BOOK_SHEETS: &[BookSheet] = &[
    BookSheet {
        name: CONTRACTS,
        about: "継続中の契約を1行に1件。終了した契約は書かない。",
        columns: &[
            must(
                "旧契約番号",
                TEXT,
                "これまでの契約番号。全社で重複しないこと。引継ぎ後も検索できる。",
            ),
            must("会社名", TEXT, "登記上の名称"),
            must("フリガナ", "カタカナ", "会社名の読み"),
            must("法人番号", "13桁", "検査数字を確かめる。同じ番号の契約は1つの取引先になる。"),
            must("郵便番号", "NNN-NNNN", "本店の郵便番号"),
            must("住所", TEXT, "本店の住所"),
            must("代表者役職", TEXT, "例 代表取締役"),
            must("契約成立日", DAY, "承諾の通知を発した日"),
            must("規約の版", TEXT, "成立時の利用規約の版（例 1.1）"),
            must("利用期間開始日", DAY, "現在進行中の利用期間の初日"),
            must(
                "利用期間終了日",
                DAY,
                "現在進行中の利用期間の末日。自動延長済みなら延長後の末日。",
            ),
            one_of("支払方法", &METHODS, "支払の方法"),
            must("支払期日", "翌月末日、翌々月末日、翌月N日", "請求書の発行日から数える"),
            may("振込名義カナ", "半角カナ", "会社名と異なる名義で振り込む場合"),
            must(
                "請求開始月",
                MONTH,
                "このシステムで請求する最初の利用月。それより前は請求しない。",
            ),
            may("停止日", DAY, "現在提供停止中なら、その初日"),
            must("利用責任者氏名", TEXT, "個人情報として封をして保管する"),
            may("利用責任者部署", TEXT, ""),
            must("利用責任者メール", "メールアドレス", ""),
            must("利用責任者電話", "電話番号", ""),
            may("請求先氏名", TEXT, "利用責任者と異なる場合に限り4項目まとめて"),
            may("請求先部署", TEXT, ""),
            may("請求先メール", "メールアドレス", ""),
            may("請求先電話", "電話番号", ""),
        ],
    },
    BookSheet {
        name: LINES,
        about: "契約の明細を1行に1件。各契約に1行以上。",
        columns: &[
            must("旧契約番号", TEXT, "シート「契約」にある番号"),
            must("明細番号", COUNT, "契約の中で重複しないこと"),
            one_of("サービス", &SERVICES, "サービスの種類"),
            must("品目コード", TEXT, "料金表の品目コード"),
            must("数量", COUNT, "現在の数量。今後の変更はシート「変更予定」に書く。"),
            may("利用開始日", DAY, "実際に利用を開始した日。まだなら空欄。"),
            may("利用開始予定日", DAY, "利用開始日が空欄の場合は必須"),
            may("最低利用期間(月)", COUNT, "料金表と異なる合意がある場合"),
            may("最低利用期間終了日", DAY, "空欄なら規約から計算する"),
            may("個別合意月額(税抜)", YEN, "数量1あたりの月額に個別の合意がある場合"),
        ],
    },
    BookSheet {
        name: AGREEMENTS,
        about: "規約と異なる個別の合意（1-2）。なければ空のまま。",
        columns: &[
            must("旧契約番号", TEXT, "シート「契約」にある番号"),
            must("条項パラメータ", TEXT, "yakkan terms で確かめられる名前（例 renewal.notice_bd）"),
            must("値(JSON)", "JSON", "例 30、true、\"elapsed\""),
            must("合意文書番号", TEXT, "覚書などの番号"),
            must("締結日", DAY, ""),
            may("適用開始日", DAY, "空欄なら締結日と契約成立日の遅い方"),
            may("条項の明示(○)", "○", "排除する条項を名指ししている場合"),
        ],
    },
    BookSheet {
        name: NOTICES,
        about: "届いた解約申込書、延長しない旨の申出のうち、まだ終わりの来ていないもの。",
        columns: &[
            must("旧契約番号", TEXT, "シート「契約」にある番号"),
            one_of("種別", &NOTICE_KINDS, "何の通知か"),
            one_of("方法", &CHANNELS, "届いた、又は送った方法"),
            may("発信日", DAY, "当社からの申出では必須"),
            may("到達日", DAY, "契約者からの通知では必須"),
            may("指定日", DAY, "解除希望日、又は延長しない満了日。書かれていなければ空欄。"),
            may(
                "受領通知送信日",
                DAY,
                "解約申込の受領通知を送った日。まだなら空欄（引継ぎ後に送られる）。",
            ),
            may(
                "受領通知の解除日",
                DAY,
                "受領通知に書いた解除日。規則と異なってもその日が効力を持つ。",
            ),
        ],
    },
    BookSheet {
        name: CHANGES,
        about: "成立済みで、変更日がまだ来ていない変更契約（9-7）。明細の追加はシート「明細」に開始予定日で書く。",
        columns: &[
            must("旧契約番号", TEXT, "シート「契約」にある番号"),
            must("変更日", DAY, "請求開始月の初日以後"),
            must("明細番号", COUNT, "シート「明細」にある番号"),
            may("変更後数量", COUNT, "数量と月額の一方又は両方"),
            may("変更後月額(税抜)", YEN, "数量1あたり"),
            must("合意文書番号", TEXT, "変更契約の番号"),
        ],
    },
    BookSheet {
        name: RECEIVABLES,
        about: "未収のある請求を1行に1件。全額入金済みの請求は書かない。",
        columns: &[
            must("旧請求番号", TEXT, "これまでの請求番号のまま引き継ぐ。全社で重複しないこと。"),
            must(
                "旧契約番号",
                TEXT,
                "シート「契約」にある番号。複数なら「、」で区切る（同じ取引先に限る）。",
            ),
            one_of("種別", &RECEIVABLE_KINDS, "何の請求か"),
            must("対象月", MONTH, "請求の利用月"),
            must("発行日", DAY, ""),
            must(
                "支払期日",
                DAY,
                "土日祝日の繰延べ後の期日。延滞利息（26-1）はこの翌日から数える。",
            ),
            must("請求額(税込)", YEN, "発行した時の額"),
            must("未収額(税込)", YEN, "請求額からシート「一部入金」の合計を引いた額と一致すること"),
            may("請求済延滞利息", YEN, "この請求についてこれまでに請求した延滞利息"),
        ],
    },
    BookSheet {
        name: PAYMENTS,
        about: "シート「売掛金」の請求に対する一部入金を、入金1回に1行。",
        columns: &[
            must("旧請求番号", TEXT, "シート「売掛金」にある番号"),
            must("入金日", DAY, ""),
            must("金額", YEN, ""),
        ],
    },
    BookSheet {
        name: NUMBERS,
        about: "採番済みの最後の番号。次の番号から続ける。",
        columns: &[
            must("系列", TEXT, "番号の頭（例 INV）"),
            must("年", "西暦4桁", ""),
            must("最終番号", COUNT, "INV-2026-000431 なら 431"),
        ],
    },
    BookSheet {
        name: CONTROL,
        about: "照合用の合計。書いた項目はシートの内容と一致しなければならない。",
        columns: &[one_of("項目", &CONTROLS, ""), must("値", "整数", "")],
    },
];

pub(super) const CHARGED: &str = "請求明細";
pub(super) const CHARGED_INVOICES: &str = "請求書";
pub(super) const CHARGE_KINDS: [&str; 5] =
    ["月額料金", "従量料金", "最低利用期間残余分", "延滞利息", "撤回費用"];

/// The sheets of what the earlier way charged for one service month.
pub const CHARGED_SHEETS: &[BookSheet] = &[
    BookSheet {
        name: CHARGED,
        about: "これまでの方法で1つの利用月について請求した明細を1行に1件。",
        columns: &[
            must("旧請求番号", TEXT, "シート「請求書」にある番号"),
            must("契約番号", TEXT, "旧契約番号、またはこのシステムの契約番号（K-…）"),
            may("明細番号", COUNT, "空欄なら品目コードで照合する"),
            one_of("種別", &CHARGE_KINDS, "料金の種類"),
            may("品目コード", TEXT, "料金表の品目コード。月額料金、従量料金、残余分では必須。"),
            must("金額(税抜)", YEN, "値引や返金は負の数"),
        ],
    },
    BookSheet {
        name: CHARGED_INVOICES,
        about: "その請求書を1行に1件。1つの請求書は1つの取引先のもの。",
        columns: &[
            must("旧請求番号", TEXT, "重複しないこと"),
            must("消費税額", YEN, "請求書に記載した税額の合計"),
            must("請求額(税込)", YEN, "明細の合計と消費税額の和。検算に使う。"),
        ],
    },
];
