//! Challenges: a decision before the body that reviews it, or a court.

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0012_challenge"
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

/// One open challenge of a record at a time.
const SQL: &str = "
CREATE TABLE challenge (
  person_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  record_id {uuid} NOT NULL,
  number TEXT NOT NULL,
  agency TEXT NOT NULL,
  course TEXT NOT NULL,
  state TEXT NOT NULL,
  received_at {instant} NOT NULL,
  ending TEXT,
  due DATE,
  is_suspended BOOLEAN NOT NULL,
  closed_at {instant},
  PRIMARY KEY (person_id, id)
) {clustered};
CREATE UNIQUE INDEX challenge_open ON challenge (person_id, record_id) WHERE closed_at IS NULL;
CREATE INDEX challenge_of_agency ON challenge (agency, due);
CREATE INDEX challenge_due ON challenge (due) WHERE closed_at IS NULL;
DROP INDEX record_event_change;
CREATE INDEX record_event_change ON record_event (at)
  WHERE kind IN ('corrected', 'deleted', 'withdrawn', 'annulled', 'repaired');
";
