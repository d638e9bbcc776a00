//! 入库: one chunk of rows becomes records, in one transaction with the batch's counts.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use register::batch::{Batch, Counts, Rejection};
use register::event::EventKind;
use register::mask::bare;
use register::notice::{About, Notice, NoticeState};
use register::{Admitted, Document, Event, EventId, Field, NoticeId, PersonId, RecordId};
use store::Tx;
use store::person::{Key, Mark, NewPerson};
use store::record::{Known, Stored};
use store::retention::Erased;

use super::prepare::{Chunk, Ready};
use crate::cx::Cx;
use crate::delivery;
use crate::error::{Error, Result};
use crate::keys::directory;
use crate::retention::decision_mark;
use crate::{seal, wording};
use register::china_date;

/// How often a chunk is tried again when another batch was in its way.
const TRIES: usize = 5;

/// What became of a chunk.
enum Attempt {
    /// It entered.
    Entered(Counts),
    /// Another batch entered one of these persons a moment ago: it must be decided anew.
    Again,
    /// The batch no longer stands where this chunk begins.
    Overtaken,
}

/// Enters a chunk; what another process did in between is seen and the chunk decided anew. `false` if
/// another process is reading this very batch: then this one stops.
pub(super) async fn enter(cx: &Cx, batch: &mut Batch, chunk: &Chunk) -> Result<bool> {
    let mut tries = 0;
    loop {
        match attempt(cx, batch, chunk).await {
            Ok(Attempt::Entered(counts)) => {
                batch.counts = counts;
                return Ok(true);
            }
            Ok(Attempt::Overtaken) if tries > 0 => {
                // The try before may have been committed, and only its answer lost.
                let stored = store::batch::by_id(cx.store.read(), batch.id).await?;
                let stood = batch.counts.read + chunk.rows;
                let went_through = stored.filter(|stored| stored.counts.read == stood);
                return Ok(went_through.is_some_and(|stored| {
                    batch.counts = stored.counts;
                    true
                }));
            }
            Ok(Attempt::Overtaken) => return Ok(false),
            Ok(Attempt::Again) if tries < TRIES => tries += 1,
            Err(Error::Store(error)) if tries < TRIES => {
                tracing::info!(%error, batch = %batch.id, "chunk is tried again");
                tries += 1;
            }
            Ok(Attempt::Again) => {
                return Err(Error::Internal("other batches kept changing the same persons"));
            }
            Err(error) => return Err(error),
        }
    }
}

async fn attempt(cx: &Cx, batch: &Batch, chunk: &Chunk) -> Result<Attempt> {
    let tx = cx.store.begin().await?;
    let directory = directory::held(cx, &tx).await?;
    let marks = marks(cx, chunk, directory.read)?;
    let blinds: Vec<[u8; 32]> = marks.iter().map(|mark| mark.blind).collect();
    let keys = store::person::find_held(&tx, &blinds).await?;
    let existing: Vec<PersonId> = keys.iter().map(|key| key.person).collect();
    let known = store::record::known_of(&tx, &existing).await?;
    let inbox: HashSet<PersonId> =
        store::person::with_inbox(&tx, &existing).await?.into_iter().collect();

    let gone = gone_decisions(cx, &tx, &known).await?;
    let erased = store::retention::erased_of(&tx, &existing).await?;
    let allowed = allowed(cx, &tx, &batch.item, &existing).await?;
    let around = Around { inbox, gone, erased, allowed };
    let mut plan = Plan::new(cx, batch, (chunk, marks.as_slice()), keys, &known, &around);
    if directory.is_moving() {
        let new = plan.new.iter().filter_map(|at| chunk.ready.get(*at));
        let new: Vec<_> =
            new.map(|ready| (&ready.admitted.document, &ready.admitted.name)).collect();
        let places = directory::places(cx, &tx, &directory, &new).await?;
        plan.persons.iter_mut().zip(places).for_each(|(person, marks)| person.marks = marks);
    }
    let expected: usize = plan.persons.iter().map(|person| person.marks.len()).sum();
    let expected = u64::try_from(expected).unwrap_or(u64::MAX);
    if store::person::add(&tx, &plan.persons).await? != expected {
        tx.rollback().await.map_err(store::StoreError::from)?;
        return Ok(Attempt::Again);
    }
    if !store::batch::save(&tx, &plan.batch, batch.counts.read).await? {
        tx.rollback().await.map_err(store::StoreError::from)?;
        return Ok(Attempt::Overtaken);
    }
    store::record::add(&tx, &plan.records).await?;
    store::record::add_events(&tx, &plan.told).await?;
    for (person, record, until) in &plan.allowed {
        let on = register::retention::erase_allowed_on(*until, &cx.rules);
        store::retention::set_day(&tx, *person, *record, on).await?;
    }
    delivery::announce(cx, &tx, &mut plan.notices).await?;
    store::notice::add(&tx, &plan.notices).await?;
    store::batch::add_rejections(&tx, batch.id, &plan.rejections).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(Attempt::Entered(plan.batch.counts))
}

