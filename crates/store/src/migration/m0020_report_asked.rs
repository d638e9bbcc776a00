//! Reports about whom the register does not know: by what they were asked for, so that they do not hold for ever.

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0020_report_asked"
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

/// Keyed hashes only. Whoever is known has none: his own identifier leads to him. Widening only.
const SQL: &str = "
ALTER TABLE report ADD COLUMN blind {bytes};
ALTER TABLE report ADD COLUMN name_mark {bytes};
CREATE INDEX report_asked ON report (issued_at) WHERE blind IS NOT NULL;
";
