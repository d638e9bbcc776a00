//! Access 权限: may this actor do this now? Small facts in, yes or no out.
//!
//! The answer stands in `policies/*.cedar`, which people read. They are checked against their schema
//! when this is built up; a policy that speaks of something unknown stops the program at its start.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::str::FromStr;
use std::sync::{PoisonError, RwLock};

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid,
    PolicySet, Request, RestrictedExpression, Schema, ValidationMode, Validator,
};
use thiserror::Error;

/// What can be asked for. Every use case names one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// Send a file of an item.
    SendBatch,
    /// See how a file fared, and get its rejections.
    SeeBatch,
    /// Look at a person's facts for a purpose in a matter.
    CheckPerson,
    /// See one's own file, notices and who looked.
    SeeOwnFile,
    /// See the rulebook with what is still to be confirmed.
    SeeRules,
    /// See the office's overview.
    SeeOffice,
    /// See how the machine is.
    SeeHealth,
    /// See heads and proofs of the log.
    SeeLog,
    /// Ask for an account at work to be opened, reset or switched off.
    AskAccount,
    /// Add, list and switch off accounts; grant what was asked.
    ManageAccounts,
    /// The same, while the office has no lead who could.
    SetUpAccounts,
    /// See accounts at work, what was asked for them and what happened to them.
    SeeAccounts,
    /// Mark a record as contested, keep it from use meanwhile, and end both.
    NoteObjection,
    /// Object to a record about oneself, put a statement beside it, take either back.
    OpenObjection,
    /// See an objection to a record that one supplied, and answer it.
    AnswerObjection,
    /// Explain a look at a person that one's body made.
    AnswerInquiry,
    /// Look at a person by his mandate.
    RedeemMandate,
    /// See what one received and has changed since, and acknowledge it.
    AcknowledgeCorrection,
    /// Find a person at the counter, and take his objection.
    HelpAtCounter,
    /// Try deliveries again; print, post and serve letters.
    TendDeliveries,
    /// Take back a record that was revoked or should never have entered.
    WithdrawRecord,
    /// Ask that what is sealed be opened.
    AskOpening,
    /// Decide, as the second of two people, that it is.
    DecideOpening,
    /// Note from a document that a person has died.
    NoteDeath,
    /// Confirm that, as the second of two people, or end it because it was wrong.
    ConfirmDeath,
    /// See how look-ups are watched over: samples, patterns, explanations, findings.
    SuperviseLooks,
    /// Ask a body to explain looks.
    AskExplanation,
    /// Explain looks of one's body to the office.
    AnswerSupervision,
    /// Say what was found about looks, as another person than who asked.
    RecordFinding,
    /// Take a sealed copy of everything, and put it back.
    BackUp,
    /// See which keys there are; rotate and retire them.
    KeepKeys,
    /// Report an incident.
    ReportIncident,
    /// See incidents; nobody affected is named.
    SeeIncidents,
    /// Judge and handle an incident, search who is affected, tell authority and people, close it.
    HandleIncident,
    /// Decide that the people need not be told of an incident.
    WaiveIncidentNotice,
    /// See and finish technical tasks of incidents.
    SeeIncidentTasks,
    /// See impact assessments.
    SeeAssessments,
    /// Write an impact assessment.
    WriteAssessment,
    /// Approve one as the second of two people, or not.
    DecideAssessment,
    /// See the whole identity number of somebody whose case one handles, once, after proving oneself anew.
    SeeWholeNumber,
}

