//! Rights of the person: objections with their papers, corrections to whoever received a wrong fact, and
//! what an event says (a corrected content, the person's own words).

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0004_rights"
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

/// One open objection to a record at a time; one correction for each change and receiver.
const SQL: &str = "
ALTER TABLE record_event ADD COLUMN content {bytes};
CREATE INDEX record_event_change ON record_event (at) WHERE kind IN ('corrected', 'deleted', 'withdrawn');

CREATE TABLE objection (
  person_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  record_id {uuid} NOT NULL,
  number TEXT NOT NULL,
  agency TEXT NOT NULL,
  ground TEXT NOT NULL,
  request TEXT NOT NULL,
  state TEXT NOT NULL,
  received_at {instant} NOT NULL,
  answer_due DATE NOT NULL,
  due DATE NOT NULL,
  is_extended BOOLEAN NOT NULL,
  outcome TEXT,
  closed_at {instant},
  PRIMARY KEY (person_id, id)
) {clustered};
CREATE UNIQUE INDEX objection_open ON objection (person_id, record_id) WHERE closed_at IS NULL;
CREATE INDEX objection_of_agency ON objection (agency, answer_due);
CREATE INDEX objection_due ON objection (due) WHERE closed_at IS NULL;

CREATE TABLE case_step (
  person_id {uuid} NOT NULL,
  case_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  kind TEXT NOT NULL,
  account_id {uuid},
  at {instant} NOT NULL,
  words {bytes},
  PRIMARY KEY (person_id, case_id, id)
) {clustered};

CREATE TABLE paper (
  person_id {uuid} NOT NULL,
  case_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  name {bytes} NOT NULL,
  kind TEXT NOT NULL,
  size BIGINT NOT NULL,
  digest {bytes} NOT NULL,
  is_of_agency BOOLEAN NOT NULL,
  at {instant} NOT NULL,
  PRIMARY KEY (person_id, case_id, id)
) {clustered};
CREATE INDEX paper_id ON paper (id);

CREATE TABLE correction (
  person_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  record_id {uuid} NOT NULL,
  event_id {uuid} NOT NULL,
  receiver TEXT NOT NULL,
  change TEXT NOT NULL,
  look BIGINT NOT NULL,
  sent_at {instant} NOT NULL,
  due DATE NOT NULL,
  reminded_at {instant},
  acknowledged_at {instant},
  acknowledged_by {uuid},
  PRIMARY KEY (person_id, id)
) {clustered};
CREATE UNIQUE INDEX correction_once ON correction (person_id, event_id, receiver);
CREATE INDEX correction_of_receiver ON correction (receiver, due);
CREATE INDEX correction_due ON correction (due) WHERE acknowledged_at IS NULL;
";
