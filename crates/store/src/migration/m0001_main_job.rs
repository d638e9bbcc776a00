//! The tables of the main job: a file comes in, a look goes out, both leave their trace.
//!
//! Every table that belongs to a person has `person_id` first in its key and no key crosses persons,
//! so the schema can be spread by person without a change of code. `person_key` finds a person by
//! the blind index of his document and is spread by that index.

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0001_main_job"
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
CREATE TABLE person_key (
  blind {bytes} NOT NULL PRIMARY KEY,
  person_id {uuid} NOT NULL,
  name_mark {bytes} NOT NULL
) {clustered};

CREATE TABLE person (
  person_id {uuid} NOT NULL PRIMARY KEY,
  id_kind TEXT NOT NULL,
  sealed {bytes} NOT NULL,
  recorded_at {instant} NOT NULL
) {clustered};

CREATE TABLE document (
  person_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  kind TEXT NOT NULL,
  issuer TEXT NOT NULL,
  decided_on DATE NOT NULL,
  served_on DATE,
  effective_on DATE NOT NULL,
  digest {bytes} NOT NULL,
  PRIMARY KEY (person_id, id)
) {clustered};

CREATE TABLE record (
  person_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  document_id {uuid} NOT NULL,
  item TEXT NOT NULL,
  source TEXT NOT NULL,
  batch_id {uuid},
  severity TEXT,
  fingerprint {bytes} NOT NULL,
  content {bytes} NOT NULL,
  recorded_at {instant} NOT NULL,
  PRIMARY KEY (person_id, id)
) {clustered};
CREATE UNIQUE INDEX record_fingerprint ON record (person_id, fingerprint);

CREATE TABLE record_event (
  person_id {uuid} NOT NULL,
  record_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  kind TEXT NOT NULL,
  day DATE,
  at {instant} NOT NULL,
  PRIMARY KEY (person_id, record_id, id)
) {clustered};

CREATE TABLE notice (
  person_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  record_id {uuid} NOT NULL,
  text TEXT NOT NULL,
  created_at {instant} NOT NULL,
  delivered_at {instant},
  read_at {instant},
  PRIMARY KEY (person_id, id)
) {clustered};

CREATE TABLE batch (
  id {uuid} NOT NULL PRIMARY KEY,
  agency TEXT NOT NULL,
  sent_by {uuid} NOT NULL,
  item TEXT NOT NULL,
  digest {bytes} NOT NULL,
  bytes BIGINT NOT NULL,
  state TEXT NOT NULL,
  failure TEXT,
  rows_read BIGINT NOT NULL,
  accepted BIGINT NOT NULL,
  duplicates BIGINT NOT NULL,
  rejected BIGINT NOT NULL,
  sent_at {instant} NOT NULL,
  ended_at {instant}
) {clustered};
CREATE INDEX batch_of_agency ON batch (agency, sent_at);
CREATE UNIQUE INDEX batch_running ON batch (agency, item, digest) WHERE state = 'running';

CREATE TABLE rejection (
  batch_id {uuid} NOT NULL,
  row_no BIGINT NOT NULL,
  ordinal BIGINT NOT NULL,
  column_title TEXT NOT NULL,
  code TEXT NOT NULL,
  says TEXT NOT NULL,
  next_step TEXT NOT NULL,
  is_sealed BOOLEAN NOT NULL,
  PRIMARY KEY (batch_id, row_no, ordinal)
) {clustered};

CREATE TABLE account (
  id {uuid} NOT NULL PRIMARY KEY,
  login TEXT NOT NULL,
  role TEXT NOT NULL,
  agency TEXT,
  person_id {uuid},
  password_hash TEXT,
  token_hash {bytes},
  created_at {instant} NOT NULL,
  disabled_at {instant}
) {clustered};
CREATE UNIQUE INDEX account_login ON account (login);
CREATE UNIQUE INDEX account_token ON account (token_hash);
CREATE INDEX account_person ON account (person_id);

CREATE TABLE session (
  token_hash {bytes} NOT NULL PRIMARY KEY,
  account_id {uuid} NOT NULL,
  csrf TEXT NOT NULL,
  started_at {instant} NOT NULL,
  seen_at {instant} NOT NULL,
  ends_at {instant} NOT NULL
) {clustered};
CREATE INDEX session_account ON session (account_id);

CREATE TABLE access_entry (
  person_id {uuid} NOT NULL,
  log TEXT NOT NULL,
  seq BIGINT NOT NULL,
  at {instant} NOT NULL,
  door TEXT NOT NULL,
  outcome TEXT NOT NULL,
  account_id {uuid} NOT NULL,
  agency TEXT,
  purpose TEXT,
  detail {bytes} NOT NULL,
  salt {bytes} NOT NULL,
  PRIMARY KEY (person_id, log, seq)
) {clustered};
CREATE INDEX access_entry_seq ON access_entry (log, seq);

CREATE TABLE log_leaf (
  log TEXT NOT NULL,
  seq BIGINT NOT NULL,
  hash {bytes} NOT NULL,
  seal {bytes} NOT NULL,
  PRIMARY KEY (log, seq)
) {clustered};

CREATE TABLE log_node (
  log TEXT NOT NULL,
  level BIGINT NOT NULL,
  idx BIGINT NOT NULL,
  hash {bytes} NOT NULL,
  PRIMARY KEY (log, level, idx)
) {clustered};

CREATE TABLE log_head (
  log TEXT NOT NULL,
  size BIGINT NOT NULL,
  root {bytes} NOT NULL,
  at {instant} NOT NULL,
  signature {bytes} NOT NULL,
  PRIMARY KEY (log, size)
) {clustered};

CREATE TABLE log_state (
  log TEXT NOT NULL PRIMARY KEY,
  size BIGINT NOT NULL,
  frontier {bytes} NOT NULL
) {clustered};
";
