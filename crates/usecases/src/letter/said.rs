//! 信里写清楚的结果: whoever is reached by paper alone reads what was decided, and why, in the letter itself.

use std::collections::BTreeMap;

use register::challenge::Ending;
use register::correction::Correction;
use register::inquiry;
use register::notice::{About, Notice};
use register::objection::Outcome;
use register::paper::Paper;
use register::{NoticeId, PersonId};

use crate::any_case::{self, AnyCase};
use crate::case::{Step, words_place};
use crate::cx::Cx;
use crate::error::{Error, Result};
use crate::paper;

/// What a notice about a case tells of.
#[derive(Clone, Debug)]
pub struct Said {
    /// The case.
    pub case: AnyCase,
    /// The step of it, with what was said.
    pub step: Step,
    /// Papers that the body handed in.
    pub papers: Vec<Paper>,
    /// Who was told of the change.
    pub corrections: Vec<Correction>,
}

/// What these notices of a person tell of; of those that are about no case, nothing.
pub(super) async fn of(
    cx: &Cx,
    person: PersonId,
    notices: &[Notice],
) -> Result<BTreeMap<NoticeId, Said>> {
    let mut last: BTreeMap<NoticeId, (AnyCase, store::case::Step)> = BTreeMap::new();
    for case in any_case::of_person(cx, person).await? {
        let told = notices.iter().filter_map(|one| about(&case, one).map(|what| (one, what)));
        let told: Vec<(&Notice, &str)> = told.collect();
        if told.is_empty() {
            continue;
        }
        let steps = store::case::steps(cx.store.read(), person, case.of().case).await?;
        for (notice, what) in told {
            // A notice is written with its step and after it; both have identifiers that grow.
            let is_told =
                |step: &&store::case::Step| step.id < notice.id.0 && is_it(&case, what, &step.kind);
            let Some(step) = steps.iter().rev().find(is_told) else { continue };
            if last.get(&notice.id).is_none_or(|(_, other)| other.id < step.id) {
                last.insert(notice.id, (case.clone(), step.clone()));
            }
        }
    }
    let mut said = BTreeMap::new();
    for (notice, (case, step)) in last {
        said.insert(notice, open(cx, notice, case, step).await?);
    }
    Ok(said)
}

/// What the notice says of this case, by the end of its text's code; `None` if it is not about it.
fn about<'notice>(case: &AnyCase, notice: &'notice Notice) -> Option<&'notice str> {
    let is_of = |record| notice.about == About::Record(record);
    let (kind, is_same) = match case {
        AnyCase::Objection(one) => ("objection-", is_of(one.record)),
        AnyCase::Repair(one) => ("repair-", is_of(one.record)),
        AnyCase::Challenge(one) => ("challenge-", is_of(one.record)),
        // Those of before stand beside one of the records that were seen.
        AnyCase::Inquiry(one) => {
            ("inquiry-", notice.record().is_some() || notice.about == About::Inquiry(one.id))
        }
    };
    notice.text.strip_prefix(kind).filter(|_| is_same)
}

/// Whether a step of that kind is what the notice speaks of.
fn is_it(case: &AnyCase, what: &str, step: &str) -> bool {
    match case {
        AnyCase::Objection(_) if what == "answered" => {
            step == "deleted-unanswered" || Outcome::from_code(step).is_some()
        }
        AnyCase::Challenge(_) if what == "annulled" => {
            Ending::from_code(step).is_some_and(Ending::annuls)
        }
        AnyCase::Challenge(_) if what == "upheld" => {
            Ending::from_code(step).is_some_and(|ending| !ending.annuls())
        }
        AnyCase::Inquiry(_) if what == "answered" => {
            let state = inquiry::State::from_code(step);
            state.is_some_and(|state| state != inquiry::State::Asked)
        }
        // Of the office's own looks the texts are others, the steps the same.
        AnyCase::Inquiry(_) => step == what.strip_suffix("-office").unwrap_or(what),
        AnyCase::Objection(_) | AnyCase::Repair(_) | AnyCase::Challenge(_) => step == what,
    }
}

async fn open(cx: &Cx, notice: NoticeId, case: AnyCase, step: store::case::Step) -> Result<Said> {
    let (db, of) = (cx.store.read(), case.of());
    let words = match &step.words {
        None => String::new(),
        Some(sealed) => {
            let plain = cx.vault.open(words_place(&step.id), sealed)?;
            String::from_utf8(plain.to_vec()).map_err(|_| Error::Internal("the words of a step"))?
        }
    };
    let mut papers = paper::opened(cx, store::case::papers(db, of.person, of.case).await?)?;
    papers.retain(|paper| paper.is_of_agency);
    let mut corrections = store::correction::of_person(db, of.person).await?;
    // What changed the record stands between the two.
    corrections.retain(|sent| {
        sent.record == of.record && step.id < sent.event.0 && sent.event.0 < notice.0
    });
    Ok(Said { case, step: Step { kind: step.kind, at: step.at, words }, papers, corrections })
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::date;
    use register::objection::{Ground, Objection, Request, State};
    use register::{ObjectionId, RecordId, Uscc};
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_notice_speaks_of_the_step_that_it_was_written_with() {
        let objection = AnyCase::Objection(Objection {
            id: ObjectionId(Uuid::nil()),
            number: String::new(),
            person: PersonId(Uuid::nil()),
            record: RecordId(Uuid::nil()),
            agency: Uscc::parse("11999901TEMR000151").unwrap(),
            ground: Ground::WrongFact,
            request: Request::Correct,
            state: State::Open,
            received_at: Timestamp::UNIX_EPOCH,
            answer_due: date(2026, 11, 26),
            due: date(2026, 12, 2),
            is_extended: false,
            outcome: None,
            closed_at: None,
        });
        for (what, step, is_so) in [
            ("answered", "confirmed", true),
            ("answered", "deleted-unanswered", true),
            ("answered", "opened", false),
            ("answered", "extended", false),
            ("extended", "extended", true),
            ("suspended", "suspended", true),
            ("suspended", "confirmed", false),
        ] {
            assert_eq!(is_it(&objection, what, step), is_so, "{what} {step}");
        }
    }
}
