//! Persons come in through an identity service. Its name for somebody is kept as a keyed hash beside whom it means;
//! an answer is used once; and what the service and the register do not agree on waits for the office.

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0032_identity"
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

/// Widening only. `identity_subject` is a directory like `person_key`: it leads to a person and says nothing of him.
/// The same doubt is noted once, however often somebody tries.
const SQL: &str = "
CREATE TABLE identity_subject (
  mark {bytes} NOT NULL PRIMARY KEY,
  person_id {uuid} NOT NULL,
  bound_at {instant} NOT NULL,
  seen_at {instant} NOT NULL
) {clustered};
CREATE INDEX identity_subject_person ON identity_subject (person_id);

CREATE TABLE identity_spent (
  mark {bytes} NOT NULL PRIMARY KEY,
  ends_at {instant} NOT NULL
) {clustered};
CREATE INDEX identity_spent_ends ON identity_spent (ends_at);

CREATE TABLE identity_doubt (
  id {uuid} NOT NULL PRIMARY KEY,
  number TEXT NOT NULL,
  kind TEXT NOT NULL,
  subject_mark {bytes} NOT NULL,
  person_id {uuid} NOT NULL,
  at {instant} NOT NULL,
  settled_at {instant},
  settled_by {uuid},
  outcome TEXT
) {clustered};
CREATE INDEX identity_doubt_person ON identity_doubt (person_id);
CREATE UNIQUE INDEX identity_doubt_once ON identity_doubt (subject_mark, kind, person_id) WHERE settled_at IS NULL;
";
