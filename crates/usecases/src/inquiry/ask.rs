//! 提出查询疑问: "I do not understand this look" goes to whoever looked.

use register::InquiryId;
use register::inquiry::{Inquiry, State, WORDS};

use super::{credit_office, of};
use crate::begin_case::expect_alive;
use crate::case::{mistake, number, read_words, step};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::my::{self, myself};

/// Asks about one look. Asked twice, the first question stands.
///
/// # Errors
/// [`Error::Denied`], [`Error::Mistakes`], [`Error::NotFound`] if it is not a look at him, or he has died.
///
/// # Law
/// 个人信息保护法 44, 48 — to know, and to have it explained.
pub async fn ask(cx: &Cx, actor: &Actor, look: u64, words: &str) -> Result<Inquiry> {
    let person = myself(cx, actor)?;
    let seen = my::look(cx, actor, look).await?;
    let mut mistakes = Vec::new();
    if seen.is_own {
        let says = "这是您自己查看档案留下的登记。";
        mistakes.push(mistake("words", "own-look", says));
    }
    let words = read_words("words", words, WORDS, &mut mistakes);
    if !mistakes.is_empty() {
        return Err(Error::Mistakes(mistakes));
    }
    let agency = match seen.agency.as_deref().map(register::Uscc::parse) {
        Some(Ok(agency)) => agency,
        Some(Err(_)) => return Err(Error::Internal("the code of a body in the log")),
        None => credit_office(&cx.rules)?,
    };
    let today = cx.today();
    let due = cx.rules.due("inquiry_answer", today);
    let due = due.ok_or(Error::Internal("the rulebook has no inquiry_answer"))?.on;
    let id = InquiryId(cx.new_id());
    let inquiry = Inquiry {
        id,
        number: number("WX", today, id.0),
        person,
        look,
        agency,
        state: State::Asked,
        asked_at: cx.now(),
        due,
        closed_at: None,
    };
    let tx = cx.store.begin().await?;
    expect_alive(&tx, person).await?;
    if !store::inquiry::add(&tx, &inquiry).await? {
        let before = store::inquiry::of_person_by_look(&tx, person, look).await?;
        return before.ok_or(Error::NotFound);
    }
    step(cx, &tx, of(&inquiry), "asked", Some(actor.account), &words).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(inquiry)
}
