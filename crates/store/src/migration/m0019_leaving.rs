//! Whoever something was erased of is noted until the job has looked whether anything is left: a job that is cut off,
//! or an account that is switched off later, forgets nobody.

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0019_leaving"
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
CREATE TABLE leaving (
  person_id {uuid} NOT NULL,
  PRIMARY KEY (person_id)
) {clustered};
";
