//! 实名登录: who the service says he is, and so which account is his. His first time opens it.

use jiff::Timestamp;
use jiff::civil::Date;
use register::doubt::{Doubt, DoubtKind};
use register::sign_in::{Happened, Stage};
use register::{Account, AccountId, DoubtId, IdDocument, PersonId, PersonName, Redacted, Role};
use zeroize::Zeroizing;

use crate::account::add::who;
use crate::account::event;
use crate::account::sign_in::{SignedIn, begin};
use crate::case::number;
use crate::cx::Cx;
use crate::error::{Error, Result};
use crate::{notice, seal};

/// What the service has verified and signed.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// The service.
    pub issuer: String,
    /// What it calls him, for ever.
    pub subject: Redacted<String>,
    /// His name.
    pub name: Redacted<String>,
    /// Kind of his document, by code or title; empty for a citizen's card.
    pub id_kind: String,
    /// Its number.
    pub id_number: Redacted<String>,
    /// His date of birth, where the number does not carry it.
    pub birthdate: Redacted<String>,
}

/// How a sign-in ended.
pub enum Entered {
    /// He is in.
    In {
        /// He himself.
        signed_in: SignedIn,
        /// For the cookie.
        token: Zeroizing<String>,
        /// Whether this opened his account.
        is_new: bool,
    },
    /// He is not; nothing was kept of him.
    Refused(Refusal),
}

register::hidden!(Entered);

/// Why somebody whom the service knows does not come in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Name, kind or number cannot be.
    Unreadable,
    /// Neither the number nor the service says when he was born.
    BirthDateNeeded,
    /// There is no file on anybody under age.
    UnderAge,
    /// He has died.
    Dead,
    /// His account is switched off.
    SwitchedOff,
    /// The number stands here under another name.
    NameDiffers {
        /// Number of the doubt.
        number: String,
    },
    /// The service's user was somebody else before.
    BoundToOther {
        /// Number of the doubt.
        number: String,
    },
}

/// Lets a person in by what the service says of him.
///
/// He is found by number and name together, never by the number alone; by what the service calls him only that it is the
/// same one again. His first sign-in opens his account, which is his inbox: notices that waited are delivered in the
/// same transaction (I3). A person has one such account, however many users of the service are him, and though they sign
/// in at the same moment. `browser` is what he will see his session by.
///
/// # Errors
/// Failures of the store only: refusals are answers.
///
/// # Law
/// 民法典 17, 18; 个人信息保护法 31 (nothing at all about children).
pub async fn enter(cx: &Cx, claimed: &Claimed, browser: &str) -> Result<Entered> {
    let (document, name) = match read(cx, claimed) {
        Ok(read) => read,
        Err(refusal) => return Ok(refused(refusal)),
    };
    let subject = subject_mark(cx, claimed);
    if let Some(refusal) = against(cx, subject, (&document, &name)).await? {
        return Ok(refused(refusal));
    }
    // From here on nobody else opens an account for him: of two users of the service who are him and sign in for the
    // first time at the same moment, the second comes to the account that the first has opened.
    let (tx, person) = match who(cx, &document, &name).await {
        // He was entered under another name, or noted as dead, a moment ago.
        Err(Error::NotFound) => {
            let refusal = against(cx, subject, (&document, &name)).await?;
            return refusal.map(refused).ok_or(Error::NotFound);
        }
        found => found?,
    };
    let now = cx.now();
    let is_bound_now = store::identity::bind(&tx, &subject, person, now).await?;
    let whose = if is_bound_now { person } else { bound(&tx, subject, person, now).await? };
    if whose != person {
        tx.rollback().await.map_err(store::StoreError::from)?;
        let number = doubt(cx, DoubtKind::BoundToOther, subject, whose).await?;
        return Ok(refused(Refusal::BoundToOther { number }));
    }
    if !is_bound_now {
        store::identity::touch(&tx, &subject, now).await?;
    }
    let (account, is_new) = match store::account::of_person(&tx, person).await? {
        Some(account) if account.is_disabled => {
            tx.rollback().await.map_err(store::StoreError::from)?;
            return Ok(refused(Refusal::SwitchedOff));
        }
        Some(account) => (account, false),
        None => {
            let account = own_account(cx, person);
            if !store::account::add(&tx, &account, None, now).await? {
                return Err(Error::LoginTaken);
            }
            event::note(cx, &tx, account.id, Happened::Opened, None).await?;
            notice::deliver(cx, &tx, person).await?;
            (account, true)
        }
    };
    tx.commit().await.map_err(store::StoreError::from)?;
    tracing::info!(is_new, "a person signed in by the identity service");
    // How surely the service knows him is its own; a second factor here belongs to a password here.
    let (signed_in, token) = begin(cx, account, Stage::In, browser, None).await?;
    Ok(Entered::In { signed_in, token, is_new })
}

