//! The office 信用办: counts, rules, the log. Never a fact about a person.

use std::collections::BTreeMap;

use axum::extract::State;
use register::batch::{Batch, BatchState};
use rulebook::Rules;
use usecases::office::{self, Upkeep};

use super::due;
use crate::answer::{Answer, page};
use crate::extract::Query;
use crate::pages::Here;
use crate::pages::format::{grouped, grouped_hash, zh_date};
use crate::pages::office::{
    AgencyRow, CasesPage, Figure, LogDay, LogPage, OfficeRulesPage, OverviewPage, Task,
};
use crate::session::Office;
use crate::state::WebState;
use crate::view::rules::Filter;
use crate::view::{self, moment, newest_head, signed_at};

const EMPTY: &str = "还没有登记";

/// `/office`
pub(crate) async fn overview(office: Office, State(state): State<WebState>) -> Answer {
    let overview = office::overview(&state.cx, &office.actor).await?;
    let ending = usecases::client::ending(&state.cx, &office.actor).await?;
    let doubts = usecases::account::identity::doubts(&state.cx, &office.actor).await?.len();
    let head = newest_head(&state).await?;
    let count = |what: fn(&BatchState) -> bool| {
        overview.batches.iter().filter(|batch| what(&batch.state)).count()
    };
    let figure = |value: String, label: &str, href: &str| Figure {
        value,
        label: label.to_owned(),
        href: href.to_owned(),
    };
    let running = count(|state| matches!(state, BatchState::Running));
    let failed = count(|state| matches!(state, BatchState::Failed { .. }));
    page(&OverviewPage {
        shell: office.shell(Here::Office),
        figures: vec![
            figure(overview.batches.len().to_string(), "最近的报送（最多 20 次）", ""),
            figure(running.to_string(), "正在处理", ""),
            figure(failed.to_string(), "没有读完的文件", ""),
            figure(grouped(overview.waiting_notices), "等待送达的告知书", ""),
            figure(overview.unconfirmed.to_string(), "待确认的规则", "/office/rules#unconfirmed"),
            figure(doubts.to_string(), "实名登录的疑问", "/office/doubts"),
            figure(ending.to_string(), "快到期或者已过期的系统密钥", "/office/systems"),
            figure(grouped(overview.open_incidents), "没有办结的信息安全事件", "/office/incidents"),
        ],
        ahead_days: office::ahead_days(&state.cx.rules),
        upkeep: overview.upkeep.iter().map(task).collect(),
        agencies: agencies(&overview.batches, &state.cx.rules),
        log_size: grouped(overview.looks),
        log_root: head
            .as_ref()
            .map_or_else(|| EMPTY.to_owned(), |head| grouped_hash(&hex::encode(head.head.root.0))),
        log_signed_at: head.as_ref().map_or_else(|| EMPTY.to_owned(), signed_at),
    })
}

fn task(upkeep: &Upkeep) -> Task {
    match upkeep {
        Upkeep::Holidays { year } => Task {
            says: format!("{year} 年的放假安排还没有载入，落在 {year} 年的期限都是暂定的。"),
            next: "国务院办公厅公布以后，请载入规则库，期限会自动重新计算。".to_owned(),
        },
        Upkeep::Review { item, title, by } => Task {
            says: format!("“{title}”（{item}）的依据最迟 {} 复核。", zh_date(*by)),
            next: "请对照现行条文核对，再更新规则库里的复核日期。".to_owned(),
        },
        Upkeep::Assessment { code, title, by } => Task {
            says: format!(
                "“{title}”（{code}）最迟 {} 重新评估，过期以后报送和查询会停。",
                zh_date(*by)
            ),
            next: "请在“影响评估”里重新评估、由第二个人批准，或者更新规则库。".to_owned(),
        },
    }
}

/// `/office/cases`
pub(crate) async fn cases(office: Office, State(state): State<WebState>) -> Answer {
    let (own, mistaken) = due::looks(&office, &state).await?;
    page(&CasesPage {
        shell: office.shell(Here::OfficeCases),
        own,
        mistaken,
        open: due::anywhere(&office, &state).await?,
        corrections: due::unacknowledged(&office, &state).await?,
    })
}

/// Batches by the body that sent them, the newest first.
fn agencies(batches: &[Batch], rules: &Rules) -> Vec<AgencyRow> {
    let mut by_agency: BTreeMap<&str, (u64, u64, u64, &Batch)> = BTreeMap::new();
    for batch in batches {
        let row = by_agency.entry(batch.agency.as_str()).or_insert((0, 0, 0, batch));
        row.0 += 1;
        row.1 += batch.counts.read;
        row.2 += batch.counts.rejected;
        if batch.sent_at > row.3.sent_at {
            row.3 = batch;
        }
    }
    let mut rows: Vec<_> = by_agency.into_iter().collect();
    rows.sort_by_key(|(_, (_, _, _, last))| std::cmp::Reverse(last.sent_at));
    rows.into_iter()
        .map(|(code, (files, read, rejected, last))| AgencyRow {
            agency: view::agency(rules, code),
            batches: files.to_string(),
            rejected: share(rejected, read),
            last_at: moment(last.sent_at),
        })
        .collect()
}

/// A share in percent with two decimals.
fn share(part: u64, of: u64) -> String {
    match part.saturating_mul(10_000).checked_div(of) {
        Some(share) => format!("{}.{:02}%", share / 100, share % 100),
        None => "—".to_owned(),
    }
}

/// `/office/rules`
pub(crate) async fn rules(
    office: Office,
    State(state): State<WebState>,
    Query(filter): Query<Filter>,
) -> Answer {
    let (rules, items, open) = office::rules(&state.cx, &office.actor)?;
    let (total, passed) = view::rules::list(rules, &filter);
    page(&OfficeRulesPage {
        shell: office.shell(Here::OfficeRules),
        loaded_at: moment(state.started),
        total: grouped(u64::try_from(total).unwrap_or(0)),
        // A rulebook with findings does not load.
        findings: Vec::new(),
        unconfirmed: view::rules::unconfirmed(open, items, state.cx.today()),
        topics: filter.topics(),
        statuses: filter.statuses(),
        q: filter.q,
        rules: passed,
    })
}

/// `/office/log`
pub(crate) async fn log(office: Office, State(state): State<WebState>) -> Answer {
    let head = newest_head(&state).await?;
    let days = usecases::log::days(&state.cx, &office.actor).await?;
    let days = days.into_iter().map(|day| LogDay {
        day: zh_date(day.day),
        answered: grouped(day.answered),
        refused: grouped(day.refused),
    });
    let shell = office.shell(Here::OfficeLog);
    let empty = || EMPTY.to_owned();
    page(&match head {
        Some(head) => LogPage {
            shell,
            size: grouped(head.head.size),
            root: grouped_hash(&hex::encode(head.head.root.0)),
            signed_at: signed_at(&head),
            signed_by: format!("{} · {}", view::suite(head.head.kind.name()), head.public_key),
            signature: grouped_hash(&hex::encode(&head.signature)),
            days: days.collect(),
        },
        None => LogPage {
            shell,
            size: "0".to_owned(),
            root: empty(),
            signed_at: empty(),
            signed_by: empty(),
            signature: empty(),
            days: Vec::new(),
        },
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn shares() {
        assert_eq!(super::share(17, 12_000), "0.14%");
        assert_eq!(super::share(0, 0), "—");
    }
}
