//! Files: reads the folder, remembers the line of every table, and says what it cannot read.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use rust_embed::RustEmbed;
use serde::Deserialize;
use serde::Serialize;
use serde::de::DeserializeOwned;
use toml::Spanned;

use crate::calendar::{ProvisionalFile, YearFile};
use crate::deadline::Deadline;
use crate::model::{
    Agency, Assessment, ClassRule, ForbiddenField, Incentive, Item, Limit, List, Measure,
    NoticeText, Purpose, Remedy, Sealed,
};

#[derive(RustEmbed)]
#[folder = "../../rulebook"]
struct Bundled;

/// Something wrong in the rulebook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// File, relative to the rulebook.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// What is wrong.
    pub reason: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.reason)
    }
}

/// A table with the place where it stands.
#[derive(Clone, Debug)]
pub(crate) struct At<T> {
    pub(crate) rule: T,
    pub(crate) file: String,
    pub(crate) line: usize,
}

/// Everything that stands in the folder.
#[derive(Debug, Default)]
pub(crate) struct Files {
    pub(crate) items: Vec<At<Item>>,
    pub(crate) agencies: Vec<At<Agency>>,
    pub(crate) purposes: Vec<At<Purpose>>,
    pub(crate) assessments: Vec<At<Assessment>>,
    pub(crate) classes: Vec<At<ClassRule>>,
    pub(crate) earlier: Vec<At<Earlier>>,
    pub(crate) kinds: Vec<At<KindRule>>,
    pub(crate) forbidden: Vec<At<ForbiddenField>>,
    pub(crate) sealed: Vec<At<Sealed>>,
    pub(crate) deadlines: Vec<At<Deadline>>,
    pub(crate) notices: Vec<At<NoticeText>>,
    pub(crate) remedies: Vec<At<Remedy>>,
    pub(crate) lists: Vec<At<List>>,
    pub(crate) measures: Vec<At<Measure>>,
    pub(crate) incentives: Vec<At<Incentive>>,
    pub(crate) limits: Vec<At<Limit>>,
    pub(crate) years: Vec<At<YearFile>>,
    pub(crate) provisional: Option<At<ProvisionalFile>>,
}

/// Which class a kind of penalty has by itself.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KindRule {
    pub(crate) code: u8,
    pub(crate) class: crate::penalty::Severity,
    pub(crate) basis: Vec<crate::basis::Basis>,
}

/// Periods for decisions made before a day, where they were kinder to the person.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Earlier {
    pub(crate) decided_before: crate::calendar::TomlDate,
    pub(crate) min_months: u32,
    pub(crate) max_months: u32,
    pub(crate) basis: Vec<crate::basis::Basis>,
}

macro_rules! tables {
    ($name:ident { $($table:ident: $type:ty),* $(,)? }) => {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct $name { $(#[serde(default = "Vec::new")] $table: Vec<Spanned<$type>>,)* }
    };
}

tables!(Tables {
    item: Item,
    agency: Agency,
    purpose: Purpose,
    assessment: Assessment,
    class: ClassRule,
    earlier: Earlier,
    kind: KindRule,
    forbidden: ForbiddenField,
    sealed: Sealed,
    deadline: Deadline,
    notice: NoticeText,
    remedy: Remedy,
    list: List,
    measure: Measure,
    incentive: Incentive,
    limit: Limit,
});

/// The bundled folder as texts by name.
pub(crate) fn bundled() -> BTreeMap<String, String> {
    Bundled::iter()
        .filter_map(|name| {
            let file = Bundled::get(&name)?;
            Some((name.into_owned(), String::from_utf8_lossy(&file.data).into_owned()))
        })
        .collect()
}

/// A folder on disk as texts by name.
pub(crate) fn on_disk(dir: &Path) -> Result<BTreeMap<String, String>, Finding> {
    let mut texts = BTreeMap::new();
    for (folder, prefix) in [(dir.to_owned(), ""), (dir.join("calendar"), "calendar/")] {
        let problem = |error: &std::io::Error| Finding {
            file: folder.display().to_string(),
            line: 1,
            reason: format!("cannot be read: {error}"),
        };
        for entry in std::fs::read_dir(&folder).map_err(|error| problem(&error))? {
            let path = entry.map_err(|error| problem(&error))?.path();
            if path.extension().is_none_or(|extension| extension != "toml") {
                continue;
            }
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let text = std::fs::read_to_string(&path).map_err(|error| problem(&error))?;
            texts.insert(format!("{prefix}{name}"), text);
        }
    }
    Ok(texts)
}

/// Reads all texts; what cannot be read is a finding.
pub(crate) fn parse(texts: &BTreeMap<String, String>) -> (Files, Vec<Finding>) {
    let mut files = Files::default();
    let mut findings = Vec::new();
    for (name, text) in texts {
        if name == "calendar/provisional.toml" {
            files.provisional = read(name, text, &mut findings).map(|rule| at(name, 1, rule));
        } else if name.starts_with("calendar/") {
            files.years.extend(read(name, text, &mut findings).map(|rule| at(name, 1, rule)));
        } else if let Some(tables) = read::<Tables>(name, text, &mut findings) {
            files.take(name, text, tables);
        }
    }
    (files, findings)
}

impl Files {
    fn take(&mut self, name: &str, text: &str, tables: Tables) {
        macro_rules! take {
            ($($table:ident => $list:ident),* $(,)?) => {$(
                self.$list.extend(tables.$table.into_iter().map(|rule| {
                    let line = line_of(text, rule.span().start);
                    at(name, line, rule.into_inner())
                }));
            )*};
        }
        take!(
            item => items, agency => agencies, purpose => purposes, assessment => assessments,
            class => classes,
            earlier => earlier, kind => kinds, forbidden => forbidden, sealed => sealed,
            deadline => deadlines, notice => notices, remedy => remedies, list => lists,
            measure => measures, incentive => incentives, limit => limits,
        );
    }
}

fn at<T>(file: &str, line: usize, rule: T) -> At<T> {
    At { rule, file: file.to_owned(), line }
}

fn read<T: DeserializeOwned>(name: &str, text: &str, findings: &mut Vec<Finding>) -> Option<T> {
    toml::from_str(text)
        .map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            let line = line_of(text, start);
            findings.push(Finding {
                file: name.to_owned(),
                line,
                reason: error.message().to_owned(),
            });
        })
        .ok()
}

fn line_of(text: &str, offset: usize) -> usize {
    text.get(..offset).unwrap_or(text).matches('\n').count() + 1
}
