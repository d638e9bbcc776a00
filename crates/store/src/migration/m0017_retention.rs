//! What must be gone by a day: when each record goes, what keeps one that was deleted as wrong from coming
//! back once it is gone, who opened what is sealed, and who has died.

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0017_retention"
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

/// Widening only. Records of before have no `erase_on` until the job has worked it out.
const SQL: &str = "
ALTER TABLE record ADD COLUMN erase_on DATE;
CREATE INDEX record_erase ON record (erase_on) WHERE erase_on IS NOT NULL;
CREATE INDEX record_undated ON record (id) WHERE erase_on IS NULL AND severity IS NOT NULL;
ALTER TABLE person_key ADD COLUMN died_on DATE;

CREATE TABLE erased (
  person_id {uuid} NOT NULL,
  record_id {uuid} NOT NULL,
  fingerprint {bytes} NOT NULL,
  decision {bytes},
  erased_at {instant} NOT NULL,
  forget_on DATE NOT NULL,
  PRIMARY KEY (person_id, record_id)
) {clustered};
CREATE INDEX erased_forget ON erased (forget_on);

CREATE TABLE opening (
  person_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  record_id {uuid},
  number TEXT NOT NULL,
  ground TEXT NOT NULL,
  wish TEXT NOT NULL,
  detail {bytes} NOT NULL,
  asked_by {uuid} NOT NULL,
  asked_at {instant} NOT NULL,
  decided_by {uuid},
  decided_at {instant},
  is_granted BOOLEAN,
  open_until {instant},
  reasons {bytes},
  PRIMARY KEY (person_id, id)
) {clustered};
CREATE INDEX opening_asked ON opening (asked_at);

CREATE TABLE death (
  person_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  number TEXT NOT NULL,
  died_on DATE NOT NULL,
  detail {bytes} NOT NULL,
  noted_by {uuid} NOT NULL,
  noted_at {instant} NOT NULL,
  confirmed_by {uuid},
  confirmed_at {instant},
  ended_at {instant},
  PRIMARY KEY (person_id, id)
) {clustered};
CREATE UNIQUE INDEX death_once ON death (person_id) WHERE ended_at IS NULL;
CREATE INDEX death_noted ON death (noted_at);
";