impl Action {
    /// Every action: a test walks through all of them with every role.
    pub const ALL: [Self; 40] = [
        Self::SendBatch,
        Self::SeeBatch,
        Self::CheckPerson,
        Self::SeeOwnFile,
        Self::SeeRules,
        Self::SeeOffice,
        Self::SeeHealth,
        Self::SeeLog,
        Self::AskAccount,
        Self::ManageAccounts,
        Self::SetUpAccounts,
        Self::SeeAccounts,
        Self::NoteObjection,
        Self::OpenObjection,
        Self::AnswerObjection,
        Self::AnswerInquiry,
        Self::RedeemMandate,
        Self::AcknowledgeCorrection,
        Self::HelpAtCounter,
        Self::TendDeliveries,
        Self::WithdrawRecord,
        Self::AskOpening,
        Self::DecideOpening,
        Self::NoteDeath,
        Self::ConfirmDeath,
        Self::SuperviseLooks,
        Self::AskExplanation,
        Self::AnswerSupervision,
        Self::RecordFinding,
        Self::BackUp,
        Self::KeepKeys,
        Self::ReportIncident,
        Self::SeeIncidents,
        Self::HandleIncident,
        Self::WaiveIncidentNotice,
        Self::SeeIncidentTasks,
        Self::SeeAssessments,
        Self::WriteAssessment,
        Self::DecideAssessment,
        Self::SeeWholeNumber,
    ];

    /// Its name in the policies.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SendBatch => "sendBatch",
            Self::SeeBatch => "seeBatch",
            Self::CheckPerson => "checkPerson",
            Self::SeeOwnFile => "seeOwnFile",
            Self::SeeRules => "seeRules",
            Self::SeeOffice => "seeOffice",
            Self::SeeHealth => "seeHealth",
            Self::SeeLog => "seeLog",
            Self::AskAccount => "askAccount",
            Self::ManageAccounts => "manageAccounts",
            Self::SetUpAccounts => "setUpAccounts",
            Self::SeeAccounts => "seeAccounts",
            Self::NoteObjection => "noteObjection",
            Self::OpenObjection => "openObjection",
            Self::AnswerObjection => "answerObjection",
            Self::AnswerInquiry => "answerInquiry",
            Self::RedeemMandate => "redeemMandate",
            Self::AcknowledgeCorrection => "acknowledgeCorrection",
            Self::HelpAtCounter => "helpAtCounter",
            Self::TendDeliveries => "tendDeliveries",
            Self::WithdrawRecord => "withdrawRecord",
            Self::AskOpening => "askOpening",
            Self::DecideOpening => "decideOpening",
            Self::NoteDeath => "noteDeath",
            Self::ConfirmDeath => "confirmDeath",
            Self::SuperviseLooks => "superviseLooks",
            Self::AskExplanation => "askExplanation",
            Self::AnswerSupervision => "answerSupervision",
            Self::RecordFinding => "recordFinding",
            Self::BackUp => "backUp",
            Self::KeepKeys => "keepKeys",
            Self::ReportIncident => "reportIncident",
            Self::SeeIncidents => "seeIncidents",
            Self::HandleIncident => "handleIncident",
            Self::WaiveIncidentNotice => "waiveIncidentNotice",
            Self::SeeIncidentTasks => "seeIncidentTasks",
            Self::SeeAssessments => "seeAssessments",
            Self::WriteAssessment => "writeAssessment",
            Self::DecideAssessment => "decideAssessment",
            Self::SeeWholeNumber => "seeWholeNumber",
        }
    }
}

/// Who asks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Who<'a> {
    /// Role code.
    pub role: &'a str,
    /// Code of the body he acts for.
    pub agency: Option<&'a str>,
    /// Its kind.
    pub agency_kind: Option<&'a str>,
    /// Himself, if he is in the register.
    pub person: Option<&'a str>,
    /// For which purposes a machine may look; `None`: for all of its body's.
    pub purposes: Option<&'a [String]>,
    /// Which items a machine may send; `None`: all of its body's.
    pub items: Option<&'a [String]>,
    /// What else a machine may do, by word; `None`: all of that.
    pub also: Option<&'a [String]>,
}

/// What it is about.
#[derive(Clone, Copy, Debug, Default)]
pub struct What<'a> {
    /// The body it belongs to.
    pub agency: Option<&'a str>,
    /// Whom it is about.
    pub person: Option<&'a str>,
    /// Kinds of body that the rulebook names.
    pub allowed_kinds: Option<&'a [String]>,
    /// The item of the catalogue.
    pub item: Option<&'a str>,
    /// The purpose of a look.
    pub purpose: Option<&'a str>,
    /// Whether a matter with a number is named.
    pub has_matter: bool,
}

