//! What the API answers is what `/api/openapi.json` says of it: a small schemathesis that needs no Python.
//! `just api-fuzz` runs the large one.

use axum::body::Body;
use axum::http::{Request, header};
use serde_json::Value;

use crate::house::{Answered, CITIZEN, House};

/// One operation of the document.
struct Operation<'a> {
    method: String,
    path: &'a str,
    says: &'a Value,
}

impl Operation<'_> {
    /// The address with something in the place of each parameter.
    fn address(&self, id: &str, query: &str) -> String {
        let path = self.path.replace("{id}", id);
        if query.is_empty() { path } else { format!("{path}?{query}") }
    }
}

fn operations(document: &Value) -> Vec<Operation<'_>> {
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        if path.starts_with("/api/") {
            for (method, says) in methods.as_object().unwrap() {
                found.push(Operation { method: method.to_uppercase(), path, says });
            }
        }
    }
    found
}

/// Status, kind of content and shape are among those that the document names.
fn conforms(document: &Value, operation: &Operation<'_>, answered: &Answered, what: &str) {
    let Operation { method, path, says } = operation;
    let at = format!("{method} {path}, {what}: {} {}", answered.status, answered.text);
    assert!(!answered.status.is_server_error(), "{at}");
    let response = &says["responses"][answered.status.as_str()];
    assert!(response.is_object(), "this status is not in the document: {at}");
    let content = response["content"].as_object();
    let kind = answered.header(header::CONTENT_TYPE);
    let plain = kind.split(';').next().unwrap();
    let Some(described) = content.and_then(|content| content.get(plain)) else {
        panic!("content of the kind {kind:?} is not in the document: {at}");
    };
    if plain.ends_with("json") {
        let body: Value = serde_json::from_str(&answered.text).unwrap();
        fits(document, &described["schema"], &body, &at);
    }
}

/// As much of JSON Schema as the document uses.
fn fits(document: &Value, schema: &Value, value: &Value, at: &str) {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap();
        return fits(document, &document["components"]["schemas"][name], value, at);
    }
    if let Some(all) = schema["allOf"].as_array() {
        all.iter().for_each(|one| fits(document, one, value, at));
        return;
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => return,
    };
    let is = |kind: &&str| match *kind {
        "null" => value.is_null(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("no such type: {other}"),
    };
    assert!(kinds.iter().any(is), "{value} is none of {kinds:?}: {at}");
    if let (Some(items), Some(values)) = (schema.get("items"), value.as_array()) {
        values.iter().for_each(|one| fits(document, items, one, at));
    }
    let Some(object) = value.as_object() else { return };
    for name in schema["required"].as_array().into_iter().flatten() {
        assert!(object.contains_key(name.as_str().unwrap()), "{name} is missing: {at}");
    }
    for (name, value) in object {
        match (&schema["properties"][name.as_str()], &schema["additionalProperties"]) {
            (Value::Null, Value::Null | Value::Bool(_)) => {}
            (Value::Null, others) => fits(document, others, value, at),
            (described, _) => fits(document, described, value, at),
        }
    }
}

