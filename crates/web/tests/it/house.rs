//! A house with an empty register, a fixed clock and one account of each role.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use jiff::Timestamp;
use register::{AccountId, IdDocument, IdKind, PersonName, Role, Uscc};
use rulebook::Rules;
use sea_orm::ConnectionTrait;
use tower::ServiceExt;
use usecases::access_log::CommitterParts;
use usecases::account::{NewAccount, Secret, add};
use usecases::keys::KeyFile;
use usecases::retention::MonthKeys;
use usecases::{AccessLog, Actor, Channels, Clock, Cx, CxParts, Files, Random, batch};
use vault::{Suite, Vault};
use web::{Door, Rates, Security, WebState};

/// 2026-11-23 09:00 in China.
const NOW: &str = "2026-11-23T01:00:00Z";
pub(crate) const PASSWORD: &str = "correct-horse-battery";
/// The secret of everybody's second factor at work.
pub(crate) const SECOND_FACTOR: [u8; 20] = *b"a secret of the test";

struct Fixed;

impl Clock for Fixed {
    fn now(&self) -> Timestamp {
        NOW.parse().unwrap()
    }
}

/// Different bytes each time, the same in each run.
struct Counting(AtomicU64);

impl Random for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            let n = self.0.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            *byte = n.to_be_bytes()[2];
        }
    }
}

pub(crate) struct House {
    pub(crate) app: Router,
    pub(crate) state: WebState,
    pub(crate) token: String,
    pub(crate) cx: Cx,
    _dir: tempfile::TempDir,
}

pub(crate) struct Answered {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    pub(crate) bytes: Vec<u8>,
}

impl Answered {
    pub(crate) fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The cookies that it sets, as a request sends them.
    pub(crate) fn cookies(&self) -> String {
        let set = self.headers.get_all(header::SET_COOKIE).iter();
        let pairs = set.map(|value| value.to_str().unwrap().split(';').next().unwrap().to_owned());
        pairs.filter(|pair| !pair.ends_with('=')).collect::<Vec<_>>().join("; ")
    }

    /// Where it leads.
    pub(crate) fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |to| to.to_str().unwrap())
    }

    /// The token of the first form.
    pub(crate) fn csrf(&self) -> String {
        let (_, rest) = self.text.split_once("name=\"csrf\" value=\"").unwrap();
        rest.split('"').next().unwrap().to_owned()
    }
}

impl House {
    pub(crate) async fn new() -> Self {
        Self::with(None).await
    }

    /// The same with a service by which persons sign in.
    pub(crate) async fn with(identity: Option<identity::Provider>) -> Self {
        Self::built(identity, patient(), "").await
    }

    /// The same behind another door.
    pub(crate) async fn behind(door: Door) -> Self {
        Self::built(None, door, "").await
    }

    /// The same at a public address.
    pub(crate) async fn at(site: &str) -> Self {
        Self::built(None, patient(), site).await
    }

