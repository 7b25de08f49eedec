//! The engine as a whole: over its store, with mail, and through a whole life.

mod ahead;
mod bad_input;
mod both_databases;
mod changed_bytes;
mod compare;
mod corrections;
mod desk;
mod full_disk;
mod golden;
mod letters;
mod mail_faults;
mod mended;
mod mending;
mod notices;
mod numbers;
mod papers_and_arrivals;
#[path = "../../../outside/tests/smtp/peer.rs"]
mod peer;
mod people;
mod record;
mod restored;
mod sealing;
mod short_numbers;
mod sleep;
mod stored;
mod takeover;
mod upgrade;
mod walk;
mod workers;
