//! The frame around every page 页面框架: header, navigation, messages.

use register::Role;

use super::t;

/// What the frame of a page needs.
#[derive(Clone, Debug, Default)]
pub struct Shell {
    /// Who is signed in.
    pub who: Option<SignedIn>,
    /// Token that every form sends back as `csrf`.
    pub csrf: String,
    /// Where in the house this page stands.
    pub nav: Nav,
    /// Whether large-text mode is on (`?text=large`, kept in a cookie by the handler).
    pub text_large: bool,
    /// Address of this page with the other size of letters; empty where it cannot be asked for again.
    pub text_href: String,
    /// What has just been done, said once after a redirect.
    pub flash: Option<String>,
    /// Whether this is a demonstration with invented people.
    pub demo: bool,
}

/// Who is signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The account of a member of staff. Empty for a person: his account's name is made up and would
    /// tell him nothing, and his own name is sealed in the register.
    pub name: String,
    /// His role.
    pub role: Role,
    /// The unit that he acts for, by name.
    pub agency: Option<String>,
}

impl SignedIn {
    /// His first page and what it is called in the header.
    #[must_use]
    pub fn home(&self) -> Link {
        match self.role {
            Role::Citizen => Link::new("/my", "我的档案"),
            Role::AgencyClerk | Role::AgencyLead | Role::System | Role::Institution => {
                Link::new("/desk", "工作台")
            }
            Role::OfficeClerk | Role::OfficeLead | Role::Auditor => Link::new("/office", "信用办"),
            Role::Operator => Link::new("/operator", "运行状况"),
        }
    }
}

/// Where a page stands, and what waits in the neighbourhood.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nav {
    /// The page itself.
    pub here: Here,
    /// Notices that the person has not opened.
    pub unread_notices: u64,
}

/// Every place that navigation can point at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Here {
    /// Not in any navigation.
    #[default]
    Elsewhere,
    /// `/`
    Home,
    /// `/rules`
    Rules,
    /// `/rights`
    Rights,
    /// `/sign-in`
    SignIn,
    /// `/my`
    MyFile,
    /// `/my/looks` and below
    MyLooks,
    /// `/my/notices` and below
    MyNotices,
    /// `/my/cases`, and every case
    MyCases,
    /// `/my/honours`
    MyHonours,
    /// `/my/mandates` and below
    MyMandates,
    /// `/my/report`
    MyReport,
    /// `/desk`
    DeskToday,
    /// `/desk/send` and `/desk/batches/…`
    DeskSend,
    /// `/desk/check`
    DeskCheck,
    /// `/desk/mandates`
    DeskMandates,
    /// `/desk/corrections`
    DeskCorrections,
    /// `/office`
    Office,
    /// `/office/cases`
    OfficeCases,
    /// `/office/counter` and below
    OfficeCounter,
    /// `/office/openings`, `/office/deaths` and below
    OfficeOpenings,
    /// `/office/deliveries` and letters
    OfficeDeliveries,
    /// `/office/systems`
    OfficeSystems,
    /// `/office/incidents` and below
    OfficeIncidents,
    /// `/office/assessments` and below
    OfficeAssessments,
    /// `/office/supervision` and below
    OfficeSupervision,
    /// `/office/rules`
    OfficeRules,
    /// `/office/accounts`
    OfficeAccounts,
    /// `/account` and below
    Account,
    /// `/office/log`
    OfficeLog,
    /// `/operator`
    Operator,
    /// `/incident/tasks`, of whoever keeps the machine running
    OperatorTasks,
}

/// A link.
#[derive(Clone, Debug)]
pub struct Link {
    /// Where to.
    pub href: String,
    /// What it says.
    pub text: String,
    /// Whether it points at the page that is open.
    pub is_here: bool,
    /// How many things wait there; 0 shows nothing.
    pub badge: u64,
}

impl Link {
    /// A plain link.
    #[must_use]
    pub fn new(href: &str, text: &str) -> Self {
        Self { href: t(href), text: t(text), is_here: false, badge: 0 }
    }
}

const MY: &[(Here, &str, &str)] = &[
    (Here::MyFile, "/my", "我的档案"),
    (Here::MyLooks, "/my/looks", "谁看过我"),
    (Here::MyNotices, "/my/notices", "告知书"),
    (Here::MyCases, "/my/cases", "我的办件"),
    (Here::MyHonours, "/my/honours", "荣誉和志愿服务"),
    (Here::MyMandates, "/my/mandates", "我的授权"),
    (Here::MyReport, "/my/report", "信用报告"),
];
const DESK: &[(Here, &str, &str)] = &[
    (Here::DeskToday, "/desk", "今天要办"),
    (Here::DeskSend, "/desk/send", "报送数据"),
    (Here::DeskCheck, "/desk/check", "核查"),
    (Here::DeskMandates, "/desk/mandates", "凭授权查询"),
    (Here::DeskCorrections, "/desk/corrections", "更正通知"),
];
const OFFICE: &[(Here, &str, &str)] = &[
    (Here::Office, "/office", "总览"),
    (Here::OfficeCases, "/office/cases", "办件和期限"),
    (Here::OfficeCounter, "/office/counter", "窗口代办"),
    (Here::OfficeOpenings, "/office/openings", "启封"),
    (Here::OfficeDeliveries, "/office/deliveries", "投递和信函"),
    (Here::OfficeSystems, "/office/systems", "业务系统"),
    (Here::OfficeAccounts, "/office/accounts", "账号"),
    (Here::OfficeIncidents, "/office/incidents", "信息安全事件"),
    (Here::OfficeAssessments, "/office/assessments", "影响评估"),
    (Here::OfficeSupervision, "/office/supervision", "查询监督"),
    (Here::OfficeRules, "/office/rules", "规则库"),
    (Here::OfficeLog, "/office/log", "查询存证"),
];
const OPERATOR: &[(Here, &str, &str)] = &[
    (Here::Operator, "/operator", "运行状况"),
    (Here::OperatorTasks, "/incident/tasks", "技术任务"),
];

