//! 3-2: from when a notice holds, and whether it came beforehand.

mod case;

use case::{Story, account, at};
use contract::declare::consequence::Consequence;
use contract::declare::fact::{
    Fact, NoticeArrived, NoticeGiven, NoticeMailSent, NoticePosted, NoticeWithdrawn,
};
use contract::declare::ids::ContractId;
use contract::notices::given::{DeliveryId, NoticeId};
use contract::notices::notice::{Channel, Sending, came_beforehand, effective_at, latest_effect};
use proptest::prelude::*;
use reckon::{BusinessCalendar, Moment};
use terms::LeadDays;

const FROM: &str = "2026-07-01T00:00";

fn delivery() -> DeliveryId {
    DeliveryId::of(&NoticeId::numbered(1), "00", &account())
}

/// A notice of a kind was given about a contract that runs.
fn given(kind: &str, channels: &[Channel]) -> (Story, ContractId) {
    let mut story = Story::new();
    let contract = story.running();
    story.fact(
        "2026-06-01T10:00",
        Fact::NoticeGiven(Box::new(NoticeGiven {
            delivery: delivery(),
            notice: NoticeId::numbered(1),
            kind: kind.to_owned(),
            title: "お知らせ".to_owned(),
            text_hash: "00".to_owned(),
            contracts: vec![contract.clone()],
            channels: channels.to_vec(),
            takes_effect: Some(at(FROM)),
            cure_days: None,
        })),
    );
    (story, contract)
}

fn mailed() -> Fact {
    Fact::NoticeMailSent(NoticeMailSent { delivery: delivery(), message_id: "1".to_owned() })
}

fn posted() -> Fact {
    let (page, page_hash) = ("/site/notices/N-0001".to_owned(), "00".to_owned());
    Fact::NoticePosted(NoticePosted { delivery: delivery(), page, page_hash })
}

fn arrived() -> Fact {
    Fact::NoticeArrived(NoticeArrived { delivery: delivery(), document: "doc".to_owned() })
}

/// Since when it holds, and whether that was in time.
fn effect(story: &Story) -> Option<(Moment, Channel, Option<bool>)> {
    let notice = &story.state.notices[&delivery()];
    notice.effective.as_ref().map(|effect| (effect.at, effect.channel, notice.in_time))
}

#[test]
fn a_mail_a_second_before_midnight_comes_before_the_day() {
    let (mut story, contract) = given("maintenance", &[Channel::Email]);
    assert_eq!(effect(&story), None);
    assert!(story.state.notice_before(&contract, "maintenance", at(FROM)).is_none());
    story.fact("2026-06-30T23:59:59", mailed());
    let sent = at("2026-06-30T23:59:59");
    assert_eq!(effect(&story), Some((sent, Channel::Email, Some(true))));
    assert!(story.state.notice_before(&contract, "maintenance", at(FROM)).is_some());
    assert!(story.state.notice_before(&contract, "maintenance", sent).is_none());
    assert!(story.state.notice_before(&contract, "abolition", at(FROM)).is_none());
    let (mut story, _) = given("maintenance", &[Channel::Email]);
    story.fact("2026-07-01T00:00", mailed());
    assert_eq!(effect(&story), Some((at(FROM), Channel::Email, Some(false))));
}

#[test]
fn posted_in_time_and_mailed_after_it_holds_from_the_posting() {
    let (mut story, _) = given("service_change", &[Channel::Email, Channel::Homepage]);
    story.fact("2026-07-02T09:00", mailed());
    assert_eq!(effect(&story), Some((at("2026-07-02T09:00"), Channel::Email, Some(false))));
    // The posting is told later, and was earlier.
    story.late_fact("2026-06-02T09:00", "2026-07-03T09:00", posted());
    assert_eq!(effect(&story), Some((at("2026-06-02T09:00"), Channel::Homepage, Some(true))));
    let holds = |what: &Consequence| matches!(what, Consequence::NoticeEffective(_));
    assert_eq!(story.count(holds), 1);
}

