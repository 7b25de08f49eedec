//! Files of a crate that use each other in a circle can only be understood together.
//!
//! What a file uses is what it names by a path. A parent that only lists its children
//! (`mod`, `pub use`) uses none of them: whoever names a thing through it uses the file
//! in which that stands.

use std::collections::{BTreeMap, BTreeSet};

use super::finding::{Finding, RustFile};
use super::rust_text::{in_name, words};

/// So many files may use each other: a form, what it is made of, and what reads it.
const MOST: usize = 3;

/// Files that know every file of a kind, and that each of those knows: the lists of
/// entries and of pages, and the account that every rule reads (its case, its state, and
/// the working out of what follows). That circle is what they are for; the files of the
/// chapters are to be read without each other.
const KNOWN_TO_ALL: [&str; 10] = [
    "crates/contract/src/declare.rs",
    "crates/contract/src/declare/lists.rs",
    "crates/contract/src/declare/prelude.rs",
    "crates/contract/src/road/account.rs",
    "crates/contract/src/road/case.rs",
    "crates/contract/src/road/cells.rs",
    "crates/contract/src/road/happenings.rs",
    "crates/contract/src/road/state.rs",
    "crates/contract/src/road/unfold.rs",
    "crates/office/src/web/routes.rs",
];

/// Circles of more than a few files.
pub fn check(rust: &[RustFile]) -> Vec<Finding> {
    let mut crates: BTreeMap<&str, Vec<&RustFile>> = BTreeMap::new();
    for file in rust {
        if let Some((folder, _)) = file.path.split_once("/src/").filter(|_| !is_test(file.path)) {
            crates.entry(folder).or_default().push(file);
        }
    }
    let found = crates.iter().flat_map(|(folder, files)| circles(folder, files));
    let told = found.map(|circle| {
        let (count, files) = (circle.len(), circle.join(", "));
        let remedy = "move what they share to a file of its own";
        Finding::new(circle[0], 1, format!("{count} files use each other, {remedy}: {files}"))
    });
    told.collect()
}

fn is_test(path: &str) -> bool {
    path.contains("/tests/") || path.ends_with("tests.rs") || path.ends_with("_test.rs")
}

type Path = Vec<String>;

/// What a file says of modules.
struct Module<'a> {
    file: &'a str,
    code: String,
    /// What it uses, by the name under which it then knows it.
    uses: Vec<Use>,
}

struct Use {
    name: String,
    path: Path,
    /// `pub use`: for others, so that their use of it counts and not this.
    is_passed_on: bool,
}

/// The circles of one crate, each in the order of names.
fn circles<'a>(folder: &str, files: &[&RustFile<'a>]) -> BTreeSet<Vec<&'a str>> {
    let modules: Modules = Modules(files.iter().map(|file| module(folder, file)).collect());
    let edges: BTreeMap<&str, BTreeSet<&str>> =
        modules.0.iter().map(|(at, module)| (module.file, modules.used_by(at, module))).collect();
    let reached: BTreeMap<&str, BTreeSet<&str>> =
        edges.keys().map(|file| (*file, reached_from(file, &edges))).collect();
    let circle_of = |file: &&'a str| -> Vec<&'a str> {
        reached[file].iter().filter(|other| reached[*other].contains(file)).copied().collect()
    };
    edges.keys().map(circle_of).filter(|circle| circle.len() > MOST).collect()
}

fn reached_from<'a>(file: &str, edges: &BTreeMap<&'a str, BTreeSet<&'a str>>) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&str> = edges[file].iter().copied().collect();
    while let Some(next) = open.pop() {
        if reached.insert(next) {
            open.extend(&edges[next]);
        }
    }
    reached
}

