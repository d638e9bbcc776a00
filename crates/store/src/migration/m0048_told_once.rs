//! Who should not have been looked at is told some at a time, and once: beside each look stands whether its person has
//! been. And of those who tell the people of an incident one does so at a time.

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0048_told_once"
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

/// Widening only. Until now everybody was told in the transaction of the finding itself.
const SQL: &str = "
ALTER TABLE supervision_look ADD COLUMN told TEXT;
UPDATE supervision_look SET told = 'told' WHERE is_wrongful = TRUE;
CREATE INDEX supervision_look_untold ON supervision_look (case_id) WHERE is_wrongful = TRUE AND told IS NULL;

ALTER TABLE incident ADD COLUMN telling_by {uuid};
ALTER TABLE incident ADD COLUMN telling_until {instant};
";
