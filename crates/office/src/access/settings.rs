//! How strict the door is: `[access]` of the configuration.

use contract::who::roles::Role;
use engine::people::is_approver;
use serde::Deserialize;

/// Who must set up one-time codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OneTimeCodes {
    /// Whoever may approve, and administrators.
    Approvers,
    Everybody,
    Optional,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Memory of Argon2id for one password, in KiB.
    pub password_memory_kib: u32,
    /// Passes of Argon2id over it.
    pub password_passes: u32,
    pub one_time_codes: OneTimeCodes,
    /// A session ends after so many minutes without a request.
    pub idle_minutes: u32,
    /// … and so many hours after it was opened at the latest.
    pub session_hours: u32,
    /// How long a set-up link holds.
    pub link_hours: u32,
    /// The access log is kept for so many days.
    pub log_days: u32,
}

impl Default for Settings {
    /// Argon2id as OWASP's password storage sheet has it (19 MiB, two passes).
    fn default() -> Settings {
        Settings {
            password_memory_kib: 19_456,
            password_passes: 2,
            one_time_codes: OneTimeCodes::Approvers,
            idle_minutes: 60,
            session_hours: 12,
            link_hours: 72,
            log_days: 1_100,
        }
    }
}

impl Settings {
    /// Whether somebody with these roles must have one-time codes.
    pub fn asks_for_codes(&self, mut roles: impl Iterator<Item = Role>) -> bool {
        match self.one_time_codes {
            OneTimeCodes::Approvers => roles.any(is_approver),
            OneTimeCodes::Everybody => true,
            OneTimeCodes::Optional => false,
        }
    }
}
