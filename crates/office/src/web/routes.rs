//! The one table of routes: router and navigation are made from it.

use std::sync::{Arc, LazyLock};

use axum::routing::{MethodRouter, get, post};
use contract::declare::door::Doorway;
use contract::who::roles::Permission as P;

use super::App;
use super::access_log::AccessLog;
use super::announcements::Notices;
use super::api::{
    files, filing as filing_api, lists, notices as notices_api, quotations,
    registered as registered_api, steps,
};
use super::applications::Applications;
use super::console::cancellation::CancellationArrived;
use super::console::change_contract::ChangeContract;
use super::console::check_step::CheckMade;
use super::console::deposits::Waiting;
use super::console::desk_form::DeskForm;
use super::console::entries_list::Entries;
use super::console::filing::Filed;
use super::console::proposals::Proposals;
use super::console::purchase_order::Order;
use super::console::{
    announce, billing, cancellation, compare, correct, deposits, desk_form, filing, hub, money,
    new_application, proposals, quote, search, uploads, waiting,
};
use super::contracts::Contracts;
use super::credit_notes::CreditNotes;
use super::customers::Customers;
use super::invoices::Invoices;
use super::keys::Keys;
use super::matters::Matters;
use super::need::Need;
use super::outbox::{Effects, RefusedRows};
use super::people::Members;
use super::portal::{
    agreement, apply, contact, invoice as own_invoice, notices, report, stop, terms,
};
use super::quotes::Quotes;
use super::site::{
    about, apply as site_apply, crawlers, feed, logo, maintenance, notices as site_notices, start,
    terms as site_terms,
};
use super::todo_lists::{Rights, Tasks};
use super::{
    access_review, account, announcements, api, applications, clock, contracts, customers,
    dashboard, documents, door, entries, filed, invoice_page, keys, list, looks, matters, mending,
    monitoring, my, openapi, people, quotes, registered, restored, sign_in, stop_trial, takeovers,
    terms_index, terms_page, why,
};

/// What a route gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// HTML for people.
    Page,
    /// JSON for programs.
    Api,
    /// A file.
    File,
}

/// What the access log notes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Note {
    Nothing,
    /// Personal data or papers are shown.
    Read,
    /// Much at once leaves as a file.
    Export,
    /// People, credentials or keys are changed.
    Admin,
}

/// Where a route is worked on, and for how long. See [`super::away`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// Where requests are heard: there is nothing to work out.
    Here,
    /// Off those threads, as whatever looks at an account.
    Away,
    /// It can take long to look: few at once, and not longer than somebody waits.
    Looking,
    /// It can take long to do: few at once, and to the end.
    Doing,
    /// For everybody to read: off those threads, in turns apart from those of the desk.
    Site,
}

/// One row of the table.
#[derive(Clone, Copy)]
pub struct Route {
    pub method: &'static str,
    pub path: &'static str,
    pub kind: Kind,
    pub title: &'static str,
    /// Stands in the navigation of whoever may open it.
    pub menu: bool,
    pub need: Need,
    pub note: Note,
    /// Bytes of the largest body that is taken.
    pub limit: usize,
    /// Answered without asking the store who comes and what is due: while the store fails,
    /// or to as many strangers as there are.
    pub alone: bool,
    pub work: Work,
    pub answers: Answers,
}

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

/// What somebody may send who has not wholly proven who they are: a password, a code.
const STRANGERS: usize = 8 * KIB;
/// What people type.
const TYPED: usize = 256 * KIB;
/// What programs send as JSON.
const DATA: usize = 2 * MIB;
/// A paper, an application, a mail with its files.
const PAPER: usize = 12 * MIB;
/// A file of a bank or of usage, a workbook of a whole book.
const BATCH: usize = 48 * MIB;

pub type Handler = fn() -> MethodRouter<Arc<App>>;

/// What answers: a function of the table, or the door of an entry.
#[derive(Clone, Copy)]
pub enum Answers {
    By(Handler),
    /// With the page of a door.
    Door(Doorway),
    /// To the form of a door.
    DoorForm(Doorway),
    /// To what a program brings through a door.
    DoorData(Doorway),
}

impl Answers {
    pub fn router(&self) -> MethodRouter<Arc<App>> {
        match self {
            Answers::By(handler) => handler(),
            Answers::Door(doorway) => door::get(*doorway),
            Answers::DoorForm(doorway) => door::post(*doorway),
            Answers::DoorData(doorway) => api::doors::post(*doorway),
        }
    }
}

