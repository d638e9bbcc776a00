//! How the system does, in the words of the operator's page. What is grave is decided in [`usecases::health`].

use std::cmp::Reverse;

use jiff::{SignedDuration, Timestamp};
use usecases::health::{Finding, State};

use super::moment;
use crate::pages::format::{grouped, zh_date};
use crate::pages::operator::{HealthRow, JobRow};
use crate::pages::{Tag, Tint};

/// What was looked at, what was found, and what to do; nothing is to be done where that is empty.
type Said = (&'static str, String, String);

const LOOK_AT_DOCTOR: &str = "详情请在服务器上运行 chengxin doctor。";

/// The word for a state.
pub(crate) fn tag(state: State) -> Tag {
    match state {
        State::Good => Tag::new("好", Tint::Good),
        State::Watch => Tag::new("留意", Tint::Open),
        State::Act => Tag::new("要处理", Tint::Wrong),
    }
}

/// The gravest first, else as they were looked at.
pub(crate) fn sorted(mut found: Vec<Finding>) -> Vec<Finding> {
    found.sort_by_key(|finding| Reverse(finding.state()));
    found
}

/// A job, if it is one.
pub(crate) fn job(finding: &Finding) -> Option<JobRow> {
    let Finding::Job { name, last, failures, is_failing, is_late } = finding else { return None };
    let next = if *is_late {
        "很久没有完成：请看运行日志里这个任务的消息，必要时重新启动服务。"
    } else if *is_failing {
        "上一次没有成功，会自动再试；原因在运行日志里，按任务名查找。"
    } else {
        ""
    };
    Some(JobRow {
        name: (*name).to_owned(),
        tag: tag(finding.state()),
        last: last.map_or_else(|| "还没有完成过".to_owned(), moment),
        failures: grouped(*failures),
        next: next.to_owned(),
    })
}

/// Everything else.
pub(crate) fn row(finding: &Finding) -> Option<HealthRow> {
    let (what, says, next) = said(finding)?;
    Some(HealthRow { what: what.to_owned(), tag: tag(finding.state()), says, next })
}

/// Advice, where there is something to be done.
fn advice(finding: &Finding, next: &str) -> String {
    if finding.state() == State::Good { String::new() } else { next.to_owned() }
}

fn said(finding: &Finding) -> Option<Said> {
    let advice = |next: &str| advice(finding, next);
    Some(match finding {
        Finding::Job { .. } => return None,
        Finding::Database { engine, version, is_durable } => {
            let risk = if *is_durable {
                ""
            } else {
                "但是断电时，已经提交的内容可能丢失。"
            };
            let next = "请把 PostgreSQL 的 fsync 和 synchronous_commit 都设为 on。";
            ("数据库", format!("{engine} {version}，可以访问。{risk}"), advice(next))
        }
        Finding::Unreachable { .. } => {
            let next = format!("请查看数据库服务是否在运行、连接设置是否正确。{LOOK_AT_DOCTOR}");
            ("数据库", "没有回应。".to_owned(), next)
        }
        Finding::Schema { applied, pending, .. } => {
            let says = if pending.is_empty() {
                format!("与程序一致，共 {applied} 次变更。")
            } else {
                format!("有 {} 次变更还没有执行：{}。", pending.len(), pending.join("、"))
            };
            ("表结构", says, advice("请先备份，再运行 chengxin migrate。"))
        }
        Finding::Log { size, age, failed } => log(*size, *age, *failed),
        Finding::Clock { today, behind } => {
            let says = if *behind > 0 {
                format!("比存证里最新的登记慢 {behind} 秒。")
            } else {
                format!("今天是{}，不早于存证里最新的登记。", zh_date(*today))
            };
            let next = "请校准服务器的时钟，并用 NTP 保持准确：所有期限都按它计算。";
            ("时钟", says, advice(next))
        }
        Finding::Gap => {
            let says = "最近几天以前，存证连续几个星期没有登记：要么没有人查询，要么时钟被拨快了。";
            let next = "请核对服务器的时钟。核实以前，已经过去的月份的密钥暂不销毁。";
            ("时钟", says.to_owned(), next.to_owned())
        }
        Finding::Stuck { count } => {
            let says = format!("有 {count} 个批次从昨天起没有做完，文件也不在这里。");
            let next = "请有关单位把同一个文件再报送一次，会从停下的地方继续。";
            ("报送批次", says, next.to_owned())
        }
        Finding::Disk { free, database } => {
            let says = format!("数据所在的磁盘还剩 {}。", size_of(*free));
            let next = if finding.leaves_no_copy() {
                format!("备份要先复制数据库（{}），请腾出空间。", size_of(*database))
            } else {
                "请腾出空间：查询写不进存证，就不给出结果。".to_owned()
            };
            ("磁盘", says, advice(&next))
        }
        Finding::NoDisk { .. } => (
            "磁盘",
            "不知道还剩多少空间。".to_owned(),
            format!("请查看数据文件夹。{LOOK_AT_DOCTOR}"),
        ),
        Finding::Backup { taken_at, hours } => {
            if *hours < 0 {
                let says = format!("最近一次备份写着 {}，比现在还晚。", moment(*taken_at));
                let next = "请校准时钟，再做一份备份，并把这一份移走：它会盖住后来的。";
                return Some(("备份", says, next.to_owned()));
            }
            let says = format!("最近一次备份在 {}，已经过去 {hours} 小时。", moment(*taken_at));
            ("备份", says, advice("请运行 chengxin backup，并检查每天备份的定时任务。"))
        }
        Finding::NoBackup => {
            let next = "请运行 chengxin backup，并设好每天备份的定时任务。";
            ("备份", "没有找到任何一次备份。".to_owned(), next.to_owned())
        }
        Finding::NoBackups { .. } => {
            let next = format!("请检查设置 backups 和那个文件夹的权限。{LOOK_AT_DOCTOR}");
            ("备份", "备份文件夹读不出来。".to_owned(), next)
        }
        Finding::CutOff { count } => {
            let next = "确认没有正在做的备份以后，请删除里面没有 manifest.json 的文件夹。";
            ("备份", format!("有 {count} 份没有做完，或者中途断了。"), next.to_owned())
        }
        Finding::BadBackup { .. } => {
            let next = format!(
                "请马上再做一份备份，检查备份磁盘和同步，查明是断了还是有人改动。{LOOK_AT_DOCTOR}"
            );
            ("备份", "最近一份备份不完整，或者清单读不出来、签名不符。".to_owned(), next)
        }
        Finding::Holidays { last, missing } => holidays(*last, missing),
        Finding::Outbox { due, late, retried, given_up } => {
            let says = format!(
                "到期等待发出 {}，等待重试 {}，已经放弃 {}。",
                grouped(*due),
                grouped(*retried),
                grouped(*given_up)
            );
            let next = if *late > 0 {
                format!(
                    "有 {} 件到期超过 1 小时还没有人取走：请看运行日志和邮件、短信、系统的设置。",
                    grouped(*late)
                )
            } else {
                "请先排除原因，再请信用办在“投递和信函”里重新投递。".to_owned()
            };
            ("投递", says, advice(&next))
        }
        Finding::Certificate { ends_at, days } => certificate(*ends_at, *days, advice),
    })
}

fn log(size: u64, age: Option<SignedDuration>, failed: u64) -> Said {
    let mut says = match age {
        Some(age) => format!("共 {} 条，最新的总指纹签于 {}前。", grouped(size), length(age)),
        None => "还没有登记过。".to_owned(),
    };
    let mut next = String::new();
    if failed > 0 {
        says.push_str(&format!(
            "启动以来有 {} 次没有写成，当时没有给出任何结果。",
            grouped(failed)
        ));
        next.push_str("请看运行日志里存证的消息，检查数据库和磁盘；恢复以后请重新启动服务。");
    }
    ("查询存证", says, next)
}

fn holidays(last: Option<i16>, missing: &[i16]) -> Said {
    let known =
        last.map_or_else(|| "一年也没有载入".to_owned(), |year| format!("已经载入到 {year} 年"));
    if missing.is_empty() {
        return ("放假安排", format!("{known}。"), String::new());
    }
    let years: Vec<_> = missing.iter().map(ToString::to_string).collect();
    let years = years.join("、");
    let says = format!("{known}；{years} 年的还没有，落在那一年的期限都是暂定的。");
    let next = "国务院办公厅公布以后，请放进规则库的 calendar 文件夹，再重新启动服务。";
    ("放假安排", says, next.to_owned())
}

fn certificate(ends_at: Option<Timestamp>, days: i64, advice: impl Fn(&str) -> String) -> Said {
    let says = match ends_at {
        None => "读不出到期的时间。".to_owned(),
        Some(at) if days < 0 => format!("{} 已经到期，浏览器打不开网页。", moment(at)),
        Some(at) => format!("{} 到期，还有 {days} 天。", moment(at)),
    };
    ("TLS 证书", says, advice("请换上新的证书文件，程序会自己读取，不用重新启动。"))
}

/// A length of time, roughly.
fn length(time: SignedDuration) -> String {
    match (time.as_hours(), time.as_mins()) {
        (hours @ 48.., _) => format!("{} 天", hours / 24),
        (hours @ 1.., _) => format!("{hours} 小时"),
        (_, minutes @ 1..) => format!("{minutes} 分钟"),
        _ => "不到 1 分钟".to_owned(),
    }
}

/// A size with one decimal.
fn size_of(bytes: u64) -> String {
    let (unit, name) = if bytes < 1 << 30 { (20, "MiB") } else { (30, "GiB") };
    let tenths = (u128::from(bytes) * 10) >> unit;
    format!("{}.{} {name}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn all() -> Vec<Finding> {
        let (at, text) = (Timestamp::UNIX_EPOCH, || "postgres://u:secret@h/db".to_owned());
        let (version, newest) = ("17".to_owned(), "m0002".to_owned());
        vec![
            Finding::Database { engine: "SQLite", version, is_durable: false },
            Finding::Unreachable { says: text() },
            Finding::Schema { newest, applied: 2, pending: vec!["m0003".to_owned()] },
            Finding::Log { size: 1, age: None, failed: 1 },
            Finding::Clock { today: date(2026, 11, 23), behind: 60 },
            Finding::Gap,
            Finding::Stuck { count: 1 },
            Finding::Disk { free: 1, database: 0 },
            Finding::NoDisk { says: text() },
            Finding::Backup { taken_at: at, hours: 99 },
            Finding::NoBackup,
            Finding::NoBackups { says: text() },
            Finding::CutOff { count: 1 },
            Finding::BadBackup { says: text() },
            Finding::Holidays { last: None, missing: vec![2027] },
            Finding::Outbox { due: 1, late: 1, retried: 1, given_up: 1 },
            Finding::Certificate { ends_at: None, days: 0 },
            Finding::Job {
                name: "erase",
                last: None,
                failures: 1,
                is_failing: true,
                is_late: true,
            },
        ]
    }

    #[test]
    fn whatever_is_not_good_says_what_to_do_and_repeats_no_secret() {
        for finding in all() {
            assert_ne!(finding.state(), State::Good, "{finding:?}");
            let (says, next) = match (row(&finding), job(&finding)) {
                (Some(row), None) => (row.says, row.next),
                (None, Some(job)) => (job.last, job.next),
                _ => panic!("{finding:?} is to be said once"),
            };
            assert!(!says.is_empty() && !next.is_empty(), "{finding:?}");
            assert!(!says.contains("secret") && !next.contains("secret"), "{says}{next}");
        }
    }

    #[test]
    fn whatever_is_good_asks_for_nothing() {
        let now = Timestamp::UNIX_EPOCH;
        for finding in [
            Finding::Log { size: 1, age: Some(SignedDuration::from_mins(3)), failed: 0 },
            Finding::Disk { free: 1 << 40, database: 7 },
            Finding::Outbox { due: 9, late: 0, retried: 1, given_up: 0 },
            Finding::Certificate { ends_at: Some(now), days: 90 },
            Finding::Backup { taken_at: now, hours: 3 },
        ] {
            assert_eq!(finding.state(), State::Good, "{finding:?}");
            assert_eq!(row(&finding).unwrap().next, "", "{finding:?}");
        }
    }

    #[test]
    fn the_gravest_stands_first() {
        let states: Vec<_> = sorted(all()).iter().map(Finding::state).collect();
        assert!(states.is_sorted_by_key(|state| Reverse(*state)), "{states:?}");
    }

    #[test]
    fn lengths_and_sizes_are_rough() {
        let length = |seconds| length(SignedDuration::from_secs(seconds));
        assert_eq!(length(59), "不到 1 分钟");
        assert_eq!(length(3_599), "59 分钟");
        assert_eq!(length(172_799), "47 小时");
        assert_eq!(length(172_800), "2 天");
        assert_eq!(length(-5), "不到 1 分钟");
        assert_eq!(size_of(300 << 20), "300.0 MiB");
        assert_eq!(size_of((3 << 30) + (1 << 29)), "3.5 GiB");
    }
}
