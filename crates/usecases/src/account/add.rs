//! 开立账号: a new account; what it signs in by is shown once.

use argon2::password_hash::PasswordHasher;
use argon2::{Algorithm, Argon2, Params, Version};
use register::sign_in::Happened;
use register::{Account, AccountId, IdDocument, PersonId, PersonName, Role, Uscc};
use store::person::NewPerson;
use zeroize::Zeroizing;

use super::{event, may_manage};
use crate::client::{self, NewClient};
use crate::cx::{Actor, Cx, Scope};
use crate::error::{Error, Result};
use crate::keys::directory;
use crate::{notice, seal};

/// How often a person is looked for again whom a batch enters at the same moment.
const TRIES: usize = 5;

/// An account to be opened.
#[derive(Clone)]
pub struct NewAccount {
    /// What is typed to sign in.
    pub login: String,
    /// In which role.
    pub role: Role,
    /// For which body.
    pub agency: Option<Uscc>,
    /// The person himself: a citizen, whose inbox this is; or a member of staff, who then cannot look
    /// himself up at work (I15).
    pub person: Option<(IdDocument, PersonName)>,
    /// A password of one's own. Without one, one is made, good for the first sign-in: there one's own is chosen, because
    /// somebody else has seen this one.
    pub password: Option<String>,
}

register::hidden!(NewAccount);

/// What the new account signs in by.
#[derive(Debug)]
pub enum Secret {
    /// For people.
    Password(Zeroizing<String>),
    /// For systems.
    Token(Zeroizing<String>),
}

/// Opens an account.
///
/// A citizen's account is his inbox: notices that waited are delivered in the same transaction, and
/// the quiet period of the records they are about begins (I3).
///
/// # Errors
/// [`Error::Denied`], [`Error::LoginTaken`], [`Error::NotFound`] for a body that the rulebook lacks.
pub async fn add(cx: &Cx, actor: &Actor, new: NewAccount) -> Result<(Account, Secret)> {
    may_manage(cx, actor).await?;
    if new.role.needs_agency() != new.agency.is_some()
        || new.agency.is_some_and(|code| cx.rules.agency(code.as_str()).is_none())
        || (new.role == Role::Citizen && new.person.is_none())
        || (new.role.is_machine() && new.person.is_some())
    {
        return Err(Error::NotFound);
    }
    if let (true, Some(agency)) = (new.role.is_machine(), new.agency) {
        let (login, role) = (new.login, new.role);
        let machine = NewClient { login, role, agency, scope: Scope::default(), valid_days: None };
        let issued = client::open(cx, actor, machine).await?;
        return Ok((issued.account, Secret::Token(issued.secret)));
    }
    let is_temporary = new.password.is_none();
    let made = || Zeroizing::new(readable(&cx.bytes::<16>()));
    let password = new.password.map_or_else(made, Zeroizing::new);
    let password_hash = hash_password(&password, &cx.bytes::<16>())?;
    let (tx, person) = match &new.person {
        Some((document, name)) => {
            let (tx, person) = who(cx, document, name).await?;
            if new.role == Role::Citizen {
                notice::deliver(cx, &tx, person).await?;
            }
            (tx, Some(person))
        }
        None => (cx.store.begin().await?, None),
    };
    let account = Account {
        id: AccountId(cx.new_id()),
        login: new.login,
        role: new.role,
        agency: new.agency,
        person,
        is_disabled: false,
    };
    if !store::account::add(&tx, &account, Some(&password_hash), cx.now()).await? {
        return Err(Error::LoginTaken);
    }
    if is_temporary {
        store::account::set_password(&tx, account.id, &password_hash, true).await?;
    }
    event::note(cx, &tx, account.id, Happened::Opened, Some(actor.account)).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok((account, Secret::Password(password)))
}

/// Finds or enters the person, in a transaction that is still open.
pub(super) async fn who(
    cx: &Cx,
    document: &IdDocument,
    name: &PersonName,
) -> Result<(store::Tx, PersonId)> {
    for _ in 0..TRIES {
        let tx = cx.store.begin().await?;
        let directory = directory::held(cx, &tx).await?;
        let mark = seal::mark_by(&cx.vault, directory.read, document, name)?;
        // Alone: of two who open his account at the same moment, the second finds that of the first.
        if let Some(key) = store::person::find_alone(&tx, &mark.blind).await? {
            // Nobody signs in as somebody who has died.
            if key.name_mark != mark.name_mark || key.is_dead {
                return Err(Error::NotFound);
            }
            return Ok((tx, key.person));
        }
        let person = PersonId(cx.new_id());
        let sealed = seal::identity(&cx.vault, person, document, name, cx.bytes());
        let marks = directory::places(cx, &tx, &directory, &[(document, name)]).await?.concat();
        let expected = u64::try_from(marks.len()).unwrap_or(u64::MAX);
        let new = NewPerson {
            person,
            marks,
            id_kind: document.kind().code(),
            sealed,
            recorded_at: cx.now(),
        };
        if store::person::add(&tx, &[new]).await? == expected {
            return Ok((tx, person));
        }
        // A batch entered him a moment ago: that is who he is.
        tx.rollback().await.map_err(store::StoreError::from)?;
    }
    Err(Error::Internal("a person who is there and is not"))
}

/// Hashes a password by argon2id.
pub(super) fn hash_password(password: &str, salt: &[u8]) -> Result<String> {
    let hash = hasher().hash_password_with_salt(password.as_bytes(), salt);
    Ok(hash.map_err(|_| Error::Internal("password hash"))?.to_string())
}

/// argon2id with 19 MiB and two passes, as the OWASP sheet of 2025 advises.
pub(super) fn hasher() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// A password that can be read aloud: no letters that look alike; 80 bits.
pub(super) fn readable(random: &[u8; 16]) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
    let letters: Vec<char> = random
        .iter()
        .filter_map(|byte| LETTERS.get(usize::from(byte % 32)).copied().map(char::from))
        .collect();
    letters.chunks(4).map(|part| part.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}