const fn plain(
    path: &'static str,
    kind: Kind,
    title: &'static str,
    need: Need,
    handler: Handler,
) -> Route {
    let work = match need {
        Need::One(_) | Need::AnyOf(_) => Work::Away,
        _ => Work::Here,
    };
    let (method, menu, note, limit, alone) = ("GET", false, Note::Nothing, 0, false);
    let answers = Answers::By(handler);
    Route { method, path, kind, title, menu, need, note, limit, alone, work, answers }
}

const fn menu(path: &'static str, title: &'static str, need: Need, handler: Handler) -> Route {
    Route { menu: true, ..plain(path, Kind::Page, title, need, handler) }
}

const fn page(path: &'static str, title: &'static str, need: Need, handler: Handler) -> Route {
    plain(path, Kind::Page, title, need, handler)
}

const fn read(path: &'static str, title: &'static str, need: Need, handler: Handler) -> Route {
    plain(path, Kind::Api, title, need, handler)
}

const fn file(path: &'static str, title: &'static str, need: Need, handler: Handler) -> Route {
    plain(path, Kind::File, title, need, handler)
}

/// A list as a file.
const fn export(path: &'static str, title: &'static str, need: Need, handler: Handler) -> Route {
    noted(Note::Export, looking(file(path, title, need, handler)))
}

/// A form of a page.
const fn form(path: &'static str, title: &'static str, need: Need, handler: Handler) -> Route {
    let limit = match need {
        Need::Public | Need::OwingCode => STRANGERS,
        _ => TYPED,
    };
    Route { method: "POST", limit, ..plain(path, Kind::Page, title, need, handler) }
}

/// A road in of the API.
const fn write(path: &'static str, title: &'static str, need: Need, handler: Handler) -> Route {
    Route { method: "POST", limit: DATA, ..plain(path, Kind::Api, title, need, handler) }
}

const fn alone(route: Route) -> Route {
    Route { alone: true, ..route }
}

/// Of the public site.
const fn site(route: Route) -> Route {
    Route { work: Work::Site, ..alone(route) }
}

/// Files come here.
const fn upto(limit: usize, route: Route) -> Route {
    Route { limit, ..route }
}

const fn noted(note: Note, route: Route) -> Route {
    Route { note, ..route }
}

const fn looking(route: Route) -> Route {
    Route { work: Work::Looking, ..route }
}

const fn doing(route: Route) -> Route {
    Route { work: Work::Doing, ..route }
}

const BOOK: Need = Need::One(P::ReadBook);
const MONEY: Need = Need::One(P::ReadMoney);
const PERSONAL: Need = Need::One(P::ReadPersonal);
const ARRIVAL: Need = Need::One(P::RegisterArrival);
const JUDGEMENT: Need = Need::One(P::RegisterJudgement);
const RECORD: Need = Need::One(P::ReadRecord);
/// As data, with every amount in it.
const WHOLE_RECORD: Need = Need::AllOf(&[P::ReadRecord, P::ReadMoney]);
/// Whoever may propose to mend an entry has to see it.
const ENTRY: Need = Need::AnyOf(&[P::ReadRecord, P::Act]);
const PAPERS: Need = Need::AnyOf(&[P::ReadPersonal, P::ReadMoney]);
const OUTSIDE: Need = Need::AnyOf(&[P::ReadRecord, P::RegisterOperation]);
const LEFT_OUT: Need = Need::AnyOf(&[P::ReadRecord, P::ReadMoney, P::RegisterOperation]);
const REGISTER: Need = Need::AnyOf(&[
    P::RegisterArrival,
    P::RegisterJudgement,
    P::RegisterMoney,
    P::RegisterOperation,
    P::SeeToMatters,
]);
const ACT: Need = Need::One(P::Act);
const ACT_ON_MONEY: Need = Need::AllOf(&[P::Act, P::ReadMoney]);
const CLOCK: Need = Need::One(P::MoveClock);
const PEOPLE: Need = Need::AnyOf(&[P::ManagePeople, P::ReviewAccess]);
const MANAGE: Need = Need::One(P::ManagePeople);
const REVIEW: Need = Need::One(P::ReviewAccess);
const OWN: Need = Need::One(P::ReadOwn);
const OWN_MONEY: Need = Need::One(P::ReadOwnMoney);
const ASK: Need = Need::One(P::AskOwn);
const APPLY: Need = Need::One(P::Apply);
const OWN_TERMS: Need = Need::AnyOf(&[P::ReadOwn, P::Apply]);
const ANNOUNCE: Need = Need::One(P::Announce);
const WAITING: Need = Need::AnyOf(&[P::Act, P::Announce]);
const OPERATION: Need = Need::One(P::RegisterOperation);
const INTAKE: Need = Need::One(P::RegisterMoney);
const BILLING: Need = Need::One(P::RunBilling);
const TAKE_OVER: Need = Need::One(P::TakeOver);
const INSTALLATION: Need = Need::One(P::RunInstallation);
const SETTLE: Need = Need::One(P::SettleRestore);
const RESTORED: Need = Need::AnyOf(&[P::SettleRestore, P::RunInstallation]);

