//! Paper 打印件: from what a use case disclosed to a PDF, in the words of the pages.

use jiff::civil::DateTime;
use jiff::{Timestamp, tz};
use register::disclosure::Fact;
use register::paper::{Paper, PaperKind};
use register::{Field, RecordId, mask};
use report::{
    AccessEntry, AttachedFile, Attachment, CreditReport, EvidenceBundle, Honour, Licence, Mark,
    Penalty, Pledge, ReportError, Signature, Statement, SupervisionReport, TextPage,
};
use rulebook::Rules;
use usecases::incident::IncidentFile;
use usecases::letter::Letter;
use usecases::my::{MyLook, Opened};
use usecases::report::{Own, Stated};
use usecases::{Cx, china_date};

use crate::pages::format::zh_date;
use crate::view;

/// The office, at the head and at the foot.
fn office(cx: &Cx) -> String {
    let office = cx.rules.agencies().iter().find(|body| body.kind == "credit-office");
    office.map_or_else(|| "信用办".to_owned(), |office| office.name.clone())
}

/// The office and where it is reached, as far as that is set up here.
pub(crate) fn reached(cx: &Cx) -> Vec<String> {
    let mut parts = vec![office(cx)];
    if !cx.channels.office_address.is_empty() {
        parts.push(cx.channels.office_address.clone());
    }
    if !cx.channels.office_phone.is_empty() {
        parts.push(format!("电话 {}", cx.channels.office_phone));
    }
    parts
}

fn contact(cx: &Cx) -> String {
    let mut parts = reached(cx);
    parts.push("也可以登录后在“我的档案”里提出。".to_owned());
    parts.join("，")
}

fn civil(at: Timestamp) -> DateTime {
    at.to_zoned(tz::TimeZone::fixed(tz::offset(8))).datetime()
}

/// What a record of the report is called in it.
fn title_of(record: RecordId, facts: &[Fact], rules: &Rules) -> String {
    let fact = facts.iter().find(|fact| fact.record.id == record);
    fact.map(|fact| view::record::title(&fact.record, rules)).unwrap_or_default()
}

/// Pledges that still bind. `None` if there are none: a section that says so would be wrong, because those about what is
/// repaired are not shown.
fn pledges(own: &Own, facts: &[Fact], rules: &Rules) -> Option<Vec<Pledge>> {
    let pledge = |one: &usecases::report::Pledge| Pledge {
        title: format!("申请修复时签署的信用承诺：{}", title_of(one.record, facts, rules)),
        received_by: view::agency(rules, one.agency.as_str()),
        made_on: one.on,
        outcome: "修复办理中".to_owned(),
        mark: Mark::default(),
    };
    (!own.pledges.is_empty()).then(|| own.pledges.iter().map(pledge).collect())
}

/// His own words. `None` if there are none: there may be some beside what is not shown.
fn statements(own: &Own, facts: &[Fact], rules: &Rules) -> Option<Vec<Statement>> {
    let statement = |one: &Stated| Statement {
        made_on: one.on,
        about: title_of(one.record, facts, rules),
        text: one.words.clone(),
    };
    (!own.statements.is_empty()).then(|| own.statements.iter().map(statement).collect())
}

fn accesses(own: &Own, rules: &Rules) -> Vec<AccessEntry> {
    let entry = |look: &MyLook| {
        let row = crate::site::my::row(look, rules);
        AccessEntry { at: civil(look.at), by: row.agency, purpose: row.purpose }
    };
    own.looks.looks.iter().map(entry).collect()
}