/// The policies cannot be used.
#[derive(Debug, Error)]
#[error("policies/: {0}")]
pub struct BadPolicies(String);

/// The actor may not do this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not allowed: {}", .action.name())]
pub struct Denied {
    /// What he asked for.
    pub action: Action,
}

/// The policies in force.
pub struct Access {
    authorizer: Authorizer,
    policies: PolicySet,
    actor: EntityTypeName,
    thing: EntityTypeName,
    actions: BTreeMap<Action, EntityUid>,
    answers: RwLock<HashMap<String, bool>>,
}

/// Answers that are remembered. There are a few hundred different questions in a city.
const REMEMBERED: usize = 10_000;

/// The persons of a question without saying who they are: policies know only whether it is the same
/// one. So a question that was answered about one person is answered about every other.
const SELF: &str = "self";
const OTHER: &str = "other";

impl std::fmt::Debug for Access {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Access").finish_non_exhaustive()
    }
}

impl Access {
    /// The policies that came with the program.
    ///
    /// # Errors
    /// [`BadPolicies`] if they do not parse or do not fit their schema.
    pub fn bundled() -> Result<Self, BadPolicies> {
        Self::from_text(
            include_str!("../../../policies/schema.cedarschema"),
            include_str!("../../../policies/policies.cedar"),
        )
    }

    /// Policies from text, checked strictly against `schema`.
    ///
    /// # Errors
    /// [`BadPolicies`].
    pub fn from_text(schema: &str, policies: &str) -> Result<Self, BadPolicies> {
        let bad = |error: &dyn std::fmt::Display| BadPolicies(error.to_string());
        let (schema, _) = Schema::from_cedarschema_str(schema).map_err(|error| bad(&error))?;
        let policies = PolicySet::from_str(policies).map_err(|error| bad(&error))?;
        let checked = Validator::new(schema).validate(&policies, ValidationMode::Strict);
        if !checked.validation_passed() {
            let reasons: Vec<_> = checked.validation_errors().map(ToString::to_string).collect();
            return Err(BadPolicies(reasons.join("; ")));
        }
        let kind = |name: &str| EntityTypeName::from_str(name).map_err(|error| bad(&error));
        let action = kind("Action")?;
        let actions = Action::ALL
            .into_iter()
            .map(|of| {
                let uid =
                    EntityUid::from_type_name_and_id(action.clone(), EntityId::new(of.name()));
                (of, uid)
            })
            .collect();
        Ok(Self {
            authorizer: Authorizer::new(),
            policies,
            actor: kind("Actor")?,
            thing: kind("Thing")?,
            actions,
            answers: RwLock::default(),
        })
    }

    /// Lets pass or refuses.
    ///
    /// # Errors
    /// [`Denied`], also when the policies cannot decide.
    pub fn permit(&self, who: Who<'_>, action: Action, what: What<'_>) -> Result<(), Denied> {
        let same = who.person.is_some() && who.person == what.person;
        let who = Who { person: who.person.map(|_| SELF), ..who };
        let what = What { person: what.person.map(|_| if same { SELF } else { OTHER }), ..what };
        let question = question(who, action, what);
        let known = {
            let answers = self.answers.read().unwrap_or_else(PoisonError::into_inner);
            answers.get(&question).copied()
        };
        let allowed = known.unwrap_or_else(|| {
            let allowed = self.allows(who, action, what).unwrap_or(false);
            let mut answers = self.answers.write().unwrap_or_else(PoisonError::into_inner);
            if answers.len() >= REMEMBERED {
                answers.clear();
            }
            answers.insert(question, allowed);
            allowed
        });
        if allowed { Ok(()) } else { Err(Denied { action }) }
    }