async fn asks(
    house: &House,
    (method, address): (&str, &str),
    token: &str,
    (kind, body): (&str, Vec<u8>),
) -> Answered {
    let mut request = Request::builder().method(method).uri(address);
    if !token.is_empty() {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    if !kind.is_empty() {
        request = request.header(header::CONTENT_TYPE, kind);
    }
    house.send(request.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn whatever_is_sent_the_answer_is_one_that_the_document_names() {
    let house = House::new().await;
    house.look().await;
    let document = house.get("/api/openapi.json", "").await;
    let document: Value = serde_json::from_str(&document.text).unwrap();
    let known = "01936f2e-7c1a-7000-8000-0000000000a1";
    let ids = [known, "x", "%FF", "%00", "..%2F..", "999901197001010011"];
    let queries = [
        "",
        "seq=0",
        "seq=-1",
        "seq=18446744073709551615",
        "seq=999901197001010011",
        "from=1&to=1",
        "from=0&to=99999999999999999999",
        "from=2&to=1",
        "after_row=18446744073709551615",
        "after_row=x",
        "%FF=%FF",
    ];
    let json = "application/json";
    let bodies: Vec<(&str, Vec<u8>)> = vec![
        ("", Vec::new()),
        (json, Vec::new()),
        (json, b"{}".to_vec()),
        (json, b"[]".to_vec()),
        (json, b"null".to_vec()),
        (json, b"\xFF\xFE".to_vec()),
        (json, vec![b'['; 20_000]),
        (json, br#"{"id_number":"999901197001010011","name":"\u0000","purpose":"","matter":"1"}"#.to_vec()),
        (json, br#"{"id_number":999901197001010011,"name":null}"#.to_vec()),
        (json, br#"{"id_number":"999901197001010011","name":"x","purpose":"licence-review","matter":"LY-1"}"#.to_vec()),
        (json, br#"[{"id_number":"999901197001010011","name":"x","purpose":"licence-review","matter":"LY-1"},{}]"#.to_vec()),
        (json, br#"{"code":"","matter":""}"#.to_vec()),
        (json, br#"{"code":"2222-2222-2222-2222","matter":"1"}"#.to_vec()),
        (json, br#"{"code":"x","sha256":"zz"}"#.to_vec()),
        (json, br#"{"code":"x","sha256":null}"#.to_vec()),
        (json, vec![b' '; 3 << 20]),
        ("text/plain", b"{}".to_vec()),
        ("multipart/form-data", b"--x".to_vec()),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\n--x--\r\n".to_vec()),
        (
            "multipart/form-data; boundary=x",
            b"--x\r\nContent-Disposition: form-data; name=\"item\"\r\n\r\nNP04-MR\r\n--x\r\nContent-Disposition: \
              form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n\x00\x01\r\n--x--\r\n"
                .to_vec(),
        ),
    ];
    let mut asked = 0;
    for operation in operations(&document) {
        for token in ["", "wrong", &house.token] {
            for (id, query) in ids.map(|id| (id, "")).into_iter().chain(queries.map(|q| (known, q)))
            {
                let address = operation.address(id, query);
                let to = (operation.method.as_str(), address.as_str());
                let sent = if operation.method == "GET" { &bodies[..1] } else { &bodies[1..4] };
                for body in sent {
                    let answered = asks(&house, to, token, body.clone()).await;
                    conforms(&document, &operation, &answered, &address);
                    asked += 1;
                }
            }
            if operation.method == "POST" {
                let address = operation.address(known, "");
                for body in &bodies {
                    let to = (operation.method.as_str(), address.as_str());
                    let what = String::from_utf8_lossy(&body.1[..body.1.len().min(60)]);
                    let answered = asks(&house, to, token, body.clone()).await;
                    conforms(&document, &operation, &answered, &what);
                    assert!(!answered.text.contains("999901"), "{}", answered.text);
                    asked += 1;
                }
            }
        }
    }
    assert!(asked > 500, "{asked}");
}

#[tokio::test]
async fn facts_conform_too() {
    let house = House::new().await;
    house.enters((CITIZEN, "柳𬭚"), "2026-11-03").await;
    let document = house.get("/api/openapi.json", "").await;
    let document: Value = serde_json::from_str(&document.text).unwrap();
    let ask = format!(
        r#"{{"id_number":"{CITIZEN}","name":"柳𬭚","purpose":"food-licence-review","matter":"LY-1"}}"#
    );
    let all = operations(&document);
    let one = |path: &str| all.iter().find(|one| one.path == path).unwrap();
    let answered = house.api("/api/v1/checks", &ask).await;
    assert!(answered.text.contains("无照经营"), "{}", answered.text);
    conforms(&document, one("/api/v1/checks"), &answered, "facts");
    let many = house.api("/api/v1/checks/batch", &format!("[{ask},{{}}]")).await;
    assert!(many.text.contains("\"status\":\"refused\""), "{}", many.text);
    conforms(&document, one("/api/v1/checks/batch"), &many, "facts and a refusal");
}

/// The checker itself can find fault.
#[test]
#[should_panic(expected = "is none of")]
fn what_does_not_fit_is_found() {
    let schema =
        serde_json::json!({"type": "object", "properties": {"a": {"type": ["string", "null"]}}});
    fits(&Value::Null, &schema, &serde_json::json!({"a": 1}), "here");
}
