//! Every column of both databases, and by what a change in it is found.
//!
//! **To add a column:** name it here. Can it be made again from the record, or from
//! what else stands in the store? Then it is [`Kept::Derived`], and the audit makes
//! it again. Otherwise it is [`Kept::Sealed`]: an `INSERT` binds the seal of the row
//! ([`crate::seal::Seals::of`]), an `UPDATE` is followed by
//! [`crate::seal::Seals::written`]. A test changes a byte in each column of the real
//! schema and looks for its name in the audit.

/// By what a change in a column is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// A hash covers it.
    Chained,
    /// It is made again and compared.
    Derived,
    /// A code under the key of `keys.db` covers it.
    Sealed,
    /// It carries no truth, and why not.
    Free(&'static str),
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    Text,
    Number,
    Bytes,
}

#[derive(Debug, Clone, Copy)]
pub struct Column {
    pub name: &'static str,
    pub holds: Holds,
    pub kept: Kept,
}

/// A table; its first `key` columns name a row.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    pub name: &'static str,
    pub key: usize,
    pub columns: &'static [Column],
}

impl Table {
    pub(crate) fn key_columns(&self) -> &'static [Column] {
        &self.columns[..self.key]
    }

    /// The columns that the seal covers, in its order.
    pub(crate) fn sealed(&self) -> impl Iterator<Item = (usize, &'static Column)> {
        self.columns.iter().filter(|column| column.kept == Kept::Sealed).enumerate()
    }

    /// Whether its rows carry a seal, in a column of that name.
    pub fn has_seal(&self) -> bool {
        self.sealed().next().is_some()
    }
}

use Holds::{Bytes, Number, Text};
use Kept::{Chained, Derived, Free, Sealed};

const fn column(name: &'static str, holds: Holds, kept: Kept) -> Column {
    Column { name, holds, kept }
}

const fn table(name: &'static str, key: usize, columns: &'static [Column]) -> Table {
    Table { name, key, columns }
}

pub(crate) const INPUT: Table = table(
    "input",
    1,
    &[
        column("id", Text, Derived),
        column("account", Text, Derived),
        column("position", Number, Derived),
        column("law", Text, Derived),
        column("occurred_at", Number, Derived),
        column("known_at", Number, Derived),
        column("recorded_at", Number, Sealed),
        column("payload", Text, Chained),
    ],
);

/// Chained too, which does not tell the columns apart.
pub(crate) const CHECKPOINT: Table = table(
    "checkpoint",
    1,
    &[
        column("seq", Number, Sealed),
        column("made_at", Number, Sealed),
        column("heads", Number, Sealed),
        column("root", Text, Sealed),
        column("prev_hash", Text, Sealed),
        column("hash", Text, Sealed),
    ],
);

/// What events asked for is derived too; the rest, and how far it is, is not.
pub(crate) const OUTBOX: Table = table(
    "outbox",
    1,
    &[
        column("id", Text, Sealed),
        column("account", Text, Sealed),
        column("kind", Text, Sealed),
        column("payload", Text, Sealed),
        column("state", Text, Sealed),
        column("attempts", Number, Sealed),
        column("next_at", Number, Sealed),
        column("expires_at", Number, Sealed),
        column("maybe_sent", Number, Sealed),
        column("last_reply", Text, Sealed),
    ],
);

/// The content is authenticated by its own cipher too.
pub(crate) const PERSONAL: Table = table(
    "personal",
    1,
    &[
        column("id", Text, Sealed),
        column("subject", Text, Sealed),
        column("account", Text, Sealed),
        column("class", Text, Sealed),
        column("key_mark", Text, Sealed),
        column("sealed", Bytes, Sealed),
    ],
);

/// In both databases, and the same in both.
pub(crate) const ERASURE: Table = table(
    "erasure",
    2,
    &[
        column("subject", Text, Sealed),
        column("key_mark", Text, Sealed),
        column("erased_at", Number, Sealed),
    ],
);

pub(crate) const ERASED_CLASS: Table = table(
    "erased_class",
    2,
    &[
        column("subject", Text, Sealed),
        column("class", Text, Sealed),
        column("destroyed", Number, Sealed),
    ],
);

