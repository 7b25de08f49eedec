//! Whatever reads bytes from outside, at work on damaged samples: it answers, soon,
//! in little memory, and without a panic of our own.
//!
//! A run of `./x test` tries a fixed sequence of damages, the same every time.
//! `./x fuzz [SECONDS]` goes on from another seed as long as it is told, and keeps
//! the file that fails.

mod damage;
mod samples;
mod watch;

use std::time::{Duration, Instant};

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use crate::damage::damages;
use crate::samples::{Reader, readers};
use crate::watch::hold;

/// How often one reader is tried in a test.
const CASES: u32 = 250;

#[test]
fn no_damage_to_a_form_hangs_breaks_or_bloats_its_reader() {
    try_readers(&["application form", "cancellation form"]);
}

#[test]
fn no_damage_to_a_book_hangs_breaks_or_bloats_its_reader() {
    try_readers(&["book", "charges"]);
}

#[test]
fn no_damage_to_a_mail_hangs_breaks_or_bloats_its_reader() {
    try_readers(&["mail", "answered mail"]);
}

#[test]
fn no_damage_to_usage_or_a_bank_file_hangs_breaks_or_bloats_its_reader() {
    try_readers(&["usage", "bank file"]);
}

#[test]
fn no_damage_to_a_file_of_the_operator_hangs_breaks_or_bloats_its_reader() {
    try_readers(&["operator", "scenario"]);
}

#[test]
fn every_reader_takes_its_own_sample() {
    for reader in readers() {
        let bytes = reader.sample.bytes();
        assert!((reader.read)(&bytes), "{} refuses its sample", reader.name);
    }
}

fn try_readers(names: &[&str]) {
    let readers: Vec<Reader> =
        readers().into_iter().filter(|reader| names.contains(&reader.name)).collect();
    assert_eq!(readers.len(), names.len());
    let Ok(seconds) = std::env::var("YAKKAN_FUZZ_SECONDS") else {
        readers.iter().for_each(|reader| damaged(reader, &[7; 32], CASES));
        return;
    };
    let seconds: u64 = seconds.parse().expect("YAKKAN_FUZZ_SECONDS is a number");
    let end = Instant::now() + Duration::from_secs(seconds);
    while Instant::now() < end {
        let seed: [u8; 32] = std::array::from_fn(|_| rand_byte());
        readers.iter().for_each(|reader| damaged(reader, &seed, CASES));
    }
}

/// The map of the standard library draws its keys anew; nothing here needs more.
fn rand_byte() -> u8 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(Instant::now()) as u8
}

/// Tries damages to the sample of one reader.
fn damaged(reader: &Reader, seed: &[u8; 32], cases: u32) {
    let config =
        Config { cases, failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, seed);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let strategy = damages().prop_map(|damages| reader.sample.damaged(&damages));
    let result =
        runner.run(&strategy, |bytes| hold(reader.read, &bytes).map_err(TestCaseError::fail));
    match result {
        Ok(()) => {}
        Err(TestError::Fail(reason, bytes)) => {
            let kept = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!(
                "{}-{:02x}{:02x}",
                reader.name.replace(' ', "-"),
                seed[0],
                seed[1]
            ));
            std::fs::write(&kept, bytes).expect("the file can be kept");
            panic!("{}: {reason}; seed {seed:?}; the file is {}", reader.name, kept.display());
        }
        Err(TestError::Abort(reason)) => panic!("{}: {reason}; seed {seed:?}", reader.name),
    }
}
