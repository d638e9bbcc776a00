//! 批量核查: up to a thousand questions in one call, each with its own purpose, matter and log entry.

use register::disclosure::Fact;

use super::{Ask, decide, read};
use crate::access_log::{self, Disclosed};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Mistake, Result};

/// Most questions in one call.
pub const MOST: usize = 1_000;

/// Checks many; each question is answered or refused by itself, in the order asked.
///
/// # Errors
/// [`Error::Mistakes`] if there are too many, [`Error::Log`]: then nothing at all is answered.
pub async fn many(
    cx: &Cx,
    actor: &Actor,
    asks: &[Ask],
) -> Result<Vec<Result<Disclosed<Vec<Fact>>>>> {
    if asks.is_empty() || asks.len() > MOST {
        return Err(Error::Mistakes(vec![Mistake {
            field: "checks",
            code: "too-many",
            says: format!("一次可以核查 1 到 {MOST} 人。"),
        }]));
    }
    let today = cx.today();
    let mut questions = Vec::with_capacity(asks.len());
    let mut unread = Vec::new();
    for (at, ask) in asks.iter().enumerate() {
        match read(cx, actor, ask, today) {
            Ok(question) => questions.push(question),
            Err(mistakes) => unread.push((at, mistakes)),
        }
    }
    let blinds: Vec<[u8; 32]> = questions.iter().map(|question| question.mark.blind).collect();
    let found = store::record::of_blinds(cx.store.read(), &blinds).await?;
    let mut looks = Vec::with_capacity(questions.len());
    for (question, found) in questions.into_iter().zip(found) {
        looks.push(decide(cx, actor, question, found, today)?);
    }
    let disclosed = access_log::before_many(cx, looks).await?;
    let mut answers: Vec<Result<Disclosed<Vec<Fact>>>> =
        disclosed.into_iter().map(Disclosed::transpose).collect();
    for (at, mistakes) in unread {
        answers.insert(at, Err(mistakes));
    }
    Ok(answers)
}
