//! A notice to many customers.

use anyhow::{anyhow, ensure};
use contract::notices::notice::Channel;
use document::write_book;
use engine::OutboxState;
use engine::announcing::{Audience, Draft, Standing};

use crate::desk;
use crate::files::rows;
use crate::timed::Timed;

/// Maintenance is announced to so many customers; of so many the mail is refused.
pub async fn notices(accounts: u64, refused: u64) -> anyhow::Result<()> {
    let (engine, _) = desk::open(None, "2026-04-20T10:00:00".parse()?).await?;
    let person = |id: &str| engine.operator.actor(id).ok_or_else(|| anyhow!("no {id}"));
    let mut book = rows::rows(accounts);
    let contracts = book.get_mut("契約").into_iter().flatten();
    for (at, contract) in contracts.take(usize::try_from(refused)?).enumerate() {
        contract[18] = format!("reject.{at}@mihon.example");
    }
    let book = write_book(&book).map_err(|error| anyhow!("{error:?}"))?;
    let timed = Timed::start();
    engine.load_book("book.xlsx", &book, &person("takahashi")?, &mut |_, _| {}).await?;
    engine.settle().await?;
    timed.print(&format!("{accounts} accounts taken over"));
    let fields = [("from", "2026-05-10T02:00"), ("to", "2026-05-10T05:00"), ("scope", "東日本")];
    let draft = Draft {
        kind: "maintenance".to_owned(),
        title: String::new(),
        fields: fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        text: String::new(),
        audience: Audience::All,
        channels: vec![Channel::Email],
        withdraws: None,
    };
    let by = person("ito")?;
    let timed = Timed::start();
    let ahead = engine.notice_ahead(&draft, &by).await?;
    ensure!(ahead.audience.customers == accounts, "{} customers", ahead.audience.customers);
    timed.print(&format!("a preview of a notice to {accounts} customers"));
    let timed = Timed::start();
    let id = engine.write_notice("bench", &draft, &by).await?;
    while engine.deliver_notices().await? > 0 {}
    timed.print(&format!("the notice given to {accounts} customers"));
    let timed = Timed::start();
    engine.settle().await?;
    timed.print("their mails sent");
    let held = engine.announcements().await?;
    ensure!(held.get(&id).map(|one| one.standing()) == Some(Standing::Out), "it is not out");
    let refused_mails = engine.store.outbox_in(OutboxState::Refused).await?.len();
    ensure!(refused_mails as u64 == refused, "{refused_mails} mails were refused");
    Ok(())
}
