//! Incidents 信息安全事件 in words: what a person is told, what the authority is, and the closing report.

use jiff::civil::Date;
use register::incident::{Incident, Kind, People, State};
use rulebook::Rules;
use usecases::china_date;
use usecases::incident::{
    Announcement, Criteria, Detail, IncidentFile, Step, Task, Told, found_out,
};

use super::notice::{Beneath, fill};
use super::{agency, moment};
use crate::pages::format::{grouped, zh_date};
use crate::pages::{Fact, Link, Tag, Tint};

/// What stands before the title of everything that belongs to a drill.
pub(crate) const DRILL: &str = "演练";

/// Since when and until when, as far as is known.
pub(crate) fn when(since: Option<Date>, until: Option<Date>) -> String {
    match (since, until) {
        (Some(since), Some(until)) if since == until => format!("发生在{}", zh_date(since)),
        (Some(since), Some(until)) => format!("发生在{}到{}", zh_date(since), zh_date(until)),
        (Some(since), None) => format!("从{}开始", zh_date(since)),
        (None, Some(until)) => format!("到{}为止", zh_date(until)),
        (None, None) => "时间还在查".to_owned(),
    }
}

/// Where it stands.
pub(crate) fn tag(incident: &Incident, now: jiff::Timestamp) -> Tag {
    if incident.is_late(now) {
        return Tag::new("已超过报告期限", Tint::Wrong);
    }
    let tint = match incident.state {
        State::Reported | State::Confirmed => Tint::Open,
        State::Contained | State::Notified => Tint::Underway,
        State::Dismissed => Tint::Over,
        State::Closed => Tint::Good,
    };
    Tag::new(incident.state.title(), tint)
}

/// What is said at one place of a text; empty where it has none. `found` is what happened and when.
fn place(
    name: &str,
    incident: &Incident,
    (kind, when): (Kind, &str),
    said: &Announcement,
) -> String {
    match name {
        "number" => incident.number.clone(),
        "incident_kind" => kind.title().to_owned(),
        "incident_when" => when.to_owned(),
        "found_on" => zh_date(china_date(incident.reported_at)),
        "information" => said.information.clone(),
        "causes" => said.causes.clone(),
        "harm" => said.harm.clone(),
        "measures" => said.measures.clone(),
        "advice" => said.advice.clone(),
        "contact" => said.contact.clone(),
        _ => String::new(),
    }
}

fn filled(code: &str, rules: &Rules, place: impl Fn(&str) -> String) -> Vec<String> {
    let text = rules.notice(code);
    let paragraphs = text.into_iter().flat_map(|text| &text.paragraphs);
    paragraphs.map(|paragraph| fill(paragraph, &place)).collect()
}

/// What a person is told.
pub(crate) fn told(code: &str, told: &Told, rules: &Rules) -> Vec<String> {
    let when = when(told.since, told.until);
    let found = (told.kind, when.as_str());
    filled(code, rules, |name| place(name, &told.incident, found, &told.announcement))
}

/// What stands beneath the notice of an incident.
pub(crate) fn beneath(told: &Told) -> Beneath {
    Beneath {
        heading: "这起事件",
        facts: vec![
            Fact::new("事件编号", &told.incident.number),
            Fact::new("发生了什么", told.kind.title()),
            Fact::new("发现于", &moment(told.incident.reported_at)),
        ],
        act: Link::new("/my/looks", "谁看过我"),
        from: "信用办告知".to_owned(),
        quiet: None,
    }
}

/// How the people are told, in a sentence for the authority: so many had been, and that had been decided.
fn people(file: &IncidentFile, decided: People, told: u64) -> String {
    let reasons = |kind: &str| {
        let step = file.steps.iter().rev().find(|step| step.kind == kind);
        step.map(|step| step.words.clone()).unwrap_or_default()
    };
    match decided {
        People::Open => "正在准备。".to_owned(),
        People::Told if file.incident.is_drill => "演练，没有告知任何人。".to_owned(),
        People::Told => {
            format!("已经向 {} 人写出告知书，同时在本平台告知，没有账号的邮寄。", grouped(told))
        }
        People::Waived => format!(
            "采取的措施能够有效避免信息泄露、篡改、丢失造成危害，决定不告知个人。理由：{}",
            reasons("waived")
        ),
    }
}

/// What the authority is told, in full.
pub(crate) fn for_the_authority(
    file: &IncidentFile,
    said: &Announcement,
    rules: &Rules,
) -> Vec<String> {
    let (kind, since, until) = found_out(&file.incident, &file.detail, Some(said));
    let when = when(since, until);
    // Once it was sent it says what it said then.
    let (affected, told, decided) = match &said.sent {
        Some(sent) => (sent.affected, sent.told, sent.people()),
        None => (file.affected, file.told, file.incident.people),
    };
    let mut paragraphs = Vec::new();
    if file.incident.is_drill {
        paragraphs.push(drill_line());
    }
    paragraphs.extend(filled("incident-authority", rules, |name| match name {
        "affected" => format!("{} 人", grouped(affected)),
        "told" => people(file, decided, told),
        name => place(name, &file.incident, (kind, when.as_str()), said),
    }));
    paragraphs.extend(super::notice::basis("incident-authority", rules));
    paragraphs
}

