//! Rules: the rulebook, ready to be asked.

use std::collections::HashMap;
use std::path::Path;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::basis::Basis;
use crate::calendar::Calendar;
use crate::deadline::{Deadline, Due};
use crate::files::{self, At, Files, Finding};
use crate::lint;
use crate::model::{
    Agency, Assessment, ClassRule, ForbiddenField, Incentive, Item, List, Measure, NoticeText,
    Purpose, Remedy, Sealed, Unconfirmed,
};
use crate::penalty::{PenaltyKind, Procedure, Severity};

/// The rulebook in force. Never changes; share it.
#[derive(Debug)]
pub struct Rules {
    items: Vec<Item>,
    agencies: Vec<Agency>,
    purposes: Vec<Purpose>,
    assessments: Vec<Assessment>,
    classes: [ClassRule; 3],
    earlier: Option<files::Earlier>,
    kinds: HashMap<u8, (Severity, Vec<Basis>)>,
    forbidden: Vec<ForbiddenField>,
    sealed: Sealed,
    deadlines: HashMap<String, Deadline>,
    deadline_order: Vec<String>,
    notices: Vec<NoticeText>,
    remedies: Vec<Remedy>,
    lists: Vec<List>,
    measures: Vec<Measure>,
    incentives: Vec<Incentive>,
    limits: HashMap<String, (i64, Vec<Basis>)>,
    calendar: Calendar,
    unconfirmed: Vec<Unconfirmed>,
}

/// Why an item cannot be used on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemRefusal {
    /// The catalogue has no such item.
    Unknown,
    /// It begins later.
    NotYet {
        /// First day.
        from: Date,
    },
    /// It has ended.
    Ended {
        /// Last day.
        until: Date,
    },
}

/// The class of a matter and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeverityAnswer<'a> {
    /// The class.
    pub class: Severity,
    /// The rule that set it.
    pub because: &'a [Basis],
}

/// From when to when a matter is displayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Display {
    /// Whether it is displayed at all.
    pub shown: bool,
    /// First day on which repair may be asked for.
    pub repair_from: Date,
    /// First day on which it is no longer displayed.
    pub ends_on: Date,
}

/// When a person is an adult.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Adulthood {
    years: i64,
    child_years: i64,
    limitation_years: i64,
}

impl Adulthood {
    /// Whether a person born on `born` is an adult on `on`: from the day after the eighteenth
    /// birthday; a child of 29 February has its birthday on the last day of February.
    ///
    /// # Law
    /// 民法典 17, 18; the day after the birthday as in criminal and penal matters, which favours the
    /// person.
    #[must_use]
    pub fn is_adult_on(&self, born: Date, on: Date) -> bool {
        on > born.saturating_add(self.years.years())
    }

    /// Whether a person born on `born` is a child under 14 on `on`.
    ///
    /// # Law
    /// 行政处罚法 30; 个人信息保护法 28, 31.
    #[must_use]
    pub fn is_child_on(&self, born: Date, on: Date) -> bool {
        on <= born.saturating_add(self.child_years.years())
    }

    /// The earliest day on which an act is taken to lie that was decided on `decided_on`.
    ///
    /// # Law
    /// 行政处罚法 36 — acts found out after two years, or five where life, health or financial
    /// security is harmed, are not punished. The longer one is taken: it favours the person.
    #[must_use]
    pub fn earliest_act(&self, decided_on: Date) -> Date {
        decided_on.saturating_sub(self.limitation_years.years())
    }
}