pub(crate) const DOCUMENT: Table = table(
    "document",
    1,
    &[
        column("id", Text, Sealed),
        column("account", Text, Sealed),
        column("kind", Text, Sealed),
        column("name", Text, Sealed),
        column("mime", Text, Sealed),
        column("bytes", Bytes, Sealed),
    ],
);

/// Of a draft that was issued all is derived too.
pub(crate) const DRAFT: Table = table(
    "draft",
    1,
    &[
        column("id", Text, Sealed),
        column("run", Text, Sealed),
        column("account", Text, Sealed),
        column("number", Text, Sealed),
        column("content", Text, Sealed),
        column("issued", Number, Sealed),
    ],
);

pub(crate) const USAGE_SEGMENT: Table = table(
    "usage_segment",
    1,
    &[
        column("name", Text, Sealed),
        column("file", Text, Sealed),
        column("sha256", Text, Sealed),
        column("stored_as", Text, Sealed),
        column("row_count", Number, Sealed),
        column("keys_hash", Text, Sealed),
    ],
);

pub(crate) const USAGE_DOOMED: Table =
    table("usage_doomed", 1, &[column("stored_as", Text, Sealed)]);

pub(crate) const REFUSED_ROW: Table = table(
    "refused_row",
    1,
    &[
        column("id", Text, Sealed),
        column("file", Text, Sealed),
        column("line_no", Number, Sealed),
        column("reason", Text, Sealed),
        column("content", Text, Sealed),
    ],
);

/// Compared with what the records give too; a step goes on from it in between.
pub(crate) const WORKED_OUT: Table = table(
    "worked_out",
    1,
    &[
        column("account", Text, Sealed),
        column("records", Number, Sealed),
        column("fold", Number, Sealed),
        column("law", Text, Sealed),
        column("body", Bytes, Sealed),
    ],
);

pub(crate) const MOVEMENT: Table = table(
    "movement",
    1,
    &[
        column("id", Text, Sealed),
        column("content", Text, Sealed),
        column("file", Text, Sealed),
        column("line_no", Number, Sealed),
        column("reason", Text, Sealed),
        column("open", Number, Sealed),
    ],
);

/// In which order numbers were given the record does not tell.
pub(crate) const SHORT_NUMBER: Table = table(
    "short_number",
    1,
    &[
        column("id", Text, Sealed),
        column("series", Text, Sealed),
        column("year", Number, Sealed),
        column("running", Number, Sealed),
        column("number", Text, Sealed),
    ],
);

pub(crate) const CREDENTIAL: Table = table(
    "credential",
    1,
    &[
        column("person", Text, Sealed),
        column("password", Text, Sealed),
        column("password_set_at", Number, Sealed),
        column("failures", Number, Sealed),
        column("blocked_until", Number, Sealed),
        column("totp", Text, Sealed),
        column("totp_step", Number, Sealed),
    ],
);

pub(crate) const RECOVERY_CODE: Table =
    table("recovery_code", 2, &[column("person", Text, Sealed), column("code_hash", Text, Sealed)]);

pub(crate) const SET_UP_LINK: Table = table(
    "set_up_link",
    1,
    &[
        column("person", Text, Sealed),
        column("token_hash", Text, Sealed),
        column("expires_at", Number, Sealed),
        column("made_by", Text, Sealed),
        column("handed_by", Text, Sealed),
    ],
);

pub(crate) const SESSION: Table = table(
    "session",
    1,
    &[
        column("id", Text, Sealed),
        column("token_hash", Text, Sealed),
        column("person", Text, Sealed),
        column("stage", Text, Sealed),
        column("opened_at", Number, Sealed),
        column("seen_at", Number, Sealed),
        column("ends_at", Number, Sealed),
        column("origin", Text, Sealed),
        column("agent", Text, Sealed),
    ],
);

