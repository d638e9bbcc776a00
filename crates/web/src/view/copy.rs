//! A person's copy of his file: JSON for programs, a table for a spreadsheet.

use intake::harmless;
use register::{Field, Standing};
use rulebook::Rules;
use serde_json::{Value, json};
use usecases::my::{Copy, MyRecord, Subject};

use super::{agency, item, moment, statutes};
use crate::pages::format::zh_date;
use crate::view::record;

/// Everything, for programs; days and moments by ISO 8601, amounts in fen.
pub(crate) fn json(copy: &Copy, rules: &Rules, made_at: jiff::Timestamp, seq: u64) -> Value {
    let file = &copy.file;
    let records: Vec<_> = file.records.iter().map(|mine| record_json(mine, rules)).collect();
    let looks: Vec<_> = copy
        .looks
        .iter()
        .map(|look| {
            json!({
                "log_seq": look.seq,
                "at": look.at.to_string(),
                "agency": look.agency,
                "agency_name": look.agency.as_deref().map(|code| agency(rules, code)),
                "by_the_person": look.is_own,
                "purpose": look.purpose,
                "matter": look.matter,
                "records": look.records,
                "wrongful": look.wrongful.as_ref().map(|found| json!({
                    "case": found.number,
                    "found_at": found.at.to_string(),
                })),
            })
        })
        .collect();
    let notices: Vec<_> = copy
        .notices
        .iter()
        .map(|(notice, subject)| {
            json!({
                "id": notice.id.to_string(),
                "record": notice.record().map(|record| record.to_string()),
                "inquiry": subject.as_ref().and_then(inquiry_number),
                "incident": subject.as_ref().and_then(incident_number),
                "title": rules.notice(&notice.text).map(|text| text.title.clone()),
                "created_at": notice.created_at.to_string(),
                "delivered_at": notice.state.delivered_at().map(|at| at.to_string()),
                "read_at": notice.state.read_at().map(|at| at.to_string()),
                "text": letter(subject.as_ref(), &notice.text, rules),
            })
        })
        .collect();
    let cases: Vec<_> = copy
        .cases
        .iter()
        .map(|case| {
            let steps = case.steps.iter().map(step);
            json!({
                "number": case.number,
                "record": case.record.to_string(),
                "state": case.state,
                "received_at": case.received_at.to_string(),
                "closed_at": case.closed_at.map(|at| at.to_string()),
                "steps": steps.collect::<Vec<_>>(),
                "papers": case.papers.iter().map(paper).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({
        "schema": "chengxin-my-copy/1",
        "made_at": made_at.to_string(),
        "log_seq": seq,
        "person": {
            "name": file.name.as_str(),
            "id_kind": file.document.kind().code(),
            "id_number": file.document.number(),
        },
        "records": records,
        "looks": looks,
        "refused_looks": copy.refused,
        "notices": notices,
        "cases": cases,
        "inquiries": list(&copy.inquiries, |(one, steps)| json!({
            "number": one.number,
            "log_seq": one.look,
            "agency": one.agency.as_str(),
            "state": one.state.title(),
            "asked_at": one.asked_at.to_string(),
            "due": one.due.to_string(),
            "closed_at": one.closed_at.map(|at| at.to_string()),
            "steps": list(steps, step),
        })),
        "mandates": list(&copy.mandates, |one| json!({
            "number": one.number,
            "grantee": one.grantee.as_str(),
            "grantee_name": agency(rules, one.grantee.as_str()),
            "purpose": one.purpose,
            "items": one.items,
            "until": one.until.to_string(),
            "uses": one.uses,
            "used": one.used,
            "given_at": one.given_at.to_string(),
            "revoked_at": one.revoked_at.map(|at| at.to_string()),
        })),
        "consents": list(&copy.consents, |one| json!({
            "item": one.item,
            "given_at": one.given_at.to_string(),
            "until": one.until.to_string(),
            "ended_at": one.ended_at.map(|at| at.to_string()),
        })),
        "contact": copy.contact.as_ref().map(|one| json!({
            "channel": one.channel.title(),
            "address": one.address.reveal(),
            "confirmed_at": one.confirmed_at.map(|at| at.to_string()),
        })),
        "deliveries": list(&copy.deliveries, |one| json!({
            "channel": one.channel.title(),
            "state": super::delivery::tag(one).text,
            "created_at": one.created_at.to_string(),
        })),
        "corrections": list(&copy.corrections, |one| json!({
            "record": one.record.to_string(),
            "change": one.change.title(),
            "receiver": one.receiver.as_str(),
            "receiver_name": agency(rules, one.receiver.as_str()),
            "log_seq": one.look,
            "sent_at": one.sent_at.to_string(),
            "due": one.due.to_string(),
            "acknowledged_at": one.acknowledged_at.map(|at| at.to_string()),
        })),
        "reports": list(&copy.reports, |one| json!({
            "number": one.number,
            "purpose": one.purpose,
            "issued_at": one.issued_at.to_string(),
            "sha256": hex::encode(one.digest),
        })),
        "openings": list(&copy.openings, |one| json!({
            "number": one.number,
            "record": one.record.map(|record| record.to_string()),
            "ground": one.ground.title(),
            "wish": one.wish.title(),
            "asked_at": one.asked_at.to_string(),
            "decided_at": one.decision.map(|decision| decision.at.to_string()),
            "open_until": one.decision.and_then(|decision| decision.open_until).map(|at| at.to_string()),
        })),
    })
}

fn list<T>(all: &[T], one: impl Fn(&T) -> Value) -> Vec<Value> {
    all.iter().map(one).collect()
}

fn step(step: &usecases::case::Step) -> Value {
    json!({"code": step.kind, "at": step.at.to_string(), "words": step.words})
}

fn paper(paper: &register::paper::Paper) -> Value {
    json!({
        "name": paper.name,
        "kind": paper.kind.title(),
        "bytes": paper.size,
        "sha256": hex::encode(paper.digest),
        "by_the_body": paper.is_of_agency,
        "at": paper.at.to_string(),
    })
}

/// What a notice says, in full.
fn letter(subject: Option<&Subject>, text: &str, rules: &Rules) -> Vec<String> {
    let Some(subject) = subject else { return Vec::new() };
    let mut said = super::notice::says(text, subject, false, rules);
    said.extend(super::notice::basis(text, rules));
    said
}

/// The number of the question that a notice answers.
fn inquiry_number(subject: &Subject) -> Option<&str> {
    match subject {
        Subject::Record { .. } => None,
        Subject::Inquiry(inquiry) => Some(&inquiry.number),
        Subject::Looks(_) => None,
        Subject::Incident(_) => None,
    }
}

/// The number of the incident that a notice tells of.
fn incident_number(subject: &Subject) -> Option<&str> {
    match subject {
        Subject::Incident(told) => Some(&told.incident.number),
        Subject::Record { .. } | Subject::Inquiry(_) | Subject::Looks(_) => None,
    }
}

fn record_json(mine: &MyRecord, rules: &Rules) -> Value {
    let MyRecord { record, history, standing, receivers } = mine;
    let display = record.severity.map(|class| rules.display(class, record.document.decided_on));
    let basis = rules.item(&record.item).map(|item| statutes(&item.basis));
    json!({
        "id": record.id.to_string(),
        "item": record.item,
        "item_title": item(rules, &record.item),
        "title": record::title(record, rules),
        "class": record.severity.map(|class| class.title()),
        "standing": standing_text(*standing),
        "is_contested": history.is_contested,
        "source": record.source.as_str(),
        "source_name": agency(rules, record.source.as_str()),
        "basis": basis,
        "decided_on": record.document.decided_on.to_string(),
        "served_on": record.document.served_on.map(|on| on.to_string()),
        "told_on": history.told_on.map(|on| on.to_string()),
        "repair_from": display.as_ref().map(|display| display.repair_from.to_string()),
        "display_ends_on": display.as_ref().map(|display| display.ends_on.to_string()),
        "recorded_at": record.recorded_at.to_string(),
        "content": record::plain(&record.content),
        "statement": record.statement,
        "unconfirmed_objection": record.noted,
        "receivers": receivers,
        "kept_until": record.erase_on.and_then(|on| on.yesterday().ok()).map(|on| on.to_string()),
    })
}

/// The columns of the table.
const COLUMNS: [&str; 15] = [
    "事项",
    "名称",
    "分类",
    "状态",
    "有异议",
    "文书号",
    "决定机关",
    "决定日期",
    "报送单位",
    "记入依据",
    "可以申请修复",
    "停止展示",
    "本人声明",
    "谁收到过",
    "记入时间",
];

/// The records as a table; opens in a spreadsheet as Chinese, and no cell is read as a formula.
///
/// # Errors
/// Of the writer; not for rows of one length.
pub(crate) fn table(copy: &Copy, rules: &Rules) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(COLUMNS)?;
    for mine in &copy.file.records {
        writer.write_record(row(mine, rules).iter().map(|cell| harmless(cell).into_owned()))?;
    }
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

fn row(mine: &MyRecord, rules: &Rules) -> [String; 15] {
    let MyRecord { record, history, standing, receivers } = mine;
    let display = record.severity.map(|class| rules.display(class, record.document.decided_on));
    let receivers = receivers.iter().map(|code| agency(rules, code)).collect::<Vec<_>>();
    [
        item(rules, &record.item),
        record::title(record, rules),
        record.severity.map(|class| class.title().to_owned()).unwrap_or_default(),
        standing_text(*standing).to_owned(),
        if history.is_contested { "是" } else { "否" }.to_owned(),
        record.content.text(Field::DocumentNo).unwrap_or_default().to_owned(),
        record::authority(record, rules),
        record.document.decided_on.to_string(),
        agency(rules, record.source.as_str()),
        rules.item(&record.item).map(|item| statutes(&item.basis)).unwrap_or_default(),
        display.as_ref().map(|display| zh_date(display.repair_from)).unwrap_or_default(),
        display.as_ref().map(|display| zh_date(display.ends_on)).unwrap_or_default(),
        record.statement.clone().unwrap_or_default(),
        receivers.join("、"),
        moment(record.recorded_at),
    ]
}

const fn standing_text(standing: Standing) -> &'static str {
    match standing {
        Standing::Waiting => "等待告知",
        Standing::Quiet { .. } => "告知期",
        Standing::Shown { .. } => "展示中",
        Standing::NotDisplayed { .. } => "不展示",
        Standing::Ended { .. } => "已停止展示",
        Standing::Suspended => "暂停展示",
        Standing::Withdrawn { .. } => "已撤下",
        Standing::Repaired { .. } => "已修复",
        Standing::OwnerDied { .. } => "本人已去世",
    }
}
