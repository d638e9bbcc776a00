//! Migrations 结构变更: one file, one change, its reason first, forward only.

use sea_orm_migration::prelude::*;

mod m0001_main_job;
mod m0002_unread_columns;
mod m0003_who_changed_it;
mod m0004_rights;
mod m0005_repair;
mod m0011_inquiry;
mod m0012_challenge;
mod m0013_duty;
mod m0014_mandate;
mod m0015_delivery;
mod m0016_report;
mod m0017_retention;
mod m0018_consent;
mod m0019_leaving;
mod m0020_report_asked;
mod m0021_codes_and_answers;
mod m0022_key_mark;
mod m0023_overtaken;
mod m0030_second_factor;
mod m0031_client;
mod m0032_identity;
mod m0033_supervision;
mod m0034_incident;
mod m0035_passkey;
mod m0036_directory_key;
mod m0037_tries;
mod m0039_account_event;
mod m0048_told_once;

/// All changes, oldest first.
pub(crate) struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_main_job::Migration),
            Box::new(m0002_unread_columns::Migration),
            Box::new(m0003_who_changed_it::Migration),
            Box::new(m0004_rights::Migration),
            Box::new(m0005_repair::Migration),
            Box::new(m0011_inquiry::Migration),
            Box::new(m0012_challenge::Migration),
            Box::new(m0013_duty::Migration),
            Box::new(m0014_mandate::Migration),
            Box::new(m0015_delivery::Migration),
            Box::new(m0016_report::Migration),
            Box::new(m0017_retention::Migration),
            Box::new(m0018_consent::Migration),
            Box::new(m0019_leaving::Migration),
            Box::new(m0020_report_asked::Migration),
            Box::new(m0021_codes_and_answers::Migration),
            Box::new(m0022_key_mark::Migration),
            Box::new(m0023_overtaken::Migration),
            Box::new(m0030_second_factor::Migration),
            Box::new(m0031_client::Migration),
            Box::new(m0032_identity::Migration),
            Box::new(m0033_supervision::Migration),
            Box::new(m0034_incident::Migration),
            Box::new(m0035_passkey::Migration),
            Box::new(m0036_directory_key::Migration),
            Box::new(m0037_tries::Migration),
            Box::new(m0039_account_event::Migration),
            Box::new(m0048_told_once::Migration),
        ]
    }
}

/// All of them or none: a change that is cut off half-way must be able to run again, so each migration
/// also says `use_transaction` (the library's own default leaves SQLite without one).
///
/// Runs statements that are written once for both engines: `{uuid}`, `{bytes}`, `{instant}` stand
/// for types, and `{clustered}` keeps a table in the order of its key where the engine can.
pub(crate) async fn run(manager: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    let postgres = manager.get_database_backend() == sea_orm::DbBackend::Postgres;
    let words: [(&str, &str); 4] = if postgres {
        [
            ("{uuid}", "uuid"),
            ("{bytes}", "bytea"),
            ("{instant}", "timestamptz"),
            ("{clustered}", ""),
        ]
    } else {
        [
            ("{uuid}", "BLOB"),
            ("{bytes}", "BLOB"),
            ("{instant}", "TEXT"),
            ("{clustered}", "WITHOUT ROWID"),
        ]
    };
    let mut sql = sql.to_owned();
    for (place, word) in words {
        sql = sql.replace(place, word);
    }
    for statement in sql.split(';').map(str::trim).filter(|statement| !statement.is_empty()) {
        manager.get_connection().execute_unprepared(statement).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_that_is_cut_off_leaves_nothing_behind() {
        for migration in Migrator::migrations() {
            assert_eq!(migration.use_transaction(), Some(true), "{}", migration.name());
        }
    }
}
