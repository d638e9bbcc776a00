//! Who may enter, and how he is told that he may not.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use register::client::Scope;
use register::{Role, Uscc};
use usecases::client::{self, NewClient};
use web::{ROUTES, Who};

use crate::house::{Answered, CITIZEN, House};

fn address(template: &str) -> String {
    template
        .replace("{*name}", "chengxin.css")
        .replace("{seq}", "1")
        .replace("{id}", "01936f2e-7c1a-7000-8000-0000000000a1")
        .replace("{file}", "NP04-MR.csv")
}

async fn knock(house: &House, method: &str, path: &str, cookies: &str) -> StatusCode {
    let request = Request::builder().method(method).uri(path).header(header::COOKIE, cookies);
    house.send(request.body(Body::empty()).unwrap()).await.status
}

#[tokio::test]
async fn every_protected_address_is_closed_without_credentials() {
    let house = House::new().await;
    // An empty log has no head to show.
    house.look().await;
    for route in ROUTES {
        let path = address(route.path);
        let status = knock(&house, route.method, &path, "").await.as_u16();
        let is_closed = match route.who {
            // A form that was filled in too long is told so; a page leads to signing in. Who is out is out.
            Who::SignedIn if route.path == "/sign-out" => status == 303,
            Who::Citizen | Who::Clerk | Who::Office | Who::Operator | Who::SignedIn => {
                status == if route.method == "POST" { 401 } else { 303 }
            }
            Who::Api | Who::Log => status == 401,
            // Signing in without the form's token is refused, all else is open.
            // So is asking whether a report holds, in the right words.
            Who::Anyone if route.method == "POST" => [400, 403, 415].contains(&status),
            // Nobody set up a service here.
            Who::Anyone if path.starts_with("/sign-in/identity") => status == 404,
            Who::Anyone => status == 200,
            Who::Key => status == 404,
            Who::Midway => status == 303,
        };
        assert!(is_closed, "{} {path}: {status}", route.method);
    }
}

/// Sends what a form of that visitor's own session would send, with nothing filled in.
async fn sends(house: &House, method: &str, path: &str, (cookies, csrf): (&str, &str)) -> Answered {
    let ask = |kind: &'static str, body: String| {
        let request = Request::builder().method(method).uri(path).header(header::COOKIE, cookies);
        request.header(header::CONTENT_TYPE, kind).body(Body::from(body)).unwrap()
    };
    if method == "GET" {
        let request = Request::get(path).header(header::COOKIE, cookies);
        return house.send(request.body(Body::empty()).unwrap()).await;
    }
    let plain = ask("application/x-www-form-urlencoded", format!("csrf={csrf}"));
    let answered = house.send(plain).await;
    if answered.status != StatusCode::BAD_REQUEST {
        return answered;
    }
    // A form with files.
    let part = "Content-Disposition: form-data; name=\"csrf\"";
    let parts = format!("--b\r\n{part}\r\n\r\n{csrf}\r\n--b--\r\n");
    house.send(ask("multipart/form-data; boundary=b", parts)).await
}

/// What a machine sends to that address, as far as it can be known beforehand.
fn machine_sends(route: &str) -> (&'static str, String) {
    let check = format!(
        r#"{{"id_number":"{CITIZEN}","name":"柳𬭚","purpose":"licence-review","matter":"LY-1"}}"#
    );
    match route {
        "/api/v1/checks" => ("application/json", check),
        "/api/v1/checks/batch" => ("application/json", format!("[{check}]")),
        "/api/v1/mandates/redeem" => {
            let redeem = r#"{"code":"2222-2222-2222-2222","matter":"LY-1"}"#;
            ("application/json", redeem.to_owned())
        }
        "/api/v1/intake/batches" => {
            let named = |name: &str| format!("--b\r\nContent-Disposition: form-data; name={name}");
            let (item, file) = (named("\"item\""), named("\"file\"; filename=\"a.csv\""));
            let body = format!("{item}\r\n\r\nNP04-MR\r\n{file}\r\n\r\na,b\r\n--b--\r\n");
            ("multipart/form-data; boundary=b", body)
        }
        _ => ("application/json", String::new()),
    }
}

