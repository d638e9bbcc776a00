//! Admission 入库审查: may this row become a record? Every reason against it is named at once.
//!
//! A row enters only with an item in force, an agency allowed to supply it, a served and effective
//! document (I1), about the act of an adult (I9), with nothing but the item's own fields (I10).

use jiff::civil::Date;
use rulebook::{Item, PenaltyKind, Procedure, Rules, Severity};

use crate::document::DocumentKind;
use crate::identity::{IdError, birth_date_shown, plain_upper};
use crate::name::NameError;
use crate::{Content, Field, IdDocument, IdKind, PersonName, Uscc, Value, citation, mask};

/// A row as it came, before anybody has looked at what it means.
#[derive(Clone, Default)]
pub struct Candidate<'a> {
    /// Kind of identity document, code or words; empty means a citizen's card.
    pub id_kind: &'a str,
    /// Its number.
    pub id_number: &'a str,
    /// The person's name.
    pub name: &'a str,
    /// What kind of party the row is about.
    pub party: &'a str,
    /// Who runs the individual business, where the party is one: its name is nobody's name.
    pub operator: Operator<'a>,
    /// Date of birth, where the agency has it: the numbers of passports and permits do not show it.
    pub born_on: Option<Date>,
    /// When the agency served the notice about credit repair.
    pub repair_notice_served_on: Option<Date>,
    /// Everything else that may be kept.
    pub content: Content,
}

crate::hidden!(Candidate<'_>);

/// The person behind an individual business (个体工商户); empty where the row does not say.
#[derive(Clone, Copy, Default)]
pub struct Operator<'a> {
    /// Kind of identity document.
    pub id_kind: &'a str,
    /// Its number.
    pub id_number: &'a str,
    /// Name.
    pub name: &'a str,
}

crate::hidden!(Operator<'_>);

/// A row that may become a record.
#[derive(Clone)]
pub struct Admitted {
    /// Whom it is about.
    pub document: IdDocument,
    /// His name.
    pub name: PersonName,
    /// What kind of decision fixes it.
    pub kind: DocumentKind,
    /// Who decided.
    pub issuer: Uscc,
    /// When.
    pub decided_on: Date,
    /// When it was served, if the agency says so.
    pub served_on: Option<Date>,
    /// When it took effect.
    pub effective_on: Date,
    /// Class by the sector's standard; `None` if it does not speak against the person.
    pub severity: Option<Severity>,
    /// When the agency told the person, if it did.
    pub told_on: Option<Date>,
    /// What the record will say.
    pub content: Content,
}

crate::hidden!(Admitted);

/// Which cell a refusal is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// The row as a whole.
    Row,
    /// Kind of party.
    Party,
    /// Name.
    Name,
    /// Kind of identity document.
    IdKind,
    /// Its number.
    IdNumber,
    /// Date of birth.
    BornOn,
    /// Service of the repair notice.
    RepairNotice,
    /// One of the record's own fields.
    Field(Field),
}

/// One reason why a row may not enter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Where.
    pub cell: Cell,
    /// Why.
    pub reason: RefusalReason,
}

/// Why a row may not enter. Holds facts of the rule, never of the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalReason {
    /// The kind of identity document is not known.
    IdKindUnknown,
    /// The number cannot stand.
    IdNumber(IdError),
    /// The name cannot stand.
    Name(NameError),
    /// The row is about an organisation.
    NotAPerson,
    /// Records of public security are sealed (治安管理处罚法 136).
    SealedPublicSecurity,
    /// The act of a person under age, or nothing shows that it was not.
    UnderAge,
    /// The person came of age so recently that only the date of the act can show it.
    ActDateNeeded,
    /// A required fact of the document is missing.
    Missing,
    /// The date lies in the future.
    InFuture,
    /// Served, told or effective before it was decided.
    BeforeDecision,
    /// The act lies after the decision about it.
    ActAfterDecision,
    /// The decision has not taken effect.
    NotEffective,
    /// The kind of penalty is not in the law's list.
    PenaltyKindUnknown,
    /// This item takes decisions of the ordinary procedure only.
    ProcedureNotTaken,
    /// The procedure is neither simple nor ordinary.
    ProcedureUnknown,
    /// The item takes the ordinary procedure only, and nothing says which it was.
    ProcedureNeeded,
    /// A penalty that cannot be made on the spot.
    ProcedureNotSimple,
    /// Nothing in the row shows how old the person is.
    BirthDateNeeded,
    /// The name is that of a shop.
    NameOfShop,
    /// A decision not to punish is nothing against anybody.
    NoPenalty,
    /// The number of the document holds the number of a person.
    NumberOfPerson,
    /// The decision was revoked or has ended.
    NotInForce,
    /// A state that nobody knows.
    StateUnknown,
    /// An organisation code that cannot stand.
    AuthorityCode,
    /// "Relevant provisions" is no legal basis.
    VagueBasis,
    /// Its display period was over before it arrived.
    DisplayOver { ended_on: Date },
    /// The licence is no longer valid.
    LicenceOver,
    /// The amount is negative.
    NegativeAmount,
    /// Giving blood is not recorded (our own rule P4).
    BloodDonation,
    /// Hours of service that cannot be.
    HoursUnreadable,
}

