//! Columns of a file that were not read are remembered, so that whoever sent it sees them later too.

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0002_unread_columns"
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

/// A JSON list of headers, as the file has them.
const SQL: &str = "ALTER TABLE batch ADD COLUMN unread TEXT NOT NULL DEFAULT '[]';";
