//! 办件: what cases of every kind have in common: steps with words, papers, what they do to the record,
//! and what the person is told.

use jiff::Timestamp;
use register::correction::Correction;
use register::notice::{About, Notice, NoticeState};
use register::objection::NotNow;
use register::paper::Paper;
use register::record::History;
use register::retention::is_archived;
use register::{
    AccountId, Event, EventId, EventKind, NoticeId, PersonId, PersonName, Record, RecordId,
    china_date,
};
use store::Tx;
use uuid::Uuid;
use vault::Place;

use crate::access_log::{self, Disclosed, Door, Look};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Mistake, Result};
use crate::my::myself;
use crate::{correction, notice, paper, retention, seal};

/// A case with everything that belongs to it; `T` says of which kind it is.
#[derive(Clone, Debug)]
pub struct Case<T> {
    /// The case itself.
    pub head: T,
    /// The record that it is about.
    pub record: Record,
    /// What happened to the record.
    pub history: History,
    /// What was done, oldest first.
    pub steps: Vec<Step>,
    /// Papers of both sides.
    pub papers: Vec<Paper>,
    /// Who was told of a change since it began, and whether he has acknowledged it.
    pub corrections: Vec<Correction>,
}

/// The same for the body that has to decide: it learns whose it is.
#[derive(Clone, Debug)]
pub struct DeskCase<T> {
    /// The case.
    pub case: Case<T>,
    /// Whose it is.
    pub name: PersonName,
    /// The last four characters of his number, the rest masked.
    pub number: String,
}

/// What cases of every kind say of themselves.
pub(crate) trait Head {
    /// Through which door a body sees it.
    const DOOR: Door;
    /// Which it is.
    fn of(&self) -> Of;
    /// Its number.
    fn number(&self) -> &str;
    /// When it began.
    fn since(&self) -> Timestamp;
    /// When the body had nothing more to do with it.
    fn over_at(&self) -> Option<Timestamp>;
}

/// Which case: whose, about which record.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Of {
    pub(crate) person: PersonId,
    pub(crate) case: Uuid,
    pub(crate) record: RecordId,
}

/// One step of a case with what was said.
#[derive(Clone)]
pub struct Step {
    /// What was done, by code.
    pub kind: String,
    /// When.
    pub at: Timestamp,
    /// What was said.
    pub words: String,
}

register::hidden!(Step);

/// Where the words of a step are sealed to.
pub(crate) fn words_place(step: &Uuid) -> Place<'_> {
    Place { table: "case_step", column: "words", row: step.as_bytes() }
}

/// Adds a step with what was said.
pub(crate) async fn step(
    cx: &Cx,
    tx: &Tx,
    of: Of,
    kind: &str,
    by: Option<AccountId>,
    words: &str,
) -> Result<()> {
    let id = cx.new_id();
    // A question about a look is about no record.
    let erase_on = match of.record {
        RecordId(none) if none.is_nil() => None,
        record => retention::of_record(tx, of.person, record).await?,
    };
    let sealed = retention::seal(cx, erase_on, words_place(&id), words.as_bytes())?;
    let step = store::case::Step {
        id,
        person: of.person,
        case: of.case,
        kind: kind.to_owned(),
        account: by,
        at: cx.now(),
        words: (!words.is_empty()).then_some(sealed),
    };
    Ok(store::case::add_step(tx, &step).await?)
}

/// The steps of a case, oldest first.
pub(crate) async fn steps(cx: &Cx, of: Of) -> Result<Vec<Step>> {
    let mut steps = Vec::new();
    for step in store::case::steps(cx.store.read(), of.person, of.case).await? {
        let words = match &step.words {
            None => String::new(),
            Some(sealed) => {
                let plain = cx.vault.open(words_place(&step.id), sealed)?;
                String::from_utf8(plain.to_vec())
                    .map_err(|_| Error::Internal("the words of a step"))?
            }
        };
        steps.push(Step { kind: step.kind, at: step.at, words });
    }
    Ok(steps)
}

/// A case with everything that belongs to it.
async fn gather<T: Head>(cx: &Cx, head: T) -> Result<Case<T>> {
    let of = head.of();
    let db = cx.store.read();
    let (record, history) = record_of(cx, of).await?;
    let steps = steps(cx, of).await?;
    let papers = paper::opened(cx, store::case::papers(db, of.person, of.case).await?)?;
    let mut corrections = store::correction::of_person(db, of.person).await?;
    corrections.retain(|sent| sent.record == of.record && sent.sent_at >= head.since());
    Ok(Case { head, record, history, steps, papers, corrections })
}

/// One of the person's own cases; his look is logged like any other.
pub(crate) async fn for_the_person<T: Head>(
    cx: &Cx,
    actor: &Actor,
    head: T,
) -> Result<Disclosed<Case<T>>> {
    let person = myself(cx, actor)?;
    if head.of().person != person {
        return Err(Error::NotFound);
    }
    let case = gather(cx, head).await?;
    let mut look = Look::by(actor, Door::OwnFile, person);
    look.records = vec![case.record.id];
    access_log::before(cx, look, case).await
}

