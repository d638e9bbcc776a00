//! Refusals and failures on their way out: a handler says what, [`crate::dress`] finds the words'
//! form, a page for people and a problem for machines.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use usecases::{Error, Mistake, wording};

use crate::unsent::Fields;

/// What a handler gives back.
pub(crate) type Answer<T = Response> = Result<T, Refused>;

/// Something that was not done, in words.
#[derive(Clone, Debug)]
pub(crate) struct Refused {
    /// HTTP status.
    pub(crate) status: StatusCode,
    /// Stable code.
    pub(crate) code: String,
    /// What is the matter, in Chinese.
    pub(crate) says: String,
    /// What to do, in Chinese.
    pub(crate) next: String,
    /// What is wrong field by field.
    pub(crate) mistakes: Box<[Mistake]>,
    /// What was sent, to be given back where it was not taken.
    pub(crate) sent: Box<Fields>,
    /// For our own log if it is our failure; never shown.
    pub(crate) failure: Option<Box<str>>,
    /// In how many seconds it may be tried again, if that is all that is the matter.
    pub(crate) wait: Option<u16>,
}

impl Refused {
    /// A refusal in words.
    pub(crate) fn new(status: StatusCode, code: &str, says: &str, next: &str) -> Self {
        Self {
            status,
            code: code.to_owned(),
            says: says.to_owned(),
            next: next.to_owned(),
            mistakes: Box::default(),
            sent: Box::default(),
            failure: None,
            wait: None,
        }
    }

    /// The same, with what was sent, so that nobody has to write it again.
    pub(crate) fn giving_back(self, sent: Fields) -> Self {
        Self { sent: Box::new(sent), ..self }
    }

    /// There is no such page.
    pub(crate) fn not_found() -> Self {
        Self::from(Error::NotFound)
    }

    /// The form is too old, or comes from elsewhere.
    pub(crate) fn csrf() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "form-expired",
            "这个表单已经过期，或者不是从本网站打开的。",
            "刚才的内容没有提交。请重新打开表单，再提交一次。",
        )
    }

    /// The session ended while a form was filled in.
    pub(crate) fn session_expired() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "session-expired",
            "登录已经过期，刚才填写的内容没有提交。",
            "请重新登录，再提交一次。",
        )
    }

    /// What was sent cannot be read.
    pub(crate) fn unreadable(says: &str) -> Self {
        let next = "请核对格式以后再提交。";
        Self::new(StatusCode::BAD_REQUEST, "unreadable", says, next)
    }

    /// What was sent is too large.
    pub(crate) fn too_large() -> Self {
        let says = "提交的内容太大。";
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", says, "请分成几次提交。")
    }

    /// More is asked than the door bears.
    pub(crate) fn too_many(seconds: u64) -> Self {
        let says = format!("请求太多，请在 {seconds} 秒以后再试。");
        let next = "这一次什么也没有办。程序请按 Retry-After 等待；多人共用一个网络出口的，登录以后各算各的。";
        let refused = Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many-requests", &says, next);
        Self { wait: u16::try_from(seconds).ok(), ..refused }
    }

    /// What was sent came too slowly and was given up.
    pub(crate) fn too_slow() -> Self {
        Self::new(
            StatusCode::REQUEST_TIMEOUT,
            "too-slow",
            "提交的内容传得太慢，没有收完。",
            "什么也没有办。请检查网络以后重新提交；文件大的，请分成几次。",
        )
    }

    /// Something of ours failed.
    pub(crate) fn internal(failure: &str) -> Self {
        let mut refused = Self::from(Error::Internal("the door"));
        refused.failure = Some(failure.into());
        refused
    }

    /// A short heading.
    pub(crate) fn title(&self) -> &'static str {
        match self.status {
            StatusCode::UNAUTHORIZED if self.code == "session-expired" => "登录已经过期",
            StatusCode::UNAUTHORIZED if self.code == "token-expired" => "令牌已经过期",
            StatusCode::UNAUTHORIZED => "需要先登录",
            StatusCode::FORBIDDEN if self.code == "form-expired" => "这个表单已经过期",
            StatusCode::FORBIDDEN => "您的账号不能做这件事",
            StatusCode::NOT_FOUND => "没有找到",
            StatusCode::GONE if self.code == "archived" => "已经封存",
            StatusCode::GONE if self.code.starts_with("mandate-") => "授权已经失效",
            StatusCode::GONE => "已经不在了",
            // 核验 is said of the log alone.
            StatusCode::CONFLICT if self.code == "log-touched" => "核验没有通过",
            StatusCode::CONFLICT => "现在不能办这一步",
            StatusCode::METHOD_NOT_ALLOWED => "这个地址不能这样用",
            StatusCode::PAYLOAD_TOO_LARGE => "内容太大",
            StatusCode::UNPROCESSABLE_ENTITY => "有几处需要改正",
            StatusCode::TOO_MANY_REQUESTS => "请稍等",
            StatusCode::REQUEST_TIMEOUT => "没有收完",
            StatusCode::SERVICE_UNAVAILABLE => "暂时不能给出结果",
            status if status.is_client_error() => "提交的内容看不明白",
            _ => "系统出了问题",
        }
    }
}

