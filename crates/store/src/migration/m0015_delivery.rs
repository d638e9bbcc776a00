//! What leaves the house, and where a person is told.

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0015_delivery"
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

/// A delivery counts once by its key. What is due is found by state and time; who took it last, by fence.
const SQL: &str = "
CREATE TABLE contact (
  person_id {uuid} NOT NULL PRIMARY KEY,
  id {uuid} NOT NULL,
  channel TEXT NOT NULL,
  address {bytes} NOT NULL,
  code {bytes} NOT NULL,
  code_until {instant} NOT NULL,
  tries INTEGER NOT NULL,
  confirmed_at {instant}
) {clustered};

CREATE TABLE outbox (
  person_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  key TEXT NOT NULL,
  channel TEXT NOT NULL,
  load TEXT NOT NULL,
  about {uuid} NOT NULL,
  receiver TEXT,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  fence BIGINT NOT NULL,
  run_after {instant} NOT NULL,
  leased_until {instant},
  fault TEXT,
  created_at {instant} NOT NULL,
  ended_at {instant},
  served_on DATE,
  PRIMARY KEY (person_id, id)
) {clustered};
CREATE UNIQUE INDEX outbox_key ON outbox (person_id, key);
CREATE INDEX outbox_due ON outbox (state, run_after);

ALTER TABLE notice ADD COLUMN sent_at {instant};
ALTER TABLE notice ADD COLUMN delivery_id {uuid};
";
