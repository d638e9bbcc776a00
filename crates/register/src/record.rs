//! Records 信用信息: one fact from one effective document about one person, and who may see it when.
//!
//! ```text
//!   entered ──told──▶ quiet period ──▶ shown ──▶ ended
//!      │ not told: waits                 │ contested: marked, still shown
//!      └──────────── suspended / withdrawn: nobody but the person ────────┘
//! ```
//!
//! Nothing here is stored: the standing of a record is worked out from its dates, its events and the
//! rulebook on the day somebody asks, so an old fact is gone whether or not a job ran (I4).

use jiff::Timestamp;
use jiff::civil::Date;
use rulebook::{Item, Rules, Severity};

use crate::document::DocumentKind;
use crate::event::Cause;
use crate::{
    BatchId, Content, Document, Event, EventId, EventKind, Field, PersonId, RecordId, Uscc,
};

/// One fact about one person, as it entered.
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    /// Its identifier.
    pub id: RecordId,
    /// Whom it concerns.
    pub person: PersonId,
    /// Catalogue item, for example `NP04-MR`.
    pub item: String,
    /// The agency that supplied it and answers for it.
    pub source: Uscc,
    /// The file it came in.
    pub batch: Option<BatchId>,
    /// Its class by the sector's standard; `None` for facts that are not adverse.
    pub severity: Option<Severity>,
    /// The document that fixes it.
    pub document: Document,
    /// What it says.
    pub content: Content,
    /// When it entered.
    pub recorded_at: Timestamp,
    /// The first day on which it is no longer kept at all; `None` while nothing sets its end.
    pub erase_on: Option<Date>,
    /// The person's own words beside it.
    pub statement: Option<String>,
    /// The words of an objection that could not be confirmed.
    pub noted: Option<String>,
}

crate::hidden!(Record);

/// Where a record stands on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The person has not been told yet; only the source and the person see it (I3).
    Waiting,
    /// The person was told; the quiet period runs until the end of this day.
    Quiet { until: Date, is_provisional: bool },
    /// Those whose purpose allows it may see it, until the day before `ends_on`.
    Shown { ends_on: Option<Date>, repair_from: Option<Date> },
    /// Its class is not displayed at all.
    NotDisplayed { ends_on: Date },
    /// Its display period is over, or its licence ran out.
    Ended { on: Date },
    /// Suspended while something is looked into.
    Suspended,
    /// Revoked or taken back.
    Withdrawn { on: Date },
    /// Repaired: mended, and over before its time.
    Repaired { on: Date },
    /// The person has died.
    OwnerDied { on: Date },
}

/// What the events of a record add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// The day on which the person was told, by the agency's repair notice or by ours.
    pub told_on: Option<Date>,
    /// Whether the person says that it is wrong: an objection is open, or the office has noted one.
    pub is_contested: bool,
    /// Whether the decision behind it is challenged before the body that reviews it, or a court.
    pub is_challenged: bool,
    /// Whether it is suspended, on whosever account.
    pub is_suspended: bool,
    /// Since when it is withdrawn or deleted.
    pub withdrawn_on: Option<Date>,
    /// Whether that was because it was wrong: it may not come back (I17).
    pub is_deleted: bool,
    /// Since when it is repaired.
    pub repaired_on: Option<Date>,
    /// The last day on which the person allows it to be shown; only what needs his consent has one.
    pub allowed_until: Option<Date>,
    /// Whether it is gone only because the consent to its kind was taken back.
    pub is_unallowed: bool,
    /// The day on which the person died, if he did.
    pub died_on: Option<Date>,
    /// The last step that set right what it says.
    pub corrected_by: Option<EventId>,
    contested: Causes,
    suspended: Causes,
}

/// On whose account something is so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Causes {
    objection: bool,
    challenge: bool,
    office: bool,
}

impl Causes {
    fn set(&mut self, by: Cause, is_so: bool) {
        match by {
            Cause::Objection => self.objection = is_so,
            Cause::Challenge => self.challenge = is_so,
            Cause::Office => self.office = is_so,
        }
    }

    const fn has(self, by: Cause) -> bool {
        match by {
            Cause::Objection => self.objection,
            Cause::Challenge => self.challenge,
            Cause::Office => self.office,
        }
    }

    const fn any(self) -> bool {
        self.objection || self.challenge || self.office
    }
}

