//! Every address of the house with what nobody should send: by path, question, form, papers, JSON and headers. The
//! addresses come from the table of all, so a new one is fuzzed from its first day. Nothing of ours may fail: no 5xx.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Request, header};
use testkit::fuzz::fuzz;
use tokio::runtime::{Builder, Runtime};
use web::{ROUTES, Route, Who};

use crate::house::{CITIZEN, House};

/// A house with somebody of each kind in it, and a record.
struct Visited {
    runtime: Runtime,
    house: House,
    /// Cookies and the token of forms: citizen, clerk, office.
    visits: Vec<(Who, String, String)>,
}

impl Visited {
    fn new() -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let (house, visits) = runtime.block_on(async {
            let house = House::new().await;
            house.enters((CITIZEN, "柳𬭚"), "2026-11-03").await;
            let mut visits = Vec::new();
            for (who, login, page) in [
                (Who::Citizen, "citizen", "/my/contact"),
                (Who::Clerk, "clerk", "/desk/check"),
                (Who::Office, "office", "/office/counter"),
            ] {
                let cookies = house.sign_in(login).await;
                let csrf = house.get(page, &cookies).await.csrf();
                visits.push((who, cookies, csrf));
            }
            (house, visits)
        });
        Self { runtime, house, visits }
    }

    /// Cookies and token of whoever may use this address, if he needs any.
    fn visitor(&self, route: &Route) -> (&str, &str) {
        let found = self.visits.iter().find(|(who, ..)| *who == route.who);
        found.map_or(("", ""), |(_, cookies, csrf)| (cookies.as_str(), csrf.as_str()))
    }

    fn asks(&self, route: &Route, request: Request<Body>) {
        let answered = self.runtime.block_on(self.house.send(request));
        let status = answered.status;
        let Route { method, path, .. } = route;
        assert!(!status.is_server_error(), "{method} {path}: {status} {}", answered.text);
    }
}

/// An address by a number that was in the input. What ends the visit itself is left out.
fn chosen<'a>(method: &str, input: &[u8], all: &'a [Route]) -> &'a Route {
    let ends = |path: &str| {
        ["sign-out", "sign-in", "password", "devices", "sessions", "factor"]
            .iter()
            .any(|end| path.contains(end))
    };
    let fitting: Vec<&Route> =
        all.iter().filter(|route| route.method == method && !ends(route.path)).collect();
    let number = input
        .iter()
        .fold(7_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(*byte)));
    fitting[number % fitting.len()]
}

/// As it can stand in an address.
fn packed(input: &[u8]) -> String {
    let mut text = String::new();
    for byte in input.iter().take(1_000) {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => {
                text.push(char::from(*byte))
            }
            byte => text.push_str(&format!("%{byte:02X}")),
        }
    }
    if text.is_empty() { "-".to_owned() } else { text }
}

/// The address with the input in the place of each parameter and behind the question mark.
fn address(route: &Route, input: &[u8]) -> String {
    let (for_path, for_query) = input.split_at(input.len() / 2);
    let mut path = String::new();
    for step in route.path.split('/').skip(1) {
        path.push('/');
        match (step.starts_with('{'), step.strip_prefix('{').and_then(|step| step.split_once('}')))
        {
            (true, Some((_, rest))) => path.push_str(&format!("{}{rest}", packed(for_path))),
            _ => path.push_str(step),
        }
    }
    let names = [
        "seq",
        "from",
        "to",
        "after",
        "after_row",
        "before",
        "next",
        "page",
        "record",
        "visit",
        "code",
        "q",
        "text",
    ];
    let query: Vec<_> = names.iter().map(|name| format!("{name}={}", packed(for_query))).collect();
    format!("{path}?{}", query.join("&"))
}

#[test]
fn fuzz_addresses_and_questions() {
    let visited = Visited::new();
    let samples = [
        b"01936f2e-7c1a-7000-8000-0000000000a1".to_vec(),
        b"0".to_vec(),
        b"18446744073709551615".to_vec(),
        b"NP10".to_vec(),
        b"../../etc/passwd".to_vec(),
        CITIZEN.as_bytes().to_vec(),
    ];
    fuzz("addresses", &samples, |input| {
        let route = chosen("GET", input, ROUTES);
        let (cookies, _) = visited.visitor(route);
        let request = Request::get(address(route, input)).header(header::COOKIE, cookies);
        visited.asks(route, request.body(Body::empty()).unwrap());
    });
}

#[test]
fn fuzz_forms() {
    let visited = Visited::new();
    let form = format!(
        "id_kind=01&id_number={CITIZEN}&name=%E6%9F%B3&purpose=licence-review&matter=1&words=x&ground=wrong-fact\
         &request=correct&channel=mail&address=a%40x.example&code=123456&items=NP03&until=2026-12-01&uses=1\
         &grantee=11999901TEMR000151&outcome=correct&reasons=x&decision=grant&days=5&served_on=2026-11-20"
    );
    let samples = [
        form.into_bytes(),
        b"a=1&a=2&=&&%".to_vec(),
        b"items=NP03&items=NP03&uses=-1&until=x".to_vec(),
    ];
    fuzz("forms", &samples, |input| {
        let route = chosen("POST", input, ROUTES);
        let (cookies, csrf) = visited.visitor(route);
        let body = [format!("csrf={csrf}&").as_bytes(), input].concat();
        let to = address(route, input.get(..12).unwrap_or_default());
        let request = Request::post(to)
            .header(header::COOKIE, cookies)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        visited.asks(route, request.body(Body::from(body)).unwrap());
    });
}

