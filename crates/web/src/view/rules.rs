//! The rulebook as pages show it.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rulebook::{Basis, Item, Rules, Severity, Unconfirmed};

use super::{sources, statutes};
use crate::pages::Choice;
use crate::pages::format::zh_date;
use crate::pages::office::{OfficeRule, OpenSource, UnconfirmedRule};
use crate::pages::portal::{PeriodRow, PurposeRow, RuleGroup, RuleItem, Terms};
use register::Field;

/// Items by kind, as they are in force on `today`.
pub(crate) fn groups(rules: &Rules, today: Date) -> Vec<RuleGroup> {
    [
        ("penalty", "行政处罚"),
        ("licence", "行政许可"),
        ("honour", "荣誉"),
        ("volunteering", "志愿服务"),
        ("none", "其他"),
    ]
    .into_iter()
    .map(|(layout, title)| RuleGroup {
        id: layout.to_owned(),
        title: title.to_owned(),
        items: rules
            .items()
            .iter()
            .filter(|item| item.layout == layout && in_force(item, today))
            .map(|item| rule_item(item, rules))
            .collect(),
    })
    .filter(|group| !group.items.is_empty())
    .collect()
}

fn in_force(item: &Item, today: Date) -> bool {
    item.from.0 <= today && item.until.as_ref().is_none_or(|until| today <= until.0)
}

fn rule_item(item: &Item, rules: &Rules) -> RuleItem {
    let suppliers =
        rules.agencies().iter().filter(|agency| item.supplied_by.contains(&agency.kind));
    RuleItem {
        code: item.code.clone(),
        title: item.title.clone(),
        what: item.what.clone(),
        fields: item
            .fields
            .iter()
            .map(|code| {
                Field::from_code(code).map_or_else(|| code.clone(), |f| f.title().to_owned())
            })
            .collect(),
        supplied_by: suppliers.map(|agency| agency.name.clone()).collect(),
        how_long: item.how_long.clone(),
        purposes: rules
            .purposes()
            .iter()
            .filter(|purpose| purpose.may_see(&item.code))
            .map(|purpose| purpose.title.clone())
            .collect(),
        sources: sources(&item.basis),
    }
}

/// How long each class is displayed.
pub(crate) fn periods(rules: &Rules) -> Vec<PeriodRow> {
    Severity::ALL
        .into_iter()
        .map(|class| {
            let rule = rules.class(class);
            PeriodRow {
                class: class.title().to_owned(),
                repair_from: if rule.min_months == 0 {
                    "改正后随时".to_owned()
                } else {
                    format!("满 {}", months(rule.min_months))
                },
                ends: if rule.shown {
                    format!("最长 {}", months(rule.max_months))
                } else {
                    "不展示".to_owned()
                },
            }
        })
        .collect()
}

fn months(n: u32) -> String {
    if n >= 12 && n.is_multiple_of(12) { format!("{} 年", n / 12) } else { format!("{n} 个月") }
}

/// Every purpose with its statute and what it sees.
pub(crate) fn purposes<'a>(
    rules: &Rules,
    purposes: impl IntoIterator<Item = &'a rulebook::Purpose>,
) -> Vec<PurposeRow> {
    purposes
        .into_iter()
        .map(|purpose| PurposeRow {
            title: purpose.title.clone(),
            statute: statutes(&purpose.basis),
            sees: rules
                .items()
                .iter()
                .filter(|item| purpose.may_see(&item.code))
                .map(|item| item.title.clone())
                .collect(),
        })
        .collect()
}

/// How many days a period of the rulebook has.
pub(crate) fn days(rules: &Rules, kind: &str) -> u32 {
    rules.deadline(kind).map_or(0, |deadline| deadline.n)
}

/// The periods of the rights page; a rulebook without one of them says 0, which a test would see.
pub(crate) fn terms(rules: &Rules) -> Terms {
    let n = |kind: &str| days(rules, kind);
    let limit = |name: &str| u32::try_from(rules.limit(name)).unwrap_or(0);
    let remedy = rules.agencies().iter().find_map(|agency| rules.remedy(agency));
    let or = |n: u32, own: u32| if n == 0 { own } else { n };
    Terms {
        // Marked on the day on which it is made or the next working day: our own promise.
        objection_mark_working_days: or(n("objection_mark"), 1),
        objection_answer_working_days: n("objection"),
        silent_delete_working_days: n("objection_silent_delete"),
        repair_accept_working_days: n("repair_accept"),
        repair_result_working_days: n("repair_result"),
        repair_documents: or(limit("repair_documents"), 2),
        quiet_working_days: n("quiet"),
        reconsider_days: n("reconsideration"),
        sue_months: n("sue_direct"),
        reconsider_body: remedy.map(|remedy| remedy.body.clone()).unwrap_or_default(),
    }
}

/// What is asked of the office's list of rules.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Filter {
    pub(crate) topic: String,
    pub(crate) status: String,
    pub(crate) q: String,
}

const TOPICS: [(&str, &str); 9] = [
    ("", "全部"),
    ("items", "目录事项"),
    ("agencies", "单位职权"),
    ("purposes", "查询用途"),
    ("deadlines", "期限"),
    ("forbidden", "禁止收集"),
    ("lists", "名单"),
    ("measures", "措施清单"),
    ("incentives", "守信便利"),
];
const STATUSES: [(&str, &str); 2] = [("", "全部"), ("open", "待确认")];