/// The whole table: what is written here, and of each door its page, its form and its
/// operation.
pub static ROUTES: LazyLock<Vec<Route>> = LazyLock::new(|| {
    let doors = Doorway::all().flat_map(|doorway| {
        // As long as the program runs, like the rest of the table.
        let path: &'static str = Box::leak(door::template(&doorway).into_boxed_str());
        let data: &'static str = Box::leak(api::doors::template(&doorway).into_boxed_str());
        let need = Need::One(doorway.kind.by.unwrap_or(P::Act));
        let title = doorway.title().ja;
        let page = page(path, title, need, MethodRouter::new);
        let page = if doorway.door.shows_people() { noted(Note::Read, page) } else { page };
        let form = form(path, title, need, MethodRouter::new);
        let data = write(data, title, need, MethodRouter::new);
        [
            Route { answers: Answers::Door(doorway), ..page },
            Route { answers: Answers::DoorForm(doorway), ..form },
            Route { answers: Answers::DoorData(doorway), ..data },
        ]
    });
    WRITTEN.iter().copied().chain(steps().into_iter().flatten()).chain(doors).collect()
});

/// The steps whose fields are written out, each by its type: its page and its form.
fn steps() -> [[Route; 2]; 5] {
    [
        step::<CheckMade>(JUDGEMENT),
        step::<Order<true>>(ARRIVAL),
        step::<Order<false>>(ARRIVAL),
        step::<ChangeContract>(ARRIVAL),
        step::<CancellationArrived>(ARRIVAL),
    ]
}

fn step<S: DeskForm>(need: Need) -> [Route; 2] {
    let path: &'static str = Box::leak(desk_form::template::<S>().into_boxed_str());
    let page = page(path, S::TITLE, need, desk_form::get::<S>);
    let form = form(path, S::TITLE, need, desk_form::post::<S>);
    [page, if S::FILES { upto(PAPER, form) } else { form }]
}