impl RefusalReason {
    /// Stable code, as in `docs/status-codes.md`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::IdKindUnknown => "id-kind-unknown",
            Self::IdNumber(IdError::FifteenDigits) => "id-number-15-digits",
            Self::IdNumber(IdError::CheckDigit) => "id-number-check-digit",
            Self::IdNumber(IdError::BirthDate | IdError::BornInFuture) => "id-number-birth-date",
            Self::IdNumber(IdError::Region) => "id-number-region",
            Self::IdNumber(IdError::Empty | IdError::Form | IdError::UnknownKind) => {
                "id-number-form"
            }
            Self::Name(_) => "name-unreadable",
            Self::NotAPerson => "not-a-person",
            Self::SealedPublicSecurity => "sealed-public-security",
            Self::UnderAge => "under-age",
            Self::ActDateNeeded => "act-date-needed",
            Self::Missing => "value-missing",
            Self::InFuture => "date-in-future",
            Self::BeforeDecision => "date-before-decision",
            Self::ActAfterDecision => "act-after-decision",
            Self::NotEffective => "not-effective",
            Self::PenaltyKindUnknown => "penalty-kind-unknown",
            Self::ProcedureNotTaken => "procedure-not-taken",
            Self::ProcedureUnknown => "procedure-unknown",
            Self::ProcedureNeeded => "procedure-needed",
            Self::ProcedureNotSimple => "procedure-not-simple",
            Self::BirthDateNeeded => "birth-date-needed",
            Self::NameOfShop => "name-of-shop",
            Self::NoPenalty => "no-penalty",
            Self::NumberOfPerson => "number-of-person",
            Self::NotInForce => "not-in-force",
            Self::StateUnknown => "state-unknown",
            Self::AuthorityCode => "authority-code",
            Self::VagueBasis => "basis-vague",
            Self::DisplayOver { .. } => "display-over",
            Self::LicenceOver => "licence-over",
            Self::NegativeAmount => "amount-negative",
            Self::BloodDonation => "blood-donation",
            Self::HoursUnreadable => "hours-unreadable",
        }
    }

    /// Whether the row's content may not be kept anywhere, not even to give it back.
    #[must_use]
    pub const fn is_sealed(self) -> bool {
        matches!(self, Self::SealedPublicSecurity | Self::UnderAge)
    }
}