    async fn built(identity: Option<identity::Provider>, door: Door, site: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock: Arc<dyn Clock> = Arc::new(Fixed);
        let random: Arc<dyn Random> = Arc::new(Counting(AtomicU64::new(1)));
        let (text, vault) =
            Vault::create(Suite::Intl, "2026-11-23", &mut |bytes| random.fill(bytes)).unwrap();
        let keys = KeyFile::at(&dir.path().join("keys.toml"));
        keys.begin(&text).unwrap();
        let url = format!("sqlite://{}", dir.path().join("test.db").display());
        let store = store::Store::open(&url, 2).await.unwrap();
        store.migrate().await.unwrap();
        let parts = CommitterParts {
            store: store.clone(),
            vault: vault.clone(),
            clock: clock.clone(),
            random: random.clone(),
            witness: None,
            kept_months: 60,
        };
        let (log, committer) = AccessLog::new("test", parts);
        let runtime = tokio::runtime::Handle::current();
        std::thread::spawn(move || runtime.block_on(committer.run()));
        let months = MonthKeys::at(&dir.path().join("months.key"));
        months.begin(&vault, register::china_date(clock.now()), &*random).unwrap();
        let cx = Cx::new(CxParts {
            store,
            rules: Arc::new(Rules::bundled().unwrap()),
            vault,
            access: Arc::new(access::Access::bundled().unwrap()),
            clock,
            random,
            log,
            files: Files::open(&dir.path().join("files")).unwrap(),
            months,
            keys,
            channels: Channels {
                site: site.to_owned(),
                mail: true,
                sms: true,
                ..Channels::default()
            },
        });
        let agency = cx.rules.agencies().iter().find(|a| a.kind == "market-regulation").unwrap();
        let agency = Uscc::parse(&agency.uscc).unwrap();
        let person = IdDocument::parse(IdKind::Citizen, CITIZEN, cx.today()).unwrap();
        let person = Some((person, PersonName::parse("柳𬭚").unwrap()));
        for (login, role, agency, person) in [
            ("citizen", Role::Citizen, None, person),
            ("clerk", Role::AgencyClerk, Some(agency), None),
            ("agency-lead", Role::AgencyLead, Some(agency), None),
            ("office", Role::OfficeClerk, None, None),
            ("office-lead", Role::OfficeLead, None, None),
            ("auditor", Role::Auditor, None, None),
            ("operator", Role::Operator, None, None),
        ] {
            open(&cx, login, role, agency, person).await;
        }
        for account in usecases::account::list(&cx, &testkit::lead()).await.unwrap() {
            if account.role.needs_second_factor() {
                usecases::account::give_second_factor(&cx, account.id, SECOND_FACTOR)
                    .await
                    .unwrap();
            }
        }
        let Secret::Token(token) = open(&cx, "system", Role::System, Some(agency), None).await
        else {
            panic!("a system signs in by token")
        };
        let state = WebState::new(cx.clone(), None, false).with_identity(identity).with_door(door);
        let app = web::router(state.clone());
        Self { app, state, token: token.to_string(), cx, _dir: dir }
    }

    /// The same as browsers reach it by HTTPS.
    pub(crate) fn over_https(mut self) -> Self {
        self.state = WebState::new(self.cx.clone(), None, true).with_door(patient());
        self.app = web::router(self.state.clone());
        self
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answered {
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 1 << 24).await.unwrap();
        let bytes = bytes.to_vec();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answered { status: parts.status, headers: parts.headers, text, bytes }
    }

