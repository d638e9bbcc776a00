//! Lint: a rulebook that cannot be true is not loaded.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::civil::{Date, Weekday};

use crate::basis::Basis;
use crate::calendar::month_day;
use crate::files::{self, At, Files, Finding};
use crate::model::{Assessment, Unconfirmed};
use crate::penalty::{PenaltyKind, Severity};
use crate::rules::huge_fine_limit;

/// The fields that a record can have; the register's own list is the same (a test of it says so).
pub const FIELDS: &[&str] = &[
    "document_no",
    "document_title",
    "violation",
    "facts",
    "legal_basis",
    "penalty_kinds",
    "penalty_content",
    "fine_fen",
    "confiscated_fen",
    "licence_taken",
    "procedure",
    "act_on",
    "licence_title",
    "licence_kind",
    "certificate",
    "licence_no",
    "licence_content",
    "licence_state",
    "valid_from",
    "valid_until",
    "honour_title",
    "organisation",
    "service",
    "hours",
    "decided_on",
    "served_on",
    "effective_on",
    "authority",
    "authority_code",
];

/// The limits without which something would be decided or said wrongly.
const LIMITS: &[&str] = &[
    "adult_age",
    "penal_min_age",
    "limitation_years",
    "simple_max_fine_fen",
    "small_cell",
    "opening_hours",
    "counter_visit_minutes",
    "repair_documents",
    "warn_calendar_days",
    "code_wait_seconds",
    "codes_a_day",
    "codes_a_day_to_address",
    "supervision_sample_percent",
    "supervision_sample_most",
    "supervision_lookers",
    "supervision_lookers_bodies",
    "supervision_lookers_days",
    "supervision_hours_from",
    "supervision_hours_to",
    "supervision_out_of_hours_looks",
    "supervision_burst_looks",
    "supervision_burst_minutes",
    "supervision_fruitless_looks",
    "supervision_fruitless_times",
    "supervision_matter_persons",
    "supervision_past_days",
    "supervision_leaving_days",
    "supervision_leaving_looks",
    "client_secret_days",
    "client_secret_overlap_days",
    "client_secret_warn_days",
    "access_token_minutes",
    "enrolment_code_days",
    "account_event_days",
    "assessment_grace_days",
    "assessment_most_months",
    "incident_kept_years",
];

/// Checks a folder; an empty answer means that it can be used.
#[must_use]
pub fn check(dir: &Path) -> Vec<Finding> {
    match files::on_disk(dir) {
        Err(finding) => vec![finding],
        Ok(texts) => {
            let (files, mut findings) = files::parse(&texts);
            findings.extend(self::findings(&files));
            findings
        }
    }
}

struct Findings(Vec<Finding>);

impl Findings {
    fn add<T>(&mut self, at: &At<T>, reason: impl Into<String>) {
        self.0.push(Finding { file: at.file.clone(), line: at.line, reason: reason.into() });
    }
}

/// Every finding in what was read.
pub(crate) fn findings(files: &Files) -> Vec<Finding> {
    let mut found = Findings(Vec::new());
    bases(files, &mut found);
    once(files, &mut found);
    items(files, &mut found);
    periods(files, &mut found);
    references(files, &mut found);
    notices(files, &mut found);
    assessments(files, &mut found);
    agencies(files, &mut found);
    calendars(files, &mut found);
    found.0.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    found.0
}

/// Every rule has a citation with an act and an article.
fn bases(files: &Files, found: &mut Findings) {
    each_rule(files, |file, line, what, basis| {
        let at = At { rule: (), file: file.to_owned(), line };
        if basis.is_empty() {
            found.add(&at, format!("{what}: no basis"));
        }
        for basis in basis {
            if basis.act.trim().is_empty() || basis.article.trim().is_empty() {
                found.add(&at, format!("{what}: a basis needs an act and an article"));
            }
        }
    });
}

