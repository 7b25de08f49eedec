//! What every store must do, as named checks on an empty store of each kind.
//!
//! A check panics where the store falls short; [`run_all`] prints the name of
//! each check before it runs.

mod effects;
pub mod given;
mod identity;
mod lists;
mod numbers;
mod papers;
mod personal;
#[cfg(unix)]
pub mod server;
mod streams;
mod usage;

use engine::Store;

/// Runs every check, each on a new and empty store.
///
/// # Panics
/// When the store falls short.
pub async fn run_all<S: Store>(make: impl AsyncFn() -> S) {
    macro_rules! run {
        ($($module:ident :: $check:ident),* $(,)?) => {$(
            println!("{}::{}", stringify!($module), stringify!($check));
            $module::$check(&make().await).await;
        )*};
    }
    run![
        streams::records_come_back_as_written,
        streams::the_newest_records_of_streams_come_in_parts,
        streams::inputs_are_found_by_when_they_were_known,
        streams::a_stale_decision_conflicts,
        streams::an_input_is_recorded_once,
        streams::a_bad_part_leaves_nothing,
        streams::a_record_needs_its_law,
        streams::untouched_chains_have_no_faults,
        streams::operator_keys_are_unique,
        streams::a_stale_operators_step_conflicts,
        streams::checkpoints_are_chained,
        effects::effects_are_claimed_in_order_and_once,
        effects::an_account_is_claimed_once,
        effects::the_backlog_is_counted,
        effects::an_attempt_without_an_answer_is_repeated,
        effects::an_effect_is_asked_for_once,
        effects::any_character_can_be_noted,
        effects::due_accounts_come_earliest_first,
        effects::the_next_moment_is_that_of_either_queue,
        papers::views_are_replaced,
        papers::documents_are_never_written_over,
        papers::drafts_wait_in_the_order_of_numbers,
        papers::what_accounts_came_to_is_kept_and_told_when_behind,
        personal::rows_come_back_in_clear,
        personal::an_erased_subject_is_gone,
        personal::what_comes_after_an_erasure_stays,
        usage::segments_come_back_as_written,
        usage::a_row_is_taken_once_over_all_segments,
        usage::usage_of_a_contract_is_erased,
        usage::refused_rows_stay_visible,
        usage::movements_wait_until_they_are_marked,
        lists::read_models_come_in_parts,
        lists::the_outbox_and_refused_rows_come_in_parts,
        lists::read_models_are_listed_filtered_in_an_order_and_summed_up,
        lists::what_stands_within_accounts_is_listed,
        lists::effects_refused_rows_and_movements_are_listed,
        numbers::a_number_is_given_once_and_follows_the_last,
        numbers::many_at_once_are_numbered_in_their_order,
        numbers::a_step_that_is_refused_leaves_no_gap,
        numbers::lists_know_short_numbers,
        identity::attempts_are_counted_before_they_are_looked_at,
        identity::a_code_counts_once,
        identity::a_link_serves_once_and_replaces_the_last,
        identity::an_ended_session_is_gone,
        identity::a_revoked_key_stays_visible,
        identity::every_way_in_ends_at_once,
        identity::the_access_log_is_paged_and_ends,
        identity::doings_are_counted_by_person,
        identity::streams_have_a_length,
    ];
}