/// How the persons of the rows are found by that key; it may be another than when the rows were prepared.
fn marks(cx: &Cx, chunk: &Chunk, key: u16) -> Result<Vec<Mark>> {
    let mark = |ready: &Ready| {
        if ready.mark.key == key {
            return Ok(ready.mark);
        }
        seal::mark_by(&cx.vault, key, &ready.admitted.document, &ready.admitted.name)
    };
    chunk.ready.iter().map(mark).collect()
}

/// Whose decision: the item, the body that decided, and the number of its document.
type Decision = (PersonId, (String, String, String));

fn decision(item: &str, admitted: &Admitted) -> (String, String, String) {
    let number = admitted.content.text(Field::DocumentNo).unwrap_or_default();
    (item.to_owned(), admitted.issuer.as_str().to_owned(), bare(number))
}

/// Decisions of which something was deleted as wrong: nothing comes back under their number, in whatever
/// words (I17). Few persons have any, so only theirs are opened.
async fn gone_decisions(cx: &Cx, tx: &Tx, known: &[Known]) -> Result<HashSet<Decision>> {
    let persons: HashSet<PersonId> =
        known.iter().filter(|known| known.is_gone).map(|known| known.person).collect();
    let mut gone = HashSet::new();
    for person in persons {
        for stored in store::record::of_person(tx, person).await? {
            let (record, history) = seal::open_record(&cx.vault, stored)?;
            let number = bare(record.content.text(Field::DocumentNo).unwrap_or_default());
            if history.is_deleted && !number.is_empty() {
                let issuer = record.document.issuer.as_str().to_owned();
                gone.insert((person, (record.item, issuer, number)));
            }
        }
    }
    Ok(gone)
}

/// A keyed hash or a digest.
type Hash = [u8; 32];
/// What makes a fact the same as another: person and fingerprint.
type FactKey = (PersonId, Hash);

/// A fact that is there, or will be at the end of this transaction.
struct Fact {
    record: RecordId,
    digest: Hash,
    is_told: bool,
    is_gone: bool,
    was_unallowed: bool,
}

/// What is known of the persons of a chunk beside their records.
struct Around {
    /// Those who have an inbox.
    inbox: HashSet<PersonId>,
    /// Decisions of which something was deleted.
    gone: HashSet<Decision>,
    /// What is left of erased records.
    erased: Vec<Erased>,
    /// Until when who allows this kind of fact; `None` if it needs nobody's consent.
    allowed: Option<HashMap<PersonId, Date>>,
}

impl Around {
    fn until(&self, person: PersonId) -> Option<Date> {
        self.allowed.as_ref().and_then(|allowed| allowed.get(&person)).copied()
    }

    /// Whether a fact may enter as far as consent goes. Of whom there is nothing, or under another name, there
    /// is no consent either: the answer is the same.
    fn allows(&self, key: Option<&Key>, mark: &Mark) -> bool {
        self.allowed.is_none()
            || key.is_some_and(|key| {
                key.name_mark == mark.name_mark && self.until(key.person).is_some()
            })
    }
}

