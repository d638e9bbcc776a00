//! 写影响评估: the first of two people writes it down.

use jiff::ToSpan;
use register::AssessmentId;
use register::impact::{ImpactAssessment, SHORT, Scope, WORDS};

use access::{Action, What};

use crate::case::{mistake, number, read_words};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Mistake, Result};

/// An assessment as it was typed.
#[derive(Clone, Debug, Default)]
pub struct NewAssessment {
    /// `item` or `purpose`.
    pub scope: String,
    /// Its code in the rulebook.
    pub code: String,
    /// On screen.
    pub title: String,
    /// Whether purpose and means are lawful, proper and necessary.
    pub lawfulness: String,
    /// What it does to people, and the risks.
    pub effects: String,
    /// What is done against the risks.
    pub measures: String,
    /// `yes` if that fits the risks, `no` if it does not.
    pub fit: String,
    /// What follows.
    pub conclusion: String,
    /// When it must be done again.
    pub review_by: String,
}

/// Writes an assessment; it counts once a second person has approved it.
///
/// # Errors
/// [`Error::Denied`], [`Error::Mistakes`].
///
/// # Law
/// 个人信息保护法 56 — what an assessment contains.
pub async fn write(cx: &Cx, actor: &Actor, new: NewAssessment) -> Result<ImpactAssessment> {
    cx.permit(actor, Action::WriteAssessment, What::default())?;
    let mut mistakes = Vec::new();
    let scope = Scope::from_code(&new.scope);
    if scope.is_none() {
        mistakes.push(mistake("scope", "choice-missing", "请选择评估的是目录事项还是查询用途。"));
    }
    let code = new.code.trim().to_owned();
    let is_code = !code.is_empty()
        && code.len() <= SHORT
        && code.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == '-');
    if !is_code {
        let says = "请填写规则库里的代码，例如 NP04-MR 或者 licence-review。";
        mistakes.push(mistake("code", "code-form", says));
    }
    let is_fit = match new.fit.as_str() {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    if is_fit.is_none() {
        mistakes.push(mistake("fit", "choice-missing", "请选择措施和风险是不是相适应。"));
    }
    let title = read_words("title", &new.title, SHORT, &mut mistakes);
    let lawfulness = read_words("lawfulness", &new.lawfulness, WORDS, &mut mistakes);
    let effects = read_words("effects", &new.effects, WORDS, &mut mistakes);
    let measures = read_words("measures", &new.measures, WORDS, &mut mistakes);
    let conclusion = read_words("conclusion", &new.conclusion, WORDS, &mut mistakes);
    let review_by = read_review(cx, &new.review_by, &mut mistakes);
    let (Some(scope), Some(is_fit), Some(review_by), true) =
        (scope, is_fit, review_by, mistakes.is_empty())
    else {
        return Err(Error::Mistakes(mistakes));
    };
    let id = AssessmentId(cx.new_id());
    let written = ImpactAssessment {
        id,
        number: number("PG", cx.today(), id.0),
        scope,
        code,
        title,
        lawfulness,
        effects,
        measures,
        is_fit,
        conclusion,
        review_by,
        written_by: actor.account,
        written_at: cx.now(),
        decision: None,
    };
    let tx = cx.store.begin().await?;
    store::impact::add(&tx, &written).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(written)
}

/// The day of the review: after today, and not later than the rulebook lets it be.
fn read_review(cx: &Cx, typed: &str, mistakes: &mut Vec<Mistake>) -> Option<jiff::civil::Date> {
    let most = cx.rules.limit("assessment_most_months");
    let last = cx.today().saturating_add(most.months());
    let day = intake::read_day(typed).filter(|day| *day > cx.today() && *day <= last);
    if day.is_none() {
        let says = format!("请按 {last} 这样填写下次评估的日期，要在今天以后、{most} 个月以内。");
        mistakes.push(mistake("review_by", "review-by", says));
    }
    day
}