    fn allows(&self, who: Who<'_>, action: Action, what: What<'_>) -> Option<bool> {
        let text = |value: &str| RestrictedExpression::new_string(value.to_owned());
        let uid = |kind: &EntityTypeName| {
            EntityUid::from_type_name_and_id(kind.clone(), EntityId::new("this"))
        };
        let set = |values: &[String]| {
            RestrictedExpression::new_set(
                values.iter().map(|value| text(value)).collect::<Vec<_>>(),
            )
        };
        let attributes = |list: Vec<(&str, Option<RestrictedExpression>)>| {
            list.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
        };
        let actor = Entity::new(
            uid(&self.actor),
            attributes(vec![
                ("role", Some(text(who.role))),
                ("agency", who.agency.map(text)),
                ("agencyKind", who.agency_kind.map(text)),
                ("person", who.person.map(text)),
                ("purposes", who.purposes.map(set)),
                ("items", who.items.map(set)),
                ("also", who.also.map(set)),
            ]),
            HashSet::new(),
        )
        .ok()?;
        let thing = Entity::new(
            uid(&self.thing),
            attributes(vec![
                ("agency", what.agency.map(text)),
                ("person", what.person.map(text)),
                ("allowedKinds", what.allowed_kinds.map(set)),
                ("item", what.item.map(text)),
                ("purpose", what.purpose.map(text)),
                ("hasMatter", Some(RestrictedExpression::new_bool(what.has_matter))),
            ]),
            HashSet::new(),
        )
        .ok()?;
        let request = Request::new(
            actor.uid(),
            self.actions.get(&action)?.clone(),
            thing.uid(),
            Context::empty(),
            None,
        )
        .ok()?;
        let entities = Entities::from_entities([actor, thing], None).ok()?;
        let answer = self.authorizer.is_authorized(&request, &self.policies, &entities);
        // A policy that failed to evaluate might have been the one that forbids.
        Some(answer.decision() == Decision::Allow && answer.diagnostics().errors().next().is_none())
    }
}

