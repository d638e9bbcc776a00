//! `chengxin account`: add, reset, rotate, list, disable.

use clap::{Args, Subcommand, ValueEnum};
use register::{IdDocument, IdKind, PersonName, Role, Uscc};
use serde_json::json;
use usecases::Actor;
use usecases::account::{NewAccount, Secret};
use usecases::client::Days;

use super::{Failure, client, print};
use crate::config::Config;
use crate::wiring::App;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// A member of staff; gets a password, in whose place he chooses his own at the first sign-in.
    Staff,
    /// A person about himself; gets a password in the same way.
    Citizen,
    /// A machine; gets a bearer token.
    System,
}

/// Accounts are the lead's work: say with `--as` which lead asks for it. As long as the office has none, the operator
/// sets up by himself; the first account at work should be the lead's.
#[derive(Args)]
pub(crate) struct Account {
    /// Login of the lead of the office on whose word this is done. What is written down names the operator.
    #[arg(long = "as", global = true, value_name = "LOGIN")]
    on_the_word_of: Option<String>,
    #[command(subcommand)]
    command: AccountCommand,
}

register::hidden!(Account);

#[derive(Subcommand)]
pub(crate) enum AccountCommand {
    /// Open an account; its password or token is printed once.
    Add {
        /// What kind; left out, it follows from the role.
        #[arg(long, required_unless_present = "role")]
        kind: Option<Kind>,
        /// agency-clerk, agency-lead, office-clerk, office-lead, auditor, operator, citizen, system,
        /// institution.
        #[arg(long)]
        role: Option<String>,
        /// Code of the body it acts for.
        #[arg(long)]
        agency: Option<String>,
        /// What is typed to sign in; made up if not given. For a citizen also the person's name.
        #[arg(long)]
        name: Option<String>,
        /// Name of the member of staff; with --id-number-file he cannot look himself up at work.
        #[arg(long, requires = "id_number_file")]
        person_name: Option<String>,
        /// The person's kind of identity document.
        #[arg(long, default_value = "01")]
        id_kind: String,
        /// File that holds the person's identity number (never on the command line); `-` reads it from
        /// standard input.
        #[arg(long)]
        id_number_file: Option<std::path::PathBuf>,
        #[command(flatten)]
        machine: client::Machine,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Give a system a new secret, which is printed once; the old one goes on for some days.
    Rotate {
        /// Its login.
        login: String,
        /// How many days the old secret goes on; 0 if it got about. As long as the rulebook lets two live
        /// side by side if left out.
        #[arg(long, value_name = "DAYS")]
        keep_days: Option<i64>,
        /// How many days the new one lasts; as long as the rulebook lets it if left out.
        #[arg(long, value_name = "DAYS")]
        valid_days: Option<i64>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Give a human being's account a new password, which is printed once, and take its second factor away: both are
    /// chosen anew at the next sign-in. It is signed out everywhere.
    Reset {
        /// Its login.
        login: String,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Switch an account off.
    Disable {
        /// Its login.
        login: String,
    },
    /// All accounts.
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

register::hidden!(AccountCommand);

pub(crate) async fn run(config: &Config, account: Account) -> Result<(), Failure> {
    let app = App::open(config, false).await?;
    let outcome = with(&app, account).await;
    app.close().await?;
    outcome
}

async fn with(app: &App, account: Account) -> Result<(), Failure> {
    let actor = match &account.on_the_word_of {
        Some(login) => super::on_the_word_of(&app.cx, login).await?,
        None => usecases::account::operator(None),
    };
    done(app, &actor, account.command).await
}

async fn done(app: &App, actor: &Actor, command: AccountCommand) -> Result<(), Failure> {
    match command {
        AccountCommand::Add {
            kind,
            role,
            agency,
            name,
            person_name,
            id_kind,
            id_number_file,
            machine,
            json,
        } => {
            let (kind, role) = kind_and_role(kind, role.as_deref())?;
            let agency = agency
                .map(|code| Uscc::parse(&code).map_err(|error| Failure::Usage(error.to_string())))
                .transpose()?;
            let person = match (kind, id_number_file) {
                (Kind::Citizen, Some(file)) => {
                    let number = number(&file)?;
                    Some(person(&app.cx, &id_kind, &number, name.as_deref().unwrap_or(""))?)
                }
                (Kind::Citizen, None) => {
                    return Err(Failure::Usage("a citizen needs --id-number-file".to_owned()));
                }
                (Kind::Staff, Some(file)) => {
                    let name = person_name.ok_or_else(|| {
                        Failure::Usage("--id-number-file needs --person-name too".to_owned())
                    })?;
                    Some(person(&app.cx, &id_kind, &number(&file)?, &name)?)
                }
                (Kind::Staff | Kind::System, _) => None,
            };
            let login = match (kind, name) {
                (Kind::Staff | Kind::System, Some(name)) => name,
                _ => {
                    let id = app.cx.new_id().simple().to_string();
                    format!("{}-{}", role.code(), id.get(20..).unwrap_or(&id))
                }
            };
            if kind == Kind::System {
                return client::add(&app.cx, actor, (login, role, agency), &machine, json).await;
            }
            if machine.is_given() {
                let says = "--purpose, --item, --also, --no-checks, --no-files and --valid-days are for systems";
                return Err(Failure::Usage(says.to_owned()));
            }
            let new = NewAccount { login, role, agency, person, password: None };
            let (account, secret) = usecases::account::add(&app.cx, actor, new).await?;
            let (name, secret) = match &secret {
                Secret::Password(password) => ("password", password.as_str()),
                Secret::Token(token) => ("token", token.as_str()),
            };
            if json {
                print(json!({
                    "id": account.id.to_string(), "login": account.login,
                    "role": account.role.code(),
                    "agency": account.agency.map(|code| code.to_string()), name: secret,
                }));
            } else {
                print(format!("login    {}\n{name} {secret}", account.login));
            }
            Ok(())
        }
        AccountCommand::Rotate { login, keep_days, valid_days, json } => {
            let days = Days { keep: keep_days, valid: valid_days };
            client::rotate(&app.cx, actor, &login, days, json).await
        }
        AccountCommand::Reset { login, json } => {
            let reset = usecases::account::reset(&app.cx, actor, &login).await;
            if matches!(reset, Err(usecases::Error::NotFound)) {
                return Err(Failure::Refused(format!(
                    "no human being signs in as {login}: see `chengxin account list`; a system gets a new secret by \
                     `chengxin account rotate`"
                )));
            }
            let password = reset?;
            if json {
                print(json!({ "login": login, "password": password.as_str() }));
            } else {
                print(format!("login    {login}\npassword {}", password.as_str()));
            }
            Ok(())
        }
        AccountCommand::Disable { login } => {
            usecases::account::disable(&app.cx, actor, &login).await?;
            eprintln!("{login} is switched off");
            Ok(())
        }
        AccountCommand::List { json } => {
            for account in usecases::account::list(&app.cx, actor).await? {
                let agency = account.agency.map(|code| code.to_string());
                if json {
                    print(json!({
                        "id": account.id.to_string(), "login": account.login,
                        "role": account.role.code(), "agency": agency,
                        "is_disabled": account.is_disabled,
                    }));
                } else {
                    let off = if account.is_disabled { " (off)" } else { "" };
                    let agency = agency.unwrap_or_default();
                    print(format!("{:24} {:14} {agency}{off}", account.login, account.role.code()));
                }
            }
            Ok(())
        }
    }
}

/// An identity number from a file, or from standard input for `-`: on a command line everybody on the
/// machine could read it.
pub(super) fn number(file: &std::path::Path) -> Result<String, Failure> {
    let text = if file.as_os_str() == "-" {
        std::io::read_to_string(std::io::stdin())?
    } else {
        std::fs::read_to_string(file)?
    };
    Ok(text.trim().to_owned())
}

/// The kind follows from the role, and the role of a citizen or a system from the kind.
fn kind_and_role(kind: Option<Kind>, role: Option<&str>) -> Result<(Kind, Role), Failure> {
    let role = match (role, kind) {
        (Some(role), _) => {
            role.parse::<Role>().map_err(|error| Failure::Usage(format!("{error}")))?
        }
        (None, Some(Kind::Citizen)) => Role::Citizen,
        (None, Some(Kind::System)) => Role::System,
        (None, Some(Kind::Staff)) => return Err(Failure::Usage("staff need --role".to_owned())),
        (None, None) => return Err(Failure::Usage("--kind or --role is missing".to_owned())),
    };
    let fits = if role == Role::Citizen {
        Kind::Citizen
    } else if role.is_machine() {
        Kind::System
    } else {
        Kind::Staff
    };
    if kind.is_none_or(|kind| kind == fits) {
        Ok((fits, role))
    } else {
        Err(Failure::Usage("the role does not fit the kind".to_owned()))
    }
}

/// Reads a person's document and name.
pub(crate) fn person(
    cx: &usecases::Cx,
    id_kind: &str,
    number: &str,
    name: &str,
) -> Result<(IdDocument, PersonName), Failure> {
    let kind = IdKind::parse(id_kind).map_err(|error| Failure::Usage(error.to_string()))?;
    let document = IdDocument::parse(kind, number, cx.today())
        .map_err(|error| Failure::Usage(error.to_string()))?;
    let name = PersonName::parse(name).map_err(|error| Failure::Usage(error.to_string()))?;
    Ok((document, name))
}
