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

/// Whatever is sealed is sealed anew when keys rotate: a new column of bytes must stand in `store::sealed`, or here with
/// its reason.
#[test]
fn every_column_of_bytes_is_sealed_anew_or_holds_nothing_sealed() {
    let others = [
        // Sealed with the key of a month, with which it goes.
        "access_entry.detail",
        // Random, and hashes of what is random: nobody guesses it.
        "access_entry.salt",
        "access_token.hash",
        "access_token.secret_hash",
        "account.token_hash",
        "calendar_key.token_hash",
        "client_secret.hash",
        "session.token_hash",
        "enrolment.mark",
        "account_request.code_mark",
        // Keyed hashes of what is not here any more, or was shown once: they stay with the first key.
        "code_sent.address_mark",
        "erased.decision",
        "erased.fingerprint",
        "identity_doubt.subject_mark",
        "identity_spent.mark",
        "identity_subject.mark",
        "mandate_code.mark",
        "passkey.mark",
        "record.fingerprint",
        "report.fingerprint",
        "report_code.mark",
        "spare_code.mark",
        "wrong_try.mark",
        // The directory, and who was looked up in it before he was known, which moves by itself.
        "person_key.blind",
        "person_key.name_mark",
        "report.blind",
        "report.name_mark",
        // Digests of what was issued or sent.
        "batch.digest",
        "document.digest",
        "paper.digest",
        "report.digest",
        // The log, and what tells the month keys of this register.
        "key_mark.mark",
        "log_head.root",
        "log_head.signature",
        "log_leaf.hash",
        "log_leaf.seal",
        "log_node.hash",
        "log_state.frontier",
    ];
    let sealed: Vec<String> = store::sealed::COLUMNS
        .iter()
        .map(|column| format!("{}.{}", column.table, column.column))
        .collect();
    let schema = include_str!("../../../store/schema/postgres.snap");
    let mut seen = 0;
    for line in schema.lines() {
        let mut words = line.split(' ');
        let (Some(column), Some("bytea")) = (words.next(), words.next()) else { continue };
        let is_sealed = sealed.iter().any(|known| known == column);
        assert!(is_sealed != others.contains(&column), "{column}: is it sealed? By which key?");
        seen += usize::from(is_sealed);
    }
    assert_eq!(seen, sealed.len(), "a column of store::sealed is not there");
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