/// Looks at one row with all the rules; `today` is the day of entry.
///
/// # Errors
/// Every reason against the row. A row whose content must not be kept has exactly one.
///
/// # Law
/// 行政处罚法 30, 51, 59, 61 — age, simple procedure, content and service of a decision;
/// 治安管理处罚法 136 — sealed records; 个人信息保护法 6, 8 — no more than needed, and correct.
pub fn admit(
    mut candidate: Candidate<'_>,
    item: &Item,
    agency: Uscc,
    rules: &Rules,
    today: Date,
) -> Result<Admitted, Vec<Refusal>> {
    if is_public_security(&candidate, rules) {
        return Err(vec![Refusal { cell: Cell::Row, reason: RefusalReason::SealedPublicSecurity }]);
    }
    let mut against = Against::default();
    operator(&mut candidate, &mut against);
    let who = identity(&candidate, today, &mut against);
    let name = PersonName::parse(candidate.name)
        .map_err(|error| against.add(Cell::Name, RefusalReason::Name(error)))
        .ok();
    // The digits tell the age also where the number cannot stand: then the row goes back, unkept.
    let born = who.as_ref().and_then(IdDocument::birth_date);
    let born = born.or_else(|| birth_date_shown(candidate.id_number));
    // Where both are there the later counts: a slip makes nobody older.
    let born = born.max(candidate.born_on);
    if item.adverse && who.is_some() && born.is_none() {
        against.add(Cell::BornOn, RefusalReason::BirthDateNeeded);
    }
    if let Some(born) = born.filter(|born| *born <= today)
        && let Some(reason) = age(born, &candidate.content, item, rules, today)
    {
        if reason.is_sealed() {
            return Err(vec![Refusal { cell: Cell::Row, reason }]);
        }
        against.add(Cell::Field(Field::ActOn), reason);
    }
    let issuer = match candidate.content.text(Field::AuthorityCode) {
        None => Some(agency),
        Some(code) => Uscc::parse(code)
            .map_err(|_| {
                against.add(Cell::Field(Field::AuthorityCode), RefusalReason::AuthorityCode)
            })
            .ok(),
    };
    if candidate.content.text(Field::DocumentNo).is_none() {
        against.add(Cell::Field(Field::DocumentNo), RefusalReason::Missing);
    } else if candidate.content.text(Field::DocumentNo).is_some_and(mask::holds_citizen_number) {
        against.add(Cell::Field(Field::DocumentNo), RefusalReason::NumberOfPerson);
    }
    let decided_on = candidate.content.day(Field::DecidedOn);
    if decided_on.is_none() {
        against.add(Cell::Field(Field::DecidedOn), RefusalReason::Missing);
    }
    dates(&candidate, today, &mut against);
    let severity = classify(&mut candidate.content, item, rules, today, &mut against);
    if let (Some(class), Some(decided_on)) = (severity, decided_on) {
        let ended_on = rules.display(class, decided_on).ends_on;
        if ended_on <= today {
            against.add(Cell::Field(Field::DecidedOn), RefusalReason::DisplayOver { ended_on });
        }
    }
    let (Some(document), Some(name), Some(issuer), Some(decided_on), true) =
        (who, name, issuer, decided_on, against.0.is_empty())
    else {
        return Err(against.0);
    };

    let served_on = candidate.content.day(Field::ServedOn);
    let effective_on =
        candidate.content.day(Field::EffectiveOn).or(served_on).unwrap_or(decided_on);
    candidate.content.keep_only(|field| item.fields.iter().any(|allowed| allowed == field.code()));
    candidate.content.map_running_texts(mask::running_text);
    Ok(Admitted {
        document,
        name,
        kind: match item.layout.as_str() {
            "penalty" => DocumentKind::PenaltyDecision,
            "honour" => DocumentKind::Award,
            "volunteering" => DocumentKind::ServiceCertificate,
            _ => DocumentKind::LicenceDecision,
        },
        issuer,
        decided_on,
        served_on,
        effective_on,
        severity,
        // A notice of repair tells the person only together with the decision itself.
        told_on: candidate
            .repair_notice_served_on
            .zip(served_on)
            .map(|(told, served)| told.max(served)),
        content: candidate.content,
    })
}

#[derive(Default)]
struct Against(Vec<Refusal>);

impl Against {
    fn add(&mut self, cell: Cell, reason: RefusalReason) {
        self.0.push(Refusal { cell, reason });
    }
}

/// Why a row must not be kept, as far as its raw cells show it: for a row that is rejected anyway and
/// whose cells could not be read or told apart, so that [`admit`] did not see all of them.
///
/// # Law
/// 治安管理处罚法 136 — sealed records; 个人信息保护法 28, 31 — children.
#[must_use]
pub fn sealed_at_sight<'a>(
    cells: impl IntoIterator<Item = &'a str>,
    item: &Item,
    rules: &Rules,
    today: Date,
) -> Option<RefusalReason> {
    let adulthood = rules.adulthood();
    cells.into_iter().find_map(|cell| {
        if rules.sealed().marks_cell(cell) {
            return Some(RefusalReason::SealedPublicSecurity);
        }
        let numbers = mask::numbers_of_persons(cell);
        let mut born = numbers.iter().filter_map(|number| birth_date_shown(number));
        if item.adverse {
            let is_minor = born.any(|born| born <= today && !adulthood.is_adult_on(born, today));
            is_minor.then_some(RefusalReason::UnderAge)
        } else {
            let is_child = born.any(|born| born <= today && adulthood.is_child_on(born, today));
            is_child.then_some(RefusalReason::UnderAge)
        }
    })
}

