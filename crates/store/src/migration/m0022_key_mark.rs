//! Which keys the database was sealed with: two nodes that begin at once, or a file that is lost, are found out before
//! anything is sealed that nobody could open.

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0022_key_mark"
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

/// Widening only.
const SQL: &str = "
CREATE TABLE key_mark (
  name TEXT NOT NULL,
  mark {bytes} NOT NULL,
  PRIMARY KEY (name)
) {clustered};
";