/// The HTTP status of an error.
fn status(error: &Error) -> StatusCode {
    match error {
        Error::Denied(_) => StatusCode::FORBIDDEN,
        Error::MandateEnded(_) => StatusCode::GONE,
        Error::ObjectionOpen | Error::RepairOpen | Error::ChallengeOpen | Error::NotNow(_) => {
            StatusCode::CONFLICT
        }
        Error::NotSecond(_) | Error::NotAssessed => StatusCode::CONFLICT,
        Error::Archived => StatusCode::GONE,
        Error::Mistakes(_) | Error::Item | Error::LoginTaken => StatusCode::UNPROCESSABLE_ENTITY,
        Error::NotFound => StatusCode::NOT_FOUND,
        Error::File(intake::FileError::TooLarge { .. }) => StatusCode::PAYLOAD_TOO_LARGE,
        // The disk is ours, not the sender's.
        Error::File(intake::FileError::Io(_)) => StatusCode::INTERNAL_SERVER_ERROR,
        Error::File(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Error::SignIn | Error::SecretEnded | Error::TokenEnded => StatusCode::UNAUTHORIZED,
        Error::OutsideScope => StatusCode::FORBIDDEN,
        Error::Wait { .. } => StatusCode::TOO_MANY_REQUESTS,
        Error::Log | Error::LogCut { .. } | Error::LogChanged { .. } => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        Error::Store(_) | Error::Vault(_) | Error::Disk(_) | Error::Internal(_) => {
            StatusCode::INTERNAL_SERVER_ERROR
        }
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        let said = wording::said(&error);
        let status = status(&error);
        let wait =
            if let Error::Wait { seconds } = error { u16::try_from(seconds).ok() } else { None };
        let failure = status.is_server_error().then(|| error.to_string().into());
        let mistakes = match error {
            Error::Mistakes(mistakes) => mistakes,
            Error::Denied(_)
            | Error::NotFound
            | Error::File(_)
            | Error::Item
            | Error::SignIn
            | Error::SecretEnded
            | Error::TokenEnded
            | Error::OutsideScope
            | Error::Wait { .. }
            | Error::LoginTaken
            | Error::ObjectionOpen
            | Error::RepairOpen
            | Error::ChallengeOpen
            | Error::MandateEnded(_)
            | Error::NotNow(_)
            | Error::NotSecond(_)
            | Error::NotAssessed
            | Error::Archived
            | Error::Store(_)
            | Error::Vault(_)
            | Error::Log
            | Error::LogCut { .. }
            | Error::LogChanged { .. }
            | Error::Disk(_)
            | Error::Internal(_) => Vec::new(),
        };
        let (code, says, next) = (said.code, said.says, said.next);
        let mistakes = mistakes.into_boxed_slice();
        Self { status, code, says, next, mistakes, sent: Box::default(), failure, wait }
    }
}

impl From<askama::Error> for Refused {
    fn from(error: askama::Error) -> Self {
        Self::internal(&error.to_string())
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// A page.
pub(crate) fn page(template: &impl askama::Template) -> Answer {
    Ok(axum::response::Html(template.render()?).into_response())
}

/// A page that is shown with another status.
pub(crate) fn page_with(status: StatusCode, template: &impl askama::Template) -> Answer {
    Ok((status, axum::response::Html(template.render()?)).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_that_cannot_be_taken_says_nothing_of_the_log() {
        use register::mandate::Ended;
        use register::objection::NotNow;
        for (error, title) in [
            (Error::NotNow(NotNow::Closed), "现在不能办这一步"),
            (Error::ObjectionOpen, "现在不能办这一步"),
            (Error::Archived, "已经封存"),
            (Error::MandateEnded(Ended::UsedUp { uses: 1 }), "授权已经失效"),
        ] {
            assert_eq!(Refused::from(error).title(), title);
        }
        let touched = Refused::new(StatusCode::CONFLICT, "log-touched", "", "");
        assert_eq!(touched.title(), "核验没有通过");
    }

    #[test]
    fn statuses() {
        for (error, status) in [
            (Error::Mistakes(Vec::new()), 422),
            (Error::NotFound, 404),
            (Error::SignIn, 401),
            (Error::Wait { seconds: 3 }, 429),
            (Error::Log, 503),
            (Error::LogCut { remembered: 2, stands: 1 }, 503),
            (Error::Internal("x"), 500),
        ] {
            assert_eq!(Refused::from(error).status.as_u16(), status);
        }
    }
}
