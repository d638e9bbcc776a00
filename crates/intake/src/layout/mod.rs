//! Layouts 报送格式: which columns agencies send, under which names. Pinyin lives here and nowhere else.

mod licence;
mod penalty;

/// What a column means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the layouts say it in Chinese")]
pub enum Field {
    PartyName,
    PartyCategory,
    IdKind,
    IdNumber,
    DocumentNo,
    DocumentTitle,
    ViolationType,
    Facts,
    LegalBasis,
    PenaltyKinds,
    PenaltyContent,
    Fine,
    Confiscated,
    LicenceTaken,
    DecidedOn,
    ServedOn,
    EffectiveOn,
    RepairNoticeServedOn,
    Procedure,
    ActOn,
    LicenceTitle,
    LicenceKind,
    CertificateName,
    LicenceNo,
    LicenceContent,
    State,
    ValidFrom,
    ValidUntil,
    Authority,
    AuthorityCode,
    /// Known, and not kept.
    Dropped,
}

/// How a column is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words, at most so many characters.
    Text(usize),
    /// A day.
    Day,
    /// An amount in 万元.
    WanYuan,
}

/// One column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// What it means.
    pub field: Field,
    /// Its code, its Chinese name, then every other name that agencies use.
    pub headers: &'static [&'static str],
    /// How it is read.
    pub kind: Kind,
    /// Whether it must be there and filled.
    pub must: bool,
}

/// A layout.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// Name in the rulebook.
    pub code: &'static str,
    /// On screen.
    pub title: &'static str,
    /// Its columns.
    pub columns: &'static [Column],
}

/// Which names a sample's header has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderStyle {
    /// `CF_WSH`
    Code,
    /// 行政处罚决定书文号
    Chinese,
}

impl Layout {
    /// The layout of that name.
    #[must_use]
    pub fn by_code(code: &str) -> Option<&'static Self> {
        [&penalty::LAYOUT, &licence::LAYOUT].into_iter().find(|layout| layout.code == code)
    }

    /// The columns that are kept, in the order of a sample.
    pub fn kept(&self) -> impl Iterator<Item = &'static Column> + use<> {
        self.columns.iter().filter(|column| column.field != Field::Dropped)
    }

    /// A header for a sample.
    #[must_use]
    pub fn sample_headers(&self, style: HeaderStyle) -> Vec<String> {
        self.kept()
            .filter_map(|column| match style {
                HeaderStyle::Code => column.headers.first(),
                HeaderStyle::Chinese => column.headers.get(1),
            })
            .map(|header| (*header).to_owned())
            .collect()
    }

    pub(crate) fn find(&self, header: &str) -> Option<&'static Column> {
        let wanted = folded(header);
        self.columns.iter().find(|column| column.headers.iter().any(|name| folded(name) == wanted))
    }
}

/// A header without case, width, spaces, stars and what stands in brackets.
pub(crate) fn folded(header: &str) -> String {
    let plain = crate::cell::plain(header);
    let mut depth = 0_u32;
    plain
        .chars()
        .filter(|c| {
            match c {
                '(' | '[' => depth += 1,
                ')' | ']' => {
                    depth = depth.saturating_sub(1);
                    return false;
                }
                _ => {}
            }
            depth == 0 && !c.is_whitespace() && !matches!(c, '*' | '\u{FEFF}' | ':')
        })
        .flat_map(char::to_uppercase)
        .collect()
}

pub(crate) const fn column(
    field: Field,
    kind: Kind,
    must: bool,
    headers: &'static [&'static str],
) -> Column {
    Column { field, headers, kind, must }
}
