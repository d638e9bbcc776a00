//! 任务: what is to be done about an incident, by whom, by which day.

use access::{Action, What};
use jiff::civil::Date;
use register::incident::{SHORT, State};
use register::{IncidentId, Role};
use uuid::Uuid;
use vault::Place;

use super::{expect_no_number, found, may_handle, misplaced};
use crate::case::{mistake, read_words};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};

/// A task as it was typed.
#[derive(Clone, Debug, Default)]
pub struct NewTask {
    /// What is to be done.
    pub what: String,
    /// Login of who has to.
    pub owner: String,
    /// Whether it is for those who keep the machine running: they see it.
    pub is_technical: bool,
    /// By which day.
    pub due: String,
}

/// A task.
#[derive(Clone)]
pub struct Task {
    /// Of which incident.
    pub incident: IncidentId,
    /// Its identifier.
    pub id: Uuid,
    /// What is to be done.
    pub what: String,
    /// Login of who has to.
    pub owner: String,
    /// Whether it is for those who keep the machine running.
    pub is_technical: bool,
    /// Whether it is only practised.
    pub is_drill: bool,
    /// Whether this actor may say that it is done: whoever has to do it, and the office.
    pub may_finish: bool,
    /// By which day.
    pub due: Date,
    /// Login of who did it.
    pub done_by: Option<String>,
}

register::hidden!(Task);

/// Sets a task: somebody who can see it has to do it by a day. The office sees all, whoever keeps the machine running those
/// that are technical.
///
/// # Errors
/// [`Error::Denied`], [`Error::Mistakes`], [`Error::NotFound`], [`Error::NotNow`] once it is closed.
pub async fn add_task(cx: &Cx, actor: &Actor, id: IncidentId, new: &NewTask) -> Result<()> {
    may_handle(cx, actor)?;
    let mut mistakes = Vec::new();
    let what = read_words("task_what", &new.what, SHORT, &mut mistakes);
    expect_no_number("task_what", &what, &mut mistakes);
    let due = intake::read_day(&new.due).filter(|day| *day >= cx.today());
    if due.is_none() {
        let says = "请按 2026-11-30 这样填写最迟哪一天办完，不能早于今天。";
        mistakes.push(mistake("task_due", "date-unreadable", says));
    }
    let owner = store::account::by_login(cx.store.read(), new.owner.trim()).await?;
    let owner = owner.map(|found| found.account).filter(|account| !account.is_disabled);
    let sees = owner.as_ref().is_some_and(|account| sees(account.role, new.is_technical));
    if !sees {
        let says = "请填写信用办的账号名；技术任务也可以交给系统运维。其他账号看不到任务。";
        mistakes.push(mistake("task_owner", "login-unknown", says));
    }
    let (Some(owner), Some(due), true) = (owner, due, mistakes.is_empty()) else {
        return Err(Error::Mistakes(mistakes));
    };
    let task = cx.new_id();
    let kept = store::incident::Task {
        incident: id,
        id: task,
        what: cx.vault.seal(place(&task), what.as_bytes(), cx.bytes()),
        owner: owner.id,
        is_technical: new.is_technical,
        is_drill: false,
        due,
        set_by: actor.account,
        set_at: cx.now(),
        done: None,
    };
    let tx = cx.store.begin().await?;
    if found(&tx, id).await?.incident.state == State::Closed {
        return Err(misplaced(register::incident::Misplaced));
    }
    store::incident::add_task(&tx, &kept).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(())
}

/// Whether a role sees a task.
const fn sees(role: Role, is_technical: bool) -> bool {
    match role {
        Role::OfficeClerk | Role::OfficeLead => true,
        Role::Operator => is_technical,
        Role::Citizen
        | Role::AgencyClerk
        | Role::AgencyLead
        | Role::Auditor
        | Role::System
        | Role::Institution => false,
    }
}

/// Notes that a task is done: whoever has to do it says so, or the office.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`] if there is none, it is done, or it is not for this actor.
pub async fn finish_task(cx: &Cx, actor: &Actor, incident: IncidentId, task: Uuid) -> Result<()> {
    cx.permit(actor, Action::SeeIncidentTasks, What::default())?;
    let tx = cx.store.begin().await?;
    let all = store::incident::tasks(&tx, incident).await?;
    let kept = all.into_iter().find(|kept| kept.id == task).ok_or(Error::NotFound)?;
    if !may_finish(cx, actor, &kept) {
        return Err(Error::NotFound);
    }
    if !store::incident::finish_task(&tx, (incident, task), actor.account, cx.now()).await? {
        return Err(Error::NotFound);
    }
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(())
}

fn may_finish(cx: &Cx, actor: &Actor, kept: &store::incident::Task) -> bool {
    let is_open = kept.done.is_none();
    is_open && (kept.owner == actor.account || may_handle(cx, actor).is_ok())
}

/// What those who keep the machine running still have to do. It says nothing else of any incident but whether it is a drill.
///
/// # Errors
/// [`Error::Denied`].
pub async fn technical_tasks(cx: &Cx, actor: &Actor) -> Result<Vec<Task>> {
    cx.permit(actor, Action::SeeIncidentTasks, What::default())?;
    let mut tasks = Vec::new();
    for kept in store::incident::technical_tasks(cx.store.read()).await? {
        tasks.push(open(cx, actor, kept).await?);
    }
    Ok(tasks)
}

fn place(task: &Uuid) -> Place<'_> {
    Place { table: "incident_task", column: "what", row: task.as_bytes() }
}

/// A task with its words and logins.
pub(super) async fn open(cx: &Cx, actor: &Actor, kept: store::incident::Task) -> Result<Task> {
    let may_finish = may_finish(cx, actor, &kept);
    let plain = cx.vault.open(place(&kept.id), &kept.what)?;
    let what = String::from_utf8(plain.to_vec()).map_err(|_| Error::Internal("a stored task"))?;
    let done_by = match kept.done {
        Some((by, _)) => Some(super::see::login(cx, by).await?),
        None => None,
    };
    Ok(Task {
        incident: kept.incident,
        id: kept.id,
        what,
        owner: super::see::login(cx, kept.owner).await?,
        is_technical: kept.is_technical,
        is_drill: kept.is_drill,
        may_finish,
        due: kept.due,
        done_by,
    })
}
