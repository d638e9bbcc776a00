//! Impact assessments 影响评估 as pages show them: those of the rulebook and those that the office wrote.

use jiff::civil::Date;
use register::impact::{ImpactAssessment, Scope};
use rulebook::Rules;

use crate::pages::format::zh_date;
use crate::pages::portal::AssessmentRow;

/// What an assessment of the rulebook is about: the items and purposes that name it.
pub(crate) fn about(code: &str, rules: &Rules) -> String {
    let items = rules.items().iter().filter(|item| item.assessment == code);
    let items = items.map(|item| item.title.as_str());
    let purposes = rules.purposes().iter().filter(|purpose| purpose.assessment == code);
    let purposes = purposes.map(|purpose| purpose.title.as_str());
    let mut titles: Vec<&str> = items.chain(purposes).collect();
    titles.dedup();
    titles.join("、")
}

/// What one of the office is about.
pub(crate) fn about_own(one: &ImpactAssessment, rules: &Rules) -> String {
    let title = match one.scope {
        Scope::Item => rules.item(&one.code).map(|item| item.title.clone()),
        Scope::Purpose => rules.purpose(&one.code).map(|purpose| purpose.title.clone()),
    };
    title.map_or_else(|| one.code.clone(), |title| format!("{title}（{}）", one.code))
}

/// Every assessment that counts, for everybody: title, conclusion, dates. One that will be approved does not yet.
pub(crate) fn published(
    rules: &Rules,
    own: &[ImpactAssessment],
    today: Date,
) -> Vec<AssessmentRow> {
    let of_rules = rules.assessments().iter().filter(|one| one.approved_on.0 <= today);
    let of_rules = of_rules.map(|one| AssessmentRow {
        title: one.title.clone(),
        about: about(&one.code, rules),
        conclusion: one.conclusion.clone(),
        approved_on: zh_date(one.approved_on.0),
        review_by: zh_date(one.review_by.0),
    });
    let own = own.iter().filter_map(|one| {
        Some(AssessmentRow {
            title: one.title.clone(),
            about: about_own(one, rules),
            conclusion: one.conclusion.clone(),
            approved_on: zh_date(one.approved_on()?),
            review_by: zh_date(one.review_by),
        })
    });
    of_rules.chain(own).collect()
}
