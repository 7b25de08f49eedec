//! A mail server in memory, for scenarios: it takes everything, unless the
//! address asks for trouble as with the test server (`reject.`, `defer-2.`, `drop.`).

use std::collections::BTreeMap;
use std::sync::Mutex;

use async_trait::async_trait;

use crate::keeping::ports::{Delivery, Letter, Mail};

/// Keeps every letter it accepted.
#[derive(Debug, Default)]
pub struct Mailbox {
    accepted: Mutex<Vec<Letter>>,
    attempts: Mutex<BTreeMap<String, u32>>,
}

impl Mailbox {
    pub fn letters(&self) -> Vec<Letter> {
        self.accepted.lock().expect("no holder panics").clone()
    }

    fn attempt(&self, address: &str) -> u32 {
        let mut attempts = self.attempts.lock().expect("no holder panics");
        let count = attempts.entry(address.to_owned()).or_default();
        *count += 1;
        *count
    }
}

#[async_trait]
impl Mail for Mailbox {
    async fn send(&self, letter: &Letter) -> Delivery {
        for address in &letter.to {
            let trouble = address.split('.').next().unwrap_or_default();
            let attempt = self.attempt(address);
            let times = trouble.strip_prefix("defer-").and_then(|n| n.parse::<u32>().ok());
            if times.is_some_and(|times| attempt <= times) {
                return Delivery::Deferred { reply: "451 4.7.1 try again later".to_owned() };
            }
            if trouble == "reject" {
                return Delivery::Refused { reply: "550 5.1.1 no such user".to_owned() };
            }
            if trouble == "drop" {
                return Delivery::Unclear { why: "the connection was closed".to_owned() };
            }
        }
        self.accepted.lock().expect("no holder panics").push(letter.clone());
        Delivery::Accepted { reply: "250 2.0.0 kept".to_owned() }
    }
}
