//! Incidents 信息安全事件 in words: what a person is told, what the authority is, and the closing report.

use jiff::civil::Date;
use register::incident::{Incident, People, State};
use rulebook::Rules;
use usecases::china_date;
use usecases::incident::{Announcement, Criteria, Detail, IncidentFile, Step, Told};

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

/// What is said at one place of a text; empty where it has none.
fn place(name: &str, incident: &Incident, when: &str, said: &Announcement) -> String {
    match name {
        "number" => incident.number.clone(),
        "incident_kind" => incident.kind.title().to_owned(),
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
    filled(code, rules, |name| place(name, &told.incident, &when, &told.announcement))
}

/// What stands beneath the notice of an incident.
pub(crate) fn beneath(told: &Told) -> Beneath {
    Beneath {
        heading: "这起事件",
        facts: vec![
            Fact::new("事件编号", &told.incident.number),
            Fact::new("发生了什么", told.incident.kind.title()),
            Fact::new("发现于", &moment(told.incident.reported_at)),
        ],
        act: Link::new("/my/looks", "谁看过我"),
        from: "信用办告知".to_owned(),
        quiet: None,
    }
}

/// How the people are told, in a sentence for the authority.
fn people(file: &IncidentFile) -> String {
    let reasons = |kind: &str| {
        let step = file.steps.iter().rev().find(|step| step.kind == kind);
        step.map(|step| step.words.clone()).unwrap_or_default()
    };
    match file.incident.people {
        People::Open => "正在准备。".to_owned(),
        People::Told if file.incident.is_drill => "演练，没有告知任何人。".to_owned(),
        People::Told => {
            format!(
                "已经向 {} 人写出告知书，同时在本平台告知，没有账号的邮寄。",
                grouped(file.told)
            )
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
    let when = when(file.detail.since, file.detail.until);
    let mut paragraphs = Vec::new();
    if file.incident.is_drill {
        paragraphs.push(drill_line());
    }
    paragraphs.extend(filled("incident-authority", rules, |name| match name {
        "affected" => format!("{} 人", grouped(file.affected)),
        "told" => people(file),
        name => place(name, &file.incident, &when, said),
    }));
    paragraphs.extend(super::notice::basis("incident-authority", rules));
    paragraphs
}

/// Says on paper that it is a drill.
pub(crate) fn drill_line() -> String {
    "【演练】这是一次演练，不是真实发生的事件，没有向任何单位报告，也没有告知任何人。".to_owned()
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
    let purpose = rules.purpose(&of.purpose).map_or(of.purpose.as_str(), |one| one.title.as_str());
    let parts = [
        ("账号", of.login.clone()),
        ("单位", if of.agency.is_empty() { String::new() } else { agency(rules, &of.agency) }),
        ("用途", purpose.to_owned()),
        ("从", of.from.clone()),
        ("到", of.to.clone()),
        ("存证位置从", of.first.clone()),
        ("存证位置到", of.last.clone()),
    ];
    let parts = parts.into_iter().filter(|(_, value)| !value.is_empty());
    parts.map(|(label, value)| format!("{label} {value}")).collect::<Vec<_>>().join("，")
}

/// What was said when it was reported, and what the register adds.
pub(crate) fn facts(file: &IncidentFile, detail: &Detail) -> Vec<Fact> {
    let incident = &file.incident;
    let reporter = file.reporter.as_deref().unwrap_or("没有登录的人");
    let mut facts = vec![
        Fact::new("发生了什么", incident.kind.title()),
        Fact::new("时间", &when(detail.since, detail.until)),
        Fact::new("报告于", &format!("{}，{reporter}", moment(incident.reported_at))),
        Fact::new("报告和告知的期限", &moment(incident.notice_due)),
        Fact::new("受影响的人", &format!("{} 人", grouped(file.affected))),
        Fact::new("告知本人", incident.people.title()),
    ];
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
        }
    }

    /// PIPL 57: what a person must be told stands in it, and no place is empty.
    #[test]
    fn a_person_is_told_everything_that_the_law_wants() {
        let rules = Rules::bundled().unwrap();
        let file = file(false, People::Told);
        let told_of = Told {
            incident: file.incident.clone(),
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
                let value = place(name, &told_of.incident, "时间", &told_of.announcement);
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

    #[test]
    fn a_drill_says_so_first() {
        let rules = Rules::bundled().unwrap();
        let text = for_the_authority(&file(true, People::Told), &said(), &rules);
        assert!(text[0].starts_with("【演练】"), "{text:?}");
        assert!(text.join("").contains("没有告知任何人"), "{text:?}");
    }
}
