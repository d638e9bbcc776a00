//! Wrong passwords and codes are counted where all server processes see them, so that two of them are guessed at no
//! faster than one, and a restart forgets nothing.

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0037_tries"
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

/// Widening only. What is counted stands as a keyed hash: neither names of accounts nor addresses lie here, and a count
/// goes an hour after its last try.
const SQL: &str = "
CREATE TABLE wrong_try (
  mark {bytes} NOT NULL,
  wrong BIGINT NOT NULL,
  first_at {instant} NOT NULL,
  last_at {instant} NOT NULL,
  free_at {instant} NOT NULL,
  PRIMARY KEY (mark)
) {clustered};
CREATE INDEX wrong_try_last ON wrong_try (last_at);
";
