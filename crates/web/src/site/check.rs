//! Checking a person 核查: the question and the answer, both on paper.

use axum::extract::State;
use axum::http::StatusCode;
use register::mask;
use usecases::check::{self, Ask};
use usecases::{Error, Mistake};

use crate::answer::{Answer, page, page_with};
use crate::extract::Posted;
use crate::pages::desk::{Asked, CheckFact, CheckForm, CheckPage, CheckResultPage, PurposeHint};
use crate::pages::form::id_kinds;
use crate::pages::format::{grouped, grouped_hash};
use crate::pages::{Choice, Here, Mistakes};
use crate::session::Clerk;
use crate::state::WebState;
use crate::view::{self, moment};

fn check_page(clerk: &Clerk, state: &WebState, ask: &Ask, mistakes: &[Mistake]) -> CheckPage {
    let rules = &state.cx.rules;
    let kind = clerk.actor.agency.and_then(|code| rules.agency(code.as_str()));
    let own: Vec<_> = kind.into_iter().flat_map(|agency| rules.purposes_of(&agency.kind)).collect();
    let chosen = if ask.id_kind.is_empty() { "01" } else { &ask.id_kind };
    CheckPage {
        shell: clerk.shell(Here::DeskCheck),
        form: CheckForm {
            id_kinds: id_kinds(chosen),
            id_number: ask.id_number.reveal().clone(),
            name: ask.name.reveal().clone(),
            purposes: own
                .iter()
                .map(|purpose| Choice {
                    is_chosen: purpose.code == ask.purpose,
                    ..Choice::new(&purpose.code, &purpose.title)
                        .hint(&view::statutes(&purpose.basis))
                })
                .collect(),
            matter: ask.matter.clone(),
        },
        mistakes: mistakes.iter().fold(Mistakes::none(), |all, mistake| {
            // The choices stand right there on the page; their codes are for machines.
            let is_unchosen = mistake.code == "purpose-unknown" && !own.is_empty();
            let says = if is_unchosen { "请选择查询用途。" } else { &mistake.says };
            all.and(mistake.field, says)
        }),
        hints: view::rules::purposes(rules, own)
            .into_iter()
            .map(|row| PurposeHint { title: row.title, statute: row.statute, sees: row.sees })
            .collect(),
    }
}

/// GET `/desk/check`
pub(crate) async fn form(clerk: Clerk, State(state): State<WebState>) -> Answer {
    page(&check_page(&clerk, &state, &Ask::default(), &[]))
}

/// POST `/desk/check`
pub(crate) async fn check(clerk: Clerk, State(state): State<WebState>, posted: Posted) -> Answer {
    let (cx, actor) = (&state.cx, &clerk.actor);
    let ask = Ask {
        id_kind: posted.get("id_kind").to_owned(),
        id_number: posted.get("id_number").into(),
        name: posted.get("name").into(),
        purpose: posted.get("purpose").to_owned(),
        matter: posted.get("matter").to_owned(),
    };
    let answer = check::one(cx, actor, &ask).await;
    state.metrics.check(answer.is_ok());
    let disclosed = match answer {
        Ok(disclosed) => disclosed,
        Err(Error::Mistakes(mistakes)) => {
            let page = check_page(&clerk, &state, &ask, &mistakes);
            return page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
        }
        Err(error) => return Err(error.into()),
    };
    let (facts, position) = disclosed.into_parts();
    let leaf = usecases::log::inclusion(cx, actor, position.seq).await?.leaf;
    let purpose = cx.rules.purpose(ask.purpose.trim());
    let kind = id_kinds(if ask.id_kind.is_empty() { "01" } else { &ask.id_kind });
    let kind = kind.into_iter().find(|kind| kind.is_chosen).map(|kind| kind.text);
    let agency = actor.agency.map(|code| view::agency(&cx.rules, code.as_str()));
    page(&CheckResultPage {
        shell: clerk.shell(Here::DeskCheck),
        asked: Asked {
            name: mask::name(ask.name.reveal().trim()),
            document: format!(
                "{} {}",
                kind.unwrap_or_default(),
                mask::number(ask.id_number.reveal().trim())
            ),
            purpose: purpose.map(|purpose| purpose.title.clone()).unwrap_or_default(),
            statute: purpose.map(|p| view::statutes(&p.basis)).unwrap_or_default(),
            matter: ask.matter.trim().to_owned(),
            at: moment(cx.now()),
            by: format!("{} {}", agency.unwrap_or_default(), actor.login),
        },
        facts: facts
            .iter()
            .map(|fact| CheckFact {
                card: view::record::told(fact, &cx.rules),
                statement: String::new(),
            })
            .collect(),
        log_seq: position.seq,
        log_seq_text: grouped(position.seq),
        log_leaf: grouped_hash(&leaf),
    })
}