pub(crate) const API_KEY: Table = table(
    "api_key",
    1,
    &[
        column("id", Text, Sealed),
        column("secret_hash", Text, Sealed),
        column("person", Text, Sealed),
        column("role", Text, Sealed),
        column("account", Text, Sealed),
        column("label", Text, Sealed),
        column("made_at", Number, Sealed),
        column("made_by", Text, Sealed),
        column("expires_at", Number, Sealed),
        column("revoked_at", Number, Sealed),
        column("used_at", Number, Sealed),
    ],
);

pub(crate) const ACCESS_LOG: Table = table(
    "access_log",
    1,
    &[
        column("id", Text, Sealed),
        column("at", Number, Sealed),
        column("person", Text, Sealed),
        column("api_key", Text, Sealed),
        column("kind", Text, Sealed),
        column("what", Text, Sealed),
        column("origin", Text, Sealed),
        column("detail", Text, Sealed),
    ],
);

pub(crate) const SUBJECT_KEY: Table = table(
    "subject_key",
    1,
    &[
        column("subject", Text, Sealed),
        column("key_mark", Text, Sealed),
        column("secret", Bytes, Sealed),
    ],
);

pub(crate) const USAGE_ERASURE: Table =
    table("usage_erasure", 1, &[column("contract", Text, Sealed)]);

const WORK: Kept = Free(
    "who is at work now: it goes with the process that wrote it and decides nothing, since every \
     step looks at the records and at the state of its effect again",
);

/// The tables of `yakkan.db`.
pub const MAIN: &[Table] = &[
    table("schema", 1, &[column("version", Number, Derived)]),
    table("installation", 1, &[column("id", Text, Derived)]),
    table("law", 1, &[column("id", Text, Chained), column("content", Text, Chained)]),
    table(
        "account",
        1,
        &[
            column("id", Text, Derived),
            column("inputs", Number, Derived),
            column("next_due", Number, Derived),
        ],
    ),
    INPUT,
    table(
        "event",
        3,
        &[
            column("account", Text, Chained),
            column("stream", Text, Chained),
            column("seq", Number, Chained),
            column("input", Text, Chained),
            column("at_index", Number, Derived),
            column("entry_key", Text, Derived),
            column("type", Text, Derived),
            column("version", Number, Derived),
            column("law", Text, Derived),
            column("payload", Text, Chained),
            column("prev_hash", Text, Chained),
            column("hash", Text, Chained),
        ],
    ),
    table(
        "head",
        2,
        &[
            column("account", Text, Derived),
            column("stream", Text, Derived),
            column("seq", Number, Derived),
            column("hash", Text, Derived),
        ],
    ),
    CHECKPOINT,
    OUTBOX,
    table(
        "view_row",
        2,
        &[
            column("kind", Text, Derived),
            column("id", Text, Derived),
            column("account", Text, Derived),
            column("content", Text, Derived),
            column("sought", Text, Derived),
        ],
    ),
    table("read_models", 1, &[column("version", Number, Derived)]),
    WORKED_OUT,
    PERSONAL,
    ERASURE,
    ERASED_CLASS,
    DOCUMENT,
    DRAFT,
    USAGE_SEGMENT,
    table(
        "usage_contract",
        2,
        &[
            column("contract", Text, Derived),
            column("segment", Text, Derived),
            column("row_count", Number, Derived),
        ],
    ),
    USAGE_DOOMED,
    table("usage_key", 1, &[column("key", Bytes, Derived), column("segment", Text, Derived)]),
    REFUSED_ROW,
    MOVEMENT,
    SHORT_NUMBER,
    table("claim", 1, &[column("account", Text, WORK), column("worker", Text, WORK)]),
    CREDENTIAL,
    RECOVERY_CODE,
    SET_UP_LINK,
    SESSION,
    API_KEY,
    ACCESS_LOG,
];

/// The tables of `keys.db`.
pub const KEYS: &[Table] = &[
    table("schema", 1, &[column("version", Number, Derived)]),
    table("installation", 1, &[column("id", Text, Derived)]),
    table("seal_key", 1, &[column("secret", Bytes, Derived)]),
    SUBJECT_KEY,
    ERASURE,
    USAGE_ERASURE,
];
