//! Accounts as they are shown 账号的展示.

use register::Role;
use usecases::account::SeenEvent;

use super::moment;
use crate::pages::sign_in::EventRow;

/// Why an account of that role has a second factor, or may have one.
pub(crate) const fn why(role: Role) -> &'static str {
    match role {
        Role::Citizen => "加上验证码，别人知道了您的密码也看不到您的档案。",
        Role::AgencyClerk
        | Role::AgencyLead
        | Role::OfficeClerk
        | Role::OfficeLead
        | Role::Auditor
        | Role::Operator
        | Role::System
        | Role::Institution => "工作账号除了密码还要验证码。",
    }
}

/// Whom somebody asks who has neither his telephone nor a spare code.
pub(crate) const fn lost(role: Role) -> &'static str {
    match role {
        Role::Citizen => "手机丢了、备用码也没有了，请本人带身份证件到窗口。",
        Role::AgencyClerk | Role::AgencyLead | Role::System | Role::Institution => {
            "手机丢了、备用码也没有了，请告诉信用办，由信用办两个人办理重置。"
        }
        Role::OfficeClerk | Role::OfficeLead | Role::Auditor | Role::Operator => {
            "手机丢了、备用码也没有了，请信用办的另外两位同事办理重置：一人申请，一位负责人同意。只剩您一位负责人的，由运维人员在服务器上重置。"
        }
    }
}

/// One thing that happened to an account; on its own page it is not named.
pub(crate) fn event(seen: SeenEvent, is_own: bool) -> EventRow {
    let by = match (seen.event.by, seen.by) {
        (None, _) => String::new(),
        (Some(_), Some(login)) => login,
        (Some(id), None) if id.0.is_nil() => "服务器命令行".to_owned(),
        (Some(_), None) => "已经不在的账号".to_owned(),
    };
    EventRow {
        at: moment(seen.event.at),
        login: if is_own { String::new() } else { seen.login.unwrap_or_default() },
        what: seen.event.kind.title().to_owned(),
        by,
    }
}
