//! The schema as text, for whoever reviews a change of it.

use rstest::rstest;
use testkit::Engine::{Postgres, Sqlite};
use testkit::{City, Engine};

#[rstest]
#[case(Sqlite, "sqlite")]
#[case(Postgres, "postgres")]
#[tokio::test]
async fn the_schema_is_the_one_that_was_reviewed(#[case] engine: Engine, #[case] name: &str) {
    let city = City::on(engine).await;
    let schema = city.cx.store.schema().await.unwrap();
    let beside_the_migrations = "../../../store/schema";
    insta::with_settings!(
        { snapshot_path => beside_the_migrations, prepend_module_to_snapshot => false },
        { insta::assert_snapshot!(name, schema) }
    );
}

/// A copy holds what every table keeps about the person (个人信息保护法 45): a new table must be thought of in
/// `my::copy`, or here with its reason.
#[test]
fn a_copy_thinks_of_every_table_about_persons() {
    let copied = [
        "person",
        "record",
        "record_event",
        "document",
        "notice",
        "access_entry",
        "objection",
        "repair",
        "challenge",
        "case_step",
        "paper",
        "inquiry",
        "mandate",
        "consent",
        "contact",
        "outbox",
        "correction",
        "report",
        "opening",
    ];
    let left_out = [
        // Keyed hashes that lead to a person or to something of his; they say nothing.
        "person_key",
        "mandate_code",
        "report_code",
        "erased",
        "identity_subject",
        // That the job has to look whether anything of him is left.
        "leaving",
        // How many codes went out today, by a keyed hash of where to.
        "code_sent",
        // His own account, which he signs in with; a death is noted when he can ask for nothing any more.
        "account",
        "death",
        // That the identity service and the register did not agree: a number, which he was told, and no fact.
        "identity_doubt",
    ];
    let schema = include_str!("../../../store/schema/sqlite.snap");
    let mut table = "";
    for line in schema.lines() {
        if let Some(rest) = line.strip_prefix("CREATE TABLE ") {
            table = rest.split_whitespace().next().unwrap();
        }
        if line.trim_start().starts_with("person_id ") {
            let known = copied.contains(&table) || left_out.contains(&table);
            assert!(known, "{table}: is it in the copy that a person takes away?");
        }
    }
}
