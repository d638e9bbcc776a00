//! Checks 核查: one look at a person's facts, for one purpose, in one matter.

mod many;
mod one;

use access::{Action, What};
use jiff::civil::Date;
use register::Redacted;
use register::disclosure::Fact;
use register::impact::Scope;
use rulebook::Purpose;
use store::person::Mark;
use store::record::Found;

pub use many::{MOST, many};
pub use one::one;

use crate::access_log::{Door, Look, Outcome};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Mistake, Result};
use crate::{impact, seal, wording};

/// What is asked, as it was typed.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    /// Kind of identity document; empty means a citizen's card.
    pub id_kind: String,
    /// Its number.
    pub id_number: Redacted<String>,
    /// The person's name.
    pub name: Redacted<String>,
    /// The purpose, by code.
    pub purpose: String,
    /// The number of the matter that needs it.
    pub matter: String,
}

/// Longest matter, in characters.
const MATTER_CHARS: usize = 64;

struct Question<'a> {
    /// How he is found.
    mark: Mark,
    purpose: &'a Purpose,
    matter: String,
}

/// Reads what was typed.
fn read<'a>(cx: &'a Cx, actor: &Actor, ask: &Ask, today: Date) -> Result<Question<'a>> {
    let mut mistakes = Vec::new();
    let typed = (ask.id_number.reveal().as_str(), ask.name.reveal().as_str());
    let who = seal::read_person(&ask.id_kind, typed, today, &mut mistakes);
    let purpose = cx.rules.purpose(ask.purpose.trim());
    if purpose.is_none() {
        mistakes.push(wording::purpose_mistake(cx, actor));
    }
    let matter = ask.matter.trim();
    if matter.is_empty() || matter.chars().count() > MATTER_CHARS {
        mistakes.push(Mistake {
            field: "matter",
            code: "matter-missing",
            says: format!("请填写办理事项的编号，最多 {MATTER_CHARS} 个字。没有办理事项不能查询。"),
        });
    } else if register::mask::text(matter).is_some() {
        mistakes.push(Mistake {
            field: "matter",
            code: "matter-personal",
            says: "办理事项里不要写证件号码或者手机号码，请填写受理编号。".to_owned(),
        });
    }
    match (who, purpose, mistakes.is_empty()) {
        (Some((document, name)), Some(purpose), true) => {
            impact::expect(cx, Scope::Purpose, &purpose.code, &purpose.assessment)?;
            let mark = seal::mark(cx, &document, &name)?;
            Ok(Question { mark, purpose, matter: matter.to_owned() })
        }
        _ => Err(Error::Mistakes(mistakes)),
    }
}

/// Decides what may be told of what was found; the look says what became of it.
fn decide(
    cx: &Cx,
    actor: &Actor,
    question: Question<'_>,
    found: Option<Found>,
    today: Date,
) -> Result<(Look, Result<Vec<Fact>>)> {
    let mark = question.mark;
    let person = found.as_ref().map_or_else(|| seal::stand_in(&mark.blind), |found| found.person);
    let mut look = Look::by(actor, Door::Check, person);
    look.purpose = Some(question.purpose.code.clone());
    look.matter = question.matter;

    let id = person.to_string();
    let what = What {
        person: Some(&id),
        allowed_kinds: Some(&question.purpose.users),
        purpose: Some(&question.purpose.code),
        has_matter: !look.matter.is_empty(),
        ..What::default()
    };
    if let Err(denied) = cx.permit(actor, Action::CheckPerson, what) {
        let is_outside =
            actor.scope.as_ref().is_some_and(|scope| !scope.has_purpose(&question.purpose.code));
        let (reason, refused) = if is_outside {
            ("outside-scope", Error::OutsideScope)
        } else {
            ("not-allowed", denied)
        };
        look.outcome = Outcome::Refused;
        look.reason = Some(reason.to_owned());
        return Ok((look, Err(refused)));
    }
    // A number with another name is a number that nobody here has: nothing is told apart from outside.
    let Some(found) = found.filter(|found| found.name_mark == mark.name_mark) else {
        look.reason = Some("no-such-person".to_owned());
        return Ok((look, Ok(Vec::new())));
    };
    let mut records = Vec::with_capacity(found.records.len());
    for stored in found.records {
        if question.purpose.may_see(&stored.item) {
            records.push(seal::open_record(&cx.vault, stored)?);
        }
    }
    let facts = register::disclosure::facts_for(
        records,
        |item| question.purpose.may_see(item),
        &cx.rules,
        today,
    );
    look.giving(&facts);
    Ok((look, Ok(facts)))
}