/// A form of parts as browsers send it.
fn parts(csrf: &str, fields: &[(&str, &str)], file: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in [("csrf", csrf)].iter().chain(fields) {
        let head =
            format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(head.as_bytes());
    }
    let head = "--x\r\nContent-Disposition: form-data; name=\"NAME\"; filename=\"a.csv\"\r\nContent-Type: text/csv\r\n\r\n";
    for name in ["file", "papers"] {
        body.extend_from_slice(head.replace("NAME", name).as_bytes());
        body.extend_from_slice(file);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--x--\r\n");
    body
}

#[test]
fn fuzz_forms_with_files() {
    let visited = Visited::new();
    let csv = "CF_XDR_MC,CF_XDR_ZJHM\n柳,999901197001010011\n".as_bytes();
    let fields =
        [("item", "NP04-MR"), ("ground", "wrong-fact"), ("request", "correct"), ("words", "不对")];
    let samples = [
        parts("CSRF", &fields, csv),
        parts("CSRF", &fields, b"%PDF-1.7\n%%EOF\n"),
        b"--x--".to_vec(),
    ];
    let with_files: Vec<Route> = ROUTES
        .iter()
        .copied()
        .filter(|route| {
            let takes = [
                "send",
                "/verify",
                "new",
                "objection",
                "result",
                "papers",
                "deaths",
                "relative",
                "batches",
            ];
            route.method == "POST" && takes.iter().any(|end| route.path.contains(end))
        })
        .collect();
    fuzz("forms with files", &samples, |input| {
        let route = chosen("POST", input, &with_files);
        let (cookies, csrf) = visited.visitor(route);
        // The token where it stood, unless it was broken.
        let at = input.windows(4).position(|four| four == b"CSRF");
        let mut body = input.to_vec();
        if let Some(at) = at {
            body.splice(at..at + 4, csrf.bytes());
        }
        let request = Request::post(address(route, b"01936f2e-7c1a-7000-8000-0000000000a1"))
            .header(header::COOKIE, cookies)
            .header(header::AUTHORIZATION, format!("Bearer {}", visited.house.token))
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
        visited.asks(route, request.body(Body::from(body)).unwrap());
    });
}

#[test]
fn fuzz_bodies_of_json() {
    let visited = Visited::new();
    let ask = format!(
        r#"{{"id_kind":"01","id_number":"{CITIZEN}","name":"柳𬭚","purpose":"licence-review","matter":"LY-1"}}"#
    );
    let samples = [
        ask.clone().into_bytes(),
        format!(r#"{{"checks":[{ask},{{}}]}}"#).into_bytes(),
        br#"{"code":"ABCD-EFGH-JKMN-PQRS","sha256":"00","matter":"1"}"#.to_vec(),
    ];
    let machines: Vec<Route> =
        ROUTES.iter().copied().filter(|route| route.path.starts_with("/api/v1/")).collect();
    fuzz("JSON", &samples, |input| {
        let route = chosen("POST", input, &machines);
        let request = Request::post(address(route, b""))
            .header(header::AUTHORIZATION, format!("Bearer {}", visited.house.token))
            .header(header::CONTENT_TYPE, "application/json");
        visited.asks(route, request.body(Body::from(input.to_vec())).unwrap());
    });
}

#[test]
fn fuzz_headers() {
    let visited = Visited::new();
    let samples = [
        b"cx=token; cx-text=large; cx-flash=done; cx-known=00; cx-pre=0".to_vec(),
        b"Bearer cx_token".to_vec(),
        b"Basic eDp5".to_vec(),
        b"203.0.113.9, [2001:db8::1]:80, unknown".to_vec(),
        b"multipart/form-data; boundary=\"".to_vec(),
        b"text/csv;q=0.1, */*".to_vec(),
    ];
    let names = [
        header::COOKIE,
        header::AUTHORIZATION,
        HeaderName::from_static("x-forwarded-for"),
        HeaderName::from_static("x-request-id"),
        header::CONTENT_TYPE,
        header::ACCEPT,
        HeaderName::from_static("hx-request"),
        HeaderName::from_static("hx-current-url"),
    ];
    fuzz("headers", &samples, |input| {
        let Ok(value) = HeaderValue::from_bytes(input) else { return };
        for method in ["GET", "POST"] {
            let route = chosen(method, input, ROUTES);
            let mut request = Request::builder().method(method).uri(address(route, b"0"));
            for name in &names {
                request = request.header(name, &value);
            }
            visited.asks(route, request.body(Body::from("a=1")).unwrap());
        }
    });
}
