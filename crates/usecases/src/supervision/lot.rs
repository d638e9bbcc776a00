//! 抽查: once a month is over, some of each body's looks are drawn by the head of the log at its end.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use register::Uscc;
use register::supervision::Origin;
use register::supervision::sample::{Lot, Size};
use sha2::{Digest, Sha256};
use store::supervision::Within;

use super::file::{New, enter};
use super::{DRAWN, PAGE, begins};
use crate::access_log::{Door, Outcome};
use crate::cx::Cx;
use crate::error::{Error, Result};

/// Up to which month samples were drawn, by its first day.
const MARK: &str = "samples";

/// Draws the samples of every month that is over and has none; at the first time, of the last one.
pub(super) async fn samples(cx: &Cx) -> Result<u64> {
    let clock = |_| Error::Internal("the clock");
    let this = cx.today().first_of_month();
    let last = this.checked_sub(1.month()).map_err(clock)?;
    let mut mark = store::supervision::mark(cx.store.read(), MARK).await?;
    let mut drawn = 0;
    loop {
        let month = match mark {
            Some(mark) => mark.checked_add(1.month()).map_err(clock)?,
            None => last,
        };
        if month > last {
            return Ok(drawn);
        }
        let Some(new) = one_month(cx, mark, month).await? else { return Ok(drawn) };
        drawn += new;
        mark = Some(month);
    }
}

/// How many of a body's looks are drawn.
fn size(cx: &Cx) -> Size {
    let number = |name: &str| u64::try_from(cx.rules.limit(name)).unwrap_or(0);
    Size { percent: number("supervision_sample_percent"), most: number("supervision_sample_most") }
}

/// The samples of one month; `None` if another process was faster.
async fn one_month(cx: &Cx, mark: Option<Date>, month: Date) -> Result<Option<u64>> {
    let next = month.checked_add(1.month()).map_err(|_| Error::Internal("the clock"))?;
    let (since, until) = (begins(month)?, begins(next)?);
    let (db, log) = (cx.store.read(), cx.log.name());
    let mut lots: BTreeMap<String, Lot> = BTreeMap::new();
    // The head over every look of the month: nobody knew it before the month was over.
    let head = store::access_entry::heads_before(db, log, until, 1).await?;
    if let Some(head) = head.first() {
        let doors = DRAWN.map(Door::code);
        let mut from = store::access_entry::position_at(db, log, since).await?;
        loop {
            let within = Within { log, from, since, until, doors: &doors };
            let entries = store::access_entry::within(db, within, PAGE).await?;
            let Some(last) = entries.last() else { break };
            from = last.seq + 1;
            for entry in &entries {
                let Some(agency) = &entry.agency else { continue };
                if entry.outcome == Outcome::Answered.code() {
                    let place = place(&head.root, agency, entry.seq);
                    let lot = lots.entry(agency.clone()).or_insert_with(|| Lot::new(size(cx)));
                    lot.put(entry.seq, place);
                }
            }
        }
    }
    let mut cases = Vec::new();
    for (agency, lot) in lots {
        let agency =
            Uscc::parse(&agency).map_err(|_| Error::Internal("the code of a body in the log"))?;
        for entry in store::access_entry::at(db, log, &lot.drawn()).await? {
            cases.push(New {
                key: format!("sample:{month}:{}:{}", agency.as_str(), entry.seq),
                origin: Origin::Sample,
                rule: None,
                agency,
                account: Some(entry.account),
                from: entry.at,
                to: entry.at,
                looks: vec![entry.seq],
                persons: 1,
            });
        }
    }
    let tx = cx.store.begin().await?;
    if !store::supervision::move_mark(&tx, MARK, mark, month).await? {
        tx.rollback().await.map_err(store::StoreError::from)?;
        return Ok(None);
    }
    let mut new = 0;
    for case in &cases {
        new += u64::from(enter(cx, &tx, case).await?);
    }
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(Some(new))
}

/// The place of a look in the lot of its body and month: whoever has the head finds it too.
fn place(root: &[u8; 32], agency: &str, seq: u64) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(root);
    hash.update(agency.as_bytes());
    hash.update(seq.to_be_bytes());
    hash.finalize().into()
}
