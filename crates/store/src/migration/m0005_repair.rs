//! Repair: what was rightly recorded ends early.

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0005_repair"
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

/// One open repair of a record at a time.
const SQL: &str = "
CREATE TABLE repair (
  person_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  record_id {uuid} NOT NULL,
  number TEXT NOT NULL,
  agency TEXT NOT NULL,
  state TEXT NOT NULL,
  received_at {instant} NOT NULL,
  accept_due DATE NOT NULL,
  due DATE NOT NULL,
  is_extended BOOLEAN NOT NULL,
  is_heard BOOLEAN NOT NULL,
  closed_at {instant},
  PRIMARY KEY (person_id, id)
) {clustered};
CREATE UNIQUE INDEX repair_open ON repair (person_id, record_id) WHERE closed_at IS NULL;
CREATE INDEX repair_of_agency ON repair (agency, due);
CREATE INDEX repair_due ON repair (due) WHERE closed_at IS NULL;
DROP INDEX record_event_change;
CREATE INDEX record_event_change ON record_event (at)
  WHERE kind IN ('corrected', 'deleted', 'withdrawn', 'repaired');
";
