//! Impact assessments 影响评估: written by one, approved by another.

use askama::Template;

use crate::pages::{Choice, Fact, Here, Mistakes, Shell, Tag, Tint, t};

use super::PairRow;

/// `/office/assessments`
#[derive(Template)]
#[template(path = "office/assessments.html")]
pub struct AssessmentsPage {
    /// The frame.
    pub shell: Shell,
    /// Those that the office wrote, what waits first.
    pub own: Vec<PairRow>,
    /// Those of the rulebook: title, what names it, until when.
    pub of_rules: Vec<RulesAssessment>,
    /// How many days after its review something still runs.
    pub grace_days: i64,
    /// Whether this actor may write one.
    pub may_act: bool,
}

/// One assessment of the rulebook.
pub struct RulesAssessment {
    /// Its code.
    pub code: String,
    /// Its title.
    pub title: String,
    /// Items and purposes that name it.
    pub about: String,
    /// When it must be done again, in full.
    pub review_by: String,
    /// Where it stands.
    pub tag: Tag,
}

/// `/office/assessments/new`
#[derive(Template)]
#[template(path = "office/assessment_new.html")]
pub struct AssessmentNewPage {
    /// The frame.
    pub shell: Shell,
    /// What is assessed.
    pub scopes: Vec<Choice>,
    /// Its code in the rulebook.
    pub code: String,
    /// Its title.
    pub title: String,
    /// Lawful, proper, necessary.
    pub lawfulness: String,
    /// What it does to people.
    pub effects: String,
    /// What is done against the risks.
    pub measures: String,
    /// Whether that fits.
    pub fits: Vec<Choice>,
    /// What follows.
    pub conclusion: String,
    /// When it must be done again.
    pub review_by: String,
    /// A day that could be typed there.
    pub example: String,
    /// What is wrong.
    pub mistakes: Mistakes,
}

/// `/office/assessments/{id}`
#[derive(Template)]
#[template(path = "office/assessment.html")]
pub struct AssessmentPage {
    /// The frame.
    pub shell: Shell,
    /// Its own address.
    pub place: String,
    /// Its number.
    pub number: String,
    /// Its title.
    pub title: String,
    /// Where it stands.
    pub tag: Tag,
    /// What it is about, and when.
    pub facts: Vec<Fact>,
    /// What it says, each part under its heading.
    pub parts: Vec<Fact>,
    /// The reasons of the second person; empty until he decides.
    pub reasons: String,
    /// Whether this actor can decide.
    pub may_decide: bool,
    /// Whether it waits for another person.
    pub waits: bool,
    /// The choices of the second person.
    pub decisions: Vec<Choice>,
    /// The reasons that were typed.
    pub typed: String,
    /// What is wrong.
    pub mistakes: Mistakes,
}

impl AssessmentsPage {
    /// One waits, one of the rulebook is due.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample_office(Here::OfficeAssessments),
            own: vec![PairRow {
                href: t("/office/assessments/a"),
                number: t("PG20261124-7F3K2Q"),
                what: t("救灾补助审查中查询的影响评估"),
                since: t("2026年11月24日 09:12"),
                tag: Tag::new("等待第二个人", Tint::Open),
            }],
            of_rules: vec![RulesAssessment {
                code: t("PIA-PENALTY"),
                title: t("归集行政处罚信息的影响评估"),
                about: t("市场监管领域行政处罚、交通运输领域行政处罚"),
                review_by: t("2027年11月30日"),
                tag: Tag::new("有效", Tint::Good),
            }],
            grace_days: 30,
            may_act: true,
        }
    }

    /// The office wrote none.
    #[must_use]
    pub fn sample_empty() -> Self {
        Self { own: Vec::new(), may_act: false, ..Self::sample() }
    }
}

impl AssessmentNewPage {
    /// With mistakes.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample_office(Here::OfficeAssessments),
            scopes: vec![
                Choice::new("item", "目录事项（归集）"),
                Choice::new("purpose", "查询用途").chosen(),
            ],
            code: t("flood-aid-review"),
            title: t("救灾补助审查中查询的影响评估"),
            lawfulness: String::new(),
            effects: String::new(),
            measures: String::new(),
            fits: vec![Choice::new("yes", "相适应"), Choice::new("no", "不相适应")],
            conclusion: String::new(),
            review_by: String::new(),
            example: t("2027-11-24"),
            mistakes: Mistakes::none()
                .and("lawfulness", "请写明情况和理由。")
                .and("review_by", "请按 2027-11-24 这样填写下次评估的日期。"),
        }
    }
}

impl AssessmentPage {
    /// It waits for the second person, who is here.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample_office(Here::OfficeAssessments),
            place: t("/office/assessments/a"),
            number: t("PG20261124-7F3K2Q"),
            title: t("救灾补助审查中查询的影响评估"),
            tag: Tag::new("等待第二个人", Tint::Open),
            facts: vec![
                Fact::new("评估的是", "flood-aid-review"),
                Fact::new("写于", "2026年11月24日 09:12"),
                Fact::new("最迟重新评估", "2027年11月24日"),
            ],
            parts: vec![
                Fact::new("合法、正当、必要", "依法审查救灾补助的条件。"),
                Fact::new("对人的影响和风险", "可能影响领取补助。"),
                Fact::new("保护措施", "只给条件需要的事项，每次登记。"),
                Fact::new("结论", "可以查询。"),
            ],
            reasons: String::new(),
            may_decide: true,
            waits: false,
            decisions: vec![Choice::new("approve", "批准"), Choice::new("refuse", "不批准")],
            typed: String::new(),
            mistakes: Mistakes::none(),
        }
    }

    /// It was approved.
    #[must_use]
    pub fn sample_approved() -> Self {
        Self {
            tag: Tag::new("已批准", Tint::Good),
            reasons: t("写得清楚，措施相适应。"),
            may_decide: false,
            ..Self::sample()
        }
    }
}
