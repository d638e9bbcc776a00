//! 范围: what a machine of a body can be let in for at all.

use register::Uscc;
use register::client::{ALSO, Scope};

use crate::cx::Cx;
use crate::error::Mistake;

/// All purposes and items of a body, one by one: what "no scope" means on that day.
pub(super) fn of_body(cx: &Cx, agency: Uscc) -> Scope {
    let kind = cx.rules.agency(agency.as_str()).map_or("", |agency| agency.kind.as_str());
    let purposes = cx.rules.purposes_of(kind).map(|purpose| purpose.code.clone()).collect();
    let mut items: Vec<String> = Vec::new();
    for item in cx.rules.items() {
        // It stands there once for each of its versions.
        let is_new = !items.contains(&item.code);
        if is_new && item.supplied_by.iter().any(|supplier| supplier == kind) {
            items.push(item.code.clone());
        }
    }
    let also = ALSO.iter().map(|word| (*word).to_owned()).collect();
    Scope { purposes: Some(purposes), items: Some(items), also: Some(also) }
}

/// What cannot be given to a machine of that body, because the body has not got it.
pub(super) fn mistakes(cx: &Cx, agency: Uscc, scope: &Scope) -> Vec<Mistake> {
    let own = of_body(cx, agency);
    let mut mistakes = Vec::new();
    let mut compare = |field, code, what: &str, asked: &Option<Vec<String>>, own: Vec<String>| {
        if asked.iter().flatten().any(|code| !own.contains(code)) {
            let says = if own.is_empty() {
                format!("这个单位没有{what}。")
            } else {
                format!("这个单位的{what}只有：{}。", own.join("、"))
            };
            mistakes.push(Mistake { field, code, says });
        }
    };
    let (purposes, items) = (own.purposes.unwrap_or_default(), own.items.unwrap_or_default());
    compare("purpose", "purpose-unknown", "可以使用的查询用途", &scope.purposes, purposes);
    compare("item", "item-unknown", "可以报送的事项", &scope.items, items);
    mistakes
}
