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
    /// By which day.
    pub due: Date,
    /// Login of who did it.
    pub done_by: Option<String>,
}

register::hidden!(Task);

/// Sets a task: somebody at work has to do it by a day.
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
    let owner = owner.map(|found| found.account).filter(|account| {
        !account.is_disabled && !account.role.is_machine() && account.role != Role::Citizen
    });
    if owner.is_none() {
        let says = "没有这个账号名，或者它不是工作人员的账号。";
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

/// Notes that a task is done: whoever keeps the machine running only those that are technical.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`] if there is none, it is done, or it is not for this actor.
pub async fn finish_task(cx: &Cx, actor: &Actor, incident: IncidentId, task: Uuid) -> Result<()> {
    cx.permit(actor, Action::SeeIncidentTasks, What::default())?;
    let tx = cx.store.begin().await?;
    let all = store::incident::tasks(&tx, incident).await?;
    let kept = all.into_iter().find(|kept| kept.id == task).ok_or(Error::NotFound)?;
    if !kept.is_technical && may_handle(cx, actor).is_err() {
        return Err(Error::NotFound);
    }
    if !store::incident::finish_task(&tx, (incident, task), actor.account, cx.now()).await? {
        return Err(Error::NotFound);
    }
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(())
}

/// What those who keep the machine running still have to do. It says nothing else of any incident.
///
/// # Errors
/// [`Error::Denied`].
pub async fn technical_tasks(cx: &Cx, actor: &Actor) -> Result<Vec<Task>> {
    cx.permit(actor, Action::SeeIncidentTasks, What::default())?;
    let mut tasks = Vec::new();
    for kept in store::incident::technical_tasks(cx.store.read()).await? {
        tasks.push(open(cx, kept).await?);
    }
    Ok(tasks)
}

fn place(task: &Uuid) -> Place<'_> {
    Place { table: "incident_task", column: "what", row: task.as_bytes() }
}

/// A task with its words and logins.
pub(super) async fn open(cx: &Cx, kept: store::incident::Task) -> Result<Task> {
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
        due: kept.due,
        done_by,
    })
}
