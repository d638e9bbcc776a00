//! 作出授权: who may look, at what, what for, until when, how often. Taken back at any time.

use jiff::civil::Date;
use register::mandate::{Mandate, PURPOSE, days};
use register::{MandateId, PersonId, Uscc};
use store::Tx;
use zeroize::Zeroizing;

use super::{mark, opened, purpose_place};
use crate::case::{mistake, number, read_words};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Mistake, Result};
use crate::my::myself;
use crate::secret_code::code;

/// A mandate as it was typed.
#[derive(Clone, Debug, Default)]
pub struct NewMandate {
    /// Code of the body that may look.
    pub grantee: String,
    /// What for.
    pub purpose: String,
    /// At which items.
    pub items: Vec<String>,
    /// Until which day, `2026-12-24`.
    pub until: String,
    /// How often.
    pub uses: String,
}

/// Gives a mandate; the code is shown once and kept nowhere but as a mark.
///
/// # Errors
/// [`Error::Denied`], [`Error::Mistakes`].
///
/// # Law
/// 个人信息保护法 13, 14 — consent of one's own free will, informed, for a stated purpose.
pub async fn give(cx: &Cx, actor: &Actor, new: NewMandate) -> Result<(Mandate, Zeroizing<String>)> {
    let person = myself(cx, actor)?;
    let mut mistakes = Vec::new();
    let grantee = Uscc::parse(&new.grantee).ok();
    let grantee = grantee.filter(|code| cx.rules.agency(code.as_str()).is_some());
    if grantee.is_none() {
        mistakes.push(mistake("grantee", "choice-missing", "请选择授权给哪个单位。"));
    }
    let known = |item: &String| cx.rules.item(item).is_some_and(|item| item.layout != "none");
    if new.items.is_empty() || !new.items.iter().all(known) {
        mistakes.push(mistake("items", "choice-missing", "请至少选一项可以看的内容。"));
    }
    let purpose = if new.purpose.trim().is_empty() {
        mistakes.push(mistake("purpose", "words-missing", "请写明为了什么事。"));
        String::new()
    } else {
        read_words("purpose", &new.purpose, PURPOSE, &mut mistakes)
    };
    let until = read_until(cx, &new.until, &mut mistakes);
    let most = u32::try_from(cx.rules.limit("mandate_most_uses")).unwrap_or(1);
    let uses = new.uses.trim().parse::<u32>().ok().filter(|uses| (1..=most).contains(uses));
    if uses.is_none() {
        let says = format!("请填 1 到 {most} 之间的次数。");
        mistakes.push(mistake("uses", "uses-unreadable", says));
    }
    let (Some(grantee), Some(until), Some(uses), true) =
        (grantee, until, uses, mistakes.is_empty())
    else {
        return Err(Error::Mistakes(mistakes));
    };
    let id = MandateId(cx.new_id());
    let mandate = Mandate {
        id,
        number: number("SQ", cx.today(), id.0),
        person,
        grantee,
        purpose,
        items: new.items,
        until,
        uses,
        used: 0,
        given_at: cx.now(),
        revoked_at: None,
    };
    let sealed = cx.vault.seal(purpose_place(&id), mandate.purpose.as_bytes(), cx.bytes());
    let tx = cx.store.begin().await?;
    store::mandate::add(&tx, &mandate, sealed).await?;
    let code = give_code(cx, &tx, person, id).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok((mandate, code))
}

fn read_until(cx: &Cx, text: &str, mistakes: &mut Vec<Mistake>) -> Option<Date> {
    let today = cx.today();
    let (_, latest) = days(&cx.rules, today)?;
    let until = intake::read_day(text.trim());
    let until = until.filter(|until| *until >= today && *until <= latest);
    if until.is_none() {
        let zh = crate::wording::zh;
        let says = format!("请填今天（{}）到{}之间的一天。", zh(today), zh(latest));
        mistakes.push(mistake("until", "date-unreadable", says));
    }
    until
}

async fn give_code(cx: &Cx, tx: &Tx, person: PersonId, id: MandateId) -> Result<Zeroizing<String>> {
    let code = Zeroizing::new(code(cx.bytes::<16>()));
    store::mandate::set_code(tx, person, id, &mark(&cx.vault, &code)).await?;
    Ok(code)
}

/// Makes a new code; the one before leads nowhere from now on.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`], [`Error::MandateEnded`].
pub async fn new_code(
    cx: &Cx,
    actor: &Actor,
    id: MandateId,
) -> Result<(Mandate, Zeroizing<String>)> {
    let person = myself(cx, actor)?;
    let tx = cx.store.begin().await?;
    let stored = store::mandate::of_person_by_id(&tx, person, id).await?;
    let mandate = opened(&cx.vault, stored.ok_or(Error::NotFound)?)?;
    mandate.holds(cx.today())?;
    let code = give_code(cx, &tx, person, id).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok((mandate, code))
}

/// Takes a mandate back, at once and without a reason; says whether it still stood.
///
/// # Errors
/// [`Error::Denied`].
///
/// # Law
/// 个人信息保护法 15 — easily, and without undoing what was lawful before.
pub async fn revoke(cx: &Cx, actor: &Actor, id: MandateId) -> Result<bool> {
    let person = myself(cx, actor)?;
    let tx = cx.store.begin().await?;
    let revoked = store::mandate::revoke(&tx, person, id, cx.now()).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(revoked)
}
