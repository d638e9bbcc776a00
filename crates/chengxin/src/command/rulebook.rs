//! `chengxin rulebook`: lint, explain, deadline.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use jiff::civil::Date;
use serde_json::json;

use super::{Failure, print};
use crate::config::Config;
use crate::wiring::rules;

#[derive(Debug, Subcommand)]
pub(crate) enum Rulebook {
    /// Lint a rulebook; exits 1 with file, line and reason of everything that is wrong.
    Check {
        /// Folder; without it, the rulebook in force.
        dir: Option<PathBuf>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// What holds for an item and a decision of one day, with sources.
    Explain {
        /// Item, for example NP04-MR.
        item: String,
        /// Day of the decision.
        #[arg(long)]
        decided_on: Date,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// The last day of a period, with sources.
    Deadline {
        /// Kind, for example objection, `repair_accept`, withdraw.
        kind: String,
        /// Day of the event; it does not count.
        #[arg(long)]
        from: Date,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

pub(crate) fn run(config: &Config, command: &Rulebook) -> Result<(), Failure> {
    match command {
        Rulebook::Check { dir, json } => check(config, dir.as_deref(), *json),
        Rulebook::Explain { item, decided_on, json } => explain(config, item, *decided_on, *json),
        Rulebook::Deadline { kind, from, json } => deadline(config, kind, *from, *json),
    }
}

fn check(config: &Config, dir: Option<&Path>, json: bool) -> Result<(), Failure> {
    let findings = match dir {
        Some(dir) => rulebook::check(dir),
        None => rules(config).map(|_| Vec::new())?,
    };
    if json {
        print(json!({ "findings": findings }));
    } else {
        findings.iter().for_each(print);
    }
    if !findings.is_empty() {
        return Err(Failure::Refused(format!("{} findings", findings.len())));
    }
    if !json {
        let rules = match dir {
            Some(dir) => rulebook::Rules::load(dir).map_err(|_| Failure::Refused(String::new()))?,
            None => rules(config)?,
        };
        print(format!(
            "sound: {} items, {} purposes, {} deadlines, {} rules still to be confirmed",
            rules.items().len(),
            rules.purposes().len(),
            rules.deadlines().count(),
            rules.unconfirmed().len()
        ));
    }
    Ok(())
}

fn explain(config: &Config, code: &str, decided_on: Date, json: bool) -> Result<(), Failure> {
    let rules = rules(config)?;
    let answer = rules
        .explain(code, decided_on)
        .map_err(|_| Failure::Refused(format!("目录里没有事项 {code}")))?;
    if json {
        print(serde_json::to_string_pretty(&answer).map_err(Failure::refused)?);
        return Ok(());
    }
    print(format!("{}  {}", answer.item.code, answer.item.title));
    print(&answer.item.what);
    let suppliers = rules.agencies().iter().filter(|a| answer.item.supplied_by.contains(&a.kind));
    let suppliers: Vec<_> = suppliers.map(|agency| agency.name.as_str()).collect();
    print(format!("报送单位：{}", suppliers.join("、")));
    let sources = |basis: &[rulebook::Basis]| {
        let each = basis.iter().map(|b| format!("{b}（{}）", b.status.title()));
        each.collect::<Vec<_>>().join("；")
    };
    print(format!("依据：{}", sources(&answer.item.basis)));
    for period in &answer.periods {
        let shown = if period.shown { "" } else { "（原则上不公示）" };
        print(format!(
            "{}{shown}：{} 起可以申请修复，{} 起不再展示。依据：{}",
            period.class.title(),
            period.repair_from,
            period.ends_on,
            sources(&period.basis)
        ));
    }
    for purpose in &answer.purposes {
        print(format!(
            "可用于：{}（{}）。依据：{}",
            purpose.title,
            purpose.code,
            sources(&purpose.basis)
        ));
    }
    for remedy in &answer.remedies {
        print(format!(
            "复议机关：{}；法院：{}。依据：{}",
            remedy.body,
            remedy.court,
            sources(&remedy.basis)
        ));
    }
    Ok(())
}

fn deadline(config: &Config, kind: &str, from: Date, json: bool) -> Result<(), Failure> {
    let rules = rules(config)?;
    let plain = kind.replace('-', "_");
    let Some(rule) = rules.deadline(&plain) else {
        let kinds: Vec<_> = rules.deadlines().map(|rule| rule.kind.as_str()).collect();
        return Err(Failure::Refused(format!("没有期限 {kind}；有：{}", kinds.join("、"))));
    };
    let due = rule.after(from, rules.calendar());
    if json {
        print(json!({
            "kind": rule.kind,
            "title": rule.title,
            "since": rule.since,
            "n": rule.n,
            "unit": rule.unit,
            "basis": rule.basis,
            "from": from,
            "is_provisional": due.is_provisional,
            "on": due.on,
        }));
        return Ok(());
    }
    print(format!("{}：自{}次日起 {} {}", rule.title, rule.since, rule.n, rule.unit.title()));
    for basis in &rule.basis {
        print(format!("依据：{basis}（{}）", basis.status.title()));
    }
    let provisional =
        if due.is_provisional { "（暂定：放假通知尚未载入）" } else { "" };
    print(format!("到期日：{}{provisional}", due.on));
    Ok(())
}
