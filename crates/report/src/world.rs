//! Everything a template may see: itself, what the templates share, its data, the code, the fonts.

use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use crate::{ReportError, fonts};

/// Which document is printed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Template {
    CreditReport,
    Letter,
    EvidenceBundle,
    SupervisionReport,
}

/// What is the same for every document, read once.
struct Shared {
    library: LazyHash<Library>,
    book: &'static LazyHash<FontBook>,
    common: Source,
    credit_report: Source,
    letter: Source,
    evidence_bundle: Source,
    supervision_report: Source,
    data: FileId,
    qr: FileId,
}

static SHARED: LazyLock<Result<Shared, ReportError>> = LazyLock::new(|| {
    Ok(Shared {
        library: LazyHash::new(Library::default()),
        book: fonts::book()?,
        common: template("/common.typ", include_str!("../templates/common.typ"))?,
        credit_report: template(
            "/credit_report.typ",
            include_str!("../templates/credit_report.typ"),
        )?,
        letter: template("/letter.typ", include_str!("../templates/letter.typ"))?,
        evidence_bundle: template(
            "/evidence_bundle.typ",
            include_str!("../templates/evidence_bundle.typ"),
        )?,
        supervision_report: template(
            "/supervision_report.typ",
            include_str!("../templates/supervision_report.typ"),
        )?,
        data: file_id("/data.json")?,
        qr: file_id("/qr.svg")?,
    })
});

fn template(path: &str, text: &str) -> Result<Source, ReportError> {
    Ok(Source::new(file_id(path)?, text.to_owned()))
}

fn file_id(path: &str) -> Result<FileId, ReportError> {
    let path = VirtualPath::new(path).map_err(|_| ReportError::Broken { part: path.to_owned() })?;
    Ok(FileId::new(RootedPath::new(VirtualRoot::Project, path)))
}

/// One document about to be printed.
pub(crate) struct Sheet {
    shared: &'static Shared,
    template: Template,
    data: Bytes,
    qr: Option<Bytes>,
    files: Vec<(FileId, Bytes)>,
}

impl Sheet {
    /// `data` is JSON, `qr` an SVG.
    pub(crate) fn new(
        template: Template,
        data: Vec<u8>,
        qr: Option<String>,
    ) -> Result<Self, ReportError> {
        let shared = SHARED.as_ref().map_err(Clone::clone)?;
        Ok(Self {
            shared,
            template,
            data: Bytes::new(data),
            qr: qr.map(Bytes::from_string),
            files: Vec::new(),
        })
    }

    /// The same with files that the template may attach.
    pub(crate) fn with_files(self, files: Vec<(String, Vec<u8>)>) -> Result<Self, ReportError> {
        let file = |(name, bytes): (String, Vec<u8>)| {
            Ok((file_id(&format!("/{name}"))?, Bytes::new(bytes)))
        };
        Ok(Self { files: files.into_iter().map(file).collect::<Result<_, ReportError>>()?, ..self })
    }

    fn template(&self) -> &'static Source {
        match self.template {
            Template::CreditReport => &self.shared.credit_report,
            Template::Letter => &self.shared.letter,
            Template::EvidenceBundle => &self.shared.evidence_bundle,
            Template::SupervisionReport => &self.shared.supervision_report,
        }
    }
}

impl World for Sheet {
    fn library(&self) -> &LazyHash<Library> {
        &self.shared.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.shared.book
    }

    fn main(&self) -> FileId {
        self.template().id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        [&self.shared.common, self.template()]
            .into_iter()
            .find(|source| source.id() == id)
            .cloned()
            .ok_or_else(|| absent(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.shared.data {
            return Ok(self.data.clone());
        }
        if let (Some(qr), true) = (&self.qr, id == self.shared.qr) {
            return Ok(qr.clone());
        }
        let file = self.files.iter().find(|(known, _)| *known == id);
        file.map(|(_, bytes)| bytes.clone()).ok_or_else(|| absent(id))
    }

    fn font(&self, index: usize) -> Option<Font> {
        fonts::font(index)
    }

    /// There is no clock here: dates come with the data.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn absent(id: FileId) -> FileError {
    FileError::NotFound(id.get().vpath().get_without_slash().into())
}