fn is_public_security(candidate: &Candidate<'_>, rules: &Rules) -> bool {
    let text = |field| candidate.content.text(field).unwrap_or_default();
    rules.sealed().is_public_security(
        text(Field::DocumentNo),
        text(Field::PenaltyKinds),
        text(Field::LegalBasis),
        text(Field::Authority),
    ) || [
        Field::DocumentTitle,
        Field::PenaltyContent,
        Field::Violation,
        Field::Facts,
        Field::LicenceTaken,
    ]
    .into_iter()
    .any(|field| rules.sealed().is_named_in(text(field)))
}

fn identity(candidate: &Candidate<'_>, today: Date, against: &mut Against) -> Option<IdDocument> {
    if !is_person(candidate.party) {
        against.add(Cell::Party, RefusalReason::NotAPerson);
    }
    let kind = if candidate.id_kind.trim().is_empty() {
        Ok(IdKind::Citizen)
    } else {
        IdKind::parse_beside(candidate.id_kind, candidate.id_number)
    };
    let Ok(kind) = kind else {
        against.add(Cell::IdKind, RefusalReason::IdKindUnknown);
        return None;
    };
    IdDocument::parse(kind, candidate.id_number, today)
        .map_err(|error| against.add(Cell::IdNumber, RefusalReason::IdNumber(error)))
        .ok()
}

/// Puts the operator of an individual business in the place of its shop.
///
/// # Law
/// 民法典 54, 56 — an individual business is a natural person who trades; the debts and duties are his.
fn operator<'a>(candidate: &mut Candidate<'a>, against: &mut Against) {
    let party = plain_upper(candidate.party);
    let is_business = party.contains("个体工商户") || party == "04" || party == "4";
    let Operator { id_kind, id_number, name } = candidate.operator;
    if is_business && !name.trim().is_empty() {
        candidate.name = name;
        if !id_number.trim().is_empty() {
            candidate.id_kind = id_kind;
            candidate.id_number = id_number;
        }
    }
    if is_name_of_shop(candidate.name) {
        against.add(Cell::Name, RefusalReason::NameOfShop);
    }
}

/// Whether a name is plainly that of a shop. Names of people may be long, but do not end so.
fn is_name_of_shop(name: &str) -> bool {
    const ENDS: [&str; 24] = [
        "店",
        "厂",
        "馆",
        "商行",
        "车行",
        "坊",
        "铺",
        "餐厅",
        "饭庄",
        "酒家",
        "超市",
        "中心",
        "公司",
        "工作室",
        "经营部",
        "经销处",
        "门市部",
        "服务部",
        "合作社",
        "诊所",
        "药房",
        "市场",
        "网吧",
        "摊位",
    ];
    let name = name.trim();
    name.chars().count() > 4 && ENDS.iter().any(|end| name.ends_with(end))
}

/// Whether that kind of party is a natural person; empty means so.
fn is_person(party: &str) -> bool {
    let party = plain_upper(party);
    ["", "01", "1", "04", "4", "个人"].contains(&party.as_str())
        || party.contains("个体工商户")
        || (party.contains("自然人") && !party.contains("非自然人"))
}

/// Whether the row may be about a child, or an act under age.
///
/// Where the agency gives no date of the act, the decision's date stands for it, unless the person
/// came of age within the limitation period before the decision: then only the date of the act can
/// show that it was an adult's.
///
/// # Law
/// 行政处罚法 30 (under 14, 14-18), 36 (limitation period); 民法典 17-18; 个人信息保护法 28, 31
/// (nothing at all about those under 14).
fn age(
    born: Date,
    content: &Content,
    item: &Item,
    rules: &Rules,
    today: Date,
) -> Option<RefusalReason> {
    let adulthood = rules.adulthood();
    let act_on = content.day(Field::ActOn);
    // Of all days that the row names the earliest counts: a slip in a year makes nobody older.
    let named = [act_on, content.day(Field::DecidedOn)];
    let earliest = named.into_iter().flatten().fold(today, Date::min);
    if adulthood.is_child_on(born, earliest) {
        return Some(RefusalReason::UnderAge);
    }
    // Only an adult can consent for himself; there is no file on anybody else.
    if item.needs_consent() && !adulthood.is_adult_on(born, today) {
        return Some(RefusalReason::UnderAge);
    }
    if !item.adverse {
        return None;
    }
    if !adulthood.is_adult_on(born, earliest) {
        return Some(RefusalReason::UnderAge);
    }
    let is_open =
        act_on.is_none() && !adulthood.is_adult_on(born, adulthood.earliest_act(earliest));
    is_open.then_some(RefusalReason::ActDateNeeded)
}

