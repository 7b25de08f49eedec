//! The little file system in which typst finds templates and data.

use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use crate::Fonts;

const LAYOUT: &str = include_str!("../templates/layout.typ");
const PARTS: &str = include_str!("../templates/parts.typ");

/// The standard library of typst is the same for every document.
static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

/// One document to typeset: its template, the shared layout, and its data.
pub(crate) struct Desk<'a> {
    fonts: &'a Fonts,
    main: Source,
    shared: [Source; 2],
    data: (FileId, Bytes),
}

impl<'a> Desk<'a> {
    pub(crate) fn new(template: &str, data: String, fonts: &'a Fonts) -> Desk<'a> {
        Desk {
            fonts,
            main: Source::new(file("/main.typ"), template.to_owned()),
            shared: [
                Source::new(file("/layout.typ"), LAYOUT.to_owned()),
                Source::new(file("/parts.typ"), PARTS.to_owned()),
            ],
            data: (file("/data.json"), Bytes::from_string(data)),
        }
    }

    /// Line of a template and what stands on it, for a message.
    pub(crate) fn place(&self, span: typst::syntax::DiagSpan) -> String {
        use typst::WorldExt;
        let Some(range) = self.range(span) else {
            return String::new();
        };
        let Some(source) = span.id().and_then(|id| self.source(id).ok()) else {
            return String::new();
        };
        let line = source.lines().byte_to_line(range.start).unwrap_or_default() + 1;
        format!("{}:{line}: ", source.id().vpath().get_without_slash())
    }
}

fn file(path: &str) -> FileId {
    let path = VirtualPath::new(path).expect("a path written in this file");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let mut sources = std::iter::once(&self.main).chain(&self.shared);
        let found = sources.find(|source| source.id() == id);
        found.cloned().ok_or_else(|| not_found(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        match &self.data {
            (data, bytes) if *data == id => Ok(bytes.clone()),
            _ => Err(not_found(id)),
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.faces.get(index).cloned()
    }

    /// No clock: a document knows the days that are written in it.
    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn not_found(id: FileId) -> FileError {
    FileError::NotFound(id.vpath().get_without_slash().into())
}
