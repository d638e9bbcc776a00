//! Mandates: the person lets a named body look.

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0014_mandate"
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

/// A code leads to its mandate through a table of its own, spread by the code as `person_key` is.
const SQL: &str = "
CREATE TABLE mandate (
  person_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  number TEXT NOT NULL,
  grantee TEXT NOT NULL,
  purpose {bytes} NOT NULL,
  items TEXT NOT NULL,
  until DATE NOT NULL,
  uses INTEGER NOT NULL,
  used INTEGER NOT NULL,
  given_at {instant} NOT NULL,
  revoked_at {instant},
  PRIMARY KEY (person_id, id)
) {clustered};

CREATE TABLE mandate_code (
  mark {bytes} NOT NULL PRIMARY KEY,
  person_id {uuid} NOT NULL,
  mandate_id {uuid} NOT NULL
) {clustered};
CREATE INDEX mandate_code_of ON mandate_code (person_id, mandate_id);
";