/// The whole question as text: every fact that a policy can see is in it.
fn question(who: Who<'_>, action: Action, what: What<'_>) -> String {
    let mut text = action.name().to_owned();
    let mut add = |part: Option<&str>| {
        // A fact that is absent is not one that is empty.
        text.push_str(if part.is_some() { "\u{1}" } else { "\u{0}" });
        text.push_str(part.unwrap_or_default());
    };
    add(Some(who.role));
    let matter = what.has_matter.then_some("");
    let whats = [what.agency, what.person, what.item, what.purpose, matter];
    for part in [who.agency, who.agency_kind, who.person].into_iter().chain(whats) {
        add(part);
    }
    for set in [what.allowed_kinds, who.purposes, who.items, who.also] {
        let count = set.map(|set| set.len().to_string());
        add(count.as_deref());
        for value in set.unwrap_or_default() {
            add(Some(value));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn ask(who: Who<'_>, action: Action, what: What<'_>) -> bool {
        Access::bundled().unwrap().permit(who, action, what).is_ok()
    }

    /// A look for a purpose in a matter.
    fn matter(kinds: &[String]) -> What<'_> {
        let (purpose, has_matter) = (Some("food-licence-review"), true);
        What { allowed_kinds: Some(kinds), purpose, has_matter, ..What::default() }
    }

    #[test]
    fn a_look_needs_purpose_and_matter_and_stays_within_the_scope_of_a_machine() {
        let kinds = kinds();
        let who = Who {
            role: "system",
            agency: Some("A"),
            agency_kind: Some("market-regulation"),
            ..Who::default()
        };
        let what = What { person: Some("p"), ..matter(&kinds) };
        assert!(ask(who, Action::CheckPerson, what));
        assert!(!ask(who, Action::CheckPerson, What { has_matter: false, ..what }));
        assert!(!ask(who, Action::CheckPerson, What { purpose: None, ..what }));
        let (own, other) = (vec!["food-licence-review".to_owned()], vec!["tender".to_owned()]);
        assert!(ask(Who { purposes: Some(&own), ..who }, Action::CheckPerson, what));
        assert!(!ask(Who { purposes: Some(&other), ..who }, Action::CheckPerson, what));
        assert!(!ask(Who { purposes: Some(&[]), ..who }, Action::CheckPerson, what));
        let send = What {
            agency: Some("A"),
            allowed_kinds: Some(&kinds),
            item: Some("NP04-MR"),
            ..What::default()
        };
        let items = vec!["NP03".to_owned()];
        assert!(ask(who, Action::SendBatch, send));
        assert!(!ask(Who { items: Some(&items), ..who }, Action::SendBatch, send));
    }

    #[test]
    fn a_narrowed_machine_does_nothing_beside_that_was_not_named() {
        let who = Who {
            role: "system",
            agency: Some("A"),
            agency_kind: Some("market-regulation"),
            ..Who::default()
        };
        let own = What { agency: Some("A"), item: Some("NP04-MR"), ..What::default() };
        let doors = [Action::RedeemMandate, Action::AcknowledgeCorrection, Action::SeeBatch];
        let may = |who: Who<'_>| doors.map(|action| ask(who, action, own));
        assert_eq!(may(who), [true, true, true]);
        assert_eq!(may(Who { also: Some(&[]), ..who }), [false, false, true]);
        let (mandate, corrections) = (["mandate".to_owned()], ["corrections".to_owned()]);
        assert_eq!(may(Who { also: Some(&mandate), ..who }), [true, false, true]);
        assert_eq!(may(Who { also: Some(&corrections), ..who }), [false, true, true]);
        let items = ["NP03".to_owned()];
        assert_eq!(may(Who { items: Some(&items), ..who }), [true, true, false]);
    }

    #[test]
    fn who_keeps_the_machine_running_sees_no_person() {
        let kinds = kinds();
        let who = Who { role: "operator", ..Who::default() };
        let what =
            What { agency: Some("A"), person: Some("p"), item: Some("NP03"), ..matter(&kinds) };
        let may: Vec<_> =
            Action::ALL.into_iter().filter(|action| ask(who, *action, what)).collect();
        assert_eq!(
            may,
            [
                Action::SeeHealth,
                Action::SeeLog,
                Action::SetUpAccounts,
                Action::BackUp,
                Action::KeepKeys,
                Action::ReportIncident,
                Action::SeeIncidentTasks,
            ]
        );
    }

    fn kinds() -> Vec<String> {
        vec!["market-regulation".to_owned()]
    }

    #[rstest]
    #[case("system", Some("market-regulation"), true)]
    #[case("agency-clerk", Some("market-regulation"), true)]
    #[case("agency-clerk", Some("tax"), false)]
    #[case("agency-clerk", None, false)]
    #[case("office-lead", Some("market-regulation"), false)]
    #[case("auditor", Some("market-regulation"), false)]
    #[case("citizen", Some("market-regulation"), false)]
    fn a_check_needs_a_body_that_the_statute_names(
        #[case] role: &str,
        #[case] agency_kind: Option<&str>,
        #[case] allowed: bool,
    ) {
        let kinds = kinds();
        let who = Who { role, agency: Some("A"), agency_kind, ..Who::default() };
        let what = What { person: Some("p"), ..matter(&kinds) };
        assert_eq!(ask(who, Action::CheckPerson, what), allowed);
    }

    #[test]
    fn i15_nobody_checks_himself() {
        let kinds = kinds();
        let who = Who {
            role: "agency-clerk",
            agency: Some("A"),
            agency_kind: Some("market-regulation"),
            person: Some("p"),
            ..Who::default()
        };
        let own = What { person: Some("p"), ..matter(&kinds) };
        let other = What { person: Some("q"), ..own };
        assert!(!ask(who, Action::CheckPerson, own));
        assert!(ask(who, Action::CheckPerson, other));
    }

    #[test]
    fn i15_an_answer_about_one_person_is_none_about_oneself() {
        let access = Access::bundled().unwrap();
        let kinds = kinds();
        let who = Who {
            role: "agency-clerk",
            agency: Some("A"),
            agency_kind: Some("market-regulation"),
            person: Some("p"),
            ..Who::default()
        };
        let about = |person| What { person: Some(person), ..matter(&kinds) };
        for _ in 0..2 {
            assert!(access.permit(who, Action::CheckPerson, about("q")).is_ok());
            assert!(access.permit(who, Action::CheckPerson, about("p")).is_err());
            let nobody = Who { person: None, ..who };
            assert!(access.permit(nobody, Action::CheckPerson, about("p")).is_ok());
            let tax = Who { agency_kind: Some("tax"), ..who };
            assert!(access.permit(tax, Action::CheckPerson, about("q")).is_err());
        }
    }

    #[test]
    fn a_file_is_sent_in_ones_own_name_about_ones_own_items() {
        let kinds = kinds();
        let who = Who {
            role: "agency-clerk",
            agency: Some("A"),
            agency_kind: Some("market-regulation"),
            ..Who::default()
        };
        let own = What { agency: Some("A"), allowed_kinds: Some(&kinds), ..What::default() };
        assert!(ask(who, Action::SendBatch, own));
        assert!(!ask(who, Action::SendBatch, What { agency: Some("B"), ..own }));
        assert!(!ask(who, Action::SendBatch, What { allowed_kinds: Some(&[]), ..own }));
        assert!(!ask(Who { role: "office-lead", ..who }, Action::SendBatch, own));
    }

    #[test]
    fn looks_are_watched_over_by_the_office_and_those_of_the_office_by_the_auditor_too() {
        let office = vec!["credit-office".to_owned()];
        let of_body = What { agency: Some("A"), ..What::default() };
        let of_office = What { allowed_kinds: Some(&office), ..of_body };
        let may = |role, agency, what| -> Vec<&str> {
            let who = Who { role, agency, ..Who::default() };
            let all = [
                Action::SuperviseLooks,
                Action::AskExplanation,
                Action::AnswerSupervision,
                Action::RecordFinding,
            ];
            all.into_iter().filter(|action| ask(who, *action, what)).map(Action::name).collect()
        };
        let (see, asks, answer, find) =
            ("superviseLooks", "askExplanation", "answerSupervision", "recordFinding");
        assert_eq!(may("office-clerk", None, of_body), [see, asks]);
        assert_eq!(may("office-lead", None, of_body), [see, asks, find]);
        assert_eq!(may("auditor", None, of_body), [see], "he reads");
        assert_eq!(may("auditor", None, of_office), [see, find]);
        assert_eq!(may("office-clerk", None, of_office), [see, asks, answer]);
        for role in ["agency-lead", "agency-clerk"] {
            assert_eq!(may(role, Some("A"), of_body), [answer]);
            assert!(may(role, Some("B"), of_body).is_empty());
        }
        for role in ["citizen", "system", "institution", "operator"] {
            assert!(may(role, Some("A"), of_body).is_empty(), "{role}");
        }
    }

    #[test]
    fn i15_nobody_watches_over_a_look_at_himself() {
        let what = What { agency: Some("A"), person: Some("p"), ..What::default() };
        for (role, action) in [
            ("office-lead", Action::SuperviseLooks),
            ("office-lead", Action::AskExplanation),
            ("office-lead", Action::RecordFinding),
            ("agency-lead", Action::AnswerSupervision),
        ] {
            let who = Who { role, agency: Some("A"), person: Some("p"), ..Who::default() };
            assert!(!ask(who, action, what), "{role} {action:?}");
            assert!(ask(Who { person: Some("q"), ..who }, action, what), "{role} {action:?}");
        }
    }

    #[test]
    fn a_body_takes_back_its_own_records_and_the_office_marks_them() {
        let clerk = Who { role: "agency-clerk", agency: Some("A"), ..Who::default() };
        let own = What { agency: Some("A"), ..What::default() };
        assert!(ask(clerk, Action::WithdrawRecord, own));
        assert!(!ask(clerk, Action::WithdrawRecord, What { agency: Some("B"), ..own }));
        assert!(!ask(clerk, Action::NoteObjection, own));
        let office = Who { role: "office-clerk", ..Who::default() };
        assert!(ask(office, Action::NoteObjection, own));
        assert!(!ask(office, Action::WithdrawRecord, own));
    }

    #[test]
    fn a_citizen_sees_his_own_file_only() {
        let who = Who { role: "citizen", person: Some("p"), ..Who::default() };
        assert!(ask(who, Action::SeeOwnFile, What { person: Some("p"), ..What::default() }));
        assert!(!ask(who, Action::SeeOwnFile, What { person: Some("q"), ..What::default() }));
        assert!(!ask(Who { person: None, ..who }, Action::SeeOwnFile, What::default()));
        assert!(!ask(who, Action::SeeOffice, What::default()));
    }

    #[test]
    fn everybody_reports_an_incident_and_only_the_office_handles_it() {
        let may = |role: &str| -> Vec<Action> {
            let who = Who { role, ..Who::default() };
            let all = [
                Action::ReportIncident,
                Action::SeeIncidents,
                Action::HandleIncident,
                Action::WaiveIncidentNotice,
                Action::SeeIncidentTasks,
            ];
            all.into_iter().filter(|action| ask(who, *action, What::default())).collect()
        };
        for role in ["citizen", "agency-clerk", "agency-lead"] {
            assert_eq!(may(role), [Action::ReportIncident], "{role}");
        }
        assert_eq!(may("operator"), [Action::ReportIncident, Action::SeeIncidentTasks]);
        assert_eq!(may("auditor"), [Action::ReportIncident, Action::SeeIncidents]);
        assert!(!may("office-clerk").contains(&Action::WaiveIncidentNotice));
        assert_eq!(may("office-lead").len(), 5);
        assert_eq!(may("system"), []);
    }

    #[test]
    fn a_whole_number_is_for_whoever_handles_the_case_and_for_nobody_else() {
        let own =
            What { agency: Some("A"), person: Some("p"), has_matter: true, ..What::default() };
        let may = |role: &str, what| {
            let who = Who { role, agency: Some("A"), person: Some("q"), ..Who::default() };
            ask(who, Action::SeeWholeNumber, what)
        };
        for role in ["agency-clerk", "agency-lead"] {
            assert!(may(role, own), "{role}");
            assert!(!may(role, What { agency: Some("B"), ..own }), "{role} of another body");
        }
        for role in ["office-clerk", "office-lead"] {
            assert!(may(role, What { agency: None, ..own }), "{role}");
        }
        for role in ["agency-clerk", "agency-lead", "office-clerk", "office-lead"] {
            assert!(!may(role, What { has_matter: false, ..own }), "{role} in no matter");
            assert!(!may(role, What { person: Some("q"), ..own }), "{role} about himself (I15)");
        }
        for role in ["citizen", "auditor", "operator", "institution", "system"] {
            assert!(!may(role, own), "{role}");
        }
    }

    #[test]
    fn the_actions_are_those_of_the_schema() {
        let schema = include_str!("../../../policies/schema.cedarschema");
        let (_, all) = schema.split_once("\naction ").unwrap();
        let (all, _) = all.split_once("appliesTo").unwrap();
        let mut there: Vec<&str> = all.split(',').map(str::trim).collect();
        let mut here = Action::ALL.map(Action::name);
        there.sort_unstable();
        here.sort_unstable();
        assert_eq!(here.as_slice(), there);
    }

    #[test]
    fn a_policy_that_does_not_fit_its_schema_stops_the_start() {
        let schema = include_str!("../../../policies/schema.cedarschema");
        let bad = "permit (principal, action, resource) when { principal.rank == 1 };";
        assert!(Access::from_text(schema, bad).is_err());
    }
}