/// Who allows facts of this item today, until when; `None` if it needs nobody's consent. Nobody takes his consent
/// back before the transaction ends.
async fn allowed(
    cx: &Cx,
    tx: &Tx,
    item: &str,
    persons: &[PersonId],
) -> Result<Option<HashMap<PersonId, Date>>> {
    if !cx.rules.item(item).is_some_and(rulebook::Item::needs_consent) {
        return Ok(None);
    }
    let today = cx.today();
    let consents = store::consent::held(tx, persons).await?;
    let runs = consents.into_iter().filter(|one| one.item == item && one.runs_on(today));
    Ok(Some(runs.map(|one| (one.person, one.until)).collect()))
}

/// What one transaction will write.
struct Plan {
    persons: Vec<NewPerson>,
    /// Which rows they come from.
    new: Vec<usize>,
    records: Vec<Stored>,
    told: Vec<(PersonId, Event)>,
    /// Facts that the person allows until a day.
    allowed: Vec<(PersonId, RecordId, Date)>,
    notices: Vec<Notice>,
    rejections: Vec<Rejection>,
    batch: Batch,
}

impl Plan {
    fn new(
        cx: &Cx,
        batch: &Batch,
        (chunk, marks): (&Chunk, &[Mark]),
        keys: Vec<Key>,
        known: &[Known],
        around: &Around,
    ) -> Self {
        let mut plan = Self {
            persons: Vec::new(),
            new: Vec::new(),
            records: Vec::with_capacity(chunk.ready.len()),
            told: Vec::new(),
            allowed: Vec::new(),
            notices: Vec::with_capacity(chunk.ready.len()),
            rejections: chunk.rejections.clone(),
            batch: batch.clone(),
        };
        let mut directory: HashMap<[u8; 32], Key> =
            keys.into_iter().map(|key| (key.blind, key)).collect();
        let mut facts: HashMap<FactKey, Fact> = known
            .iter()
            .map(|known| {
                let fact = Fact {
                    record: known.record,
                    digest: known.digest,
                    is_told: known.is_told,
                    is_gone: known.is_gone,
                    was_unallowed: known.was_unallowed,
                };
                ((known.person, known.fingerprint), fact)
            })
            .collect();
        let counts = &mut plan.batch.counts;
        counts.read += chunk.rows;
        counts.rejected += chunk.rejected;
        for (at, (ready, mark)) in chunk.ready.iter().zip(marks).enumerate() {
            if !around.allows(directory.get(&mark.blind), mark) {
                counts.rejected += 1;
                plan.rejections.push(wording::no_consent(ready.row));
                continue;
            }
            let key = directory.entry(mark.blind).or_insert_with(|| {
                plan.persons.push(new_person(cx, ready, *mark));
                plan.new.push(at);
                let Mark { blind, name_mark, .. } = *mark;
                Key { blind, person: ready.person, name_mark, is_dead: false }
            });
            let person = key.person;
            if key.is_dead {
                counts.rejected += 1;
                plan.rejections.push(wording::person_dead(ready.row));
                continue;
            }
            if key.name_mark != mark.name_mark {
                counts.rejected += 1;
                plan.rejections.push(wording::name_differs(ready.row));
                continue;
            }
            let known_decision = decision(&batch.item, &ready.admitted);
            if comes_back(cx, &around.erased, person, ready, &known_decision)
                || around.gone.contains(&(person, known_decision))
            {
                counts.rejected += 1;
                plan.rejections.push(wording::came_back(ready.row));
                continue;
            }
            match facts.get_mut(&(person, ready.fingerprint)) {
                Some(fact) if fact.is_gone => {
                    counts.rejected += 1;
                    plan.rejections.push(wording::came_back(ready.row));
                }
                Some(fact) if fact.digest == ready.digest => {
                    counts.duplicates += 1;
                    // It was gone because he took his consent back, and now he allows it anew.
                    let was_unallowed = std::mem::take(&mut fact.was_unallowed);
                    if let (true, Some(until)) = (was_unallowed, around.until(person)) {
                        plan.told
                            .push((person, step(cx, fact.record, EventKind::Allowed { until })));
                        plan.allowed.push((person, fact.record, until));
                    }
                    // The same row, now with the day on which the agency told the person.
                    if let Some(on) = ready.admitted.told_on.filter(|_| !fact.is_told) {
                        fact.is_told = true;
                        plan.told.push((person, step(cx, fact.record, EventKind::Told { on })));
                    }
                }
                Some(_) => {
                    counts.rejected += 1;
                    plan.rejections.push(wording::recorded_differently(ready.row));
                }
                None => {
                    counts.accepted += 1;
                    let fact = Fact {
                        record: ready.record,
                        digest: ready.digest,
                        is_told: ready.admitted.told_on.is_some(),
                        is_gone: false,
                        was_unallowed: false,
                    };
                    facts.insert((person, ready.fingerprint), fact);
                    let (record, notice) = entered(cx, batch, ready, person, around);
                    plan.records.push(record);
                    plan.notices.push(notice);
                }
            }
        }
        plan.rejections.sort_by_key(|rejection| rejection.row);
        plan
    }
}

