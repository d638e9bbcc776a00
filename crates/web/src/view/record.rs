//! Record cards: one function for the person's own file, one for the answer to a check.

use jiff::civil::Date;
use register::disclosure::Fact as Told;
use register::event::Cause;
use register::record::History;
use register::retention::is_archived;
use register::{Content, Field, Record, Standing, Value};
use rulebook::{PenaltyKind, Procedure, Rules};
use usecases::my::MyRecord;

use super::agency;
use crate::pages::format::{yuan, zh_date};
use crate::pages::{Fact, LifeStep, Link, RecordCard, Tag, Tint};

/// A record as its person sees it.
pub(crate) fn own(mine: &MyRecord, rules: &Rules, today: Date) -> RecordCard {
    let MyRecord { record, history, standing, receivers } = mine;
    let mut facts = facts(record, rules);
    if let Some(item) = rules.item(&record.item) {
        facts.push(Fact::new("记入依据", &super::statutes(&item.basis)));
    }
    facts.push(if receivers.is_empty() {
        Fact::new("谁收到过", "还没有单位收到过")
    } else {
        Fact {
            link: Some(Link::new("/my/looks", "看每一次查询")),
            ..Fact::new(
                "谁收到过",
                &receivers.iter().map(|code| agency(rules, code)).collect::<Vec<_>>().join("、"),
            )
        }
    });
    RecordCard {
        id: format!("r-{}", record.id),
        title: title(record, rules),
        tags: tags(record, marks(history), *standing),
        says: says(record, history, *standing),
        is_contested: history.is_contested,
        facts,
        life: life(record, history, *standing, rules, today),
        acts: acts(record, history.is_contested_by(Cause::Objection), *standing),
    }
}

/// A record as the body that supplied it sees it.
pub(crate) fn at_the_source(
    record: &Record,
    history: &History,
    rules: &Rules,
    today: Date,
) -> RecordCard {
    let standing = record.standing(history, rules, today);
    RecordCard {
        id: format!("r-{}", record.id),
        title: title(record, rules),
        tags: tags(record, marks(history), standing),
        says: None,
        is_contested: history.is_contested,
        facts: facts(record, rules),
        life: life(record, history, standing, rules, today),
        acts: Vec::new(),
    }
}

/// A fact as a body with a purpose sees it.
pub(crate) fn told(fact: &Told, rules: &Rules) -> RecordCard {
    let Told { record, is_contested, is_challenged, ends_on, .. } = fact;
    let standing = Standing::Shown { ends_on: *ends_on, repair_from: None };
    let mut facts = facts(record, rules);
    // A licence says itself until when it is valid.
    if let Some(ends_on) = ends_on.filter(|_| record.is_adverse()) {
        facts.push(Fact::new("停止展示", &zh_date(ends_on)));
    }
    RecordCard {
        id: format!("r-{}", record.id),
        title: title(record, rules),
        tags: tags(record, (*is_contested, *is_challenged), standing),
        says: note(*is_contested, *is_challenged),
        is_contested: *is_contested || *is_challenged,
        facts,
        life: Vec::new(),
        acts: Vec::new(),
    }
}

/// What stands beside a fact that is contested, or whose decision is challenged (I5).
pub(crate) fn note(is_contested: bool, is_challenged: bool) -> Option<String> {
    let says = match (is_contested, is_challenged) {
        (false, false) => return None,
        // The person objects, or the office looks into it of its own accord.
        (true, false) => "这条信息有异议，正在核查，不得作为不利决定的唯一依据。",
        (false, true) => "本人已申请复议或者提起诉讼，尚无结果，不得作为不利决定的唯一依据。",
        (true, true) => {
            "这条信息有异议，正在核查，本人也已申请复议或者提起诉讼，不得作为不利决定的唯一依据。"
        }
    };
    Some(says.to_owned())
}

/// Whether it is contested, and whether its decision is challenged.
const fn marks(history: &History) -> (bool, bool) {
    (history.is_contested, history.is_challenged)
}

