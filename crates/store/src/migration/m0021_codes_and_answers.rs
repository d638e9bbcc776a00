//! Two things that reach a person. Codes are counted by day, so that nobody has them sent at will to other
//! people's telephones; and a notice can tell the answer to a question about a look that showed no record.

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0021_codes_and_answers"
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

/// Of an address only a keyed hash is kept, and only for the day. Two codes at the same moment have the same
/// number of that day, and one of them is refused. Widening only: a notice about no record names the nil one.
const SQL: &str = "
CREATE TABLE code_sent (
  person_id {uuid} NOT NULL,
  sent_on DATE NOT NULL,
  nth INTEGER NOT NULL,
  address_mark {bytes} NOT NULL,
  address_nth INTEGER NOT NULL,
  sent_at {instant} NOT NULL,
  PRIMARY KEY (person_id, sent_on, nth)
) {clustered};
CREATE UNIQUE INDEX code_sent_to ON code_sent (address_mark, sent_on, address_nth);
CREATE INDEX code_sent_on ON code_sent (sent_on);
ALTER TABLE notice ADD COLUMN inquiry_id {uuid};
";