#[tokio::test]
async fn which_role_enters_where_is_what_was_reviewed() {
    use std::fmt::Write as _;
    let house = House::new().await;
    house.look().await;
    let mut visitors = Vec::new();
    for (role, login) in [
        ("citizen", "citizen"),
        ("agency-clerk", "clerk"),
        ("agency-lead", "agency-lead"),
        ("office-clerk", "office"),
        ("office-lead", "office-lead"),
        ("auditor", "auditor"),
        ("operator", "operator"),
    ] {
        let cookies = house.sign_in(login).await;
        let csrf = house.get("/account", &cookies).await.csrf();
        visitors.push((role, cookies, csrf));
    }
    let system = house.cx.rules.agencies().iter().find(|body| body.kind == "market-regulation");
    let bank = NewClient {
        login: "bank".to_owned(),
        role: Role::Institution,
        agency: Uscc::parse(&system.unwrap().uscc).unwrap(),
        scope: Scope::default(),
        valid_days: None,
    };
    let bank = client::open(&house.cx, &testkit::lead(), bank).await.unwrap().secret;
    let machines = [("system", house.token.clone()), ("institution", bank.to_string())];
    let mut table = String::new();
    for route in ROUTES {
        // What needs no session is looked at elsewhere, and signing out would end this walk.
        if matches!(route.who, Who::Anyone | Who::Key | Who::Midway) || route.path == "/sign-out" {
            continue;
        }
        let path = address(route.path);
        let mut enter = Vec::new();
        if route.who == Who::Api {
            for (role, token) in &machines {
                let (kind, body) = machine_sends(route.path);
                let request = Request::builder()
                    .method(route.method)
                    .uri(&path)
                    .header(header::AUTHORIZATION, format!("Bearer {token}"))
                    .header(header::CONTENT_TYPE, kind);
                let answered = house.send(request.body(Body::from(body)).unwrap()).await;
                if answered.status != StatusCode::FORBIDDEN {
                    enter.push(*role);
                }
            }
            let _ = writeln!(table, "{:<4} {:<46} {}", route.method, route.path, enter.join(" "));
            continue;
        }
        for (role, cookies, csrf) in &visitors {
            // With the token of his own form, so that the right is asked for and not the form refused.
            let answered = sends(&house, route.method, &path, (cookies, csrf)).await;
            assert!(!answered.text.contains("这个表单已经过期"), "{role} {path}");
            if answered.status != StatusCode::FORBIDDEN {
                enter.push(*role);
            }
        }
        let _ = writeln!(table, "{:<4} {:<46} {}", route.method, route.path, enter.join(" "));
    }
    insta::assert_snapshot!("who-enters-where", table);
}

#[tokio::test]
async fn every_role_is_kept_to_its_place() {
    let house = House::new().await;
    for (login, own) in [
        ("citizen", Who::Citizen),
        ("clerk", Who::Clerk),
        ("office", Who::Office),
        ("operator", Who::Operator),
    ] {
        let cookies = house.sign_in(login).await;
        for route in ROUTES {
            let path = address(route.path);
            let places = [Who::Citizen, Who::Clerk, Who::Office, Who::Operator];
            if places.contains(&route.who) && route.who != own {
                let status = knock(&house, route.method, &path, &cookies).await;
                assert_eq!(status, StatusCode::FORBIDDEN, "{login} {} {path}", route.method);
            }
            // A cookie opens no door of machines.
            if route.who == Who::Api {
                let status = knock(&house, route.method, &path, &cookies).await;
                assert_eq!(status, StatusCode::UNAUTHORIZED, "{login} {path}");
            }
        }
    }
}