/// A case that this actor was found to have to decide. The look is logged, and the person sees it.
///
/// # Errors
/// [`Error::Archived`] once the case is over and the record sealed: then two people have to open it.
pub(crate) async fn for_the_desk<T: Head>(
    cx: &Cx,
    actor: &Actor,
    head: T,
) -> Result<Disclosed<DeskCase<T>>> {
    let Of { person, record, .. } = head.of();
    let mut look = Look::by(actor, T::DOOR, person);
    head.number().clone_into(&mut look.matter);
    look.records = vec![record];
    // On the day itself whoever closed it still sees what he did.
    let is_over = head.over_at().is_some_and(|at| china_date(at) < cx.today());
    let case = gather(cx, head).await?;
    let standing = case.record.standing(&case.history, &cx.rules, cx.today());
    if is_over && is_archived(&standing) {
        return Err(Error::Archived);
    }
    let (name, number) = seal::masked_identity(cx, person).await?;
    access_log::before(cx, look, DeskCase { case, name, number }).await
}

/// Whose a case is, and its number, while the body still has something to do with it.
///
/// # Errors
/// [`Error::NotNow`] once it is over.
pub(crate) fn while_open<T: Head>(head: &T) -> Result<(PersonId, String)> {
    match head.over_at() {
        None => Ok((head.of().person, head.number().to_owned())),
        Some(_) => Err(NotNow::Closed.into()),
    }
}

/// The record that a case is about.
pub(crate) async fn record_of(cx: &Cx, of: Of) -> Result<(Record, History)> {
    let stored = store::record::of_person(cx.store.read(), of.person).await?;
    let stored = stored.into_iter().find(|stored| stored.id == of.record);
    seal::open_record(&cx.vault, stored.ok_or(Error::NotFound)?)
}

/// Whether the record is withdrawn or deleted. Asked after the case's first step, which holds the record, so that
/// nobody changes it until the transaction ends.
pub(crate) async fn is_gone(tx: &Tx, of: Of) -> Result<bool> {
    let stored = store::record::of_person(tx, of.person).await?;
    let stored = stored.into_iter().find(|stored| stored.id == of.record).ok_or(Error::NotFound)?;
    Ok(History::of(&stored.events).withdrawn_on.is_some())
}

/// Adds what happens to the record and tells whoever received it.
pub(crate) async fn change(
    cx: &Cx,
    tx: &Tx,
    of: Of,
    by: Option<AccountId>,
    steps: Vec<(EventKind, Option<Vec<u8>>)>,
) -> Result<()> {
    let erase_on = retention::of_record(tx, of.person, of.record).await?;
    for (kind, plain) in steps {
        let id = EventId(cx.new_id());
        let place = seal::event_place(&id);
        let sealed = plain.map(|plain| retention::seal(cx, erase_on, place, &plain)).transpose()?;
        let event = Event { id, record: of.record, kind, sealed, by, at: cx.now() };
        store::record::add_events(tx, &[(of.person, event.clone())]).await?;
        correction::send(cx, tx, of.person, &event).await?;
        retention::after(cx, tx, of.person, &event).await?;
    }
    Ok(())
}

/// Tells the person of his record by the rulebook's text of that code.
pub(crate) async fn tell(cx: &Cx, tx: &Tx, of: Of, text: &str) -> Result<()> {
    tell_about(cx, tx, of.person, About::Record(of.record), text).await
}

/// Tells the person by the rulebook's text of that code.
pub(crate) async fn tell_about(
    cx: &Cx,
    tx: &Tx,
    person: PersonId,
    about: About,
    text: &str,
) -> Result<()> {
    let new = Notice {
        id: NoticeId(cx.new_id()),
        person,
        about,
        text: text.to_owned(),
        state: NoticeState::Created,
        created_at: cx.now(),
        delivery: None,
    };
    store::notice::add(tx, &[new]).await?;
    if !store::person::with_inbox(tx, &[person]).await?.is_empty() {
        notice::deliver(cx, tx, person).await?;
    }
    Ok(())
}

pub(crate) fn mistake(field: &'static str, code: &'static str, says: impl Into<String>) -> Mistake {
    Mistake { field, code, says: says.into() }
}

/// Reads words of a case: something must be said, and not too much; they are passed on as they are.
pub(crate) fn read_words(
    field: &'static str,
    text: &str,
    most: usize,
    mistakes: &mut Vec<Mistake>,
) -> String {
    let text = text.replace("\r\n", "\n").trim().to_owned();
    let count = text.chars().count();
    let is_sound = |sign: char| !sign.is_control() || sign == '\n' || sign == '\t';
    if text.is_empty() {
        mistakes.push(mistake(field, "words-missing", "请写明情况和理由。"));
    } else if count > most {
        let says = format!("写了 {count} 个字，最多 {most} 个字，请精简以后再提交。");
        mistakes.push(mistake(field, "words-long", says));
    } else if !text.chars().all(is_sound) {
        mistakes.push(mistake(field, "words-signs", "里面有无法显示的字符，请删去以后再提交。"));
    }
    text
}

/// `YY20261123-7F3K2Q`: the kind, the day, and letters that tell cases of one day apart.
#[must_use]
pub fn number(kind: &str, today: jiff::civil::Date, id: Uuid) -> String {
    const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let (_, low) = id.as_u64_pair();
    let letter = |at: u32| {
        let at = usize::try_from((low >> (at * 5)) & 31).unwrap_or(0);
        LETTERS.get(at).copied().map_or('2', char::from)
    };
    let letters: String = (0..6).map(letter).collect();
    format!("{kind}{}{:02}{:02}-{letters}", today.year(), today.month(), today.day())
}