    pub(crate) async fn get(&self, path: &str, cookies: &str) -> Answered {
        let request = Request::get(path).header(header::COOKIE, cookies);
        self.send(request.body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, cookies: &str, form: &str) -> Answered {
        let request = Request::post(path)
            .header(header::COOKIE, cookies)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(form.to_owned())).unwrap()).await
    }

    pub(crate) async fn api(&self, path: &str, json: &str) -> Answered {
        let request = Request::post(path)
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
            .header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(json.to_owned())).unwrap()).await
    }

    /// Does to the database what no program of this house does.
    pub(crate) async fn tamper(&self, sql: &str) {
        let tx = self.cx.store.begin().await.unwrap();
        assert!(tx.execute_unprepared(sql).await.unwrap().rows_affected() > 0, "{sql}");
        tx.commit().await.unwrap();
    }

    /// An agency looks at the citizen by machine.
    pub(crate) async fn look(&self) {
        let ask = format!(
            r#"{{"id_number":"{CITIZEN}","name":"柳𬭚","purpose":"licence-review","matter":"LY-1"}}"#
        );
        let answered = self.api("/api/v1/checks", &ask).await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.text);
    }

    /// The market-regulation bureau sends a penalty of somebody; `told_on` is empty if it has told
    /// him nothing itself.
    pub(crate) async fn enters(&self, who: (&str, &str), told_on: &str) {
        self.enters_of(who, "2026-11-02", told_on).await;
    }

    /// The same of a penalty that was decided on that day.
    pub(crate) async fn enters_of(&self, who: (&str, &str), decided_on: &str, told_on: &str) {
        let agency = self.cx.rules.agencies().iter().find(|a| a.kind == "market-regulation");
        let clerk = Actor {
            account: AccountId(self.cx.new_id()),
            login: "sender".to_owned(),
            role: Role::AgencyClerk,
            agency: Some(Uscc::parse(&agency.unwrap().uscc).unwrap()),
            person: None,
            scope: None,
        };
        let rows = format!(
            "CF_XDR_MC,CF_XDR_ZJHM,CF_WSH,CF_WFXW,CF_SY,CF_YJ,CF_CFLB,CF_NR_FK,CF_JDRQ,送达日期,信用修复告知书送达日期,违法行为发生日期\n\
             {},{},示市监罚字〔2026〕1号,无照经营,经查属实。,食品安全法第一百二十二条,罚款,0.15,{decided_on},{told_on},{told_on},{decided_on}\n",
            who.1, who.0
        );
        let (cx, item) = (&self.cx, "NP04-MR");
        let mut upload = batch::Upload::new(cx, &clerk, item).unwrap();
        upload.write(rows.as_bytes()).unwrap();
        let (id, source) = upload.finish().unwrap();
        let checked = batch::check_file(cx, &clerk, item, &source).unwrap();
        let sent = batch::begin(cx, &clerk, item, Some(id), &checked).await.unwrap();
        let done = batch::process(cx, sent, source, |_| {}).await.unwrap();
        assert_eq!(done.counts.accepted, 1, "{done:?}");
    }

    /// Signs in; gives the session's cookie.
    pub(crate) async fn sign_in(&self, login: &str) -> String {
        let form = self.get("/sign-in", "").await;
        let fields = format!("csrf={}&login={login}&password={PASSWORD}&next=", form.csrf());
        let answered = self.post("/sign-in", &form.cookies(), &fields).await;
        assert_eq!(answered.status, StatusCode::SEE_OTHER, "{}", answered.text);
        if answered.location() != "/sign-in/second" {
            return answered.cookies();
        }
        let cookies = answered.cookies();
        let form = self.get("/sign-in/second", &cookies).await;
        let fields = format!("csrf={}&code={}&next=", form.csrf(), self.code(login).await);
        let answered = self.post("/sign-in/second", &cookies, &fields).await;
        assert_eq!(answered.status, StatusCode::SEE_OTHER, "{}", answered.text);
        answered.cookies()
    }

    /// The next code of somebody at work.
    pub(crate) async fn code(&self, login: &str) -> String {
        let known = usecases::account::list(&self.cx, &testkit::lead()).await.unwrap();
        let account = known.iter().find(|account| account.login == login).unwrap();
        // Set up anew: the clock of this house stands, and each code is good once.
        let (cx, id) = (&self.cx, account.id);
        usecases::account::give_second_factor(cx, id, SECOND_FACTOR).await.unwrap();
        usecases::account::next_code(cx, id, SECOND_FACTOR).await.unwrap().unwrap()
    }
}

/// A door that bears whatever a test asks.
pub(crate) fn patient() -> Door {
    Door {
        rates: Rates { address: 0, account: 0, client: 0 },
        security: Some(Security {
            contacts: vec!["mailto:safe@example.gov.cn".to_owned()],
            expires: jiff::civil::date(2027, 6, 30),
            policy: String::new(),
        }),
        ..Door::default()
    }
}

async fn open(
    cx: &Cx,
    login: &str,
    role: Role,
    agency: Option<Uscc>,
    person: Option<(IdDocument, PersonName)>,
) -> Secret {
    let password = (role != Role::System).then(|| PASSWORD.to_owned());
    let new = NewAccount { login: login.to_owned(), role, agency, person, password };
    add(cx, &testkit::lead(), new).await.unwrap().1
}

/// A number of the test region 9999.
pub(crate) const CITIZEN: &str = "999901197001010011";
