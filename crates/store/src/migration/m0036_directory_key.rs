//! The keys that lead from a document to a person rotate without a stop. Which of them does what stands here and not
//! beside the keys: it must be that of the rows, also after a backup was put back. A row of the directory names its key,
//! and a person may have several rows while the directory moves.
//! Widening only: yesterday's code writes rows of the first key, and there is no other before somebody rotates.

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0036_directory_key"
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

/// The first key of every register has number 1. `looks` is the size of the log when the key made no stand-ins any more.
const SQL: &str = "
ALTER TABLE person_key ADD COLUMN key_id INTEGER NOT NULL DEFAULT 1;
CREATE INDEX person_key_person ON person_key (person_id);
CREATE INDEX report_blind ON report (blind) WHERE blind IS NOT NULL;

CREATE TABLE directory_key (
  key_id INTEGER NOT NULL PRIMARY KEY,
  state TEXT NOT NULL,
  since {instant},
  looks BIGINT
) {clustered};
INSERT INTO directory_key (key_id, state) VALUES (1, 'read');
";
