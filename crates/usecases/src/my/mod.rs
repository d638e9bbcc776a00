//! My file 我的档案: what a person sees of himself, free of charge, at any time (个人信息保护法 45).

mod copy;
mod file;
mod looks;
mod notices;

pub use copy::{CopiedCase, Copy, copy};
pub(crate) use file::gather;
pub use file::{MyFile, MyRecord, file};
pub use looks::{LooksByOthers, MyLook, MyLooks, look, looks, proof};
pub(crate) use looks::{by_others, my_look};
pub(crate) use notices::subject;
pub use notices::{Opened, Subject, notice, notices};

use access::{Action, What};
use register::PersonId;

use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};

/// The person behind the account, if he may see his own file.
pub(crate) fn myself(cx: &Cx, actor: &Actor) -> Result<PersonId> {
    let person =
        actor.person.ok_or(Error::Denied(access::Denied { action: Action::SeeOwnFile }))?;
    let id = person.to_string();
    cx.permit(actor, Action::SeeOwnFile, What { person: Some(&id), ..What::default() })?;
    Ok(person)
}
