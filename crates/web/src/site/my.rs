//! My 我的: a person's own file, who looked, and what he was told.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use register::notice::Notice;
use register::{NoticeId, mask};
use rulebook::Rules;
use usecases::log::Fault;
use usecases::my::{self, MyLook, MyRecord, Opened};
use usecases::{Error, china_date, inquiry};

use crate::answer::{Answer, Refused, page};
use crate::attachment::attachment;
use crate::extract::{Path, Query};
use crate::pages::format::{grouped, grouped_hash, zh_date};
use crate::pages::my::{
    FilePage, LookPage, LookProof, LookRow, LooksPage, NoticePage, NoticeRow, NoticesPage,
    ProofStep,
};
use crate::pages::{Here, Link, Shell};
use crate::session::Citizen;
use crate::state::WebState;
use crate::view::notice::{Beneath, beneath};
use crate::view::{self, moment, seen};

/// Looks on one page.
const PAGE: u32 = 20;

pub(super) fn frame(citizen: &Citizen, here: Here, notices: &[Notice]) -> Shell {
    let mut shell = citizen.shell(here);
    let unread = notices.iter().filter(|notice| notice.state.read_at().is_none()).count();
    shell.nav.unread_notices = u64::try_from(unread).unwrap_or(0);
    shell
}