/// Says on paper that it is a drill.
pub(crate) fn drill_line() -> String {
    "【演练】这是一次演练，不是真实发生的事件，没有向任何单位报告，也没有告知任何人。".to_owned()
}

/// What a task is, with the mark of a drill: nobody does it in earnest.
pub(crate) fn task(task: &Task) -> String {
    let drill = if task.is_drill { "【演练】" } else { "" };
    format!("{drill}{}", task.what)
}

/// What was done, in a word.
pub(crate) fn step_title(kind: &str) -> &'static str {
    match kind {
        "reported" => "报告",
        "confirmed" => "研判：是信息安全事件",
        "dismissed" => "研判：不是信息安全事件",
        "contained" => "已经控制",
        "searched" => "在存证里查找受影响的人",
        "announced" => "写报告和告知的内容",
        "telling" => "决定告知本人",
        "waived" => "决定不需要告知本人",
        "authority" => "向主管部门报告",
        "notified" => "报告和告知完毕",
        "closed" => "办结",
        _ => "办理",
    }
}

/// Who did a step.
pub(crate) fn by(step: &Step) -> String {
    step.by.clone().unwrap_or_else(|| "没有登录的人".to_owned())
}

/// Which looks were searched, in one line.
pub(crate) fn criteria(of: &Criteria, rules: &Rules) -> String {
    if of.is_of_everybody() {
        return "所有在册的人".to_owned();
    }
    let purpose = rules.purpose(&of.purpose).map_or(of.purpose.as_str(), |one| one.title.as_str());
    let item = rules.item(&of.item).map_or(of.item.as_str(), |one| one.title.as_str());
    let by = if of.is_of_records() { "按信息" } else { "" };
    let own = if of.own == "yes" { "也算" } else { "" };
    let parts = [
        ("查找", by.to_owned()),
        ("事项", item.to_owned()),
        ("批次", of.batch.clone()),
        ("账号", of.login.clone()),
        ("单位", if of.agency.is_empty() { String::new() } else { agency(rules, &of.agency) }),
        ("用途", purpose.to_owned()),
        ("从", of.from.clone()),
        ("到", of.to.clone()),
        ("存证位置从", of.first.clone()),
        ("存证位置到", of.last.clone()),
        ("本人自己的查看", own.to_owned()),
    ];
    let parts = parts.into_iter().filter(|(_, value)| !value.is_empty());
    parts.map(|(label, value)| format!("{label} {value}")).collect::<Vec<_>>().join("，")
}

