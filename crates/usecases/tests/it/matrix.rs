//! Who may do what, as a table that a review sees change.

use std::fmt::Write as _;

use access::{Access, Action, What, Who};
use register::Role;

/// In the affairs of one's own body about another person, in those of another body, and about oneself.
const SITUATIONS: [(&str, &str, &str); 3] =
    [("own", "A", "other"), ("foreign", "B", "other"), ("self", "A", "himself")];

fn letters(access: &Access, role: Role, action: Action) -> String {
    let kinds = |body: &str| vec![if body == "A" { "market-regulation" } else { "tax" }.to_owned()];
    let own = role.needs_agency();
    let who = Who {
        role: role.code(),
        agency: own.then_some("A"),
        agency_kind: own.then_some("market-regulation"),
        person: Some("himself"),
        ..Who::default()
    };
    let mut may = Vec::new();
    for (name, body, person) in SITUATIONS {
        let kinds = kinds(body);
        let what = What {
            agency: Some(body),
            person: Some(person),
            allowed_kinds: Some(&kinds),
            item: Some("NP04-MR"),
            purpose: Some("food-licence-review"),
            has_matter: true,
        };
        if access.permit(who, action, what).is_ok() {
            may.push(name);
        }
    }
    match may.as_slice() {
        [] => "-".to_owned(),
        ["own", "foreign", "self"] => "all".to_owned(),
        may => may.join("+"),
    }
}

#[test]
fn the_matrix_of_roles_is_the_one_that_was_reviewed() {
    let access = Access::bundled().unwrap();
    let mut table = "own: of one's own body, about another person; foreign: of another body; self: about oneself\n"
        .to_owned();
    for action in Action::ALL {
        let _ = write!(table, "\n{}", action.name());
        for role in Role::ALL {
            let may = letters(&access, role, action);
            if may != "-" {
                let _ = write!(table, "\n  {:<13} {may}", role.code());
            }
        }
    }
    insta::assert_snapshot!("roles", table);
}

#[test]
fn i15_at_work_nobody_acts_about_himself() {
    let access = Access::bundled().unwrap();
    // What is about no person.
    let free = [
        Action::SendBatch,
        Action::SeeBatch,
        Action::SeeRules,
        Action::SeeOffice,
        Action::SeeHealth,
        Action::SeeLog,
        Action::AcknowledgeCorrection,
        Action::AskAccount,
        Action::SeeAccounts,
        Action::SetUpAccounts,
        Action::BackUp,
        Action::KeepKeys,
        Action::ReportIncident,
        Action::SeeIncidents,
        Action::HandleIncident,
        Action::WaiveIncidentNotice,
        Action::SeeIncidentTasks,
        Action::SeeAssessments,
        Action::WriteAssessment,
        Action::DecideAssessment,
    ];
    let mut found = Vec::new();
    for action in Action::ALL.into_iter().filter(|action| !free.contains(action)) {
        for role in Role::ALL.into_iter().filter(|role| role.needs_second_factor()) {
            let may = letters(&access, role, action);
            let about_himself = may.contains("self") || may == "all";
            if about_himself {
                found.push(format!("{} may {}", role.code(), action.name()));
            }
        }
    }
    assert_eq!(found, Vec::<String>::new());
}