/// `/my`
pub(crate) async fn file(citizen: Citizen, State(state): State<WebState>) -> Answer {
    let cx = &state.cx;
    let notices = my::notices(cx, &citizen.actor).await?;
    let (file, position) = my::file(cx, &citizen.actor).await?.into_parts();
    let shell = frame(&citizen, Here::MyFile, &notices);
    let changed = file.records.iter().map(|mine| {
        let entered = china_date(mine.record.recorded_at);
        mine.history.withdrawn_on.map_or(entered, |withdrawn| withdrawn.max(entered))
    });
    let updated_on = changed.max().map(zh_date).unwrap_or_default();
    let (over, live): (Vec<&MyRecord>, Vec<_>) =
        file.records.iter().partition(|mine| register::retention::is_archived(&mine.standing));
    let cards = |records: Vec<&MyRecord>| {
        records.into_iter().map(|mine| view::record::own(mine, &cx.rules, cx.today())).collect()
    };
    page(&FilePage {
        shell,
        identity: format!(
            "{}，{} {}",
            file.name.as_str(),
            file.document.kind().title(),
            mask::number(file.document.number())
        ),
        updated_on,
        live: cards(live),
        over: cards(over),
        log_seq: grouped(position.seq),
    })
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Before {
    before: Option<u64>,
}

/// `/my/looks`, newest first; `before` a position in the log.
pub(crate) async fn looks(
    citizen: Citizen,
    State(state): State<WebState>,
    Query(Before { before }): Query<Before>,
) -> Answer {
    let notices = my::notices(&state.cx, &citizen.actor).await?;
    let found = my::looks(&state.cx, &citizen.actor, before.unwrap_or(u64::MAX), PAGE).await?;
    let rows: Vec<_> = found.looks.iter().map(|look| row(look, &state.cx.rules)).collect();
    let older = rows.last().filter(|_| found.has_older);
    let older = older.map(|row| format!("/my/looks?before={}", row.seq));
    page(&LooksPage {
        shell: frame(&citizen, Here::MyLooks, &notices),
        looks: rows,
        refused: found.refused,
        older: older.unwrap_or_default(),
        newest: before.map(|_| "/my/looks".to_owned()).unwrap_or_default(),
    })
}

pub(crate) fn row(look: &MyLook, rules: &Rules) -> LookRow {
    let purpose = look.purpose.as_deref().and_then(|code| rules.purpose(code));
    LookRow {
        seq: look.seq,
        seq_text: grouped(look.seq),
        at: moment(look.at),
        agency: match &look.agency {
            Some(code) => view::agency(rules, code),
            None if look.is_own => "本人".to_owned(),
            None if look.door == "erasure" => "系统到期自动办理，没有人查看".to_owned(),
            None => "信用办".to_owned(),
        },
        is_self: look.is_own,
        purpose: match (purpose, look.is_own) {
            (_, true) if look.door == "report" => "打印自己的信用报告".to_owned(),
            (_, true) => "查看自己的档案".to_owned(),
            (Some(purpose), false) => purpose.title.clone(),
            (None, false) => match look.door.as_str() {
                "objection" => "答复您的异议",
                "repair" => "办理您的修复申请",
                "challenge" => "按复议、诉讼结果办理",
                "inquiry" => "说明您问的查询",
                "mandate" => "按您的授权查询",
                "letter" => "邮寄告知书",
                "counter" => "窗口办理",
                "opening" => "启封查看",
                "supervision" => "核对查询是不是应该",
                "whole-number" => "查看您的完整证件号码",
                "incident" => "查找、告知信息安全事件受影响的人",
                "erasure" => "到期销毁",
                _ => "办理事项",
            }
            .to_owned(),
        },
        statute: purpose.map(|purpose| view::statutes(&purpose.basis)).unwrap_or_default(),
        matter: look.matter.clone(),
        is_whole: look.is_whole,
        wrongful: look
            .wrongful
            .as_ref()
            .map(|found| {
                view::supervision::wrongful(found.at, &found.number, look.agency.is_none())
            })
            .unwrap_or_default(),
        facts: view::went_out(look).into_iter().collect(),
    }
}

/// `/my/looks/{seq}`: one look, which of the records went out, and whether the log still has it.
pub(crate) async fn look(
    citizen: Citizen,
    State(state): State<WebState>,
    Path(seq): Path<u64>,
) -> Answer {
    let cx = &state.cx;
    let fault = usecases::log::fault_at(cx, &citizen.actor, seq).await?;
    let look = match (my::look(cx, &citizen.actor, seq).await, &fault) {
        // Whose look it was cannot be known any more: the alarm is the same for everybody.
        (Err(Error::NotFound), Some(fault)) => return Err(touched(fault)),
        (look, _) => look?,
    };
    let proof = proof_of(&citizen, &state, seq).await?;
    let holds = fault.is_none() && proof.as_ref().is_some_and(|(_, holds)| *holds);
    if !holds {
        tracing::error!(seq, what = fault.map(|fault| fault.what), "a look does not fit the log");
    }
    let mut row = row(&look, &cx.rules);
    if !look.is_own && !look.records.is_empty() {
        // What a record is called is a fact about the person: his own look, logged like any other.
        let (file, _) = my::file(cx, &citizen.actor).await?.into_parts();
        let titles = file.records.iter().filter_map(|mine| {
            let went_out = look.records.contains(&mine.record.id.to_string());
            went_out.then(|| view::record::title(&mine.record, &cx.rules))
        });
        row.facts = with_the_erased(titles.collect(), seen(&look));
    }
    let notices = my::notices(cx, &citizen.actor).await?;
    let asked = inquiry::about_look(cx, &citizen.actor, seq).await?;
    let inquiry = match asked {
        _ if look.is_own => None,
        Some(asked) => Some(Link::new(&format!("/my/inquiries/{}", asked.id), "看单位的说明")),
        None => Some(Link::new(&format!("/my/looks/{seq}/inquiry"), "我不明白这次查询")),
    };
    page(&LookPage {
        inquiry,
        shell: frame(&citizen, Here::MyLooks, &notices),
        look: row,
        proof: proof.map(|(proof, _)| proof),
        holds,
    })
}

/// What went out in a look, of which some may have been erased since: it was seen all the same.
fn with_the_erased(mut titles: Vec<String>, seen: usize) -> Vec<String> {
    let erased = seen.saturating_sub(titles.len());
    if erased > 0 {
        let other = if titles.is_empty() { "" } else { "另有 " };
        titles.push(format!("{other}{erased} 条信息，已经销毁，不再有名称"));
    }
    titles
}

/// What is said of a position whose entry is gone, or is another than the one that was logged.
fn touched(fault: &Fault) -> Refused {
    tracing::error!(seq = fault.seq, what = fault.what, "an entry of the log was touched");
    let says = match fault.what {
        "entry is missing" => "这个位置有登记，但内容不在了：登记可能被删改过。",
        _ => "这个位置的登记和当时的指纹对不上：登记可能被改动过。",
    };
    let next = "请保存本页，并向信用办和审计单位反映。";
    Refused::new(StatusCode::CONFLICT, "log-touched", says, next)
}

/// The proof of a look as the page shows it, and whether it holds; `None` if it cannot be made, which
/// for a look that is there can only be tampering.
async fn proof_of(
    citizen: &Citizen,
    state: &WebState,
    seq: u64,
) -> Answer<Option<(LookProof, bool)>> {
    let (cx, actor) = (&state.cx, &citizen.actor);
    let made = match my::proof(cx, actor, seq).await {
        Ok(proof) => {
            usecases::log::inclusion(cx, actor, seq).await.map(|position| (proof, position.leaf))
        }
        Err(error) => Err(error),
    };
    let (proof, leaf) = match made {
        Ok(made) => made,
        Err(Error::NotFound | Error::Vault(_) | Error::Internal(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let signed = |_: &str, message: &[u8], signature: &[u8]| {
        cx.vault.signer().verify(message, signature).is_ok()
    };
    let holds = proof.check(signed).is_ok();
    let signed_at = jiff::Timestamp::from_millisecond(proof.at_ms).unwrap_or_default();
    let shown = LookProof {
        leaf: grouped_hash(&leaf),
        tree_size: grouped(proof.size),
        root: grouped_hash(&proof.root),
        signed_at: moment(signed_at),
        signed_by: format!("{} · {}", view::suite(&proof.hash), proof.public_key),
        path: proof.proof.iter().map(|hash| ProofStep { hash: grouped_hash(hash) }).collect(),
    };
    Ok(Some((shown, holds)))
}

/// `/my/looks/{seq}/proof.json`: to be checked without us.
pub(crate) async fn proof(
    citizen: Citizen,
    State(state): State<WebState>,
    Path(seq): Path<u64>,
) -> Answer {
    let proof = my::proof(&state.cx, &citizen.actor, seq).await?;
    let name = attachment(&format!("chengxin-proof-{seq}.json"));
    Ok(([(header::CONTENT_DISPOSITION, name)], axum::Json(proof)).into_response())
}

/// `/my/notices`
pub(crate) async fn notices(citizen: Citizen, State(state): State<WebState>) -> Answer {
    let notices = my::notices(&state.cx, &citizen.actor).await?;
    let rows = notices.iter().map(|notice| NoticeRow {
        id: notice.id.to_string(),
        title: title(notice, &state.cx.rules),
        from: "信用办".to_owned(),
        delivered_on: delivered_on(notice),
        is_unread: notice.state.read_at().is_none(),
    });
    page(&NoticesPage {
        shell: frame(&citizen, Here::MyNotices, &notices),
        notices: rows.collect(),
    })
}

fn title(notice: &Notice, rules: &Rules) -> String {
    rules.notice(&notice.text).map_or_else(|| "告知书".to_owned(), |text| text.title.clone())
}

fn delivered_on(notice: &Notice) -> String {
    notice.state.delivered_at().map(|at| zh_date(china_date(at))).unwrap_or_default()
}

/// `/my/notices/{id}`: opening it marks it as read.
pub(crate) async fn notice(
    citizen: Citizen,
    State(state): State<WebState>,
    Path(id): Path<String>,
) -> Answer {
    let cx = &state.cx;
    let id: NoticeId = id.parse().map_err(|_| Refused::not_found())?;
    let (opened, _) = my::notice(cx, &citizen.actor, id).await?.into_parts();
    let Opened { notice, name, subject } = opened;
    let mut paragraphs = view::notice::says(&notice.text, &subject, false, &cx.rules);
    paragraphs.extend(view::notice::basis(&notice.text, &cx.rules));
    let Beneath { heading, facts, act, from, quiet } = beneath(&notice, &subject, &cx.rules);
    let notices = my::notices(cx, &citizen.actor).await?;
    page(&NoticePage {
        shell: frame(&citizen, Here::MyNotices, &notices),
        title: title(&notice, &cx.rules),
        to: name.as_str().to_owned(),
        paragraphs,
        heading: heading.to_owned(),
        facts,
        acts: vec![act, Link::new("/rights", "您的权利")],
        from,
        delivered_on: delivered_on(&notice),
        quiet_until: quiet.map(|due| zh_date(due.on)).unwrap_or_default(),
        is_provisional: quiet.is_some_and(|due| due.is_provisional),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_that_a_look_names_twice_was_seen_once() {
        let rules = Rules::bundled().unwrap();
        let look = MyLook {
            seq: 7,
            at: jiff::Timestamp::UNIX_EPOCH,
            agency: None,
            door: "letter".to_owned(),
            purpose: None,
            matter: String::new(),
            records: ["r", "r", "s"].map(str::to_owned).to_vec(),
            is_own: false,
            is_whole: true,
            wrongful: None,
        };
        assert_eq!(row(&look, &rules).facts, ["2 条信息"]);
        let titles = vec!["行政处罚：无照经营".to_owned()];
        let said = with_the_erased(titles, seen(&look));
        assert_eq!(said, ["行政处罚：无照经营", "另有 1 条信息，已经销毁，不再有名称"]);
    }

    #[test]
    fn whoever_saw_the_whole_number_saw_something() {
        let look = MyLook {
            seq: 8,
            at: jiff::Timestamp::UNIX_EPOCH,
            agency: None,
            door: "whole-number".to_owned(),
            purpose: None,
            matter: "YY20261123-7F3K2Q，理由：核对文书原件".to_owned(),
            records: Vec::new(),
            is_own: false,
            is_whole: true,
            wrongful: None,
        };
        let row = row(&look, &Rules::bundled().unwrap());
        assert_eq!(row.purpose, "查看您的完整证件号码");
        assert_eq!(row.facts, ["完整证件号码"]);
        assert!(row.matter.contains("核对文书原件"));
    }
}
