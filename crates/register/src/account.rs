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
    /// Works in the credit office.
    OfficeClerk,
    /// Leads the credit office.
    OfficeLead,
    /// Reads logs and rules, never personal facts.
    Auditor,
    /// A machine that acts for an agency.
    System,
}

/// No such role.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "no such role; known are: citizen, agency-clerk, office-clerk, office-lead, auditor, system"
)]
pub struct UnknownRole;

impl Role {
    /// All roles.
    pub const ALL: [Self; 6] = [
        Self::Citizen,
        Self::AgencyClerk,
        Self::OfficeClerk,
        Self::OfficeLead,
        Self::Auditor,
        Self::System,
    ];

    /// Name on the command line, in policies and in the store.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Citizen => "citizen",
            Self::AgencyClerk => "agency-clerk",
            Self::OfficeClerk => "office-clerk",
            Self::OfficeLead => "office-lead",
            Self::Auditor => "auditor",
            Self::System => "system",
        }
    }

    /// Name on screen.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Citizen => "本人",
            Self::AgencyClerk => "单位经办人",
            Self::OfficeClerk => "信用办经办人",
            Self::OfficeLead => "信用办负责人",
            Self::Auditor => "审计员",
            Self::System => "业务系统",
        }
    }

    /// Whether the role acts for an agency and so needs its code.
    #[must_use]
    pub const fn needs_agency(self) -> bool {
        match self {
            Self::AgencyClerk | Self::System => true,
            Self::Citizen | Self::OfficeClerk | Self::OfficeLead | Self::Auditor => false,
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
