//! Which looks or records an incident is about, as it was typed and as the store takes it.

use jiff::civil::Date;
use jiff::{Timestamp, tz};
use register::incident::SHORT;
use register::{AccountId, BatchId, Role};
use serde::{Deserialize, Serialize};

use crate::case::mistake;
use crate::cx::Cx;
use crate::error::{Mistake, Result};
use crate::inquiry::credit_office;

/// Searched by records instead of looks.
const RECORDS: &str = "records";
/// Everybody is meant.
const EVERYBODY: &str = "everybody";

/// Who is meant, as it was typed; what is empty does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Criteria {
    /// By what they are found: `looks` (or nothing) whoever was seen, `records` whose records they are, `everybody`.
    pub by: String,
    /// Login of who looked.
    pub login: String,
    /// Code of the body for which it was looked, or that sent the records.
    pub agency: String,
    /// The purpose, by code.
    pub purpose: String,
    /// From that day on, on which it was looked or the record was entered.
    pub from: String,
    /// Up to that day, itself included.
    pub to: String,
    /// From that position of the log on.
    pub first: String,
    /// Up to that position, itself included.
    pub last: String,
    /// `yes` if people count who looked at their own file.
    pub own: String,
    /// The item of the records, by code.
    pub item: String,
    /// The batch that they came with.
    pub batch: String,
}

impl Criteria {
    /// Whether everybody in the register is meant.
    #[must_use]
    pub fn is_of_everybody(&self) -> bool {
        self.by == EVERYBODY
    }

    /// Whether records are meant, and not looks.
    #[must_use]
    pub fn is_of_records(&self) -> bool {
        self.by == RECORDS
    }

    fn trimmed(&self) -> Self {
        let trimmed = |text: &str| text.trim().to_owned();
        Self {
            by: trimmed(&self.by),
            login: trimmed(&self.login),
            agency: trimmed(&self.agency),
            purpose: trimmed(&self.purpose),
            from: trimmed(&self.from),
            to: trimmed(&self.to),
            first: trimmed(&self.first),
            last: trimmed(&self.last),
            own: trimmed(&self.own),
            item: trimmed(&self.item),
            batch: trimmed(&self.batch),
        }
    }

    /// Only what counts by that way of searching: what was typed into the other fields is not kept either.
    fn fitting(&self) -> Self {
        let Self { by, agency, from, to, .. } = self.clone();
        match self.by.as_str() {
            EVERYBODY => Self { by, ..Self::default() },
            RECORDS => {
                let (item, batch) = (self.item.clone(), self.batch.clone());
                Self { by, agency, from, to, item, batch, ..Self::default() }
            }
            _ => Self { item: String::new(), batch: String::new(), ..self.clone() },
        }
    }

    /// What was typed, fit for searching.
    pub(super) fn clean(&self) -> Self {
        self.trimmed().fitting()
    }
}

/// Who is meant, as the store takes it.
pub(super) enum Window {
    /// Whose facts went out in looks.
    Looks(LooksWindow),
    /// Whose records they are.
    Records(RecordsWindow),
    /// Everybody in the register.
    Everybody,
}

/// Which looks.
#[derive(Default)]
pub(super) struct LooksWindow {
    pub(super) account: Option<AccountId>,
    pub(super) agency: Option<String>,
    /// The body is the office, whose own looks name none.
    pub(super) is_of_office: bool,
    pub(super) purpose: Option<String>,
    pub(super) from: Option<Timestamp>,
    pub(super) to: Option<Timestamp>,
    pub(super) first: u64,
    pub(super) before: Option<u64>,
    /// People count who looked at their own file.
    pub(super) with_own: bool,
}

/// Which records.
#[derive(Default)]
pub(super) struct RecordsWindow {
    pub(super) item: Option<String>,
    pub(super) source: Option<String>,
    pub(super) batch: Option<BatchId>,
    pub(super) from: Option<Timestamp>,
    pub(super) to: Option<Timestamp>,
}

/// Reads what was typed; `None` beside a mistake.
pub(super) async fn read(
    cx: &Cx,
    criteria: &Criteria,
    mistakes: &mut Vec<Mistake>,
) -> Result<Option<Window>> {
    Ok(match criteria.by.as_str() {
        "" | "looks" => looks(cx, criteria, mistakes).await?.map(Window::Looks),
        RECORDS => records(cx, criteria, mistakes).await?.map(Window::Records),
        EVERYBODY => Some(Window::Everybody),
        _ => {
            mistakes.push(mistake("by", "choice-missing", "请选择怎样查找。"));
            None
        }
    })
}