/// A credit report; `site` is where its holder checks it.
///
/// # Errors
/// [`ReportError`].
pub fn credit_report(
    cx: &Cx,
    draft: &usecases::report::Draft,
    site: &str,
) -> Result<Vec<u8>, ReportError> {
    let rules = &cx.rules;
    let mark = |fact: &Fact| Mark {
        is_contested: fact.is_contested,
        is_challenged: fact.is_challenged,
        statement: fact.record.statement.clone(),
        noted: fact.record.noted.clone(),
    };
    let licence = |fact: &Fact| Licence {
        title: view::record::title(&fact.record, rules),
        licence_no: fact.record.content.text(Field::LicenceNo).unwrap_or_default().to_owned(),
        authority: view::record::authority(&fact.record, rules),
        decided_on: fact.record.document.decided_on,
        valid_until: fact.record.content.day(Field::ValidUntil),
        mark: mark(fact),
    };
    let penalty = |fact: &Fact| Penalty {
        kind: rules
            .item(&fact.record.item)
            .map_or("行政处罚", |item| item.title.as_str())
            .to_owned(),
        title: view::record::title(&fact.record, rules),
        document_no: fact.record.content.text(Field::DocumentNo).unwrap_or_default().to_owned(),
        outcome: view::record::outcome(&fact.record),
        authority: view::record::authority(&fact.record, rules),
        decided_on: fact.record.document.decided_on,
        // The last day on which it is shown.
        display_until: fact.ends_on.and_then(|ends_on| ends_on.yesterday().ok()),
        mark: mark(fact),
    };
    let honour = |fact: &Fact| Honour {
        title: view::record::title(&fact.record, rules),
        awarded_by: view::record::authority(&fact.record, rules),
        awarded_on: fact.record.document.decided_on,
        mark: mark(fact),
    };
    let (allowed, others): (Vec<&Fact>, Vec<&Fact>) =
        draft.facts.iter().partition(|fact| fact.record.is_by_consent());
    let (adverse, licences): (Vec<&Fact>, Vec<&Fact>) =
        others.into_iter().partition(|fact| fact.record.is_adverse());
    // A section that says "none" would say that somebody has none.
    let honours: Option<Vec<_>> =
        (!allowed.is_empty()).then(|| allowed.into_iter().map(honour).collect());
    let valid_for = match draft.report.purpose.as_deref().and_then(|code| rules.purpose(code)) {
        Some(purpose) => format!(
            "本报告只用于“{}”（{}），只列出这件事依法可以看的信息。",
            purpose.title, draft.matter
        ),
        None => "本报告列出出具时依法可以展示的信息，没有评分，也不作评价。".to_owned(),
    };
    let (algorithm, key) = draft.public_key.split_once(':').unwrap_or(("", &draft.public_key));
    let printed = CreditReport {
        number: draft.report.number.clone(),
        issued_at: civil(draft.report.issued_at),
        issuer: office(cx),
        name: draft.name.as_str().to_owned(),
        id_kind: draft.document.kind().title().to_owned(),
        masked_id_number: mask::number(draft.document.number()),
        licences: Some(licences.into_iter().map(licence).collect()),
        penalties: Some(adverse.into_iter().map(penalty).collect()),
        honours,
        pledges: draft.own.as_ref().and_then(|own| pledges(own, &draft.facts, rules)),
        statements: draft.own.as_ref().and_then(|own| statements(own, &draft.facts, rules)),
        accesses: draft.own.as_ref().map(|own| accesses(own, rules)),
        accesses_in_all: draft.own.as_ref().map_or(0, |own| own.looks.in_all),
        valid_for: Some(valid_for),
        objection_contact: contact(cx),
        signature: Some(Signature {
            algorithm: view::suite(algorithm).to_owned(),
            public_key: key.to_owned(),
            value: hex::encode(&draft.signature),
            code: draft.code.clone(),
            fingerprint: hex::encode(draft.report.fingerprint),
            verify_url: format!("{site}/verify?code={}", draft.code),
        }),
    };
    report::credit_report(&printed).map(|pdf| pdf.bytes)
}