fn choices(of: &[(&str, &str)], chosen: &str) -> Vec<Choice> {
    of.iter()
        .map(|(value, text)| Choice { is_chosen: *value == chosen, ..Choice::new(value, text) })
        .collect()
}

impl Filter {
    /// Topics, the wanted one chosen.
    pub(crate) fn topics(&self) -> Vec<Choice> {
        choices(&TOPICS, &self.topic)
    }

    /// Statuses, the wanted one chosen.
    pub(crate) fn statuses(&self) -> Vec<Choice> {
        choices(&STATUSES, &self.status)
    }

    fn passes(&self, topic: &str, rule: &OfficeRule) -> bool {
        let q = self.q.trim();
        (self.topic.is_empty() || self.topic == topic)
            && (self.status != "open" || rule.sources.iter().any(|source| !source.is_confirmed))
            && (q.is_empty() || rule.key.contains(q) || rule.title.contains(q))
    }
}

/// How many main rules there are, and those that pass the filter.
pub(crate) fn list(rules: &Rules, filter: &Filter) -> (usize, Vec<OfficeRule>) {
    let rule = |key: &str, title: &str, basis: &[Basis]| OfficeRule {
        key: key.to_owned(),
        title: title.to_owned(),
        from: String::new(),
        to: String::new(),
        sources: sources(basis),
    };
    let mut all: Vec<(&str, OfficeRule)> = Vec::new();
    for item in rules.items() {
        let from = zh_date(item.from.0);
        let to = item.until.as_ref().map(|until| zh_date(until.0)).unwrap_or_default();
        all.push(("items", OfficeRule { from, to, ..rule(&item.code, &item.title, &item.basis) }));
    }
    for agency in rules.agencies() {
        all.push(("agencies", rule(&agency.uscc, &agency.name, &agency.basis)));
    }
    for purpose in rules.purposes() {
        all.push(("purposes", rule(&purpose.code, &purpose.title, &purpose.basis)));
    }
    for deadline in rules.deadlines() {
        let title = format!("{}：{} {}", deadline.title, deadline.n, deadline.unit.title());
        all.push(("deadlines", rule(&deadline.kind, &title, &deadline.basis)));
    }
    for field in rules.forbidden() {
        all.push(("forbidden", rule(&field.names.join(" "), &field.title, &field.basis)));
    }
    for list in rules.lists() {
        all.push(("lists", rule(&list.code, &list.title, &list.basis)));
    }
    for measure in rules.measures() {
        all.push(("measures", rule(&measure.code, &measure.title, &measure.basis)));
    }
    for incentive in rules.incentives() {
        all.push(("incentives", rule(&incentive.code, &incentive.title, &incentive.basis)));
    }
    let total = all.len();
    let passed = all.into_iter().filter(|(topic, rule)| filter.passes(topic, rule));
    (total, passed.map(|(_, rule)| rule).collect())
}

/// Rules that somebody must confirm, each once with all sources in question: first those without a
/// day, which is as soon as possible, then the soonest. The day is known where the rule is an item's.
pub(crate) fn unconfirmed(
    open: Vec<Unconfirmed>,
    items: &[Item],
    today: Date,
) -> Vec<UnconfirmedRule> {
    let soon = today.saturating_add(jiff::ToSpan::days(30));
    let mut by_rule: BTreeMap<(String, usize), Vec<Unconfirmed>> = BTreeMap::new();
    for open in open {
        by_rule.entry((open.file.clone(), open.line)).or_default().push(open);
    }
    let mut rules: Vec<_> = by_rule
        .into_iter()
        .map(|((file, line), open)| {
            let what = open.first().map(|open| open.what.clone()).unwrap_or_default();
            let item = items.iter().find(|item| {
                what == item.code || what.split_whitespace().any(|word| word == item.code)
            });
            let review_by = item.map(|item| item.review_by.0);
            let rule = UnconfirmedRule {
                key: format!("{file} 第 {line} 行"),
                title: what,
                sources: open
                    .into_iter()
                    .map(|open| OpenSource {
                        source: open.source,
                        status: open.status.title().to_owned(),
                    })
                    .collect(),
                review_by: review_by.map_or_else(|| "尽快".to_owned(), zh_date),
                is_soon: review_by.is_some_and(|day| day <= soon),
            };
            (review_by, rule)
        })
        .collect();
    // `None` comes before every day.
    rules.sort_by_key(|(review_by, _)| *review_by);
    rules.into_iter().map(|(_, rule)| rule).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn what_must_be_confirmed_stands_once_and_the_soonest_first() {
        let rules = Rules::bundled().unwrap();
        let open = rules.unconfirmed();
        let today = jiff::civil::date(2026, 11, 23);
        let shown = unconfirmed(open.clone(), rules.items(), today);
        let sources: usize = shown.iter().map(|rule| rule.sources.len()).sum();
        assert_eq!(sources, open.len(), "no source is lost");
        let keys: BTreeSet<_> = shown.iter().map(|rule| &rule.key).collect();
        assert_eq!(keys.len(), shown.len());
        let is_day = |rule: &UnconfirmedRule| rule.review_by != "尽快";
        let first_day = shown.iter().position(is_day).unwrap();
        assert!(shown.iter().skip(first_day).all(is_day), "those without a day come first");
        let day = |rule: &UnconfirmedRule| {
            let item = rules.items().iter().find(|item| rule.title.starts_with(&item.code));
            item.map(|item| item.review_by.0)
        };
        assert!(shown.iter().map(day).is_sorted());
    }
}
