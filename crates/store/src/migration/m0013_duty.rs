//! Duties: who was reminded of what, and the calendars that officers subscribe to.

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0013_duty"
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

/// A duty is reminded of once a stage; a new last day begins anew. One calendar address an account.
const SQL: &str = "
CREATE TABLE reminder (
  case_id {uuid} NOT NULL,
  due DATE NOT NULL,
  stage TEXT NOT NULL,
  kind TEXT NOT NULL,
  number TEXT NOT NULL,
  agency TEXT NOT NULL,
  at {instant} NOT NULL,
  PRIMARY KEY (case_id, due, stage)
) {clustered};
CREATE INDEX reminder_of_agency ON reminder (agency, at);

CREATE TABLE calendar_key (
  account_id {uuid} NOT NULL PRIMARY KEY,
  token_hash {bytes} NOT NULL,
  made_at {instant} NOT NULL
) {clustered};
CREATE UNIQUE INDEX calendar_key_token ON calendar_key (token_hash);
";