/// Pages, files, refusals, redirects, what is not there: all of them.
#[tokio::test]
async fn every_answer_is_dressed() {
    let house = House::new().await;
    house.look().await;
    let mut visits = vec![String::new()];
    for login in ["citizen", "clerk", "office"] {
        visits.push(house.sign_in(login).await);
    }
    let nowhere =
        [("GET", "/nowhere"), ("BREW", "/"), ("POST", "/rules"), ("GET", "/api/v1/nowhere")];
    let known = ROUTES.iter().map(|route| (route.method, route.path));
    for (method, path) in known.chain(nowhere) {
        for cookies in &visits {
            let request = Request::builder().method(method).uri(address(path));
            let request = request.header(header::COOKIE, cookies).body(Body::empty()).unwrap();
            let answered = house.send(request).await;
            let has = |name: &str| {
                let value = answered.headers.get(name).map(|value| value.to_str().unwrap());
                value.unwrap_or_default().to_owned()
            };
            let at = format!("{method} {path}: {}", answered.status);
            assert!(has("content-security-policy").starts_with("default-src 'none'"), "{at}");
            assert_eq!(has("x-content-type-options"), "nosniff", "{at}");
            assert_eq!(has("referrer-policy"), "same-origin", "{at}");
            assert_eq!(has("x-frame-options"), "DENY", "{at}");
            assert_eq!(has("cross-origin-opener-policy"), "same-origin", "{at}");
            assert_eq!(has("cross-origin-resource-policy"), "same-origin", "{at}");
            assert!(has("permissions-policy").contains("camera=()"), "{at}");
            assert!(!has("cache-control").is_empty(), "{at}");
            assert_eq!(has("strict-transport-security"), "", "{at}: by plain HTTP");
            let kept = has("content-disposition");
            assert!(kept.is_empty() || kept.starts_with("attachment; filename=\""), "{at}: {kept}");
            for cookie in answered.headers.get_all(header::SET_COOKIE) {
                let cookie = cookie.to_str().unwrap();
                assert!(cookie.contains("; Path=/; HttpOnly; SameSite=Lax"), "{at}: {cookie}");
            }
        }
    }
}

#[tokio::test]
async fn over_https_nothing_goes_back_to_plain_http() {
    let house = House::new().await.over_https();
    for path in ["/", "/sign-in", "/nowhere", "/assets/chengxin.css", "/api/v1/nowhere"] {
        let answered = house.get(path, "").await;
        let only = answered.header(header::STRICT_TRANSPORT_SECURITY);
        assert_eq!(only, "max-age=31536000", "{path}");
    }
    let form = house.get("/sign-in", "").await;
    let set = form.header(header::SET_COOKIE);
    assert!(set.starts_with("__Host-cx-pre=") && set.contains("; Secure"), "{set}");
    let fields =
        format!("csrf={}&login=citizen&password={}&next=", form.csrf(), crate::house::PASSWORD);
    let entered = house.post("/sign-in", &form.cookies(), &fields).await;
    let set: Vec<_> = entered.headers.get_all(header::SET_COOKIE).iter().collect();
    assert!(set.len() > 1);
    for cookie in set {
        let cookie = cookie.to_str().unwrap();
        assert!(cookie.starts_with("__Host-") && cookie.contains("; Secure"), "{cookie}");
    }
}

#[tokio::test]
async fn a_page_of_another_site_changes_nothing() {
    let house = House::new().await;
    let form = house.get("/sign-in", "").await;
    let fields =
        format!("csrf={}&login=citizen&password={}&next=", form.csrf(), crate::house::PASSWORD);
    let sends = async |said: &[(&'static str, &str)]| {
        let mut request = Request::post("/sign-in")
            .header(header::COOKIE, form.cookies())
            .header(header::HOST, "house.example")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        for (name, value) in said {
            request = request.header(*name, *value);
        }
        house.send(request.body(Body::from(fields.clone())).unwrap()).await
    };
    // With the right token, as if somebody had got hold of it.
    for said in [
        &[("sec-fetch-site", "cross-site")][..],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
    ] {
        let refused = sends(said).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{said:?}");
        assert!(refused.text.contains("不是从本网站打开的"), "{}", refused.text);
        assert!(!refused.cookies().contains("cx="), "nobody is signed in");
    }
    for said in [
        &[("sec-fetch-site", "same-origin"), ("origin", "http://house.example")][..],
        &[("origin", "https://house.example")],
    ] {
        assert_eq!(sends(said).await.status, StatusCode::SEE_OTHER, "{said:?}");
    }
    let ask = Request::post("/api/v1/checks").header("sec-fetch-site", "cross-site");
    let ask = ask.header(header::AUTHORIZATION, format!("Bearer {}", house.token));
    let refused = house.send(ask.body(Body::from("{}")).unwrap()).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(refused.header(header::CONTENT_TYPE), "application/problem+json");
}

#[tokio::test]
async fn whom_to_tell_of_a_hole_stands_where_one_looks_for_it() {
    let house = House::new().await;
    let told = house.get("/.well-known/security.txt", "").await;
    assert_eq!(told.status, StatusCode::OK);
    assert_eq!(told.header(header::CONTENT_TYPE), "text/plain; charset=utf-8");
    assert!(told.text.starts_with("Contact: mailto:safe@example.gov.cn\nExpires: 2027-06-30T"));
    let nobody = House::behind(web::Door::default()).await;
    let none = nobody.get("/.well-known/security.txt", "").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND, "better none than an empty one");
}