/// What an honour or volunteering must say, and may not.
fn honour(content: &Content, item: &Item, against: &mut Against) {
    let must = match item.layout.as_str() {
        "honour" => &[Field::HonourTitle][..],
        _ => &[Field::Organisation][..],
    };
    for field in must.iter().filter(|field| content.text(**field).is_none()) {
        against.add(Cell::Field(*field), RefusalReason::Missing);
    }
    for field in [Field::HonourTitle, Field::Organisation, Field::Service] {
        let text = content.text(field).unwrap_or_default();
        if ["献血", "血站", "献浆"].iter().any(|word| text.contains(word)) {
            against.add(Cell::Field(field), RefusalReason::BloodDonation);
        }
    }
    if let Some(hours) = content.text(Field::Hours) {
        let can_be = |hours: f64| hours > 0.0 && hours < 100_000.0;
        if !hours.trim().parse::<f64>().is_ok_and(can_be) {
            against.add(Cell::Field(Field::Hours), RefusalReason::HoursUnreadable);
        }
    }
}

fn dates(candidate: &Candidate<'_>, today: Date, against: &mut Against) {
    let content = &candidate.content;
    for field in [Field::DecidedOn, Field::ServedOn, Field::ActOn] {
        if content.day(field).is_some_and(|day| day > today) {
            against.add(Cell::Field(field), RefusalReason::InFuture);
        }
    }
    if content.day(Field::EffectiveOn).is_some_and(|day| day > today) {
        against.add(Cell::Field(Field::EffectiveOn), RefusalReason::NotEffective);
    }
    let told = candidate.repair_notice_served_on;
    if told.is_some_and(|day| day > today) {
        against.add(Cell::RepairNotice, RefusalReason::InFuture);
    }
    let Some(decided_on) = content.day(Field::DecidedOn) else { return };
    for field in [Field::ServedOn, Field::EffectiveOn] {
        if content.day(field).is_some_and(|day| day < decided_on) {
            against.add(Cell::Field(field), RefusalReason::BeforeDecision);
        }
    }
    if told.is_some_and(|day| day < decided_on) {
        against.add(Cell::RepairNotice, RefusalReason::BeforeDecision);
    }
    if content.day(Field::ActOn).is_some_and(|day| day > decided_on) {
        against.add(Cell::Field(Field::ActOn), RefusalReason::ActAfterDecision);
    }
}

/// The class of a record whose content was set right; what the rules say against it otherwise.
///
/// `born` is the person's day of birth, where his document says it: what turns out to be the act of
/// somebody under age is not corrected but deleted (I9).
///
/// # Errors
/// Every reason against the content.
pub fn reclassify(
    content: &mut Content,
    item: &Item,
    rules: &Rules,
    today: Date,
    (decided_on, born): (Date, Option<Date>),
) -> Result<Option<Severity>, Vec<Refusal>> {
    let mut against = Against::default();
    if let Some(act_on) = content.day(Field::ActOn) {
        if act_on > today {
            against.add(Cell::Field(Field::ActOn), RefusalReason::InFuture);
        } else if act_on > decided_on {
            against.add(Cell::Field(Field::ActOn), RefusalReason::ActAfterDecision);
        }
    }
    let mut dated = content.clone();
    dated.set(Field::DecidedOn, Value::Day(decided_on));
    if let Some(reason) = born.and_then(|born| age(born, &dated, item, rules, today)) {
        against.add(Cell::Field(Field::ActOn), reason);
    }
    let severity = classify(content, item, rules, today, &mut against);
    content.keep_only(|field| item.fields.iter().any(|allowed| allowed == field.code()));
    if against.0.is_empty() { Ok(severity) } else { Err(against.0) }
}

/// What kind of fact it is: its class, and what the rules of its kind say against it.
fn classify(
    content: &mut Content,
    item: &Item,
    rules: &Rules,
    today: Date,
    against: &mut Against,
) -> Option<Severity> {
    if item.adverse {
        return penalty(content, item, rules, against);
    }
    if item.needs_consent() {
        honour(content, item, against);
    } else {
        licence(content, today, against);
    }
    None
}