/// What a record is called.
pub(crate) fn title(record: &Record, rules: &Rules) -> String {
    record.headline(rules.item(&record.item))
}

/// What a record says, for reading.
pub(crate) fn facts(record: &Record, rules: &Rules) -> Vec<Fact> {
    let mut document = vec![format!("{}作出", zh_date(record.document.decided_on))];
    if let Some(no) = record.content.text(Field::DocumentNo) {
        document.insert(0, no.to_owned());
    }
    if let Some(on) = record.document.served_on {
        document.push(format!("{}送达", zh_date(on)));
    }
    let mut facts = vec![Fact::new("文书", &document.join("，"))];
    facts.push(Fact::new("决定机关", &authority(record, rules)));
    for (field, value) in record.content.iter() {
        if !is_said_already(field) {
            facts.push(Fact::new(field.title(), &value_text(field, value)));
        }
    }
    facts.push(Fact::new("报送单位", &agency(rules, record.source.as_str())));
    if let Some(words) = &record.statement {
        facts.push(Fact::new("本人声明", words));
    }
    if let Some(words) = &record.noted {
        facts.push(Fact::new("异议（无法核实）", words));
    }
    facts
}

/// What was decided, in a line: the decision's own words, or else kinds and amounts.
pub(crate) fn outcome(record: &Record) -> String {
    if let Some(words) = record.content.text(Field::PenaltyContent) {
        return words.to_owned();
    }
    let said = [Field::PenaltyKinds, Field::FineFen, Field::ConfiscatedFen];
    let values = record.content.iter().filter(|(field, _)| said.contains(field));
    let says = values.map(|(field, value)| match value {
        Value::Fen(_) => format!("{}{}", field.title(), value_text(field, value)),
        Value::Text(_) | Value::Day(_) => value_text(field, value),
    });
    says.collect::<Vec<_>>().join("，")
}

/// Whether it is a penalty on the spot: against it a court hears only who has asked for a review first.
///
/// # Law
/// 行政复议法 23; 行政处罚法 51.
pub(crate) fn is_on_the_spot(record: &Record) -> bool {
    let procedure = record.content.text(Field::Procedure).and_then(Procedure::from_text);
    procedure == Some(Procedure::Simple)
}

/// Whether it may be a penalty on the spot: its body did not say which procedure it was, and it is small enough.
///
/// # Law
/// 行政处罚法 51 — on the spot only a warning, or a fine up to a limit.
pub(crate) fn may_be_on_the_spot(record: &Record, rules: &Rules) -> bool {
    let said = record.content.text(Field::Procedure).and_then(Procedure::from_text);
    let kinds = record.content.text(Field::PenaltyKinds).unwrap_or_default();
    let kinds = PenaltyKind::from_text(kinds).unwrap_or_default();
    let is_light = |kind: &PenaltyKind| matches!(kind, PenaltyKind::Warning | PenaltyKind::Fine);
    let fine = record.content.fen(Field::FineFen).unwrap_or(0);
    said.is_none()
        && !kinds.is_empty()
        && kinds.iter().all(is_light)
        && fine <= rules.limit("simple_max_fine_fen")
}

/// The body that decided, as the document names it.
pub(crate) fn authority(record: &Record, rules: &Rules) -> String {
    match record.content.text(Field::Authority) {
        Some(name) => name.to_owned(),
        None => agency(rules, record.document.issuer.as_str()),
    }
}

const fn is_said_already(field: Field) -> bool {
    matches!(
        field,
        Field::DocumentNo
            | Field::DecidedOn
            | Field::ServedOn
            | Field::Authority
            | Field::AuthorityCode
    )
}

