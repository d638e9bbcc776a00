//! Passkeys beside the codes of an app, and challenges that one of them has answered.

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0035_passkey"
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

/// Widening only. What a passkey is called lies sealed, because people call it by their own name, and so does its public
/// key, so that nobody who writes into the database puts in his own. It is found by a keyed hash, which no two accounts
/// share.
const SQL: &str = "
CREATE TABLE passkey (
  id {uuid} NOT NULL,
  account_id {uuid} NOT NULL,
  mark {bytes} NOT NULL,
  name {bytes} NOT NULL,
  credential {bytes} NOT NULL,
  counter BIGINT NOT NULL,
  added_at {instant} NOT NULL,
  used_at {instant},
  PRIMARY KEY (id)
) {clustered};
CREATE UNIQUE INDEX passkey_mark ON passkey (mark);
CREATE INDEX passkey_account ON passkey (account_id);

CREATE TABLE passkey_spent (
  id {uuid} NOT NULL,
  ends_at {instant} NOT NULL,
  PRIMARY KEY (id)
) {clustered};
CREATE INDEX passkey_spent_ends ON passkey_spent (ends_at);
";