/// No two rules of one name; versions of an item do not overlap.
fn once(files: &Files, found: &mut Findings) {
    fn twice<T>(found: &mut Findings, list: &[At<T>], name: impl Fn(&T) -> String) {
        let mut seen = BTreeSet::new();
        for at in list {
            let name = name(&at.rule);
            if !seen.insert(name.clone()) {
                found.add(at, format!("{name}: stands twice"));
            }
        }
    }
    twice(found, &files.agencies, |a| a.uscc.clone());
    twice(found, &files.purposes, |p| p.code.clone());
    twice(found, &files.assessments, |a| a.code.clone());
    twice(found, &files.classes, |c| c.code.code().to_owned());
    twice(found, &files.kinds, |k| k.code.to_string());
    twice(found, &files.deadlines, |d| d.kind.clone());
    twice(found, &files.notices, |n| n.code.clone());
    twice(found, &files.lists, |l| l.code.clone());
    twice(found, &files.measures, |m| m.code.clone());
    twice(found, &files.incentives, |i| i.code.clone());
    twice(found, &files.limits, |l| l.name.clone());
    twice(found, &files.years, |y| y.year.to_string());
    for (at, item) in files.items.iter().enumerate() {
        let earlier = files.items.iter().take(at).filter(|e| e.rule.code == item.rule.code);
        for other in earlier {
            let starts_before_end = |a: &At<crate::Item>, b: &At<crate::Item>| {
                b.rule.until.is_none_or(|until| a.rule.from.0 <= until.0)
            };
            if starts_before_end(item, other) && starts_before_end(other, item) {
                found.add(item, format!("{}: effective dates overlap", item.rule.code));
            }
        }
    }
}

fn items(files: &Files, found: &mut Findings) {
    let forbidden: BTreeMap<&str, &str> = files
        .forbidden
        .iter()
        .flat_map(|at| at.rule.names.iter().map(|name| (name.as_str(), at.rule.title.as_str())))
        .collect();
    let kinds: BTreeSet<&str> = files.agencies.iter().map(|at| at.rule.kind.as_str()).collect();
    for at in &files.items {
        let item = &at.rule;
        for field in &item.fields {
            if let Some(title) = forbidden.get(field.as_str()) {
                found.add(at, format!("{}: field {field} is forbidden ({title})", item.code));
            } else if !FIELDS.contains(&field.as_str()) {
                found.add(at, format!("{}: no such field: {field}", item.code));
            }
        }
        if !["penalty", "licence", "honour", "volunteering", "none"].contains(&item.layout.as_str())
        {
            found.add(at, format!("{}: no such layout: {}", item.code, item.layout));
        }
        if !["internal", "government", "mandated", "consent"].contains(&item.grade.as_str()) {
            found.add(at, format!("{}: no such grade: {}", item.code, item.grade));
        }
        if item.layout != "none" {
            if item.fields.is_empty() {
                found.add(at, format!("{}: a layout needs a list of fields", item.code));
            }
            if item.supplied_by.is_empty() {
                found.add(at, format!("{}: no body of the city may supply it", item.code));
            }
        }
        for kind in item.supplied_by.iter().filter(|kind| !kinds.contains(kind.as_str())) {
            found.add(at, format!("{}: no body of kind {kind}", item.code));
        }
        if item.layout == "penalty" {
            huge_fines(files, at, found);
        }
        if item.until.is_some_and(|until| until.0 < item.from.0) {
            found.add(at, format!("{}: ends before it begins", item.code));
        }
        if item.review_by.0 <= item.read_on.0 {
            found.add(at, format!("{}: review_by must lie after read_on", item.code));
        }
    }
}

/// Every sector that supplies penalties says from which amount on a fine is a huge one: without the
/// limit no fine of it would ever be serious.
fn huge_fines(files: &Files, at: &At<crate::Item>, found: &mut Findings) {
    for kind in &at.rule.supplied_by {
        let name = huge_fine_limit(kind);
        if !files.limits.iter().any(|limit| limit.rule.name == name && limit.rule.value > 0) {
            found.add(at, format!("{}: limit {name} is missing", at.rule.code));
        }
    }
}

