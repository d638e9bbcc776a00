//! Reading requests, with our own words when something cannot be read.

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::answer::Refused;
use crate::session::{Visit, same};
use crate::state::WebState;

/// A part of the address; what does not parse is not there.
pub(crate) struct Path<T>(pub(crate) T);

impl<T: DeserializeOwned + Send> FromRequestParts<WebState> for Path<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Refused> {
        let path = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        path.map(|path| Self(path.0)).map_err(|_| Refused::not_found())
    }
}

/// What stands after the question mark.
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<WebState> for Query<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Refused> {
        let query = axum::extract::Query::<T>::from_request_parts(parts, state).await;
        query
            .map(|query| Self(query.0))
            .map_err(|_| Refused::unreadable("地址里问号后面的参数看不明白。"))
    }
}

/// A form of this site, sent by whom it was shown to.
pub(crate) struct Posted(Vec<(String, String)>);

impl Posted {
    /// A field as typed; empty if it was not sent.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }

    /// All values of a field that may be sent more than once.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl FromRequest<WebState> for Posted {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &WebState) -> Result<Self, Refused> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, state).await?;
        let request = Request::from_parts(parts, body);
        let form = Form::<Vec<(String, String)>>::from_request(request, state).await;
        let posted = match form {
            Ok(Form(fields)) => Self(fields),
            Err(FormRejection::BytesRejection(rejection))
                if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE =>
            {
                return Err(Refused::too_large());
            }
            Err(_) => return Err(Refused::unreadable("提交的表单看不明白。")),
        };
        if same(posted.get("csrf"), &visit.csrf) {
            Ok(posted)
        } else {
            Err(Refused::csrf().giving_back(posted.0))
        }
    }
}

/// A body of JSON.
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<WebState> for Json<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &WebState) -> Result<Self, Refused> {
        let body = axum::Json::<T>::from_request(request, state).await;
        body.map(|body| Self(body.0)).map_err(|rejection| match rejection.status() {
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Refused::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "not-json",
                "请求的内容不是 JSON。",
                "请用 content-type: application/json 发送。",
            ),
            StatusCode::PAYLOAD_TOO_LARGE => Refused::too_large(),
            // The rejection's own words may repeat what was sent, so they are not passed on.
            _ => Refused::unreadable("请求的 JSON 缺少必需的字段，或者格式不对。"),
        })
    }
}