fn penalty(
    content: &mut Content,
    item: &Item,
    rules: &Rules,
    against: &mut Against,
) -> Option<Severity> {
    let said = content.text(Field::PenaltyKinds).unwrap_or_default();
    let is_none = ["不予", "免予", "免于"].iter().any(|word| said.contains(word));
    let kinds = PenaltyKind::from_text(said).unwrap_or_else(|_| {
        let reason =
            if is_none { RefusalReason::NoPenalty } else { RefusalReason::PenaltyKindUnknown };
        against.add(Cell::Field(Field::PenaltyKinds), reason);
        Vec::new()
    });
    let procedure = match content.text(Field::Procedure) {
        None => None,
        Some(text) => {
            let procedure = Procedure::from_text(text);
            if procedure.is_none() {
                against.add(Cell::Field(Field::Procedure), RefusalReason::ProcedureUnknown);
            }
            procedure
        }
    };
    if procedure.is_some_and(|procedure| !item.takes(procedure)) {
        against.add(Cell::Field(Field::Procedure), RefusalReason::ProcedureNotTaken);
    }
    if let Some(reason) = procedure_fits(&kinds, content, item, rules, procedure) {
        against.add(Cell::Field(Field::Procedure), reason);
    }
    if let Some(reason) = out_of_force(content) {
        against.add(Cell::Field(Field::LicenceState), reason);
    }
    for field in [Field::FineFen, Field::ConfiscatedFen] {
        if content.fen(field).is_some_and(|fen| fen < 0) {
            against.add(Cell::Field(field), RefusalReason::NegativeAmount);
        }
    }
    if content.text(Field::LegalBasis).is_none_or(citation::is_vague) {
        against.add(Cell::Field(Field::LegalBasis), RefusalReason::VagueBasis);
    }
    if kinds.is_empty() {
        return None;
    }
    let titles: Vec<_> = kinds.iter().map(|kind| kind.title()).collect();
    content.set(Field::PenaltyKinds, Value::Text(titles.join("；")));
    Some(rules.severity(item, &kinds, content.fen(Field::FineFen), procedure).class)
}

/// Whether kinds, fine and procedure can belong together.
///
/// # Law
/// 行政处罚法 51 — on the spot only warnings and, for citizens, fines of at most 200 yuan.
fn procedure_fits(
    kinds: &[PenaltyKind],
    content: &Content,
    item: &Item,
    rules: &Rules,
    procedure: Option<Procedure>,
) -> Option<RefusalReason> {
    let fine = content.fen(Field::FineFen).unwrap_or(0);
    let is_small =
        kinds.iter().all(|kind| matches!(kind, PenaltyKind::Warning | PenaltyKind::Fine))
            && fine <= rules.limit("simple_max_fine_fen");
    match procedure {
        Some(Procedure::Simple) if !is_small && !kinds.is_empty() => {
            Some(RefusalReason::ProcedureNotSimple)
        }
        // It may be one of those that the item does not take.
        None if is_small && !kinds.is_empty() && !item.takes(Procedure::Simple) => {
            Some(RefusalReason::ProcedureNeeded)
        }
        Some(_) | None => None,
    }
}

/// States in which a decision is in force, in words; agencies' numbers for them differ, but 0 never
/// means anything else. 在用 and 存续 are what registers of certificates and of businesses say.
const IN_FORCE: [&str; 8] = ["有效", "正常", "在用", "存续", "生效", "现行有效", "有效期内", "0"];

/// Parts of words for decisions that are no longer in force.
const NOT_IN_FORCE: [&str; 10] =
    ["撤", "注销", "吊销", "失效", "无效", "过期", "变更", "终止", "废止", "暂扣"];

/// Why the state that the agency gives speaks against the row.
fn out_of_force(content: &Content) -> Option<RefusalReason> {
    let state = plain_upper(content.text(Field::LicenceState).unwrap_or_default());
    if state.is_empty() || IN_FORCE.contains(&state.as_str()) {
        None
    } else if NOT_IN_FORCE.iter().any(|word| state.contains(word)) {
        Some(RefusalReason::NotInForce)
    } else {
        Some(RefusalReason::StateUnknown)
    }
}

fn licence(content: &Content, today: Date, against: &mut Against) {
    if let Some(reason) = out_of_force(content) {
        against.add(Cell::Field(Field::LicenceState), reason);
    }
    if content.day(Field::ValidUntil).is_some_and(|last| last < today) {
        against.add(Cell::Field(Field::ValidUntil), RefusalReason::LicenceOver);
    }
    if content.text(Field::LicenceNo).is_none() && content.text(Field::Certificate).is_none() {
        against.add(Cell::Field(Field::LicenceNo), RefusalReason::Missing);
    }
}
