//! Consents: by nothing else do honours and volunteering exist (I11). Those that have ended stay, to show that
//! what was kept was allowed.

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0018_consent"
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

const SQL: &str = "
CREATE TABLE consent (
  person_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  item TEXT NOT NULL,
  given_at {instant} NOT NULL,
  until DATE NOT NULL,
  ended_at {instant},
  PRIMARY KEY (person_id, id)
) {clustered};
CREATE UNIQUE INDEX consent_once ON consent (person_id, item) WHERE ended_at IS NULL;
DROP INDEX record_event_change;
CREATE INDEX record_event_change ON record_event (at)
  WHERE kind IN ('corrected', 'deleted', 'withdrawn', 'annulled', 'repaired', 'consent-ended', 'removed');
";
