//! Supervision of look-ups: cases that the office finds and bodies explain, the looks that they are about, and how
//! each account works on a usual day.
//!
//! No table here leads to a person: a look is its position in the log. The words and papers of a case lie where those
//! of every case lie, with the case itself in the place of the person.

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0033_supervision"
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

/// Widening only. What found a case is its key, so that it is found once; a notice may be about a look.
const SQL: &str = "
CREATE TABLE supervision (
  id {uuid} NOT NULL PRIMARY KEY,
  number TEXT NOT NULL,
  found_by TEXT NOT NULL,
  origin TEXT NOT NULL,
  rule TEXT,
  agency TEXT NOT NULL,
  account_id {uuid},
  first_at {instant} NOT NULL,
  last_at {instant} NOT NULL,
  looks BIGINT NOT NULL,
  persons BIGINT NOT NULL,
  found_at {instant} NOT NULL,
  state TEXT NOT NULL,
  asked_by {uuid},
  asked_at {instant},
  due DATE,
  answered_by {uuid},
  answered_at {instant},
  closed_by {uuid},
  closed_at {instant},
  finding TEXT
) {clustered};
CREATE UNIQUE INDEX supervision_once ON supervision (found_by);
CREATE INDEX supervision_of_agency ON supervision (agency, due);
CREATE INDEX supervision_open ON supervision (found_at) WHERE closed_at IS NULL;

CREATE TABLE supervision_look (
  case_id {uuid} NOT NULL,
  seq BIGINT NOT NULL,
  is_wrongful BOOLEAN NOT NULL,
  PRIMARY KEY (case_id, seq)
) {clustered};
CREATE INDEX supervision_look_seq ON supervision_look (seq);

CREATE TABLE supervision_day (
  account_id {uuid} NOT NULL,
  day DATE NOT NULL,
  looks BIGINT NOT NULL,
  fruitless BIGINT NOT NULL,
  PRIMARY KEY (account_id, day)
) {clustered};

CREATE TABLE supervision_mark (
  name TEXT NOT NULL PRIMARY KEY,
  day DATE NOT NULL
) {clustered};

ALTER TABLE notice ADD COLUMN look BIGINT;
";