/// Display periods lie within what 国办发〔2025〕22号 allows; kinds have a class; limits are sane.
fn periods(files: &Files, found: &mut Findings) {
    for at in &files.classes {
        let (low, high) = match at.rule.code {
            Severity::Slight => (0, 3),
            Severity::General => (3, 12),
            Severity::Serious => (12, 36),
        };
        let (min, max) = (at.rule.min_months, at.rule.max_months);
        if min < low || max > high || min > max {
            found.add(
                at,
                format!(
                    "{}: {min} to {max} months, allowed are {low} to {high}",
                    at.rule.code.code()
                ),
            );
        }
    }
    let place = |file: &str| At { rule: (), file: file.to_owned(), line: 1 };
    for class in Severity::ALL {
        if !files.classes.iter().any(|at| at.rule.code == class) {
            found.add(&place("display.toml"), format!("class {} is missing", class.code()));
        }
    }
    for at in &files.kinds {
        if !PenaltyKind::ALL.iter().any(|kind| kind.code() == at.rule.code) {
            found.add(at, format!("no such kind of penalty: {}", at.rule.code));
        }
    }
    for kind in PenaltyKind::ALL {
        let is_sealed = *kind == PenaltyKind::Detention;
        if files.kinds.iter().any(|at| at.rule.code == kind.code()) == is_sealed {
            let what = if is_sealed { "is sealed and has no class" } else { "has no class" };
            found.add(&place("severity.toml"), format!("kind {} {what}", kind.code()));
        }
    }
    for name in LIMITS {
        if !files.limits.iter().any(|at| at.rule.name == *name && at.rule.value > 0) {
            found.add(&place("limits.toml"), format!("limit {name} is missing"));
        }
    }
    for kind in [
        "quiet",
        "objection",
        "repair_accept",
        "repair_result",
        "withdraw",
        "reconsideration",
        "incident_notice",
        "supervision_answer",
    ] {
        if !files.deadlines.iter().any(|at| at.rule.kind == kind && at.rule.n > 0) {
            found.add(&place("deadlines.toml"), format!("deadline {kind} is missing"));
        }
    }
    if files.sealed.len() != 1 {
        found.add(&place("forbidden.toml"), "there must be exactly one [[sealed]]");
    }
    for at in files.earlier.iter().skip(1) {
        found.add(at, "there can be only one [[earlier]]");
    }
}

fn references(files: &Files, found: &mut Findings) {
    let kinds: BTreeSet<&str> = files.agencies.iter().map(|at| at.rule.kind.as_str()).collect();
    let items: BTreeSet<&str> = files.items.iter().map(|at| at.rule.code.as_str()).collect();
    let lists: BTreeSet<&str> = files.lists.iter().map(|at| at.rule.code.as_str()).collect();
    for at in &files.purposes {
        for user in at.rule.users.iter().filter(|user| !kinds.contains(user.as_str())) {
            found.add(at, format!("{}: no body of kind {user}", at.rule.code));
        }
        for item in &at.rule.items {
            let exists = match item.strip_suffix('*') {
                Some(start) => {
                    !start.is_empty() && items.iter().any(|code| code.starts_with(start))
                }
                None => items.contains(item.as_str()),
            };
            if !exists {
                found.add(at, format!("{}: no item {item}", at.rule.code));
            }
        }
        if at.rule.users.is_empty() || at.rule.items.is_empty() {
            found.add(at, format!("{}: a purpose needs users and items", at.rule.code));
        }
    }
    for at in &files.lists {
        if !items.contains(at.rule.item.as_str()) {
            found.add(at, format!("{}: no item {}", at.rule.code, at.rule.item));
        }
    }
    for at in &files.measures {
        for list in at.rule.lists.iter().filter(|list| !lists.contains(list.as_str())) {
            found.add(at, format!("{}: no list {list}", at.rule.code));
        }
    }
    if !files.remedies.iter().any(|at| at.rule.kinds.iter().any(|kind| kind == "*")) {
        let at = At { rule: (), file: "remedies.toml".to_owned(), line: 1 };
        found.add(&at, "no remedy for bodies that are not named (kinds = [\"*\"])");
    }
}

