//! Everything that can be brought in or done, in one place: what the visitor may.

use maud::html;

use crate::access::Visitor;
use crate::web::answer::Page;
use crate::web::links::opens;

/// A link and what it is for.
type Way = (&'static str, &'static str, &'static str);

const GROUPS: &[(&str, &[Way])] = &[
    (
        "申込と契約",
        &[
            (
                "/applications/file",
                "申込をファイルから登録",
                "届いた申込メール（.eml）や申込書（.xlsx）",
            ),
            ("/applications/new", "紙の申込書を入力", "画面に書き写して登録"),
            ("/quotes/new", "見積書を作る", "価格を確かめてから番号を付けて発行"),
            ("/quotes", "見積書の一覧、届いた発注書", "有効期限、申込と発注の状況、PDF"),
            (
                "/applications",
                "申込ごとの手続",
                "承諾、撤回、連絡先など。申込を選んで、権限のあるものを行います",
            ),
            (
                "/contracts",
                "契約ごとの手続",
                "利用開始、変更、解約申込書、更新しない申出、停止と再開、消去",
            ),
        ],
    ),
    (
        "お金",
        &[
            ("/usage", "利用明細の取込み", "クラウドの利用明細（.csv）"),
            ("/billing", "請求の実行", "下書きを見てから番号を付けて発行"),
            ("/deposits", "入金ファイル", "銀行の入出金明細、相手が分からない入金"),
            ("/payments/new", "入金の登録", "銀行のファイルによらない入金"),
            ("/compare", "並行請求の照合", "これまでの方法の請求と1円まで照合"),
        ],
    ),
    (
        "知らせること",
        &[
            (
                "/announcements/new",
                "通知を書く",
                "定期点検、規約や提供条件の変更、廃止、是正の催告など",
            ),
            ("/announcements", "通知の一覧", "効力の発生、送付の状況、撤回"),
        ],
    ),
    (
        "二人で決めること",
        &[
            ("/waiting", "自分を待つもの", "承諾・承認・確認を待つもの"),
            ("/proposals", "起案", "停止・解除などの起案を承認または却下"),
            ("/rights", "生じている権利", "停止・解除の起案はここから"),
        ],
    ),
    (
        "探す・確かめる",
        &[
            ("/filed", "書類の検索", "日付、取引先、金額、種類（電子帳簿保存法）"),
            ("/filed/new", "書類を保存", "スキャンや届いたファイル、紙の原本の場所、到達の記録"),
            ("/search", "検索", "会社名、番号、法人番号"),
            ("/entries", "記録", "誰が、いつ、なぜ、どの条項で"),
            ("/refused", "取り込まなかった行", "読み込んだファイルの不備"),
            ("/takeovers", "台帳の引継ぎ", "いまの契約と未収金をワークブックから"),
            ("/outbox", "送信と外部処理", "送れなかったメールなど"),
        ],
    ),
];

pub async fn show(visitor: Visitor) -> Page {
    let open = |ways: &'static [Way]| -> Vec<&Way> {
        ways.iter().filter(|(path, _, _)| opens(&visitor, path)).collect()
    };
    let body = html! {
        @for (title, ways) in GROUPS {
            @let ways = open(ways);
            @if !ways.is_empty() {
                section {
                    h2 { (title) }
                    div.ways-in { @for (path, words, what) in ways {
                        a.way href=(path) { b { (words) } span.note { (what) } }
                    } }
                }
            }
        }
    };
    Page::new("登録と操作", body)
}
