//! Accounts at work 账号: one asks, another grants.

use axum::extract::State;
use axum::http::StatusCode;
use register::Role;
use register::sign_in::Wish;
use usecases::account::{self, Asked, NewRequest};

use super::mistakes_of;
use crate::answer::{Answer, Refused, page, page_with};
use crate::extract::{Path, Posted};
use crate::pages::sign_in::{AccountRow, AccountsPage, Made, RequestRow};
use crate::pages::{Choice, Here, Mistakes, Tag, Tint};
use crate::session::Office;
use crate::state::WebState;
use crate::view::{self, moment};

fn role_of(role: Role, agency: Option<register::Uscc>, state: &WebState) -> String {
    match agency {
        Some(code) => {
            format!("{}，{}", role.title(), view::agency(&state.cx.rules, code.as_str()))
        }
        None => role.title().to_owned(),
    }
}

async fn accounts_page(
    office: &Office,
    state: &WebState,
    typed: &NewRequest,
    mistakes: Mistakes,
) -> Answer<AccountsPage> {
    let (cx, actor) = (&state.cx, &office.actor);
    let may_ask = matches!(actor.role, Role::OfficeClerk | Role::OfficeLead);
    let sees_accounts = matches!(actor.role, Role::OfficeLead | Role::Auditor);
    let found = account::requests(cx, actor).await?;
    let (known, with_code, events) = if sees_accounts {
        let known = account::at_work(cx, actor).await?;
        let with_code = account::with_second_factor(cx, actor).await?;
        (known, with_code, account::events(cx, actor).await?)
    } else {
        Default::default()
    };
    let login = |id: register::AccountId| {
        known.iter().find(|account| account.id == id).map(|account| account.login.clone())
    };
    let row = |asked: &Asked| {
        let Asked { request: one, human, may_decide } = asked;
        let whose = match human {
            Some((name, number)) => format!("给{name}（{number}）。"),
            None => String::new(),
        };
        RequestRow {
            id: if *may_decide { one.id.to_string() } else { String::new() },
            title: format!("{} {}", one.wish.title(), one.login),
            detail: format!("{}。{whose}{}", role_of(one.role, one.agency, state), one.reasons),
            asked: match login(one.asked_by) {
                Some(login) => format!("{login}，{}", moment(one.asked_at)),
                None => moment(one.asked_at),
            },
            tag: match one.decided {
                None => Tag::new("等待另一个人决定", Tint::Open),
                Some((_, _, true)) => Tag::new("已同意", Tint::Good),
                Some((_, _, false)) => Tag::new("未同意", Tint::Over),
            },
        }
    };
    let chosen = |value: &str, text: &str, is: &str| Choice {
        is_chosen: value == is,
        ..Choice::new(value, text)
    };
    let at_work = Role::ALL.into_iter().filter(|role| role.needs_second_factor());
    let agencies = cx.rules.agencies().iter().filter(|body| body.kind != "credit-office");
    Ok(AccountsPage {
        shell: office.shell(Here::OfficeAccounts),
        requests: found.iter().map(row).collect(),
        accounts: known
            .iter()
            .map(|account| AccountRow {
                login: account.login.clone(),
                role: match account.person {
                    Some(_) => role_of(account.role, account.agency, state),
                    None => format!(
                        "{}（没有登记是谁的，请申请重置，补上姓名和证件号码）",
                        role_of(account.role, account.agency, state)
                    ),
                },
                tag: if account.is_disabled {
                    Tag::new("已停用", Tint::Over)
                } else if with_code.contains(&account.id) {
                    Tag::new("已设置验证码", Tint::Good)
                } else {
                    Tag::new("还没有设置验证码", Tint::Open)
                },
            })
            .collect(),
        events: events.into_iter().map(|seen| view::account::event(seen, false)).collect(),
        wishes: Wish::ALL
            .iter()
            .map(|wish| chosen(wish.code(), wish.title(), &typed.wish))
            .collect(),
        roles: at_work.map(|role| chosen(role.code(), role.title(), &typed.role)).collect(),
        agencies: agencies.map(|body| chosen(&body.uscc, &body.name, &typed.agency)).collect(),
        login: typed.login.clone(),
        name: typed.name.clone(),
        reasons: typed.reasons.clone(),
        may_ask,
        sees_accounts,
        mistakes,
        made: None,
    })
}

/// GET `/office/accounts`
pub(crate) async fn list(office: Office, State(state): State<WebState>) -> Answer {
    page(&accounts_page(&office, &state, &NewRequest::default(), Mistakes::none()).await?)
}

/// POST `/office/accounts`
pub(crate) async fn ask(office: Office, State(state): State<WebState>, posted: Posted) -> Answer {
    let field = |name: &str| posted.get(name).to_owned();
    let new = NewRequest {
        wish: field("wish"),
        login: field("login"),
        role: field("role"),
        agency: field("agency"),
        id_kind: String::new(),
        id_number: field("id_number"),
        name: field("name"),
        reasons: field("reasons"),
    };
    match account::ask(&state.cx, &office.actor, new.clone()).await {
        Ok((request, code)) => {
            let none = NewRequest::default();
            let mut shown = accounts_page(&office, &state, &none, Mistakes::none()).await?;
            shown.made = code.map(|code| made(&state, request.login, &code, true));
            page(&shown)
        }
        Err(error) => {
            let mistakes = mistakes_of(error, "login")?;
            let again = accounts_page(&office, &state, &new, mistakes).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
    }
}

/// POST `/office/accounts/{id}`
pub(crate) async fn decide(
    office: Office,
    State(state): State<WebState>,
    Path(id): Path<String>,
    posted: Posted,
) -> Answer {
    let id = id.parse().map_err(|_| Refused::not_found())?;
    let grants = match posted.get("decision") {
        "grant" => true,
        "refuse" => false,
        _ => return Err(Refused::unreadable("请选择同意还是不同意。")),
    };
    let none = NewRequest::default();
    match account::decide(&state.cx, &office.actor, id, grants).await {
        Ok((request, secret)) => {
            let mut shown = accounts_page(&office, &state, &none, Mistakes::none()).await?;
            shown.made = secret.map(|secret| made(&state, request.login, &secret, false));
            page(&shown)
        }
        Err(error) => {
            let mistakes = mistakes_of(error, "requests")?;
            let again = accounts_page(&office, &state, &none, mistakes).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
    }
}

fn made(state: &WebState, login: String, secret: &str, is_code: bool) -> Made {
    let days = state.cx.rules.limit("enrolment_code_days");
    Made { login, secret: secret.to_owned(), is_code, days }
}