#[test]
fn a_channel_that_is_not_enough_for_the_kind_has_no_effect() {
    // 12-2 speaks of notice or publication, and the pack has no paper for it.
    let (mut story, _) = given("maintenance", &[Channel::Email]);
    story.fact("2026-06-10T09:00", arrived());
    assert_eq!(effect(&story), None);
    let (mut story, _) = given("abolition", &[Channel::Paper]);
    story.fact("2026-06-10T09:00", arrived());
    assert_eq!(effect(&story), Some((at("2026-06-10T09:00"), Channel::Paper, Some(true))));
}

#[test]
fn a_lead_that_a_withdrawn_notice_kept_is_lost_with_it() {
    let (mut story, contract) = given("terms_change", &[Channel::Email]);
    story.fact("2026-06-01T11:00", mailed());
    assert!(story.state.notice_before(&contract, "terms_change", at(FROM)).is_some());
    let withdrawn = NoticeWithdrawn { delivery: delivery(), by: NoticeId::numbered(2) };
    story.fact("2026-06-20T11:00", Fact::NoticeWithdrawn(withdrawn));
    assert!(story.state.notice_before(&contract, "terms_change", at(FROM)).is_none());
    // That it took effect stays in the record.
    assert!(effect(&story).is_some());
    assert_eq!(story.count(|what| matches!(what, Consequence::NoticeVoid(_))), 1);
}

/// Any moment of two years, often at the edge of a day.
fn moments() -> impl Strategy<Value = Moment> {
    let begin = at("2026-01-01T00:00").unix_seconds();
    (0_i64..730, prop_oneof![Just(0), Just(86_399), 0_i64..86_400])
        .prop_map(move |(day, second)| Moment::from_unix_seconds(begin + day * 86_400 + second))
}

/// So many days of 24 hours that are counted lie wholly between.
fn full_days(from: Moment, to: Moment, counts: LeadDays, calendar: &BusinessCalendar) -> u32 {
    let mut begins = Moment::start_of(from.day());
    let mut full = 0;
    while begins.plus_seconds(86_400) <= to {
        let counted = counts == LeadDays::Calendar || calendar.is_open(begins.day());
        full += u32::from(begins >= from && counted);
        begins = begins.plus_seconds(86_400);
    }
    full
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn a_notice_is_in_time_exactly_when_so_many_full_days_lie_between(
        effective in moments(),
        ahead in 0_i64..80 * 86_400,
        midnight in any::<bool>(),
        lead in 0_u32..45,
        business in any::<bool>(),
    ) {
        let change = effective.plus_seconds(ahead);
        let change = if midnight { Moment::start_of(change.day()) } else { change };
        let counts = if business { LeadDays::Business } else { LeadDays::Calendar };
        let calendar = BusinessCalendar::default();
        let in_time = effective <= latest_effect(change, lead, counts, &calendar);
        let full = full_days(effective, change, counts, &calendar);
        prop_assert_eq!(in_time, effective < change && full >= lead, "{} days", full);
        if !business {
            prop_assert_eq!(in_time, came_beforehand(effective, change, lead));
        }
    }

    #[test]
    fn the_earliest_of_several_channels_counts(
        sent in proptest::collection::vec((0..5_usize, moments(), any::<bool>(), 0_i64..9_000), 1..6),
    ) {
        let all = [
            Channel::Email, Channel::Homepage, Channel::Paper, Channel::Portal, Channel::Other,
        ];
        let sendings: Vec<_> = sent
            .iter()
            .map(|(channel, at, came, later)| Sending {
                channel: all[*channel],
                at: *at,
                arrived_at: came.then(|| at.plus_seconds(*later)),
            })
            .collect();
        let mut holds = None;
        for one in &sendings {
            let at = match one.channel {
                Channel::Email | Channel::Homepage => one.at,
                _ => match one.arrived_at { Some(at) => at, None => continue },
            };
            holds = Some(holds.map_or(at, |known: Moment| known.min(at)));
        }
        prop_assert_eq!(effective_at(&sendings), holds);
    }
}
