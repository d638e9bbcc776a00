//! Signing in by two factors, devices that one sees and ends, accounts that one asks for and another grants (I12).

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0030_second_factor"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, SQL).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// Sessions that are open end: yesterday's were begun by a password alone.
const SQL: &str = "
DELETE FROM session;
ALTER TABLE account ADD COLUMN is_temporary BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE session ADD COLUMN id {uuid};
ALTER TABLE session ADD COLUMN stage TEXT NOT NULL DEFAULT 'in';
ALTER TABLE session ADD COLUMN browser TEXT NOT NULL DEFAULT '';
CREATE INDEX session_of_account ON session (account_id);

CREATE TABLE second_factor (
  account_id {uuid} NOT NULL,
  secret {bytes} NOT NULL,
  used_step BIGINT NOT NULL,
  added_at {instant} NOT NULL,
  PRIMARY KEY (account_id)
) {clustered};

CREATE TABLE spare_code (
  account_id {uuid} NOT NULL,
  mark {bytes} NOT NULL,
  PRIMARY KEY (account_id, mark)
) {clustered};

CREATE TABLE account_request (
  id {uuid} NOT NULL,
  wish TEXT NOT NULL,
  login TEXT NOT NULL,
  role TEXT NOT NULL,
  agency TEXT,
  reasons TEXT NOT NULL,
  asked_by {uuid} NOT NULL,
  asked_at {instant} NOT NULL,
  decided_by {uuid},
  decided_at {instant},
  is_granted BOOLEAN,
  PRIMARY KEY (id)
) {clustered};
CREATE INDEX account_request_open ON account_request (asked_at) WHERE decided_at IS NULL;
CREATE UNIQUE INDEX account_request_once ON account_request (login, wish) WHERE decided_at IS NULL;
";
