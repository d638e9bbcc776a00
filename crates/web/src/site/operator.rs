//! The operator's own page 运维: how the system does, and what to do next. No person, no case.

use axum::extract::State;
use usecases::health::{self, Finding};

use crate::answer::{Answer, page};
use crate::pages::operator::HealthPage;
use crate::pages::{Fact, Here};
use crate::session::Operator;
use crate::state::WebState;
use crate::view::health::{job, row, sorted};
use crate::view::moment;

/// GET `/operator`
pub(crate) async fn show(operator: Operator, State(state): State<WebState>) -> Answer {
    let (cx, now) = (&state.cx, state.cx.now());
    let mut found = health::look(cx, &operator.actor, &state.place, state.started).await?;
    let certificates = state.certificates.as_ref();
    found.extend(certificates.map(|shown| health::certificate(shown.ends_at(), now)));
    let count = |of| found.iter().filter(|finding| finding.state() == of).count();
    let (act, watch) = (count(health::State::Act), count(health::State::Watch));
    let facts = facts(&state, &found);
    let found = sorted(found);
    page(&HealthPage {
        shell: operator.shell(Here::Operator),
        looked_at: moment(now),
        is_well: act + watch == 0,
        act,
        watch,
        rows: found.iter().filter_map(row).collect(),
        jobs: found.iter().filter_map(job).collect(),
        facts,
    })
}

fn facts(state: &WebState, found: &[Finding]) -> Vec<Fact> {
    let mut facts = vec![
        Fact::new("程序版本", env!("CARGO_PKG_VERSION")),
        Fact::new("启动时间", &moment(state.started)),
        Fact::new("目录事项", &state.cx.rules.items().len().to_string()),
    ];
    for finding in found {
        if let Finding::Database { engine, version, .. } = finding {
            facts.push(Fact::new("数据库", &format!("{engine} {version}")));
        }
        if let Finding::Schema { newest, .. } = finding {
            facts.push(Fact::new("表结构", newest));
        }
    }
    facts
}
