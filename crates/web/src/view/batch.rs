//! How a file fared.

use jiff::{SignedDuration, Timestamp};
use register::batch::{Batch, BatchState, Counts, Rejection};
use rulebook::Rules;
use usecases::{Actor, Files, china_date, wording};

use super::{item, moment};
use crate::pages::desk::{BatchRow, BatchView, FileError, RejectionRow, Returned};
use crate::pages::format::{grouped, zh_date};
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
        returned: Returned::None,
    }
}

/// What became of the list of returned rows, which is there until `kept_until`.
pub(crate) fn returned(batch: &Batch, kept_until: Option<Timestamp>, now: Timestamp) -> Returned {
    if batch.state == BatchState::Running || batch.counts.rejected == 0 {
        return Returned::None;
    }
    let kept = SignedDuration::from_hours(24 * Files::RETURNED_DAYS);
    match (kept_until, batch.ended_at) {
        (Some(until), _) => {
            // On that day itself it may be erased at any hour.
            let day = china_date(until);
            Returned::Kept { through: zh_date(day.yesterday().unwrap_or(day)) }
        }
        (None, Some(ended)) if now.duration_since(ended) >= kept => Returned::Erased,
        (None, _) => Returned::Missing,
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
    use super::*;

    #[test]
    fn the_list_of_returned_rows_says_until_when_it_is_there() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let mut batch = Batch {
            id: register::BatchId(uuid::Uuid::nil()),
            agency: register::Uscc::parse(&Rules::bundled().unwrap().agencies()[0].uscc).unwrap(),
            item: "NP04-MR".to_owned(),
            sent_by: register::AccountId(uuid::Uuid::nil()),
            sent_at: at("2026-11-23T01:00:00Z"),
            ended_at: Some(at("2026-11-23T01:00:09Z")),
            state: BatchState::Done,
            digest: [0; 32],
            bytes: 1,
            counts: Counts { read: 1, accepted: 0, duplicates: 0, rejected: 1 },
            unread: Vec::new(),
        };
        let until = Some(at("2026-12-23T01:00:09Z"));
        let now = at("2026-12-01T00:00:00Z");
        let kept = Returned::Kept { through: "2026年12月22日".to_owned() };
        assert_eq!(returned(&batch, until, now), kept);
        assert_eq!(returned(&batch, None, now), Returned::Missing);
        assert_eq!(returned(&batch, None, at("2026-12-23T01:00:09Z")), Returned::Erased);
        batch.state = BatchState::Running;
        assert_eq!(returned(&batch, until, now), Returned::None);
        batch.state = BatchState::Done;
        batch.counts.rejected = 0;
        assert_eq!(returned(&batch, None, now), Returned::None);
    }

    #[test]
    fn sizes() {
        for (bytes, says) in
            [(12, "12 字节"), (1 << 30, "1 GB"), (3_250_586, "3.1 MB"), (1_536, "1.5 KB")]
        {
            assert_eq!(super::size(bytes), says);
        }
    }
}