#[tokio::test]
async fn everyone_sees_his_own_pages() {
    let house = House::new().await;
    for (login, paths) in [
        ("citizen", ["/my", "/my/looks", "/my/notices"]),
        ("clerk", ["/desk", "/desk/send", "/desk/check"]),
        ("office", ["/office", "/office/rules?topic=deadlines&status=open", "/office/log"]),
    ] {
        let cookies = house.sign_in(login).await;
        for path in paths {
            let answered = house.get(path, &cookies).await;
            assert_eq!(answered.status, StatusCode::OK, "{path}: {}", answered.text);
            assert_eq!(answered.header(header::CACHE_CONTROL), "no-store");
        }
    }
}

#[tokio::test]
async fn the_header_calls_nobody_by_a_made_up_account() {
    let house = House::new().await;
    let own = house.get("/my", &house.sign_in("citizen").await).await.text;
    assert!(own.contains("<p>本人</p>") && !own.contains("citizen（"), "{own}");
    let desk = house.get("/desk", &house.sign_in("clerk").await).await.text;
    assert!(desk.contains("<p>clerk（"), "{desk}");
}

#[tokio::test]
async fn a_form_from_elsewhere_is_refused_and_the_way_back_stays_here() {
    let house = House::new().await;
    let form = house.get("/sign-in", "").await;
    let fields = "csrf=wrong&login=clerk&password=x&next=";
    let refused = house.post("/sign-in", &form.cookies(), fields).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text.contains("表单已经过期"));
    let fields = format!(
        "csrf={}&login=clerk&password={}&next=//evil.example",
        form.csrf(),
        crate::house::PASSWORD
    );
    let answered = house.post("/sign-in", &form.cookies(), &fields).await;
    assert_eq!(answered.header(header::LOCATION), "/sign-in/second", "and not elsewhere");
    let midway = house.get("/desk", &answered.cookies()).await;
    assert_eq!(midway.status, StatusCode::SEE_OTHER, "a password alone opens nothing at work");
    let cookies = house.sign_in("clerk").await;
    let check = house.post("/desk/check", &cookies, "csrf=wrong&purpose=x").await;
    assert_eq!(check.status, StatusCode::FORBIDDEN);
    let out = house.post("/sign-out", &cookies, "").await;
    assert_eq!(out.status, StatusCode::FORBIDDEN);
}