/// What was said when it was reported, and what the register adds.
pub(crate) fn facts(file: &IncidentFile, detail: &Detail) -> Vec<Fact> {
    let incident = &file.incident;
    let reporter = file.reporter.as_deref().unwrap_or("没有登录的人");
    let (kind, since, until) = found_out(incident, detail, file.announcement.as_ref());
    let mut facts = vec![
        Fact::new("发生了什么", kind.title()),
        Fact::new("时间", &when(since, until)),
        Fact::new("报告于", &format!("{}，{reporter}", moment(incident.reported_at))),
        Fact::new("报告和告知的期限", &moment(incident.notice_due)),
        Fact::new("受影响的人", &format!("{} 人", grouped(file.affected))),
        Fact::new("告知本人", incident.people.title()),
    ];
    if (incident.kind, detail.since, detail.until) != (kind, since, until) {
        let then = when(detail.since, detail.until);
        facts.push(Fact::new("报告时说的", &format!("{}，{then}", incident.kind.title())));
    }
    if file.told > 0 {
        facts.push(Fact::new("已写出的告知书", &format!("{} 份", grouped(file.told))));
    }
    if let Some(at) = incident.authority_at {
        facts.push(Fact::new("向主管部门报告", &moment(at)));
    }
    for (label, value) in [
        ("系统或者地点", &detail.systems),
        ("已经采取的措施", &detail.measures),
        ("联系人", &detail.contact),
    ] {
        if !value.is_empty() {
            facts.push(Fact::new(label, value));
        }
    }
    facts
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use register::incident::Kind;
    use register::{AccountId, IncidentId};
    use usecases::incident::Search;
    use uuid::Uuid;

    use super::*;

    fn said() -> Announcement {
        Announcement {
            information: "姓名、处罚决定。".to_owned(),
            causes: "账号被他人使用。".to_owned(),
            harm: "可能接到冒充工作人员的电话。".to_owned(),
            measures: "停用账号，更换密码。".to_owned(),
            advice: "不要向来电的人提供验证码。".to_owned(),
            contact: "信用办 0421-0000000".to_owned(),
            recipient: "市互联网信息办公室".to_owned(),
            kind: "leak".to_owned(),
            since: Some(date(2026, 11, 20)),
            until: None,
            sent: None,
        }
    }

    fn file(is_drill: bool, people: People) -> IncidentFile {
        let at = jiff::Timestamp::UNIX_EPOCH;
        let by = AccountId(Uuid::from_u128(1));
        let words = "数据一直加密，密钥没有泄露。".to_owned();
        IncidentFile {
            incident: Incident {
                id: IncidentId(Uuid::nil()),
                number: "SJ20261124-7F3K2Q".to_owned(),
                kind: Kind::Leak,
                state: State::Contained,
                is_drill,
                reported_at: at,
                reported_by: None,
                notice_due: at,
                people,
                people_by: Some((by, at)),
                authority_at: None,
                moved_by: Some(by),
                closed_at: None,
            },
            detail: Detail { since: Some(date(2026, 11, 20)), ..Detail::default() },
            reporter: None,
            announcement: Some(said()),
            steps: vec![Step { kind: "waived".to_owned(), by: None, at, words }],
            searches: Vec::<Search>::new(),
            affected: 3,
            told: 3,
            tasks: Vec::new(),
            may_handle: true,
            may_waive: true,
            may_close: false,
            is_involved: false,
        }
    }

    /// PIPL 57: what a person must be told stands in it, and no place is empty.
    #[test]
    fn a_person_is_told_everything_that_the_law_wants() {
        let rules = Rules::bundled().unwrap();
        let file = file(false, People::Told);
        let told_of = Told {
            incident: file.incident.clone(),
            kind: Kind::Leak,
            since: file.detail.since,
            until: None,
            announcement: said(),
        };
        let text = told("incident-told", &told_of, &rules).join("\n");
        let Announcement { information, causes, harm, measures, advice, contact, .. } = said();
        for part in [information, causes, harm, measures, advice, contact] {
            assert!(text.contains(&part), "{part} in {text}");
        }
        for part in ["SJ20261124-7F3K2Q", "信息泄露", "从2026年11月20日开始"] {
            assert!(text.contains(part), "{part} in {text}");
        }
        for paragraph in &rules.notice("incident-told").unwrap().paragraphs {
            fill(paragraph, |name| {
                let found = (told_of.kind, "时间");
                let value = place(name, &told_of.incident, found, &told_of.announcement);
                assert!(!value.is_empty(), "{name}");
                value
            });
        }
    }

    #[test]
    fn the_authority_reads_how_many_and_why_nobody_is_told() {
        let rules = Rules::bundled().unwrap();
        let text = for_the_authority(&file(false, People::Told), &said(), &rules).join("\n");
        assert!(
            text.contains("3 人") && text.contains("写出告知书") && !text.contains('{'),
            "{text}"
        );
        let text = for_the_authority(&file(false, People::Waived), &said(), &rules).join("\n");
        assert!(text.contains("密钥没有泄露"), "{text}");
    }

    /// Whoever reported it may have been wrong, and what was sent does not change with what comes later.
    #[test]
    fn the_authority_reads_what_was_found_out_and_what_stood_when_it_was_told() {
        let rules = Rules::bundled().unwrap();
        let file = file(false, People::Told);
        let sent = usecases::incident::AsSent {
            on: date(2026, 11, 24),
            affected: 2,
            told: 0,
            people: "open".to_owned(),
        };
        let found = Announcement {
            kind: "unlawful-look".to_owned(),
            since: Some(date(2026, 11, 22)),
            until: Some(date(2026, 11, 22)),
            sent: Some(sent),
            ..said()
        };
        let text = for_the_authority(&file, &found, &rules).join("\n");
        for part in ["不应当的查看，发生在2026年11月22日", "2 人", "正在准备"] {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert!(!text.contains("信息泄露，") && !text.contains("3 人"), "{text}");
        let file = IncidentFile { announcement: Some(found), ..file };
        let said: Vec<String> =
            facts(&file, &file.detail).into_iter().map(|fact| fact.value).collect();
        assert!(said.contains(&"不应当的查看".to_owned()), "{said:?}");
        assert!(said.contains(&"信息泄露，从2026年11月20日开始".to_owned()), "{said:?}");
    }

    #[test]
    fn a_task_of_a_drill_is_marked_before_its_words() {
        let mut one = Task {
            incident: IncidentId(Uuid::nil()),
            id: Uuid::nil(),
            what: "停用接口账号".to_owned(),
            owner: "keeper".to_owned(),
            is_technical: true,
            is_drill: true,
            may_finish: true,
            due: date(2026, 11, 25),
            done_by: None,
        };
        assert_eq!(task(&one), "【演练】停用接口账号");
        one.is_drill = false;
        assert_eq!(task(&one), "停用接口账号");
    }

    #[test]
    fn a_drill_says_so_first() {
        let rules = Rules::bundled().unwrap();
        let text = for_the_authority(&file(true, People::Told), &said(), &rules);
        assert!(text[0].starts_with("【演练】"), "{text:?}");
        assert!(text.join("").contains("没有告知任何人"), "{text:?}");
    }
}
