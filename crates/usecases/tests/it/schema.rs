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
