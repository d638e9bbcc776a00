//! The portal 门户: open to everybody, knows nobody.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::answer::{Answer, Refused, page};
use crate::extract::Path;
use crate::pages::Here;
use crate::pages::format::{grouped, grouped_hash, zh_date};
use crate::pages::portal::{HomePage, LogHead, RightsPage, RulesPage, Window};
use crate::session::Visit;
use crate::state::WebState;
use crate::view;

/// `/`
pub(crate) async fn home(visit: Visit) -> Answer {
    page(&HomePage { shell: visit.shell(Here::Home) })
}

/// `/rules`
pub(crate) async fn rules(visit: Visit, State(state): State<WebState>) -> Answer {
    let (rules, today) = (&state.cx.rules, state.cx.today());
    let own = usecases::impact::published(&state.cx).await?;
    page(&RulesPage {
        assessments: view::impact::published(rules, &own, today),
        shell: visit.shell(Here::Rules),
        as_of: zh_date(today),
        groups: view::rules::groups(rules, today),
        periods: view::rules::periods(rules),
        purposes: view::rules::purposes(rules, rules.purposes()),
        never: ["治安管理违法记录", "未成年人的记录"]
            .map(str::to_owned)
            .into_iter()
            .chain(rules.forbidden().iter().map(|field| field.title.clone()))
            .collect(),
    })
}

/// `/rights`
pub(crate) async fn rights(visit: Visit, State(state): State<WebState>) -> Answer {
    let head = view::newest_head(&state).await?;
    page(&RightsPage {
        shell: visit.shell(Here::Rights),
        head: head.map(|head| LogHead {
            size: grouped(head.head.size),
            root: grouped_hash(&hex::encode(head.head.root.0)),
            signed_at: view::signed_at(&head),
            suite: view::suite(head.head.kind.name()).to_owned(),
            public_key: head.public_key,
        }),
        terms: view::rules::terms(&state.cx.rules),
        office: office_in_words(&state),
        window: Window {
            name: "凌源市政务服务大厅 信用窗口".to_owned(),
            address: "以大厅公布为准".to_owned(),
            hours: "工作日，具体时间以大厅公布为准".to_owned(),
            phone: "以大厅公布为准".to_owned(),
        },
    })
}

/// Where the office is reached; as long as nobody has entered it here, the hall knows.
fn office_in_words(state: &WebState) -> String {
    let mut parts = crate::print::reached(&state.cx);
    if parts.len() == 1 {
        parts.push("地址、电话以政务服务大厅公布的为准".to_owned());
    }
    parts.join("，")
}

/// `/assets/{name}`: the address carries the content's hash, so browsers may keep it.
pub(crate) async fn asset(Path(name): Path<String>) -> Result<Response, Refused> {
    let asset = crate::assets::get(&name).ok_or_else(Refused::not_found)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.media_type)),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
    ];
    Ok((headers, asset.bytes).into_response())
}