fn module<'a>(folder: &str, file: &RustFile<'a>) -> (Path, Module<'a>) {
    let inside = file.path[folder.len()..].trim_start_matches("/src/").trim_end_matches(".rs");
    let steps = inside.split('/').filter(|step| !["lib", "main", "mod"].contains(step));
    let code = &file.text.code;
    // Tests stand at the end of a file, and may use what they like.
    let code = code.split_once("#[cfg(test)]\nmod tests").map_or(code.as_str(), |(code, _)| code);
    let (mut rest, mut uses) = (code.to_owned(), Vec::new());
    let found: Vec<_> = words(code, "use").collect();
    for at in found {
        let Some(end) = code[at..].find(';').map(|length| at + length) else { continue };
        let before = code[..at].rsplit('\n').next().unwrap_or_default().trim_start();
        let is_passed_on = before.starts_with("pub");
        let mut add = |path: Path, name: String| uses.push(Use { name, path, is_passed_on });
        spell_out(&code[at + 3..end], &Vec::new(), &mut add);
        rest.replace_range(at..end, &" ".repeat(end - at));
    }
    (steps.map(str::to_owned).collect(), Module { file: file.path, code: rest, uses })
}

/// `a::{b, c as d}` as `a::b` and `a::c`, the latter known as `d`.
fn spell_out(tree: &str, before: &Path, add: &mut impl FnMut(Path, String)) {
    let tree = tree.trim();
    if let Some((head, inside)) = tree.split_once('{') {
        let before: Path = before.iter().cloned().chain(path(head)).collect();
        let inside = inside.rsplit_once('}').map_or(inside, |(inside, _)| inside);
        let mut depth = 0_i32;
        let parts = inside.split(|c| {
            depth += i32::from(c == '{') - i32::from(c == '}');
            c == ',' && depth == 0
        });
        parts.filter(|part| !part.trim().is_empty()).for_each(|part| spell_out(part, &before, add));
        return;
    }
    let (tree, known_as) = tree.split_once(" as ").unwrap_or((tree, ""));
    let mut path: Path = before.iter().cloned().chain(path(tree)).collect();
    if path.len() > 1 {
        path.retain(|step| step != "self" || before.is_empty());
    }
    let last = path.last().cloned().unwrap_or_default();
    add(path, if known_as.is_empty() { last } else { known_as.trim().to_owned() });
}

fn path(text: &str) -> impl Iterator<Item = String> {
    text.split("::").map(|step| step.trim().to_owned()).filter(|step| !step.is_empty())
}

/// The modules of a crate by their paths.
struct Modules<'a>(BTreeMap<Path, Module<'a>>);

impl<'a> Modules<'a> {
    /// The other files of the crate that a file uses.
    fn used_by(&self, at: &Path, module: &Module<'a>) -> BTreeSet<&'a str> {
        if KNOWN_TO_ALL.contains(&module.file) {
            return BTreeSet::new();
        }
        let uses = module.uses.iter().filter(|used| !used.is_passed_on);
        let inline = module.code.split(|c| !in_name(c) && c != ':').filter(|t| t.contains("::"));
        let paths =
            uses.map(|used| used.path.clone()).chain(inline.map(|text| path(text).collect()));
        let files = paths.filter_map(|path| self.file_of(at, &path, 0));
        files.filter(|file| *file != module.file && !KNOWN_TO_ALL.contains(file)).collect()
    }

    /// In which file that stands which a module calls by a path, if it is of this crate.
    /// What a module only passes on is looked for where it comes from.
    fn file_of(&self, at: &Path, path: &[String], passed: usize) -> Option<&'a str> {
        let (mut to, mut rest) = self.begin(at, path)?;
        while let Some((step, further)) = rest.split_first() {
            let next: Path = to.iter().cloned().chain([step.clone()]).collect();
            if !self.0.contains_key(&next) {
                break;
            }
            (to, rest) = (next, further);
        }
        let module = self.0.get(&to)?;
        let Some(name) = rest.first().filter(|name| passed < 9 && !declares(module, name)) else {
            return Some(module.file);
        };
        let whence = module.uses.iter().find_map(|used| {
            let is_all = used.path.last().is_some_and(|last| last == "*");
            let path = match is_all {
                true => [&used.path[..used.path.len() - 1], std::slice::from_ref(name)].concat(),
                false if used.name == *name => used.path.clone(),
                false => return None,
            };
            let file = self.file_of(&to, &path, passed + 1)?;
            (!is_all || self.0.values().any(|m| m.file == file && declares(m, name)))
                .then_some(file)
        });
        Some(whence.unwrap_or(module.file))
    }