/// Whether it is a fact, or a decision, of which only a keyed hash is left that keeps it out (I17).
fn comes_back(
    cx: &Cx,
    erased: &[Erased],
    person: PersonId,
    ready: &Ready,
    (item, issuer, number): &(String, String, String),
) -> bool {
    erased.iter().filter(|erased| erased.person == person).any(|erased| {
        let mark = || decision_mark(&cx.vault, person, item, issuer, number);
        erased.fingerprint == ready.fingerprint
            || erased.decision.is_some_and(|decision| decision == mark())
    })
}

fn new_person(cx: &Cx, ready: &Ready, mark: Mark) -> NewPerson {
    NewPerson {
        person: ready.person,
        marks: vec![mark],
        id_kind: ready.admitted.document.kind().code(),
        sealed: ready.sealed_person.clone(),
        recorded_at: cx.now(),
    }
}

/// A step that follows from a row, and that nobody decided.
fn step(cx: &Cx, record: RecordId, kind: EventKind) -> Event {
    Event { id: EventId(cx.new_id()), record, kind, sealed: None, by: None, at: cx.now() }
}

fn entered(
    cx: &Cx,
    batch: &Batch,
    ready: &Ready,
    person: PersonId,
    around: &Around,
) -> (Stored, Notice) {
    let now = cx.now();
    let admitted = &ready.admitted;
    let entered = EventKind::Entered { told_on: admitted.told_on };
    let mut events = vec![step(cx, ready.record, entered)];
    let mut state = NoticeState::Created;
    if around.inbox.contains(&person) {
        state = state.deliver(now);
        if admitted.told_on.is_none() {
            events.push(step(cx, ready.record, EventKind::Told { on: china_date(now) }));
        }
    }
    let mut erase_on = ready.erase_on;
    if let Some(until) = around.until(person) {
        erase_on = register::retention::erase_allowed_on(until, &cx.rules);
        events.push(step(cx, ready.record, EventKind::Allowed { until }));
    }
    let stored = Stored {
        id: ready.record,
        person,
        item: batch.item.clone(),
        source: batch.agency,
        batch: Some(batch.id),
        severity: admitted.severity,
        fingerprint: ready.fingerprint,
        content: ready.sealed_content.clone(),
        document: Document {
            id: ready.document,
            person,
            kind: admitted.kind,
            issuer: admitted.issuer,
            decided_on: admitted.decided_on,
            served_on: admitted.served_on,
            effective_on: admitted.effective_on,
            digest: ready.digest,
        },
        recorded_at: now,
        erase_on,
        events,
    };
    let text = if around.allowed.is_some() { "honour-entered" } else { text_for(cx, admitted) };
    let notice = Notice {
        id: NoticeId(cx.new_id()),
        person,
        about: About::Record(ready.record),
        text: text.to_owned(),
        state,
        created_at: now,
        delivery: None,
    };
    (stored, notice)
}

/// Which letter tells the person: what it says about who can see the record must be so.
fn text_for(cx: &Cx, admitted: &register::admission::Admitted) -> &'static str {
    let Some(class) = admitted.severity else { return "licence-entered" };
    if !cx.rules.display(class, admitted.decided_on).shown {
        return "record-entered-slight";
    }
    let quiet = admitted.told_on.and_then(|told_on| cx.rules.due("quiet", told_on));
    if quiet.is_some_and(|quiet| quiet.on < cx.today()) {
        "record-entered-told"
    } else {
        "record-entered"
    }
}
