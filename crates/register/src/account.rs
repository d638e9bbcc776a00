//! Accounts 账号: who can sign in, in which role, for which body.

use thiserror::Error;

use crate::{AccountId, PersonId, Uscc};

/// What an account may be used as; what a role may do stands in `policies/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// A person, about himself.
    Citizen,
    /// Works for an agency: sends files, checks a person for a matter.
    AgencyClerk,
    /// Leads the unit of an agency: answers for what its clerks did, looks nobody up himself.
    AgencyLead,
    /// Works in the credit office.
    OfficeClerk,
    /// Leads the credit office.
    OfficeLead,
    /// Reads logs and rules, never personal facts.
    Auditor,
    /// Keeps the machine running: health and logs, no personal data at all.
    Operator,
    /// A machine that acts for an agency.
    System,
    /// A bank, platform or employer, by its machine: looks by mandate and in no other way.
    Institution,
}

/// No such role.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "no such role; known are: citizen, agency-clerk, agency-lead, office-clerk, office-lead, auditor, operator, \
     system, institution"
)]
pub struct UnknownRole;

impl Role {
    /// All roles.
    pub const ALL: [Self; 9] = [
        Self::Citizen,
        Self::AgencyClerk,
        Self::AgencyLead,
        Self::OfficeClerk,
        Self::OfficeLead,
        Self::Auditor,
        Self::Operator,
        Self::System,
        Self::Institution,
    ];

    /// Name on the command line, in policies and in the store.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Citizen => "citizen",
            Self::AgencyClerk => "agency-clerk",
            Self::AgencyLead => "agency-lead",
            Self::OfficeClerk => "office-clerk",
            Self::OfficeLead => "office-lead",
            Self::Auditor => "auditor",
            Self::Operator => "operator",
            Self::System => "system",
            Self::Institution => "institution",
        }
    }

    /// Name on screen.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Citizen => "本人",
            Self::AgencyClerk => "单位经办人",
            Self::AgencyLead => "单位负责人",
            Self::OfficeClerk => "信用办经办人",
            Self::OfficeLead => "信用办负责人",
            Self::Auditor => "审计员",
            Self::Operator => "系统运维",
            Self::System => "业务系统",
            Self::Institution => "机构系统",
        }
    }

    /// Whether the role acts for an agency and so needs its code.
    #[must_use]
    pub const fn needs_agency(self) -> bool {
        match self {
            Self::AgencyClerk | Self::AgencyLead | Self::System | Self::Institution => true,
            Self::Citizen
            | Self::OfficeClerk
            | Self::OfficeLead
            | Self::Auditor
            | Self::Operator => false,
        }
    }

    /// Whether it is a machine, which signs in by a token and has no pages.
    #[must_use]
    pub const fn is_machine(self) -> bool {
        match self {
            Self::System | Self::Institution => true,
            Self::Citizen
            | Self::AgencyClerk
            | Self::AgencyLead
            | Self::OfficeClerk
            | Self::OfficeLead
            | Self::Auditor
            | Self::Operator => false,
        }
    }

    /// Whether it needs a second factor to sign in: everybody at work does, because at work one sees others.
    ///
    /// # Law
    /// 个人信息保护法 51 — measures that fit the risk (that a password alone is not enough by our own rule).
    #[must_use]
    pub const fn needs_second_factor(self) -> bool {
        match self {
            Self::AgencyClerk
            | Self::AgencyLead
            | Self::OfficeClerk
            | Self::OfficeLead
            | Self::Auditor
            | Self::Operator => true,
            Self::Citizen | Self::System | Self::Institution => false,
        }
    }
}

impl std::str::FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        let plain = text.trim().to_lowercase().replace(['_', ' '], "-");
        Self::ALL.into_iter().find(|role| role.code() == plain).ok_or(UnknownRole)
    }
}

/// Someone or something that can sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its identifier.
    pub id: AccountId,
    /// What is typed to sign in; for a system, what the log shows.
    pub login: String,
    /// What it may be used as.
    pub role: Role,
    /// The body it acts for.
    pub agency: Option<Uscc>,
    /// The person himself, for a citizen (and for staff who are in the register: I15).
    pub person: Option<PersonId>,
    /// Whether it is switched off.
    pub is_disabled: bool,
}
