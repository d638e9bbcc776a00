//! Reports that were issued, and the codes by which anyone who holds one can check it.

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0016_report"
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

/// Of a report its digest is kept and not its text. A code leads to its report through a table of its own.
const SQL: &str = "
CREATE TABLE report (
  person_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  number TEXT NOT NULL,
  purpose TEXT,
  fingerprint {bytes} NOT NULL,
  digest {bytes} NOT NULL,
  issued_at {instant} NOT NULL,
  issued_by {uuid} NOT NULL,
  PRIMARY KEY (person_id, id)
) {clustered};

CREATE TABLE report_code (
  mark {bytes} NOT NULL PRIMARY KEY,
  person_id {uuid} NOT NULL,
  report_id {uuid} NOT NULL
) {clustered};
";
