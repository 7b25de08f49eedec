//! The access log: who came in, who was turned away, who read what.

use engine::Access;
use engine::listed::{Field, Listed, Test};
use maud::{Markup, html};
use reckon::{Day, Moment};

use super::answer::Trouble;
use super::field::{self, may};
use super::form::{Form, typed_day};
use super::list::{self, Column, Found, Listing, Named, Seen, Shown, Wanted};

const KINDS: [(&str, &str); 7] = [
    ("sign_in", "サインイン"),
    ("sign_in_failed", "サインインの失敗"),
    ("sign_out", "サインアウト"),
    ("refused", "権限なし"),
    ("read", "個人情報・書類の閲覧"),
    ("export", "書き出し"),
    ("admin", "管理"),
];

const KIND: Named<'static> = Named { name: "kind", label: "種類" };

/// The list of the access log.
pub struct AccessLog;

impl Listing for AccessLog {
    type Row = Listed<Access>;
    const PATH: &'static str = "/access-log";
    const TITLE: &'static str = "アクセス記録";
    const EMPTY: &'static str = "記録はまだありません。";
    /// An id holds its time.
    const ORDER: &'static str = "-at";

    fn columns() -> Vec<Column<Listed<Access>>> {
        vec![
            Self::text("日時", |_, one| {
                let at = one.row.at.japan().strftime("%Y-%m-%d %H:%M:%S").to_string();
                Shown::both(html! { time.day { (at) } }, at)
            })
            .by("at", &[Field::Id]),
            Self::text("誰が", |seen, one| match one.row.person.as_str() {
                "" => Shown::None,
                person => Shown::Person(seen.app.engine.name_of(person)),
            })
            .by("person", &[Field::Text("person"), Field::Id]),
            Self::text("利用者 ID", |_, one| Shown::Text(one.row.person.clone())).only_in_file(),
            Self::text("キー", |_, one| match one.row.key.as_str() {
                "" => Shown::None,
                key => Shown::Text(key.to_owned()),
            }),
            Self::text("種類", |_, one| {
                let known = KINDS.iter().find(|(kind, _)| *kind == one.row.kind);
                Shown::Text(known.map_or("", |(_, word)| word).to_owned())
            })
            .by("kind", &[Field::Text("kind"), Field::Id]),
            Self::text("何を", |_, one| {
                Shown::both(html! { code { (one.row.what) } }, &one.row.what)
            })
            .by("what", &[Field::Text("what")]),
            Self::text("どこから", |_, one| Shown::Text(one.row.origin.clone()))
                .by("origin", &[Field::Text("origin")]),
            Self::text("備考", |_, one| {
                Shown::both(html! { span.note { (one.row.detail) } }, &one.row.detail)
            }),
        ]
    }

    fn above(seen: &Seen<'_>) -> Markup {
        html! { p.note { "保存期間 " (seen.app.door.settings.log_days) " 日" } }
    }

    fn fields(seen: &Seen<'_>, form: &Form) -> Markup {
        let kinds = KINDS.map(|(kind, word)| (kind.to_owned(), word.to_owned()));
        html! {
                (field::choice(form, may("person", "誰が", ""), &seen.everybody()))
                (list::choice(form, KIND, kinds))
                (field::day(form, may("from", "この日から", "")))
                (field::day(form, may("until", "この日まで", "")))
                (field::text(form, may("q", "何を・どこから", "パスやアドレスの一部")))
        }
    }

    async fn find(
        seen: &Seen<'_>,
        form: &mut Form,
        wanted: &Wanted<Listed<Access>>,
    ) -> Result<Found<Listed<Access>>, Trouble> {
        let at = Field::Number("at");
        let (from, until) = (day(form, "from")?, day(form, "until")?);
        let mut tests: Vec<_> = list::sought(form).into_iter().collect();
        tests.extend(from.map(|from| Test::from(at, Moment::start_of(from).unix_seconds())));
        tests.extend(until.map(|until| Test::up_to(at, Moment::end_of(until).unix_seconds())));
        if form.is_set("person") {
            tests.push(Test::is(Field::Text("person"), form.text("person")));
        }
        let kind = list::chosen(form, KIND, &KINDS.map(|(kind, _)| kind));
        tests.extend(kind.map(|kind| Test::is(Field::Text("kind"), kind)));
        let identity = seen.app.engine.store.identity();
        Found::of(identity.list_access(&wanted.query(tests)).await?, Ok)
    }
}

fn day(form: &Form, name: &str) -> Result<Option<Day>, Trouble> {
    match form.text(name) {
        "" => Ok(None),
        text => typed_day(text).map(Some),
    }
}
