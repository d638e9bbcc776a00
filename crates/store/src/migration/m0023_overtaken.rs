//! A correction that says "for now" can be overtaken by the next before anybody has acknowledged it: then it is not
//! carried, reminded of or waited for any more.

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0023_overtaken"
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

/// Widening only: yesterday's code takes an overtaken one for acknowledged.
const SQL: &str = "
ALTER TABLE correction ADD COLUMN is_overtaken BOOLEAN NOT NULL DEFAULT FALSE;
";