impl Rules {
    /// The rulebook that came with the program.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn bundled() -> Result<Self, Vec<Finding>> {
        Self::from_texts(&files::bundled())
    }

    /// A rulebook on disk.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn load(dir: &Path) -> Result<Self, Vec<Finding>> {
        Self::from_texts(&files::on_disk(dir).map_err(|finding| vec![finding])?)
    }

    fn from_texts(
        texts: &std::collections::BTreeMap<String, String>,
    ) -> Result<Self, Vec<Finding>> {
        let (files, mut findings) = files::parse(texts);
        if findings.is_empty() {
            findings = lint::findings(&files);
        }
        if findings.is_empty() { Self::from_files(files) } else { Err(findings) }
    }

    fn from_files(files: Files) -> Result<Self, Vec<Finding>> {
        let unconfirmed = lint::unconfirmed(&files);
        let missing = |what: &str| {
            vec![Finding {
                file: "rulebook".to_owned(),
                line: 1,
                reason: format!("{what} is missing"),
            }]
        };
        let class = |wanted: Severity| {
            files.classes.iter().find(|class| class.rule.code == wanted).map(|at| at.rule.clone())
        };
        let (Some(slight), Some(general), Some(serious)) =
            (class(Severity::Slight), class(Severity::General), class(Severity::Serious))
        else {
            return Err(missing("a class"));
        };
        let years: Vec<_> = files.years.into_iter().map(|at| at.rule).collect();
        let calendar = Calendar::new(&years, files.provisional.as_ref().map(|at| &at.rule));
        let Some(sealed) = rules(files.sealed).pop() else { return Err(missing("[[sealed]]")) };
        let deadlines = rules(files.deadlines);
        Ok(Self {
            items: rules(files.items),
            agencies: rules(files.agencies),
            purposes: rules(files.purposes),
            assessments: rules(files.assessments),
            classes: [slight, general, serious],
            earlier: rules(files.earlier).pop(),
            kinds: rules(files.kinds)
                .into_iter()
                .map(|kind| (kind.code, (kind.class, kind.basis)))
                .collect(),
            forbidden: rules(files.forbidden),
            sealed,
            deadline_order: deadlines.iter().map(|deadline| deadline.kind.clone()).collect(),
            deadlines: deadlines.into_iter().map(|d| (d.kind.clone(), d)).collect(),
            notices: rules(files.notices),
            remedies: rules(files.remedies),
            lists: rules(files.lists),
            measures: rules(files.measures),
            incentives: rules(files.incentives),
            limits: rules(files.limits).into_iter().map(|l| (l.name, (l.value, l.basis))).collect(),
            calendar,
            unconfirmed,
        })
    }

    /// The item of that code, whenever it was in force; its newest version.
    #[must_use]
    pub fn item(&self, code: &str) -> Option<&Item> {
        self.items.iter().rfind(|item| item.code == code)
    }

    /// All items in the order of the file.
    #[must_use]
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// The item of that code as it stands on a day.
    ///
    /// # Errors
    /// [`ItemRefusal`].
    pub fn item_in_force(&self, code: &str, on: Date) -> Result<&Item, ItemRefusal> {
        let mut refusal = ItemRefusal::Unknown;
        for item in self.items.iter().filter(|item| item.code == code) {
            if on < item.from.0 {
                refusal = ItemRefusal::NotYet { from: item.from.0 };
                continue;
            }
            match item.until {
                Some(until) if until.0 < on => refusal = ItemRefusal::Ended { until: until.0 },
                Some(_) | None => return Ok(item),
            }
        }
        Err(refusal)
    }

    /// The body of that code.
    #[must_use]
    pub fn agency(&self, uscc: &str) -> Option<&Agency> {
        self.agencies.iter().find(|agency| agency.uscc == uscc)
    }

    /// All bodies.
    #[must_use]
    pub fn agencies(&self) -> &[Agency] {
        &self.agencies
    }

    /// The class of a penalty: the gravest of its kinds; what was decided on the spot, or a fine no
    /// larger than that, is slight; a huge fine is serious.
    ///
    /// # Law
    /// 信用修复管理办法（2026） — classes by the sector's standard; 行政处罚法 51 — on the spot.
    #[must_use]
    pub fn severity(
        &self,
        item: &Item,
        kinds: &[PenaltyKind],
        fine_fen: Option<i64>,
        procedure: Option<Procedure>,
    ) -> SeverityAnswer<'_> {
        let (small, small_basis) = self.limit_with_basis("simple_max_fine_fen");
        let mut answer = SeverityAnswer { class: Severity::Slight, because: small_basis };
        if procedure == Some(Procedure::Simple) {
            return answer;
        }
        for kind in kinds {
            let (mut class, mut because) = self
                .kinds
                .get(&kind.code())
                .map_or((Severity::General, small_basis), |(class, basis)| {
                    (*class, basis.as_slice())
                });
            if *kind == PenaltyKind::Fine {
                let sector = item.supplied_by.first().map_or("", String::as_str);
                let (huge, huge_basis) = self.limit_with_basis(&huge_fine_limit(sector));
                match fine_fen {
                    Some(fen) if huge > 0 && fen >= huge => {
                        (class, because) = (Severity::Serious, huge_basis);
                    }
                    Some(fen) if procedure.is_none() && fen <= small => {
                        (class, because) = (Severity::Slight, small_basis);
                    }
                    Some(_) | None => {}
                }
            }
            if class > answer.class || answer.class == Severity::Slight {
                answer = SeverityAnswer { class: class.max(answer.class), because };
            }
        }
        answer
    }

    /// The rule of a class.
    #[must_use]
    pub fn class(&self, class: Severity) -> &ClassRule {
        let [slight, general, serious] = &self.classes;
        match class {
            Severity::Slight => slight,
            Severity::General => general,
            Severity::Serious => serious,
        }
    }

    /// From when to when a matter of that class is displayed; of an earlier and a later rule the one
    /// that is kinder to the person.
    ///
    /// # Law
    /// 国办发〔2025〕22号, 信用修复管理办法（2026） — at most 3 months, 3 to 12 months, 1 to 3 years, from
    /// the day on which the document fixed the matter.
    #[must_use]
    pub fn display(&self, class: Severity, decided_on: Date) -> Display {
        let rule = self.class(class);
        let (mut min, mut max) = (rule.min_months, rule.max_months);
        if let Some(earlier) = self.earlier_for(decided_on) {
            min = min.min(earlier.min_months);
            max = max.min(earlier.max_months);
        }
        Display {
            shown: rule.shown,
            repair_from: decided_on.saturating_add(i64::from(min).months()),
            ends_on: decided_on.saturating_add(i64::from(max).months()),
        }
    }

    /// Why the periods of a class are what [`Self::display`] says.
    #[must_use]
    pub fn display_basis(&self, class: Severity, decided_on: Date) -> Vec<Basis> {
        let mut basis = self.class(class).basis.clone();
        let rule = self.class(class);
        if let Some(earlier) = self.earlier_for(decided_on)
            && (earlier.min_months < rule.min_months || earlier.max_months < rule.max_months)
        {
            basis.extend(earlier.basis.iter().cloned());
        }
        basis
    }

    fn earlier_for(&self, decided_on: Date) -> Option<&files::Earlier> {
        self.earlier.as_ref().filter(|earlier| decided_on < earlier.decided_before.0)
    }

    /// The deadline of that kind.
    #[must_use]
    pub fn deadline(&self, kind: &str) -> Option<&Deadline> {
        self.deadlines.get(kind)
    }

    /// All deadlines in the order of the file.
    pub fn deadlines(&self) -> impl Iterator<Item = &Deadline> {
        self.deadline_order.iter().filter_map(|kind| self.deadlines.get(kind))
    }

    /// The last day of a period that begins with an event on `from`.
    #[must_use]
    pub fn due(&self, kind: &str, from: Date) -> Option<Due> {
        self.deadline(kind).map(|deadline| deadline.after(from, &self.calendar))
    }

    /// The working days.
    #[must_use]
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// The purpose of that code.
    #[must_use]
    pub fn purpose(&self, code: &str) -> Option<&Purpose> {
        self.purposes.iter().find(|purpose| purpose.code == code)
    }

    /// All purposes.
    #[must_use]
    pub fn purposes(&self) -> &[Purpose] {
        &self.purposes
    }

    /// The impact assessment of that code, if it stands in the rulebook.
    #[must_use]
    pub fn assessment(&self, code: &str) -> Option<&Assessment> {
        self.assessments.iter().find(|assessment| assessment.code == code)
    }

    /// The same rules for an imaginary city of an earlier day, in which everything had been assessed by then.
    #[must_use]
    pub fn assessed_by(mut self, day: Date) -> Self {
        for assessment in &mut self.assessments {
            assessment.approved_on.0 = assessment.approved_on.0.min(day);
        }
        self
    }

    /// All impact assessments of the rulebook.
    #[must_use]
    pub fn assessments(&self) -> &[Assessment] {
        &self.assessments
    }

    /// Purposes that bodies of that kind may use.
    pub fn purposes_of(&self, agency_kind: &str) -> impl Iterator<Item = &Purpose> {
        self.purposes.iter().filter(move |p| p.users.iter().any(|user| user == agency_kind))
    }

    /// The text of that code.
    #[must_use]
    pub fn notice(&self, code: &str) -> Option<&NoticeText> {
        self.notices.iter().find(|notice| notice.code == code)
    }

    /// All texts of notices.
    #[must_use]
    pub fn notices(&self) -> &[NoticeText] {
        &self.notices
    }

    /// Where to turn against an act of that body.
    #[must_use]
    pub fn remedy(&self, agency: &Agency) -> Option<&Remedy> {
        let named = |name: &str| {
            self.remedies.iter().find(|remedy| remedy.kinds.iter().any(|kind| kind == name))
        };
        named(&agency.kind).or_else(|| named("*"))
    }

    /// How sealed records are recognised.
    #[must_use]
    pub fn sealed(&self) -> &Sealed {
        &self.sealed
    }

    /// What may never be stored.
    #[must_use]
    pub fn forbidden(&self) -> &[ForbiddenField] {
        &self.forbidden
    }

    /// Statutory lists.
    #[must_use]
    pub fn lists(&self) -> &[List] {
        &self.lists
    }

    /// The measure catalogue.
    #[must_use]
    pub fn measures(&self) -> &[Measure] {
        &self.measures
    }

    /// The incentive catalogue.
    #[must_use]
    pub fn incentives(&self) -> &[Incentive] {
        &self.incentives
    }

    /// A number of the rulebook; 0 if there is none of that name.
    #[must_use]
    pub fn limit(&self, name: &str) -> i64 {
        self.limit_with_basis(name).0
    }

    fn limit_with_basis(&self, name: &str) -> (i64, &[Basis]) {
        self.limits.get(name).map_or((0, &[]), |(value, basis)| (*value, basis.as_slice()))
    }

    /// When a person is an adult.
    #[must_use]
    pub fn adulthood(&self) -> Adulthood {
        Adulthood {
            years: self.limit("adult_age"),
            child_years: self.limit("penal_min_age"),
            limitation_years: self.limit("limitation_years"),
        }
    }

    /// Rules that somebody must still confirm, by file and line.
    #[must_use]
    pub fn unconfirmed(&self) -> Vec<Unconfirmed> {
        self.unconfirmed.clone()
    }

    /// Items whose sources must be read again by `on`.
    #[must_use]
    pub fn due_for_review(&self, on: Date) -> Vec<&Item> {
        self.items.iter().filter(|item| item.review_by.0 <= on).collect()
    }
}

/// The limit that says from which amount on a fine of that sector is a huge one.
pub(crate) fn huge_fine_limit(sector: &str) -> String {
    format!("huge_fine_fen_{}", sector.replace('-', "_"))
}

fn rules<T>(list: Vec<At<T>>) -> Vec<T> {
    list.into_iter().map(|at| at.rule).collect()
}
