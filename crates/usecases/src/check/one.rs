//! 核查一人: look, log, wait, answer.

use register::disclosure::Fact;

use super::{Ask, decide, read};
use crate::access_log::{self, Disclosed};
use crate::cx::{Actor, Cx};
use crate::error::Result;

/// Checks one person for one matter.
///
/// The look is durable before anything is answered, also when the answer is a refusal.
///
/// # Errors
/// [`crate::Error::Mistakes`] in what was typed, [`crate::Error::Denied`], [`crate::Error::OutsideScope`],
/// [`crate::Error::Log`].
///
/// # Law
/// 个人信息保护法 6, 34 — purpose, statutory powers, no more than needed; 征信业管理条例 22 — every
/// query is registered.
pub async fn one(cx: &Cx, actor: &Actor, ask: &Ask) -> Result<Disclosed<Vec<Fact>>> {
    let today = cx.today();
    let question = read(cx, actor, ask, today)?;
    let found = cx.person(question.mark.blind).await?;
    let (look, facts) = decide(cx, actor, question, found, today)?;
    match facts {
        Ok(facts) => access_log::before(cx, look, facts).await,
        Err(denied) => {
            access_log::before(cx, look, ()).await?;
            Err(denied)
        }
    }
}
