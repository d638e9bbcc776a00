//! What happened to accounts, by whom; whom a work account is asked for; the code without which a new second factor is not
//! set up; and what else a machine was let in for.

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0039_account_event"
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

/// Widening only. Number and name of whom an account is asked for lie sealed, and only until that is decided. A machine
/// whose purposes were named looks by no mandate any more, as was said when it was let in; a token that was asked for in
/// words is for what was named and nothing beside it.
const SQL: &str = "
ALTER TABLE account ADD COLUMN also TEXT;
ALTER TABLE access_token ADD COLUMN also TEXT;
UPDATE account SET also = 'corrections' WHERE purposes IS NOT NULL AND role = 'system';
UPDATE access_token SET also = '' WHERE purposes IS NOT NULL OR items IS NOT NULL;

ALTER TABLE account_request ADD COLUMN id_kind TEXT;
ALTER TABLE account_request ADD COLUMN sealed {bytes};
ALTER TABLE account_request ADD COLUMN code_mark {bytes};

CREATE TABLE enrolment (
  account_id {uuid} NOT NULL,
  mark {bytes} NOT NULL,
  ends_at {instant} NOT NULL,
  PRIMARY KEY (account_id)
) {clustered};

CREATE TABLE account_event (
  account_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  kind TEXT NOT NULL,
  by_account {uuid},
  at {instant} NOT NULL,
  PRIMARY KEY (account_id, id)
) {clustered};
CREATE INDEX account_event_at ON account_event (at);
";
