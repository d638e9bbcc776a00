//! 登记去世: from a document that is there. Nothing changes yet: somebody else must confirm it (I12).

use access::Action;
use jiff::civil::Date;
use register::DeathId;
use register::death::{DOCUMENT, Death};

use super::detail_place;
use crate::access_log::{self, Door, Look};
use crate::case::{mistake, number, read_words};
use crate::counter::{Visit, whom};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::paper::{self, Received};

/// A death as it was typed.
#[derive(Clone, Default)]
pub struct NewDeath {
    /// Who, and the number of the visit.
    pub visit: Visit,
    /// The day, `2026-11-20`.
    pub died_on: Option<Date>,
    /// Name and number of the document that says so.
    pub document: String,
    /// The document itself.
    pub papers: Vec<Received>,
}

register::hidden!(NewDeath);

/// Notes that a person has died. The look is logged.
///
/// # Errors
/// [`Error::Denied`], [`Error::Mistakes`], [`Error::NotFound`] if nobody has this number with this name.
///
/// # Law
/// 个人信息保护法 49 — after a death the close relatives act for their own lawful interests.
pub async fn note(cx: &Cx, actor: &Actor, new: NewDeath) -> Result<Death> {
    let mut mistakes = Vec::new();
    let died_on = new.died_on.filter(|on| *on <= cx.today());
    if died_on.is_none() {
        let says = "请按 2026-11-20 这样的格式填写去世日期，不能晚于今天。";
        mistakes.push(mistake("died_on", "date-unreadable", says));
    }
    let document = read_words("document", &new.document, DOCUMENT, &mut mistakes);
    if new.papers.is_empty() {
        let says = "请附上死亡证明、户口注销证明或者其他依据。";
        mistakes.push(mistake("papers", "papers-missing", says));
    }
    let (Some(died_on), true) = (died_on, mistakes.is_empty()) else {
        return Err(Error::Mistakes(mistakes));
    };
    let (person, matter) = whom(cx, actor, &new.visit, (Action::NoteDeath, Door::Counter)).await?;
    let mut look = Look::by(actor, Door::Counter, person);
    look.matter = matter;
    access_log::before(cx, look, ()).await?;
    let id = DeathId(cx.new_id());
    let death = Death {
        id,
        number: number("SW", cx.today(), id.0),
        person,
        died_on,
        noted_by: actor.account,
        noted_at: cx.now(),
        confirmed: None,
        ended_at: None,
    };
    let sealed = cx.vault.seal(detail_place(&id), document.as_bytes(), cx.bytes());
    let tx = cx.store.begin().await?;
    if !store::death::add(&tx, &death, &sealed).await? {
        let says = "这个人已经登记过，请在下面的列表里看。";
        return Err(Error::Mistakes(vec![mistake("id_number", "noted-before", says)]));
    }
    let papers = paper::of_case(cx, person, id.0, false, &new.papers);
    store::case::add_papers(&tx, &papers).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(death)
}
