//! Inquiries: the person asks why somebody looked at him.

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0011_inquiry"
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

/// One inquiry about a look.
const SQL: &str = "
CREATE TABLE inquiry (
  person_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  look BIGINT NOT NULL,
  number TEXT NOT NULL,
  agency TEXT NOT NULL,
  state TEXT NOT NULL,
  asked_at {instant} NOT NULL,
  due DATE NOT NULL,
  closed_at {instant},
  PRIMARY KEY (person_id, id)
) {clustered};
CREATE UNIQUE INDEX inquiry_once ON inquiry (person_id, look);
CREATE INDEX inquiry_of_agency ON inquiry (agency, due);
CREATE INDEX inquiry_due ON inquiry (due) WHERE closed_at IS NULL;
";