/// What comes in by file and what may be looked at names its impact assessment (个人信息保护法 55): one of the
/// rulebook, or one that the office wrote, by its number. A second person approved it, and it is done again.
fn assessments(files: &Files, found: &mut Findings) {
    let known: BTreeSet<&str> = files.assessments.iter().map(|at| at.rule.code.as_str()).collect();
    let missing = |of: &str, named: &str| {
        if named.is_empty() {
            return Some(format!("{of}: names no impact assessment"));
        }
        let exists = known.contains(named) || Assessment::is_of_office(named);
        (!exists).then(|| format!("{of}: no impact assessment {named}"))
    };
    for at in &files.items {
        // An item that nothing comes in for needs none until its layout says otherwise.
        let needs = at.rule.layout != "none" || !at.rule.assessment.is_empty();
        if let Some(reason) = missing(&at.rule.code, &at.rule.assessment).filter(|_| needs) {
            found.add(at, reason);
        }
    }
    for at in &files.purposes {
        if let Some(reason) = missing(&at.rule.code, &at.rule.assessment) {
            found.add(at, reason);
        }
    }
    let most = files.limits.iter().find(|at| at.rule.name == "assessment_most_months");
    let most = most.and_then(|at| jiff::Span::new().try_months(at.rule.value).ok());
    for at in &files.assessments {
        let one = &at.rule;
        let texts = [&one.title, &one.lawfulness, &one.effects, &one.measures, &one.conclusion];
        if texts.iter().any(|text| text.trim().is_empty()) {
            found.add(at, format!("{}: an impact assessment says all of it", one.code));
        }
        if one.written_by == one.approved_by || one.approved_by.is_empty() {
            found.add(at, format!("{}: a second person must approve it", one.code));
        }
        if one.review_by.0 <= one.approved_on.0 {
            found.add(at, format!("{}: review_by must lie after approved_on", one.code));
        }
        let last = most.map(|most| one.approved_on.0.saturating_add(most));
        if let Some(last) = last.filter(|last| one.review_by.0 > *last) {
            let reason = format!(
                "{}: review_by must not lie after {last}, as assessment_most_months says",
                one.code
            );
            found.add(at, reason);
        }
    }
}

/// The places that a notice may have.
pub(crate) const PLACES: &[&str] = &[
    "title",
    "document_no",
    "authority",
    "decided_on",
    "source",
    "class",
    "quiet_until",
    "quiet_days",
    "told_on",
    "ends_on",
    "repair_from",
    "objection_days",
    "reconsideration_body",
    "reconsideration_days",
    "court",
    "court_months",
    "court_days",
    "item_basis",
    "due",
    "number",
    "source_body",
    "source_court",
    "hearing_days",
    "silence_days",
    "case",
    "contact",
    "opening_hours",
    "repair_documents",
    "looks",
    "incident_kind",
    "incident_when",
    "found_on",
    "information",
    "causes",
    "harm",
    "measures",
    "advice",
    "contact",
    "affected",
    "told",
];

fn notices(files: &Files, found: &mut Findings) {
    for at in &files.notices {
        for paragraph in &at.rule.paragraphs {
            for part in paragraph.split('{').skip(1) {
                let name = part.split('}').next().unwrap_or_default();
                if !PLACES.contains(&name) {
                    found.add(at, format!("{}: no such place: {{{name}}}", at.rule.code));
                }
            }
        }
    }
    for code in
        ["record-entered", "record-entered-told", "record-entered-slight", "licence-entered"]
    {
        if !files.notices.iter().any(|at| at.rule.code == code) {
            let at = At { rule: (), file: "notices.toml".to_owned(), line: 1 };
            found.add(&at, format!("notice {code} is missing"));
        }
    }
}

/// GB 32100: the last character checks the others.
fn agencies(files: &Files, found: &mut Findings) {
    const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    for at in &files.agencies {
        let values: Option<Vec<usize>> = at.rule.uscc.chars().map(|c| ALPHABET.find(c)).collect();
        let sum_fits = values.filter(|values| values.len() == 18).is_some_and(|values| {
            let mut weight = 1;
            let mut sum = 0;
            for value in values.iter().take(17) {
                sum += value * weight;
                weight = weight * 3 % 31;
            }
            values.last().is_some_and(|last| *last == (31 - sum % 31) % 31)
        });
        if !sum_fits {
            found.add(at, format!("{}: the code's check digit does not fit", at.rule.uscc));
        }
    }
}