/// A form with a paper, as a browser sends it.
fn with_paper(csrf: &str) -> String {
    let mut body = String::new();
    for (name, value) in [("csrf", csrf), ("ground", "wrong-fact"), ("words", "罚款是 150 元。")]
    {
        body.push_str(&format!(
            "--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        ));
    }
    body.push_str(
        "--b\r\nContent-Disposition: form-data; name=\"papers\"; filename=\"收据.pdf\"\r\n\r\n\
         %PDF-1.7 receipt\r\n--b--\r\n",
    );
    body
}

async fn send_with_paper(house: &House, cookies: &str, csrf: &str) -> crate::house::Answered {
    let request = Request::post("/my/objections/new?record=7")
        .header(header::COOKIE, cookies)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b");
    house.send(request.body(Body::from(with_paper(csrf))).unwrap()).await
}

#[tokio::test]
async fn what_was_typed_comes_back_from_a_session_or_a_form_that_is_over() {
    let house = House::new().await;
    let cookies = house.sign_in("citizen").await;
    let over = send_with_paper(&house, "", "old-token").await;
    let foreign = send_with_paper(&house, &cookies, "old-token").await;
    for (answered, status, way) in [
        (&over, StatusCode::UNAUTHORIZED, "/sign-in?next=/my/objections/new%3Frecord%3D7"),
        (&foreign, StatusCode::FORBIDDEN, "/my/objections/new?record=7"),
    ] {
        assert_eq!(answered.status, status, "{}", answered.text);
        assert_eq!(answered.header(header::CACHE_CONTROL), "no-store");
        for part in ["还没有提交的内容", "罚款是 150 元。", way] {
            assert!(answered.text.contains(part), "{part} in {}", answered.text);
        }
        for part in ["wrong-fact", "old-token", "receipt", "收据.pdf"] {
            assert!(!answered.text.contains(part), "{part} in {}", answered.text);
        }
    }
    assert!(
        !house.get("/my/cases", &cookies).await.text.contains("/my/objections/"),
        "nothing done"
    );

    // A plain form, and one from another site: its words would stand in our name.
    let plain = |site: &'static str| {
        Request::post("/office/counter")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", site)
            .body(Body::from("csrf=old-token&id_kind=01&matter=窗口17号&next=lurking"))
            .unwrap()
    };
    let ours = house.send(plain("same-origin")).await;
    assert_eq!(ours.status, StatusCode::UNAUTHORIZED);
    assert!(ours.text.contains("窗口17号") && ours.text.contains("/sign-in?next=/office/counter"));
    assert!(!ours.text.contains("lurking") && !ours.text.contains("old-token"), "{}", ours.text);
    let other = house.send(plain("cross-site")).await;
    assert_eq!(other.status, StatusCode::FORBIDDEN);
    assert!(!other.text.contains("窗口17号"), "{}", other.text);

    // A password never.
    let fields = "csrf=wrong&login=clerk&password=a-secret-word&next=";
    let refused = house.post("/sign-in", "", fields).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(!refused.text.contains("a-secret-word"), "{}", refused.text);
}

#[tokio::test]
async fn who_is_out_already_is_led_home() {
    let house = House::new().await;
    let out = house.post("/sign-out", "", "csrf=old").await;
    assert_eq!(out.status, StatusCode::SEE_OTHER, "{}", out.text);
    assert_eq!(out.header(header::LOCATION), "/");
}

#[tokio::test]
async fn guessing_a_password_costs_time() {
    let house = House::new().await;
    let form = house.get("/sign-in", "").await;
    let fields = format!("csrf={}&login=clerk&password=wrong&next=", form.csrf());
    for _ in 0..5 {
        let refused = house.post("/sign-in", &form.cookies(), &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("账号或者密码不对"));
    }
    let waits = house.post("/sign-in", &form.cookies(), &fields).await;
    assert_eq!(waits.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn who_guesses_locks_out_only_himself() {
    let house = House::new().await;
    let known = house.sign_in("clerk").await;
    let known = known.split("; ").find(|pair| pair.starts_with("cx-known=")).unwrap().to_owned();
    let form = house.get("/sign-in", "").await;
    let tries = async |password: &str, cookies: &str, from: &str| {
        let fields = format!("csrf={}&login=clerk&password={password}&next=", form.csrf());
        let request = Request::post("/sign-in")
            .header(header::COOKIE, format!("{}; {cookies}", form.cookies()))
            .header("x-forwarded-for", from)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        house.send(request.body(Body::from(fields)).unwrap()).await.status
    };
    for _ in 0..5 {
        assert_eq!(tries("wrong", "", "192.0.2.1").await, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let right = crate::house::PASSWORD;
    assert_eq!(tries(right, "", "192.0.2.1").await, StatusCode::TOO_MANY_REQUESTS);
    // From elsewhere, and from the same address with the browser that has been here before.
    assert_eq!(tries(right, "", "192.0.2.2").await, StatusCode::SEE_OTHER);
    assert_eq!(tries(right, &known, "192.0.2.1").await, StatusCode::SEE_OTHER);
    // A cookie that we did not seal is none.
    let forged = format!("cx-known={}", "0".repeat(80));
    assert_eq!(tries(right, &forged, "192.0.2.1").await, StatusCode::TOO_MANY_REQUESTS);
}

/// Beside this door another one of the same house: what was guessed at the one counts at the other.
#[tokio::test]
async fn guessing_at_two_servers_is_not_faster() {
    let mut house = House::new().await;
    let tries = async |house: &House, password: &str| {
        let form = house.get("/sign-in", "").await;
        let fields = format!("csrf={}&login=clerk&password={password}&next=", form.csrf());
        house.post("/sign-in", &form.cookies(), &fields).await.status
    };
    for _ in 0..5 {
        assert_eq!(tries(&house, "wrong").await, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let other =
        web::WebState::new(house.cx.clone(), None, false).with_door(crate::house::patient());
    house.app = web::router(other);
    assert_eq!(tries(&house, crate::house::PASSWORD).await, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_in_parallel_is_not_faster() {
    let house = std::sync::Arc::new(House::new().await);
    let form = house.get("/sign-in", "").await;
    let fields = format!("csrf={}&login=clerk&password=wrong&next=", form.csrf());
    let mut guesses = tokio::task::JoinSet::new();
    for _ in 0..40 {
        let (house, cookies, fields) = (house.clone(), form.cookies(), fields.clone());
        guesses.spawn(async move { house.post("/sign-in", &cookies, &fields).await.status });
    }
    let tried = guesses.join_all().await;
    let tried = tried.iter().filter(|status| **status == StatusCode::UNPROCESSABLE_ENTITY).count();
    assert!((5..=10).contains(&tried), "{tried} of 40 were tried");
}

#[tokio::test]
async fn a_part_of_a_page_never_becomes_the_page() {
    let house = House::new().await;
    let ask = Request::get("/desk/batches/01936f2e-7c1a-7000-8000-0000000000a1/part")
        .header("hx-request", "true")
        .header("hx-current-url", "http://house.example/desk/batches/1?a=b");
    let answered = house.send(ask.body(Body::empty()).unwrap()).await;
    assert_eq!(answered.status, StatusCode::OK);
    let to = answered.header(header::HeaderName::from_static("hx-redirect"));
    assert_eq!(to, "/sign-in?next=/desk/batches/1%3Fa%3Db");
    let ask = Request::get("/desk").header("hx-request", "true");
    let ask = ask.header("hx-current-url", "http://house.example//evil.example");
    let answered = house.send(ask.body(Body::empty()).unwrap()).await;
    let to = answered.header(header::HeaderName::from_static("hx-redirect"));
    assert_eq!(to, "/sign-in");
}

#[tokio::test]
async fn a_check_by_machine_is_answered_in_the_log_and_repeats_nothing() {
    let house = House::new().await;
    let ask = format!(
        r#"{{"id_number":"{CITIZEN}","name":"柳𬭚","purpose":"licence-review","matter":"LY-1"}}"#
    );
    let answered = house.api("/api/v1/checks", &ask).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.text);
    assert!(answered.text.contains(r#""facts":[]"#) && answered.text.contains(r#""seq":0"#));
    assert!(!answered.text.contains(CITIZEN) && !answered.text.contains("柳"));

    let many = house.api("/api/v1/checks/batch", &format!(r#"[{ask},{{"name":"柳"}}]"#)).await;
    assert!(many.text.contains(r#""status":"answered""#), "{}", many.text);
    assert!(many.text.contains(r#""status":"refused""#));
    let object = house.api("/api/v1/checks/batch", &format!(r#"{{"checks":[{ask}]}}"#)).await;
    assert_eq!(object.status, StatusCode::OK, "{}", object.text);

    let wrong = house.api("/api/v1/checks", r#"{"name":"柳𬭚"}"#).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(wrong.header(header::CONTENT_TYPE), "application/problem+json");
    for part in [r#""type":"/problems/mistakes""#, r#""field":"id_number""#] {
        assert!(wrong.text.contains(part), "{}", wrong.text);
    }
    let broken = house.api("/api/v1/checks", "{").await;
    assert!(broken.text.contains(r#""type":"/problems/unreadable""#), "{}", broken.text);
    let large = house.api("/api/v1/checks", &" ".repeat(70 << 10)).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);

    let cookies = house.sign_in("citizen").await;
    let looks = house.get("/my/looks", &cookies).await;
    assert!(looks.text.contains("LY-1"), "the person sees who asked");
    let look = house.get("/my/looks/0", &cookies).await;
    assert!(look.text.contains("刚刚核验过"), "{}", look.text);
    let proof = house.get("/my/looks/0/proof.json", &cookies).await;
    assert_eq!(proof.status, StatusCode::OK);
}

#[tokio::test]
async fn a_file_needs_its_token_its_item_and_rows() {
    let house = House::new().await;
    let cookies = house.sign_in("clerk").await;
    let csrf = house.get("/desk/send", &cookies).await.csrf();
    let body = |csrf: &str, item: &str, file: &str| {
        format!(
            "--B\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n\
             --B\r\nContent-Disposition: form-data; name=\"item\"\r\n\r\n{item}\r\n\
             --B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{}\"\r\n\r\n{file}\r\n--B--\r\n",
            if file.is_empty() { "" } else { "rows.csv" }
        )
    };
    for (csrf, item, file, status, says) in [
        ("wrong", "NP04-MR", "", 403, "表单已经过期"),
        (csrf.as_str(), "", "", 422, "请选择这个文件报送的事项"),
        (csrf.as_str(), "", "a,b", 422, "请选择这个文件报送的事项"),
        (csrf.as_str(), "NP04-MR", "", 422, "请选择要报送的文件"),
    ] {
        let request = Request::post("/desk/send")
            .header(header::COOKIE, &cookies)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=B");
        let answered = house.send(request.body(Body::from(body(csrf, item, file))).unwrap()).await;
        assert_eq!(answered.status.as_u16(), status, "{}", answered.text);
        assert!(answered.text.contains(says), "{}", answered.text);
    }
}

#[tokio::test]
async fn nowhere_is_said_in_words_and_large_text_stays() {
    let house = House::new().await;
    let nowhere = house.get("/nowhere", "").await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
    assert!(nowhere.text.contains("没有找到这个页面"));
    let api = house.get("/api/v1/nowhere", "").await;
    assert_eq!(api.header(header::CONTENT_TYPE), "application/problem+json");
    let large = house.get("/rights?text=large", "").await;
    assert_eq!(large.header(header::LOCATION), "/rights");
    let rights = house.get("/rights", &large.cookies()).await;
    assert!(rights.text.contains("cx-text-large"));
    let page = house.get("/sign-in?next=/my/looks%3Fbefore%3D3", "").await;
    assert!(page.text.contains("?next=/my/looks%3Fbefore%3D3&#38;text=large"), "{}", page.text);
    for method in ["BREW", "GET", "WHATEVER"] {
        knock(&house, method, "/rules", "").await;
    }
    let elsewhere = house.get("//evil.example?text=large", "").await;
    assert_eq!(elsewhere.header(header::LOCATION), "/");
    let metrics = house.get("/metrics", "").await;
    assert!(metrics.text.contains("route=\"/rights\""), "{}", metrics.text);
    assert!(metrics.text.contains("method=\"other\"") && !metrics.text.contains("BREW"));
    let asset = house.get("/assets/chengxin.css", "").await;
    assert!(asset.header(header::CACHE_CONTROL).contains("immutable"));
}

#[tokio::test]
async fn a_sample_has_the_header_of_its_layout() {
    let house = House::new().await;
    let cookies = house.sign_in("clerk").await;
    let sample = house.get("/desk/samples/NP04-MR.csv", &cookies).await;
    assert_eq!(sample.status, StatusCode::OK, "{}", sample.text);
    assert!(sample.text.starts_with('\u{feff}') && sample.text.ends_with("\r\n"));
    assert_eq!(house.get("/desk/samples/none.csv", &cookies).await.status, StatusCode::NOT_FOUND);
}