/// What the register says against him before anything is opened; what does not agree is noted.
async fn against(
    cx: &Cx,
    subject: [u8; 32],
    (document, name): (&IdDocument, &PersonName),
) -> Result<Option<Refusal>> {
    let mark = seal::mark(cx, document, name)?;
    let found = store::person::find(cx.store.read(), &[mark.blind]).await?.into_iter().next();
    let Some(key) = found else { return Ok(None) };
    if key.is_dead {
        return Ok(Some(Refusal::Dead));
    }
    if key.name_mark != mark.name_mark {
        let number = doubt(cx, DoubtKind::NameDiffers, subject, key.person).await?;
        return Ok(Some(Refusal::NameDiffers { number }));
    }
    Ok(None)
}

/// Whom a subject belongs to that was bound already. Released by the office in this very moment, it is bound anew.
async fn bound(
    tx: &store::Tx,
    subject: [u8; 32],
    person: PersonId,
    now: Timestamp,
) -> Result<PersonId> {
    if let Some(whose) = store::identity::bound(tx, &subject).await? {
        return Ok(whose);
    }
    if store::identity::bind(tx, &subject, person, now).await? {
        return Ok(person);
    }
    let whose = store::identity::bound(tx, &subject).await?;
    whose.ok_or(Error::Internal("a subject that is bound and is not"))
}

fn refused(refusal: Refusal) -> Entered {
    tracing::info!(code = refusal.code(), "nobody signed in by the identity service");
    Entered::Refused(refusal)
}

impl Refusal {
    /// Stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreadable => "identity-unreadable",
            Self::BirthDateNeeded => "identity-birth-date",
            Self::UnderAge => "identity-under-age",
            Self::Dead => "identity-dead",
            Self::SwitchedOff => "identity-switched-off",
            Self::NameDiffers { .. } => "identity-name-differs",
            Self::BoundToOther { .. } => "identity-bound-to-other",
        }
    }

    /// Number of the doubt, to be told at the counter; empty if there is none.
    #[must_use]
    pub fn number(&self) -> &str {
        match self {
            Self::NameDiffers { number } | Self::BoundToOther { number } => number,
            Self::Unreadable
            | Self::BirthDateNeeded
            | Self::UnderAge
            | Self::Dead
            | Self::SwitchedOff => "",
        }
    }
}

/// Document and name of somebody who may have an account here: an adult.
fn read(cx: &Cx, claimed: &Claimed) -> Result<(IdDocument, PersonName), Refusal> {
    let typed = (claimed.id_number.reveal().as_str(), claimed.name.reveal().as_str());
    let read = seal::read_person(&claimed.id_kind, typed, cx.today(), &mut Vec::new());
    let (document, name) = read.ok_or(Refusal::Unreadable)?;
    let said = claimed.birthdate.reveal().parse::<Date>().ok();
    let born = document.birth_date().or(said).ok_or(Refusal::BirthDateNeeded)?;
    if !cx.rules.adulthood().is_adult_on(born, cx.today()) {
        return Err(Refusal::UnderAge);
    }
    Ok((document, name))
}

fn subject_mark(cx: &Cx, claimed: &Claimed) -> [u8; 32] {
    let parts = [claimed.issuer.as_bytes(), claimed.subject.reveal().as_bytes()];
    cx.vault.fingerprint("identity-subject", &parts)
}

/// An account without a password: nobody types its name.
fn own_account(cx: &Cx, person: PersonId) -> Account {
    Account {
        id: AccountId(cx.new_id()),
        login: format!("p-{}", hex::encode(cx.bytes::<8>())),
        role: Role::Citizen,
        agency: None,
        person: Some(person),
        is_disabled: false,
    }
}

/// Notes for the office that something does not agree; gives its number, which stays the same however often he tries.
async fn doubt(cx: &Cx, kind: DoubtKind, subject: [u8; 32], person: PersonId) -> Result<String> {
    let id = DoubtId(cx.new_id());
    let number = number("SM", cx.today(), id.0);
    let new = Doubt { id, number, kind, subject, person, at: cx.now() };
    let tx = cx.store.begin().await?;
    store::identity::add_doubt(&tx, &new).await?;
    let open = store::identity::open_doubt_about(&tx, kind, &subject, person).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    let open = open.ok_or(Error::Internal("a doubt that is there and is not"))?;
    tracing::warn!(doubt = open.number, kind = kind.code(), "identity service and register differ");
    Ok(open.number)
}