/// A letter with its notices, one after the other.
///
/// # Errors
/// [`ReportError`], above all an address that does not fit the window.
pub fn letter(cx: &Cx, letter: &Letter) -> Result<Vec<u8>, ReportError> {
    let many = letter.notices.len() > 1;
    let mut paragraphs = Vec::new();
    for (at, Opened { notice, subject, .. }) in letter.notices.iter().enumerate() {
        let rules = &cx.rules;
        if many {
            let title = rules.notice(&notice.text).map_or("告知书", |text| text.title.as_str());
            paragraphs.push(format!("（{}）{title}", at + 1));
        }
        let said = letter.said.get(&notice.id);
        paragraphs.extend(view::notice::says(&notice.text, subject, said.is_some(), rules));
        if let Some(said) = said {
            paragraphs.extend(view::any_case::in_words(said, subject.record(), rules));
        }
        paragraphs.extend(view::notice::basis(&notice.text, rules));
    }
    let mut address: Vec<String> = letter.address.lines().map(str::to_owned).collect();
    address.push(format!("{}（收）", letter.name.as_str()));
    let number = letter
        .delivery
        .as_ref()
        .map(|sent| usecases::case::number("XH", china_date(sent.created_at), sent.id.0));
    let printed = report::Letter {
        number: number.unwrap_or_else(|| "XH".to_owned()),
        sender: office(cx),
        return_address: format!("{} {}", office(cx), cx.channels.office_address).trim().to_owned(),
        address,
        title: "告知书".to_owned(),
        salutation: format!("{}：", letter.name.as_str()),
        paragraphs,
        contact: contact(cx),
        dated_on: cx.today(),
    };
    report::letter(&printed).map(|pdf| pdf.bytes)
}

/// What a body puts before the authority that reviews its decision, or before the court.
pub(crate) struct Bundle<'a> {
    pub(crate) number: &'a str,
    pub(crate) issuer: String,
    pub(crate) person: String,
    pub(crate) record: &'a register::Record,
    pub(crate) steps: &'a [crate::pages::case::CaseStep],
    pub(crate) papers: &'a [Paper],
    /// The papers' bytes; `None` for what would make the bundle too large to send.
    pub(crate) bytes: Vec<Option<Vec<u8>>>,
}

/// Most bytes of papers inside one bundle: what a reviewing body's mailbox and reader still take.
pub(crate) const MOST_INSIDE: u64 = 50 << 20;

/// One PDF of a case: the decision as it is recorded, what was said, and the papers themselves.
pub(crate) fn bundle(cx: &Cx, bundle: Bundle<'_>) -> Result<Vec<u8>, ReportError> {
    let facts = view::record::facts(bundle.record, &cx.rules);
    let facts = facts.iter().map(|fact| format!("{}：{}", fact.label, fact.value));
    let said = bundle.steps.iter().map(|step| {
        let words = step.words.join("\n");
        let words = if words.is_empty() { words } else { format!("：{words}") };
        format!("{}，{}{words}", step.at, step.title)
    });
    let attachment = |(paper, bytes): (&Paper, Option<Vec<u8>>)| Attachment {
        title: format!(
            "{}（{}）",
            paper.name,
            if paper.is_of_agency { "单位提供" } else { "本人提供" }
        ),
        digest: hex::encode(paper.digest),
        extent: format!("{} 字节", crate::pages::format::grouped(paper.size)),
        file: bytes.map(|bytes| {
            let (extension, media_type) = match paper.kind {
                PaperKind::Pdf => ("pdf", "application/pdf"),
                PaperKind::Jpeg => ("jpg", "image/jpeg"),
                PaperKind::Png => ("png", "image/png"),
                PaperKind::Ofd => ("ofd", "application/ofd"),
            };
            AttachedFile { bytes, extension, media_type }
        }),
    };
    let printed = EvidenceBundle {
        number: bundle.number.to_owned(),
        title: "证据材料".to_owned(),
        issuer: bundle.issuer.clone(),
        issued_at: civil(cx.now()),
        about: format!(
            "{}就“{}”（决定日期 {}）提出的复议、诉讼一案，由{}汇集。双方交的材料见附件清单。",
            bundle.person,
            view::record::title(bundle.record, &cx.rules),
            zh_date(bundle.record.document.decided_on),
            bundle.issuer
        ),
        digest_kind: "SHA-256".to_owned(),
        attachments: bundle.papers.iter().zip(bundle.bytes).map(attachment).collect(),
        pages: vec![
            TextPage { title: "登记的内容".to_owned(), paragraphs: facts.collect() },
            TextPage { title: "办理经过".to_owned(), paragraphs: said.collect() },
        ],
    };
    report::evidence_bundle(&printed).map(|pdf| pdf.bytes)
}

/// Before the title of a paper that belongs to a drill.
fn drill(title: &str, is_drill: bool) -> String {
    if is_drill { format!("【演练】{title}") } else { title.to_owned() }
}