    /// The module at which a path begins, and the steps from there.
    fn begin<'p>(&self, at: &Path, path: &'p [String]) -> Option<(Path, &'p [String])> {
        let (first, rest) = path.split_first()?;
        let child: Path = at.iter().cloned().chain([first.clone()]).collect();
        match first.as_str() {
            "crate" => Some((Vec::new(), rest)),
            "self" => Some((at.clone(), rest)),
            "super" => {
                let ups = path.iter().take_while(|step| *step == "super").count();
                Some((at[..at.len().checked_sub(ups)?].to_vec(), &path[ups..]))
            }
            _ if self.0.contains_key(&child) => Some((child, rest)),
            _ => {
                let uses = &self.0.get(at)?.uses;
                let used = uses.iter().find(|used| used.name == *first && used.path != path)?;
                let whole: Path = match used.path.first()?.as_str() {
                    "crate" => used.path[1..].to_vec(),
                    _ => return None,
                };
                self.0.contains_key(&whole).then_some((whole, rest))
            }
        }
    }
}

/// Whether an item of this name stands in the file.
fn declares(module: &Module, name: &str) -> bool {
    const KINDS: [&str; 9] =
        ["fn", "struct", "enum", "trait", "type", "const", "static", "macro_rules!", "union"];
    words(&module.code, name).any(|at| {
        let before = module.code[..at].trim_end();
        KINDS.iter().any(|kind| before.ends_with(kind))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::RustText;

    fn found(files: &[(&str, &str)]) -> Vec<Vec<String>> {
        let paths: Vec<_> =
            files.iter().map(|(name, _)| format!("crates/new/src/{name}.rs")).collect();
        let rust: Vec<_> = (paths.iter().zip(files))
            .map(|(path, (_, code))| RustFile { path, text: RustText::of(code) })
            .collect();
        let inside = |path: &&str| path["crates/new/src/".len()..].replace(".rs", "");
        let circles = circles("crates/new", &rust.iter().collect::<Vec<_>>());
        circles.iter().map(|circle| circle.iter().map(inside).collect()).collect()
    }

    #[test]
    fn four_files_that_use_each_other_are_named() {
        let mut files = [
            ("lib", "mod a; mod b; mod c; mod d;"),
            ("a", "pub use std::fs;\nuse crate::b::B; pub struct A;"),
            ("b", "use crate::{c::{C as Other}}; pub struct B;"),
            ("c", "fn c() { crate::d::d() } pub struct C;"),
            ("d", "use crate::a::A; pub fn d() {}"),
        ];
        assert_eq!(found(&files), [["a", "b", "c", "d"]]);
        files[4].1 = "pub fn d() {}\n#[cfg(test)]\nmod tests { use crate::a::A; }";
        assert_eq!(found(&files), [[""; 0]; 0]);
        files[3].1 = "use super::a; fn c() { a::A } pub struct C;";
        assert_eq!(found(&files), [[""; 0]; 0], "three may");
    }

    #[test]
    fn a_parent_that_only_lists_is_passed_through() {
        let mut files = [
            ("lib", "mod list; pub use list::*;"),
            ("list", "mod a; mod b; mod c; pub use a::A; pub(crate) use c::c;"),
            ("list/a", "use super::b; pub struct A; fn a() { b::b() }"),
            ("list/b", "use super::c; pub fn b() { c() }"),
            ("list/c", "use crate::A; pub fn c() {}"),
        ];
        assert_eq!(found(&files), [[""; 0]; 0], "three may");
        files[1].1 = "mod a; mod b; mod c; pub use a::A; pub fn l() { a::a() }";
        files[3].1 = "use super::{c, l}; pub fn b() { c::c(); l() }";
        assert_eq!(found(&files), [["list", "list/a", "list/b", "list/c"]]);
    }
}
