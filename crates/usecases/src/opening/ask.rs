//! 申请启封: the first of two people says what is to be opened, and why.

use access::Action;
use register::mask::bare;
use register::opening::{Ground, Opening, Relation, WORDS, Wish};
use register::retention::is_archived;
use register::{Field, OpeningId, PersonId, RecordId};

use super::{Detail, Relative, detail_place, kept_until};
use crate::access_log::{self, Door, Look};
use crate::case::{mistake, number, read_words};
use crate::counter::{Visit, whom};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Mistake, Result};
use crate::paper::{self, Received};
use crate::{retention, seal};

/// A request as it was typed.
#[derive(Clone, Default)]
pub struct NewOpening {
    /// Whose file it is about, and the number of the visit or matter.
    pub visit: Visit,
    /// Why, by code.
    pub ground: String,
    /// What for, by code; empty means to see it.
    pub wish: String,
    /// Number of the decision, as in the record; not asked of relatives.
    pub document_no: String,
    /// The reasons.
    pub words: String,
    /// The relative's name.
    pub relative_name: String,
    /// Number of his document.
    pub relative_number: String,
    /// What he is to the person, by code.
    pub relation: String,
    /// The letter of the body that asks; the relative's signed request and the proof of kinship.
    pub papers: Vec<Received>,
}

register::hidden!(NewOpening);

/// Asks that what is sealed be opened. That the register was asked about the person is logged.
///
/// # Errors
/// [`Error::Denied`], [`Error::Mistakes`], [`Error::NotFound`] if nobody has this number with this name.
///
/// # Law
/// 信用修复管理办法 (2026) 3 — what is over is no longer used; 个人信息保护法 49 — close relatives of the
/// dead, 51 — who may touch what is decided and written down.
pub async fn ask(cx: &Cx, actor: &Actor, new: NewOpening) -> Result<Opening> {
    let mut mistakes = Vec::new();
    let ground = Ground::from_code(&new.ground);
    if ground.is_none() {
        mistakes.push(mistake("ground", "choice-missing", "请选择启封的理由。"));
    }
    let wish = if new.wish.is_empty() { Some(Wish::See) } else { Wish::from_code(&new.wish) };
    let is_relative = ground == Some(Ground::Relative);
    if wish.is_none() || (wish == Some(Wish::Erase) && !is_relative) {
        mistakes.push(mistake("wish", "choice-missing", "请选择申请办什么。"));
    }
    let words = read_words("words", &new.words, WORDS, &mut mistakes);
    let relative = is_relative.then(|| read_relative(&new, &mut mistakes));
    if new.papers.is_empty() {
        let says = if is_relative {
            "请附上近亲属签名的申请，以及证明亲属关系的材料。"
        } else {
            "请附上调阅函或者其他依据。"
        };
        mistakes.push(mistake("papers", "papers-missing", says));
    }
    // What is wrong with the form comes back before anybody is looked for.
    let (Some(ground), Some(wish), true) = (ground, wish, mistakes.is_empty()) else {
        return Err(Error::Mistakes(mistakes));
    };
    let (person, matter) = whom(cx, actor, &new.visit, (Action::AskOpening, Door::Opening)).await?;
    let record = about(cx, person, is_relative, &new.document_no).await;
    let mut look = Look::by(actor, Door::Opening, person);
    look.matter.clone_from(&matter);
    access_log::before(cx, look, ()).await?;
    let record = record?;

    let id = OpeningId(cx.new_id());
    let opening = Opening {
        id,
        number: number("QF", cx.today(), id.0),
        person,
        record,
        ground,
        wish,
        asked_by: actor.account,
        asked_at: cx.now(),
        decision: None,
    };
    let detail = Detail { words, matter, relative };
    let plain = serde_json::to_vec(&detail).map_err(|_| Error::Internal("a request"))?;
    let sealed = retention::seal(cx, Some(kept_until(cx)?), detail_place(&id), &plain)?;
    let tx = cx.store.begin().await?;
    store::opening::add(&tx, &opening, &sealed).await?;
    let papers = paper::of_case(cx, person, id.0, false, &new.papers);
    store::case::add_papers(&tx, &papers).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(opening)
}

/// The record that is meant. Relatives ask for the whole file of somebody who has died; everybody else for
/// one record that is sealed.
async fn about(
    cx: &Cx,
    person: PersonId,
    is_relative: bool,
    document_no: &str,
) -> Result<Option<RecordId>> {
    let db = cx.store.read();
    if is_relative {
        let death = store::death::of_person(db, person).await?;
        if death.is_some_and(|death| death.counts()) {
            return Ok(None);
        }
        let says = "这个人没有登记为去世。请先登记去世并且由第二个人核对。";
        return Err(Error::Mistakes(vec![mistake("id_number", "not-dead", says)]));
    }
    let mut found = None;
    for stored in store::record::of_person(db, person).await? {
        let (record, history) = seal::open_record(&cx.vault, stored)?;
        let has = bare(record.content.text(Field::DocumentNo).unwrap_or_default());
        if !has.is_empty() && has == bare(document_no) {
            if !is_archived(&record.standing(&history, &cx.rules, cx.today())) {
                let says = "这条信息还没有封存，不需要启封。";
                return Err(Error::Mistakes(vec![mistake("document_no", "not-archived", says)]));
            }
            found = Some(record.id);
        }
    }
    if found.is_none() {
        let says = "没有这个文书号的封存信息。请核对文书号。";
        return Err(Error::Mistakes(vec![mistake("document_no", "document-unknown", says)]));
    }
    Ok(found)
}

fn read_relative(new: &NewOpening, mistakes: &mut Vec<Mistake>) -> Relative {
    let name = new.relative_name.trim().to_owned();
    if register::PersonName::parse(&name).is_err() {
        let says = "请填写申请人的姓名。";
        mistakes.push(mistake("relative_name", "name-unreadable", says));
    }
    let number = new.relative_number.trim().to_uppercase();
    let is_number = (6..=30).contains(&number.chars().count())
        && number.chars().all(|sign| sign.is_ascii_alphanumeric());
    if !is_number {
        let says = "请填写申请人的证件号码。";
        mistakes.push(mistake("relative_number", "id-number-form", says));
    }
    if Relation::from_code(&new.relation).is_none() {
        let says = "请选择申请人和本人的关系。只有近亲属可以申请（民法典第一千零四十五条）。";
        mistakes.push(mistake("relation", "choice-missing", says));
    }
    Relative { name, number, relation: new.relation.clone() }
}
