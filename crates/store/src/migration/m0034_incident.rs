//! Incidents with their steps, searches and tasks, impact assessments that the office wrote, and notices about an
//! incident instead of a record.

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0034_incident"
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

/// Words are sealed; who is affected stands sealed in the search that found him, one list a search. A person is told
/// of an incident once. Widening only: a notice about no record names the nil one.
const SQL: &str = "
CREATE TABLE incident (
  id {uuid} NOT NULL,
  number TEXT NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  is_drill BOOLEAN NOT NULL,
  detail {bytes} NOT NULL,
  announcement {bytes},
  reported_at {instant} NOT NULL,
  reported_by {uuid},
  notice_due {instant} NOT NULL,
  people TEXT NOT NULL,
  people_by {uuid},
  people_at {instant},
  authority_at {instant},
  moved_by {uuid},
  closed_at {instant},
  PRIMARY KEY (id)
) {clustered};
CREATE INDEX incident_reported ON incident (reported_at);

CREATE TABLE incident_step (
  incident_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  kind TEXT NOT NULL,
  account_id {uuid},
  at {instant} NOT NULL,
  words {bytes},
  PRIMARY KEY (incident_id, id)
) {clustered};

CREATE TABLE incident_search (
  incident_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  account_id {uuid} NOT NULL,
  at {instant} NOT NULL,
  criteria {bytes} NOT NULL,
  persons {bytes} NOT NULL,
  affected BIGINT NOT NULL,
  PRIMARY KEY (incident_id, id)
) {clustered};

CREATE TABLE incident_task (
  incident_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  what {bytes} NOT NULL,
  owner {uuid} NOT NULL,
  is_technical BOOLEAN NOT NULL,
  due DATE NOT NULL,
  set_by {uuid} NOT NULL,
  set_at {instant} NOT NULL,
  done_by {uuid},
  done_at {instant},
  PRIMARY KEY (incident_id, id)
) {clustered};

CREATE TABLE impact_assessment (
  id {uuid} NOT NULL,
  number TEXT NOT NULL,
  scope TEXT NOT NULL,
  code TEXT NOT NULL,
  title TEXT NOT NULL,
  lawfulness TEXT NOT NULL,
  effects TEXT NOT NULL,
  measures TEXT NOT NULL,
  is_fit BOOLEAN NOT NULL,
  conclusion TEXT NOT NULL,
  review_by DATE NOT NULL,
  written_by {uuid} NOT NULL,
  written_at {instant} NOT NULL,
  decided_by {uuid},
  decided_at {instant},
  is_approved BOOLEAN,
  reasons TEXT,
  PRIMARY KEY (id)
) {clustered};
CREATE UNIQUE INDEX impact_assessment_number ON impact_assessment (number);

ALTER TABLE notice ADD COLUMN incident_id {uuid};
CREATE UNIQUE INDEX notice_of_incident ON notice (incident_id, person_id) WHERE incident_id IS NOT NULL;
";
