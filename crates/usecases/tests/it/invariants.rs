//! One test for each promise of the house that the main job must keep.

use register::{Role, Standing};
use rstest::rstest;
use testkit::Engine::{Postgres, Sqlite};
use testkit::{CHILD, City, Engine, LIU, MARKET, TAX, ZHOU};
use usecases::Error;
use usecases::record::Change;

#[rstest]
#[tokio::test]
async fn i01_no_record_without_item_agency_and_document(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let row = city.row(LIU, "2026-07-03", "2026-07-06");
    let unknown = city.sends(&city.clerk(MARKET), "NP99", std::slice::from_ref(&row)).await;
    assert!(matches!(unknown, Err(Error::Item)), "no item in force");
    let foreign = city.sends(&city.clerk(TAX), "NP04-MR", std::slice::from_ref(&row)).await;
    assert!(matches!(foreign, Err(Error::Denied(_))), "not this body's item");
    let office =
        city.sends(&city.staff(Role::OfficeLead), "NP04-MR", std::slice::from_ref(&row)).await;
    assert!(matches!(office, Err(Error::Denied(_))), "not in the office's name");

    let no_document = row.replace("示市监罚字〔2026〕1号", "");
    let no_basis = row.replace("食品安全法第一百二十二条", "有关规定");
    let not_effective = row.replace("2026-07-03", "2027-07-03");
    let rows = [no_document, no_basis, not_effective];
    let batch = city.sends(&city.clerk(MARKET), "NP04-MR", &rows).await.unwrap();
    assert_eq!((batch.counts.accepted, batch.counts.rejected), (0, 3));
}

#[rstest]
#[tokio::test]
async fn i02_no_score_exists_anywhere(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    let schema = city.cx.store.schema().await.unwrap().to_lowercase();
    let fields: Vec<_> = register::Field::ALL.iter().map(|field| field.code()).collect();
    for word in ["score", "rank", "rating", "grade", "points", "profile"] {
        assert!(!schema.contains(word), "{word} in the schema");
        assert!(!fields.iter().any(|field| field.contains(word)), "{word} in the fields");
    }
}

#[rstest]
#[tokio::test]
async fn i03_nobody_is_surprised(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    let row = city.row(LIU, "2026-11-09", "");
    city.sends(&city.clerk(MARKET), "NP04-MR", &[row]).await.unwrap();
    city.stands_on("2026-12-14");
    assert_eq!(city.sees(LIU).await, 0, "not told: waits, however long");

    let person = city.opens_account(LIU).await;
    assert_eq!(usecases::my::notices(&city.cx, &person).await.unwrap().len(), 1);
    let file = usecases::my::file(&city.cx, &person).await.unwrap();
    assert!(matches!(file.facts().records[0].standing, Standing::Quiet { .. }));
    city.stands_on("2026-12-21");
    assert_eq!(city.sees(LIU).await, 0, "the fifth working day still belongs to the person");
    city.stands_on("2026-12-22");
    assert_eq!(city.sees(LIU).await, 1);
}

#[rstest]
#[tokio::test]
async fn i04_nothing_is_shown_outside_its_period(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    let row = city.row(LIU, "2026-07-03", "2026-07-06");
    city.sends(&city.clerk(MARKET), "NP04-MR", &[row]).await.unwrap();
    assert_eq!(city.sees(LIU).await, 1);
    city.stands_on("2027-07-02");
    assert_eq!(city.sees(LIU).await, 1, "the last day");
    city.stands_on("2027-07-03");
    assert_eq!(city.sees(LIU).await, 0, "gone by itself, no job ran");
    let old = city.row(ZHOU, "2025-07-03", "2025-07-06");
    let batch = city.sends(&city.clerk(MARKET), "NP04-MR", &[old]).await.unwrap();
    assert_eq!(batch.counts.rejected, 1, "what is over does not even enter");
}

#[rstest]
#[tokio::test]
async fn i05_a_contested_record_is_marked_at_once(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    let row = city.row(LIU, "2026-07-03", "2026-07-06");
    city.sends(&city.clerk(MARKET), "NP04-MR", &[row]).await.unwrap();
    let person = city.opens_account(LIU).await;
    let file = usecases::my::file(&city.cx, &person).await.unwrap();
    let record = file.facts().records[0].record.id;
    let (office, who) = (city.staff(Role::OfficeClerk), person.person.unwrap());
    for is_new in [true, false] {
        let done = usecases::record::change(&city.cx, &office, who, record, Change::Contest).await;
        assert_eq!(done.unwrap(), is_new, "twice is once");
    }

    let ask = city.ask(LIU, "food-licence-review");
    let seen = usecases::check::one(&city.cx, &city.clerk(MARKET), &ask).await.unwrap();
    assert!(seen.facts()[0].is_contested);
    let file = usecases::my::file(&city.cx, &person).await.unwrap();
    assert!(file.facts().records[0].history.is_contested);
}

