//! Remedies against a decision 复议和诉讼: the way there, and what became of it.

use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use register::challenge::{Course, Ending};
use register::{ChallengeId, PaperId, RecordId};
use rulebook::Rules;
use usecases::challenge::{self, NewChallenge};
use usecases::my::{self, MyRecord};

use super::my::frame;
use super::my_cases::{About, person, record};
use super::{mistakes_of, paper, taken_back};
use crate::answer::{Answer, Refused, page, page_with};
use crate::extract::{Path, Posted, Query};
use crate::pages::format::zh_date;
use crate::pages::my::{ChallengeForm, ChallengePage, NewChallengePage, RemediesPage, Way};
use crate::pages::{Choice, Here};
use crate::papers::{self, CaseForm};
use crate::session::Citizen;
use crate::state::WebState;
use crate::view;

/// `/my/records/{id}/remedies`
pub(crate) async fn remedies(
    citizen: Citizen,
    State(state): State<WebState>,
    Path(id): Path<String>,
) -> Answer {
    let cx = &state.cx;
    let mine = record(&citizen, &state, &id).await?;
    let notices = my::notices(cx, &citizen.actor).await?;
    let mut facts = view::record::facts(&mine.record, &cx.rules);
    facts.truncate(2);
    page(&RemediesPage {
        shell: frame(&citizen, Here::MyFile, &notices),
        record: mine.record.id.to_string(),
        title: view::record::title(&mine.record, &cx.rules),
        facts,
        ways: ways(&mine, &cx.rules, cx.today()),
        notes: notes(&mine),
        is_challenged: mine.history.is_challenged,
    })
}

/// Before whom the decision can be challenged, by when.
fn ways(mine: &MyRecord, rules: &Rules, today: Date) -> Vec<Way> {
    let document = &mine.record.document;
    let issuer = rules.agency(document.issuer.as_str());
    let remedy = issuer.and_then(|issuer| rules.remedy(issuer));
    let is_court = issuer.is_some_and(|issuer| issuer.kind == "court");
    let known = document.served_on.or(mine.history.told_on);
    let until = |kind: &str, days: &str| {
        let Some(known) = known else {
            return (format!("知道之日起 {days}；送达日期没有记录，以您收到文书的那天为准"), false);
        };
        let Some(due) = rules.due(kind, known) else {
            return (format!("知道之日起 {days}"), false);
        };
        // Our own notice is no service of the document: he may have known of it before.
        let how = if document.served_on.is_some() { "送达" } else { "由本平台告知" };
        let says = format!(
            "{}以前（{}{how}，从知道之日起 {days}）",
            view::by(due.on, rules),
            zh_date(known)
        );
        (says, due.on < today)
    };
    let length = |kind: &str, unit: &str| {
        rules.deadline(kind).map(|deadline| format!("{} {unit}", deadline.n)).unwrap_or_default()
    };
    let way = |title: &str, body: Option<&str>, (until, is_over), how: &str| Way {
        title: title.to_owned(),
        body: body.unwrap_or("文书上写明的机关").to_owned(),
        until,
        is_over,
        how: how.to_owned(),
    };
    if is_court {
        let until = until("court_recheck_apply", &length("court_recheck_apply", "日"));
        let how = "先向作出决定的法院书面申请纠正；驳回的，再向上一级法院申请复议。不停止执行。";
        return vec![way("申请纠正和复议", remedy.map(|remedy| remedy.body.as_str()), until, how)];
    }
    let review = way(
        "行政复议",
        remedy.map(|remedy| remedy.body.as_str()),
        until("reconsideration", &length("reconsideration", "日")),
        "书面申请有困难的，也可以口头申请；带身份证件和这份文书。不收费。",
    );
    let after = length("sue_after_reconsideration", "日");
    let how = format!(
        "递交起诉状和副本；书写起诉状确有困难的，可以口头起诉。先申请复议的，收到复议决定书之日起 {after}以内起诉。"
    );
    let (until, how) = if view::record::is_on_the_spot(&mine.record) {
        // A day of its own here would be counted on, and the review missed meanwhile.
        let until = format!(
            "不能直接起诉。应当先申请行政复议；对复议决定不服，或者复议机关逾期不作决定的，自收到决定书或者期满之日起 {after}内起诉"
        );
        ((until, false), "递交起诉状和副本；书写起诉状确有困难的，可以口头起诉。".to_owned())
    } else if view::record::may_be_on_the_spot(&mine.record, rules) {
        // Nobody but he knows which it was: a day would be counted on in vain.
        let until = format!(
            "文书写明是当场处罚（简易程序）的，不能直接起诉，先申请行政复议；写明是普通程序的，知道之日起 {}以内可以直接起诉",
            length("sue_direct", "个月")
        );
        ((until, false), how)
    } else {
        (until("sue_direct", &length("sue_direct", "个月")), how)
    };
    let lawsuit = way("行政诉讼", remedy.map(|remedy| remedy.court.as_str()), until, &how);
    vec![review, lawsuit]
}

