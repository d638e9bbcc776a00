//! Sending a file 报送数据.

use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect};
use intake::{Column, HeaderStyle, Kind};
use rulebook::Item;
use usecases::batch::{SOURCE_LIMIT, layout_of};
use usecases::{Error, wording};

use crate::answer::{Answer, Refused, page, page_with};
use crate::attachment::attachment;
use crate::extract::Path;
use crate::pages::desk::{ColumnRow, SampleFile, SendPage};
use crate::pages::format::grouped;
use crate::pages::{Choice, Here, Mistakes};
use crate::receive::{begin, receive};
use crate::session::Clerk;
use crate::state::WebState;
use crate::view;

/// Items that this body may send as a file today.
fn own_items<'a>(clerk: &Clerk, state: &'a WebState) -> Vec<&'a Item> {
    let (rules, today) = (&state.cx.rules, state.cx.today());
    let agency = clerk.actor.agency.and_then(|code| rules.agency(code.as_str()));
    let Some(agency) = agency else { return Vec::new() };
    rules
        .items()
        .iter()
        .filter(|item| item.supplied_by.contains(&agency.kind) && layout_of(item).is_some())
        .filter(|item| {
            rules.item_in_force(&item.code, today).is_ok_and(|now| std::ptr::eq(now, *item))
        })
        .collect()
}

fn send_page(clerk: &Clerk, state: &WebState, chosen: &str, mistakes: Mistakes) -> SendPage {
    let own = own_items(clerk, state);
    let is_only = own.len() == 1;
    let mut columns: Vec<ColumnRow> = Vec::new();
    for layout in own.iter().filter_map(|item| layout_of(item)) {
        for column in layout.kept().map(column_row) {
            if !columns.iter().any(|known| known.code == column.code) {
                columns.push(column);
            }
        }
    }
    SendPage {
        shell: clerk.shell(Here::DeskSend),
        mistakes,
        columns,
        samples: own
            .iter()
            .map(|item| SampleFile {
                href: format!("/desk/samples/{}.csv", item.code),
                text: format!("{}（CSV 样表，只有表头）", item.title),
            })
            .collect(),
        items: own
            .iter()
            .map(|item| Choice {
                is_chosen: is_only || item.code == chosen,
                ..Choice::new(&item.code, &item.title)
            })
            .collect(),
        largest: view::batch::size(SOURCE_LIMIT),
    }
}

fn column_row(column: &Column) -> ColumnRow {
    let header = |at: usize| column.headers.get(at).copied().unwrap_or_default().to_owned();
    ColumnRow {
        title: header(1),
        code: header(0),
        is_required: column.must,
        how: match column.kind {
            Kind::Text(most) => format!("文字，最多 {} 个字", grouped_usize(most)),
            Kind::Day => "2026-03-01、2026/3/1、20260301 或 2026年3月1日".to_owned(),
            Kind::WanYuan => "以万元为单位，最多 6 位小数".to_owned(),
        },
    }
}

fn grouped_usize(count: usize) -> String {
    grouped(u64::try_from(count).unwrap_or(u64::MAX))
}

/// GET `/desk/send`
pub(crate) async fn form(clerk: Clerk, State(state): State<WebState>) -> Answer {
    page(&send_page(&clerk, &state, "", Mistakes::none()))
}

/// POST `/desk/send`
pub(crate) async fn send(
    clerk: Clerk,
    State(state): State<WebState>,
    form: Result<Multipart, MultipartRejection>,
) -> Answer {
    let form = form.map_err(|_| Refused::unreadable("提交的表单里没有文件。"))?;
    let received = receive(&state.cx, &clerk.actor, form, Some(&clerk.csrf)).await?;
    let again = |mistakes: Mistakes, status: StatusCode| {
        page_with(status, &send_page(&clerk, &state, &received.item, mistakes))
    };
    let mut mistakes = Mistakes::none();
    if received.item.is_empty() {
        mistakes = mistakes.and("item", "请选择这个文件报送的事项。");
    }
    let Some(file) = received.file.filter(|_| mistakes.is_empty()) else {
        if mistakes.is_empty() {
            mistakes = mistakes.and("file", "请选择要报送的文件，文件不能是空的。");
        }
        return again(mistakes, StatusCode::UNPROCESSABLE_ENTITY);
    };
    match begin(&state, &clerk.actor, &received.item, file).await {
        Ok(batch) => Ok(Redirect::to(&format!("/desk/batches/{}", batch.id)).into_response()),
        Err(error @ (Error::File(_) | Error::Item | Error::Denied(_))) => {
            let field = if matches!(error, Error::File(_)) { "file" } else { "item" };
            let said = wording::said(&error);
            let says = format!("{}{}", said.says, said.next);
            again(Mistakes::none().and(field, &says), StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(error) => Err(error.into()),
    }
}

/// `/desk/samples/{item}.csv`: the header row of the item's layout.
pub(crate) async fn sample(
    clerk: Clerk,
    State(state): State<WebState>,
    Path(file): Path<String>,
) -> Answer {
    let code = file.strip_suffix(".csv").ok_or_else(Refused::not_found)?;
    let own = own_items(&clerk, &state);
    let item = own.into_iter().find(|item| item.code == code).ok_or_else(Refused::not_found)?;
    let layout = layout_of(item).ok_or_else(Refused::not_found)?;
    let headers: Vec<String> = layout
        .sample_headers(HeaderStyle::Chinese)
        .iter()
        .map(|header| format!("\"{}\"", header.replace('"', "\"\"")))
        .collect();
    // The mark lets Excel read the file as UTF-8.
    let text = format!("\u{feff}{}\r\n", headers.join(","));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, attachment(&format!("{code}.csv"))),
    ];
    Ok((headers, text).into_response())
}
