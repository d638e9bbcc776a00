//! The same server, the same indexed select, and nothing else: no authorisation, no decryption, no log.

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use store::Store;

use crate::Outcome;

#[derive(Deserialize)]
struct Ask {
    /// Key of the person in the index, in hexadecimal digits.
    blind: String,
}

pub(crate) async fn run(url: &str) -> Outcome<()> {
    let store = Store::open(url, 4).await?;
    let app =
        Router::new().route("/checks", post(one)).route("/batch", post(many)).with_state(store);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    eprintln!("listening on http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, app).await?)
}

async fn one(State(store): State<Store>, Json(ask): Json<Ask>) -> Json<Value> {
    Json(find(&store, &ask).await)
}

async fn many(State(store): State<Store>, Json(asks): Json<Vec<Ask>>) -> Json<Vec<Value>> {
    let mut answers = Vec::with_capacity(asks.len());
    for ask in &asks {
        answers.push(find(&store, ask).await);
    }
    Json(answers)
}

async fn find(store: &Store, ask: &Ask) -> Value {
    let mut blind = [0; 32];
    if hex::decode_to_slice(&ask.blind, &mut blind).is_err() {
        return Value::Null;
    }
    let found = store::record::of_blinds(store.read(), &[blind]).await;
    let Some(found) = found.ok().and_then(|mut found| found.pop()?) else { return Value::Null };
    let facts: Vec<Value> = found
        .records
        .iter()
        .map(|record| {
            json!({
                "id": record.id.to_string(),
                "item": record.item,
                "source": record.source.as_str(),
                "decided_on": record.document.decided_on.to_string(),
                "content": hex::encode(&record.content),
            })
        })
        .collect();
    json!({ "facts": facts })
}
