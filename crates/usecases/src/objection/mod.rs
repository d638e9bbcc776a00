//! 异议: the person objects, the body answers, silence decides, and whoever received the fact is told.

mod answer;
mod extend;
mod open;
mod see;
mod silence;
mod withdraw;

pub use answer::{Answer, answer};
pub use extend::extend;
pub use open::{NewObjection, open};
pub use see::{
    Bytes, Case, DeskCase, Step, desk, desk_one, desk_paper, mine, office, one_of_mine,
    paper_of_mine,
};
pub use silence::silence;
pub use withdraw::withdraw;

use register::notice::{Notice, NoticeState};
use register::objection::Objection;
use register::{AccountId, Event, EventId, EventKind, NoticeId};
use store::Tx;
use uuid::Uuid;
use vault::Place;

use crate::cx::Cx;
use crate::error::{Error, Mistake, Result};
use crate::{correction, notice};

/// Where the words of a step are sealed to.
fn words_place(step: &Uuid) -> Place<'_> {
    Place { table: "case_step", column: "words", row: step.as_bytes() }
}

/// Adds a step with what was said.
async fn step(
    cx: &Cx,
    tx: &Tx,
    objection: &Objection,
    kind: &str,
    by: Option<AccountId>,
    words: &str,
) -> Result<()> {
    let id = cx.new_id();
    let sealed = cx.vault.seal(words_place(&id), words.as_bytes(), cx.bytes());
    let step = store::case::Step {
        id,
        person: objection.person,
        case: objection.id.0,
        kind: kind.to_owned(),
        account: by,
        at: cx.now(),
        words: (!words.is_empty()).then_some(sealed),
    };
    Ok(store::case::add_step(tx, &step).await?)
}

/// What was said with a step.
fn words(cx: &Cx, step: &store::case::Step) -> Result<String> {
    let Some(sealed) = &step.words else { return Ok(String::new()) };
    let plain = cx.vault.open(words_place(&step.id), sealed)?;
    String::from_utf8(plain.to_vec()).map_err(|_| Error::Internal("the words of a step"))
}

/// Adds what happens to the record and tells whoever received it.
async fn change(
    cx: &Cx,
    tx: &Tx,
    objection: &Objection,
    by: Option<AccountId>,
    steps: Vec<(EventKind, Option<Vec<u8>>)>,
) -> Result<()> {
    let (person, record) = (objection.person, objection.record);
    for (kind, plain) in steps {
        let id = EventId(cx.new_id());
        let place = crate::seal::event_place(&id);
        let sealed = plain.map(|plain| cx.vault.seal(place, &plain, cx.bytes()));
        let event = Event { id, record, kind, sealed, by, at: cx.now() };
        store::record::add_events(tx, &[(person, event.clone())]).await?;
        correction::send(cx, tx, person, &event).await?;
    }
    Ok(())
}

/// Tells the person by the rulebook's text of that code.
async fn tell(cx: &Cx, tx: &Tx, objection: &Objection, text: &str) -> Result<()> {
    let new = Notice {
        id: NoticeId(cx.new_id()),
        person: objection.person,
        record: objection.record,
        text: text.to_owned(),
        state: NoticeState::Created,
        created_at: cx.now(),
    };
    store::notice::add(tx, &[new]).await?;
    if !store::person::with_inbox(tx, &[objection.person]).await?.is_empty() {
        notice::deliver(cx, tx, objection.person).await?;
    }
    Ok(())
}

fn mistake(field: &'static str, code: &'static str, says: impl Into<String>) -> Mistake {
    Mistake { field, code, says: says.into() }
}

/// Reads words of a case: something must be said, and not too much; they are passed on as they are.
fn read_words(field: &'static str, text: &str, most: usize, mistakes: &mut Vec<Mistake>) -> String {
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