/// What the authority is told of an incident, as it is sent.
pub(crate) fn incident_notice(cx: &Cx, file: &IncidentFile) -> Result<Vec<u8>, ReportError> {
    let said = file.announcement.clone().unwrap_or_default();
    let text = cx.rules.notice("incident-authority");
    let title = text.map_or("个人信息安全事件报告", |text| text.title.as_str());
    let recipient = said.recipient.replace('\n', " ");
    let printed = report::Letter {
        number: file.incident.number.clone(),
        sender: office(cx),
        return_address: format!("{} {}", office(cx), cx.channels.office_address).trim().to_owned(),
        address: vec![recipient.clone()],
        title: drill(title, file.incident.is_drill),
        salutation: format!("{recipient}："),
        paragraphs: view::incident::for_the_authority(file, &said, &cx.rules),
        contact: said.contact.clone(),
        // Once it was sent it bears the day on which it was.
        dated_on: said.sent.as_ref().map_or_else(|| cx.today(), |sent| sent.on),
    };
    report::letter(&printed).map(|pdf| pdf.bytes)
}

/// The report of an incident: what happened, what was done, who was told, what was learned. Nobody affected is named.
pub(crate) fn incident_report(cx: &Cx, file: &IncidentFile) -> Result<Vec<u8>, ReportError> {
    use crate::view::incident as words;
    let incident = &file.incident;
    let line = |fact: &crate::pages::Fact| format!("{}：{}", fact.label, fact.value);
    let mut what: Vec<String> = words::facts(file, &file.detail).iter().map(line).collect();
    what.push(format!("情况：{}", file.detail.what));
    let steps = file.steps.iter().map(|step| {
        let said = if step.words.is_empty() { String::new() } else { format!("：{}", step.words) };
        let (at, title) = (view::moment(step.at), words::step_title(&step.kind));
        format!("{at}，{}，{title}{said}", words::by(step))
    });
    let searches = file.searches.iter().map(|search| {
        let (at, of) = (view::moment(search.at), words::criteria(&search.criteria, &cx.rules));
        format!("{at}，{}：{of}，找到 {} 人。", search.by, search.affected)
    });
    let tasks = file.tasks.iter().map(|task| {
        let done =
            task.done_by.as_deref().map_or("没有办完".to_owned(), |by| format!("{by} 办完"));
        let what = words::task(task);
        format!("{what}：{}，最迟 {}，{done}", task.owner, zh_date(task.due))
    });
    let mut pages = vec![
        TextPage { title: "情况".to_owned(), paragraphs: what },
        TextPage { title: "办理经过".to_owned(), paragraphs: steps.collect() },
        TextPage { title: "受影响的人".to_owned(), paragraphs: searches.collect() },
        TextPage { title: "任务".to_owned(), paragraphs: tasks.collect() },
    ];
    if let Some(said) = &file.announcement {
        let paragraphs = words::for_the_authority(file, said, &cx.rules);
        pages.push(TextPage { title: "报告和告知的内容".to_owned(), paragraphs });
    }
    let about = if incident.is_drill {
        words::drill_line()
    } else {
        let said = file.announcement.as_ref();
        let (kind, ..) = usecases::incident::found_out(incident, &file.detail, said);
        format!("{}，{}。", kind.title(), incident.state.title())
    };
    let printed = EvidenceBundle {
        number: incident.number.clone(),
        title: drill("信息安全事件报告", incident.is_drill),
        issuer: office(cx),
        issued_at: civil(cx.now()),
        about,
        digest_kind: "SHA-256".to_owned(),
        attachments: Vec::new(),
        pages,
    };
    report::evidence_bundle(&printed).map(|pdf| pdf.bytes)
}

/// The month's report on look-ups, for the lead of the office.
pub(crate) fn supervision(
    cx: &Cx,
    month: &usecases::supervision::Month,
) -> Result<Vec<u8>, ReportError> {
    let printed = SupervisionReport {
        number: format!("JDYB-{}", view::supervision::month_code(month)),
        title: format!("{}查询监督月报", view::supervision::month_title(month)),
        issuer: office(cx),
        issued_at: civil(cx.now()),
        about: view::supervision::month_about(month),
        tables: view::supervision::month_tables(month, &cx.rules),
    };
    report::supervision_report(&printed).map(|pdf| pdf.bytes)
}