#[rstest]
#[tokio::test]
async fn i06_no_answer_without_a_durable_entry(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    let row = city.row(LIU, "2026-07-03", "2026-07-06");
    city.sends(&city.clerk(MARKET), "NP04-MR", &[row]).await.unwrap();
    let ask = city.ask(LIU, "food-licence-review");
    let seen = usecases::check::one(&city.cx, &city.clerk(MARKET), &ask).await.unwrap();
    let at = seen.position().seq;
    let entries = store::access_entry::from(city.cx.store.read(), "main", at, 1).await.unwrap();
    assert_eq!(entries[0].purpose.as_deref(), Some("food-licence-review"));

    city.loses_its_log();
    tokio::task::yield_now().await;
    let refused = usecases::check::one(&city.cx, &city.clerk(MARKET), &ask).await;
    assert!(matches!(refused, Err(Error::Log)), "{refused:?}");
}

#[rstest]
#[case("DELETE FROM access_entry WHERE seq = 3", 3)]
#[case("UPDATE access_entry SET purpose = 'other' WHERE seq = 2", 2)]
#[case("UPDATE access_entry SET agency = 'other' WHERE seq = 4", 4)]
#[case("UPDATE access_entry SET seq = 99 WHERE seq = 1", 1)]
#[case("DELETE FROM log_leaf WHERE seq = 2", 2)]
#[case("UPDATE log_leaf SET hash = seal WHERE seq = 0", 0)]
#[case("DELETE FROM log_leaf WHERE seq = 5; DELETE FROM access_entry WHERE seq = 5", 5)]
#[case("UPDATE log_head SET root = signature WHERE size = 3", 2)]
#[case("DELETE FROM log_head WHERE size = 6", 5)]
#[case("DELETE FROM log_head", 0)]
#[tokio::test]
async fn i07_whatever_is_touched_is_found_at_its_first_position(
    #[values(Sqlite, Postgres)] engine: Engine,
    #[case] tampering: &str,
    #[case] position: u64,
) {
    let city = City::on(engine).await;
    for _ in 0..6 {
        city.sees(LIU).await;
    }
    let auditor = city.staff(Role::Auditor);
    let sound = usecases::log::verify(&city.cx, &auditor, 0, None, |_, _| {}).await.unwrap();
    assert_eq!((sound.size, sound.fault), (6, None));
    // The root column of a head takes 32 bytes only; a longer one is a row that cannot be true.
    let sql =
        tampering.replace("root = signature", "root = (SELECT hash FROM log_leaf WHERE seq = 0)");
    for statement in sql.split(';') {
        assert!(city.tampers(statement).await > 0, "{statement}");
    }
    let found = usecases::log::verify(&city.cx, &auditor, 0, None, |_, _| {}).await.unwrap();
    assert_eq!(found.fault.map(|fault| fault.seq), Some(position));
}

/// Whoever can write to the database can cut the log off at its end so that what is left is sound in
/// itself: the frontier needs no key. An older database that is put back looks the same.
#[rstest]
#[tokio::test]
async fn i07_an_older_log_put_back_is_never_written_on(#[values(Sqlite, Postgres)] engine: Engine) {
    const TABLES: [&str; 5] = ["log_head", "log_leaf", "log_node", "log_state", "access_entry"];
    let city = City::on(engine).await;
    for day in 1..=4 {
        // The file is written at most once a second.
        city.stands_on(&format!("2026-12-0{day}"));
        city.sees(LIU).await;
        if day == 2 {
            for table in TABLES {
                city.tampers(&format!("CREATE TABLE old_{table} AS SELECT * FROM {table}")).await;
            }
        }
    }
    let remembered = city.remembers(4).await;
    for table in TABLES {
        city.tampers(&format!("DELETE FROM {table}")).await;
        city.tampers(&format!("INSERT INTO {table} SELECT * FROM old_{table}")).await;
    }
    let auditor = city.staff(Role::Auditor);
    let sound = usecases::log::verify(&city.cx, &auditor, 0, None, |_, _| {}).await.unwrap();
    assert_eq!((sound.size, sound.fault), (2, None), "in itself the log is sound");

    let restarted = city.beside();
    let ask = city.ask(LIU, "licence-review");
    let refused = usecases::check::one(&restarted, &city.clerk(MARKET), &ask).await;
    assert!(matches!(refused, Err(Error::Log)), "{refused:?}");
    let fault = |found: usecases::log::Verified| found.fault.map(|fault| (fault.seq, fault.what));
    let found = usecases::log::verify(&city.cx, &auditor, 0, city.witnessed(), |_, _| {}).await;
    assert_eq!(
        fault(found.unwrap()),
        Some((2, "log was cut off: more was remembered outside")),
        "and still is: nothing was written over it"
    );

    // Of the same length, but not the same looks.
    std::fs::write(city.witness(), remembered.replace("main 4 ", "main 2 ")).unwrap();
    let refused = usecases::check::one(&city.beside(), &city.clerk(MARKET), &ask).await;
    assert!(matches!(refused, Err(Error::Log)), "{refused:?}");
    let found = usecases::log::verify(&city.cx, &auditor, 0, city.witnessed(), |_, _| {}).await;
    assert_eq!(fault(found.unwrap()), Some((1, "not the log that was remembered outside")));

    // An operator has looked, and put the file aside.
    std::fs::remove_file(city.witness()).unwrap();
    let look = usecases::check::one(&city.beside(), &city.clerk(MARKET), &ask).await.unwrap();
    assert_eq!(look.position().seq, 2);
}

