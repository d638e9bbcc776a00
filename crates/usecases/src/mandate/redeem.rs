//! 凭授权查询: the named body looks, within the mandate and no further.
//!
//! A use is counted first, then the look is logged, then it is answered: a machine that dies on the way
//! may lose a use, it never answers twice for one.

use access::{Action, What};
use register::disclosure::{Fact, facts_for};
use register::mandate::Mandate;
use register::{PersonName, Uscc};

use super::{mark, opened};
use crate::access_log::{self, Disclosed, Door, Look, Outcome};
use crate::case::{mistake, read_words};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::seal;

/// Most characters of a matter.
const MATTER: usize = 100;

/// What a body sees by a mandate.
#[derive(Clone, Debug)]
pub struct Redeemed {
    /// The mandate, with this use counted.
    pub mandate: Mandate,
    /// Who gave it.
    pub name: PersonName,
    /// The last four characters of his number, the rest masked.
    pub number: String,
    /// What it lets its body see today; an empty list says nothing about why.
    pub facts: Vec<Fact>,
}

/// Uses a mandate once.
///
/// # Errors
/// [`Error::Denied`], [`Error::OutsideScope`], [`Error::Mistakes`], [`Error::NotFound`] for a code that does not exist or names
/// another body, [`Error::MandateEnded`], [`Error::Log`].
///
/// # Law
/// 个人信息保护法 13, 14; 征信业管理条例 18 — by written consent, for the purpose agreed.
pub async fn redeem(
    cx: &Cx,
    actor: &Actor,
    code: &str,
    matter: &str,
) -> Result<Disclosed<Redeemed>> {
    let own = actor.agency;
    let agency = own.as_ref().map(Uscc::as_str);
    let is_within = actor.scope.as_ref().is_none_or(|scope| scope.has_mandate());
    let permitted = cx.permit(actor, Action::RedeemMandate, What { agency, ..What::default() });
    permitted.map_err(|denied| if is_within { denied } else { Error::OutsideScope })?;
    let mut mistakes = Vec::new();
    if code.trim().is_empty() {
        mistakes.push(mistake("code", "code-missing", "请输入授权码。"));
    }
    let matter = if matter.trim().is_empty() {
        mistakes.push(mistake("matter", "matter-missing", "请填写办理事项，本人会看到。"));
        String::new()
    } else {
        read_words("matter", matter, MATTER, &mut mistakes)
    };
    if !mistakes.is_empty() {
        return Err(Error::Mistakes(mistakes));
    }
    let today = cx.today();
    let (db, mark) = (cx.store.read(), mark(&cx.vault, code));
    let agency = agency.unwrap_or_default();
    let stored = store::mandate::of_grantee_by_code(db, agency, &mark).await?;
    let mut mandate = opened(&cx.vault, stored.ok_or(Error::NotFound)?)?;
    let person = mandate.person;
    let whom = person.to_string();
    let what = What { agency: Some(agency), person: Some(&whom), ..What::default() };
    cx.permit(actor, Action::RedeemMandate, what)?;

    let mut look = Look::by(actor, Door::Mandate, person);
    look.matter = format!("{matter}（授权 {}）", mandate.number);
    if let Err(ended) = mandate.holds(today) {
        return refuse(cx, look, ended.into()).await;
    }
    let tx = cx.store.begin().await?;
    if !store::mandate::count_use(&tx, person, mandate.id, today).await? {
        drop(tx);
        // Somebody else used it, or the person took it back, in this very moment.
        let stored = store::mandate::of_person_by_id(db, person, mandate.id).await?;
        let now = opened(&cx.vault, stored.ok_or(Error::NotFound)?)?;
        let ended = now.holds(today).err();
        let error = ended.map_or(Error::Internal("a mandate that holds"), Error::from);
        return refuse(cx, look, error).await;
    }
    tx.commit().await.map_err(store::StoreError::from)?;
    mandate.used += 1;

    let mut records = Vec::new();
    for stored in store::record::of_person(db, person).await? {
        records.push(seal::open_record(&cx.vault, stored)?);
    }
    let facts = facts_for(records, |item| mandate.may_see(item), &cx.rules, today);
    let (name, number) = seal::masked_identity(cx, person).await?;
    look.giving(&facts);
    access_log::before(cx, look, Redeemed { mandate, name, number, facts }).await
}

/// A refusal is logged like an answer; nothing goes out.
async fn refuse(cx: &Cx, mut look: Look, error: Error) -> Result<Disclosed<Redeemed>> {
    look.outcome = Outcome::Refused;
    look.reason = Some("mandate-ended".to_owned());
    access_log::before(cx, look, ()).await?;
    Err(error)
}
