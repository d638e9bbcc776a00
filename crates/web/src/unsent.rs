//! 还没有提交的内容: what was typed into a form that was not taken goes back to whoever typed it. Nothing is acted on,
//! nothing is kept, no file is looked into.
//!
//! No page of this house may be kept by a browser, so its "back" leads to an empty form, or to signing in.

use axum::Form;
use axum::extract::multipart::Field;
use axum::extract::{DefaultBodyLimit, FromRequest, FromRequestParts, MatchedPath, Multipart};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::answer::Refused;
use crate::pages::Link;
use crate::pages::portal::Unsent;
use crate::routes;
use crate::session::{Visit, sign_in_address};
use crate::state::WebState;

/// Fields of a form, by name.
pub(crate) type Fields = Vec<(String, String)>;

/// Most that is given back, in bytes.
const MOST: usize = 64 << 10;

/// Most that is read for it of a form with files, in bytes: ten papers and the words.
const WITH_FILES: usize = 110 << 20;

/// The fields into which somebody types, and what they are called when they come back. What is chosen or hidden, and
/// passwords and codes, are none of them.
const TYPED: &[(&str, &str)] = &[
    ("words", "您写的话"),
    ("reasons", "理由"),
    ("reason", "为什么要看"),
    ("why", "为什么要延长"),
    ("about", "材料证明什么"),
    ("matter", "办理事项"),
    ("address", "地址或者号码"),
    ("document", "依据"),
    ("document_no", "文书号"),
    ("died_on", "去世日期"),
    ("served_on", "送达日期"),
    ("name", "姓名"),
    ("id_number", "证件号码"),
    ("relative_name", "申请人的姓名"),
    ("relative_number", "申请人的证件号码"),
];

/// What a field is called if somebody types into it.
fn label(name: &str) -> Option<&'static str> {
    if let Some(code) = name.strip_prefix("field-") {
        return register::Field::from_code(code).map(register::Field::title);
    }
    TYPED.iter().find(|(known, _)| *known == name).map(|(_, label)| *label)
}

/// Takes from a form with files what was typed.
pub(crate) struct Reader {
    /// What was typed so far.
    pub(crate) fields: Fields,
    left: usize,
}

impl Reader {
    /// Nothing yet.
    pub(crate) const fn new() -> Self {
        Self { fields: Vec::new(), left: MOST }
    }

    /// Reads a field to its end, or the browser would show a broken line instead of the answer; keeps it if it was typed.
    pub(crate) async fn take(&mut self, mut field: Field<'_>) {
        let name = field.name().unwrap_or_default().to_owned();
        let is_typed = field.file_name().is_none() && label(&name).is_some();
        let mut bytes = Vec::new();
        while let Ok(Some(piece)) = field.chunk().await {
            let taken = if is_typed { piece.len().min(self.left) } else { 0 };
            bytes.extend_from_slice(piece.get(..taken).unwrap_or_default());
            self.left = self.left.saturating_sub(taken);
        }
        if !bytes.is_empty() {
            self.fields.push((name, String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
}

/// Answers a form whose session is over before anything reads it: with what was typed.
pub(crate) async fn give_back(
    State(state): State<WebState>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let path = path.filter(|path| {
        request.method() == Method::POST
            && request.headers().get("hx-request").is_none()
            && routes::needs_session(path)
    });
    let Some(path) = path else { return next.run(request).await };
    let (mut parts, body) = request.into_parts();
    let visit = Visit::from_request_parts(&mut parts, &state).await;
    match visit {
        Ok(visit) if visit.actor.is_none() => {
            let request = Request::from_parts(parts, body);
            let typed = read(request, routes::limit(&path)).await;
            Refused::session_expired().giving_back(typed).into_response()
        }
        Ok(_) => next.run(Request::from_parts(parts, body)).await,
        Err(refused) => refused.into_response(),
    }
}

/// The fields of a form; what cannot be read, or is larger than its address takes, gives none.
async fn read(mut request: Request, limit: usize) -> Fields {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let has_files = kind.is_some_and(|kind| kind.starts_with("multipart/form-data"));
    let most = if has_files { WITH_FILES } else { MOST };
    DefaultBodyLimit::max(limit.min(most)).apply(&mut request);
    if !has_files {
        let form = Form::<Fields>::from_request(request, &()).await;
        return form.map(|Form(fields)| fields).unwrap_or_default();
    }
    let Ok(mut form) = Multipart::from_request(request, &()).await else { return Vec::new() };
    let mut reader = Reader::new();
    while let Ok(Some(field)) = form.next_field().await {
        reader.take(field).await;
    }
    reader.fields
}

/// What is shown of it. Of a form that another site has sent nothing: it would speak in our name.
pub(crate) fn shown(fields: &[(String, String)], headers: &HeaderMap) -> Vec<Unsent> {
    let site = headers.get("sec-fetch-site");
    if site.is_some_and(|site| site.as_bytes() != b"same-origin") {
        return Vec::new();
    }
    let typed = fields.iter().filter(|(_, value)| !value.trim().is_empty());
    let unsent = |(name, value): &(String, String)| {
        let lines = value.trim().lines().map(str::to_owned).collect();
        Some(Unsent { label: label(name)?.to_owned(), lines })
    };
    typed.filter_map(unsent).collect()
}

/// The way back to the page of the form, through signing in if that is what is missing.
pub(crate) fn way_back(code: &str, form: Option<&str>) -> Option<Link> {
    if code == "session-expired" {
        let to = sign_in_address(form.unwrap_or_default());
        return Some(Link::new(&to, "重新登录，回到刚才的表单"));
    }
    form.filter(|_| code == "form-expired").map(|form| Link::new(form, "重新打开刚才的表单"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_typed_comes_back_and_only_to_this_site() {
        let fields: Fields = [
            ("csrf", "0123"),
            ("password", "secret"),
            ("code", "2345-6789"),
            ("step", "posted"),
            ("ground", "wrong-fact"),
            ("words", "数额不对。\r\n收据在。"),
            ("why", "  "),
            ("field-violation", "无照经营"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec();
        let mut headers = HeaderMap::new();
        let back = |headers: &HeaderMap| {
            let all = shown(&fields, headers).into_iter();
            all.map(|one| (one.label, one.lines.join("/"))).collect::<Vec<_>>()
        };
        let words = ("您写的话".to_owned(), "数额不对。/收据在。".to_owned());
        let told = back(&headers);
        assert_eq!(told.len(), 2, "{told:?}");
        assert_eq!(told[0], words);
        assert_eq!(told[1].1, "无照经营");
        headers.insert("sec-fetch-site", "same-origin".parse().unwrap());
        assert_eq!(back(&headers).len(), 2);
        headers.insert("sec-fetch-site", "cross-site".parse().unwrap());
        assert!(back(&headers).is_empty());
    }
}
