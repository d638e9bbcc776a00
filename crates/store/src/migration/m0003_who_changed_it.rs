//! Whoever contests, suspends or withdraws a record is remembered with the step: it hides or marks a
//! lawful fact for every body, so it must be answered for.

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0003_who_changed_it"
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

/// Null where it was nobody's own decision: a row of a batch entered, a notice reached the person.
const SQL: &str = "ALTER TABLE record_event ADD COLUMN account_id {uuid};";