/// What else matters for this record.
fn notes(mine: &MyRecord) -> Vec<String> {
    let mut notes = Vec::new();
    if view::record::is_on_the_spot(&mine.record) {
        notes.push(
            "这是当场作出的处罚：必须先申请复议，不服复议决定再起诉（行政复议法 23）。".to_owned(),
        );
    }
    notes.push("文书没有写明复议权利、机关和期限的，期限从知道或者应当知道这些之日起算，最长一年（行政复议法 20）。".to_owned());
    notes.push("因不可抗力等正当理由耽误的，障碍消除以后继续计算（行政复议法 20）。".to_owned());
    notes.push("复议、诉讼期间决定一般不停止执行；认为需要停止的，可以同时申请（行政复议法 42，行政诉讼法 56）。".to_owned());
    notes
}

fn form_of(state: &WebState, citizen: &Citizen, form: &CaseForm) -> ChallengeForm {
    ChallengeForm {
        choices: Vec::new(),
        words: form.get("words").to_owned(),
        kept: form.kept(&state.cx, &citizen.actor),
        mistakes: form.mistakes.clone(),
    }
}

fn choices<'a>(all: impl Iterator<Item = (&'a str, &'a str)>, chosen: &str) -> Vec<Choice> {
    all.map(|(code, title)| Choice { is_chosen: code == chosen, ..Choice::new(code, title) })
        .collect()
}

async fn new_page(
    citizen: &Citizen,
    state: &WebState,
    id: &str,
    chosen: &str,
    form: ChallengeForm,
) -> Answer<NewChallengePage> {
    let cx = &state.cx;
    let mine = record(citizen, state, id).await?;
    let notices = my::notices(cx, &citizen.actor).await?;
    let courses = Course::ALL.iter().map(|course| (course.code(), course.title()));
    Ok(NewChallengePage {
        shell: frame(citizen, Here::MyCases, &notices),
        record: mine.record.id.to_string(),
        title: view::record::title(&mine.record, &cx.rules),
        form: ChallengeForm { choices: choices(courses, chosen), ..form },
    })
}

/// GET `/my/challenges/new?record=`
pub(crate) async fn form(
    citizen: Citizen,
    State(state): State<WebState>,
    Query(About { record }): Query<About>,
) -> Answer {
    page(&new_page(&citizen, &state, &record, "", ChallengeForm::default()).await?)
}

fn read(form: &CaseForm) -> NewChallenge {
    NewChallenge {
        choice: form.get("choice").to_owned(),
        words: form.get("words").to_owned(),
        papers: form.papers.clone(),
    }
}

async fn case_form(
    state: &WebState,
    citizen: &Citizen,
    form: Result<Multipart, MultipartRejection>,
) -> Answer<CaseForm> {
    let form = form.map_err(|_| Refused::unreadable("提交的表单看不明白。"))?;
    papers::read(&state.cx, &citizen.actor, &citizen.csrf, form).await
}

/// POST `/my/challenges/new?record=`
pub(crate) async fn enter(
    citizen: Citizen,
    State(state): State<WebState>,
    Query(About { record }): Query<About>,
    form: Result<Multipart, MultipartRejection>,
) -> Answer {
    let form = case_form(&state, &citizen, form).await?;
    let id: RecordId = record.parse().map_err(|_| Refused::not_found())?;
    let mut typed = form_of(&state, &citizen, &form);
    if typed.mistakes.is_empty() {
        let whom = person(&citizen)?;
        match challenge::enter(&state.cx, &citizen.actor, whom, id, read(&form)).await {
            Ok(entered) => {
                let to = format!("/my/challenges/{}", entered.id);
                return Ok(Redirect::to(&to).into_response());
            }
            Err(error) => typed.mistakes = mistakes_of(error, "choice")?,
        }
    }
    let again = new_page(&citizen, &state, &record, form.get("choice"), typed).await?;
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &again)
}

fn challenge_id(id: &str) -> Answer<ChallengeId> {
    id.parse().map_err(|_| Refused::not_found())
}

async fn case_page(
    citizen: &Citizen,
    state: &WebState,
    id: ChallengeId,
    chosen: &str,
    form: ChallengeForm,
) -> Answer<ChallengePage> {
    let cx = &state.cx;
    let (case, _) = challenge::one_of_mine(cx, &citizen.actor, id).await?.into_parts();
    let notices = my::notices(cx, &citizen.actor).await?;
    let endings = Ending::ALL.iter().map(|ending| (ending.code(), ending.title()));
    let is_pending = case.head.state == register::challenge::State::Pending;
    Ok(ChallengePage {
        shell: frame(citizen, Here::MyCases, &notices),
        days: view::rules::days(&cx.rules, "withdraw"),
        form: is_pending.then(|| ChallengeForm { choices: choices(endings, chosen), ..form }),
        case: view::case::view(&case, &cx.rules, &format!("/my/challenges/{id}"), true),
    })
}

