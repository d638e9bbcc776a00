//! How a file fared.

use register::batch::{Batch, BatchState, Counts, Rejection};
use rulebook::Rules;
use usecases::{Actor, wording};

use super::{item, moment};
use crate::pages::desk::{BatchRow, BatchView, FileError, RejectionRow};
use crate::pages::format::grouped;
use crate::pages::{Tag, Tint};

/// Reasons that are listed on the page; the rest is in the file.
pub(crate) const LISTED: u32 = 100;

/// A batch and the first reasons, of which one more than [`LISTED`] may be given.
pub(crate) fn view(
    batch: &Batch,
    rejections: Vec<Rejection>,
    actor: &Actor,
    rules: &Rules,
    percent: Option<u8>,
) -> BatchView {
    let listed = usize::try_from(LISTED).unwrap_or(usize::MAX);
    let has_more = rejections.len() > listed;
    let shown = rejections.len().min(listed);
    let Counts { read, accepted, duplicates, rejected } = batch.counts;
    let is_running = batch.state == BatchState::Running;
    BatchView {
        id: batch.id.to_string(),
        item: item(rules, &batch.item),
        sent_at: moment(batch.sent_at),
        sent_by: if batch.sent_by == actor.account {
            actor.login.clone()
        } else {
            "本单位的另一个账号".to_owned()
        },
        size: size(batch.bytes),
        is_running,
        error: error(&batch.state),
        unread: batch.unread.clone(),
        percent: if is_running { percent } else { Some(100) },
        read: grouped(read),
        accepted: grouped(accepted),
        duplicates: grouped(duplicates),
        rejected: grouped(rejected),
        rejections: rejections
            .into_iter()
            .take(listed)
            .map(|rejection| RejectionRow {
                row: rejection.row.to_string(),
                column: rejection.column,
                code: rejection.code,
                says: rejection.says,
                next: rejection.next,
            })
            .collect(),
        // Reasons are not counted, rows are: one row may have several.
        rejections_total: if has_more {
            format!("{} 行，超过 {shown} ", grouped(rejected))
        } else {
            shown.to_string()
        },
        has_more,
    }
}

fn error(state: &BatchState) -> Option<FileError> {
    match state {
        BatchState::Failed { code } => {
            let (says, next) = wording::stopped(code);
            Some(FileError { code: code.clone(), says: says.to_owned(), next: next.to_owned() })
        }
        BatchState::Running | BatchState::Done => None,
    }
}

/// A batch in the list.
pub(crate) fn row(batch: &Batch, rules: &Rules) -> BatchRow {
    BatchRow {
        id: batch.id.to_string(),
        sent_at: moment(batch.sent_at),
        item: item(rules, &batch.item),
        state: match batch.state {
            BatchState::Running => Tag::new("处理中", Tint::Underway),
            BatchState::Done => Tag::new("已完成", Tint::Good),
            BatchState::Failed { .. } => Tag::new("没有读完", Tint::Wrong),
        },
        accepted: grouped(batch.counts.accepted),
        duplicates: grouped(batch.counts.duplicates),
        rejected: grouped(batch.counts.rejected),
    }
}

/// A size in bytes, for reading.
pub(crate) fn size(bytes: u64) -> String {
    const STEPS: [(u64, &str); 3] = [(1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "KB")];
    for (step, unit) in STEPS {
        if bytes >= step {
            let (whole, tenth) = (bytes / step, (bytes % step) * 10 / step);
            return if tenth == 0 {
                format!("{whole} {unit}")
            } else {
                format!("{whole}.{tenth} {unit}")
            };
        }
    }
    format!("{bytes} 字节")
}

#[cfg(test)]
mod tests {
    #[test]
    fn sizes() {
        for (bytes, says) in
            [(12, "12 字节"), (1 << 30, "1 GB"), (3_250_586, "3.1 MB"), (1_536, "1.5 KB")]
        {
            assert_eq!(super::size(bytes), says);
        }
    }
}