static WRITTEN: &[Route] = &[
    menu("/", "概況", Need::SignedIn, || get(dashboard::show)),
    menu("/waiting", "自分を待つもの", WAITING, || get(waiting::show)),
    menu("/do", "登録と操作", BOOK, || get(hub::show)),
    menu("/search", "検索", BOOK, || get(search::show)),
    menu("/contracts", "契約", BOOK, list::get::<Contracts>),
    export("/contracts.csv", "契約", BOOK, list::csv::<Contracts>),
    menu("/customers", "契約者", BOOK, list::get::<Customers>),
    export("/customers.csv", "契約者", BOOK, list::csv::<Customers>),
    page("/customers/{id}", "契約者", BOOK, || get(customers::one)),
    menu("/applications", "申込", BOOK, list::get::<Applications>),
    export("/applications.csv", "申込", BOOK, list::csv::<Applications>),
    menu("/invoices", "請求書", MONEY, list::get::<Invoices>),
    export("/invoices.csv", "請求書", MONEY, list::csv::<Invoices>),
    page("/credit-notes", "返還請求書", MONEY, list::get::<CreditNotes>),
    export("/credit-notes.csv", "返還請求書", MONEY, list::csv::<CreditNotes>),
    menu("/rights", "権利", BOOK, list::get::<Rights>),
    export("/rights.csv", "権利", BOOK, list::csv::<Rights>),
    menu("/proposals", "起案", BOOK, list::get::<Proposals>),
    export("/proposals.csv", "起案", BOOK, list::csv::<Proposals>),
    menu("/tasks", "作業", BOOK, list::get::<Tasks>),
    export("/tasks.csv", "作業", BOOK, list::csv::<Tasks>),
    menu("/matters", "案件", BOOK, list::get::<Matters>),
    export("/matters.csv", "案件", BOOK, list::csv::<Matters>),
    page("/matters/{id}", "案件", BOOK, || get(matters::one)),
    menu("/announcements", "通知", BOOK, list::get::<Notices>),
    export("/announcements.csv", "通知", BOOK, list::csv::<Notices>),
    page("/announcements/new", "通知を書く", ANNOUNCE, || get(announce::choose)),
    looking(page("/announcements/new/{kind}", "通知を書く", ANNOUNCE, || get(announce::show))),
    doing(form("/announcements/new/{kind}", "通知を書く", ANNOUNCE, || post(announce::take))),
    noted(Note::Read, page("/announcements/{id}", "通知", BOOK, || get(announcements::one))),
    noted(
        Note::Read,
        page("/announcements/{id}/decide", "通知の承認・取下げ", ANNOUNCE, || {
            get(announce::decision)
        }),
    ),
    doing(form("/announcements/{id}/decide", "通知の承認・取下げ", ANNOUNCE, || {
        post(announce::decide)
    })),
    page("/deliveries/{id}", "送付", BOOK, || get(announcements::delivery)),
    noted(
        Note::Read,
        looking(file("/deliveries/{id}/paper", "通知書", PERSONAL, || {
            get(announcements::paper)
        })),
    ),
    menu("/outbox", "送信と外部処理", OUTSIDE, list::get::<Effects>),
    export("/outbox.csv", "送信と外部処理", OUTSIDE, list::csv::<Effects>),
    page("/outbox/{id}", "送信と外部処理", ACT, || get(mending::show)),
    doing(form("/outbox/{id}", "送信と外部処理", ACT, || post(mending::take))),
    menu("/entries", "記録", RECORD, list::get::<Entries>),
    export("/entries.csv", "記録", RECORD, list::csv::<Entries>),
    menu("/refused", "取り込まなかった行", LEFT_OUT, list::get::<RefusedRows>),
    export("/refused.csv", "取り込まなかった行", LEFT_OUT, list::csv::<RefusedRows>),
    menu("/terms", "利用規約", BOOK, || get(terms_index::list)),
    noted(Note::Read, page("/contracts/{id}", "契約", BOOK, || get(contracts::one))),
    noted(Note::Read, page("/applications/{id}", "申込", BOOK, || get(applications::one))),
    page("/invoices/{number}", "請求書", MONEY, || get(invoice_page::one)),
    noted(Note::Read, page("/entries/{account}/{*id}", "登録", ENTRY, || get(entries::one))),
    looking(page("/why/{*id}", "なぜ？", BOOK, || get(why::show))),
    page("/terms/{id}", "利用規約", BOOK, || get(terms_page::one)),
    doing(form("/clock", "時計を進める", CLOCK, || post(clock::move_by_form))),
    noted(Note::Read, file("/documents/{*id}", "書類", PAPERS, || get(documents::one))),
    alone(file("/looks/{name}", "表示の定義", Need::Public, || get(looks::one))),
    alone(read("/health", "稼働の確認", Need::Public, || get(monitoring::health))),
    alone(read("/ready", "受付の可否", Need::Monitoring, || get(monitoring::ready))),
    alone(file("/metrics", "計数", Need::Monitoring, || get(monitoring::metrics))),
    read("/api/v1", "この API の一覧", Need::SignedIn, || get(api::index)),
    alone(read("/api/v1/openapi.json", "この API の説明", Need::Public, || {
        get(openapi::show)
    })),
    read("/api/v1/accounts", "契約者の一覧", BOOK, || get(lists::accounts)),
    noted(
        Note::Read,
        read("/api/v1/accounts/{id}/entries", "登録の一覧", WHOLE_RECORD, || {
            get(lists::entries)
        }),
    ),
    read("/api/v1/accounts/{id}/documents", "書類の一覧", PAPERS, || get(lists::documents)),
    read("/api/v1/contracts", "契約の一覧", BOOK, || get(lists::contracts)),
    noted(Note::Read, read("/api/v1/contracts/{id}", "契約", BOOK, || get(api::contract))),
    read("/api/v1/contracts/{id}/timeline", "契約の経過", BOOK, || get(api::timeline)),
    noted(
        Note::Read,
        read("/api/v1/contracts/{id}/people", "契約の関係者", PERSONAL, || {
            get(steps::people)
        }),
    ),
    read("/api/v1/applications", "申込の一覧", BOOK, || get(lists::applications)),
    read("/api/v1/invoices", "請求書の一覧", MONEY, || get(lists::invoices)),
    read("/api/v1/invoices/{number}", "請求書", MONEY, || get(api::invoice)),
    read("/api/v1/rights", "生じている権利", BOOK, || get(lists::rights)),
    read("/api/v1/tasks", "残っている作業", BOOK, || get(lists::tasks)),
    read("/api/v1/matters", "案件", BOOK, || get(lists::matters)),
    read("/api/v1/notices", "通知", BOOK, || get(notices_api::list)),
    read("/api/v1/deliveries", "通知の送付", BOOK, || get(notices_api::deliveries)),
    doing(write("/api/v1/notices", "通知を書く", ANNOUNCE, || post(notices_api::write))),
    looking(write("/api/v1/notices/preview", "通知の下見", ANNOUNCE, || {
        post(notices_api::preview)
    })),
    doing(write("/api/v1/notices/{id}/answer", "通知の承認・取下げ", ANNOUNCE, || {
        post(notices_api::answer)
    })),
    read("/api/v1/movements", "相手が分からない入金", INTAKE, || get(lists::movements)),
    read("/api/v1/dates", "これからの期日", BOOK, || get(lists::coming)),
    read("/api/v1/proposals", "承認を待つ起案", BOOK, || get(lists::proposals)),
    read("/api/v1/outbox", "送信と外部処理", OUTSIDE, || get(lists::outbox)),
    doing(write("/api/v1/outbox/{id}/mending", "送信のやり直し", ACT, || {
        post(mending::mend)
    })),
    read("/api/v1/refused", "取り込まなかった行", LEFT_OUT, || get(lists::refused)),
    noted(Note::Read, read("/api/v1/documents/{*id}", "書類", PAPERS, || get(documents::one))),
    noted(Note::Read, read("/api/v1/evidence/{*id}", "証拠", PERSONAL, || get(files::evidence))),
    noted(
        Note::Export,
        looking(read("/api/v1/export", "記録の書き出し", WHOLE_RECORD, || get(api::export))),
    ),
    looking(read("/api/v1/why/{*id}", "理由", BOOK, || get(api::why))),
    doing(write("/api/v1/clock", "時計を進める", CLOCK, || post(clock::move_by_api))),
    write("/api/v1/facts", "事実の登録", REGISTER, || post(api::register_fact)),
    write("/api/v1/acts", "行為の登録", ACT, || post(api::register_act)),
    write("/api/v1/applications", "申込の登録", ARRIVAL, || post(steps::application)),
    upto(
        PAPER,
        write("/api/v1/applications/file", "申込の受付（ファイル）", ARRIVAL, || {
            post(files::application)
        }),
    ),
    write("/api/v1/applications/{id}/contacts", "連絡先の変更", ARRIVAL, || {
        post(steps::contact)
    }),
    upto(
        PAPER,
        write(
            "/api/v1/accounts/{id}/checks/file",
            "審査の報告書の登録",
            JUDGEMENT,
            || post(steps::check_file),
        ),
    ),
    write("/api/v1/accounts/{id}/checks", "審査の記録", JUDGEMENT, || post(steps::check)),
    read("/api/v1/quotations", "見積書の一覧", BOOK, || get(lists::quotations)),
    read("/api/v1/quotations/{number}", "見積書", BOOK, || get(quotations::one)),
    write("/api/v1/quotations", "見積書の発行", ARRIVAL, || post(quotations::issue)),
    upto(
        PAPER,
        write("/api/v1/accounts/{id}/purchase-orders", "発注書の受付", ARRIVAL, || {
            post(quotations::order)
        }),
    ),
    noted(Note::Read, read("/api/v1/filed", "書類の検索", PAPERS, || get(filing_api::list))),
    upto(
        PAPER,
        write("/api/v1/accounts/{id}/filed", "書類の保存", ARRIVAL, || post(filing_api::file)),
    ),
    noted(Note::Read, read("/api/v1/filed/{*id}", "書類", PAPERS, || get(filed::paper))),
    read("/api/v1/contracts/{id}/registered", "登録内容", BOOK, || get(registered_api::show)),
    looking(read("/api/v1/contracts/{id}/stop-trial", "解約の試算", BOOK, || {
        get(api::stop_trial)
    })),
    write("/api/v1/contracts/{id}/data-changes", "登録内容の変更", ARRIVAL, || {
        post(registered_api::tell)
    }),
    write("/api/v1/contracts/{id}/changes", "変更申込の登録", ARRIVAL, || {
        post(steps::change)
    }),
    upto(
        PAPER,
        write("/api/v1/cancellations/file", "解約申込書の受付", ARRIVAL, || {
            post(files::cancellation)
        }),
    ),
    upto(
        BATCH,
        doing(write(
            "/api/v1/deposits",
            "入金ファイルの取込み",
            Need::One(P::RegisterMoney),
            || post(files::deposits),
        )),
    ),
    upto(
        BATCH,
        doing(write(
            "/api/v1/usage",
            "利用量ファイルの取込み",
            Need::One(P::RegisterOperation),
            || post(files::usage),
        )),
    ),
    upto(
        BATCH,
        looking(write("/api/v1/comparisons", "並行請求の照合", MONEY, || {
            post(files::comparison)
        })),
    ),
    doing(write("/api/v1/billing-runs", "請求締め", Need::One(P::RunBilling), || {
        post(steps::billing_run)
    })),
    looking(write("/api/v1/previews", "登録すると変わること", ACT, || {
        post(steps::preview)
    })),
    write("/api/v1/proposals", "起案", ACT, || post(steps::propose)),
    write("/api/v1/proposals/{id}/approve", "承認", ACT, || post(steps::approve)),
    write("/api/v1/proposals/{id}/decline", "却下", ACT, || post(steps::decline)),
    form("/sign-out", "サインアウト", Need::Enrolling, || post(sign_in::out)),
    page("/sign-in", "サインイン", Need::Public, || get(sign_in::show)),
    form("/sign-in", "サインイン", Need::Public, || post(sign_in::take)),
    page("/sign-in/code", "認証コード", Need::OwingCode, || get(sign_in::code)),
    form("/sign-in/code", "認証コード", Need::OwingCode, || post(sign_in::take_code)),
    page("/set-up/{token}", "パスワードの設定", Need::Public, || get(sign_in::set_up)),
    form("/set-up/{token}", "パスワードの設定", Need::Public, || {
        post(sign_in::take_set_up)
    }),
    page("/account", "自分のアカウント", Need::OwnAccount, || get(account::show)),
    noted(
        Note::Admin,
        form("/account/password", "パスワードの変更", Need::OwnAccount, || {
            post(account::password)
        }),
    ),
    noted(
        Note::Admin,
        form("/account/sessions", "セッションの終了", Need::OwnAccount, || {
            post(account::end_session)
        }),
    ),
    page("/account/codes", "認証コードの設定", Need::Enrolling, || get(account::codes)),
    noted(
        Note::Admin,
        form("/account/codes", "認証コードの設定", Need::Enrolling, || {
            post(account::take_codes)
        }),
    ),
    noted(
        Note::Admin,
        form("/account/codes/stop", "認証コードの停止", Need::OwnAccount, || {
            post(account::stop_codes)
        }),
    ),
    page("/applications/new", "紙の申込書の入力", ARRIVAL, || get(new_application::show)),
    form("/applications/new", "紙の申込書の入力", ARRIVAL, || post(new_application::take)),
    page("/applications/file", "申込の登録", ARRIVAL, || get(uploads::application)),
    upto(
        PAPER,
        form("/applications/file", "申込の登録", ARRIVAL, || post(uploads::take_application)),
    ),
    page("/contracts/{id}/cancellation-file", "解約申込書のファイル", ARRIVAL, || {
        get(cancellation::ask_file)
    }),
    upto(
        PAPER,
        form(
            "/contracts/{id}/cancellation-file",
            "解約申込書のファイル",
            ARRIVAL,
            || post(cancellation::take_file),
        ),
    ),
    page("/contracts/{id}/correct", "合意・免除・返金の起案", ACT, || {
        get(correct::contract_page::show)
    }),
    form("/contracts/{id}/correct", "合意・免除・返金の起案", ACT, || {
        post(correct::contract_page::take_form)
    }),
    page("/invoices/{number}/correct", "請求書の訂正", ACT_ON_MONEY, || {
        get(correct::invoice::show)
    }),
    form("/invoices/{number}/correct", "請求書の訂正", ACT_ON_MONEY, || {
        post(correct::invoice::take_form)
    }),
    page("/correct/{account}/{*id}", "登録の訂正", ACT, || get(correct::entry::show)),
    form("/correct/{account}/{*id}", "登録の訂正", ACT, || post(correct::entry::take_form)),
    page("/proposals/{account}/{*id}", "起案", ENTRY, || get(proposals::one)),
    form("/proposals/{account}/{*id}", "起案", ACT, || post(proposals::take)),
    noted(
        Note::Read,
        page("/contracts/{id}/registered", "登録内容", BOOK, || get(registered::show)),
    ),
    looking(page("/contracts/{id}/stop-trial", "解約の試算", BOOK, || get(stop_trial::show))),
    page("/quotes", "見積書", BOOK, list::get::<Quotes>),
    export("/quotes.csv", "見積書", BOOK, list::csv::<Quotes>),
    page("/quotes/new", "見積書の作成", ARRIVAL, || get(quote::show)),
    form("/quotes/new", "見積書の作成", ARRIVAL, || post(quote::take)),
    page("/quotes/{number}", "見積書", BOOK, || get(quotes::one)),
    noted(Note::Read, page("/filed", "書類の検索", PAPERS, list::get::<Filed>)),
    export("/filed.csv", "書類の検索", PAPERS, list::csv::<Filed>),
    page("/filed/new", "書類の保存", ARRIVAL, || get(filing::show)),
    upto(PAPER, form("/filed/new", "書類の保存", ARRIVAL, || post(filing::take))),
    noted(Note::Read, file("/papers/{*id}", "書類", PAPERS, || get(filed::paper))),
    page("/usage", "利用明細の取込み", OPERATION, || get(uploads::usage)),
    upto(BATCH, doing(form("/usage", "利用明細の取込み", OPERATION, || post(uploads::take_usage)))),
    page("/billing", "請求", BILLING, || get(billing::show)),
    doing(form("/billing", "請求", BILLING, || post(billing::take))),
    page("/compare", "並行請求の照合", MONEY, || get(compare::show)),
    upto(BATCH, looking(form("/compare", "並行請求の照合", MONEY, || post(compare::take)))),
    file("/compare/template.xlsx", "並行請求の照合（記入用）", MONEY, || {
        get(compare::template)
    }),
    page("/deposits", "入金ファイル", INTAKE, || get(deposits::show)),
    export("/deposits.csv", "相手が分からない入金", INTAKE, list::csv::<Waiting>),
    upto(BATCH, doing(form("/deposits", "入金ファイル", INTAKE, || post(deposits::take)))),
    page("/deposits/{id}/set-aside", "入出金を除く", INTAKE, || get(deposits::ask_aside)),
    form("/deposits/{id}/set-aside", "入出金を除く", INTAKE, || post(deposits::put_aside)),
    page("/deposits/{id}/take-up", "除いた入出金を戻す", INTAKE, || get(deposits::ask_up)),
    form("/deposits/{id}/take-up", "除いた入出金を戻す", INTAKE, || {
        post(deposits::take_up)
    }),
    page("/payments/new", "入金の登録", INTAKE, || get(money::payment)),
    form("/payments/new", "入金の登録", INTAKE, || post(money::take_payment)),
    page("/takeovers", "台帳の引継ぎ", TAKE_OVER, || get(takeovers::show)),
    upto(BATCH, doing(form("/takeovers", "台帳の引継ぎ", TAKE_OVER, || post(takeovers::take)))),
    file("/takeovers/template.xlsx", "引継ぎのワークブック", TAKE_OVER, || {
        get(takeovers::template)
    }),
    read("/api/v1/takeovers/template", "引継ぎのワークブック", TAKE_OVER, || {
        get(takeovers::template_for_programs)
    }),
    upto(
        BATCH,
        looking(write("/api/v1/takeovers/check", "引継ぎの確認", TAKE_OVER, || {
            post(api::takeovers::check)
        })),
    ),
    upto(
        BATCH,
        doing(write("/api/v1/takeovers", "台帳の引継ぎ", TAKE_OVER, || {
            post(api::takeovers::load)
        })),
    ),
    menu("/restored", "復元後の確認", RESTORED, || get(restored::show)),
    noted(Note::Admin, form("/restored", "復元後の確認", SETTLE, || post(restored::take))),
    read("/api/v1/restore-review", "復元後の確認", RESTORED, || get(api::restored::show)),
    noted(
        Note::Admin,
        write("/api/v1/restore-review/decisions", "復元後の確認", SETTLE, || {
            post(api::restored::decide)
        }),
    ),
    menu("/my", "契約と請求", OWN, || get(my::show)),
    menu("/access-log", "アクセス記録", REVIEW, list::get::<AccessLog>),
    export("/access-log.csv", "アクセス記録", REVIEW, list::csv::<AccessLog>),
    looking(menu("/access-review", "権限の点検", REVIEW, || get(access_review::show))),
    noted(Note::Admin, form("/access-review", "権限の点検", REVIEW, || post(access_review::sign))),
    noted(
        Note::Export,
        looking(file("/access-review.csv", "権限の点検", REVIEW, || get(access_review::file))),
    ),
    menu("/people", "利用者と権限", PEOPLE, || get(people::show)),
    export("/people.csv", "利用者と権限", PEOPLE, list::csv::<Members>),
    noted(Note::Admin, form("/people", "利用者と権限の変更", MANAGE, || post(people::change))),
    menu("/keys", "API キー", INSTALLATION, || get(keys::show)),
    export("/keys.csv", "API キー", INSTALLATION, list::csv::<Keys>),
    form("/keys", "API キー", INSTALLATION, || post(keys::take)),
    form("/account/keys", "自分の API キー", Need::OwnAccount, || post(keys::take_own)),
    read("/api/v1/people", "利用者と権限", PEOPLE, || get(api::people::list)),
    read("/api/v1/people/proposals", "承認を待つ権限の変更", PEOPLE, || {
        get(api::people::proposals)
    }),
    write("/api/v1/people", "利用者と権限の変更", MANAGE, || post(api::people::change)),
    write(
        "/api/v1/people/{person}/set-up-link",
        "パスワード設定のリンク",
        MANAGE,
        || post(api::people::set_up_link),
    ),
    write("/api/v1/people/{person}/sessions/end", "セッションの終了", MANAGE, || {
        post(api::people::end_sessions)
    }),
    read("/api/v1/keys", "API キー", INSTALLATION, || get(api::people::keys)),
    write("/api/v1/keys", "API キーの作成", INSTALLATION, || post(api::people::new_key)),
    write("/api/v1/keys/{key}/revoke", "API キーの失効", INSTALLATION, || {
        post(api::people::end_key)
    }),
    menu("/my/notices", "お知らせ", OWN, || get(notices::list)),
    menu("/my/apply", "利用申込", APPLY, || get(apply::show)),
    form("/my/apply", "利用申込", APPLY, || post(apply::take)),
    menu("/my/terms", "利用規約", OWN_TERMS, || get(terms::show)),
    page("/my/contracts/{id}", "契約の内容", OWN, || get(agreement::show)),
    page("/my/invoices/{number}", "請求書", OWN_MONEY, || get(own_invoice::show)),
    page("/my/why/{*id}", "請求の理由", OWN_MONEY, || get(own_invoice::why)),
    page("/my/contracts/{id}/stop", "解約・更新しない", ASK, || get(stop::show)),
    looking(form("/my/contracts/{id}/stop", "解約・更新しない", ASK, || post(stop::take))),
    page("/my/contracts/{id}/report", "異常のご連絡", ASK, || get(report::show)),
    form("/my/contracts/{id}/report", "異常のご連絡", ASK, || post(report::take)),
    page("/my/contracts/{id}/contact", "連絡先の変更", ASK, || get(contact::show)),
    form("/my/contracts/{id}/contact", "連絡先の変更", ASK, || post(contact::take)),
    noted(Note::Read, page("/my/announcements/{id}", "お知らせ", OWN, || get(notices::announced))),
    form("/my/announcements/{id}", "お知らせの確認", OWN, || post(notices::confirm)),
    noted(Note::Read, page("/my/notices/{*id}", "お知らせ", OWN, || get(notices::one))),
    noted(
        Note::Read,
        file("/my/enclosures/{number}/{*id}", "添付", OWN, || get(notices::enclosure)),
    ),
    read("/api/v1/me", "サインインしている人", Need::SignedIn, || get(api::me)),
    read("/api/v1/my/contracts", "自社の契約", OWN, || get(lists::own_contracts)),
    read("/api/v1/my/invoices", "自社の請求書", OWN_MONEY, || get(lists::own_invoices)),
    site(page("/site", "公開サイト", Need::Public, || get(start::show))),
    site(page("/site/notices", "お知らせ", Need::Public, || get(site_notices::list))),
    site(page("/site/notices/{id}", "お知らせ", Need::Public, || get(site_notices::one))),
    site(file("/site/notices.atom", "お知らせ（Atom）", Need::Public, || get(feed::show))),
    site(page("/site/maintenance", "メンテナンス情報", Need::Public, || {
        get(maintenance::show)
    })),
    site(page("/site/terms", "利用規約", Need::Public, || get(site_terms::list))),
    site(page("/site/terms/{version}", "利用規約", Need::Public, || get(site_terms::one))),
    site(page("/site/apply", "お申込み", Need::Public, || get(site_apply::show))),
    site(file("/site/forms/{name}", "様式", Need::Public, || get(site_apply::form))),
    site(page("/site/about", "会社情報", Need::Public, || get(about::show))),
    site(file("/site/logo", "ロゴ", Need::Public, || get(logo::show))),
    site(file("/site/sitemap.xml", "サイトマップ", Need::Public, || get(crawlers::sitemap))),
    site(file("/robots.txt", "検索エンジンへの案内", Need::Public, || {
        get(crawlers::robots)
    })),
    noted(Note::Read, file("/my/documents/{*id}", "自社の書類", OWN_MONEY, || get(my::document))),
];