/// GET `/my/challenges/{id}`
pub(crate) async fn one(
    citizen: Citizen,
    State(state): State<WebState>,
    Path(id): Path<String>,
) -> Answer {
    page(&case_page(&citizen, &state, challenge_id(&id)?, "", ChallengeForm::default()).await?)
}

/// POST `/my/challenges/{id}/result`
pub(crate) async fn report(
    citizen: Citizen,
    State(state): State<WebState>,
    Path(id): Path<String>,
    form: Result<Multipart, MultipartRejection>,
) -> Answer {
    let id = challenge_id(&id)?;
    let form = case_form(&state, &citizen, form).await?;
    let mut typed = form_of(&state, &citizen, &form);
    if typed.mistakes.is_empty() {
        let whom = person(&citizen)?;
        match challenge::report(&state.cx, &citizen.actor, whom, id, read(&form)).await {
            Ok(_) => return Ok(Redirect::to(&format!("/my/challenges/{id}")).into_response()),
            Err(error) => typed.mistakes = mistakes_of(error, "choice")?,
        }
    }
    let again = case_page(&citizen, &state, id, form.get("choice"), typed).await?;
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &again)
}

/// POST `/my/challenges/{id}/withdraw`
pub(crate) async fn withdraw(
    citizen: Citizen,
    State(state): State<WebState>,
    Path(id): Path<String>,
    _posted: Posted,
) -> Answer {
    let id = challenge_id(&id)?;
    let done = challenge::withdraw(&state.cx, &citizen.actor, person(&citizen)?, id).await;
    taken_back(done, &format!("/my/challenges/{id}"))
}

/// `/my/challenges/{id}/papers/{paper}`
pub(crate) async fn read_paper(
    citizen: Citizen,
    State(state): State<WebState>,
    Path((id, file)): Path<(String, String)>,
) -> Result<Response, Refused> {
    let file: PaperId = file.parse().map_err(|_| Refused::not_found())?;
    let id = challenge_id(&id)?;
    let found = challenge::paper_of_mine(&state.cx, &citizen.actor, id, file).await?;
    paper(&found.0, found.1).await
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use register::record::History;
    use register::{Field, Value};

    use super::*;

    fn mine(rules: &Rules, procedure: &str) -> MyRecord {
        let mut history = History::default();
        history.told_on = Some(jiff::civil::date(2026, 11, 10));
        let record = view::record::sample(rules, procedure);
        let standing = record.standing(&history, rules, jiff::civil::date(2026, 11, 23));
        MyRecord { record, history, standing, receivers: BTreeSet::new() }
    }

    #[test]
    fn against_a_penalty_on_the_spot_no_day_of_a_direct_lawsuit_is_named() {
        let rules = Rules::bundled().unwrap();
        let today = jiff::civil::date(2026, 11, 23);
        let ordinary = ways(&mine(&rules, "普通程序"), &rules, today);
        // The sixtieth day is a Saturday.
        assert!(ordinary[0].until.starts_with("2027年1月11日"), "{}", ordinary[0].until);
        assert!(ordinary[1].until.starts_with("2027年5月10日"), "{}", ordinary[1].until);
        // Our notice told him; nobody knows when the document itself was served.
        assert!(ordinary[1].until.contains("由本平台告知"), "{}", ordinary[1].until);
        let on_the_spot = ways(&mine(&rules, "简易程序"), &rules, today);
        assert_eq!(on_the_spot[0].until, ordinary[0].until);
        let lawsuit = &on_the_spot[1];
        assert!(lawsuit.until.starts_with("不能直接起诉。应当先申请行政复议"), "{}", lawsuit.until);
        assert!(lawsuit.until.contains("15 日内起诉"), "{}", lawsuit.until);
        assert!(!lawsuit.until.contains("2027年") && !lawsuit.is_over);
    }

    #[test]
    fn where_nobody_said_which_procedure_it_was_a_small_penalty_gets_no_day_either() {
        let rules = Rules::bundled().unwrap();
        let today = jiff::civil::date(2026, 11, 23);
        let lawsuit = |procedure: &str, kinds: &str, fen: i64| {
            let mut mine = mine(&rules, procedure);
            mine.record.content.set_text(Field::PenaltyKinds, Some(kinds));
            mine.record.content.set(Field::FineFen, Value::Fen(fen));
            ways(&mine, &rules, today).remove(1).until
        };
        for (kinds, fen) in [("罚款", 5_000), ("警告", 0), ("警告、罚款", 20_000)] {
            let until = lawsuit("", kinds, fen);
            assert!(until.starts_with("文书写明是当场处罚（简易程序）的，不能直接起诉"), "{until}");
            assert!(
                until.contains("6 个月以内可以直接起诉") && !until.contains("2027年"),
                "{until}"
            );
        }
        for (procedure, kinds, fen) in
            [("", "罚款", 20_001), ("", "罚款、没收违法所得", 5_000), ("普通程序", "罚款", 5_000)]
        {
            let until = lawsuit(procedure, kinds, fen);
            assert!(until.starts_with("2027年5月10日"), "{procedure} {kinds} {fen}: {until}");
        }
    }
}
