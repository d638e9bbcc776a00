//! Layouts 报送格式: which columns agencies send, under which names. Pinyin lives here and nowhere else.

mod honour;
mod licence;
mod penalty;
mod volunteering;

use std::collections::HashMap;

/// What a column means.
#[derive(Clone, Copy, Debug, PartialOrd, Ord, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the layouts say it in Chinese")]
pub enum Field {
    PartyName,
    PartyCategory,
    IdKind,
    IdNumber,
    OperatorName,
    OperatorIdKind,
    OperatorIdNumber,
    BornOn,
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
    HonourTitle,
    Organisation,
    Service,
    Hours,
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

/// In which unit an amount is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    WanYuan,
    Yuan,
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
    /// What stands for it in a file of an older layout, which lacks it.
    pub instead: Option<Field>,
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
        [&penalty::LAYOUT, &licence::LAYOUT, &honour::LAYOUT, &volunteering::LAYOUT]
            .into_iter()
            .find(|layout| layout.code == code)
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

    /// All names of its columns, ready to be looked up.
    pub(crate) fn names(&self) -> Names {
        let named =
            |column: &'static Column| column.headers.iter().map(move |name| (folded(name), column));
        Names(self.columns.iter().flat_map(named).collect())
    }
}

/// Columns by their folded names.
#[derive(Debug)]
pub(crate) struct Names(HashMap<String, &'static Column>);

impl Names {
    pub(crate) fn find(&self, header: &str) -> Option<&'static Column> {
        // Nobody writes more than this above a column; what does is no header.
        if header.len() > HEADER_BYTES {
            return None;
        }
        let (outside, inside) = split(header);
        // 行政相对人代码_5(居民身份证号): the bracket says what it is.
        let said_inside =
            outside.starts_with("行政相对人代码").then(|| self.0.get(&inside)).flatten();
        said_inside.or_else(|| self.0.get(&outside)).copied()
    }
}

/// Longest header that is looked at, in bytes.
const HEADER_BYTES: usize = 600;

/// A header without case, width, spaces, stars and what stands in brackets.
pub(crate) fn folded(header: &str) -> String {
    split(header).0
}

/// In which unit a column of amounts is written, by what stands in brackets in its header:
/// 万元 unless it says otherwise; nothing if it is a unit that we do not know.
pub(crate) fn unit(header: &str) -> Option<Unit> {
    let inside = split(header).1;
    if !inside.contains('元') {
        return Some(Unit::WanYuan);
    }
    let said = inside.replace("单位", "").replace("人民币", "");
    match said.as_str() {
        "万元" => Some(Unit::WanYuan),
        "元" => Some(Unit::Yuan),
        _ => None,
    }
}

/// What stands outside and inside of brackets.
fn split(header: &str) -> (String, String) {
    let (mut outside, mut inside) = (String::new(), String::new());
    let mut depth = 0_u32;
    for c in crate::cell::plain(header).chars() {
        match c {
            '(' | '[' | '【' => depth += 1,
            ')' | ']' | '】' => depth = depth.saturating_sub(1),
            '*' | ':' | '\u{FEFF}' | '\u{200B}' => {}
            c if c.is_whitespace() => {}
            c if depth == 0 => outside.extend(c.to_uppercase()),
            c => inside.push(c),
        }
    }
    (outside, inside)
}

pub(crate) const fn column(
    field: Field,
    kind: Kind,
    must: bool,
    headers: &'static [&'static str],
) -> Column {
    Column { field, headers, kind, must, instead: None }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("罚款金额（万元）", Some(Unit::WanYuan))]
    #[case("罚款金额", Some(Unit::WanYuan))]
    #[case("CF_NR_FK", Some(Unit::WanYuan))]
    #[case("罚款金额（元）", Some(Unit::Yuan))]
    #[case("罚款金额(单位：元)", Some(Unit::Yuan))]
    #[case("罚款金额（人民币 元）*", Some(Unit::Yuan))]
    #[case("罚款金额（千元）", None)]
    fn the_unit_stands_in_the_header(#[case] header: &str, #[case] expected: Option<Unit>) {
        assert_eq!(unit(header), expected);
    }

    #[rstest]
    #[case("penalty")]
    #[case("licence")]
    fn no_name_means_two_columns(#[case] code: &str) {
        let layout = Layout::by_code(code).unwrap();
        let mut names: Vec<String> = Vec::new();
        for column in layout.columns {
            let mut own: Vec<String> = column.headers.iter().map(|name| folded(name)).collect();
            own.sort();
            own.dedup();
            names.extend(own);
        }
        let all = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