impl History {
    /// Adds up events, oldest first.
    #[must_use]
    pub fn of<'a>(events: impl IntoIterator<Item = &'a Event>) -> Self {
        let mut history = Self::default();
        for event in events {
            match event.kind {
                EventKind::Entered { told_on: None } => {}
                EventKind::Entered { told_on: Some(on) } | EventKind::Told { on } => {
                    history.told_on = Some(history.told_on.map_or(on, |told| told.min(on)));
                }
                EventKind::Contested { by } => history.contested.set(by, true),
                EventKind::ContestEnded { by } => history.contested.set(by, false),
                EventKind::Suspended { by } => history.suspended.set(by, true),
                EventKind::Resumed { by } => history.suspended.set(by, false),
                EventKind::Challenged => history.is_challenged = true,
                EventKind::ChallengeEnded => history.is_challenged = false,
                EventKind::Withdrawn { on } | EventKind::Annulled { on } => {
                    history.withdrawn_on = Some(on);
                }
                EventKind::Deleted { on } => {
                    history.withdrawn_on = Some(on);
                    history.is_deleted = true;
                    // Wrong stays wrong, whatever he allows.
                    history.is_unallowed = false;
                }
                EventKind::Repaired { on } => history.repaired_on = Some(on),
                // Nobody is surprised (I3): he is told, and the quiet period runs once more.
                EventKind::RepairRevoked => {
                    history.repaired_on = None;
                    history.told_on = None;
                }
                // What they say is sealed; whoever has the keys puts it into the record.
                EventKind::Corrected => history.corrected_by = Some(event.id),
                EventKind::Allowed { until } => {
                    history.allowed_until = Some(until);
                    if std::mem::take(&mut history.is_unallowed) {
                        history.withdrawn_on = None;
                    }
                }
                EventKind::ConsentEnded { on } => {
                    history.is_unallowed = history.withdrawn_on.is_none();
                    history.withdrawn_on = history.withdrawn_on.or(Some(on));
                }
                EventKind::Removed { on } => {
                    history.is_unallowed = false;
                    history.withdrawn_on = Some(on);
                }
                EventKind::OwnerDied { on } => history.died_on = Some(on),
                EventKind::OwnerLives => history.died_on = None,
                EventKind::Stated | EventKind::StatementRemoved | EventKind::Noted => {}
            }
        }
        history.is_contested = history.contested.any();
        history.is_suspended = history.suspended.any();
        history
    }

    /// Whether it is marked on that account.
    #[must_use]
    pub const fn is_contested_by(&self, by: Cause) -> bool {
        self.contested.has(by)
    }

    /// Whether it is kept from use on that account.
    #[must_use]
    pub const fn is_suspended_by(&self, by: Cause) -> bool {
        self.suspended.has(by)
    }
}

impl Record {
    /// Where the record stands on `today`.
    ///
    /// # Law
    /// 信用修复管理办法 (2026) — display periods by class, counted from the decision;
    /// 个人信息保护法 13, 15 — by consent only, where it needs it;
    /// 个人信息保护法 17, 35 — told before anyone else sees it; 47 — no longer than needed; 49 — the dead.
    #[must_use]
    pub fn standing(&self, history: &History, rules: &Rules, today: Date) -> Standing {
        if let Some(on) = history.withdrawn_on {
            return Standing::Withdrawn { on };
        }
        if let Some(on) = history.repaired_on {
            return Standing::Repaired { on };
        }
        if let Some(on) = history.died_on {
            return Standing::OwnerDied { on };
        }
        let display = self.severity.map(|class| rules.display(class, self.document.decided_on));
        let needs_consent = rules.item(&self.item).is_some_and(Item::needs_consent);
        let ends_on = match &display {
            Some(display) => Some(display.ends_on),
            // Without consent it ended when it began (I11).
            None if needs_consent => Some(match history.allowed_until {
                Some(until) => until.tomorrow().unwrap_or(until),
                None => self.document.decided_on,
            }),
            None => self.content.day(Field::ValidUntil).and_then(|last| last.tomorrow().ok()),
        };
        if let Some(on) = ends_on.filter(|on| *on <= today) {
            return Standing::Ended { on };
        }
        if history.is_suspended {
            return Standing::Suspended;
        }
        let Some(display) = display else {
            return Standing::Shown { ends_on, repair_from: None };
        };
        if !display.shown {
            return Standing::NotDisplayed { ends_on: display.ends_on };
        }
        let Some(told_on) = history.told_on else { return Standing::Waiting };
        // A rulebook without a quiet period is no rulebook: the record keeps waiting.
        let Some(quiet) = rules.due("quiet", told_on) else { return Standing::Waiting };
        if today <= quiet.on {
            return Standing::Quiet { until: quiet.on, is_provisional: quiet.is_provisional };
        }
        Standing::Shown { ends_on, repair_from: Some(display.repair_from) }
    }

    /// Whether the item of this record speaks against the person.
    #[must_use]
    pub fn is_adverse(&self) -> bool {
        self.severity.is_some()
    }

    /// Whether it exists only by the person's own consent (I11).
    #[must_use]
    pub const fn is_by_consent(&self) -> bool {
        matches!(self.document.kind, DocumentKind::Award | DocumentKind::ServiceCertificate)
    }

    /// What the record is called on screen.
    #[must_use]
    pub fn headline(&self, item: Option<&Item>) -> String {
        if let Some(title) = self.content.text(Field::HonourTitle) {
            return format!("荣誉：{title}");
        }
        if let Some(organisation) = self.content.text(Field::Organisation) {
            return format!("志愿服务：{organisation}");
        }
        let what = self
            .content
            .text(Field::Violation)
            .or_else(|| self.content.text(Field::Certificate))
            .or_else(|| self.content.text(Field::LicenceTitle));
        let kind = if self.is_adverse() { "行政处罚" } else { "行政许可" };
        match (what, item) {
            (Some(what), _) => format!("{kind}：{what}"),
            (None, Some(item)) => item.title.clone(),
            (None, None) => kind.to_owned(),
        }
    }
}

impl Standing {
    /// Whether somebody other than the person and the source may see the record.
    #[must_use]
    pub const fn is_shown(&self) -> bool {
        matches!(self, Self::Shown { .. })
    }
}