fn calendars(files: &Files, found: &mut Findings) {
    for at in &files.years {
        let year = at.rule.year;
        for holiday in &at.rule.holiday {
            let name = &holiday.name;
            let days = [holiday.from.0, holiday.to.0];
            let mut days = days.into_iter().chain(holiday.work.iter().map(|day| day.0));
            // A notice also moves the last days of the December before.
            let is_of = |day: Date| {
                day.year() == year || (day.year() == year.saturating_sub(1) && day.month() == 12)
            };
            if days.any(|day| !is_of(day)) || holiday.to.0 < holiday.from.0 {
                found.add(at, format!("{name}: a day lies outside {year}"));
            }
            for day in holiday.work.iter().map(|day| day.0) {
                if !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
                    found.add(at, format!("{name}: {day} is no weekend, it is worked anyway"));
                }
            }
        }
        if at.rule.holiday.is_empty() {
            found.add(at, format!("{year}: no holiday"));
        }
    }
    let Some(at) = &files.provisional else {
        let at = At { rule: (), file: "calendar/provisional.toml".to_owned(), line: 1 };
        found.add(&at, "the provisional rule is missing");
        return;
    };
    for day in &at.rule.fixed {
        if month_day(day).is_none() {
            found.add(at, format!("{day} is no day of the year (month-day)"));
        }
    }
}

/// Rules whose sources somebody must still confirm.
pub(crate) fn unconfirmed(files: &Files) -> Vec<Unconfirmed> {
    let mut list = Vec::new();
    each_rule(files, |file, line, what, bases| {
        for basis in bases.iter().filter(|basis| basis.status.is_unconfirmed()) {
            list.push(Unconfirmed {
                file: file.to_owned(),
                line,
                what: what.to_owned(),
                source: basis.to_string(),
                status: basis.status,
                note: basis.note.clone(),
            });
        }
    });
    list
}

/// Walks through every rule that has a basis: file, line, what it is called, its bases.
fn each_rule(files: &Files, mut visit: impl FnMut(&str, usize, &str, &[Basis])) {
    macro_rules! walk {
        ($($list:ident: $name:expr),* $(,)?) => {$(
            for at in &files.$list {
                let name: String = $name(&at.rule);
                visit(&at.file, at.line, &name, &at.rule.basis);
            }
        )*};
    }
    walk!(
        items: |r: &crate::Item| format!("{} {}", r.code, r.title),
        agencies: |r: &crate::Agency| r.name.clone(),
        purposes: |r: &crate::Purpose| r.title.clone(),
        assessments: |r: &crate::Assessment| r.title.clone(),
        classes: |r: &crate::ClassRule| format!("{}的公示期限", r.code.title()),
        earlier: |_: &files::Earlier| "此前作出的决定的公示期限".to_owned(),
        kinds: |r: &files::KindRule| {
            let kind = PenaltyKind::ALL.iter().find(|kind| kind.code() == r.code);
            format!("{}的分类", kind.map_or("", |kind| kind.title()))
        },
        forbidden: |r: &crate::ForbiddenField| format!("不得记录：{}", r.title),
        sealed: |_: &crate::Sealed| "封存的治安管理违法记录".to_owned(),
        deadlines: |r: &crate::Deadline| r.title.clone(),
        notices: |r: &crate::NoticeText| r.title.clone(),
        remedies: |r: &crate::Remedy| format!("复议机关：{}", r.body),
        lists: |r: &crate::List| r.title.clone(),
        measures: |r: &crate::Measure| r.title.clone(),
        incentives: |r: &crate::Incentive| r.title.clone(),
        limits: |r: &crate::Limit| r.title.clone(),
        years: |r: &crate::calendar::YearFile| format!("{}年工作日", r.year),
    );
    if let Some(at) = &files.provisional {
        visit(&at.file, at.line, "暂定的工作日规则", &at.rule.basis);
    }
}