impl Nav {
    /// A place where nothing waits.
    #[must_use]
    pub fn at(here: Here) -> Self {
        Self { here, unread_notices: 0 }
    }

    /// The side navigation of this place, empty on the portal.
    #[must_use]
    pub fn side(&self) -> Vec<Link> {
        [MY, DESK, OFFICE, OPERATOR]
            .into_iter()
            .find(|places| places.iter().any(|(here, _, _)| *here == self.here))
            .into_iter()
            .flatten()
            .map(|(here, href, text)| Link {
                is_here: *here == self.here,
                badge: if *here == Here::MyNotices { self.unread_notices } else { 0 },
                ..Link::new(href, text)
            })
            .collect()
    }

    /// What the folded side navigation is called on a phone.
    #[must_use]
    pub fn side_title(&self) -> String {
        self.side().into_iter().find(|link| link.is_here).map_or(t("目录"), |link| link.text)
    }
}

impl Shell {
    /// The links of the header, without sign-in and sign-out.
    #[must_use]
    pub fn top(&self) -> Vec<Link> {
        let here = self.nav.here;
        let mut links = vec![
            Link { is_here: here == Here::Rules, ..Link::new("/rules", "规则与目录") },
            Link { is_here: here == Here::Rights, ..Link::new("/rights", "您的权利") },
        ];
        if let Some(who) = &self.who {
            let home = who.home();
            let is_here = self.nav.side().iter().any(|link| link.href == home.href);
            links.push(Link { is_here, ..home });
        }
        links
    }

    /// Whether the sign-in page itself is open.
    #[must_use]
    pub fn is_sign_in(&self) -> bool {
        self.nav.here == Here::SignIn
    }

    /// Address of an embedded file.
    #[must_use]
    pub fn asset(&self, name: &str) -> String {
        crate::assets::asset(name)
    }

    /// For samples: nobody is signed in.
    #[must_use]
    pub fn sample(here: Here) -> Self {
        Self {
            csrf: t("sample-token"),
            nav: Nav::at(here),
            text_href: t("?text=large"),
            demo: true,
            ..Self::default()
        }
    }

    /// For samples: a person.
    #[must_use]
    pub fn sample_person(here: Here) -> Self {
        let who = SignedIn { name: String::new(), role: Role::Citizen, agency: None };
        let nav = Nav { here, unread_notices: 1 };
        Self { who: Some(who), nav, ..Self::sample(here) }
    }

    /// For samples: a clerk of an agency.
    #[must_use]
    pub fn sample_clerk(here: Here) -> Self {
        let agency = Some(t("市场监督管理局"));
        let who = SignedIn { name: t("mr-clerk"), role: Role::AgencyClerk, agency };
        Self { who: Some(who), ..Self::sample(here) }
    }

    /// For samples: whoever keeps the machine running.
    #[must_use]
    pub fn sample_operator(here: Here) -> Self {
        let who = SignedIn { name: t("operator"), role: Role::Operator, agency: None };
        Self { who: Some(who), ..Self::sample(here) }
    }

    /// For samples: a clerk of the credit office.
    #[must_use]
    pub fn sample_office(here: Here) -> Self {
        let agency = Some(t("信用办"));
        let who = SignedIn { name: t("office-clerk"), role: Role::OfficeClerk, agency };
        Self { who: Some(who), ..Self::sample(here) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn side_navigation_marks_the_open_page_and_counts_unread_notices() {
        let nav = Nav { here: Here::MyLooks, unread_notices: 2 };
        let side = nav.side();
        assert_eq!(side.iter().filter(|link| link.is_here).count(), 1);
        assert_eq!(side[2].badge, 2);
        assert_eq!(nav.side_title(), "谁看过我");
        assert!(Nav::at(Here::Home).side().is_empty());
    }

    #[test]
    fn header_leads_everyone_to_his_own_place() {
        assert_eq!(Shell::sample_person(Here::MyFile).top()[2].href, "/my");
        assert_eq!(Shell::sample_clerk(Here::DeskSend).top()[2].text, "工作台");
        assert_eq!(Shell::sample_operator(Here::OperatorTasks).top()[2].href, "/operator");
        assert_eq!(Shell::sample(Here::Home).top().len(), 2);
    }
}