#[rstest]
#[tokio::test]
async fn i09_nothing_about_children_and_sealed_kinds_is_kept(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let child = city.row(CHILD, "2026-07-03", "2026-07-06");
    let police =
        city.row(LIU, "2026-07-03", "2026-07-06").replace("示市监罚字", "示公（治）行罚决字");
    let clerk = city.clerk(MARKET);
    let batch = city.sends(&clerk, "NP04-MR", &[child, police]).await.unwrap();
    assert_eq!((batch.counts.accepted, batch.counts.rejected), (0, 2));
    let (_, reasons) =
        usecases::batch::rejections(&city.cx, &clerk, batch.id, 0, 10).await.unwrap();
    let codes: Vec<_> = reasons.iter().map(|reason| reason.code.as_str()).collect();
    assert_eq!(codes, ["under-age", "sealed-public-security"]);
    let (mut rows, _) =
        usecases::batch::returned(&city.cx, &clerk, batch.id).await.unwrap().into_parts();
    let mut given_back = String::new();
    rows.read_to_string(&mut given_back).unwrap();
    assert!(given_back.contains("治安管理处罚法"), "the reason is told");
    for secret in [CHILD.0, CHILD.1, LIU.0, LIU.1, "无照经营"] {
        assert!(!given_back.contains(secret), "{secret}");
    }
    assert!(!city.cx.files.upload(batch.id).exists(), "the upload is gone");
}

#[rstest]
#[tokio::test]
async fn i10_what_the_item_does_not_allow_cannot_be_stored(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let row = city
        .row(LIU, "2026-07-03", "2026-07-06")
        .replace("经查属实。", "当事人（999901198512310029，电话13800001111）经查属实。");
    let file = format!("{},宗教信仰,备注\n{row},某教,秘密\n", testkit::HEADER);
    let clerk = city.clerk(MARKET);
    let batch = city.sends_file(&clerk, "NP04-MR", file.as_bytes()).await.unwrap();
    assert_eq!(batch.counts.accepted, 1);
    let person = city.opens_account(LIU).await;
    let mine = usecases::my::file(&city.cx, &person).await.unwrap();
    let content = &mine.facts().records[0].record.content;
    let said: Vec<_> = content.iter().filter_map(|(field, _)| content.text(field)).collect();
    let content = said.join("\n");
    assert!(content.contains("经查属实"), "{content}");
    for forbidden in ["某教", "秘密", "999901198512310029", "13800001111"] {
        assert!(!content.contains(forbidden), "{forbidden}");
    }
    let item = city.cx.rules.item("NP04-MR").unwrap();
    for (field, _) in mine.facts().records[0].record.content.iter() {
        assert!(item.fields.iter().any(|allowed| allowed == field.code()));
    }
}

#[rstest]
#[tokio::test]
async fn i14_names_and_numbers_are_unreadable_on_the_disk(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let clerk = city.clerk(MARKET);
    let good = city.row(LIU, "2026-07-03", "2026-07-06");
    let bad = city.row(ZHOU, "2026-02-30", "2026-07-06");
    let batch = city.sends(&clerk, "NP04-MR", &[good, bad]).await.unwrap();
    assert_eq!((batch.counts.accepted, batch.counts.rejected), (1, 1));
    let person = city.opens_account(LIU).await;
    assert_eq!(city.sees(LIU).await, 1);
    usecases::my::file(&city.cx, &person).await.unwrap();
    // A second upload that is still waiting to be read.
    let waiting = format!("{}\n{}\n", testkit::HEADER, city.row(ZHOU, "2026-07-03", ""));
    city.begins(&clerk, "NP04-MR", waiting.as_bytes()).await.unwrap();

    let mut files = city.all_bytes();
    files.extend(city.all_rows().await);
    assert!(files.iter().any(|(path, _)| path.extension().is_some_and(|e| e == "returned")));
    assert!(files.iter().any(|(path, _)| path.extension().is_some_and(|e| e == "upload")));
    for planted in [LIU.0, LIU.1, ZHOU.0, ZHOU.1, "示市监罚字〔2026〕1号"] {
        // An engine that prints its rows prints bytes as hexadecimal digits.
        for form in [planted.to_owned(), hex::encode(planted)] {
            for (path, bytes) in &files {
                let found = bytes.windows(form.len()).any(|part| part == form.as_bytes());
                assert!(!found, "{form} in {}", path.display());
            }
        }
    }
}
