//! For `chengxin account`: machines, what they are let in for, and their secrets.

use clap::Args;
use register::client::{ALSO, CORRECTIONS, Scope};
use register::{Role, Uscc};
use serde_json::json;
use usecases::client::{self, Days, Issued, NewClient};
use usecases::{Actor, Cx};

use super::{Failure, print};

/// What only a machine has.
#[derive(Debug, Args)]
pub(crate) struct Machine {
    /// Of a system: purpose for which it may look; more than once for several. All of its body's if left
    /// out.
    #[arg(long = "purpose", value_name = "CODE", conflicts_with = "no_checks")]
    purposes: Vec<String>,
    /// Of a system: item that it may send; more than once for several. All of its body's if left out.
    #[arg(long = "item", value_name = "CODE", conflicts_with = "no_files")]
    items: Vec<String>,
    /// Of a system: it looks nobody up.
    #[arg(long)]
    no_checks: bool,
    /// Of a system: what else it may do, and then nothing else; more than once for several. Left out it may do both,
    /// but look by no mandate if its purposes are named or it looks nobody up.
    #[arg(long = "also", value_name = "WORD", value_parser = ALSO)]
    also: Vec<String>,
    /// Of a system: it sends no files.
    #[arg(long)]
    no_files: bool,
    /// Of a system: how many days its secret lasts; as long as the rulebook lets it if left out.
    #[arg(long, value_name = "DAYS")]
    valid_days: Option<i64>,
}

impl Machine {
    /// Whether anything was said that only a machine has.
    pub(crate) fn is_given(&self) -> bool {
        let chosen = !self.purposes.is_empty() || !self.items.is_empty();
        let named = chosen || !self.also.is_empty() || self.valid_days.is_some();
        named || self.no_checks || self.no_files
    }

    fn scope(&self) -> Scope {
        let chosen = |codes: &[String], none: bool| {
            let codes: Vec<String> = codes.iter().map(|code| code.trim().to_owned()).collect();
            (none || !codes.is_empty()).then_some(codes)
        };
        let purposes = chosen(&self.purposes, self.no_checks);
        let also = match (self.also.is_empty(), &purposes) {
            (false, _) => Some(self.also.clone()),
            (true, None) => None,
            (true, Some(_)) => Some(vec![CORRECTIONS.to_owned()]),
        };
        Scope { purposes, items: chosen(&self.items, self.no_files), also }
    }
}

/// Lets a machine in.
pub(crate) async fn add(
    cx: &Cx,
    actor: &Actor,
    (login, role, agency): (String, Role, Option<Uscc>),
    machine: &Machine,
    json: bool,
) -> Result<(), Failure> {
    let agency = agency.ok_or_else(|| Failure::Usage("a system needs --agency".to_owned()))?;
    let (scope, valid_days) = (machine.scope(), machine.valid_days);
    let new = NewClient { login, role, agency, scope: scope.clone(), valid_days };
    let issued = client::open(cx, actor, new).await?;
    say(&issued, Some(&scope), json);
    Ok(())
}

/// Makes a new secret for a machine.
pub(crate) async fn rotate(
    cx: &Cx,
    actor: &Actor,
    login: &str,
    days: Days,
    json: bool,
) -> Result<(), Failure> {
    let issued = client::rotate(cx, actor, login, days).await?;
    say(&issued, None, json);
    match days.keep.unwrap_or_else(|| cx.rules.limit("client_secret_overlap_days")) {
        0 => eprintln!("the secret before it ends now"),
        keep => eprintln!("the secret before it goes on for {keep} days"),
    }
    Ok(())
}

fn say(issued: &Issued, scope: Option<&Scope>, json: bool) {
    let account = &issued.account;
    let secret = issued.secret.as_str();
    if json {
        let mut said = json!({
            "id": account.id.to_string(), "login": account.login, "role": account.role.code(),
            "agency": account.agency.map(|code| code.to_string()), "token": secret,
            "expires_at": issued.expires_at.to_string(),
        });
        if let (Some(scope), Some(said)) = (scope, said.as_object_mut()) {
            said.insert("purposes".to_owned(), json!(scope.purposes));
            said.insert("items".to_owned(), json!(scope.items));
            said.insert("also".to_owned(), json!(scope.also));
        }
        print(said);
    } else {
        let ends = issued.expires_at;
        print(format!("login    {}\ntoken    {secret}\nends     {ends}", account.login));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn machine() -> Machine {
        Machine {
            purposes: Vec::new(),
            items: Vec::new(),
            no_checks: false,
            also: Vec::new(),
            no_files: false,
            valid_days: None,
        }
    }

    #[test]
    fn a_machine_that_looks_nobody_up_looks_by_no_mandate_either() {
        assert!(machine().scope().is_all());
        let none = Machine { no_checks: true, ..machine() }.scope();
        assert!(!none.has_mandate() && none.has_corrections());
        let one = Machine { purposes: vec!["licence-review".to_owned()], ..machine() }.scope();
        assert!(!one.has_mandate() && one.has_purpose("licence-review"));
        let also = vec!["mandate".to_owned()];
        let asked = Machine { no_checks: true, also, ..machine() };
        assert!(asked.is_given());
        let asked = asked.scope();
        assert!(asked.has_mandate() && !asked.has_corrections());
        assert!(!asked.has_purpose("licence-review"));
    }
}
