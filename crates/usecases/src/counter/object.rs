//! 窗口代收异议: what the person says and signs at the counter goes the way of an objection from home.

use register::RecordId;
use register::objection::Objection;

use super::find::may_help;
use super::visit;
use crate::case::mistake;
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::objection::{NewObjection, open};

/// Takes an objection for a person who signed it, in the visit of that token: the signed sheet is one of its
/// papers.
///
/// # Errors
/// [`Error::Denied`], [`Error::Mistakes`], above all without the signed sheet or once the visit is over,
/// [`Error::NotFound`], [`Error::Archived`], [`Error::ObjectionOpen`].
///
/// # Law
/// 个人信息保护法 50 — an easy way to ask, for those too who do not ask by machine.
pub async fn object(
    cx: &Cx,
    actor: &Actor,
    visit: &str,
    record: RecordId,
    new: NewObjection,
) -> Result<Objection> {
    let (person, _) = visit::of_token(cx, actor, visit)?;
    may_help(cx, actor, person)?;
    if new.papers.is_empty() {
        let says = "请先打印异议书，请本人签名，再把签名的那一页扫描或者拍照交上来。";
        return Err(Error::Mistakes(vec![mistake("papers", "papers-missing", says)]));
    }
    open(cx, actor, person, record, new).await
}
