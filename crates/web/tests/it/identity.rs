//! Signing in by the identity service, with an issuer that does as it should, and with one that does not.
//!
//! The issuer's tokens are signed here by hand, by another library than the one that checks them.

use axum::http::{StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer, SigningKey};
use identity::{ClaimNames, Provider, Settings};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};
use zeroize::Zeroizing;

use crate::house::{Answered, CITIZEN, House};

/// An adult who has no account in the house.
const ZHOU: (&str, &str) = ("999901198512310029", "周明");
/// 2026-11-23 09:00 in China, where the house's clock stands.
const NOW: i64 = 1_795_395_600;

struct Issuer {
    server: MockServer,
    key: SigningKey,
}

/// On the way: the cookies that the house set, and what it sent along.
struct Way {
    cookies: String,
    state: String,
    nonce: String,
    challenge: String,
}

fn settings(issuer: &str) -> Settings {
    Settings {
        issuer: issuer.to_owned(),
        client_id: "chengxin".to_owned(),
        client_secret: Some(Zeroizing::new("a secret".to_owned())),
        title: "省身份服务".to_owned(),
        scopes: vec!["profile".to_owned()],
        claims: ClaimNames::default(),
    }
}

fn encoded(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn public(key: &SigningKey, id: &str) -> Value {
    let x = encoded(key.verifying_key().to_bytes());
    json!({ "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": id, "x": x })
}

/// A token as the issuer signs it.
fn signed(key: &SigningKey, id: &str, claims: &Value) -> String {
    let head = json!({ "alg": "EdDSA", "typ": "JWT", "kid": id });
    let text = format!("{}.{}", encoded(head.to_string()), encoded(claims.to_string()));
    let signature = encoded(key.sign(text.as_bytes()).to_bytes());
    format!("{text}.{signature}")
}

fn json_answer(body: Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

impl Issuer {
    /// An issuer and a house that knows it.
    async fn with_house() -> (Self, House) {
        let issuer =
            Self { server: MockServer::start().await, key: SigningKey::from_bytes(&[7; 32]) };
        issuer.discovers(json!({})).await;
        let provider = Provider::new(settings(&issuer.server.uri())).unwrap();
        let house = House::with(Some(provider)).await;
        (issuer, house)
    }

    /// What it says of itself, with some things said otherwise.
    async fn discovers(&self, otherwise: Value) {
        let at = self.server.uri();
        let mut says = json!({
            "issuer": at,
            "authorization_endpoint": format!("{at}/auth"),
            "token_endpoint": format!("{at}/token"),
            "userinfo_endpoint": format!("{at}/me"),
            "end_session_endpoint": format!("{at}/end"),
            "jwks_uri": format!("{at}/jwks"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["EdDSA", "HS256"],
        });
        for (name, value) in otherwise.as_object().unwrap() {
            says[name] = value.clone();
        }
        let place = path("/.well-known/openid-configuration");
        Mock::given(method("GET"))
            .and(place)
            .respond_with(json_answer(says))
            .mount(&self.server)
            .await;
    }

    async fn has_keys(&self, keys: Vec<Value>) {
        let answer = json_answer(json!({ "keys": keys }));
        Mock::given(method("GET"))
            .and(path("/jwks"))
            .respond_with(answer)
            .mount(&self.server)
            .await;
    }

    /// Gives this token for the next code.
    async fn gives(&self, id_token: &str) {
        let tokens = json!({ "access_token": "a", "token_type": "Bearer", "id_token": id_token });
        let mock = Mock::given(method("POST")).and(path("/token"));
        mock.respond_with(json_answer(tokens)).up_to_n_times(1).mount(&self.server).await;
    }

    /// What it says of Zhou.
    fn claims(&self, nonce: &str) -> Value {
        json!({
            "iss": self.server.uri(), "sub": "s-zhou", "aud": "chengxin", "nonce": nonce,
            "iat": NOW, "exp": NOW + 300,
            "name": ZHOU.1, "id_kind": "01", "id_number": ZHOU.0,
        })
    }

    /// Lets somebody come back with a good token in which some claims are otherwise; what is null is left out.
    async fn answers(&self, house: &House, otherwise: Value) -> Answered {
        let way = begin(house).await;
        let mut claims = self.claims(&way.nonce);
        for (name, value) in otherwise.as_object().unwrap() {
            if value.is_null() {
                claims.as_object_mut().unwrap().remove(name);
            } else {
                claims[name] = value.clone();
            }
        }
        self.gives(&signed(&self.key, "k1", &claims)).await;
        come_back(house, &way).await
    }
}

async fn begin(house: &House) -> Way {
    let sent = house.get("/sign-in/identity?next=/my/looks", "").await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let (_, query) = sent.header(header::LOCATION).split_once('?').unwrap();
    let fields: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap();
    let field = |name: &str| {
        let found = fields.iter().find(|(known, _)| known == name);
        found.unwrap_or_else(|| panic!("no {name} in {query}")).1.clone()
    };
    assert_eq!(field("response_type"), "code");
    assert_eq!(field("code_challenge_method"), "S256");
    assert_eq!(field("scope"), "openid profile");
    Way {
        cookies: sent.cookies(),
        state: field("state"),
        nonce: field("nonce"),
        challenge: field("code_challenge"),
    }
}

async fn come_back(house: &House, way: &Way) -> Answered {
    house.get(&format!("/sign-in/identity/back?code=c&state={}", way.state), &way.cookies).await
}

fn is_in(answered: &Answered) -> bool {
    answered.cookies().split("; ").any(|pair| pair.starts_with("cx="))
}

async fn accounts(house: &House) -> usize {
    store::account::list(house.cx.store.read()).await.unwrap().len()
}

#[tokio::test]
async fn a_person_comes_in_with_proof_of_who_began() {
    let (issuer, house) = Issuer::with_house().await;
    issuer.has_keys(vec![public(&issuer.key, "k1")]).await;
    let page = house.get("/sign-in?next=/my/looks", "").await;
    assert!(page.text.contains("用省身份服务登录"), "{}", page.text);
    assert!(page.text.contains("/sign-in/identity?next=%2Fmy%2Flooks"), "{}", page.text);

    let way = begin(&house).await;
    assert!(!way.cookies.contains(&way.nonce), "sealed");
    issuer.gives(&signed(&issuer.key, "k1", &issuer.claims(&way.nonce))).await;
    let answered = come_back(&house, &way).await;
    assert_eq!(answered.status, StatusCode::SEE_OTHER, "{}", answered.text);
    assert_eq!(answered.header(header::LOCATION), "/my/looks");
    assert!(is_in(&answered));
    let file = house.get("/my", &answered.cookies()).await;
    assert_eq!(file.status, StatusCode::OK);

    // The code went with the verifier of just this challenge, and with our secret in the header.
    let asked = issuer.server.received_requests().await.unwrap();
    let token = asked.iter().find(|asked| asked.url.path() == "/token").unwrap();
    let form: Vec<(String, String)> = serde_urlencoded::from_bytes(&token.body).unwrap();
    let verifier = form.iter().find(|(name, _)| name == "code_verifier").unwrap();
    assert_eq!(encoded(Sha256::digest(verifier.1.as_bytes())), way.challenge);
    assert!(token.headers.get("authorization").unwrap().to_str().unwrap().starts_with("Basic "));
    assert!(!form.iter().any(|(name, _)| name == "client_secret"));

    // He signs out, also at the service if he wants.
    let csrf = file.csrf();
    let out = house.post("/sign-out", &answered.cookies(), &format!("csrf={csrf}")).await;
    assert_eq!(out.header(header::LOCATION), "/sign-in/identity/out");
    // Where it leads back to is read from the host that was asked for.
    let asked =
        axum::http::Request::get("/sign-in/identity/out").header(header::HOST, "credit.example");
    let out = house.send(asked.body(axum::body::Body::empty()).unwrap()).await;
    assert!(out.text.contains("也退出省身份服务"), "{}", out.text);
    assert!(out.text.contains("/end?") && out.text.contains("client_id"), "{}", out.text);
}

#[tokio::test]
async fn a_token_that_is_not_for_this_sign_in_lets_nobody_in() {
    let (issuer, house) = Issuer::with_house().await;
    issuer.has_keys(vec![public(&issuer.key, "k1")]).await;
    let before = accounts(&house).await;
    for (otherwise, says) in [
        (json!({ "exp": NOW - 120 }), "时钟"),
        (json!({ "iat": NOW - 7_200, "exp": NOW + 300 }), "时钟"),
        (json!({ "iat": NOW + 7_200, "exp": NOW + 9_000 }), "时钟"),
        (json!({ "nonce": "another" }), "对不上"),
        (json!({ "nonce": null }), "对不上"),
        (json!({ "aud": "another" }), "对不上"),
        (json!({ "aud": ["chengxin", "another"] }), "对不上"),
        (json!({ "iss": "https://evil.example" }), "对不上"),
    ] {
        let answered = issuer.answers(&house, otherwise.clone()).await;
        assert_eq!(answered.status, StatusCode::BAD_GATEWAY, "{otherwise}: {}", answered.text);
        assert!(answered.text.contains(says), "{otherwise}: {}", answered.text);
        assert!(!is_in(&answered) && !answered.text.contains(ZHOU.0));
    }
    // Within what two clocks may differ he comes in.
    let late = issuer.answers(&house, json!({ "iat": NOW - 300, "exp": NOW - 30 })).await;
    assert!(is_in(&late), "{}", late.text);
    assert_eq!(accounts(&house).await, before + 1);
}

#[tokio::test]
async fn a_signature_of_somebody_else_lets_nobody_in() {
    let (issuer, house) = Issuer::with_house().await;
    issuer.has_keys(vec![public(&issuer.key, "k1")]).await;
    let thief = SigningKey::from_bytes(&[9; 32]);
    let unsigned = |claims: &Value| {
        let head = encoded(json!({ "alg": "none", "typ": "JWT" }).to_string());
        format!("{head}.{}.", encoded(claims.to_string()))
    };
    // Signed with our own secret, which the issuer says it can do: others may know it too.
    let by_secret = |claims: &Value| {
        let head = encoded(json!({ "alg": "HS256", "typ": "JWT" }).to_string());
        format!("{head}.{}.{}", encoded(claims.to_string()), encoded([1; 32]))
    };
    for forged in 0..4 {
        let way = begin(&house).await;
        let claims = issuer.claims(&way.nonce);
        let token = match forged {
            0 => signed(&thief, "k1", &claims),
            1 => unsigned(&claims),
            2 => by_secret(&claims),
            _ => "no.token.at-all".to_owned(),
        };
        issuer.gives(&token).await;
        let answered = come_back(&house, &way).await;
        assert_eq!(answered.status, StatusCode::BAD_GATEWAY, "{forged}: {}", answered.text);
        assert!(!is_in(&answered), "{forged}");
    }
}

#[tokio::test]
async fn an_answer_is_taken_once_from_who_began_and_from_nobody_else() {
    let (issuer, house) = Issuer::with_house().await;
    issuer.has_keys(vec![public(&issuer.key, "k1")]).await;
    let without = house.get("/sign-in/identity/back?code=c&state=s", "").await;
    assert_eq!(without.status, StatusCode::BAD_REQUEST);
    assert!(without.text.contains("不是从这个浏览器开始的"), "{}", without.text);

    let (mine, others) = (begin(&house).await, begin(&house).await);
    let stolen = Way { cookies: others.cookies.clone(), ..mine };
    assert_eq!(come_back(&house, &stolen).await.status, StatusCode::BAD_REQUEST);
    // Nor does the sealed part open beside another form token.
    let (pre, _) = stolen.cookies.split_once("; ").unwrap();
    let (_, sealed) = others.cookies.split_once("; ").unwrap();
    assert!(pre.starts_with("cx-pre=") && sealed.starts_with("cx-identity="));
    let mixed = Way { cookies: format!("cx-pre=abc; {sealed}"), ..others };
    assert_eq!(come_back(&house, &mixed).await.status, StatusCode::BAD_REQUEST);

    let way = begin(&house).await;
    let token = signed(&issuer.key, "k1", &issuer.claims(&way.nonce));
    issuer.gives(&token).await;
    assert!(is_in(&come_back(&house, &way).await));
    issuer.gives(&token).await;
    let replayed = come_back(&house, &way).await;
    assert_eq!(replayed.status, StatusCode::BAD_REQUEST);
    assert!(replayed.text.contains("已经用过") && !is_in(&replayed), "{}", replayed.text);

    // An issuer that names itself must be ours (RFC 9207).
    let way = begin(&house).await;
    let other =
        format!("/sign-in/identity/back?code=c&iss=https://evil.example&state={}", way.state);
    let mixed_up = house.get(&other, &way.cookies).await;
    assert_eq!(mixed_up.status, StatusCode::BAD_GATEWAY, "{}", mixed_up.text);
}

#[tokio::test]
async fn whoever_says_no_is_told_so_and_the_words_of_an_address_are_not_repeated() {
    let (issuer, house) = Issuer::with_house().await;
    issuer.has_keys(vec![public(&issuer.key, "k1")]).await;
    let way = begin(&house).await;
    let address = |error: &str| {
        format!("/sign-in/identity/back?error={error}&error_description=EVIL&state={}", way.state)
    };
    let denied = house.get(&address("access_denied"), &way.cookies).await;
    assert_eq!(denied.status, StatusCode::FORBIDDEN);
    assert!(denied.text.contains("没有同意") && !denied.text.contains("EVIL"), "{}", denied.text);
    let other = house.get(&address("EVIL"), &way.cookies).await;
    assert!(other.text.contains("没有完成这次登录") && !other.text.contains("EVIL"));
}

#[tokio::test]
async fn a_new_key_of_the_issuer_is_asked_for_once() {
    let (issuer, house) = Issuer::with_house().await;
    let new = SigningKey::from_bytes(&[8; 32]);
    let old_keys = json_answer(json!({ "keys": [public(&issuer.key, "k1")] }));
    let jwks = Mock::given(method("GET")).and(path("/jwks"));
    jwks.respond_with(old_keys).up_to_n_times(1).mount(&issuer.server).await;
    issuer.has_keys(vec![public(&issuer.key, "k1"), public(&new, "k2")]).await;

    let way = begin(&house).await;
    issuer.gives(&signed(&new, "k2", &issuer.claims(&way.nonce))).await;
    let answered = come_back(&house, &way).await;
    assert!(is_in(&answered), "{}", answered.text);
    // A key that nobody knows does not make us ask again and again.
    for _ in 0..3 {
        let way = begin(&house).await;
        issuer.gives(&signed(&new, "k3", &issuer.claims(&way.nonce))).await;
        assert!(!is_in(&come_back(&house, &way).await));
    }
    let asked = issuer.server.received_requests().await.unwrap();
    assert_eq!(asked.iter().filter(|asked| asked.url.path() == "/jwks").count(), 2);
}

#[tokio::test]
async fn an_issuer_that_is_down_or_somewhere_else_is_said_to_be() {
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let down = Provider::new(settings(&format!("http://127.0.0.1:{port}"))).unwrap();
    let house = House::with(Some(down)).await;
    let answered = house.get("/sign-in/identity", "").await;
    assert_eq!(answered.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answered.text);
    assert!(answered.text.contains("省身份服务现在没有回应"), "{}", answered.text);
    assert_eq!(house.get("/sign-in", "").await.status, StatusCode::OK, "the house stands");

    // Whoever is sent elsewhere does not go there.
    let (here, elsewhere) = (MockServer::start().await, MockServer::start().await);
    let away = ResponseTemplate::new(302).insert_header("location", elsewhere.uri().as_str());
    Mock::given(method("GET")).respond_with(away).mount(&here).await;
    let house = House::with(Some(Provider::new(settings(&here.uri())).unwrap())).await;
    assert_eq!(house.get("/sign-in/identity", "").await.status, StatusCode::BAD_GATEWAY);
    assert!(elsewhere.received_requests().await.unwrap().is_empty());

    // Nor is another issuer's description believed, or one with addresses in the clear.
    for otherwise in [
        json!({ "issuer": "https://evil.example" }),
        json!({ "token_endpoint": "http://id.example.gov.cn/token" }),
    ] {
        let server = MockServer::start().await;
        let issuer = Issuer { server, key: SigningKey::from_bytes(&[7; 32]) };
        issuer.discovers(otherwise).await;
        issuer.has_keys(Vec::new()).await;
        let provider = Provider::new(settings(&issuer.server.uri())).unwrap();
        let house = House::with(Some(provider)).await;
        assert_eq!(house.get("/sign-in/identity", "").await.status, StatusCode::BAD_GATEWAY);
    }
}

#[tokio::test]
async fn claims_that_the_token_lacks_come_from_the_user_info_of_the_same_person() {
    let (issuer, house) = Issuer::with_house().await;
    issuer.has_keys(vec![public(&issuer.key, "k1")]).await;
    let bare = json!({ "name": null, "id_number": null, "id_kind": null });
    let me = |sub: &str| json_answer(json!({ "sub": sub, "name": ZHOU.1, "id_number": ZHOU.0 }));
    for (sub, comes_in) in [("somebody-else", false), ("s-zhou", true)] {
        let mock = Mock::given(method("GET")).and(path("/me"));
        mock.respond_with(me(sub)).up_to_n_times(1).mount(&issuer.server).await;
        let answered = issuer.answers(&house, bare.clone()).await;
        assert_eq!(is_in(&answered), comes_in, "{sub}: {}", answered.text);
    }
    let nothing = json_answer(json!({ "sub": "s-zhou" }));
    Mock::given(method("GET")).and(path("/me")).respond_with(nothing).mount(&issuer.server).await;
    let answered = issuer.answers(&house, bare).await;
    assert!(answered.text.contains("没有给出姓名和证件号码"), "{}", answered.text);
}

#[tokio::test]
async fn a_refused_code_is_said_and_a_wrong_secret_is_ours_to_mend() {
    let (issuer, house) = Issuer::with_house().await;
    issuer.has_keys(vec![public(&issuer.key, "k1")]).await;
    for (error, status) in [("invalid_grant", 400), ("invalid_client", 502), ("x", 502)] {
        let refused = ResponseTemplate::new(400).set_body_json(json!({ "error": error }));
        let mock = Mock::given(method("POST")).and(path("/token"));
        mock.respond_with(refused).up_to_n_times(1).mount(&issuer.server).await;
        let answered = come_back(&house, &begin(&house).await).await;
        assert_eq!(answered.status.as_u16(), status, "{error}: {}", answered.text);
        assert!(!is_in(&answered));
    }
}

#[tokio::test]
async fn what_does_not_agree_stands_before_the_office_and_children_leave_nothing() {
    let (issuer, house) = Issuer::with_house().await;
    issuer.has_keys(vec![public(&issuer.key, "k1")]).await;
    let before = accounts(&house).await;
    let wrong_name = json!({ "id_number": CITIZEN, "sub": "s-x" });
    let answered = issuer.answers(&house, wrong_name).await;
    assert_eq!(answered.status, StatusCode::FORBIDDEN);
    assert!(answered.text.contains("姓名不一致"), "{}", answered.text);
    let (_, number) = answered.text.split_once("编号：<span class=\"cx-hash\">").unwrap();
    let number = number.split('<').next().unwrap();
    assert!(number.starts_with("SM20261123-"), "{number}");

    let child = json!({ "id_number": "999901201206010049", "name": "小树", "sub": "s-child" });
    let answered = issuer.answers(&house, child).await;
    assert!(answered.text.contains("未满十八周岁"), "{}", answered.text);
    assert_eq!(accounts(&house).await, before);

    let office = house.sign_in("office").await;
    let list = house.get("/office/doubts", &office).await;
    assert!(list.text.contains(number) && !list.text.contains(CITIZEN), "{}", list.text);
    assert!(house.get("/office", &office).await.text.contains("/office/doubts"));
    // Only the lead settles.
    let open = store::identity::open_doubts(house.cx.store.read(), 9).await.unwrap();
    let fields = format!("csrf={}&how=released", list.csrf());
    let by_clerk = house.post(&format!("/office/doubts/{}", open[0].id), &office, &fields).await;
    assert_eq!(by_clerk.status, StatusCode::FORBIDDEN, "{}", by_clerk.text);
    assert!(list.text.contains("由负责人了结"));
}
