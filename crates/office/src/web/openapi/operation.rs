//! What the document says of a route besides the table of routes.

use contract::declare::door::Doorway;
use schemars::{JsonSchema, Schema, SchemaGenerator};

use crate::web::api::doors;
use crate::web::api::shapes::Taken;

/// Makes the schema of a type.
pub type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// What an operation takes as its body.
#[derive(Clone, Copy)]
pub enum Takes {
    Nothing,
    Json(SchemaOf),
    /// What the entry of a door asks for.
    Door(Doorway),
    /// A file as it is.
    File,
    /// A file as it is, or nothing.
    PerhapsFile,
}

/// What an operation answers when nothing stands in the way.
#[derive(Clone, Copy)]
pub enum Gives {
    Json(SchemaOf),
    /// 201, or 200 when it had been done before.
    Done(SchemaOf),
    Bytes,
    /// The same in both states: 200 when it is well, 503 when not.
    State(SchemaOf),
}

#[derive(Clone, Copy)]
pub struct Operation {
    pub method: &'static str,
    pub path: &'static str,
    pub id: &'static str,
    pub tag: &'static str,
    pub about: &'static str,
    pub query: Option<SchemaOf>,
    pub takes: Takes,
    pub gives: Gives,
    /// Asks for an `Idempotency-Key`.
    pub keyed: bool,
}

/// Stands for a route of which nothing is said.
pub static UNSAID: Operation = get("", "", "", "", Gives::Bytes);

/// A schema that is named among the components.
pub fn of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

/// A schema with its fields at hand.
pub fn fields<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    T::json_schema(generator)
}

pub const fn get(
    path: &'static str,
    id: &'static str,
    tag: &'static str,
    about: &'static str,
    gives: Gives,
) -> Operation {
    let takes = Takes::Nothing;
    Operation { method: "GET", path, id, tag, about, query: None, takes, gives, keyed: false }
}

/// A list that is asked for with a query.
pub const fn list(
    path: &'static str,
    id: &'static str,
    tag: &'static str,
    about: &'static str,
    query: SchemaOf,
    gives: Gives,
) -> Operation {
    Operation { query: Some(query), ..get(path, id, tag, about, gives) }
}

pub const fn post(
    path: &'static str,
    id: &'static str,
    about: &'static str,
    takes: SchemaOf,
    gives: SchemaOf,
) -> Operation {
    let (takes, gives) = (Takes::Json(takes), Gives::Done(gives));
    let (method, tag) = ("POST", "steps");
    Operation { method, path, id, tag, about, query: None, takes, gives, keyed: true }
}

/// What is brought through a door.
pub fn door(doorway: Doorway) -> Operation {
    // As long as the program runs, like the rest of the table.
    let path = Box::leak(doors::template(&doorway).into_boxed_str());
    let about = match doorway.is_proposed() {
        true => Box::leak(format!("{} (a proposal)", doorway.kind.title.en).into_boxed_str()),
        false => doorway.kind.title.en,
    };
    let operation = post(path, doorway.word(), about, fields::<Taken>, of::<Taken>);
    Operation { takes: Takes::Door(doorway), ..operation }
}

/// Something that is done to what the path names, with no body.
pub const fn bare(
    path: &'static str,
    id: &'static str,
    tag: &'static str,
    about: &'static str,
    gives: Gives,
) -> Operation {
    Operation { method: "POST", ..get(path, id, tag, about, gives) }
}

/// A file whose name stands in the query.
pub const fn file(
    path: &'static str,
    id: &'static str,
    about: &'static str,
    query: SchemaOf,
    gives: SchemaOf,
) -> Operation {
    let (takes, gives) = (Takes::File, Gives::Done(gives));
    let (method, tag) = ("POST", "steps");
    Operation { method, path, id, tag, about, query: Some(query), takes, gives, keyed: true }
}

/// As [`file`], where the query may say where the paper is instead.
pub const fn perhaps_file(
    path: &'static str,
    id: &'static str,
    about: &'static str,
    query: SchemaOf,
    gives: SchemaOf,
) -> Operation {
    Operation { takes: Takes::PerhapsFile, ..file(path, id, about, query, gives) }
}

/// Done as often as it is asked for.
pub const fn unkeyed(operation: Operation) -> Operation {
    Operation { keyed: false, ..operation }
}

/// Looks at what is sent and records nothing.
pub const fn looking(operation: Operation) -> Operation {
    let gives = match operation.gives {
        Gives::Done(schema) => Gives::Json(schema),
        other => other,
    };
    Operation { gives, tag: "book", ..unkeyed(operation) }
}

/// A name that the sample reseller has.
pub fn path_example(path: &str, name: &str) -> &'static str {
    match name {
        "number" if path.contains("/quotations/") => "QUO-2026-000001",
        "number" => "INV-2026-000001",
        "person" => "sato",
        "id" if path.contains("/contracts/") => "K-045827adcf33",
        "id" if path.contains("/applications/") => "P-045827adcf33",
        "id" if path.contains("/notices/") => "N-0001",
        "id" if path.contains("/matters/") => "M-0000",
        "id" if path.contains("/accounts/") => "A-2010001034837",
        "id" if path.contains("/filed/") => "paper/QUO-2026-000001",
        "id" if path.contains("/documents/") => "paper/invoice-INV-2026-000001",
        "id" if path.contains("/why/") => "INV-2026-000001/1",
        _ => "X-0000",
    }
}