fn value_text(field: Field, value: &Value) -> String {
    match value {
        Value::Text(text) if field == Field::PenaltyKinds => PenaltyKind::from_text(text)
            .map_or_else(
                |_| text.clone(),
                |kinds| kinds.iter().map(|kind| kind.title()).collect::<Vec<_>>().join("、"),
            ),
        Value::Text(text) => text.clone(),
        Value::Day(day) => zh_date(*day),
        Value::Fen(fen) => yuan(*fen),
    }
}

fn tags(
    record: &Record,
    (is_contested, is_challenged): (bool, bool),
    standing: Standing,
) -> Vec<Tag> {
    let mut tags = Vec::new();
    if let Some(class) = record.severity {
        tags.push(Tag::new(class.title(), Tint::Plain));
    }
    let (text, tint) = match standing {
        Standing::Waiting => ("等待告知", Tint::Underway),
        Standing::Quiet { .. } => ("告知期", Tint::Underway),
        Standing::Shown { .. } if record.is_adverse() => ("公示期内", Tint::Shown),
        Standing::Shown { .. } if record.is_by_consent() => ("经您同意展示", Tint::Good),
        Standing::Shown { .. } => ("有效", Tint::Good),
        Standing::NotDisplayed { .. } => ("不展示", Tint::Plain),
        Standing::Ended { .. } if record.is_adverse() => ("已停止展示", Tint::Over),
        Standing::Ended { .. } if record.is_by_consent() => ("同意已到期", Tint::Over),
        Standing::Ended { .. } => ("已过有效期", Tint::Over),
        Standing::Suspended => ("暂停展示", Tint::Open),
        Standing::Withdrawn { .. } => ("已撤下", Tint::Over),
        Standing::Repaired { .. } => ("已修复", Tint::Good),
        Standing::OwnerDied { .. } => ("已停止展示", Tint::Over),
    };
    tags.push(Tag::new(text, tint));
    if is_contested {
        tags.push(Tag::new("有异议", Tint::Open));
    }
    if is_challenged {
        tags.push(Tag::new("复议、诉讼中", Tint::Open));
    }
    tags
}

fn says(record: &Record, history: &History, standing: Standing) -> Option<String> {
    let says = match standing {
        Standing::Waiting => "尚未告知您本人，除报送单位外没有人看得到。".to_owned(),
        Standing::Quiet { until, is_provisional } => {
            let provisional = if is_provisional {
                "这一天按周末和固定节日暂定，放假安排公布后可能变动。"
            } else {
                ""
            };
            format!(
                "正在告知期，到{}为止，除报送单位外没有人看得到。{provisional}您可以先核对，有错请提出异议。",
                zh_date(until)
            )
        }
        Standing::Shown { .. } if history.is_contested_by(Cause::Objection) => {
            "您已提出异议，正在核查。看到这条信息的单位都会看到“有异议”，不得只凭这一条对您作出不利决定。".to_owned()
        }
        // The office's own mark: he may object all the same.
        Standing::Shown { .. } if history.is_contested => {
            "信用办正在核查这条信息。看到它的单位都会看到“有异议”，不得只凭这一条对您作出不利决定。您认为有错的，可以提出异议。".to_owned()
        }
        Standing::Shown { .. } if history.is_challenged => {
            "您已登记复议或者诉讼。看到这条信息的单位都会看到标注，不得只凭这一条对您作出不利决定。".to_owned()
        }
        Standing::Shown { ends_on: Some(ends_on), .. } if record.is_by_consent() => format!(
            "您同意展示到{}为止，随时可以删除。",
            zh_date(ends_on.yesterday().unwrap_or(ends_on))
        ),
        Standing::Shown { .. } => return None,
        Standing::NotDisplayed { ends_on } => format!(
            "这一类信息不展示，查询的单位看不到；{}起不再有效。",
            zh_date(ends_on)
        ),
        Standing::Ended { on } if record.is_adverse() => format!(
            "{}起已停止展示，任何单位都不能再查到，也不能再作为依据。",
            zh_date(on)
        ),
        Standing::Ended { on } if record.is_by_consent() => format!(
            "您的同意已经到期，{}起任何单位都不能再查到。可以再次同意，也可以删除。",
            zh_date(on)
        ),
        Standing::Ended { on } => format!("{}起已过有效期，任何单位都不能再查到。", zh_date(on)),
        // Only the body's silence does that in a case of the person's.
        Standing::Suspended
            if history.is_suspended_by(Cause::Objection)
                || history.is_suspended_by(Cause::Challenge) =>
        {
            "报送单位没有按期办理，暂停使用，任何单位都查不到。".to_owned()
        }
        Standing::Suspended => "正在核查，核查期间任何单位都查不到。".to_owned(),
        Standing::Repaired { on } => format!(
            "{}起已修复，任何单位都不能再查到，也不能再作为依据。",
            zh_date(on)
        ),
        Standing::Withdrawn { on } => {
            format!("{}起已撤下，任何单位都不能再查到，也不能再作为依据。", zh_date(on))
        }
        Standing::OwnerDied { .. } => "本人已经去世，任何单位都不能再查到。".to_owned(),
    };
    let kept =
        record.erase_on.filter(|_| is_archived(&standing)).and_then(|on| on.yesterday().ok());
    let kept =
        kept.map(|last| format!("内容已封存，只有您本人能看；封存到{}，之后销毁。", zh_date(last)));
    let says = says + &kept.unwrap_or_default();
    Some(says)
}

