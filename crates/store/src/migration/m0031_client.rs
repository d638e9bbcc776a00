//! Secrets of machines: each a row of its own, so that two can live side by side while one is replaced; access tokens that
//! are asked for with them; and the scope of a machine.
//!
//! The tokens of before become secrets. They had no end: they get half a year from this change on, so that no system
//! stops unannounced and none goes on for ever.

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0031_client"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, SQL).await?;
        let postgres = manager.get_database_backend() == sea_orm::DbBackend::Postgres;
        super::run(manager, if postgres { MOVE_POSTGRES } else { MOVE_SQLITE }).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// Widening only: yesterday's code goes on with `account.token_hash`, which nobody writes any more.
const SQL: &str = "
ALTER TABLE account ADD COLUMN purposes TEXT;
ALTER TABLE account ADD COLUMN items TEXT;

CREATE TABLE client_secret (
  hash {bytes} NOT NULL PRIMARY KEY,
  account_id {uuid} NOT NULL,
  made_at {instant} NOT NULL,
  expires_at {instant} NOT NULL,
  last_used_at {instant}
) {clustered};
CREATE INDEX client_secret_of ON client_secret (account_id);

CREATE TABLE access_token (
  hash {bytes} NOT NULL PRIMARY KEY,
  secret_hash {bytes} NOT NULL,
  account_id {uuid} NOT NULL,
  purposes TEXT,
  items TEXT,
  made_at {instant} NOT NULL,
  expires_at {instant} NOT NULL
) {clustered};
CREATE INDEX access_token_of ON access_token (account_id);
CREATE INDEX access_token_ends ON access_token (expires_at);
";

const MOVE_POSTGRES: &str = "
INSERT INTO client_secret (hash, account_id, made_at, expires_at)
SELECT token_hash, id, created_at, now() + interval '180 days' FROM account
WHERE token_hash IS NOT NULL AND disabled_at IS NULL;
";

const MOVE_SQLITE: &str = "
INSERT INTO client_secret (hash, account_id, made_at, expires_at)
SELECT token_hash, id, created_at, strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now', '+180 days') FROM account
WHERE token_hash IS NOT NULL AND disabled_at IS NULL;
";
