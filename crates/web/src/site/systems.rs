//! Systems 业务系统: the office sees which machines there are, and whose secret ends soon.

use axum::extract::State;
use jiff::{Span, Timestamp};
use register::china_date;
use register::client::{Scope, Validity};
use rulebook::Rules;
use usecases::client::{self, System};

use crate::answer::{Answer, page};
use crate::pages::format::zh_date;
use crate::pages::office::{SystemRow, SystemsPage};
use crate::pages::{Here, Tag, Tint};
use crate::session::Office;
use crate::state::WebState;
use crate::view::{self, moment};

/// GET `/office/systems`
pub(crate) async fn list(office: Office, State(state): State<WebState>) -> Answer {
    let systems = client::list(&state.cx, &office.actor).await?;
    page(&SystemsPage {
        shell: office.shell(Here::OfficeSystems),
        ahead_days: client::warn_days(&state.cx),
        ending: systems.iter().filter(|system| system.must_be_seen_to()).count(),
        systems: systems.iter().map(|system| row(system, &state.cx.rules)).collect(),
    })
}

fn row(system: &System, rules: &Rules) -> SystemRow {
    let never = || "还没有用过".to_owned();
    let agency = system.agency.map(|code| view::agency(rules, code.as_str()));
    SystemRow {
        login: system.login.clone(),
        agency: agency.unwrap_or_default(),
        scope: scope(&system.scope, rules),
        last_used: system.last_used_at.map_or_else(never, moment),
        ends: system.ends_at.map_or_else(|| "没有密钥".to_owned(), last_day),
        has_two: system.live > 1,
        tag: match system.validity {
            Some(Validity::Good) => Tag::new("有效", Tint::Good),
            Some(Validity::EndsSoon) => Tag::new("快要到期", Tint::Open),
            Some(Validity::Ended) => Tag::new("已经过期", Tint::Wrong),
            None => Tag::new("已经停用", Tint::Over),
        },
    }
}

/// The last day on which something still works that ends at that moment.
fn last_day(ends_at: Timestamp) -> String {
    let before = ends_at.checked_sub(Span::new().milliseconds(1)).unwrap_or(ends_at);
    zh_date(china_date(before))
}

fn scope(scope: &Scope, rules: &Rules) -> Vec<String> {
    if scope.is_all() {
        return vec!["本单位的全部用途和事项".to_owned()];
    }
    let purposes = scope.purposes.as_ref().map(|codes| {
        codes
            .iter()
            .map(|code| rules.purpose(code).map_or(code.as_str(), |purpose| purpose.title.as_str()))
            .collect::<Vec<_>>()
            .join("、")
    });
    let items = scope.items.as_ref().map(|codes| {
        codes.iter().map(|code| view::item(rules, code)).collect::<Vec<_>>().join("、")
    });
    let mut said = vec![said("查询", "全部用途", purposes), said("报送", "全部事项", items)];
    if !scope.has_mandate() {
        said.push("不凭授权查询".to_owned());
    }
    if !scope.has_corrections() {
        said.push("不收更正通知".to_owned());
    }
    said
}

fn said(what: &str, all: &str, chosen: Option<String>) -> String {
    match chosen {
        None => format!("{what}：{all}"),
        Some(chosen) if chosen.is_empty() => format!("不{what}"),
        Some(chosen) => format!("{what}：{chosen}"),
    }
}