fn life(
    record: &Record,
    history: &History,
    standing: Standing,
    rules: &Rules,
    today: Date,
) -> Vec<LifeStep> {
    let Some(class) = record.severity else { return Vec::new() };
    let display = rules.display(class, record.document.decided_on);
    let is_on_its_way = match standing {
        Standing::Waiting | Standing::Quiet { .. } | Standing::Shown { .. } => display.shown,
        Standing::NotDisplayed { .. }
        | Standing::Ended { .. }
        | Standing::Suspended
        | Standing::Withdrawn { .. }
        | Standing::Repaired { .. }
        | Standing::OwnerDied { .. } => false,
    };
    if !is_on_its_way {
        return Vec::new();
    }
    let reached = match history.told_on {
        None => 1,
        Some(_) if display.repair_from <= today => 3,
        Some(_) => 2,
    };
    let told = history.told_on.map_or_else(|| "等待送达".to_owned(), zh_date);
    LifeStep::line(
        &[
            ("作出", zh_date(record.document.decided_on)),
            ("告知本人", told),
            ("可以申请修复", zh_date(display.repair_from)),
            ("自动停止展示", zh_date(display.ends_on)),
        ],
        reached,
    )
}

fn acts(record: &Record, has_objected: bool, standing: Standing) -> Vec<Link> {
    let mut acts = Vec::new();
    if record.is_by_consent() && !matches!(standing, Standing::Withdrawn { .. }) {
        acts.push(Link::new(&format!("/my/honours#h-{}", record.id), "删除，或者再次同意"));
    }
    if is_archived(&standing) {
        return acts;
    }
    if record.is_adverse() {
        acts.push(Link::new(&format!("/my/repairs/new?record={}", record.id), "申请修复"));
    }
    if !has_objected {
        let new = format!("/my/objections/new?record={}", record.id);
        acts.push(Link::new(&new, "认为有错，提出异议"));
    } else {
        acts.push(Link::new("/my/cases", "看异议办到哪一步"));
    }
    if record.is_adverse() {
        let guide = format!("/my/records/{}/remedies", record.id);
        acts.push(Link::new(&guide, "不服，复议或者诉讼"));
    }
    let words =
        if record.statement.is_some() { "改写本人声明" } else { "附上本人声明" };
    acts.push(Link::new(&format!("/my/records/{}/statement", record.id), words));
    acts
}