async fn looks(cx: &Cx, of: &Criteria, mistakes: &mut Vec<Mistake>) -> Result<Option<LooksWindow>> {
    let all = [&of.login, &of.agency, &of.purpose, &of.from, &of.to, &of.first, &of.last];
    if all.iter().all(|one| one.is_empty()) {
        let says = "请至少填写一项：谁查的、哪个单位、什么用途、哪几天，或者存证位置。";
        mistakes.push(mistake("login", "criteria-missing", says));
        return Ok(None);
    }
    let mut window = LooksWindow { with_own: of.own == "yes", ..LooksWindow::default() };
    if !of.login.is_empty() {
        let known = of.login.chars().count() <= SHORT;
        let account =
            if known { store::account::by_login(cx.store.read(), &of.login).await? } else { None };
        match account {
            Some(found) => {
                // Whoever got into a person's own account looked through his doors.
                window.with_own |= found.account.role == Role::Citizen;
                window.account = Some(found.account.id);
            }
            None => mistakes.push(mistake("login", "login-unknown", "没有这个账号名。")),
        }
    }
    expect_agency(cx, &of.agency, mistakes);
    window.agency = some(&of.agency);
    window.is_of_office = credit_office(&cx.rules)?.as_str() == of.agency;
    if !of.purpose.is_empty() && cx.rules.purpose(&of.purpose).is_none() {
        mistakes.push(mistake("purpose", "purpose-unknown", "请选择规则库里的用途。"));
    }
    window.purpose = some(&of.purpose);
    (window.from, window.to) = span(of, mistakes);
    window.first = position("first", &of.first, mistakes).unwrap_or(0);
    window.before = position("last", &of.last, mistakes).map(|last| last.saturating_add(1));
    if window.before.is_some_and(|before| before <= window.first) {
        mistakes.push(mistake("last", "last-before", "结束的位置不能早于开始的位置。"));
    }
    Ok(Some(window))
}

async fn records(
    cx: &Cx,
    of: &Criteria,
    mistakes: &mut Vec<Mistake>,
) -> Result<Option<RecordsWindow>> {
    if [&of.agency, &of.from, &of.to, &of.item, &of.batch].iter().all(|one| one.is_empty()) {
        let says = "请至少填写一项：哪个事项、哪一批、哪个单位报送，或者哪几天入库。";
        mistakes.push(mistake("item", "criteria-missing", says));
        return Ok(None);
    }
    let mut window = RecordsWindow::default();
    if !of.item.is_empty() && cx.rules.item(&of.item).is_none() {
        mistakes.push(mistake("item", "item-unknown", "请选择规则库里的事项。"));
    }
    window.item = some(&of.item);
    expect_agency(cx, &of.agency, mistakes);
    window.source = some(&of.agency);
    if !of.batch.is_empty() {
        let id: Option<BatchId> = of.batch.parse().ok();
        let known = match id {
            Some(id) => store::batch::by_id(cx.store.read(), id).await?.is_some(),
            None => false,
        };
        if !known {
            mistakes.push(mistake("batch", "batch-unknown", "没有这个批次。"));
        }
        window.batch = id;
    }
    (window.from, window.to) = span(of, mistakes);
    Ok(Some(window))
}

fn expect_agency(cx: &Cx, agency: &str, mistakes: &mut Vec<Mistake>) {
    if !agency.is_empty() && cx.rules.agency(agency).is_none() {
        mistakes.push(mistake("agency", "agency-unknown", "请选择规则库里的单位。"));
    }
}

/// From the beginning of the first day to the end of the last.
fn span(of: &Criteria, mistakes: &mut Vec<Mistake>) -> (Option<Timestamp>, Option<Timestamp>) {
    let from = day("from", &of.from, mistakes);
    let to = day("to", &of.to, mistakes);
    if from.zip(to).is_some_and(|(from, to)| to < from) {
        mistakes.push(mistake("to", "until-before", "结束的日期不能早于开始的日期。"));
    }
    let end = to.and_then(|day| day.tomorrow().ok()).and_then(begins);
    (from.and_then(begins), end)
}

fn day(field: &'static str, typed: &str, mistakes: &mut Vec<Mistake>) -> Option<Date> {
    if typed.is_empty() {
        return None;
    }
    let day = intake::read_day(typed);
    if day.is_none() {
        mistakes.push(mistake(field, "date-unreadable", "请按 2026-11-24 这样填写日期。"));
    }
    day
}

/// The first moment of a day in China.
fn begins(day: Date) -> Option<Timestamp> {
    let zoned = day.at(0, 0, 0, 0).to_zoned(tz::TimeZone::fixed(tz::offset(8))).ok()?;
    Some(zoned.timestamp())
}

fn position(field: &'static str, typed: &str, mistakes: &mut Vec<Mistake>) -> Option<u64> {
    if typed.is_empty() {
        return None;
    }
    let plain = typed.replace([',', '，', ' '], "");
    let position = plain.parse().ok();
    if position.is_none() {
        mistakes.push(mistake(field, "position-unreadable", "存证位置是一个数，例如 1024。"));
    }
    position
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