/// One field of a record for machines: days by ISO 8601, amounts in fen.
pub(crate) fn plain(content: &Content) -> std::collections::BTreeMap<String, serde_json::Value> {
    content
        .iter()
        .map(|(field, value)| {
            let value = match value {
                Value::Text(text) => serde_json::Value::from(text.as_str()),
                Value::Day(day) => serde_json::Value::from(day.to_string()),
                Value::Fen(fen) => serde_json::Value::from(*fen),
            };
            (field.code().to_owned(), value)
        })
        .collect()
}

/// A penalty by the market-regulation bureau, on 3 November 2026, of which no service is known.
#[cfg(test)]
pub(crate) fn sample(rules: &Rules, procedure: &str) -> Record {
    let bureau = rules.agencies().iter().find(|body| body.kind == "market-regulation").unwrap();
    let bureau = register::Uscc::parse(&bureau.uscc).unwrap();
    let person = register::PersonId(uuid::Uuid::nil());
    let decided_on = jiff::civil::date(2026, 11, 3);
    let mut content = Content::default();
    content.set_text(Field::DocumentNo, Some("示市监罚字〔2026〕1号"));
    content.set_text(Field::Violation, Some("无照经营"));
    content.set_text(Field::Procedure, Some(procedure));
    Record {
        id: register::RecordId(uuid::Uuid::nil()),
        person,
        item: "NP04-MR".to_owned(),
        source: bureau,
        batch: None,
        severity: Some(rulebook::Severity::General),
        document: register::Document {
            id: register::DocumentId(uuid::Uuid::nil()),
            person,
            kind: register::document::DocumentKind::PenaltyDecision,
            issuer: bureau,
            decided_on,
            served_on: None,
            effective_on: decided_on,
            digest: [0; 32],
        },
        content,
        recorded_at: jiff::Timestamp::UNIX_EPOCH,
        erase_on: None,
        statement: None,
        noted: None,
    }
}

#[cfg(test)]
mod tests {
    use register::{Event, EventId, EventKind, RecordId};
    use uuid::Uuid;

    use super::*;

    #[test]
    fn what_silence_has_stopped_is_not_said_to_be_looked_into() {
        let rules = Rules::bundled().unwrap();
        let record = sample(&rules, "普通程序");
        for (by, words) in [
            (Cause::Objection, "报送单位没有按期办理"),
            (Cause::Challenge, "报送单位没有按期办理"),
            (Cause::Office, "正在核查"),
        ] {
            let event = Event {
                id: EventId(Uuid::nil()),
                record: RecordId(Uuid::nil()),
                kind: EventKind::Suspended { by },
                sealed: None,
                by: None,
                at: jiff::Timestamp::UNIX_EPOCH,
            };
            let said = says(&record, &History::of([&event]), Standing::Suspended).unwrap();
            assert!(said.contains(words) && said.contains("任何单位都查不到"), "{said}");
        }
    }

    #[test]
    fn the_mark_of_the_office_is_not_the_persons_and_keeps_him_from_nothing() {
        let rules = Rules::bundled().unwrap();
        let record = sample(&rules, "普通程序");
        let shown = Standing::Shown { ends_on: None, repair_from: None };
        for (by, words, act) in [
            (Cause::Objection, "您已提出异议", "看异议办到哪一步"),
            (Cause::Office, "信用办正在核查这条信息", "认为有错，提出异议"),
        ] {
            let event = Event {
                id: EventId(Uuid::nil()),
                record: RecordId(Uuid::nil()),
                kind: EventKind::Contested { by },
                sealed: None,
                by: None,
                at: jiff::Timestamp::UNIX_EPOCH,
            };
            let history = History::of([&event]);
            let said = says(&record, &history, shown).unwrap();
            assert!(said.contains(words), "{said}");
            let has_objected = history.is_contested_by(Cause::Objection);
            let acts = acts(&record, has_objected, shown);
            assert!(acts.iter().any(|link| link.text == act), "{act}");
        }
        assert!(!note(true, false).unwrap().contains("本人认为"), "who says so is not known here");
    }
}
